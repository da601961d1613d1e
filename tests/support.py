"""What tests share that is no fixture: facts, copies of the repository, built sites.

Two sites are tested. *The repository's* is what its owner publishes: a test knows none
of its words, and derives what it expects from conf.py, source/ and locale/. *The known
site* is of the tests' own: data/known_site/ has its facts and texts, which are those
that were first taken over, and a test may quote them.
"""

import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import polib
import pypdfium2
from bs4 import BeautifulSoup
from myst_parser.config.main import read_topmatter

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


def front_matter(policy):
    """Return the fields at the top of a policy."""
    return read_topmatter(source(policy))


def source(policy):
    return (ROOT / f"source/{policy}.md").read_text(encoding="utf-8")


def catalog(language, domain):
    """Return the entries of a catalog of the repository."""
    return polib.pofile(str(ROOT / f"locale/{language}/LC_MESSAGES/{domain}.po"))


def translated(language, domain, msgid):
    """Return *msgid* as its catalog translates it; in English, itself."""
    return msgid if language == "en" else catalog(language, domain).find(msgid).msgstr


# -- The known site ------------------------------------------------------------

KNOWN_SITE = DATA / "known_site"
KNOWN_LANGUAGES = ["en", "ja"]
KNOWN_PAGES = ["index", "privacy-policy"]

# -- Commands ------------------------------------------------------------------


def run(*command, cwd=ROOT, **variables):
    """Run *command* as a person would, outside any other make; return what it did."""
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment(**variables),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def environment(**variables):
    """Return the variables of a person's shell: without those of make and pytest."""
    env = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("MAKE", "PYTEST"))
    }
    return env | {"LC_ALL": "C.UTF-8"} | variables


def wait_until(condition, seconds=60):
    """Wait until *condition* returns what is true, and return that.

    The seconds are those of a machine that has nothing else to do: where several
    programs share a processor, each of them gets as much more time.
    """
    left = seconds
    while not (found := condition()):
        assert left > 0, "this never came true"
        time.sleep(0.05)
        left -= 0.05 / max(1, os.getloadavg()[0] / os.cpu_count())
    return found


def free_port():
    """Return the number of a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


@contextmanager
def serve(root):
    """Serve build/site/ of *root* as a host does; give its address, with a slash."""
    command = [PYTHON, "-m", "tools.serve", "--port=0"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE) as server:
        try:
            yield server.stdout.readline().decode().strip()
        finally:
            server.terminate()


# -- Copies of the repository --------------------------------------------------


def tracked_files():
    """Return the paths, from the root, of the files that git would commit."""
    listing = run("git", "ls-files", "--cached", "--others", "--exclude-standard")
    return [name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


def copy_repository(path):
    """Copy to *path* what git would commit."""
    for name in tracked_files():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        # With its time: a newer requirements.txt would set up .venv anew.
        shutil.copy2(ROOT / name, path / name)


def use_known_site(path):
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

    def __init__(self, path):
        self.path = path
        copy_repository(path)
        use_known_site(path)

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

    def configure(self, code):
        """Let conf.py end in *code*."""
        with (self.path / "conf.py").open("a", encoding="utf-8") as conf:
            conf.write(f"\n{code}\n")

    def output(self):
        """Return the contents of all built pages and PDFs."""
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

    def __init__(self, root):
        self.build = root / "build"
        self.published = self.build / "site"
        self.facts = read_conf(root)
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
        name = f"{self.facts['pdf_prefix']}-{policy}-{language}.pdf"
        return self.build / "pdf" / name

    def pdf_text(self, language, policy):
        """Return the text of the PDF as a viewer's search sees it, page by page."""
        document = pypdfium2.PdfDocument(self.pdf_path(language, policy))
        return [page.get_textpage().get_text_bounded() for page in document]


# What stands in an article and is not the text of the policy: the marks of headings,
# and the notice that the contact block is a sample.
NOT_THE_POLICY = ["headerlink", "sample-notice"]


def is_policy(node):
    """Return whether *node* of an article belongs to the text of the policy."""
    return not node.find_parent(class_=NOT_THE_POLICY)


def title_of(heading):
    """Return the text of a heading, without the mark that links to it."""
    return "".join(filter(is_policy, heading.strings)).strip()


def blocks(article):
    """Return the headings, paragraphs, items and lines of a policy, in order."""
    found = []
    for node in article.select("h1, h2, h3, h4, p, .line, li"):
        is_whole = node.name == "li" and node.find(["p", "ul", "ol"])
        if is_policy(node) and not is_whole:
            found.append(" ".join(title_of(node).split()))
    return found


def texts_for_readers(page):
    """Return all texts of a page that are seen, read aloud or shown as a hint."""
    for node in page.select("script, style"):
        node.decompose()
    texts = list(page.stripped_strings)
    for attribute in ("aria-label", "title", "placeholder", "alt"):
        texts += [node[attribute] for node in page.select(f"[{attribute}]")]
    texts += [node["content"] for node in page.select("meta[name=description]")]
    return texts


# -- Accessibility -------------------------------------------------------------

PHONE = {"width": 390, "height": 844}
# 1280 CSS pixels at 400 %: https://www.w3.org/WAI/WCAG22/Understanding/reflow
ZOOMED = {"width": 320, "height": 256}

# Everything that axe knows; this rule has to be asked for.
AXE = 'axe.run({ rules: { "target-size": { enabled: true } } })'
