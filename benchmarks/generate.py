"""Make a site of many policies in many languages, to build it and measure.

    python -m benchmarks.generate FOLDER --pages 100 --languages 2 [--nested]

FOLDER/ours is this repository with numbered copies of the privacy policy that was first
taken over, so that what its owner writes does not change the figures. Each message
of a copy ends in its number, in letters, so that no two pages share a text. The
catalogs are complete: Japanese as it is here, further languages as
policy_site/translation/pseudo.py writes them.
FOLDER/stock is the same site for Sphinx, MyST and Furo, with nothing of ours.
"""

import argparse
import re
import shutil
from pathlib import Path

import polib

from policy_site.base.languages import plural_forms
from policy_site.base.settings import read_conf
from policy_site.translation import pseudo
from tests.support import KNOWN_SITE, copy_repository, use_known_site

# What follows English and Japanese is in Latin letters, as the pseudo-translation.
LANGUAGES = ["en", "ja", "de", "fr", "es", "it", "nl", "pt", "sv", "da", "fi", "hu"]
STOCK_CONF = """\
extensions = ["myst_parser"]
html_theme = "furo"
project = "IoTone Japan policies"
locale_dirs = ["../locale"]
gettext_compact = False
smartquotes = False
"""
# What is added to our conf.py: a contact block for each language.
OUR_CONF = """
for _language in languages:
    contact.setdefault(_language, contact["en"])
"""
# In a nested site, each page has this many pages under it.
WIDTH = 10


def toctree(names: list[str]) -> str:
    return "\n```{toctree}\n:hidden:\n\n" + "\n".join(names) + "\n```\n"


def ending(number: int) -> str:
    """Return *number* in letters, as in most texts there are no figures."""
    return "no-" + str(number).translate(str.maketrans("0123456789", "abcdefghij"))


def policy(text: str, number: int) -> str:
    """Return copy *number* of the policy *text*: labels and messages of its own."""
    end = ending(number)
    text = re.sub(r"^\(([\w-]+)\)=$", rf"(\1-{number})=", text, flags=re.M)
    front, body = text.split("\n---\n", 1)
    front = re.sub(r"^(title|description): .*", rf"\g<0> {end}", front, flags=re.M)
    # A label or a directive is no message.
    body = re.sub(r"^(?!\(|```).+$", rf"\g<0> {end}", body, flags=re.M)
    return f"{front}\n---\n{body}"


def catalog(path: Path, number: int, language: str, brands: list[str]) -> str:
    """Return the catalog of copy *number*, from the Japanese one at *path*."""
    end = ending(number)
    entries = polib.pofile(str(path), wrapwidth=0)
    for entry in entries:
        entry.msgid += f" {end}"
        entry.msgstr += f" {end}"
    return translated(entries, language, brands)


def translated(entries: polib.POFile, language: str, brands: list[str]) -> str:
    if language != "ja":
        entries.metadata["Plural-Forms"] = plural_forms(language)
        pseudo.translate(entries, brands)
    return str(entries)


def generate(folder: Path, pages: int, languages: int, nested: bool = False) -> None:
    """Make FOLDER/ours and FOLDER/stock; a page is a policy."""
    ours, stock = folder / "ours", folder / "stock"
    copy_repository(ours)
    use_known_site(ours)
    brands = read_conf(ours)["brands"]
    with (ours / "conf.py").open("a") as conf:
        conf.write(OUR_CONF)
    (ours / "source/privacy-policy.md").unlink()
    text = (KNOWN_SITE / "source/privacy-policy.md").read_text(encoding="utf-8")
    names = [f"policy-{number}" for number in range(1, pages + 1)]
    for number, name in enumerate(names, start=1):
        page = policy(text, number)
        if nested and (below := names[number * WIDTH : (number + 1) * WIDTH]):
            page += toctree(below)
        (ours / f"source/{name}.md").write_text(page, encoding="utf-8")
    index = (ours / "source/index.md").read_text(encoding="utf-8")
    index = index.split("\n```{toctree}")[0] + toctree(
        names[: WIDTH if nested else None]
    )
    (ours / "source/index.md").write_text(index, encoding="utf-8")

    japanese = KNOWN_SITE / "locale/ja/LC_MESSAGES"
    shutil.rmtree(ours / "locale")
    for language in LANGUAGES[1:languages]:
        target = ours / f"locale/{language}/LC_MESSAGES"
        target.mkdir(parents=True)
        for name in ("index", "sphinx"):
            entries = polib.pofile(str(japanese / f"{name}.po"), wrapwidth=0)
            (target / f"{name}.po").write_text(translated(entries, language, brands))
        for number, name in enumerate(names, start=1):
            (target / f"{name}.po").write_text(
                catalog(japanese / "privacy-policy.po", number, language, brands)
            )
    if languages > 1:
        shutil.copy2(japanese.parent / "glossary.csv", ours / "locale/ja")

    shutil.copytree(ours / "source", stock / "source")
    shutil.copytree(ours / "locale", stock / "locale")
    (stock / "source/conf.py").write_text(STOCK_CONF)
    index = re.sub(r"```\{policies\}.*?```", "", index, flags=re.S)
    (stock / "source/index.md").write_text(index, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--languages", type=int, default=2)
    parser.add_argument("--nested", action="store_true")
    args = parser.parse_args()
    generate(args.folder, args.pages, args.languages, args.nested)


if __name__ == "__main__":
    main()
