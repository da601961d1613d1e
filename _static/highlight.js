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

  // The text of the page in one piece, and where in it each node starts. It is folded
  // as the search page folds what is typed, letter by letter with the marks on it, and
  // `origins` says where each of its letters was: ① becomes 1, and ㈱ becomes (株).
  const walker = document.createTreeWalker(
    document.querySelector("article"),
    NodeFilter.SHOW_TEXT,
  );
  const texts = [];
  let written = "";
  while (walker.nextNode()) {
    texts.push({ node: walker.currentNode, start: written.length });
    written += walker.currentNode.data;
  }
  let whole = "";
  const origins = [];
  for (const { 0: letter, index } of written.matchAll(/[^][\p{M}\uff9e\uff9f]*/gu)) {
    const folded = /[\p{L}\p{N}]/u.test(letter) ? letter.normalize("NFKC") : letter;
    for (let unit = 0; unit < folded.length; unit++) {
      origins.push(folded.length === letter.length ? index + unit : index);
    }
    whole += folded;
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
    setEdge(range.setStart.bind(range), origins[match.index]);
    // Of the last letter: the next node would start where the word ends.
    const last = origins[end - 1];
    const [letter] = written.slice(last).match(/^[^][\p{M}\uff9e\uff9f]*/u);
    setEdge((node, offset) => {
      range.setEnd(node, Math.min(offset + letter.length, node.length));
    }, last);
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
