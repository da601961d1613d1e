"""The guide of translators names remarks by words that remarks have."""

import re
from types import SimpleNamespace

import polib
import pytest

from policy_site.base.errors import UserError
from policy_site.translation import catalogs, glossary, remarks, rules, ui_strings
from tests.support import ROOT

GUIDE = (ROOT / "TRANSLATING.ja.md").read_text(encoding="utf-8")
CATALOG = ROOT / "locale/ja/LC_MESSAGES/remarks.po"
if not CATALOG.is_file():
    pytest.skip("there is no Japanese here", allow_module_level=True)
SAID = [entry.msgstr for entry in polib.pofile(str(CATALOG))]


def quoted_words():
    """Return what is quoted in the first column of the table of remarks."""
    table = GUIDE.split("| 指摘に含まれる言葉 |")[1].split("\n\n")[0]
    cells = [line.split(" | ")[0] for line in table.split("\n")[2:]]
    return [words for cell in cells for words in re.findall("`(.+?)`", cell)]


@pytest.mark.parametrize("words", quoted_words())
def test_words_of_the_guide_are_those_of_a_remark(words):
    parts = [re.escape(part) for part in words.split("…")]
    assert any(re.search(".*".join(parts), said) for said in SAID)


def test_guide_names_all_that_is_translated():
    assert len(quoted_words()) > 10


# -- In the language of the catalog ----------------------------------------------------

MESSAGES = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "An **important** purpose"
msgstr "**重要。**な目的"

msgid "It has 18 pages"
msgstr "冊子です"
""".lstrip()
CONFIG = SimpleNamespace(brands=[], myst_enable_extensions=[])


@pytest.fixture
def catalog(tmp_path):
    """The path of a catalog with two mistakes, and of one with Japanese remarks."""
    path = tmp_path / "ja/LC_MESSAGES/terms.po"
    path.parent.mkdir(parents=True)
    path.write_text(MESSAGES, "utf-8")
    return path, path.with_name("remarks.po")


def problems(path):
    remarks.translations.cache_clear()
    return rules.problems(catalogs.read(path), path, CONFIG)


def test_remarks_speak_the_language_of_the_catalog(catalog):
    path, own = catalog
    english = problems(path)
    assert "write it" in english[1]
    own.write_bytes(CATALOG.read_bytes())
    bold, figure = (said.split('…": ')[1] for said in problems(path))
    assert bold.startswith("原文の太字（ **…** ）がないか、閉じていません。")
    assert "「**重要。**な目的」を「**重要**。な目的」に直してください" in bold
    assert figure.startswith("数字「18」がありません。書き足してください。")
    assert "# ok: 18: 理由" in figure


@pytest.mark.parametrize(
    "row, said",
    [
        ("term,用語,用語", "列が3個あります"),
        ("term,", "言葉のない列"),
        ("term ,用語", "空白"),
        ('"term,用語', "引用符"),
        ("a,用語\nA,語", "2つあります"),
    ],
)
def test_faults_of_a_glossary_are_said_as_those_of_the_catalogs(catalog, row, said):
    path, own = catalog
    own.write_bytes(CATALOG.read_bytes())
    remarks.translations.cache_clear()
    terms = glossary.path_for(path)
    terms.write_text(f"English,Japanese\n{row}\n", "utf-8")
    with pytest.raises(UserError, match=rf"glossary\.csv:\d: .*{said}"):
        glossary.read(terms)


@pytest.mark.parametrize(
    "text", ["no catalog", "", 'msgid "x"\nmsgstr "y"\n', b"\xff\xfe"]
)
def test_remarks_that_are_not_translated_are_english(catalog, text):
    path, own = catalog
    english = problems(path)
    own.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert problems(path) == english


def test_remark_fills_in_its_values_and_does_nothing_else(catalog):
    path, own = catalog
    sentence = "the figure %(words)s is missing; write it"
    own.write_text(f'msgid "{sentence}"\nmsgstr "%(words)s %(x)s %99999999s %(x)9d"\n')
    # A path may have an 18, too.
    [said] = [said for said in problems(path) if "%(x)s" in said]
    assert "18 %(x)s %99999999s %(x)9d" in said


def test_every_sentence_of_ours_is_translated():
    app = SimpleNamespace(confdir=ROOT, config=SimpleNamespace(project="x"))
    sentences = {message.id for message in ui_strings.remarks(app) if message.id}
    assert sentences == remarks.translations(CATALOG).keys()
