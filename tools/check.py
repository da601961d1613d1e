"""Check all that a reviewer of the catalogs would have to look for.

    python -m tools.check

Prints one report, each line as ``file:line: what is wrong``, which editors jump to
(and GitHub shows beside the line), and exits with 1 when there is anything to mend.
The findings are those of a release build of each language (rules for catalogs, the
glossary, completeness), of msgfmt (PO), and of textlint (the style of the Japanese).
"""

import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from policy_site.base import locale_tree
from policy_site.base.errors import UserError, visible
from policy_site.base.settings import ROOT, read_conf
from policy_site.text import contact
from policy_site.translation import catalogs, completeness, rules
from tools import summary

FACTS = read_conf()
BIN = Path(sys.executable).parent
FINDING = re.compile(r"(?P<path>[^:\s]+):(?P<line>\d+)(:\d+)?: (?P<text>.+)")


def output(*command: str | Path) -> str:
    """Return what *command* prints, errors included, if it fails; else nothing."""
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, capture_output=True, text=True
    )
    return done.stdout + done.stderr if done.returncode else ""


def release_build(language: str) -> str:
    """Return what stops a release build, before a page is written."""
    return output(sys.executable, "-m", "tools.build", f"check-{language}")


def undone(language: str) -> str:
    """Return what is not translated, for a build that stopped before it could tell."""
    found: list[str] = []
    for path in locale_tree.catalogs(ROOT, language):
        with contextlib.suppress(UserError):
            found += completeness.undone_in_catalog(path)
    return "\n".join(found)


def valid_po(path: Path) -> str:
    """Return what msgfmt finds in the catalog *path*."""
    return output("msgfmt", "--check-format", "--output-file=/dev/null", path)


def style(language: str) -> str:
    """Return what textlint finds in the msgstrs, with the lines of their catalogs."""
    folder = ROOT / "build" / "textlint" / language
    folder.mkdir(parents=True, exist_ok=True)
    report = ""
    for path in locale_tree.catalogs(ROOT, language):
        lines = [""] * len(path.read_text(encoding="utf-8").split("\n"))
        for entry in catalogs.read(path):
            if entry.translated():
                text = entry.msgstr or entry.msgstr_plural[0]
                lines[catalogs.line_of_msgstr(path, entry) - 1] = text
        copy = folder / f"{path.stem}.md"
        copy.write_text("\n".join(lines), encoding="utf-8")
        found = output(
            BIN / "node",
            "tools/textlint/node_modules/.bin/textlint",
            "--config=tools/textlint/.textlintrc.cjs",
            "--format=unix",
            copy,
        )
        report += found.replace(str(copy), str(path))
    return report


def remarks(path: Path) -> list[str]:
    """Return what a person should look at in the catalog *path*; none is a mistake."""
    with contextlib.suppress(UserError):
        return rules.remarks(catalogs.read(path), path, SimpleNamespace(**FACTS))
    return []


def show(report: str) -> list[summary.Finding]:
    """Print each finding of *report* once, its path from the root; return them all.

    Control characters from a catalog are spelled out: a terminal would obey them.
    """
    found = (FINDING.search(visible(line)) for line in report.split("\n"))
    findings = {match.group("path", "line", "text"): match for match in found if match}
    for finding in findings.values():
        path = os.path.relpath(ROOT / finding["path"], ROOT)
        if os.environ.get("GITHUB_ACTIONS"):
            # https://docs.github.com/actions/reference/workflow-commands-for-github-actions
            print(f"::error file={path},line={finding['line']}::{finding['text']}")
        else:
            print(f"{path}:{finding['line']}: {finding['text']}")
    if report.strip() and not findings:
        text = visible(report.strip())
        print(text)
        return [summary.Finding(None, 0, text)]
    return [
        summary.Finding(Path(match["path"]), int(match["line"]), match["text"])
        for match in findings.values()
    ]


def main() -> int:
    findings: list[summary.Finding] = []
    for language in FACTS["languages"]:
        report = release_build(language)
        if report and completeness.NOT_DONE not in report:
            # The build stopped earlier: show what is left to translate, all the same.
            report += "\n" + undone(language)
        findings += show(report)
        for path in locale_tree.catalogs(ROOT, language):
            findings += show(valid_po(path))
            for remark in remarks(path):
                print(f"note: {os.path.relpath(remark, ROOT)}")
        if language == "ja":
            findings += show(style(language))
        samples = [
            key
            for key, value in FACTS["contact"].get(language, {}).items()
            if contact.is_sample(key, value)
        ]
        if samples:
            keys = ", ".join(samples)
            print(f"note: conf.py: contact[{language!r}] is a sample: {keys}")
    print(f"{len(findings)} to mend" if findings else "Nothing to mend.")
    if target := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(target).open("a", encoding="utf-8") as file:
            file.write(summary.page(findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
