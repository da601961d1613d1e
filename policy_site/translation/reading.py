"""What MyST reads in a text: its blocks, its markup, and the words of it.

The rules compare what is read in a msgid with what is read in its msgstr.
"""

import re
from collections import Counter

from markdown_it.token import Token

PARAGRAPH = ["paragraph_open", "inline", "paragraph_close"]
HEADING = ["heading_open", "inline", "heading_close"]
# How one writes the markup that a token starts.
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
# What MyST, with any extension, reads as a paragraph of this text and nothing else.
# Most translations are such, and to parse them takes longer than all rules.
# A word is of letters, figures, and what is not ASCII; (c) may become a sign.
WORD = r"(?:\((?!(?i:c|r|tm)\)))?[^\s\x00-/:-@\[-`{-\x7f]+\)?"
PLAIN = re.compile(rf"(?!\d){WORD}(?:(?:[.,:;!?]? |[,/-]){WORD})*[.:;!?]?")
PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}|%\(\w+\)\w|\$\{\w*\}")


def flat(tokens):
    for token in tokens:
        yield token
        yield from flat(token.children or [])


def mark(token, after):
    """Return what has to be the same in the markup that *token* starts."""
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
        if not any(t.content.strip() for t in after[:end]):
            form = form.replace("…", "", 1)
    return kind, f"{form} {other or ''}".strip()


def prose(tokens):
    """Return the words of *tokens* as a reader sees them, without values and code."""
    seen = [
        " " if token.type == "softbreak" else token.content
        for token in tokens
        if token.type in ("text", "softbreak")
    ]
    return PLACEHOLDER.sub(" ", "".join(seen))


def link_texts(inline):
    """Return the words of each link of *inline* by its address, of the first of each."""
    texts = {}
    starts = [n for n, token in enumerate(inline) if token.type == "link_open"]
    for start in starts:
        after = inline[start + 1 :]
        end = next(n for n, token in enumerate(after) if token.type == "link_close")
        texts.setdefault(str(inline[start].attrs.get("href")), prose(after[:end]))
    return texts


def plain(text):
    """Return the tokens of *text* as those of one text without any markup."""
    inline = Token("inline", "", 0, children=[Token("text", "", 0, content=text)])
    return [Token(PARAGRAPH[0], "p", 1), inline, Token(PARAGRAPH[2], "p", -1)]


def parse(text, parser):
    """Return the tokens of *text* as *parser*, a function, finds them."""
    if not PLAIN.fullmatch(text):
        return parser(text)
    return plain(text)


class Reading:
    """What MyST reads: the kinds of the blocks, and what is in the first text."""

    def __init__(self, tokens):
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
        self.links = link_texts(inline)
