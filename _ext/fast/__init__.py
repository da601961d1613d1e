"""Fast: the same bytes in less time. Without this folder, builds are only slower.

Each module here mends one cost that is upstream's, and goes once upstream mends it. It
names, in CHECKED, the released versions that it was checked against: with any other,
a line says so, and what is stock stays.
"""

from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

installed = cache(version)


def unknown(checked):
    """Return the names and versions installed that are not in *checked*."""
    return [
        f"{package} {installed(package)}"
        for package, numbers in checked.items()
        if installed(package) not in numbers
    ]


def before_imports():
    """Spare the process, tools/build.py, imports of what it does not build."""
    from fast import imports

    if not unknown(imports.CHECKED):
        imports.spare()


@cache
def modules():
    """Return the name of each module here, the module, and what it does not know."""
    found = []
    for name in sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py")):
        try:
            module = import_module(f"{__name__}.{name}")
            found.append((name, module, unknown(module.CHECKED)))
        except (ImportError, AttributeError) as error:
            # What it looks for is gone.
            found.append((name, None, [f"that {error}"]))
    return found


def setup(app):
    for name, module, versions in modules():
        if versions:
            # Not a warning: these stop the build. Not a status: --quiet hides that.
            print(f"fast: {name} does not know {', '.join(versions)}: only slower")
        else:
            module.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
