"""What Sphinx, MyST and Furo do not do for a policy in several languages.

One extension for ``conf.py``, made of rooms on floors: a module imports only from its
own floor and from those below it, and sets up by itself what it needs.
"""

from importlib.util import find_spec

from sphinx.application import Sphinx

ROOMS = [
    "base.settings",
    "base.languages",
    "base.reproducible",
    "base.incremental",
    "text.placeholders",
    "text.contact",
    "text.policies",
    "text.clauses",
    "text.source_checks",
    "translation.catalogs",
    "translation.extraction",
    "translation.footnotes",
    "translation.completeness",
    "translation.review",
    "translation.ui_strings",
    "versions.freezing",
    "versions.gate",
    "versions.notice",
    "versions.pages",
    "page.assets",
    "page.csp",
    "page.head",
    "page.links",
    "page.menu",
    "page.not_found",
    "page.pdf",
    "page.phrases",
    "page.search",
    "page.site_data",
    "page.tagged_pdf",
]


def setup(app: Sphinx) -> dict[str, bool]:
    """Set up every room, in any order."""
    for room in ROOMS:
        app.setup_extension(f"{__name__}.{room}")
    # The folder that only makes builds faster may be deleted.
    if find_spec(f"{__name__}.fast"):
        app.setup_extension(f"{__name__}.fast")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
