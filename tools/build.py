"""Build what is asked for, each language and output in a process of its own.

    python -m tools.build html-en html-ja latexpdf-ja

Each starts from what it built last, in build/work/, and takes its place only when
all went well: mistakes and interruptions leave everything as it was. Sphinx and its
extensions are imported once, then the processes are forked: languages that follow
each other in one process leave traces in each other. Linux and macOS can fork.
"""

import argparse
import contextlib
import fcntl
import filecmp
import gc
import logging
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from multiprocessing.connection import wait
from pathlib import Path

import sphinx.application
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.console import nocolor
from sphinx.util.docutils import patch_docutils

import policy_site
from policy_site.base.languages import native_name
from policy_site.base.settings import ROOT, read_conf


# Of each output: the builder, the folder, and the settings that are its own.
OUTPUTS = {
    "html": ("html", "html", {}),
    "latexpdf": ("latex", "latex", {}),
    "gettext": ("gettext", "gettext", {}),
    "preview": ("html", "preview", {"show_proposals": True}),
    "check": ("dummy", "check", {"release_build": True}),
}


class Target:
    """An output in a language, ``html-ja``, and its folders."""

    def __init__(self, name, build=Path("build"), settings=()):
        self.name = name
        output, _, language = name.partition("-")
        self.builder, folder, own = OUTPUTS[output]
        self.settings = {"nitpicky": True, **own, **dict(settings)}
        if language:
            self.settings["language"] = language
        self.work = build / "work" / name
        self.doctrees = build / "doctrees" / name
        self.published = build / folder / language
        self.pdfs = build / "pdf"

    def build(self):
        """Build beside what was built last, then put the result into its place.

        SystemExit when that fails; what is to be said was printed.
        """
        self.work.parent.mkdir(parents=True, exist_ok=True)
        with self.work.with_suffix(".lock").open("w") as lock:
            # Another make may be at it.
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.copy_last()
            self.run_sphinx()
            if self.builder == "latex":
                self.run_latex()
            self.publish()

    def copy_last(self):
        """Start from what was built last, so that only what changed is built."""
        shutil.rmtree(self.work, ignore_errors=True)
        if self.doctrees.is_dir():
            shutil.copytree(self.doctrees, self.work / "doctrees")
            if self.builder in ("html", "latex") and self.published.is_dir():
                # Sphinx writes these every time, and removes none.
                every_time = shutil.ignore_patterns("_static", "*.tex")
                shutil.copytree(self.published, self.work / "out", ignore=every_time)

    def run_sphinx(self):
        """Do what ``sphinx-build -W -n -q`` does."""
        nocolor()
        # Sphinx writes each event, for nobody.
        logging.disable(logging.INFO)
        try:
            with patch_docutils("."):
                app = Sphinx(
                    *("source", ".", self.work / "out", self.work / "doctrees"),
                    *(self.builder, self.settings),
                    status=None,
                    warningiserror=True,
                )
                app.build()
        except SphinxError as error:
            sys.exit(f"{error.category}: {error}")
        if app.statuscode:
            sys.exit(app.statuscode)

    def run_latex(self):
        """Make the PDFs with the Makefile that Sphinx writes for them."""
        out = self.work / "out"
        with (out / "make.log").open("wb") as log:
            done = subprocess.run(
                ["make", "-C", out, "LATEXMKOPTS=-silent -halt-on-error", "all-pdf"],
                **{"stdout": log, "stderr": log},
            )
        if done.returncode:
            what = r"^! \|Missing character"
            subprocess.run(["grep", "-h", "-A3", what, *out.glob("*.log")])
            sys.exit(f"error: no PDF: see {log.name}")

    def publish(self):
        """Put what was built into its place, and touch only what differs."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        # Without doctrees, the next build starts from nothing: it does so, too, when
        # this one is killed in between.
        if self.doctrees.is_dir():
            self.doctrees.rename(self.work / "doctrees.old")
        out = self.work / "out"
        new = files(out)
        gone = files(self.published) - new
        for path in out.glob("*.tex"):
            pdf = Path(shutil.copy2(path.with_suffix(".pdf"), self.work))
            move(pdf, self.pdfs / pdf.name)
        for path in new:
            move(out / path, self.published / path)
        for path in gone:
            (self.published / path).unlink()
            if path.suffix == ".tex":
                (self.pdfs / path.with_suffix(".pdf")).unlink(missing_ok=True)
        if self.builder == "html":
            # The pages link the PDFs as if they were beside the languages.
            with contextlib.suppress(FileExistsError):
                (self.published.parent / "pdf").symlink_to("../pdf")
        self.doctrees.parent.mkdir(parents=True, exist_ok=True)
        (self.work / "doctrees").rename(self.doctrees)
        shutil.rmtree(self.work)

    def results(self):
        """Return the files to open."""
        if self.builder == "html":
            return [self.published / "index.html"]
        documents = sorted(self.published.glob("*.tex"))
        return [self.pdfs / path.with_suffix(".pdf").name for path in documents]


def files(folder):
    """Return the paths, in *folder*, of its files and those of the folders in it."""
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def move(source, target):
    """Move the file *source* to *target*, in one step, unless they are the same."""
    if not (target.is_file() and filecmp.cmp(source, target)):
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)


class Worker(multiprocessing.get_context("fork").Process):
    """Builds a target; what it prints is kept until it ends."""

    def __init__(self, target):
        super().__init__()
        self.target = target
        self.printed = [tempfile.TemporaryFile("w+") for _ in range(2)]
        self.start()
        with contextlib.suppress(ProcessLookupError):
            # With the programs that it starts, to be stopped together.
            os.setpgid(self.pid, self.pid)

    def run(self):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for number, file in enumerate(self.printed, start=1):
            os.dup2(file.fileno(), number)
        self.target.build()

    def end(self):
        """Return whether the target was built, and what was printed, of both kinds."""
        self.join()
        for file in self.printed:
            file.seek(0)
        said = [file.read() for file in self.printed]
        built = self.exitcode == 0
        self.let_go()
        return built, *said

    def stop(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGTERM)
        self.join()
        self.let_go()

    def let_go(self):
        """Close what is open for it: a preview has many, one after the other."""
        for file in self.printed:
            file.close()
        self.close()


def build(targets):
    """Build *targets*, as many at a time as there are cores; return what failed."""
    start = time.monotonic()
    waiting, running, failed = list(targets), {}, []
    # In a container, there may be fewer than the machine has; macOS does not say.
    linux = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if linux else os.cpu_count()
    try:
        while waiting or running:
            while waiting and len(running) < cores:
                worker = Worker(waiting.pop(0))
                running[worker.sentinel] = worker
            names = ", ".join(worker.target.name for worker in running.values())
            seconds = int(time.monotonic() - start)
            say(f"{names}, {len(waiting)} to follow ({seconds} s)")
            for sentinel in wait(running, timeout=1):
                say("")
                worker = running.pop(sentinel)
                built, output, errors = worker.end()
                print(output, end="", flush=True)
                print(errors, end="", file=sys.stderr, flush=True)
                if not built:
                    failed.append(worker.target)
    finally:
        say("")
        for worker in running.values():
            worker.stop()
    return failed


def say(progress):
    """Show *progress* in the last line of the terminal, if there is one."""
    if sys.stderr.isatty():
        print(f"\r\033[K{progress}", end="", file=sys.stderr, flush=True)


# Modules that are imported lazily during a build.
IMPORTED_LATE = [
    "docutils.languages.en",
    "docutils.languages.ja",
    "docutils.parsers.rst.languages.ja",
    "jinja2.ext",
    "myst_parser.sphinx_ext.directives",
    "myst_parser.sphinx_ext.main",
    "myst_parser.sphinx_ext.mathjax",
    "sphinx.builders.latex.transforms",
    "sphinx.ext.intersphinx",
    "sphinx.search.ja",
    "sphinx_basic_ng",
    "xml.dom.minidom",
]


def import_once():
    """Import what the workers will need, which they then have from the start."""
    # Imports leave no garbage to look for, and nothing for the workers to look through.
    # https://docs.python.org/3/library/gc.html#gc.freeze
    gc.disable()
    # Ignore errors here; the worker that imports it again reports them.
    with contextlib.suppress(Exception, SystemExit):
        facts = read_conf()
        rooms = [f"policy_site.{room}" for room in policy_site.ROOMS]
        names = [*sphinx.application.builtin_extensions, *facts["extensions"]]
        for name in [*names, facts["html_theme"], *rooms, *IMPORTED_LATE]:
            import_module(name)
        # Babel reads a file for each language.
        for language in facts["languages"]:
            native_name(language)
    gc.freeze()
    gc.enable()
    # A page is many small objects. To look for garbage among more of them at a time
    # takes half as long, and no more memory (both measured with 1000 pages).
    gc.set_threshold(10_000, 10, 10)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="+", metavar="OUTPUT-LANGUAGE")
    parser.add_argument("--build", type=Path, default=Path("build"))
    parser.add_argument("-D", dest="settings", action="append", default=[])
    arguments = parser.parse_args()
    settings = [setting.split("=", 1) for setting in arguments.settings]
    targets = [Target(name, arguments.build, settings) for name in arguments.targets]
    os.chdir(ROOT)
    import_once()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    try:
        failed = build(targets)
    except KeyboardInterrupt:
        sys.exit("Interrupted: nothing was changed that was not complete.")
    for target in targets:
        for path in target.results() if target not in failed else []:
            print(path)
    if failed:
        # In the order in which they were asked for, not in which they ended.
        names = [target.name for target in targets if target in failed]
        sys.exit("Failed: " + ", ".join(names))


if __name__ == "__main__":
    main()
