"""A privacy policy does not watch its readers."""

import pytest

from tests.support import KNOWN_LANGUAGES, KNOWN_PAGES, LANGUAGES, PAGES


@pytest.mark.parametrize("language", KNOWN_LANGUAGES)
@pytest.mark.parametrize("page_name", [*KNOWN_PAGES, "search"])
def test_reader_leaves_no_trace_and_nothing_is_refused(
    known_site, browser, language, page_name
):
    context = browser.new_context()
    page = context.new_page()
    requests, refused = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on(
        "console",
        lambda line: "Security Policy" in line.text and refused.append(line.text),
    )
    page.goto(known_site.html_path(language, page_name).as_uri())
    page.locator(".theme-toggle:visible").click()
    page.locator(".languages a:visible").click()
    page.wait_for_url(lambda url: f"/{language}/" not in url)
    kept = page.evaluate("[Object.keys(localStorage), sessionStorage.length]")
    assert kept == [["theme"], 0]
    page.locator(".sidebar-search").fill("GDPR")
    page.keyboard.press("Enter")
    page.locator("#search-results a").first.wait_for()
    assert refused == []
    # From a file, pictures of the style sheet are addresses of their own.
    own = (known_site.build.as_uri(), "data:")
    assert [address for address in requests if not address.startswith(own)] == []
    assert context.cookies() == []
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page_name", [*PAGES, "search"])
def test_page_asks_for_nothing_of_others(site, browser, language, page_name):
    page = browser.new_page()
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(site.html_path(language, page_name).as_uri())
    assert requests
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page_name", [*PAGES, "search"])
def test_page_allows_nothing_but_its_own(site, browser, language, page_name):
    soup = site.page(language, page_name)
    policy = soup.select_one("meta[http-equiv=Content-Security-Policy]")["content"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'sha256-")
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy
    assert soup.select_one("meta[name=referrer]")["content"] == "no-referrer"
    page = browser.new_page()
    page.goto(site.html_path(language, page_name).as_uri())
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "document.title = 'run'";
            document.body.append(script);
        }"""
    )
    assert page.title() != "run"
    page.close()


def test_read_the_docs_may_add_its_scripts(checkout):
    assert checkout.make("html-en", READTHEDOCS="True").returncode == 0
    page = (checkout.path / "build/html/en/index.html").read_text(encoding="utf-8")
    assert "Content-Security-Policy" not in page
