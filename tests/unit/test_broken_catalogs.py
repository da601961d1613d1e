"""Whatever a catalog or a glossary holds, it is said in a sentence, and soon."""

import re
from types import SimpleNamespace

import polib
import pytest

from policy_site.base.errors import UserError
from policy_site.translation import catalogs, glossary, rules

HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
)
CONFIG = SimpleNamespace(brands=["IoTone Japan"], myst_enable_extensions=[])
SECRET = "s3cret"


@pytest.fixture
def catalog(tmp_path):
    """A function that writes a catalog and returns its path."""

    def write(text, name="terms", header=HEADER):
        path = tmp_path / f"locale/ja/LC_MESSAGES/{name}.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        data = text if isinstance(text, bytes) else (header + text).encode()
        path.write_bytes(data)
        return path

    return write


# -- What is no catalog ----------------------------------------------------------------

BROKEN = {
    "an unclosed string": f'msgid "{SECRET}\nmsgstr "b"\n',
    "a loose word": f"{SECRET}\n",
    "an escape sequence": f"\x1b[31m{SECRET}\n",
    "an unknown escape": f'msgid "{SECRET}\\q"\nmsgstr ""\n',
    "escapes without an end": 'msgid "' + "\\111" * 5000 + "\n",
    "an obsolete translation of a message": f'msgid "{SECRET}"\n#~ msgstr "b"\n',
    "a translation of an obsolete message": f'#~ msgid "{SECRET}"\nmsgstr "b"\n',
    "an obsolete plural": 'msgid "a"\n#~ msgid_plural "b"\nmsgstr[0] "c"\n',
    "a translation alone": f'msgstr "{SECRET}"\n',
    "two originals": f'msgid "a"\nmsgid "{SECRET}"\n',
    "a form that is no number": 'msgid "a"\nmsgid_plural "b"\nmsgstr[x] "c"\n',
    "a message twice": 'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n',
    "half a file": 'msgid "a"\nmsgstr',
    "a mark of a conflict": f'<<<<<<< HEAD\nmsgid "{SECRET}"\nmsgstr "b"\n',
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_catalog_is_named_with_its_line_and_not_shown(catalog, what):
    path = catalog(BROKEN[what])
    with pytest.raises(UserError) as said:
        catalogs.read(path)
    assert re.match(rf"error: {re.escape(str(path))}:\d+: ", str(said.value))
    assert str(said.value).isprintable() and SECRET not in str(said.value)


@pytest.mark.parametrize("data", [b"\xff\xfe", b"\x00\xff", "テスト".encode("cp932")])
def test_file_that_is_no_text_is_named(catalog, data):
    with pytest.raises(UserError, match=r":1: this is not UTF-8"):
        catalogs.read(catalog(data))


def test_byte_order_mark_is_no_mistake(catalog):
    path = catalog(b"\xef\xbb\xbf" + HEADER.encode() + b'msgid "a"\nmsgstr "b"\n')
    assert [entry.msgstr for entry in catalogs.read(path)] == ["b"]
    assert rules.problems(catalogs.read(path), path, CONFIG) == []


# -- Plurals ---------------------------------------------------------------------------

PLURAL = 'msgid "One."\nmsgid_plural "${n}."\nmsgstr[0] "${n}件"\n'


@pytest.mark.parametrize(
    "forms",
    [
        "nplurals=1; plural=n%%;",
        "nplurals=1; plural=n%0;",
        "nplurals=1; plural=1;",
        "nplurals=2; plural=n;",
        "nplurals=1; plural=;",
        "nplurals=1; plural=(((0;",
        "nplurals=1; plural=0 0;",
        "nplurals=1; plural=" + "(" * 900 + "0" + ")" * 900 + ";",
        "nplurals=2; plural=n != 1;",
    ],
)
@pytest.mark.parametrize("name", ["terms", "sphinx"])
def test_plural_that_cannot_be_told_is_refused(catalog, name, forms):
    path = catalog(PLURAL, name, HEADER.replace("nplurals=1; plural=0;", forms))
    said = rules.problems(catalogs.read(path), path, CONFIG)
    assert any(":1: in the header: " in one for one in said)


def test_plural_without_its_forms_is_refused(catalog):
    header = re.sub(r'"Plural-Forms.*\n', "", HEADER)
    path = catalog(PLURAL, "sphinx", header)
    (said,) = rules.problems(catalogs.read(path), path, CONFIG)
    assert "no Plural-Forms" in said


@pytest.mark.parametrize("forms", ["nplurals = 1; plural = 0", "nplurals=1;plural=0;"])
def test_plural_with_spaces_goes_into_the_script_of_the_search(catalog, forms):
    header = HEADER.replace("nplurals=1; plural=0;", forms)
    path = catalog(PLURAL, "sphinx", header)
    entries = catalogs.read(path)
    assert rules.problems(entries, path, CONFIG) == []
    assert b"(n) => Number(0)" in catalogs.javascript(entries, "ja")


# -- The glossary ----------------------------------------------------------------------

GLOSSARIES = {
    "a row of blanks": "English,Japanese\n , \nthird party,第三者\n",
    "an ending for a term": "English,Japanese\nthird party,する\n",
    "no English": "English,Japanese\n,第三者\n",
    "no translation": "English,Japanese\nthird party,\n",
    "a sign for a translation": "English,Japanese\nthird party,。\n",
    "an invisible translation": "English,Japanese\nthird party,\u200b\n",
    "two spaces inside": "English,Japanese\nthird  party,第三者\n",
    "a space at the end": "English,Japanese\nthird party ,第三者\n",
    "a tab inside": "English,Japanese\nthird\tparty,第三者\n",
    "a stray quotation mark": 'English,Japanese\n"third party,第三者\nconsent,同意\n',
    "a quotation mark inside": 'English,Japanese\nthird "party,第三者\n',
    "text after a quotation": 'English,Japanese\n"third" party,第三者\n',
    "an empty file": "",
    "only headings": "English,Japanese\n",
    "one column": "English\nthird party\n",
    "three columns": "English,Japanese,Note\nthird party,第三者,x\n",
    "semicolons": "English;Japanese\nthird party;第三者\n",
    "an empty line": "English,Japanese\n\nthird party,第三者\n",
    "a term twice": "English,Japanese\nthird party,第三者\nThird Party,他者\n",
    "not UTF-8": "English,Japanese\nthird party,第三者\n".encode("cp932"),
    "a line break in a term": 'English,Japanese\n"third\nparty",第三者\n',
}


@pytest.mark.parametrize("what", GLOSSARIES)
def test_glossary_that_would_check_nothing_is_refused(tmp_path, what):
    path, text = tmp_path / "glossary.csv", GLOSSARIES[what]
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UserError) as said:
        glossary.read(path)
    assert re.match(rf"error: {re.escape(str(path))}:\d+: ", str(said.value))


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_glossary_of_any_program_is_read(tmp_path, start, end):
    lines = [
        start + "English,Japanese",
        "third party,第三者",
        '"consent","同意する"',
        "",
    ]
    path = tmp_path / "glossary.csv"
    path.write_bytes(end.join(lines).encode())
    terms = [(english, word) for _, _, english, word in glossary.read(path)]
    assert terms == [("third party", "第三者"), ("consent", "同意する")]


# -- What is judged --------------------------------------------------------------------


def test_only_what_the_document_has_is_judged_and_used(tmp_path):
    path = tmp_path / "terms.md"
    path.write_text(
        "---\ntitle: 'It''s *ours*'\n---\n# Terms\n\n> A quotation\n> of two lines\n\n"
        "![The *logo* of us](logo.png) [a](b.md)\n\n| a \\| b |\n| - |\n"
    )
    source = catalogs.Source(path)
    for msgid in ["Terms", "A quotation of two lines", "The logo of us", "a | b"]:
        assert source.may_have(msgid), msgid
    assert source.may_have("![The *logo* of us](logo.png) [a](b.md)")
    for msgid in ["Conditions", "[a](c.md)", "Terms[^", "[^[^[^", "*Terms*"]:
        assert not source.may_have(msgid), msgid


class Counting:
    """A parser that counts the characters that it is given."""

    def __init__(self, md):
        self.md, self.count = md, 0

    def parse(self, text):
        self.count += len(text)
        return self.md.parse(text)

    def parseInline(self, text):  # noqa: N802
        self.count += len(text)
        return self.md.parseInline(text)


BUSY = [
    "[^",
    "*_",
    "[",
    "![",
    "`a",
    "<a ",
    "> ",
    "&a",
    "**a",
    "](",
    "$",
    "{",
    "\\[",
    "~~",
]


@pytest.mark.parametrize("piece", BUSY)
def test_hostile_text_is_parsed_no_more_than_an_honest_one(catalog, piece, monkeypatch):
    parsers = []

    def counting(*given, stock=rules.parser_with):
        parsers.append(Counting(stock(*given)))
        return parsers[-1]

    monkeypatch.setattr(rules, "parser_with", counting)
    text = piece * (20_000 // len(piece))
    entry = polib.POEntry(msgid="The purpose of use", msgstr=text)
    path = catalog(str(entry))
    assert rules.problems(catalogs.read(path), path, CONFIG)
    assert sum(parser.count for parser in parsers) < 10_000


def test_remedies_are_not_searched_for_without_end(catalog, monkeypatch):
    tried = []
    monkeypatch.setattr(rules, "mend", lambda message: tried.append(message))
    entries = [
        polib.POEntry(msgid=f"Purpose of use {one}", msgstr=f"# 目的{one}")
        for one in range(5000)
    ]
    path = catalog("\n".join(map(str, entries)))
    said = rules.problems(catalogs.read(path), path, CONFIG)
    assert len(tried) == rules.MOST_PROBLEMS == len(said) - 1
    assert said[-1].endswith("what follows is not judged; mend these first")


def test_hidden_line_ends_are_not_listed_without_end(catalog):
    path = catalog("#" + "\x85" * 100_000 + "\n")
    said = rules.problems(polib.POFile(), path, CONFIG)
    assert len(said) <= rules.MOST_PROBLEMS + 1


def test_strings_of_the_theme_are_not_parsed(catalog, monkeypatch):
    parser = Counting(None)
    monkeypatch.setattr(rules, "parser_with", lambda *_: parser)
    path = catalog('msgid "Search"\nmsgstr "*[検索"\n', "sphinx")
    assert rules.problems(catalogs.read(path), path, CONFIG) == []
    assert parser.count == 0


# -- What is only doubtful -------------------------------------------------------------


@pytest.mark.parametrize(
    ("msgid", "msgstr"),
    [
        ("No information is sold", "情報の販売を行っています"),
        ("Data is sold", "データを販売することはありません"),
        ("We never share it", "共有します"),
        ("It is kept for at most 30 days", "30日以上保存します"),
        ("It is kept for at least 30 days", "30日以内保存します"),
        ("Users under 13", "十三歳以上の方"),
        ("No less than 1,000 yen", "千円以下"),
        ("Users of 18 years or older", "18歳未満の方"),
        ("A *fine* point", "細かな点"),
    ],
)
def test_sentence_that_is_turned_round_or_less_emphatic_is_remarked_on(
    catalog, msgid, msgstr
):
    path = catalog(str(polib.POEntry(msgid=msgid, msgstr=msgstr)))
    (said,) = rules.remarks(catalogs.read(path), path, CONFIG)
    thing = re.search(r"# ok: (.*): the reason", said)[1]
    excused = polib.POEntry(msgid=msgid, msgstr=msgstr, tcomment=f"ok: {thing}: 理由")
    path = catalog(str(excused))
    assert rules.remarks(catalogs.read(path), path, CONFIG) == []


@pytest.mark.parametrize(
    ("msgid", "msgstr"),
    [
        ("No more than 1,000 yen", "千円以下"),
        ("Not less than 1,000 yen", "千円以上"),
        ("Users over 18, or under 13", "18歳以上または13歳未満の方"),
        ("Within 30 days", "30日以内"),
        ("Until at least 2020", "少なくとも2020年まで"),
        (
            "Not for 12 or under; if 13 or older, ask",
            "13歳未満は不可。13歳以上は要確認",
        ),
    ],
)
def test_bound_that_is_kept_is_not_remarked_on(catalog, msgid, msgstr):
    path = catalog(str(polib.POEntry(msgid=msgid, msgstr=msgstr)))
    assert rules.remarks(catalogs.read(path), path, CONFIG) == []


def test_head_of_a_catalog_excuses_remarks_and_nothing_that_stops_a_build(catalog):
    head = "# ok: emphasis: house style\n# ok: 18: house style\n" + HEADER
    fine = polib.POEntry(msgid="A *fine* point of 18", msgstr="細かな点")
    path = catalog(str(fine), header=head)
    entries = catalogs.read(path)
    assert rules.remarks(entries, path, CONFIG) == []
    (said,) = rules.problems(entries, path, CONFIG)
    assert "the figure 18 is missing" in said
