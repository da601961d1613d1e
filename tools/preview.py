"""Show the pages of one language in the browser, built anew as its catalogs are saved.

    python tools/preview.py ja [--port 8000]

What is missing or fuzzy is marked in the page. A mistake is shown where the page
would be until it is mended; the pages built before stay as they are.
"""

import argparse
import asyncio
import contextlib
import fcntl
import gc
import html
import io
import multiprocessing
import os
import pickle
import signal
import sys
from pathlib import Path
from types import SimpleNamespace

import build
import sphinx.builders
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
from watchfiles import awatch

ROOT = Path(__file__).resolve().parent.parent
FORK = multiprocessing.get_context("fork")
WATCHED = ["source", "locale", "conf.py", "_ext", "_templates", "_static"]

MISTAKE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Not built</title>
<style>body {{ font: 1rem/1.6 sans-serif; margin: 3rem auto; max-width: 60rem;
padding: 0 1rem }} pre {{ white-space: pre-wrap; border-left: 4px solid #b00020;
padding: 1rem }}</style>
<h1>Not built</h1><p>Mend this, save, and the page comes back by itself.</p>
<pre>{}</pre></html>"""


class Spare(build.Target):
    """A build that waits, with Sphinx initialised, for the catalogs that it builds."""

    def __init__(self, name):
        super().__init__(name)
        self.saver = None
        self.receiver, self.sender = multiprocessing.Pipe(duplex=False)
        self.answers, self.answer = multiprocessing.Pipe(duplex=False)
        self.worker = build.Worker(self)
        self.receiver.close()
        self.answer.close()

    def wait(self, app):
        # When the preview ends, nobody has the other end.
        self.sender.close()
        # To build once more loads and copies all that the next build would.
        with contextlib.redirect_stdout(io.StringIO()):
            app.build()
        # A save changes nothing of these, or nothing that a preview shows.
        for rest in ("copy_assets", "compile_update_catalogs", "handle_finish"):
            setattr(app.builder, rest, lambda: None)
        import catalogs
        import guard

        # So does to judge a catalog.
        for path in catalogs.all_paths(app.config)[:1]:
            guard.offences(catalogs.read(path), path, app.config)
        self.save_beside(app.env)
        # One build leaves little garbage.
        gc.freeze()
        gc.disable()
        try:
            paths = self.receiver.recv()
        except EOFError:
            sys.exit()
        catalogs.compile_again(app, paths)

    def save_beside(self, env):
        """Have *env* saved by another process while its pages are written."""

        def dump(value, file, protocol):
            if value is not env:
                pickle.dump(value, file, protocol)
                return
            self.saver = os.fork()
            if self.saver == 0:
                status = 1
                try:
                    pickle.dump(value, file, protocol)
                    file.close()
                    status = 0
                finally:
                    os._exit(status)

        protocol = pickle.HIGHEST_PROTOCOL
        sphinx.builders.pickle = SimpleNamespace(dump=dump, HIGHEST_PROTOCOL=protocol)

    def shown(self):
        """Say that the pages can be seen; nobody waits for what is left to do."""
        sys.stdout.flush()
        self.answer.send(None)
        if self.saver and os.waitpid(self.saver, 0)[1]:
            sys.exit("error: what was built could not be saved")

    def clean_up(self):
        """Leave that to the next one, which has time for it."""

    def finish(self, paths):
        """Build with *paths*, the catalogs that changed; return as Worker.end does.

        When the pages can be seen: call ``end`` afterwards.
        """
        with contextlib.suppress(BrokenPipeError), self.sender:
            self.sender.send(paths)
        try:
            self.answers.recv()
        except EOFError:
            return False, *self.worker.said()
        return True, *self.worker.said()

    def end(self):
        self.answers.close()
        self.worker.end()

    def stop(self):
        self.sender.close()
        self.answers.close()
        self.worker.stop()


def keep_building(name, saves, theirs):
    """Build, for each list of paths from *saves*, what they change, and answer.

    Each build is forked, so that none leaves traces, and in advance.
    """
    # The preview ends this process, by closing its end.
    theirs.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import_once()
    catalogs = f"locale/{name.partition('-')[2]}/LC_MESSAGES/*.po"
    spare = Spare(name)
    try:
        while True:
            paths = saves.recv()
            built = False
            # All else is read when Sphinx is initialised.
            if all(path.match(catalogs) and path.stem != "sphinx" for path in paths):
                built, output, errors = spare.finish(paths)
            if not built:
                # What one that began before the save finds wrong may be right now.
                spare.stop()
                spare = Spare(name)
                built, output, errors = spare.finish([])
            saves.send((built, output, errors))
            spare.end()
            spare = Spare(name)
    except (EOFError, ConnectionError):
        # The preview has ended, perhaps without waiting for what it had asked for.
        spare.stop()


def import_once():
    """Import what builds need, but for our own extensions, which may be edited."""
    build.import_once()
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(str(ROOT / "_ext")):
            del sys.modules[name]
    gc.freeze()


class Watcher(RebuildServer):
    """Has every save built and the browser told, at once and one after the other."""

    async def watch(self):
        wanted = {"watch_filter": lambda _, path: not self.ignore(path), "step": 2}
        async for changes in awatch(*self.paths, **wanted):
            paths = [Path(path) for _, path in changes]
            await asyncio.to_thread(self.change_callback, paths)
            self.flag.set()


class Builds:
    """Has pages built by another process; the file *mistake* says what went wrong."""

    def __init__(self, language):
        name = f"preview-{language}"
        self.pages = build.Target(name).published
        self.pages.mkdir(parents=True, exist_ok=True)
        self.mistake = self.pages.with_suffix(".mistake")
        self.saves, theirs = multiprocessing.Pipe()
        arguments = (name, theirs, self.saves)
        FORK.Process(target=keep_building, args=arguments).start()
        theirs.close()

    def __call__(self, changed_paths):
        self.saves.send(changed_paths)
        built, output, errors = self.saves.recv()
        self.mistake.write_text("" if built else errors, encoding="utf-8")
        print(output + errors or "Built.", flush=True)


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
    Path("build").mkdir(exist_ok=True)
    lock = Path(f"build/preview-{arguments.language}.lock").open("w")
    try:
        # The build that waits keeps others from building the same.
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"error: a preview of {arguments.language} is open already")
    rebuild = Builds(arguments.language)
    port = arguments.port or find_free_port()
    # Editors' own files do not start a build.
    ignored = IgnoreFilter([], [r"/\.", r"~$", r"__pycache__", r"\.mo$", r"/\d+$"])
    watcher = Watcher([ROOT / name for name in WATCHED], ignored, rebuild)
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
    with contextlib.closing(rebuild.saves):
        rebuild([])
        print(f"http://127.0.0.1:{port}/", flush=True)
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
