"""Every language says the same, in its own words, and nothing in another's."""

import re
from datetime import date

import polib
import pytest
from bs4 import BeautifulSoup
from conftest import FACTS, LANGUAGES, PAGES, POLICIES, ROOT, TRANSLATIONS, run

# What is written in Latin letters in every language.
NAMES = """
    IoTone Japan, IoToneAI, Twitter, Facebook, JavaScript, English,
    GDPR, EEA, EU, AI, PDF, TEL
"""

CATALOGS = [
    pytest.param(path, id=f"{path.parts[-3]}/{path.stem}")
    for path in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
]


def english_words(text, language):
    """Return the Latin words of *text* that are no names."""
    known = [name.strip() for name in NAMES.split(",")]
    known += FACTS["contact"][language].values()
    for name in sorted(known, key=len, reverse=True):
        text = text.replace(name, " ")
    return re.findall(r"[A-Za-z]{2,}", text)


def texts_for_readers(page):
    """Return all texts of a page that are seen, read aloud or shown as a hint."""
    for node in page.select("script, style"):
        node.decompose()
    texts = list(page.stripped_strings)
    for attribute in ("aria-label", "title", "placeholder", "alt"):
        texts += [node[attribute] for node in page.select(f"[{attribute}]")]
    texts += [node["content"] for node in page.select("meta[name=description]")]
    return texts


@pytest.mark.parametrize("page", [*PAGES, "search"])
def test_no_english_is_left_in_the_japanese_page(site, page):
    html = site.html_path("ja", page).read_text(encoding="utf-8")
    soup = BeautifulSoup(html, "html5lib")
    left = [text for text in texts_for_readers(soup) if english_words(text, "ja")]
    assert left == []
    assert soup.html["lang"] == "ja"


@pytest.mark.parametrize("policy", POLICIES)
def test_no_english_is_left_in_the_japanese_pdf(site, policy):
    text = " ".join(site.pdf_text("ja", policy)).replace("\r\n", " ")
    assert english_words(text, "ja") == []


@pytest.mark.parametrize(
    "query, expected", [("同意", "件見つかりました"), ("zzzz", "見つかりませんでした")]
)
def test_japanese_search_page_answers_in_japanese(site, browser, query, expected):
    page = browser.new_page()
    page.goto(site.html_path("ja", "search").as_uri() + f"?q={query}")
    page.get_by_text(expected).wait_for()
    text = page.locator("#search-results").inner_text().replace(query, "")
    assert english_words(text, "ja") == []
    page.close()


@pytest.mark.parametrize("catalog", CATALOGS)
def test_catalog_is_complete(catalog):
    entries = polib.pofile(str(catalog))
    assert [entry.msgid for entry in entries.untranslated_entries()] == []
    assert [entry.msgid for entry in entries.fuzzy_entries()] == []
    assert [entry.msgid for entry in entries.obsolete_entries()] == []


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_catalogs_hold_the_messages_of_the_sources_and_no_others(language):
    result = run("make", "gettext")
    assert result.returncode == 0, result.stderr
    templates = {path.stem: path for path in (ROOT / "build/gettext").glob("*.pot")}
    folder = ROOT / "locale" / language / "LC_MESSAGES"
    assert {path.stem for path in folder.glob("*.po")} == set(templates)
    for name, template in templates.items():
        catalog = polib.pofile(str(folder / f"{name}.po"))
        assert {entry.msgid for entry in catalog} == {
            entry.msgid for entry in polib.pofile(str(template))
        }


def shape(article):
    """Return what has to correspond between languages: anchors, blocks, links."""
    return (
        [node["id"] for node in article.select("section[id]")],
        [node.name for node in article.select("h1, h2, h3, h4, p, ul, ol, li, .line")],
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
    source = (ROOT / "source" / f"{policy}.md").read_text(encoding="utf-8")
    labels = re.findall(r"^\(([a-z0-9-]+)\)=$", source, re.MULTILINE)
    assert shape(site.article("en", policy))[0] == labels
    # The mark of the heading links to it, too.
    marks = site.article("ja", policy).select(".headerlink")
    assert [mark["href"] for mark in marks] == [f"#{label}" for label in labels]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("policy", POLICIES)
def test_date_is_written_in_the_form_of_the_language(site, language, policy):
    source = (ROOT / "source" / f"{policy}.md").read_text(encoding="utf-8")
    day = date.fromisoformat(re.search(r"^updated: (.+)$", source, re.MULTILINE)[1])
    forms = {
        "en": f"{day:%b} {day.day}, {day.year}",
        "ja": f"{day.year}年{day.month}月{day.day}日",
    }
    for page in (policy, "index"):
        found = [node.text for node in site.article(language, page).select(".date")]
        assert forms.get(language, str(day.year)) in " ".join(found)


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
