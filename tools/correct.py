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

from policy_site.base.errors import UserError
from policy_site.base.settings import ROOT, read_conf
from policy_site.versions import archive, gate, seal
from policy_site.versions.archive import Version
from policy_site.versions.frozen import Text
from tools import publish
from tools.publish import ARCHIVE, Texts


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
    earlier = [one for days in version.corrections.values() for one in days]
    last = max([version.day, *earlier])
    if day <= last:
        faults.append(f"{day} is not after {last}, when the last text was published")
    return faults


def write(version: Version, text: Text, prefix: str) -> Path:
    """Write the correction *text* beside what it corrects; return its path."""
    fields = text.fields
    name = f"{fields['language']}.corrected-{fields['corrected']}"
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as work:
        files = [Path(work, f"{name}{suffix}") for suffix in (".md", ".pdf")]
        publish.write_text(files[0], text)
        publish.copy_pdf(prefix, text, files[1])
        last = seal.seals(version.folder.parent)[-1]
        # All of it, or nothing.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        for file in files:
            file.rename(version.folder / file.name)
        publish.write_seal(version.folder / f"{name}.{seal.NAME}", last)
    return version.folder / f"{name}.md"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language")
    parser.add_argument("reason")
    parser.add_argument("day", nargs="?", default=date.today().isoformat())
    arguments = parser.parse_args()
    language, reason = arguments.language, " ".join(arguments.reason.split())
    facts = read_conf()
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
        date.fromisoformat(arguments.day)
    except ValueError:
        raise UserError(f"{arguments.day} is not a date such as 2026-04-01") from None
    for folder in ARCHIVE.glob("*"):
        seal.check(folder)
    published = archive.read(ARCHIVE)
    publish.build("frozen")
    found = {
        policy: texts
        for policy, texts in publish.texts_now(facts["languages"]).items()
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
        faults += check(published[policy][-1], texts, language, arguments.day)
    if faults:
        raise UserError("\n".join(["nothing was published:", *faults]))
    publish.build("latexpdf", language)
    for policy, texts in found.items():
        version = published[policy][-1]
        fields = {
            **texts[language].fields,
            "corrected": arguments.day,
            "reason": reason,
        }
        text = Text(fields, texts[language].blocks)
        path = write(version, text, facts["pdf_prefix"])
        print("\n".join(gate.differences(version.text(language), text, language)))
        print(f"{path.relative_to(ROOT)} is published. Commit it with the catalogs:")
        print(f"  git add {path.parent.relative_to(ROOT)} locale")
        print(f'  git commit -m "Correct {policy} of {version.day} in {language}"')


if __name__ == "__main__":
    main()
