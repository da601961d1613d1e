"""Show the pages of one language in the browser, built anew as its catalogs are saved.

    python tools/preview.py ja [--port 8000]

What is missing or fuzzy is marked in the page. A mistake is shown where the page
would be until it is mended; the pages built before stay as they are.
"""

import argparse
import html
import os
import sys
from pathlib import Path

import build
import uvicorn
from sphinx_autobuild.filter import IgnoreFilter
from sphinx_autobuild.middleware import JavascriptInjectorMiddleware
from sphinx_autobuild.server import RebuildServer
from sphinx_autobuild.utils import find_free_port
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Mount, WebSocketRoute
from starlette.staticfiles import StaticFiles

ROOT = Path(__file__).resolve().parent.parent
WATCHED = ["source", "locale", "conf.py", "_ext", "_templates", "_static"]

MISTAKE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Not built</title>
<style>body {{ font: 1rem/1.6 sans-serif; margin: 3rem auto; max-width: 60rem;
padding: 0 1rem }} pre {{ white-space: pre-wrap; border-left: 4px solid #b00020;
padding: 1rem }}</style>
<h1>Not built</h1><p>Mend this, save, and the page comes back by itself.</p>
<pre>{}</pre></html>"""


class Build:
    """Builds the pages of a language; what went wrong is in the file *mistake*."""

    def __init__(self, language):
        self.target = build.Target(f"preview-{language}")
        self.pages = self.target.published
        self.mistake = self.pages.with_suffix(".mistake")

    def __call__(self, *, changed_paths):
        built, output, errors = build.Worker(self.target).end()
        self.pages.mkdir(parents=True, exist_ok=True)
        self.mistake.write_text("" if built else errors, encoding="utf-8")
        print(output + errors or "Built.", flush=True)


def import_once():
    """Import what builds need, but for our own extensions, which may be edited."""
    build.import_once()
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(str(ROOT / "_ext")):
            del sys.modules[name]


class ShowMistake:
    """Answers with the mistake, while there is one, instead of any page."""

    def __init__(self, app, mistake):
        self.app = app
        self.mistake = mistake

    async def __call__(self, scope, receive, send):
        wants_page = scope["type"] == "http" and scope["path"].endswith(("/", ".html"))
        said = self.mistake.read_text() if wants_page else ""
        if said:
            page = HTMLResponse(MISTAKE.format(html.escape(said)), status_code=500)
            await page(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language")
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    os.chdir(ROOT)
    import_once()
    rebuild = Build(arguments.language)
    rebuild(changed_paths=())
    port = arguments.port or find_free_port()
    # Editors' own files do not start a build.
    ignored = IgnoreFilter([], [r"/\.", r"~$", r"__pycache__", r"\.mo$", r"/\d+$"])
    watcher = RebuildServer([ROOT / name for name in WATCHED], ignored, rebuild)
    app = Starlette(
        routes=[
            WebSocketRoute("/websocket-reload", watcher),
            Mount("/", app=StaticFiles(directory=rebuild.pages, html=True)),
        ],
        middleware=[
            Middleware(JavascriptInjectorMiddleware, ws_url=f"127.0.0.1:{port}"),
            Middleware(ShowMistake, mistake=rebuild.mistake),
        ],
        lifespan=watcher.lifespan,
    )
    print(f"http://127.0.0.1:{port}/", flush=True)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
