"""Put together the folder to publish, build/site/, from the built pages and PDFs.

    python -m tools.make_site

It replaces the folder of the last run when all is there. Without ``site_url`` in
``conf.py`` it has no sitemap, which must give addresses in full.
"""

import hashlib
import json
import shutil
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from policy_site.base import languages
from policy_site.base.errors import UserError
from policy_site.base.settings import ROOT, read_conf
from policy_site.page.csp import security_policy

FACTS = read_conf()
LANGUAGES = FACTS["languages"]
SITE_URL = FACTS["site_url"]
BUILD = ROOT / "build"

# What Sphinx keeps for itself, for other documentation, and for its own search.
UNPUBLISHED = [".buildinfo", "_sources", "objects.inv", "searchindex.js"]

templates = Environment(
    loader=FileSystemLoader(ROOT / "_templates"),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


def read(page):
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def copy_pages_and_pdfs(site):
    """Copy what was built. Raises UserError when a language lacks pages or PDFs."""
    for language in LANGUAGES:
        pages = BUILD / "html" / language
        pdfs = list(BUILD.glob(f"pdf/*-{language}.pdf"))
        if not (pages / "index.html").is_file() or not pdfs:
            raise UserError(f"no pages or no PDF in {language!r}: run make site")
        ignore = shutil.ignore_patterns(*UNPUBLISHED)
        shutil.copytree(pages, site / language, ignore=ignore)
        (site / "pdf").mkdir(exist_ok=True)
        for pdf in pdfs:
            shutil.copy2(pdf, site / "pdf")


# -- The pages above the languages -------------------------------------------------


def describe(site, language, is_missing):
    """Return what a page above the languages says in *language*, from its own pages."""
    if is_missing:
        article = read(site / language / "404.html").select_one("article")
        title, text = article.h1.get_text(strip=True), article.p.get_text(strip=True)
    else:
        head = read(site / language / "index.html").head
        title = FACTS["company"].get(language, FACTS["company"]["en"])
        text = head.select_one("meta[name=description]")["content"]
    name = languages.native_name(language)
    return {"code": language, "name": name, "title": title, "text": text}


def write_pages_above(site):
    """Write the page that sends readers to their language, and its 404.html."""
    for name in ["index", "404"]:
        is_missing = name == "404"
        html = templates.get_template("landing.html").render(
            languages=[describe(site, code, is_missing) for code in LANGUAGES],
            is_missing=is_missing,
            # A host shows 404.html at any address.
            root=(urlsplit(SITE_URL).path or "/") if is_missing else "",
            security_policy=security_policy,
        )
        (site / f"{name}.html").write_text(html, encoding="utf-8")


# -- For search engines and hosts --------------------------------------------------

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"


def write_sitemap(site):
    """List the pages that name their translations, as they give their addresses.

    https://www.sitemaps.org/protocol.html
    https://developers.google.com/search/docs/specialty/international/localized-versions
    """
    xml.register_namespace("", SITEMAP)
    xml.register_namespace("xhtml", XHTML)
    sitemap = xml.Element(f"{{{SITEMAP}}}urlset")
    for language in LANGUAGES:
        for path in sorted((site / language).glob("*.html")):
            head = read(path).head
            alternates = head.select("link[rel=alternate][hreflang]")
            if not alternates:
                continue
            url = xml.SubElement(sitemap, f"{{{SITEMAP}}}url")
            address = head.select_one("link[rel=canonical]")["href"]
            xml.SubElement(url, f"{{{SITEMAP}}}loc").text = address
            data = json.loads(head.select_one("script[type$=json]").string)
            if day := data.get("dateModified"):
                xml.SubElement(url, f"{{{SITEMAP}}}lastmod").text = day
            for link in alternates:
                attributes = {key: link[key] for key in ["hreflang", "href"]}
                xml.SubElement(url, f"{{{XHTML}}}link", rel="alternate", **attributes)
    xml.indent(sitemap)
    tree = xml.ElementTree(sitemap)
    tree.write(site / "sitemap.xml", encoding="utf-8", xml_declaration=True)


def write_for_hosts(site):
    """Write what robots, hosts, and whoever wants to check the files look for."""
    robots = "User-agent: *\nAllow: /\n"
    if SITE_URL:
        write_sitemap(site)
        robots += f"Sitemap: {SITE_URL}sitemap.xml\n"
    (site / "robots.txt").write_text(robots)
    for name in ["_headers", "_redirects"]:
        text = templates.get_template(name).render(languages=LANGUAGES)
        (site / name).write_text(text)
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(site)}\n"
        for path in sorted(site.rglob("*"))
        if path.is_file()
    ]
    (site / "SHA256SUMS").write_text("".join(sums))


def main():
    BUILD.mkdir(exist_ok=True)
    site = BUILD / "site"
    # Whatever happens, what is not whole, and what was there before, goes with it.
    with tempfile.TemporaryDirectory(dir=BUILD) as beside:
        new = Path(beside, "site")
        new.mkdir()
        copy_pages_and_pdfs(new)
        write_pages_above(new)
        write_for_hosts(new)
        if site.exists():
            site.rename(Path(beside, "before"))
        new.rename(site)
    print("build/site/")
    if not SITE_URL:
        print(
            "No sitemap, and no page names its address: set site_url in conf.py to "
            "where you publish it."
        )


if __name__ == "__main__":
    main()
