"""The rules: a catalog is data, and a translation can do no more than its msgid.

Each msgstr is compared with its msgid before Sphinx gets it. Its placeholders and its
markup, as MyST reads them, have to be those of the msgid, and it must have the figures,
brand names and terms of the msgid. Nothing of it is ever executed.
"""

import gettext
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polib
from sphinx.config import Config

from policy_site.text.source_checks import parser_with
from policy_site.translation import glossary, wording
from policy_site.translation.characters import characters, entities, visible
from policy_site.translation.figures import figures
from policy_site.translation.reading import (
    HEADING,
    PARAGRAPH,
    PLAIN,
    Message,
    Reading,
)
from policy_site.translation.remarks import Finding, finding, noted, say, together

# Yields each problem of a message.
Rule = Callable[[Message], Iterator[Finding]]


def key(message: Message) -> Iterator[Finding]:
    """Yield what is wrong with the msgid, by which a translation is found."""
    # In a .mo, EOT ends a msgctxt and NUL a msgid. With one of these inside, this would
    # be the translation of another message.
    # https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html
    entry = message.entry
    for text in (entry.msgctxt, entry.msgid, entry.msgid_plural):
        if re.search(r"[\x00-\x08\x0b-\x1f]", text or ""):
            yield finding(
                "the msgid has a control character; take it from the template"
            )
    if not entry.msgid:
        yield finding(
            "the msgid is empty; only the header may have none: delete this message"
        )


# -- Placeholders --------------------------------------------------------------

# Whole placeholders, and whatever looks like a part of one, or of a Jinja template.
BRACES = re.compile(
    r"[{｛]{2}[^{}｛｝]*[}｝]{2}|[{｛]{2,}|[}｝]{2,}|[{｛][%％#]|[%％#][}｝]|[{}]"
)
# To look for one of these is quicker, and BRACES finds nothing without one.
BRACE = re.compile("[{}｛｝]")


def placeholders(message: Message) -> Iterator[Finding]:
    """Yield each placeholder, or part of one, that is not as in the msgid."""
    source, target = message.source.texts, message.target.texts
    texts = [message.msgid, message.msgstr, *source, *target]
    if not any(map(BRACE.search, texts)):
        return
    # Compared in three forms: as written in the catalog, as text/placeholders.py finds
    # them in each token, and as a reader sees them, with the tokens joined.
    for given, found in [
        ([message.msgid], [message.msgstr]),
        (source, target),
        (["".join(source)], ["".join(target)]),
    ]:
        want = Counter(brace for text in given for brace in BRACES.findall(text))
        have = Counter(brace for text in found for brace in BRACES.findall(text))
        missing, extra = [*(want - have).elements()], [*(have - want).elements()]
        if len(missing) == len(extra) == 1 and extra[0] not in want:
            yield finding(
                "%(words)s is no value; write %(value)s, exactly as in the msgid",
                extra[0],
                value=missing[0],
            )
            break
        for brace in want - have:
            yield finding(
                "%(words)s is missing; write %(words)s, exactly as in the msgid", brace
            )
        for brace in have - want:
            yield finding(
                "%(words)s is there %(times)s×, and in the msgid %(wanted)s×; "
                "take it out",
                brace,
                times=have[brace],
                wanted=want[brace],
            )
        if want != have:
            break


# The strings of the theme are filled in by Python and JavaScript, and go as they
# are into HTML, scripts and LaTeX, where ^^5c is a backslash.
FORMAT = re.compile(r"%(?:\(\w+\)\w|[sdrif](?![A-Za-z]))|\$\{\w*\}")
CODE = re.compile(r'<[^<>]*>|&#?\w*;?|[<>"\\{}^~#$%`]')


def formats(message: Message) -> Iterator[Finding]:
    """Yield that the placeholders of a string of the theme are not its msgid's."""
    entry = message.entry
    have = Counter(FORMAT.findall(message.msgstr))
    want = Counter(FORMAT.findall(entry.msgid_plural or entry.msgid))
    # The form for one need not name the number.
    forms = list(entry.msgstr_plural.values())
    if message.msgstr in forms[:-1] and have == Counter(FORMAT.findall(entry.msgid)):
        return
    if have != want:
        had, wanted = (" ".join(c.elements()) or "–" for c in (have, want))
        yield finding(
            "its placeholders are %(words)s; write those of the msgid: %(wanted)s",
            had,
            wanted=wanted,
        )


def code(message: Message) -> Iterator[Finding]:
    """Yield each piece of a string of the theme that would be code in a page or PDF."""
    want = Counter(CODE.findall(FORMAT.sub("", message.msgid)))
    have = Counter(CODE.findall(FORMAT.sub("", message.msgstr)))
    for piece in (have - want).elements():
        yield finding(
            "%(words)s would be code in the page; use a full-width character or words",
            piece,
        )


# -- Markup --------------------------------------------------------------------

BLOCKS = {
    "bullet_list_open": noted("a list"),
    "ordered_list_open": noted("a numbered list"),
    "heading_open": noted("a heading"),
    "blockquote_open": noted("a quotation"),
    "code_block": noted("a block of code"),
    "fence": noted("a block of code or a directive"),
    "html_block": noted("HTML"),
    "hr": noted("a line across the page"),
    "table_open": noted("a table"),
    "front_matter": noted("settings"),
    "myst_target": noted("a target of links"),
    "myst_line_comment": noted("a comment"),
    "myst_block_break": noted("a break"),
}
NO_PARAGRAPH = noted("no or many paragraphs")
KINDS = {
    "strong_open": noted("bold type"),
    "em_open": noted("emphasis"),
    "link_open": noted("link"),
    "autolink": noted("link"),
    "image": noted("picture"),
    "code_inline": noted("code"),
    "footnote_ref": noted("footnote"),
    "html_inline": noted("HTML"),
}
OTHER_KIND = noted("mark")
# Markup that MyST did not recognize and so left in the text, where readers see it.
LEFT = re.compile(r"`|\]\(|\]\[")
# A mark of emphasis that is left in the text. A star between two spaces is meant to be
# seen, and so is the low line of a_name.
STRAY = re.compile(r"\*(?=\S)|(?<=\S)\*|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
# Sphinx gives these ends of a msgstr a meaning of its own, and does not show them:
# see the class Locale in sphinx/transforms/i18n.py.
ENDS = re.compile(r"::\s*$|(?<!\\)#\s*noqa\s*$")

# Markup that a translation may have more or less often than its msgid, since one
# language may say twice what another says once.
REPEATED = {"code_inline", "link_open", "autolink"}
# Markup that it may leave out, as Japanese has no italics. Bold type has to stay: a
# policy makes conspicuous with it what nobody may overlook.
LEFT_OUT = {"em_open"}
# Markup that it may add: a word in code, where the msgid has a pronoun. It is no more
# than the word itself would be.
ADDED = re.compile("`[A-Za-z]+`")

OPENING, CLOSING = "「『（(【《〈“", "」』）)】》〉”"
BLOCK_START = (
    r"[-+*](?=\s|$)|#{1,6}(?=\s|$)|[>%|]|[-+*_~`:=]{3}|\(.+\)=|\[[^]]+\]:"
    r"|<(?![\w.+-]+[:@])"
)
# Patterns and replacements that mend most texts. All are applied, one after another.
MENDS = [
    (r"::$", r":\\:"),
    (r"#(\s*noqa)$", r"\\#\1"),
    (r"^(\d+)(?=[.)](\s|$))", r"\1\\"),
    (rf"^(?={BLOCK_START})", r"\\"),
    # Full-width characters in place of those of Markdown.
    ("＊", "*"),
    ("｀", "`"),
    (r"[［\[]([^][［］]+)[］\]]\s*[（(]([!-~]+?)[）)]", r"[\1](\2)"),
    (r"(?<!_)__([^_]+)__(?!_)", r"**\1**"),
    (r"(?<!_)_([^_]+)_(?!_)", r"*\1*"),
    # Stars that Markdown does not take for emphasis: beside a space, or between
    # punctuation and a letter.
    # https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run
    (r"(\*+)\s*([^*\s](?:[^*]*[^*\s])?)\s*\1", r"\1\2\1"),
    (r"(\*+)([^*]+?)([。、．，！？：；]+)\1", r"\1\2\1\3"),
    (
        rf"(\*+)([{OPENING}])([^*{OPENING}{CLOSING}]+)([{CLOSING}])\1",
        r"\2\1\3\1\4",
    ),
    (r"\s?(\*+)([^*]+)\1\s?", r" \1\2\1 "),
    # Markup that the msgid does not have is shown as text.
    (r"(?<!\\)(?=[<\[{`])", r"\\"),
]


TAKE_IT_OUT = noted("take it out")
PLAIN_TEXT = noted("write plain text")


def faults(message: Message) -> Iterator[Finding]:
    """Yield how the markup of a msgstr differs from its msgid's."""
    # Sphinx does not parse a msgstr that is the same as its msgid.
    if message.msgstr == message.msgid:
        return
    say = message.say
    for end in ENDS.findall(message.msgstr):
        yield finding("%(words)s at the end would not be shown", end, TAKE_IT_OUT)
    if message.block.blocks != PARAGRAPH:
        kinds = [kind for kind in message.block.blocks if kind not in PARAGRAPH]
        kind = BLOCKS.get(kinds[0], kinds[0]) if kinds else NO_PARAGRAPH
        yield finding(
            "it would become %(block)s, not a paragraph",
            to_do=PLAIN_TEXT,
            block=say(kind),
        )
    elif message.md and not PLAIN.fullmatch(message.msgstr):
        # Sphinx underlines the msgstr of a heading like this before it parses it.
        underlined = f"{message.msgstr}\n{'=' * 2 * len(message.msgstr)}"
        title = Reading(message.md.parse(underlined))
        if (title.blocks, title.texts) != (HEADING, message.target.texts):
            yield finding("it cannot be a heading", to_do=PLAIN_TEXT)
    source, target = message.source, message.target
    for kind, form in source.marks - target.marks:
        is_once = kind in REPEATED and (kind, form) in target.marks
        if kind not in LEFT_OUT and not is_once:
            yield finding(
                "the %(kind)s of the msgid, %(words)s, is missing or not closed",
                form,
                noted("write %(words)s"),
                kind=say(KINDS.get(kind, OTHER_KIND)),
            )
    for kind, form in target.marks - source.marks:
        is_known = kind in REPEATED and (kind, form) in source.marks
        if not is_known and not ADDED.fullmatch(form):
            yield finding("it has %(words)s, and the msgid has not", form, TAKE_IT_OUT)
    read, given = (
        LEFT.findall("".join(reading.texts + reading.hidden))
        for reading in (target, source)
    )
    left = Counter(read) - Counter(given)
    stray = STRAY.findall(f"{target.prose}\n{target.titles}")
    left += Counter(stray) - Counter(source.prose + source.titles)
    for piece in left.elements():
        yield finding("readers would see %(words)s", piece, TAKE_IT_OUT)
    if unclosed(target) > unclosed(source):
        yield finding("readers would see [ without ]", to_do=TAKE_IT_OUT)


def unclosed(reading: Reading) -> int:
    """Return how many square brackets in the text of *reading* have no other half."""
    text = "".join(reading.texts)
    return abs(text.count("[") - text.count("]"))


def markup(message: Message) -> Iterator[Finding]:
    """Yield the faults of the markup: in one sentence if one remedy mends them all."""
    found = list(together(faults(message)))
    mended = mend(message) if found else None
    if mended:
        said = [message.say(fault.sentence, **fault.values) for fault in found]
        yield finding(
            "%(fault)s; %(remedy)s",
            at=found[0].at,
            fault=message.say(", and ").join(said),
            remedy=mended,
        )
    else:
        yield from found


def emphasis(message: Message) -> Iterator[Finding]:
    """Yield that a msgstr has less emphasis than its msgid."""
    for kind, form in message.source.marks - message.target.marks:
        if kind in LEFT_OUT and message.msgstr != message.msgid:
            yield from message.excusable(
                "the emphasis %(words)s is left out; see whether readers need it",
                form,
                "emphasis",
            )


# In a longer text, a remedy for all of its faults helps nobody to find them.
LONGEST_MENDED = 2000


def mend(message: Message) -> str | None:
    """Return what to write for what, once MENDS have led to a text without faults."""
    if len(message.msgstr) > LONGEST_MENDED:
        return None
    mended = message.msgstr
    for pattern, replacement in MENDS:
        mended = re.sub(pattern, replacement, mended).strip()
        if mended and not any(faults(replace(message, msgstr=mended))):
            old, new = difference(message.msgstr, mended)
            remedy = message.say('write "%(new)s" for "%(old)s"', new=new, old=old)
            escaped = new.replace("\\", "\\\\")
            in_file = message.say(' (in the file itself: "%(text)s")', text=escaped)
            return remedy + in_file if escaped != new else remedy
    return None


def same_start(old: str, new: str) -> int:
    """Return how many characters *old* and *new* have in common at their start."""
    pairs = enumerate(zip(old, new, strict=False))
    differing = (place for place, (one, other) in pairs if one != other)
    return next(differing, min(len(old), len(new)))


def difference(old: str, new: str) -> tuple[str, str]:
    """Return the part in which *old* and *new* differ, of each, with some context."""
    start = same_start(old, new)
    end = same_start(old[start:][::-1], new[start:][::-1])
    start, end = max(start - 8, 0), max(end - 8, 0)
    return old[start : len(old) - end], new[start : len(new) - end]


# -- All of it -----------------------------------------------------------------

WORDING: tuple[Rule, ...] = (figures, *wording.RULES, glossary.terms)
RULES: tuple[Rule, ...] = (
    key,
    characters,
    entities,
    placeholders,
    markup,
    *WORDING,
)
# sphinx.po, for the strings of the theme, is no Markdown.
THEME_RULES: tuple[Rule, ...] = (key, characters, formats, code, *WORDING)
# What a reviewer should look at; it does not stop a build.
REMARKS: tuple[Rule, ...] = (emphasis, *wording.REMARKS)
# Python ends a line at each of these, and editors do not: so a comment may hide a
# message, which polib reads.
LINE_END = re.compile(r"[\v\f\x1c-\x1e\x85\u2028\u2029]|\r(?!\n)")

# Of these fields, the pattern of what is allowed and an example. Python and the browser
# execute the expression of Plural-Forms, and Content-Type says how to decode the .mo.
# https://www.gnu.org/software/gettext/manual/html_node/Header-Entry.html
HEADER = {
    "content-type": ("text/plain; ?charset=utf-8", "text/plain; charset=UTF-8"),
    "plural-forms": (
        r"nplurals *= *\d+; *plural *= *[n\d ()?:&|!<>=%*/+-]+;?",
        "nplurals=1; plural=0; or that of your language",
    ),
}


def plurals(entries: polib.POFile, path: Path) -> Iterator[str]:
    """Yield what is wrong with Plural-Forms, or with plurals that do not follow it."""
    forms = entries.metadata.get("Plural-Forms")
    counted = [e for e in entries if e.msgid_plural and any(e.msgstr_plural.values())]
    if counted and not forms:
        yield say(
            "it has plurals and no Plural-Forms; write those of its language", path
        )
    match = re.search(r"nplurals *= *(\d{1,2}); *plural *= *(.*?);? *$", forms or "")
    if not match:
        return
    number, expression = int(match[1]), match[2]
    try:
        form = gettext.c2py(expression)
        # Nearly all languages go by the last two digits of a number.
        used = {form(n) for n in range(200)}
    except (ValueError, ArithmeticError, RecursionError) as error:
        yield say("Plural-Forms cannot be evaluated: %(error)s", path, error=error)
        return
    if not used <= set(range(number)):
        yield say(
            "Plural-Forms has %(number)s forms, and gives number %(given)s",
            path,
            number=number,
            given=max(used),
        )
    if any(len(entry.msgstr_plural) != number for entry in counted):
        yield say(
            "a plural has not the %(number)s forms, msgstr[0] and on, of Plural-Forms",
            path,
            number=number,
        )


def header(entries: polib.POFile, path: Path) -> Iterator[str]:
    """Yield what is wrong with the header of the catalog *path*."""
    yield from plurals(entries, path)
    fields = [(name.strip().lower(), text) for name, text in entries.metadata.items()]
    if "content-type" not in dict(fields):
        example = f'"Content-Type: {HEADER["content-type"][1]}\\n"'
        yield say("there is no Content-Type; write %(example)s", path, example=example)
    for name, text in fields:
        right, example = HEADER.get(name, (".*", ""))
        if not re.fullmatch(right, text, re.IGNORECASE | re.DOTALL):
            yield say(
                "%(field)s is %(text)s; write %(example)s",
                path,
                field=name,
                text=repr(text),
                example=example,
            )


# The rules look at these fields of an entry, and at nothing else of it.
INPUTS = ["msgctxt", "msgid", "msgid_plural", "msgstr", "msgstr_plural", "tcomment"]


# Marks of Markdown. The time to parse a text grows with the square of their number.
MARKS = re.compile(r"[]!&$()*<>\[\\^_`{|}~]")
# More than any paragraph has, and than any translation adds.
MOST_MARKS, MORE_MARKS = 400, 40
# After so many problems in a catalog, no more are looked for.
MOST_PROBLEMS = 100


def is_endless(msgid: str, msgstr: str) -> bool:
    """Return whether *msgstr* is far longer, or has far more marks, than *msgid*."""
    given, found = (len(MARKS.findall(text)) for text in (msgid, msgstr))
    return (
        len(msgstr) > 300 + 5 * len(msgid)
        or given > MOST_MARKS
        or found > MORE_MARKS + 2 * given
    )


def judge(
    entry: polib.POEntry,
    domain: str,
    settings: dict[str, Any],
    rules: Iterable[Rule] | None = None,
) -> Iterator[Finding]:
    """Yield what is wrong in each msgstr of *entry*.

    *settings* are the other fields of a Message. Without *rules*, it is judged by those
    for its *domain*.
    """
    rules = rules or (THEME_RULES if domain == "sphinx" else RULES)
    if domain == "sphinx":
        settings = {**settings, "md": None}
    for msgstr in filter(None, [entry.msgstr, *entry.msgstr_plural.values()]):
        # A parser would take very long, and the page would look broken.
        if is_endless(entry.msgid, msgstr):
            yield finding(
                "it is many times as long as the msgid; say no more than that"
            )
            continue
        message = Message(msgstr, entry, **settings)
        for rule in rules:
            yield from rule(message)


def hidden_line_ends(text: str, path: Path) -> Iterator[str]:
    """Yield a sentence for each character in *text*, of *path*, that hides a line."""
    line, before = 1, 0
    for match in islice(LINE_END.finditer(text), MOST_PROBLEMS):
        line += text.count("\n", before, match.start())
        before = match.start()
        fault = say(
            "it has a hidden line end; take %(character)s out", path, character=match[0]
        )
        yield f"{path}:{line}: {fault}"


def remarks(
    entries: polib.POFile, path: Path, config: Config | SimpleNamespace
) -> list[str]:
    """Return what a person should look at in *entries*, the catalog *path*.

    A comment at its head excuses a thing in all of it; what stops a build is excused
    message by message.
    """
    translated = entries.translated_entries()
    found = sentences(translated, path, config, REMARKS, entries.header)
    return [*map(visible, found)]


def problems(
    entries: polib.POFile,
    path: Path,
    config: Config | SimpleNamespace,
    doubtful: list[polib.POEntry] | None = None,
) -> list[str]:
    """Return a sentence for each problem of *entries*, the catalog *path*.

    When *doubtful* is given, only these messages of the catalog are judged.
    """
    text = path.read_bytes().decode("utf-8-sig")
    found = []
    for fault in header(entries, path):
        problem = say("in the header: %(fault)s", path, fault=fault)
        found.append(f"{path}:1: {problem}")
    found += hidden_line_ends(text, path)
    if doubtful is None:
        doubtful = entries.translated_entries()
    found += sentences(doubtful, path, config)
    return [visible(problem) for problem in dict.fromkeys(found)]


def line_of_msgstr(lines: list[str], entry: polib.POEntry) -> int:
    """Return the number of the line, of the *lines* of a catalog, of a msgstr."""
    start = entry.linenum or 1
    for number, line in enumerate(lines[start - 1 :], start):
        if line.lstrip().startswith("msgstr"):
            return number
    return start


def column(words: str, line: str) -> str:
    """Return ``:COLUMN`` of *words* in the string of *line*, or nothing.

    Of marks around a text, such as ``**…**``, the last ones are looked for.
    """
    written = polib.escape(words.split("…")[-1])
    found = re.compile(re.escape(written), re.I).search(line, line.find('"') + 1)
    return f":{found.start() + 1}" if written and found else ""


def sentences(
    entries: list[polib.POEntry],
    path: Path,
    config: Config | SimpleNamespace,
    rules: Iterable[Rule] | None = None,
    head: str = "",
) -> list[str]:
    """Return a sentence for each problem of the messages *entries*, of *path*.

    Without *rules*, they are judged by those for the domain. Ends early after
    MOST_PROBLEMS.
    """
    found = []
    text = path.read_bytes().decode("utf-8-sig")
    settings = {
        "md": parser_with(*config.myst_enable_extensions),
        "catalog": path,
        "brands": config.brands,
        "terms": glossary.read(glossary.path_for(path)),
        "head": head,
    }
    lines = text.splitlines()
    for entry in entries:
        line = line_of_msgstr(lines, entry)
        words = " ".join(entry.msgid.split()[:6])[:80]
        for problem in together(judge(entry, path.stem, settings, rules)):
            times = f" {problem.times}×" if problem.times > 1 else ""
            place = f"{path}:{line}{column(problem.at, lines[line - 1])}"
            found.append(f'{place}: "{words}…"{times}: {problem.said(path)}')
        if len(found) >= MOST_PROBLEMS:
            rest = say("what follows is not judged; mend these first", path)
            found.append(f"{path}:{line}: {rest}")
            break
    return found
