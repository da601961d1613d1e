"""Characters that a reader cannot see, or sees as something else.

An invisible character may hide what a text says, and one that strikes out or covers
its neighbours may change it. A text of nothing else is no translation.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from unicodedata import category, normalize

from policy_site.text.source_checks import FILLERS
from policy_site.translation.reading import PLACEHOLDER, Message
from policy_site.translation.remarks import Finding, finding

SELECTORS = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# What strikes out, or covers, the character before it; and marks of Latin letters, on
# digits and on what Japanese is written in.
COVERS = re.compile(
    "[\u0334-\u0338\u0488\u0489\u20d0-\u20f0]"
    "|(?<=[0-9\u3000-\u9fff])[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]"
)
# Most texts have none of these characters, and one search tells.
DOUBTFUL = re.compile(f"[{FILLERS}]|{SELECTORS.pattern}|{COVERS.pattern}")
# Symbols of punctuation that exist as an emoji, too.
# https://www.unicode.org/Public/UCD/latest/ucd/emoji/emoji-variation-sequences.txt
EMOJI = set("\u203c\u2049\u3030\u303d")

ENTITY = re.compile(r"&#?\w+;")
# In Markdown, these characters can only be written as entities.
NEEDED = {"&amp;", "&lt;", "&gt;", "&quot;", "&nbsp;"}
# One letter of any language says at most as much as so many letters of English.
LETTERS_FOR_ONE = 25


def is_invisible(before: str, character: str) -> bool:
    """Return whether *character*, after *before*, is one that no reader sees."""
    # After a virama or an Arabic letter, a joiner is part of the spelling.
    # https://www.rfc-editor.org/rfc/rfc5892#appendix-A
    if character in "\u200c\u200d":
        virama = unicodedata.combining(before) == 9
        return not virama and unicodedata.bidirectional(before) != "AL"
    # A selector belongs to the ideograph, the Mongolian letter or the symbol before it.
    # https://www.unicode.org/reports/tr37/
    if SELECTORS.fullmatch(character):
        if "\u180b" <= character <= "\u180f":
            return not "\u1820" <= before <= "\u18aa"
        if character in "\ufe0e\ufe0f":
            return category(before)[0] != "S" and before not in EMOJI
        return "IDEOGRAPH" not in unicodedata.name(before, "")
    kind = category(character)
    return character in FILLERS or kind.startswith("C") or kind in ("Zl", "Zp")


def visible(text: str) -> str:
    """Return *text* with its invisible characters spelled out: one line."""
    return "".join(
        character.encode("unicode_escape").decode()
        if is_invisible(before, character) or character == "\n"
        else character
        for before, character in zip(" " + text, text, strict=False)
    )


def letters(text: str) -> int:
    """Return how many letters, figures and symbols a reader sees in *text*."""
    return sum(category(one)[0] in "LNS" and one not in FILLERS for one in text)


def characters(message: Message) -> Iterator[Finding]:
    """Yield what a msgstr has of characters that nobody sees, or that cover others."""
    target = message.target
    if not "".join(target.texts + target.hidden).strip():
        yield finding("it has no text; translate it, or leave msgstr empty")
    elif message.msgstr != message.msgid:
        yield from too_few(message)
    text = "\n".join([*target.texts, *target.hidden])
    text = text.replace("\n", " ") + message.msgstr
    # For most texts, these two quick questions are enough.
    if text.isprintable() and not DOUBTFUL.search(text):
        return
    pairs = {
        pair
        for pair in zip(" " + text, text, strict=False)
        if DOUBTFUL.match(pair[1]) or not pair[1].isprintable()
    }
    for character in sorted({b for a, b in pairs if is_invisible(a, b)}):
        if character in message.msgid:
            continue
        if character == "\n":
            yield finding("it has a line break, \\n; write it in one line")
        else:
            yield finding(
                "it has the invisible %(words)s; take it out",
                named(character),
                at=character,
            )
    for character in sorted(set(COVERS.findall(normalize("NFC", text)))):
        if character not in message.msgid:
            yield finding(
                "it has %(words)s, which covers text; take it out",
                named(character),
                at=character,
            )


def named(character: str) -> str:
    """Return the number and the name that *character* has in Unicode."""
    name = unicodedata.name(character, "a control character")
    return f"U+{ord(character):04X}, {name}"


def too_few(message: Message) -> Iterator[Finding]:
    """Yield that a text of letters has none, or hardly any, in its translation."""
    wanted = sum(map(str.isalpha, message.source.prose))
    seen = PLACEHOLDER.sub(
        " ", " ".join([*message.target.texts, *message.target.hidden])
    )
    # Normalized, as ℡ is one character that readers see as three letters.
    found = letters(normalize("NFKC", seen))
    if wanted and not found:
        yield finding("it has no letters; translate it, or leave msgstr empty")
    elif found * LETTERS_FOR_ONE < wanted:
        yield finding(
            "it has %(found)s letters for %(wanted)s; translate all of it",
            found=found,
            wanted=wanted,
        )


def entities(message: Message) -> Iterator[Finding]:
    """Yield each entity that a msgstr has in place of the character itself."""
    for entity in ENTITY.findall(message.msgstr):
        character = html.unescape(entity)
        if character != entity not in NEEDED and entity not in message.msgid:
            yield finding(
                "%(words)s hides a character; write %(character)s",
                entity,
                character=html.escape(character),
            )
