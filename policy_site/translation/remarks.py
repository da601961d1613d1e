"""What is said to translators, in the language of their catalog.

``remarks.po`` beside a catalog translates these sentences, and ``make update-po`` keeps
it. No page shows one of them, so what it lacks, or all of it, is said in English.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import polib

from policy_site.base.locale_tree import REMARKS


@cache
def translations(path: Path) -> dict[str, str]:
    """Return the translated sentences of the catalog *path*; none if it is unusable."""
    try:
        entries = polib.pofile(str(path)).translated_entries()
    except Exception:
        # polib raises exceptions of many kinds; msgfmt, in `make check`, says why.
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


class Finding(NamedTuple):
    """What is wrong with a message, what to do, and the values in these sentences.

    ``at`` is the part of the msgstr that it is about, if there is one. Of the values,
    ``thing`` is what a comment may excuse.
    """

    sentence: str
    to_do: str
    at: str
    values: dict[str, str]
    times: int = 1

    def said(self, catalog: Path) -> str:
        """Return it in the language of *catalog*."""
        text = say(self.sentence, catalog, **self.values)
        if self.to_do:
            remedy = say(self.to_do, catalog, **self.values)
            text = say("%(fault)s; %(remedy)s", catalog, fault=text, remedy=remedy)
        if thing := self.values.get("thing"):
            text = with_excuse(text, catalog, thing)
        return text


def finding(
    sentence: str, words: str = "", to_do: str = "", at: str = "", **values: object
) -> Finding:
    """Return what is wrong; *words*, unless *at* is given, are looked for."""
    texts = {name: str(value) for name, value in values.items()}
    return Finding(sentence, to_do, at or words, {"words": words, **texts})


def together(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield *findings*, those of one sentence as one, which lists their values."""
    same: dict[str, list[Finding]] = {}
    for one in findings:
        same.setdefault(one.sentence, []).append(one)
    for group in same.values():
        values = {
            name: ", ".join(dict.fromkeys(one.values[name] for one in group))
            for name in group[0].values
        }
        yield group[0]._replace(values=values, times=len(group))
