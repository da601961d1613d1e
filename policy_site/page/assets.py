"""Pages load no style sheet or script that nothing on them needs.

The policies have no source code, nor any of the extensions that Furo has styles for;
``highlight.js`` is in the place of Sphinx's script.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from policy_site.base import order

UNUSED = {
    "_static/pygments.css",
    "_static/styles/furo-extensions.css",
    "_static/sphinx_highlight.js",
}


def drop_unused(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Take the files that no page needs out of what a page loads."""
    for kind in ("css_files", "script_files"):
        context[kind] = [
            file for file in context[kind] if str(file.filename) not in UNUSED
        ]


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", drop_unused, priority=order.AFTER_FURO)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
