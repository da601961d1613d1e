"""Show the pages of one language in the browser, built anew as its catalogs are saved.

    python -m tools.preview ja [--port 8000]

What is missing or fuzzy is marked in the page. A mistake is shown where the page
would be until it is mended; the pages built before stay as they are.
"""

import argparse
import asyncio
import contextlib
import fcntl
import html
import multiprocessing
import os
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import uvicorn
from sphinx_autobuild.filter import IgnoreFilter
from sphinx_autobuild.middleware import JavascriptInjectorMiddleware
from sphinx_autobuild.server import RebuildServer
from sphinx_autobuild.utils import find_free_port
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import HTMLResponse
from starlette.routing import Mount, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from watchfiles import awatch

from policy_site.base import locale_tree
from policy_site.base.errors import file_errors
from policy_site.base.languages import tag
from policy_site.base.settings import ROOT
from policy_site.translation import remarks
from tools import build

# The process that builds imports our code anew each time that it is started.
SPAWN = multiprocessing.get_context("spawn")
WATCHED = ["source", "locale", "conf.py", "policy_site", "_templates", "_static"]
# Addresses of this machine.
NAMES = ["127.0.0.1", "localhost"]

MISTAKE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><title>{title}</title>
<style>body {{ font: 1rem/1.6 sans-serif; margin: 3rem auto; max-width: 60rem;
padding: 0 1rem }} pre {{ white-space: pre-wrap; border-left: 4px solid #b00020;
padding: 1rem }}</style>
<h1>{title}</h1>
<pre>{text}</pre></html>"""


def keep_building(name: str, requests: Connection) -> None:
    """Build the target *name* for each request, and answer as ``Worker.end`` does.

    Each build is forked from this process, which has imported everything by then.
    """
    # Ctrl+C ends the preview; this process ends when the pipe to it is closed.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    build.import_once()
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            requests.recv()
            requests.send(build.Worker(build.Target(name)).end())


class Builds:
    """Has pages built by another process; the file *mistake* shows what went wrong."""

    def __init__(self, language: str) -> None:
        self.name = f"preview-{language}"
        self.pages = build.Target(self.name).published
        self.pages.mkdir(parents=True, exist_ok=True)
        self.mistake = self.pages.with_suffix(".mistake")
        self.language = language
        self.start()

    def start(self) -> None:
        """Start the process that builds."""
        self.connection, theirs = SPAWN.Pipe()
        self.builder = SPAWN.Process(target=keep_building, args=(self.name, theirs))
        self.builder.start()
        theirs.close()

    def stop(self) -> None:
        self.connection.close()
        self.builder.join()
        self.builder.close()

    def __call__(self, changed_paths: list[Path]) -> None:
        if any(path.suffix == ".py" for path in changed_paths):
            self.stop()
            self.start()
        self.connection.send(None)
        built, output, errors = self.connection.recv()
        catalog = locale_tree.catalog_folder(ROOT, self.language) / "sphinx.po"
        title = remarks.say(remarks.NOT_BUILT, catalog)
        texts = {"title": title, "text": errors, "language": tag(self.language)}
        page = MISTAKE.format_map({key: html.escape(texts[key]) for key in texts})
        self.mistake.write_text("" if built else page, encoding="utf-8")
        print(output + errors or "Built.", flush=True)


class Watcher(RebuildServer):
    """Has every save built and the browser told, at once and one after the other."""

    async def watch(self) -> None:
        async for changes in awatch(
            *self.paths,
            watch_filter=lambda _, path: not self.ignore(path),
            # Milliseconds in which further changes are taken as one with the first.
            step=2,
        ):
            paths = [Path(path) for _, path in changes]
            await asyncio.to_thread(self.change_callback, paths)
            self.flag.set()


class ShowMistake:
    """Answers with the mistake, while there is one, instead of any page."""

    def __init__(self, app: ASGIApp, mistake: Path) -> None:
        self.app = app
        self.mistake = mistake

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wants_page = scope["type"] == "http" and scope["path"].endswith(("/", ".html"))
        said = self.mistake.read_text(encoding="utf-8") if wants_page else ""
        if said:
            await HTMLResponse(said, status_code=500)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class OwnPagesOnly:
    """Tells of builds only the pages of this preview, not those of another site."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self.app = app
        self.origins = [f"http://{name}:{port}" for name in NAMES]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_socket = scope["type"] == "websocket"
        if is_socket and Headers(scope=scope).get("origin") not in self.origins:
            await WebSocketClose()(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def application(
    pages: Path, mistake: Path, watcher: ASGIApp, port: int, lifespan: Any = None
) -> Starlette:
    """Return what serves the folder *pages*, or the *mistake*, at *port*.

    *watcher* tells, over a websocket, of each build.
    """
    return Starlette(
        routes=[
            WebSocketRoute("/websocket-reload", watcher),
            Mount("/", app=StaticFiles(directory=pages, html=True)),
        ],
        middleware=[
            # The name of another site may be made to lead here:
            # https://en.wikipedia.org/wiki/DNS_rebinding
            Middleware(TrustedHostMiddleware, allowed_hosts=NAMES),
            Middleware(OwnPagesOnly, port=port),
            Middleware(JavascriptInjectorMiddleware, ws_url=f"127.0.0.1:{port}"),
            Middleware(ShowMistake, mistake=mistake),
        ],
        lifespan=lifespan,
    )


@file_errors(ROOT)
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language")
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    os.chdir(ROOT)
    Path("build").mkdir(exist_ok=True)
    lock = Path(f"build/preview-{arguments.language}.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"error: a preview of {arguments.language} is open already")
    builds = Builds(arguments.language)
    port = arguments.port or find_free_port()
    # Editors' own files do not start a build.
    ignored = IgnoreFilter([], [r"/\.", r"~$", r"__pycache__", r"\.mo$", r"/\d+$"])
    watcher = Watcher([ROOT / name for name in WATCHED], ignored, builds)
    app = application(builds.pages, builds.mistake, watcher, port, watcher.lifespan)
    try:
        builds([])
        print(f"http://127.0.0.1:{port}/", flush=True)
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
    finally:
        builds.stop()


if __name__ == "__main__":
    main()
