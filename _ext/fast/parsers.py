"""MyST makes a parser, and docutils' default settings, for every translated message.

Upstream: MystParser.parse calls create_md_parser each time, 90 times for a page of 90
messages. DocutilsRenderer.setup_render makes a document with new default settings for
options.get("document", make_document()), even though Sphinx gives it a document.
Costs: 70 option objects and 35 rules of Markdown, two thirds of reading a translation.
Instead: the settings are made once and copied; a parser is used again for the next text
with the same configuration, unless one text is parsed within another.

    from timeit import timeit
    from myst_parser.mdit_to_docutils.base import make_document
    print(timeit(make_document, number=1000), "ms a message")
"""

from copy import copy
from functools import cache

from docutils.frontend import get_default_settings
from myst_parser.mdit_to_docutils import base
from myst_parser.parsers import mdit, sphinx_

CHECKED = {"myst-parser": ["5.2.0"], "docutils": ["0.22.4", "0.23"]}

default_settings = cache(get_default_settings)


def copied_settings(*components):
    return copy(default_settings(*components))


class Parser(sphinx_.MystParser):
    """MystParser, which says how deep in other texts the one is that it parses."""

    depth = 0

    def parse(self, inputstring, document):
        Parser.depth += 1
        try:
            super().parse(inputstring, document)
        finally:
            Parser.depth -= 1


parsers = {}


def reused_parser(config, renderer):
    """Return the last parser of this depth, if it has the same *config*."""
    parser = parsers.get(Parser.depth)
    if not parser or parser.options["myst_config"] is not config:
        parser = parsers[Parser.depth] = mdit.create_md_parser(config, renderer)
    return parser


def setup(app):
    base.get_default_settings = copied_settings
    sphinx_.create_md_parser = reused_parser
    app.add_source_parser(Parser, override=True)
