"""Pages are set with few sizes, and lines break where they may, on every screen."""

from itertools import product

import pytest

from tests.support import FACTS, KNOWN_LANGUAGES, LANGUAGES, NOTICES, PAGES, Site

EVERY_PAGE = [*PAGES, "search"]

# The sizes, in rem, and weights of all text that is seen.
STYLES = """() => {
  const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const sizes = new Set(), weights = new Set();
  for (let text; (text = texts.nextNode()); ) {
    const parent = text.parentElement;
    if (!text.data.trim() || !parent.checkVisibility()) continue;
    if (parent.closest(".headerlink, script, svg, noscript")) continue;
    const style = getComputedStyle(parent);
    sizes.add(parseFloat(style.fontSize) / root);
    weights.add(style.fontWeight);
  }
  return [[...sizes], [...weights]];
}"""

# For each element, its lines: what stands in them, as the eye sees it.
LINES = """(parts) => parts.map((part) => {
  const lines = [], range = document.createRange();
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  let middle;
  for (let text; (text = texts.nextNode()); )
    for (let at = 0; at < text.length; at++) {
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


def opening(site, browser):
    """Yield what opens a page of *site* in a window so many pixels wide."""
    pages = []

    def open_page(language, name, width, **options):
        page = browser.new_page(viewport={"width": width, "height": 800}, **options)
        page.goto(site.html_path(language, name).as_uri())
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()


@pytest.fixture
def open_page(site, browser):
    yield from opening(site, browser)


@pytest.fixture
def open_known_page(known_site, browser):
    yield from opening(known_site, browser)


def lines(page, selector):
    return page.locator(selector).evaluate_all(LINES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_have_five_sizes_and_two_weights(open_page, language, width):
    all_sizes = set()
    for name in EVERY_PAGE:
        sizes, weights = open_page(language, name, width).evaluate(STYLES)
        assert set(weights) <= {"400", "700"}, name
        all_sizes |= {round(size, 4) for size in sizes}
    title = max(all_sizes)
    assert all_sizes <= {0.875, 1, 1.125, 1.375, title}
    assert 1.5 <= title <= 1.875


@pytest.mark.parametrize("language", KNOWN_LANGUAGES)
def test_date_stands_under_the_title(known_site, language):
    date = known_site.article(language, "privacy-policy").select_one(".date")
    above = date.find_parent("p").find_previous_siblings()
    texts = [node for node in above if not {*NOTICES} & {*node.get("class", ())}]
    assert texts[0].name == "h1"


@pytest.mark.parametrize("language", KNOWN_LANGUAGES)
@pytest.mark.parametrize(
    "width, is_beside", [(1200, True), (1280, True), (1199, False)]
)
def test_contents_stand_beside_the_text_of_wide_windows(
    open_known_page, language, width, is_beside
):
    page = open_known_page(language, "privacy-policy", width)
    assert page.locator(".toc-drawer").is_visible() == is_beside
    assert page.locator(".toc-content-icon").is_visible() != is_beside
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if is_beside:
        text, contents = (
            page.locator(part).bounding_box() for part in ("article", ".toc-drawer")
        )
        assert text["x"] + text["width"] <= contents["x"]
        assert contents["x"] + contents["width"] <= width


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_name_is_broken(open_page, language, width):
    for name in PAGES:
        for text in lines(open_page(language, name, width), "article p"):
            for brand in FACTS["brands"]:
                in_lines = sum(line.count(brand) for line in text)
                assert " ".join(text).count(brand) == in_lines, text


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_last_line_of_a_japanese_paragraph_is_no_stub(open_known_page, width):
    page = open_known_page("ja", "privacy-policy", width)
    texts = [text for text in lines(page, "article p") if len(text) > 1]
    assert texts
    assert [text for text in texts if len(text[-1]) < 4] == []


@pytest.mark.parametrize("width", [320, 390])
def test_japanese_address_breaks_at_its_spaces(open_known_page, width):
    page = open_known_page("ja", "privacy-policy", width)
    words = lines(page, ".contact-shortaddress .together")
    assert words
    assert [word for word in words if len(word) > 1] == []


def test_letters_of_two_scripts_have_a_gap_where_a_title_may_break(open_known_page):
    page = open_known_page("ja", "index", 1280)
    gaps = page.locator(".gap").evaluate_all(
        """(gaps) => gaps.map((gap) => {
          const { marginInlineEnd, fontSize } = getComputedStyle(gap);
          return parseFloat(marginInlineEnd) / parseFloat(fontSize);
        })"""
    )
    assert set(gaps) == {0.125}


def test_long_name_of_a_company_covers_nothing_on_a_phone(checkout, browser):
    names = {"en": "Electronics" * 6, "ja": "株式会社" + "電子計算機" * 12}
    checkout.configure(f"company.update({names})")
    result = checkout.make("html")
    assert result.returncode == 0, result.stderr
    site = Site(checkout.path)
    for language, width in product(names, [320, 390]):
        with browser.new_page(viewport={"width": width, "height": 800}) as page:
            page.goto(site.html_path(language, "privacy-policy").as_uri())
            boxes = page.locator(
                ".mobile-header :is(.brand, a[hreflang], .theme-toggle, .toc-header-icon)"
            ).evaluate_all(
                """(parts) => parts.map((part) => part.getBoundingClientRect())
                  .filter((box) => box.width).map((box) => [box.left, box.right])"""
            )
            header = page.locator(".mobile-header").bounding_box()
            name = page.locator(".mobile-header .brand").bounding_box()
            assert page.evaluate("document.documentElement.scrollWidth") == width
        edges = [edge for box in boxes for edge in box]
        assert len(boxes) == 4
        assert edges == sorted(edges) and edges[-1] <= width
        assert name["y"] >= 0 and name["y"] + name["height"] <= header["height"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_says_once_how_wide_it_is(site, language):
    for name in EVERY_PAGE:
        assert len(site.page(language, name).select("meta[name=viewport]")) == 1
