"""Furo makes the whole navigation anew for every page.

Upstream: _compute_navigation_tree in furo/__init__.py has Sphinx resolve and render the
toctree of the site, parses that with BeautifulSoup, and remembers all it was given.
Costs: N pages times N entries, in time and in memory; two thirds of 1000 pages.
Instead: it is made once for each folder, as for a page that is not in it, by the same
functions; for a page, the tags that lead to it are marked as Sphinx and Furo mark them.

    from unittest.mock import patch
    import furo.navigation
    soup = furo.navigation.BeautifulSoup
    with patch("furo.navigation.BeautifulSoup", wraps=soup) as parse:
        ...  # build 10 pages
    print(sum(len(call.args[0]) for call in parse.call_args_list), "characters parsed")
"""

import posixpath
import re
from collections import defaultdict
from functools import cache
from typing import Any

import furo
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder

# As BeautifulSoup writes them: < and > are escaped in values.
TAG = re.compile(r"<(a|input|/?ul|/?li)\b[^<>]*>")
HREF = re.compile(r'(?<= href=")[^"#]*')
CLASS = re.compile(r'class="[^"]*?(?=( has-children)?")')


class Tree:
    """The navigation *html* of a page that is not in it, and where its links are."""

    def __init__(self, html: str) -> None:
        self.html = html
        # By URI, for each link to it: its tag, and those of the lists and items around
        # it; that of an item is followed by that of its checkbox.
        self.links = defaultdict(list)
        around: list[list[re.Match[str]]] = []
        for tag in TAG.finditer(html):
            if tag[1] == "a":
                self.links[HREF.findall(tag[0])[0]].append((tag, tuple(around)))
            elif tag[1] == "input":
                around[-1].append(tag)
            elif tag[1].startswith("/"):
                around.pop()
            else:
                around.append([tag])

    def marked(self, uri: str) -> str:
        """Return the HTML for the page at *uri*."""
        new, items = {}, []
        for link, around in self.links.get(uri, []):
            # What is left is "" for the page itself, or the anchor of a section.
            new[link] = HREF.sub("", link[0]).replace('href=""', 'href="#"')
            if 'href="#"' not in new[link]:
                continue
            new[link] = new[link].replace('class="', 'class="current ')
            for tag, *checkbox in around:
                new[tag] = with_current(tag[0])
                for box in checkbox:
                    new[box] = ' checked="" class='.join(box[0].rsplit(" class=", 1))
            items.append(around[-1][0])
        if items:
            last = max(items, key=re.Match.start)
            new[last] = new[last].replace('">', ' current-page">')
        pieces, end = [], 0
        for tag in sorted(new, key=re.Match.start):
            pieces += [self.html[end : tag.start()], new[tag]]
            end = tag.end()
        return "".join([*pieces, self.html[end:]])


def with_current(tag: str) -> str:
    if "class=" not in tag:
        return tag.replace(">", ' class="current">')
    return CLASS.sub(r"\g<0> current", tag, count=1)


def replace(app: Sphinx, builder: Builder) -> None:
    """Let Furo take the navigation from here for this build."""
    if not isinstance(builder, StandaloneHTMLBuilder):
        return

    @cache
    def tree(folder: str) -> tuple[str, Tree]:
        # A name that no page has.
        nowhere = posixpath.join(folder, "\0")
        html = builder._get_local_toctree(
            nowhere, collapse=False, titles_only=True, maxdepth=-1, includehidden=True
        )
        return nowhere, Tree(furo.get_navigation_tree.__wrapped__(html))

    def navigation(context: dict[str, Any]) -> str:
        nowhere, found = tree(posixpath.dirname(context["pagename"]))
        return found.marked(builder.get_relative_uri(nowhere, context["pagename"]))

    furo._compute_navigation_tree = navigation


def setup(app: Sphinx) -> None:
    app.connect("write-started", replace)
