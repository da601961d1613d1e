"""The feed of a policy's versions and corrections, for whoever wants to be told.

https://www.rfc-editor.org/rfc/rfc4287 Its ids are made of what was published first, so
they stay what they are when the pages move to another host.
"""

import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree

from sphinx.application import Sphinx
from sphinx.locale import _

from policy_site.versions import archive, seal
from policy_site.versions.archive import Version

ATOM = "http://www.w3.org/2005/Atom"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write(app: Sphinx, path: Path, versions: list[Version]) -> None:
    """Write the feed of *versions*, the newest first, to the file *path*."""
    language, base = app.config.language, app.config.html_baseurl
    policy = versions[0].policy
    folder = Path(app.confdir, archive.FOLDER, policy)
    title = versions[-1].text(language).title
    entries = list_entries(versions, language)
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed", {LANG: language})
    add(feed, "title", f"{app.config.author} · {title}")
    add(feed, "subtitle", _("SHA-256 of the last seal: %(sum)s") % {
        "sum": seal.head(folder)
    })  # fmt: skip
    add(feed, "id", make_id(folder, language))
    add(feed, "updated", f"{max(day for day, *_rest in entries)}T00:00:00Z")
    add(add(feed, "author"), "name", app.config.author)
    for kind, name in [("self", "versions.atom"), ("alternate", "versions.html")]:
        add(feed, "link", rel=kind, href=urljoin(base, f"{policy}/{name}"))
    for day, name, summary, page in reversed(entries):
        entry = add(feed, "entry")
        add(entry, "title", name)
        add(entry, "id", make_id(folder, f"{language}/{page}"))
        add(entry, "published", f"{day}T00:00:00Z")
        add(entry, "updated", f"{day}T00:00:00Z")
        add(entry, "link", rel="alternate", href=urljoin(base, f"{policy}/{page}.html"))
        add(entry, "summary", summary)
    ElementTree.indent(feed)
    tree = ElementTree.ElementTree(feed)
    tree.write(path, encoding="utf-8", xml_declaration=True)


def make_id(policy: Path, name: str) -> str:
    """Return the id of *name*, which there is once among the versions of a policy.

    A tag: URI would name the host, which may change. It is a UUID within a namespace,
    the beginning of the sum of the policy's first seal:
    https://www.rfc-editor.org/rfc/rfc9562#section-5.5
    """
    namespace = uuid.UUID(seal.digest(seal.seals(policy)[0])[:32])
    return uuid.uuid5(namespace, name).urn


def list_entries(
    versions: list[Version], language: str
) -> list[tuple[str, str, str, str]]:
    """Return (day, title, summary, page) of each version and correction, by day."""
    entries = []
    for version in versions:
        fields = version.published[language].fields
        summary = fields.get("summary") or _("First version")
        entries.append(
            (version.day, f"{fields['title']} ({version.day})", summary, version.day)
        )
        for name, text in version.corrections.get(language, {}).items():
            title = _("Correction: %(what)s") % {"what": fields["title"]}
            page = f"{version.day}-corrected-{name}"
            day, reason = text.fields["corrected"], text.fields["reason"]
            entries.append((day, title, reason, page))
    return sorted(entries, key=lambda entry: entry[0])


def add(
    parent: ElementTree.Element, name: str, text: str | None = None, **attributes: Any
) -> ElementTree.Element:
    """Add an element to *parent*, and return it."""
    element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text
    return element
