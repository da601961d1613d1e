// Marks the words that were searched for on a page that the search led to. Sphinx's own
// script overlooks words that a <wbr> parts, and the link with which it hides its marks
// runs a script of a kind that the pages' security policy refuses.
"use strict";

(() => {
  const url = new URL(location);
  const words = (url.searchParams.get("highlight") ?? "").match(/\S+/g);
  if (!words || !CSS.highlights) return;
  url.searchParams.delete("highlight");
  history.replaceState(null, "", url);

  // The text of the page in one piece, and where in it each node starts.
  const walker = document.createTreeWalker(
    document.querySelector("article"),
    NodeFilter.SHOW_TEXT,
  );
  const texts = [];
  let whole = "";
  while (walker.nextNode()) {
    texts.push({ node: walker.currentNode, start: whole.length });
    whole += walker.currentNode.data;
  }
  const setEdge = (method, position) => {
    const { node, start } = texts.findLast(({ start }) => start <= position);
    method(node, position - start);
  };

  const literal = (word) => word.replace(/[\^$\\.*+?()[\]{}|]/g, "\\$&");
  const longestFirst = words.sort((one, other) => other.length - one.length);
  const anyWord = new RegExp(longestFirst.map(literal).join("|"), "giu");
  const marks = new Highlight();
  for (const match of whole.matchAll(anyWord)) {
    const range = new Range();
    const end = match.index + match[0].length;
    setEdge(range.setStart.bind(range), match.index);
    // Of the last letter: the next node would start where the word ends.
    setEdge((node, offset) => range.setEnd(node, offset + 1), end - 1);
    marks.add(range);
  }
  CSS.highlights.set("searched", marks);

  const button = document.createElement("button");
  button.className = "hide-matches";
  button.textContent = _("Hide Search Matches");
  const hide = () => {
    CSS.highlights.delete("searched");
    button.remove();
  };
  button.addEventListener("click", hide);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.getElementById("searchbox").append(button);
})();
