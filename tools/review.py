"""Put a translation beside its English for reviewers, and take back what they say.

    python -m tools.review ja                       build/review/ja.html and ja.xlsx
    python -m tools.review ja --from reviewed.xlsx  their comments into the catalogs

A row is a message as readers see it, in the order of the page. Only comments come back,
as ``# review: …`` above their messages; a translation is changed in the catalog alone.
"""

import argparse
import hashlib
import json
import os
import re
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

import jinja2

from policy_site.base import locale_tree
from policy_site.base.errors import UserError, file_errors
from policy_site.base.languages import native_name, slug
from policy_site.base.settings import ROOT, read_conf
from policy_site.translation import catalogs, glossary, review
from policy_site.translation.review import Run
from policy_site.versions import archive, redline
from tools import build, sheets

FOLDER = Path("build/review")
# The strings of the theme are no document's.
UI = "sphinx"

Patterns = list[re.Pattern[str]]


@dataclass
class Row:
    """A message, in both languages as readers see it."""

    number: int
    kind: str
    anchor: str
    english: list[Run]
    translation: list[Run]
    state: str
    notes: str
    identity: str
    changed: bool = False


@dataclass
class Table:
    """The messages of a catalog, in the order of the page."""

    name: str
    title: str
    rows: list[Row]
    # With the last published version, if there is one.
    compared: bool = False

    def count(self) -> list[tuple[str, int]]:
        """Return how many messages are in each state that there is."""
        states = Counter(row.state for row in self.rows)
        return [(state, states[state]) for state in review.STATES if states[state]]


def identify(domain: str, msgid: str, msgstr: str) -> str:
    """Return by what a comment finds its message, as long as that is what it was."""
    digests = (hashlib.sha256(text.encode()).hexdigest() for text in (msgid, msgstr))
    return ":".join([domain, *(digest[:16] for digest in digests)])


# -- The tables --------------------------------------------------------------------


def read_messages(language: str) -> dict[str, Any]:
    path = FOLDER / slug(language) / review.FILE_NAME
    return json.loads(path.read_text(encoding="utf-8"))


def underline(text: list[Run], terms: Patterns) -> list[Run]:
    """Return *text* with each match of the patterns *terms* as a run of its own."""
    for pattern in terms:
        parts: list[Run] = []
        for part, looks in text:
            at = 0
            for match in pattern.finditer(part) if "term" not in looks else ():
                parts.append((part[at : match.start()], looks))
                parts.append((match[0], [*looks, "term"]))
                at = match.end()
            parts.append((part[at:], looks))
        text = [(part, looks) for part, looks in parts if part]
    return text


def term_patterns(path: Path) -> tuple[Patterns, Patterns]:
    """Return what finds the terms of the glossary *path*, in English and translated."""
    terms = glossary.read(path)
    # A verb is inflected: 撤回できます is 撤回する.
    stems = [translation.removesuffix("する") for *_, translation in terms]
    return [found for _stem, found, *_ in terms], [
        re.compile(re.escape(stem)) for stem in stems
    ]


def make_tables(language: str) -> tuple[dict[str, str], list[Table]]:
    """Return the words around the tables, and a table for each catalog."""
    english, translated = read_messages("en"), read_messages(language)
    labels = translated["labels"]
    patterns = term_patterns(ROOT / "locale" / language / "glossary.csv")
    tables = []
    for name, messages in translated["documents"].items():
        title = translated["titles"].get(name, name)
        pairs = zip(english["documents"][name], messages, strict=True)
        rows = [(row["text"], message) for row, message in pairs]
        tables.append(make_table(labels, name, title, rows, patterns))
    rows = [([(row["english"], [])], row) for row in translated["ui"]]
    tables.append(make_table(labels, UI, labels["ui"], rows, patterns))
    return labels, [table for table in tables if table.rows]


def notes_of(message: dict[str, Any], labels: dict[str, str]) -> str:
    """Return what there is to say of *message* besides its text."""
    is_hidden = message["kind"] == "front matter"
    return "\n".join([labels["front matter"]] * is_hidden + [message["notes"]]).strip()


def mark_changes(table: Table, language: str) -> None:
    """Mark in the rows of *table* what the last published version has not, or had.

    Nothing is marked where there is none, or none in a language. Raises UserError when
    the archive cannot be read.
    """
    versions = archive.read(ROOT / archive.FOLDER).get(table.name)
    if not versions:
        return
    table.compared = True
    last = versions[-1]
    for code, column in [("en", "english"), (language, "translation")]:
        if code not in last.published:
            continue
        text = last.text(code)
        old = [
            squeezed(part)
            for block in text.blocks
            if block.kind not in ("code", "rule")
            # Cells of a row, and lines of an address, are messages of their own.
            for part in re.split("[\t\n]", block.text)
        ]
        mark_column(table, column, old, set(map(squeezed, text.fields.values())))


def squeezed(text: str) -> str:
    return " ".join(text.split())


def mark_column(table: Table, column: str, old: list[str], fields: set[str]) -> None:
    """Mark what differs in *column* from *old*, the texts of the page, and *fields*."""
    new = [squeezed(sheets.plain(getattr(row, column))) for row in table.rows]
    olds, news = (list(map(redline.tokens, texts)) for texts in (old, new))
    pairs = redline.align(old, new, lambda i, j: redline.likeness(olds[i], news[j]))
    before = {j: old[i] for i, j in pairs}
    for j, row in enumerate(table.rows):
        if new[j] not in {*old, *fields}:
            row.changed = True
            text = redlined(before.get(j, ""), getattr(row, column))
            setattr(row, column, text)
    # What is gone is struck out after the row that it stood after, or in the next one,
    # if that has lost its translation.
    for i in sorted({*range(len(old))} - {i for i, _ in pairs}):
        if old[i] not in new:
            at = max((j for was, j in pairs if was < i), default=0)
            row = table.rows[at + (new[at + 1 : at + 2] == [""])]
            text = getattr(row, column)
            line_end: list[Run] = [("\n", [])] if text else []
            setattr(row, column, [*text, *line_end, (old[i], ["del"])])
            row.changed = True


def redlined(old: str, text: list[Run]) -> list[Run]:
    """Return *text* with what *old* had besides struck out, and what is new marked."""
    runs: list[Run] = []
    signs = iter([(sign, looks) for part, looks in text for sign in part])
    new = re.sub(r"\s", " ", sheets.plain(text))
    for kind, part in redline.compare_tokens(*map(redline.tokens, (old, new))):
        if kind == "-":
            runs.append((part, ["del"]))
            continue
        added = ["ins"] if kind == "+" else []
        for looks, same in groupby(islice(signs, len(part)), itemgetter(1)):
            runs.append(("".join(sign for sign, _ in same), [*looks, *added]))
    return runs


def make_table(
    labels: dict[str, str],
    name: str,
    title: str,
    rows: list[tuple[list[Run], dict[str, Any]]],
    patterns: tuple[Patterns, Patterns],
) -> Table:
    """Return the table of the messages *rows*, each with its English."""
    return Table(
        name,
        title,
        [
            Row(
                number,
                message["kind"],
                message["anchor"],
                underline(english, patterns[0]),
                underline(message["text"], patterns[1]),
                message["state"],
                notes_of(message, labels),
                identify(name, message["msgid"], message["msgstr"]),
            )
            for number, (english, message) in enumerate(rows, start=1)
        ],
    )


def write_tables(language: str) -> None:
    """Build both languages as reviewers see them, and write the page and the sheet."""
    targets = [build.Target(f"review-{code}") for code in ("en", language)]
    build.import_once()
    if build.build(targets):
        sys.exit(1)
    labels, tables = make_tables(language)
    for table in tables:
        mark_changes(table, language)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True
    )
    page = environment.get_template("review.html.jinja").render(
        labels=labels,
        tables=tables,
        language=language,
        native_name=native_name(language),
        compared=any(table.compared for table in tables),
    )
    catalogs.write(FOLDER / f"{language}.html", page.encode())
    sheet = sheets.write(tables, labels, native_name(language))
    catalogs.write(FOLDER / f"{language}.xlsx", sheet)
    for suffix in ("html", "xlsx"):
        print(FOLDER / f"{language}.{suffix}")


# -- The way back ------------------------------------------------------------------


def insert(path: Path, comments: dict[str, list[str]]) -> tuple[bytes, set[str]]:
    """Return the catalog *path* with *comments*, by identity, and which were placed.

    Nothing else of it changes: the lines are put in, and no program writes the rest.
    """
    content = path.read_bytes()
    end = b"\r\n" if b"\r\n" in content else b"\n"
    lines = content.split(b"\n")
    placed = set()
    # From the last message to the first, as each comment moves the lines after it.
    for entry in sorted(catalogs.read(path), key=lambda entry: -(entry.linenum or 1)):
        identity = identify(path.stem, entry.msgid, review.msgstr_of(entry))
        if entry.obsolete or identity not in comments:
            continue
        placed.add(identity)
        at = (entry.linenum or 1) - 1
        while lines[at] == b"#" or lines[at].startswith(b"# "):
            at += 1
        there = catalogs.open_comments(entry)
        new = [comment for comment in comments[identity] if comment not in there]
        added = [f"# review: {comment}".encode() + end[:-1] for comment in new]
        lines[at:at] = added
    return b"\n".join(lines), placed


def take_back(language: str, sheet: Path) -> None:
    """Put the comments of *sheet* into the catalogs of *language*.

    Raises UserError when it cannot be a sheet that went out; then nothing is changed.
    Exits with 1 when a comment has lost its message, and names it.
    """
    ui = locale_tree.catalog_folder(ROOT, language) / f"{UI}.po"
    known = catalogs.read(ui) if ui.is_file() else []
    translated = {entry.msgid: entry.msgstr for entry in known}
    # A sheet may have gone out before its words were translated.
    heads = [[word, translated.get(word, word)] for word in ("Comment", "Name", "Date")]
    answers = sheets.read(sheet, *heads)
    comments: dict[str, list[str]] = {}
    for answer in answers:
        mine = comments.setdefault(answer.identity, [])
        if answer.comment not in mine:
            mine.append(answer.comment)
    written, placed = {}, set()
    for path in locale_tree.catalogs(ROOT, language):
        written[path], found = insert(path, comments)
        placed |= found
    for path, content in written.items():
        catalogs.write(path, content)
    lost = [answer for answer in answers if answer.identity not in placed]
    taken = sum(len(comments[identity]) for identity in placed)
    print(f"{taken} comments are in the catalogs.")
    if lost:
        print(f"{len(lost)} are not, because their message has changed or is gone:")
        for answer in lost:
            print(f"  {answer.place}: {answer.english[:60]}\n    {answer.comment}")
        sys.exit(1)


@file_errors(ROOT)
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language")
    parser.add_argument("--from", dest="sheet", type=Path)
    arguments = parser.parse_args()
    sheet = arguments.sheet and arguments.sheet.absolute()
    os.chdir(ROOT)
    translations = [code for code in read_conf()["languages"] if code != "en"]
    if arguments.language not in translations:
        raise UserError(
            f"there is no translation {arguments.language!r} here; "
            f"there are: {', '.join(translations)}"
        )
    if sheet:
        take_back(arguments.language, sheet)
    else:
        write_tables(arguments.language)


if __name__ == "__main__":
    main()
