"""Clauses: numbered lists inside each other are numbered 1., (a), (i), (A), (I).

In every language, page and PDF, so that "Section 2(b)(ii)" points at one item. Markdown
has one kind of numbered list; its depth tells the kind of the numbers.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

# For each depth of nesting: the kind of number, and what stands before and after it.
# https://docutils.sourceforge.io/docs/ref/doctree.html#enumerated-list
LEVELS = [
    ("arabic", "", "."),
    ("loweralpha", "(", ")"),
    ("lowerroman", "(", ")"),
    ("upperalpha", "(", ")"),
    ("upperroman", "(", ")"),
]


class NumberClauses(SphinxTransform):
    """Give each numbered list the kind of numbers of its depth."""

    default_priority = 500

    def apply(self, **kwargs: Any) -> None:
        for items in self.document.findall(nodes.enumerated_list):
            depth, node = 0, items.parent
            while node:
                depth += isinstance(node, nodes.enumerated_list)
                node = node.parent
            kind, prefix, suffix = LEVELS[depth % len(LEVELS)]
            items["enumtype"], items["prefix"], items["suffix"] = kind, prefix, suffix


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_transform(NumberClauses)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
