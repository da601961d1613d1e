"""Every language says the same, in its own words, and nothing in another's."""

import re

import polib
import pytest
from babel import Locale
from babel.dates import format_date
from bs4 import BeautifulSoup

from policy_site.base import locale_tree
from tests.support import (
    FACTS,
    KNOWN_PAGES,
    KNOWN_SITE,
    LANGUAGES,
    PAGES,
    POLICIES,
    ROOT,
    TRANSLATIONS,
    blocks,
    catalog,
    front_matter,
    is_policy,
    run,
    source,
    texts_for_readers,
)

# What the known site writes in Latin letters in every language.
NAMES = """
    IoTone Japan, IoToneAI, Twitter, Facebook, JavaScript, English,
    GDPR, EEA, EU, AI, PDF, TEL
"""

CATALOGS = [
    pytest.param(path, id=f"{path.parts[-3]}/{path.stem}")
    for path in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
]


def english_words(text, contact):
    """Return the Latin words of *text* that are no names and not of the block."""
    known = [name.strip() for name in NAMES.split(",")]
    known += contact.values()
    for name in sorted(known, key=len, reverse=True):
        text = text.replace(name, " ")
    return re.findall(r"[A-Za-z]{2,}", text)


@pytest.mark.parametrize("page", [*KNOWN_PAGES, "search"])
def test_no_english_is_left_in_the_japanese_page(known_site, page):
    html = known_site.html_path("ja", page).read_text(encoding="utf-8")
    soup = BeautifulSoup(html, "html5lib")
    contact = known_site.facts["contact"]["ja"]
    left = [text for text in texts_for_readers(soup) if english_words(text, contact)]
    assert left == []
    assert soup.html["lang"] == "ja"


def test_no_english_is_left_in_the_japanese_pdf(known_site):
    text = " ".join(known_site.pdf_text("ja", "privacy-policy")).replace("\r\n", " ")
    assert english_words(text, known_site.facts["contact"]["ja"]) == []


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("language", TRANSLATIONS)
def test_no_text_of_a_policy_stays_as_it_is_in_english(site, language, policy):
    """But for what its translator has left so."""
    assert not site.article(language, policy).select(".untranslated")
    entries = catalog(language, policy)
    left_so = {entry.msgid for entry in entries if entry.msgid == entry.msgstr}
    english, ours = (blocks(site.article(each, policy)) for each in ("en", language))
    same = {text for text, own in zip(english, ours, strict=True) if text == own}
    values = FACTS["contact"][language].values()
    for text in same - left_so:
        for value in values:
            text = text.replace(" ".join(value.split()), "")
        assert not re.search(r"\w{4}", text), text


@pytest.mark.parametrize(
    "query, expected", [("同意", "件見つかりました"), ("zzzz", "見つかりませんでした")]
)
def test_japanese_search_page_answers_in_japanese(known_site, browser, query, expected):
    page = browser.new_page()
    page.goto(known_site.html_path("ja", "search").as_uri() + f"?q={query}")
    page.get_by_text(expected).wait_for()
    text = page.locator("#search-results").inner_text().replace(query, "")
    assert english_words(text, {}) == []
    page.close()


@pytest.mark.parametrize("path", CATALOGS)
def test_catalog_is_complete(path):
    entries = polib.pofile(str(path))
    assert [entry.msgid for entry in entries.untranslated_entries()] == []
    assert [entry.msgid for entry in entries.fuzzy_entries()] == []


def messages(folder, ending):
    """Return {name: msgids} of the catalogs or templates in *folder*, for pages."""
    return {
        path.stem: {
            entry.msgid for entry in polib.pofile(str(path)) if not entry.obsolete
        }
        for path in folder.glob(f"*{ending}")
        if path.stem != locale_tree.REMARKS
    }


def test_catalogs_hold_the_messages_of_the_sources_and_no_others():
    result = run("make", "gettext")
    assert result.returncode == 0, result.stderr
    wanted = messages(ROOT / "build/gettext", ".pot")
    for folder in ROOT.glob("locale/*/LC_MESSAGES"):
        assert messages(folder, ".po") == wanted, "make update-po"


def test_known_site_has_the_strings_of_the_pages(checkout):
    result = checkout.make("gettext")
    assert result.returncode == 0, result.stderr
    wanted = messages(checkout.path / "build/gettext", ".pot")
    found = messages(KNOWN_SITE / "locale/ja/LC_MESSAGES", ".po")
    assert found == wanted, f"make update-po, and copy what is new to {KNOWN_SITE}"


def shape(article):
    """Return what has to correspond between languages: anchors, blocks, links."""
    return (
        [node["id"] for node in article.select("section[id]")],
        [
            node.name
            for node in article.select("h1, h2, h3, h4, p, ul, ol, li, .line")
            if is_policy(node)
        ],
        [
            node["href"]
            for node in article.select("a[href]")
            if not node["href"].startswith(("tel:", "mailto:"))
        ],
    )


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", TRANSLATIONS)
def test_anchors_items_and_links_are_those_of_the_english_page(site, language, page):
    assert shape(site.article(language, page)) == shape(site.article("en", page))


@pytest.mark.parametrize("policy", POLICIES)
def test_every_section_has_an_anchor_of_its_own_choice(site, policy):
    labels = re.findall(r"^\(([a-z0-9-]+)\)=\n#", source(policy), re.MULTILINE)
    for language in LANGUAGES:
        article = site.article(language, policy)
        assert shape(article)[0] == labels
        # The mark of the heading links to it, too.
        marks = [mark["href"] for mark in article.select(".headerlink")]
        assert marks == [f"#{label}" for label in labels]
        # Older names of a section stand above its name.
        for older in re.findall(r"^\(([a-z0-9-]+)\)=$", source(policy), re.MULTILINE):
            assert article.find(id=older)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("policy", POLICIES)
def test_date_is_written_in_the_form_of_the_language(site, language, policy):
    form = FACTS["date_format"].get(language, "long")
    locale = Locale.parse(language.replace("-", "_"))
    shown = format_date(front_matter(policy)["updated"], form, locale)
    times = source(policy).count("{{ updated }}")
    on_page, on_front_page = (
        [node.text for node in site.article(language, page).select(".date")]
        for page in (policy, "index")
    )
    assert on_page == [shown] * times
    assert shown in on_front_page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("policy", POLICIES)
def test_front_page_links_the_policy_in_every_language_and_its_pdf(
    site, language, policy
):
    front = site.html_path(language, "index").parent
    links = {
        (front / link["href"]).resolve()
        for link in site.article(language, "index").select(".policies a")
    }
    for other in LANGUAGES:
        assert site.html_path(other, policy) in links
        assert site.pdf_path(other, policy) in links
    assert all(link.is_file() for link in links)
