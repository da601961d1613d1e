"""Every construct that a text may have arrives in every language, as page and as PDF.

The policies in tests/data/policies/ have each of them, and a free, complete Japanese
translation, in which links and notes stand in another order.
"""

import re
import shutil
from collections import Counter
from copy import copy

import pikepdf
import polib
import pytest

from tests.support import NOT_THE_POLICY, ROOT, Checkout, Site, title_of
from tests.tags import lines, tagged_pdf, words

DATA = ROOT / "tests/data/policies"
CATALOGS = "locale/ja/LC_MESSAGES"
LANGUAGES = ["en", "ja"]
PAGES = sorted(path.stem for path in DATA.glob("*.md"))
COMPANY = 'A & B_C "D" #1 100% ~ Inc.'

each_page = pytest.mark.parametrize("page", PAGES)
each_language = pytest.mark.parametrize("language", LANGUAGES)


ORDER = ["terms", "privacy-policy", "cookies"]
TOCTREES = """```{toctree}
:hidden:
:caption: Contracts

terms
```

```{toctree}
:hidden:
:caption: Data

privacy-policy
cookies
```
"""
CAPTIONS = """
msgid "Contracts"
msgstr "契約"

msgid "Data"
msgstr "データ"
"""


def add_policies(checkout):
    """Add these policies, and the words that they use in place of the owner's.

    The front page lists them in an order of its own, under captions.
    """
    for source in [*DATA.glob("*.md"), *DATA.glob("*.png")]:
        shutil.copy(source, checkout.path / "source")
    for catalog in DATA.glob("ja/*.po"):
        shutil.copy(catalog, checkout.path / CATALOGS)
    glossary = "English,Japanese\naccount,アカウント\n"
    checkout.write("locale/ja/glossary.csv", glossary)
    front, catalog = "source/index.md", f"{CATALOGS}/index.po"
    text, messages = (
        (checkout.path / one).read_text("utf-8") for one in (front, catalog)
    )
    checkout.write(front, text[: text.index("```{toctree}")] + TOCTREES)
    checkout.write(catalog, messages + CAPTIONS)


@pytest.fixture(scope="module")
def constructs(tmp_path_factory):
    """The pages and PDFs of these policies, built as a release on Read the Docs."""
    checkout = Checkout(tmp_path_factory.mktemp("constructs"))
    add_policies(checkout)
    with (checkout.path / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(f"\ncompany['en'] = {COMPANY!r}\n")
    names = [f"{kind}-{one}" for kind in ("html", "latexpdf") for one in LANGUAGES]
    result = checkout.make(
        *names, READTHEDOCS="True", READTHEDOCS_VERSION_TYPE="branch"
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return Site(checkout.path)


def texts(article):
    """Return the texts that stand on a page by themselves, in order.

    Without what Sphinx adds: the notice on samples, the marks of headings and notes.
    """
    article = copy(article)
    marks = [*NOT_THE_POLICY, "footnote-reference", "label", "backrefs"]
    for mark in article.find_all(class_=marks):
        mark.decompose()
    found = []
    for node in article.find_all(
        ["h1", "h2", "h3", "p", "li", "td", "th", "pre", "figcaption", "caption", "div"]
    ):
        if node.name == "div" and "line" not in node.get("class", []):
            continue
        # A picture has words of its own.
        if not node.find(["p", "ul", "ol", "pre", "table", "img"]):
            found.append((node.name, " ".join(node.get_text().split())))
    return found


def squeeze(text):
    """Remove what typesetting adds: spaces, line breaks, hyphens."""
    # The Japanese font draws both signs with one glyph, which is copied as the second.
    return re.sub(r"[\ufffe\x02\u00ad]\s*|\s+", "", text).replace("－", "−")


@pytest.fixture(scope="module")
def pages(constructs):
    return {
        (language, page): texts(constructs.article(language, page))
        for page in PAGES
        for language in LANGUAGES
    }


# -- The languages ---------------------------------------------------------------


@each_page
def test_translation_has_the_form_of_the_english(pages, page):
    """A heading is a heading, a cell a cell, and none is missing."""
    kinds = [[kind for kind, _text in pages[one, page]] for one in LANGUAGES]
    assert kinds[0] == kinds[1]
    assert all(text for one in LANGUAGES for _kind, text in pages[one, page])


def same_in_both(page):
    """Return the texts of which the catalog says that they are the same."""
    entries = polib.pofile(str(DATA / f"ja/{page}.po"), encoding="utf-8")
    return {entry.msgid.strip("`") for entry in entries if entry.msgid == entry.msgstr}


@each_page
def test_nothing_stays_english(constructs, pages, page):
    """No text of the English page stands in the Japanese one, but code and names."""
    english = {text for _kind, text in pages["en", page]}
    stayed = {
        text
        for kind, text in pages["ja", page]
        if text in english and kind != "pre" and re.search("[A-Za-z]", text)
    }
    assert stayed <= same_in_both(page)
    assert not constructs.page("ja", page).select(".untranslated")


@each_page
def test_what_is_heard_and_found_is_translated(constructs, page):
    """The words for images, the title of the window and the description."""
    english, japanese = (
        {
            *(image["alt"] for image in constructs.article(one, page).select("img")),
            constructs.page(one, page).title.get_text(),
            constructs.page(one, page).select_one('meta[name="description"]')[
                "content"
            ],
        }
        for one in LANGUAGES
    )
    assert len(english) == len(japanese)
    assert all(english | japanese)
    assert not english & japanese


def notes(site, language, page):
    """Return how often each (number, place) of a note is referred to, and the notes."""
    article = site.article(language, page)
    references = Counter(
        (link.get_text().strip("[]"), link["href"][1:])
        for link in article.select("a.footnote-reference")
    )
    ends = {
        (note.select_one(".label").get_text().strip("[]"), note["id"])
        for note in article.select("aside.footnote")
    }
    return references, ends


def test_notes_have_the_same_numbers_in_every_language(constructs):
    references, ends = notes(constructs, "en", "terms")
    assert set(references) == ends
    assert {number for number, _place in ends} == set("12345")
    assert notes(constructs, "ja", "terms") == (references, ends)


@each_page
def test_links_lead_to_the_same_places_in_every_language(constructs, page):
    english, japanese = (
        Counter(
            link["href"]
            for link in constructs.article(one, page).select("a.reference")
            if "footnote-reference" not in link["class"]
        )
        for one in LANGUAGES
    )
    assert english == japanese


@each_language
def test_clauses_are_numbered_by_their_depth(constructs, language):
    items = constructs.article(language, "terms").select_one("ol")
    kinds = [items["class"][0], *(inner["class"][0] for inner in items.select("ol"))]
    assert kinds == ["arabic", "loweralpha", "lowerroman", "upperalpha", "upperroman"]


# -- The PDFs --------------------------------------------------------------------


@each_language
@each_page
def test_pdf_has_each_text_of_the_page(constructs, pages, language, page):
    sheets = [sheet.splitlines() for sheet in constructs.pdf_text(language, page)]
    # Without headers and footers: a paragraph may go on on the next page.
    kept = [*sheets[0][:-1], *(line for sheet in sheets[1:] for line in sheet[1:-1])]
    text = squeeze("\n".join(kept))
    missing = [
        block for _kind, block in pages[language, page] if not found(block, text)
    ]
    assert missing == []


def found(block, text):
    """Return whether *text* has *block*, with the numbers of notes in it, or not."""
    letters = [re.escape(letter) for letter in squeeze(block)]
    return re.search(r"\d{0,2}".join(letters), text)


@each_language
def test_clauses_of_the_pdf_have_those_numbers(constructs, language):
    text = "\n".join(constructs.pdf_text(language, "terms"))
    numbers = re.findall(r"(?m)^\s*(\d\.|\([A-Za-z]+\)) ", text)
    expected = "1. 2. (a) (b) (i) (ii) (A) (B) (I) (II) (c) 3."
    assert " ".join(numbers).startswith(expected)


def actions(site, language, page):
    """Return where the links of the PDF lead: addresses, or names of files."""
    with pikepdf.open(site.pdf_path(language, page)) as pdf:
        found = [
            annotation.A
            for sheet in pdf.pages
            for annotation in sheet.get("/Annots", [])
            if "/A" in annotation
        ]
        return {str(action.get("/URI", action.get("/F", ""))) for action in found}


@each_language
def test_links_lead_out_of_the_pdf(constructs, language):
    prefix = constructs.facts["pdf_prefix"]
    led = " ".join(actions(constructs, language, "terms"))
    for target in [
        f"{prefix}-cookies-{language}.pdf",
        f"{prefix}-privacy-policy-{language}.pdf",
        "tel:+81312345678",
        "mailto:legal@example.jp",
        "terms~2026_final%20version/index.html?query=1#part",
    ]:
        assert target in led


def test_names_and_titles_are_in_the_properties_as_written(constructs):
    with pikepdf.open(constructs.pdf_path("en", "terms")) as pdf:
        assert str(pdf.docinfo.Title) == "Terms & Conditions of Use ~ B2B^2 \\ 2026"
        assert str(pdf.docinfo.Author) == COMPANY


@each_language
def test_addresses_and_code_get_no_hyphen(constructs, language):
    text = "".join(constructs.pdf_text(language, "terms"))
    # pdfium shows a hyphen that TeX added at the end of a line as one of these.
    unbroken = re.sub(r"\s", "", text)
    for address in ["subsidiary-example.example.jp", "Cross-Origin-Resource-Policy"]:
        assert address in unbroken


@each_language
def test_one_pdf_holds_all_policies(constructs, language):
    """Each on pages of its own, as in its own PDF, after the contents."""
    parts = [tagged_pdf(constructs, language, policy) for policy in ORDER]
    whole = tagged_pdf(constructs, language, "index")
    title = title_of(constructs.article(language, "index").h1)
    cover, text = whole.structure[1][:4], whole.structure[1][4:]
    assert [label for label, _parts in cover] == ["P", "H1", "H2", "TOC"]
    assert cover[1] == ("H1", [title])
    titles = [words(part[1]) for part in text if part[0] == "H1"]
    assert [words(entry[1][0][1][0][1]) for entry in cover[3][1]] == titles
    found = lines(("Document", text))
    expected = [line for part in parts for line in lines(part.structure)[1:]]
    assert [*map(inside, found[1:])] == [*map(inside, expected)]
    assert not [line for line in found if ".pdf" in line]
    assert whole.unread == set()
    assert len(set(whole.notes)) == len(whole.notes)
    heads = [head for part in parts for head in part.artifacts]
    assert [*map(header, whole.artifacts[1:])] == [*map(header, heads)]


def inside(line):
    """Return the line of a structure, whether a link leads to another file or not."""
    return re.sub(r"(?<=Link to )(?!https?:|mailto:|tel:).*", "a place", line)


def header(artifact):
    return re.sub(r"\d+/\d+$", "", artifact)


@each_language
def test_wide_tables_and_code_are_scrolled_with_keys(constructs, language):
    wide = constructs.article(language, "terms").select(".table-wrapper, pre")
    assert {part.name for part in wide} == {"div", "pre"}
    assert {part.get("tabindex") for part in wide} == {"0"}


@each_language
def test_notes_do_not_pull_what_is_before_them_to_another_sheet(
    constructs, browser, language
):
    """Only the notice of samples belongs to the contact block."""
    page = browser.new_page()
    page.goto(constructs.html_path(language, "terms").as_uri())
    page.emulate_media(media="print")
    breaks = page.locator(".admonition:not(.sample-notice)").evaluate_all(
        "notes => notes.map((note) => getComputedStyle(note).breakBefore)"
    )
    page.close()
    assert set(breaks) == {"auto"}


# -- What is missing, and several policies ----------------------------------------


@pytest.fixture
def changed(checkout):
    """A copy of the repository with these policies, to break things in."""
    add_policies(checkout)
    return checkout


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("![雲の前の錠前](lock.png)", "![](lock.png)", "words for lock.png"),
        ('"もう一度、錠前"', '""', "missing: The lock again"),
        ('"訂正"', '""', "missing: Correction"),
        ('"データの保管方法"', '""', "missing: How we keep data"),
    ],
)
def test_release_refuses_what_stays_english(changed, old, new, said):
    changed.edit(f"{CATALOGS}/terms.po", old, new)
    result = changed.make("html-ja", READTHEDOCS_VERSION_TYPE="branch")
    assert result.returncode != 0
    assert said in result.stdout + result.stderr


def test_policies_have_the_order_and_the_captions_of_the_front_page(changed):
    result = changed.make("html-en")
    assert result.returncode == 0, result.stderr
    site = Site(changed.path)
    order = [f"{policy}.html" for policy in ORDER]
    article, page = site.article("en", "index"), site.page("en", "index")
    listed = [link["href"] for link in article.select(".policies > li > p > a")]
    assert listed == order
    captions = [caption.get_text() for caption in article.select(".rubric")]
    assert captions == ["Contracts", "Data"]
    menu = page.select(".sidebar-tree a.reference")
    assert [link["href"] for link in menu] == order
    # The titles of the front matter, which are shorter than the headings.
    assert [link.get_text() for link in menu][2] == "Cookie Notice"
    found = re.findall(
        r'"uri":"([\w-]+\.html)"',
        str(site.page("en", "search").select_one("#search-pages")),
    )
    assert found[1:] == order


def test_menu_marks_what_is_not_translated(changed):
    changed.edit(f"{CATALOGS}/index.po", '"データ"', '""')
    changed.edit(f"{CATALOGS}/cookies.po", '"クッキー通知"', '""')
    result = changed.make("html-ja")
    assert result.returncode == 0, result.stderr
    page = Site(changed.path).page("ja", "terms")
    marked = page.select(".sidebar-tree .untranslated")
    assert [text.get_text() for text in marked] == ["Data", "Cookie Notice"]
    assert {text["lang"] for text in marked} == {"en"}


def test_searched_words_are_marked_in_the_form_that_they_have(constructs, browser):
    """The search knows ① as 1, and leads to a page that has ①."""
    page = browser.new_page()
    page.goto(f"{constructs.html_path('ja', 'terms').as_uri()}?highlight=1が適用")
    page.locator(".hide-matches").wait_for()
    marks = '[...CSS.highlights.get("searched")].map(String)'
    assert page.evaluate(marks) == ["①が適用"]
    page.close()


def test_wide_table_scrolls_on_a_phone(constructs, browser):
    """Japanese, which breaks anywhere, is not squeezed to one letter a line."""
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(constructs.html_path("ja", "terms").as_uri())
    widths = page.evaluate(
        """() => [...document.querySelectorAll("td")].map((cell) =>
            cell.clientWidth / parseFloat(getComputedStyle(cell).fontSize))"""
    )
    assert min(widths) >= 5
    body = page.evaluate("document.documentElement.scrollWidth")
    assert body <= 390
    page.close()


@each_language
def test_code_is_set_in_a_font_for_code(constructs, browser, language):
    page = browser.new_page()
    page.goto(constructs.html_path(language, "terms").as_uri())
    font = "getComputedStyle(document.querySelector('article p code')).fontFamily"
    assert "monospace" in page.evaluate(font)
    page.close()
