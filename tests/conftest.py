"""Shared by all tests: the facts of the repository and what `make` built of it.

The pages and PDFs are built once. A test that changes something works on a copy
of the files that git would commit, with the same virtual environment.
"""

import os
import runpy
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FACTS = runpy.run_path(str(ROOT / "conf.py"))
LANGUAGES = FACTS["languages"]
TRANSLATIONS = [language for language in LANGUAGES if language != "en"]
POLICIES = sorted(
    path.stem for path in (ROOT / "source").glob("*.md") if path.stem != "index"
)
PAGES = ["index", *POLICIES]


def run(*command, cwd=ROOT, **variables):
    """Run *command* as a person would, outside any other make; return what it did."""
    env = {
        key: value for key, value in os.environ.items() if not key.startswith("MAKE")
    }
    env |= {"LC_ALL": "C.UTF-8"} | variables
    return subprocess.run(
        command,
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def wait_until(condition):
    """Wait, for a minute, until *condition* returns what is true."""
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("this never came true")


def tracked_files():
    """Return the paths, from the root, of the files that git would commit."""
    listing = run("git", "ls-files", "--cached", "--others", "--exclude-standard")
    return [name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


class Checkout:
    """A copy of the repository to break things in."""

    def __init__(self, path):
        self.path = path
        for name in tracked_files():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            # With its time: a newer requirements.txt would set up .venv anew.
            shutil.copy2(ROOT / name, path / name)

    def make(self, *targets, **variables):
        return run(
            "make", *targets, f"VENV={ROOT / '.venv'}", cwd=self.path, **variables
        )

    def edit(self, name, old, new):
        """Replace the only *old* in the file *name* by *new*."""
        text = (self.path / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{text.count(old)} times in {name}: {old}"
        (self.path / name).write_text(text.replace(old, new), encoding="utf-8")

    def write(self, name, text):
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_text(text, encoding="utf-8")

    def output(self):
        """Return the contents of all built pages and PDFs."""
        folders = [self.path / "build/html", self.path / "build/pdf"]
        return {
            str(file.relative_to(self.path)): file.read_bytes()
            for folder in folders
            for file in folder.rglob("*")
            if file.is_file()
        }


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path / "checkout")


class Site:
    """The built pages and PDFs."""

    def __init__(self, build):
        self.build = build
        self.pages = {}

    def html_path(self, language, page):
        return self.build / "html" / language / f"{page}.html"

    def page(self, language, page):
        """Return the parsed page."""
        key = language, page
        if key not in self.pages:
            html = self.html_path(language, page).read_text(encoding="utf-8")
            self.pages[key] = BeautifulSoup(html, "html5lib")
        return self.pages[key]

    def article(self, language, page):
        """Return the part of the page that is the text."""
        return self.page(language, page).select_one("article")

    def pdf_path(self, language, policy):
        name = f"{FACTS['pdf_prefix']}-{policy}-{language}.pdf"
        return self.build / "pdf" / name

    def pdf_text(self, language, policy):
        """Return the text of the PDF as a viewer's search sees it, page by page."""
        document = pypdfium2.PdfDocument(self.pdf_path(language, policy))
        return [page.get_textpage().get_text_bounded() for page in document]


@pytest.fixture(scope="session")
def site():
    result = run("make", "html", "latexpdf")
    assert result.returncode == 0, result.stdout + result.stderr
    return Site(ROOT / "build")


@pytest.fixture(scope="session")
def published(site):
    """The folder to publish."""
    result = run("make", "site")
    assert result.returncode == 0, result.stdout + result.stderr
    return ROOT / "build/site"


@contextmanager
def serve(root):
    """Serve build/site/ of *root* as a host does; give its address, with a slash."""
    command = [ROOT / ".venv/bin/python", "-m", "tools.serve", "--port=0"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE) as server:
        try:
            yield server.stdout.readline().decode().strip()
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def served(published):
    """The address of the folder to publish, with a slash."""
    with serve(ROOT) as address:
        yield address


def title_of(heading):
    """Return the text of a heading, without the mark that links to it."""
    return heading.get_text().rstrip("¶").strip()


def blocks(article):
    """Return the texts of a page's headings, paragraphs, items and lines, in order.

    Without the marks of headings and without notices, which are not the policy.
    """
    found = []
    for node in article.select("h1, h2, h3, h4, p, .line, li"):
        if node.find_parent(class_="admonition") or (
            node.name == "li" and node.find(["p", "ul", "ol"])
        ):
            continue
        text = "".join(
            part for part in node.strings if not part.find_parent(class_="headerlink")
        )
        found.append(" ".join(text.split()))
    return found


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
def axe():
    """Return the script of axe-core."""
    result = run("make", "tools/pages/node_modules")
    assert result.returncode == 0, result.stderr
    return ROOT / "tools/pages/node_modules/axe-core/axe.min.js"
