"""A policy printed from the browser fills its pages and keeps together what belongs."""

import math

import pypdfium2
import pytest

from tests.support import LANGUAGES, POLICIES, title_of

PAPERS = ["A4", "Letter"]


def squeezed(text):
    return "".join(text.split())


# Below it is the margin of a page, in points (20 mm).
MARGIN = 20 / 25.4 * 72


class Sheet:
    """A printed page: its text, how far down and with what it ends, and its number."""

    def __init__(self, page):
        text = page.get_textpage()
        rects = [text.get_rect(number) for number in range(text.count_rects())]
        boxes = [box for box in rects if box[3] > MARGIN]
        below = [box for box in rects if box[3] <= MARGIN]
        self.number = squeezed("".join(text.get_text_bounded(*box) for box in below))
        self.text = squeezed(text.get_text_bounded())
        # Blank, or full of what no text is in: neither is to be.
        bottom = min((box[1] for box in boxes), default=page.get_height())
        self.fill = 1 - bottom / page.get_height()
        last = [box for box in boxes if box[1] < bottom + 6]
        self.last_line = squeezed("".join(text.get_text_bounded(*box) for box in last))


@pytest.fixture(
    scope="module",
    params=[(one, paper) for one in LANGUAGES for paper in PAPERS],
    ids="-".join,
)
def printed(request, site, browser):
    """(language, {policy: its sheets})"""
    language, paper = request.param
    page = browser.new_page()
    sheets = {}
    for policy in POLICIES:
        page.goto(site.html_path(language, policy).as_uri())
        document = pypdfium2.PdfDocument(page.pdf(format=paper))
        sheets[policy] = [Sheet(sheet) for sheet in document]
    page.close()
    return language, sheets


def test_pages_are_full_and_none_is_blank(printed):
    _language, policies = printed
    for policy, sheets in policies.items():
        fills = [round(sheet.fill, 2) for sheet in sheets]
        assert all(fill > 0.6 for fill in fills[:-1]), (policy, fills)
        assert fills[-1] > 0.1, (policy, fills)
        assert len(fills) <= math.ceil(sum(fills)) + 1


def test_pages_are_numbered(printed):
    _language, policies = printed
    for sheets in policies.values():
        expected = [f"{page}/{len(sheets)}" for page in range(1, len(sheets) + 1)]
        assert [sheet.number for sheet in sheets] == expected


def test_no_page_ends_with_a_heading_or_the_introduction_of_a_list(site, printed):
    language, policies = printed
    for policy, sheets in policies.items():
        article = site.article(language, policy)
        titles = [title_of(node) for node in article.select("h1, h2, h3, h4")]
        introductions = [node.get_text() for node in article.select("p:has(+ ul)")]
        texts = [squeezed(text) for text in titles + introductions]
        assert texts
        for last in [sheet.last_line for sheet in sheets]:
            # A line of a few letters, or of none, may be the end of many texts.
            if not any(map(str.isalpha, last)):
                continue
            ending = [text for text in texts if last.endswith(text[-8:])]
            same = (text.endswith(last) or last.endswith(text) for text in ending)
            assert not any(same), last


def test_contact_block_stands_on_one_page_with_its_sentence_and_notice(site, printed):
    language, policies = printed
    for policy, sheets in policies.items():
        article = site.article(language, policy)
        for block in article.select(".line-block"):
            parts = [*block.select(".line")]
            for before in block.find_previous_siblings(limit=2):
                parts.append(
                    before.find_all("p")[-1] if before.name == "div" else before
                )
                if before.name == "p":
                    break
            texts = [squeezed(part.get_text()) for part in parts]
            assert any(all(text in sheet.text for text in texts) for sheet in sheets)


TABLE = """(() => {
    const rows = [1, 2, 3, 4].map((row) => `<tr><td>Row ${row}.</td></tr>`).join("");
    const before = "<p>Before.</p>".repeat(%s);
    document.querySelector("article").innerHTML = `<section>${before}<table>
        <caption>Caption.</caption><thead><tr><th>Head.</th></tr></thead>
        <tbody>${rows}</tbody></table></section>`;
})()"""


def test_head_of_a_table_and_its_first_rows_are_on_one_page(site, browser):
    page = browser.new_page()
    page.goto(site.html_path("en", "index").as_uri())
    breaks = set()
    for lines in range(20, 40):
        page.evaluate(TABLE % lines)
        document = pypdfium2.PdfDocument(page.pdf(format="A4"))
        sheets = [Sheet(sheet).text for sheet in document]
        parts = ["Caption.", "Row1.", "Row2.", "Row3.", "Row4."]
        [caption, one, two, three, four] = [
            next(n for n, text in enumerate(sheets) if part in text) for part in parts
        ]
        assert caption == one == two, lines
        assert three == four, lines
        breaks.add((one, four))
    page.close()
    # It stood on each page, and on both.
    assert breaks == {(0, 0), (0, 1), (1, 1)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_notice_has_a_border_where_no_background_is_printed(site, browser, language):
    page = browser.new_page()
    page.goto(site.html_path(language, POLICIES[0]).as_uri())
    page.emulate_media(media="print")
    notices = page.locator(".admonition")
    for notice in notices.all():
        style = "notice => getComputedStyle(notice).borderStyle"
        assert notice.evaluate(style) == "solid"
    page.close()
