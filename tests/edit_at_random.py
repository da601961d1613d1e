"""Edit a copy of the repository as its owner may, at random, so that its tests are run.

    python -m tests.edit_at_random FOLDER [SEED]

Prints the seed, which repeats the edits, and each edit. The copy is then a repository
of its own, with its catalogs up to date: facts, texts and languages have changed, and
nothing is wrong. The last commands are those that the README names after a change.
"""

import random
import re
import shutil
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import polib

from policy_site.base.settings import read_conf
from policy_site.translation import pseudo
from tests.support import ROOT, copy_repository

# What is written, in English and in Japanese. No two are the same but for a word.
SENTENCES = [
    ("Records are kept in Japan.", "記録は日本国内で保管します。"),
    ("We answer within 14 days.", "14日以内に回答します。"),
    ("You may ask us for a copy at any time.", "いつでも写しを請求できます。"),
    ("Nobody else reads your messages.", "メッセージを他の者が読むことはありません。"),
    ("Backups are erased after 90 days.", "バックアップは90日後に消去します。"),
    ("The service is free of charge.", "本サービスの利用は無料です。"),
    (
        "Where **the law** asks it, we comply.",
        "**法令**が求める場合は、これに従います。",
    ),
    ("Write to {{ contact.email }}.", "{{ contact.email }}までご連絡ください。"),
    ("This holds since {{ updated }}.", "これは{{ updated }}から有効です。"),
]
ITEMS = [
    ("Opening hours of the desk", "窓口の受付時間"),
    ("Names of the files that were sent", "送信したファイルの名称"),
    ("Time & place of each login", "ログインの日時と場所"),
    ("Results of the last 12 audits", "直近12回の監査の結果"),
]
HEADINGS = [
    ("How we work", "業務の進め方"),
    ("Complaints", "苦情の申出"),
    ("Security of our machines", "機器の安全管理"),
    ("Children", "未成年の方"),
    ("Partners and suppliers", "取引先"),
    ("Questions & answers", "よくある質問と回答"),
]
POLICIES = [
    ("terms", "Terms of Use", "利用に関する規程"),
    ("cookies", "Cookie Policy", "クッキーに関する方針"),
]
DESCRIPTION = (
    "What holds for everybody who uses the site.",
    "サイトを利用する方に適用される事項です。",
)
# Words that readers search for, and what stands in their place.
WORDS = [("GDPR", "Regulation"), ("consent", "approval"), ("同意", "承諾")]
BRANDS = [("IoToneAI", "AoiAI"), ("IoTone Japan", "Aoi Systems")]

ZIPCODES = ["100-0005", "530-0001", "060-0042"]
ADDRESSES = [
    "東京都千代田区丸の内1-2-3\u3000丸の内ビル9階",
    "大阪府大阪市北区梅田１丁目２番３号",
    "1-2-3 Marunouchi, Chiyoda-ku, Tokyo",
    "Suite #5, Smith & Sons Bldg., 4-5-6 Umeda, Kita-ku, Osaka-shi, Osaka",
]
PHONES = ["+81-3-3210-1234", "03-3210-1234", "(06) 6345 1234", "0120-444-444"]
EMAILS = [
    "privacy@iotone.jp",
    "privacy+jp@mail.iotone.co.jp",
    "data.protection.officer@legal-department.iotone-japan.co.jp",
]
COMPANIES = [
    "Aoi Systems Ltd",
    "Smith & Sons Co., Ltd.",
    "株式会社青い海",
    "A_B 100% Inc.",
]

# Of a language that is added: a term that no policy has.
GLOSSARY = "source,target\nbill of lading,connaissement\n"

# How often each edit is tried; some find nothing to do.
ROUNDS = 2


class Owner:
    """Edits the copy in *path*; each method whose name starts with edit is an edit."""

    def __init__(self, path, chance):
        self.path = path
        self.chance = chance
        # The Japanese of every message, {msgid: msgstr}.
        self.japanese = {}
        for catalog in path.glob("locale/ja/LC_MESSAGES/*.po"):
            for entry in polib.pofile(str(catalog)):
                self.japanese[entry.msgid] = entry.msgstr or entry.msgstr_plural

    def edit(self):
        """Make edits of each kind, in any order."""
        names = [name for name in dir(self) if name.startswith("edit_")] * ROUNDS
        self.chance.shuffle(names)
        for name in names:
            if self.chance.random() < 0.6:
                print(name.removeprefix("edit_"), flush=True)
                getattr(self, name)()

    def read(self, name):
        return (self.path / name).read_text(encoding="utf-8")

    def write(self, name, text):
        (self.path / name).write_text(text, encoding="utf-8")

    def new(self, pairs):
        """Return the English of a pair that stands nowhere yet, else None."""
        text = "".join(path.read_text("utf-8") for path in self.policies())
        pairs = [pair for pair in pairs if pair[0] not in text]
        if not pairs:
            return None
        english, japanese = self.chance.choice(pairs)
        self.japanese[english] = japanese
        return english

    # -- Facts

    def set_fact(self, name, value):
        """Give a name in conf.py another value."""
        pattern = re.compile(rf"^{name} = (\{{\n(.*\n)*?\}}|.*)$", re.MULTILINE)
        new = f"{name} = {value!r}"
        text, count = pattern.subn(lambda _: new, self.read("conf.py"))
        assert count == 1, f"conf.py: {name}"
        self.write("conf.py", text)

    def edit_contact(self):
        choose = self.chance.choice
        contact = read_conf(self.path)["contact"]
        for language in contact:
            contact[language] |= {
                "zipcode": choose(ZIPCODES),
                "shortaddress": choose(ADDRESSES),
                "phone": choose(PHONES),
                "email": choose(EMAILS),
            }
        self.set_fact("contact", contact)

    def edit_company(self):
        company = read_conf(self.path)["company"]
        language = self.chance.choice(sorted(company))
        self.set_fact("company", company | {language: self.chance.choice(COMPANIES)})

    def edit_form_of_dates(self):
        form = self.chance.choice(["short", "medium", "long"])
        self.set_fact("date_format", {"en": form})

    def edit_address_of_the_site(self):
        address = self.chance.choice(["", "https://aoi.example/legal/"])
        self.set_fact("site_url", address)

    def edit_names_of_pdfs(self):
        self.set_fact("pdf_prefix", "aoi")

    def edit_brands(self):
        """Give company and products other names, everywhere."""
        self.replace_everywhere(BRANDS)

    def edit_words(self):
        """Let words that readers searched for be gone."""
        self.replace_everywhere(WORDS)

    def replace_everywhere(self, words):
        def replaced(text):
            for old, new in words:
                # Not in anchors, which stay.
                text = re.sub(rf"{re.escape(old)}(?![-\w]*\)=)", new, text)
            return text

        files = ["source/*.md", "locale/*/glossary.csv", "locale/*/*/*.po", "conf.py"]
        for path in [found for form in files for found in self.path.glob(form)]:
            path.write_text(replaced(path.read_text("utf-8")), encoding="utf-8")
        for msgid, msgstr in list(self.japanese.items()):
            if isinstance(msgstr, str):
                self.japanese[replaced(msgid)] = replaced(msgstr)

    # -- Texts

    def policies(self):
        paths = sorted(self.path.glob("source/*.md"))
        return [path for path in paths if path.stem != "index"]

    def change(self, pattern, edit):
        """Replace a match of *pattern* in a policy by what *edit* makes of it, if any."""
        path = self.chance.choice(self.policies())
        front, rule, body = path.read_text("utf-8").partition("\n---\n")
        matches = list(re.finditer(pattern, body, re.M))
        if matches:
            match = self.chance.choice(matches)
            new = edit(match)
            if new is not None:
                body = body[: match.start()] + new + body[match.end() :]
                path.write_text(front + rule + body, encoding="utf-8")

    # A paragraph, an item without items below it, a heading below the first with its
    # anchor, and a whole section.
    PARAGRAPH = r"(?<=\n\n)[A-Z][^\n:]+(?=\n\n|\n\Z)"
    ITEM = r"^ *- [^\n:]+\n(?! )"
    HEADING = r"(?:^\([a-z0-9-]+\)=\n)+##+ "
    SECTION = HEADING + r"[^\n]+\n(?:(?!\([a-z0-9-]+\)=\n)[^\n]*\n)*"

    def edit_date(self):
        path = self.chance.choice(self.policies())
        day = date(2020, 1, 1) + timedelta(days=self.chance.randrange(3650))
        text = re.sub(r"(?m)^updated: .*$", f"updated: {day}", path.read_text("utf-8"))
        path.write_text(text, encoding="utf-8")

    def edit_sentence_added(self):
        def longer(match):
            new = self.new(SENTENCES)
            if new is None or match[0] not in self.japanese:
                return None
            self.japanese[f"{match[0]} {new}"] = (
                self.japanese[match[0]] + self.japanese[new]
            )
            return f"{match[0]} {new}"

        self.change(self.PARAGRAPH, longer)

    def edit_paragraph_changed(self):
        self.change(self.PARAGRAPH, lambda match: self.new(SENTENCES))

    def edit_paragraph_added(self):
        def two(match):
            new = self.new(SENTENCES)
            return new and f"{match[0]}\n\n{new}"

        self.change(self.PARAGRAPH, two)

    def edit_paragraph_removed(self):
        self.change(self.PARAGRAPH + r"\n\n", lambda match: "")

    def edit_item_added(self):
        def two(match):
            new = self.new(ITEMS)
            mark = match[0].partition("- ")[0]
            return new and f"{match[0]}{mark}- {new}\n"

        self.change(self.ITEM, two)

    def edit_item_removed(self):
        self.change(r"(?<=\n)" + self.ITEM + r"(?=- )", lambda match: "")

    def edit_section_added(self):
        def two(match):
            heading, text = self.new(HEADINGS), self.new(SENTENCES)
            if not (heading and text):
                return None
            anchor = re.sub(r"[^a-z]+", "-", heading.lower())
            return f"({anchor}-new)=\n## {heading}\n\n{text}\n\n{match[0]}"

        self.change(self.HEADING, two)

    def edit_section_removed(self):
        self.change(self.SECTION, lambda match: "")

    def edit_heading_renamed(self):
        def renamed(match):
            new = self.new(HEADINGS)
            return new and match[1] + new

        self.change(rf"({self.HEADING})[^\n]+", renamed)

    def edit_anchor_renamed(self):
        """The old name stays above the new one, so that old links arrive."""
        self.change(
            r"^\(([a-z0-9-]+)\)=\n(?=##)",
            lambda match: f"{match[0]}({match[1]}-renamed)=\n",
        )

    def edit_line_of_the_address_added(self):
        self.japanese["Attn: Privacy Team"] = "プライバシー担当宛"
        self.change(r"^TEL: ", lambda match: f"Attn: Privacy Team\n{match[0]}")

    def edit_line_of_the_address_removed(self):
        self.change(r"^TEL: .*\n", lambda match: "")

    def edit_address_in_two_lines(self):
        for line in ["〒{{ contact.zipcode }}", "{{ contact.shortaddress }}"]:
            self.japanese[line] = line
        self.change(r"(?<=〒\{\{ contact\.zipcode \}\}) (?=\{\{)", lambda match: "\n")

    # -- Policies and languages

    def edit_policy_added(self):
        name, title, japanese = self.chance.choice(POLICIES)
        path = self.path / f"source/{name}.md"
        if path.exists():
            return
        paragraphs = [self.new(SENTENCES), self.new(SENTENCES)]
        heading = self.new(HEADINGS)
        if None in paragraphs or heading is None:
            return
        self.japanese |= {title: japanese, DESCRIPTION[0]: DESCRIPTION[1]}
        path.write_text(
            f"---\ntitle: {title}\ndescription: {DESCRIPTION[0]}\nupdated: 2026-01-31\n"
            f"---\n\n({name})=\n# {title}\n\n{paragraphs[0]}\n\n"
            f"({name}-more)=\n## {heading}\n\n{paragraphs[1]}\n",
            encoding="utf-8",
        )

    def edit_policy_withdrawn(self):
        if len(self.policies()) > 1:
            path = self.chance.choice(self.policies())
            path.unlink()
            for catalog in self.path.glob(f"locale/*/LC_MESSAGES/{path.stem}.po"):
                catalog.unlink()

    def edit_latin_language_added(self):
        self.add_language("fr")

    def edit_other_language_added(self):
        """As `make latexpdf-zh_CN` asks for, it takes the fonts of the Japanese."""
        if self.add_language("zh_CN"):
            conf = self.read("conf.py")
            for setting in ["latex_elements", "latex_docclass"]:
                value = f'localized["{setting}"]'
                conf += f'\n{value}["zh_CN"] = {value}["ja"]\n'
            self.write("conf.py", conf)

    def add_language(self, language):
        if (self.path / "locale" / language).exists():
            return False
        make(self.path, "add-language", f"LANGUAGE={language}")
        contact = read_conf(self.path)["contact"]
        self.set_fact("contact", contact | {language: contact["en"]})
        self.write(f"locale/{language}/glossary.csv", GLOSSARY)
        return True

    def edit_language_withdrawn(self):
        folders = sorted((self.path / "locale").iterdir())
        if len(folders) > 1:
            shutil.rmtree(self.chance.choice(folders))

    # -- What comes after every change

    def translate(self):
        """Bring the catalogs up to date, and translate what they lack."""
        make(self.path, "update-po")
        brands = read_conf(self.path)["brands"]
        for path in self.path.glob("locale/*/LC_MESSAGES/*.po"):
            entries = polib.pofile(str(path), wrapwidth=0)
            for entry in entries:
                if not entry.translated():
                    self.translate_message(entry, path.parts[-3], brands)
            entries.save()

    def translate_message(self, entry, language, brands):
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        entry.previous_msgid = entry.previous_msgctxt = None
        if language == "fr":
            pseudo.translate([entry], brands)
        elif isinstance(msgstr := self.japanese[entry.msgid], str):
            entry.msgstr = msgstr
        else:
            entry.msgstr_plural = msgstr


def make(path, *targets):
    subprocess.run(["make", "--silent", *targets], cwd=path, check=True)


def main():
    path = Path(sys.argv[1]).resolve()
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    print(f"SEED={seed}", flush=True)
    shutil.rmtree(path, ignore_errors=True)
    copy_repository(path)
    # What is set up is shared.
    for name in [".venv", "tools/pages/node_modules", "tools/textlint/node_modules"]:
        if (ROOT / name).is_dir():
            (path / name).symlink_to(ROOT / name)
    owner = Owner(path, random.Random(seed))
    owner.edit()
    owner.translate()
    for command in [
        ["git", "init", "--quiet"],
        ["git", "add", "--all"],
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.jp", "commit"]
        + ["--quiet", "-m", "Edit everything"],
    ]:
        subprocess.run(command, cwd=path, check=True)
    make(path, "check", "html", "latexpdf")


if __name__ == "__main__":
    main()
