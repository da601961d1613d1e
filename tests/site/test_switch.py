"""A reader goes to another language, and to the PDF, and stays where they were."""

import pytest
from babel import Locale

from policy_site.base.languages import slug, tag
from tests.support import KNOWN_LANGUAGES, LANGUAGES, PAGES, PHONE, POLICIES, Site

DESKTOP = {"width": 1280, "height": 800}

each_language = pytest.mark.parametrize("language", LANGUAGES)
each_known_language = pytest.mark.parametrize("language", KNOWN_LANGUAGES)


def name_of(language):
    """Return what *language* is called in itself."""
    return Locale.parse(language.replace("-", "_")).get_display_name()


def other(language):
    return "ja" if language == "en" else "en"


@each_language
@pytest.mark.parametrize("page", [*PAGES, "search"])
def test_switch_names_each_language_in_itself_and_leads_to_the_same_page(
    site, language, page
):
    for switch in site.page(language, page).select("nav.languages"):
        assert switch.select_one("[aria-current=true]").text == name_of(language)
        links = {link["hreflang"]: link for link in switch.select("a")}
        others = [each for each in LANGUAGES if each != language]
        assert set(links) == {tag(each) for each in others}
        for each in others:
            link = links[tag(each)]
            target = site.html_path(language, page).parent / link["href"]
            assert target.resolve() == site.html_path(each, page)
            assert target.is_file()
            assert link["lang"] == tag(each)
            assert link.text == name_of(each)


@each_language
@pytest.mark.parametrize("policy", POLICIES)
def test_policy_links_its_pdf_in_its_language(site, language, policy):
    link = site.page(language, policy).select_one(".pdf a")
    target = site.html_path(language, policy).parent / link["href"]
    assert target.resolve() == site.pdf_path(language, policy)
    assert target.is_file()


def test_page_that_other_languages_lack_leads_to_their_front_page(checkout):
    checkout.edit(
        "conf.py",
        "# -- LaTeX",
        'html_additional_pages = {"only-here": "page.html"}\n\n# -- LaTeX',
    )
    assert checkout.make("html-en").returncode == 0
    page = Site(checkout.path).page("en", "only-here")
    assert page.select_one(".languages a")["href"] == "../ja/index.html"


def section_read(page):
    """Return the id of the section at the top of the window, below the header."""
    return page.evaluate(
        """() => [...document.querySelectorAll("article section[id]")].findLast(
            (section) => section.getBoundingClientRect().top
                <= document.querySelector("header").getBoundingClientRect().bottom + 1
        )?.id"""
    )


def switch_to(page, language):
    page.locator(f".languages a[hreflang={tag(language)}]:visible").click()
    # The place is in the address until the page is there.
    page.wait_for_url(lambda url: f"/{slug(language)}/" in url and "@" not in url)


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(browser, request):
    page = browser.new_page(viewport=request.param, reduced_motion="reduce")
    yield page
    page.close()


@each_known_language
def test_switch_keeps_the_page_and_the_section(known_site, page, language):
    uri = known_site.html_path(language, "privacy-policy").as_uri()
    page.goto(f"{uri}#data-retention")
    switch_to(page, other(language))
    assert page.url.endswith(f"{other(language)}/privacy-policy.html#data-retention")
    heading = page.locator("#data-retention :is(h2, h3)").first.bounding_box()
    assert 0 < heading["y"] < 120


def test_switch_keeps_what_is_read_there_and_back(known_site, page):
    page.goto(known_site.html_path("en", "privacy-policy").as_uri())
    # In the middle of a section: at its edge, a hair decides which one is read.
    for section in ("services", "international-data-transfers", "legal-bases"):
        page.evaluate(
            """(id) => {
                const box = document.querySelector(`#${id} > p`).getBoundingClientRect();
                const header = document.querySelector("header").getBoundingClientRect();
                const y = scrollY + box.top + box.height / 2 - header.bottom;
                scrollTo({ top: y, behavior: "instant" });
            }""",
            section,
        )
        before = page.evaluate("scrollY")
        assert section_read(page) == section
        switch_to(page, "ja")
        assert section_read(page) == section
        switch_to(page, "en")
        assert abs(page.evaluate("scrollY") - before) < 8


def test_old_links_to_a_renamed_section_arrive_in_every_language(checkout, page):
    """The new name stands between the old one and the heading, as the README says."""
    checkout.edit(
        "source/privacy-policy.md", "(data-retention)=", "(data-retention)=\n(storage)="
    )
    result = checkout.make("html")
    assert result.returncode == 0, result.stderr
    site = Site(checkout.path)
    for language in KNOWN_LANGUAGES:
        page.goto(
            site.html_path(language, "privacy-policy").as_uri() + "#data-retention"
        )
        assert 0 < page.locator("#storage :is(h2, h3)").bounding_box()["y"] < 120
        switch_to(page, other(language))
        assert page.url.endswith(f"{other(language)}/privacy-policy.html#storage")
        assert 0 < page.locator("#storage :is(h2, h3)").bounding_box()["y"] < 120


@pytest.mark.parametrize("fragment", ["__toc", "gone", "%E3%81%82", "data-retention@x"])
def test_switch_takes_only_what_is_a_section_for_one(known_site, page, fragment):
    page.goto(known_site.html_path("en", "privacy-policy").as_uri() + f"#{fragment}")
    switch_to(page, "ja")
    assert page.url.endswith("ja/privacy-policy.html")


def test_switch_at_the_top_stays_at_the_top(known_site, page):
    page.goto(known_site.html_path("en", "privacy-policy").as_uri())
    switch_to(page, "ja")
    assert page.url.endswith("ja/privacy-policy.html")
    assert page.evaluate("scrollY") == 0


def test_switch_keeps_the_words_searched_for(known_site, page):
    page.goto(known_site.html_path("en", "search").as_uri() + "?q=GDPR")
    switch_to(page, "ja")
    assert page.url.endswith("ja/search.html?q=GDPR")


def test_switch_works_with_the_keyboard(known_site, page):
    page.goto(known_site.html_path("en", "privacy-policy").as_uri() + "#data-retention")
    page.locator(".languages a:visible").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ja/privacy-policy.html#data-retention")


def test_switch_works_without_javascript(known_site, browser):
    page = browser.new_page(viewport=PHONE, java_script_enabled=False)
    page.goto(known_site.html_path("en", "privacy-policy").as_uri())
    switch_to(page, "ja")
    assert page.url.endswith("ja/privacy-policy.html")
    page.close()


READ_THE_DOCS = """() => document.dispatchEvent(
  new CustomEvent("readthedocs-addons-data-ready", {detail: {data: () => ({
    projects: {translations: [{
      language: {code: "ja"},
      urls: {documentation: "https://policies.example/ja/latest/"},
    }]},
  })}})
)"""


def test_read_the_docs_shows_only_the_addresses_that_it_knows(checkout, browser):
    assert checkout.make("html-en", READTHEDOCS="True").returncode == 0
    page = browser.new_page()
    page.goto((checkout.path / "build/html/en/privacy-policy.html").as_uri())
    links = page.locator(".languages a:visible")
    assert links.count() == 0
    page.evaluate(READ_THE_DOCS)
    assert [link.get_attribute("href") for link in links.all()] == [
        "https://policies.example/ja/latest/privacy-policy.html",
    ]
    page.close()
