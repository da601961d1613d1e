"""What search engines and other sites learn from a page, in its language.

``head.html`` writes it: a description, the page in the other languages, the card that
is shown where a link to the page is shared (https://ogp.me), and who publishes the page
and since when it holds, as data (https://schema.org, https://www.w3.org/TR/json-ld11/).
"""

import re
from datetime import date
from functools import partial
from html import unescape
from typing import Any
from urllib.parse import urljoin

import phonenumbers
from docutils import nodes
from jinja2.utils import htmlsafe_json_dumps
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.locale import _

from policy_site.base import languages
from policy_site.text import contact, policies
from policy_site.versions import archive
from policy_site.versions.archive import Version
from policy_site.versions.pages import VersionPage


def territory_locale(language: str) -> str:
    """Return *language* with its main country, as Open Graph wants it: ja_JP."""
    code, _script, territory, *_ = languages.maximized(language)
    return f"{code}_{territory}" if territory else str(code)


def describe(app: Sphinx, pagename: str, doctree: nodes.document | None) -> str | None:
    """Return the description of a page; none for one that is not to be found."""
    if pagename == app.config.root_doc:
        return _("The policies of %(company)s, as pages and as PDF.") % {
            "company": app.config.author
        }
    return policies.text_of(doctree, "description") if doctree else None


def without_index(address: str) -> str:
    """Return the address of a front page as that of its folder.

    It is right on every host; some redirect from ``index.html`` to it.
    """
    return re.sub(r"(?<=/)index\.html$", "", address)


def alternates(
    app: Sphinx, pagename: str, url: str, versions: VersionPage | None = None
) -> list[tuple[str, str]]:
    """Return (language, address) of the page in every language, English for others.

    Read the Docs says by itself where its languages are.
    """
    is_listed = pagename in app.env.found_docs or (versions and versions.is_listed)
    if not url or app.config.read_the_docs or not is_listed:
        return []
    # Pages of one language are at the address of the next, but for the language.
    base = urljoin(app.config.html_baseurl, "index.html")
    page_uri = partial(languages.page_uri, app.config)
    links = [
        (
            languages.tag(language),
            without_index(urljoin(base, page_uri(language, pagename))),
        )
        for language in (versions.languages if versions else app.config.languages)
    ]
    return [*links, ("x-default", dict(links)["en"])]


def thing(kind: str, **properties: Any) -> dict[str, Any]:
    """Return a thing of schema.org, without the properties that have no value."""
    return {"@type": kind} | {
        name: value for name, value in properties.items() if value
    }


def organization(config: Config) -> dict[str, Any]:
    """Return the company and how to reach it, in the language that is built.

    A program does not see the notice beside a sample, so samples are left out.
    """
    names = {config.localized.get("author", {}).get(code) for code in config.languages}
    block = config.contact[config.language]
    real = {
        key: text for key, text in block.items() if not contact.is_sample(key, text)
    }
    company = thing(
        "Organization",
        name=config.author,
        alternateName=sorted(names - {config.author, None}),
    )
    if "shortaddress" in real:
        company["address"] = thing(
            "PostalAddress",
            addressCountry=config.phone_region,
            postalCode=real.get("zipcode"),
            streetAddress=real["shortaddress"],
        )
    if "phone" in real:
        number = phonenumbers.parse(real["phone"], config.phone_region)
        form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
        real["phone"] = phonenumbers.format_number(number, form)
    if "email" in real or "phone" in real:
        company["contactPoint"] = thing(
            "ContactPoint",
            contactType="privacy",
            email=real.get("email"),
            telephone=real.get("phone"),
        )
    return company


def structured_data(app: Sphinx, pagename: str, context: dict[str, Any]) -> str | None:
    """Return JSON-LD of the page; none for one that is not to be found."""
    versions = context.get("version_page")
    if versions:
        return version_data(app, context, versions) if versions.version else None
    if pagename not in app.env.found_docs:
        return None
    policy = app.config.policies.get(pagename, {})
    dates = {
        key: day.isoformat() for key, day in policy.items() if isinstance(day, date)
    }
    page = thing(
        "WebPage",
        name=app.env.titles[pagename].astext(),
        description=context["description"],
        url=context["pageurl"],
        inLanguage=languages.tag(app.config.language),
        datePublished=dates.get("date"),
        dateModified=dates.get("updated"),
        publisher=organization(app.config),
        **in_time(app, pagename, archive.in_language(app, pagename)),
    )
    return as_json(page)


def as_json(page: dict[str, Any]) -> str:
    """Return a thing as the JSON-LD that a page holds."""
    data = {"@context": "https://schema.org", **page}
    return htmlsafe_json_dumps(data, ensure_ascii=False)


def in_time(
    app: Sphinx, policy: str, versions: list[Version], until: str | None = ".."
) -> dict[str, Any]:
    """Return what is known of the last of *versions*: when it applies, and what was.

    https://schema.org/temporalCoverage: an interval of ISO 8601, whose end may be open
    ("..") or not known (""): https://www.loc.gov/standards/datetime/
    """
    if not versions:
        return {}
    last = versions[-1]
    base = app.config.html_baseurl
    before = versions[-2].day if len(versions) > 1 and base else ""
    return {
        "version": last.day,
        "temporalCoverage": until is not None and f"{last.effective}/{until}",
        "isBasedOn": before and urljoin(base, f"{policy}/{before}.html"),
    }


def version_data(app: Sphinx, context: dict[str, Any], shown: VersionPage) -> str:
    """Return JSON-LD of the page of a version, or of its changes."""
    assert shown.version
    versions = [one for one in (shown.before, shown.version) if one]
    page = thing(
        "WebPage",
        name=unescape(context["title"]),
        url=context["pageurl"],
        inLanguage=app.config.language,
        datePublished=shown.version.day,
        publisher=organization(app.config),
        **in_time(app, shown.policy, versions, shown.until),
    )
    return as_json(page)


def pathto_feed(pagename: str, policy: str) -> str:
    """Return the way from a page to the feed of its policy."""
    return "versions.atom" if "/" in pagename else f"{policy}/versions.atom"


def add_head(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give ``head.html`` what it writes of a page."""
    language = app.config.language
    # Docutils writes one, too, where Furo does.
    metatags = context.get("metatags", "")
    context["metatags"] = re.sub('<meta name="viewport"[^>]*>\n?', "", metatags)
    # Sphinx writes it as the canonical address.
    context["pageurl"] = without_index(context["pageurl"] or "")
    versions = context.get("version_page")
    if versions and versions.is_current and context["pageurl"]:
        context["pageurl"] = urljoin(app.config.html_baseurl, f"{versions.policy}.html")
    policy = versions.policy if versions else pagename
    if context["pageurl"] and archive.in_language(app, policy):
        context["feed"] = pathto_feed(pagename, policy)
    context["description"] = describe(app, pagename, doctree)
    context["structured_data"] = structured_data(app, pagename, context)
    context["alternates"] = alternates(app, pagename, context["pageurl"], versions)
    context["og_locale"] = territory_locale(language)
    context["og_other_locales"] = [
        territory_locale(other) for other in app.config.languages if other != language
    ]


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.text.contact")
    app.setup_extension("policy_site.text.policies")
    app.connect("html-page-context", add_head)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
