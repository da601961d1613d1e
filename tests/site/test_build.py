"""A build succeeds as a whole or changes nothing, however it ends."""

import os
import signal
import subprocess

from tests.support import ROOT, wait_until

POLICY = "source/privacy-policy.md"
CATALOG = "locale/ja/LC_MESSAGES/privacy-policy.po"


def state(checkout):
    """Return the contents of all output, and of what later builds start from."""
    folders = ["html", "latex", "pdf", "doctrees"]
    return {
        path: path.read_bytes()
        for folder in folders
        for path in (checkout.path / "build" / folder).rglob("*")
        if path.is_file()
    }


def test_warning_fails_each_build_and_changes_nothing(checkout):
    """Sphinx alone forgets the warnings of a document that it has read."""
    assert checkout.make("html").returncode == 0
    before = state(checkout)
    checkout.edit(POLICY, "## Data Retention", "[x](#nowhere)\n\n## Data Retention")
    for _ in range(2):
        result = checkout.make("html")
        assert result.returncode != 0
        assert "nowhere" in result.stderr
        assert "Failed: html-en, html-ja" in result.stderr
        assert state(checkout) == before
    checkout.edit(POLICY, "[x](#nowhere)\n\n", "")
    assert checkout.make("html").returncode == 0


def test_crash_shows_where_and_stops_no_other_language(checkout):
    conf = (checkout.path / "conf.py").read_text(encoding="utf-8")
    crash = "\ndef setup(app):\n    app.config.language == 'en' and 1 / 0\n"
    checkout.write("conf.py", conf + crash)
    result = checkout.make("html")
    assert result.returncode != 0
    assert "ZeroDivisionError" in result.stderr
    assert (checkout.path / "build/html/ja/index.html").is_file()
    assert not (checkout.path / "build/html/en").exists()


def is_alive(pid):
    """Return whether the process *pid* runs; one that waits for its parent does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rsplit(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_interrupted_build_changes_nothing_and_leaves_nobody_behind(checkout):
    assert checkout.make("html").returncode == 0
    before = state(checkout)
    checkout.edit(POLICY, "## Data Retention", "## Retention")
    # The build stops and waits when all pages are written, and says that it is there.
    conf = (checkout.path / "conf.py").read_text(encoding="utf-8")
    checkout.write(
        "conf.py",
        f"{conf}\nimport subprocess\n\ndef stop(app, error):\n"
        "    child = subprocess.Popen(['sleep', '600'])\n"
        "    text = f'{os.getpid()} {child.pid}'\n"
        "    Path(f'{app.config.language}.pids').write_text(text)\n"
        "    child.wait()\n"
        "\ndef setup(app):\n    app.connect('build-finished', stop)\n",
    )
    # Tests that run in the background ignore Ctrl-C, and would hand that down.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    make = subprocess.Popen(
        ["make", "html-ja", f"VENV={ROOT / '.venv'}"],
        cwd=checkout.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    pids = checkout.path / "ja.pids"
    wait_until(lambda: pids.is_file() and pids.read_text().count(" "))
    # As the terminal does for Ctrl-C.
    os.killpg(make.pid, signal.SIGINT)
    said, _ = make.communicate()
    assert make.returncode != 0
    assert "Interrupted" in said and "Traceback" not in said
    assert state(checkout) == before
    for pid in pids.read_text().split():
        wait_until(lambda pid=pid: not is_alive(pid))
    checkout.write("conf.py", conf)
    assert checkout.make("html").returncode == 0
    assert state(checkout) != before


def test_builds_at_the_same_time_do_not_disturb_each_other(known_site, checkout):
    makes = [
        subprocess.Popen(
            ["make", target, f"VENV={ROOT / '.venv'}"],
            cwd=checkout.path,
            stdout=subprocess.DEVNULL,
        )
        for target in ["html", "html", "html-ja", "gettext"]
    ]
    assert [make.wait() for make in makes] == [0] * len(makes)
    for language in ["en", "ja"]:
        for page in ["index", "privacy-policy"]:
            built = checkout.path / f"build/html/{language}/{page}.html"
            assert (
                built.read_bytes() == known_site.html_path(language, page).read_bytes()
            )


def test_file_that_stays_the_same_is_not_written_again(checkout):
    def times():
        return {
            path.relative_to(checkout.path / "build/html"): path.stat().st_mtime_ns
            for path in (checkout.path / "build/html").rglob("*")
            if path.is_file()
        }

    assert checkout.make("html-ja").returncode == 0
    before = times()
    checkout.edit(CATALOG, 'msgstr "データの収集"', 'msgstr "データの取得"')
    assert checkout.make("html-ja").returncode == 0
    after = times()
    changed = {str(path) for path in after if after[path] != before.get(path)}
    assert "ja/privacy-policy.html" in changed
    each_time = {"search.html", "searchindex.js", "objects.inv"}
    assert changed <= {f"ja/{name}" for name in {"privacy-policy.html"} | each_time}
