"""A build after any edits gives exactly the bytes of a build from nothing.

The edits are random: to repeat those of a failed test, set SEED to what it printed.
"""

import os
import random
import shutil
import time

import polib
import pytest

from tests.support import DATA, KNOWN_SITE, PYTHON, run

POLICY = "source/privacy-policy.md"
TERMS = "source/terms.md"
TERMS_CATALOG = "locale/ja/LC_MESSAGES/terms.po"
CATALOG = "locale/ja/LC_MESSAGES/privacy-policy.po"
THEME_CATALOG = "locale/ja/LC_MESSAGES/sphinx.po"
IMAGES = sorted(DATA.glob("*.png"))


class Edits:
    """Changes a checkout as people do; each method is an edit, by its name."""

    def __init__(self, checkout, chance):
        self.path = checkout.path
        self.chance = chance

    def any(self):
        edits = sorted(name for name in vars(Edits) if name.startswith("edit_"))
        name = self.chance.choice(edits)
        getattr(self, name)()
        return name

    def change(self, name, old, new):
        """Replace *old* in a file, or do nothing where it is not, as of any age."""
        path = self.path / name
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(old, new, 1), encoding="utf-8")
            self.age(path)

    def age(self, path):
        """Give a file that was written the time of an older one, sometimes."""
        if self.chance.random() < 0.5:
            past = time.time() - self.chance.randrange(10**7)
            os.utime(path, (past, past))

    def word(self):
        return self.chance.choice(["alpha", "beta", "gamma", "delta", "epsilon"])

    # -- English

    def edit_text(self):
        self.change(POLICY, "any time", f"any {self.word()} time")

    def edit_heading(self):
        self.change(POLICY, "## Data Retention", f"## {self.word()} Data Retention")

    def edit_first_heading(self):
        self.change(POLICY, "# IoTone Japan Pri", f"# IoTone Japan {self.word()} Pri")

    def edit_title(self):
        self.change(POLICY, "title: ", f"title: {self.word()} ")

    def edit_date(self):
        for old, new in [("28", "29"), ("29", "28")]:
            self.change(POLICY, f"updated: 2025-01-{old}", f"updated: 2025-01-{new}")

    def edit_page(self):
        """Add a page that shows the titles of another, or remove it."""
        path = self.path / TERMS
        if path.is_file():
            path.unlink()
            # A catalog goes with its document, or it is refused.
            (self.path / TERMS_CATALOG).unlink(missing_ok=True)
        else:
            path.write_text(
                f"---\ntitle: {self.word()}\nupdated: 2026-02-03\n---\n\n(terms)=\n"
                f"# {self.word()} Terms\n\nBe {self.word()}, as the "
                "[](privacy-policy.md) asks, and [](#data-retention).\n",
                encoding="utf-8",
            )
            self.age(path)

    def edit_link(self):
        self.change(TERMS, "Be ", f"Be {self.word()} ")

    def edit_image(self):
        """Add an image to a page, change it, or take it away again."""
        path = self.path / "source/image.png"
        if self.chance.random() < 0.5:
            self.change(TERMS, "Be ", "![A square](image.png)\n\nBe ")
            shutil.copyfile(self.chance.choice(IMAGES), path)
            self.age(path)
        else:
            self.change(TERMS, "![A square](image.png)\n\n", "")

    # -- Catalogs

    def change_message(self, catalog, msgid, msgstr):
        path = self.path / catalog
        if path.is_file():
            entries = polib.pofile(str(path), wrapwidth=0)
            if entry := entries.find(msgid):
                entry.msgstr = msgstr
                entries.save()
                self.age(path)

    def edit_message(self):
        self.change_message(CATALOG, "Data Collection", self.word())

    def edit_translated_heading(self):
        title = f"IoTone Japan{self.word()}"
        self.change_message(CATALOG, "IoTone Japan Privacy Policy", title)

    def edit_translated_title(self):
        self.change_message(CATALOG, "Privacy Policy", self.word())

    def edit_lost_message(self):
        self.change_message(CATALOG, "Account information:", "")

    def edit_string_of_the_theme(self):
        self.change_message(THEME_CATALOG, "Search", self.word())

    def edit_catalog(self):
        """Delete a catalog, or bring it back as it was at first."""
        path = self.path / CATALOG
        if path.is_file():
            path.unlink()
        else:
            shutil.copy2(KNOWN_SITE / CATALOG, path)

    def edit_new_catalog(self):
        if not (self.path / TERMS).is_file():
            return
        path = self.path / TERMS_CATALOG
        header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        entries = [
            f'msgid "{word} Terms"\nmsgstr "{self.word()}"\n\n'
            for word in ["alpha", "beta", "gamma", "delta", "epsilon"]
        ]
        path.write_text(header + "".join(entries), encoding="utf-8")
        self.age(path)

    def edit_language(self):
        """Add a language, or remove it."""
        folder = self.path / "locale/fr"
        block = '\ncontact["fr"] = contact["en"]\n'
        if folder.is_dir():
            shutil.rmtree(folder)
            self.change("conf.py", block, "")
        else:
            shutil.copytree(self.path / "locale/ja", folder)
            with (self.path / "conf.py").open("a", encoding="utf-8") as conf:
                conf.write(block)

    # -- Facts, looks and code

    def edit_contact(self):
        address = f"{self.word()}@example.jp"
        self.change("conf.py", '"email": "privacy@example.jp"', f'"email": "{address}"')

    def edit_company(self):
        self.change("conf.py", 'IoTone Japan Inc."', f'IoTone Japan {self.word()}"')

    def edit_style(self):
        self.change("_static/page.css", "/*", f"/* {self.word()} ")

    def edit_static_file(self):
        path = self.path / "_static" / f"{self.word()}.css"
        if path.is_file():
            path.unlink()
        else:
            path.write_text("p {}\n")
            self.age(path)

    def edit_template(self):
        self.change("_templates/head.html", "#}", f"#}}<!-- {self.word()} -->")

    def edit_latex_template(self):
        before = "\\DocumentMetadata"
        self.change("_templates/latex.tex.jinja", before, f"% {self.word()}\n{before}")

    def edit_extension(self):
        self.change(
            "policy_site/text/contact.py", '"contact",', f'"contact", "{self.word()}",'
        )

    # -- What changes nothing, and what cannot be built

    def edit_nothing(self):
        for path in [POLICY, CATALOG, "conf.py"]:
            if (self.path / path).is_file():
                os.utime(self.path / path)

    def edit_mistake(self):
        """Make a mistake, or mend it."""
        text = (self.path / POLICY).read_text(encoding="utf-8")
        mistake = "[lost](#lost)\n\n## Data Collection"
        if mistake in text:
            self.change(POLICY, mistake, "## Data Collection")
        else:
            self.change(POLICY, "## Data Collection", mistake)


class Site:
    """What is built of a checkout, again and again or from nothing."""

    def __init__(self, checkout, programs, build):
        self.checkout = checkout
        self.programs = programs
        self.build = build

    def make(self):
        """Build all; return the files of each language, None for one that failed."""
        folders = (self.checkout.path / "locale").iterdir()
        names = ["en", *sorted(path.name for path in folders)]
        outputs = [f"html-{name}" for name in names] + ["latexpdf-ja"]
        result = run(
            PYTHON,
            *("-m", "tools.build", "--build", self.build, *outputs),
            cwd=self.checkout.path,
            PATH=f"{self.programs}:{os.environ['PATH']}",
        )
        assert "Traceback" not in result.stderr, result.stderr
        failed = result.stderr.rpartition("Failed: ")[2].split(", ")
        failed = {name.strip() for name in failed} & set(outputs)
        assert bool(failed) == bool(result.returncode), result.stderr
        return {name: None if name in failed else self.files(name) for name in outputs}

    def files(self, name):
        output, _, language = name.partition("-")
        folder = self.checkout.path / self.build
        if output == "html":
            paths = (folder / "html" / language).rglob("*")
        else:
            paths = (folder / "pdf").glob(f"*-{language}.pdf")
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in paths
            if path.is_file()
        }


def differences(ours, right):
    """Return the names of the files that are not the same."""
    return sorted(
        name for name in ours.keys() | right.keys() if ours.get(name) != right.get(name)
    )


@pytest.fixture
def programs(tmp_path):
    """A folder with a latexmk whose PDF is the source, which is enough to compare."""
    latexmk = tmp_path / "bin/latexmk"
    latexmk.parent.mkdir()
    latexmk.write_text(
        '#!/bin/sh\nfor last; do :; done\ncp "$last" "${last%.tex}.pdf"\n'
    )
    latexmk.chmod(0o755)
    return latexmk.parent


def test_build_after_any_edits_is_that_from_nothing(checkout, programs):
    seed = int(os.environ.get("SEED", time.time()))
    print(f"SEED={seed}", flush=True)
    edits = Edits(checkout, random.Random(seed))
    ours, right = (Site(checkout, programs, name) for name in ["build", "nothing"])
    last = ours.make()
    for _ in range(int(os.environ.get("STEPS", 6))):
        done = [edits.any() for _ in range(edits.chance.choice([1, 1, 2, 3]))]
        print(*done, flush=True)
        shutil.rmtree(checkout.path / "nothing", ignore_errors=True)
        built, expected = ours.make(), right.make()
        for name, files in expected.items():
            if files is None:
                assert built[name] is None, name
                assert ours.files(name) == (last.get(name) or {}), name
            else:
                assert differences(built[name] or {}, files) == [], name
        last = {name: ours.files(name) for name in expected}
