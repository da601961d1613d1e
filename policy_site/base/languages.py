"""The language that is built, and what depends on it.

``-D language=ja`` is not known while ``conf.py`` executes. So ``conf.py`` lists
the values that depend on the language in ``localized``, and this extension sets
them once the language is known, however Sphinx is started.
"""

from functools import cache

from babel import Locale
from babel.core import get_global
from sphinx.application import Sphinx
from sphinx.builders.latex import LaTeXBuilder
from sphinx.config import Config

from policy_site.base import order
from policy_site.base.errors import UserError


@cache
def locale(language: str) -> Locale:
    """Return the Babel locale of *language* (``ja``, ``pt-br``)."""
    return Locale.parse(language.replace("-", "_"))


@cache
def native_name(language: str) -> str:
    """Return the name of *language* in itself: 日本語."""
    return locale(language).get_display_name() or language


def page_uri(config: Config, language: str, docname: str) -> str:
    """Return the URI of *docname* in *language*, from a page of another language."""
    return config.page_uri.format(language=language, page=docname)


def apply_language(app: Sphinx, config: Config) -> None:
    """Give each setting in ``localized`` the value of ``config.language``.

    Raises UserError when the language has no folder in ``locale/``.
    """
    if config.language not in config.languages:
        raise UserError(
            f"There is no language {config.language!r} here. "
            f"There are: {', '.join(config.languages)}. A new language starts with "
            f"a folder locale/{config.language}/LC_MESSAGES/."
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
    subtags = get_global("likely_subtags").get(locale(language).language, "")
    named = app.config.localized["latex_elements"]
    if "Latn" not in subtags and language not in named:
        raise UserError(
            f"the PDF in {language} needs fonts for its script. Add a line such as\n"
            f'  "{language}": {{**_latex, "fontpkg": r"\\usepackage{{fontspec}}'
            '\\setmainfont{Noto Serif}"},\n'
            "to latex_elements in conf.py, with a font that has them."
        )
    app.builder.context["lang"] = language


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.base.settings")
    app.connect("config-inited", apply_language, priority=order.APPLY_LANGUAGE)
    app.connect("builder-inited", prepare_latex)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
