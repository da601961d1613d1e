"""What search engines and other sites learn from a page, in its language.

``head.html`` writes it: a description, the page in the other languages, and the
card that is shown where a link to the page is shared (https://ogp.me).
"""

from urllib.parse import urljoin

from babel.core import get_global
from sphinx.locale import _

import languages
import policies


def territory_locale(language):
    """Return *language* with its main country, as Open Graph wants it: ja_JP."""
    locale = languages.locale(language)
    likely = get_global("likely_subtags").get(str(locale), str(locale))
    return f"{locale.language}_{locale.territory or likely.split('_')[-1]}"


def describe(app, pagename, doctree):
    """Return the description of a page; none for one that is not to be found."""
    if pagename == app.config.root_doc:
        return _("The policies of %(company)s, as pages and as PDF.") % {
            "company": app.config.author
        }
    return doctree and policies.text_of(doctree, "description")


def alternates(app, pagename, url):
    """Return (language, address) of the page in every language, English for others.

    Read the Docs says by itself where its languages are.
    """
    if not url or app.config.read_the_docs or pagename not in app.env.found_docs:
        return []
    links = [
        (language, urljoin(url, languages.page_uri(app.config, language, pagename)))
        for language in app.config.languages
    ]
    return [*links, ("x-default", dict(links)["en"])]


def add_head(app, pagename, templatename, context, doctree):
    language = app.config.language
    context["description"] = describe(app, pagename, doctree)
    context["alternates"] = alternates(app, pagename, context["pageurl"])
    context["og_locale"] = territory_locale(language)
    context["og_other_locales"] = [
        territory_locale(other) for other in app.config.languages if other != language
    ]


def setup(app):
    app.connect("html-page-context", add_head)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
