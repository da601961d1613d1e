"""What GitHub runs is well formed, pinned, and may do no more than it needs."""

import re

import pytest
import yaml

from tests.support import ROOT, run

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
BIN = ROOT / ".venv/bin"

each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def jobs(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]


@each_workflow
def test_workflow_follows_the_schema(path):
    schema = ["--builtin-schema", "vendor.github-workflows", str(path)]
    result = run(str(BIN / "check-jsonschema"), *schema)
    assert result.returncode == 0, result.stdout


@each_workflow
def test_auditor_finds_nothing(path):
    """No injection, no dangerous trigger, no excess of permissions, all pinned."""
    result = run(str(BIN / "zizmor"), "--offline", "--pedantic", "--quiet", str(path))
    assert result.returncode == 0, result.stdout + result.stderr


@each_workflow
def test_action_is_named_by_its_commit_and_release(path):
    uses = re.findall(r"uses: (.*)", path.read_text(encoding="utf-8"))
    assert uses
    for action in uses:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


def test_action_is_of_one_release_everywhere():
    text = "".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    pins = set(re.findall(r"uses: ([^@]+)@(\S+)", text))
    assert len(pins) == len(dict(pins))


@each_workflow
def test_workflow_only_reads_and_ends(path):
    text = path.read_text(encoding="utf-8")
    assert "pull_request_target" not in text
    assert re.search(r"^permissions: \{\}$", text, re.MULTILINE)
    for job in jobs(path).values():
        assert job["permissions"] == {"contents": "read"}
        assert job["timeout-minutes"] <= 90
        for step in job["steps"]:
            # An expression would be put into the script as text.
            assert "${{" not in step.get("run", "")


@each_workflow
def test_workflow_runs_targets_that_there_are(path):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    text = path.read_text(encoding="utf-8").replace(".venv/", "$(VENV)/")
    for target in re.findall(r"run: make (\S+)", text):
        target = target.strip('"').replace("$LANGUAGE", "%")
        assert f"\n{target}:" in makefile


def test_languages_of_the_builds_are_those_of_the_repository(checkout):
    """The step that lists them is run, here with one more."""
    checkout.write("locale/fr/LC_MESSAGES/privacy-policy.po", "")
    steps = jobs(ROOT / ".github/workflows/ci.yml")["languages"]["steps"]
    [script] = [step["run"] for step in steps if step.get("id") == "list"]
    (checkout.path / ".venv").symlink_to(ROOT / ".venv")
    output = checkout.path / "output"
    result = run(
        *["bash", "-e", "-c", script], cwd=checkout.path, GITHUB_OUTPUT=str(output)
    )
    assert result.returncode == 0, result.stderr
    key, _, value = output.read_text().strip().partition("=")
    assert key == "all" and yaml.safe_load(value) == [
        "en",
        "fr",
        "ja",
    ]
