"""The guides of translators name remarks by words that remarks have."""

import re

import pytest

from tests.support import ROOT

RULES = "\n".join(
    path.read_text(encoding="utf-8")
    for path in (ROOT / "policy_site/translation").glob("*.py")
)
GUIDE = (ROOT / "TRANSLATING.ja.md").read_text(encoding="utf-8")


def quoted_words():
    """Return the English in the first column of the table of remarks."""
    table = GUIDE.split("| 指摘に含まれる言葉 |")[1].split("\n\n")[0]
    cells = [line.split(" | ")[0] for line in table.split("\n")[2:]]
    parts = [
        part
        for cell in cells
        for code in re.findall("`(.+?)`", cell)
        for part in code.split("…")
    ]
    # A remark is "the {kind} {name} is missing": its words stand apart in the source.
    words = [re.sub(r"^the |^\W+|\W+$", "", part.strip()) for part in parts]
    return sorted({word for word in words if word})


@pytest.mark.parametrize("words", quoted_words())
def test_words_of_the_guide_are_those_of_a_remark(words):
    assert words in RULES


def test_guide_names_all_that_is_translated():
    assert len(quoted_words()) > 10
