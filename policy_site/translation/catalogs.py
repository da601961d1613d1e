"""Catalogs: read from ``locale/``, checked, and only then given to Sphinx.

Sphinx takes any compiled ``.mo`` that it finds beside a ``.po``, and passes over a
``.po`` that it cannot read. So it must not read ``locale/`` itself: ``locale_dirs`` in
``conf.py`` is relative to the sources, where there is no such folder. This extension
checks the catalogs of the language in ``locale/`` beside ``conf.py``, compiles them
into the folder of the doctrees, and sets ``locale_dirs`` to that.
"""

import gettext
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import sphinx.locale
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from policy_site.base import locale_tree
from policy_site.base.errors import UserError, file_errors, line_of
from policy_site.base.incremental import digest, digest_of_files
from policy_site.translation import glossary, pseudo, rules
from policy_site.translation.remarks import noted, say

# A line of a PO file, as msgfmt takes it; polib would pass over an unclosed string.
# https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
# The possessive quantifiers keep a long line that does not match from taking forever.
PO_STRING = r'"(?:[^"\\]++|\\(?:[abfnrtv"\\]|[0-7]{1,3}+|x[0-9a-fA-F]{2}))*+"'
PO_LINE = re.compile(
    rf"\s*(|#.*|((msgctxt|msgid|msgid_plural|msgstr(\[\d+\])?)\s+)?{PO_STRING}\s*)"
)
# The previous English, "#| msgid", in forms that polib does not take for it: "#~|" of
# an obsolete message, and "# |", which Babel, and so sphinx-intl, makes of it.
PREVIOUS = re.compile(r'^#(~| )\|(?=.*"$)', re.MULTILINE)

PO_KEYWORD = re.compile(r"\s*(#~)?\s*(msgctxt|msgid_plural|msgid|msgstr)\b")


def read(path: Path) -> polib.POFile:
    """Return the entries of the PO file *path*.

    Raises UserError, with file and line, when it is not valid PO.
    """
    try:
        # Programs on Windows may start a file with a byte order mark.
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        fault = say("this is not UTF-8", path)
        raise UserError(f"{path}:{line_of(error)}: {fault}") from None
    # What the msgid of the message has before it: #~ if it is obsolete, else None.
    started = None
    for line, content in enumerate(text.split("\n"), start=1):
        if not PO_LINE.fullmatch(content):
            fault = say(
                "this is not valid PO; look at the quotation marks, line breaks and "
                "backslashes of this line, and at the word it starts with",
                path,
            )
            raise UserError(f"{path}:{line}: {fault}")
        if keyword := PO_KEYWORD.match(content):
            obsolete, word = keyword.groups()
            if word == "msgid":
                started = obsolete
            elif word != "msgctxt" and obsolete != started:
                fault = say(
                    "this is not valid PO; write #~ before all lines of a message, "
                    "or before none",
                    path,
                )
                raise UserError(f"{path}:{line}: {fault}")
    try:
        entries = polib.pofile(PREVIOUS.sub("#|", text), wrapwidth=0, encoding="utf-8")
    except Exception as error:
        # polib raises exceptions of many kinds; some of them name the line.
        named = re.search(r"line (\d+)", str(error))
        fault = say(
            "this is not valid PO; write each message as msgid and then msgstr", path
        )
        raise UserError(f"{path}:{named[1] if named else 1}: {fault}") from None
    seen: dict[tuple[str | None, str], polib.POEntry] = {}
    for entry in entries:
        key = entry.msgctxt, entry.msgid
        if not entry.obsolete and seen.setdefault(key, entry) is not entry:
            fault = say(
                "this message stands twice, the first time in line %(line)s",
                path,
                line=seen[key].linenum,
            )
            raise UserError(f"{path}:{entry.linenum}: {fault}")
    return entries


def line_of_msgstr(path: Path, entry: polib.POEntry) -> int:
    """Return the number of the line, in the file *path*, of the msgstr of *entry*."""
    return rules.line_of_msgstr(path.read_text("utf-8-sig").splitlines(), entry)


# A line of a translator's comment in which a reviewer has written something.
REVIEW = re.compile(r"\s*review:\s*(.*)")


def open_comments(entry: polib.POEntry) -> list[str]:
    """Return what reviewers wrote about *entry* and nobody has dealt with."""
    found = map(REVIEW.fullmatch, entry.tcomment.split("\n"))
    return [match[1] for match in found if match]


# What is said of a message, by its state.
STATES = {
    "missing": noted("missing: %(msgid)s; translate it"),
    "fuzzy": noted(
        'fuzzy: %(msgid)s; correct the translation, then take out the mark "fuzzy"'
    ),
    "absent": noted(
        "not in the catalog: %(msgid)s; if its msgid was changed, put it back, "
        "else make update-po"
    ),
}


def describe(path: Path, line: int, state: str, msgid: str) -> str:
    """Return a sentence on a message that is not done, and what to do."""
    return f"{path}:{line}: {say(STATES[state], path, msgid=msgid[:60])}"


def open_in_catalog(path: Path) -> Iterator[str]:
    """Yield a sentence for each comment of reviewers that is open in *path*."""
    # To look for the word is faster than to read the messages.
    if b"review:" not in path.read_bytes():
        return
    for entry in read(path):
        for comment in [] if entry.obsolete else open_comments(entry):
            line = line_of_msgstr(path, entry)
            fault = say(
                'review: %(comment)s; delete "# review: …" when done',
                path,
                comment=comment,
            )
            yield f"{path}:{line}: {fault}"


def undone_in_catalog(path: Path) -> Iterator[str]:
    """Yield a sentence for each message of *path* that is not done.

    This is for catalogs with which nothing can be built, so that there is no doctree.
    None of one that cannot be read.
    """
    try:
        entries = read(path)
    except UserError:
        return
    for entry in entries:
        if not entry.obsolete and not entry.translated():
            line = line_of_msgstr(path, entry)
            state = "fuzzy" if entry.fuzzy else "missing"
            yield describe(path, line, state, entry.msgid)
    yield from open_in_catalog(path)


def write(path: Path, content: bytes) -> None:
    """Write *content* to *path* in one step, unless the file has this content."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # Hidden, as whatever else stands among catalogs stops a build.
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def all_paths(app: Sphinx) -> list[Path]:
    """Return the paths of the catalogs of the language that is built."""
    if app.config.pseudo:
        return sorted(Path(app.config.pseudo).glob("*.pot"))
    return locale_tree.catalogs(Path(app.confdir), app.config.language)


def without_layout(text: str) -> str:
    """Return *text* without spaces, and the > and | that Markdown has among them."""
    return re.sub(r"[\s>|\\]+", "", text)


class Source:
    """Tells which messages the document *path* may have. No others are judged or used.

    Otherwise a catalog with many made-up messages could keep the parser busy for hours.
    """

    def __init__(self, path: Path) -> None:
        self.text = path.read_text(encoding="utf-8") if path.is_file() else ""
        self.lines = without_layout(self.text)
        self.letters = re.sub(r"[\W_]+", "", self.text)
        # A document that includes others has their messages, too.
        self.is_open = not self.text or "{include}" in self.text

    def may_have(self, msgid: str) -> bool:
        """Return whether the document may have the message *msgid*."""
        if self.is_open or without_layout(msgid) in self.lines:
            return True
        # Without marks: MyST takes them out of the words of an image, and YAML takes
        # the quotes off a title.
        is_plain = not rules.MARKS.search(msgid)
        return is_plain and re.sub(r"[\W_]+", "", msgid) in self.letters


def compile_catalog(
    config: Config, path: Path, target: Path, source: Source | None, right: list[str]
) -> tuple[list[str], list[str]]:
    """Check the catalog *path* and compile it, for Sphinx, into the folder *target*.

    *source* is its document, or None for the strings of the theme. *right* are digests
    of what was judged right: of the whole catalog, and of each message. It is judged
    again when it, or what it is judged by, has changed.

    Returns the problems of the catalog, and such digests of what is right now. If there
    are problems, nothing is written. Raises UserError when the catalog cannot be read.
    """
    terms = digest_of_files([glossary.path_for(path)])
    basis = digest(config.source_digest, config.overrides, terms)
    whole = digest(basis, digest_of_files([path]), source and source.text)
    if whole in right:
        return [], right
    entries = read(path)
    if source:
        entries[:] = [entry for entry in entries if source.may_have(entry.msgid)]
    messages: dict[str, polib.POEntry] = {}
    if config.pseudo:
        pseudo.translate(entries, config.brands)
    else:
        messages = {
            digest(basis, [getattr(entry, name) for name in rules.INPUTS]): entry
            for entry in entries
            if entry.translated()
        }
        known = set(right)
        doubtful = [entry for one, entry in messages.items() if one not in known]
        if problems := rules.problems(entries, path, config, doubtful):
            return problems, []
    if path.stem == "sphinx":
        write(target / "sphinx.js", javascript(entries, config.language))
    write(target / f"{path.stem}.mo", entries.to_binary())
    return [], [whole, *messages]


def compile_catalogs(app: Sphinx, paths: list[Path], target: Path) -> None:
    """Check and compile every catalog in *paths* into the folder *target*.

    Raises UserError with all problems of all catalogs, or when a file cannot be read or
    written.
    """
    # By catalog, what was judged right. The file can be trusted: whoever can forge it
    # can change the doctrees beside it, too.
    judged = target / "judged.json"
    before = json.loads(judged.read_bytes()) if judged.is_file() else {}
    now: dict[str, list[str]] = {}
    problems: list[str] = []
    with file_errors(target):
        for path in paths:
            is_document = path.stem != "sphinx" and not app.config.pseudo
            document = Path(app.srcdir, f"{path.stem}.md")
            source = Source(document) if is_document else None
            right = before.get(path.stem, [])
            try:
                found, now[path.stem] = compile_catalog(
                    app.config, path, target, source, right
                )
                problems += found
            except UserError as error:
                problems.append(str(error).removeprefix("error: "))
        write(judged, json.dumps(now).encode())
    if problems:
        fault = say("these translations cannot be used:", paths[0])
        # What is left to do, too, so that one round mends it all.
        for path in paths:
            problems += undone_in_catalog(path)
        # What is wrong with the glossary is wrong for each of them.
        raise UserError("\n".join([fault, *dict.fromkeys(problems)]))


def compiled_folder(app: Sphinx) -> Path:
    """Return the folder where Sphinx finds the compiled catalogs."""
    return locale_tree.catalog_folder(Path(app.doctreedir), app.config.language)


def compile_checked(app: Sphinx, config: Config) -> None:
    """Compile the catalogs of the language and point Sphinx at the result.

    Raises UserError when a catalog cannot be read or has problems, or when Sphinx would
    find others.
    """
    if "locale_dirs" in config.overrides or config.locale_dirs != ["locale"]:
        raise UserError(
            'locale_dirs can only be ["locale"], in conf.py: '
            "catalogs are checked before use"
        )
    beside_sources = Path(app.srcdir, "locale")
    if beside_sources.exists():
        raise UserError(f"{beside_sources} cannot be there: Sphinx uses it unchecked")
    target = compiled_folder(app)
    paths = all_paths(app)
    compile_catalogs(app, paths, target)
    names = {path.stem for path in paths}
    for path in target.glob("*.mo"):
        if path.stem not in names:
            path.unlink()
    if "sphinx" in names:
        # A string is looked up in ours first, then in Sphinx's own, which were loaded
        # before any extension.
        try:
            ours = gettext.GNUTranslations((target / "sphinx.mo").open("rb"))
        except ValueError as error:
            raise UserError(f"sphinx.po: Plural-Forms in its header: {error}") from None
        ours.add_fallback(app.translator)
        app.translator = sphinx.locale.translators["general", "sphinx"] = ours
    config.locale_dirs = [str(target.parents[1])]


def javascript(entries: polib.POFile, language: str) -> bytes:
    """Return the catalog as the script that Sphinx's pages load.

    It does not call Documentation.addTranslations as Sphinx's own does: that makes a
    function of a string, which a strict Content-Security-Policy forbids.
    """
    messages = {
        entry.msgid: list(entry.msgstr_plural.values()) or entry.msgstr
        for entry in entries
        if entry.translated()
    }
    texts = json.dumps(messages, sort_keys=True)
    forms = entries.metadata.get("Plural-Forms", "")
    match = re.search(r"plural *= *(.+?);? *$", forms)
    plural = match[1] if match else "0"
    return (
        f"Object.assign(Documentation.TRANSLATIONS, {texts});\n"
        f"Documentation.PLURAL_EXPR = (n) => Number({plural});\n"
        f"Documentation.LOCALE = {json.dumps(language)};\n"
    ).encode()


def find_changed(
    app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set
) -> list[str]:
    """Have the documents read again whose catalog is new, has changed or is gone.

    Sphinx itself compares times, and does not notice that a catalog is gone.
    """
    before = getattr(env, "catalog_digests", {})
    now = {
        path.stem: digest_of_files([path]) for path in compiled_folder(app).glob("*.mo")
    }
    # Sphinx saves it with the environment.
    vars(env)["catalog_digests"] = now
    # The strings of the theme stand on every page.
    everywhere = before.get("sphinx") != now.get("sphinx")
    return [
        docname
        for docname in env.found_docs
        if everywhere or before.get(docname) != now.get(docname)
    ]


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.base.incremental")
    app.setup_extension("policy_site.base.languages")
    app.connect("config-inited", compile_checked)
    app.connect("env-get-outdated", find_changed)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
