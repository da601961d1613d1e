"""A build after any change gives what a build from nothing gives.

Sphinx compares times, and reads or writes again only the document that changed. But a
file may come with an older time, the settings, templates and extensions work on every
page, and so do the titles that pages show of each other.
"""

import hashlib
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

ROOT = Path(__file__).resolve().parents[2]

# What every page depends on; the versions of all packages are in the lock.
EVERYWHERE = ["conf.py", "requirements.txt", "policy_site", "_templates", "_static"]


@cache
def digest_of_file(path, *_state):
    return hashlib.sha256(path.read_bytes()).digest()


def digest(paths):
    """Return a digest of the names and contents of those of *paths* that are files."""
    sha = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file() and "__pycache__" not in path.parts:
            # A preview builds twice in a process: what is as it was is read once.
            now = path.stat()
            state = now.st_mtime_ns, now.st_ctime_ns, now.st_size, now.st_ino
            sha.update(f"{path.name}\0".encode() + digest_of_file(path, *state))
    return sha.hexdigest()


def digest_of_everything():
    paths = [ROOT / name for name in EVERYWHERE]
    return digest(file for path in paths for file in [path, *path.rglob("*")])


def find_changed(app, env, added, changed, removed):
    """Have the documents read again whose own files differ, whatever their times."""
    before = getattr(env, "digests", {})
    env.digests = {
        docname: digest(
            [Path(env.doc2path(docname))]
            + [Path(app.srcdir, name) for name in env.dependencies.get(docname, ())]
        )
        for docname in env.found_docs
    }
    return [name for name, now in env.digests.items() if before.get(name) != now]


def text(value):
    return value.pformat() if isinstance(value, nodes.Node) else value


def toctrees(toc):
    return [str(node) for node in toc.findall(addnodes.toctree)]


def shared(env):
    """Return what every page shows of other documents, and what references show.

    Each is a list of values by their names, with what is compared of a value.
    """
    standard = env.domains.standard_domain
    images = {path: name for path, (_docnames, name) in env.images.items()}
    everywhere = [env.titles, env.longtitles, env.toctree_includes, images]
    referred = [env.tocs, standard.labels, standard.anonlabels]
    return (
        [(text, dict(values)) for values in everywhere] + [(toctrees, dict(env.tocs))],
        [(text, dict(values)) for values in referred],
    )


def find_references(app, doctree):
    """Remember which documents may show headings of others."""
    kinds = (addnodes.pending_xref, addnodes.toctree)
    app.env.metadata[app.env.docname]["refers"] = any(
        not node.get("hidden") for kind in kinds for node in doctree.findall(kind)
    )


def remember_shared(app, env, added, changed, removed):
    app.shared = shared(env)
    return []


def same(old, new):
    form, before = old
    _form, now = new
    return before.keys() == now.keys() and all(
        # What was not read again is the very same.
        before[name] is now[name] or form(before[name]) == form(now[name])
        for name in now
    )


def write_sharing(app, env):
    """Have the pages written that show of others what changed."""
    everywhere, referred = (
        all(map(same, *values)) for values in zip(app.shared, shared(env), strict=True)
    )
    app.shares_the_same = everywhere
    if not everywhere:
        return list(env.found_docs)
    if not referred:
        return [name for name in env.found_docs if env.metadata[name]["refers"]]
    return []


def write_no_others(app, env):
    """Have no page written again because its toctree names one that changed."""
    app.files_to_rebuild = dict(env.files_to_rebuild)
    env.files_to_rebuild.clear()


def restore_others(app, error):
    # A preview builds twice: the next build wants to know which toctree names a page.
    app.env.files_to_rebuild.update(getattr(app, "files_to_rebuild", {}))


def remove_unused(app, error):
    """Remove from the output what a build from nothing would not write."""
    if app.builder.format != "html" or error:
        return
    Path(app.outdir, ".buildinfo.bak").unlink(missing_ok=True)
    used = {name for _docnames, name in app.env.images.values()}
    for path in Path(app.outdir, app.builder.imagedir).glob("*"):
        if path.name not in used:
            path.unlink()


def setup(app):
    # A setting whose value differs from that of the last build ("env").
    app.add_config_value("source_digest", digest_of_everything(), "env", str)
    app.connect("env-get-outdated", find_changed)
    app.connect("env-get-outdated", remember_shared)
    app.connect("doctree-read", find_references)
    app.connect("env-updated", write_sharing)
    # After the environment is saved, before pages are written.
    app.connect("env-check-consistency", write_no_others)
    app.connect("build-finished", restore_others)
    app.connect("build-finished", remove_unused)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
