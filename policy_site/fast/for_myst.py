"""Two costs of MyST-Parser in translations, which Sphinx has it parse one by one.

MyST makes a parser and docutils' default settings for every message: MystParser.parse
calls create_md_parser each time, and DocutilsRenderer.setup_render makes a document
with new default settings even where Sphinx gives it one. That is two thirds of the time
that a translated page takes to be read. Here, the settings are made once and copied,
and a parser is used again for the next text with the same configuration. Upstream,
MystParser would have to keep its parser.

    from timeit import timeit
    from myst_parser.mdit_to_docutils.base import make_document
    print(timeit(make_document, number=1000), "ms a message")

MyST parses texts in which there is nothing to parse. Here, a text of words alone (the
pattern PLAIN; a test compares it with MyST) is made a paragraph at once, which saves a
quarter of what is left. Upstream, MyST would have to do the same.

    from timeit import timeit
    from docutils.core import publish_doctree
    from myst_parser.parsers.docutils_ import Parser
    print(timeit(lambda: publish_doctree("A text", parser=Parser()), number=1000), "ms")
"""

from copy import copy
from functools import cache
from typing import Any

from docutils import nodes
from docutils.frontend import get_default_settings
from markdown_it import MarkdownIt
from myst_parser.mdit_to_docutils import base
from myst_parser.parsers import mdit, sphinx_
from sphinx.application import Sphinx
from sphinx.transforms import i18n

from policy_site.translation.reading import PLAIN

default_settings = cache(get_default_settings)
stock_publish = i18n._publish_msgstr


def copied_settings(*components: Any) -> Any:
    """Return what ``get_default_settings`` returns."""
    return copy(default_settings(*components))


class Parser(sphinx_.MystParser):
    """MystParser, which counts how many texts are being parsed within each other."""

    depth = 0

    def parse(self, inputstring: str, document: nodes.document) -> None:
        Parser.depth += 1
        try:
            super().parse(inputstring, document)
        finally:
            Parser.depth -= 1


parsers: dict[int, MarkdownIt] = {}


def reused_parser(config: Any, renderer: Any) -> MarkdownIt:
    """Return what ``create_md_parser`` returns: a parser for each depth of nesting."""
    parser = parsers.get(Parser.depth)
    if not parser or parser.options["myst_config"] is not config:
        parser = parsers[Parser.depth] = mdit.create_md_parser(config, renderer)
    return parser


def publish(text: str, path: str, *line: Any, **settings: Any) -> nodes.Element:
    """Return what ``_publish_msgstr`` returns: the nodes of the msgstr *text*."""
    if path.endswith(".md") and PLAIN.fullmatch(text):
        return nodes.paragraph("", text)
    return stock_publish(text, path, *line, **settings)


def setup(app: Sphinx) -> None:
    base.get_default_settings = copied_settings
    sphinx_.create_md_parser = reused_parser
    app.add_source_parser(Parser, override=True)
    i18n._publish_msgstr = publish  # type: ignore[assignment]
