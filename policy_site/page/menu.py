"""The menu shows the short ``title`` of a policy, not its long heading."""

from docutils import nodes
from sphinx.application import Sphinx

from policy_site.page import phrases


def shorten(app: Sphinx, doctree: nodes.document) -> None:
    """Put the title of a policy, translated, where the menu takes its text from."""
    docname = app.env.current_document.docname
    if docname not in app.config.policies or app.builder.format != "html":
        return
    title = app.env.longtitles[docname].astext()
    for link in list(app.env.tocs[docname].findall(nodes.reference))[:1]:
        link.children = []
        link += phrases.broken(app.config, title)


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.text.policies")
    app.connect("doctree-read", shorten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
