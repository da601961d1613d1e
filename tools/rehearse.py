"""Rehearse on this machine what Read the Docs does with the last commit.

    python -m tools.rehearse

Checks .readthedocs.yaml, builds every language as a branch, as a tag and as a pull
request, each in a shallow clone, and checks what came out. What is not committed is not
rehearsed. Python, TeX and make are those of this machine.

Variables and rules: https://docs.readthedocs.com/platform/stable/config-file/v2.html
https://docs.readthedocs.com/platform/stable/reference/environment-variables.html
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from bs4 import BeautifulSoup

from policy_site.base.languages import slug
from policy_site.base.settings import ROOT, read_conf

PROJECT = "policies"

# The name in addresses of a version of each type; a pull request is "external".
VERSIONS = {"branch": "latest", "tag": "v1.0", "external": "12"}


class Failure(Exception):
    """What Read the Docs, or a reader of the result, would complain of."""


# -- The file --------------------------------------------------------------------


def check_file(path: Path) -> None:
    """Raise Failure unless Read the Docs takes the file and does with it what it says.

    The schema does not know that commands are put between single quotes, what Read
    the Docs leaves out without a word, and which files there are.
    """
    validator = str(Path(sys.executable).parent / "check-jsonschema")
    schema = [validator, "--builtin-schema", "vendor.readthedocs", str(path)]
    done = subprocess.run(schema, capture_output=True, text=True)
    if done.returncode:
        raise Failure(done.stdout + done.stderr)
    text = path.read_text(encoding="utf-8")
    config = yaml.safe_load(text)
    build, jobs = config["build"], config["build"].get("jobs", {})
    formats = ["html", *config.get("formats", [])]
    found = []
    for kind in {*jobs.get("build", {})} ^ {*formats}:
        if kind in formats:
            found.append(f"formats has {kind}, and build.jobs.build.{kind} is missing")
        else:
            found.append(f"build.jobs.build.{kind} is not run: formats lacks {kind}")
    for command in commands_of(jobs):
        if "'" in command:
            line = text[: text.find(command)].count("\n") + 1
            found.append(f"line {line}: a single quote ends the command: {command}")
    for package in build.get("apt_packages", []):
        if not re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9.+-]*", package):
            found.append(f"build.apt_packages: {package!r} is no name of a package")
    if "sphinx" not in config:
        found.append("without sphinx, python.install is not done")
    installed = config.get("python", {}).get("install", [])
    if not installed:
        found.append("python.install is missing: nothing would be there to build with")
    named = [entry["requirements"] for entry in installed if "requirements" in entry]
    named += [config["sphinx"]["configuration"]] if config.get("sphinx") else []
    for name in named:
        if not (path.parent / name).is_file():
            found.append(f"there is no file {name}")
    if found:
        raise Failure("\n".join(f"{path.name}: {one}" for one in found))


def commands_of(jobs: dict[str, Any]) -> Iterator[str]:
    """Yield all commands in the lists and nested lists of *jobs*."""
    for commands in jobs.values():
        yield from commands_of(commands) if isinstance(commands, dict) else commands


# -- The build -------------------------------------------------------------------


class Rehearsal:
    """The builds of one repository, in the folder *work*, each in its own clone."""

    def __init__(self, repository: Path, work: Path) -> None:
        self.repository = repository
        self.env = work / "envs"
        self.checkouts = work / "checkouts"
        self.home = work / "home"
        self.home.mkdir(parents=True)

    def variables(
        self, checkout: Path, language: str = "en", version_type: str = "branch"
    ) -> dict[str, str]:
        """Return the environment of a build: nothing of this machine but TeX."""
        tex = Path(shutil.which("lualatex") or "/usr/bin/lualatex").parent
        return {
            "HOME": str(self.home),
            "PATH": f"{self.env}/bin:{tex}:/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "READTHEDOCS": "True",
            "READTHEDOCS_CANONICAL_URL": canonical_url(language, version_type),
            "READTHEDOCS_LANGUAGE": language,
            "READTHEDOCS_OUTPUT": f"{checkout}/_readthedocs/",
            "READTHEDOCS_VERSION": VERSIONS[version_type],
            "READTHEDOCS_VERSION_TYPE": version_type,
            "READTHEDOCS_VIRTUALENV_PATH": str(self.env),
        }

    def git(self, *arguments: str, cwd: Path | None = None) -> str:
        command = ["git", *arguments]
        cwd = cwd or self.repository
        return subprocess.run(
            command, cwd=cwd, check=True, capture_output=True, text=True
        ).stdout

    def clone(self) -> Path:
        """Return a new shallow clone of the last commit."""
        self.checkouts.mkdir(exist_ok=True)
        checkout = Path(tempfile.mkdtemp(dir=self.checkouts))
        url = self.repository.as_uri()
        self.git("clone", "--quiet", "--depth", "1", url, ".", cwd=checkout)
        return checkout

    def install(self, checkout: Path) -> None:
        """Make the virtual environment and install what builds into it."""
        config = read_config(checkout)
        # Where packages come from is a matter of this machine.
        network = {
            key: value
            for key, value in os.environ.items()
            if key.startswith("PIP_") or key.lower().endswith("_proxy")
        }
        env = network | self.variables(checkout)
        run(f"{sys.executable} -m venv $READTHEDOCS_VIRTUALENV_PATH", checkout, env)
        for entry in config["python"]["install"]:
            run(f"python -m pip install -r {entry['requirements']}", checkout, env)

    def build(self, checkout: Path, language: str, version_type: str) -> Path:
        """Build one version of one language and return the folder of its pages.

        Raises Failure when a command fails, or Read the Docs refuses what it left.
        """
        config = read_config(checkout)
        if not self.env.exists():
            self.install(checkout)
        env = self.variables(checkout, language, version_type)
        jobs = config["build"]["jobs"]
        steps = [*jobs.get("post_install", []), *jobs["build"]["html"]]
        if version_type != "external":
            steps += jobs["build"]["pdf"]
        for command in steps:
            run(command, checkout, env)
        output = checkout / "_readthedocs"
        check_output(checkout, output)
        check_pages(checkout, output / "html", language, version_type)
        return output / "html"


def canonical_url(language: str, version_type: str) -> str:
    slug = VERSIONS[version_type]
    if version_type == "external":
        return f"https://{PROJECT}--{slug}.org.readthedocs.build/{language}/{slug}/"
    return f"https://{PROJECT}.readthedocs.io/{language}/{slug}/"


def read_config(checkout: Path) -> dict[str, Any]:
    return yaml.safe_load((checkout / ".readthedocs.yaml").read_text(encoding="utf-8"))


def run(command: str, cwd: Path, env: dict[str, str]) -> None:
    """Run *command* as a build does: between single quotes, in a plain shell.

    Raises Failure, with what it printed, when it fails.
    """
    try:
        argv = shlex.split(f"/bin/sh -c '{command}'")
    except ValueError as error:
        raise Failure(f"{command}\n{error}") from None
    done = subprocess.run(
        argv,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise Failure(f"{command}\n{done.stdout}")


# -- The result ------------------------------------------------------------------


def check_output(checkout: Path, output: Path) -> None:
    """Raise Failure for what Read the Docs refuses in the folder of the output."""
    if not (output / "html/index.html").is_file():
        raise Failure("there is no html/index.html")
    if (output / "pdf").is_file():
        raise Failure("the PDF output is a file, no folder")
    if (output / "pdf").exists():
        names = [path.name for path in (output / "pdf").iterdir()]
        if len(names) != 1:
            raise Failure(f"the PDF output has to be one file, and is {names}")
        if names[0].count(".") != 1:
            raise Failure(f"the name of the PDF has to have one dot: {names[0]}")
    if (checkout / "_build/html").exists():
        raise Failure("_build/html is there, which Read the Docs takes for a mistake")


def folders(checkout: Path) -> list[str]:
    """Return the languages as Read the Docs names them."""
    return [slug(language) for language in read_conf(checkout)["languages"]]


def check_pages(checkout: Path, html: Path, language: str, version_type: str) -> None:
    """Raise Failure for a page of ours that is not as it has to be there."""
    slug = VERSIONS[version_type]
    languages = folders(checkout)
    found = []
    for source in sorted((checkout / "source").glob("*.md")):
        page = f"{source.stem}.html"
        soup = BeautifulSoup((html / page).read_text(encoding="utf-8"), "html.parser")
        canonical = soup.select_one("link[rel=canonical]")
        address = canonical_url(language, version_type)
        address += page if page != "index.html" else ""
        links = {str(link["href"]) for link in soup.select("a[href]")}
        spoken = [str(node["lang"]) for node in soup.select("html")]
        if [one.lower() for one in spoken] != [language]:
            found.append(f"{page} is in {', '.join(spoken)}, not {language}")
        if not canonical or canonical["href"] != address:
            found.append(f"{page} does not name its address, {address}")
        for other in languages:
            target = f"/{other}/{slug}/{page}"
            if other != language and target not in links:
                found.append(f"{page} does not link {target}")
        if page != "index.html" and not soup.select_one('a[href*="/pdf/"]'):
            found.append(f"{page} links no PDF")
        for link in links:
            own, _, name = link.partition(f"/{language}/{slug}/")
            if name and not own and not (html / name).is_file():
                found.append(f"{page} links {link}, which is not there")
    if found:
        raise Failure("\n".join(found))


def main() -> int:
    changed = subprocess.run(
        ["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    if changed:
        print("note: what is not committed is not rehearsed:\n" + changed.rstrip())
    failures = 0
    with tempfile.TemporaryDirectory(prefix="readthedocs-") as work:
        rehearsal = Rehearsal(ROOT, Path(work))
        try:
            checkout = rehearsal.clone()
            check_file(checkout / ".readthedocs.yaml")
            print(".readthedocs.yaml is taken", flush=True)
            rehearsal.install(checkout)
        except Failure as failure:
            sys.exit(f"error: {failure}")
        for language in folders(checkout):
            for version_type in VERSIONS:
                try:
                    html = rehearsal.build(rehearsal.clone(), language, version_type)
                except Failure as failure:
                    failures += 1
                    print(f"error: {language}, {version_type}: {failure}", flush=True)
                else:
                    pdfs = sorted(path.name for path in html.glob("pdf/*.pdf"))
                    print(
                        f"{language}, {version_type}: pages, and in pdf/:",
                        *pdfs,
                        flush=True,
                    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
