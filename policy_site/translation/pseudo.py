"""A pseudo-translation: every string that can be translated shows that it was.

``-D pseudo=FOLDER`` takes the templates in FOLDER for catalogs and fills them with
«Àççéñţéð ţéxţ · ·», a third longer than the English. What stands on a page without
« and » cannot be translated; what breaks the layout is too tight.
"""

import re

import polib

# Letters that the fonts of the PDF have.
ACCENTED = str.maketrans("AEIOUaceinouyz", "ÀÉÎÕÜàçéîñôûýž")

# What a translation keeps: placeholders, code, targets of links, HTML, emphasis.
KEPT = [
    r"\{\{.*?\}\}",
    r"%\(\w+\)s",
    r"\$\{\w+\}",
    r"`[^`]*`",
    r"\]\([^)]*\)",
    r"<[^>]*>",
    r"&\w+;",
    r"[*_]+",
]


def accent(msgid: str, brands: list[str]) -> str:
    """Return *msgid* accented, longer and in brackets."""
    kept = re.compile("(" + "|".join([*KEPT, *map(re.escape, brands)]) + ")")
    parts = kept.split(msgid)
    text = "".join(
        part if position % 2 else part.translate(ACCENTED)
        for position, part in enumerate(parts)
    )
    return f"«{text}{' ·' * max(1, len(msgid) // 6)}»"


def translate(entries: polib.POFile, brands: list[str]) -> polib.POFile:
    """Fill the entries of a template, in place, with a pseudo-translation."""
    for entry in entries:
        if entry.msgid_plural:
            entry.msgstr_plural = {
                0: accent(entry.msgid, brands),
                1: accent(entry.msgid_plural, brands),
            }
        else:
            entry.msgstr = accent(entry.msgid, brands)
    return entries
