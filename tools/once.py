"""Run a command that makes a file, unless another make makes it just now.

    python tools/once.py TARGET SOURCE COMMAND

Of two that start at once, the second waits and then finds TARGET newer than SOURCE.
It runs before anything is installed: it needs nothing but Python. What is locked is
this folder, so no file is left behind.
"""

import fcntl
import os
import subprocess
import sys
from pathlib import Path


def is_made(target: Path, source: Path) -> bool:
    """Return whether *target* is there and not older than *source*."""
    return target.exists() and target.stat().st_mtime >= source.stat().st_mtime


def main() -> int:
    target, source, command = sys.argv[1:]
    folder = os.open(".", os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    if is_made(Path(target), Path(source)):
        return 0
    done = subprocess.run(["sh", "-ec", command]).returncode
    if done == 0:
        Path(target).touch()
    return done


if __name__ == "__main__":
    sys.exit(main())
