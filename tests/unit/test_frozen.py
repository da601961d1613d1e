"""Frozen texts: what is written is read back, and nothing else is read."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policy_site.base.errors import UserError
from policy_site.versions import frozen
from policy_site.versions.frozen import Block, Span, Text

# -- Texts as a policy may have them -----------------------------------------------

# With everything that is a mark in Markdown, HTML or a placeholder.
words = (
    st.text("aZ09 あ漢ー。（-_*`[](){}<>#+=|\\!&;:.^~/", min_size=1, max_size=12)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
addresses = st.sampled_from(
    ["https://example.jp/a_b?c=d&e#f", "mailto:a@b.jp", "#gdpr"]
)


@st.composite
def inlines(draw, parts=4):
    """Return a text with its spans."""
    text, spans = "", []
    for _ in range(draw(st.integers(1, parts))):
        start, kind = (
            len(text),
            draw(
                st.sampled_from(
                    ["", "", "strong", "em", "code", "link", "image", "note", "both"]
                )
            ),
        )
        if kind == "note":
            label = draw(st.sampled_from(["1", "2"]))
            text += f"[{label}]"
            spans.append(Span(start, len(text), "note", label))
        else:
            text += draw(words)
            target = draw(addresses) if kind in ("link", "image") else ""
            if kind == "both":
                spans += [
                    Span(start, len(text), "em"),
                    Span(start, len(text), "strong"),
                ]
            elif kind:
                spans.append(Span(start, len(text), kind, target))
        # Two that touch would be one.
        text += "" if kind in ("", "link", "image", "note") else "は"
    return text.strip(), frozen.in_order(spans)


@st.composite
def leaves(draw, heading=False):
    """Return the blocks, without containers, that stand together."""
    kind = draw(
        st.sampled_from(["paragraph", "paragraph", "lines", "table", "code", "rule"])
    )
    if heading:
        text, spans = draw(inlines())
        return [Block("heading", text, spans, depth=draw(st.integers(1, 6)))]
    if kind == "code":
        code = draw(st.text("a`~<{} \n#", min_size=1, max_size=20))
        return [Block("code", "\n".join(line.rstrip() for line in code.split("\n")))]
    if kind == "rule":
        return [Block("rule")]
    if kind == "table":
        columns = draw(st.integers(1, 3))
        row = st.lists(inlines(2), min_size=columns, max_size=columns)
        rows = draw(st.lists(row, min_size=1, max_size=3))
        kinds = ["header", *["row"] * (len(rows) - 1)]
        return [
            Block(kind, *frozen.join_cells(row))
            for kind, row in zip(kinds, rows, strict=True)
        ]
    if kind == "lines":
        return [
            Block("paragraph", "\n".join(draw(st.lists(words, min_size=2, max_size=3))))
        ]
    return [Block("paragraph", *draw(inlines()))]


@st.composite
def trees(draw, path=(), depth=2):
    """Return blocks in their containers."""
    blocks = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(
            st.sampled_from(
                ["leaf", "leaf", "items", "numbers", "quote", "note", "terms"]
            )
        )
        shared = len(path)
        if kind == "leaf" or not depth:
            blocks += [nested(block, path, shared) for block in draw(leaves())]
        elif kind == "terms":
            blocks.append(nested(Block("term", *draw(inlines())), path, shared))
            blocks += container(draw, path, ":", depth)
        elif kind in ("items", "numbers"):
            for number in range(draw(st.integers(1, 3))):
                mark = "-" if kind == "items" else f"{number + 1}."
                blocks += container(draw, path, mark, depth)
        else:
            blocks += container(
                draw, path, ">" if kind == "quote" else ">!warning", depth
            )
    return blocks


def nested(block, path, shared):
    return Block(block.kind, block.text, block.spans, path, shared, block.depth, "")


def container(draw, path, mark, depth):
    """Return the blocks of a container; the first one starts it."""
    blocks = draw(trees((*path, mark), depth - 1))
    first = blocks[0]
    return [nested(first, first.path, len(path)), *blocks[1:]]


@st.composite
def texts(draw):
    """Return a whole frozen text."""
    found, section = [], ""
    for number in range(draw(st.integers(0, 3))):
        found += draw(trees()) if draw(st.booleans()) else []
        found += [(f"section-{number}", block) for block in draw(leaves(heading=True))]
    blocks = []
    for one in found:
        section, block = one if isinstance(one, tuple) else (section, one)
        shared = min(block.shared, len(blocks[-1].path) if blocks else 0)
        blocks.append(
            Block(
                block.kind,
                block.text,
                block.spans,
                block.path,
                shared,
                block.depth,
                section,
            )
        )
    return Text({"title": draw(words), "summary": draw(words)}, tuple(blocks))


# A paragraph that starts with a reference and a colon looks like the note itself.
NOTE_FIRST = Text(
    {"title": "A", "summary": "B"},
    (Block("paragraph", "[1]: see it", (Span(0, 3, "note", "1"),), (), 0, 0, ""),),
)


@settings(max_examples=300, deadline=None)
@given(texts())
@example(NOTE_FIRST)
def test_what_is_written_is_read_back(text):
    written = frozen.write(text)
    read = frozen.read(written)
    assert frozen.write(read) == written
    assert read == text


# -- Nothing else is read ----------------------------------------------------------

GOOD = """\
---
title: Terms
---

(terms)=
# Terms of Use

We keep **data** for [30 days](#keep).[^1]

1. one
2. two
   - three

> [!NOTE]
> Read this.

Term
: What it means.

| a | b |
| --- | --- |
| 1 | 2 |

〒000-0000\\
TEL: 03-0000-0000

[^1]: A footnote.
"""


def refuse(markdown, tmp_path):
    path = tmp_path / "en.md"
    path.write_text(markdown, encoding="utf-8")
    with pytest.raises(UserError) as refused:
        frozen.read_file(path)
    return str(refused.value).removeprefix(f"error: {path}:")


def test_every_construct_is_read_as_what_it_is():
    blocks = frozen.read(GOOD).blocks
    assert [(block.kind, block.path) for block in blocks] == [
        ("heading", ()),
        ("paragraph", ()),
        ("paragraph", ("1.",)),
        ("paragraph", ("2.",)),
        ("paragraph", ("2.", "-")),
        ("paragraph", (">!note",)),
        ("term", ()),
        ("paragraph", (":",)),
        ("header", ()),
        ("row", ()),
        ("paragraph", ()),
        ("paragraph", ("[^1]:",)),
    ]
    assert blocks[1].text == "We keep data for 30 days.[1]"
    assert blocks[-2].text == "〒000-0000\nTEL: 03-0000-0000"


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ("three", "<b>three</b>", 12, "HTML"),
        ("three", "{{ contact.email }}", 12, "a placeholder"),
        ("Read this.", "```{note}\nRead this.\n```", 15, "directive"),
        ("> [!NOTE]\n> Read this.", "```{note}\nRead this.\n```", 14, "directive"),
        ("(terms)=\n", "", 5, "a heading without a name"),
        ("(terms)=\n", "(terms)=\n# A\n\n(terms)=\n", 8, "a second heading"),
        ("**data**", "**data", 8, "an unpaired **"),
        ("**data**", "*data*", 8, "an unpaired *"),
        ("(#keep)", "(#keep", 8, "an unpaired ]"),
        ("1. one\n2. two", "1. one\n\n2. two", 11, "'2. two' here, not ''"),
        ("- three", "* three", 12, "an unpaired *"),
        ("| --- | --- |", "| :-- | --- |", 21, "a table needs a line"),
        ("title: Terms", "title: Terms\ncolour: red", 3, "not a field"),
        ("title: Terms\n", "", 1, "no title"),
        ("---\ntitle: Terms\n---\n", "", 1, "starts with its fields"),
        ("A footnote.\n", "A footnote.", 27, "one line's end"),
        ("A footnote.\n", "A footnote.  \n", 27, "not '[^1]: A footnote.  '"),
        ("Term\n", "Term  \n", 17, "not 'Term  '"),
        ("TEL: 03-0000-0000", "TEL\\", 26, "none follows"),
    ],
)
def test_what_no_freeze_writes_is_refused_with_its_line(old, new, line, why, tmp_path):
    assert GOOD.count(old) == 1
    said = refuse(GOOD.replace(old, new), tmp_path)
    assert said.startswith(f"{line}: ") and why in said, said


def test_what_is_no_text_is_refused(tmp_path):
    (tmp_path / "en.md").write_bytes(b"---\ntitle: \xff\n---\n")
    with pytest.raises(UserError, match="not UTF-8"):
        frozen.read_file(tmp_path / "en.md")
    with pytest.raises(UserError, match="No such file"):
        frozen.read_file(tmp_path / "none.md")


@settings(max_examples=200, deadline=None)
@given(st.text("-#>:|`~[]()=!\\\n *_<{1. a", max_size=40))
def test_whatever_is_read_is_written_the_same(body):
    markdown = f"---\ntitle: a\n---\n\n{body}\n"
    try:
        text = frozen.read(markdown)
    except frozen.Unreadable:
        return
    assert frozen.write(text) == markdown
