"""What cannot go into every language and PDF is refused, with its file and line."""

from pathlib import Path

import pytest

from policy_site.text import source_checks

FRONT_MATTER = '---\ntitle: "Terms"\nupdated: 2026-01-31\n---\n'
HEAD = f"{FRONT_MATTER}\n# Our Terms\n\n"
# The number of the first line after it.
LINE = HEAD.count("\n") + 1


def find(folder: Path, files: dict[str, str]) -> list[tuple[str, int, str, bool]]:
    """Return the findings in *files*, written into *folder*, with relative names."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    parser = source_checks.parser_with()
    found = source_checks.findings(folder, "index", parser)
    return [
        (str(path.relative_to(folder)), *finding, is_refused)
        for path, finding, is_refused in found
    ]


def refused(folder: Path, text: str) -> list[tuple[int, str]]:
    """Return (line, fault) of what is refused in a policy with *text*."""
    found = find(folder, {"terms.md": text})
    return [(line, fault) for _name, line, fault, is_refused in found if is_refused]


# The text after HEAD, the line in it, what is said.
REFUSED = {
    "a block of HTML": ("Text\n\n<table>\n<tr></table>\n", 2, ["<table>", "with |"]),
    "HTML in a line": ("First\nName<br>Address\n", 1, ["<br>", "{line-block}"]),
    "HTML in a cell": ("| a |\n|---|\n| x<br>y |\n", 2, ["<br>"]),
    "HTML in a notice": ("```{note}\nText\n\nA <b>b</b>\n```\n", 3, ["<b>"]),
    "a backslash at the end": ("One\\\ntwo\n", 0, ["line break", "```{line-block}"]),
    "two spaces at the end": ("One\ntwo  \nthree\n", 1, ["line break"]),
    "a narrow space after a mark": ("1.\u202fUsers pay.\n", 0, ["U+202F", "NARROW"]),
    "a space of no width": ("A\n\nIoTone\u200bAI\n", 2, ["U+200B", "ZERO WIDTH SPACE"]),
    "an override of direction": ("\u202eA\n", 0, ["U+202E"]),
    "a lost character": ("## A\ufffdb\n", 0, ["U+FFFD", "REPLACEMENT CHARACTER"]),
    "a lost character as an entity": ("a&#xFFFD;b\n", 0, ["U+FFFD"]),
    "a filler": ("a\u3164b\n", 0, ["U+3164"]),
    "a character of a private font": ("a\ue000b\n", 0, ["U+E000"]),
    "no character": ("a\ufffeb\n", 0, ["U+FFFE"]),
    "a hidden entity": ("a&#8203;b\n", 0, ["U+200B"]),
    "a soft hyphen": ("Pri\u00advacy\n", 0, ["U+00AD"]),
    "a fixed space after a mark": ("-\u00a0item\n", 0, ["U+00A0"]),
    "a fixed space in a heading": ("##\u00a0Scope\n", 0, ["U+00A0"]),
    "a wide space at the start": ("\u3000Text\n", 0, ["U+3000"]),
    "a link to a definition": (
        "See [the guide][g].\n\n[g]: https://example.jp/a\n",
        2,
        ["[words](https://example.jp/a)"],
    ),
    "a role": ("See {ref}`the text <x>`.\n", 0, ["{ref}", "[words]("]),
    "a block of code without a language": ("```\nText\n```\n", 0, ["quote"]),
    "a block of text": ("```text\nText\n```\n", 0, ["quote"]),
    "a block of text with a language": (
        "```console\nUsers must pay\nwithin 10 days.\n```\n",
        0,
        ["quote a text with >"],
    ),
    "a sentence as code": (
        "One\n`Users must pay within 10 days`\n",
        1,
        ["Users must pay", "“quotation marks”"],
    ),
    "a label as code": ("See `Page not found`.\n", 0, ["Page not found"]),
    "an indented block": ("Text\n\n    more\n", 2, ["four spaces"]),
    "a directive that is not tried": ("```{csv-table}\na,b\n```\n", 0, ["{csv-table}"]),
    "an image without words": ("![](a.png)\n", 0, ["![what it shows](a.png)"]),
    "a figure without words": ("```{figure} a.png\nText\n```\n", 0, [":alt:"]),
    "a second title": ("Text\n\n# More\n", 2, ["##"]),
    "a list seven levels deep": (
        "".join(f"{'  ' * depth}- level\n" for depth in range(7)),
        6,
        ["six levels"],
    ),
    "a name in capitals": ("(Data_Use)=\n## Use\n", 0, ["(data-use)="]),
    "a name in Japanese": ("(利用)=\n## Use\n", 0, ["(terms-section)="]),
    "a name given twice": ("(use)=\n## A\n\n(use)=\n## B\n", 3, ["(terms-use)="]),
    "a name of a table": (
        "(use)=\n## A\n\n```{table} T\n:name: use\n\n| a |\n|---|\n| b |\n```\n",
        3,
        ["terms.md:8"],
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_would_not_arrive_is_refused_by_its_line(tmp_path, case):
    text, line, parts = REFUSED[case]
    found = refused(tmp_path, HEAD + text)
    assert [number for number, _fault in found] == [LINE + line], found
    for part in parts:
        assert part in found[0][1]


def test_what_arrives_everywhere_is_not_refused(tmp_path):
    text = """<!-- a comment -->

(scope)=
## Scope &amp; Use

Words, **bold**, `a<br>b`, <https://example.jp/>, \\<br>.[^n]

`sudo apt install python`, `git clone -b main`, `pip install your-package`, `x is not y`

Section\u00a05, 港区\u3000ビル

1. One
   1. Two
      - Three

> Quoted

| a | b |
|---|---|
| c | d |

![Our logo](a.png)

```{figure} a.png
:alt: The building

The caption
```

```{line-block}
One
two
```

```http
Set-Cookie: a=b
```

[^n]: A note
"""
    assert refused(tmp_path, HEAD + text) == []


def test_fact_with_a_lost_character_is_refused_by_its_line(tmp_path):
    conf = tmp_path / "conf.py"
    conf.write_text('"""A\n\tB"""\ncompany = {\n    "ja": "株式会社\u3000\ufffd",\n}\n')
    ((line, fault),) = source_checks.facts(conf)
    assert (line, "U+FFFD" in fault) == (4, True)


def test_note_on_the_title_is_refused(tmp_path):
    text = f"{FRONT_MATTER}# Our Terms[^n]\n\nText\n\n[^n]: A note\n"
    ((line, fault),) = refused(tmp_path, text)
    assert (line, "no note" in fault) == (5, True)


# The front matter, the line in it, what is said.
SETTINGS = {
    "a colon in a title": ("title: A: B\nupdated: 2026-01-31", 2, ["quotation"]),
    "a number sign": ("updated: 2026-01-31\ntitle: Terms #2", 3, ["cut", "quotation"]),
    "a day that is not": ("title: A\nupdated: 2026-02-30", 3, ["02-30", "calendar"]),
    "a date in words": ("title: A\nupdated: 30 Jan 2026", 3, ["'30 Jan 2026'", "2025"]),
    "no date": ("title: A", 1, ["updated: 2025-01-28"]),
    "no title": ("updated: 2026-01-31", 1, ["title: Terms of Use"]),
    "an empty title": ("title:\nupdated: 2026-01-31", 2, ["title: Terms of Use"]),
    "a title that is a number": ("title: 5\nupdated: 2026-01-31", 2, ["quotation"]),
    "a key that is unknown": ("title: A\nupdated: 2026-01-31\ntags: b", 4, ["tags"]),
    "metadata": (
        "title: A\nupdated: 2026-01-31\nmyst:\n  html_meta:\n    description: B",
        4,
        ["myst", "description"],
    ),
    "a key that stands twice": (
        "title: A\ntitle: B\nupdated: 2026-01-31",
        3,
        ["twice"],
    ),
    "an open bracket": ("title: [\nupdated: 2026-01-31", 2, ["not valid YAML"]),
    "an open quotation": ('updated: 2026-01-31\ntitle: "A', 3, ["not valid YAML"]),
    "no settings": ("just words", 2, ["title: Terms of Use"]),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_mistake_in_the_front_matter_is_named_by_its_line(tmp_path, case):
    lines, line, parts = SETTINGS[case]
    found = refused(tmp_path, f"---\n{lines}\n---\n\n# T\n")
    assert [number for number, _fault in found] == [line], found
    for part in parts:
        assert part in found[0][1]


@pytest.mark.parametrize(
    "lines",
    [
        "# A comment: of its own\ntitle: 'Terms: #2'\nupdated: 2026-01-31",
        "title: C# Terms\nupdated: 2026-01-31\ndate: 2023-10-10T12:00:00+09:00\n"
        "description: >\n  Two\n  lines",
    ],
)
def test_right_front_matter_is_taken(tmp_path, lines):
    assert refused(tmp_path, f"---\n{lines}\n---\n\n# T\n") == []


def test_mistakes_of_all_files_are_found_in_one_run(tmp_path):
    found = find(
        tmp_path,
        {
            "a.md": HEAD + "(liability)=\n## Liability\n\nA<br>\n",
            "b.md": HEAD.replace("updated", "changed"),
            "c.md": HEAD + "(liability)=\n## Liability\n",
        },
    )
    assert [(name, line) for name, line, _fault, _refused in found] == [
        ("a.md", LINE + 3),
        ("b.md", 3),
        ("b.md", 1),
        ("c.md", LINE),
    ]
    assert "taken by a.md:8; write (c-liability)=" in found[-1][2]


@pytest.mark.parametrize(
    "name, said",
    [
        ("terms of use.md", "letters from a to z"),
        ("it's.md", "letters from a to z"),
        ("terms.v2.md", "letters from a to z"),
        ("利用規約.md", "letters from a to z"),
        ("sub/terms.md", "side by side"),
        ("search.md", "another name"),
        ("404.md", "another name"),
        ("Sphinx.md", "another name"),
        ("terms.rst", "name it terms.md"),
        ("terms.markdown", "name it terms.md"),
        ("Other.md", "more than case"),
    ],
)
def test_file_that_cannot_be_a_page_is_refused(tmp_path, name, said):
    found = find(tmp_path, {"other.md": HEAD, name: HEAD})
    faults = [(file, fault) for file, _line, fault, is_refused in found if is_refused]
    assert len(faults) == 1, faults
    assert faults[0][0] in (name, "other.md")
    assert said in faults[0][1]


def test_source_that_is_not_utf8_is_named_with_its_line(tmp_path):
    (tmp_path / "terms.md").write_bytes(HEAD.encode() + "東京".encode("cp932"))
    with pytest.raises(SystemExit, match=f"terms.md:{LINE}: this is not UTF-8"):
        find(tmp_path, {})


@pytest.mark.parametrize(
    "text, line, said",
    [
        ("## Use {: #use }\n", 0, "{: #use }"),
        ("A\n\n[TOC]\n", 2, "[TOC]"),
        ("Text\n(a) first\n(b) second\n", 1, "(a): if it is an item"),
        ("Ask https://example.jp/a.\n", 0, "write <https://example.jp/a>"),
        ("A\nAsk privacy@example.jp\n", 1, "write <privacy@example.jp>"),
        ("See [a][b].\n", 0, "[words](address)"),
    ],
)
def test_what_looks_like_a_slip_is_a_remark(tmp_path, text, line, said):
    found = find(tmp_path, {"terms.md": HEAD + text})
    assert not any(is_refused for *_where, is_refused in found)
    assert (found[0][1], said in found[0][2]) == (LINE + line, True), found


def test_links_and_code_are_no_slips(tmp_path):
    text = (
        "<https://example.jp/>, [a@example.jp](mailto:a@example.jp), `[TOC]`, (a) b.\n"
    )
    assert find(tmp_path, {"terms.md": HEAD + text}) == []
