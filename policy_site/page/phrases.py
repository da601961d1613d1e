"""Titles break where one pauses: between phrases, and never inside a brand name.

Japanese has no spaces, so browsers break it between any two letters. BudouX knows
where phrases end; a ``<wbr>`` stands there, and ``page.css`` allows no other break.
The text stays what it is for whoever copies, hears or searches it.
https://github.com/google/budoux
"""

import re
from functools import cache
from html import escape
from itertools import accumulate, pairwise
from typing import Any

import budoux
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms import SphinxTransform
from sphinx.writers.html5 import HTML5Translator

from policy_site.base import order

PARSERS = {
    "ja": cache(budoux.load_default_japanese_parser),
    "zh-cn": cache(budoux.load_default_simplified_chinese_parser),
    "zh-tw": cache(budoux.load_default_traditional_chinese_parser),
}


class phrase_end(nodes.Inline, nodes.Element):
    """A place, without text, where a line may break."""


def names_of(config: Config) -> re.Pattern[str]:
    """Return the pattern of all brand names."""
    longest_first = sorted(config.brands, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or "(?!)")


def phrases(config: Config, text: str) -> list[list[tuple[str, bool]]]:
    """Return the phrases of *text*, each a list of (part, whether it is a name)."""
    language = config.language.lower().replace("_", "-")
    found = PARSERS[language]().parse(text) if language in PARSERS else [text]
    names = names_of(config)
    ends = set(accumulate(map(len, found)))
    for name in names.finditer(text):
        ends -= set(range(name.start() + 1, name.end()))
        # BudouX keeps compounds together. They may break at a name, which is long; a
        # particle stays with the name before it.
        if re.search("[ぁ-ヺ一-鿿]$", text[: name.start()]):
            ends.add(name.start())
        if re.match("[ァ-ヺ一-鿿]", text[name.end() :]):
            ends.add(name.end())
    return [
        [
            (part, bool(names.fullmatch(part)))
            for part in re.split(f"({names.pattern})", text[start:end])
            if part
        ]
        for start, end in pairwise([0, *sorted(ends)])
    ]


class BreakTitles(SphinxTransform):
    """Mark, in the titles of a page, the ends of phrases and the names."""

    default_priority = order.TITLE_PHRASES

    def apply(self, **kwargs: Any) -> None:
        # LaTeX takes only plain text as the title of a document.
        if self.app.builder.format != "html":
            return
        for title in self.document.findall(nodes.title):
            for text in list(title.findall(nodes.Text)):
                new: list[nodes.Node] = []
                for phrase in phrases(self.config, text):
                    new.append(phrase_end())
                    new += [
                        nodes.inline("", part, classes=["unbroken"])
                        if is_name
                        else nodes.Text(part)
                        for part, is_name in phrase
                    ]
                text.parent.replace(text, new[1:])


def break_site_title(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give ``_templates/page.html`` the title of the site, which is no document's."""
    context["broken_docstitle"] = "<wbr>".join(
        "".join(
            f'<span class="unbroken">{escape(part)}</span>' if is_name else escape(part)
            for part, is_name in phrase
        )
        for phrase in phrases(app.config, app.config.html_title)
    )


def write_wbr(translator: HTML5Translator, node: phrase_end) -> None:
    translator.body.append("<wbr>")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.base.settings")
    app.add_node(phrase_end, html=(write_wbr, None))
    app.add_transform(BreakTitles)
    app.connect("html-page-context", break_site_title)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
