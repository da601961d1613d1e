"""Measure how long generated sites take to build, and write README.md here.

    make bench BENCHOPTS="--pages 10 100 1000 --languages 2 5 10 --rounds 3"

Three ways to build a site take turns, so that a busy machine slows all of them alike;
what is written is the median of the rounds.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from itertools import pairwise
from math import log10
from pathlib import Path
from statistics import median

from generate import LANGUAGES, generate

HERE = Path(__file__).parent
VENV = Path(sys.prefix)
# How to build: what it is called, and what it is.
WAYS = {
    "stock": "Sphinx, MyST and Furo alone, `sphinx-build` for each language in turn",
    "unfixed": "this repository without `_ext/fast`, likewise",
    "ours": "this repository, `make html`",
}
PACKAGES = ["Sphinx", "docutils", "myst-parser", "furo", "markdown-it-py"]


# -- Measuring -------------------------------------------------------------------------


def commands(way, languages):
    """Return what builds the HTML of all *languages*."""
    if way == "ours":
        return [["make", "html", f"VENV={VENV}"]]
    config = [] if way == "stock" else ["-c", "."]
    return [
        [str(VENV / "bin/sphinx-build"), *config, "--quiet", "-b", "html", "-d"]
        + [f"build/doctrees/{language}", "-D", f"language={language}"]
        + ["source", f"build/html/{language}"]
        for language in languages
    ]


def measure(way, folder, languages):
    """Return seconds on the clock and of processors, and MB of the largest process."""
    start, cpu, memory = time.perf_counter(), 0, 0
    for command in commands(way, languages):
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                command, cwd=folder, stdout=output, stderr=output, env=ENVIRONMENT
            )
            # With all processes that it starts and waits for.
            _pid, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                output.seek(0)
                raise SystemExit(f"error: {command}:\n{output.read().decode()}")
        cpu += usage.ru_utime + usage.ru_stime
        memory = max(memory, usage.ru_maxrss / 1024)
    return time.perf_counter() - start, cpu, memory


# As a person would start it, outside of any other make.
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}


def change_one_text(folder):
    """Change one msgstr of the Japanese."""
    path = folder / "locale/ja/LC_MESSAGES/policy-1.po"
    before, end, after = path.read_text(encoding="utf-8").rpartition(' no-b"')
    path.write_text(f"{before}.{end}{after}", encoding="utf-8")


def rounds(folder, ways, number, languages):
    """Return, by (way, job), the medians of *number* rounds."""
    found = {}
    for _round in range(number):
        for way in ways:
            shutil.rmtree(folder / way / "build", ignore_errors=True)
            cold = measure(way, folder / way, languages)
            found.setdefault((way, "all"), []).append(cold)
            change_one_text(folder / way)
            again = measure(way, folder / way, languages)
            found.setdefault((way, "one text"), []).append(again)
    return {
        key: tuple(map(median, zip(*runs, strict=True))) for key, runs in found.items()
    }


def measure_site(pages, languages, nested, options):
    """Return what was measured of one site, by (way, job)."""
    once = pages > options.once_above
    ways = [way for way in WAYS if way == "ours" or pages <= options.ours_above]
    name = f"{pages} pages, {languages} languages{', nested' * nested}"
    print(f"{name} …", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        generate(folder, pages, languages, nested)
        shutil.copytree(folder / "ours", folder / "unfixed")
        shutil.rmtree(folder / "unfixed/_ext/fast")
        number = 1 if once else options.rounds
        return rounds(folder, ways, number, LANGUAGES[:languages])


# -- Reporting -------------------------------------------------------------------------


def machine():
    """Return what this machine is and how busy it was."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = {line.split(": ")[1] for line in lines if line.startswith("model name")}
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{' and '.join(sorted(names)) or platform.machine()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GB; {platform.platform(terse=True)}; "
        f"Python {platform.python_version()}, {packages}. "
        f"Load before and after: {LOAD:.1f} and {os.getloadavg()[0]:.1f}."
    )


LOAD = os.getloadavg()[0]


def seconds(value):
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def table(results, job):
    """Return the rows of *job*: seconds (of processors), ratios to stock, memory."""
    rows = [
        "| pages × languages | " + " | ".join(WAYS) + " | ours / stock | MB |",
        "|---|" + "--:|" * (len(WAYS) + 2),
    ]
    for (pages, languages, nested), found in results.items():
        cells = []
        for way in WAYS:
            one = found.get((way, job))
            cells.append(f"{seconds(one[0])} s ({seconds(one[1])})" if one else "")
        ours, stock = found["ours", job], found.get(("stock", job))
        ratio = ""
        if stock:
            ratio = f"{ours[0] / stock[0]:.2f} ({ours[1] / stock[1]:.2f})"
        megabytes = [found[way, job][2] for way in WAYS if (way, job) in found]
        memory = " / ".join(f"{value:.0f}" for value in megabytes)
        name = f"{pages} × {languages}{', nested' * nested}"
        rows.append("| " + " | ".join([name, *cells, ratio, memory]) + " |")
    return "\n".join(rows)


def growth(results):
    """Return how the time of ours grows between sites of equally many languages."""
    costs = {
        key[0]: found["ours", "all"][1]
        for key, found in results.items()
        if key[1:] == (2, False)
    }
    sizes = sorted(costs)
    return "\n".join(
        f"- {many / few:g} times the pages ({few} to {many}): "
        f"{costs[many] / costs[few]:.1f} times the processor time"
        for few, many in pairwise(sizes)
    )


README = """\
# Benchmarks

How long the HTML of all languages takes, by `make bench`, which writes this file. The
sites are made by `generate.py`: numbered copies of the privacy policy, with complete
catalogs.

{ways}

In brackets: seconds of processors, which say more than the clock on a busy machine.
MB: the largest process of each way. {machine}

## Everything, from nothing

{all}

## One text of a catalog changed

{one}

## Growth of ours

{growth}

![Seconds against pages and against languages](cost.svg)
"""


# -- The plot --------------------------------------------------------------------------

COLOURS = {"stock": "#b3261e", "unfixed": "#8a6d00", "ours": "#0b6e4f"}
SIDE, LEFT, TOP = 300, 60, 40


def panel(x, title, lines):
    """Return the SVG of one chart, both axes logarithmic; *lines*: way to points."""
    points = [point for line in lines.values() for point in line]
    low, high = (
        [limit(point[axis] for point in points) for axis in (0, 1)]
        for limit in (min, max)
    )
    span = [log10(b / a) or 1 for a, b in zip(low, high, strict=True)]

    def place(point):
        right, up = (log10(point[i] / low[i]) / span[i] * SIDE for i in (0, 1))
        return f"{x + right:.1f},{TOP + SIDE - up:.1f}"

    parts = [f'<text x="{x}" y="{TOP - 16}">{title}</text>']
    parts += [f'<path class="axis" d="M{x},{TOP}v{SIDE}h{SIDE}"/>']
    for value in sorted({point[0] for point in points}):
        across = place((value, low[1])).split(",")[0]
        parts.append(f'<text x="{across}" y="{TOP + SIDE + 18}">{value}</text>')
    ticks = {low[1], high[1], *(10**power for power in range(-1, 5))}
    for value in ticks:
        if low[1] <= value <= high[1]:
            down = place((low[0], value)).split(",")[1]
            text = f"{seconds(value)} s"
            parts.append(f'<text class="tick" x="{x - 6}" y="{down}">{text}</text>')
    for way, line in lines.items():
        if line:
            path = " ".join(map(place, sorted(line)))
            parts.append(f'<polyline stroke="{COLOURS[way]}" points="{path}"/>')
            end = place(max(line)).split(",")
            parts.append(
                f'<text fill="{COLOURS[way]}" x="{float(end[0]) + 6:.1f}" '
                f'y="{end[1]}">{way}</text>'
            )
    return "\n".join(parts)


def plot(results):
    """Return the SVG of processor time against pages and against languages."""

    def lines(axis, others):
        return {
            way: [
                (key[axis], found[way, "all"][1])
                for key, found in results.items()
                if key[1 - axis] == others and not key[2] and (way, "all") in found
            ]
            for way in WAYS
        }

    width = 2 * (SIDE + LEFT + 80)
    fewest = min(key[0] for key in results)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} '
        f'{SIDE + TOP + 40}" role="img">\n'
        "<title>Seconds of processors to build all HTML, against pages and against "
        "languages; both axes are logarithmic</title>\n"
        "<style>text{font:13px sans-serif}.tick{text-anchor:end}"
        "path,polyline{fill:none;stroke-width:2}.axis{stroke:#888}</style>\n"
        f'<rect width="100%" height="100%" fill="#fff"/>\n'
        + panel(LEFT, "pages, in 2 languages", lines(0, 2))
        + panel(width / 2 + LEFT, f"languages of {fewest} pages", lines(1, fewest))
        + "\n</svg>\n"
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n")[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    number = {"type": int, "metavar": "N"}
    parser.add_argument("--pages", nargs="+", default=[4, 10, 30], **number)
    parser.add_argument("--languages", nargs="+", default=[2, 5], **number)
    parser.add_argument("--rounds", default=3, **number)
    parser.add_argument("--once-above", default=300, help="of so many pages", **number)
    parser.add_argument("--ours-above", default=1000, help="ours alone", **number)
    options = parser.parse_args()
    pages, languages = sorted(options.pages), sorted(options.languages)
    sites = [(number, 2, False) for number in pages]
    sites += [(pages[0], number, False) for number in languages if number != 2]
    sites += [(10, 10, False)] if {10} <= {*pages} and {10} <= {*languages} else []
    compared = [number for number in pages if number <= options.ours_above] or pages
    sites += [(compared[-1], 2, True)]
    results = {}
    for site in dict.fromkeys(sites):
        results[site] = measure_site(*site, options)
        # After each site: a long run leaves what it has.
        report = README.format(
            ways="\n".join(f"- **{way}**: {text}" for way, text in WAYS.items()),
            machine=machine(),
            all=table(results, "all"),
            one=table(results, "one text"),
            growth=growth(results),
        )
        (HERE / "README.md").write_text(report, encoding="utf-8")
        (HERE / "cost.svg").write_text(plot(results), encoding="utf-8")
    print(table(results, "all"))


if __name__ == "__main__":
    main()
