"""Frozen texts and comparisons as HTML: the text, the redline and the two columns.

What was added is ``<ins>``, what was removed ``<del>``: underlined and struck through,
never told apart by colour alone. Words that say so are there for who does not see it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

from sphinx.locale import _, admonitionlabels

from policy_site.text import clauses
from policy_site.versions.comparison import Row
from policy_site.versions.frozen import Block, Span

# The elements of a list, and of an item in it, by the mark of a container.
LISTS = {"-": ("ul", "li"), ".": ("ol", "li"), ":": ("dl", "dd"), "term": ("dl", "dt")}
TAGS = {"strong": "strong", "em": "em", "code": "code"}
# As Sphinx writes one: what is wider than the page is scrolled to, with keys, too.
TABLE = (
    '<div class="table-wrapper docutils container" tabindex="0">'
    '<table class="docutils">'
)
TABLE_END = "</tbody></table></div>"


@dataclass
class Part:
    """A block with the HTML of its text; cells of a row have a tab between them."""

    block: Block
    inner: str
    # The HTML attributes of the element around it.
    attributes: str = ""
    # The address of the section, for a heading that starts one.
    anchor: str = field(default="")


# -- Inline ------------------------------------------------------------------------


def inline(block: Block, start: int = 0, end: int | None = None, up: str = "") -> str:
    """Return the text of *block* from *start* to *end* as HTML.

    *up* leads from the page to the folder of the language, to which links are relative.
    """
    end = len(block.text) if end is None else end
    inside = [
        span._replace(start=max(span.start, start), end=min(span.end, end))
        for span in block.spans
        if span.start < end and span.end > start
    ]
    cuts = {
        start,
        end,
        *(span.start for span in inside),
        *(span.end for span in inside),
    }
    places = sorted(cuts)
    html = ""
    for first, last in pairwise(places):
        piece = escape(block.text[first:last], quote=False).replace("\n", "<br>\n")
        # The innermost first.
        for span in reversed(inside):
            is_whole = span in block.spans and span[:2] == (first, last)
            if span.kind == "image" and is_whole:
                words = escape(block.text[first:last])
                piece = f'<img src="{escape(span.target)}" alt="{words}">'
            elif span.start <= first and last <= span.end:
                piece = _look(span, piece, up)
        html += piece
    return html


def _look(span: Span, html: str, up: str) -> str:
    """Return *html* with the look of *span*."""
    if tag := TAGS.get(span.kind):
        return f"<{tag}>{html}</{tag}>"
    if span.kind == "note":
        label = escape(span.target)
        return f'<a class="footnote-reference" href="#footnote-{label}">{html}</a>'
    if span.kind == "image":
        # A picture whose words changed is shown by its words.
        return f'<span class="image">[{html}]</span>'
    target = span.target
    if not re.match(r"#|/|[a-z][a-z0-9+.-]*:", target):
        target = up + target
    kind = "internal" if target.startswith("#") else "external"
    return f'<a class="reference {kind}" href="{escape(target)}">{html}</a>'


# -- Blocks ------------------------------------------------------------------------


def _kind(mark: str) -> str:
    """Return what containers of one kind have in common of their marks."""
    return "." if mark.endswith(".") else mark


def _list_opening(tag: str, around: Sequence[str], start: str = "") -> str:
    """Return how a list starts in the containers *around* it.

    A numbered one has the class that gives its numbers the form of its depth.
    """
    if tag != "ol":
        return f"<{tag}>"
    depth = sum(_kind(mark) == "." for mark in around)
    kind, _before, _after = clauses.LEVELS[depth % len(clauses.LEVELS)]
    return f'<ol class="{kind}"{start}>'


class _Page:
    """Writes parts one after the other, in the lists and sections they belong to."""

    def __init__(self, level: int) -> None:
        # How much deeper headings are than in the text.
        self.level = level
        self.html: list[str] = []
        # The containers that are open, and how to close each.
        self.open: list[tuple[str, str]] = []
        # The depths of the sections that are open.
        self.sections: list[int] = []
        # The columns of the table that is open.
        self.columns = 0
        # The number of the last item, by how deep its list is.
        self.numbers: dict[int, int] = {}

    def close(self, level: int, keep_list: str = "") -> None:
        """Close containers until *level* are open; a list that goes on stays open."""
        while len(self.open) > level:
            kind, closing = self.open.pop()
            list_tag, item = LISTS.get(kind, ("", ""))
            stays = len(self.open) == level and list_tag and list_tag == keep_list
            self.html.append(f"</{item}>" if stays else closing)
            if stays:
                self.open.append((f"in {list_tag}", f"</{list_tag}>"))
                return

    def add(self, part: Part) -> None:
        block = part.block
        path = [*block.path, "term"] if block.kind == "term" else list(block.path)
        same = 0
        for mark, (kind, _closing) in zip(
            path[: block.shared], self.open, strict=False
        ):
            if _kind(mark) != kind:
                break
            same += 1
        is_row = block.kind in ("header", "row")
        columns = block.text.count("\t") + 1
        if self.columns and (
            not is_row
            or block.kind == "header"
            or columns != self.columns
            or len(self.open) != len(path)
            or same < len(path)
        ):
            self.html.append(TABLE_END)
            self.columns = 0
        following = LISTS.get(_kind(path[same]), ("",))[0] if same < len(path) else ""
        self.close(same, following)
        for level in range(same, len(path)):
            self.start(path[level], level, part)
        self.leaf(part)

    def start(self, mark: str, level: int, part: Part) -> None:
        """Open a container at *level*."""
        kind = _kind(mark)
        if kind in LISTS:
            list_tag, item = LISTS[kind]
            goes_on = len(self.open) > level
            if goes_on:
                self.open.pop()
            else:
                self.numbers[level] = 0
            number = ""
            if kind == ".":
                expected, self.numbers[level] = self.numbers[level] + 1, int(mark[:-1])
                is_next = self.numbers[level] == expected
                number = "" if is_next else f' value="{self.numbers[level]}"'
            opening = _list_opening(list_tag, [kind for kind, _closing in self.open])
            self.html.append(("" if goes_on else opening) + f"<{item}{number}>")
            self.open.append((kind, f"</{item}></{list_tag}>"))
        elif mark.startswith(">!"):
            name = mark[2:]
            title = admonitionlabels.get(name)
            heading = f'<p class="admonition-title">{title}</p>' if title else ""
            self.html.append(f'<div class="admonition {name}">{heading}')
            self.open.append((kind, "</div>"))
        elif mark.startswith("[^"):
            label = escape(mark[2:-2])
            self.html.append(f'<div class="footnote" id="footnote-{label}">[{label}] ')
            self.open.append((kind, "</div>"))
        else:
            self.html.append("<blockquote>")
            self.open.append((kind, "</blockquote>"))

    def leaf(self, part: Part) -> None:
        """Write the block itself."""
        block, inner, attributes = part.block, part.inner, part.attributes
        if block.kind == "heading":
            self.heading(part)
        elif block.kind in ("header", "row"):
            self.row(part)
        elif block.kind == "code":
            self.html.append(f'<pre tabindex="0"{attributes}>{inner}</pre>')
        elif block.kind == "rule":
            self.html.append(f"<hr{attributes}>")
        elif block.kind == "term":
            self.html.append(
                f"<span{attributes}>{inner}</span>" if attributes else inner
            )
        else:
            self.html.append(f"<p{attributes}>{inner}</p>")

    def heading(self, part: Part) -> None:
        depth = part.block.depth
        if part.anchor:
            while self.sections and self.sections[-1] >= depth:
                self.sections.pop()
                self.html.append("</section>")
            self.sections.append(depth)
            self.html.append(f'<section id="{escape(part.anchor)}">')
        tag = f"h{min(depth + self.level, 6)}"
        link = ""
        if part.anchor:
            title = escape(_("Link to this heading"))
            link = f'<a class="headerlink" href="#{part.anchor}" title="{title}">¶</a>'
        self.html.append(f"<{tag}{part.attributes}>{part.inner}{link}</{tag}>")

    def row(self, part: Part) -> None:
        block = part.block
        tag = "th" if block.kind == "header" else "td"
        scope = ' scope="col"' if tag == "th" else ""
        cells = [f"<{tag}{scope}>{cell}</{tag}>" for cell in part.inner.split("\t")]
        row = f"<tr{part.attributes}>{''.join(cells)}</tr>"
        if not self.columns:
            self.columns = block.text.count("\t") + 1
            self.html.append(TABLE)
            if block.kind == "header":
                # Markdown has no table without a head: an empty one is not shown.
                head = f"<thead>{row}</thead>" if block.text.strip() else ""
                self.html.append(f"{head}<tbody>")
                return
            self.html.append("<tbody>")
        self.html.append(row)

    def result(self) -> str:
        if self.columns:
            self.html.append(TABLE_END)
        self.close(0)
        return "\n".join([*self.html, "</section>" * len(self.sections)])


def write(parts: Iterable[Part], level: int = 0) -> str:
    """Return *parts* as HTML, with headings that are *level* deeper than they say."""
    page = _Page(level)
    for part in parts:
        page.add(part)
    return page.result()


def text(blocks: Sequence[Block], up: str) -> str:
    """Return a frozen text as HTML."""
    return write(
        Part(block, inline(block, up=up), anchor=block.section if block.depth else "")
        for block in blocks
    )


# -- The redline -------------------------------------------------------------------


def said(words: str) -> str:
    """Return *words* for who hears the page, or copies from it."""
    return f'<span class="said">{escape(words, quote=False)}</span>'


def _mark(kind: str, html: str) -> str:
    """Return *html* as added or removed."""
    if kind == "=" or not html:
        return html
    tag, word = ("ins", _("added")) if kind == "+" else ("del", _("removed"))
    return f"<{tag}>{said(f'[{word}: ')}{html}{said(']')}</{tag}>"


def marked(row: Row, up: str, sides: str = "-+", plain: bool = False) -> str:
    """Return the text of *row* with the marks of what changed.

    *sides* are the kinds of change to show; *plain* underlines them instead.
    """
    at = {"-": 0, "+": 0}
    html = ""
    for kind, changed in row.ops:
        block = (row.old if kind == "-" else row.new) or row.block
        for piece in re.split("(\t)", changed):
            start = at["-" if kind == "-" else "+"]
            for sign in "-+" if kind == "=" else kind:
                at[sign] += len(piece)
            if piece == "\t":
                # A row as a whole came or went: both its sides have its cells.
                html += piece if kind == "=" or kind in sides else ""
            elif kind == "=" or kind in sides:
                shown = inline(block, start, start + len(piece), up)
                if plain and kind != "=" and shown:
                    html += f"<u>{shown}</u>"
                else:
                    html += shown if plain else _mark(kind, shown)
    return html


def first_of_change(rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """Yield each row with the id that the first one of a change has."""
    seen = set()
    for row in rows:
        name = "from" if row.how == "left" else "change"
        key = f"{name}-{row.number}"
        is_first = bool(row.number) and key not in seen
        seen.add(key)
        yield row, key if is_first else ""


def redline(rows: Sequence[Row], up: str) -> str:
    """Return the new text with all changes marked, and what is gone in its place."""
    parts: list[Part] = []
    for row, name in first_of_change(rows):
        here = f' id="{name}"' if name else ""
        if row.how == "left":
            if name:
                parts.append(_stub(row, here))
            continue
        block = row.block
        anchor = block.section if block.depth and row.new else ""
        inner = marked(row, up)
        if row.how == "moved" and name:
            word = escape(_("moved"), quote=False)
            link = f'<a class="moved" href="#from-{row.number}">[{word}]</a>'
            inner = f"{link} {inner}"
        if not any(kind != "=" for kind, _text in row.ops) and row.how == "changed":
            inner += f" {_unchanged_here()}"
        kind = f' class="changed {row.how}"' if row.number else ""
        parts.append(Part(block, inner, here + kind, anchor))
    return write(parts, level=1)


def _unchanged_here() -> str:
    words = _("(reworded in another language only)")
    return f'<span class="elsewhere">{escape(words, quote=False)}</span>'


def _stub(row: Row, attributes: str) -> Part:
    """Return what stands where something was that has moved."""
    words = _("“%(text)s” was moved") % {"text": excerpt(row.block)}
    link = f'<a href="#change-{row.number}">{escape(words, quote=False)}</a>'
    block = Block("paragraph", "…", path=row.block.path, shared=row.block.shared)
    return Part(block, link, f'{attributes} class="moved"')


def excerpt(block: Block, length: int = 40) -> str:
    """Return the beginning of a block's text, on one line."""
    one_line = " ".join(block.text.split())
    return one_line if len(one_line) <= length else f"{one_line[:length]}…"


def changes(rows: Sequence[Row]) -> list[tuple[str, str, str]]:
    """Return of each change its id, what happened, and the words it begins with."""
    names = {
        "added": _("added"),
        "removed": _("removed"),
        "changed": _("changed"),
        "moved": _("moved"),
    }
    found = []
    for row, name in first_of_change(rows):
        if name and row.how != "left":
            found.append((name, names[row.how], excerpt(row.block)))
    return found


# -- Side by side ------------------------------------------------------------------


def old_new(rows: Sequence[Row], up: str, columns: tuple[str, str]) -> str:
    """Return the rows of a table with the new text beside the old one.

    *columns* are their names, which stand before each where there is one column only.

    As in the 新旧対照表 of Japanese bills, what did not change is left out, and what
    changed is underlined on both sides.
    """
    titles = {
        row.block.section: inline(row.block, up=up) for row in rows if row.block.depth
    }
    html, section, skipping = [], None, True
    unchanged = [_("(unchanged)")] * 2
    for row, name in first_of_change(rows):
        if row.how == "same":
            if not skipping and not row.block.depth:
                html.append(_sides(section or "", section, titles, columns, *unchanged))
                skipping = True
            continue
        new, old = _both(row, up)
        here = f' id="{name}"' if name else ""
        html.append(_sides(row.block.section, section, titles, columns, new, old, here))
        section, skipping = row.block.section, False
    return "\n".join(html)


def _both(row: Row, up: str) -> tuple[str, str]:
    """Return what stands of *row* in the column of the new and of the old text."""
    moved = _("(moved)")
    if row.how == "left":
        return moved, _cell(row.old, inline(row.block, up=up))
    note = f" {moved}" if row.how == "moved" else ""
    new = _cell(row.new, marked(row, up, "+", plain=True) + note)
    old = _cell(row.old, marked(row, up, "-", plain=True))
    return new or _("(removed)"), old or _("(new)")


def _cell(block: Block | None, html: str) -> str:
    """Return *html* as *block* in a column: an item or a note with its number."""
    if block is None:
        return ""
    html = html.replace("\t", " | ")
    for level in reversed(range(block.shared, len(block.path))):
        mark = block.path[level]
        tag, _item = LISTS.get(_kind(mark), ("", ""))
        if tag in ("ul", "ol"):
            start = f' start="{mark[:-1]}"'
            opening = _list_opening(tag, block.path[:level], start)
            html = f"{opening}<li>{html}</li></{tag}>"
        elif mark.startswith("[^"):
            html = f"[{escape(mark[2:-2])}] {html}"
    return html


def _sides(
    section: str,
    before: str | None,
    titles: dict[str, str],
    columns: tuple[str, str],
    new: str,
    old: str,
    attributes: str = "",
) -> str:
    """Return one row of the table; a section is named in the first of its rows."""
    title = titles.get(section, "") or "—"
    # A screen reader needs the title in every row; the eye, in the first one.
    head = title if section != before else f'<span class="said">{title}</span>'
    cells = "".join(
        f'<td data-label="{escape(label)}">{content}</td>'
        for label, content in zip(columns, (new, old), strict=True)
    )
    return f'<tr{attributes}><th scope="row">{head}</th>{cells}</tr>'
