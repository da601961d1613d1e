"""Comparisons: what a careful editor marks, the whole of both texts, in few steps."""

import itertools
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policy_site.versions import comparison, frozen, redline, terminal
from policy_site.versions.frozen import Block
from tests.data import redlines
from tests.unit.test_frozen import texts

ROOT = Path(__file__).resolve().parents[2]

CASES = {
    **redlines.JAPANESE,
    **{f"{name} (en)": one for name, one in redlines.ENGLISH.items()},
}


def compare(old, new):
    """Return the comparison of two plain texts in wdiff's form."""
    return terminal.show_text(old, new)


def blocks(*paragraphs, section=""):
    return [Block("paragraph", text, section=section) for text in paragraphs]


def section(name, *paragraphs):
    """Return a section with a heading and paragraphs."""
    heading = Block("heading", f"The heading of {name}", depth=2, section=name)
    return [heading, *blocks(*paragraphs, section=name)]


# -- As an editor would ------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_a_redline_is_that_of_a_careful_editor(name):
    redline = CASES[name]
    assert compare(redlines.old(redline), redlines.new(redline)) == redline


@pytest.mark.parametrize("name", CASES)
def test_the_way_back_is_marked_in_the_same_places(name):
    marks = re.compile(r"\[-.*?-\]|\{\+.*?\+\}", re.DOTALL)
    there = CASES[name]
    back = compare(redlines.new(there), redlines.old(there))
    assert len(marks.findall(back)) == len(marks.findall(there))


def test_a_link_that_leads_elsewhere_is_a_change():
    old = [Block("paragraph", "Ask us here.", (frozen.Span(7, 11, "link", "#old"),))]
    new = [Block("paragraph", "Ask us here.", (frozen.Span(7, 11, "link", "#new"),))]
    (row,) = comparison.compare(old, new)
    assert terminal.show_row(row) == "Ask us [-[here](#old)-]{+[here](#new)+}."


# -- Both texts, whole -------------------------------------------------------------

plain = st.text("aZ 9,.、。は第条個人情報がを\n", max_size=60)


def of(rows, side):
    """Return the blocks of the "old" or the "new" text that *rows* hold, in order."""
    elsewhere = {"old": ["moved"], "new": ["left", "removed"]}[side]
    found = [getattr(row, side) for row in rows if row.how not in elsewhere]
    return [block for block in found if block]


@settings(max_examples=300, deadline=None)
@given(plain, plain)
@example("Z", "Z.Z")
@example("Z.Z", "Z")
def test_old_and_new_wording_are_whole(old, new):
    words = [redline.tokens(text) for text in (old, new)]
    ops = redline.compare_tokens(*words)
    assert "".join(text for kind, text in ops if kind != "+") == old
    assert "".join(text for kind, text in ops if kind != "-") == new


@settings(max_examples=150, deadline=None)
@given(texts(), st.randoms(use_true_random=False))
def test_every_block_of_both_texts_is_there_whatever_moved(text, random):
    old = list(text.blocks)
    by_section = [
        list(group) for _, group in itertools.groupby(old, lambda one: one.section)
    ]
    random.shuffle(by_section)
    new = [one for group in by_section for one in group if random.random() > 0.2]
    new = [
        replace(one, text=one.text + "新") if random.random() < 0.3 else one
        for one in new
    ]
    rows = comparison.compare(old, new)
    assert of(rows, "old") == old
    assert of(rows, "new") == new
    for row in rows:
        assert "".join(part for kind, part in row.ops if kind != "+") == (
            row.old.text if row.old else ""
        )
        assert "".join(part for kind, part in row.ops if kind != "-") == (
            row.new.text if row.new else ""
        )


@settings(max_examples=300, deadline=None)
@given(plain, plain)
def test_no_mark_begins_or_ends_inside_a_word(old, new):
    for side, skipped in ((old, "+"), (new, "-")):
        words = [redline.tokens(text) for text in (old, new)]
        ends = set(itertools.accumulate(map(len, redline.words(side)))) | {0}
        ops = [text for kind, text in redline.compare_tokens(*words) if kind != skipped]
        assert set(itertools.accumulate(map(len, ops))) <= ends


@pytest.mark.parametrize(
    "word",
    [
        *("2026年4月1日", "令和8年4月1日", "April 1, 2026", "2026-04-01"),
        *("1,000.50", "14.6%", "+81-3-1234-5678"),
        *("https://example.jp/a-b?c=1", "a.b@example.jp", "third-party", "user’s"),
        *("プライバシー", "行います", "定める", "受け取る", "または"),
    ],
)
def test_a_date_a_number_an_address_or_a_word_is_one(word):
    assert word in redline.words(
        f"、{word}、" if not word.isascii() else f"to {word} or"
    )


# -- Sections, items, moves --------------------------------------------------------

OLD = [
    *section(
        "a", "What stays here, in a.", "Another paragraph that is long enough to know."
    ),
    *section("b", "The text of b is here, and long enough to be known again."),
    *section("c", "The text of c is here."),
]


def hows(rows):
    return [(row.how, (row.new or row.old).text) for row in rows if row.how != "same"]


def test_a_section_that_moved_is_one_change():
    a, b, c = OLD[:3], OLD[3:5], OLD[5:]
    rows = comparison.compare(OLD, [*b, *a, *c])
    assert [row.how for row in rows] == ["moved"] * 2 + ["same"] * 3 + ["left"] * 2 + [
        "same"
    ] * 2
    assert {row.number for row in rows} == {0, 1}


def test_a_change_inside_of_what_moved_is_shown():
    changed = [replace(OLD[4], text=OLD[4].text.replace("long", "short"))]
    rows = comparison.compare(OLD, [OLD[3], *changed, *OLD[:3], *OLD[5:]])
    moved = next(row for row in rows if row.new == changed[0])
    assert (moved.how, moved.old) == ("moved", OLD[4])
    assert ("-", "long") in moved.ops


def test_a_paragraph_that_went_to_another_section_has_moved():
    new = [*OLD[:2], *OLD[3:5], replace(OLD[2], section="b"), *OLD[5:]]
    rows = comparison.compare(OLD, new)
    assert hows(rows) == [("left", OLD[2].text), ("moved", OLD[2].text)]
    assert {row.number for row in rows if row.number} == {1}


def test_a_new_section_and_one_that_is_gone_are_one_change_each():
    new = [*OLD[:3], *section("d", "One.", "Two."), *OLD[5:]]
    rows = comparison.compare(OLD, new)
    assert max(row.number for row in rows) == 2
    assert [row.how for row in rows] == [
        *["same"] * 3, "added", "added", "added", "removed", "removed", *["same"] * 2,
    ]  # fmt: skip


def test_a_heading_with_another_text_is_the_same_section():
    new = [replace(OLD[0], text="Another title"), *OLD[1:]]
    assert hows(comparison.compare(OLD, new)) == [("changed", "Another title")]


def test_items_that_are_numbered_anew_have_not_changed():
    old = [Block("paragraph", text, path=(f"{n}.",)) for n, text in enumerate("ab", 1)]
    new = [Block("paragraph", text, path=(f"{n}.",)) for n, text in enumerate("xab", 1)]
    assert hows(comparison.compare(old, new)) == [("added", "x")]


def test_a_table_changes_cell_by_cell():
    old, new = (
        [Block("row", "Cookies\t30 days\tyes")],
        [Block("row", "Cookies\t90 days\tyes")],
    )
    (row,) = comparison.compare(old, new)
    assert terminal.show_row(row) == "Cookies | [-30-]{+90+} days | yes"


def test_changes_have_the_same_numbers_in_every_language():
    # Alike in English and not in Japanese, and only one of them changed.
    english = blocks("We keep it for a year.", "We use cookies.", "Ask us.")
    japanese = blocks("1年間保存します。", "Cookieを使用します。", "お尋ねください。")
    english_new = blocks("We keep it for two years.", "We use cookies.", "Do ask us.")
    japanese_new = blocks(
        "保管の期間は二年です。", "Cookieを使用します。", "お尋ねください。"
    )
    pair, other = (english, english_new), (japanese, japanese_new)
    rows = comparison.compare(*pair, others=[other])
    others = comparison.compare(*other, others=[pair])
    assert [(row.how, row.number) for row in rows] == [
        (row.how, row.number) for row in others
    ]


def test_what_moved_is_the_same_in_every_language():
    # One section is the longer one in English, the other one in Japanese.
    english = [*section("a", "Short."), *section("b", "A longer text, in English.")]
    japanese = [
        *section("a", "日本語では、こちらのほうが長い文です。"),
        *section("b", "短文"),
    ]
    pairs = [(text, [*text[2:], *text[:2]]) for text in (english, japanese)]
    rows = comparison.compare(*pairs[0], others=[pairs[1]])
    others = comparison.compare(*pairs[1], others=[pairs[0]])
    assert [row.how for row in rows] == [row.how for row in others]


# -- In few steps ------------------------------------------------------------------


def test_a_long_text_takes_steps_in_proportion_to_it(monkeypatch):
    def work(paragraphs, changes=20):
        """Return how often two blocks, and two words, were compared."""
        counted = Counter()
        for module, name in [(comparison, "_likeness"), (redline, "weight")]:
            real = getattr(module, name)

            def counting(*arguments, real=real, name=name):
                counted[name] += 1
                return real(*arguments)

            monkeypatch.setattr(module, name, counting)
        old = [
            f"Paragraph {n} says that {n * 7} of {n * 3} people agree."
            for n in range(paragraphs)
        ]
        new = list(old)
        for n in range(0, paragraphs, paragraphs // changes):
            new[n] = new[n].replace("agree", "disagree")
        rows = comparison.compare(blocks(*old), blocks(*new))
        assert sum(row.how == "changed" for row in rows) == changes
        monkeypatch.undo()
        return counted

    small, large = work(200), work(2000)
    assert large["_likeness"] <= small["_likeness"] == 20
    assert large["weight"] <= small["weight"] * 1.1


def test_a_text_in_which_every_paragraph_changed_is_still_compared_near_its_place(
    monkeypatch,
):
    asked = Counter()
    real = comparison._likeness
    monkeypatch.setattr(
        comparison, "_likeness", lambda *pair: asked.update(["asked"]) or real(*pair)
    )
    old = blocks(*(f"Paragraph {n} says old things." for n in range(1000)))
    new = blocks(*(f"Paragraph {n} says new things." for n in range(1000)))
    rows = comparison.compare(old, new)
    assert all(row.how == "changed" for row in rows)
    assert asked["asked"] <= 20 * len(old)


# -- On the command line -----------------------------------------------------------


@pytest.fixture
def old_and_new(tmp_path):
    """Two frozen texts that differ in a number."""
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    start = "---\ntitle: Terms\n---\n\n(terms)=\n# Terms\n\n"
    old.write_text(f"{start}We keep it for 30 days.\n")
    new.write_text(f"{start}We keep it for 90 days.\n")
    return old, new


def run_tool(*arguments, cwd):
    command = [sys.executable, ROOT / "tools/compare.py", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True)


def test_the_tool_prints_a_block_a_paragraph_wherever_it_is_called(
    old_and_new, tmp_path
):
    for folder in (ROOT, tmp_path):
        done = run_tool(*old_and_new, cwd=folder)
        assert done.stdout == "# Terms\n\nWe keep it for [-30-]{+90+} days.\n"
        assert (done.returncode, done.stderr) == (1, "")


def test_the_tool_says_that_nothing_changed(old_and_new, tmp_path):
    done = run_tool(old_and_new[0], old_and_new[0], cwd=tmp_path)
    assert done.stdout == "# Terms\n\nWe keep it for 30 days.\n"
    assert done.returncode == 0


def test_the_tool_refuses_what_is_no_frozen_text(old_and_new, tmp_path):
    old, new = old_and_new
    new.write_text(new.read_text() + "\n<b>bold</b>\n")
    done = run_tool(old, new, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {new}:10: HTML is not part of a frozen text\n"
