"""The seal of what was published: SHA256SUMS, in the folder of each version.

It lists the files of the version and the SHA256SUMS of the one before, in the form of
GNU coreutils: ``sha256sum -c`` in the folder checks it. So the seal of the newest
version, which readers see, vouches for everything that was ever published.
"""

import hashlib
import re
from pathlib import Path

from policy_site.base.errors import UserError

NAME = "SHA256SUMS"
LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")

PUT_BACK = (
    "What was published stays as it was: put it back (git checkout archive). When a "
    "translation was wrong, publish a correction (make correct)."
)


def digest(path: Path) -> str:
    """Return the SHA-256 of the file *path*, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def versions(policy: Path) -> list[Path]:
    """Return the folders of the versions of a policy, the oldest first."""
    return sorted(path for path in policy.glob("*") if path.is_dir())


def files(version: Path) -> list[str]:
    """Return the names of what is to be sealed in the folder of a version."""
    return sorted(path.name for path in version.iterdir() if path.name != NAME)


def sums(version: Path, before: Path | None) -> str:
    """Return what the seal of *version* says; *before* is the version before it."""
    names = files(version) + ([f"../{before.name}/{NAME}"] if before else [])
    return "".join(f"{digest(version / name)}  {name}\n" for name in names)


def head(policy: Path) -> str:
    """Return the SHA-256 of the newest seal of a policy, which vouches for them all."""
    return digest(versions(policy)[-1] / NAME)


def check(policy: Path) -> None:
    """Check every seal in the folder of a policy.

    Raises UserError with each file that was changed, added or removed.
    """
    faults: list[str] = []
    before = None
    for version in versions(policy):
        faults += _faults(version, before)
        before = version
    if faults:
        raise UserError("\n".join([*faults, PUT_BACK]))


def _faults(version: Path, before: Path | None) -> list[str]:
    """Return a line for each difference between a version and its seal."""
    seal = version / NAME
    if not seal.is_file():
        return [f"{seal}: this seal is missing"]
    faults, listed = [], {}
    for number, line in enumerate(seal.read_text(encoding="utf-8").splitlines(), 1):
        if match := LINE.fullmatch(line):
            listed[match[2]] = match[1]
        else:
            faults.append(f"{seal}:{number}: not a line of sha256sum: {line[:60]}")
    names = files(version) + ([f"../{before.name}/{NAME}"] if before else [])
    for name in sorted({*names, *listed}):
        path = version / name
        if name not in listed:
            faults.append(f"{path}: not in {seal}: it was added later")
        elif name not in names or not path.is_file():
            faults.append(f"{path}: missing, though {seal} lists it")
        elif digest(path) != listed[name]:
            faults.append(f"{path}: not as it was published: {seal} has another sum")
    return faults
