"""A build after any change gives what a build from nothing gives.

Sphinx compares times, and reads or writes again only the document that changed. But a
file may come with an older time; the settings, templates and extensions work on every
page; and pages show titles of each other.
"""

import hashlib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from policy_site.base.settings import ROOT

# Every page depends on these. The versions of all packages are in the lock.
EVERYWHERE = [
    *("conf.py", "requirements.txt"),
    *("policy_site", "_templates", "_static", "archive"),
]


def digest(*values: object) -> str:
    """Return a digest of *values*, which are told apart by their repr()."""
    return hashlib.sha256(repr(values).encode()).hexdigest()


@cache
def digest_of_file(path: Path, *_state: int) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def digest_of_files(paths: Iterable[Path]) -> str:
    """Return a digest of the names and contents of those of *paths* that are files."""
    found = []
    for path in sorted(paths):
        if path.is_file() and "__pycache__" not in path.parts:
            # A process reads a file again only when its times, size or inode differ.
            now = path.stat()
            state = now.st_mtime_ns, now.st_ctime_ns, now.st_size, now.st_ino
            found.append((path.name, digest_of_file(path, *state)))
    return digest(*found)


def source_digest() -> str:
    """Return a digest of all files on which every page depends."""
    paths = [ROOT / name for name in EVERYWHERE]
    return digest_of_files(file for path in paths for file in [path, *path.rglob("*")])


def find_changed(
    app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set
) -> list[str]:
    """Have the documents read again whose own files differ, whatever their times."""
    before = getattr(env, "digests", {})
    now = {
        docname: digest_of_files(
            [Path(env.doc2path(docname))]
            + [Path(app.srcdir, name) for name in env.dependencies.get(docname, ())]
        )
        for docname in env.found_docs
    }
    # Sphinx saves it with the environment.
    vars(env)["digests"] = now
    return [name for name in now if before.get(name) != now[name]]


# -- What pages show of each other -----------------------------------------------

# A function, and values by name. Two values count as the same when the function gives
# the same for both.
Values = tuple[Callable[[Any], Any], dict[str, Any]]


def text(value: Any) -> Any:
    return value.pformat() if isinstance(value, nodes.Node) else value


def toctrees(toc: nodes.Element) -> list[str]:
    return [str(node) for node in toc.findall(addnodes.toctree)]


def on_every_page(env: BuildEnvironment) -> list[Values]:
    """Return what each page shows of other documents."""
    images = {path: name for path, (_docnames, name) in env.images.items()}
    values: list[dict] = [env.titles, env.longtitles, env.toctree_includes, images]
    return [(text, dict(one)) for one in values] + [(toctrees, dict(env.tocs))]


def in_references(env: BuildEnvironment) -> list[Values]:
    """Return what references and lists of contents show of other documents."""
    standard = env.domains.standard_domain
    values: list[dict] = [env.tocs, standard.labels, standard.anonlabels]
    return [(text, dict(one)) for one in values]


def same(old: Values, new: Values) -> bool:
    form, before = old
    _form, now = new
    return before.keys() == now.keys() and all(
        # What was not read again is the very same object.
        before[name] is now[name] or form(before[name]) == form(now[name])
        for name in now
    )


def find_references(app: Sphinx, doctree: nodes.document) -> None:
    """Remember which documents may show headings of others."""
    kinds = (addnodes.pending_xref, addnodes.toctree)
    app.env.metadata[app.env.current_document.docname]["refers"] = any(
        not node.get("hidden") for kind in kinds for node in doctree.findall(kind)
    )


class SharedTexts:
    """What pages show of each other, before documents are read and afterwards."""

    def __init__(self) -> None:
        self.everywhere: list[Values] = []
        self.referred: list[Values] = []

    def remember(
        self, app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set
    ) -> list[str]:
        """Keep what there is before documents are read."""
        self.everywhere, self.referred = on_every_page(env), in_references(env)
        return []

    def find_affected(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Have the pages written that show of others what has changed since."""
        if not all(map(same, self.everywhere, on_every_page(env))):
            return list(env.found_docs)
        if not all(map(same, self.referred, in_references(env))):
            return [name for name in env.found_docs if env.metadata[name]["refers"]]
        return []


def write_no_others(app: Sphinx, env: BuildEnvironment) -> None:
    """Have no page written again because its toctree names one that changed.

    ``SharedTexts`` has found those that show something else now. Sphinx has saved the
    environment already, so the next build starts with what is true.
    """
    env.files_to_rebuild.clear()


def remove_unused(app: Sphinx, error: Exception | None) -> None:
    """Remove from the output what a build from nothing would not write."""
    if app.builder.format != "html" or error:
        return
    Path(app.outdir, ".buildinfo.bak").unlink(missing_ok=True)
    used = {name for _docnames, name in app.env.images.values()}
    for path in Path(app.outdir, app.builder.imagedir).glob("*"):
        if path.name not in used:
            path.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    # When its value is another than in the last build, everything is read again.
    app.add_config_value("source_digest", source_digest(), "env", str)
    shared = SharedTexts()
    app.connect("env-get-outdated", find_changed)
    app.connect("env-get-outdated", shared.remember)
    app.connect("doctree-read", find_references)
    app.connect("env-updated", shared.find_affected)
    app.connect("env-check-consistency", write_no_others)
    app.connect("build-finished", remove_unused)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
