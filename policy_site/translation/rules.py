"""The rules: a catalog is data, and a translation can do no more than its msgid.

Each msgstr is compared with its msgid before a parser gets it: its placeholders
and its markup, as MyST reads them, have to be those of the msgid, and the figures,
brand names and terms of the msgid have to be there. Nothing of it is ever executed.
"""

import html
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from os.path import commonprefix

import polib
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from policy_site.translation import wording
from policy_site.translation.reading import (
    HEADING,
    PARAGRAPH,
    PLAIN,
    Reading,
    parse,
)


@dataclass
class Message:
    """A msgstr, its entry, and what the messages of its catalog are judged by."""

    msgstr: str
    entry: polib.POEntry
    md: MarkdownIt
    language: str
    brands: list
    terms: list

    def __post_init__(self):
        self.msgid = self.entry.msgid
        # Inline: in its source, a msgid such as "1. Purpose" is a heading.
        self.source = Reading(parse(self.msgid, self.md.parseInline))
        self.target = self.block = Reading(parse(self.msgstr, self.md.parse))
        if self.block.blocks != PARAGRAPH:
            self.target = Reading(self.md.parseInline(self.msgstr))


# -- Characters ----------------------------------------------------------------

# Invisible too (Default_Ignorable_Code_Point), or an empty cell.
# https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
FILLERS = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
ENTITY = re.compile(r"&#?\w+;")
# Markdown cannot do without these.
NEEDED = {"&amp;", "&lt;", "&gt;", "&quot;", "&nbsp;"}


def is_invisible(before, character):
    # After a virama or an Arabic letter, a joiner is part of the spelling.
    # https://www.rfc-editor.org/rfc/rfc5892#appendix-A
    if character in "\u200c\u200d":
        virama = unicodedata.combining(before) == 9
        return not virama and unicodedata.bidirectional(before) != "AL"
    kind = unicodedata.category(character)
    return character in FILLERS or kind.startswith("C") or kind in ("Zl", "Zp")


def characters(message):
    if not "".join(message.target.texts + message.target.hidden).strip():
        yield "it has no text; translate it, or leave msgstr empty"
    text = "\n".join([*message.target.texts, *message.target.hidden])
    text = text.replace("\n", " ") + message.msgstr
    # Most texts can be told at once.
    if text.isprintable() and FILLERS.isdisjoint(text):
        return
    doubtful = {
        pair
        for pair in zip(" " + text, text, strict=False)
        if pair[1] in FILLERS or not pair[1].isprintable()
    }
    for character in sorted(
        {b for a, b in doubtful if is_invisible(a, b)} - set(message.msgid)
    ):
        if character == "\n":
            yield "it has a line break, \\n; write it in one line"
        else:
            name = unicodedata.name(character, "a control character")
            yield f"it has the invisible U+{ord(character):04X}, {name}; take it out"


def entities(message):
    for entity in ENTITY.findall(message.msgstr):
        character = html.unescape(entity)
        if character != entity not in NEEDED and entity not in message.msgid:
            yield f"{entity} hides a character; write {html.escape(character)}"


def key(message):
    # NUL and EOT would make this the key of another message.
    # https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html
    entry = message.entry
    for text in (entry.msgctxt, entry.msgid, entry.msgid_plural):
        if re.search(r"[\x00-\x08\x0b-\x1f]", text or ""):
            yield "the msgid has a control character; take it from the template"
    if not entry.msgid:
        yield "the msgid is empty; only the header may have none: delete this message"


# -- Placeholders --------------------------------------------------------------

# Whole placeholders, and whatever else looks like a part of one or of Jinja.
BRACES = re.compile(r"\{\{[^{}]*\}\}|[{｛]{2,}|[}｝]{2,}|[{｛][%％#]|[%％#][}｝]|[{}]")
# Each of them has one of these.
BRACE = re.compile("[{}｛｝]")


def placeholders(message):
    source, target = message.source.texts, message.target.texts
    texts = [message.msgid, message.msgstr, *source, *target]
    if not any(map(BRACE.search, texts)):
        return
    # As written, as text/placeholders.py finds them, and as a reader sees them.
    for given, found in [
        ([message.msgid], [message.msgstr]),
        (source, target),
        (["".join(source)], ["".join(target)]),
    ]:
        want = Counter(brace for text in given for brace in BRACES.findall(text))
        have = Counter(brace for text in found for brace in BRACES.findall(text))
        for brace in want - have:
            yield f"{brace} is missing; write {brace}, exactly as in the msgid"
        for brace in have - want:
            times = f"{have[brace]}×, and in the msgid {want[brace]}×"
            yield f"{brace} is there {times}; take it out"
        if want != have:
            break


# The strings of the theme are filled in by Python and JavaScript, and go as they
# are into HTML, scripts and LaTeX, where ^^5c is a backslash.
FORMAT = re.compile(r"%(?:\(\w+\)\w|[sdrif](?![A-Za-z]))|\$\{\w*\}")
CODE = re.compile(r'<[^<>]*>|&#?\w*;?|[<>"\\{}^~#$%`]')


def formats(message):
    entry = message.entry
    have = Counter(FORMAT.findall(message.msgstr))
    want = Counter(FORMAT.findall(entry.msgid_plural or entry.msgid))
    # The form for one need not name the number.
    forms = list(entry.msgstr_plural.values())
    if message.msgstr in forms[:-1] and have == Counter(FORMAT.findall(entry.msgid)):
        return
    if have != want:
        had, wanted = (" ".join(c.elements()) or "none" for c in (have, want))
        yield f"its placeholders are {had}; write those of the msgid: {wanted}"


def code(message):
    want = Counter(CODE.findall(FORMAT.sub("", message.msgid)))
    have = Counter(CODE.findall(FORMAT.sub("", message.msgstr)))
    for piece in have - want:
        yield f"{piece} would be code in the page; use a full-width character or words"


# -- Markup --------------------------------------------------------------------

BLOCKS = {
    "bullet_list_open": "a list",
    "ordered_list_open": "a numbered list",
    "heading_open": "a heading",
    "blockquote_open": "a quotation",
    "code_block": "a block of code",
    "fence": "a block of code or a directive",
    "html_block": "HTML",
    "hr": "a line across the page",
    "table_open": "a table",
    "front_matter": "settings",
    "myst_target": "a target of links",
    "myst_line_comment": "a comment",
    "myst_block_break": "a break",
}
# Marks that are left in the text: MyST did not see them as such.
LEFT = re.compile(r"\*\*|`|\]\(|\]\[")
# Sphinx takes these ends away, or adds to them: Locale in its transforms/i18n.py.
ENDS = re.compile(r"::\s*$|(?<!\\)#\s*noqa\s*$")

OPENING, CLOSING = "「『（(【《〈“", "」』）)】》〉”"
BLOCK_START = (
    r"[-+*](?=\s|$)|#{1,6}(?=\s|$)|[>%|]|[-+*_~`:=]{3}|\(.+\)=|\[[^]]+\]:"
    r"|<(?![\w.+-]+[:@])"
)
# What mends most texts, each step applied to the result of those before it.
MENDS = [
    (r"::$", r":\\:"),
    (r"#(\s*noqa)$", r"\\#\1"),
    (r"^(\d+)(?=[.)](\s|$))", r"\1\\"),
    (rf"^(?={BLOCK_START})", r"\\"),
    # Look-alikes of marks.
    ("＊", "*"),
    ("｀", "`"),
    (r"[［\[]([^][［］]+)[］\]]\s*[（(]([!-~]+?)[）)]", r"[\1](\2)"),
    (r"(?<!_)__([^_]+)__(?!_)", r"**\1**"),
    (r"(?<!_)_([^_]+)_(?!_)", r"*\1*"),
    # Marks that MyST does not see, inside of punctuation and beside a letter.
    # https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run
    (r"(\*+)\s*([^*\s](?:[^*]*[^*\s])?)\s*\1", r"\1\2\1"),
    (r"(\*+)([^*]+?)([。、．，！？：；]+)\1", r"\1\2\1\3"),
    (
        rf"(\*+)([{OPENING}])([^*{OPENING}{CLOSING}]+)([{CLOSING}])\1",
        r"\2\1\3\1\4",
    ),
    (r"\s?(\*+)([^*]+)\1\s?", r" \1\2\1 "),
    # Marks that are not in the msgid.
    (r"(?<!\\)(?=[<\[{`])", r"\\"),
]


def faults(message):
    """Yield how the markup of a msgstr differs from its msgid's, and what to do."""
    # Sphinx does not parse a msgstr that is its msgid.
    if message.msgstr == message.msgid:
        return
    for end in ENDS.findall(message.msgstr):
        yield f"Sphinx does not show {end} at the end", "take it out"
    if message.block.blocks != PARAGRAPH:
        kinds = [kind for kind in message.block.blocks if kind not in PARAGRAPH]
        kinds = [BLOCKS.get(kind, kind) for kind in kinds] or ["no or many paragraphs"]
        yield f"MyST reads {kinds[0]}, not a paragraph", "write plain text"
    elif not PLAIN.fullmatch(message.msgstr):
        # What Sphinx makes of the msgstr of a heading.
        title = f"{message.msgstr}\n{'=' * 2 * len(message.msgstr)}"
        title = Reading(message.md.parse(title))
        if (title.blocks, title.texts) != (HEADING, message.target.texts):
            yield "MyST cannot read it as a heading", "write plain text"
    source, target = message.source, message.target
    for _kind, form in source.marks - target.marks:
        yield f"MyST does not see the {form} of the msgid", f"write {form}"
    for _kind, form in target.marks - source.marks:
        yield f"MyST sees {form}, and the msgid does not have it", "take it out"
    read, given = (
        LEFT.findall("".join(reading.texts + reading.hidden))
        for reading in (target, source)
    )
    for piece in Counter(read) - Counter(given):
        yield f"readers would see {piece}", "take it out"


def markup(message):
    found = list(faults(message))
    mended = mend(message) if found else None
    if mended:
        yield f"{', and '.join(fault for fault, _remedy in found)}; {mended}"
    else:
        yield from map("; ".join, found)


def mend(message):
    """Return what to write instead, when one of the mends is found to work."""
    mended = message.msgstr
    for pattern, replacement in MENDS:
        mended = re.sub(pattern, replacement, mended).strip()
        if mended and not any(faults(replace(message, msgstr=mended))):
            old, new = difference(message.msgstr, mended)
            escaped = new.replace("\\", "\\\\")
            in_file = f' (in the file itself: "{escaped}")' if "\\" in new else ""
            return f'write "{new}" for "{old}"{in_file}'
    return None


def difference(old, new):
    """Return the part in which *old* and *new* differ, of each, with some context."""
    start = len(commonprefix([old, new]))
    end = len(commonprefix([old[start:][::-1], new[start:][::-1]]))
    start, end = max(start - 8, 0), max(end - 8, 0)
    return old[start : len(old) - end], new[start : len(new) - end]


# -- All of it -----------------------------------------------------------------

RULES = (key, characters, entities, placeholders, markup, *wording.RULES)
# sphinx.po, for the strings of the theme, is no Markdown.
THEME_RULES = (key, characters, formats, code, *wording.RULES)
# Line ends to polib, and not to an editor: what follows would be hidden.
LINE_END = re.compile(r"[\v\f\x1c-\x1e\x85\u2028\u2029]|\r(?!\n)")

# Python and the browser evaluate the plural expression; the .mo is decoded by the
# charset. https://www.gnu.org/software/gettext/manual/html_node/Header-Entry.html
HEADER = {
    "content-type": ("text/plain; ?charset=utf-8", "text/plain; charset=UTF-8"),
    "plural-forms": (
        r"nplurals *= *\d+; *plural *= *[n\d ()?:&|!<>=%*/+-]+;?",
        "nplurals=1; plural=0; or that of your language",
    ),
}


def header(entries):
    """Yield what is wrong with the header of a catalog."""
    fields = [(name.strip().lower(), text) for name, text in entries.metadata.items()]
    if "content-type" not in dict(fields):
        fields.append(("content-type", "missing"))
    for name, text in fields:
        right, example = HEADER.get(name, (".*", ""))
        if not re.fullmatch(right, text, re.IGNORECASE | re.DOTALL):
            yield f"{name} is {text!r}; write {example}"


# The rules look at these fields of an entry, and at nothing else of it.
INPUTS = ["msgctxt", "msgid", "msgid_plural", "msgstr", "msgstr_plural", "tcomment"]


def judge(entry, domain, settings):
    """Yield what is wrong in each msgstr of *entry*."""
    for msgstr in filter(None, [entry.msgstr, *entry.msgstr_plural.values()]):
        # Parsers are slow with endless texts, and pages look broken.
        if len(msgstr) > 300 + 5 * len(entry.msgid):
            yield "it is many times as long as the msgid; say no more than that"
            continue
        message = Message(msgstr, entry, **settings)
        for rule in THEME_RULES if domain == "sphinx" else RULES:
            yield from rule(message)


def offences(entries, path, config, doubtful=None):
    """Return what is wrong in *entries*, the catalog *path*: a sentence for each.

    When *doubtful* is given, only these of its messages are judged.
    """
    text = path.read_bytes().decode()
    found = [f"{path}:1: header: {offence}" for offence in header(entries)]
    for match in LINE_END.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        found.append(f"{path}:{line}: it has a hidden line end; take {match[0]} out")
    myst = MdParserConfig(enable_extensions=set(config.myst_enable_extensions))
    settings = {
        "md": create_md_parser(myst, RendererHTML),
        "language": path.parts[-3],
        "brands": config.brands,
        "terms": wording.read_terms(wording.glossary(path)),
    }
    lines = text.splitlines()
    if doubtful is None:
        doubtful = entries.translated_entries()
    for entry in doubtful:
        line = entry.linenum
        while not lines[line - 1].lstrip().startswith("msgstr"):
            line += 1
        words = " ".join(entry.msgid.split()[:6])
        for offence in judge(entry, path.stem, settings):
            found.append(f'{path}:{line}: "{words}…": {offence}')
    return [visible(offence) for offence in dict.fromkeys(found)]


def visible(text):
    """Return *text* with its invisible characters spelled out: one line."""
    return "".join(
        character.encode("unicode_escape").decode()
        if is_invisible(" ", character)
        else character
        for character in text
    )
