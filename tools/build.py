"""Build what is asked for, each language and output in a process of its own.

    python -m tools.build html latexpdf-ja

An output without a language is built in all of them. Each build starts from what was
built last, in a folder of its own, build/work/, and its result is put into its place
only when all went well: mistakes and interruptions leave everything as it was.

Sphinx and its extensions are imported once; then the processes are forked, because
languages built one after the other in one process leave traces in each other. So this
needs a system that can fork: Linux or macOS.
"""

import argparse
import contextlib
import fcntl
import filecmp
import gc
import logging
import multiprocessing.context
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from importlib import import_module
from multiprocessing import connection
from pathlib import Path
from typing import Any, NamedTuple

import sphinx.application
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.console import nocolor
from sphinx.util.docutils import patch_docutils

import policy_site
from policy_site.base.errors import UserError, file_errors
from policy_site.base.languages import canonical, native_name, slug
from policy_site.base.settings import ROOT, read_conf
from tools import latex_log


class Output(NamedTuple):
    """A kind of output: its Sphinx builder, its folder in build/, its settings."""

    builder: str
    folder: str
    settings: tuple[tuple[str, Any], ...] = ()


OUTPUTS = {
    "html": Output("html", "html"),
    "latexpdf": Output("latex", "latex"),
    "gettext": Output("gettext", "gettext"),
    "preview": Output("html", "preview", (("show_proposals", True),)),
    # What `make publish` publishes has to be complete.
    "frozen": Output("frozen", "frozen", (("release_build", True),)),
    "check": Output("check", "check", (("release_build", True),)),
    "linkcheck": Output("linkcheck", "linkcheck"),
    "review": Output("review", "review"),
}


class Target:
    """An output in a language, such as ``html-ja``, and its folders."""

    def __init__(
        self,
        name: str,
        build: Path = Path("build"),
        settings: Iterable[tuple[str, str]] = (),
    ) -> None:
        output, _, language = name.partition("-")
        if language:
            known = canonical(language)
            if not known:
                raise UserError(f"{language!r} is no code of a language, such as pt_BR")
            language, name = known, f"{output}-{known}"
        self.name = name
        self.builder, folder, own = OUTPUTS[output]
        self.settings = {"nitpicky": True, **dict(own), **dict(settings)}
        if language:
            self.settings["language"] = language
        self.work = build / "work" / name
        self.doctrees = build / "doctrees" / name
        self.published = build / folder / slug(language)
        self.pdfs = build / "pdf"

    def build(self) -> None:
        """Build in the work folder, then put the result into its place.

        Raises SystemExit when that fails, with what is to be said, if it was not yet.
        """
        self.work.parent.mkdir(parents=True, exist_ok=True)
        with self.work.with_suffix(".lock").open("w") as lock:
            # Another make may be building the same.
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.copy_last()
            self.run_sphinx()
            if self.builder == "latex":
                self.run_latex()
            self.publish()

    def copy_last(self) -> None:
        """Start from what was built last, so that only what changed is built."""
        shutil.rmtree(self.work, ignore_errors=True)
        if self.doctrees.is_dir():
            shutil.copytree(self.doctrees, self.work / "doctrees")
            if self.builder in ("html", "latex") and self.published.is_dir():
                # Sphinx writes these every time, and never removes one.
                every_time = shutil.ignore_patterns("_static", "*.tex")
                shutil.copytree(self.published, self.work / "out", ignore=every_time)

    def run_sphinx(self) -> None:
        """Do what ``sphinx-build -W -n -q`` does."""
        nocolor()
        # Sphinx formats a line for each event even where nothing shows it.
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
            if isinstance(error.__cause__, OSError):
                # Sphinx wraps what a handler of an event raises, such as a full disk.
                raise error.__cause__ from None
            sys.exit(f"{error.category}: {error}")
        if app.statuscode:
            sys.exit(app.statuscode)

    def run_latex(self) -> None:
        """Make the PDFs; where TeX stops with tags for screen readers, without them.

        Raises SystemExit when there is no PDF, with the texts that are the cause.
        """
        out = self.work / "out"
        is_built = self.run_latexmk()
        if not is_built:
            tags = out / "policytags.sty"
            tags.write_text("\\typeout{policytags: TeX stops with them}\n")
            is_built = self.run_latexmk()
        faults = latex_log.faults(out, self.settings["language"])
        if faults:
            sys.exit("error: no PDF, because of these texts:\n" + "\n".join(faults))
        if not is_built:
            sys.exit(f"error: no PDF: see {out / 'make.log'}")
        logs = "".join(path.read_text("utf-8", "replace") for path in out.glob("*.log"))
        for reason in sorted(set(re.findall("^policytags: (.+)", logs, re.MULTILINE))):
            print(f"{self.name}: no tags for screen readers: {reason}")

    def run_latexmk(self) -> bool:
        """Run the Makefile that Sphinx wrote for the PDFs; return whether it worked."""
        out = self.work / "out"
        # TeX would break the lines of its log.
        env = os.environ | {"max_print_line": "1000"}
        with (out / "make.log").open("wb") as log:
            done = subprocess.run(
                [
                    *("make", "-C", out, "--keep-going"),
                    *("LATEXMKOPTS=-silent -halt-on-error", "all-pdf"),
                ],
                stdout=log,
                stderr=log,
                env=env,
            )
        return not done.returncode

    def publish(self) -> None:
        """Put what was built into its place, and touch only what differs."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        # Without its doctrees, the next build starts from nothing. It does so, too,
        # when this one is killed between here and the end.
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

    def results(self) -> list[Path]:
        """Return the files to open."""
        if self.builder == "html":
            return [self.published / "index.html"]
        documents = sorted(self.published.glob("*.tex"))
        return [self.pdfs / path.with_suffix(".pdf").name for path in documents]


def files(folder: Path) -> set[Path]:
    """Return the paths, in *folder*, of all files in it and in its folders."""
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def move(source: Path, target: Path) -> None:
    """Move the file *source* to *target*, in one step, unless they are the same."""
    if not (target.is_file() and filecmp.cmp(source, target)):
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)


class Worker(multiprocessing.context.ForkProcess):
    """A process that builds a target. What it prints is kept until it ends."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.target = target
        self.printed = [tempfile.TemporaryFile("w+") for _ in range(2)]
        self.start()
        assert self.pid
        # A group with the programs that it starts, to be stopped together.
        self.group = self.pid
        with contextlib.suppress(ProcessLookupError):
            os.setpgid(self.group, self.group)

    def run(self) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for number, file in enumerate(self.printed, start=1):
            os.dup2(file.fileno(), number)
        with file_errors(self.target.work):
            self.target.build()

    def end(self) -> tuple[bool, str, str]:
        """Wait for the end; return whether it built, its output and its errors."""
        self.join()
        for file in self.printed:
            file.seek(0)
        output, errors = (file.read() for file in self.printed)
        built = self.exitcode == 0
        self.let_go()
        return built, output, errors

    def stop(self) -> None:
        """End it, with the programs that it started, before it is done."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.group, signal.SIGTERM)
        self.join()
        self.let_go()

    def let_go(self) -> None:
        """Close what is open for it: a preview has many workers, one after another."""
        for file in self.printed:
            file.close()
        self.close()


def build(targets: list[Target], said: set[str] | None = None) -> list[Target]:
    """Build *targets*, as many at a time as there are cores; return what failed.

    What several of them print, or what is among the lines *said*, is printed once: a
    mistake in a source stops every language, as pages and as PDF. The lines that are
    printed are added to *said*.
    """
    said = set() if said is None else said
    start = time.monotonic()
    waiting, failed = list(targets), []
    running: dict[Any, Worker] = {}
    # A container may have fewer cores than the machine. macOS does not say.
    linux = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if linux else os.cpu_count() or 1
    try:
        while waiting or running:
            while waiting and len(running) < cores:
                worker = Worker(waiting.pop(0))
                running[worker.sentinel] = worker
            names = ", ".join(worker.target.name for worker in running.values())
            seconds = int(time.monotonic() - start)
            show_progress(f"{names}, {len(waiting)} to follow ({seconds} s)")
            for sentinel in connection.wait(running, timeout=1):
                show_progress("")
                worker = running.pop(sentinel)
                built, output, errors = worker.end()
                print(*new_lines(output, said), sep="", end="", flush=True)
                print(*new_lines(errors, said), sep="", end="", file=sys.stderr)
                if not built:
                    failed.append(worker.target)
    finally:
        show_progress("")
        for worker in running.values():
            worker.stop()
    return failed


def new_lines(printed: str, said: set[str]) -> list[str]:
    """Return the lines of *printed* that are not in *said*, and add them to it."""
    lines = [line for line in printed.splitlines(keepends=True) if line not in said]
    said.update(lines)
    return lines


def said_before(run: str, file: Path) -> set[str]:
    """Return the lines that were printed in *run*, a run of make, as *file* says."""
    mark = f"Printed in the run {run} of make:\n"
    with contextlib.suppress(OSError, UnicodeDecodeError):
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        if run and mark in lines:
            return set(lines)
    return {mark}


def show_progress(text: str) -> None:
    """Show *text* in the last line of the terminal, if there is one."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


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


def import_once() -> None:
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


def in_all_languages(names: list[str]) -> list[str]:
    """Return *names* with one for each language where a name has none.

    The templates of catalogs have no language.
    """
    languages = ["en"]
    # Ignore errors here; the worker that reads it again reports them.
    with contextlib.suppress(Exception):
        languages = read_conf()["languages"]
    expanded = []
    for name in names:
        each = [f"{name}-{language}" for language in languages]
        expanded += [name] if "-" in name or name == "gettext" else each
    return expanded


@file_errors(ROOT)
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="+", metavar="OUTPUT[-LANGUAGE]")
    parser.add_argument("--build", type=Path, default=Path("build"))
    parser.add_argument("-D", dest="settings", action="append", default=[])
    # Pages and PDFs are built one after the other, but the run of make is the same.
    parser.add_argument("--run", default="", help="do not repeat what it printed")
    arguments = parser.parse_args()
    os.chdir(ROOT)
    names = in_all_languages(arguments.targets)
    if unknown := [name for name in names if name.partition("-")[0] not in OUTPUTS]:
        parser.error(f"no such output: {unknown[0]}. There are: {', '.join(OUTPUTS)}")
    settings = [setting.split("=", 1) for setting in arguments.settings]
    targets = [Target(name, arguments.build, settings) for name in names]
    import_once()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    file = arguments.build / "work" / "said"
    said = said_before(arguments.run, file)
    try:
        failed = build(targets, said)
    except KeyboardInterrupt:
        sys.exit("Interrupted: nothing was changed that was not complete.")
    with contextlib.suppress(OSError):
        # Without it, a line is printed again.
        file.write_text("".join(said), encoding="utf-8")
    for target in targets:
        for path in target.results() if target not in failed else []:
            print(path)
    if failed:
        # In the order in which they were asked for, not in which they ended.
        failures = [target.name for target in targets if target in failed]
        sys.exit("Failed: " + ", ".join(failures))


if __name__ == "__main__":
    main()
