"""The links from a page to the same page: in every language, and as PDF.

``sidebar/languages.html`` and ``sidebar/pdf.html`` show them, and ``switch.js``
makes them keep the place that is read.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from policy_site.base import languages
from policy_site.text import policies
from policy_site.versions.pages import VersionPage


def language_links(
    app: Sphinx, pagename: str, versions: VersionPage | None = None
) -> list[dict[str, Any]]:
    """Return what the switch shows of each language.

    A page that is no document of the sources, nor the search, leads to the front page;
    one of *versions* that a language does not have leads to the policy, if it is there.
    """
    shared = pagename in app.env.found_docs or pagename == "search"
    up = "../" * pagename.count("/")

    def uri(language: str) -> str:
        page = pagename if shared else app.config.root_doc
        if versions and language in versions.languages:
            page = pagename
        elif versions and versions.policy in app.config.policies:
            page = versions.policy
        uri = languages.page_uri(app.config, language, page)
        return uri if uri.startswith("/") else up + uri

    return [
        {
            "code": languages.tag(language),
            "name": languages.native_name(language),
            "uri": uri(language),
            "current": language == app.config.language,
        }
        for language in app.config.languages
    ]


def add_links(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the templates the links of a page."""
    context["read_the_docs"] = app.config.read_the_docs
    versions = context.get("version_page")
    context["language_links"] = language_links(app, pagename, versions)
    if versions and versions.version:
        context["pdf_uri"] = f"{versions.version.day}.pdf"
    if pagename in app.config.policies:
        context["pdf_uri"] = policies.make_pdf_uri(
            app.config, pagename, app.config.language
        )


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.text.policies")
    app.connect("html-page-context", add_links)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
