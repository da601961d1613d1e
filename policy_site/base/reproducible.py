"""The same commit gives the same bytes, whenever and wherever it is built.

The only date in the output is that of the commit: whoever holds a PDF finds by it the
state of the repository that it shows. It is ``SOURCE_DATE_EPOCH``, in seconds since
1970 (https://reproducible-builds.org/specs/source-date-epoch/), which a person may set
to something else. In a source archive, which has no history, ``git archive`` has given
each file the time of the commit; that of ``conf.py`` is taken.
"""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.latex import LaTeXBuilder
from sphinx.config import Config

from policy_site.base import order


def commit_epoch(root: Path) -> int:
    """Return the time of the commit in the folder *root*, in seconds since 1970."""
    try:
        # This folder's own history, not that of a repository around it.
        git = ["git", "--git-dir=.git", "log", "-1", "--format=%ct"]
        log = subprocess.run(git, cwd=root, capture_output=True, text=True)
        return int(log.stdout)
    except (OSError, ValueError):
        return int((root / "conf.py").stat().st_mtime)


def set_date(app: Sphinx, config: Config) -> None:
    """Set the date of all output, unless a person did.

    Sphinx and TeX take it from the environment of the process.
    """
    if not os.environ.get("SOURCE_DATE_EPOCH"):
        os.environ["SOURCE_DATE_EPOCH"] = str(commit_epoch(Path(app.confdir)))


def date_latex(app: Sphinx) -> None:
    """Let ``_templates/latex.tex.jinja`` set the dates of the PDF.

    TeX would take the clock and the time zone, and for some the time of a file:
    https://github.com/latex3/pdfresources/issues/53
    """
    if isinstance(app.builder, LaTeXBuilder):
        date = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
        # https://opensource.adobe.com/dc-acrobat-sdk-docs/pdfstandards/PDF32000_2008.pdf
        # section 7.9.4
        app.builder.context["pdf_date"] = f"{date:D:%Y%m%d%H%M%SZ}"


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", set_date, priority=order.SET_DATE)
    app.connect("builder-inited", date_latex)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
