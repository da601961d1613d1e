"""What ``latex/policytags.sty`` has to know and Sphinx does not write.

The words for a picture, and which parts of the text are in another language.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging, texescape

logger = logging.getLogger(__name__)


def check_pictures(app: Sphinx, doctree: nodes.document) -> None:
    """Warn of each picture without words, which stops the build."""
    for image in doctree.findall(nodes.image):
        if not image.get("alt", "").strip():
            # What stands in a paragraph has its line.
            place = image if image.line else image.parent
            logger.warning(
                "The picture %s needs words for those who do not see it, such as "
                "![The entrance](%s)",
                *(image["uri"], image["uri"]),
                location=place,
            )


def latex(text: str) -> nodes.raw:
    return nodes.raw("", text, format="latex")


class WriteForTags(SphinxPostTransform):
    """Write, as LaTeX, the words before each picture and the language around parts."""

    default_priority = 500
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        for image in list(self.document.findall(nodes.image)):
            words = texescape.escape(image["alt"], self.config.latex_engine)
            index = image.parent.index(image)
            image.parent.insert(index, latex(rf"\policyalt{{{words}}}"))
        for part in self.document.findall(nodes.inline):
            for name in part["classes"]:
                # Sphinx takes the title of the document as mere text.
                if name.startswith("language-") and part.parent is not self.title():
                    language = name.removeprefix("language-")
                    part.insert(0, latex(rf"\policylanguage{{{language}}}{{"))
                    part.append(latex("}"))

    def title(self) -> nodes.title | None:
        return next(self.document.findall(nodes.title), None)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-read", check_pictures)
    app.add_post_transform(WriteForTags)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
