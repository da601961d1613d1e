"""What stands in the place of files of Furo and Sphinx was made for those of today.

A line `upstream: FILE DIGEST` in a file of ours names one that it overrides or relies
on. Where either of two may be installed, there are two such lines.
"""

import hashlib
import re
from collections import defaultdict
from pathlib import Path

import pytest

from tests.support import ROOT, tracked_files


def named():
    """Return {(our file, upstream file): digests}."""
    found = defaultdict(set)
    for name in tracked_files():
        if name.startswith(("policy_site/", "_static/", "_templates/")):
            text = (ROOT / name).read_bytes().decode(errors="ignore")
            for upstream, digest in re.findall(r"upstream: (\S+) ([0-9a-f]{12})", text):
                found[name, upstream].add(digest)
    return found


def installed(name):
    """Return the path of a file of an installed package."""
    [packages] = Path(ROOT / ".venv/lib").glob("python3*/site-packages")
    return packages / name


def test_each_template_that_overrides_one_names_it():
    names = {Path(upstream).name for _ours, upstream in named()}
    for template in (ROOT / "_templates").rglob("*"):
        text = template.read_text(encoding="utf-8") if template.is_file() else ""
        if 'extends "!' in text or template.suffix == ".jinja":
            assert template.name in names, f"{template} has no line 'upstream: …'"


@pytest.mark.parametrize("ours, upstream", named())
def test_upstream_file_is_the_one_that_ours_was_made_for(ours, upstream):
    digest = hashlib.sha256(installed(upstream).read_bytes()).hexdigest()[:12]
    assert digest in named()[ours, upstream], (
        f"{upstream} has changed. See what is new in it, mend {ours} where that "
        f"matters, look at the pages, and write there: upstream: {upstream} {digest}"
    )
