"""What is wrong with a PDF, by the text that its writer knows: read from TeX's logs.

TeX names lines of the LaTeX that Sphinx wrote. Here, their words are looked for in the
source, or in the catalog of the language, whose line is named.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from policy_site.base import languages, locale_tree

# Points (1/72 inch) by which a line may be too long before a reader sees it, and by
# which a page may be too high before it reaches its number.
TOLERANCE = {"h": 5.0, "v": 20.0}


class Fault(NamedTuple):
    """What is wrong with the LaTeX at a line."""

    line: int
    """Its number, from 1; 0 if TeX does not say it."""
    fault: str
    """What is wrong, and what to do."""
    text: str = ""
    """The very text that is at fault, where TeX says it."""


LOST = re.compile(r"^(?:! )?Missing character: There is no (\S)", re.MULTILINE)
# What TeX says at once about a line and, in the next, its number.
ERROR = re.compile(r"^! (.+)$")
AT_LINE = re.compile(r"^l\.(\d+)", re.MULTILINE)
OVERFULL = re.compile(
    r"^Overfull \\([hv])box \(([\d.]+)pt too (?:wide|high)\)"
    r"(?:.*?at lines? (\d+))?",
    re.MULTILINE,
)


def read_log(log: str) -> Iterator[Fault]:
    """Yield what the *log* of a run of TeX says that a reader would miss or see."""
    for character in LOST.findall(log):
        yield Fault(
            0,
            f"no font of the PDF has the character {character} "
            f"(U+{ord(character):04X}); write it in another way, or add a font that "
            "has it to latex/policyfonts.sty",
            character,
        )
    lines = log.split("\n")
    for number, text in enumerate(lines):
        error = ERROR.match(text)
        # A fatal error repeats the one before it.
        if error and not re.search("Missing char|Fatal error|Emergency stop", text):
            where = AT_LINE.search("\n".join(lines[number : number + 20]))
            fault = explain("".join([error[1], *lines[number + 1 : number + 3]]))
            yield Fault(int(where[1]) if where else 0, fault)
    for kind, points, line in OVERFULL.findall(log):
        if float(points) <= TOLERANCE[kind]:
            continue
        if kind == "h":
            fault = (
                f"a line is {points} pt longer than the page is wide; "
                "shorten what cannot be divided in it, or give the table fewer columns"
            )
        else:
            fault = (
                f"a row of a table is {points} pt higher than a page, where its end "
                "would be lost; write what is long outside the table"
            )
        yield Fault(int(line or 0), fault)


def explain(error: str) -> str:
    """Return what the *error* of TeX means and what to do."""
    if "Too deeply nested" in error:
        return "lists stand in each other deeper than LaTeX can; take a level out"
    return f"LaTeX says: {error.strip()[:120]}"


def words_at(tex: str, line: int) -> list[str]:
    """Return the pieces of text, the longest first, around a line of LaTeX."""
    lines = tex.split("\n")
    near = "\n".join(lines[max(line - 2, 0) : line])
    without = re.sub(
        r"\\detokenize\{[^}]*\}|\\[A-Za-z@]+\*?(?:\[[^]]*\])?|%\n", "\0", near
    )
    pieces = re.split(r"[\0\n{}\\&]+", without)
    return sorted((p.strip() for p in pieces if p.strip()), key=len, reverse=True)


def find_line(path: Path, words: list[str]) -> int:
    """Return the number of the first line of *path* with one of *words*; 0 if none."""
    if not path.is_file():
        return 0
    lines = path.read_text(encoding="utf-8").split("\n")
    for piece in filter(None, words):
        for number, text in enumerate(lines, start=1):
            if piece[:20] in text:
                return number
    return 0


def faults(out: Path, language: str, root: Path = Path()) -> list[str]:
    """Return a sentence, with the file and line of the text, for each fault.

    *out* is the folder of the logs, *root* that of the sources and catalogs.
    """
    found = []
    # The document of all policies, index, has the faults of each.
    paths = [*(root / "source").glob("*.md")]
    names = sorted((path.stem for path in paths if path.stem != "index"), key=len)
    for log in sorted(out.glob("*.log")):
        end = f"-{languages.slug(language)}"
        policies = [name for name in names if log.stem.endswith(f"-{name}{end}")]
        if log.name == "make.log" or not policies:
            continue
        tex = log.with_suffix(".tex").read_text(encoding="utf-8")
        source = Path("source", f"{policies[-1]}.md")
        folder = locale_tree.catalog_folder(Path(), language)
        catalog = folder / f"{policies[-1]}.po"
        for fault in read_log(log.read_text(encoding="utf-8", errors="replace")):
            words = words_at(tex, fault.line) if fault.line else [fault.text]
            path = source if language == "en" else catalog
            line = find_line(root / path, words)
            if not line:
                # The catalog lacks the text: it is not translated, or is the same.
                path, line = source, find_line(root / source, words)
            text = f' "{words[0][:40]}":' if fault.line and words else ""
            found.append(f"{path}:{line or 1}:{text} {fault.fault}")
    return list(dict.fromkeys(found))
