"""sphinx-intl works as its users know it, and nothing unchecked gets into a build."""

import os
import time

import polib
import pytest

from tests.support import ROOT, run

FOLDER = "locale/ja/LC_MESSAGES"
TERMS = """---
title: Terms
updated: 2026-02-03
---

(terms)=
# Terms of Use

Be kind to everybody whom you meet here.
"""
JAPANESE = {
    "Terms": "規約",
    "Be kind to everybody whom you meet here.": "ここで出会うすべての人に親切にしてください。",
}


@pytest.fixture
def terms(checkout):
    """A checkout with one more policy, whose catalog is translated but for a title."""
    checkout.write("source/terms.md", TERMS)
    assert checkout.make("update-po").returncode == 0
    catalog = polib.pofile(f"{checkout.path}/{FOLDER}/terms.po", wrapwidth=0)
    for entry in catalog:
        entry.msgstr = JAPANESE.get(entry.msgid, "")
    assert len(catalog.translated_entries()) == len(JAPANESE)
    assert len(catalog.untranslated_entries()) == 1
    catalog.save()
    return checkout


def sphinx_intl(checkout, *arguments):
    return run(ROOT / ".venv/bin/sphinx-intl", *arguments, cwd=checkout.path)


def sphinx_build(checkout, *options):
    """Build the Japanese pages without make."""
    program = ROOT / ".venv/bin/sphinx-build"
    command = [program, "-q", "-c", ".", "-D", "language=ja", *options, "source", "out"]
    return run(*command, cwd=checkout.path)


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_stat_counts_the_messages_of_each_catalog(terms):
    result = sphinx_intl(terms, "stat")
    # As always when something is not translated.
    assert result.returncode == 1
    line = f"{FOLDER}/terms.po: {len(JAPANESE)} translated, 0 fuzzy, 1 untranslated.\n"
    assert line in result.stdout
    catalogs = list(terms.path.glob(f"{FOLDER}/*.po"))
    assert len(result.stdout.splitlines()) == len(catalogs)


@pytest.mark.parametrize(
    "options", [["-l", "ja"], ["-p", "build/gettext", "-l", "ja", "-w", "0"]]
)
def test_update_brings_in_the_change_and_make_tidies_up_after_it(terms, options):
    others = {
        path: text
        for path, text in files(terms.path / "locale").items()
        if path.name != "terms.po"
    }
    before = (terms.path / FOLDER / "terms.po").read_text("utf-8")
    terms.edit("source/terms.md", "everybody", "everyone")
    assert terms.make("gettext").returncode == 0
    result = sphinx_intl(terms, "update", *options)
    assert result.returncode == 0, result.stderr
    assert f"Update: {FOLDER}/terms.po +1, -1" in result.stdout
    assert "Generated-By" in (terms.path / FOLDER / "terms.po").read_text("utf-8")
    assert terms.make("update-po").returncode == 0
    after = files(terms.path / "locale")
    # It makes a catalog of every template, also of this, which no language needs.
    after.pop(terms.path / FOLDER / "remarks.po")
    old = 'msgid "Be kind to everybody'
    assert after.pop(terms.path / FOLDER / "terms.po").decode() == before.replace(
        old, '#, fuzzy\nmsgid "Be kind to everyone'
    )
    assert after == others


def test_what_build_leaves_is_ignored_by_git_and_by_our_builds(terms):
    catalogs = sorted((terms.path / FOLDER).glob("*.po"))
    assert terms.make("html-ja").returncode == 0
    pages = terms.output()
    result = sphinx_intl(terms, "build")
    assert result.returncode == 0, result.stderr
    for path in catalogs:
        compiled = path.with_suffix(".mo")
        assert compiled.is_file()
        ignored = run("git", "check-ignore", f"{FOLDER}/{compiled.name}")
        assert ignored.returncode == 0
        # An older translation, or somebody else's.
        entries = polib.pofile(str(path))
        for entry in entries:
            entry.flags.clear()
            entry.msgstr = "Canary" if not entry.msgid_plural else ""
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "Canary")
        entries.save_as_mofile(str(compiled))
        os.utime(compiled, (time.time() + 60,) * 2)
    before = files(terms.path / "locale")
    assert terms.make("html-ja").returncode == 0
    assert terms.output() == pages
    result = sphinx_build(terms)
    assert result.returncode == 0, result.stderr
    built = files(terms.path / "out")
    assert not [path for path in built if b"Canary" in built[path]]
    # Nothing was written there: a checkout that cannot be written is built, too.
    assert files(terms.path / "locale") == before


def test_mistake_in_any_catalog_is_told_by_us_alone(terms):
    name = f"{FOLDER}/sphinx.po"
    text = (terms.path / name).read_text("utf-8")
    terms.write(name, f'{text}\nmsgid "open\nmsgstr ""\n')
    line = text.count("\n") + 2
    before = files(terms.path / "locale")
    for result in (sphinx_build(terms), terms.make("html-ja")):
        assert result.returncode != 0
        [said] = [row for row in result.stderr.splitlines() if "sphinx.po" in row]
        assert f"{name}:{line}: this is not valid PO; look at the" in said
        assert "Traceback" not in result.stderr
    assert files(terms.path / "locale") == before


def test_another_folder_of_catalogs_is_refused(terms):
    result = sphinx_build(terms, "-D", "locale_dirs=../elsewhere")
    assert result.returncode == 1
    assert 'locale_dirs can only be ["locale"], in conf.py' in result.stderr
    terms.write("source/locale/ja/LC_MESSAGES/sphinx.po", "")
    result = terms.make("html-ja")
    assert result.returncode != 0
    assert "source/locale cannot be there" in result.stderr
    terms.edit("conf.py", 'locale_dirs = ["locale"]', 'locale_dirs = ["../locale"]')
    result = terms.make("html-ja")
    assert result.returncode != 0
    assert 'locale_dirs can only be ["locale"], in conf.py' in result.stderr
