"""Show how much of each catalog is translated, in messages and in English words.

    python -m tools.stats [--json]

``sphinx-intl stat`` counts fuzzy messages, and plurals that nobody has translated, as
translated.
"""

import json
import sys
from pathlib import Path
from typing import Any

from policy_site.base import locale_tree
from policy_site.base.settings import ROOT, read_conf
from policy_site.translation import catalogs

LANGUAGES = read_conf()["languages"]
# The characters of a bar.
BAR = 20


def count(path: Path) -> dict[str, Any]:
    """Return the numbers of messages and English words of the catalog *path*, by state.

    Of obsolete messages, only how many there are.
    """
    states = {
        state: {"messages": 0, "words": 0} for state in ("done", "fuzzy", "missing")
    }
    obsolete = 0
    for entry in catalogs.read(path):
        if entry.obsolete:
            obsolete += 1
            continue
        state = "done" if entry.translated() else "fuzzy" if entry.fuzzy else "missing"
        states[state]["messages"] += 1
        states[state]["words"] += len(entry.msgid.split())
    return {**states, "obsolete": obsolete}


def line(language: str, name: str, counts: dict[str, Any]) -> str:
    """Return a line of the table, with a bar of the words that are done."""
    words = {state: counts[state]["words"] for state in ("done", "fuzzy", "missing")}
    total = sum(words.values()) or 1
    done = BAR * words["done"] // total
    bar = "█" * done + "░" * (BAR - done)
    messages = "  ".join(
        f"{counts[state]['messages']:4} {state}"
        for state in ("done", "fuzzy", "missing")
    )
    obsolete = f"  ({counts['obsolete']} obsolete, kept)" if counts["obsolete"] else ""
    percent = 100 * words["done"] // total
    return (
        f"{language:6} {name:20} {bar} {percent:3} % of {total:5} words  "
        f"{messages}{obsolete}"
    )


def main() -> None:
    stats = {
        language: {
            path.stem: count(path) for path in locale_tree.catalogs(ROOT, language)
        }
        for language in LANGUAGES
        if language != "en"
    }
    if sys.argv[1:] == ["--json"]:
        print(json.dumps(stats, indent=2))
        return
    for language, documents in stats.items():
        for name, counts in documents.items():
            print(line(language, name, counts))


if __name__ == "__main__":
    main()
