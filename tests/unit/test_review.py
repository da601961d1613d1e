"""A lawyer reviews both languages side by side, in a page or a sheet, and answers.

The tests bring a policy of their own, with a translation in each state.
"""

import re
import shutil
import zipfile

import openpyxl
import pytest
from bs4 import BeautifulSoup

from policy_site.base.errors import UserError
from policy_site.translation import catalogs
from policy_site.versions import frozen, seal
from tests.support import ROOT, Checkout, run
from tools import review, sheets

POLICY = """---
title: Terms
updated: 2026-02-03
---

(terms)=
# Terms of Use

Since {{ updated }}: *be* **kind** to any `data controller`.

(asking)=
## Whom to ask

Write to {{ contact.email }}, or see [the site](https://example.com/).

=1+1 is a formula.

A changed sentence.

Nobody translated this.

| Thing | Kept for |
|-------|----------|
| Logs  | 30 days  |
"""
CATALOG = r"""
# The terms.
msgid ""
msgstr ""
"Language: ja\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=1; plural=0;\n"

msgid "Terms"
msgstr "規約"

# As the English has it.
msgid "Terms of Use"
msgstr "ご利用規約"

msgid "Since {{ updated }}: *be* **kind** to any `data controller`."
msgstr "{{ updated }}: `data controller` に *必ず* **親切に** 。データ管理者。"

msgid "Whom to ask"
msgstr "お問い合わせ先"

#, python-format
msgid "Write to {{ contact.email }}, or see [the site](https://example.com/)."
msgstr "{{ contact.email }}にご連絡になるか、[サイト](https://example.com/)をご覧ください。"

msgid "=1+1 is a formula."
msgstr "=1+1は数式です。"

# First note.
#
# Second note.
#, fuzzy
#| msgid "A sentence."
msgid "A changed sentence."
msgstr "<b>一つの</b> **文** <script>alert(1)</script>\a"

msgid "Nobody translated this."
msgstr ""

msgid "Thing"
msgstr "もの"
msgid "Kept for"
msgstr "保存期間"
msgid "Logs"
msgstr "ログ"
msgid "30 days"
msgstr "30日間"

#~ msgid "Nobody wants this."
#~ msgstr "不要"
""".lstrip()
PATH = "locale/ja/LC_MESSAGES/terms.po"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the repository with the policy, and its tables for reviewers."""
    checkout = Checkout(tmp_path_factory.mktemp("review"))
    checkout.write("source/terms.md", POLICY)
    checkout.write(PATH, CATALOG)
    checkout.write(
        "locale/ja/glossary.csv", "English,Japanese\ndata controller,データ管理者\n"
    )
    result = checkout.make("review-ja")
    assert result.returncode == 0, result.stderr
    written = ["build/review/ja.html", "build/review/ja.xlsx"]
    assert result.stdout.split()[-2:] == written
    return checkout


@pytest.fixture(scope="module")
def page(checkout):
    html = (checkout.path / "build/review/ja.html").read_text(encoding="utf-8")
    return BeautifulSoup(html, "html5lib")


@pytest.fixture
def sheet(checkout):
    """The sheet of the terms, to be answered and saved."""
    book = openpyxl.load_workbook(checkout.path / "build/review/ja.xlsx")
    return book["terms"]


@pytest.fixture
def restored(checkout):
    """The repository, whose catalog is as it was after the test."""
    yield checkout
    checkout.write(PATH, CATALOG)


def rows(page):
    """Return the cells of each row of the table of the terms."""
    return [
        [cell.get_text().strip() for cell in row.find_all("td")]
        for row in page.select("#terms tbody tr")
    ]


def row_of(sheet, english):
    return next(
        number
        for number in range(2, sheet.max_row + 1)
        if sheet.cell(number, 3).value == english
    )


def answer(checkout, sheet, answers, name="reviewed.xlsx"):
    """Save *sheet* with *answers*, (English, values), and take it back."""
    for english, values in answers:
        for column, value in enumerate(values, start=6):
            sheet.cell(row_of(sheet, english), column).value = value
    path = checkout.path / name
    sheet.parent.save(path)
    return checkout.make("review-ja", f"FROM={path}")


# -- The table -----------------------------------------------------------------


def test_rows_are_in_the_order_of_the_page_and_as_readers_see_them(page):
    email = r"\S+@\S+?"
    expected = [
        ("Terms", "規約"),
        ("Terms of Use #terms", "ご利用規約"),
        (
            "Since Feb 3, 2026: be kind to any data controller.",
            "2026年2月3日: data controller に 必ず 親切に 。データ管理者。",
        ),
        ("Whom to ask #asking", "お問い合わせ先"),
        (
            f"Write to {email}, or see the site.",
            f"{email}にご連絡になるか、サイトをご覧ください。",
        ),
        (r"=1\+1 is a formula.", r"=1\+1は数式です。"),
        (
            "A changed sentence.",
            r"<b>一つの</b> 文 <script>alert\(1\)</script>\\a",
        ),
        ("Nobody translated this.", ""),
        *[("Thing", "もの"), ("Kept for", "保存期間")],
        *[("Logs", "ログ"), ("30 days", "30日間")],
    ]
    found = rows(page)
    assert [row[0] for row in found] == [str(n + 1) for n in range(len(expected))]
    for row, (english, japanese) in zip(found, expected, strict=True):
        assert re.fullmatch(english, row[2])
        assert re.fullmatch(japanese, row[3])


def test_state_is_said_in_words_and_shown_in_colour(page):
    states = {row[2]: row[1] for row in rows(page)}
    assert states["A changed sentence."] == "要確認"
    assert states["Nobody translated this."] == "未訳"
    assert {states["Thing"], states["Whom to ask #asking"]} == {"翻訳済み"}
    assert len(page.select("#terms tr.fuzzy, #terms tr.missing")) == 2


def test_values_terms_and_markup_can_be_seen(page):
    def found(selector):
        return [node.get_text() for node in page.select(f"#terms {selector}")]

    assert {"Feb 3, 2026", "2026年2月3日"} <= set(found(".value"))
    assert found(".strong") == ["kind", "親切に", "文"]
    assert found(".em") == ["be", "必ず"]
    assert found(".link") == ["the site", "サイト"]
    # In code, too, and once on the other side.
    assert found(".term") == ["data controller", "データ管理者"]


def test_notes_of_translators_are_beside_their_message(page):
    notes = {row[2]: row[4] for row in rows(page)}
    assert notes["A changed sentence."] == "First note.\n\nSecond note."
    assert notes["Terms of Use #terms"] == "As the English has it."


def test_nothing_of_a_catalog_is_code_in_the_page(page):
    assert not page.find_all("script")
    assert page.find("meta", {"http-equiv": "Content-Security-Policy"})


def test_languages_are_marked_for_screen_readers(page):
    for row in page.select("#terms tbody tr"):
        assert [cell.get("lang") for cell in row("td")][2:4] == ["en", "ja"]


def test_words_around_the_policies_are_reviewed_too(page):
    assert page.select("#sphinx tbody tr")


# -- The sheet -----------------------------------------------------------------


def test_sheet_has_the_rows_of_the_page(page, sheet):
    assert [sheet.cell(n, 1).value for n in range(2, sheet.max_row + 1)] == [
        int(row[0]) for row in rows(page)
    ]
    for number, row in enumerate(rows(page), start=2):
        assert sheet.cell(number, 2).value == row[1]
        assert sheet.cell(number, 3).value == row[2].partition(" #")[0]
        assert (sheet.cell(number, 4).value or "") == row[3]


def test_no_cell_is_a_formula(sheet):
    number = row_of(sheet, "=1+1 is a formula.")
    for column in (3, 4):
        assert sheet.cell(number, column).data_type == "s"
        # It stays text when one edits it.
        assert sheet.cell(number, column).quotePrefix
    assert not any(cell.data_type == "f" for row in sheet for cell in row)


def test_sheet_is_ready_to_read_and_print(sheet):
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.column_dimensions["I"].hidden
    assert all(cell.alignment.wrap_text for row in sheet for cell in row)


# -- The way back --------------------------------------------------------------


def test_only_comments_come_back(restored, sheet):
    sheet.cell(row_of(sheet, "Terms of Use"), 4).value = "別の訳"
    result = answer(
        restored,
        sheet,
        [
            ("Terms of Use", ["題は\n「利用規約」で。", "見本 花子", "2026-03-01"]),
            ("A changed sentence.", ["ok: A changed: no excuse"]),
            ("Kept for", ["期間ですか。"]),
        ],
    )
    assert (result.returncode, result.stderr) == (0, "")
    now = (restored.path / PATH).read_text(encoding="utf-8")
    added = [line for line in now.split("\n") if line.startswith("# review: ")]
    assert added == [
        "# review: 題は 「利用規約」で。 (見本 花子, 2026-03-01)",
        "# review: ok: A changed: no excuse",
        "# review: 期間ですか。",
    ]
    assert "".join(re.split(r"# review: .*\n", now)) == CATALOG
    notes = {
        entry.msgid: entry.tcomment for entry in catalogs.read(restored.path / PATH)
    }
    assert notes["Terms of Use"].endswith("3-01)")
    assert notes["A changed sentence."].startswith("First note.\n\nSecond note.\nrev")
    assert notes["Kept for"] == "review: 期間ですか。"


def test_taking_it_back_twice_changes_nothing(restored, sheet):
    answers = [("Logs", ["何のログですか。", "見本 花子"]), ("Thing", ["物？"])]
    answer(restored, sheet, answers)
    once = (restored.path / PATH).read_bytes()
    assert answer(restored, sheet, answers).returncode == 0
    assert (restored.path / PATH).read_bytes() == once
    assert once.count(b"# review: ") == 2


def test_line_ends_of_windows_stay(restored, sheet):
    windows = CATALOG.replace("\n", "\r\n").encode()
    (restored.path / PATH).write_bytes(windows)
    answer(restored, sheet, [("Logs", ["何のログですか。"])])
    now = (restored.path / PATH).read_bytes()
    assert now.replace("# review: 何のログですか。\r\n".encode(), b"") == windows != now


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('msgid "Logs"', 'msgid "Records"'),
        ('msgstr "ログ"', 'msgstr "記録"'),
        ('msgid "Logs"\nmsgstr "ログ"\n', ""),
    ],
    ids=["English changed", "translation changed", "gone"],
)
def test_comment_whose_message_changed_is_listed_and_not_lost(
    restored, sheet, old, new
):
    restored.edit(PATH, old, new)
    before = (restored.path / PATH).read_text(encoding="utf-8")
    result = answer(restored, sheet, [("Logs", ["何の？"]), ("Thing", ["物？"])])
    assert result.returncode != 0
    assert re.search(r"terms, row \d+: Logs\n +何の？", result.stdout)
    now = (restored.path / PATH).read_text(encoding="utf-8")
    assert now.replace("# review: 物？\n", "") == before != now


def test_rows_may_be_sorted_and_columns_added(restored, sheet):
    sheet.cell(row_of(sheet, "Logs"), 6).value = "何の？"
    sheet.move_range(f"A{row_of(sheet, 'Logs')}:I{row_of(sheet, 'Logs')}", rows=20)
    sheet.insert_cols(3)
    sheet.parent.save(restored.path / "sorted.xlsx")
    result = restored.make("review-ja", f"FROM={restored.path / 'sorted.xlsx'}")
    assert result.returncode == 0, result.stderr
    assert "# review: 何の？" in (restored.path / PATH).read_text(encoding="utf-8")


def test_open_comments_are_listed_and_stop_a_release(restored, sheet):
    untranslated = 'msgid "Nobody translated this."\nmsgstr "'
    restored.edit(PATH, untranslated, f"{untranslated}誰も訳しませんでした。")
    restored.edit(PATH, "#, fuzzy\n", "")
    restored.edit(PATH, r"<b>一つの</b> **文** <script>alert(1)</script>\a", "一つの文")
    command = ["-m", "tools.build", "--build", "build/release", "-D"]
    python = str(ROOT / ".venv/bin/python")

    def release():
        return run(python, *command, "release_build=1", "preview-ja", cwd=restored.path)

    assert release().returncode == 0
    restored.edit(PATH, 'msgid "Logs"', '# review: 何のログですか。\nmsgid "Logs"')
    result = release()
    assert result.returncode != 0
    assert re.search(r"terms\.po:\d+: review: 何のログですか。", result.stderr)
    # An obsolete message is nobody's.
    restored.edit(PATH, "# review: 何のログですか。\n", "")
    restored.edit(PATH, "#~ msgid", "# review: 何の？\n#~ msgid")
    assert release().returncode == 0


# -- Sheets from strangers -----------------------------------------------------


@pytest.fixture
def refused(restored):
    """A function that checks that a sheet is refused, and nothing of it taken."""

    def refuse(path):
        with pytest.raises(UserError) as error:
            sheets.read(path, ["コメント"], ["お名前"], ["日付"])
        message = str(error.value)
        assert str(path) in message
        assert "Nothing was taken from it." in message
        return message

    return refuse


def saved(sheet, tmp_path):
    path = tmp_path / "stranger.xlsx"
    sheet.parent.save(path)
    return path


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('=HYPERLINK("https://example.com","x")', "cell F2: a formula"),
        ("=1+1", "a formula"),
        ("right\u202eleft", "U\\+202E, RIGHT-TO-LEFT OVERRIDE"),
        ("zero\u200bwidth", "U\\+200B"),
        ("x" * 3000, "more than 2000 characters"),
    ],
)
def test_comment_that_is_no_plain_text_is_refused(
    sheet, tmp_path, refused, value, said
):
    sheet["F2"] = value
    assert re.search(said, refused(saved(sheet, tmp_path)))


def test_link_in_a_cell_is_not_followed(sheet, tmp_path):
    sheet["F2"] = "see there"
    sheet["F2"].hyperlink = "https://example.com/"
    sheet["B3"] = '=WEBSERVICE("https://example.com/")'
    (answer,) = sheets.read(saved(sheet, tmp_path), ["コメント"], ["お名前"], ["日付"])
    assert answer.comment == "see there"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda sheet: sheet.delete_cols(9), "hidden last column was deleted"),
        (lambda sheet: sheet.delete_rows(1), "row 1 is not that of a sheet"),
        (lambda sheet: sheet.delete_cols(6), "no column is named"),
        (lambda sheet: sheet.cell(20_000, 1, "x"), "over 10000 rows"),
    ],
    ids=["no identity", "no head", "no comments", "rows"],
)
def test_sheet_of_another_shape_is_refused(sheet, tmp_path, refused, change, said):
    change(sheet)
    assert said in refused(saved(sheet, tmp_path))


def replace_part(path, name, content):
    """Replace what the part *name* of the workbook *path* holds."""
    with zipfile.ZipFile(path) as old:
        parts = {part: old.read(part) for part in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part, held in {**parts, name: content}.items():
            new.writestr(part, held)


SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<sheetData><row r="1"><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData>
</worksheet>"""


@pytest.mark.parametrize(
    ("part", "content", "said"),
    [
        ("xl/media/bomb", b"\0" * 60_000_000, "unpacked, it is larger"),
        (SHEET, LAUGHS, "damaged"),
        (SHEET, b"<worksheet", "damaged"),
        ("[Content_Types].xml", b"<x/>", "damaged"),
    ],
    ids=["zip bomb", "entities", "half a sheet", "no types"],
)
def test_hostile_workbook_is_refused(sheet, tmp_path, refused, part, content, said):
    # It is what refuses entities.
    assert openpyxl.DEFUSEDXML
    path = saved(sheet, tmp_path)
    replace_part(path, part, content)
    assert path.stat().st_size < 200_000
    assert said in refused(path)


@pytest.mark.parametrize("content", [b"", b"a,b,c\n", b"PK\x03\x04 and nothing more"])
def test_file_that_is_no_workbook_is_refused(tmp_path, refused, content):
    path = tmp_path / "stranger.xlsx"
    path.write_bytes(content)
    assert "save it as .xlsx" in refused(path)


def test_missing_sheet_is_named(checkout):
    result = checkout.make("review-ja", "FROM=nowhere.xlsx")
    assert result.returncode != 0
    assert "nowhere.xlsx: there is no such file" in result.stderr
    assert "Traceback" not in result.stderr


def test_language_without_a_translation_is_named(checkout):
    result = checkout.make("review-fr")
    assert result.returncode != 0
    assert "no translation 'fr'" in result.stderr


# -- What changed since the last published version -----------------------------


def publish(checkout, texts):
    """Put a version of the terms into the archive, of the blocks of each language."""
    version = checkout.path / "archive/terms/2026-01-01"
    version.mkdir(parents=True)
    for language, blocks in texts.items():
        fields = {"policy": "terms", "version": "2026-01-01", "language": language}
        text = frozen.Text({**fields, "title": blocks[0].text}, tuple(blocks))
        (version / f"{language}.md").write_text(frozen.write(text), "utf-8")
    (version / seal.NAME).write_text(seal.sums(version / seal.NAME, None), "utf-8")


ENGLISH = ["=1+1 is a formula.", "This went."]
JAPANESE = ["=1+1は旧式の数式でした。", "これは消えました。"]


def test_what_changed_since_the_last_published_version_is_marked(restored):
    def blocks(title, sentence, cells):
        heading = frozen.Block("heading", title, depth=1, section="terms")
        sentences = [
            frozen.Block("paragraph", text, section="terms") for text in sentence
        ]
        return [heading, *sentences, frozen.Block("header", cells, section="terms")]

    publish(
        restored,
        {
            "en": blocks("Terms of Use", ENGLISH, "Thing\tKept for"),
            "ja": blocks("ご利用規約", JAPANESE, "もの\t保存期間"),
        },
    )
    assert restored.make("review-ja").returncode == 0
    html = (restored.path / "build/review/ja.html").read_text(encoding="utf-8")
    page = BeautifulSoup(html, "html5lib")
    same = {
        row.find_all("td")[2].get_text().partition(" #")[0].strip()
        for row in page.select("#terms tbody tr:not(.changed)")
    }
    assert same == {"Terms of Use", "Thing", "Kept for"}
    [formula] = [row for row in page.select("#terms tr") if "=1+1" in row.text]
    assert [cell.decode_contents().strip() for cell in formula.select("td[lang]")] == [
        '=1+1 is a formula.\n<del class="del">This went.</del>',
        '=1+1は<del class="del">旧式の</del>数式<del class="del">でした</del>'
        '<ins class="ins">です</ins>。\n<del class="del">これは消えました。</del>',
    ]
    sheet = openpyxl.load_workbook(restored.path / "build/review/ja.xlsx")["terms"]
    assert "=1+1は旧式の数式でしたです。\nこれは消えました。" in [
        cell.value for cell in sheet["D"]
    ]
    # What was never published has not changed.
    assert page.select("#terms tr.changed")
    assert not page.select("#sphinx tr.changed")
    assert page.select_one("input[type=checkbox]")
    shutil.rmtree(restored.path / "archive")
    assert restored.make("review-ja").returncode == 0
    html = (restored.path / "build/review/ja.html").read_text(encoding="utf-8")
    assert not BeautifulSoup(html, "html5lib").select("input, tr.changed")


def test_translation_that_is_gone_is_struck_out_in_its_own_row():
    texts = {"A": [("甲", [])], "B": []}
    table = review.Table(
        "terms",
        "Terms",
        [
            review.Row(1, "text", "", [(english, [])], text, "done", "", "")
            for english, text in texts.items()
        ],
    )
    review.mark_column(table, "translation", ["甲", "乙"], set())
    assert [row.translation for row in table.rows] == [[("甲", [])], [("乙", ["del"])]]
    assert [row.changed for row in table.rows] == [False, True]
