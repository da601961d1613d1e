"""The pages of every published version: its text, its changes, and the list of all.

Under the page of a policy, ``privacy-policy.html``, there are in each language
``privacy-policy/2026-04-01.html`` (a text), ``…-changes.html`` (the redline),
``…-old-new.html`` (side by side), ``versions.html`` (the list) and ``versions.atom``.
Those of a policy that was withdrawn stay, and the front page leads to them. Without an
archive there is nothing of this.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.locale import _

from policy_site.text import policies
from policy_site.versions import archive, comparison, feed, markup, seal
from policy_site.versions.archive import Version
from policy_site.versions.comparison import Row
from policy_site.versions.frozen import Block

STATIC = Path(__file__).parent / "static"
NOINDEX = '<meta name="robots" content="noindex, follow">'


@dataclass(frozen=True)
class VersionPage:
    """What other rooms have to know of a page of a policy's versions."""

    policy: str
    # The languages in which there is the same page.
    languages: tuple[str, ...]
    # The version that it shows; none for the list of them all.
    version: Version | None = None
    before: Version | None = None
    # The day from which the one after it applies; ".." without one, "" when no one
    # knows. Only a page with the text says when that applies.
    until: str | None = None
    # Search engines may list it.
    is_listed: bool = False
    # Its address is that of the policy: both have the same text.
    is_current: bool = False


Page = tuple[str, dict[str, Any], str]


def in_words(app: Sphinx, day: str) -> str:
    """Return *day*, such as 2026-04-01, in the form of the language."""
    return policies.in_words(app.config, date.fromisoformat(day))


def link(uri: str, words: str) -> str:
    return f'<a class="reference internal" href="{escape(uri)}">{escape(words)}</a>'


def collect(app: Sphinx) -> Iterator[Page]:
    """Ask for the pages of all versions in the language that is built."""
    for policy in archive.versions(app):
        versions = archive.in_language(app, policy)
        if not versions:
            continue
        pages = list(pages_of(app, policy, versions))
        folder = Path(app.outdir, policy)
        folder.mkdir(parents=True, exist_ok=True)
        files = copy_files(app, folder, versions)
        files |= {f"{name.partition('/')[2]}.html" for name, _context, _form in pages}
        # A build from nothing would not have these.
        for path in folder.iterdir():
            if path.name not in files:
                path.unlink()
        yield from pages


def copy_files(app: Sphinx, folder: Path, versions: list[Version]) -> set[str]:
    """Put the PDFs, the images and the feed beside the pages; return their names."""
    language = app.config.language
    names = {f"{version.day}.pdf" for version in versions}
    for version in versions:
        shutil.copyfile(version.pdf(language), folder / f"{version.day}.pdf")
        for name in version.published[language].images:
            shutil.copyfile(version.folder / name, folder / name)
            names.add(name)
    if app.config.html_baseurl:
        feed.write(app, folder / "versions.atom", versions)
        names.add("versions.atom")
    return names


def pages_of(app: Sphinx, policy: str, versions: list[Version]) -> Iterator[Page]:
    """Yield every page of the versions of a policy."""
    language = app.config.language
    before = None
    for version, after in pairwise([*versions, None]):
        assert version
        yield text_page(app, version, before, after)
        for correction in version.corrections.get(language, {}):
            yield from correction_comparison(app, version, correction)
        if before:
            yield from version_comparison(app, version, before)
        before = version
    yield list_page(app, policy, versions)


def page(name: str, title: str, body: str, shown: VersionPage) -> Page:
    """Return a page as Sphinx takes it."""
    context = {"title": escape(title), "body": body, "version_page": shown}
    if not shown.is_listed and not shown.is_current:
        context["metatags"] = NOINDEX
    return f"{shown.policy}/{name}", context, "page.html"


# -- One version -------------------------------------------------------------------


def text_page(
    app: Sphinx, version: Version, before: Version | None, after: Version | None
) -> Page:
    """Return the page with the text of *version*, for ever."""
    language = app.config.language
    is_withdrawn = archive.is_withdrawn(app, version.policy)
    text = version.text(language)
    days = {
        "day": in_words(app, version.day),
        "effective": in_words(app, version.effective),
    }
    until = ".."
    if after:
        until = after.effective
        days |= {"until": in_words(app, until)}
        words = _(
            "Published on %(day)s. It applies from %(effective)s; from %(until)s, the "
            "version after it applies."
        )
    elif is_withdrawn:
        until = ""
        words = _(
            "Published on %(day)s, to apply from %(effective)s. The policy was "
            "withdrawn later."
        )
    else:
        words = _("Published on %(day)s. It applies from %(effective)s.")
    links = links_to_current(app, version.policy)
    if after:
        changes = _("What changed after it")
        links.append(link(f"{after.day}-changes.html", changes))
    if before:
        links.append(link(f"{version.day}-changes.html", _("What changed in it")))
    links.append(link("versions.html", _("All versions")))
    note = f'<p class="version-note">{escape(words % days)}<br>{" · ".join(links)}</p>'
    note += correction_notes(app, version)
    title = f"{text.title} ({days['day']})"
    shown = VersionPage(
        version.policy,
        tuple(version.published),
        version,
        before,
        until=until,
        is_current=not after and not is_withdrawn,
    )
    return page(version.day, title, note + markup.text(text.blocks, "../"), shown)


def links_to_current(app: Sphinx, policy: str) -> list[str]:
    """Return the link to the page of *policy*; none when it was withdrawn."""
    if archive.is_withdrawn(app, policy):
        return []
    return [link(f"../{policy}.html", _("Read the current version"))]


def correction_notes(app: Sphinx, version: Version, folder: str = "") -> str:
    """Return a line for each correction of *version*; *folder* is before its links."""
    notes = ""
    for name, text in version.corrections.get(app.config.language, {}).items():
        words = _("The translation was corrected on %(day)s: %(reason)s") % {
            "day": in_words(app, text.fields["corrected"]),
            "reason": text.fields["reason"],
        }
        uri = f"{folder}{version.day}-corrected-{name}.html"
        changes = link(uri, _("What was corrected"))
        notes += f'<p class="version-note">{escape(words)} {changes}</p>'
    return notes


# -- What changed ------------------------------------------------------------------


def compare(app: Sphinx, version: Version, before: Version) -> list[Row]:
    """Return what changed from one version to the next, as in all languages.

    A correction that came later has a comparison of its own.
    """

    def both(language: str) -> tuple[Sequence[Block], Sequence[Block]]:
        return before.text(language).blocks, version.published[language].blocks

    shared = version.published.keys() & before.published.keys()
    others = sorted(shared - {app.config.language})
    return comparison.compare(*both(app.config.language), [*map(both, others)])


def list_of_changes(rows: list[Row]) -> str:
    """Return the numbered list of the changes, each with a link to it."""
    items = "".join(
        f'<li><span class="how">{escape(how)}</span> '
        f'<a href="#{name}">{escape(words, quote=False)}</a></li>'
        for name, how, words in markup.changes(rows)
    )
    return f'<ol class="changes">{items}</ol>' if items else ""


def version_comparison(
    app: Sphinx, version: Version, before: Version
) -> Iterator[Page]:
    """Yield the pages with what *version* changed."""
    text = version.text(app.config.language)
    shared = tuple(sorted(version.published.keys() & before.published.keys()))
    yield from comparison_pages(
        names=(f"{version.day}-changes", f"{version.day}-old-new"),
        titles=(before.text(app.config.language).title, text.title),
        what=f"{in_words(app, before.day)} → {in_words(app, version.day)}",
        why=text.fields.get("summary", ""),
        rows=compare(app, version, before),
        columns=(_("New text"), _("Old text")),
        links=[
            link(f"{version.day}.html", _("The new text")),
            link(f"{before.day}.html", _("The old text")),
        ],
        shown=VersionPage(version.policy, shared, version, before),
    )


def correction_comparison(app: Sphinx, version: Version, name: str) -> Iterator[Page]:
    """Yield the pages with what the correction *name* changed."""
    language = app.config.language
    corrections = version.corrections[language]
    new = corrections[name]
    texts = [version.published[language], *corrections.values()]
    old = texts[[*corrections].index(name)]
    page, day = f"{version.day}-corrected-{name}", new.fields["corrected"]
    yield from comparison_pages(
        names=(page, f"{page}-old-new"),
        titles=(old.title, new.title),
        what=_("Correction of %(day)s") % {"day": in_words(app, day)},
        why=new.fields["reason"],
        rows=comparison.compare(old.blocks, new.blocks),
        columns=(_("Corrected text"), _("Earlier text")),
        links=[link(f"{version.day}.html", _("The text as it is now"))],
        shown=VersionPage(version.policy, (language,), version),
    )


def comparison_pages(
    *,
    names: tuple[str, str],
    titles: tuple[str, str],
    what: str,
    why: str,
    rows: list[Row],
    columns: tuple[str, str],
    links: list[str],
    shown: VersionPage,
) -> Iterator[Page]:
    """Yield the redline, and the old and new text side by side, with these *names*.

    *titles* are the old and the new one of the policy; *what* is compared stands under
    them, and *why* it changed. *columns* are the names of the new and the old text,
    *links* lead to them.
    """
    sides = side_by_side(rows, columns)
    title, shown_title = titles[1], markup.marked(comparison.compare_lines(*titles), "")
    for (name, other), form, other_form, body in [
        (names, _("Changes"), _("Side by side"), redline(rows)),
        (names[::-1], _("Old and new side by side"), _("Marked in the text"), sides),
    ]:
        all_links = [
            link(f"{other}.html", other_form),
            *links,
            link("versions.html", _("All versions")),
        ]
        head = (
            f"<h1>{shown_title}<br><small>{escape(form)} "
            f"<span>{escape(what)}</span></small></h1>"
            f"<p>{escape(why)}</p>"
            f'<p class="version-note">{" · ".join(all_links)}</p>'
        )
        yield page(name, f"{title} · {form} ({what})", head + body, shown)


def redline(rows: list[Row]) -> str:
    """Return the legend, the list of the changes, and the redline."""
    legend = _("What was added is underlined; what was removed is struck through.")
    return (
        f'<p class="legend">{escape(legend)}</p>{list_of_changes(rows)}'
        f'<div class="redline">{markup.redline(rows, "../")}</div>'
    )


def side_by_side(rows: list[Row], columns: tuple[str, str]) -> str:
    """Return the table of the new and the old text, whose names are *columns*."""
    heads = "".join(
        f'<th scope="col">{escape(words)}</th>' for words in (_("Section"), *columns)
    )
    return (
        f'<table class="old-new"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{markup.old_new(rows, '../', columns)}</tbody></table>"
    )


# -- All versions ------------------------------------------------------------------


def list_page(app: Sphinx, policy: str, versions: list[Version]) -> Page:
    """Return the list of all versions, the newest first."""
    rows: list[str] = []
    for before, version in pairwise([None, *versions]):
        assert version
        rows[:0] = list_rows(app, version, before)
    titles = [_("Published"), _("Applies from"), _("What changed")]
    heads = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    title = versions[-1].text(app.config.language).title
    sum_of_all = seal.head(Path(app.confdir, archive.FOLDER, policy))
    words = _(
        "All published texts are sealed, one after the other. This is the SHA-256 of "
        "the last seal:"
    )
    name = _("Versions")
    current = links_to_current(app, policy) or [escape(_("This policy was withdrawn."))]
    body = (
        f"<h1>{escape(title)}<br><small>{escape(name)}</small></h1>"
        f'<p class="version-note">{current[0]}</p>'
        f'<table class="versions"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
        f'<p class="seal">{escape(words)} <code>{sum_of_all}</code></p>'
    )
    shown = VersionPage(policy, tuple(versions[-1].published), is_listed=True)
    return page("versions", f"{title} · {name}", body, shown)


def list_rows(app: Sphinx, version: Version, before: Version | None) -> list[str]:
    """Return the rows of a version and of its corrections, the newest first."""
    language, day = app.config.language, version.day
    links = [link(f"{day}.html", _("Text")), link(f"{day}.pdf", "PDF")]
    if before:
        links[1:1] = [
            link(f"{day}-changes.html", _("Changes")),
            link(f"{day}-old-new.html", _("Side by side")),
        ]
    fields = version.published[language].fields
    summary = fields.get("summary") or _("First version")
    rows = [row(app, day, version.effective, summary, links)]
    for name, text in version.corrections.get(language, {}).items():
        words = _("Correction: %(what)s") % {"what": text.fields["reason"]}
        uri = f"{day}-corrected-{name}"
        links = [
            link(f"{uri}.html", _("Changes")),
            link(f"{uri}-old-new.html", _("Side by side")),
        ]
        rows.insert(0, row(app, text.fields["corrected"], "", words, links))
    return rows


def row(app: Sphinx, day: str, effective: str, words: str, links: list[str]) -> str:
    """Return a row of the list of versions."""
    times = [
        f'<time datetime="{one}">{escape(in_words(app, one))}</time>' if one else "—"
        for one in (day, effective)
    ]
    published, applies = escape(_("Published")), escape(_("Applies from"))
    return (
        f'<tr><th scope="row" data-label="{published}">{times[0]}</th>'
        f'<td data-label="{applies}">{times[1]}</td>'
        f"<td>{escape(words)}<br>{' · '.join(links)}</td></tr>"
    )


# -- The page of the policy, and the front page -------------------------------------


def add_withdrawn(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Lead from the front page to the versions of policies that were withdrawn."""
    links = [
        link(f"{policy}/versions.html", versions[-1].text(app.config.language).title)
        for policy in archive.versions(app)
        if archive.is_withdrawn(app, policy)
        and (versions := archive.in_language(app, policy))
    ]
    if links and pagename == app.config.root_doc:
        words = escape(_("Withdrawn policies: %(links)s"))
        words %= {"links": " · ".join(links)}
        context["body"] += f'<p class="version-note">{words}</p>'


def add_dates(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Say on the page of a policy from when it applies, and where its versions are."""
    versions = archive.in_language(app, pagename) if doctree else []
    if not versions:
        return
    last = versions[-1]
    links = [link(f"{pagename}/versions.html", _("Versions and changes"))]
    if len(versions) > 1:
        changes = f"{pagename}/{last.day}-changes.html"
        links.insert(0, link(changes, _("See what changed")))
    words = escape(_("Applies from %(day)s.") % {"day": in_words(app, last.effective)})
    note = f'<p class="version-note">{words} {" · ".join(links)}</p>'
    if len(versions) > 1 and last.effective > last.day:
        before = versions[-2]
        until = _("Until then, the version of %(day)s applies.") % {
            "day": in_words(app, before.day)
        }
        sentence = link(f"{pagename}/{before.day}.html", until)
        note += until_day(
            f'<p class="version-note" data-until="{last.effective}">{sentence}</p>'
        )
    note += correction_notes(app, last, folder=f"{pagename}/")
    context["body"] = note + context["body"]


# Removes the element before it from its day on. The build cannot: it knows no today.
SCRIPT = (
    "<script>{const it=document.currentScript.previousElementSibling;"
    "if(new Date()>=new Date(it.dataset.until))it.remove()}</script>"
)


def until_day(html: str) -> str:
    """Return *html*, one element, with the script that removes it at ``data-until``."""
    return html + SCRIPT


def add_style(app: Sphinx, config: Config) -> None:
    """Bring the style sheet, once there is something to show with it."""
    if any(Path(app.confdir, archive.FOLDER).glob("*/*")):
        config.html_static_path = [*config.html_static_path, str(STATIC)]
        app.add_css_file("versions.css")


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.base.settings")
    app.setup_extension("policy_site.text.policies")
    app.connect("config-inited", add_style)
    app.connect("html-collect-pages", collect)
    app.connect("html-page-context", add_withdrawn)
    app.connect("html-page-context", add_dates)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
