"""Build the commit twice, in surroundings as unlike as can be, and compare the bytes.

    python -m tools.verify_reproducible VENV [TARGET...]

Each build is `make TARGET...` (site) in a clone of its own, with the virtual
environment VENV. Exits with 1 where the output is not equal: each file that differs
is named, and diffoscope shows how. Debian's reprotest does the same for packages; with
its clock, latexmk makes no PDF.
"""

import filecmp
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from policy_site.base.settings import ROOT

# For each build: its folder, its umask, its processors, a command in front of make,
# and what differs in its environment. TeX writes its font caches to the home.
BUILDS: list[tuple[str, Any, Any, Any, Any]] = [
    ("a", 0o022, None, [], {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}),
    (
        "another folder/b",
        0o077,
        1,
        # The clock goes back, but files keep true times: latexmk wants a log that is
        # newer than its start.
        ["env", "NO_FAKE_STAT=1", "faketime", "-f", "-500d"],
        {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "2"},
    ),
]


def build(
    folder: Path, surroundings: list[Any], venv: Path, targets: Iterable[str]
) -> None:
    """Clone the commit into *folder* and make *targets* there; exit when that fails."""
    umask, processors, command, variables = surroundings
    folder.parent.mkdir(parents=True, exist_ok=True)
    git = ["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(folder)]
    subprocess.run(git, check=True)
    for lock in folder.glob("requirements*.txt"):
        # Not newer than VENV, which would set it up anew.
        os.utime(lock, (0, 0))
    home = folder.parent / "home"
    home.mkdir()
    # Nothing of the make that runs this, nor a date that a person has set.
    env = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("MAKE") and key not in ("MFLAGS", "SOURCE_DATE_EPOCH")
    }

    def surround() -> None:
        os.umask(umask)
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:processors])

    result = subprocess.run(
        [*command, "make", *targets, f"VENV={venv}"],
        cwd=folder,
        env=env | variables | {"HOME": str(home)},
        preexec_fn=surround,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if result.returncode:
        sys.exit(f"{result.stdout}\nerror: the build in {folder} failed: see above.")


def outputs(folder: Path) -> set[Path]:
    """Return the paths of all that is to be published, from the folder of the clone."""
    return {
        path.relative_to(folder)
        for output in ("html", "pdf", "site")
        for path in folder.glob(f"build/{output}/**/*")
        if path.is_file()
    }


def main(venv: str, *targets: str) -> None:
    if subprocess.run(["git", "diff", "--quiet", "HEAD"], cwd=ROOT).returncode:
        print("Only what is committed is built: there are changes that are not.")
    with tempfile.TemporaryDirectory(prefix="verify-") as scratch:
        folders = []
        for place, *surroundings in BUILDS:
            folder = Path(scratch, place, "clone")
            print(f"Building in {folder}", flush=True)
            build(folder, surroundings, Path(venv).resolve(), targets)
            folders.append(folder)
        first, second = folders
        names = sorted(outputs(first) | outputs(second))
        _same, differing, missing = filecmp.cmpfiles(
            first, second, names, shallow=False
        )
        for name in [*differing, *missing]:
            print(f"differs: {name}", flush=True)
            if name in differing:
                subprocess.run(["diffoscope", str(first / name), str(second / name)])
    if differing or missing:
        sys.exit("error: the same commit does not give the same bytes: see above.")
    print(f"The bytes of all {len(names)} files are the same.")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], *(sys.argv[2:] or ["site"]))
