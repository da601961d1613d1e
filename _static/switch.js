// The language switch keeps the place that is read, and finds the other languages on
// Read the Docs. Without this script its links lead to the start of the same page.
"use strict";

(() => {
  const links = document.querySelectorAll(".languages a");

  // Where reading starts: below the header, which only narrow windows show.
  const top = () => document.querySelector("header").offsetHeight;

  // A section, or a change that is shown side by side.
  const SECTION = "article :is(section, .old-new tr)[id]";

  // Returns the section that a fragment leads to, or into; none for any other part of
  // the page. An older name of a section stands inside of it.
  const sectionOf = (id) => document.getElementById(id)?.closest(SECTION);

  // Returns #SECTION@PART: the section that is read, and which part of it is past.
  // A fragment needs no storage; parts of a section fit every language's length.
  const place = () => {
    const line = top();
    const past = (section) => section.getBoundingClientRect().top < line + 1;
    const wanted = sectionOf(location.hash.slice(1));
    const seen =
      wanted && !past(wanted) && wanted.getBoundingClientRect().top < innerHeight;
    const sections = [...document.querySelectorAll(SECTION)];
    const section = seen ? wanted : sections.findLast(past);
    if (!section || (!scrollY && !wanted)) return "";
    const box = section.getBoundingClientRect();
    return `#${section.id}@${((line - box.top) / box.height).toFixed(4)}`;
  };

  const aim = (event) => {
    event.currentTarget.search = location.search;
    event.currentTarget.hash = place();
  };
  for (const link of links) {
    // Before the menu of a right click, too.
    link.addEventListener("pointerdown", aim);
    link.addEventListener("click", aim);
  }

  const [id, part] = location.hash.slice(1).split("@");
  const section = sectionOf(id);
  if (section && part) {
    const box = section.getBoundingClientRect();
    const y = scrollY + box.top + part * box.height - top();
    scrollTo({ top: y, behavior: "instant" });
    // Not before the browser has looked for the fragment: it would scroll to it.
    const tidy = () => history.replaceState(null, "", `#${id}`);
    addEventListener("pageshow", tidy, { once: true });
  }

  // https://docs.readthedocs.com/platform/stable/addons.html
  document.addEventListener("readthedocs-addons-data-ready", (event) => {
    const { projects } = event.detail.data();
    for (const { language, urls } of projects.translations) {
      for (const link of links) {
        if (link.hreflang.toLowerCase() !== language.code.toLowerCase()) continue;
        const page = link.pathname.split("/").slice(3).join("/");
        link.href = new URL(page, urls.documentation);
        link.parentElement.hidden = false;
      }
    }
  });
})();
