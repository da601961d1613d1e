"""Languages: how each consumer writes their codes, and what depends on the one built.

One language has many spellings. A folder in ``locale/`` and the setting ``language``
have that of Sphinx and gettext (``pt_BR``, ``zh_TW``, ``sr@latin``); `canonical` turns
any other into it. `tag` gives that of pages (``pt-BR``), and `slug` that of addresses,
names of files and Read the Docs (``pt-br``).

``-D language=ja`` is not known while ``conf.py`` executes. So ``conf.py`` lists
the values that depend on the language in ``localized``, and this extension sets
them once the language is known, however Sphinx is started.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import sphinx.locale
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.messages.plurals import get_plural
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.latex import LaTeXBuilder
from sphinx.config import Config

from policy_site.base import order
from policy_site.base.errors import UserError

# language[-Script][-TERRITORY], https://www.rfc-editor.org/rfc/rfc5646#section-2.1, and
# what POSIX writes for a script or a variant, sr@latin, ca@valencia.
CODE = re.compile(
    r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|[0-9]{3}))?(?:[-_@]([a-z]{5,8}))?",
    re.IGNORECASE | re.ASCII,
)
SCRIPTS = {"latin": "Latn", "cyrillic": "Cyrl", "devanagari": "Deva"}


@cache
def canonical(code: str) -> str | None:
    """Return the language *code*, in any usual spelling, as Sphinx spells it, or None.

    ``pt-br`` is ``pt_BR``, ``zh-Hant`` and ``zh-tw`` are ``zh_TW``, ``ja-JP`` is
    ``ja``. It is None for what is no code of a language that the CLDR knows.
    """
    match = CODE.fullmatch(code)
    if not match:
        return None
    language, script, territory, modifier = (part or "" for part in match.groups())
    parts = [language.lower(), script.title(), territory.upper()]
    name = "_".join(filter(None, parts)) + (f"@{modifier.lower()}" if modifier else "")
    if not is_known(name):
        return None
    wanted = maximized(name)
    same = [other for other in of_sphinx() if maximized(other) == wanted]
    return name if name in same or not same else min(same, key=len)


@cache
def of_sphinx() -> list[str]:
    """Return the languages in which Sphinx brings its own strings, and English."""
    folder = Path(sphinx.locale.__file__).parent
    names = [path.name for path in folder.iterdir() if CODE.fullmatch(path.name)]
    return [name for name in sorted(["en", *names]) if is_known(name)]


def is_known(language: str) -> bool:
    """Return whether the CLDR knows *language*, with that territory if it names one."""
    try:
        return bool(locale(language))
    except (ValueError, UnknownLocaleError):
        return False


@cache
def maximized(language: str) -> tuple[str, str | None, str | None, str | None]:
    """Return *language* with the script and territory that are likely for it.

    https://www.unicode.org/reports/tr35/#Likely_Subtags
    """
    known = locale(language)
    likely = get_global("likely_subtags")
    names = [f"{known.language}_{known.territory}", f"{known.language}_{known.script}"]
    found = [likely[name] for name in [*names, known.language] if name in likely]
    _, script, territory = found[0].split("_") if found else (None, None, None)
    variant = known.variant or known.modifier
    return known.language, known.script or script, known.territory or territory, variant


@cache
def tag(language: str) -> str:
    """Return *language* as HTML and HTTP write it (BCP 47): ``pt-BR``, ``sr-Latn``."""
    name, _, modifier = language.partition("@")
    first, *rest = name.split("_")
    script = SCRIPTS.get(modifier)
    middle = [script, *rest] if script else [*rest, modifier]
    return "-".join(filter(None, [first, *middle]))


def slug(language: str) -> str:
    """Return *language* for addresses and file names, as Read the Docs does: pt-br."""
    return tag(language).lower()


@cache
def locale(language: str) -> Locale:
    """Return the Babel locale of *language*.

    Raises ValueError or UnknownLocaleError when there is none.
    """
    return Locale.parse(tag(language).replace("-", "_"))


def plural_forms(language: str) -> str:
    """Return the field ``Plural-Forms`` of a catalog in *language*."""
    return str(get_plural(locale(language)))


@cache
def native_name(language: str) -> str:
    """Return the name of *language* in itself: 日本語."""
    return locale(language).get_display_name() or language


def page_uri(config: Config, language: str, docname: str) -> str:
    """Return the URI of *docname* in *language*, from a page of another language."""
    return config.page_uri.format(language=slug(language), page=docname)


def apply_language(app: Sphinx, config: Config) -> None:
    """Give each setting in ``localized`` the value of ``config.language``.

    Raises UserError when the language has no folder in ``locale/``.
    """
    if config.language not in config.languages:
        name = canonical(config.language)
        if name is None:
            remedy = "Write the code of a language, such as ja or pt_BR."
        elif name in config.languages:
            remedy = f"Write {name}, as Sphinx does."
        else:
            remedy = f"A new language starts with a folder locale/{name}/LC_MESSAGES/."
        raise UserError(
            f"There is no language {config.language!r} here. "
            f"There are: {', '.join(config.languages)}. {remedy}"
        )
    for name, values in config.localized.items():
        if name not in config.overrides:
            setattr(config, name, values.get(config.language, values["en"]))


def prepare_latex(app: Sphinx) -> None:
    """Let ``_templates/latex.tex.jinja`` declare the language of the PDF.

    Raises UserError when its script needs fonts that ``conf.py`` does not name.
    """
    if not isinstance(app.builder, LaTeXBuilder):
        return
    language = app.config.language
    named = app.config.localized.get("latex_elements", {})
    if "Latn" not in maximized(language) and language not in named:
        raise UserError(
            f"the PDF in {language} needs fonts for its script. Add a line such as\n"
            f'  "{language}": {{**_latex, "fontpkg": r"\\usepackage{{fontspec}}'
            '\\setmainfont{Noto Serif}"},\n'
            "to latex_elements in conf.py, with a font that has them."
        )
    app.builder.context["lang"] = tag(language)


def declare_language(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Have the theme write the language as HTML wants it: ``<html lang="sr-Latn">``."""
    context["language"] = tag(app.config.language)


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.base.settings")
    app.connect("config-inited", apply_language, priority=order.APPLY_LANGUAGE)
    app.connect("builder-inited", prepare_latex)
    app.connect("html-page-context", declare_language)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
