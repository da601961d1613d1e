"""Placeholders: ``{{ name }}`` in a text becomes a value, in every language.

A placeholder is text to MyST and to gettext: the message in a catalog holds the
placeholder and never its value. It is replaced in the doctree, after the
translation, by nodes; what a value contains is never parsed, and what a
translator writes is never executed (MyST's own substitutions render it with
Jinja2).

A room that has values connects to the event ``placeholder``. Its handler gets the
application, the name of a placeholder and the name of the document, and returns a list
of nodes, or None for a name that it does not know; the first list is taken.
"""

import re
from collections.abc import Callable
from itertools import zip_longest
from typing import Any

from docutils import nodes
from docutils.utils import get_source_line
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from policy_site.base import order

logger = logging.getLogger(__name__)

# A function that takes the name of a placeholder and the text node that has it, and
# returns the nodes to put there, or None when there is no value.
Resolve = Callable[[str, nodes.Text], list[nodes.Node] | None]

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def substitute(tree: nodes.Node, resolve: Resolve) -> None:
    """Replace, in place, every placeholder in the texts of *tree*.

    A placeholder for which *resolve* has no value is left as it stands. So is all that
    is in a node with the attribute ``placeholders="later"``: whoever set it substitutes
    there.
    """
    if not isinstance(tree, nodes.Text):
        for child in list(tree.children):
            if getattr(child, "attributes", {}).get("placeholders") != "later":
                substitute(child, resolve)
        return
    parts = PLACEHOLDER.split(tree)
    if len(parts) == 1:
        return
    new: list[nodes.Node] = []
    for text, name in zip_longest(parts[::2], parts[1::2]):
        if text:
            new.append(nodes.Text(text))
        if name is not None:
            values = resolve(name, tree)
            if values is None:
                values = [nodes.Text(f"{{{{ {name} }}}}")]
            new += [marked(node, name) for node in values]
    tree.parent.replace(tree, new)


def marked(node: nodes.Node, name: str) -> nodes.Node:
    """Return a copy of *node* that says of which placeholder it is the value."""
    copy = node.deepcopy()
    if isinstance(copy, nodes.Element):
        copy["value"] = name
    return copy


class Placeholders(SphinxTransform):
    """Substitute the placeholders of a document and report unknown ones."""

    default_priority = order.PLACEHOLDERS

    def apply(self, **kwargs: Any) -> None:
        # The catalog template holds the placeholders themselves.
        if self.app.builder.name == "gettext":
            return
        substitute(self.document, self.resolve)

    def resolve(self, name: str, text: nodes.Text) -> list[nodes.Node] | None:
        docname = self.env.current_document.docname
        values = self.env.events.emit_firstresult("placeholder", name, docname)
        if values is None:
            logger.warning(
                "unknown placeholder {{ %s }}: correct it, or give conf.py a value",
                name,
                location=(docname, get_source_line(text)[1]),
                type="placeholder",
            )
        return values


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_event("placeholder")
    app.add_transform(Placeholders)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
