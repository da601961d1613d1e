"""The seal of what was published: SHA256SUMS, in the folder of each version.

It lists the files of the version and the seal before it, in the form of GNU coreutils:
``sha256sum -c`` in the folder checks it. A correction has a seal of its own, so that
nothing that was published is ever written again. The last seal, which readers see,
vouches for everything before it.
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


def seals(policy: Path) -> list[Path]:
    """Return the paths of all seals of a policy, each after the one that it lists."""
    found = []
    for version in versions(policy):
        found.append(version / NAME)
        found += sorted(version.glob(f"*.corrected-*.{NAME}"), key=order)
    return found


def order(path: Path) -> list[str]:
    """Return what sorts files of corrections: those of one day have numbers from 2.

    They are named ``ja.corrected-2026-06-01.md``, ``ko.corrected-2026-06-01-2.md``.
    """
    day = path.name.partition(".corrected-")[2].partition(".")[0]
    return [number.zfill(4) for number in day.split("-")]


def files(seal: Path) -> list[str]:
    """Return the names of the files that *seal* is there for."""
    start = seal.name.removesuffix(NAME)
    return sorted(
        path.name
        for path in seal.parent.iterdir()
        if path.name.startswith(start) and path != seal
        # Those of corrections are no part of what was published first.
        if start or ".corrected-" not in path.name
    )


def names(seal: Path, before: Path | None) -> dict[str, Path]:
    """Return what *seal* is to list: names, as they are from its folder, and paths."""
    found = {name: seal.parent / name for name in files(seal)}
    if before and before.parent.name == seal.parent.name:
        found[before.name] = before
    elif before:
        found[f"../{before.parent.name}/{before.name}"] = before
    return found


def sums(seal: Path, before: Path | None) -> str:
    """Return what *seal* says; *before* is the one before it."""
    listed = names(seal, before).items()
    return "".join(f"{digest(path)}  {name}\n" for name, path in listed)


def head(policy: Path) -> str:
    """Return the SHA-256 of the last seal of a policy, which vouches for them all."""
    return digest(seals(policy)[-1])


def check(policy: Path) -> None:
    """Check every seal in the folder of a policy.

    Raises UserError with each file that was changed, added or removed.
    """
    faults: list[str] = []
    before = None
    for seal in seals(policy):
        faults += _faults(seal, before)
        before = seal
    for version in versions(policy):
        sealed = {
            name
            for seal in seals(policy)
            if seal.parent == version
            for name in files(seal)
        }
        faults += [
            f"{path}: no seal lists it: it was added later, or a correction was "
            "interrupted: remove it"
            for path in sorted(version.iterdir())
            if path.name not in sealed and not path.name.endswith(NAME)
        ]
    if faults:
        raise UserError("\n".join([*faults, PUT_BACK]))


def _faults(seal: Path, before: Path | None) -> list[str]:
    """Return a line for each difference between the files and their seal."""
    if not seal.is_file():
        return [f"{seal}: this seal is missing"]
    faults, listed = [], {}
    for number, line in enumerate(seal.read_text(encoding="utf-8").splitlines(), 1):
        if match := LINE.fullmatch(line):
            listed[match[2]] = match[1]
        else:
            faults.append(f"{seal}:{number}: not a line of sha256sum: {line[:60]}")
    expected = names(seal, before)
    for name in sorted({*expected, *listed}):
        path = expected.get(name, seal.parent / name)
        if name not in listed:
            faults.append(f"{path}: not in {seal}: it was added later")
        elif name not in expected or not path.is_file():
            faults.append(f"{path}: missing, though {seal} lists it")
        elif digest(path) != listed[name]:
            faults.append(f"{path}: not as it was published: {seal} has another sum")
    return faults
