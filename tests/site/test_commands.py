"""The commands of the README do what they promise, on a fresh machine and again."""

import http.server
import re
import threading

from tests.support import KNOWN_LANGUAGES, ROOT, Site, run, title_of


def test_make_alone_lists_the_targets():
    result = run("make")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    listed = re.findall(r"^([a-z-]+) ", result.stdout, re.MULTILINE)
    assert result.returncode == 0
    assert {"html", "latexpdf", "test"} <= set(listed)
    for target in listed:
        pattern = re.sub("ja$", "%", target)
        assert re.search(rf"^{re.escape(pattern)}:", makefile, re.MULTILINE), target


def test_second_run_sets_up_nothing_and_changes_nothing(checkout):
    assert checkout.make("html").returncode == 0
    page = checkout.path / "build/html/ja/privacy-policy.html"
    before, time = checkout.output(), page.stat().st_mtime_ns
    result = checkout.make("html")
    assert result.returncode == 0, result.stderr
    assert "Setting up" not in result.stdout
    assert checkout.output() == before
    assert page.stat().st_mtime_ns == time


def test_one_language_can_be_built(checkout):
    result = checkout.make("html-ja")
    assert result.returncode == 0, result.stderr
    names = {path.name for path in (checkout.path / "build/html").iterdir()}
    assert names == {"ja", "pdf"}


def test_sphinx_build_by_hand_builds_the_same_page(known_site, checkout):
    """Without the Makefile, the language alone picks the block, titles and catalogs."""
    result = run(
        str(ROOT / ".venv/bin/sphinx-build"),
        *["-c", ".", "-D", "language=ja", "-q", "source", "out"],
        cwd=checkout.path,
    )
    assert result.returncode == 0, result.stderr
    page = (checkout.path / "out/privacy-policy.html").read_text(encoding="utf-8")
    known = known_site.html_path("ja", "privacy-policy")
    assert page == known.read_text(encoding="utf-8")


def test_clone_in_an_empty_folder_builds(checkout, tmp_path):
    """No virtual environment, no output, no setting of ours: as the README says."""
    run("git", "init", "--quiet", cwd=checkout.path)
    run("git", "add", "--all", cwd=checkout.path)
    author = ["-c", "user.name=A", "-c", "user.email=a@example.jp"]
    run("git", *author, "commit", "--quiet", "-m", "All", cwd=checkout.path)
    clone = tmp_path / "an empty folder" / "clone"
    clone.parent.mkdir()
    assert (
        run("git", "clone", "--quiet", str(checkout.path), str(clone)).returncode == 0
    )
    result = run("make", "html", "latexpdf", cwd=clone)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Setting up" in result.stdout
    site = Site(clone)
    for language in KNOWN_LANGUAGES:
        assert site.html_path(language, "index").is_file()
        assert site.html_path(language, "privacy-policy").is_file()
        assert site.pdf_path(language, "privacy-policy").is_file()
    assert run("git", "status", "--porcelain", cwd=clone).stdout == ""


def test_new_policy_is_one_more_file(checkout):
    """Pages, PDFs, messages and the front page pick it up."""
    checkout.write(
        "source/terms.md",
        "---\ntitle: Terms\nupdated: 2026-02-03\n---\n\n(terms)=\n# IoTone Japan Terms\n\n"
        "Be kind. Since {{ updated }}. Write to {{ contact.email }}.\n",
    )
    result = checkout.make("html", "latexpdf", "update-po")
    assert result.returncode == 0, result.stdout + result.stderr
    site = Site(checkout.path)
    for language, form in {"en": "Feb 3, 2026", "ja": "2026年2月3日"}.items():
        assert form in site.article(language, "terms").get_text()
        assert form in site.article(language, "index").get_text()
        assert site.pdf_path(language, "terms").is_file()
        links = [link["href"] for link in site.article(language, "index").select("a")]
        assert "terms.html" in links
        assert "privacy-policy.html" in links
    catalog = checkout.path / "locale/ja/LC_MESSAGES/terms.po"
    text = catalog.read_text(encoding="utf-8")
    assert 'msgid "Be kind. Since {{ updated }}. Write to {{ contact.email }}."' in text


def test_withdrawn_policy_is_gone_from_everything(checkout):
    checkout.write(
        "source/terms.md",
        "---\ntitle: Terms\nupdated: 2026-02-03\n---\n\n(terms)=\n# Terms\n\nBe kind.\n",
    )
    assert checkout.make("html", "latexpdf-en", "update-po").returncode == 0
    (checkout.path / "source/terms.md").unlink()
    (checkout.path / "locale/ja/LC_MESSAGES/terms.po").unlink()
    assert checkout.make("html", "latexpdf-en", "update-po").returncode == 0
    assert not [name for name in checkout.output() if "terms" in name]
    assert not (checkout.path / "locale/ja/LC_MESSAGES/terms.po").exists()


def test_changed_translation_reaches_the_page_and_the_pdf(checkout):
    assert checkout.make("html-ja", "latexpdf-ja").returncode == 0
    checkout.edit(
        "locale/ja/LC_MESSAGES/privacy-policy.po",
        'msgstr "データの収集"',
        'msgstr "データの取得"',
    )
    result = checkout.make("html-ja", "latexpdf-ja")
    assert result.returncode == 0, result.stderr
    site = Site(checkout.path)
    assert "データの取得" in site.article("ja", "privacy-policy").get_text()
    assert "データの取得" in site.pdf_text("ja", "privacy-policy")[0]


def test_removed_catalog_leaves_nothing_behind(checkout):
    assert checkout.make("html-ja").returncode == 0
    (checkout.path / "locale/ja/LC_MESSAGES/privacy-policy.po").unlink()
    assert checkout.make("html-ja").returncode == 0
    page = Site(checkout.path).article("ja", "privacy-policy")
    assert title_of(page.h1) == "IoTone Japan Privacy Policy"


def test_linkcheck_names_the_address_that_is_gone(checkout):
    class Host(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_response(404 if self.path == "/gone" else 200)
            self.end_headers()

        do_GET = do_HEAD

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{host.server_port}"
        front = "---\ntitle: Terms\nupdated: 2026-02-03\n---\n\n(terms)=\n# Terms\n\n"
        checkout.write("source/terms.md", f"{front}<{address}/there>\n")
        result = checkout.make("linkcheck")
        assert result.returncode == 0, result.stdout + result.stderr
        checkout.write("source/terms.md", f"{front}<{address}/gone>\n")
        result = checkout.make("linkcheck")
        host.shutdown()
    assert result.returncode != 0
    assert re.search(rf"terms.md:9: .*{address}/gone", result.stdout + result.stderr)


def test_upgrade_is_lock_with_newer_releases():
    lock, upgrade = (
        run("make", "--dry-run", "lock"),
        run("make", "--dry-run", "upgrade"),
    )
    assert "--upgrade" not in lock.stdout
    assert upgrade.stdout.replace("--upgrade ", " ") == lock.stdout
