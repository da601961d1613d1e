"""A build after any change gives what a build from nothing gives.

Sphinx compares times, and reads or writes again only the document that changed. But a
file may come with an older time, the settings, templates and extensions work on every
page, and so do the titles that pages show of each other.
"""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What every page depends on; the versions of all packages are in the lock.
EVERYWHERE = ["conf.py", "requirements.txt", "_ext", "_templates", "_static"]


def digest(paths):
    """Return a digest of the names and contents of those of *paths* that are files."""
    sha = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file() and "__pycache__" not in path.parts:
            sha.update(f"{path.name}\0".encode() + path.read_bytes())
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


def shared(env):
    """Return all that pages show of other documents."""
    standard = env.domains.standard_domain
    trees = [dict(env.titles), dict(env.longtitles), dict(env.tocs)]
    data = [env.toctree_includes, standard.labels, standard.anonlabels]
    images = {path: name for path, (_docnames, name) in env.images.items()}
    return trees, [dict(values) for values in data] + [images]


def remember_shared(app, env, added, changed, removed):
    app.shared = shared(env)
    return []


def same_trees(old, new):
    return old.keys() == new.keys() and all(
        # What was not read again is the very same.
        old[name] is new[name] or old[name].pformat() == new[name].pformat()
        for name in new
    )


def write_sharing(app, env):
    """Have every page written when something changed that pages show of each other."""
    (old_trees, old_data), (trees, data) = app.shared, shared(env)
    if old_data == data and all(map(same_trees, old_trees, trees)):
        return []
    return list(env.found_docs)


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
    app.add_config_value("everywhere", digest_of_everything(), "env", str)
    app.connect("env-get-outdated", find_changed)
    app.connect("env-get-outdated", remember_shared)
    app.connect("env-updated", write_sharing)
    app.connect("build-finished", remove_unused)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
