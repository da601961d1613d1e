"""Measure what builds cost: ours, Sphinx's own, and if wanted those of another commit.

    make bench BENCHOPTS="--sites 4x2 100x2 --before v1.0"

A site of 100x2 has 100 policies in 2 languages. It is built from nothing, and again
after one text was changed, as HTML in all languages. The ways are taken in turn, in
several rounds; the table shows medians. Clocks of different runs cannot be compared:
compare the ratios.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from websockets.sync.client import connect
from websockets.typing import Origin

from benchmarks.generate import LANGUAGES, OUR_CONF, generate
from policy_site.base.settings import ROOT

VENV = Path(sys.prefix)
# As a person would start it, outside of any other make.
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}


class Cost(NamedTuple):
    """Seconds on the clock and of processors; MB of memory of the largest process."""

    clock: float
    processors: float
    memory: float


def commands(way: str, languages: list[str]) -> list[list[str]]:
    """Return what builds the pages of all *languages*."""
    if way != "stock":
        return [["make", "html", f"VENV={VENV}"]]
    return [
        [
            *(f"{VENV}/bin/sphinx-build", "--quiet", "-D", f"language={language}"),
            *("-d", f"build/doctrees/{language}", "source", f"build/html/{language}"),
        ]
        for language in languages
    ]


def measure(way: str, folder: Path, languages: list[str]) -> Cost:
    """Build once. Raises SystemExit, with what was printed, when that fails."""
    start, processors, memory = time.perf_counter(), 0.0, 0.0
    for command in commands(way, languages):
        with tempfile.TemporaryFile() as printed:
            process = subprocess.Popen(
                command, cwd=folder, stdout=printed, stderr=printed, env=ENVIRONMENT
            )
            # With all processes that it starts and waits for.
            _pid, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                printed.seek(0)
                sys.exit(f"error: {command}:\n{printed.read().decode()}")
        processors += usage.ru_utime + usage.ru_stime
        memory = max(memory, usage.ru_maxrss / 1024)
    return Cost(time.perf_counter() - start, processors, memory)


def change_one_text(folder: Path) -> None:
    """Change the longest msgstr of a Japanese catalog, a paragraph."""
    path = folder / "locale/ja/LC_MESSAGES/policy-1.po"
    text = path.read_text(encoding="utf-8")
    longest = max(re.findall(r'^msgstr .* no-b"$', text, re.MULTILINE), key=len)
    changed = longest.replace(" no-b", ". no-b")
    path.write_text(text.replace(longest, changed), encoding="utf-8")


def add_commit(commit: str, folder: Path) -> None:
    """Add the site as *commit* would build it: its code, with the texts of ours."""
    before = folder / "before"
    before.mkdir()
    archive = subprocess.run(
        ["git", "archive", commit], cwd=ROOT, check=True, stdout=subprocess.PIPE
    ).stdout
    subprocess.run(["tar", "-x"], cwd=before, check=True, input=archive)
    for name in ("source", "locale"):
        shutil.rmtree(before / name)
        shutil.copytree(folder / "ours" / name, before / name)
    with (before / "conf.py").open("a") as conf:
        conf.write(OUR_CONF)


def measure_site(
    pages: int, languages: int, options: argparse.Namespace
) -> dict[str, tuple[Cost, Cost]]:
    """Return, by way, the medians from nothing and after one text was changed."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        generate(folder, pages, languages)
        ways = ["ours"] + ["stock"] * (pages <= options.stock_up_to)
        if options.before:
            add_commit(options.before, folder)
            ways.append("before")
        for lock in folder.glob("*/requirements*.txt"):
            # Not newer than VENV, which make would set up again.
            os.utime(lock, (0, 0))
        runs: dict[str, list[tuple[Cost, Cost]]] = {way: [] for way in ways}
        for _round in range(options.rounds):
            for way in ways:
                shutil.rmtree(folder / way / "build", ignore_errors=True)
                cold = measure(way, folder / way, LANGUAGES[:languages])
                change_one_text(folder / way)
                again = measure(way, folder / way, LANGUAGES[:languages])
                runs[way].append((cold, again))
    return {way: (medians(run, 0), medians(run, 1)) for way, run in runs.items()}


def medians(runs: list[tuple[Cost, Cost]], job: int) -> Cost:
    return Cost(*map(median, zip(*(run[job] for run in runs), strict=True)))


def measure_preview() -> float:
    """Return the seconds from a save to when the browser is told to load the page."""
    times = []
    with tempfile.TemporaryDirectory() as temporary:
        generate(Path(temporary), 1, 2)
        folder = Path(temporary, "ours")
        command = [sys.executable, "-m", "tools.preview", "ja"]
        server = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, text=True
        )
        assert server.stdout
        try:
            address = next(line for line in server.stdout if line.startswith("http"))
            websocket = address.strip().replace("http", "ws") + "websocket-reload"
            for _ in range(9):
                # As long as a person takes at least.
                time.sleep(1)
                # As the browser says from which page it asks.
                origin = Origin(address.strip().rstrip("/"))
                with connect(websocket, origin=origin) as browser:
                    start = time.perf_counter()
                    change_one_text(folder)
                    browser.recv()
                    times.append(time.perf_counter() - start)
        finally:
            server.terminate()
            server.communicate()
    return median(times)


def row(name: str, costs: dict[str, Cost]) -> str:
    """Return a row of the table; a cell without a figure was not measured."""
    ours, *others = (costs.get(way) for way in ("ours", "stock", "before"))
    assert ours
    cells = [name, f"{ours.clock:.2f} ({ours.processors:.2f})", f"{ours.memory:.0f}"]
    for other in others:
        clock = f"{ours.clock / other.clock:.3f}" if other else ""
        cells.append(
            f"{clock} ({ours.processors / other.processors:.3f})" if other else ""
        )
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", nargs="+", default=["4x2", "10x10", "100x2"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--stock-up-to", type=int, default=100, help="pages")
    parser.add_argument("--before", metavar="COMMIT")
    options = parser.parse_args()
    print("In brackets: of processors.\n")
    print("| policies x languages | ours, s | MB | ours / stock | ours / before |")
    print("|---|--:|--:|--:|--:|")
    for site in options.sites:
        pages, languages = map(int, site.split("x"))
        costs = measure_site(pages, languages, options)
        for job, what in enumerate(["from nothing", "one text changed"]):
            of_job = {way: cost[job] for way, cost in costs.items()}
            print(row(f"{site}, {what}", of_job), flush=True)
    print(f"\nFrom a save to the browser told: {measure_preview():.2f} s")


if __name__ == "__main__":
    main()
