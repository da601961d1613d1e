"""The menu shows the short ``title`` of a policy, not its long heading.

What is not translated in it is marked, as in the text.
"""

import re
from html import unescape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from policy_site.base import order
from policy_site.page import phrases
from policy_site.text import policies

CAPTION = re.compile(r'<span class="caption-text(?=">(.*?)</span>)')


def shorten(app: Sphinx, doctree: nodes.document) -> None:
    """Put the title of a policy, translated, where the menu takes its text from."""
    docname = app.env.current_document.docname
    if docname not in app.config.policies or app.builder.format != "html":
        return
    title = app.env.longtitles[docname].astext()
    words = phrases.broken(app.config, title)
    for text in doctree.findall(policies.front_matter):
        if text["key"] == "title" and "untranslated" in text["classes"]:
            classes = ["untranslated", "language-en"]
            words = [nodes.inline("", "", *words, classes=classes)]
    for link in list(app.env.tocs[docname].findall(nodes.reference))[:1]:
        link.children = []
        link += words


def mark_captions(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Mark the captions in the menu that are not translated."""
    missing = vars(app.env)["untranslated"].get(app.config.root_doc, [])

    def mark(caption: re.Match[str]) -> str:
        known = unescape(caption[1]) not in missing
        return caption[0] if known else f'{caption[0]} untranslated" lang="en'

    # Only Furo has this menu.
    tree = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = CAPTION.sub(mark, tree)


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.text.policies")
    app.setup_extension("policy_site.translation.completeness")
    app.connect("doctree-read", shorten)
    app.connect("html-page-context", mark_captions, priority=order.AFTER_FURO)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
