"""Publish the correction of a translation that was wrong, while the English stays.

    python -m tools.correct LANGUAGE REASON [DATE]

The text that was published stays; the corrected one, with its PDF and a seal of its
own, comes beside it. DATE is today unless it is given.
"""

import argparse
import signal
import tempfile
from datetime import date
from pathlib import Path

from policy_site.base.errors import UserError, file_errors
from policy_site.base.settings import ROOT, read_conf
from policy_site.versions import gate, seal
from policy_site.versions.archive import Version
from policy_site.versions.frozen import Text
from tools import publish
from tools.publish import Texts


def check(version: Version, texts: Texts, language: str, day: str) -> list[str]:
    """Return what is wrong with correcting *version* in *language* to *texts*."""
    policy = version.policy
    faults = [
        f"source/{policy}.md:1: {other} changed as well, which is no correction:\n"
        "  publish a new version (set 'updated' to a new date, then make publish)\n"
        + "\n".join(f"  {line}" for line in changes)
        for other, text in texts.items()
        if other != language
        and (changes := gate.differences(version.text(other), text, other))
    ]
    now, was = texts[language].fields, version.published[language].fields
    faults += [
        f"source/{policy}.md:1: {key!r} changed, which is no correction"
        for key in ("version", "effective", "material")
        if now.get(key) != was.get(key)
    ]
    faults += [
        f"source/{policy}.md:1: the image {name} is new, which is no correction: "
        "publish a new version"
        for name in sorted(texts[language].images)
        if not (version.folder / name).is_file()
    ]
    last = max([version.day, *days_of_corrections(version)])
    if day < last:
        faults.append(f"{day} is before {last}, when the last text was published")
    return faults


def days_of_corrections(version: Version) -> list[str]:
    """Return the day of each correction of *version*, in any language."""
    return [
        text.fields["corrected"]
        for corrections in version.corrections.values()
        for text in corrections.values()
    ]


def write(root: Path, version: Version, text: Text, prefix: str) -> Path:
    """Write the correction *text* beside what it corrects; return its path."""
    day = text.fields["corrected"]
    earlier = days_of_corrections(version).count(day)
    name = f"{text.fields['language']}.corrected-{day}"
    name += f"-{earlier + 1}" if earlier else ""
    with tempfile.TemporaryDirectory(dir=root / "build") as work:
        new = Path(work, version.day)
        new.mkdir()
        publish.write_text(new / f"{name}.md", text)
        publish.copy_pdf(root, prefix, text, new / f"{name}.pdf")
        last = seal.seals(version.folder.parent)[-1]
        publish.write_seal(new / f"{name}.{seal.NAME}", last)
        # The seal goes last: files without one are known to be leftovers.
        move(sorted(new.iterdir(), reverse=True), version.folder)
    return version.folder / f"{name}.md"


def move(files: list[Path], folder: Path) -> None:
    """Move *files* to *folder*: all of them, or none."""
    # Ctrl-C waits until it is done.
    signals = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    moved: list[Path] = []
    try:
        for file in files:
            moved.append(file.rename(folder / file.name))
    except BaseException:
        for file in moved:
            file.unlink()
        raise
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, signals)


def correct(root: Path, language: str, reason: str, day: str) -> None:
    """Publish the correction of every policy whose text in *language* changed.

    Raises UserError for what cannot be corrected.
    """
    facts = read_conf(root)
    if language not in facts["languages"] or language == "en":
        known = [one for one in facts["languages"] if one != "en"]
        raise UserError(
            "say which translation was wrong, and why: "
            f'make correct LANGUAGE={known[0] if known else "ja"} REASON="…"'
        )
    if not reason:
        raise UserError(
            f'say what was wrong: make correct LANGUAGE={language} REASON="…"'
        )
    try:
        day = date.fromisoformat(day).isoformat()
    except ValueError:
        raise UserError(f"{day} is not a date such as 2026-04-01") from None
    published = publish.read_archive(root)
    publish.build(root, "frozen")
    found = {
        policy: texts
        for policy, texts in publish.texts_now(root, facts["languages"]).items()
        if policy in published
        and language in published[policy][-1].published
        and gate.differences(
            published[policy][-1].text(language), texts[language], language
        )
    }
    if not found:
        print(f"Nothing to correct: {language} is as it was published.")
        return
    faults = publish.check_contact(facts)
    for policy, texts in found.items():
        faults += check(published[policy][-1], texts, language, day)
    if faults:
        raise UserError("\n".join(["nothing was published:", *faults]))
    publish.build(root, "latexpdf", language)
    for policy, texts in found.items():
        version = published[policy][-1]
        fields = {**texts[language].fields, "corrected": day, "reason": reason}
        text = Text(fields, texts[language].blocks)
        path = write(root, version, text, facts["pdf_prefix"])
        print("\n".join(gate.differences(version.text(language), text, language)))
        print(f"{path.relative_to(root)} is published. Commit it with the catalogs:")
        print(f"  git add {path.parent.relative_to(root)} locale conf.py")
        print(f'  git commit -m "Correct {policy} of {version.day} in {language}"')


@file_errors(ROOT)
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language")
    parser.add_argument("reason")
    parser.add_argument("day", nargs="?", default=date.today().isoformat())
    arguments = parser.parse_args()
    reason = " ".join(arguments.reason.split())
    correct(ROOT, arguments.language, reason, arguments.day)


if __name__ == "__main__":
    main()
