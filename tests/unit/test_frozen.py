"""Frozen texts: what is written is read back, and nothing else is read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_site.base.errors import UserError
from policy_site.versions import frozen
from policy_site.versions.frozen import Block, Span, Text

# -- Texts as a policy may have them -----------------------------------------------

# With everything that is a mark in Markdown, HTML or a placeholder.
words = st.text("aZ09 あ漢ー。（-_*`[](){}<>#+=|\\!&;:.^~/", min_size=1, max_size=12).map(
    lambda text: " ".join(text.split())
).filter(bool)
addresses = st.sampled_from(["https://example.jp/a_b?c=d&e#f", "mailto:a@b.jp", "#gdpr"])


@st.composite
def inlines(draw, parts=4):
    """Return a text with its spans."""
    text, spans = "", []
    for _ in range(draw(st.integers(1, parts))):
        start, kind = len(text), draw(
            st.sampled_from(["", "", "strong", "em", "code", "link", "image", "note", "both"])
        )
        if kind == "note":
            label = draw(st.sampled_from(["1", "2"]))
            text += f"[{label}]"
            spans.append(Span(start, len(text), "note", label))
        else:
            text += draw(words)
            target = draw(addresses) if kind in ("link", "image") else ""
            if kind == "both":
                spans += [Span(start, len(text), "em"), Span(start, len(text), "strong")]
            elif kind:
                spans.append(Span(start, len(text), kind, target))
        # Two that touch would be one.
        text += "" if kind in ("", "link", "image", "note") else "は"
    return text.strip(), frozen.in_order(spans)


@st.composite
def leaves(draw, heading=False):
    """Return the blocks, without containers, that stand together."""
    kind = draw(st.sampled_from(["paragraph", "paragraph", "lines", "table", "code", "rule"]))
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
        return [Block(kind, *frozen.join_cells(row)) for kind, row in zip(kinds, rows)]
    if kind == "lines":
        return [Block("paragraph", "\n".join(draw(st.lists(words, min_size=2, max_size=3))))]
    return [Block("paragraph", *draw(inlines()))]


@st.composite
def trees(draw, path=(), depth=2):
    """Return blocks in their containers."""
    blocks = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["leaf", "leaf", "items", "numbers", "quote", "note", "terms"]))
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
            blocks += container(draw, path, ">" if kind == "quote" else ">!warning", depth)
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
            Block(block.kind, block.text, block.spans, block.path, shared, block.depth, section)
        )
    return Text({"title": draw(words), "summary": draw(words)}, tuple(blocks))


@settings(max_examples=300, deadline=None)
@given(texts())
def test_what_is_written_is_read_back(text):
    written = frozen.write(text)
    read = frozen.read(written)
    assert frozen.write(read) == written
    assert read == text
