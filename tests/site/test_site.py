"""The folder to publish, served as a host does and read from its front page on."""

import gzip
import re
import shutil
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import html5lib
import pytest
from bs4 import BeautifulSoup
from lxml import etree

from policy_site.base.languages import slug
from tests.support import (
    AXE,
    FACTS,
    KNOWN_LANGUAGES,
    KNOWN_PAGES,
    KNOWN_SITE,
    LANGUAGES,
    PHONE,
    POLICIES,
    PYTHON,
    ROOT,
    ZOOMED,
    Site,
    run,
    serve,
)

each_language = pytest.mark.parametrize("language", KNOWN_LANGUAGES)

SITE_URL = "https://policies.example/company/"
NAMESPACES = {
    "sitemap": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xhtml": "http://www.w3.org/1999/xhtml",
}


class Response:
    """What a server sends, after redirects, without compression."""

    def __init__(self, url):
        request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
        try:
            answer = urllib.request.urlopen(request)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            self.url, self.status, self.headers = (
                answer.url,
                answer.status,
                answer.headers,
            )
            self.sent = answer.read()
        is_gzip = self.headers["Content-Encoding"] == "gzip"
        self.body = gzip.decompress(self.sent) if is_gzip else self.sent
        self.type = self.headers["Content-Type"]

    @property
    def page(self):
        return BeautifulSoup(self.body, "html5lib")


def links(response):
    """Return the addresses that a page or style sheet refers to."""
    if response.type.startswith("text/html"):
        found = [
            node.get("href") or node.get("src") or node.get("action")
            for node in response.page.select("[href], [src], [action]")
        ]
    elif response.type.startswith("text/css"):
        found = re.findall(r"""url\(["']?([^"')]+)""", response.body.decode())
    else:
        found = []
    return [urljoin(response.url, link) for link in found if link[:5] != "data:"]


def dead_links(response):
    """Return the addresses that a page refers to, other than its own, that fail."""
    others = {link.partition("#")[0] for link in links(response)} - {response.url}
    return [link for link in others if Response(link).status != 200]


def crawl(start):
    """Return the response at each address that *start* leads to, and other links."""
    responses, others, waiting = {}, set(), [start]
    while waiting:
        address = waiting.pop().partition("#")[0]
        if urlsplit(address).netloc != urlsplit(start).netloc:
            others.add(address)
        elif address not in responses:
            responses[address] = Response(address)
            waiting += links(responses[address])
    return responses, others


@pytest.fixture(scope="module")
def crawled(site):
    """All that a reader of the repository's site comes to."""
    with serve(ROOT) as address:
        yield crawl(address)


def test_every_link_leads_somewhere(crawled):
    responses, _others = crawled
    assert {address for address, one in responses.items() if one.status != 200} == set()
    root = urlsplit(FACTS["site_url"]).path.rstrip("/")
    names = {
        urlsplit(response.url).path.removeprefix(root)
        for response in responses.values()
    }
    for folder in map(slug, LANGUAGES):
        assert {f"/{folder}/", f"/{folder}/search"} <= names
        assert {f"/{folder}/{policy}" for policy in POLICIES} <= names
    pdfs = {path for path in names if path.endswith(".pdf")}
    assert len(pdfs) == len(POLICIES) * len(LANGUAGES)


def test_every_link_to_a_section_finds_it(crawled):
    responses, _ = crawled
    pages = {
        address: response.page
        for address, response in responses.items()
        if response.type.startswith("text/html")
    }
    anchors = [
        link.partition("#")
        for address, page in pages.items()
        for link in links(responses[address])
        if "#" in link
    ]
    assert anchors
    for address, _, anchor in anchors:
        # A fragment without a name is the top of the page.
        assert not anchor or pages[address].find(id=anchor), f"{address}#{anchor}"


JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


@each_language
def test_page_speaks_one_language(served, language):
    responses, others = crawl(served)
    assert {urlsplit(address).scheme for address in others} == {"mailto", "tel"}
    pages = [
        response.page
        for response in responses.values()
        if urlsplit(response.url).path.startswith(f"/{language}/")
        and response.type.startswith("text/html")
    ]
    assert len(pages) >= len(KNOWN_PAGES)
    for page in pages:
        assert page.html["lang"] == language
        # What speaks another language says so; the search holds names of languages.
        for node in page.select("[lang]:not(html), script"):
            node.extract()
        assert bool(JAPANESE.search(page.title.text)) == (language == "ja")
        assert bool(JAPANESE.search(page.h1.text)) == (language == "ja")
        if language == "en":
            assert not JAPANESE.search(str(page))


@pytest.mark.parametrize(
    "path, expected",
    [
        ("", "text/html; charset=utf-8"),
        ("ja/privacy-policy", "text/html; charset=utf-8"),
        ("ja/_static/page.css", "text/css; charset=utf-8"),
        ("ja/_static/switch.js", "text/javascript; charset=utf-8"),
        ("ja/_static/favicon.svg", "image/svg+xml"),
        ("pdf/iotone-japan-privacy-policy-ja.pdf", "application/pdf"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("SHA256SUMS", "text/plain; charset=utf-8"),
    ],
)
def test_file_says_what_it_is(served, path, expected):
    response = Response(served + path)
    assert response.status == 200
    assert response.type == expected
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["", "x", *[f"{one}/x" for one in KNOWN_LANGUAGES]])
def test_page_is_valid_for_the_parser(served, path):
    html5lib.HTMLParser(strict=True).parse(Response(served + path).body.strip())


def test_page_is_sent_compressed(served):
    response = Response(served + "en/privacy-policy")
    assert len(response.sent) < len(response.body) / 2


# -- The page above the languages --------------------------------------------------


@pytest.mark.parametrize(
    "locale, path",
    [
        ("ja-JP", "/ja/"),
        ("ja", "/ja/"),
        ("en-US", "/en/"),
        ("en-GB", "/en/"),
        ("fr-FR", "/"),
    ],
)
def test_front_page_sends_readers_to_their_language(served, browser, locale, path):
    context = browser.new_context(locale=locale)
    page = context.new_page()
    refused = []
    page.on("console", lambda line: refused.append(line.text))
    page.goto(served)
    page.wait_for_url(lambda address: urlsplit(address).path == path)
    # Who is sent by mistake would be there by now.
    page.wait_for_load_state("networkidle")
    assert urlsplit(page.url).path == path
    assert refused == []
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    context.close()


def test_back_leads_to_where_the_reader_came_from(served, browser):
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    page.goto(served + "en/privacy-policy")
    page.goto(served)
    page.wait_for_url("**/ja/")
    page.go_back()
    page.wait_for_load_state("networkidle")
    assert urlsplit(page.url).path == "/en/privacy-policy"
    context.close()


@pytest.mark.parametrize("accepted", [["fr-FR", "ja-JP", "en-US"], ["ja", "en"]])
def test_first_language_that_is_here_wins(served, browser, accepted):
    context = browser.new_context()
    context.add_init_script(
        f"Object.defineProperty(navigator, 'languages', {{ get: () => {accepted} }})"
    )
    page = context.new_page()
    page.goto(served)
    page.wait_for_url("**/ja/")
    context.close()


@each_language
def test_without_scripts_readers_choose(served, browser, language):
    context = browser.new_context(java_script_enabled=False, locale="ja-JP")
    page = context.new_page()
    page.goto(served)
    page.locator(f"a[hreflang={language}]").click()
    assert urlsplit(page.url).path == f"/{language}/"
    context.close()


def test_front_page_works_from_the_file_system(known_site, browser):
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    page.goto((known_site.published / "index.html").as_uri())
    page.wait_for_url("**/ja/index.html")
    pdf = page.locator('a[href$="privacy-policy-ja.pdf"]').first
    target = urlsplit(pdf.evaluate("link => link.href")).path
    assert Path(target).is_file() and Path(target).is_relative_to(known_site.published)
    context.close()


# -- Addresses where there is no page ----------------------------------------------


@each_language
@pytest.mark.parametrize("path", ["x", "x/y/z", "x/y/z/", "_static/x.css"])
def test_missing_page_is_whole_at_any_depth(served, browser, language, path):
    page = browser.new_page()
    failed, refused = [], []
    page.on("response", lambda one: one.status >= 400 and failed.append(one.url))
    page.on(
        "console",
        lambda line: "Security Policy" in line.text and refused.append(line.text),
    )
    address = f"{served}{language}/{path}"
    assert page.goto(address).status == 404
    assert failed == [address] and refused == []
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").inner_text() in page.title()
    page.locator("article a").first.click()
    assert urlsplit(page.url).path == f"/{language}/"
    page.goto(address)
    page.locator(".sidebar-search").fill("IoTone")
    page.keyboard.press("Enter")
    page.locator("#search-results a").first.wait_for()
    page.goto(address)
    other = page.locator(".languages a:visible").first
    code = other.get_attribute("lang")
    other.click()
    assert code != language and urlsplit(page.url).path == f"/{code}/"
    page.close()


@each_language
def test_missing_page_on_read_the_docs_stays_in_its_version(checkout, language):
    result = checkout.make(f"html-{language}", READTHEDOCS="True")
    assert result.returncode == 0, result.stderr
    page = Site(checkout.path).page(language, "404")
    paths = [
        node.get("href") or node.get("src") for node in page.select("link, script")
    ]
    assert f"/{language}/latest/_static/page.css" in {
        path.partition("?")[0] for path in paths if path
    }
    assert page.select_one("article a")["href"] == f"/{language}/latest/index.html"


@pytest.mark.parametrize("path", ["", "x", "en/x", "ja/x"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(served, browser, axe, path, scheme):
    page = browser.new_page(
        locale="fr-FR", color_scheme=scheme, bypass_csp=True, viewport=PHONE
    )
    page.goto(served + path)
    page.add_script_tag(path=axe)
    found = page.evaluate(AXE)["violations"]
    assert [
        (rule["id"], node["html"]) for rule in found for node in rule["nodes"]
    ] == []
    # Nothing scrolls sideways, at 400 %, either.
    page.set_viewport_size(ZOOMED)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


@each_language
def test_links_of_missing_page_lead_somewhere(served, language):
    start = Response(f"{served}{language}/x/y/z")
    assert start.status == 404
    assert dead_links(start) == []


def test_missing_page_outside_of_languages_offers_all(served, browser):
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    assert page.goto(served + "x/y").status == 404
    # It says so, and sends nobody anywhere.
    page.wait_for_load_state("networkidle")
    assert page.url == served + "x/y"
    for language in KNOWN_LANGUAGES:
        title = Response(f"{served}{language}/x").page.h1.get_text(strip=True)
        assert page.locator(f"h1 [lang={language}]").inner_text() == title
    page.locator("a[hreflang=ja]").click()
    assert urlsplit(page.url).path == "/ja/"
    context.close()


@pytest.mark.parametrize("path", ["x", *[f"{one}/x" for one in KNOWN_LANGUAGES]])
def test_missing_page_is_kept_from_search_engines(served, path):
    page = Response(served + path).page
    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    assert not page.select("link[rel=canonical], link[hreflang]")


# -- For hosts and search engines --------------------------------------------------


def test_host_adds_headers(served):
    for path in [
        "",
        "en/privacy-policy",
        "x",
        "pdf/iotone-japan-privacy-policy-en.pdf",
    ]:
        headers = Response(served + path).headers
        assert headers["Content-Security-Policy"] == "frame-ancestors 'none'"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        assert headers["Permissions-Policy"].startswith("camera=()")
        assert "must-revalidate" in headers["Cache-Control"]
    style = Response(served + "en/_static/page.css")
    assert style.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("name", ["_headers", "_redirects"])
def test_what_is_for_the_host_is_not_served(served, known_site, name):
    assert (known_site.published / name).is_file()
    assert Response(served + name).status == 404


def test_unchanged_page_is_not_sent_again(served):
    etag = Response(served + "en/").headers["ETag"]
    request = urllib.request.Request(served + "en/", headers={"If-None-Match": etag})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    assert caught.value.status == 304


def test_server_takes_no_data(served):
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(served + "en/", data=b"x")
    assert caught.value.status == 405
    assert caught.value.headers["Allow"] == "GET, HEAD"


def test_redirects_send_nobody_in_circles(site):
    rules = [
        line.split()
        for line in (site.published / "_redirects").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    # Netlify keeps the address and answers 404; Cloudflare Pages leaves these out.
    assert rules == [
        [f"/{one}/*", f"/{one}/404.html", "404"] for one in map(slug, LANGUAGES)
    ]
    for _, target, _ in rules:
        assert (site.published / target[1:]).is_file()


def test_sums_are_those_of_all_files(site):
    published = site.published
    result = run(
        "sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS", cwd=published
    )
    assert result.returncode == 0, result.stdout
    files = {str(path.relative_to(published)) for path in published.rglob("*")}
    folders = {name for name in files if (published / name).is_dir()}
    sums = (published / "SHA256SUMS").read_text().splitlines()
    assert {line.split("  ")[1] for line in sums} == files - folders - {"SHA256SUMS"}


def test_without_an_address_there_is_no_sitemap(known_site):
    published = known_site.published
    assert not (published / "sitemap.xml").exists()
    assert (published / "robots.txt").read_text() == "User-agent: *\nAllow: /\n"
    assert (
        "site_url"
        in run(PYTHON, "-m", "tools.make_site", cwd=published.parent.parent).stdout
    )


def assemble(checkout):
    return run(PYTHON, "-m", "tools.make_site", cwd=checkout.path)


@pytest.fixture
def built(checkout, known_site):
    """A checkout with pages, of an address of their own, and PDFs."""
    checkout.edit("conf.py", 'site_url = ""', f'site_url = "{SITE_URL}"')
    assert checkout.make("html").returncode == 0
    shutil.copytree(known_site.build / "pdf", checkout.path / "build/pdf")
    return checkout


def test_sitemap_lists_every_page_and_its_translations(built):
    result = assemble(built)
    assert result.returncode == 0, result.stderr
    assert "site_url" not in result.stdout
    folder = built.path / "build/site"
    robots = (folder / "robots.txt").read_text()
    assert robots.endswith(f"\nSitemap: {SITE_URL}sitemap.xml\n")

    tree = etree.parse(folder / "sitemap.xml")
    alternates = {
        entry.findtext("sitemap:loc", namespaces=NAMESPACES): {
            link.get("hreflang"): link.get("href")
            for link in entry.findall("xhtml:link[@rel='alternate']", NAMESPACES)
        }
        for entry in tree.getroot().findall("sitemap:url", NAMESPACES)
    }
    assert len(alternates) == len(KNOWN_LANGUAGES) * len(KNOWN_PAGES)
    for entry in tree.getroot():
        address, day = (
            entry.findtext(f"sitemap:{name}", namespaces=NAMESPACES)
            for name in ["loc", "lastmod"]
        )
        if address.endswith("/"):
            assert day is None
        else:
            source = KNOWN_SITE / "source" / f"{Path(address).stem}.md"
            assert f"\nupdated: {day}\n" in source.read_text(encoding="utf-8")
    with serve(built.path) as local:
        assert urlsplit(local).path == urlsplit(SITE_URL).path
        for address, others in alternates.items():
            assert set(others) == {*KNOWN_LANGUAGES, "x-default"}
            assert address in others.values()
            # Each of the others says the same.
            for other in others.values():
                assert alternates[other] == others
            response = Response(address.replace(SITE_URL, local))
            assert response.status == 200
            canonical = response.page.select_one("link[rel=canonical]")
            assert canonical["href"] == address
        for path in ["x/y", "ja/x/y"]:
            missing = Response(local + path)
            assert missing.status == 404
            assert all(link.startswith(local) for link in links(missing))
            assert dead_links(missing) == []


# -- Mistakes ----------------------------------------------------------------------


def test_what_is_no_longer_built_is_no_longer_there(built):
    folder = built.path / "build/site"
    assert assemble(built).returncode == 0
    before = {path.relative_to(folder) for path in folder.rglob("*")}
    (folder / "en/withdrawn.html").write_text("")
    assert assemble(built).returncode == 0
    assert {path.relative_to(folder) for path in folder.rglob("*")} == before
    assert not list((built.path / "build").glob("tmp*"))


def test_what_fails_leaves_the_folder_as_it_was(built):
    folder = built.path / "build/site"
    assert assemble(built).returncode == 0
    before = (folder / "SHA256SUMS").read_text()
    for pdf in (built.path / "build/pdf").glob("*-ja.pdf"):
        pdf.unlink()
    result = assemble(built)
    assert result.returncode == 1
    assert "'ja'" in result.stderr and "Traceback" not in result.stderr
    assert (folder / "SHA256SUMS").read_text() == before
    check = run("sha256sum", "--check", "--quiet", "SHA256SUMS", cwd=folder)
    assert check.returncode == 0
    assert not list((built.path / "build").glob("tmp*"))


def test_server_says_what_is_missing(checkout):
    result = run(PYTHON, "-m", "tools.serve", cwd=checkout.path)
    assert result.returncode == 1
    assert "make site" in result.stderr and "Traceback" not in result.stderr
