"""The translator's day: catalogs that follow the text, previews, checks, new languages."""

import csv
import fcntl
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import polib
import pypdfium2
import pytest
from bs4 import BeautifulSoup

from policy_site.base.languages import slug
from policy_site.base.settings import read_conf
from tests.support import (
    KNOWN_PAGES,
    ROOT,
    Checkout,
    Site,
    free_port,
    run,
    texts_for_readers,
    wait_until,
)

POLICY = "source/privacy-policy.md"
CATALOG = "locale/ja/LC_MESSAGES/privacy-policy.po"
RETENTION = "IoTone Japan only retains data marked for retention by the customer."


def catalogs(checkout):
    return {
        path.name: path.read_text(encoding="utf-8")
        for path in checkout.path.glob("locale/*/LC_MESSAGES/*.po")
    }


def catalog(checkout, name=CATALOG):
    return polib.pofile(str(checkout.path / name), wrapwidth=0)


# -- make update-po ------------------------------------------------------------


def test_update_of_an_unchanged_text_changes_nothing(checkout):
    before = catalogs(checkout)
    assert checkout.make("update-po").returncode == 0
    assert catalogs(checkout) == before


def test_changed_paragraph_changes_its_message_only_and_keeps_what_it_was(checkout):
    before = {entry.msgid: entry.msgstr for entry in catalog(checkout)}
    checkout.edit(POLICY, RETENTION, RETENTION.replace("only", "solely"))
    assert checkout.make("update-po").returncode == 0
    once = catalogs(checkout)
    [fuzzy] = catalog(checkout).fuzzy_entries()
    assert "solely retains" in fuzzy.msgid
    assert "only retains" in fuzzy.previous_msgid
    assert fuzzy.msgstr == before[fuzzy.previous_msgid]
    others = {entry.msgid: entry.msgstr for entry in catalog(checkout)}
    del others[fuzzy.msgid], before[fuzzy.previous_msgid]
    assert others == before
    assert checkout.make("update-po").returncode == 0
    assert catalogs(checkout) == once


def test_removed_message_is_kept_and_serves_again(checkout):
    text = (checkout.path / POLICY).read_text(encoding="utf-8")
    before = catalogs(checkout)
    checkout.edit(POLICY, "- Interactions with support\n", "")
    assert checkout.make("update-po").returncode == 0
    [obsolete] = catalog(checkout).obsolete_entries()
    assert obsolete.msgid == "Interactions with support"
    checkout.write(POLICY, text)
    assert checkout.make("update-po").returncode == 0
    assert catalogs(checkout) == before


# -- What is missing -----------------------------------------------------------


@pytest.fixture
def incomplete(checkout):
    """A checkout with one message missing and one fuzzy."""
    checkout.edit(CATALOG, 'msgstr "データの保持"', 'msgstr ""')
    checkout.edit(
        CATALOG, 'msgid "Legitimate interest"', '#, fuzzy\nmsgid "Legitimate interest"'
    )
    return checkout


def test_missing_and_fuzzy_messages_are_marked_and_listed(incomplete):
    result = incomplete.make("html")
    assert result.returncode == 0, result.stderr
    assert re.search(rf"{CATALOG}:\d+: missing: Data Retention", result.stdout)
    assert re.search(rf"{CATALOG}:\d+: fuzzy: Legitimate interest", result.stdout)
    page = Site(incomplete.path).page("ja", "privacy-policy")
    marked = page.select("article .untranslated")
    assert [node.text for node in marked] == ["Data Retention", "Legitimate interest"]
    # A screen reader switches its voice, in the contents, too.
    english = list(page.find_all(string="Data Retention"))
    assert len(english) == 2
    for text in english:
        assert text.find_parent(lang=True)["lang"] == "en"


@pytest.mark.parametrize("version_type", ["branch", "tag"])
def test_read_the_docs_refuses_what_is_missing_each_time(incomplete, version_type):
    for _ in range(2):
        result = incomplete.make("html-ja", READTHEDOCS_VERSION_TYPE=version_type)
        assert result.returncode != 0
        assert "missing: Data Retention" in result.stderr
        assert "fuzzy: Legitimate interest" in result.stderr
        assert "Traceback" not in result.stderr
    assert not (incomplete.path / "build/html/ja/index.html").exists()


def test_read_the_docs_shows_what_is_missing_in_a_pull_request(incomplete):
    result = incomplete.make("html-ja", READTHEDOCS_VERSION_TYPE="external")
    assert result.returncode == 0, result.stderr
    assert "missing: Data Retention" in result.stdout


def test_message_that_no_catalog_has_counts_as_missing(checkout):
    checkout.write(
        "source/terms.md",
        "---\ntitle: Terms\nupdated: 2026-02-03\n---\n\n(terms)=\n# Terms\n\nBe kind.\n",
    )
    result = checkout.make("html-ja")
    assert "terms.po:1: not in the catalog: Be kind.;" in result.stdout


# -- make stats, make check ----------------------------------------------------


def test_stats_count_messages_and_words(incomplete):
    counted = incomplete.make("stats", "STATSOPTS=--csv").stdout
    [row] = [
        row
        for row in csv.DictReader(counted.splitlines())
        if row["Filename"].endswith("ja/LC_MESSAGES/privacy-policy.po")
    ]
    for state in ("Fuzzy", "Untranslated"):
        assert row[f"{state} Messages"] == "1" and row[f"{state} Source Words"] == "2"
    assert row["Total Message"] == str(len(catalog(incomplete)))


@pytest.fixture
def checked(checkout, once):
    """A checkout that shares the installed textlint."""
    once("textlint", lambda _folder: run("make", "tools/textlint/node_modules"))
    modules = checkout.path / "tools/textlint/node_modules"
    modules.symlink_to(ROOT / "tools/textlint/node_modules")
    return checkout


def test_check_reports_samples_without_failing(checked):
    result = checked.make("check")
    assert result.returncode == 0, result.stdout + result.stderr
    for language in ["en", "ja"]:
        assert f"contact['{language}'] is a sample: zipcode" in result.stdout
    assert "Nothing to mend." in result.stdout


@pytest.mark.parametrize(
    "name, text",
    [
        ("locale/ja/glossary.csv", "English,Japanese\nconsent,同意,合意\n"),
        ("locale/ja/LC_MESSAGES/privacy-policy (1).po", ""),
    ],
)
def test_check_ends_with_its_summary_whatever_stands_in_locale(checked, name, text):
    checked.write(name, text)
    page = checked.path / "summary.md"
    result = checked.make("check", GITHUB_STEP_SUMMARY=str(page))
    assert result.returncode != 0
    assert result.stdout.endswith("1 to mend\n"), result.stdout + result.stderr
    assert name in result.stdout
    assert name in page.read_text(encoding="utf-8")


def test_check_shows_the_place_and_the_words_of_bad_style_until_it_is_excused(checked):
    new = "IoTone Japanは、次のデータを食べれるもの、着れるものである。"
    checked.edit(CATALOG, "IoTone Japanは、次のデータを収集します。", new)
    line = (
        (checked.path / CATALOG)
        .read_text(encoding="utf-8")
        .split("\n")
        .index(f'msgstr "{new}"')
    )
    for variables, form in [
        ({}, f"{CATALOG}:{line + 1}:31: ら抜き"),
        (
            {"GITHUB_ACTIONS": "true"},
            f"::error file={CATALOG},line={line + 1},col=31::",
        ),
    ]:
        result = checked.make("check", **variables)
        assert result.returncode != 0
        assert form in result.stdout, result.stdout + result.stderr
    [said] = re.findall(".*ら抜き.*", result.stdout)
    assert "2×: …データを食べれるもの、着…" in said
    assert result.stdout.count(f",line={line + 1},") == 2
    # In all of a catalog, and for one message.
    checked.edit(CATALOG, "# ", "# ok: no-dropping-the-ra: a quotation\n# ")
    before = catalog(checked).find(new, by="msgstr").msgid
    checked.edit(
        CATALOG,
        f'msgid "{before}"',
        f'# ok: no-mix-dearu-desumasu: so\nmsgid "{before}"',
    )
    result = checked.make("check")
    assert result.returncode == 0, result.stdout


# -- make preview-ja -----------------------------------------------------------


def get(uri):
    """Return the page at *uri*, also one that says what is wrong.

    Without the places in its titles where lines may break.
    """
    try:
        with urllib.request.urlopen(uri, timeout=5) as answer:
            return answer.read().decode().replace("<wbr>", "")
    except urllib.error.HTTPError as error:
        return error.read().decode()
    except OSError:
        return ""


def wait_for(uri, text):
    return wait_until(lambda: text in (page := get(uri)) and page)


def is_shown(page, text):
    """Return whether the browser comes to show *text* in the open *page*, by itself."""
    return wait_until(lambda: text in page.locator("body").text_content())


def test_preview_follows_the_catalog_and_shows_a_mistake_until_it_is_mended(
    incomplete, browser
):
    port = free_port()
    uri = f"http://127.0.0.1:{port}/privacy-policy.html"
    server = subprocess.Popen(
        [ROOT / ".venv/bin/python", "-m", "tools.preview", "ja", "--port", port],
        cwd=incomplete.path,
        stdout=subprocess.DEVNULL,
    )
    try:
        assert "[fuzzy: 正当な利益]" in wait_for(uri, "データの収集")
        page = browser.new_page()
        page.goto(uri)
        incomplete.edit(CATALOG, 'msgstr "データの収集"', 'msgstr "データの取得"')
        assert is_shown(page, "データの取得")
        incomplete.edit(CATALOG, 'msgstr "データの取得"', 'msgstr "データの取得')
        assert is_shown(page, "not valid PO")
        assert is_shown(page, CATALOG)
        built = incomplete.path / "build/preview/ja/privacy-policy.html"
        assert "データの<wbr>取得" in built.read_text(encoding="utf-8")
        incomplete.edit(CATALOG, 'msgstr "データの取得', 'msgstr "データの取得"')
        assert is_shown(page, "データの取得")
        page.close()
        second = incomplete.make("preview-ja")
        assert second.returncode != 0
        assert "a preview of ja is open already" in second.stderr
    finally:
        server.terminate()
        server.wait()


def is_free(lock):
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def open_files(server):
    """Return how many files and pipes are open in the process that has pages built."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text()
    [builder] = [
        process
        for process in map(Path("/proc").joinpath, children.split())
        if b"spawn_main" in (process / "cmdline").read_bytes()
    ]
    return len(list((builder / "fd").iterdir()))


def test_preview_keeps_nothing_open_for_saves_that_are_over(checkout):
    port = free_port()
    server = subprocess.Popen(
        [ROOT / ".venv/bin/python", "-m", "tools.preview", "ja", "--port", port],
        cwd=checkout.path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    uri = f"http://127.0.0.1:{port}/privacy-policy.html"
    lock = checkout.path / "build/preview-ja.lock"
    try:
        wait_for(uri, "データの収集")
        opened, word = open_files(server), "収集"
        for new in ["取得", "蓄積", "保存"]:
            checkout.edit(
                CATALOG, f'msgstr "データの{word}"', f'msgstr "データの{new}"'
            )
            wait_for(uri, f"データの{new}")
            word = new
        wait_until(lambda: open_files(server) == opened)
        # However it ends, and whatever it had asked for: a new one can be opened.
        checkout.edit(CATALOG, f'msgstr "データの{word}"', 'msgstr "データの収集"')
        assert not is_free(lock)
    finally:
        server.kill()
        server.wait()
    wait_until(lambda: is_free(lock))


COUNT = """
import sys

def setup(app):
    def note(*words):
        with (ROOT / "counted").open("a") as file:
            print(*words, file=file)

    def start(app, env, added, changed, removed):
        app.modules = set(sys.modules)
        note("start")
        return []

    def finish(app, error):
        for name in set(sys.modules) - app.modules:
            note("import", name)
        note("finish")

    app.connect("env-get-outdated", start)
    app.connect("source-read", lambda app, name, text: note("read", name))
    app.connect("html-page-context", lambda app, name, *more: note("write", name))
    app.connect("build-finished", finish)
"""


def builds(counted):
    """Return what each build did."""
    text = counted.read_text(encoding="utf-8") if counted.is_file() else ""
    return [build.splitlines() for build in text.split("start\n")[1:]]


def save(checkout, old, new):
    """Replace *old* by *new* in the catalog in one step, as most editors do."""
    hidden = "locale/ja/LC_MESSAGES/.saved"
    shutil.copy(checkout.path / CATALOG, checkout.path / hidden)
    checkout.edit(hidden, old, new)
    (checkout.path / hidden).replace(checkout.path / CATALOG)


def test_preview_does_no_more_than_the_change_of_a_message_wants(checkout):
    conf = (checkout.path / "conf.py").read_text(encoding="utf-8")
    checkout.write("conf.py", conf + COUNT)
    front = "---\ntitle: Terms\nupdated: 2026-02-03\n---\n\n(terms)=\n"
    checkout.write("source/terms.md", f"{front}# Terms\n\nBe kind.\n")
    counted = checkout.path / "counted"
    port = free_port()
    command = [ROOT / ".venv/bin/python", "-m", "tools.preview", "ja", "--port", port]
    server = subprocess.Popen(command, cwd=checkout.path, stdout=subprocess.DEVNULL)
    changes = [
        ("業務または研究", "研究または業務", ["privacy-policy"]),
        ('msgstr "データの収集"', 'msgstr "データの取得"', ["privacy-policy"]),
        # Every page shows the title of each other.
        (
            "Japanプライバシーポリシー",
            "Japanのプライバシーポリシー",
            [*KNOWN_PAGES, "terms"],
        ),
    ]
    try:
        wait_for(f"http://127.0.0.1:{port}/", "Terms")
        for number, (old, new, pages) in enumerate(changes, start=2):
            save(checkout, old, new)
            wait_until(lambda number=number: len(builds(counted)) == number)
            wait_until(lambda: "finish" in builds(counted)[-1])
            written = {f"write {name}" for name in [*pages, "404", "search"]}
            done = set(builds(counted)[-1])
            assert done == {"read privacy-policy", "finish", *written}
    finally:
        server.terminate()
        server.wait()


# -- make add-language, make pseudo --------------------------------------------


def add_language(checkout, language):
    result = checkout.make("add-language", f"LANGUAGE={language}")
    assert result.returncode == 0, result.stderr
    assert f'"{language}": {{...}} in contact' in result.stdout
    with (checkout.path / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(f'\ncontact["{language}"] = contact["en"]\n')


def test_added_language_is_built_as_html_and_pdf(checkout):
    add_language(checkout, "fr")
    name = "locale/fr/LC_MESSAGES/privacy-policy.po"
    entries = catalog(checkout, name)
    assert entries.metadata["Language"] == "fr"
    assert len(entries.untranslated_entries()) == len(entries)
    entries.find("Data Collection").msgstr = "Collecte des données à caractère privé"
    entries.save()
    result = checkout.make("html", "latexpdf-fr")
    assert result.returncode == 0, result.stdout + result.stderr
    site = Site(checkout.path)
    page = site.page("fr", "privacy-policy")
    assert page.html["lang"] == "fr"
    assert "Collecte des données" in page.article.get_text()
    assert "28 janvier 2025" in page.article.get_text() or "28 janv. 2025" in page.text
    assert "Collecte des données" in site.pdf_text("fr", "privacy-policy")[0]
    # The others link to it, by its own name.
    assert "français" in site.article("ja", "index").get_text()


@pytest.mark.parametrize("language", ["zh_CN", "ko", "ar"])
def test_language_in_another_script_has_pages_and_is_told_what_its_pdf_wants(
    checkout, language
):
    add_language(checkout, language)
    # Its owner may have named them.
    checkout.configure(f'localized["latex_elements"].pop("{language}", None)')
    result = checkout.make(f"html-{language}", f"latexpdf-{language}")
    assert (checkout.path / f"build/html/{slug(language)}/index.html").is_file()
    assert result.returncode != 0
    assert f'"{language}": {{' in result.stderr
    assert "latex_elements" in result.stderr and "conf.py" in result.stderr
    assert "Traceback" not in result.stderr


def is_pseudo(text):
    return "«" in text or "»" in text


class Pseudo:
    """Where the pseudo-translated pages and PDFs are, and what is not translated."""

    def __init__(self, path):
        self.path = path / "build/pseudo"
        facts = read_conf(path)
        self.values = {*facts["contact"]["en"].values(), *facts["company"].values()}
        self.values.add("Jan 28, 2025")


@pytest.fixture(scope="module")
def pseudo(once):
    def make(path):
        result = Checkout(path).make("pseudo")
        assert result.returncode == 0, result.stderr

    return Pseudo(once("pseudo", make))


@pytest.mark.parametrize("page", ["index", "privacy-policy", "search"])
def test_no_string_of_a_page_escapes_translation(pseudo, page):
    html = (pseudo.path / f"html/en/{page}.html").read_text(encoding="utf-8")
    values = pseudo.values | {"English", "日本語", "·", "¶"}
    soup = BeautifulSoup(html, "html5lib")
    for part in soup.select("wbr, .unbroken"):
        part.unwrap()
    soup.smooth()
    texts = texts_for_readers(soup)
    assert len([text for text in texts if is_pseudo(text)]) > 10
    left = [text for text in texts if not is_pseudo(text) and text not in values]
    assert left == []


def test_no_string_of_a_pdf_escapes_translation(pseudo):
    [path] = (pseudo.path / "pdf").glob("*privacy-policy*.pdf")
    pages = [
        page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(path)
    ]
    text = " ".join(pages)
    for value in pseudo.values:
        text = text.replace(value, "")
    outside = re.sub(r"«[^»]*»", "", text)
    # LaTeX's own heading comes in the language of the class.
    words = set(re.findall(r"[A-Za-z]{2,}", outside)) - {"Contents"}
    assert words == set()


def test_check_finds_all_kinds_in_one_round(checkout, tmp_path):
    """And says each thing once, where it is, and what to do."""
    checkout.write(
        "source/terms.md",
        "---\ntitle: Terms\nupdated: 2026-02-03\n---\n\n(terms)=\n# Terms of Use\n\n"
        "Be kind.\n\nBe brave.\n\nBe 18.\n\nBe there.\n",
    )
    header = '"Content-Type: text/plain; charset=UTF-8\\n"\n'
    messages = [
        'msgid "Terms"\nmsgstr "規約"',
        'msgid "Terms of Use"\nmsgstr ""',
        '#, fuzzy\nmsgid "Be kind."\nmsgstr "親切に。"',
        '# review: 硬い表現です。\nmsgid "Be brave."\nmsgstr "勇気を持ってください。"',
        'msgid "Be 18."\nmsgstr "大人になってください。"',
        'msgid "Be there."\nmsgstr "**そこ**にいてください。"',
    ]
    catalog = "\n\n".join([f'msgid ""\nmsgstr ""\n{header}'.strip(), *messages, ""])
    checkout.write("locale/ja/LC_MESSAGES/terms.po", catalog)
    page = tmp_path / "summary.md"
    result = checkout.make("check", GITHUB_STEP_SUMMARY=str(page))
    assert result.returncode != 0
    found = re.findall(r"terms\.po:(\d+)[\d:]*: (.*)", result.stdout)
    lines = catalog.split("\n")
    wanted = {
        "Terms of Use": "missing: .*; translate it",
        "Be kind.": "fuzzy: .*; correct the translation, then take out the mark",
        "Be brave.": r'review: 硬い表現です。; delete "# review: …" when done',
        "Be 18.": ".*the figure 18 is missing; write it",
        "Be there.": r".*\*\*…\*\*",
    }
    for english, said in wanted.items():
        line = str(lines.index(f'msgid "{english}"') + 2)
        [remark] = [text for number, text in found if number == line]
        assert re.match(said, remark)
        assert page.read_text("utf-8").count(f"terms.po:{line}<") == 1


def test_each_message_is_named_once_for_pages_and_pdfs(checkout):
    checkout.write(
        "source/terms.md",
        "---\ntitle: Terms\nupdated: 2026-02-03\n---\n\n(terms)=\n# Terms\n\n"
        "Be kind.\n",
    )
    result = checkout.make("html-ja", "latexpdf-ja")
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("Be kind.") == 1
    # Another run says it again.
    assert checkout.make("latexpdf-ja").stdout.count("Be kind.") == 1
