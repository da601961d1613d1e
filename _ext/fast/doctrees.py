"""Doctrees of translated pages hold the whole build environment.

Upstream: Locale in sphinx/transforms/i18n.py parses each msgstr as a document of its
own and moves the nodes over, but these still know that document, its settings, and so
the environment. Builder.write_doctree clears the settings of the page alone.
Costs: the environment grows with each page that is read, and is pickled and unpickled
with each: N² in time and on disk, 2.5 MB a page at 1000 pages.
Instead: the nodes are told that they are in the page's document.

    import pickle, sys  # build a page that is translated, -D language=ja
    doctree = pickle.load(open(sys.argv[1], "rb"))
    print({hasattr(node.document.settings, "env") for node in doctree.findall()})
"""

from sphinx.transforms import SphinxTransform

CHECKED = {"sphinx": ["9.0.4", "9.1.1", "9.2.0"], "docutils": ["0.22.4", "0.23"]}


class Adopt(SphinxTransform):
    # Right after Locale (20).
    default_priority = 21

    def apply(self, **kwargs):
        for node in self.document.findall():
            if node.document is not self.document:
                node.document = self.document


def setup(app):
    app.add_transform(Adopt)
