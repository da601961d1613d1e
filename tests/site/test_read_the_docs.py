"""Read the Docs builds each language from .readthedocs.yaml, rehearsed here."""

import shutil

import pytest

from tests.support import ROOT, Checkout, run
from tools.rehearse import (
    Failure,
    Rehearsal,
    check_file,
    check_output,
    check_pages,
)

FILE = ".readthedocs.yaml"
OTHER = "ja"
PDF_PREFIX = "iotone-japan"


def test_read_the_docs_takes_the_file():
    check_file(ROOT / FILE)


@pytest.mark.parametrize(
    "old, new, complaint",
    [
        ("build:\n  os", "build:\n  on", "'on' was unexpected"),
        ("- mkdir -p ", "- echo 'ready' && mkdir -p ", "line 15: a single quote"),
        ("formats:\n  - pdf\n", "", "formats lacks pdf"),
        ("  - pdf\n", "  - pdf\n  - epub\n", "build.jobs.build.epub is missing"),
        ("sphinx:\n  configuration: conf.py\n", "", "without sphinx"),
        ("configuration: conf.py", "configuration: docs/conf.py", "docs/conf.py"),
        ("python:\n  install:", "search:\n  ignore:", "is not of type"),
        ("requirements: requirements.txt", "requirements: needs.txt", "needs.txt"),
        ("  jobs:\n", '  apt_packages: ["-y lmodern"]\n  jobs:\n', "'-y lmodern'"),
    ],
)
def test_mistake_in_the_file_is_named(checkout, old, new, complaint):
    checkout.edit(FILE, old, new)
    with pytest.raises(Failure, match=complaint):
        check_file(checkout.path / FILE)


@pytest.fixture(scope="session")
def rehearsal(tmp_path_factory):
    """One virtual environment for all builds of what git would commit now."""
    work = tmp_path_factory.mktemp("readthedocs")
    repository = Checkout(work / "repository").path
    author = ["-c", "user.name=A", "-c", "user.email=a@example.jp"]
    run("git", "init", "--quiet", cwd=repository)
    run("git", "add", "--all", cwd=repository)
    run("git", *author, "commit", "--quiet", "-m", "All", cwd=repository)
    return Rehearsal(repository, work)


class Clone(Checkout):
    """A clone that was built, to break things in."""

    def __init__(self, rehearsal):
        self.rehearsal, self.path = rehearsal, rehearsal.clone()

    def build(self, language="en", version_type="branch"):
        """Build as a clean clone, as to all but what is up to date in build/."""
        shutil.rmtree(self.path / "_readthedocs", ignore_errors=True)
        return self.rehearsal.build(self.path, language, version_type)

    def restore(self):
        run("git", "checkout", "--quiet", ".", cwd=self.path)
        run("git", "clean", "--quiet", "--force", "source", cwd=self.path)


@pytest.fixture(scope="session")
def built(rehearsal):
    clone = Clone(rehearsal)
    clone.build()
    # Other tests build in the same clone, and some of their builds fail.
    clone.output = rehearsal.checkouts / "output"
    shutil.copytree(clone.path / "_readthedocs", clone.output)
    return clone


@pytest.fixture
def clone(built):
    yield built
    built.restore()


def pdfs(folder):
    return sorted(path.name for path in folder.glob("*.pdf"))


def test_read_the_docs_builds_a_branch(built):
    assert pdfs(built.output / "pdf") == pdfs(built.output / "html/pdf")


def test_read_the_docs_builds_a_tag_of_another_language(rehearsal):
    html = rehearsal.build(rehearsal.clone(), OTHER, "tag")
    assert pdfs(html.parent / "pdf") == pdfs(html / "pdf")
    assert pdfs(html / "pdf")[0].endswith(f"-{OTHER}.pdf")


def test_read_the_docs_builds_a_pull_request(rehearsal):
    """Its pages link their PDFs, too, and show what is not translated."""
    clone = Clone(rehearsal)
    catalog = f"locale/{OTHER}/LC_MESSAGES/privacy-policy.po"
    clone.edit(catalog, 'msgstr "データの収集"', 'msgstr ""')
    html = clone.build(OTHER, "external")
    assert not (html.parent / "pdf").exists()
    assert pdfs(html / "pdf") == [f"{PDF_PREFIX}-privacy-policy-{OTHER}.pdf"]
    with pytest.raises(Failure, match="missing: Data Collection"):
        clone.build(OTHER, "branch")


def test_every_policy_has_its_own_pdf(clone):
    """The menu of Read the Docs takes one: of several policies, it offers that of all."""
    clone.write(
        "source/terms.md",
        "---\ntitle: Terms\nupdated: 2026-02-03\n---\n\n(terms)=\n# Terms\n",
    )
    html = clone.build()
    assert pdfs(html / "pdf") == [
        f"{PDF_PREFIX}-index-en.pdf",
        f"{PDF_PREFIX}-privacy-policy-en.pdf",
        f"{PDF_PREFIX}-terms-en.pdf",
    ]
    assert pdfs(html.parent / "pdf") == [f"{PDF_PREFIX}-index-en.pdf"]
    for policy in ["privacy-policy", "terms"]:
        text = (html / f"{policy}.html").read_text(encoding="utf-8")
        assert f'href="/en/latest/pdf/{PDF_PREFIX}-{policy}-en.pdf"' in text


def test_failing_pdf_fails_the_build(clone):
    clone.edit("latex/policy.sty", r"\tracinglostchars=3", r"\unknown")
    with pytest.raises(Failure, match="no PDF"):
        clone.build()


def test_second_file_in_the_folder_of_the_pdf_fails_the_build(clone):
    clone.edit(FILE, "&& cp $1", "&& touch $READTHEDOCS_OUTPUT/pdf/b.pdf && cp $1")
    with pytest.raises(Failure, match=r"one file, and is \[.*'b.pdf'"):
        clone.build()


@pytest.mark.parametrize(
    "file, complaint",
    [
        ("_build/html/index.html", "_build/html is there"),
        ("_readthedocs/pdf/policy.en.pdf", "one dot: policy.en.pdf"),
        ("_readthedocs/pdf", "no folder"),
    ],
)
def test_output_that_is_refused(checkout, file, complaint):
    output = checkout.path / "_readthedocs"
    with pytest.raises(Failure, match="no html/index.html"):
        check_output(checkout.path, output)
    checkout.write("_readthedocs/html/index.html", "")
    check_output(checkout.path, output)
    checkout.write(file, "")
    with pytest.raises(Failure, match=complaint):
        check_output(checkout.path, output)


@pytest.mark.parametrize(
    "old, new, complaint",
    [
        ('js" lang="en"', 'js" lang="fr"', "is in fr, not en"),
        ('rel="canonical"', 'rel="other"', "does not name its address"),
        (f"/{OTHER}/latest/privacy", f"/{OTHER}/privacy", "does not link"),
        ("-privacy-policy-en.pdf", "-en.pdf", "links .*-en.pdf, which is not there"),
    ],
)
def test_page_that_misleads_is_found(built, checkout, old, new, complaint):
    html = checkout.path / "html"
    shutil.copytree(built.output / "html", html)
    page = html / "privacy-policy.html"
    text = page.read_text(encoding="utf-8")
    assert old in text
    page.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(Failure, match=complaint):
        check_pages(checkout.path, html, "en", "branch")


@pytest.mark.parametrize(
    "language, complaint",
    [
        ("de", "There is no language 'de' here. There are: en, ja."),
        ("", "READTHEDOCS_LANGUAGE: is not set"),
    ],
)
def test_read_the_docs_names_a_language_that_is_not_here(clone, language, complaint):
    with pytest.raises(Failure, match=complaint):
        clone.build(language)
