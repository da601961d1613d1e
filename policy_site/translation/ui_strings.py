"""The strings that are no document's: of the theme, the search page, these extensions.

``make gettext`` writes their template, ``sphinx.pot``, beside those of the
documents, so that a translator finds everything that a reader sees.
"""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import extract
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from sphinx.application import Sphinx

# What our pages show of the strings of Sphinx, its search page and Furo.
UPSTREAM_MESSAGES = [
    "Back to top",
    "Error",
    "Link to this heading",
    "On this page",
    "Please activate JavaScript to enable the search functionality.",
    "Search",
    "Skip to content",
    "Warning",
]


def write_template(app: Sphinx, exception: Exception | None) -> None:
    """Write ``sphinx.pot``, in place of Sphinx's, which has our templates alone."""
    if app.builder.name != "gettext" or exception:
        return
    with Path(app.outdir, "sphinx.pot").open("wb") as file:
        write_po(file, template(app), width=0)


def template(app: Sphinx) -> Catalog:
    """Return the strings, as the catalog that translators start from."""
    template = Catalog(project=app.config.project, charset="utf-8")
    # As Sphinx does: a template changes when a text does.
    template.creation_date = datetime.fromtimestamp(
        int(os.environ.get("SOURCE_DATE_EPOCH", time.time())), UTC
    )
    for folder, pattern, method in [
        ("policy_site", "**.py", "python"),
        ("_static", "**.js", "javascript"),
        ("_templates", "**.html", "jinja2"),
    ]:
        for *_origin, msgid, comments, _context in extract.extract_from_dir(
            Path(app.confdir, folder),
            [(pattern, method)],
            comment_tags=["Translators:"],
        ):
            template.add(msgid, auto_comments=comments)
    for msgid in UPSTREAM_MESSAGES:
        template.add(msgid)
    return template


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", write_template)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
