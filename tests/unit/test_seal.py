"""The seal: whatever changes in what was published is found, by sha256sum, too."""

import subprocess

import pytest

from policy_site.base.errors import UserError
from policy_site.versions import seal


def write(path, before):
    path.write_text(seal.sums(path, before))
    return path


@pytest.fixture
def policy(tmp_path):
    """The folder of a policy with three versions."""
    before = None
    for day in ["2025-01-28", "2026-04-01", "2026-10-01"]:
        version = tmp_path / "terms" / day
        version.mkdir(parents=True)
        for name in ["en.md", "ja.md", "ja.pdf"]:
            (version / name).write_text(f"{name} of {day}\n")
        before = write(version / seal.NAME, before)
    return tmp_path / "terms"


def test_what_is_as_it_was_published_passes(policy):
    seal.check(policy)


def test_sha256sum_checks_the_chain(policy):
    for version in seal.versions(policy):
        command = ["sha256sum", "--check", "--strict", seal.NAME]
        done = subprocess.run(command, cwd=version, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert "../2026-04-01/SHA256SUMS: OK" in done.stdout


def edit(policy):
    (policy / "2025-01-28/ja.md").write_text("Something else.\n")


def remove(policy):
    (policy / "2026-04-01/en.md").unlink()


def add(policy):
    (policy / "2026-04-01/fr.md").write_text("Encore.\n")


def edit_and_seal_anew(policy):
    edit(policy)
    version = policy / "2025-01-28"
    write(version / seal.NAME, None)


def remove_a_version(policy):
    for path in [*(policy / "2026-04-01").iterdir()]:
        path.unlink()
    (policy / "2026-04-01").rmdir()


def break_the_seal(policy):
    (policy / "2026-04-01" / seal.NAME).write_text("nothing\n")


@pytest.mark.parametrize(
    ("tamper", "path"),
    [
        (edit, "2025-01-28/ja.md"),
        (remove, "2026-04-01/en.md"),
        (add, "2026-04-01/fr.md"),
        (edit_and_seal_anew, "2025-01-28/SHA256SUMS"),
        (remove_a_version, "2026-10-01/../2026-04-01/SHA256SUMS"),
        (break_the_seal, "2026-04-01/SHA256SUMS:1"),
    ],
)
def test_what_was_changed_is_named(policy, tamper, path):
    tamper(policy)
    with pytest.raises(UserError, match="put it back") as refused:
        seal.check(policy)
    assert str(policy / path) in str(refused.value)


def test_a_correction_has_a_seal_of_its_own(policy):
    version = policy / "2026-10-01"
    first = (version / seal.NAME).read_bytes()
    head = seal.head(policy)
    (version / "ja.corrected-2026-11-02.md").write_text("Corrected.\n")
    with pytest.raises(UserError, match="no seal lists it"):
        seal.check(policy)
    path = version / f"ja.corrected-2026-11-02.{seal.NAME}"
    write(path, version / seal.NAME)
    seal.check(policy)
    assert path.read_text().splitlines()[-1].endswith(f"  {seal.NAME}")
    assert (version / seal.NAME).read_bytes() == first
    assert seal.head(policy) != head
    (version / "ja.corrected-2026-11-02.md").write_text("Corrected again.\n")
    with pytest.raises(UserError, match="not as it was published"):
        seal.check(policy)


def test_the_head_of_the_chain_tells_of_a_change_that_was_sealed_anew(policy):
    head = seal.head(policy)
    edit(policy)
    before = None
    for path in seal.seals(policy):
        before = write(path, before)
    seal.check(policy)
    assert seal.head(policy) != head


def test_corrections_of_one_day_are_in_the_order_of_their_numbers(policy):
    version = policy / "2026-10-01"
    before = version / seal.NAME
    names = ["ja.corrected-2026-11-02", "de.corrected-2026-11-02-2"]
    names += [f"ja.corrected-2026-11-02-{number}" for number in range(3, 11)]
    names += ["ja.corrected-2026-11-03"]
    for name in names:
        before = write(version / f"{name}.{seal.NAME}", before)
    seal.check(policy)
    assert [path.name for path in seal.seals(policy)[-11:]] == [
        f"{name}.{seal.NAME}" for name in names
    ]
