"""Put together the folder to publish, build/site/, from the built pages and PDFs.

    python -m tools.make_site

It replaces the folder of the last run when all is there. Without ``site_url`` in
``conf.py`` it has no sitemap, which must give addresses in full.
"""

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from policy_site.base.errors import UserError, file_errors
from policy_site.base.languages import slug
from policy_site.base.settings import ROOT, read_conf
from policy_site.page import site_data
from policy_site.page.csp import security_policy

BUILD = ROOT / "build"

# What Sphinx keeps for itself, for other documentation and for its own search; and what
# only this program reads.
UNPUBLISHED = [
    ".buildinfo",
    "_sources",
    "objects.inv",
    "searchindex.js",
    site_data.FILE_NAME,
]

templates = Environment(
    loader=FileSystemLoader(ROOT / "_templates"),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


def copy_pages_and_pdfs(site: Path, languages: list[str]) -> dict[str, dict[str, Any]]:
    """Copy what was built; return what is known of the pages, by their folders.

    Raises UserError when a language lacks pages or PDFs.
    """
    known = {}
    for language in map(slug, languages):
        pages = BUILD / "html" / language
        data = pages / site_data.FILE_NAME
        pdfs = list(BUILD.glob(f"pdf/*-{language}.pdf"))
        if not data.is_file() or not pdfs:
            raise UserError(f"no pages or no PDF in {language!r}: run make site")
        known[language] = json.loads(data.read_text(encoding="utf-8"))
        ignore = shutil.ignore_patterns(*UNPUBLISHED)
        shutil.copytree(pages, site / language, ignore=ignore)
        (site / "pdf").mkdir(exist_ok=True)
        for pdf in pdfs:
            shutil.copy2(pdf, site / "pdf")
    return known


def write_landing_pages(
    site: Path, site_url: str, known: dict[str, dict[str, Any]]
) -> None:
    """Write the page that sends readers to their language, and its 404.html."""
    for name in ["index", "404"]:
        is_missing = name == "404"
        languages = [
            {
                "code": data["code"],
                "name": data["name"],
                "folder": folder,
                "title": (data["not_found"] if is_missing else data)["title"],
                "text": data["not_found"]["text"]
                if is_missing
                else data["description"],
            }
            for folder, data in known.items()
        ]
        html = templates.get_template("landing.html").render(
            languages=languages,
            is_missing=is_missing,
            # A host shows 404.html at any address.
            root=(urlsplit(site_url).path or "/") if is_missing else "",
            security_policy=security_policy,
        )
        (site / f"{name}.html").write_text(html, encoding="utf-8")


SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"


def write_sitemap(site: Path, known: dict[str, dict[str, Any]]) -> None:
    """List all pages, each with its translations.

    https://www.sitemaps.org/protocol.html
    https://developers.google.com/search/docs/specialty/international/localized-versions
    """
    ElementTree.register_namespace("", SITEMAP)
    ElementTree.register_namespace("xhtml", XHTML)
    sitemap = ElementTree.Element(f"{{{SITEMAP}}}urlset")
    for data in known.values():
        for page in data["pages"]:
            url = ElementTree.SubElement(sitemap, f"{{{SITEMAP}}}url")
            location = ElementTree.SubElement(url, f"{{{SITEMAP}}}loc")
            location.text = page["address"]
            if page["updated"]:
                changed = ElementTree.SubElement(url, f"{{{SITEMAP}}}lastmod")
                changed.text = page["updated"]
            for language, address in page["alternates"]:
                attributes = {"hreflang": language, "href": address}
                ElementTree.SubElement(
                    url, f"{{{XHTML}}}link", rel="alternate", **attributes
                )
    ElementTree.indent(sitemap)
    tree = ElementTree.ElementTree(sitemap)
    tree.write(site / "sitemap.xml", encoding="utf-8", xml_declaration=True)


def write_for_hosts(
    site: Path, site_url: str, known: dict[str, dict[str, Any]]
) -> None:
    """Write what robots, hosts, and whoever wants to check the files look for."""
    robots = "User-agent: *\nAllow: /\n"
    if site_url:
        write_sitemap(site, known)
        robots += f"Sitemap: {site_url}sitemap.xml\n"
    (site / "robots.txt").write_text(robots)
    for name in ["_headers", "_redirects"]:
        text = templates.get_template(name).render(languages=list(known))
        (site / name).write_text(text)
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(site)}\n"
        for path in sorted(site.rglob("*"))
        if path.is_file()
    ]
    (site / "SHA256SUMS").write_text("".join(sums))


@file_errors(ROOT)
def main() -> None:
    facts = read_conf()
    site_url = facts["site_url"]
    BUILD.mkdir(exist_ok=True)
    site = BUILD / "site"
    # Whatever happens, what is not whole, and what was there before, goes with it.
    with tempfile.TemporaryDirectory(dir=BUILD) as beside:
        new = Path(beside, "site")
        new.mkdir()
        known = copy_pages_and_pdfs(new, facts["languages"])
        write_landing_pages(new, site_url, known)
        write_for_hosts(new, site_url, known)
        if site.exists():
            site.rename(Path(beside, "before"))
        new.rename(site)
    print("build/site/")
    if not site_url:
        print(
            "No sitemap, and no page names its address: set site_url in conf.py to "
            "where you publish it."
        )


if __name__ == "__main__":
    main()
