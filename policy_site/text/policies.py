"""Policies: every file in ``source/`` but the front page is one.

Each has a ``title`` (short, for the browser's tab), an ``updated`` date and, for
search engines, a ``description`` in its front matter, a page and a PDF in every
language, and a place in the list that the directive ``policies`` makes on the front
page. A new policy is a new file.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from babel.dates import format_date
from docutils import nodes
from docutils.parsers.rst.directives.body import LineBlock
from myst_parser.config.main import read_topmatter
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util import texescape
from sphinx.util.docutils import SphinxTranslator

from policy_site.base import languages, order
from policy_site.text import placeholders, source_checks

# The lines of front matter that are translated.
TEXTS = ("title", "description", "summary")


def names(app: Sphinx) -> list[str]:
    """Return the docnames of all policies, in order."""
    pages = Path(app.srcdir).glob("*.md")
    return sorted(page.stem for page in pages if page.stem != app.config.root_doc)


def in_order(env: BuildEnvironment) -> list[str]:
    """Return the docnames of all policies in the order of the front page's toctrees."""
    root = env.config.root_doc
    listed = dict.fromkeys(env.toctree_includes.get(root, []))
    return [*listed, *sorted(env.found_docs - {root, *listed})]


def pdf_name(config: Config, docname: str, language: str) -> str:
    """Return the name, without extension, of the PDF of a policy."""
    return f"{config.pdf_prefix}-{docname}-{languages.slug(language)}"


def make_pdf_uri(config: Config, docname: str, language: str) -> str:
    """Return the URI of the PDF of a policy, from a page of any language."""
    name = pdf_name(config, docname, language)
    return config.pdf_uri.format(language=languages.slug(language), name=name)


def read_policies(app: Sphinx, config: Config) -> None:
    """Read the front matter of all policies and make a LaTeX document of each.

    And, for the menu of Read the Docs, which offers one PDF, a document of all.
    """
    policies: dict[str, dict[str, Any]] = {}
    for docname in names(app):
        path = Path(app.srcdir, f"{docname}.md")
        fields = read_topmatter(path.read_text(encoding="utf-8")) or {}
        policies[docname] = {
            key: fields[key] for key in source_checks.FRONT_MATTER if fields.get(key)
        }
    config.policies = policies
    # Sphinx sets up what escapes for LaTeX only later.
    texescape.init()
    volume = [config.root_doc] if config.read_the_docs and len(policies) > 1 else []
    config.latex_documents = [
        (
            docname,
            pdf_name(config, docname, config.language) + ".tex",
            # No title here: the translated one of the document is taken.
            "",
            texescape.escape(config.author, config.latex_engine),
            config.latex_theme,
            # Whether only what the front page lists is in the document.
            docname == config.root_doc,
        )
        for docname in [*policies, *volume]
    ]


# -- The front matter ----------------------------------------------------------


def in_words(config: Config, day: date) -> str:
    """Return *day* in the form of the language that is built."""
    form = config.date_format.get(config.language, "long")
    return format_date(day, form, languages.locale(config.language))


def updated(app: Sphinx, name: str, docname: str) -> list[nodes.Node] | None:
    """Return the nodes for ``updated``: the date in the form of the language."""
    if name != "updated" or docname not in app.config.policies:
        return None
    text = in_words(app.config, app.config.policies[docname]["updated"])
    return [nodes.inline("", text, classes=["date"])]


class front_matter(nodes.Invisible, nodes.Element, addnodes.translatable):
    """A text of the front matter, which Sphinx does not translate."""

    def preserve_original_messages(self) -> None:
        self["original"] = self["text"]

    def apply_translated_message(
        self, original_message: str, translated_message: str
    ) -> None:
        self["text"] = translated_message
        self["translated"] = True

    def extract_original_messages(self) -> list[str]:
        return [self["original"]]


class AddFrontMatter(SphinxTransform):
    """Add the texts of the front matter to the doctree, to be translated."""

    default_priority = order.FRONT_MATTER

    def apply(self, **kwargs: Any) -> None:
        policy = self.config.policies.get(self.env.current_document.docname, {})
        for key in TEXTS:
            if key in policy:
                node = front_matter(key=key, text=policy[key])
                node.source, node.line = self.document["source"], 1
                self.document.append(node)


def text_of(doctree: nodes.document, key: str) -> str | None:
    """Return the translated text *key* of the front matter, if there is one."""
    for node in doctree.findall(front_matter):
        if node["key"] == key:
            return node["text"]
    return None


class UseShortTitle(SphinxTransform):
    """Make the translated title that of the HTML page: its ``<title>``."""

    default_priority = order.SHORT_TITLE

    def apply(self, **kwargs: Any) -> None:
        title = text_of(self.document, "title")
        if title:
            self.document["title"] = title


def skip(translator: SphinxTranslator, node: nodes.Node) -> None:
    raise nodes.SkipNode


# -- The list on the front page ------------------------------------------------


class policy_list(nodes.General, nodes.Element):
    """Holds the lines, with placeholders, that stand for each policy."""


class Policies(LineBlock):
    """List all policies; the content is the lines to show under each title.

    The lines may use ``{{ updated }}``, ``{{ languages }}`` (links to the page in
    every language) and ``{{ pdfs }}`` (links to its PDF in every language).
    """

    def run(self) -> list[nodes.Node]:
        return [policy_list("", *super().run(), placeholders="later")]


def link_languages(app: Sphinx, make_uri: Callable[[str], str]) -> list[nodes.Node]:
    """Return links to every language; *make_uri* gives the target for each."""
    links: list[nodes.Node] = []
    for language in app.config.languages:
        # docutils makes it the attribute lang.
        classes = [f"language-{languages.tag(language)}"]
        name = nodes.inline("", languages.native_name(language), classes=classes)
        link = nodes.reference("", "", name, refuri=make_uri(language), internal=False)
        links += [nodes.Text(" · "), link] if links else [link]
    return links


def list_item(
    app: Sphinx, docname: str, fromdocname: str, lines: list[nodes.Node]
) -> nodes.list_item:
    """Return the item for one policy: its title, a link, and the *lines* filled in."""

    def page_uri(language: str) -> str:
        return languages.page_uri(app.config, language, docname)

    def pdf_uri(language: str) -> str:
        return make_pdf_uri(app.config, docname, language)

    title = nodes.reference(
        "",
        "",
        *(child.deepcopy() for child in app.env.titles[docname].children),
        refuri=app.builder.get_relative_uri(fromdocname, docname),
        internal=True,
    )
    item = nodes.list_item("", nodes.paragraph("", "", title), *lines)
    values = {
        "updated": updated(app, "updated", docname),
        "languages": link_languages(app, page_uri),
        "pdfs": link_languages(app, pdf_uri),
    }
    placeholders.substitute(item, lambda name, _text: values.get(name))
    return item


def fill_list(app: Sphinx, doctree: nodes.document, fromdocname: str) -> None:
    """Replace the list's placeholders by what is known when all is read.

    It has the order of the toctrees of the page, each under its caption.
    """
    if app.builder.name == "gettext":
        return
    for node in list(doctree.findall(policy_list)):
        lists: list[nodes.Node] = []
        for toctree in doctree.findall(addnodes.toctree):
            items = nodes.bullet_list(classes=["policies"])
            for _title, docname in toctree["entries"]:
                if docname in app.config.policies:
                    lines = [child.deepcopy() for child in node.children]
                    items += list_item(app, docname, fromdocname, lines)
            if toctree.get("caption") and len(items):
                caption = nodes.inline("", toctree["caption"])
                if "untranslated" in toctree["classes"]:
                    caption["classes"] += ["untranslated", "language-en"]
                lists.append(nodes.rubric("", "", caption))
            lists.append(items)
        node.replace_self(lists)


def withdraw(
    app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set
) -> list[str]:
    """Remove the page of a policy that is gone, which Sphinx would leave there."""
    for docname in removed if app.builder.format == "html" else []:
        Path(app.outdir, f"{docname}.html").unlink(missing_ok=True)
    return []


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.base.languages")
    app.setup_extension("policy_site.text.placeholders")
    app.setup_extension("policy_site.text.source_checks")
    # Not set in conf.py: read_policies finds it in the sources.
    app.add_config_value("policies", {}, "env", dict)
    app.add_node(front_matter, html=(skip, None), latex=(skip, None))
    app.add_node(policy_list)
    app.add_directive("policies", Policies)
    app.add_transform(AddFrontMatter)
    app.add_transform(UseShortTitle)
    app.connect("config-inited", read_policies)
    app.connect("placeholder", updated)
    app.connect("env-get-outdated", withdraw)
    app.connect("doctree-resolved", fill_list)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
