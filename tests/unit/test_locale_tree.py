"""Nothing in locale/ is opened, run or followed but what has the name of a catalog."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from policy_site.base import languages, locale_tree
from policy_site.base.errors import UserError
from tests.support import ROOT, copy_repository, use_known_site

CANARY = "canary"


@pytest.fixture
def root(tmp_path):
    """A repository with one document and one language, whose files may be opened."""
    for name in ["source/terms.md", "locale/ja/LC_MESSAGES/terms.po"]:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret").write_text(CANARY)
    return tmp_path


# -- What is no language ---------------------------------------------------------

NO_LANGUAGES = [
    "x;touch${IFS}CANARY;",
    "$(touch CANARY)",
    "`touch CANARY`",
    "|touch CANARY",
    "&touch CANARY",
    ">CANARY",
    "a:b",
    "a=b",
    "a%b",
    "a#b",
    "$(shell touch CANARY)",
    "ja ja",
    "ja\tja",
    "ja\n",
    "\nja",
    "ja;",
    "ja'",
    'ja"',
    "ja\\",
    "*",
    "?",
    "[ja]",
    "-D",
    "--help",
    "ja/../..".replace("/", "\u2215"),
    "\u202eaj",
    "j\u0430",  # a Cyrillic a
    "ｊａ",
    "ja\u200b",
    "\x1b[31mja",
    "\x07",
    "\udcff",
    "xx",
    "japanese",
    "templates",
    "LC_MESSAGES",
    "zh_TW.Big5",
    "C",
    "POSIX",
    "ja_JP.UTF-8",
    "es_XX",
    "123",
    "a" * 200,
]
OTHERWISE_SPELLED = {
    "pt-br": "pt_BR",
    "pt-BR": "pt_BR",
    "PT_br": "pt_BR",
    "zh-tw": "zh_TW",
    "zh_Hant": "zh_TW",
    "zh-Hans": "zh_CN",
    "sr-Latn": "sr@latin",
    "JA": "ja",
    "ja_JP": "ja",
    "iw": "he",
}
ENGLISH = ["en", "EN", "en_US", "en-us"]


def refusal(root):
    with pytest.raises(UserError) as refused:
        locale_tree.check(root)
    return str(refused.value).removeprefix("error: ")


@pytest.mark.parametrize("name", NO_LANGUAGES, ids=ascii)
def test_folder_that_is_no_language_is_named(root, name):
    (root / "locale" / name / "LC_MESSAGES").mkdir(parents=True)
    said = refusal(root)
    assert "this is not the code of a language" in said
    assert said.isprintable() and said.startswith(f"{root}/locale/")


@pytest.mark.parametrize("name", OTHERWISE_SPELLED)
def test_folder_of_a_language_in_another_spelling_is_told_its_name(root, name):
    (root / "locale" / name / "LC_MESSAGES").mkdir(parents=True)
    assert f"/{name}: name this folder {OTHERWISE_SPELLED[name]}" in refusal(root)


@pytest.mark.parametrize("name", ENGLISH)
def test_english_is_that_of_the_sources_alone(root, name):
    (root / "locale" / name / "LC_MESSAGES").mkdir(parents=True)
    assert "the English is that of source/ alone" in refusal(root)


@pytest.mark.parametrize(
    "name", ["pt_BR", "zh_TW", "sr@latin", "fr", "en_GB", "es_419"]
)
def test_language_is_found(root, name):
    (root / "locale" / name).mkdir()
    locale_tree.check(root)
    assert locale_tree.find_languages(root) == ["en", *sorted(["ja", name])]


# -- What is no file of ours ---------------------------------------------------------

PLACES = [
    "locale",
    "locale/ja",
    "locale/ja/LC_MESSAGES",
    "locale/ja/glossary.csv",
    "locale/ja/LC_MESSAGES/terms.po",
    "locale/ja/LC_MESSAGES/sphinx.po",
]
THINGS = {
    "link": lambda path: path.symlink_to(path.parents[-2]),
    "link to a secret": lambda path: path.symlink_to("/etc/passwd"),
    "link to a folder outside": lambda path: path.symlink_to(ROOT),
    "link to nothing": lambda path: path.symlink_to("nowhere"),
    "link to itself": lambda path: path.symlink_to(path.name),
    "link to standard input": lambda path: path.symlink_to("/dev/stdin"),
    "link to the environment": lambda path: path.symlink_to("/proc/self/environ"),
    "link to the zero device": lambda path: path.symlink_to("/dev/zero"),
    "pipe": os.mkfifo,
    "socket": lambda path: socket.socket(socket.AF_UNIX).bind(str(path)),
}


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_file_is_refused_unopened(root, place, thing, monkeypatch):
    path = root / place
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    monkeypatch.chdir(path.parent)
    THINGS[thing](Path(path.name) if thing == "socket" else path)
    said = refusal(root)
    assert said.startswith(f"{path}: this is ")
    assert CANARY not in said and "\n" not in said


@pytest.mark.parametrize("place", PLACES[3:])
def test_folder_in_place_of_a_file_is_refused(root, place):
    (root / place).unlink(missing_ok=True)
    (root / place).mkdir()
    assert refusal(root) == (
        f"{root / place}: this is a folder; "
        "put a file of your own in its place, or delete it"
    )


@pytest.mark.parametrize("place", PLACES[3:])
def test_file_that_is_too_large_is_refused_unopened(root, place):
    with (root / place).open("w") as file:
        file.truncate(10**12)
    assert f"{root / place}: it has 1000000000000 bytes" in refusal(root)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("LC_MESSAGES/term.po", "there is no source/term.md"),
        ("LC_MESSAGES/terms.PO", "nothing reads this"),
        ("LC_MESSAGES/terms.po.txt", "nothing reads this"),
        ("LC_MESSAGES/terms.pot", "nothing reads this"),
        ("LC_MESSAGES/more/terms.po", "nothing reads this"),
        ("LC_MESSAGES/glossary.csv", "nothing reads this"),
        ("terms.po", "nothing reads this"),
        ("glossary.tsv", "nothing reads this"),
        ("Glossary.csv", "nothing reads this"),
        ("lc_messages/terms.po", "nothing reads this"),
    ],
)
def test_misplaced_file_is_named(root, name, said):
    path = root / "locale/ja" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("")
    assert said in refusal(root)


@pytest.mark.parametrize(
    "name", [".terms.po.swp", "terms.po~", ".#terms.po", "terms.mo", ".DS_Store"]
)
def test_what_editors_leave_is_left_alone(root, name):
    (root / "locale/ja/LC_MESSAGES" / name).symlink_to("nowhere")
    locale_tree.check(root)
    assert locale_tree.find_languages(root) == ["en", "ja"]
    paths = locale_tree.catalogs(root, "ja")
    assert [path.name for path in paths] == ["terms.po"]


def test_all_faults_are_named_at_once_and_not_without_end(root):
    for number in range(1000):
        (root / f"locale/{number}").mkdir()
    lines = refusal(root).split("\n")
    assert lines[-1] == "and 980 more" and len(lines) == locale_tree.SHOWN + 1


def test_repository_without_translations_is_english(tmp_path):
    locale_tree.check(tmp_path)
    assert locale_tree.find_languages(tmp_path) == ["en"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_sphinx_by_hand_reads_nothing_of_what_is_refused(tmp_path, language):
    copy_repository(tmp_path)
    use_known_site(tmp_path)
    (tmp_path / "locale/x;touch canary;").mkdir()
    catalog = tmp_path / "locale/ja/LC_MESSAGES/sphinx.po"
    catalog.unlink()
    catalog.symlink_to("/etc/passwd")
    result = subprocess.run(
        [sys.executable, "-m", "sphinx", "-c", ".", "-D", f"language={language}"]
        + ["source", "out"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert result.returncode
    assert "Traceback" not in result.stderr
    assert "locale/x;touch canary;: this is not the code" in result.stderr
    assert f"{catalog}: this is a symbolic link" in result.stderr
    assert "root:" not in result.stdout + result.stderr
    assert not list(tmp_path.rglob("out/*.html"))
    assert not list(tmp_path.rglob(CANARY))


# -- Codes ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "name", "tag", "slug", "forms"),
    [
        ("ja", "ja", "ja", "ja", "nplurals=1; plural=0;"),
        ("pt-br", "pt_BR", "pt-BR", "pt-br", "nplurals=2; plural=(n > 1);"),
        ("zh-Hant", "zh_TW", "zh-TW", "zh-tw", "nplurals=1; plural=0;"),
        ("zh-Hant-HK", "zh_HK", "zh-HK", "zh-hk", "nplurals=1; plural=0;"),
        ("ca@valencia", "ca@valencia", "ca-valencia", "ca-valencia", "nplurals=2"),
        ("sr@latin", "sr@latin", "sr-Latn", "sr-latn", "nplurals=3; plural=(n%10=="),
        ("de_DE", "de_DE", "de-DE", "de-de", "nplurals=2; plural=(n != 1);"),
    ],
)
def test_each_consumer_of_a_code_gets_its_own_spelling(code, name, tag, slug, forms):
    assert languages.canonical(code) == name
    assert languages.canonical(tag) == languages.canonical(slug) == name
    assert (languages.tag(name), languages.slug(name)) == (tag, slug)
    assert languages.plural_forms(name).startswith(forms)
