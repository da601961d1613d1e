"""Frozen texts: a published policy as plain Markdown, and what it is made of.

A frozen text is a list of blocks, one a line: headings, paragraphs, rows of tables and
so on, each with the containers it stands in (lists, quotations, notes) before it. Its
first lines, between ``---``, are fields: ``title: Privacy Policy``.

``write`` and ``read`` are each other's inverse, and ``read`` takes nothing else: what
was published has one form, and what one sees in the file is what readers see.
The form is CommonMark with GitHub's tables, footnotes and alerts, and MyST's targets
and definition lists. https://spec.commonmark.org/0.31.2/ https://github.github.com/gfm/
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, NoReturn
from urllib.parse import quote

from policy_site.base.errors import UserError

# The fields, in their order. A text may lack any of them but the title.
FIELDS = [
    "policy",
    "version",
    "language",
    "title",
    "description",
    "effective",
    "material",
    "summary",
    "corrected",
    "reason",
]

# The section of what is after all sections, in which no anchor can be: footnotes.
FOOTNOTES = "[^]"


class Span(NamedTuple):
    """How a part of a text looks: "strong", "em", "code", "link", "image", "note"."""

    start: int
    end: int
    kind: str
    # The address of a link or an image, the label of a footnote.
    target: str = ""


@dataclass(frozen=True)
class Block:
    """The smallest part of a text that is compared and shown by itself.

    *kind* is "heading", "paragraph", "term" (of a definition list), "code", "header"
    or "row" (of a table), or "rule" (a line across the page).
    """

    kind: str
    # Without marks. A tab is between the cells of a row, a newline between lines.
    text: str = ""
    spans: tuple[Span, ...] = ()
    # The containers, from the outermost, as their marks: "-" and "2." (items), ">" (a
    # quotation), ">!note" (an admonition), ":" (a definition), "[^1]:" (a footnote).
    path: tuple[str, ...] = ()
    # How many of them go on from the block before: the others start here.
    shared: int = 0
    # Of a heading: 1 is the title.
    depth: int = 0
    # The anchor of the heading that the block is, or stands under.
    section: str = ""


@dataclass(frozen=True)
class Text:
    """A frozen text."""

    fields: dict[str, str]
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        """Its short title."""
        return self.fields["title"]

    @property
    def images(self) -> set[str]:
        """The names of its images, which are files beside it."""
        spans = [span for block in self.blocks for span in block.spans]
        return {span.target for span in spans if span.kind == "image"}


class Unreadable(Exception):
    """What no writer of frozen texts writes: the number of its line, and why."""

    def __init__(self, line: int, why: str):
        super().__init__(line, why)
        self.line, self.why = line, why


# -- Inline ------------------------------------------------------------------------

# What would be a mark anywhere. A brace could start a placeholder, and "&" with a word
# a character.
SPECIAL = re.compile(r"[\\`*_^\[\]<{]|&(?=#?\w+;)")
# What would be a mark at the start of a line.
AT_START = re.compile(
    r"#{1,6}(?=\s|$)|[-+](?=\s|$)|-{2,}$|=+$|>|:(?=\s|$)|\||~~~|\([^\s()]+\)=$"
)
# The label of an item or of a note, before the sign that would make it one.
LABEL = re.compile(r"\d+(?=[.)](?:\s|$))|\[\^[^\]\s]+\](?=:)")
MARKS = {"strong": "**", "em": "_"}


def address(uri: str) -> str:
    """Return *uri* without the characters that would end it in Markdown."""
    return re.sub(r"[\s()<>\\]", lambda sign: quote(sign[0]), uri)


def write_inline(
    text: str, spans: Iterable[Span], start: int = 0, end: int | None = None
) -> str:
    """Return *text* from *start* to *end*, with its *spans*, as Markdown."""
    end = len(text) if end is None else end
    inside = [
        span._replace(start=max(span.start, start), end=min(span.end, end))
        for span in spans
        if span.start < end and span.end > start
    ]
    return _write(
        text, sorted(inside, key=lambda span: (span.start, -span.end)), start, end
    )


def _write(text: str, spans: list[Span], start: int, end: int) -> str:
    """Write what is in and between the outermost of *spans*."""
    written = ""
    while spans:
        span, *spans = spans
        inner = [other for other in spans if other.start < span.end]
        spans = spans[len(inner) :]
        written += _escape(text[start : span.start])
        mark = _write_span(text, span, inner)
        # Together they would be an image.
        if written.endswith("!") and mark.startswith("["):
            written = written[:-1] + "\\!"
        written += mark
        start = span.end
    return written + _escape(text[start:end])


def _write_span(text: str, span: Span, inner: list[Span]) -> str:
    if span.kind == "code":
        code = text[span.start : span.end]
        fence = "`" * (max(map(len, re.findall("`+", code)), default=0) + 1)
        # One space is no part of the code: it keeps a backtick from the fence.
        space = " " if re.search("^[` ]|[` ]$", code) else ""
        return f"{fence}{space}{code}{space}{fence}"
    if span.kind == "note":
        return f"[^{span.target}]"
    written = _write(text, inner, span.start, span.end)
    if span.kind in MARKS:
        return f"{MARKS[span.kind]}{written}{MARKS[span.kind]}"
    return f"{'!' if span.kind == 'image' else ''}[{written}]({span.target})"


def _escape(text: str) -> str:
    return SPECIAL.sub(r"\\\g<0>", text).replace("\n", "\\\n")


TOKEN = re.compile(
    r"""
      \\(?P<escaped>.)
    | \\\n
    | (?P<fence>`+)(?P<code>.+?)(?<!`)(?P=fence)(?!`)
    | (?P<mark>\*\*|_)
    | \[\^(?P<note>[^\]\s]+)\]
    | (?P<open>!?\[)
    | \]\((?P<target>[^\s()<>\\]*)\)
    | (?P<wrong>[`*\[\]<{])
    """,
    re.VERBOSE,
)


def read_inline(markdown: str) -> tuple[str, tuple[Span, ...]]:
    """Return the text and the spans of *markdown*.

    Raises ValueError, with the reason, for what ``write_inline`` does not write.
    """
    text, at = "", 0
    spans: list[Span] = []
    opened: list[tuple[str, int]] = []
    for token in TOKEN.finditer(markdown):
        text += markdown[at : token.start()]
        at = token.end()
        start = len(text)
        if token["escaped"]:
            text += token["escaped"]
        elif token[0] == "\\\n":
            text += "\n"
        elif token["code"]:
            code = token["code"]
            padded = re.fullmatch(r" (.*[` ]|[` ].*) ", code)
            text += padded[1] if padded else code
            spans.append(Span(start, len(text), "code"))
        elif token["note"]:
            text += f"[{token['note']}]"
            spans.append(Span(start, len(text), "note", token["note"]))
        elif token["mark"] and opened and opened[-1][0] == token["mark"]:
            name = {mark: name for name, mark in MARKS.items()}[token["mark"]]
            spans.append(Span(opened.pop()[1], start, name))
        elif token["mark"] or token["open"]:
            opened.append((token[0], start))
        elif token["target"] is not None and opened and "[" in opened[-1][0]:
            sign, start = opened.pop()
            name = "image" if sign == "![" else "link"
            spans.append(Span(start, len(text), name, token["target"]))
        else:
            why = {"<": "HTML", "{": "a placeholder"}.get(
                token[0], f"an unpaired {token[0]}"
            )
            raise ValueError(f"{why} is not part of a frozen text")
    if opened:
        raise ValueError(f"an unpaired {opened[-1][0]} is not part of a frozen text")
    return text + markdown[at:], in_order(spans)


def in_order(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return *spans* in their one order, the outer before the inner."""
    return tuple(sorted(spans, key=lambda span: (span.start, -span.end, span.kind)))


# -- Blocks ------------------------------------------------------------------------


def is_item(mark: str) -> bool:
    """Return whether *mark* is that of a list's item."""
    return mark == "-" or mark.endswith(".")


def _going_on(mark: str) -> str:
    """Return what is before a line of a container that started in a line before."""
    if mark.startswith(">"):
        return "> "
    return "    " if mark.startswith("[^") else " " * (len(mark) + 1)


def prefixes(block: Block) -> tuple[str, str]:
    """Return what is before the first line of *block*, and before its others.

    An admonition has a line of its own for its kind.
    """
    first, others = "", ""
    for level, mark in enumerate(block.path):
        others += _going_on(mark)
        if level < block.shared:
            first += _going_on(mark)
        elif mark.startswith(">!"):
            first = f"{first}> [!{mark[2:].upper()}]\n{others}"
        else:
            first += f"{mark} "
    return first, others


def _is_tight(before: Block, block: Block) -> bool:
    """Return whether no empty line is between the blocks *before* and *block*."""
    starts = block.path[block.shared :]
    if not starts:
        return block.kind == "row"
    if starts[0] == ":":
        # A definition follows its term, or another one of it.
        return before.kind == "term" or len(before.path) > block.shared
    return (
        bool(before.path)
        and is_item(starts[0])
        and (
            (len(before.path) > block.shared and is_item(before.path[block.shared]))
            or (len(before.path) == block.shared and before.kind == "paragraph")
        )
    )


def write(text: Text) -> str:
    """Return *text* as it is frozen."""
    lines = [
        "---",
        *(f"{key}: {text.fields[key]}" for key in FIELDS if key in text.fields),
        "---",
    ]
    written = "\n".join(lines) + "\n"
    before = None
    for block in text.blocks:
        first, others = prefixes(block)
        if before is None or not _is_tight(before, block):
            written += (
                "".join(map(_going_on, block.path[: block.shared])).rstrip() + "\n"
            )
        body = write_block(block).split("\n")
        written += first + f"\n{others}".join(body) + "\n"
        before = block
    return re.sub(r"[ ]+$", "", written, flags=re.MULTILINE)


def write_block(block: Block) -> str:
    """Return *block* as Markdown, without what it stands in."""
    if block.kind == "code":
        longest = max(map(len, re.findall("`+", block.text)), default=0)
        fence = "`" * max(3, longest + 1)
        return f"{fence}\n{block.text}\n{fence}"
    if block.kind == "rule":
        return "* * *"
    if block.kind in ("header", "row"):
        row = " | ".join(
            write_inline(*cell).replace("|", "\\|") for cell in cells(block)
        )
        columns = block.text.count("\t") + 1
        return f"| {row} |" + (
            "\n|" + " --- |" * columns if block.kind == "header" else ""
        )
    lines = write_inline(block.text, block.spans).split("\n")
    body = "\n".join(
        LABEL.sub(r"\g<0>\\", line, count=1)
        if LABEL.match(line)
        else f"\\{line}"
        if AT_START.match(line)
        else line
        for line in lines
    )
    if block.kind == "heading":
        return f"({block.section})=\n{'#' * block.depth} {body}"
    return body


def cells(block: Block) -> list[tuple[str, list[Span]]]:
    """Return the text and the spans of each cell of a row."""
    found: list[tuple[str, list[Span]]] = []
    start = 0
    for cell in block.text.split("\t"):
        end = start + len(cell)
        spans = [
            span._replace(start=span.start - start, end=span.end - start)
            for span in block.spans
            if start <= span.start and span.end <= end
        ]
        found.append((cell, spans))
        start = end + 1
    return found


def join_cells(
    parts: Sequence[tuple[str, Iterable[Span]]],
) -> tuple[str, tuple[Span, ...]]:
    """Return the text and the spans of a row with these cells."""
    spans: list[Span] = []
    start = 0
    for cell, inside in parts:
        spans += [
            span._replace(start=span.start + start, end=span.end + start)
            for span in inside
        ]
        start += len(cell) + 1
    return "\t".join(cell for cell, _spans in parts), in_order(spans)


# -- Reading -----------------------------------------------------------------------

ANCHOR = re.compile(r"\(([a-z0-9][a-z0-9-]*)\)=")
STARTS = re.compile(r"(-|\d+\.|>|:|\[\^[^\]\s]+\]:)(?: |$)")
ALERT = re.compile(r"\[!([A-Z]+)\]")


class _Reader:
    """Reads the lines of a frozen text, one after the other."""

    def __init__(self, lines: list[str], number: int) -> None:
        self.lines, self.first, self.at = lines, number, 0
        self.blocks: list[Block] = []
        # The containers that are open.
        self.path: list[str] = []
        self.section = ""
        # The name for the heading that has to come now, and its line.
        self.anchor: tuple[str, int] | None = None

    def fail(self, why: str, line: int | None = None) -> NoReturn:
        raise Unreadable((self.at if line is None else line) + self.first, why)

    def read(self) -> None:
        while self.at < len(self.lines):
            self.read_block()
            self.at += 1
        if self.anchor:
            self.fail("a name without a heading", self.anchor[1])

    def go_on(self, line: str) -> tuple[int, str]:
        """Return how many open containers *line* goes on with, and the rest of it."""
        for level, mark in enumerate(self.path):
            prefix = _going_on(mark)
            if not line.strip() and not mark.startswith(">"):
                continue
            if line.startswith(prefix) or line == prefix.rstrip():
                line = line[len(prefix) :]
            else:
                return level, line
        return len(self.path), line

    def read_block(self) -> None:
        shared, rest = self.go_on(self.lines[self.at])
        del self.path[shared:]
        if not rest.strip():
            return
        while mark := STARTS.match(rest):
            self.path.append(mark[1])
            rest = rest[mark.end() :]
            if mark[1] == ">" and (alert := ALERT.fullmatch(rest)):
                self.path[-1] = f">!{alert[1].lower()}"
                rest = self.next_line()
        path = tuple(self.path)
        block = (
            self.read_row(rest, shared)
            if rest.startswith("| ")
            else self.read_leaf(rest)
        )
        if block is None:
            return
        if path and path[0].startswith("[^"):
            self.section = FOOTNOTES
        before = self.blocks[-1].path if self.blocks else ()
        self.blocks.append(
            replace(
                block, path=path, shared=min(shared, len(before)), section=self.section
            )
        )

    def next_line(self) -> str:
        """Return the next line without what the open containers have before it."""
        self.at += 1
        if self.at == len(self.lines):
            self.at -= 1
            self.fail("the text ends within a block")
        level, rest = self.go_on(self.lines[self.at])
        if level < len(self.path):
            self.fail("this does not go on with the block before it")
        return rest

    def read_leaf(self, line: str) -> Block | None:
        """Return the block that starts with *line*; none for the name of a heading."""
        if name := ANCHOR.fullmatch(line):
            if any(block.section == name[1] for block in self.blocks):
                self.fail(f"a second heading with the name {name[1]}")
            self.anchor = name[1], self.at
            return None
        if fence := re.fullmatch("`{3,}", line):
            code = []
            while (more := self.next_line()) != fence[0]:
                code.append(more)
            return Block("code", "\n".join(code))
        if re.match("`{3,}[^`]*$|~{3,}|:{3,}", line):
            self.fail("a directive is not part of a frozen text")
        if line == "* * *":
            return Block("rule")
        if heading := re.match("(#{1,6}) ", line):
            if not self.anchor:
                self.fail(
                    "a heading without a name above it, such as (data-retention)="
                )
            self.section, self.anchor = self.anchor[0], None
            text, spans = self.inline(line[heading.end() :])
            return Block("heading", text, spans, depth=len(heading[1]))
        raw = self.read_lines(line)
        text, spans = self.inline(raw)
        return Block("term" if self.defines() else "paragraph", text, spans)

    def read_lines(self, line: str) -> str:
        """Return a paragraph: a backslash at the end of a line is a line's end."""
        lines = [line]
        while re.search(r"(?<!\\)(?:\\\\)*\\$", lines[-1]):
            lines.append(self.next_line())
            if not lines[-1]:
                self.fail("the line before ends with a backslash, and none follows")
        return "\n".join(lines)

    def defines(self) -> bool:
        """Return whether the next line is a definition of what was read."""
        if self.at + 1 == len(self.lines):
            return False
        level, rest = self.go_on(self.lines[self.at + 1])
        return level == len(self.path) and rest.startswith(": ")

    def read_row(self, line: str, shared: int) -> Block:
        before = self.blocks[-1] if self.blocks else Block("")
        follows = (
            before.kind in ("header", "row")
            and shared == len(before.path) == len(self.path)
            and self.lines[self.at - 1].strip(" >")
        )
        parts = line[2:-2].split(" | ")
        row = join_cells([self.inline(cell.replace("\\|", "|")) for cell in parts])
        if follows:
            return Block("row", *row)
        if self.next_line() != "|" + " --- |" * len(parts):
            self.fail("a table needs a line such as | --- | --- | under its first")
        return Block("header", *row)

    def inline(self, markdown: str) -> tuple[str, tuple[Span, ...]]:
        try:
            return read_inline(markdown)
        except ValueError as error:
            self.fail(str(error))


def read(markdown: str) -> Text:
    """Return the frozen text that *markdown* is.

    Raises Unreadable for what ``write`` does not write.
    """
    lines = markdown.split("\n")
    fields: dict[str, str] = {}
    if lines[0] != "---":
        raise Unreadable(1, "a frozen text starts with its fields: ---, title: …, ---")
    end = next((at for at, line in enumerate(lines[1:], 1) if line == "---"), None)
    if end is None:
        raise Unreadable(1, "the fields do not end: there is no second ---")
    for at, line in enumerate(lines[1:end], 2):
        key, colon, value = line.partition(": ")
        if not colon or key not in FIELDS or key in fields:
            raise Unreadable(at, f"not a field once for all: {line[:60]}")
        fields[key] = value
    if "title" not in fields:
        raise Unreadable(1, "the fields have no title")
    reader = _Reader(lines[end + 1 :], end + 2)
    reader.read()
    text = Text(fields, tuple(reader.blocks))
    # Lines that were read, but that `write` would write in another way, are refused.
    written = write(text).split("\n")
    for at, (line, expected) in enumerate(zip(lines, written, strict=False), 1):
        if line != expected:
            raise Unreadable(
                at, f"a frozen text has {expected[:60]!r} here, not {line[:60]!r}"
            )
    if len(lines) != len(written):
        raise Unreadable(
            min(len(lines), len(written)), "a frozen text ends with one line's end"
        )
    return text


def read_file(path: Path) -> Text:
    """Return the frozen text in the file *path*.

    Raises UserError, with the file and the line, when it cannot be read as one.
    """
    try:
        return read(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not UTF-8 at byte {error.start}") from None
    except Unreadable as error:
        raise UserError(f"{path}:{error.line}: {error.why}") from None
