"""What a pull request has to mend and changes is on one page, which nothing breaks."""

import subprocess

import pytest
from bs4 import BeautifulSoup

from tools import summary
from tools.summary import Finding

CATALOG = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Be kind."
msgstr "{kind}"

msgid "Write to <b>us</b>."
msgstr "<script>\\n\\n# 見出し</script>@somebody"
""".lstrip()


@pytest.fixture
def catalog(tmp_path, monkeypatch):
    """The path of a catalog in a repository, whose last commit is a merge of it."""
    path = tmp_path / "locale/ja/LC_MESSAGES/terms.po"
    path.parent.mkdir(parents=True)
    git = ["git", "-C", tmp_path, "-c", "user.name=x", "-c", "user.email=x@example.jp"]
    subprocess.run([*git, "init", "--quiet"], check=True)
    for kind in ["親切にしてください。", "丁寧にしてください。"]:
        path.write_text(CATALOG.format(kind=kind), "utf-8")
        subprocess.run([*git, "add", "."], check=True)
        subprocess.run([*git, "commit", "--quiet", "-m", kind], check=True)
    monkeypatch.setattr(summary, "ROOT", tmp_path)
    monkeypatch.delenv("GITHUB_EVENT_NAME", raising=False)
    return path


def cells(page):
    soup = BeautifulSoup(page, "html5lib")
    return [[cell.get_text() for cell in row("td")] for row in soup("tr")[1:]]


def test_each_finding_is_beside_its_message(catalog):
    found = [Finding(catalog, 5, "be <kinder>"), Finding(None, 0, "no network")]
    assert cells(summary.page(found, ["ja"])) == [
        [
            "locale/ja/LC_MESSAGES/terms.po:5",
            "Be kind.",
            "丁寧にしてください。",
            "be <kinder>",
        ],
        ["", "", "", "no network"],
    ]


def test_change_of_the_english_is_marked_where_the_translation_is_fuzzy(catalog):
    fuzzy = '#, fuzzy\n#| msgid "Be nice."\nmsgid "Be kind."'
    text = catalog.read_text("utf-8").replace('msgid "Be kind."', fuzzy)
    catalog.write_text(text, "utf-8")
    page = summary.page([Finding(catalog, 7, "fuzzy")], ["ja"])
    assert "<td>Be <del>nice</del><ins>kind</ins>.</td>" in page


def test_nothing_of_a_catalog_is_markup(catalog):
    page = summary.page([Finding(catalog, 8, "![x](https://example.com/)")], ["ja"])
    [row] = cells(page)
    assert row[1:3] == ["Write to <b>us</b>.", "<script> # 見出し</script>@somebody"]
    # An empty line would end the HTML, and GitHub calls whom it finds after an @.
    [line] = [line for line in page.split("\n") if "<table>" in line]
    assert "</table>" in line and "@" not in line
    assert "<script" not in page


def test_pull_request_shows_what_it_changes(catalog, monkeypatch):
    assert "<ins>" not in summary.page([], ["ja"])
    monkeypatch.setenv("GITHUB_EVENT_NAME", "pull_request")
    page = summary.page([], ["ja"])
    assert cells(page) == [["Be kind.", "親切丁寧にしてください。"]]
    assert "<del>親切</del><ins>丁寧</ins>" in page


def test_catalog_that_cannot_be_read_is_no_message(catalog, monkeypatch):
    catalog.write_text('msgid "', "utf-8")
    monkeypatch.setenv("GITHUB_EVENT_NAME", "pull_request")
    assert cells(summary.page([Finding(catalog, 1, "not valid PO")], ["ja"])) == [
        ["locale/ja/LC_MESSAGES/terms.po:1", "", "", "not valid PO"]
    ]


def test_page_is_never_larger_than_github_takes(catalog):
    page = summary.page([Finding(None, 0, "a" * 1000)] * 1000, ["ja"])
    assert len(page) < 1000
    assert "1000 to mend" in page
