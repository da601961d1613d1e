"""Catalogs: read from ``locale/``, checked, and only then given to Sphinx.

Sphinx takes any compiled ``.mo`` it finds beside a ``.po``, and passes over a
``.po`` that it cannot read. So it may not find ``locale/``: ``locale_dirs`` in
``conf.py`` is relative, and Sphinx looks beside the sources. This extension, which
looks beside ``conf.py`` as sphinx-intl does, compiles the catalogs of the language into
the folder of the doctrees, and sets ``locale_dirs`` to that.
"""

import gettext
import hashlib
import json
import os
import re
from pathlib import Path

import polib
import sphinx.locale

from policy_site.base import incremental, locale_tree
from policy_site.base.errors import UserError
from policy_site.translation import pseudo, rules, wording

# A line of a PO file, as msgfmt takes it: libraries pass over an unclosed string.
# https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
# Possessive: a line is refused in the time that it takes to read it.
PO_STRING = r'"(?:[^"\\]++|\\(?:[abfnrtv"\\]|[0-7]{1,3}+|x[0-9a-fA-F]{2}))*+"'
PO_LINE = re.compile(
    rf"\s*(|#.*|((msgctxt|msgid|msgid_plural|msgstr(\[\d+\])?)\s+)?{PO_STRING}\s*)"
)
# What other programs make of the previous English, "#| msgid": polib passes over "#~|",
# of an obsolete message; Babel, and so sphinx-intl, writes it back as a comment.
PREVIOUS = re.compile(r'^#(~| )\|(?=.*"$)', re.MULTILINE)

PO_KEYWORD = re.compile(r"\s*(#~)?\s*(msgctxt|msgid_plural|msgid|msgstr)\b")


def read(path):
    """Return the entries of the PO file *path*, as polib's POFile.

    Raises UserError, with file and line, when it is not valid PO.
    """
    try:
        # Windows programs may start a file with a byte order mark.
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise UserError(f"{path}:{line}: this is not UTF-8") from None
    started = None
    for line, content in enumerate(text.split("\n"), start=1):
        if not PO_LINE.fullmatch(content):
            raise UserError(
                f"{path}:{line}: this is not valid PO; look at the quotation marks and "
                "backslashes of this line, and at the word it starts with"
            )
        if keyword := PO_KEYWORD.match(content):
            obsolete, word = keyword.groups()
            if word == "msgid":
                started = obsolete
            elif word != "msgctxt" and obsolete != started:
                raise UserError(
                    f"{path}:{line}: this is not valid PO; write #~ before all lines "
                    "of a message, or before none"
                )
    try:
        entries = polib.pofile(PREVIOUS.sub("#|", text), wrapwidth=0, encoding="utf-8")
    except Exception as error:
        # It raises OSError for what it does not know, and anything for the rest.
        line = re.search(r"line (\d+)", str(error))
        raise UserError(
            f"{path}:{line[1] if line else 1}: this is not valid PO; write each message "
            "as msgid and then msgstr"
        ) from None
    seen = {}
    for entry in entries:
        key = entry.msgctxt, entry.msgid
        if not entry.obsolete and seen.setdefault(key, entry) is not entry:
            raise UserError(
                f"{path}:{entry.linenum}: this message stands twice, "
                f"the first time in line {seen[key].linenum}"
            )
    return entries


def line_of_msgstr(path, entry):
    """Return the number of the line, in the file *path*, of the msgstr of *entry*."""
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    for line in range(entry.linenum, len(lines)):
        if lines[line - 1].lstrip().startswith("msgstr"):
            return line
    return entry.linenum


def write(path, content):
    """Write the bytes *content* to *path* in one step, unless it holds them."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    beside.write_bytes(content)
    beside.replace(path)


def all_paths(app):
    """Return the paths of the catalogs of the language that is built."""
    if app.config.pseudo:
        return sorted(Path(app.config.pseudo).glob("*.pot"))
    return locale_tree.catalogs(Path(app.confdir), app.config.language)


def digest(*values):
    return hashlib.sha256(repr(values).encode()).hexdigest()


def without_layout(text):
    """Return *text* without what Markdown has around and between the lines of a text."""
    return re.sub(r"[\s>|\\]+", "", text)


class Source:
    """Tells which messages the document *path* has: no other is judged or used.

    Whoever writes a catalog could fill it with messages of their own that keep the
    parser busy.
    """

    def __init__(self, path):
        self.text = path.read_text(encoding="utf-8") if path.is_file() else ""
        self.lines = without_layout(self.text)
        self.letters = re.sub(r"[\W_]+", "", self.text)
        # For then its messages are those of other files, too.
        self.is_open = not self.text or "{include}" in self.text

    def may_have(self, msgid):
        if self.is_open or without_layout(msgid) in self.lines:
            return True
        # The words of an image are taken without its marks, a title without quotes.
        plain = not rules.MARKS.search(msgid)
        return plain and re.sub(r"[\W_]+", "", msgid) in self.letters


def compile_catalog(config, path, target, source):
    """Check the catalog *path* and compile it, for Sphinx, into the folder *target*.

    *source* is its document, or None for the strings of the theme.

    Returns its problems; with any, nothing is written. What was right is not judged
    again until it, or what it is judged by, changes. Raises UserError when it cannot be
    read.
    """
    terms = incremental.digest([wording.glossary(path)])
    basis = digest(config.source_digest, config.overrides, terms)
    whole = digest(basis, incremental.digest([path]), source and source.text)
    # Sphinx looks for a .po to find its .mo: here, its lines are digests of what was
    # right. A false one gives nobody more than the doctrees around it, which are code.
    beside = target / f"{path.stem}.po"
    right = set(beside.read_text().split()) if beside.is_file() else set()
    if whole in right:
        return []
    entries = read(path)
    if source:
        entries[:] = [entry for entry in entries if source.may_have(entry.msgid)]
    if config.pseudo:
        messages = {}
        pseudo.translate(entries, config.brands)
    else:
        messages = {
            digest(basis, [getattr(entry, name) for name in rules.INPUTS]): entry
            for entry in entries
            if entry.translated()
        }
        doubtful = [entry for one, entry in messages.items() if one not in right]
        if problems := rules.problems(entries, path, config, doubtful):
            return problems
    if path.stem == "sphinx":
        write(target / "sphinx.js", javascript(entries, config.language))
    write(target / f"{path.stem}.mo", entries.to_binary())
    write(beside, "".join(f"# {one}\n" for one in [whole, *messages]).encode())
    # Sphinx compiles a .po that is newer than its .mo.
    os.utime(beside, (0, 0))
    return []


def compile_catalogs(app, paths, target):
    """Do as ``compile_catalog`` for all *paths*.

    Raises UserError with all problems of all catalogs, or when a file cannot be read or
    written.
    """
    problems = []
    try:
        for path in paths:
            is_document = path.stem != "sphinx" and not app.config.pseudo
            document = Path(app.srcdir, f"{path.stem}.md")
            source = Source(document) if is_document else None
            problems += compile_catalog(app.config, path, target, source)
    except OSError as error:
        raise UserError(f"{error.filename}: {error.strerror}") from None
    if problems:
        raise UserError("these translations cannot be used:\n" + "\n".join(problems))


def compiled_folder(app):
    return locale_tree.catalog_folder(Path(app.doctreedir), app.config.language)


def compile_checked(app, config):
    """Compile the catalogs of the language and point Sphinx at the result.

    Raises UserError when a catalog cannot be read or offends, or when Sphinx would find
    others.
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
    for path in target.glob("*.[pm]o"):
        if path.stem not in names:
            path.unlink()
    if "sphinx" in names:
        # Ours first, then Sphinx's own, which it loaded before any extension.
        try:
            ours = gettext.GNUTranslations((target / "sphinx.mo").open("rb"))
        except ValueError as error:
            raise UserError(f"sphinx.po: Plural-Forms in its header: {error}") from None
        ours.add_fallback(app.translator)
        app.translator = sphinx.locale.translators["general", "sphinx"] = ours
    config.locale_dirs = [str(target.parents[1])]


def javascript(entries, language):
    """Return the catalog as the script that Sphinx's pages load.

    Not as a call of Documentation.addTranslations: it makes a function of a string,
    which a strict Content-Security-Policy forbids.
    """
    messages = {
        entry.msgid: list(entry.msgstr_plural.values()) or entry.msgstr
        for entry in entries
        if entry.translated()
    }
    texts = json.dumps(messages, sort_keys=True)
    plural = re.search(
        r"plural *= *(.+?);? *$", entries.metadata.get("Plural-Forms", "plural=0")
    )[1]
    return (
        f"Object.assign(Documentation.TRANSLATIONS, {texts});\n"
        f"Documentation.PLURAL_EXPR = (n) => Number({plural});\n"
        f"Documentation.LOCALE = {json.dumps(language)};\n"
    ).encode()


def changed(app, env, added, changed, removed):
    """Have the documents read again whose catalog came, changed or went.

    Sphinx compares times, and forgets a catalog that is gone.
    """
    before = getattr(env, "catalog_digests", {})
    env.catalog_digests = now = {
        path.stem: incremental.digest([path])
        for path in compiled_folder(app).glob("*.mo")
    }
    # The strings of the theme stand on every page.
    everywhere = before.get("sphinx") != now.get("sphinx")
    return [
        docname
        for docname in env.found_docs
        if everywhere or before.get(docname) != now.get(docname)
    ]


def setup(app):
    app.setup_extension("policy_site.base.incremental")
    app.setup_extension("policy_site.base.languages")
    app.connect("config-inited", compile_checked)
    app.connect("env-get-outdated", changed)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
