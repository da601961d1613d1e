"""What a run on GitHub shows: each finding beside its message, and what changed.

GitHub shows what a job appends to the file that GITHUB_STEP_SUMMARY names.
https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
"""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

import polib

from policy_site.base import locale_tree
from policy_site.base.errors import UserError, visible
from policy_site.base.settings import ROOT
from policy_site.translation import catalogs, review
from policy_site.versions import redline

# GitHub shows no page that is larger than 1 MiB.
MOST_BYTES = 900_000


class Finding(NamedTuple):
    """What is wrong, and where; without a path, what a program said of everything."""

    path: Path | None
    line: int
    text: str


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table as HTML: in it, nothing of a text is read as Markdown."""
    lines = [
        "".join(f"<th>{cell}</th>" for cell in head),
        *("".join(f"<td>{cell}</td>" for cell in row) for row in rows),
    ]
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def cell(text: str) -> str:
    """Return *text* as HTML in one line: an empty line would end the table.

    An @ would call somebody.
    """
    return escape(visible(re.sub(r"\s+", " ", text))).replace("@", "&#64;")


# -- What is to be mended ----------------------------------------------------------


def messages(path: Path) -> dict[int, polib.POEntry]:
    """Return the messages of the catalog *path*, by the lines of their msgstr."""
    try:
        entries = catalogs.read(path)
    except (UserError, OSError):
        return {}
    return {catalogs.line_of_msgstr(path, entry): entry for entry in entries}


def findings_table(findings: list[Finding]) -> str:
    """Return the findings, each beside its message.

    Of a fuzzy one, what changed in the English is marked.
    """
    paths = {finding.path for finding in findings if finding.path}
    known = {path: messages(path) for path in paths if path.suffix == ".po"}
    rows = []
    for finding in findings:
        entry = known.get(finding.path, {}).get(finding.line) if finding.path else None
        place = ""
        if finding.path:
            place = f"{os.path.relpath(ROOT / finding.path, ROOT)}:{finding.line}"
        english = translation = ""
        if entry:
            english = marked(entry.previous_msgid or entry.msgid, entry.msgid)
            translation = cell(review.msgstr_of(entry))
        rows.append((cell(place), english, translation, cell(finding.text)))
    return table(("", "English", "Translation", "To mend"), rows)


# -- What a pull request changes ---------------------------------------------------


def before(path: Path) -> list[polib.POEntry]:
    """Return the messages of the catalog *path* without the pull request.

    GitHub checks out what the merge would be; its first parent is the branch.
    """
    name = path.relative_to(ROOT).as_posix()
    shown = subprocess.run(
        ["git", "show", f"HEAD^1:{name}"], cwd=ROOT, capture_output=True
    )
    text = shown.stdout.decode("utf-8-sig", "replace")
    try:
        return list(polib.pofile(text, wrapwidth=0)) if text else []
    except (OSError, ValueError):
        return []


def marked(old: str, new: str) -> str:
    """Return the redline of two texts as HTML."""
    ops = redline.compare_tokens(redline.tokens(old), redline.tokens(new))
    tags = {"-": "<del>{}</del>", "+": "<ins>{}</ins>", "=": "{}"}
    return "".join(tags[kind].format(cell(text)) for kind, text in ops)


def changes(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the redlines, in both languages, of each changed message of *path*."""
    known = {entry.msgid: entry for entry in before(path)}
    try:
        entries = catalogs.read(path)
    except (UserError, OSError):
        return
    for entry in entries:
        old = known.get(entry.msgid) or known.get(entry.previous_msgid or "")
        english, was = (old.msgid, review.msgstr_of(old)) if old else ("", "")
        now = review.msgstr_of(entry)
        if not entry.obsolete and (english, was) != (entry.msgid, now):
            yield marked(english, entry.msgid), marked(was, now)


# -- The page ----------------------------------------------------------------------


def page(findings: list[Finding], languages: Iterable[str]) -> str:
    """Return the page, in Markdown.

    The changes are those of the catalogs of *languages*, in a run for a pull request.
    """
    parts = ["# Check the catalogs"]
    parts.append(f"{len(findings)} to mend" if findings else "Nothing to mend.")
    if findings:
        parts.append(findings_table(findings))
    if os.environ.get("GITHUB_EVENT_NAME") == "pull_request":
        for language in languages:
            for path in locale_tree.catalogs(ROOT, language):
                if rows := list(changes(path)):
                    parts.append(f"## {path.relative_to(ROOT)}: what changes")
                    parts.append(table(("English", "Translation"), rows))
    shown = "\n\n".join(parts) + "\n"
    if len(shown.encode()) > MOST_BYTES:
        return "\n\n".join([*parts[:2], "There is too much to show here."]) + "\n"
    return shown
