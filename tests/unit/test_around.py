"""What stands around the guard: the servers, the policy of pages, what is installed."""

import asyncio
import base64
import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote

import pytest

from policy_site.page import csp
from tools import preview, serve

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def host(tmp_path, monkeypatch):
    """The host of a small site, with a file outside of it."""
    site = tmp_path / "site"
    for name in ["index.html", "404.html", "en/index.html", "en/404.html", "en/a.html"]:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(name)
    (site / "_headers").write_text("/*\n  X-Tried: yes\n")
    (site / "_redirects").write_text("")
    (tmp_path / "secret.html").write_text("secret")
    (site / "en/out.html").symlink_to(tmp_path / "secret.html")
    monkeypatch.setattr(serve, "SITE", site)
    return serve.Host("/")


def get(app, raw):
    """Return (status, headers, body) of the answer to the path *raw*, as it is sent."""
    sent = answers(app, raw, {"host": "127.0.0.1"})
    headers = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], headers, body


def answers(app, raw, headers, kind="http"):
    """Return the messages with which the ASGI application *app* answers a request."""
    sent = []

    async def send(message):
        sent.append(message)

    waiting = [1]

    async def receive():
        if not waiting:
            # The one who asks stays and listens.
            await asyncio.Event().wait()
        waiting.pop()
        return {"type": "http.request" if kind == "http" else "websocket.connect"}

    scope = {
        "type": kind,
        "method": "GET",
        "path": unquote(raw),
        "raw_path": raw.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(key.encode(), value.encode()) for key, value in headers.items()],
        "server": ("127.0.0.1", 8000),
        "scheme": "http",
    }
    # In a thread of its own: one that has driven a browser has a loop that runs.
    with ThreadPoolExecutor(1) as thread:
        answer = asyncio.wait_for(app(scope, receive, send), 20)
        thread.submit(asyncio.run, answer).result()
    return sent


@pytest.mark.parametrize(
    "path",
    [
        "//host/%2e%2e/en/index.html",
        "//host/en/",
        "//host",
        "/%00",
        "/en/%00.html",
        "/" + 5000 * "a",
        "/" + 5000 * "a/",
        "/./_headers",
        "/en/../_headers",
        "/%2e/_headers",
        "//_headers",
        "/_headers",
        "/%5Fheaders",
        "/_redirects",
        "/../secret.html",
        "/%2e%2e/secret",
        "/..%2fsecret.html",
        "/en/..%5c..%5csecret.html",
        "/en/out",
        "/en/out.html",
        "/en/%0d%0aX-Evil:%20yes/index.html",
    ],
)
def test_address_of_no_page_is_answered_with_a_plain_404(host, path):
    status, headers, body = get(host, path)
    assert status == 404
    assert "location" not in headers and "x-evil" not in headers
    assert body in (b"404.html", b"en/404.html")


@pytest.mark.parametrize(
    ("path", "status", "found"),
    [
        ("/", 200, b"index.html"),
        ("/en/", 200, b"en/index.html"),
        ("/en", 308, "/en/"),
        ("/en/index.html", 308, "/en/"),
        ("/en/a.html", 308, "/en/a"),
        ("/en/a", 200, b"en/a.html"),
    ],
)
def test_page_is_served_as_before(host, path, status, found):
    answer = get(host, path)
    assert answer[0] == status
    assert (answer[1].get("location") if status == 308 else answer[2]) == found


# -- The preview ---------------------------------------------------------------------


class Watcher:
    """Tells at once of a build."""

    async def __call__(self, scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})


@pytest.fixture
def pages(tmp_path):
    """The preview of one page."""
    (tmp_path / "index.html").write_text("<p>a page</p>")
    mistake = tmp_path / "mistake"
    mistake.write_text("")
    return preview.application(tmp_path, mistake, Watcher(), 8000)


@pytest.mark.parametrize("name", ["evil.example", "evil.example:8000", "127.0.0.1.x"])
def test_preview_answers_to_no_other_name(pages, name):
    assert answers(pages, "/", {"host": name})[0]["status"] == 400
    assert answers(pages, "/", {"host": "127.0.0.1:8000"})[0]["status"] == 200


def first_of_socket(pages, **headers):
    return answers(pages, "/websocket-reload", headers, "websocket")[0]["type"]


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:8000"],
)
def test_preview_tells_nothing_to_pages_of_others(pages, origin):
    told = first_of_socket(pages, host="127.0.0.1:8000", origin=origin)
    assert told == "websocket.close"


@pytest.mark.parametrize("name", ["127.0.0.1:8000", "localhost:8000"])
def test_preview_tells_its_own_pages(pages, name):
    told = first_of_socket(pages, host="127.0.0.1:8000", origin=f"http://{name}")
    assert told == "websocket.accept"


# -- The content policy --------------------------------------------------------------


def source(text):
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@pytest.mark.parametrize(
    "page",
    [
        "<p>Prose style='color:red' and more</p>",
        "<p>Prose</p> style='color:red'",
        "<p title=\"a style='color:red' b\">x</p>",
        "<p data-style='color:red'>x</p>",
        "<p title='a style=&quot;color:red&quot;'>x</p>",
        "&lt;p style='color:red'&gt;",
        "1 < 2 style='color:red' 3 > 2",
    ],
)
def test_prose_that_looks_like_a_style_is_not_allowed_as_one(page):
    assert source("color:red") not in csp.security_policy(page)


@pytest.mark.parametrize(
    "page",
    [
        "<p style='color:red'>x</p>",
        '<p title="a > b" style="color:red">x</p>',
        "<p title='a'\n style = 'color:red'>x</p>".replace(" = ", "="),
        "<p>1 < 2</p><svg style='color:red'/>",
    ],
)
def test_style_of_a_page_is_allowed(page):
    assert source("color:red") in csp.security_policy(page)


# -- What is installed ---------------------------------------------------------------

LOCKS = sorted((ROOT / "tools").glob("*/package-lock.json"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.parent.name)
def test_every_package_of_npm_is_known_by_its_contents(lock):
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    assert len(packages) > 100
    for name, package in packages.items():
        assert not name or package["integrity"].startswith("sha512-"), name


def test_no_package_of_npm_runs_a_script_when_it_is_installed():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", "")
    installs = [line for line in makefile.splitlines() if "npm ci" in line]
    assert installs and all("--ignore-scripts" in line for line in installs)


def test_two_that_start_at_once_make_a_thing_once(tmp_path):
    (tmp_path / "source").write_text("")
    once = [sys.executable, ROOT / "tools/once.py", "made", "source"]
    command = "echo started >> log; sleep 0.5; echo done > made"
    both = [subprocess.Popen([*once, command], cwd=tmp_path) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert (tmp_path / "log").read_text() == "started\n"


def test_what_could_not_be_made_is_tried_again(tmp_path):
    (tmp_path / "source").write_text("")
    once = [sys.executable, ROOT / "tools/once.py", "made", "source"]
    assert subprocess.run([*once, "false; touch made"], cwd=tmp_path).returncode == 1
    assert not (tmp_path / "made").exists()
    assert subprocess.run([*once, "true"], cwd=tmp_path).returncode == 0
    assert (tmp_path / "made").exists()
