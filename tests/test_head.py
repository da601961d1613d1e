"""Search engines and other sites learn from a page what it is, in its language."""

import pytest
from conftest import LANGUAGES, PAGES, Site

each_language = pytest.mark.parametrize("language", LANGUAGES)
each_page = pytest.mark.parametrize("page", PAGES)

SITE = "https://policies.example/company/"


def meta(page, name):
    """Return the contents of the elements ``meta`` with that name or property."""
    return [
        node["content"]
        for node in page.head.select(f'meta[name="{name}"], meta[property="{name}"]')
    ]


@each_language
@each_page
def test_page_describes_itself_in_its_language(site, language, page):
    soup = site.page(language, page)
    [description] = meta(soup, "description")
    assert 20 <= len(description) <= 160
    assert description.isascii() == (language == "en")
    assert meta(soup, "og:description") == [description]


@each_page
def test_descriptions_are_those_of_no_other_page(site, page):
    [description] = meta(site.page("ja", page), "description")
    others = [meta(site.page("ja", other), "description") for other in PAGES]
    assert others.count([description]) == 1


@pytest.mark.parametrize(
    "language, locale, other", [("en", "en_US", "ja_JP"), ("ja", "ja_JP", "en_US")]
)
def test_shared_link_shows_title_and_language(site, language, locale, other):
    soup = site.page(language, "privacy-policy")
    assert meta(soup, "og:locale") == [locale]
    assert meta(soup, "og:locale:alternate") == [other]
    assert meta(soup, "og:site_name")[0] in soup.title.text
    assert soup.title.text.startswith(meta(soup, "og:title")[0])


@each_language
def test_page_has_an_icon(site, language):
    icon = site.page(language, "index").select_one('link[rel~="icon"]')
    path = icon["href"].partition("?")[0]
    assert (site.html_path(language, "index").parent / path).is_file()


@each_page
def test_published_page_names_itself_and_its_translations(checkout, page):
    checkout.edit("conf.py", 'site_url = ""', f'site_url = "{SITE}"')
    assert checkout.make("html").returncode == 0
    addresses = {lang: f"{SITE}{lang}/{page}.html" for lang in LANGUAGES}
    addresses["x-default"] = addresses["en"]
    for language in LANGUAGES:
        soup = Site(checkout.path / "build").page(language, page)
        assert soup.select_one("link[rel=canonical]")["href"] == addresses[language]
        assert meta(soup, "og:url") == [addresses[language]]
        links = soup.select("link[rel=alternate][hreflang]")
        assert {link["hreflang"]: link["href"] for link in links} == addresses
