"""Footnotes keep their numbers, and links their places, where a translation moved them.

Sphinx takes the notes of a translated heading for those of no page, and they lose
their numbers: Locale, in sphinx/transforms/i18n.py, connects the names of a heading and
then forgets its notes.
"""

from collections import defaultdict
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform, i18n

from policy_site.base import order


class ConnectFootnotes(SphinxTransform):
    """Tell docutils the notes that the page refers to, in the order of the English."""

    default_priority = order.FOOTNOTES

    def apply(self, **kwargs: Any) -> None:
        document = self.document
        labels = list(dict.fromkeys(ref["refname"] for ref in all_known(document)))
        shown = list(document.findall(nodes.footnote_reference))
        gone = defaultdict(list)
        for known in all_known(document):
            if known not in shown:
                gone[known["refname"]].append(known)
        references = defaultdict(list)
        for reference in shown:
            label = reference["refname"]
            if reference not in document.footnote_refs[label]:
                reference["ids"] = gone[label].pop(0)["ids"]
            references[label].append(reference)
        document.footnote_refs = dict(references)
        document.autofootnote_refs = [
            reference
            for label in labels
            for reference in references[label]
            if reference.get("auto")
        ]


def all_known(document: nodes.document) -> list[nodes.footnote_reference]:
    """Return the references that docutils knows, those of the English text."""
    return [ref for refs in document.footnote_refs.values() for ref in refs]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_transform(ConnectFootnotes)
    # Of two links to places of one policy, Sphinx has both lead to the second.
    i18n.EXCLUDED_PENDING_XREF_ATTRIBUTES = ("refexplicit", "reftargetid")  # type: ignore[assignment]
    return {"parallel_read_safe": True, "parallel_write_safe": True}
