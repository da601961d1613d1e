"""A page is set as a book in its language would be, with the fonts of the reader."""

import pytest

from tests.support import KNOWN_LANGUAGES, KNOWN_PAGES, PHONE

WIDTHS = [320, 375, 768, 1280]

TITLES = "h1, h2, h3, .toc-tree a, .sidebar-tree a, .policies > li > p, .brand"

# The lines of each shown element, without what stands in a block inside it.
LINES = """(selector) => [...document.querySelectorAll(selector)]
  .filter((node) => node.checkVisibility() && !node.querySelector("p, ul, .line"))
  .map((node) => {
    const lines = [], range = document.createRange();
    const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    let middle;
    for (let text; (text = texts.nextNode()); )
      for (let at = 0; at < text.length && text.data[at] !== "¶"; at++) {
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        const box = range.getBoundingClientRect();
        const here = box.top + box.height / 2;
        if (box.width && !(Math.abs(here - middle) < box.height / 2)) {
          middle = here;
          lines.push("");
        }
        lines.push((lines.pop() ?? "") + text.data[at]);
      }
    return lines.map((line) => line.trim());
  })"""

STYLE = """([selector, property]) =>
  getComputedStyle(document.querySelector(selector)).getPropertyValue(property)"""


@pytest.fixture(params=KNOWN_LANGUAGES)
def policy(known_site, browser, request):
    page = browser.new_page()
    page.goto(known_site.html_path(request.param, "privacy-policy").as_uri())
    page.language = request.param
    yield page
    page.close()


def test_lines_are_of_comfortable_length_and_no_font_is_fetched(policy):
    width, size = policy.evaluate(
        """() => {
            const text = document.querySelector("section section > p");
            const style = getComputedStyle(text);
            return [parseFloat(style.width), parseFloat(style.fontSize)];
        }"""
    )
    # 40 Japanese letters, about 75 Latin ones.
    assert 30 <= width / size <= 40
    assert policy.evaluate("document.fonts.size") == 0


def test_japanese_lines_break_where_they_may(known_site, browser):
    page = browser.new_page(viewport=PHONE)
    page.goto(known_site.html_path("ja", "privacy-policy").as_uri())
    for selector, name, value in [
        ("article p", "line-break", "strict"),
        ("article p", "text-autospace", "normal"),
        ("article p", "text-wrap-style", "auto"),
        ("article h1", "text-wrap-style", "balance"),
    ]:
        assert page.evaluate(STYLE, [selector, name]) == value
    page.close()


@pytest.mark.parametrize("language", KNOWN_LANGUAGES)
@pytest.mark.parametrize("page_name", KNOWN_PAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_holds_one_last_letter_and_no_title_breaks_a_name(
    known_site, browser, language, page_name, width
):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(known_site.html_path(language, page_name).as_uri())
    texts = page.evaluate(LINES, f"{TITLES}, article :is(p, li, .line), aside a")
    assert len(texts) > 5
    assert [lines for lines in texts if len(lines) > 1 and len(lines[-1]) == 1] == []
    for lines in page.evaluate(LINES, TITLES):
        for name in known_site.facts["brands"]:
            in_lines = sum(line.count(name) for line in lines)
            assert " ".join(lines).count(name) == in_lines
    page.close()


def test_japanese_titles_break_between_phrases(known_site, browser):
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto(known_site.html_path("ja", "privacy-policy").as_uri())
    titles = page.evaluate(LINES, "article :is(h1, h2, h3)")
    for lines in [
        ["IoTone Japan", "プライバシーポリシー"],
        ["IoTone Japanが", "データ管理者である", "場合の処理の法的根拠"],
        ["プライバシーポリシーに", "関するお問い合わせ"],
    ]:
        assert lines in titles
    page.close()


def test_title_is_copied_as_it_is_written(known_site, browser):
    page = browser.new_page()
    page.goto(known_site.html_path("ja", "privacy-policy").as_uri())
    page.evaluate(
        "getSelection().selectAllChildren(document.querySelector('#legal-bases h2'))"
    )
    copied = page.evaluate("getSelection().toString()").strip()
    assert copied.rstrip("¶") == "IoTone Japanがデータ管理者である場合の処理の法的根拠"
    page.close()


def test_paper_shows_the_text_alone(policy):
    policy.emulate_media(media="print", color_scheme="dark")
    for part in (".sidebar-drawer", ".toc-drawer", ".mobile-header", ".headerlink"):
        assert not policy.locator(part).first.is_visible()
    assert policy.locator("article h1").is_visible()
    assert policy.evaluate(STYLE, ["body", "background-color"]) == "rgb(255, 255, 255)"
