"""Search: every section that contains what the reader typed, and nothing else.

Sphinx's index holds the words of pages: it knows no sections, and Japanese has no
spaces that would tell the browser where words end. The policies are short, so the
search page carries their text instead, section by section, and ``_static/search.js``
looks in it for what was typed. That needs no guess at words, and works from the file
system, too, where no page can be fetched for an excerpt.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from jinja2.utils import htmlsafe_json_dumps
from sphinx.application import Sphinx

from policy_site.text import policies


def fold(text: str) -> str:
    """Return *text* on one line, with letters and digits of one width.

    Punctuation stays as it is, for the excerpt; search.js does the same to the query.
    """
    text = " ".join(text.split())
    return re.sub(r"\w+", lambda run: unicodedata.normalize("NFKC", run[0]), text)


def own_text(*parents: nodes.Element) -> str:
    """Return the text in *parents* without titles and the sections inside."""
    apart = (nodes.title, nodes.section, nodes.Invisible)
    own = [node for parent in parents for node in parent if not isinstance(node, apart)]
    return fold("\n".join(node.astext() for node in own))


def sections(doctree: nodes.document, uri: str) -> Iterator[dict[str, str]]:
    """Yield the address, title and text of each section of the page at *uri*.

    The heading is the title as it is written.
    The first stands for the page: without an anchor, with all that is in no section.
    """
    for number, section in enumerate(doctree.findall(nodes.section)):
        title = next(section.findall(nodes.title)).astext()
        yield {
            "uri": f"{uri}#{section['ids'][0]}" if number else uri,
            "heading": title,
            "title": fold(title),
            "text": own_text(section) if number else own_text(doctree, section),
        }


def path_of(app: Sphinx, docname: str) -> Path:
    """Return the path of the text of a page, kept for when others are written."""
    return Path(app.doctreedir, f"{docname}.search")


def add_pages(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give ``_templates/search.html`` the text of all pages, as JSON."""
    if doctree and pagename in app.env.found_docs:
        uri = app.builder.get_relative_uri("search", pagename)
        data = htmlsafe_json_dumps(
            list(sections(doctree, uri)), ensure_ascii=False, separators=(",", ":")
        )
        path_of(app, pagename).write_text(data, encoding="utf-8")
    elif pagename == "search":
        docnames = [app.config.root_doc, *policies.in_order(app.env)]
        paths = [path_of(app, docname) for docname in docnames]
        pages = ",".join(path.read_text(encoding="utf-8") for path in paths)
        context["search_pages"] = f"[{pages}]"


def leave_out(app: Sphinx, doctree: nodes.document) -> None:
    """Spare Sphinx the words of a page for its index, which nothing reads.

    https://www.sphinx-doc.org/en/master/usage/restructuredtext/field-lists.html
    """
    app.env.metadata[app.env.current_document.docname]["no-search"] = ""


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.text.policies")
    app.connect("doctree-read", leave_out)
    app.connect("html-page-context", add_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
