"""A policy that tests publish in process: with the programs, but PDFs that are none."""

import gettext
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import sphinx.locale
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from policy_site.versions import frozen
from policy_site.versions.frozen import Text
from tests.support import KNOWN_LANGUAGES
from tools import correct, publish

# What the known site has as samples, and what could be there.
CONTACT = [
    ('"000-0000"', '"100-0001"'),
    ("privacy@example.jp", "privacy@iotone.jp"),
    ("+81-3-0000-0000", "+81-3-3213-1111"),
    ("03-0000-0000", "03-3213-1111"),
    ("Sample Building 0F, 0-0-0 Sample-cho", "Palace Building 2F, 1-1-1 Chiyoda"),
    ("0-0-0", "1-1-1"),
]
SITE = "https://policies.example.net/"


def use_real_facts(root: Path) -> None:
    """Give the known site in *root* an address, and a contact block that is no sample."""
    conf = (root / "conf.py").read_text(encoding="utf-8")
    for sample, real in [*CONTACT, ('site_url = ""', f'site_url = "{SITE}"')]:
        conf = conf.replace(sample, real)
    (root / "conf.py").write_text(conf, encoding="utf-8")


def write_catalog(path: Path, translations: dict[str, str]) -> None:
    """Write a catalog; texts are as they are in one."""
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    entries = [
        f'msgid "{one}"\nmsgstr "{other}"\n' for one, other in translations.items()
    ]
    path.write_text("\n".join([head, *entries]), encoding="utf-8")


class Publisher:
    """A project in a folder with one policy; each method says what it takes."""

    def __init__(self, path: Path, policy: str, prefix: str) -> None:
        self.path, self.policy, self.prefix = path, policy, prefix
        self.source = path / f"source/{policy}.md"

    def edit(self, *pairs: tuple[str, str]) -> None:
        """Replace in the source what there is once."""
        text = self.source.read_text(encoding="utf-8")
        for old, new in pairs:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        self.source.write_text(text, encoding="utf-8")

    def build(self, builder: str, language: str, **settings: Any) -> Path:
        """Build in *language*; return the folder of the output."""
        out = self.path / "build" / builder / language
        doctrees = self.path / "build/doctrees" / builder / language
        # In one process, words are kept: of one language for the next, of each file.
        sphinx.locale.translators.clear()
        gettext._translations.clear()  # type: ignore[attr-defined]
        with docutils_namespace():
            app = Sphinx(
                *(self.path / "source", self.path, out, doctrees),
                *(builder, {"language": language, **settings}),
                status=None, warning=sys.stderr, warningiserror=True,
            )  # fmt: skip
            app.build()
        return out

    def text(self, language: str) -> Text:
        """Return the text as it would be frozen now."""
        return frozen.read_file(self.build("frozen", language) / f"{self.policy}.md")

    def make(self, _root: Path, output: str, language: str = "") -> None:
        """Build what is published; a PDF is the text once more."""
        for code in [language] if language else KNOWN_LANGUAGES:
            if output == "frozen":
                self.build("frozen", code)
                continue
            pdf = self.path / f"build/pdf/{self.prefix}-{self.policy}-{code}.pdf"
            pdf.parent.mkdir(exist_ok=True)
            shutil.copy(self.path / f"build/frozen/{code}/{self.policy}.md", pdf)

    def publish(self) -> None:
        """Do what ``make publish`` does."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(publish, "build", self.make)
            publish.main(self.path)

    def correct(self, day: str, reason: str) -> None:
        """Do what ``make correct LANGUAGE=ja`` does on that *day*."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(publish, "build", self.make)
            correct.correct(self.path, "ja", reason, day)
