"""What a reviewer sees of a policy: each message as its readers get it, and its state.

The builder ``review`` writes it for one language, as ``messages.json``;
``tools/review.py`` puts two languages side by side. What reviewers answer stands in the
catalog, as comments ``# review: …``, until a translator has dealt with it and takes
them out.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from docutils import nodes
from markdown_it import MarkdownIt
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.locale import get_translation
from sphinx.transforms import SphinxTransform
from sphinx.util.nodes import extract_messages

from policy_site.base import order
from policy_site.text import policies
from policy_site.translation import completeness

_ = get_translation("sphinx")

FILE_NAME = "messages.json"
STATES = ["done", "fuzzy", "missing"]

# A part of a text, and how it looks: "strong", "em", "code", "link", "value".
Run = tuple[str, list[str]]
LOOKS: dict[type[nodes.Node], str] = {
    nodes.strong: "strong",
    nodes.emphasis: "em",
    nodes.literal: "code",
    nodes.reference: "link",
}


def msgstr_of(entry: polib.POEntry) -> str:
    """Return the translation of *entry*, each form of a plural in a line."""
    forms = [entry.msgstr, *entry.msgstr_plural.values()]
    return "\n".join(filter(None, forms))


class NoteMessages(SphinxTransform):
    """Note the msgids of each node before translations take their place."""

    default_priority = order.NOTE_MESSAGES

    def apply(self, **kwargs: Any) -> None:
        if self.app.builder.name != "review":
            return
        for number, (node, msgid) in enumerate(extract_messages(self.document)):
            if not completeness.is_front_matter(node):
                node["messages"] = [*node.get("messages", []), (number, msgid)]


def runs(node: nodes.Node, looks: tuple[str, ...] = ()) -> Iterator[Run]:
    """Yield the text of *node* in parts that look the same."""
    if isinstance(node, nodes.Text):
        yield node.astext(), list(looks)
        return
    if isinstance(node, nodes.raw):
        # MyST's line break; its twin for LaTeX says the same.
        if node["format"] == "html" and "<br" in node.astext():
            yield "\n", []
        return
    look = [LOOKS[type(node)]] if type(node) in LOOKS else []
    if isinstance(node, nodes.Element) and "value" in node:
        look = ["value"]
    if isinstance(node, nodes.image):
        yield node.get("alt", ""), [*looks, *look]
    for child in node.children:
        yield from runs(child, (*looks, *look))


# What markdown-it calls the looks.
TOKENS = {"strong": "strong", "em": "em", "link": "link"}


def runs_of_markup(text: str) -> Iterator[Run]:
    """Yield the parts of *text*, a msgstr that nobody has checked, as runs.

    It is not given to Sphinx: markdown-it alone finds bold and links in it, and knows
    neither HTML nor directives.
    """
    looks: list[str] = []
    for block in MarkdownIt("commonmark", {"html": False}).parseInline(text):
        for token in block.children or []:
            kind = token.type.removesuffix("_open").removesuffix("_close")
            if token.type == "code_inline":
                yield token.content, [*looks, "code"]
            elif token.nesting == 1:
                looks.append(TOKENS.get(kind, kind))
            elif token.nesting == -1:
                looks.pop()
            else:
                yield token.content or " ", list(looks)


class ReviewBuilder(Builder):
    """Writes all messages of all documents, in the order of their pages."""

    name = "review"
    allow_parallel = False

    def init(self) -> None:
        self.documents: dict[str, list[dict[str, Any]]] = {}

    def get_outdated_docs(self) -> list[str]:
        return sorted(self.env.found_docs)

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return f"{docname}.html"

    def prepare_writing(self, docnames: Any) -> None:
        pass

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        known = completeness.catalog(self.app, docname)
        untranslated = set(getattr(self.env, "untranslated", {}).get(docname, []))
        rows: list[dict[str, Any]] = []
        seen: set[int] = set()
        for node in doctree.findall(nodes.Element):
            messages: list[tuple[int, str]] = node.get("messages", [])
            for number, msgid in messages:
                # The front page shows some lines once for each policy.
                if number in seen:
                    continue
                seen.add(number)
                state = "done" if msgid not in untranslated else "missing"
                entry = known.get(msgid)
                if state == "missing" and entry and entry.msgstr:
                    state = "fuzzy"
                text = self.text(node, msgid, entry, state)
                rows.append({**place(node), **facts(entry, msgid, state), "text": text})
        # A browser shows the short title before the page.
        rows.sort(key=lambda row: row["kind"] != "front matter")
        self.documents[docname] = rows

    def text(
        self, node: nodes.Element, msgid: str, entry: polib.POEntry | None, state: str
    ) -> list[Run]:
        """Return what readers see of a message, or would see of a fuzzy one."""
        if completeness.is_source(self.app) or state == "done":
            if isinstance(node, nodes.TextElement):
                return list(runs(node))
            done = entry.msgstr if entry else msgid
            return [(done, [])]
        return list(runs_of_markup(entry.msgstr)) if entry else []

    def finish(self) -> None:
        """Write the file."""
        titles = {name: self.env.titles[name].astext() for name in self.documents}
        ui = completeness.catalog(self.app, "sphinx").values()
        pages = sorted(self.documents, key=lambda name: name == self.config.root_doc)
        data = {
            "labels": {key: str(label) for key, label in labels().items()},
            "titles": titles,
            "documents": {name: self.documents[name] for name in pages},
            "ui": [ui_row(entry) for entry in ui],
        }
        text = json.dumps(data, ensure_ascii=False, indent=1)
        Path(self.outdir, FILE_NAME).write_text(text, encoding="utf-8")


def place(node: nodes.Element) -> dict[str, Any]:
    """Return what kind of text *node* is, and the anchor of a heading."""
    if isinstance(node, nodes.title) and isinstance(node.parent, nodes.section):
        return {"kind": "heading", "anchor": node.parent["ids"][0]}
    is_hidden = isinstance(node, policies.front_matter)
    return {"kind": "front matter" if is_hidden else "text", "anchor": ""}


def facts(entry: polib.POEntry | None, msgid: str, state: str) -> dict[str, Any]:
    """Return what the catalog says of a message."""
    return {
        "msgid": msgid,
        "msgstr": msgstr_of(entry) if entry else "",
        "state": state,
        "notes": entry.tcomment if entry else "",
    }


def ui_row(entry: polib.POEntry) -> dict[str, Any]:
    """Return a string of the theme, in both languages."""
    state = "fuzzy" if entry.fuzzy else "done" if entry.translated() else "missing"
    english = [entry.msgid, *filter(None, [entry.msgid_plural])]
    return {
        **facts(entry, entry.msgid, state),
        "text": [(msgstr_of(entry), [])],
        "english": "\n".join(english),
        "kind": "text",
        "anchor": "",
    }


def labels() -> dict[str, str]:
    """Return the words around the table, in the language of the reviewer."""
    return {
        "review": _("Bilingual review"),
        "number": _("Row"),
        "state": _("State"),
        "notes": _("Notes"),
        "comment": _("Comment"),
        "who": _("Name"),
        "when": _("Date"),
        "done": _("translated"),
        "fuzzy": _("to be checked"),
        "missing": _("not translated"),
        "changed": _("changed since then"),
        "only changed": _("Show only what changed since the last published version"),
        "front matter": _("for browsers and search engines"),
        "ui": _("Buttons and notices"),
        "terms": _("A term of the glossary"),
        "value": _("A value that is filled in"),
        "added": _("added"),
        "removed": _("removed"),
    }


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.text.policies")
    app.setup_extension("policy_site.text.placeholders")
    app.setup_extension("policy_site.translation.completeness")
    app.add_transform(NoteMessages)
    app.add_builder(ReviewBuilder)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
