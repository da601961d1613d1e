"""What stops a PDF is said of the text, with its file and line and what to do."""

import pytest

from tools import latex_log

LOG = """This is LuaHBTeX
Overfull \\hbox (3.1pt too wide) in paragraph at lines 3--4
Overfull \\hbox (58.5pt too wide) in paragraph at lines 6--7
[]\\TU/texgyretermes(0)/m/n/10 A-very-long-word
Overfull \\vbox (80.2pt too high) has occurred while \\output is active
Missing character: There is no 𓀀 (U+13000) in font [HaranoAji]:!
! LaTeX Error: Too deeply nested.

See the LaTeX manual
l.8 \\begin{itemize}
! LaTeX Error: File `x.sty' not found.
l.1 \\usepackage
!  ==> Fatal error occurred, no output PDF file produced!
"""
TEX = """\\begin{document}

\\sphinxAtStartPar
Short.
\\sphinxAtStartPar
Averylongword of a \\sphinxstyleemphasis{text} & more
\\item {}
Nested words
"""
SOURCE = "# T\n\nNested words\n\nAverylongword of a *text*\n\nThe 𓀀\n"


@pytest.fixture
def faults(tmp_path):
    """What is said of these files in English and in Japanese."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source/terms.md").write_text(SOURCE, encoding="utf-8")
    catalog = tmp_path / "locale/ja/LC_MESSAGES/terms.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text('msgid "a"\nmsgstr "Nested words"\n', encoding="utf-8")
    for language in ("en", "ja"):
        path = tmp_path / f"iotone-terms-{language}.log"
        path.write_text(LOG, encoding="utf-8")
        path.with_suffix(".tex").write_text(TEX, encoding="utf-8")
    return {
        language: latex_log.faults(tmp_path, language, tmp_path)
        for language in ("en", "ja")
    }


@pytest.mark.parametrize(
    "where, said",
    [
        ("source/terms.md:5:", "58.5 pt longer than the page is wide"),
        ("source/terms.md:1:", "row of a table is 80.2 pt higher than a page"),
        ("source/terms.md:7:", "the character 𓀀 (U+13000)"),
        ("source/terms.md:3:", "deeper than LaTeX can; take a level out"),
        ("source/terms.md:1:", "LaTeX says: LaTeX Error: File `x.sty' not found."),
    ],
)
def test_fault_is_named_with_the_line_of_the_source(faults, where, said):
    assert any(fault.startswith(where) and said in fault for fault in faults["en"])


def test_line_that_nobody_sees_is_too_long_is_no_fault(faults):
    assert len(faults["en"]) == 5
    assert not any("3.1 pt" in fault for fault in faults["en"])


def test_translation_is_named_with_the_line_of_the_catalog(faults):
    (nested,) = (fault for fault in faults["ja"] if "take a level out" in fault)
    assert nested.startswith("locale/ja/LC_MESSAGES/terms.po:2:")
