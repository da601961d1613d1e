"""Each PDF is one for archives and for screen readers, as veraPDF sees it.

PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1); PDF/A-2u where it has no tags.
"""

import re
import sys

import pikepdf
import pytest
from pikepdf import Array, AttachedFileSpec, Dictionary, Name

from tests.support import LANGUAGES, POLICIES, run


def validate(*paths):
    return run(sys.executable, "-m", "tools.verapdf", *map(str, paths))


def test_every_pdf_is_valid(site):
    paths = [site.pdf_path(each, policy) for policy in POLICIES for each in LANGUAGES]
    result = validate(*paths)
    assert result.returncode == 0, result.stdout + result.stderr
    for path in paths:
        with pikepdf.open(path) as pdf:
            tagged = "/StructTreeRoot" in pdf.Root
        for standard in ["PDF/A-2a", "PDF/UA-1"] if tagged else ["PDF/A-2u"]:
            assert f"{path}: {standard}, " in result.stdout


# -- The validator finds what breaks a rule ----------------------------------------


def font(pdf):
    """Return a font of the first page, as the dictionaries of it and of its glyphs."""
    for font in pdf.pages[0].resources["/Font"].values():
        if "/DescendantFonts" in font:
            return font, font["/DescendantFonts"][0]


def claim_nothing(pdf):
    with pdf.open_metadata() as metadata:
        del metadata["pdfaid:part"]


def drop_the_output_intent(pdf):
    del pdf.Root["/OutputIntents"]


def drop_a_font(pdf):
    del font(pdf)[1]["/FontDescriptor"]["/FontFile3"]


def drop_the_text_of_glyphs(pdf):
    del font(pdf)[0]["/ToUnicode"]


def widen_glyphs(pdf):
    font(pdf)[1]["/W"] = Array([0, 60000, 7])


def hide_a_link(pdf):
    next(link for page in pdf.pages for link in page.get("/Annots", []))["/F"] = 2


def run_a_script(pdf):
    pdf.Root["/OpenAction"] = Dictionary(S=Name.JavaScript, JS="app.beep()")


def attach_a_text(pdf):
    pdf.attachments["a.txt"] = AttachedFileSpec(pdf, b"a", filename="a.txt")


def blend_as_nobody_knows(pdf):
    pdf.pages[0].resources["/ExtGState"]["/Odd"] = Dictionary(BM=Name("/Odd"))
    pdf.pages[0].contents_add(b"/Odd gs", prepend=True)


def describe_no_link(pdf):
    for page in pdf.pages:
        for link in page.get("/Annots", []):
            del link["/Contents"]


def name_no_language(pdf):
    del pdf.Root["/Lang"]


def show_no_title(pdf):
    pdf.Root["/ViewerPreferences"]["/DisplayDocTitle"] = False


def call_it_untagged(pdf):
    pdf.Root["/MarkInfo"]["/Marked"] = False


BROKEN = {
    claim_nothing: "6.6.4",
    drop_the_output_intent: "6.2.4.3",
    drop_a_font: "6.2.11.4.1",
    drop_the_text_of_glyphs: "6.2.11.7.2",
    widen_glyphs: "6.2.11.5",
    hide_a_link: "6.3.2",
    run_a_script: "6.5.1",
    attach_a_text: "6.8",
    blend_as_nobody_knows: "6.2.10",
}
# Of PDF/UA-1.
BROKEN_TAGS = {
    describe_no_link: "7.18.5",
    name_no_language: "7.2",
    show_no_title: "7.1",
    call_it_untagged: "6.2",
}


def test_validator_names_the_broken_clause(known_site, tmp_path):
    """Of a PDF that is valid but for one thing; one run, as Java starts slowly."""
    valid = known_site.pdf_path("en", "privacy-policy")
    with pikepdf.open(valid) as pdf:
        pdf.save(tmp_path / "encrypted.pdf", encryption=pikepdf.Encryption(owner="a"))
        tagged = "/StructTreeRoot" in pdf.Root
    archival = "PDF/A-2a" if tagged else "PDF/A-2u"
    expected = {"encrypted": (archival, "6.1.3")}
    expected |= {each.__name__: (archival, clause) for each, clause in BROKEN.items()}
    if tagged:
        expected |= {
            each.__name__: ("PDF/UA-1", clause) for each, clause in BROKEN_TAGS.items()
        }
    for damage in [*BROKEN, *(BROKEN_TAGS if tagged else [])]:
        with pikepdf.open(valid) as pdf:
            damage(pdf)
            pdf.save(tmp_path / f"{damage.__name__}.pdf")
    result = validate(*sorted(tmp_path.glob("*.pdf")))
    assert result.returncode == 1
    for name, (standard, clause) in expected.items():
        path = tmp_path / f"{name}.pdf"
        assert f"{path}: {standard}, clause {clause}: " in result.stdout, name
        assert not re.search(rf"{path}: {standard}, \d+ checks", result.stdout)


# -- What the standard leaves open -------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("policy", POLICIES)
def test_properties_and_metadata_say_the_same(site, language, policy):
    """Viewers show one or the other (ISO 19005-2, 6.6.3, lets them differ)."""
    with pikepdf.open(site.pdf_path(language, policy)) as pdf:
        info = pdf.docinfo
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == str(info["/Title"])
            assert metadata["dc:creator"] == [str(info["/Author"])]
            assert metadata["pdf:Producer"] == str(info["/Producer"])
            assert metadata["xmp:CreatorTool"] == str(info["/Creator"])
            for name, key in {
                "CreateDate": "CreationDate",
                "ModifyDate": "ModDate",
            }.items():
                date = str(info[f"/{key}"])
                digits = "".join(filter(str.isdigit, metadata[f"xmp:{name}"]))
                assert date == f"D:{digits}Z"
