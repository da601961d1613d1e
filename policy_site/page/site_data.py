"""What ``make site`` has to know of the pages in a language, as ``site-data.json``.

tools/make_site.py puts the languages together: it writes the page that sends readers
to their language, the page for an address outside of all, and the sitemap.
"""

import json
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from policy_site.base import languages
from policy_site.page import head, not_found
from policy_site.versions import archive
from policy_site.versions.archive import Version
from policy_site.versions.pages import VersionPage

FILE_NAME = "site-data.json"


def page_data(app: Sphinx, docname: str) -> dict[str, Any]:
    """Return the address of a page, its last change, and it in other languages."""
    base = app.config.html_baseurl
    address = head.without_index(f"{base}{docname}.html") if base else ""
    day = app.config.policies.get(docname, {}).get("updated")
    return {
        "address": address,
        "updated": day.isoformat() if day else None,
        "alternates": head.alternates(app, docname, address),
    }


def list_data(
    app: Sphinx, policy: str, versions: list[Version]
) -> list[dict[str, Any]]:
    """Return the same of the list of a policy's versions, if the language has one."""
    last = versions[-1]
    if app.config.language not in last.published:
        return []
    name = f"{policy}/versions"
    shown = VersionPage(policy, tuple(last.published), is_listed=True)
    address = f"{app.config.html_baseurl}{name}.html" if app.config.html_baseurl else ""
    return [
        {
            "address": address,
            "updated": last.day,
            "alternates": head.alternates(app, name, address, shown),
        }
    ]


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the file into the folder of the pages."""
    if app.builder.name != "html" or exception:
        return
    data = {
        "code": languages.tag(app.config.language),
        "name": languages.native_name(app.config.language),
        "title": app.config.html_title,
        "description": head.describe(app, app.config.root_doc, None),
        "not_found": not_found.texts(),
        "pages": [page_data(app, docname) for docname in sorted(app.env.found_docs)],
    }
    for policy, versions in archive.versions(app).items():
        data["pages"] += list_data(app, policy, versions)
    text = json.dumps(data, ensure_ascii=False, indent=1)
    Path(app.outdir, FILE_NAME).write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.page.head")
    app.setup_extension("policy_site.page.not_found")
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
