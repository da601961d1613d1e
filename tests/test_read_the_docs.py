"""Read the Docs builds each language from .readthedocs.yaml, rehearsed as it does it."""

import shutil
import sys
import sysconfig

import pytest
import yaml
from conftest import LANGUAGES, ROOT, run

CONFIG = yaml.safe_load((ROOT / ".readthedocs.yaml").read_text(encoding="utf-8"))
JOBS = CONFIG["build"]["jobs"]


def rehearse(checkout, tmp_path, language, version_type="branch"):
    """Run the commands with dash, the variables of Read the Docs, and no terminal.

    Returns the first that fails, or the last. PDFs are not built of pull requests.
    """
    env = tmp_path / "env"
    run(sys.executable, "-m", "venv", "--symlinks", "--without-pip", str(env))
    # What its `pip install -r requirements.txt` would put there.
    [packages] = env.glob("lib/python*/site-packages")
    (packages / "ours.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    variables = {
        "READTHEDOCS": "True",
        "READTHEDOCS_LANGUAGE": language,
        "READTHEDOCS_VERSION_TYPE": version_type,
        "READTHEDOCS_OUTPUT": str(tmp_path / "output"),
        "READTHEDOCS_VIRTUALENV_PATH": str(env),
    }
    commands = JOBS["post_install"] + JOBS["build"]["html"]
    if version_type != "external":
        commands += JOBS["build"]["pdf"]
    for command in commands:
        assert "'" not in command
        shell = f"PATH={env}/bin:$PATH ; {command}"
        result = run(
            *("nice", "-n", "10", shutil.which("dash"), "-c", shell),
            cwd=checkout.path,
            **variables,
        )
        if result.returncode:
            break
    return result


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("version_type", ["branch", "tag", "external"])
def test_read_the_docs_builds_the_language(checkout, tmp_path, language, version_type):
    result = rehearse(checkout, tmp_path, language, version_type)
    assert result.returncode == 0, result.stdout + result.stderr
    page = tmp_path / "output/html/index.html"
    assert f'lang="{language}"' in page.read_text(encoding="utf-8")
    # There, other languages and PDFs are under the root of the site.
    for other in LANGUAGES:
        assert f'href="/{other}/latest/privacy-policy.html"' in page.read_text("utf-8")
        assert f'href="/_/downloads/{other}/latest/pdf/"' in page.read_text("utf-8")
    pdfs = [path.name for path in tmp_path.glob("output/pdf/*")]
    if version_type == "external":
        assert pdfs == []
    else:
        # Read the Docs takes exactly one, whose name has one dot.
        [pdf] = pdfs
        assert pdf.count(".") == 1 and pdf.endswith(f"-{language}.pdf")
    assert not (checkout.path / "_build/html").exists()


def test_read_the_docs_names_a_language_that_is_not_here(checkout, tmp_path):
    result = rehearse(checkout, tmp_path, "de")
    assert result.returncode != 0
    assert "'de'" in result.stderr and "en, ja" in result.stderr


def test_read_the_docs_takes_the_file():
    result = run(
        str(ROOT / ".venv/bin/check-jsonschema"),
        *("--builtin-schema", "vendor.readthedocs", ".readthedocs.yaml"),
    )
    assert result.returncode == 0, result.stdout


def test_read_the_docs_file_has_what_its_schema_does_not_ask_for():
    """Without formats no PDF is built; without sphinx nothing is installed."""
    assert CONFIG["formats"] == ["pdf"]
    assert CONFIG["sphinx"]["configuration"] == "conf.py"
    assert CONFIG["python"]["install"] == [{"requirements": "requirements.txt"}]
