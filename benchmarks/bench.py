"""Measure how long generated sites take to build, and write README.md here.

    make bench BENCHOPTS="--pages 10 100 1000 --languages 2 5 10 --rounds 3"

Three ways to build a site take turns, so that a busy machine slows all of them alike;
what is written is the median of the rounds. Of 1000 pages, stock takes half an hour.
"""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib.metadata import version
from itertools import pairwise
from math import log10
from pathlib import Path
from statistics import median

from generate import LANGUAGES, generate
from websockets.sync.client import connect

HERE = Path(__file__).parent
VENV = Path(sys.prefix)
# How to build: what it is called, and what it is.
WAYS = {
    "stock": "Sphinx, MyST and Furo alone, `sphinx-build` for each language in turn",
    "unfixed": "this repository without `policy_site/fast`, likewise",
    "ours": "this repository, `make html`",
}
PACKAGES = ["Sphinx", "docutils", "myst-parser", "furo", "markdown-it-py"]


# -- Measuring -------------------------------------------------------------------------


def commands(way, languages, output):
    """Return what builds the *output*, html or latexpdf, of all *languages*."""
    if way == "ours":
        return [["make", output, f"VENV={VENV}"]]
    config = [] if way == "stock" else ["-c", "."]
    mode = "-b" if output == "html" else "-M"
    return [
        [
            str(VENV / "bin/sphinx-build"),
            mode,
            output,
            "source",
            f"build/html/{language}",
        ]
        + [*config, "--quiet", "-d", f"build/doctrees/{language}"]
        + ["-D", f"language={language}"]
        for language in languages
    ]


def measure(way, folder, languages, output):
    """Return seconds on the clock and of processors, MB of memory and of doctrees.

    Of memory, what the largest process has.
    """
    start, cpu, memory = time.perf_counter(), 0, 0
    for command in commands(way, languages, output):
        with tempfile.TemporaryFile() as printed:
            process = subprocess.Popen(
                command, cwd=folder, stdout=printed, stderr=printed, env=ENVIRONMENT
            )
            # With all processes that it starts and waits for.
            _pid, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                printed.seek(0)
                raise SystemExit(f"error: {command}:\n{printed.read().decode()}")
        cpu += usage.ru_utime + usage.ru_stime
        memory = max(memory, usage.ru_maxrss / 1024)
    clock = time.perf_counter() - start
    files = [path for path in (folder / "build/doctrees").rglob("*") if path.is_file()]
    return clock, cpu, memory, sum(path.stat().st_size for path in files) / 2**20


# As a person would start it, outside of any other make.
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}


def change_one_text(folder):
    """Change the longest msgstr of a Japanese catalog, a paragraph."""
    path = folder / "locale/ja/LC_MESSAGES/policy-1.po"
    text = path.read_text(encoding="utf-8")
    longest = max(re.findall(r'^msgstr .* no-b"$', text, re.MULTILINE), key=len)
    changed = longest.replace(" no-b", ". no-b")
    path.write_text(text.replace(longest, changed), encoding="utf-8")


def rounds(folder, ways, number, languages, output="html"):
    """Return, by (way, job), the medians of *number* rounds."""
    found = {}
    for _round in range(number):
        for way in ways:
            shutil.rmtree(folder / way / "build", ignore_errors=True)
            cold = measure(way, folder / way, languages, output)
            found.setdefault((way, "all"), []).append(cold)
            change_one_text(folder / way)
            again = measure(way, folder / way, languages, output)
            found.setdefault((way, "one text"), []).append(again)
    return {
        key: tuple(map(median, zip(*runs, strict=True))) for key, runs in found.items()
    }


def preview(folder, pages):
    """Return the seconds from a save to when the browser is told to load the page."""
    times = []
    command = [sys.executable, "-m", "tools.preview", "ja"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE) as server:
        try:
            while not (line := server.stdout.readline().decode()).startswith("http"):
                pass
            uri = line.strip().replace("http", "ws") + "websocket-reload"
            for _ in range(9):
                # As long as a person takes, so that the next build is ready.
                time.sleep(1 + pages / 30)
                with connect(uri) as browser:
                    start = time.perf_counter()
                    change_one_text(folder)
                    browser.recv()
                    times.append(time.perf_counter() - start)
        finally:
            server.terminate()
    return median(times)


@contextmanager
def generated(*shape):
    """Give a folder with the same site for each way, of that *shape*."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        generate(folder, *shape)
        shutil.copytree(folder / "ours", folder / "unfixed")
        shutil.rmtree(folder / "unfixed/policy_site/fast")
        yield folder


def measure_site(pages, languages, nested, options):
    """Return what was measured of one site, by (way, job)."""
    once = pages > options.once_above
    ways = [
        way
        for way in WAYS
        if way == "ours" or pages <= getattr(options, f"{way}_up_to")
    ]
    name = f"{pages} pages, {languages} languages{', nested' * nested}"
    print(f"{name} …", file=sys.stderr, flush=True)
    with generated(pages, languages, nested) as folder:
        number = 1 if once else options.rounds
        found = rounds(folder, ways, number, LANGUAGES[:languages])
        if languages == 2 and not once:
            found["ours", "preview"] = preview(folder / "ours", pages)
        return found


def measure_pdfs(options):
    """Return what was measured of the PDFs of one policy, by (way, job)."""
    print("PDFs …", file=sys.stderr, flush=True)
    with generated(1, 2) as folder:
        ways = ["unfixed", "ours"]
        return rounds(folder, ways, options.rounds, LANGUAGES[:2], "latexpdf")


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


def cell(measured):
    return f"{seconds(measured[0])} s ({seconds(measured[1])})" if measured else ""


def ratio(measured, other):
    if not other:
        return ""
    return f"{measured[0] / other[0]:.2f} ({measured[1] / other[1]:.2f})"


def table(results, job):
    """Return the rows of *job*: seconds (of processors), ratios to stock, memory."""
    rows = [
        "| pages × languages | "
        + " | ".join(WAYS)
        + " | ours / stock | ours / unfixed "
        "| MB of memory | MB of doctrees |",
        "|---|" + "--:|" * (len(WAYS) + 4),
    ]
    for (pages, languages, nested), found in results.items():
        measured = {way: found.get((way, job)) for way in WAYS}
        cells = [cell(one) for one in measured.values()]
        cells += [
            ratio(measured["ours"], measured[way]) for way in ("stock", "unfixed")
        ]
        for column in (2, 3):
            sizes = [f"{one[column]:.0f}" if one else "–" for one in measured.values()]
            cells.append(" / ".join(sizes))
        name = f"{pages} × {languages}{', nested' * nested}"
        rows.append("| " + " | ".join([name, *cells]) + " |")
    return "\n".join(rows)


def pdf_table(found):
    rows = ["| | unfixed | ours | ours / unfixed |", "|---|--:|--:|--:|"]
    for job, name in [("all", "from nothing"), ("one text", "one text changed")]:
        ours, unfixed = (found[way, job] for way in ("ours", "unfixed"))
        cells = [name, cell(unfixed), cell(ours), ratio(ours, unfixed)]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def previews(results):
    return "\n".join(
        f"- {pages} pages{', nested' * nested}: "
        f"{1000 * found['ours', 'preview']:.0f} ms"
        for (pages, _languages, nested), found in results.items()
        if ("ours", "preview") in found
    )


def growth(results):
    """Return how the time of ours grows between sites of equally many languages."""
    costs = {
        key[0]: found["ours", "all"]
        for key, found in results.items()
        if key[1:] == (2, False)
    }
    return "\n".join(
        f"- {many / few:g} times the pages ({few} to {many}): "
        f"{costs[many][0] / costs[few][0]:.1f} times the time, "
        f"{costs[many][1] / costs[few][1]:.1f} times that of processors"
        for few, many in pairwise(sorted(costs))
    )


README = """\
# Benchmarks

How long the HTML of all languages takes, by `make bench`, which writes this file. The
sites are made by `generate.py`: numbered copies of the privacy policy, with complete
catalogs.

{ways}

In brackets: seconds of processors, which say more than the clock on a busy machine.
Memory: the largest process of each way. {machine}

Ours does more than stock: it judges translations, finds phrases, indexes sections and
says in each page what that may load. Unfixed does the same as ours.

## Everything, from nothing

{all}

## One text of a catalog changed

{one}

## Preview

From saving a catalog to when the browser is told to load the page again, `make
preview-ja`:

{previews}

## PDFs of one policy in two languages

{pdfs}

Worth its while: two passes of LuaLaTeX instead of three, the Japanese font in English
only where a character needs it, fonts by file name, languages side by side. Tried, and
worth nothing or not possible: draft mode for the first pass; fewer packages; a format
with the preamble in it, as PDF objects (`\\DocumentMetadata`) and the state of Lua
(fonts, LuaTeX-ja) are not in a format, so that no PDF comes out.

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
    for way in ("stock", "unfixed"):
        most = "of at most so many pages"
        parser.add_argument(f"--{way}-up-to", default=1000, help=most, **number)
    options = parser.parse_args()
    pages, languages = sorted(options.pages), sorted(options.languages)
    sites = [(number, 2, False) for number in pages]
    sites += [(pages[0], number, False) for number in languages if number != 2]
    sites += [(10, 10, False)] if {10} <= {*pages} and {10} <= {*languages} else []
    compared = [number for number in pages if number <= options.once_above] or pages
    sites += [(compared[-1], 2, True)]
    results, pdfs = {}, measure_pdfs(options)
    for site in dict.fromkeys(sites):
        results[site] = measure_site(*site, options)
        # After each site: a long run leaves what it has.
        report = README.format(
            ways="\n".join(f"- **{way}**: {text}" for way, text in WAYS.items()),
            machine=machine(),
            all=table(results, "all"),
            one=table(results, "one text"),
            previews=previews(results),
            pdfs=pdf_table(pdfs),
            growth=growth(results),
        )
        (HERE / "README.md").write_text(report, encoding="utf-8")
        (HERE / "cost.svg").write_text(plot(results), encoding="utf-8")
    print(table(results, "all"))


if __name__ == "__main__":
    main()
