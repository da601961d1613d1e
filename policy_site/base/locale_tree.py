"""What may stand in ``locale/``, known before anything in it is opened.

    locale/ja/glossary.csv
    locale/ja/LC_MESSAGES/privacy-policy.po    for source/privacy-policy.md
    locale/ja/LC_MESSAGES/sphinx.po            for the words around the documents
    locale/ja/LC_MESSAGES/remarks.po           for what is said to translators

Anybody may propose a change to this folder, and the change is built. So whatever has
another name or kind, such as a symbolic link or a pipe, is refused by its path. Left
alone are ``.mo`` files, hidden files and the copies that editors make (``x.po~``):
nothing here reads them.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from policy_site.base.errors import UserError, visible
from policy_site.base.languages import canonical

# The folder of the catalogs of a language, as gettext wants it.
MESSAGES = "LC_MESSAGES"
# The catalog of what is said to translators, of which nothing is on a page.
REMARKS = "remarks"
# A hundred times the size of our largest catalog.
LARGEST = 2_000_000
# As many faults as a person reads.
SHOWN = 20

KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFREG: "a file",
}


def find_languages(root: Path) -> list[str]:
    """Return English and the languages that have a folder in ``locale/`` of *root*.

    This is for ``conf.py``, where Sphinx answers any exception with a report for its
    developers. What else is in ``locale/``, `check` refuses before it is opened.
    """
    folder = root / "locale"
    if not os.path.lexists(folder) or any(wrong_kind(folder, stat.S_IFDIR)):
        return ["en"]
    names = [path.name for path in inside(folder)]
    return ["en", *(name for name in names if canonical(name) == name != "en")]


def check(root: Path) -> None:
    """Check what stands in ``locale/`` of the repository *root*.

    Raises UserError with the path of each thing that may not be there, and what to do.
    """
    folder = root / "locale"
    if not os.path.lexists(folder):
        return
    faults = [*wrong_kind(folder, stat.S_IFDIR)]
    documents = {path.stem for path in (root / "source").glob("*.md")}
    for path in [] if faults else inside(folder):
        faults += faults_of_language(path, documents)
    if faults:
        more = [f"and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
        lines = [visible(fault).replace("\n", r"\n") for fault in faults[:SHOWN]]
        raise UserError("\n".join([*lines, *more]))


def catalog_folder(root: Path, language: str) -> Path:
    """Return the folder of the catalogs of *language* in the repository *root*."""
    return root / "locale" / language / MESSAGES


def catalogs(root: Path, language: str) -> list[Path]:
    """Return the paths of the catalogs of *language*, for its pages, in *root*."""
    messages = catalog_folder(root, language)
    paths = inside(messages) if messages.is_dir() else []
    return [path for path in paths if path.suffix == ".po" and path.stem != REMARKS]


def inside(folder: Path) -> list[Path]:
    """Return the sorted paths in *folder*, without those that nothing here reads."""
    return sorted(
        path
        for path in folder.iterdir()
        if not path.name.startswith(".") and not path.name.endswith(("~", ".mo"))
    )


def wrong_kind(path: Path, wanted: int) -> Iterator[str]:
    """Yield what is wrong when *path* is not of the kind *wanted*, or too large."""
    found = path.lstat()
    kind = stat.S_IFMT(found.st_mode)
    if kind != wanted:
        yield (
            f"{path}: this is {KINDS.get(kind, 'no file that one can read')}; "
            f"put {KINDS[wanted]} of your own in its place, or delete it"
        )
    elif wanted == stat.S_IFREG and found.st_size > LARGEST:
        yield (
            f"{path}: it has {found.st_size} bytes; "
            f"make it smaller than {LARGEST}, or delete it"
        )


def faults_of_language(path: Path, documents: set[str]) -> Iterator[str]:
    """Yield what is wrong with *path* in ``locale/``, which should be a language's."""
    name = canonical(path.name)
    if name == "en":
        yield f"{path}: the English is that of source/ alone; delete this"
    elif name is None:
        yield (
            f"{path}: this is not the code of a language; "
            "name the folder like ja, pt_BR or zh_TW, or delete it"
        )
    elif name != path.name:
        yield f"{path}: name this folder {name}, as Sphinx and gettext do"
    elif faults := [*wrong_kind(path, stat.S_IFDIR)]:
        yield from faults
    else:
        for child in inside(path):
            if child.name == MESSAGES:
                faults = [*wrong_kind(child, stat.S_IFDIR)]
                yield from faults
                for catalog in [] if faults else inside(child):
                    yield from faults_of_catalog(catalog, documents)
            elif child.name == "glossary.csv":
                yield from wrong_kind(child, stat.S_IFREG)
            else:
                yield (
                    f"{child}: nothing reads this; here are only {MESSAGES}/ and "
                    "glossary.csv: correct its name, or delete it"
                )


def faults_of_catalog(path: Path, documents: set[str]) -> Iterator[str]:
    """Yield what is wrong with *path* in a folder of catalogs."""
    if path.suffix != ".po":
        yield (
            f"{path}: nothing reads this; here are only catalogs, no folders: "
            "correct its name, or delete it"
        )
    elif path.stem not in documents | {"sphinx", REMARKS}:
        yield (
            f"{path}: there is no source/{path.stem}.md; "
            "correct the name; if its document is gone, delete the catalog, too"
        )
    else:
        yield from wrong_kind(path, stat.S_IFREG)
