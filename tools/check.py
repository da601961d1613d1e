"""Check all that a reviewer of the catalogs would have to look for.

    python -m tools.check

Prints one report, each line as ``file:line: what is wrong``, which editors jump to
(and GitHub shows beside the line), and exits with 1 when there is anything to mend.
The findings are those of a release build of each language (rules for catalogs, the
glossary, completeness), of msgfmt (PO), and of textlint (the style of the Japanese).
"""

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polib

from policy_site.base import locale_tree
from policy_site.base.errors import UserError, file_errors, visible
from policy_site.base.settings import ROOT, read_conf
from policy_site.text import contact
from policy_site.translation import catalogs, rules
from policy_site.translation.remarks import STYLE, is_excused, say, with_excuse
from tools import summary

BIN = Path(sys.executable).parent
FINDING = re.compile(
    r"(?P<path>[^:\s]+):(?P<line>\d+)(:(?P<column>\d+))?: (?P<text>.+)"
)
# How much of a text is shown on both sides of what is wrong in it.
AROUND = 6


def output(*command: str | Path) -> str:
    """Return what *command* prints, errors included, if it fails; else nothing."""
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, capture_output=True, text=True
    )
    return done.stdout + done.stderr if done.returncode else ""


def release_build(language: str) -> str:
    """Return what stops a release build, before a page is written."""
    return output(sys.executable, "-m", "tools.build", f"check-{language}")


def readable(language: str) -> list[Path]:
    """Return the paths of the catalogs of *language* that are valid PO.

    What is wrong with the others, the build tells.
    """
    paths = []
    for path in locale_tree.catalogs(ROOT, language):
        with contextlib.suppress(UserError):
            catalogs.read(path)
            paths.append(path)
    return paths


def valid_po(path: Path) -> str:
    """Return what msgfmt finds in the catalog *path*."""
    return output("msgfmt", "--check-format", "--output-file=/dev/null", path)


def style(path: Path) -> str:
    """Return what textlint finds in the msgstrs: a line for a message and a rule."""
    entries = catalogs.read(path)
    texts = [""] * len(path.read_text(encoding="utf-8").split("\n"))
    messages = {}
    for entry in entries.translated_entries():
        line = catalogs.line_of_msgstr(path, entry)
        messages[line] = entry
        texts[line - 1] = (entry.msgstr or entry.msgstr_plural[0]).replace("\n", " ")
    copy = ROOT / "build" / "textlint" / path.relative_to(ROOT).with_suffix(".md")
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text("\n".join(texts), encoding="utf-8")
    report = output(
        BIN / "node",
        "tools/textlint/node_modules/.bin/textlint",
        "--config=tools/textlint/.textlintrc.cjs",
        "--format=json",
        copy,
    )
    if not report.startswith("["):
        # textlint printed nothing, or why it did not run.
        return report
    found: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for fault in json.loads(report)[0]["messages"]:
        found.setdefault((fault["line"], fault["ruleId"]), []).append(fault)
    lines = []
    for (line, rule), faults in found.items():
        text, starts = texts[line - 1], [fault["column"] - 1 for fault in faults]
        words = [f"…{text[max(at - AROUND, 0) : at + AROUND]}…" for at in starts]
        column = len(f'msgstr "{polib.escape(text[: starts[0]])}') + 1
        said = say(
            STYLE,
            path,
            fault=faults[0]["message"].strip().split("\n")[0],
            times=len(faults),
            words=", ".join(words),
        )
        comments = f"{entries.header}\n{messages[line].tcomment}"
        if not is_excused(comments, rule):
            sentence = with_excuse(said, path, rule)
            lines.append(f"{path}:{line}:{column}: {sentence}")
    return "\n".join(lines)


def remarks(path: Path, facts: dict[str, Any]) -> list[str]:
    """Return what a person should look at in the catalog *path*; none is a mistake."""
    try:
        return rules.remarks(catalogs.read(path), path, SimpleNamespace(**facts))
    except UserError:
        # The glossary cannot be read, as the build tells.
        return []


def show(report: str, findings: list[summary.Finding]) -> None:
    """Print each finding of *report* and add it to *findings*, unless it is there.

    A source is checked with every language. Control characters from a catalog are
    spelled out: a terminal would obey them.
    """
    lines = visible(report.strip()).replace(f"{ROOT}/", "").split("\n")
    found = [match for line in lines if (match := FINDING.search(line))]
    for match in found:
        path, line, column, text = match.group("path", "line", "column", "text")
        finding = summary.Finding(Path(path), int(line), text)
        if finding in findings:
            continue
        findings.append(finding)
        if os.environ.get("GITHUB_ACTIONS"):
            # https://docs.github.com/actions/reference/workflow-commands-for-github-actions
            place = f"{path},line={line}" + (f",col={column}" if column else "")
            print(f"::error file={place}::{text.replace('%', '%25')}")
        else:
            place = f"{path}:{line}" + (f":{column}" if column else "")
            print(f"{place}: {text}")
    whole = summary.Finding(None, 0, "\n".join(lines))
    if whole.text and not found and whole not in findings:
        print(whole.text)
        findings.append(whole)


def check(
    language: str, facts: dict[str, Any], findings: list[summary.Finding]
) -> None:
    """Print what there is to say of *language*, and add it to *findings*."""
    show(release_build(language), findings)
    refused = {ROOT / finding.path for finding in findings if finding.path}
    for path in readable(language):
        # msgfmt would only repeat what the build has said of the others.
        if path not in refused:
            show(valid_po(path), findings)
        for remark in remarks(path, facts):
            print(f"note: {os.path.relpath(remark, ROOT)}")
        if language == "ja":
            show(style(path), findings)
    sayings = locale_tree.catalog_folder(ROOT, language) / "remarks.po"
    if sayings.is_file():
        show(valid_po(sayings), findings)
    block = facts["contact"].get(language, {})
    if samples := [key for key in block if contact.is_sample(key, block[key])]:
        keys = ", ".join(samples)
        print(f"note: conf.py: contact[{language!r}] is a sample: {keys}")


@file_errors(ROOT)
def main() -> int:
    findings: list[summary.Finding] = []
    facts: dict[str, Any] = {"languages": []}
    try:
        facts = read_conf()
    except UserError as error:
        # Something stands in locale/ that may not, so none of it is opened.
        show(str(error), findings)
    for language in facts["languages"]:
        check(language, facts, findings)
    print(f"{len(findings)} to mend" if findings else "Nothing to mend.")
    if target := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(target).open("a", encoding="utf-8") as file:
            file.write(summary.page(findings, facts["languages"]))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
