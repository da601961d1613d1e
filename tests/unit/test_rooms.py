"""The rooms of policy_site: each can be set up alone, in any order, from below only."""

import ast
import random
import sys
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

import policy_site

ROOT = Path(policy_site.__file__).parent
FLOORS = ["base", "text", "translation", "versions", "page", "fast"]
CONF = """
contact = {{"en": {{
    "zipcode": "100-0001", "shortaddress": "1-1 Chiyoda", "phone": "03-3213-1111",
    "email": "info@iotone.jp",
}}}}
phone_region = "JP"
locale_dirs = ["locale"]
html_theme = "furo"
templates_path = [{templates!r}]
"""
POLICY = """---
title: Terms
updated: 2026-02-03
---

(terms)=
# Terms of Use

Be kind.
"""


@pytest.fixture
def project(tmp_path):
    """A project with a policy and no extension but MyST."""
    conf = CONF.format(templates=str(ROOT.parent / "_templates"))
    (tmp_path / "conf.py").write_text(conf)
    (tmp_path / "index.md").write_text("# Policies\n\n```{toctree}\nterms\n```\n")
    (tmp_path / "terms.md").write_text(POLICY)
    return tmp_path


def build(project, rooms):
    """Build the pages of *project* with *rooms*, in this order; return that of terms."""
    out = project / "out"
    settings = {
        "extensions": ["myst_parser", *(f"policy_site.{room}" for room in rooms)]
    }
    with docutils_namespace():
        app = Sphinx(
            project, project, out, project / "doctrees", "html", settings,
            status=None, warning=sys.stderr, warningiserror=True, freshenv=True,
        )  # fmt: skip
        app.build()
    assert app.statuscode == 0
    return (out / "terms.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("room", policy_site.ROOMS)
def test_a_room_alone_sets_up_what_it_needs(project, room):
    assert "Be kind." in build(project, [room])


def test_the_order_of_rooms_means_nothing(project):
    rooms = list(policy_site.ROOMS)
    page = build(project, rooms)
    assert build(project, reversed(rooms)) == page
    for seed in range(3):
        random.Random(seed).shuffle(rooms)
        assert build(project, rooms) == page, f"seed {seed}"


def imports(path):
    """Yield the names of our modules that the module *path* imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize(
    "path", sorted(ROOT.rglob("*/*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_room_imports_only_from_its_floor_and_those_below(path):
    own = FLOORS.index(path.relative_to(ROOT).parts[0])
    for name in imports(path):
        if name.startswith("policy_site."):
            assert FLOORS.index(name.split(".")[1]) <= own, name


def test_every_room_is_set_up():
    """A module with a setup function that nobody lists would do nothing."""
    with_setup = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in ROOT.rglob("*/*.py")
        if "\ndef setup(" in path.read_text(encoding="utf-8")
    }
    rooms = {name for name in with_setup if not name.startswith("fast.")}
    assert rooms == set(policy_site.ROOMS)


def test_the_guide_names_every_module():
    guide = (ROOT.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    modules = {path.stem for path in ROOT.rglob("*/*.py") if path.parent.name != "fast"}
    missing = {name for name in modules - {"__init__"} if f"`{name}`" not in guide}
    assert missing == set()
