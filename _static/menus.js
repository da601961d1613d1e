// The menu and the contents of narrow windows, as buttons for the keyboard and for
// screen readers. Without this script the boxes behind them do, less well.
"use strict";

for (const [toggleId, drawerClass] of [
  ["__navigation", "sidebar-drawer"],
  ["__toc", "toc-drawer"],
]) {
  const toggle = document.getElementById(toggleId);
  const drawer = document.querySelector(`.${drawerClass}`);
  const buttons = [...document.querySelectorAll(`label[for="${toggleId}"] .icon`)];
  const rest = [
    ...document.querySelectorAll(`
      .skip-to-content, .mobile-header > *, .article-container > *, footer,
      .page > aside, .main > aside`),
  ].filter((part) => part !== drawer && !buttons.some((one) => part.contains(one)));

  const show = (open) => {
    toggle.checked = open;
    for (const button of buttons) button.ariaExpanded = open;
    // What an open menu covers must not get the focus.
    for (const part of rest) part.inert = open;
    if (open) drawer.querySelector("a:not(.toc-tree > ul > li > a)").focus();
  };
  const seen = () => buttons.find((button) => button.checkVisibility());

  for (const button of buttons) {
    button.role = "button";
    button.tabIndex = 0;
    button.ariaLabel = toggle.ariaLabel;
    button.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      show(!toggle.checked);
    });
  }
  toggle.addEventListener("change", () => show(toggle.checked));
  drawer.addEventListener("click", (event) => {
    if (toggle.checked && event.target.closest("a")) show(false);
  });
  document.addEventListener("keydown", (event) => {
    if (!toggle.checked || event.key !== "Escape") return;
    show(false);
    seen()?.focus();
  });
  addEventListener("resize", () => {
    if (toggle.checked && !seen()) show(false);
  });
  // The browser may bring a box back as it was when the page was left.
  addEventListener("pageshow", () => show(false));
}
