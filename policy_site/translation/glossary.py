"""The glossary: one translation for each term, in a file beside the catalogs."""

import csv
import re
from collections.abc import Container, Iterator
from functools import cache
from pathlib import Path
from unicodedata import normalize

from policy_site.base.errors import UserError, line_of
from policy_site.base.locale_tree import MESSAGES
from policy_site.translation.reading import Message, Term
from policy_site.translation.remarks import Finding, noted, say

TERM_MISSING = noted("the term %(words)s is missing; write %(word)s")
TERM_TOO_RARE = noted(
    "the term %(words)s is missing; write %(word)s %(times)s times; "
    "it is there %(there)s times"
)

# Ends of the last word of a term, and patterns for its singular and plural.
INFLECTED = [("is", "(?:is|es)"), ("y", "(?:y|ies)"), ("s", "s?"), ("", "(?:e?s)?")]


@cache
def pattern(english: str) -> tuple[str, re.Pattern[str]]:
    """Return the stem of the last word of a term, and a pattern for all its forms."""
    *words, last = re.split(r"[\s-]+", english.strip())
    end, ends = next(pair for pair in INFLECTED if last.endswith(pair[0]))
    stem = last.removesuffix(end)
    words = [*map(re.escape, words), re.escape(stem) + ends]
    words = ["(?:third|3rd)" if word == "third" else word for word in words]
    between = r"[\s-]+(?:(?:your|their)\s)?"
    found = re.compile(rf"\b{between.join(words)}\b", re.IGNORECASE)
    return stem.casefold(), found


def path_for(catalog: Path) -> Path:
    """Return the path of the glossary for the catalog at the path *catalog*."""
    return catalog.parents[1] / "glossary.csv"


def read(path: Path) -> list[Term]:
    """Return the terms of the glossary *path*, the longest first.

    Raises UserError, with the line, when the glossary is not two columns of words under
    a line of headings: a term with a typing error would never be checked.
    """
    if not path.is_file():
        return []
    # Its faults are said as those of the catalogs beside it.
    catalog = path.parent / MESSAGES / path.name
    try:
        lines = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = say("this is not UTF-8", catalog)
        raise UserError(f"{path}:{line_of(error)}: {fault}") from None
    reader = csv.reader(lines.splitlines(keepends=True), strict=True)
    terms: dict[str, list[str]] = {}
    try:
        for row in reader:
            if wrong := fault_of_row(row, terms, catalog):
                raise UserError(f"{path}:{reader.line_num}: {wrong}")
            terms[row[0].casefold()] = row
    except csv.Error:
        fault = say("a quotation mark is not closed, or is too many", catalog)
        raise UserError(f"{path}:{reader.line_num}: {fault}") from None
    if len(terms) < 2:
        fault = say(
            "there is no term; write lines such as third party,第三者 under the "
            "headings, or delete the file",
            catalog,
        )
        raise UserError(f"{path}:1: {fault}")
    rows = sorted([*terms.values()][1:], key=lambda row: -len(row[0]))
    return [(*pattern(english), english, translation) for english, translation in rows]


def fault_of_row(row: list[str], before: Container[str], catalog: Path) -> str | None:
    """Return what is wrong with a row of a glossary, or None.

    *before* has the English terms of the rows before it. It is said in the language of
    *catalog*.
    """
    if len(row) != 2:
        return say(
            "here are %(number)s columns; write English,translation",
            catalog,
            number=len(row),
        )
    for cell in row:
        words = squeezed(cell).removesuffix("する")
        if not any(letter.isalpha() for letter in words):
            return say(
                "a column has no letters; write English,translation, or delete it",
                catalog,
            )
        if cell != " ".join(cell.split()) or not cell.isprintable() or '"' in cell:
            return say(
                "take out spaces at the ends, double ones, and quotation marks", catalog
            )
    if row[0].casefold() in before:
        return say("%(term)s is here twice; delete one", catalog, term=row[0])
    return None


def squeezed(text: str) -> str:
    """Return *text* without what does not matter where terms are compared."""
    return re.sub(r"\s", "", normalize("NFKC", text)).casefold()


def terms(message: Message) -> Iterator[Finding]:
    """Yield each term of the msgid whose translation the msgstr lacks."""
    text, target = message.source.prose, squeezed(message.target.prose)
    folded = text.casefold()
    for stem, found, english, translation in message.terms:
        # Quick: most terms are not there, and to look for a pattern takes ten times as
        # long.
        if stem not in folded:
            continue
        text, times = found.subn("\0", text)
        # A verb is inflected: 撤回できます is 撤回する.
        stem = squeezed(translation).removesuffix("する")
        there = target.count(stem)
        # What was counted for a longer term does not count for a shorter one inside it.
        target = target.replace(stem, "\0")
        if there < times:
            sentence = TERM_TOO_RARE if there else TERM_MISSING
            yield from message.excusable(
                sentence,
                english,
                word=translation,
                times=times,
                there=there,
            )
