"""What is said to translators, in the language of their catalog.

``remarks.po`` beside a catalog translates these sentences, and ``make update-po`` keeps
it. No page shows one of them, so what it lacks, or all of it, is said in English.
"""

import re
from functools import cache
from pathlib import Path

import polib

from policy_site.base.locale_tree import REMARKS


@cache
def translations(path: Path) -> dict[str, str]:
    """Return the translated sentences of the catalog *path*; none if it is unusable."""
    try:
        entries = polib.pofile(str(path)).translated_entries()
    except Exception:
        # polib raises exceptions of many kinds. What is wrong, msgfmt tells.
        return {}
    return {entry.msgid: entry.msgstr for entry in entries}


def say(sentence: str, catalog: Path, **values: object) -> str:
    """Return *sentence* in the language of *catalog*, with its *values* filled in.

    A value stands where the sentence has ``%(name)s``. The operator % is not for texts
    of strangers: it obeys what else they write after a percent sign.
    """
    text = translations(catalog.with_name(f"{REMARKS}.po")).get(sentence, sentence)
    return re.sub(r"%\((\w+)\)s", lambda name: str(values.get(name[1], name[0])), text)


def noted(sentence: str) -> str:
    """Return *sentence*, which is said later, so that translators are asked for it."""
    return sentence


# Above the remarks, where the preview would show a page.
NOT_BUILT = noted("Mend this, save, and the page comes back by itself")


# What ``make check`` says of the style of a text.
STYLE = noted("%(fault)s, %(times)s×: %(words)s; change it")


def is_excused(comments: str, thing: str) -> bool:
    """Return whether a line of *comments* gives the reason for *thing*.

    Such as ``# ok: 18: the reason``, or ``# ok: 18, 30: the reason`` for several.
    """
    reasons = re.findall(r"^[ \t]*ok: (.*:\s*\w.*)", comments, re.I | re.M)
    named = re.compile(rf", {re.escape(thing)}(?:, |:\s*\w)", re.I)
    return any(named.search(f", {reason}") for reason in reasons)


def with_excuse(fault: str, catalog: Path, thing: str) -> str:
    """Return *fault* and how to give the reason for *thing* in a comment."""
    return say(
        "%(fault)s, or say why not in a comment above the msgid: "
        "# ok: %(thing)s: the reason",
        catalog,
        fault=fault,
        thing=thing,
    )
