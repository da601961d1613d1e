"""What is not translated: marked in the page, listed, and refused in a release.

This looks at the doctree after Sphinx has translated it, not at the catalog: Sphinx
passes over a msgstr that it cannot place. Whatever text of a page does not come from a
translation in the end is missing.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import polib
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util.nodes import extract_messages

from policy_site.base import locale_tree, order
from policy_site.base.errors import UserError
from policy_site.translation import catalogs, glossary, ui_strings
from policy_site.translation.remarks import say


def is_source(app: Sphinx) -> bool:
    """Return whether what is built is the English text itself."""
    return app.config.language == "en" or app.builder.name == "gettext"


def catalog_path(app: Sphinx, domain: str) -> Path:
    """Return the path of the catalog *domain* of the language that is built."""
    folder = locale_tree.catalog_folder(Path(app.confdir), app.config.language)
    return folder / f"{domain}.po"


def catalog(app: Sphinx, domain: str) -> dict[str, polib.POEntry]:
    """Return the entries of the catalog *domain* that are in use, by msgid."""
    path = catalog_path(app, domain)
    entries = catalogs.read(path) if path.is_file() else []
    return {entry.msgid: entry for entry in entries if not entry.obsolete}


def is_front_matter(node: nodes.Element) -> bool:
    """Return whether *node* is in the field list that MyST makes of front matter."""
    while node.parent and not isinstance(node.parent, nodes.document):
        node = node.parent
    is_first = bool(node.parent) and node is node.parent[0]
    return is_first and isinstance(node, nodes.field_list)


# What needs no translation: code, and what pages do not show.
SAME = (
    *(nodes.literal, nodes.literal_block, nodes.raw),
    *(nodes.Invisible, nodes.system_message),
)


class MarkFallbacks(SphinxTransform):
    """Mark each text that stays English, in its own language for screen readers.

    https://www.w3.org/WAI/WCAG22/Understanding/language-of-parts
    """

    default_priority = order.FALLBACKS

    def apply(self, **kwargs: Any) -> None:
        if is_source(self.app):
            return
        docname = self.env.current_document.docname
        missing: list[str] = []
        vars(self.env)["untranslated"][docname] = missing
        for node, msgid in list(extract_messages(self.document)):
            if not self.is_done(node, msgid):
                missing.append(msgid)
                if isinstance(node, nodes.TextElement):
                    entry = self.known.get(msgid)
                    self.mark(node, entry.msgstr if entry else "")
                else:
                    # The list of policies shows the caption of a toctree.
                    node["classes"].append("untranslated")
        missing += [
            words
            for image in self.document.findall(nodes.image)
            if (words := self.missing_words(image)) is not None
        ]
        for node in self.unreached():
            missing.append(node.astext())
            self.mark(node, "")

    def missing_words(self, image: nodes.image) -> str | None:
        """Return the words of *image* that are not translated, or None."""
        if "words" not in image:
            # Its words are part of a translated paragraph, and may have been left out.
            return None if image.get("alt") else f"words for {image['uri']}"
        entry = self.known.get(image["words"])
        return None if entry and entry.translated() else image["words"]

    def unreached(self) -> list[nodes.Element]:
        """Return the elements with a text of their own that no translation gave."""
        return list(
            dict.fromkeys(
                text.parent
                for text in self.document.findall(nodes.Text)
                if re.search(r"[^\W\d_]", text) and not self.is_reached(text.parent)
            )
        )

    def is_reached(self, node: nodes.Element) -> bool:
        """Return whether the text in *node* is translated, marked, or needs neither."""
        if is_front_matter(node):
            return True
        while node is not self.document:
            if node.get("translated") or "untranslated" in node["classes"]:
                return True
            if isinstance(node, SAME):
                return True
            node = node.parent
        return False

    @cached_property
    def known(self) -> dict[str, polib.POEntry]:
        """The catalog of the document, which most documents need not read."""
        return catalog(self.app, self.env.current_document.docname)

    def is_done(self, node: nodes.Element, msgid: str) -> bool:
        """Return whether *node*, with the text *msgid*, is translated."""
        if node.get("translated"):
            return True
        if isinstance(node, nodes.TextElement):
            return is_front_matter(node)
        if isinstance(node, nodes.image):
            return True
        # Sphinx does not mark the caption of a toctree as translated.
        entry = self.known.get(msgid)
        return entry is not None and entry.translated()

    def mark(self, node: nodes.Element, proposal: str) -> None:
        """Mark the text of *node* as English. *proposal* is a fuzzy msgstr, or ""."""
        text = nodes.inline("", "", classes=["untranslated", "language-en"])
        text += node.children
        node.children = []
        node += text
        if proposal and self.config.show_proposals:
            node += nodes.inline("", f" [fuzzy: {proposal}]", classes=["proposal"])


# The environment keeps, in ``untranslated``, the msgids that each document lacks.


def prepare(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    vars(env).setdefault("untranslated", {})


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    vars(env).get("untranslated", {}).pop(docname, None)


def merge(
    app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment
) -> None:
    for docname in docnames:
        found = vars(other)["untranslated"].get(docname, [])
        vars(env)["untranslated"][docname] = found


def not_in_catalog(app: Sphinx) -> list[str]:
    """Return the strings of the theme that ``sphinx.po`` does not have at all."""
    # With a plural, a message is found by its singular.
    wanted = [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in ui_strings.template(app)
        if message.id
    ]
    known = catalog(app, "sphinx")
    return [msgid for msgid in wanted if msgid not in known]


def missing_messages(
    app: Sphinx, env: BuildEnvironment
) -> Iterator[tuple[Path, int, str, str]]:
    """Yield (path, line, state, msgid) of each message that readers get in English."""
    texts = {
        name: msgids for name, msgids in vars(env)["untranslated"].items() if msgids
    }
    texts["sphinx"] = [
        msgid
        for msgid, entry in catalog(app, "sphinx").items()
        if not entry.translated()
    ]
    if app.config.release_build:
        # To extract the strings of the theme takes half a second: only in a release.
        texts["sphinx"] += not_in_catalog(app)
    for name, msgids in sorted(texts.items()):
        path = catalog_path(app, name)
        known = catalog(app, name)
        for msgid in msgids:
            entry = known.get(msgid)
            if entry is None:
                yield path, 1, "absent", msgid
            else:
                state = "fuzzy" if entry.fuzzy else "missing"
                yield path, catalogs.line_of_msgstr(path, entry), state, msgid


def report(app: Sphinx, env: BuildEnvironment) -> None:
    """List what is not done; raises UserError with the list in a release build."""
    if is_source(app):
        return
    lines = [catalogs.describe(*message) for message in missing_messages(app, env)]
    missing = len(lines)
    ui = catalog_path(app, "sphinx")
    terms = glossary.path_for(ui)
    if app.config.release_build and not terms.is_file():
        fault = say("there is no glossary, so no term was checked; write one", ui)
        lines.append(f"{terms}:1: {fault}")
    for path in catalogs.all_paths(app):
        lines += catalogs.open_in_catalog(path)
    if lines and app.config.release_build:
        raise UserError(
            f"{app.config.language} is not completely translated or reviewed:\n"
            + "\n".join(lines)
        )
    if lines:
        # Printed, as a warning would stop the build, and --quiet hides a status.
        print("\n".join(lines))
    if missing:
        total = say("%(number)s messages are not translated", ui, number=missing)
        print(f"{app.config.language}: {total}")


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.translation.catalogs")
    app.add_transform(MarkFallbacks)
    app.connect("env-before-read-docs", prepare)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    # Before Sphinx saves the environment, so that a refused build starts anew.
    app.connect("env-updated", report)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
