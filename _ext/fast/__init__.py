"""Fast: the same bytes in less time. Without this folder, builds are only slower.

Each module here mends one cost that is upstream's, and goes once upstream mends it. It
names, in CHECKED, the released versions that it was checked against: with any other,
a line says so, and what is stock stays.
"""

from importlib import import_module
from importlib.metadata import version
from pathlib import Path


def unknown(checked):
    """Return the names and versions installed that are not in *checked*."""
    installed = {package: version(package) for package in checked}
    return [
        f"{package} {number}"
        for package, number in installed.items()
        if number not in checked[package]
    ]


def setup(app):
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        module = import_module(f"{__name__}.{path.stem}")
        if found := unknown(module.CHECKED):
            # Not a warning: these stop the build. Not a status: --quiet hides that.
            print(f"fast: {path.stem} does not know {', '.join(found)}: only slower")
        else:
            module.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
