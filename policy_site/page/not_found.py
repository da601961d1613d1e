"""The page for an address where there is none: ``404.html``, in each language.

A host shows it at the address that was asked for, at any depth, so all its links
start at the root of the host. sphinx-notfound-page does that for the links of the
theme, not for those of our own templates, such as the language switch.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from sphinx.application import Sphinx
from sphinx.locale import _

from policy_site.base import languages


def texts() -> dict[str, str]:
    """Return the title of the page and what it says, in the language that is built."""
    return {
        "title": _("Page not found"),
        "text": _(
            "There is no page at this address. The page may have moved, or the address "
            "may be mistyped."
        ),
    }


def make_absolute(html: str, address: str) -> str:
    """Return *html* with the links that start at *address* starting at the root."""
    return re.sub(
        r'(?<=\s)(href|src|action)="(?!#)([^"]+)"',
        lambda match: f'{match[1]}="{urljoin(address, match[2])}"',
        html,
    )


def add_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Ask for the page. ``_templates/404.html`` says what is on it."""
    language = app.config.language
    # The language's folder: at the root of the host unless another place is known.
    folder = urlsplit(app.config.html_baseurl).path or f"/{languages.slug(language)}/"
    address = urljoin(folder, languages.page_uri(app.config, language, "404"))
    context = {
        **texts(),
        "make_absolute": lambda html: make_absolute(html, address),
        # Search engines leave it out, and it has no address of its own.
        "metatags": '<meta name="robots" content="noindex">',
        "pageurl": None,
    }
    yield "404", context, "404.html"


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.base.settings")
    app.connect("html-collect-pages", add_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
