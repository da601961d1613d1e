"""What a PDF needs that a page does not: links out of it, and columns of a width."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.latex import LaTeXBuilder
from sphinx.builders.latex.theming import Theme
from sphinx.errors import NoUri
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import texescape

from policy_site.text import policies

# -- Links to other policies -----------------------------------------------------


class PolicyBuilder(LaTeXBuilder):
    """Sphinx's builder, in which a link to another policy leads to it.

    To its page, where the address of the pages is known, or else to its PDF, which lies
    beside this one. The PDF that holds all policies has the title of the front page.
    """

    title = ""

    def assemble_doctree(
        self, indexfile: str, toctree_only: bool, appendices: list[str]
    ) -> nodes.document:
        tree = super().assemble_doctree(indexfile, toctree_only, appendices)
        if toctree_only:
            next(tree.findall(nodes.section)).insert(1, raw_latex(r"\policyvolume"))
            for policy in tree.findall(addnodes.start_of_file):
                # What stands before its title comes after that, as in its own PDF.
                section = next(policy.findall(nodes.section))
                start = policy.index(section)
                section[1:1] = policy[:start]
                del policy[:start]
        # Sphinx would not say that it is not translated.
        title = self.env.titles[indexfile]
        self.title = texescape.escape(title.astext(), self.config.latex_engine)
        parts = title.findall(nodes.inline)
        if any("untranslated" in part["classes"] for part in parts):
            self.title = rf"\policylanguage{{en}}{{{self.title}}}"
        return tree

    def update_doc_context(self, title: str, author: str, theme: Theme) -> None:
        super().update_doc_context(self.title, author, theme)

    def get_contentsname(self, indexfile: str) -> str:
        """Return no name, for TeX's own; Sphinx would take the first caption."""
        return ""

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        try:
            return super().get_target_uri(docname, typ)
        except NoUri:
            if self.config.html_baseurl:
                return urljoin(self.config.html_baseurl, f"{docname}.html")
            if docname not in self.config.policies:
                raise
            return (
                policies.pdf_name(self.config, docname, self.config.language) + ".pdf"
            )


class LinkFiles(SphinxPostTransform):
    """Let a link to another PDF lead to its start: its places have other names."""

    formats = ("latex",)
    # After references are resolved (10).
    default_priority = 20

    def run(self, **kwargs: Any) -> None:
        for link in self.document.findall(nodes.reference):
            uri = link.get("refuri", "")
            if re.match(r"[\w-]+\.pdf#", uri):
                link["refuri"] = uri.partition("#")[0]


# A line may end after these within an address.
ENDS = re.compile(r"(?<=[/.@?&=#_])(?=.)")


class KeepAddresses(SphinxPostTransform):
    """Let an address that is read break where it has a mark, and never get a hyphen."""

    formats = ("latex",)
    # After links are sorted by their kind, for which their text is compared (400).
    default_priority = 600

    def run(self, **kwargs: Any) -> None:
        for link in self.document.findall(nodes.reference):
            text = link.astext()
            if len(link) != 1 or not re.fullmatch(r"\S*(?:@|://).*", text):
                continue
            parts: list[nodes.Node] = [raw_latex(r"\policyaddress{")]
            for part in ENDS.split(text):
                parts += [nodes.Text(part), raw_latex(r"\allowbreak{}")]
            link.children = []
            link += [*parts[:-1], raw_latex("}")]


def raw_latex(text: str) -> nodes.raw:
    return nodes.raw("", text, format="latex")


class PlainTitle(SphinxPostTransform):
    """Take the emphasis out of the title, which LaTeX has as plain text alone."""

    formats = ("latex",)
    default_priority = 500

    def run(self, **kwargs: Any) -> None:
        for title in list(self.document.findall(nodes.title))[:1]:
            text = title.astext()
            title.children = []
            title += nodes.Text(text)


class LeaveOutRule(SphinxPostTransform):
    """Take the rule before the notes out: on paper, they stand at the foot of pages."""

    formats = ("latex",)
    default_priority = 500

    def run(self, **kwargs: Any) -> None:
        for rule in list(self.document.findall(nodes.transition)):
            if "footnotes" in rule["classes"]:
                rule.parent.remove(rule)


def lead_of(part: nodes.Element) -> list[nodes.Node]:
    """Return what leads to *part*, in order: its heading, a sentence, notices."""
    section = part.parent
    start = end = section.index(part)
    while start and isinstance(section[start - 1], nodes.Admonition):
        start -= 1
    for kind in (nodes.paragraph, nodes.title):
        if start and isinstance(section[start - 1], kind):
            start -= 1
    return section[start:end]


# The lines that a heading takes, with the space around it.
HEADING = 3


def keep_with_lead(part: nodes.Element, lines: float) -> None:
    """Start *part*, with what leads to it, where a page has room for so many lines."""
    first = [*lead_of(part), part][0]
    # A heading directly above another one leads to it.
    while isinstance(first, nodes.title):
        first, start = first.parent, first.parent
        while isinstance(start, (nodes.section, nodes.target)):
            start = start.previous_sibling()
        if isinstance(start, nodes.title):
            first, lines = start, lines + HEADING
    space = raw_latex(rf"\Needspace*{{{lines:.0f}\baselineskip}}")
    first.parent.insert(first.parent.index(first), space)


class KeepContactTogether(SphinxPostTransform):
    """Start the contact block, with what leads to it, where a page has room for all.

    The sentence before it, its heading and the notice of samples go with it.
    """

    formats = ("latex",)
    default_priority = 500

    def run(self, **kwargs: Any) -> None:
        for block in list(self.document.findall(nodes.line_block)):
            parts = [*block.findall(nodes.inline), *block.findall(nodes.reference)]
            if any("contact" in part["classes"] for part in parts):
                texts = [[part.astext()] for part in [*lead_of(block), *block]]
                # Eight more for the space around the heading, the frame of the notice,
                # and the five lines that policy.sty wants for a block of any length.
                keep_with_lead(block, count_lines(texts, [1]) + 8)


# -- Tables ----------------------------------------------------------------------

# How many letters of the text, in its size, are as wide as a page; and of how many the
# space between two columns is.
PAGE, GAP = 75, 3
LEFT = r"\raggedright"
ALIGNMENTS = {
    "text-left": LEFT,
    "text-right": r"\raggedleft",
    "text-center": r"\centering",
}


def width(text: str) -> int:
    """Return the width of *text* in Latin letters, of which a Japanese one is two."""
    # https://www.unicode.org/reports/tr11/
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


def longest_word(text: str) -> int:
    """Return the width of what of *text* is to stay in one line: all, if it is short.

    Japanese has no spaces and may break anywhere, but six letters are kept together.
    """
    if width(text) <= 12:
        return width(text)
    words = re.findall(r"[^\s\u3000-\u9fff\uff00-\uffef]+|\S{1,6}", text)
    return max(map(width, words), default=0)


def column_widths(columns: list[tuple[str, ...]]) -> list[int]:
    """Return the widths for columns with these texts, as shares of their sum.

    Each column has room for its longest word; what is left of the page goes to those
    whose texts would need more.
    """
    least = [max(map(longest_word, texts)) + GAP for texts in columns]
    wanted = [
        max(max(map(width, texts)) + GAP - room, 1)
        for texts, room in zip(columns, least, strict=True)
    ]
    left = max(PAGE - sum(least), 0)
    return [
        room + round(left * want / sum(wanted))
        for room, want in zip(least, wanted, strict=True)
    ]


def column_alignment(cells: Iterable[nodes.entry]) -> str:
    """Return the LaTeX that aligns a column as the Markdown says of its cells."""
    names = {name for cell in cells for name in cell["classes"]}
    return next(
        (tex for name, tex in ALIGNMENTS.items() if name in names), r"\raggedright"
    )


# Tables of at most so many lines stay on one page. Others go on, after any row.
SHORT = 15


def count_lines(rows: list[list[str]], widths: list[int]) -> float:
    """Return about how many lines a table has on paper, and a little for each row."""
    rooms = [max(PAGE * share / sum(widths) - GAP, 1) for share in widths]
    return sum(
        1.3 + max(width(text) // room for text, room in zip(row, rooms, strict=True))
        for row in rows
    )


class SetTables(SphinxPostTransform):
    """Give the columns of each table widths and alignments, as the pages have them.

    LaTeX would divide words to make all columns as wide, knows no alignment, and would
    set a table of less than 31 rows as one piece, however high.
    """

    formats = ("latex",)
    default_priority = 500

    def run(self, **kwargs: Any) -> None:
        for table in list(self.document.findall(nodes.table)):
            table["classes"].append("longtable")
            rows = [list(row.findall(nodes.entry)) for row in table.findall(nodes.row)]
            texts = [[cell.astext() for cell in row] for row in rows]
            columns = list(zip(*rows, strict=True))
            if "colwidths-given" in table["classes"]:
                widths = [spec["colwidth"] for spec in table.findall(nodes.colspec)]
            else:
                widths = column_widths(list(zip(*texts, strict=True)))
            spec = "".join(
                rf">{{{column_alignment(column)}\let\\\tabularnewline}}\X{{{w}}}{{{sum(widths)}}}"
                for column, w in zip(columns, widths, strict=True)
            )
            lines = count_lines(texts, widths)
            if lines > SHORT:
                lines = count_lines(texts[:2], widths)
            # Eight more for a heading and a sentence before it, and the foot of a page.
            keep_with_lead(table, lines + 8)
            start = table.parent.index(table)
            table.parent.insert(start, addnodes.tabular_col_spec(spec=spec))


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.text.policies")
    app.add_builder(PolicyBuilder, override=True)
    app.add_post_transform(LinkFiles)
    app.add_post_transform(KeepAddresses)
    app.add_post_transform(PlainTitle)
    app.add_post_transform(LeaveOutRule)
    app.add_post_transform(KeepContactTogether)
    app.add_post_transform(SetTables)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
