"""The text that was taken over is the original, with the recorded repairs alone.

What the owner makes of it later is in source/, and is not compared with it.
"""

import re

import pytest

from tests.support import DATA, blocks, title_of

ORIGINALS = sorted(DATA.glob("*.original.md"))


def original_statements(path, contact):
    """Return the statements of the original after the four repairs, a line each."""
    text = path.read_text(encoding="utf-8").split("---\n", 2)[2]

    # 1. A paragraph stands twice, the second time without a space before it.
    start = "Under the General Data Protection Regulation"
    before, first, second = text.split(start)
    assert second.startswith(first), "the paragraph does not stand twice"
    text = before + start + second

    # 2. Two words are one.
    assert text.count("whenany") == 1
    text = text.replace("whenany", "when any")

    # 3. Lists are lists again, a line an item: nothing to change in the lines.

    for key, value in contact.items():
        text = text.replace(f"{{{{< param contact.{key} >}}}}", value)
    text = text.replace("&nbsp;", " ")
    lines = [" ".join(line.lstrip("# ").split()) for line in text.splitlines()]
    lines = [line for line in lines if line]

    # 4. The date stands under the title. The order of all statements is that of the
    # original: the date says of the whole text how old it is, wherever it stands.
    date, title, *statements = lines
    assert date.startswith("Last updated: ")
    return [title, date, *statements]


@pytest.mark.parametrize("original", ORIGINALS, ids=lambda path: path.stem)
def test_english_page_has_every_statement_of_the_original_once_in_order(
    known_site, original
):
    page = original.name.removesuffix(".original.md")
    assert blocks(known_site.article("en", page)) == original_statements(
        original, known_site.facts["contact"]["en"]
    )


@pytest.mark.parametrize("original", ORIGINALS, ids=lambda path: path.stem)
def test_english_page_has_the_headings_of_the_original(known_site, original):
    text = original.read_text(encoding="utf-8")
    expected = [
        (f"h{len(marks)}", title.strip())
        for marks, title in re.findall(r"^(#+) (.+)$", text, re.MULTILINE)
    ]
    # Stranded at the end of a list, it is the heading of what follows.
    use = ("h2", "Information Use")
    expected.insert(expected.index(("h3", "Description of information use:")), use)
    article = known_site.article("en", original.name.removesuffix(".original.md"))
    found = [
        (heading.name, title_of(heading))
        for heading in article.select("h1, h2, h3, h4")
    ]
    assert found == expected


def test_flattened_lists_are_lists_again(known_site):
    article = known_site.article("en", "privacy-policy")
    lists = [
        [
            item.find(string=re.compile(r"\S")).strip()[:20]
            for item in items.find_all("li", recursive=False)
        ]
        for items in article.select("ul")
    ]
    assert [len(items) for items in lists] == [3, 3, 1, 3, 4, 4, 4]
    assert lists[0] == ["Account information:", "Content:", "Logs, usage, and sup"]
