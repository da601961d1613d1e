"""Fast: the same bytes in less time. Without this folder, builds are only slower.

Each file here mends costs of one upstream project, and says how that would have to
change for the file to go. They replace functions that are not public, so they are used
only with the releases that they were checked against.
"""

from importlib import import_module
from importlib.metadata import version

from sphinx.application import Sphinx

CHECKED = {
    "sphinx": ["9.0.4", "9.1.1", "9.2.0"],
    "docutils": ["0.22.4", "0.23"],
    "myst-parser": ["5.2.0"],
    "markdown-it-py": ["4.3.0"],
    "furo": ["2025.12.19"],
    "beautifulsoup4": ["4.15.0"],
    "jinja2": ["3.1.6"],
}


def unknown_releases() -> list[str]:
    """Return the name and version of each installed package that was not checked."""
    return [
        f"{package} {version(package)}"
        for package, releases in CHECKED.items()
        if version(package) not in releases
    ]


def setup(app: Sphinx) -> dict[str, bool]:
    if unknown := unknown_releases():
        # A warning would stop the build, and --quiet would hide a status line.
        print(f"fast: not checked with {', '.join(unknown)}: builds are only slower")
    else:
        for name in ("for_docutils", "for_sphinx", "for_myst", "for_furo"):
            import_module(f"{__name__}.{name}").setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
