"""Bring the messages of ``build/gettext/`` into the catalogs of ``locale/``.

    python -m tools.update_po [LANGUAGE]

Without LANGUAGE, into those of all languages; LANGUAGE may be a new one. sphinx-intl
finds out which old message a new one resembles. But it loses what translators left in a
catalog: the previous English (``#|``), header fields, the lines of comments. So
catalogs are read and written with polib, which keeps these.

Every catalog is written in one form, whatever program saved it last: UTF-8 without a
byte order mark, LF, no line wrapped, the header as polib orders it.
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polib
from babel.messages import Catalog
from sphinx_intl.catalog import load_po, update_with_fuzzy

from policy_site.base import languages, locale_tree
from policy_site.base.errors import UserError, file_errors
from policy_site.base.settings import ROOT, read_conf
from policy_site.translation import catalogs, rules

TEMPLATES = ROOT / "build/gettext"

# What programs write into a header where a person should write something, and the
# fields in which programs name themselves.
PLACEHOLDER = re.compile(
    "PACKAGE VERSION|PROJECT VERSION|YEAR-MO-DA|FULL NAME|EMAIL@ADDRESS|LL@li.org|"
    "nplurals=INTEGER"
)
PROGRAMS = {"Generated-By", "X-Generator"}


@dataclass
class Update:
    """The new content of a catalog, and how many of its messages changed, and how."""

    content: bytes = b""
    new: int = 0
    changed: int = 0
    gone: int = 0
    missing: int = 0
    fuzzy: int = 0


def key(entry: polib.POEntry) -> tuple[str | None, str]:
    """Return what no two messages of a catalog have in common."""
    return entry.msgctxt, entry.msgid


def has_text(entry: polib.POEntry) -> bool:
    return bool(entry.msgstr or any(entry.msgstr_plural.values()))


def read(path: Path) -> polib.POFile:
    """Return the entries of *path*; raises UserError when any of it would be lost."""
    text = path.read_bytes().decode(errors="replace")
    if fault := next(rules.hidden_line_ends(text, path), None):
        raise UserError(fault)
    return catalogs.read(path)


def former_msgids(
    old: list[polib.POEntry], template: Path
) -> dict[tuple[str | None, str], str]:
    """Return the msgid of *old* that a message of *template* resembles, by its key."""
    known = Catalog()
    for entry in filter(has_text, old):
        known.add(entry.msgid, "any text", context=entry.msgctxt)
    update_with_fuzzy(known, load_po(template))
    return {
        (message.context, first(message.id)): first(message.previous_id)
        for message in known
        if message.previous_id
    }


def first(msgid: str | Sequence[str]) -> str:
    """Return the msgid of a message of Babel, which has the plural as a second one."""
    return msgid if isinstance(msgid, str) else msgid[0]


def take_over(entry: polib.POEntry, known: polib.POEntry) -> bool:
    """Give *entry*, of the template, what translators wrote for *known*.

    Returns whether they have to look at it, because it is another message.
    """
    entry.tcomment = known.tcomment
    entry.flags = [*known.flags, *entry.flags]
    if entry.msgid_plural and known.msgid_plural:
        entry.msgstr_plural |= known.msgstr_plural
    elif entry.msgid_plural:
        entry.msgstr_plural[0] = known.msgstr
    else:
        entry.msgstr = known.msgstr or known.msgstr_plural.get(0, "")
    is_same = (*key(known), known.msgid_plural) == (*key(entry), entry.msgid_plural)
    if known.fuzzy and known.previous_msgid:
        # Nobody has corrected it since: it still translates that previous English.
        entry.previous_msgctxt = known.previous_msgctxt
        entry.previous_msgid = known.previous_msgid
        entry.previous_msgid_plural = known.previous_msgid_plural
    elif not is_same and has_text(known):
        entry.previous_msgctxt, entry.previous_msgid = key(known)
        entry.previous_msgid_plural = known.msgid_plural or None
    if not is_same and has_text(known):
        entry.flags.append("fuzzy")
    return not is_same


def header(
    old: dict[str, str], template: dict[str, str], language: str
) -> dict[str, str]:
    """Return the header: what people wrote into the old one, and what must be there."""
    defaults = {
        "Language": languages.canonical(language) or language,
        "Plural-Forms": languages.plural_forms(language),
    }
    fixed = {
        "POT-Creation-Date": template["POT-Creation-Date"],
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    return by_people(template) | defaults | by_people(old) | fixed


def by_people(fields: dict[str, str]) -> dict[str, str]:
    """Return those of *fields* that people have filled in."""
    return {
        name: value
        for name, value in fields.items()
        if value.strip() and not PLACEHOLDER.search(value) and name not in PROGRAMS
    }


def written(entries: polib.POFile) -> bytes:
    """Return *entries* in the one form of all catalogs."""
    for entry in entries:
        entry.occurrences = []
        entry.flags = sorted(set(entry.flags), key=lambda flag: (flag != "fuzzy", flag))
        if not entry.fuzzy:
            entry.previous_msgctxt = entry.previous_msgid = None
            entry.previous_msgid_plural = None
    # polib starts a file that has no comment with "#", and leaves spaces at line ends.
    lines = str(entries).removeprefix("#\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).encode()


def update(path: Path, template: Path, language: str) -> Update:
    """Return what becomes of the catalog *path*, which need not be there.

    Raises UserError, with file and line, when it cannot be read.
    """
    old = read(path) if path.is_file() else polib.POFile()
    new = read(template)
    obsolete = old.obsolete_entries()
    live = [entry for entry in old if not entry.obsolete]
    by_msgid = {entry.msgid: entry for entry in [*obsolete, *live] if has_text(entry)}
    by_key = {key(entry): entry for entry in [*obsolete, *live]}
    # For a message that came back, sphinx-intl leaves the translation obsolete.
    for entry in obsolete:
        if has_text(entry) and not has_text(by_key[key(entry)]):
            by_key[key(entry)] = entry
    former = former_msgids([*obsolete, *live], template)

    result = polib.POFile(wrapwidth=0)
    result.header = old.header or "How to edit it: TRANSLATING.md."
    result.metadata = header(old.metadata, new.metadata, language)
    plurals = re.match(r"nplurals *= *([1-9]);", result.metadata["Plural-Forms"])
    if not plurals:
        raise UserError(
            f"{path}:1: Plural-Forms in its header: write nplurals=1; or more"
        )
    keys = {key(entry) for entry in live}
    done, used = Update(), set()
    for entry in new:
        if entry.msgid_plural:
            entry.msgstr_plural = dict.fromkeys(range(int(plurals[1])), "")
        known = by_key.get(key(entry))
        if not known and key(entry) in former:
            known = by_msgid.get(former[key(entry)])
        if known:
            used.add(id(known))
            done.changed += take_over(entry, known) and not known.obsolete
        if not known or known.obsolete:
            done.new += key(entry) not in keys
        done.fuzzy += entry.fuzzy
        done.missing += not entry.fuzzy and not entry.translated()
        keys.discard(key(entry))
        result.append(entry)
    for entry in [*obsolete, *live]:
        if id(entry) not in used:
            done.gone += not entry.obsolete and key(entry) in keys
            entry.obsolete = True
            if has_text(entry) or entry.tcomment:
                result.append(entry)
    done.content = written(result)
    return done


def report(path: Path, done: Update) -> str:
    """Return a sentence on what will be done to the catalog *path*."""
    counts = {"new": done.new, "changed": done.changed, "gone": done.gone}
    said = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
    if not said and path.is_file() and path.read_bytes() != done.content:
        said = "no message changed; now in the form that all catalogs have here"
    return f"{path.relative_to(ROOT)}: {said or 'as it was'}"


def folder_name(code: str) -> str:
    """Return the name of the folder of the language *code*, in any usual spelling.

    Raises UserError when it is not the code of a language to translate into.
    """
    language = languages.canonical(code)
    if language is None:
        raise UserError(
            f"{code!r} is no code of a language. Examples: fr, pt-br, zh-tw"
        )
    if language == "en":
        raise UserError("the English is in source/, and has no catalogs")
    return language


def what_is_left(language: str) -> str:
    """Return what is left to do for a new language."""
    return f"""locale/{language}/ is new. What is left:
- conf.py: a block "{language}": {{...}} in contact, or nothing is built
- conf.py: the name of the company in company, unless it is the English one
- for a script other than Latin: the fonts of the PDF, in latex_elements in conf.py
- locale/{language}/glossary.csv: its legal terms; a release asks for them
- the translation itself, see TRANSLATING.md; make stats shows how much is done"""


def main() -> None:
    known = read_conf()["languages"]
    wanted = [folder_name(code) for code in sys.argv[1:]]
    updates = {}
    for language in wanted or known[1:]:
        folder = locale_tree.catalog_folder(ROOT, language)
        for template in sorted(TEMPLATES.rglob("*.pot")):
            path = folder / template.relative_to(TEMPLATES).with_suffix(".po")
            # No language has to translate what is said to its translators.
            if path.stem == locale_tree.REMARKS and not path.exists():
                continue
            updates[path] = update(path, template, language)
        for path in sorted(set(folder.rglob("*.po")) - set(updates)):
            print(f"{path.relative_to(ROOT)}: its document is gone: delete it, too")
    for path, done in updates.items():
        print(report(path, done))
        with file_errors(path):
            catalogs.write(path, done.content)
    missing = sum(done.missing for done in updates.values())
    fuzzy = sum(done.fuzzy for done in updates.values())
    if missing or fuzzy:
        print(
            f"Next: {missing} to translate, {fuzzy} marked fuzzy to correct "
            "(TRANSLATING.md says how); then make check"
        )
    for language in set(wanted) - set(known):
        print(what_is_left(language))


if __name__ == "__main__":
    main()
