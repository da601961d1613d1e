"""A policy as its readers get it, frozen: from the doctree to a frozen text.

The builder ``frozen`` writes those of a language, for ``make publish``.
"""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.dummy import DummyBuilder

from policy_site.base.errors import UserError
from policy_site.text import policies
from policy_site.text.source_checks import COMMENT
from policy_site.versions import frozen, seal
from policy_site.versions.frozen import Block, Span, Text

# What is no part of the text: notices, by their classes, and what no reader sees.
NOTICES = {"sample-notice"}
UNSEEN = (nodes.Invisible, nodes.docinfo, nodes.field_list, nodes.colspec, nodes.label)
SPANS: dict[type, str] = {
    nodes.strong: "strong",
    nodes.emphasis: "em",
    nodes.literal: "code",
}
# Nodes that look like the text around them.
PLAIN = (nodes.inline, nodes.abbreviation, nodes.generated, nodes.caption, nodes.title)

# What has no mark of its own around what is in it.
WRAPPERS = (
    *(nodes.document, nodes.definition_list, nodes.figure, nodes.legend),
    *(nodes.compound, nodes.container),
)

ONE_PARAGRAPH = (
    "a cell of a table that is published holds one paragraph: give the others rows of "
    "their own, or write them above or below the table"
)


def fail(node: nodes.Node, why: str) -> UserError:
    """Return the error that *node* cannot be frozen, with its file and line."""
    while node.parent and not (node.line and node.source):
        node = node.parent
    return UserError(f"{node.source}:{node.line or 1}: {why}")


# -- Inline ------------------------------------------------------------------------


class _Inline:
    """Collects the text of nodes and how it looks."""

    def __init__(self) -> None:
        self.text = ""
        self.spans: list[Span] = []

    def add(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Text):
            self.add_text(node.astext())
        elif isinstance(node, nodes.raw):
            # MyST's line break; its twin for LaTeX says the same.
            if node["format"] == "html" and node.astext().strip() == "<br />":
                self.text = self.text.rstrip(" ") + "\n"
            elif node["format"] == "html" and COMMENT.sub("", node.astext()).strip():
                raise fail(node, "HTML is not part of a policy that can be published")
        elif isinstance(node, nodes.footnote_reference):
            label = node.astext()
            self.mark("note", label, lambda: self.add_text(f"[{label}]"))
        elif isinstance(node, nodes.image):
            alt = node.get("alt", "")
            self.mark("image", node["uri"], lambda: self.add_text(alt))
        elif isinstance(node, nodes.reference):
            self.mark("link", node["refuri"], lambda: self.add_all(node.children))
        elif kind := SPANS.get(type(node)):
            self.mark(kind, "", lambda: self.add_all(node.children))
        elif isinstance(node, PLAIN) and "phrase_end" not in type(node).__name__:
            self.add_all(node.children)
        elif not isinstance(node, UNSEEN) and node.astext():
            raise fail(node, f"a {type(node).__name__} cannot be published")

    def add_all(self, children: Iterable[nodes.Node]) -> None:
        for child in children:
            self.add(child)

    def add_text(self, text: str) -> None:
        # As a browser does: spaces are one, and none starts a line.
        text = re.sub("[ \t\r\n]+", " ", text)
        if not self.text or self.text[-1] in " \n":
            text = text.lstrip(" ")
        self.text += text

    def mark(self, kind: str, target: str, add: Callable[[], None]) -> None:
        start = len(self.text)
        add()
        self.spans.append(Span(start, len(self.text), kind, frozen.address(target)))

    def result(self) -> tuple[str, tuple[Span, ...]]:
        text = self.text.rstrip()
        spans = {
            span._replace(end=min(span.end, len(text)))
            for span in self.spans
            if span.start < min(span.end, len(text))
        }
        return text, frozen.in_order(_joined(spans))


def _joined(spans: set[Span]) -> Iterator[Span]:
    """Yield *spans*; those that look the same and touch or nest are one."""
    last: dict[tuple[str, str], Span] = {}
    for span in frozen.in_order(spans):
        look = span.kind, span.target
        before = last.get(look)
        if span.kind in frozen.MARKS and before and before.end >= span.start:
            last[look] = before._replace(end=max(before.end, span.end))
            continue
        if before:
            yield before
        last[look] = span
    yield from last.values()


def inline(*parents: nodes.Node) -> tuple[str, tuple[Span, ...]]:
    """Return the text of nodes and how it looks."""
    found = _Inline()
    for parent in parents:
        found.add_all(parent.children)
    return found.result()


# -- Blocks ------------------------------------------------------------------------


class _Blocks:
    """Collects the blocks of a document; *names* are those of `names_of`."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names
        self.blocks: list[Block] = []
        # The containers that are open: their marks, and what tells them apart.
        self.path: list[tuple[str, int]] = []
        self.before: list[tuple[str, int]] = []
        self.section, self.count = "", 0

    def add(
        self, kind: str, text: str = "", spans: Iterable[Span] = (), depth: int = 0
    ) -> None:
        if not text and kind != "rule":
            return
        marks = tuple(mark for mark, _ in self.path)
        pairs = zip(self.path, self.before, strict=False)
        same = [one == other for one, other in pairs]
        shared = same.index(False) if False in same else len(same)
        self.blocks.append(
            Block(kind, text, tuple(spans), marks, shared, depth, self.section)
        )
        self.before = list(self.path)

    def inside(self, mark: str, children: Iterable[nodes.Node], depth: int) -> None:
        """Add *children* in a container with this *mark*."""
        self.count += 1
        self.path.append((mark, self.count))
        for child in children:
            self.walk(child, depth)
        self.path.pop()

    def walk(self, node: nodes.Node, depth: int = 0) -> None:
        """Add what *node* holds; *depth* is that of the heading above it."""
        if isinstance(node, nodes.Element) and NOTICES.intersection(node["classes"]):
            return
        if isinstance(node, nodes.section):
            self.add_section(node, depth + 1)
        elif isinstance(node, (nodes.paragraph, nodes.rubric)):
            self.add("paragraph", *inline(node))
        elif isinstance(node, nodes.line_block):
            text, spans = frozen.join_cells(list(map(inline, node.findall(nodes.line))))
            self.add("paragraph", text.replace("\t", "\n"), spans)
        elif isinstance(node, (nodes.bullet_list, nodes.enumerated_list)):
            for number, item in enumerate(node, node.get("start", 1)):
                is_bullet = isinstance(node, nodes.bullet_list)
                self.inside("-" if is_bullet else f"{number}.", item.children, depth)
        elif isinstance(node, nodes.definition_list_item):
            for child in node:
                if isinstance(child, nodes.term):
                    self.add("term", *inline(child))
                else:
                    self.inside(":", child.children, depth)
        elif isinstance(node, nodes.block_quote):
            self.inside(">", node.children, depth)
        elif isinstance(node, nodes.Admonition) and isinstance(node, nodes.Element):
            self.add_admonition(node, depth)
        elif isinstance(node, nodes.footnote):
            self.section = frozen.FOOTNOTES
            label = next(iter(node.findall(nodes.label))).astext()
            self.inside(f"[^{label}]:", node.children, depth)
        elif isinstance(node, nodes.table):
            self.add_table(node)
        elif isinstance(node, nodes.literal_block):
            lines = node.astext().rstrip("\n").split("\n")
            self.add("code", "\n".join(line.rstrip() for line in lines))
        elif isinstance(node, (nodes.image, nodes.raw)):
            found = _Inline()
            found.add(node)
            self.add("paragraph", *found.result())
        elif isinstance(node, nodes.transition):
            if "footnotes" not in node["classes"]:
                self.add("rule")
        elif isinstance(node, nodes.caption):
            self.add("paragraph", *inline(node))
        elif isinstance(node, WRAPPERS):
            for child in node.children:
                self.walk(child, depth)
        elif not isinstance(node, UNSEEN):
            raise fail(node, f"a {type(node).__name__} cannot be published")

    def add_section(self, node: nodes.section, depth: int) -> None:
        title = next(iter(node.findall(nodes.title)))
        name = next(filter(None, map(self.names.get, node["ids"])), None)
        if name is None:
            raise fail(
                node,
                f"the heading {title.astext()!r} needs a name above it, such as "
                "(data-retention)=: versions are compared by it",
            )
        self.section = name
        self.add("heading", *inline(title), depth)
        for child in node.children:
            if child is not title:
                self.walk(child, depth)

    def add_admonition(self, node: nodes.Element, depth: int) -> None:
        children = list(node.children)
        if isinstance(node, nodes.admonition):
            # Its title is its own; that of the others follows from their kind.
            title = children.pop(0)
            strong = nodes.strong("", "", *title.children)
            children.insert(0, nodes.paragraph("", "", strong))
        self.inside(f">!{node.tagname}", children, depth)

    def add_table(self, node: nodes.table) -> None:
        for child in node:
            if isinstance(child, nodes.title):
                self.add("paragraph", *inline(child))
        head = next(iter(node.findall(nodes.thead)), None)
        rows = list(node.findall(nodes.row))
        if head is None:
            # Markdown has no table without one.
            columns = len(rows[0])
            self.add("header", "\t" * (columns - 1) or " ")
        for number, row in enumerate(rows):
            cells = []
            for cell in row.findall(nodes.entry):
                is_plain = all(isinstance(child, nodes.paragraph) for child in cell)
                spans = cell.get("morecols") or cell.get("morerows")
                if len(cell) > 1 or spans or not is_plain:
                    # Docutils gives lines to what is in a cell, not to the cell.
                    raise fail(cell[-1] if len(cell) else cell, ONE_PARAGRAPH)
                cells.append(inline(*cell.children))
            is_head = head is not None and number == 0
            self.add("header" if is_head else "row", *frozen.join_cells(cells))


def names_of(app: Sphinx, docname: str, doctree: nodes.document) -> dict[str, str]:
    """Return the names that the source *docname* gives, and for each the one to keep.

    A heading whose name has changed has the old one above the new one. It keeps the
    old one in what is published, or a comparison would take it for another heading.
    """
    labels = app.env.domains.standard_domain.anonlabels.values()
    names = {anchor: anchor for name, anchor in labels if name == docname}
    for section in doctree.findall(nodes.section):
        # The nearest comes first.
        given = [name for name in section["ids"] if name in names]
        names |= dict.fromkeys(given, given[-1] if given else "")
    return names


def freeze(app: Sphinx, docname: str) -> Text:
    """Return the policy *docname* in the language that is built, as it is frozen.

    Raises UserError, with the file and the line, for what cannot be frozen.
    """
    doctree = app.env.get_doctree(docname)
    for image in doctree.findall(nodes.image):
        image["uri"] = image_name(image_file(app, image))
    # Links get their address; those without words, the title of what they lead to.
    app.env.resolve_references(doctree, docname, app.builder)
    names = names_of(app, docname, doctree)
    for link in doctree.findall(nodes.reference):
        address = link.get("refuri") or f"#{link.get('refid', '')}"
        if address.startswith("#"):
            link["refuri"] = f"#{names.get(address[1:], address[1:])}"
    found = _Blocks(names)
    found.walk(doctree)
    policy = app.config.policies[docname]
    fields = {
        "policy": docname,
        "version": str(policy["updated"]),
        "language": app.config.language,
        "title": policies.text_of(doctree, "title"),
        "description": policies.text_of(doctree, "description"),
        "effective": str(policy.get("effective", policy["updated"])),
        "material": "true" if policy.get("material") else "false",
        "summary": policies.text_of(doctree, "summary"),
    }
    return Text(
        {key: text for key, text in fields.items() if text}, tuple(found.blocks)
    )


def image_file(app: Sphinx, image: nodes.image) -> Path:
    """Return the path of an image in the language that is built."""
    name = next(iter(image["candidates"].values()), image["uri"])
    path = Path(app.srcdir, name)
    if not path.is_file():
        raise fail(image, f"the image {name} cannot be published: put it into source/")
    return path


def image_name(path: Path) -> str:
    """Return the name that an image has when it is frozen: another one has another."""
    stem = re.sub(r"[^\w-]", "_", path.stem)
    return f"{stem}-{seal.digest(path)[:12]}{path.suffix}"


class CheckBuilder(DummyBuilder):
    """Writes nothing, for ``make check``; links lead where those of pages do."""

    name = "check"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return f"{docname}.html"


class FrozenBuilder(CheckBuilder):
    """Writes ``<policy>.md`` of every policy, and its images."""

    name = "frozen"
    format = "frozen"

    def get_outdated_docs(self) -> set[str]:
        return set(self.config.policies)

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        if docname in self.config.policies:
            text = frozen.write(freeze(self.app, docname))
            Path(self.outdir, f"{docname}.md").write_text(text, encoding="utf-8")
            for image in self.env.get_doctree(docname).findall(nodes.image):
                path = image_file(self.app, image)
                shutil.copyfile(path, Path(self.outdir, image_name(path)))


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.text.policies")
    app.add_builder(CheckBuilder)
    app.add_builder(FrozenBuilder)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
