"""Sources are checked as translations are: before anything is built, all in one run.

What MyST can read is more than what gets into every language and every PDF. Each thing
that would vanish, stay English or lose its form on the way is refused here, with its
file and line and with what to write instead. Markup is found in the tokens of MyST, so
code and escaped characters are no markup. What only looks like a slip is a remark,
which stops nothing.
"""

import ast
import html
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, NamedTuple

import yaml
from docutils import nodes
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from sphinx.application import Sphinx
from sphinx.config import Config

from policy_site.base import order
from policy_site.base.errors import UserError, line_of


class Finding(NamedTuple):
    """What is wrong, or may be."""

    line: int
    """Its number, from 1."""
    fault: str
    """What is wrong there, and what to do."""


@dataclass
class Source:
    """A source, or the content of a directive in it: its text and its tokens."""

    text: str
    md: MarkdownIt
    first_line: int = 1
    tokens: list[tuple[int, Token]] = field(default_factory=list)
    """Every token, also of inline text and of directives inside, with its line."""
    link_definitions: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        env: dict[str, Any] = {}
        self.read(self.md.parse(self.text, env), self.first_line)
        for reference in env.get("references", {}).values():
            line = self.first_line + reference["map"][0]
            self.link_definitions.append((line, reference["href"]))

    def read(self, tokens: list[Token], line: int) -> None:
        for token in tokens:
            if token.map:
                line = self.first_line + token.map[0]
            self.tokens.append((line, token))
            self.read_inline(token.children or [], line)
            if token.type == "fence" and directive_name(token) in WITH_CONTENT:
                options, body = split_options(token.content)
                inner = Source(body, self.md, line + 1 + options.count("\n"))
                self.tokens += inner.tokens
                self.link_definitions += inner.link_definitions

    def read_inline(self, children: list[Token], line: int) -> None:
        for child in children:
            self.tokens.append((line, child))
            line += child.type in ("softbreak", "hardbreak")


# -- Directives and roles ------------------------------------------------------

# Those whose content MyST reads, and those that are tried with every output besides.
WITH_CONTENT = {
    *("note", "warning", "important", "tip", "hint", "caution", "attention"),
    *("danger", "error", "admonition", "figure", "table", "list-table"),
}
DIRECTIVES = {*WITH_CONTENT, "image", "line-block", "toctree", "policies"}
# The lines at the head of a directive: `:name: value`.
OPTION = re.compile(r":([\w-]+):[ \t]*(.*)\n?")


def directive_name(token: Token) -> str:
    """Return the name of the directive that a fence is; none for a block of code."""
    found = re.match(r"\{([^}]*)\}", token.info)
    return found[1] if found else ""


def split_options(content: str) -> tuple[str, str]:
    """Return the lines with options at the head of a directive, and what follows."""
    end = 0
    while option := OPTION.match(content, end):
        end = option.end()
    return content[:end], content[end:]


def option(token: Token, name: str) -> str:
    """Return the value of the option *name* of a directive."""
    options, _body = split_options(token.content)
    return dict(OPTION.findall(options)).get(name, "").strip()


# Three words or more with no sign of code among them, of which some are as in a
# sentence: `Users must pay`, and not `sudo apt install python`.
WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
END = '[.,;:!?)"”]*'
WORDS = re.compile(rf'[("“]?{WORD}(?:{END} [("“]?(?:{WORD}|\d+)){{2,}}{END}')
OF_A_SENTENCE = re.compile(
    r"[A-Z][a-z]+ [a-z]+ "
    r"|\b(?:the|an|of|to|must|may|shall|will|we|you|your|our|are)\b(?!-)"
)


def is_prose(code: str) -> bool:
    """Return whether *code* is a text for readers, which should be translated."""
    text = " ".join(code.split())
    return bool(WORDS.fullmatch(text) and OF_A_SENTENCE.search(text))


def directives(source: Source) -> Iterator[Finding]:
    for line, token in source.tokens:
        if token.type == "myst_role":
            yield Finding(
                line,
                f"the role {{{token.meta['name']}}}: its text cannot be translated; "
                "write words, or a link: [words](terms.md#name)",
            )
        elif token.type == "code_block":
            yield Finding(
                line,
                "four spaces or more at the head of a line make it a block of code, "
                "which is not translated; take them out, or quote with >",
            )
        elif token.type == "code_inline" and is_prose(token.content):
            yield Finding(
                line,
                f"code is not translated, and `{token.content[:40]}` is a text; "
                "write it in “quotation marks”, or **bold**",
            )
        elif token.type == "fence":
            name = directive_name(token)
            language = token.info.split()[:1]
            is_text = language in ([], ["text"], ["none"]) or is_prose(token.content)
            if is_text and not name:
                yield Finding(
                    line,
                    "a block of code is not translated; quote a text with >, and name "
                    "the language of real code after the three marks: ```http",
                )
            elif name and name not in DIRECTIVES:
                yield Finding(
                    line,
                    f"the directive {{{name}}} does not get into every page and PDF, "
                    f"translated; there are {', '.join(sorted(DIRECTIVES))}",
                )


def tables(source: Source) -> Iterator[Finding]:
    for line, token in source.tokens:
        if token.type == "fence" and directive_name(token) == "list-table":
            options, body = split_options(token.content)
            cells = Source(body, source.md, line + 1 + options.count("\n"))
            for inner, part in cells.tokens:
                if part.type == "table_open" or "table" in directive_name(part):
                    yield Finding(
                        inner,
                        "a table in a cell of a table: screen readers lose their way, "
                        "and on paper it is too narrow; write it after the table",
                    )


def images(source: Source) -> Iterator[Finding]:
    for line, token in source.tokens:
        if token.type == "image" and not token.content.strip():
            yield Finding(
                line,
                "an image without words for who cannot see it; "
                f"write them: ![what it shows]({token.attrs['src']})",
            )
        named = directive_name(token) if token.type == "fence" else ""
        if named in ("image", "figure") and not option(token, "alt"):
            yield Finding(
                line,
                "an image without words for who cannot see it; "
                "write them in the next line: :alt: what it shows",
            )


# -- Markup --------------------------------------------------------------------

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def raw_html(source: Source) -> Iterator[Finding]:
    for line, token in source.tokens:
        if token.type not in ("html_block", "html_inline"):
            continue
        tag = COMMENT.sub("", token.content).strip()
        if tag and not tag.startswith("</"):
            start = tag.split("\n")[0][:40]
            yield Finding(
                line,
                f"raw HTML {start} is in no PDF and is never translated; "
                + ("write the lines in a {line-block}" if "<br" in tag else MARKDOWN),
            )


MARKDOWN = "write Markdown: a table with |, a list, **bold**, an image"


def hard_breaks(source: Source) -> Iterator[Finding]:
    for line, token in source.tokens:
        if token.type == "hardbreak":
            yield Finding(
                line,
                "a line break inside a paragraph is lost in translations; take the "
                "backslash or the spaces at the end of the line out, or write the "
                "lines in a {line-block}:\n"
                "    ```{line-block}\n    first line\n    second line\n    ```",
            )


def reference_links(source: Source) -> Iterator[Finding]:
    for line, address in source.link_definitions:
        yield Finding(
            line,
            "a link that is defined apart from its text is lost in translations; "
            f"write [words]({address}) where it is, and take this line out",
        )


def headings(source: Source) -> Iterator[Finding]:
    titles = [line for line, token in source.tokens if token.tag == "h1"][::2]
    for line, token in source.tokens:
        if token.type == "footnote_ref" and line in titles:
            yield Finding(
                line,
                "the title of a PDF has no note; write it after a word of the text",
            )
    if not titles:
        yield Finding(1, "there is no title; write one: # Terms of Use")
    for line in titles[1:]:
        yield Finding(line, "a page has one title; write this heading with ##")


# Each list inside another is two levels deeper for the parser, which drops what is
# deeper than 20: https://markdown-it-py.readthedocs.io/en/latest/api/markdown_it.presets.html
DEEPEST_ITEM = 2 * 6 - 1


def nesting(source: Source) -> Iterator[Finding]:
    for line, token in source.tokens:
        if token.type == "list_item_open" and token.level > DEEPEST_ITEM:
            yield Finding(line, "lists go six levels deep; take a level out")


# -- Characters ----------------------------------------------------------------

# They are right within a line, and an ideographic one between the parts of a Japanese
# address. After the mark of a heading, an item or a quotation, MyST sees no space.
WIDE_SPACES = "\u00a0\u3000"
WIDE_AFTER_MARK = re.compile(
    rf"[ \t]*(?:[-+*>|]|#{{1,6}}|\d+[.)])?[ \t]*([{WIDE_SPACES}])"
)


# Characters that show nothing although their Unicode category does not tell: some of
# those with the property Default_Ignorable_Code_Point, and the empty braille cell.
# The last one stands for a character that was lost; LuaTeX stops at it.
# https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt
FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffd"


def characters(source: Source) -> Iterator[Finding]:
    for number, line in enumerate(source.text.split("\n"), start=1):
        found = set(invisible(html.unescape(line)))
        if after_mark := WIDE_AFTER_MARK.match(line):
            found.add(after_mark[1])
        for character in sorted(found):
            yield Finding(number, unreadable(character))


def unreadable(character: str) -> str:
    """Return that *character* is there, and what to do."""
    name = unicodedata.name(character, "a character without a name")
    return (
        f"U+{ord(character):04X}, {name}, tells readers nothing; "
        "type what is meant, an ordinary space, or nothing"
    )


def invisible(text: str) -> Iterator[str]:
    """Yield the characters of *text* that nobody sees and no space looks like."""
    if text.isprintable() and not any(filler in text for filler in FILLERS):
        return
    for character in text:
        # https://www.unicode.org/reports/tr44/#General_Category_Values
        kind = unicodedata.category(character)
        is_space = kind[0] == "Z" and character not in f" {WIDE_SPACES}"
        is_control = kind[0] == "C" and character not in "\t\r\n"
        if is_space or is_control or character in FILLERS:
            yield character


def facts(conf: Path) -> Iterator[Finding]:
    """Yield the invisible characters in the strings of *conf*, which is conf.py."""
    for node in ast.walk(ast.parse(decode(conf))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for character in sorted(set(invisible(node.value))):
                yield Finding(node.lineno, unreadable(character))


# -- The front matter ----------------------------------------------------------

# Its keys: the type of a value, whether it is needed, an example.
FRONT_MATTER: dict[str, tuple[type | UnionType, bool, str]] = {
    "title": (str, True, "Terms of Use"),
    "updated": (date, True, "2025-01-28"),
    # For search engines.
    "description": (str, False, "What holds between us and whoever uses our services."),
    # When it was first published, if that is known.
    "date": (date, False, "2023-10-10"),
    # From when it applies, if that is later than it is published.
    "effective": (date, False, "2025-03-01"),
    # Whether the changes are material ones, which pages give notice of.
    "material": (bool, False, "true"),
    # What changed since the version before, in a sentence or two.
    "summary": (str, False, "Sets a retention period of 90 days."),
}


def front_matter(source: Source) -> Iterator[Finding]:
    first = source.tokens[0][1] if source.tokens else None
    text = first.content if first and first.type == "front_matter" else ""
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        within = (error.context or "").startswith(
            ("while scanning", "while parsing a f")
        )
        mark = error.context_mark if within else error.problem_mark
        yield Finding(
            (mark.line if mark else 0) + 2,
            f"the front matter is not valid YAML: {error.problem}; put the value in "
            'quotation marks, such as title: "Terms: of Use"',
        )
        return
    except yaml.YAMLError:
        # It has a character that YAML refuses: the rule `characters` says so.
        return
    if tree and not isinstance(tree, yaml.MappingNode):
        yield Finding(2, "the front matter has lines of the form title: Terms of Use")
        return
    lines = text.split("\n")
    seen: dict[str, int] = {}
    for key, value in tree.value if tree else []:
        line = key.start_mark.line + 2
        if key.value in seen:
            yield Finding(
                line, f"{key.value} stands twice, first in line {seen[key.value]}"
            )
        seen[key.value] = line
        yield from front_matter_line(line, key.value, value, lines)
    for name, (_kind, needed, example) in FRONT_MATTER.items():
        if needed and name not in seen:
            yield Finding(1, f"the front matter needs a line such as {name}: {example}")
    if "effective" in seen and "updated" in seen:
        yield from order_of_dates(seen["effective"], text)


def order_of_dates(line: int, text: str) -> Iterator[Finding]:
    """Yield the date from which a policy applies if it is before its publication."""
    try:
        fields = yaml.safe_load(text)
        if fields["effective"] < fields["updated"]:
            yield Finding(
                line,
                f"'effective: {fields['effective']}' is before "
                f"'updated: {fields['updated']}', when it is published",
            )
    except (ValueError, TypeError):
        # One of them is no date: front_matter_line has said so.
        return


def front_matter_line(
    line: int, key: str, value: yaml.Node, lines: list[str]
) -> Iterator[Finding]:
    if key not in FRONT_MATTER:
        yield Finding(
            line, f"{key} is no setting here; there are {', '.join(FRONT_MATTER)}"
        )
        return
    kind, needed, example = FRONT_MATTER[key]
    written = lines[value.start_mark.line][value.start_mark.column :].strip()
    try:
        loader = yaml.SafeLoader("")
        read = loader.construct_object(value, deep=True)
    except ValueError as error:
        yield Finding(line, f"{key}: {written} is no day of the calendar ({error})")
        return
    if read is None and not needed:
        return
    if not isinstance(read, kind) or read == "":
        yield Finding(
            line,
            f"the front matter needs a line such as {key}: {example}, and has {read!r}"
            + ("; put it in quotation marks" if kind is str and read else ""),
        )
    elif value.style is None and " #" in lines[value.end_mark.line]:
        yield Finding(
            line,
            f"{key} would be cut off before the #; put it in quotation marks, "
            "or the comment in a line of its own",
        )


def no_front_matter(source: Source) -> Iterator[Finding]:
    if source.tokens and source.tokens[0][1].type == "front_matter":
        yield Finding(
            1, "the front page has no settings; take the lines between --- out"
        )


# -- Remarks -------------------------------------------------------------------

# What other dialects of Markdown would read, and readers see here.
LEFTOVERS = [
    (re.compile(r"\{:?\s*[#.][^}]*\}"), "write (name)= in a line before the heading"),
    (re.compile(r"\[\[?_?TOC_?\]\]?", re.I), "take it out: pages have their contents"),
    (re.compile(r"^:::"), "write ``` for :::"),
    (re.compile(r"^!!!"), "write ```{note}"),
    (re.compile(r"\]\["), "write [words](address)"),
    (re.compile(r"~~|==(?=\w)"), "write it without, or as **bold**"),
    (re.compile(r"\*\*"), "MyST sees no bold type here; move the **"),
    (re.compile(r"^\[[ xX]\] "), "take it out: there are no boxes to tick"),
    (
        re.compile(r"^\((?:[a-z]|[ivx]+|[A-Z])\)(?=\s)"),
        "if it is an item of a list, write 1. and indent it: lists inside lists are "
        "numbered (a), then (i)",
    ),
    (
        re.compile(r"https?://[^\s<>()]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
        "it is no link; write <{}>",
    ),
]


def remarks(source: Source) -> Iterator[Finding]:
    """Yield what readers would see as it is written, and may not be meant so."""
    in_link = 0
    starts = True
    for line, token in source.tokens:
        if token.type in ("link_open", "link_close"):
            in_link += token.nesting
        elif token.type == "text" and not in_link:
            for pattern, remedy in LEFTOVERS:
                found = pattern.search(token.content)
                if found and (starts or not pattern.pattern.startswith("^")):
                    shown = found[0].rstrip(".,;:")
                    yield Finding(line, f"readers see {shown}: {remedy.format(shown)}")
        starts = token.type in ("inline", "softbreak")


# -- All files -----------------------------------------------------------------

RULES = (
    *(raw_html, hard_breaks, reference_links, directives, tables, images),
    *(headings, nesting, characters),
)

# Pages that are made without a source, and catalogs of other strings.
TAKEN = {"search", "404", "genindex", "sphinx", "remarks"}
MARKDOWN_SUFFIXES = {".md", ".markdown", ".mdown", ".rst", ".myst"}


def file_names(folder: Path) -> Iterator[tuple[Path, Finding]]:
    """Yield each file in *folder* that cannot be a page, and what to do."""
    seen: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in MARKDOWN_SUFFIXES or not path.is_file():
            continue
        name = path.stem
        if path.parent != folder:
            fault = f"policies stand side by side; move it into {folder.name}/"
        elif path.suffix != ".md":
            fault = f"a policy is Markdown; name it {name}.md"
        elif not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
            fault = (
                "a file name is part of addresses; name it with letters from a to z, "
                "digits, - and _, such as terms-of-use.md"
            )
        elif name.lower() in TAKEN:
            fault = f"the site has a page {name} by itself; take another name"
        elif name.lower() in seen:
            fault = (
                f"some systems take it and {seen[name.lower()]} for the same file; "
                "take a name that differs in more than case"
            )
        else:
            seen[name.lower()] = path.name
            continue
        yield path, Finding(1, fault)


def labels(source: Source) -> Iterator[tuple[int, str]]:
    """Yield every name that a source gives to one of its parts, with its line."""
    for line, token in source.tokens:
        if token.type == "myst_target":
            yield line, token.content
        elif token.type == "fence" and option(token, "name"):
            yield line, option(token, "name")


def label_names(sources: dict[Path, Source]) -> Iterator[tuple[Path, Finding]]:
    """Yield what is wrong with a name: it is an address, and there is one of each."""
    taken: dict[str, str] = {}
    for path, source in sources.items():
        for line, name in labels(source):
            plain = nodes.make_id(name)
            if name != plain:
                fault = (
                    f"the name {name} is part of an address; write it with letters "
                    "from a to z, digits and hyphens: "
                    f"({plain or f'{path.stem}-section'})="
                )
                yield path, Finding(line, fault)
            elif name in taken:
                fault = (
                    f"the name {name} is taken by {taken[name]}; "
                    f"write ({path.stem}-{name})= here, and in the links to it"
                )
                yield path, Finding(line, fault)
            taken.setdefault(plain, f"{path.name}:{line}")


def decode(path: Path) -> str:
    """Return the text of a source; raises UserError, with its line, if it is none."""
    try:
        return path.read_bytes().decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        place = f"{path}:{line_of(error)}"
        raise UserError(f"{place}: this is not UTF-8; save it as UTF-8") from None


def findings(
    folder: Path, root_doc: str, md: MarkdownIt
) -> Iterator[tuple[Path, Finding, bool]]:
    """Yield (path, finding, whether it is refused) for all sources in *folder*."""
    for path, finding in file_names(folder):
        yield path, finding, True
    sources = {path: Source(decode(path), md) for path in sorted(folder.glob("*.md"))}
    for path, source in sources.items():
        is_policy = path.stem != root_doc
        for rule in [*RULES, front_matter if is_policy else no_front_matter]:
            for finding in rule(source):
                yield path, finding, True
        for finding in remarks(source):
            yield path, finding, False
    for path, finding in label_names(sources):
        yield path, finding, True


@cache
def parser_with(*extensions: str) -> MarkdownIt:
    """Return the parser that MyST uses with these *extensions*."""
    config = MdParserConfig(enable_extensions=set(extensions))
    return create_md_parser(config, RendererHTML)


def check(app: Sphinx, config: Config) -> None:
    """Check all sources and facts; print the remarks once, with the English ones.

    Raises UserError with every fault of every source.
    """
    md = parser_with(*config.myst_enable_extensions)
    conf = Path(app.confdir, "conf.py")
    found = sorted(
        (os.path.relpath(path, app.confdir), *finding, is_refused)
        for path, finding, is_refused in [
            *findings(Path(app.srcdir), config.root_doc, md),
            *((conf, finding, True) for finding in facts(conf)),
        ]
    )
    lines = [
        (f"{name}:{line}: {'' if is_refused else 'remark: '}{fault}", is_refused)
        for name, line, fault, is_refused in found
    ]
    refused = [line for line, is_refused in lines if is_refused]
    if refused:
        raise UserError(
            "these texts do not get into every language and PDF:\n"
            + "\n".join(dict.fromkeys(refused))
        )
    if config.language == "en":
        for line, _is_refused in lines:
            print(line)


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.base.languages")
    app.connect("config-inited", check, priority=order.CHECK_SOURCES)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
