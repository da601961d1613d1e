"""Search: every section that contains what the reader typed, and nothing else.

Sphinx's index holds the words of pages: it knows no sections, and Japanese has no
spaces that would tell the browser where words end. The policies are short, so the
search page carries their text instead, section by section, and ``_static/search.js``
looks in it for what was typed. That needs no guess at words, and works from the file
system, too, where no page can be fetched for an excerpt.
"""

import json
import re
import unicodedata
from pathlib import Path

from docutils import nodes


def fold(text):
    """Return *text* on one line, with letters and digits of one width.

    Punctuation stays as it is, for the excerpt; search.js does the same to the query.
    """
    text = " ".join(text.split())
    return re.sub(r"\w+", lambda run: unicodedata.normalize("NFKC", run[0]), text)


def own_text(*parents):
    """Return the text in *parents* without titles and the sections inside."""
    apart = (nodes.title, nodes.section, nodes.Invisible)
    own = [node for parent in parents for node in parent if not isinstance(node, apart)]
    return fold("\n".join(node.astext() for node in own))


def sections(doctree, uri):
    """Yield the address, title and text of each section of the page at *uri*.

    The first stands for the page: without an anchor, with all that is in no section.
    """
    for number, section in enumerate(doctree.findall(nodes.section)):
        yield {
            "uri": f"{uri}#{section['ids'][0]}" if number else uri,
            "title": fold(section.next_node(nodes.title).astext()),
            "text": own_text(section) if number else own_text(doctree, section),
        }


def path_of(app, docname):
    """Return the path of the text of a page, kept for when others are written."""
    return Path(app.doctreedir, f"{docname}.search")


def add_pages(app, pagename, templatename, context, doctree):
    """Give ``_templates/search.html`` the text of all pages, as JSON."""
    if pagename in app.env.found_docs:
        uri = app.builder.get_relative_uri("search", pagename)
        data = list(sections(doctree, uri))
        data = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        # A text that holds </script> would end the element that holds the texts.
        data = data.replace("<", "\\u003c")
        path_of(app, pagename).write_text(data, encoding="utf-8")
    elif pagename == "search":
        paths = [path_of(app, docname) for docname in sorted(app.env.found_docs)]
        pages = ",".join(path.read_text(encoding="utf-8") for path in paths)
        context["search_pages"] = f"[{pages}]"


def leave_out(app, doctree):
    """Spare Sphinx the words of a page for its index, which nothing reads.

    https://www.sphinx-doc.org/en/master/usage/restructuredtext/field-lists.html
    """
    app.env.metadata[app.env.docname]["no-search"] = ""


def setup(app):
    app.connect("doctree-read", leave_out)
    app.connect("html-page-context", add_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
