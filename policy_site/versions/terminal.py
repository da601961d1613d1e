"""A comparison in the terminal, in the form of GNU wdiff: [-old-]{+new+}.

https://www.gnu.org/software/wdiff/manual/wdiff.html
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from policy_site.versions import comparison
from policy_site.versions.comparison import Row
from policy_site.versions.frozen import Text, prefixes, write_inline

FORMS = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}


def show(old: Text, new: Text) -> tuple[str, bool]:
    """Return the comparison of two texts, a block a paragraph, and whether they differ.

    A block that moved is marked as removed where it stood, as added where it stands.
    """
    rows = comparison.compare(old.blocks, new.blocks)
    fields = show_fields(old, new)
    text = "\n\n".join([*fields, *map(show_row, rows)])
    return text, bool(fields) or any(row.number for row in rows)


def show_fields(old: Text, new: Text) -> list[str]:
    """Return a line for each text outside of the blocks that changed."""
    return [
        f"{name}: {show_text(before, after)}"
        for name in ("title", "description")
        if (before := old.fields.get(name, "")) != (after := new.fields.get(name, ""))
    ]


def show_text(old: str, new: str) -> str:
    """Return the comparison of two plain texts."""
    return show_row(comparison.compare_lines(old, new))


def show_row(row: Row) -> str:
    """Return a block as Markdown with the marks of what changed."""
    if row.how == "moved":
        return show_row(replace(row, how="added", ops=(("+", row.block.text),)))
    block = row.block
    start = prefixes(block)[0] + "#" * block.depth
    shown = "".join(FORMS[kind].format(piece) for kind, piece in pieces(row))
    return f"{start} {shown}" if block.depth else start + shown


def pieces(row: Row) -> Iterator[tuple[str, str]]:
    """Yield each op of *row* with its part of the text as Markdown, cell by cell."""
    at = {"-": 0, "+": 0}
    for kind, text in row.ops:
        block = (row.old if kind == "-" else row.new) or row.block
        for part in re.split("(\t)", text):
            start = at["-" if kind == "-" else "+"]
            if part == "\t":
                yield "=", " | "
            elif part:
                written = write_inline(
                    block.text, block.spans, start, start + len(part)
                )
                yield kind, written.replace("\\\n", "\n")
            for sign in "-+" if kind == "=" else kind:
                at[sign] += len(part)
