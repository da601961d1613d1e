"""Reads the tags of a PDF, and what they should be, as lines that can be compared.

Each structure is a line with its tag and what belongs to it: a scope, a target, a
language, the words for a picture. Its parts follow, indented:

    P
      'See '
      Link to 'Fees'
        'the fees'
"""

import re

import pikepdf
import pytest
from bs4 import NavigableString, Tag

from policy_site.base.languages import slug
from tests.support import title_of


def lines(structure):
    """Return the lines of a structure: (label, parts), each part another or a text."""
    label, parts = structure
    return [label, *("  " + line for part in parts for line in lines_of_part(part))]


def lines_of_part(part):
    return [repr(part)] if isinstance(part, str) else lines(part)


def words(parts):
    """Return the text of all parts."""
    return "".join(part if isinstance(part, str) else words(part[1]) for part in parts)


def tidy(label, parts, code=False):
    """Return the structure with its texts joined, and spaces as one reads them."""
    joined = [""]
    for part in parts:
        if isinstance(part, str):
            joined[-1] += part
        else:
            joined += [part, ""]
    if not code:
        joined = [
            re.sub(r"\s+", " ", part) if isinstance(part, str) else part
            for part in joined
        ]
    return label, [part for part in joined if part and part != " "]


# -- Of a PDF ----------------------------------------------------------------------


def characters(font):
    """Return the text of each code of a font, and the number of bytes of a code."""
    known, table = {}, font.ToUnicode.read_bytes().decode("latin-1")

    def text(digits):
        return bytes.fromhex(digits).decode("utf-16-be")

    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, digits in re.findall(r"<(\w+)>\s*<(\w*)>", block):
            known[int(code, 16)] = text(digits)
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, digits in re.findall(r"<(\w+)>\s*" * 3, block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                start = text(digits)
                known[int(first, 16) + step] = start[:-1] + chr(ord(start[-1]) + step)
    return known, 2 if font.Subtype == "/Type0" else 1


def texts_of_page(page):
    """Yield (mark, text): the number of marked content, "Artifact", or None."""
    fonts = {name: characters(font) for name, font in page.Resources.Font.items()}
    marks, font = [], None
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BMC" | "BDC":
                properties = operands[1] if len(operands) > 1 else {}
                if isinstance(properties, pikepdf.Name):
                    properties = page.Resources.Properties[properties]
                tag = str(operands[0]).removeprefix("/")
                marks.append(tag if tag == "Artifact" else properties.get("/MCID"))
            case "EMC":
                marks.pop()
            case "Tf":
                font = str(operands[0])
            case "Tj" | "TJ":
                array = operands[0] if str(operator) == "TJ" else operands
                for codes in map(bytes, filter(is_string, array)):
                    known, size = fonts[font]
                    text = "".join(
                        known[int.from_bytes(codes[at : at + size])]
                        for at in range(0, len(codes), size)
                    )
                    yield (marks[-1] if marks else None), text


def is_string(operand):
    return isinstance(operand, pikepdf.String)


class TaggedPdf:
    """A PDF: its structure, its artifacts page by page, and what a test asks about."""

    def __init__(self, path):
        with pikepdf.open(path) as pdf:
            self.texts, self.artifacts = {}, []
            for page in pdf.pages:
                self.artifacts.append("")
                for mark, text in texts_of_page(page):
                    assert mark is not None, f"neither tagged nor an artifact: {text}"
                    if mark == "Artifact":
                        self.artifacts[-1] += text
                    else:
                        key = page.objgen, int(mark)
                        self.texts[key] = self.texts.get(key, "") + text
            self.unread = set(self.texts)
            self.language = str(pdf.Root.Lang)
            self.class_map = pdf.Root.StructTreeRoot.get("/ClassMap", {})
            self.notes, self.links = [], []
            with pdf.open_outline() as outline:
                self.titles = dict(self.read_outline(outline.root))
            [document] = kids(pdf.Root.StructTreeRoot)
            self.structure = self.read(document)

    def read_outline(self, items):
        """Yield (destination, title) of each bookmark."""
        for item in items:
            yield str(item.action.D), item.title
            yield from self.read_outline(item.children)

    def read(self, element, page=None, code=False):
        """Return the structure of *element*."""
        page = element.get("/Pg", page)
        code = code or element.S == "/Code"
        label = self.label(element)
        parts = []
        for kid in kids(element):
            if isinstance(kid, int) or kid.get("/Type") == "/MCR":
                number = kid if isinstance(kid, int) else int(kid.MCID)
                where = page if isinstance(kid, int) else kid.get("/Pg", page)
                parts.append(self.texts.get((where.objgen, number), ""))
                self.unread.discard((where.objgen, number))
            elif kid.get("/Type") == "/OBJR":
                label += f" to {self.target(kid.Obj)}"
                self.links.append((words(parts), str(kid.Obj.Contents)))
            else:
                parts.append(self.read(kid, page, code))
        return tidy(label, parts, code)

    def label(self, element):
        tag = str(element.S).removeprefix("/")
        if tag == "Note":
            self.notes.append(str(element.ID))
        found = self.class_map[element.C] if "/C" in element else {}
        keys = ["/Scope", "/ListNumbering"]
        details = [str(found[key]).removeprefix("/") for key in keys if key in found]
        details += [str(element[key]) for key in ["/Lang", "/Alt"] if key in element]
        return " ".join([tag, *details])

    def target(self, annotation):
        """Return the address of a link, or the title of the section that it leads to."""
        action = annotation.A
        if action.S == "/URI":
            return str(action.URI)
        if action.S == "/GoToR":
            return str(action.F.UF)
        return repr(self.titles.get(str(action.D), "a note"))


def kids(element):
    found = element.get("/K", pikepdf.Array())
    return list(found) if isinstance(found, pikepdf.Array) else [found]


# -- Of a page ---------------------------------------------------------------------

# What an element is as a structure. Others are none: their parts belong to the element
# around them.
STRUCTURES = {
    **{f"h{level}": f"H{level}" for level in range(1, 7)},
    "p": "P",
    "blockquote": "BlockQuote",
    "ul": "L Disc",
    "li": "LI",
    "table": "Table",
    "caption": "Caption",
    "tr": "TR",
    "td": "TD",
    "figure": "Div",
}


# The numbers of a list, by its class.
NUMBERS = {"arabic": "Decimal", "loweralpha": "LowerAlpha", "lowerroman": "LowerRoman"}


class Page:
    """The article of a page as the structure that its PDF should have."""

    def __init__(self, article):
        self.article = article
        self.structure = "Document", list(self.parts(article))

    def parts(self, element, depth=0):
        for child in element.children:
            if isinstance(child, NavigableString):
                if child.strip() or "\n" not in child:
                    yield str(child)
            elif isinstance(child, Tag):
                yield from self.structures(child, depth)

    def structures(self, element, depth):
        """Yield the structures, or texts, of an element; *depth* counts lists of bullets."""
        name, classes = element.name, element.get("class", [])
        if name in ("hr", "aside") or "headerlink" in classes:
            return
        if name == "br":
            yield " "
        elif name == "img":
            figure = f"Figure {element['alt']}", []
            yield ("P", [figure]) if element.parent.name == "figure" else figure
        elif name == "pre":
            code = element.get_text().rstrip("\n").split("\n")
            yield "P", [("Code", [("Span", [line]) for line in code])]
        elif name == "th":
            scope = "Column" if element.find_parent("thead") else "Row"
            yield tidy(f"TH {scope}", self.parts(element, depth))
        elif name == "ol":
            [numbers] = [NUMBERS[one] for one in classes if one in NUMBERS]
            yield f"L {numbers}", list(self.parts(element, depth))
        elif name == "li":
            mark = (
                self.label(element) if element.parent.name == "ol" else "•–"[depth - 1]
            )
            yield "LI", [("Lbl", [mark]), ("LBody", list(self.parts(element, depth)))]
        elif name == "a":
            yield from self.link(element)
        elif "line-block" in classes:
            yield "P", [part for part in self.parts(element) if part != "\n"]
        elif "line" in classes:
            yield tidy("Span", self.parts(element))
        elif "admonition" in classes:
            yield "Div", list(self.parts(element))
        elif element.get("lang"):
            yield tidy(f"Span {element['lang']}", self.parts(element))
        elif name in STRUCTURES:
            figcaption = name == "p" and element.parent.name == "figcaption"
            label = "Caption" if figcaption else STRUCTURES[name]
            yield tidy(label, self.parts(element, depth + (name == "ul")))
        else:
            yield from self.parts(element, depth)

    def label(self, item):
        """Return the label of an item as policy_site/text/clauses.py has it."""
        number = len(item.find_previous_siblings("li"))
        classes = item.parent.get("class", [])
        if "loweralpha" in classes:
            return f"({'abcdefgh'[number]})"
        if "lowerroman" in classes:
            return f"({['i', 'ii', 'iii', 'iv'][number]})"
        return f"{number + 1}."

    def link(self, element):
        target, parts = element["href"], list(self.parts(element))
        if "footnote-reference" in element["class"]:
            number = element.get_text().strip("[]")
            note = self.article.select_one(target)
            [text] = note.find_all("p")
            yield "Link to 'a note'", [number]
            yield "Note", [tidy("P", [number, *self.parts(text)])]
        elif target.startswith("#"):
            heading = self.article.select_one(target).select_one("h2, h3, h4")
            yield tidy(f"Link to {title_of(heading)!r}", parts)
        else:
            yield tidy(f"Link to {target}", parts)


# Every PDF is tagged by this LaTeX, that of Debian 12.
ALWAYS_TAGS = "LaTeX2e <2022-11-01>"


def tagged_pdf(built, language, policy):
    """Return the PDF of a policy; where another LaTeX made it untagged, skip the test."""
    path = built.pdf_path(language, policy)
    log = (built.build / "latex" / slug(language) / path.name).with_suffix(".log")
    said = log.read_text("utf-8", "replace")
    untagged = re.search("^policytags: (.+)", said, re.MULTILINE)
    if untagged and ALWAYS_TAGS not in said:
        pytest.skip(f"the PDF has no tags: {untagged[1]}")
    return TaggedPdf(path)
