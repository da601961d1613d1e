"""Builds are fast, and only that: same bytes without `policy_site/fast`, and linear growth.

Growth is counted in calls of functions and in bytes: clocks depend on the machine.
"""

import pstats
import shutil
from contextlib import contextmanager

import pytest

from benchmarks.generate import WIDTH, generate
from tests.support import PYTHON, run


class Site:
    """A generated site, of English and Japanese unless more are wanted."""

    def __init__(self, folder, pages, languages=2, **shape):
        generate(folder, pages, languages, **shape)
        self.path = folder / "ours"

    def build(self, language, builder="html", program=()):
        """Build as `make` does, only alone; return what it printed and its pages."""
        output = f"build/{builder}/{language}"
        result = run(
            PYTHON, *program, "-m", "sphinx",
            *f"-c . -W --keep-going -n --quiet -b {builder} -d build/doctrees".split(),
            *f"-E -D language={language} source {output}".split(),
            cwd=self.path,
        )  # fmt: skip
        assert result.returncode == 0, result.stderr
        return result.stdout, self.take(output)

    def drive(self, language):
        """Build the pages from nothing as `make` does; return them."""
        result = run(
            PYTHON,
            *("-m", "tools.build", "--build", "driven", f"html-{language}"),
            cwd=self.path,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        files = self.take(f"driven/html/{language}")
        shutil.rmtree(self.path / "driven")
        return files

    def take(self, output):
        """Return, and remove, the files in a folder."""
        folder = self.path / output
        files = {
            str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        shutil.rmtree(folder)
        return files


@pytest.fixture(scope="module", params=["flat", "nested"])
def site(request, tmp_path_factory):
    pages = 4 if request.param == "flat" else WIDTH + 3
    return Site(tmp_path_factory.mktemp("site"), pages, nested=request.param != "flat")


def assert_same(files, others):
    assert {name for name in files if files[name] != others.get(name)} == set()
    assert files.keys() == others.keys()


@contextmanager
def without_fast(site):
    away = site.path.parent / "fast"
    shutil.move(site.path / "policy_site/fast", away)
    try:
        yield
    finally:
        shutil.move(away, site.path / "policy_site/fast")


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("builder", ["html", "latex"])
def test_all_bytes_are_the_same_without_it(site, builder, language):
    _printed, fast = site.build(language, builder)
    with without_fast(site):
        _printed, stock = site.build(language, builder)
    assert_same(fast, stock)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_make_builds_all_bytes_as_sphinx_does(site, language):
    driven = site.drive(language)
    with without_fast(site):
        _printed, stock = site.build(language)
        driven_stock = site.drive(language)
    assert_same(driven, stock)
    assert_same(driven_stock, stock)


def test_an_unknown_release_is_told_and_builds_as_stock(tmp_path):
    site = Site(tmp_path, 2)
    _printed, known = site.build("ja")
    table = site.path / "policy_site/fast/__init__.py"
    text = table.read_text()
    assert "CHECKED = {" in text
    table.write_text(text.replace("CHECKED = {", 'CHECKED = {"pip": ["0"],'))
    printed, unknown = site.build("ja")
    assert "fast: not checked with pip" in printed
    assert known == unknown


SIZES = 5, 10, 20


@pytest.fixture(scope="module")
def growth(tmp_path_factory):
    """What Python called, and the sizes of the doctrees, by number of pages."""
    found = {}
    for pages in SIZES:
        site = Site(tmp_path_factory.mktemp("site"), pages)
        profile = profiled(site, "ja")
        doctrees = (site.path / "build/doctrees").glob("policy-*.doctree")
        found[pages] = profile, [path.stat().st_size for path in doctrees]
    return found


def profiled(site, language):
    """Build *site* and return what Python called: how often, by (file, line, name)."""
    site.build(language, program=("-m", "cProfile", "-o", "profile"))
    return pstats.Stats(str(site.path / "profile")).stats


def calls(profile, name):
    return sum(
        counts[1]
        for (_file, _line, function), counts in profile.items()
        if function == name
    )


@pytest.mark.parametrize(
    "name, a_page",
    [
        # MyST makes no parser and no settings for messages, docutils a few for a page.
        ("create_md_parser", 3),
        ("populate_from_components", 5),
        # It is not asked to parse words alone.
        ("_publish_msgstr", 20),
    ],
)
def test_a_page_more_is_no_more_than_a_few_calls(growth, name, a_page):
    few, _middle, many = (calls(growth[pages][0], name) for pages in SIZES)
    assert few > 0
    assert many - few <= a_page * (SIZES[2] - SIZES[0])


def test_the_navigation_is_made_once(growth):
    few, _middle, many = (
        calls(growth[pages][0], "_get_local_toctree") for pages in SIZES
    )
    assert few == many == 1


def test_templates_are_compiled_once(tmp_path):
    site = Site(tmp_path, 1)
    ours = list((site.path / "_templates").glob("*.html"))
    for path in ours:
        path.write_text(f"{path.read_text()}{{# {tmp_path} #}}")
    assert calls(profiled(site, "en"), "_generate") >= len(ours) - 1
    # Those of another language, too.
    assert calls(profiled(site, "ja"), "_generate") == 0


def test_the_doctree_of_a_page_does_not_grow_with_the_site(growth):
    few, _middle, many = (max(growth[pages][1]) for pages in SIZES)
    assert many < 1.02 * few


def test_all_work_grows_no_faster_than_the_pages(growth):
    few, middle, many = (
        sum(counts[1] for counts in growth[pages][0].values()) for pages in SIZES
    )
    assert (many - middle) / (middle - few) < 2.05


def test_site_of_more_languages_builds_in_each(tmp_path):
    _, files = Site(tmp_path, pages=1, languages=3).build("de")
    assert "«" in files["policy-1.html"].decode()
