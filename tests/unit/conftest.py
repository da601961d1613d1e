"""A small project, built in this process with only the rooms of the package it names."""

import pytest
from sphinx.testing.util import SphinxTestApp
from sphinx.util.docutils import docutils_namespace

FRONT_MATTER = "---\ntitle: Terms\nupdated: 2026-02-03\n---\n\n"


class Project:
    """A documentation project in a folder; each method says what it takes."""

    def __init__(self, path):
        self.path = path

    def write(self, name, text):
        """Write a file, such as ``source/terms.md``."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def build(self, *rooms, builder="html", **settings):
        """Build source/ with those rooms and settings of conf.py; return the app.

        In Japanese with ``languages=["en", "ja"], language="ja"``.
        """
        settings = {
            "extensions": ["myst_parser", *(f"policy_site.{room}" for room in rooms)],
            "html_theme": "basic",
            "smartquotes": False,
            **settings,
        }
        lines = [f"{name} = {value!r}\n" for name, value in settings.items()]
        self.write("source/conf.py", "".join(lines))
        # Nothing is left of a build that was refused before it began.
        with docutils_namespace():
            app = SphinxTestApp(
                builder, srcdir=self.path / "source", builddir=self.path / "build"
            )
            try:
                app.build()
            finally:
                app.cleanup()
        return app


@pytest.fixture
def project(tmp_path):
    """An empty project, but for its front page."""
    project = Project(tmp_path)
    project.write("source/index.md", "# Index\n\n```{toctree}\n:glob:\n\n*\n```\n")
    return project
