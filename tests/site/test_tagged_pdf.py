"""A screen reader finds in each PDF the headings, lists, tables and links of its page.

veraPDF (test_pdf_archival.py) cannot say so: it accepts a PDF without any heading, and
one whose text became an artifact, which is not read aloud.
"""

import re
import shutil
from itertools import product

import pikepdf
import pytest

from policy_site.base.languages import tag
from tests.support import (
    KNOWN_LANGUAGES,
    LANGUAGES,
    POLICIES,
    ROOT,
    Checkout,
    Site,
    date_of,
    title_of,
)
from tests.tags import Page, lines, tagged_pdf, words

DATA = ROOT / "tests/data"


@pytest.fixture(scope="session")
def constructs(tmp_path_factory):
    """Return the pages and PDFs of a policy with everything that one may have."""
    checkout = Checkout(tmp_path_factory.mktemp("constructs") / "checkout")
    shutil.copy2(DATA / "constructs.md", checkout.path / "source")
    shutil.copy2(DATA / "constructs.po", checkout.path / "locale/ja/LC_MESSAGES")
    shutil.copy2(ROOT / "_static/favicon.png", checkout.path / "source/house.png")
    result = checkout.make("html", "latexpdf")
    assert result.returncode == 0, result.stdout + result.stderr
    return Site(checkout.path)


DOCUMENTS = [*product(LANGUAGES, POLICIES), *product(KNOWN_LANGUAGES, ["constructs"])]


@pytest.fixture(params=DOCUMENTS, ids="-".join)
def document(request):
    return request.param


@pytest.fixture
def language(document):
    return document[0]


@pytest.fixture
def policy(document):
    return document[1]


@pytest.fixture
def built(request, policy):
    return request.getfixturevalue("constructs" if policy == "constructs" else "site")


@pytest.fixture
def page(built, language, policy):
    return Page(built.article(language, policy))


@pytest.fixture
def pdf(built, language, policy):
    return tagged_pdf(built, language, policy)


def without_hyphens(text):
    """Remove hyphens: TeX breaks words with some."""
    return re.sub("[-\u00ad]", "", text)


def test_pdf_has_the_structure_of_the_page(built, page, pdf, language):
    title, *text = page.structure[1]
    names = built.facts["company"]
    company = names.get(language, names["en"])
    label, [first, second, *rest] = pdf.structure
    assert [first, second] == [("P", [company]), title]
    found, expected = lines((label, rest)), lines((label, text))
    assert [*map(without_hyphens, found)] == [*map(without_hyphens, expected)]
    assert pdf.language == tag(language)
    assert pdf.unread == set()


def without_numbers(entries):
    """Return entries of the contents without their page numbers."""
    for label, [(paragraph, [link, number]), *inner] in entries:
        assert number.strip().isdigit()
        nested = [(toc, list(without_numbers(parts))) for toc, parts in inner]
        yield label, [(paragraph, [link]), *nested]


def test_contents_of_a_long_policy_lead_to_the_sections(checkout):
    checkout.edit(
        "latex/policy.sty", r"\PreviousTotalPages>6", r"\PreviousTotalPages>1"
    )
    result = checkout.make("html-en", "latexpdf-en")
    assert result.returncode == 0, result.stdout + result.stderr
    built = Site(checkout.path)
    pdf = tagged_pdf(built, "en", "privacy-policy")
    article = built.article("en", "privacy-policy")
    expected = []
    for section in article.select("section section:has(> h2)"):
        nested = section.select("h3")
        entry = entry_for(section.h2)
        if nested:
            entry[1].append(("TOC", [entry_for(heading) for heading in nested]))
        expected.append(entry)
    [toc] = [parts for label, parts in pdf.structure[1] if label == "TOC"]
    assert list(without_numbers(toc)) == expected
    assert re.fullmatch(rf"\.+1/{len(pdf.artifacts)}", pdf.artifacts[0])


def entry_for(heading):
    title = title_of(heading)
    return "TOCI", [("P", [(f"Link to {title!r}", [title])])]


def test_table_that_goes_on_is_one_table_and_loses_nothing(checkout):
    words = " ".join(["word"] * 60)
    rows = [f"| Item {n} | {words if n % 3 else 'Short'} end{n} |" for n in range(40)]
    table = "\n".join(["| Name | What it is |", "|---|---|", *rows])
    checkout.write(
        "source/fees.md",
        "---\ntitle: Fees\nupdated: 2026-01-31\n---\n\n"
        f"(fees)=\n# Fees\n\nAll of them.\n\n{table}\n\nThat is all.\n",
    )
    result = checkout.make("html-en", "latexpdf-en")
    assert result.returncode == 0, result.stdout + result.stderr
    built = Site(checkout.path)
    pdf = tagged_pdf(built, "en", "fees")
    title, *text = Page(built.article("en", "fees")).structure[1]
    label, [_company, found, *rest] = pdf.structure
    assert found == title
    assert lines((label, rest)) == lines((label, text))
    assert len(pdf.artifacts) > 3
    # Its head is there again on each page, and is read aloud once.
    assert all("What it is" in artifact for artifact in pdf.artifacts[1:])


def test_place_of_a_picture_on_its_page_is_known(constructs):
    tagged_pdf(constructs, "en", "constructs")
    with pikepdf.open(constructs.pdf_path("en", "constructs")) as pdf:
        figures = [
            one
            for one in pdf.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
        ]
        assert figures
        for figure in figures:
            left, bottom, right, top = map(int, figure.A.BBox)
            assert 0 < left < right < 595 and 0 < bottom < top < 842


def test_artifacts_are_headers_and_footers(page, pdf):
    [title] = [words(parts) for label, parts in page.structure[1] if label == "H1"]
    date = date_of(page.article)
    for number, artifact in enumerate(pdf.artifacts, start=1):
        header = "" if number == 1 else title + date
        assert artifact == f"{header}{number}/{len(pdf.artifacts)}"


def test_links_say_their_words(built, language, policy, pdf):
    assert pdf.links or not built.article(language, policy).select("a.external")
    for link, description in pdf.links:
        assert without_hyphens(link) == without_hyphens(description)


def test_notes_can_be_told_apart(pdf):
    assert len(set(pdf.notes)) == len(pdf.notes)


# -- Nothing depends on it ---------------------------------------------------------


@pytest.mark.parametrize(
    "old, new, reason",
    [
        (
            r"\edef\policy@reason{\fmtversion/",
            r"\edef\policy@reason{x",
            "was not tried",
        ),
        (r"#1\@item{\everypar}", r"#1\@item{\changed}", r"\@item has changed"),
        ("% -- Headings", "\\errmessage{wrong}\n% -- Headings", "TeX stops with them"),
    ],
    ids=["another TeX", "another command", "an error"],
)
def test_pdf_is_built_without_tags_where_they_may_be_wrong(checkout, old, new, reason):
    checkout.edit("latex/policytags.sty", old, new)
    result = checkout.make("latexpdf-en")
    assert result.returncode == 0, result.stdout + result.stderr
    [line] = [line for line in result.stdout.splitlines() if "tags" in line]
    assert line.startswith("latexpdf-en: no tags for screen readers: ")
    assert reason in line
    path = Site(checkout.path).pdf_path("en", "privacy-policy")
    with pikepdf.open(path) as pdf, pdf.open_metadata() as metadata:
        assert "/StructTreeRoot" not in pdf.Root
        assert metadata.pdfa_status == "2U"
        assert "pdfuaid:part" not in metadata


def test_picture_without_words_is_refused(checkout):
    shutil.copy2(ROOT / "_static/favicon.png", checkout.path / "source/house.png")
    policy = checkout.path / "source/privacy-policy.md"
    checkout.write(
        "source/privacy-policy.md", policy.read_text() + "\n![](house.png)\n"
    )
    line = policy.read_text().count("\n")
    for target in ["html-en", "latexpdf-en"]:
        result = checkout.make(target)
        assert result.returncode != 0
        assert f"privacy-policy.md:{line}: " in result.stderr
        assert "an image without words" in result.stderr
