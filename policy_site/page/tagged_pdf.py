"""What ``latex/policytags.sty`` has to know and Sphinx does not write.

The words for a picture, and which parts of the text are in another language.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import texescape

from policy_site.page.pdf import raw_latex


class WriteForTags(SphinxPostTransform):
    """Write, as LaTeX, the words before each picture and the language around parts."""

    default_priority = 500
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        for image in list(self.document.findall(nodes.image)):
            words = texescape.escape(image["alt"], self.config.latex_engine)
            index = image.parent.index(image)
            image.parent.insert(index, raw_latex(rf"\policyalt{{{words}}}"))
        for part in self.document.findall(nodes.inline):
            for name in part["classes"]:
                # Sphinx takes the title of the document as mere text.
                if name.startswith("language-") and part.parent is not self.title():
                    language = name.removeprefix("language-")
                    part.insert(0, raw_latex(rf"\policylanguage{{{language}}}{{"))
                    part.append(raw_latex("}"))

    def title(self) -> nodes.title | None:
        return next(self.document.findall(nodes.title), None)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_post_transform(WriteForTags)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
