"""A catalog that Poedit or OmegaT saved is checked and updated like any other.

The programs themselves save it, and pages are built with what they saved. What the
Translate Toolkit writes, and so Weblate, tests/unit/test_update_po.py tries; GitHub's
editor writes what one types.
"""

import subprocess

import pytest
from translate.storage import csvl10n

from policy_site.translation import glossary
from tests.support import ROOT, TRANSLATIONS, Site

POLICY = """---
title: Terms
updated: 2026-02-03
---

(terms)=
# Terms

Nobody has translated this. It has two sentences.

Be **kind**, say "please" with a \\ and write to {{ contact.email }} where a long line does not fit.

We delete what you sent.
"""
PATH = "locale/ja/LC_MESSAGES/terms.po"
CATALOG = r"""
# How to edit it: TRANSLATING.md.
msgid ""
msgstr ""
"Project-Id-Version: Policies\n"
"POT-Creation-Date: 1970-01-01 00:00+0000\n"
"Language: ja\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=1; plural=0;\n"

msgid "Nobody has translated this. It has two sentences."
msgstr ""

# A note, of a translator.
msgid "Be **kind**, say \"please\" with a \\ and write to {{ contact.email }} where a long line does not fit."
msgstr "**親切**にし、「\"please\"」と\\を添えて、{{ contact.email }}にお書きください。長い行は何行にも分けて保存されることがあります。"

msgid "A file"
msgid_plural "Files"
msgstr[0] "ファイル"

#, fuzzy
#| msgid "We delete what you send."
msgid "We delete what you sent."
msgstr "お送りいただいたものは削除します。"

#~ msgid "Gone"
#~ msgstr "消えた文"
""".lstrip()
ENGLISH = "Nobody has translated this. It has two sentences."
TRANSLATION = "dare mo yakushite imasen."
TRANSLATED = CATALOG.replace('msgstr ""\n\n# A', f'msgstr "{TRANSLATION}"\n\n# A')


@pytest.fixture
def catalog(checkout):
    """The path of the catalog of a policy in the checkout."""
    checkout.write("source/terms.md", POLICY)
    checkout.write(PATH, CATALOG)
    return checkout.path / PATH


def made(checkout):
    """Build the pages with the catalog as it is; return it as `make update-po` does."""
    result = checkout.make("html-ja")
    assert result.returncode == 0, result.stderr
    page = Site(checkout.path).article("ja", "terms").get_text()
    assert TRANSLATION in page and '「"please"」と\\を添えて' in page
    result = checkout.make("update-po")
    assert result.returncode == 0, result.stderr
    return without_people((checkout.path / PATH).read_text("utf-8"))


def without_people(text):
    """Return *text* without what a program writes of people into the header."""
    fields = ("PO-Revision-Date", "Last-Translator", "Language-Team")
    return "".join(
        line
        for line in text.splitlines(True)
        if not line.startswith(tuple(f'"{f}' for f in fields))
    )


@pytest.fixture
def typed(checkout, catalog):
    """The catalog, updated, in which the translation was typed by hand."""
    catalog.write_text(TRANSLATED, "utf-8")
    text = made(checkout)
    catalog.write_text(CATALOG, "utf-8")
    return text


# -- GitHub ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "saved",
    [
        TRANSLATED.rstrip("\n"),
        TRANSLATED.replace("\n", "\r\n"),
        f"\ufeff{TRANSLATED}",
    ],
    ids=["no last line end", "CRLF", "byte order mark"],
)
def test_github(checkout, catalog, typed, saved):
    catalog.write_bytes(saved.encode())
    assert made(checkout) == typed


# -- Poedit ----------------------------------------------------------------------

# Its window fills the screen: the first message is chosen, and below is its field.
TYPE = """
poedit "$1" &
xdotool search --sync --onlyvisible --name "terms.po" >"$2/window"
sleep 2
xdotool mousemove 250 600 click 1
sleep 1
xdotool type --delay 50 "$3"
sleep 1
xdotool key ctrl+s
sleep 2
kill $!
"""


def test_poedit(checkout, catalog, typed, tmp_path):
    script = tmp_path / "type.sh"
    script.write_text(TYPE)
    (tmp_path / ".config/poedit").mkdir(parents=True)
    # Or it would ask for them.
    me = "translator_name=Hanako\ntranslator_email=hanako@example.jp\n"
    (tmp_path / ".config/poedit/config").write_text(me)
    # It ends what it started, whatever happens.
    screen = ["timeout", "60", "xvfb-run", "--auto-servernum"]
    screen += ["--server-args=-screen 0 1000x700x24"]
    subprocess.run(
        [*screen, "bash", script, catalog, tmp_path, TRANSLATION],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
        capture_output=True,
    )
    saved = catalog.read_text("utf-8")
    assert "X-Generator: Poedit" in saved and TRANSLATION in saved
    assert made(checkout) == typed


# -- OmegaT ----------------------------------------------------------------------

PROJECT = """<?xml version="1.0" encoding="UTF-8"?>
<omegat><project version="1.0">
<source_dir>__DEFAULT__</source_dir><target_dir>__DEFAULT__</target_dir>
<tm_dir>__DEFAULT__</tm_dir><glossary_dir>__DEFAULT__</glossary_dir>
<glossary_file>__DEFAULT__</glossary_file><dictionary_dir>__DEFAULT__</dictionary_dir>
<source_lang>en</source_lang><target_lang>ja</target_lang>
<sentence_seg>false</sentence_seg>
</project></omegat>
"""
MEMORY = f"""<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.1"><header creationtool="OmegaT" o-tmf="OmegaT TMX" adminlang="EN-US"
datatype="plaintext" creationtoolversion="3" segtype="paragraph" srclang="en"/>
<body><tu><tuv lang="en"><seg>{ENGLISH}</seg></tuv>
<tuv lang="ja"><seg>{TRANSLATION}</seg></tuv></tu></body></tmx>
"""


def test_omegat(checkout, catalog, typed, tmp_path):
    project = tmp_path / "project"
    for folder in ("source", "target", "omegat", "glossary", "dictionary", "tm"):
        (project / folder).mkdir(parents=True)
    (project / "omegat.project").write_text(PROJECT)
    (project / "omegat/project_save.tmx").write_text(MEMORY)
    (project / "source/terms.po").write_bytes(catalog.read_bytes())
    subprocess.run(
        ["omegat", project, "--mode=console-translate", f"--config-dir={tmp_path}/own"],
        check=True,
        timeout=120,
        capture_output=True,
    )
    catalog.write_bytes((project / "target/terms.po").read_bytes())
    assert TRANSLATION in catalog.read_text("utf-8")
    # What is fuzzy is a proposal to it: it writes what one made of it, nothing yet.
    fuzzy = '#, fuzzy\n#| msgid "We delete what you send."\n'
    left = typed.replace(fuzzy, "").replace("お送りいただいたものは削除します。", "")
    assert made(checkout) == left


# -- The glossary ------------------------------------------------------------------


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_weblate_reads_the_glossary_as_it_is(language):
    path = ROOT / "locale" / language / "glossary.csv"
    terms = {(english, other) for *_, english, other in glossary.read(path)}
    units = csvl10n.csvfile.parsestring(path.read_bytes()).units
    assert {(unit.source, unit.target) for unit in units} == terms
