"""Lines break where one pauses, and never inside a brand name.

Japanese has no spaces, so browsers break it between any two letters. BudouX knows
where phrases end: in a title, a ``<wbr>`` stands there, and ``page.css`` allows no
other break; in a paragraph, the last words stay together, so that no さい。 is a line
of its own. The text stays what it is for whoever copies, hears or searches it.
https://github.com/google/budoux
"""

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import accumulate, cycle, pairwise, starmap
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


# A particle that BudouX takes for two.
PARTICLE = re.compile("として|について|において|によって")
# One pauses after it, which BudouX does not know in all compounds.
CONJUNCTION = re.compile("(?:および|ならびに|または|もしくは)(?=.)")
# Where letters of two scripts meet, between which Japanese has a gap.
JAPANESE = "[ぁ-ヺ一-鿿]"
SCRIPTS_MEET = re.compile(f"[A-Za-z0-9]\0{JAPANESE}|{JAPANESE}\0[A-Za-z0-9]")
# How many letters the last line of a paragraph has at least, and how many at most are
# kept together for it.
LAST_LINE = range(4, 13)


class phrase_end(nodes.Inline, nodes.Element):
    """A place, without text, where a line may break."""


def names_of(brands: list[str]) -> re.Pattern[str]:
    """Return the pattern of all names in *brands*."""
    longest_first = sorted(brands, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or "(?!)")


def parse(config: Config, text: str) -> list[str]:
    """Return the phrases of *text*; where words have spaces, all of it is one."""
    language = config.language.lower().replace("_", "-")
    return PARSERS[language]().parse(text) if language in PARSERS else [text]


def phrases(config: Config, text: str) -> list[list[tuple[str, bool]]]:
    """Return the phrases of *text*, each a list of (part, whether it is a name)."""
    found = parse(config, text)
    names = names_of(config.brands)
    ends = set(accumulate(map(len, found)))
    for name in names.finditer(text):
        ends -= set(range(name.start() + 1, name.end()))
        # BudouX keeps compounds together. They may break at a name, which is long; a
        # particle stays with the name before it.
        if re.search(f"{JAPANESE}$", text[: name.start()]):
            ends.add(name.start())
        if re.match("[ァ-ヺ一-鿿]", text[name.end() :]):
            ends.add(name.end())
    ends |= {conjunction.end() for conjunction in CONJUNCTION.finditer(text)}
    for particle in PARTICLE.finditer(text):
        ends -= set(range(particle.start() + 1, particle.end()))
    return [
        [
            (part, bool(names.fullmatch(part)))
            for part in re.split(f"({names.pattern})", text[start:end])
            if part
        ]
        for start, end in pairwise([0, *sorted(ends)])
    ]


def pieces(config: Config, title: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a title, as (kind, text).

    Kinds are ``unbroken`` (a name), ``text``, and between phrases, without text,
    ``wbr`` and, where letters of two scripts meet, ``gap`` before it.
    """
    last = ""
    for phrase in phrases(config, title):
        if last:
            if SCRIPTS_MEET.match(f"{last[-1]}\0{phrase[0][0]}"):
                yield "gap", ""
            yield "wbr", ""
        for part, is_name in phrase:
            yield "unbroken" if is_name else "text", part
            last = part


def last_words(config: Config, text: str) -> str:
    """Return the words at the end of *text* that stay in one line, if any do."""
    words = ""
    # More is not needed: BudouX looks at three letters before and after each place.
    found = parse(config, text[-20:])
    while found and len(words) < LAST_LINE.start:
        words = found.pop() + words
    return words if found and len(words) in LAST_LINE else ""


def make_node(kind: str, text: str) -> nodes.Node:
    if kind == "text":
        return nodes.Text(text)
    return phrase_end() if kind == "wbr" else nodes.inline("", text, classes=[kind])


def broken(config: Config, title: str) -> list[nodes.Node]:
    """Return *title* as nodes, with the ends of phrases and the names marked."""
    return list(starmap(make_node, pieces(config, title)))


class BreakTitles(SphinxTransform):
    """Mark, in the titles of a page, the ends of phrases and the names."""

    default_priority = order.PHRASES

    def apply(self, **kwargs: Any) -> None:
        # LaTeX takes only plain text as the title of a document.
        if self.app.builder.format != "html":
            return
        for title in self.document.findall(nodes.title):
            for text in list(title.findall(nodes.Text)):
                text.parent.replace(text, broken(self.config, text))


class KeepTogether(SphinxTransform):
    """Mark, in the text of a page, what stays in one line.

    In paragraphs, names of several words, and the last words; in an address, what
    stands between spaces.
    """

    default_priority = order.PHRASES

    def apply(self, **kwargs: Any) -> None:
        if self.app.builder.format != "html":
            return
        names = names_of([name for name in self.config.brands if " " in name])
        for paragraph in self.document.findall(nodes.paragraph):
            for text in list(paragraph.findall(nodes.Text)):
                if isinstance(text.parent, nodes.literal):
                    continue
                is_last = text is paragraph[-1]
                end = last_words(self.config, text) if is_last else ""
                # Split at a group, every second part is what the group matched.
                parts = re.split(f"({names.pattern})", text.removesuffix(end))
                found = [*map(make_node, cycle(["text", "unbroken"]), parts)]
                found.append(make_node("unbroken", end))
                text.parent.replace(text, [node for node in found if node.astext()])
        for value in self.document.findall(nodes.inline):
            if "contact-shortaddress" in value["classes"]:
                words = re.split(r"(\s+)", value.astext())
                value[:] = [
                    make_node("together" if re.search(JAPANESE, word) else "text", word)
                    for word in words
                ]


def break_site_title(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give ``_templates/page.html`` the title of the site, which is no document's."""
    context["broken_docstitle"] = "".join(
        {"text": escape(text), "wbr": "<wbr>"}.get(
            kind, f'<span class="{kind}">{escape(text)}</span>'
        )
        for kind, text in pieces(app.config, app.config.html_title)
    )


def write_wbr(translator: HTML5Translator, node: phrase_end) -> None:
    translator.body.append("<wbr>")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.base.settings")
    app.add_node(phrase_end, html=(write_wbr, None))
    app.add_transform(BreakTitles)
    app.add_transform(KeepTogether)
    app.connect("html-page-context", break_site_title)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
