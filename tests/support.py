"""What tests share that is no fixture: facts, copies of the repository, built sites.

Two sites are tested. *The repository's site* is what its owner publishes: tests know
none of its words, and derive what they expect from conf.py, source/ and locale/. *The
known site* belongs to the tests: its facts and texts, in data/known_site/, never
change, and tests may quote them.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import polib
import pypdfium2
from bs4 import BeautifulSoup, PageElement, Tag
from myst_parser.config.main import read_topmatter

from policy_site.base.languages import slug
from policy_site.base.settings import read_conf

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests/data"
PYTHON = str(ROOT / ".venv/bin/python")

# -- The repository's site -----------------------------------------------------

FACTS = read_conf(ROOT)
LANGUAGES = FACTS["languages"]
TRANSLATIONS = [language for language in LANGUAGES if language != "en"]
POLICIES = sorted(
    path.stem for path in (ROOT / "source").glob("*.md") if path.stem != "index"
)
PAGES = ["index", *POLICIES]


def front_matter(policy: str) -> dict[str, Any]:
    """Return the fields at the top of a policy."""
    return read_topmatter(source(policy)) or {}


def source(policy: str) -> str:
    """Return the Markdown of a policy."""
    return (ROOT / f"source/{policy}.md").read_text(encoding="utf-8")


def catalog(language: str, domain: str) -> polib.POFile:
    """Return the entries of a catalog of the repository."""
    return polib.pofile(str(ROOT / f"locale/{language}/LC_MESSAGES/{domain}.po"))


def translated(language: str, domain: str, msgid: str) -> str:
    """Return *msgid* as its catalog translates it; in English, itself."""
    if language == "en":
        return msgid
    entry = catalog(language, domain).find(msgid)
    assert entry, f"{domain}.po of {language} has no message {msgid!r}"
    return entry.msgstr


# -- The known site ------------------------------------------------------------

KNOWN_SITE = DATA / "known_site"
KNOWN_LANGUAGES = ["en", "ja"]
KNOWN_PAGES = ["index", "privacy-policy"]

# -- Commands ------------------------------------------------------------------


def run(
    *command: str | Path, cwd: Path = ROOT, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run *command* as in a person's shell, with the environment *variables*, too."""
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment(**variables),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def environment(**variables: str) -> dict[str, str]:
    """Return the variables of a person's shell: without those of make and pytest."""
    env = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("MAKE", "PYTEST"))
    }
    return env | {"LC_ALL": "C.UTF-8"} | variables


Result = TypeVar("Result")


def wait_until(condition: Callable[[], Result], seconds: float = 60) -> Result:
    """Call *condition* until what it returns is true, and return that.

    The seconds are those of an idle machine: on a busy one, it waits longer.
    """
    left = seconds
    while not (found := condition()):
        assert left > 0, "this never came true"
        time.sleep(0.05)
        left -= 0.05 / max(1, os.getloadavg()[0] / (os.cpu_count() or 1))
    return found


def free_port() -> str:
    """Return the number of a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


@contextmanager
def serve(root: Path) -> Iterator[str]:
    """Serve build/site/ of *root* as a host does; give its address, with a slash."""
    command = [PYTHON, "-m", "tools.serve", "--port=0"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().decode().strip()
        finally:
            server.terminate()


# -- Copies of the repository --------------------------------------------------


def tracked_files() -> list[str]:
    """Return the paths, from the root, of the files that git would commit."""
    listing = run("git", "ls-files", "--cached", "--others", "--exclude-standard")
    return [name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


def copy_repository(path: Path) -> None:
    """Copy to *path* what git would commit."""
    for name in tracked_files():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        # With its time: make would set up .venv anew for a newer requirements.txt.
        shutil.copy2(ROOT / name, path / name)


def use_known_site(path: Path) -> None:
    """Put the facts and texts of the known site into a copy of the repository."""
    for name in ["source", "locale"]:
        shutil.rmtree(path / name, ignore_errors=True)
        shutil.copytree(KNOWN_SITE / name, path / name)
    facts = (KNOWN_SITE / "facts.py").read_text(encoding="utf-8")
    conf = (path / "conf.py").read_text(encoding="utf-8")
    before, _, rest = conf.partition("# -- The company -")
    owner, banner, rest = rest.partition("# -- Languages -")
    assert owner and rest, "conf.py: the sections that the owner edits are not there"
    (path / "conf.py").write_text(before + facts + "\n" + banner + rest, "utf-8")


class Checkout:
    """A copy of the repository, with the known site in it, to break things in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        copy_repository(path)
        use_known_site(path)

    def make(self, *targets: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run make with the tools of the repository."""
        return run(
            "make", *targets, f"VENV={ROOT / '.venv'}", cwd=self.path, **variables
        )

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace the only *old* in the file *name* by *new*."""
        text = (self.path / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{text.count(old)} times in {name}: {old}"
        (self.path / name).write_text(text.replace(old, new), encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        """Write *text* to the file *name*, in a folder that may be new."""
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_text(text, encoding="utf-8")

    def configure(self, code: str) -> None:
        """Add *code* at the end of conf.py."""
        with (self.path / "conf.py").open("a", encoding="utf-8") as conf:
            conf.write(f"\n{code}\n")

    def output(self) -> dict[str, bytes]:
        """Return the contents of all built pages and PDFs, by path."""
        folders = [self.path / "build/html", self.path / "build/pdf"]
        return {
            str(file.relative_to(self.path)): file.read_bytes()
            for folder in folders
            for file in folder.rglob("*")
            if file.is_file()
        }


# -- Built sites ---------------------------------------------------------------


class Site:
    """The built pages and PDFs in the folder build/ of *root*."""

    def __init__(self, root: Path) -> None:
        self.build = root / "build"
        self.published = self.build / "site"
        self.facts = read_conf(root)
        self.pages: dict[tuple[str, str], BeautifulSoup] = {}

    def html_path(self, language: str, page: str) -> Path:
        return self.build / "html" / slug(language) / f"{page}.html"

    def page(self, language: str, page: str) -> BeautifulSoup:
        """Return the parsed page."""
        key = language, page
        if key not in self.pages:
            html = self.html_path(language, page).read_text(encoding="utf-8")
            self.pages[key] = BeautifulSoup(html, "html5lib")
        return self.pages[key]

    def article(self, language: str, page: str) -> Tag:
        """Return the part of the page that is the text."""
        article = self.page(language, page).select_one("article")
        assert article, f"{self.html_path(language, page)} has no article"
        return article

    def pdf_path(self, language: str, policy: str) -> Path:
        name = f"{self.facts['pdf_prefix']}-{policy}-{slug(language)}.pdf"
        return self.build / "pdf" / name

    def pdf_text(self, language: str, policy: str) -> list[str]:
        """Return the text of the PDF as a viewer's search sees it, page by page."""
        document = pypdfium2.PdfDocument(self.pdf_path(language, policy))
        return [page.get_textpage().get_text_bounded() for page in document]


# Classes of what is in an article and is not the text of the policy: of what tells
# readers something else, such as that the contact block is a sample, and of links.
NOTICES = ["sample-notice"]
NOT_THE_POLICY = [*NOTICES, "headerlink"]


def is_policy(node: PageElement) -> bool:
    """Return whether *node* of an article belongs to the text of the policy."""
    return not node.find_parent(class_=NOT_THE_POLICY)


def title_of(heading: Tag) -> str:
    """Return the text of a heading, without the link beside it."""
    return "".join(text for text in heading.strings if is_policy(text)).strip()


def date_of(article: Tag) -> str:
    """Return the date that a policy shows, which the header of its PDF has, or none."""
    return "".join(date.get_text() for date in article.select(".date")[:1])


def blocks(article: Tag) -> list[str]:
    """Return the headings, paragraphs, items and lines of a policy, in order."""
    found = []
    for node in article.select("h1, h2, h3, h4, p, .line, li"):
        is_whole = node.name == "li" and node.find(["p", "ul", "ol"])
        if is_policy(node) and not is_whole:
            found.append(" ".join(title_of(node).split()))
    return found


def texts_for_readers(page: BeautifulSoup) -> list[str]:
    """Return all texts of a page that are seen, read aloud or shown as a hint."""
    for node in page.select("script, style"):
        node.decompose()
    texts = list(page.stripped_strings)
    for attribute in ("aria-label", "title", "placeholder", "alt"):
        texts += [str(node[attribute]) for node in page.select(f"[{attribute}]")]
    texts += [str(node["content"]) for node in page.select("meta[name=description]")]
    return texts


# -- Accessibility -------------------------------------------------------------

PHONE = {"width": 390, "height": 844}
# 1280 CSS pixels at 400 %: https://www.w3.org/WAI/WCAG22/Understanding/reflow
ZOOMED = {"width": 320, "height": 256}

# All rules of axe: this one is off unless it is asked for.
AXE = 'axe.run({ rules: { "target-size": { enabled: true } } })'
