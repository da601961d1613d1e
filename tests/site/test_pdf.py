"""Each PDF: the text of the page, in fonts that it carries, and what viewers show."""

import re
from statistics import median

import pikepdf
import pypdfium2
import pytest

from policy_site.base.languages import tag
from tests.support import (
    FACTS,
    LANGUAGES,
    NOTICES,
    POLICIES,
    Site,
    blocks,
    date_of,
    title_of,
)

each_pdf = pytest.mark.parametrize(
    "language, policy", [(each, policy) for policy in POLICIES for each in LANGUAGES]
)


@pytest.fixture
def pdf(site, language, policy):
    with pikepdf.open(site.pdf_path(language, policy)) as pdf:
        yield pdf


def squeeze(text):
    """Remove what typesetting adds: spaces, line breaks, list marks, hyphens."""
    text = re.sub(r"[\ufffe\x02\u00ad]\s*", "", text)
    text = re.sub(r"(?m)^[ \t]*[•–]", "", text)
    return re.sub(r"\s+", "", text)


@each_pdf
def test_pdf_has_the_text_of_the_page(site, language, policy):
    """The blocks of the page stand in the PDF, in order, and nothing between them."""
    article = site.article(language, policy)
    title = squeeze(title_of(article.h1))
    texts = [squeeze(text) for text in blocks(article)]
    texts.remove(title)
    company = FACTS["company"].get(language, FACTS["company"]["en"])
    pages = [squeeze(text) for text in site.pdf_text(language, policy)]
    date = squeeze(date_of(article))
    rest = ""
    for number, page in enumerate(pages, start=1):
        # The title block on the first page, the header on the others.
        head = squeeze(company) + title if number == 1 else title + date
        foot = f"{number}/{len(pages)}"
        assert page.startswith(head) and page.endswith(foot)
        rest += page.removeprefix(head).removesuffix(foot)
    for notice in article.find_all(class_=NOTICES):
        assert rest.count(squeeze(notice.text)) == 1
        rest = rest.replace(squeeze(notice.text), "")
    # In a long document, the contents come first.
    contents = rest[: len(rest) - len("".join(texts))]
    for heading in article.select("h2, h3") if len(pages) > 6 else []:
        assert squeeze(title_of(heading)) in contents
    rest = rest.removeprefix(contents)
    for text in texts:
        assert rest.startswith(text), f"{text!r} does not start {rest[:200]!r}"
        rest = rest.removeprefix(text)
    assert rest == ""


def fonts(pdf):
    """Yield the fonts of all pages, each as the dictionary that describes it."""
    for page in pdf.pages:
        yield from page.resources.get("/Font", {}).values()


@each_pdf
def test_pdf_embeds_every_font(pdf):
    names = set()
    for font in fonts(pdf):
        inner = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
        names.add(str(inner["/BaseFont"]))
        descriptor = inner["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()), names
        assert "/ToUnicode" in font, f"{font['/BaseFont']} cannot be searched"
    assert len(names) >= 3


@each_pdf
def test_pdf_shows_every_section_as_a_bookmark(site, pdf, language, policy):
    def titles(items):
        for item in items:
            yield str(item.title)
            yield from titles(item.children)

    with pdf.open_outline() as outline:
        found = [squeeze(title) for title in titles(outline.root)]
    headings = site.article(language, policy).select("h2, h3, h4")
    assert found == [squeeze(title_of(heading)) for heading in headings]


@each_pdf
def test_pdf_says_its_title_author_and_language(site, pdf, language, policy):
    heading = title_of(site.article(language, policy).h1)
    company = FACTS["company"].get(language, FACTS["company"]["en"])
    assert str(pdf.Root["/Lang"]) == tag(language)
    assert str(pdf.docinfo["/Title"]) == heading
    assert str(pdf.docinfo["/Author"]) == company
    assert pdf.Root["/ViewerPreferences"]["/DisplayDocTitle"]
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == heading
        assert metadata["dc:creator"] == [company]
        assert metadata["dc:language"] == {tag(language)}
        tagged = "/StructTreeRoot" in pdf.Root
        assert metadata.pdfa_status == ("2A" if tagged else "2U")
        assert metadata.get("pdfuaid:part") == ("1" if tagged else None)


@each_pdf
def test_pdf_is_on_a4(pdf):
    for page in pdf.pages:
        width, height = (float(side) / 72 * 25.4 for side in page.mediabox[2:])
        assert (round(width), round(height)) == (210, 297)


@each_pdf
def test_pdf_links_lead_where_those_of_the_page_lead(site, pdf, language, policy):
    found = [
        str(link["/A"]["/URI"])
        for page in pdf.pages
        for link in page.get("/Annots", [])
        if "/URI" in link.get("/A", {})
    ]
    links = site.article(language, policy).select("a.reference.external")
    assert sorted(found) == sorted(link["href"] for link in links)


def test_english_shows_japanese_and_loads_its_font_only_then(checkout):
    """For each size of each font, it would cost a pass 100 MB."""
    files = "build/latex/en/iotone-japan-privacy-policy-en.fls"
    policy = "source/privacy-policy.md"
    checkout.edit(policy, "〒{{", "{{")
    assert checkout.make("latexpdf-en").returncode == 0
    assert "haranoaji" not in (checkout.path / files).read_text("utf-8").lower()
    checkout.edit("conf.py", "Sample Building 0F", "髙島ビル 0F")
    checkout.edit(policy, "## Data Collection", "## Data Collection 収集")
    assert checkout.make("latexpdf-en").returncode == 0
    assert "haranoaji" in (checkout.path / files).read_text("utf-8").lower()
    text = "".join(Site(checkout.path).pdf_text("en", "privacy-policy"))
    assert "髙島ビル 0F" in text
    assert "Data Collection 収集" in text


def test_name_of_a_company_may_hold_any_sign(checkout):
    company = "A & B_1 100% #2 {C} Co., Ltd."
    checkout.edit("conf.py", '"en": "IoTone Japan Inc.",', f'"en": "{company}",')
    result = checkout.make("latexpdf-en")
    assert result.returncode == 0, result.stdout + result.stderr
    site = Site(checkout.path)
    with pikepdf.open(site.pdf_path("en", "privacy-policy")) as pdf:
        assert str(pdf.docinfo["/Author"]) == company
        with pdf.open_metadata() as metadata:
            assert metadata["dc:creator"] == [company]
    assert company in site.pdf_text("en", "privacy-policy")[0]


def test_sentences_are_as_far_apart_as_words(known_site):
    gaps = {True: [], False: []}
    for page in pypdfium2.PdfDocument(known_site.pdf_path("en", "privacy-policy")):
        text = page.get_textpage()
        letters = [text.get_text_range(at, 1) for at in range(text.count_chars())]
        for at, letter in enumerate(letters[1:-1], start=1):
            _, bottom, right, _ = text.get_charbox(at - 1, loose=True)
            next_left, next_bottom, *_ = text.get_charbox(at + 1, loose=True)
            if letter == " " and bottom == next_bottom and next_left > right:
                gaps[letters[at - 1] in ".:"].append(next_left - right)
    # In points. What each line is stretched by differs a little.
    assert abs(median(gaps[True]) - median(gaps[False])) < 0.4
