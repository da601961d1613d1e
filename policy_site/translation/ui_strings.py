"""The strings that are no document's: of the theme, the search page, these extensions.

``make gettext`` writes their template, ``sphinx.pot``, beside those of the
documents, so that a translator finds everything that a reader sees, and another one,
``remarks.pot``, of what is said to translators.
"""

import os
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages import extract
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from sphinx.application import Sphinx

from policy_site.base import locale_tree

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
    templates = {"sphinx": template(app), locale_tree.REMARKS: remarks(app)}
    for domain, strings in templates.items():
        with Path(app.outdir, f"{domain}.pot").open("wb") as file:
            write_po(file, strings, width=0)


def remarks(app: Sphinx) -> Catalog:
    """Return what is said to translators."""
    return template(app, dict.fromkeys(["say", "noted", "finding", "excusable"]), [])


def template(
    app: Sphinx,
    functions: Mapping[str, Any] = extract.DEFAULT_KEYWORDS,
    upstream: Iterable[str] = UPSTREAM_MESSAGES,
) -> Catalog:
    """Return the strings, as the catalog that translators start from.

    They are those that our code gives to *functions*, and those of *upstream*.
    """
    template = Catalog(project=app.config.project, charset="utf-8")
    # The date that Sphinx gives its templates: one changes only when a text does.
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
            keywords=functions,
            comment_tags=["Translators:"],
        ):
            template.add(msgid, auto_comments=comments)
    for msgid in upstream:
        template.add(msgid)
    return template


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", write_template)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
