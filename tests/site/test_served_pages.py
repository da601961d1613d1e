"""The published pages are valid, light and steady, and Lighthouse finds no fault."""

import json

import pytest

from tests.support import KNOWN_LANGUAGES, LANGUAGES, ROOT, run

PATH = f"{ROOT / '.venv/bin'}:/usr/local/bin:/usr/bin:/bin"
VIEWPORTS = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 800},
}
each_language = pytest.mark.parametrize("language", KNOWN_LANGUAGES)
each_viewport = pytest.mark.parametrize("viewport", VIEWPORTS)


def test_every_page_is_valid_html(site, nu, tmp_path):
    pages = sorted(site.published.rglob("*.html"))
    assert len(pages) >= 4 * len(LANGUAGES)
    assert nu(*pages, ROOT / "_static/favicon.svg") == []
    broken = tmp_path / "broken.html"
    broken.write_text("<!doctype html><title>t</title><p><li>", encoding="utf-8")
    assert nu(broken)


@each_language
def test_policy_weighs_less_than_60_kilobytes(served, browser, language):
    context = browser.new_context()
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sent = []
    network.on(
        "Network.loadingFinished", lambda one: sent.append(one["encodedDataLength"])
    )
    page.goto(f"{served}{language}/privacy-policy", wait_until="networkidle")
    assert len(sent) >= 5
    assert 20_000 < sum(sent) < 60_000
    context.close()


@each_language
@each_viewport
@pytest.mark.parametrize("name", ["", "privacy-policy", "search?q=IoTone"])
def test_nothing_moves_while_a_page_loads(served, browser, language, viewport, name):
    """A busy machine may paint half of a header that it has read; not each time."""
    loads = (
        shifts(browser, viewport, f"{served}{language}/{name}") for _load in range(3)
    )
    assert [] in loads


def shifts(browser, viewport, address):
    """Return what moved while the page at *address* was loaded, and by how much."""
    page = browser.new_page(viewport=VIEWPORTS[viewport])
    page.goto(address, wait_until="networkidle")
    found = page.evaluate(
        """() => new Promise((resolve) => {
            const found = [];
            const describe = ({ value, sources }) =>
                [value, ...sources.map(({ node }) => node?.outerHTML?.slice(0, 80))];
            new PerformanceObserver((list) => found.push(...list.getEntries()))
                .observe({ type: "layout-shift", buffered: true });
            // What was observed before is told before the next frame but one.
            requestAnimationFrame(() => requestAnimationFrame(
                () => setTimeout(() => resolve(found.map(describe)))));
        })"""
    )
    page.close()
    return found


@each_language
@each_viewport
def test_lighthouse_gives_full_marks(served, page_tools, tmp_path, language, viewport):
    """For all that does not depend on how fast this machine is."""
    marks = ["accessibility", "best-practices", "seo"]
    report = tmp_path / "report.json"
    result = run(
        str(page_tools / ".bin/lighthouse"),
        f"{served}{language}/privacy-policy",
        f"--only-categories={','.join(marks)}",
        "--chrome-flags=--headless=new --no-sandbox",
        f"--output-path={report}",
        *["--output=json", "--quiet"],
        *(["--preset=desktop"] if viewport == "desktop" else []),
        PATH=PATH,
        CHROME_PATH="/usr/bin/chromium",
    )
    assert report.is_file(), result.stderr
    found = json.loads(report.read_text(encoding="utf-8"))
    scores = {mark: found["categories"][mark]["score"] for mark in marks}
    faults = [key for key, audit in found["audits"].items() if audit["score"] == 0]
    assert scores == dict.fromkeys(marks, 1), faults
