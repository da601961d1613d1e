"""A mistake stops the build with a message for its maker, and nothing is lost."""

import os
import re
import shutil

import pytest

from tests.support import PYTHON, ROOT, run

SOURCE = "source/privacy-policy.md"
CATALOG = "locale/ja/LC_MESSAGES/privacy-policy.po"
CONTACT_MISTAKES = [
    'contact["en"]["phone"] = "03-1234"',
    'contact["en"]["telex"] = "03-1234-5678"',
    'contact["ja"] = {"zipcode": "1"}',
]


def assert_refused(result, *parts):
    """Assert that make failed, said *parts*, and showed no traceback."""
    said = result.stdout + result.stderr
    assert result.returncode != 0, said
    for part in parts:
        assert part in said
    assert "Traceback" not in said


def test_all_mistakes_in_contact_blocks_are_named_at_once(checkout):
    checkout.configure("\n".join(CONTACT_MISTAKES))
    assert_refused(
        checkout.make("html-en"),
        "conf.py",
        "en.phone",
        "en.telex",
        "ja.zipcode",
        "ja.email: missing",
    )
    assert checkout.output() == {}


@pytest.mark.parametrize("damage", ["catalog", "contact", "front matter"])
def test_earlier_output_is_left_as_it_was(checkout, damage):
    assert checkout.make("html").returncode == 0
    before = checkout.output()
    assert len(before) > 10
    if damage == "catalog":
        checkout.edit(CATALOG, 'msgstr "データの収集"', 'msgstr "データの収集')
    elif damage == "contact":
        checkout.edit("conf.py", '"phone": "03-0000-0000"', '"phone": "03"')
    else:
        checkout.edit(SOURCE, "updated: 2025-01-28", "updated: soon")
    result = checkout.make("html-ja", "latexpdf-ja")
    assert_refused(result)
    assert checkout.output() == before


def test_catalog_that_is_not_po_is_named_with_its_line(checkout):
    checkout.edit(CATALOG, 'msgstr "データの収集"', 'msgstr "データの収集')
    lines = (checkout.path / CATALOG).read_text(encoding="utf-8").splitlines()
    line = lines.index('msgstr "データの収集') + 1
    assert_refused(checkout.make("html"), f"{CATALOG}:{line}:", "not valid PO")
    # The other language is built all the same.
    assert (checkout.path / "build/html/en/index.html").is_file()
    assert not (checkout.path / "build/html/ja/index.html").exists()


def test_catalog_that_is_not_utf8_is_named_with_its_line(checkout):
    path = checkout.path / CATALOG
    text = path.read_bytes()
    path.write_bytes(
        text.replace("データの収集".encode(), "データの収集".encode("cp932"), 1)
    )
    line = text[: text.index("データの収集".encode())].count(b"\n") + 1
    assert_refused(checkout.make("html-ja"), f"{CATALOG}:{line}:", "not UTF-8")


def test_language_that_is_not_here_is_refused(checkout):
    assert_refused(checkout.make("html-de"), "'de'", "en, ja", "locale/de")


@pytest.mark.parametrize(
    "targets, name, old, new",
    [
        (["html", "latexpdf"], SOURCE, "Last updated", "<b>Last</b> updated"),
        (["site"], CATALOG, 'msgstr "データの収集"', 'msgstr "**データの収集"'),
        (["check"], SOURCE, "Last updated", "<b>Last</b> updated"),
    ],
)
def test_what_stops_several_builds_is_said_once_in_each_run(
    checkout, targets, name, old, new
):
    checkout.edit(name, old, new)
    for _ in range(2):
        result = checkout.make(*targets)
        assert_refused(result)
        said = result.stdout + result.stderr
        assert len(re.findall(rf"{name}:[\d:]+ ", said)) == 1, said
        assert targets != ["check"] or "1 to mend" in said


def path_without(tmp_path, *hidden):
    """Return a PATH with all programs of ours but those that start with *hidden*."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for place in os.environ["PATH"].split(os.pathsep):
        for name in os.listdir(place) if os.path.isdir(place) else []:
            link = folder / name
            if not name.startswith(hidden) and not link.is_symlink():
                link.symlink_to(os.path.join(place, name))
    return str(folder)


def test_missing_tex_is_named_with_the_command_to_run_and_html_is_built(
    checkout, tmp_path
):
    """As for a user who is neither root nor in sudo's list."""
    path = path_without(tmp_path, "lualatex", "latexmk", "sudo")
    # A user who may not install anything.
    (tmp_path / "bin/apt-get").unlink(missing_ok=True)
    apt = tmp_path / "bin/apt-get"
    apt.write_text("#!/bin/sh\necho 'apt-get: not for this user' >&2\nexit 1\n")
    apt.chmod(0o755)
    result = checkout.make("latexpdf", "html", PATH=path)
    assert_refused(result, "TeX Live")
    assert (checkout.path / "build/html/ja/privacy-policy.html").is_file()
    assert not (checkout.path / "build/pdf").exists()


def test_missing_tex_on_another_system_is_named(checkout, tmp_path):
    path = path_without(tmp_path, "lualatex", "latexmk", "apt-get")
    result = checkout.make("latexpdf", PATH=path)
    assert_refused(result, "Missing: latexmk and TeX Live with LuaLaTeX")


@pytest.mark.parametrize(
    "language, other, address",
    [("ja", "en", "東京都見本区"), ("en", "ja", "Sample Building")],
)
def test_failing_pdf_leaves_the_html_and_the_other_pdf(
    checkout, language, other, address
):
    """A character that no font has stops one PDF, and is named."""
    checkout.edit("conf.py", address, f"\U00013000{address}")
    result = checkout.make("latexpdf", "html")
    assert_refused(
        result, "no font of the PDF has the character", f"latexpdf-{language}"
    )
    assert (checkout.path / f"build/html/{language}/privacy-policy.html").is_file()
    names = [path.name for path in (checkout.path / "build/pdf").iterdir()]
    assert names == [f"iotone-japan-privacy-policy-{other}.pdf"]


# -- The disk ------------------------------------------------------------------

# In a file system of its own, which goes with the process.
OWN_MOUNTS = ["unshare", "--map-root-user", "--mount"]
FULL_DISK = f"""
small() {{ mount -t tmpfs -o size=$2 tmpfs $1; }}
mkdir build ../before && cp -r locale ../before && small build 4m && small locale 300k
cp -r ../before/locale/. locale && make html-ja VENV={ROOT}/.venv || exit 2
sed -i 's/A suite/Any suite/; s/offers a suite/offers a large suite/' source/privacy-policy.md
make gettext VENV={ROOT}/.venv && cp -r build/html ../before || exit 2
for folder in build locale; do cat /dev/zero > $folder/.filler; done
make html-ja VENV={ROOT}/.venv
{PYTHON} -m tools.update_po
rm */.filler
diff -r build/html/ja ../before/html/ja && diff -r locale ../before/locale && echo unchanged
"""


@pytest.mark.skipif(
    not shutil.which("unshare") or run(*OWN_MOUNTS, "true").returncode != 0,
    reason="this system lets nobody mount a small disk",
)
def test_full_disk_is_said_and_nothing_is_half_written(checkout):
    result = run(*OWN_MOUNTS, "sh", "-c", FULL_DISK, cwd=checkout.path)
    said = result.stdout + result.stderr
    assert re.search(r"error: build/work/html-ja\S*: .*No space left on device", said)
    assert re.search(r"error: \S*/locale/ja/\S*\.po: No space left .*; make room", said)
    assert "Traceback" not in said
    assert "unchanged" in result.stdout, said


@pytest.mark.parametrize("target", ["html", "update-po", "publish", "preview-ja"])
def test_checkout_that_is_read_only_is_said(checkout, target):
    # Root may write everywhere, unless it gives this up.
    humble = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    make = ["make", target, f"VENV={ROOT / '.venv'}"]
    assert run("chmod", "-R", "a-w", checkout.path).returncode == 0
    try:
        result = run(*humble, *make, cwd=checkout.path)
    finally:
        run("chmod", "-R", "u+w", checkout.path)
    assert_refused(result, "error: build: Permission denied; let this user write there")
