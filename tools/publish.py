"""Publish every policy whose text changed: freeze it, in all languages, in archive/.

    python -m tools.publish

It refuses what is not complete, writes a version in one step or not at all, prints what
changed since the version before, and says what to commit.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from policy_site.base.errors import UserError, file_errors
from policy_site.base.settings import ROOT, read_conf
from policy_site.text import contact
from policy_site.versions import archive, frozen, gate, seal
from policy_site.versions.archive import Version
from policy_site.versions.frozen import Text

# A text for each language.
Texts = dict[str, Text]


def build(root: Path, output: str, language: str = "") -> None:
    """Build an output of the project *root*, in all languages unless one is named.

    Raises SystemExit when that fails; it has said why.
    """
    target = f"{output}-{language}" if language else output
    command = [sys.executable, "-m", "tools.build", target]
    if subprocess.run(command, cwd=root, stdout=subprocess.DEVNULL).returncode:
        sys.exit("Nothing was published.")


def texts_now(root: Path, languages: list[str]) -> dict[str, Texts]:
    """Return the texts of each policy as they would be frozen now."""
    found: dict[str, Texts] = {}
    for language in languages:
        for path in sorted((root / "build/frozen" / language).glob("*.md")):
            found.setdefault(path.stem, {})[language] = frozen.read_file(path)
    return found


def is_as_published(texts: Texts, version: Version) -> bool:
    """Return whether *texts* are those of *version*, in every language."""
    return texts.keys() == version.published.keys() and all(
        gate.without_correction(version.text(language)) == text
        for language, text in texts.items()
    )


def check_contact(facts: dict[str, Any]) -> list[str]:
    """Return a line for each value of the contact block that is a sample."""
    return [
        f"conf.py: contact[{language!r}][{key!r}] is a sample: {value}"
        for language, block in facts["contact"].items()
        for key, value in block.items()
        if contact.is_sample(key, value)
    ]


def check_version(policy: str, texts: Texts, versions: list[Version]) -> list[str]:
    """Return what is wrong with publishing *texts* after *versions*."""
    source = f"source/{policy}.md:1"
    fields = texts["en"].fields
    day = fields["version"]
    if not versions:
        return []
    last, faults = versions[-1], []
    if day <= last.day:
        faults.append(
            f"{source}: the text changed, and 'updated: {day}' is not after "
            f"{last.day}, when the last one was published: give it a later date"
        )
        for language, text in texts.items():
            if day == last.day and language in last.published:
                faults += [
                    f"  {line}"
                    for line in gate.differences(last.text(language), text, language)
                ]
    if "summary" not in fields:
        faults.append(
            f"{source}: a line such as 'summary: Sets a retention period of 90 days.' "
            "is missing: readers learn from it what changed"
        )
    elif fields["summary"] == last.published["en"].fields.get("summary"):
        faults.append(
            f"{source}: 'summary' is still that of the version of {last.day}: say what "
            "changed since"
        )
    if fields["effective"] < last.effective:
        faults.append(
            f"{source}: 'effective: {fields['effective']}' is before "
            f"{last.effective}, from when the version of {last.day} applies: give a "
            "later date"
        )
    missing = last.published.keys() - texts.keys()
    if missing:
        faults.append(
            f"{source}: the version of {last.day} was published in {sorted(missing)}, "
            "too: a version has every language"
        )
    return faults


def write_text(path: Path, text: Text) -> None:
    """Freeze *text* in the file *path*.

    Raises UserError when it would be read as another text.
    """
    path.write_text(frozen.write(text), encoding="utf-8")
    if frozen.read_file(path) != text:
        raise UserError(f"{path}: this does not read as what was to be published")


def copy_pdf(root: Path, prefix: str, text: Text, path: Path) -> None:
    """Copy the PDF that was built of *text* to *path*."""
    name = f"{prefix}-{text.fields['policy']}-{text.fields['language']}.pdf"
    shutil.copyfile(root / "build/pdf" / name, path)


def write_seal(path: Path, before: Path | None) -> None:
    """Write the seal *path* of what is beside it; *before* is the last one."""
    path.write_text(seal.sums(path, before), encoding="utf-8")


def write_version(
    root: Path, policy: str, texts: Texts, prefix: str, before: Version | None
) -> Path:
    """Write a version in one step; return its folder."""
    folder = root / archive.FOLDER / policy / texts["en"].fields["version"]
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root / "build") as work:
        new = Path(work, folder.name)
        new.mkdir()
        for language, text in texts.items():
            write_text(new / f"{language}.md", text)
            copy_pdf(root, prefix, text, new / f"{language}.pdf")
            for image in text.images:
                shutil.copyfile(root / "build/frozen" / language / image, new / image)
        last = seal.seals(folder.parent)[-1] if before else None
        write_seal(new / seal.NAME, last)
        new.rename(folder)
    return folder


def show(texts: Texts, before: Version) -> str:
    """Return what changed since the version *before*, in every language."""
    return "\n".join(
        line
        for language, text in texts.items()
        if language in before.published
        for line in gate.differences(before.text(language), text, language)
    )


def read_archive(root: Path) -> dict[str, list[Version]]:
    """Return the published versions of each policy.

    Raises UserError when they are not as they were published.
    """
    archive.check(root / archive.FOLDER)
    return archive.read(root / archive.FOLDER)


@file_errors(ROOT)
def main(root: Path = ROOT) -> None:
    facts = read_conf(root)
    published = read_archive(root)
    build(root, "frozen")
    changed = {
        policy: texts
        for policy, texts in texts_now(root, facts["languages"]).items()
        if policy not in published or not is_as_published(texts, published[policy][-1])
    }
    if not changed:
        print("Nothing to publish: every policy is as it was published.")
        return
    faults = check_contact(facts)
    for policy, texts in changed.items():
        faults += check_version(policy, texts, published.get(policy, []))
    if faults:
        raise UserError("\n".join(["nothing was published:", *faults]))
    build(root, "latexpdf")
    for policy, texts in changed.items():
        versions = published.get(policy, [])
        before = versions[-1] if versions else None
        folder = write_version(root, policy, texts, facts["pdf_prefix"], before)
        if before:
            print(show(texts, before))
        print(f"{folder.relative_to(root)}/ is published. Commit it with the sources:")
        print(f"  git add {folder.relative_to(root)} source locale conf.py")
        print(f'  git commit -m "Publish {policy} of {folder.name}"')


if __name__ == "__main__":
    main()
