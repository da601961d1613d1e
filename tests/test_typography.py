"""A page is set as a book in its language would be, with the fonts of the reader."""

import pytest
from conftest import LANGUAGES

PHONE = {"width": 390, "height": 844}

STYLE = """([selector, property]) =>
  getComputedStyle(document.querySelector(selector)).getPropertyValue(property)"""


@pytest.fixture(params=LANGUAGES)
def policy(site, browser, request):
    page = browser.new_page()
    page.goto(site.html_path(request.param, "privacy-policy").as_uri())
    page.language = request.param
    yield page
    page.close()


def test_lines_are_of_comfortable_length_and_no_font_is_fetched(policy):
    width, size = policy.evaluate(
        """() => {
            const text = document.querySelector("article section > p");
            const style = getComputedStyle(text);
            return [parseFloat(style.width), parseFloat(style.fontSize)];
        }"""
    )
    # 40 Japanese letters, about 80 Latin ones.
    assert 30 <= width / size <= 40
    assert policy.evaluate("document.fonts.size") == 0


def test_japanese_lines_and_headings_break_where_they_may(site, browser):
    page = browser.new_page(viewport=PHONE)
    page.goto(site.html_path("ja", "privacy-policy").as_uri())
    for selector, name, value in [
        ("article p", "line-break", "strict"),
        ("article p", "text-autospace", "normal"),
        ("article p", "text-wrap-style", "pretty"),
        ("article h1", "word-break", "auto-phrase"),
        ("article h1", "text-wrap-style", "balance"),
    ]:
        assert page.evaluate(STYLE, [selector, name]) == value
    page.close()


def test_paper_shows_the_text_alone(policy):
    policy.emulate_media(media="print", color_scheme="dark")
    for part in (".sidebar-drawer", ".toc-drawer", ".mobile-header", ".headerlink"):
        assert not policy.locator(part).first.is_visible()
    assert policy.locator("article h1").is_visible()
    assert policy.evaluate(STYLE, ["body", "background-color"]) == "rgb(255, 255, 255)"
