"""MyST parses texts in which there is nothing to parse.

Upstream: Locale in sphinx/transforms/i18n.py has each msgstr parsed as a document, with
_publish_msgstr; for MyST that is a document, a reporter, settings, tokens and a tree.
Costs: half a millisecond a message, a quarter of the time that a translated page takes
to be read.
Instead: a text of words alone (guard.PLAIN; tests compare it with MyST) is a paragraph.

    from timeit import timeit
    from docutils.core import publish_doctree
    from myst_parser.parsers.docutils_ import Parser
    print(timeit(lambda: publish_doctree("A text", parser=Parser()), number=1000), "ms")
"""

from docutils import nodes
from sphinx.transforms import i18n

from guard import PLAIN

CHECKED = {
    "sphinx": ["9.0.4", "9.1.1", "9.2.0"],
    "docutils": ["0.22.4", "0.23"],
    "myst-parser": ["5.2.0"],
    "markdown-it-py": ["4.3.0"],
}


def setup(app):
    # As another module here may have left it.
    stock_parse = i18n._publish_msgstr

    def parse(text, path, *line, **settings):
        if path.endswith(".md") and PLAIN.fullmatch(text):
            return nodes.paragraph("", text)
        return stock_parse(text, path, *line, **settings)

    i18n._publish_msgstr = parse
