"""No translation breaks, fakes or takes over a page, and no honest one is refused.

``data/hostile.po`` and ``data/honest.po`` hold the translations that are tried, with
``data/glossary.csv`` as their glossary:
to add one, write it there, with a ``#.`` line that says what is tried.
"""

import re
import shutil
import sys
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from policy_site.base import locale_tree
from policy_site.translation import catalogs, characters, reading, rules
from tests.support import DATA, FACTS, ROOT, TRANSLATIONS, run

CONFIG = SimpleNamespace(
    brands=["IoToneAI", "IoTone Japan", "Twitter", "Facebook"],
    myst_enable_extensions=FACTS["myst_enable_extensions"],
)
HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=1; plural=0;\\n"\n'
)
FRENCH = HEADER.replace("nplurals=1; plural=0", "nplurals=2; plural=(n > 1)")
MENDED = re.compile(r'; write "(.*?)" for "(.*?)"(?= \(in the file|$)')
EXCUSE = re.compile(r"# ok: .*: the reason$")


def corpus(name):
    """Return the messages of tests/data/*name*, each as it stands in the file."""
    text = (DATA / name).read_text(encoding="utf-8")
    return [message.strip("\n") for message in text.split("\n\n")[1:]]


def tried(message):
    return re.search(r"^#\. (.*)", message, re.MULTILINE)[1]


HOSTILE = corpus("hostile.po")
HONEST = corpus("honest.po")


def message(msgid, msgstr, *lines):
    """Return a message as it stands in a PO file."""

    def quoted(text):
        return catalogs.polib.escape(text)

    return "\n".join([*lines, f'msgid "{quoted(msgid)}"', f'msgstr "{quoted(msgstr)}"'])


@pytest.fixture(scope="module")
def problems(tmp_path_factory):
    """A function that returns the problems of a catalog of some messages."""
    root = tmp_path_factory.mktemp("locale")

    def judge(*messages, header=HEADER, language="ja", domain="policy"):
        if 'msgctxt "theme"' in "".join(messages):
            domain = "sphinx"
        path = root / language / "LC_MESSAGES" / f"{domain}.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join([header, *messages]) + "\n", encoding="utf-8")
        if language == "ja":
            shutil.copy(ROOT / "tests/data/glossary.csv", path.parents[1])
        return rules.problems(catalogs.read(path), path, CONFIG)

    return judge


# -- The corpus ----------------------------------------------------------------


@pytest.mark.parametrize("message", HOSTILE, ids=tried)
def test_attack_is_refused(problems, message):
    assert problems(message)


@pytest.mark.parametrize("message", HONEST, ids=tried)
def test_honest_translation_passes(problems, message):
    assert problems(message) == []


def test_our_own_catalogs_pass():
    config = SimpleNamespace(**FACTS)
    paths = [path for code in TRANSLATIONS for path in locale_tree.catalogs(ROOT, code)]
    for path in paths:
        assert rules.problems(catalogs.read(path), path, config) == []


def test_enough_is_tried(capsys):
    with capsys.disabled():
        print(f"\n{len(HOSTILE)} attacks stopped, {len(HONEST)} honest texts passed")
    assert len(HOSTILE) >= 400
    assert len(HONEST) >= 240


# -- In a build ----------------------------------------------------------------

CONF = """
import sys

sys.path.insert(0, {root!r})
extensions = [
    "myst_parser",
    "policy_site.text.placeholders",
    "policy_site.translation.catalogs",
]
languages = ["en", "ja"]
language = "ja"
locale_dirs = ["locale"]
brands = {brands!r}
gettext_compact = smartquotes = html_permalinks = False
html_theme = "basic"
"""


class Project:
    """A small documentation project whose catalogs the guard checks."""

    def __init__(self, path):
        self.path = path
        self.folder = path / "locale/ja/LC_MESSAGES"
        self.folder.mkdir(parents=True)
        (path / "source").mkdir()
        conf = CONF.format(root=str(ROOT), brands=CONFIG.brands)
        (path / "conf.py").write_text(conf, encoding="utf-8")

    def write(self, domain, messages, source):
        (self.path / f"source/{domain}.md").write_text(source, encoding="utf-8")
        (self.folder / f"{domain}.po").write_text(
            "\n\n".join([HEADER, *messages]) + "\n", encoding="utf-8"
        )

    def build(self, builder="html"):
        return run(
            *(sys.executable, "-m", "sphinx", "-c", ".", "-b", builder, "-q"),
            *("source", "out"),
            cwd=self.path,
        )

    def texts(self, page, selector):
        html = (self.path / f"out/{page}.html").read_text(encoding="utf-8")
        body = BeautifulSoup(html, "html.parser").select_one("div.body")
        return [" ".join(node.get_text().split()) for node in body.select(selector)]


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


MYST = create_md_parser(MdParserConfig(), RendererHTML)


def reader_sees(msgstr):
    """Return what a reader sees of *msgstr*: its text, without the marks."""
    inline = MYST.parse(msgstr)[1]
    kinds = ("text", "code_inline")
    seen = "".join(t.content for t in inline.children if t.type in kinds)
    return " ".join(seen.split())


def entries(messages, tmp_path):
    path = tmp_path / "entries.po"
    path.write_text("\n\n".join([HEADER, *messages]), encoding="utf-8")
    return catalogs.read(path)


def assert_translated(project, messages):
    """Assert that each is translated, as a paragraph and as a heading."""
    found = entries(messages, project.path)
    plain = [e for e in found if MYST.parse(e.msgid)[0].type == "paragraph_open"]
    paragraphs = "\n\n".join(entry.msgid for entry in plain)
    headings = "\n\n".join(f"## {entry.msgid}" for entry in found)
    project.write("index", messages, f"# Index\n\n{paragraphs}\n")
    project.write("headings", messages, f"# Headings\n\n{headings}\n")
    result = project.build()
    assert result.returncode == 0, result.stderr
    for seen, wanted in [
        (project.texts("index", "p"), plain),
        (project.texts("headings", "h2"), found),
    ]:
        assert len(seen) == len(wanted)
        for text, entry in zip(seen, wanted, strict=True):
            assert reader_sees(entry.msgstr) in text


def test_every_honest_translation_is_on_the_page(project):
    messages = [text for text in HONEST if 'msgctxt "theme"' not in text]
    assert_translated(project, messages)


@pytest.mark.parametrize("builder", ["html", "latex"])
def test_nothing_of_any_attack_runs_or_is_built(project, builder):
    theme = [text for text in HOSTILE if 'msgctxt "theme"' in text]
    attacks = [text for text in HOSTILE if text not in theme]
    # A catalog is judged by what its document has.
    judged = entries(
        [text for text in attacks if "msgid_plural" not in text], project.path
    )
    source = "\n\n".join(entry.msgid for entry in judged)
    project.write("index", attacks, f"# Index\n\n{source}\n")
    project.write("sphinx", theme, "")
    result = project.build(builder)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert not list((project.path / "out").rglob("*.html"))
    assert not list((project.path / "out").rglob("*.tex"))
    assert not list(project.path.rglob("*canary*"))
    assert "root:" not in result.stdout + result.stderr


# -- What the messages say -----------------------------------------------------


def test_problem_names_file_line_words_fault_and_remedy(problems):
    before = message("Menu", "メニュー", "# A comment")
    wrong = 'msgid ""\n"Purpose "\n"of use"\nmsgstr "1. 目的"'
    (said,) = problems(before, wrong)
    assert re.match(r'/.*/ja/LC_MESSAGES/policy\.po:14: "Purpose of use…": ', said)
    assert said.endswith(
        'it would become a numbered list, not a paragraph; write "1\\. 目的" for "1. 目的" '
        '(in the file itself: "1\\\\. 目的")'
    )


def test_problems_of_one_kind_are_one_line_with_count_words_and_column(problems):
    (lost,) = problems(message("Call 18 or 30", "お電話を"))
    assert '…" 2×: the figure 18, 30 is missing; write it, or say' in lost
    assert problems(message("Call 18 or 30", "お電話を", "# ok: 18, 30: 略")) == []
    wrong = message("Go", '"今"\u200bすぐ、Evil.exampleか、evil.testへ')
    hidden, there = problems(wrong)
    assert "2×: evil.example, evil.test is not in the msgid; take it out" in there
    line = wrong.split("\n")[-1]
    for said, words in [(hidden, "\u200b"), (there, "Evil.example")]:
        assert re.search(rf'policy.po:\d+:{line.index(words) + 1}: "Go…"', said)


def test_all_problems_are_named_at_once(problems):
    said = problems(message("Purpose", "1. 目的"), message("Head", "# 見出し"))
    assert ["Purpose" in said[0], "Head" in said[1]] == [True, True]


def test_problem_is_one_line_and_shows_what_is_invisible(problems):
    for said in problems(*[text for text in HOSTILE if "theme" not in text]):
        assert not any(characters.is_invisible(" ", character) for character in said)


def test_what_is_not_used_is_not_judged(problems):
    fuzzy = message("Head", "# 見出し", "#, fuzzy")
    obsolete = '#~ msgid "Foot"\n#~ msgstr "# 足"'
    assert problems(fuzzy, obsolete, message("Menu", "")) == []


MENDS = {
    "1. 目的": "1\\. 目的",
    "- 目的": "\\- 目的",
    "* 目的": "\\* 目的",
    "# 目的": "\\# 目的",
    "> 目的": "\\> 目的",
    "% 目的": "\\% 目的",
    "    目的": "目的",
    "(目的)=": "\\(目的)=",
    "[目的]: x": "\\[目的]: x",
    "<b>目的": "\\<b>目的",
    "目的[^1]": "目的\\[^1]",
    "目的::": "目的:\\:",
    "目的 #noqa": "目的 \\#noqa",
}
STRONG_MENDS = {
    "**重要。**次": "**重要**。次",
    "次に**「重要」**を": "次に「**重要**」を",
    "「次」**「重要」と「注意」**を": "「次」 **「重要」と「注意」** を",
    "次に**（重要）**。": "次に（**重要**）。",
    "次に** 重要 **を": "次に**重要**を",
    "次に__重要__を": "次に**重要**を",
    "次に＊＊重要＊＊を": "次に**重要**を",
    "次に＊＊「重要」＊＊を": "次に「**重要**」を",
}


@pytest.mark.parametrize(
    ("msgid", "wrong", "right"),
    [("Purpose", *pair) for pair in MENDS.items()]
    + [("An **important** purpose", *pair) for pair in STRONG_MENDS.items()]
    + [("A *fine* point", "次に*「点」*を", "次に「*点*」を")]
    + [("Type `yes`", "｀yes｀と入力", "`yes`と入力")]
    + [
        (
            "See [us](https://a.jp/)",
            "［当社］（https://a.jp/）",
            "[当社](https://a.jp/)",
        )
    ],
)
def test_remedy_is_the_one_that_works(problems, msgid, wrong, right):
    (said,) = problems(message(msgid, wrong))
    new, old = MENDED.search(said).groups()
    assert wrong.count(old) == 1
    assert wrong.replace(old, new) == right
    assert problems(message(msgid, right)) == []


def test_every_remedy_is_on_the_page(project):
    """Also those for what the page of an attack would then show as text."""
    pairs = [("Purpose of ", right) for right in MENDS.values()]
    pairs += [("An **important** purpose ", right) for right in STRONG_MENDS.values()]
    letters = "abcdefghijklmnopqrstuvwxyz"
    assert_translated(
        project,
        [
            message(msgid + letter, right)
            for letter, (msgid, right) in zip(letters, pairs, strict=False)
        ],
    )
    strong = project.texts("index", "strong")
    assert strong == ["重要", "重要", "「重要」と「注意」", *["重要"] * 5]


@pytest.mark.parametrize("text", HOSTILE, ids=tried)
def test_tried_remedy_and_given_comment_make_the_attack_pass(problems, text):
    """What a message tells to write, and how to say why not, is what it takes."""
    said = problems(text)
    excuses = [match[0] for match in map(EXCUSE.search, said) if match]
    if len(excuses) == len(said):
        comments = [excuse.replace("the reason", "理由") for excuse in excuses]
        without = re.sub(r"^# ok:.*\n", "", text, flags=re.MULTILINE)
        assert problems("\n".join([*comments, without])) == []
    elif len(said) == 1 and (mend := MENDED.search(said[0])):
        new, old = map(catalogs.polib.escape, mend.groups())
        head, msgstr = text.split("msgstr ")
        assert problems(f"{head}msgstr {msgstr.replace(old, new, 1)}") == []


@pytest.mark.parametrize(
    ("msgid", "wrong", "remedy", "right"),
    [
        ("{{ updated }}", "更新", "write {{ updated }}", "{{ updated }}"),
        ("Call us", "{{ contact.phone }}", "take it out", "電話"),
        ("Type `yes`", "yesと入力", "write `yes`", "`yes`と入力"),
        (
            "See [us](https://a.jp/)",
            "当社",
            "write […](https://a",
            "[当社](https://a.jp/)",
        ),
        ("Read **it**", "それ", "write **…**", "**それ**"),
        ("Less", "&#x3c;です", "write &lt;", "&lt;です"),
        ("Joined", "見え\u200bない", "take it out", "見えない"),
        ("One line", "一\n行", "write it in one line", "一行"),
        ("Blank", " ", "translate it, or leave msgstr empty", ""),
        ("Personal data", "個人情報", "write 個人データ", "個人データ"),
        ("On Twitter", "ツイッターで", "write it, spelled like this", "Twitterで"),
        ("18 years", "成年", "the figure 18 is missing; write it", "18歳"),
    ],
)
def test_other_remedies_work_too(problems, msgid, wrong, remedy, right):
    assert remedy in " ".join(problems(message(msgid, wrong)))
    assert problems(message(msgid, right)) == []


# -- Beyond the messages -------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        HEADER.replace("plural=0", "plural=alert(1)"),
        HEADER.replace("plural=0", "plural=n;fetch('//evil.example')"),
        HEADER.replace("UTF-8", "UTF-7"),
        HEADER + '"content-type: text/plain; charset=UTF-7\\n"\n',
        HEADER + '"plural-forms: nplurals=1; plural=this;\\n"\n',
        HEADER.replace("Content-Type", "X-Type"),
        HEADER + '\nmsgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-7\\n"\n',
        HEADER + "# comment\u2028# hidden\n",
    ],
)
def test_header_that_runs_or_disguises_something_is_refused(problems, header):
    assert problems(message("Menu", "メニュー"), header=header)


@pytest.mark.parametrize(
    "plural",
    [
        "nplurals=2; plural=n != 1;",
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 ? 1 : 2);",
    ],
)
def test_plural_forms_of_other_languages_pass(problems, plural):
    header = HEADER.replace("nplurals=1; plural=0;", plural)
    assert problems(message("Menu", "Menu"), header=header) == []


@pytest.mark.parametrize(
    ("language", "msgid", "msgstr"),
    [
        ("fr", "1,000 yen by Jan 28, 2025", "1 000 yens avant le 28 janvier 2025"),
        ("fr", "1,000 users", "1\u202f000 personnes"),
        ("fr", "50% of 1.5 million", "50 % de 1,5 million"),
        ("fr", "5 million users", "5 millions de personnes"),
        ("de", "1,000.50 on May 3, 2025", "1.000,50 am 03.05.2025"),
        ("es", "Since 28 January 2025", "Desde el 28 de enero de 2025"),
        ("zh-cn", "18 years", "十八岁"),
        ("ko", "Jan 28, 2025", "2025년 1월 28일"),
        ("fr", "It held on {{ updated }}. The end", "Vu le {{ updated }}. La fin"),
        ("de", "Version 1.2 of May 3, 2025", "Version 1.2 vom 3. Mai 2025"),
        ("pt-br", "The most is $500 of it", "O limite é de US$ 500,00 disso"),
        ("pt-br", "It is free. With it", "É gratuito. Com uma assinatura"),
        (
            "fr",
            "See [us](https://a.fr/). We act",
            "Voir [nous](https://a.fr/). On agit",
        ),
        ("hi", "Law", "क्\u200dष"),
        ("fa", "I want", "می\u200cخواهم"),
    ],
)
def test_other_languages_write_figures_their_way(problems, language, msgid, msgstr):
    assert problems(message(msgid, msgstr), language=language) == []


def test_plural_form_for_one_need_not_name_the_number(problems):
    text = (
        'msgctxt "theme"\nmsgid "One page."\nmsgid_plural "${n} pages."\n'
        'msgstr[0] "Une page."\nmsgstr[1] "${n} pages."'
    )
    french = {"language": "fr", "header": FRENCH}
    assert problems(text, **french) == []
    assert problems(text.replace("${n} pages.", "Des pages.", 2), **french) == []
    assert problems(text.replace('msgstr[1] "${n}', 'msgstr[1] "Des'), **french)


# -- Whatever a translator may do ----------------------------------------------


@settings(max_examples=400, deadline=None)
@given(st.from_regex(reading.PLAIN, fullmatch=True))
def test_text_that_is_not_parsed_is_read_as_myst_reads_it(text):
    known = reading.Reading(reading.parse(text, None))
    underlined = MYST.parse(f"{text}\n{'=' * 2 * len(text)}")
    assert vars(known) == vars(reading.Reading(MYST.parse(text)))
    assert known.texts == reading.Reading(underlined).texts
    assert reading.Reading(underlined).blocks == rules.HEADING


PLACEHOLDER = re.compile(r"\{\{.*?\}\}")
MARKER = re.compile(r"\*\*|`|\]\(")


@pytest.fixture(scope="module")
def valid(tmp_path_factory):
    messages = [text for text in HONEST if 'msgctxt "theme"' not in text]
    return entries(messages, tmp_path_factory.mktemp("valid"))


many = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.mark.parametrize(
    "wrong", ["{{contact.email}}", "{{ メール }}", "｛｛ contact.email ｝｝"]
)
def test_misspelt_placeholder_is_one_remark(problems, wrong):
    right = "{{ contact.email }}"
    [said] = problems(message(f"Write to {right}.", f"{wrong}へご連絡ください。"))
    assert f"{wrong} is no value; write {right}" in said


@many
@given(data=st.data())
def test_altered_placeholder_is_refused(problems, valid, data):
    entry = data.draw(st.sampled_from([e for e in valid if "{{" in e.msgid]))
    found = data.draw(st.sampled_from(list(PLACEHOLDER.finditer(entry.msgstr))))
    whole, inside = found[0], st.integers(1, len(found[0]) - 1)
    at, letter = data.draw(inside), data.draw(st.characters(codec="utf-8"))
    other = data.draw(st.from_regex(r"[a-z_.]{1,12}", fullmatch=True))
    changed = data.draw(
        st.sampled_from(
            [
                "",
                whole * 2,
                whole[:at] + letter + whole[at:],
                whole[:at] + whole[at + 1 :],
                whole[:at] + letter + whole[at + 1 :],
                f"{{{{ {other} }}}}",
                whole.replace(" ", ""),
                whole.upper(),
                whole.replace("{{", "{\\{"),
                whole.replace("}}", "&#125;}"),
            ]
        )
    )
    msgstr = entry.msgstr[: found.start()] + changed + entry.msgstr[found.end() :]
    assume(msgstr not in (entry.msgstr, entry.msgid))
    assert refused(problems, entry, msgstr)


@many
@given(data=st.data())
def test_marker_too_few_is_refused(problems, valid, data):
    entry = data.draw(st.sampled_from([e for e in valid if MARKER.search(e.msgstr)]))
    found = data.draw(st.sampled_from(list(MARKER.finditer(entry.msgstr))))
    msgstr = entry.msgstr[: found.start()] + entry.msgstr[found.end() :]
    assert refused(problems, entry, msgstr)


@many
@given(data=st.data())
def test_marker_too_many_is_refused(problems, valid, data):
    entry = data.draw(st.sampled_from([e for e in valid if e.msgstr != e.msgid]))
    start = data.draw(st.integers(0, len(entry.msgstr) - 1))
    end = data.draw(st.integers(start + 1, len(entry.msgstr)))
    before, after = data.draw(
        st.sampled_from([("**", "**"), ("`", "`"), ("[", "](https://evil.example)")])
    )
    text = entry.msgstr
    marked = before + text[start:end] + after
    assume(not rules.ADDED.fullmatch(marked))
    msgstr = text[:start] + marked + text[end:]
    # ``a`` is `a`.
    assume(MYST.render(msgstr) != MYST.render(text))
    assert refused(problems, entry, msgstr)


def refused(problems, entry, msgstr):
    """Return whether *msgstr* is a problem, or already no valid PO."""
    try:
        return problems(message(entry.msgid, msgstr))
    except SystemExit:
        return True
