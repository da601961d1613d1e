"""What is asked of translators: every text that readers see or hear, and each once.

Sphinx passes over a text that does not say from which file it is, such as a table cell
in a directive. It asks for the words of an image twice, by themselves and in the
paragraph around the image, and takes the second answer alone.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from policy_site.base import order


class SayWhereFrom(SphinxTransform):
    """Give each text without one the file and the line of what is around it."""

    default_priority = order.EXTRACTION

    def apply(self, **kwargs: Any) -> None:
        for node in self.document.findall(nodes.TextElement):
            if node.rawsource and not node.source:
                around = node.parent
                while around.parent and not around.line:
                    around = around.parent
                node.source, node.line = self.document["source"], around.line


class AskForWordsOnce(SphinxTransform):
    """Leave the words of an image to the paragraph that it stands in.

    Those of an image that stands by itself are kept, to tell whether they were
    translated, as its attribute ``words``.
    """

    default_priority = order.EXTRACTION

    def apply(self, **kwargs: Any) -> None:
        for image in self.document.findall(nodes.image):
            if not isinstance(image.parent, nodes.TextElement):
                image["words"] = image.get("alt", "")
            elif self.app.builder.name == "gettext":
                image.attributes.pop("alt", None)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_transform(SayWhereFrom)
    app.add_transform(AskForWordsOnce)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
