"""The notice that every page carries after a material change.

The build never looks at the clock: a small script takes the notice away some days
after the change applies (``notice_days``). Without JavaScript it stays.
"""

from datetime import date, timedelta
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _

from policy_site.versions import archive, pages


def add_notice(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give Furo the notices to announce: one for each policy that changed."""
    language = app.config.language
    up = "../" * pagename.count("/")
    notices = []
    for policy in archive.versions(app):
        versions = archive.in_language(app, policy)
        material = [version for version in versions[1:] if version.material]
        if archive.is_withdrawn(app, policy) or not material:
            continue
        last, fields = material[-1], material[-1].text(language).fields
        days = timedelta(days=app.config.notice_days)
        until = (date.fromisoformat(last.effective) + days).isoformat()
        # The newest version came after the last day of the notice: nobody would see it.
        if versions[-1].day >= until:
            continue
        words = _("%(title)s: changes that apply from %(day)s. %(summary)s") % {
            "title": fields["title"],
            "day": pages.in_words(app, last.effective),
            "summary": fields.get("summary", ""),
        }
        see = _("See what changed")
        uri = f"{up}{policy}/{last.day}-changes.html"
        notices.append(
            pages.until_day(
                f'<p data-until="{until}">{escape(words, quote=False)} '
                f'<a href="{escape(uri)}">{escape(see)}</a></p>'
            )
        )
    if notices:
        context["theme_announcement"] = "".join(notices)


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.versions.pages")
    app.connect("html-page-context", add_notice)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
