"""The same commit gives the same bytes, and a build does nothing twice."""

import re
import subprocess
import sys
from datetime import UTC, datetime

import pikepdf
import pytest

from tests.support import KNOWN_LANGUAGES, LANGUAGES, POLICIES, ROOT, Site, run


def commit(path, date):
    run("git", "init", "--quiet", cwd=path)
    run("git", "add", "--all", cwd=path)
    author = ["-c", "user.name=A", "-c", "user.email=a@example.jp"]
    result = run(
        *["git", *author, "commit", "--quiet", "-m", "All"],
        cwd=path,
        GIT_COMMITTER_DATE=date,
    )
    assert result.returncode == 0, result.stderr


def verify(path, *targets):
    command = [sys.executable, "-m", "tools.verify_reproducible", str(ROOT / ".venv")]
    return run(*command, *targets, cwd=path)


def test_same_commit_gives_the_same_bytes(checkout):
    commit(checkout.path, "2026-02-03T04:05:06+09:00")
    result = verify(checkout.path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "files are the same" in result.stdout


@pytest.mark.parametrize(
    "secret",
    ["__import__('time').time()", "hash('a')", "__import__('os').getcwd()"],
    ids=["clock", "order", "folder"],
)
def test_what_is_not_of_the_commit_is_found_and_shown(checkout, secret):
    checkout.edit("conf.py", '"en": "IoTone Japan Inc.",', f'"en": str({secret}),')
    commit(checkout.path, "2026-02-03T04:05:06+09:00")
    result = verify(checkout.path, "html-en")
    assert result.returncode == 1
    assert "differs: build/html/en/index.html" in result.stdout
    assert re.search(r"^\+ .*<title>", result.stdout, re.MULTILINE), result.stdout
    assert "does not give the same bytes" in result.stderr


def latex_dates(path):
    """Return the dates that the LaTeX of each PDF sets."""
    texts = [file.read_text("utf-8") for file in path.glob("build/latex/*/*.tex")]
    assert texts
    return set(re.findall(r"D:\d+Z", "".join(texts)))


def build_latex(checkout, **variables):
    sphinx = [sys.executable, "-m", "sphinx", "-q", "-c", ".", "-b", "latex"]
    result = run(
        *[*sphinx, "-d", "build/doctrees", "source", "build/latex/en"],
        cwd=checkout.path,
        **variables,
    )
    assert result.returncode == 0, result.stderr
    return latex_dates(checkout.path)


def test_the_only_date_is_that_of_the_commit(checkout):
    """Or what a person has set, however Sphinx is started."""
    commit(checkout.path, "2026-02-03T04:05:06+09:00")
    assert build_latex(checkout) == {"D:20260202190506Z"}
    assert build_latex(checkout, SOURCE_DATE_EPOCH="0") == {"D:19700101000000Z"}


def test_source_archive_has_the_date_of_its_commit(checkout, tmp_path):
    commit(checkout.path, "2026-02-03T04:05:06+09:00")
    archive = run("git", "archive", "--output=a.tar", "HEAD", cwd=checkout.path)
    assert archive.returncode == 0
    checkout.path, repository = tmp_path / "unpacked", checkout.path
    checkout.path.mkdir()
    subprocess.run(["tar", "-xf", repository / "a.tar"], cwd=checkout.path, check=True)
    assert build_latex(checkout) == {"D:20260202190506Z"}


def test_dates_of_the_pdf_are_those_of_the_commit(site):
    """So that whoever holds it finds the state of the repository that it shows."""
    seconds = int(run("git", "log", "-1", "--format=%ct").stdout)
    date = f"{datetime.fromtimestamp(seconds, UTC):D:%Y%m%d%H%M%SZ}"
    for language in LANGUAGES:
        for policy in POLICIES:
            with pikepdf.open(site.pdf_path(language, policy)) as pdf:
                assert str(pdf.docinfo["/CreationDate"]) == date
                identifier = bytes(pdf.trailer["/ID"][0]).hex().upper()
                with pdf.open_metadata() as metadata:
                    assert metadata["xmpMM:InstanceID"] == f"xmp.iid:{identifier}"


# -- No work that is not needed ----------------------------------------------------


def passes(checkout, language):
    """Return how often LaTeX has run in the last build of the PDF in *language*."""
    log = checkout.path / f"build/latex/{language}/make.log"
    return log.read_text(encoding="utf-8").count("Latexmk: Run number")


def test_each_pdf_takes_the_passes_it_needs_and_no_more(checkout):
    """Two: page numbers are those of the pass before. None when nothing has changed."""
    assert checkout.make("latexpdf").returncode == 0
    assert {each: passes(checkout, each) for each in KNOWN_LANGUAGES} == dict.fromkeys(
        KNOWN_LANGUAGES, 2
    )
    for log in checkout.path.glob("build/latex/*/*.log"):
        assert "Reload initiated" not in log.read_text("utf-8", "replace"), (
            "luaotfload scans all fonts of the system: name the font by its file"
        )
    pdfs = sorted(checkout.path.glob("build/pdf/*.pdf"))
    before = [(pdf.stat().st_mtime_ns, pdf.read_bytes()) for pdf in pdfs]
    checkout.edit(
        "locale/ja/LC_MESSAGES/privacy-policy.po",
        'msgstr "データの収集"',
        'msgstr "データの取得"',
    )
    assert checkout.make("latexpdf").returncode == 0
    after = [(pdf.stat().st_mtime_ns, pdf.read_bytes()) for pdf in pdfs]
    changed = [
        pdf for pdf, old, new in zip(pdfs, before, after, strict=True) if old != new
    ]
    assert changed == [Site(checkout.path).pdf_path("ja", "privacy-policy")]
    assert passes(checkout, "en") == 0
    assert 0 < passes(checkout, "ja") <= 2
