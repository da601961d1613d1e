"""Show the pages of one language in the browser, built anew as its catalogs are saved.

    python tools/preview.py ja [--port 8000]

What is missing or fuzzy is marked in the page. A mistake is shown where the page
would be until it is mended; the pages built before stay as they are.
"""

import argparse
import html
import subprocess
import sys
from pathlib import Path

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
        self.language = language
        self.pages = ROOT / "build" / "preview" / language
        self.mistake = self.pages.with_suffix(".mistake")

    def __call__(self, *, changed_paths):
        options = ["-c", ".", "-b", "html", "-W", "--keep-going", "-n", "-q"]
        options += ["-d", f"build/doctrees/preview-{self.language}"]
        options += ["-D", f"language={self.language}", "-D", "show_proposals=1"]
        done = subprocess.run(
            [sys.executable, "-m", "sphinx", *options, "source", str(self.pages)],
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        self.pages.mkdir(parents=True, exist_ok=True)
        self.mistake.write_text(done.stderr if done.returncode else "")
        print(done.stdout + done.stderr or "Built.", flush=True)


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
    build = Build(arguments.language)
    build(changed_paths=())
    port = arguments.port or find_free_port()
    # Editors' own files do not start a build.
    ignored = IgnoreFilter([], [r"/\.", r"~$", r"__pycache__", r"\.mo$", r"/\d+$"])
    watcher = RebuildServer([ROOT / name for name in WATCHED], ignored, build)
    app = Starlette(
        routes=[
            WebSocketRoute("/websocket-reload", watcher),
            Mount("/", app=StaticFiles(directory=build.pages, html=True)),
        ],
        middleware=[
            Middleware(JavascriptInjectorMiddleware, ws_url=f"127.0.0.1:{port}"),
            Middleware(ShowMistake, mistake=build.mistake),
        ],
        lifespan=watcher.lifespan,
    )
    print(f"http://127.0.0.1:{port}/", flush=True)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
