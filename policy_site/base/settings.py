"""Every setting that ``conf.py`` may have besides Sphinx's own, and its form.

A value of another type stops the build, as does a ``site_url`` that is no address of
a folder. What is in the contact block is checked by ``text/contact.py``.
"""

import runpy
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

from policy_site.base import locale_tree, order
from policy_site.base.errors import UserError

ROOT = Path(__file__).resolve().parents[2]

# For each setting: its default, what is built again when it changes ("env": all that
# was read, "html": the pages), and its type.
SETTINGS: dict[str, tuple[Any, Literal["", "env", "html"], type]] = {
    # The company and its contact block.
    "brands": ([], "env", list),
    "contact": ({}, "env", dict),
    "phone_region": ("", "env", str),
    "date_format": ({}, "env", dict),
    # Languages: their codes, and settings with a value for each.
    "languages": (["en"], "env", list),
    "localized": ({}, "", dict),
    # Where pages and PDFs are.
    "site_url": ("", "env", str),
    "page_uri": ("../{language}/{page}.html", "env", str),
    "pdf_uri": ("../pdf/{name}.pdf", "env", str),
    "pdf_prefix": ("policy", "env", str),
    "read_the_docs": (False, "html", bool),
    # What is missing in a translation stops the build.
    "release_build": (False, "", bool),
    # For so many days after it applies, pages give notice of a material change.
    "notice_days": (30, "html", int),
    # Pages show what a catalog proposes and Sphinx does not use: for previews.
    "show_proposals": (False, "env", bool),
    # The folder of the templates that `make pseudo` takes for catalogs.
    "pseudo": ("", "env", str),
}


def read_conf(root: Path = ROOT) -> dict[str, Any]:
    """Return the names that ``conf.py`` in the folder *root* defines, and their values.

    For programs that start without Sphinx; within a build there is ``app.config``.
    Raises UserError when something is in locale/ that may not be there.
    """
    locale_tree.check(root)
    return runpy.run_path(str(root / "conf.py"))


def check(app: Sphinx, config: Config) -> None:
    """Raise UserError when a setting has another form than it must have."""
    for name, (_default, _rebuild, kind) in SETTINGS.items():
        value = getattr(config, name)
        # What -D gives on the command line is text.
        if not isinstance(value, kind) and name not in config.overrides:
            raise UserError(f"conf.py: {name} must be a {kind.__name__}, not {value!r}")
    url = urlsplit(config.site_url)
    is_folder = url.scheme in ("http", "https") and url.netloc and url.path[-1:] == "/"
    if config.site_url and (not is_folder or url.query or url.fragment):
        raise UserError(
            "conf.py: site_url must be an address that starts with https:// and ends "
            f"with a slash, such as https://example.jp/policies/, not {config.site_url}"
        )


def setup(app: Sphinx) -> dict[str, bool]:
    locale_tree.check(Path(app.confdir))
    for name, (default, rebuild, kind) in SETTINGS.items():
        app.add_config_value(name, default, rebuild, kind)
    app.connect("config-inited", check, priority=order.CHECK_SETTINGS)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
