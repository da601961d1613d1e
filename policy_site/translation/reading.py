"""What MyST reads in a text: its blocks, its markup, and its words.

The rules compare what is read in a msgid with what is read in its msgstr.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polib
from markdown_it import MarkdownIt
from markdown_it.token import Token

from policy_site.translation import remarks
from policy_site.translation.remarks import Finding, finding

PARAGRAPH = ["paragraph_open", "inline", "paragraph_close"]
HEADING = ["heading_open", "inline", "heading_close"]
# How the markup that a token starts is written in Markdown.
FORMS = {
    "strong_open": "**…**",
    "em_open": "*…*",
    "link_open": "[…]({href})",
    "autolink": "<{href}>",
    "image": "![…]({src})",
    "code_inline": "`{content}`",
    "myst_role": "{{{name}}}`{content}`",
    "footnote_ref": "[^{label}]",
    "html_inline": "{content}",
}
# A text in which MyST finds no markup, whatever its extensions. Most translations are
# such, and need no parser, which takes longer than all rules together.
# A word has letters, figures and anything that is not ASCII. It may stand in
# parentheses, but not (c), (r) or (tm): an extension makes signs of these.
WORD = r"(?:\((?!(?i:c|r|tm)\)))?[^\s\x00-/:-@\[-`{-\x7f]+\)?"
PLAIN = re.compile(rf"(?!\d){WORD}(?:(?:[.,:;!?]? |[,/-]){WORD})*[.:;!?]?")
PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}|%\(\w+\)\w|\$\{\w*\}")


def flat(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield *tokens*, and after each the tokens inside it."""
    for token in tokens:
        yield token
        yield from flat(token.children or [])


def mark(token: Token, after: list[Token]) -> tuple[str, str]:
    """Return the kind of the markup that *token* starts, and how it is written.

    Both have to be the same in a translation. *after* are the tokens that follow.
    """
    kind = "autolink" if token.markup in ("autolink", "linkify") else token.type
    values = {**token.attrs, **token.meta, "content": token.content}
    form = FORMS.get(kind, "{content}").format_map(values)
    # Titles and the words of an image are for readers, and translated.
    if "title" in token.attrs:
        form = form.removesuffix(")") + ' "…")'
    known = ("href", "src", "title", "alt")
    other = {key: token.attrs[key] for key in token.attrs if key not in known}
    if token.nesting == 1:
        end = next(i for i, t in enumerate(after) if t.level == token.level)
        if not any(re.search(r"\w", t.content) for t in after[:end]):
            form = form.replace("…", "", 1)
    return kind, f"{form} {other or ''}".strip()


def prose(tokens: Iterable[Token]) -> str:
    """Return the words of *tokens* as readers see them: no code.

    A placeholder is U+FFFC, which stands for an object, so that the words before and
    after it stay apart.
    """
    seen = [
        " " if token.type == "softbreak" else token.content
        for token in tokens
        if token.type in ("text", "softbreak")
    ]
    return PLACEHOLDER.sub("\ufffc", "".join(seen))


def link_texts(inline: list[Token]) -> dict[str, str]:
    """Return the words of the links in *inline*, by address.

    Of several links to one address, the words of the first.
    """
    texts: dict[str, str] = {}
    starts = [n for n, token in enumerate(inline) if token.type == "link_open"]
    for start in starts:
        after = inline[start + 1 :]
        end = next(n for n, token in enumerate(after) if token.type == "link_close")
        texts.setdefault(str(inline[start].attrs.get("href")), prose(after[:end]))
    return texts


def plain(text: str) -> list[Token]:
    """Return the tokens of a paragraph that has *text* and no markup."""
    inline = Token("inline", "", 0, children=[Token("text", "", 0, content=text)])
    return [Token(PARAGRAPH[0], "p", 1), inline, Token(PARAGRAPH[2], "p", -1)]


def parse(text: str, parser: Callable[[str], list[Token]]) -> list[Token]:
    """Return the tokens of *text*; calls *parser* only if it may have markup."""
    return plain(text) if PLAIN.fullmatch(text) else parser(text)


class Reading:
    """The kinds of the blocks in a text, and what is in the first of them.

    ``marks`` is its markup, ``texts`` the content of each token, ``hidden`` what is
    not seen at once (addresses, titles), ``prose`` its words, ``titles`` those that are
    shown at a link or a picture, ``links`` the words of its links.
    """

    def __init__(self, tokens: list[Token]) -> None:
        self.blocks = [token.type for token in tokens]
        inline = next((token.children for token in tokens if token.children), [])
        self.marks = Counter(
            mark(token, inline[position + 1 :])
            for position, token in enumerate(inline)
            if token.nesting >= 0 and token.type not in ("text", "softbreak")
        )
        tokens = list(flat(inline))
        self.texts = [token.content for token in tokens]
        self.hidden = [str(value) for token in tokens for value in token.attrs.values()]
        self.prose = prose(tokens)
        self.titles = " ".join(str(token.attrs.get("title", "")) for token in tokens)
        self.links = link_texts(inline)


# A term of the glossary: the stem of its last word, a pattern for all its forms, the
# English, and the translation.
Term = tuple[str, re.Pattern[str], str, str]


@dataclass
class Message:
    """A msgstr, its entry, and what the messages of its catalog are judged by."""

    msgstr: str
    entry: polib.POEntry
    # None for the strings of the theme, which are no Markdown.
    md: MarkdownIt | None
    catalog: Path
    brands: list[str]
    terms: list[Term]
    # The comments at the head of the catalog, where they count.
    head: str = ""

    def __post_init__(self) -> None:
        self.msgid = self.entry.msgid
        self.comments = f"{self.head}\n{self.entry.tcomment}"
        self.language = self.catalog.parts[-3]
        if not self.md:
            self.source = Reading(plain(self.msgid))
            self.target = self.block = Reading(plain(self.msgstr))
            return
        # Inline: without its "#", a heading such as "1. Purpose" would be a list.
        self.source = Reading(parse(self.msgid, self.md.parseInline))
        self.target = self.block = Reading(parse(self.msgstr, self.md.parse))
        if self.block.blocks != PARAGRAPH:
            self.target = Reading(self.md.parseInline(self.msgstr))

    @property
    def is_japanese(self) -> bool:
        """Whether it is a Japanese text, and not the msgid itself."""
        return self.language == "ja" and self.msgstr != self.msgid

    def say(self, sentence: str, **values: object) -> str:
        """Return *sentence* with its *values* in the language of the translation."""
        return remarks.say(sentence, self.catalog, **values)

    def excusable(
        self, sentence: str, words: str, thing: str = "", **values: Any
    ) -> Iterator[Finding]:
        """Yield a finding, unless a comment says why *words*, or *thing*, is right."""
        thing = thing or words
        if not remarks.is_excused(self.comments, thing):
            yield finding(sentence, words, thing=thing, **values)
