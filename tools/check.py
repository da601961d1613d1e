"""Check all that a reviewer of the catalogs would have to look for.

    python -m tools.check

Prints one report, each line as ``file:line: what is wrong``, which editors jump to
(and GitHub shows beside the line), and exits with 1 when there is anything to mend.
It asks those who know: a release build of each language (the guard, the glossary,
completeness), msgfmt (PO), and textlint (the style of the Japanese).
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
from policy_site.translation import catalogs, rules

FACTS = read_conf()
BIN = Path(sys.executable).parent
FINDING = re.compile(r"(?P<path>[^:\s]+):(?P<line>\d+)(:\d+)?: (?P<text>.+)")


def output(*command):
    """Return what *command* prints, of both kinds."""
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, capture_output=True, text=True
    )
    return done.stdout + done.stderr if done.returncode else ""


def release_build(language):
    """Return what stops a release build, before a page is written."""
    return output(sys.executable, "-m", "tools.build", f"check-{language}")


def valid_po(path):
    return output("msgfmt", "--check-format", "--output-file=/dev/null", path)


def style(language):
    """Return what textlint finds in the msgstrs, in the lines of their catalogs."""
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


def remarks(path):
    """Return what a person should look at in the catalog *path*; none is a mistake."""
    with contextlib.suppress(UserError):
        return rules.remarks(catalogs.read(path), path, SimpleNamespace(**FACTS))
    return []


def show(report):
    """Print each finding of *report* once, from the root; return how many there are.

    What comes from a catalog may hold what a terminal obeys: it is spelled out.
    """
    found = (FINDING.search(visible(line)) for line in report.split("\n"))
    findings = {match["path", "line", "text"]: match for match in found if match}
    for finding in findings.values():
        path = os.path.relpath(ROOT / finding["path"], ROOT)
        if os.environ.get("GITHUB_ACTIONS"):
            # https://docs.github.com/actions/reference/workflow-commands-for-github-actions
            print(f"::error file={path},line={finding['line']}::{finding['text']}")
        else:
            print(f"{path}:{finding['line']}: {finding['text']}")
    if report.strip() and not findings:
        print(visible(report.strip()))
        return 1
    return len(findings)


def main():
    count = 0
    for language in FACTS["languages"]:
        count += show(release_build(language))
        for path in locale_tree.catalogs(ROOT, language):
            count += show(valid_po(path))
            for remark in remarks(path):
                print(f"note: {os.path.relpath(remark, ROOT)}")
        if language == "ja":
            count += show(style(language))
        samples = [
            key
            for key, value in FACTS["contact"].get(language, {}).items()
            if contact.is_sample(key, value)
        ]
        if samples:
            print(
                f"note: conf.py: contact[{language!r}] is a sample: {', '.join(samples)}"
            )
    print(f"{count} to mend" if count else "Nothing to mend.")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
