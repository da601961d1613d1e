"""Sphinx makes docutils' parser of command lines for every page.

Upstream: _parse_str_to_doctree in sphinx/util/docutils.py gets the default settings of a
page from OptionParser, which builds some 70 options and looks for docutils.conf.
Costs: a millisecond a page.
Instead: the last one is asked again if it was made for the same.

    from timeit import timeit
    from docutils.frontend import get_default_settings
    from docutils.parsers.rst import Parser
    print(timeit(lambda: get_default_settings(Parser), number=1000), "ms a page")
"""

import warnings

from docutils.frontend import OptionParser
from sphinx.util import docutils

CHECKED = {"sphinx": ["9.0.4", "9.1.1", "9.2.0"], "docutils": ["0.22.4", "0.23"]}


class Last:
    """The last parser, and what it was made for."""

    key = parser = None


def settings(*components, defaults, read_config_files=False):
    # What a component brings is its class's.
    classes = [one if isinstance(one, type) else type(one) for one in components]
    key = classes, dict(defaults), read_config_files
    # As in Sphinx: docutils will have another parser one day.
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        if Last.key != key:
            Last.parser = OptionParser(components, defaults, read_config_files)
            Last.key = key
        return Last.parser.get_default_values()


def setup(app):
    docutils._get_settings = settings
