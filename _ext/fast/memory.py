"""Sphinx keeps the doctrees of all pages in memory until it has written them.

Upstream: Builder.write_doctree puts each doctree into env._write_doc_doctree_cache, and
env.get_doctree each pickle into env._pickled_doctree_cache.
Costs: a third of a megabyte a page, 350 MB at 1000 pages.
Instead: when they hold more than a few, they are emptied; what is missing is read from
disk, as in a build that follows another. A small site loses nothing.

    from resource import RUSAGE_SELF, getrusage
    ...  # build 1000 pages
    print(getrusage(RUSAGE_SELF).ru_maxrss / 1024, "MB")
"""

CHECKED = {"sphinx": ["9.0.4", "9.1.1", "9.2.0"]}

KEPT = 100


def forget(app, *event):
    for cache in (app.env._write_doc_doctree_cache, app.env._pickled_doctree_cache):
        if len(cache) > KEPT:
            cache.clear()


def setup(app):
    app.connect("source-read", forget)
    app.connect("html-page-context", forget)
