"""A policy through its life: published, changed, corrected, and published again."""

import shutil
import tarfile

import pypdfium2
import pytest

from tests.publisher import use_real_facts, write_catalog
from tests.support import ROOT, Checkout, run

ENGLISH = "source/terms.md"
JAPANESE = "locale/ja/LC_MESSAGES/terms.po"
# A policy of the test's own: that of the owner may change.
SOURCE = """\
---
title: Terms of Use
description: What holds between us and you.
updated: 2026-02-03
---

(terms)=
# Our Terms of Use

(use)=
## Use

You may use the service from the age of 18. Do not sell it.

- One account for each person
- One password for each account

(data)=
## Data

We keep personal data for 30 days after the contract ends.

(questions)=
## Questions

Write to {{ contact.email }}.
"""
TRANSLATION = {
    "Terms of Use": "利用規約",
    "What holds between us and you.": "当社とお客様との間の約束ごとです。",
    "Our Terms of Use": "当社の利用規約",
    "Use": "ご利用",
    "You may use the service from the age of 18. Do not sell it.": (
        "本サービスは、18歳以上の方がご利用いただけます。転売はできません。"
    ),
    "One account for each person": "アカウントは、お一人につき一つとします。",
    "One password for each account": "パスワードは、アカウントごとに一つとします。",
    "Data": "データ",
    "We keep personal data for 30 days after the contract ends.": (
        "当社は、契約の終了後30日間、個人データを保存します。"
    ),
    "Questions": "お問い合わせ",
    "Write to {{ contact.email }}.": "{{ contact.email }}までお寄せください。",
}
# What the second version says instead, and besides.
SECOND = {
    "You may use the service from the age of 20. Do not sell it.": (
        "本サービスは、20歳以上の方がご利用いただけます。転売はできません。"
    ),
    "We keep personal data, encrypted, for 90 days after the contract ends.": (
        "当社は、契約の終了後90日間、暗号化した上で、個人データを保存します。"
    ),
    "One address for each account": "メールアドレスは、アカウントごとに一つとします。",
    "Raises the age to 20 and keeps data for 90 days.": (
        "対象年齢を20歳に引き上げ、保存期間を90日に改めました。"
    ),
}
SECOND_JA = "対象年齢を20歳に引き上げ、保存期間を90日に改めました。"
THIRD = {
    "No fee is charged.": "手数料はいただきません。",
    "Says that there is no fee.": "手数料がないことを明らかにしました。",
}


class Owner(Checkout):
    """A copy of the repository, with a real-looking contact block."""

    def __init__(self, path):
        super().__init__(path)
        shutil.rmtree(path / "archive", ignore_errors=True)
        use_real_facts(path)
        for policy in (path / "source").glob("*.md"):
            if policy.stem != "index":
                policy.unlink()
                (path / "locale/ja/LC_MESSAGES" / f"{policy.stem}.po").unlink()
        self.write(ENGLISH, SOURCE)
        self.translate(TRANSLATION)

    def translate(self, translation):
        write_catalog(self.path / JAPANESE, translation)

    def second(self):
        self.edit(
            ENGLISH,
            "updated: 2026-02-03",
            "updated: 2026-04-01\neffective: 2026-05-01\nmaterial: true\n"
            "summary: Raises the age to 20 and keeps data for 90 days.",
        )
        self.edit(ENGLISH, "age of 18", "age of 20")
        self.edit(ENGLISH, "data for 30", "data, encrypted, for 90")
        self.edit(
            ENGLISH, "- One password", "- One address for each account\n- One password"
        )
        text = (self.path / ENGLISH).read_text()
        data = text[text.index("(data)=") : text.index("(questions)=")]
        # A section moves.
        self.write(ENGLISH, text.replace(data, "") + "\n" + data)
        self.translate(TRANSLATION | SECOND)

    def third(self):
        self.edit(ENGLISH, "2026-04-01\neffective: 2026-05-01", "2026-08-01")
        self.edit(ENGLISH, "material: true\n", "")
        self.edit(
            ENGLISH,
            "Raises the age to 20 and keeps data for 90 days.",
            "Says that there is no fee.",
        )
        self.edit(ENGLISH, "Do not sell it.", "Do not sell it.\n\nNo fee is charged.")
        self.translate(TRANSLATION | SECOND | CORRECTED | THIRD)


CORRECTED = {"Questions": "ご質問"}


def succeed(result):
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def owner(tmp_path_factory):
    """The repository after two versions, a correction, and a third version."""
    owner = Owner(tmp_path_factory.mktemp("owner") / "checkout")
    owner.said = [succeed(owner.make("publish"))]
    owner.second()
    owner.said.append(succeed(owner.make("publish")))
    owner.pages = owner.path / "second"
    succeed(owner.make("html", "latexpdf"))
    shutil.copytree(owner.path / "build/html", owner.pages)
    owner.translate(TRANSLATION | SECOND | CORRECTED)
    reason = 'REASON=An it\'s "title" $(HOME) was wrong.'
    owner.said.append(succeed(owner.make("correct", "LANGUAGE=ja", reason)))
    owner.third()
    owner.said.append(succeed(owner.make("publish")))
    succeed(owner.make("html", READTHEDOCS_VERSION_TYPE="branch"))
    return owner


def test_each_step_says_what_changed_and_what_to_commit(owner):
    first, second, correction, third = owner.said
    assert "git add archive/terms/2026-02-03 source locale" in first
    assert "ja: changed under #use: 本サービスは、[-18-]{+20+}歳以上の方" in second
    assert "en: moved under #questions: Questions" in second
    assert "data{+, encrypted,+} for [-30-]{+90+} days" in second
    assert "ja: changed under #questions: [-お問い合わせ-]{+ご質問+}" in correction
    assert "en: added under #use: {+No fee is charged.+}" in third
    assert "ご質問" not in third


def test_the_archive_is_sealed_from_end_to_end(owner):
    folders = sorted((owner.path / "archive/terms").iterdir())
    assert [folder.name for folder in folders] == [
        "2026-02-03",
        "2026-04-01",
        "2026-08-01",
    ]
    for folder in folders:
        for seal in folder.glob("*SHA256SUMS"):
            succeed(run("sha256sum", "--check", "--strict", seal.name, cwd=folder))
    corrected = next(folders[1].glob("ja.corrected-*.md")).read_text(encoding="utf-8")
    assert 'reason: An it\'s "title" $(HOME) was wrong.' not in corrected
    assert "reason: An it's" in corrected
    assert corrected.count("ご質問") == 1


def test_every_version_has_its_pdf_and_the_correction_its_own(owner):
    archive = owner.path / "archive/terms"
    pages = owner.path / "build/html/ja/terms"
    for day in ("2026-02-03", "2026-08-01"):
        assert (pages / f"{day}.pdf").read_bytes() == (
            archive / day / "ja.pdf"
        ).read_bytes()
    corrected = next((archive / "2026-04-01").glob("ja.corrected-*.pdf"))
    assert (pages / "2026-04-01.pdf").read_bytes() == corrected.read_bytes()


def test_what_was_published_builds_to_the_same_bytes_without_history(owner, tmp_path):
    """In a shallow clone, and in a tarball, as in the repository."""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@iotone.jp"]
    succeed(run("git", "init", "--quiet", cwd=owner.path))
    succeed(run("git", "add", "archive", *TRACKED, cwd=owner.path))
    succeed(run(*git, "commit", "--quiet", "-m", "Publish", cwd=owner.path))
    shallow, unpacked = tmp_path / "shallow", tmp_path / "unpacked"
    address = f"file://{owner.path}"
    succeed(run("git", "clone", "--quiet", "--depth=1", address, str(shallow)))
    succeed(
        run("git", "archive", "--output", str(tmp_path / "a.tar"), "HEAD", cwd=shallow)
    )
    with tarfile.open(tmp_path / "a.tar") as tar:
        tar.extractall(unpacked, filter="data")
    built = []
    for path in (shallow, unpacked):
        # Not with make, to which the locks here are newer than .venv.
        build = [ROOT / ".venv/bin/python", "-m", "tools.build", "html"]
        succeed(run(*build, cwd=path, SOURCE_DATE_EPOCH="0"))
        built.append(
            {
                str(file.relative_to(path)): file.read_bytes()
                for file in (path / "build/html").rglob("terms/*")
            }
        )
    assert built[0] == built[1] and len(built[0]) > 20


TRACKED = [
    *("conf.py", "Makefile", "requirements.txt", "locale", "source", "tools"),
    *("policy_site", "_static", "_templates", "latex"),
]


def test_a_change_of_the_archive_is_refused_against_the_base_branch(owner, tmp_path):
    path = tmp_path / "clone"
    (path / "archive/terms/2026-02-03").mkdir(parents=True)
    published = path / "archive/terms/2026-02-03/en.md"
    published.write_text("Published.\n")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@iotone.jp", "-C", str(path)]
    succeed(run("git", "init", "--quiet", str(path)))

    def commit():
        succeed(run(*git, "add", "--all"))
        succeed(run(*git, "commit", "--quiet", "-m", "one"))
        return run(*git, "rev-parse", "HEAD").stdout.strip()

    def keep(base):
        return run(ROOT / "tools/keep_archive.sh", base, cwd=path)

    base = commit()
    (published.parent / "ja.corrected-2026-03-01.md").write_text("New.\n")
    commit()
    succeed(keep(base))
    succeed(keep("0" * 40))
    published.write_text("Edited.\n")
    commit()
    assert "M\tarchive/terms/2026-02-03/en.md" in keep(base).stderr
    published.unlink()
    commit()
    assert keep(base).returncode == 1


# -- Refused, with nothing written -------------------------------------------------


def archived(owner):
    return sorted(str(path) for path in (owner.path / "archive").rglob("*"))


@pytest.mark.parametrize(
    ("file", "old", "new", "why"),
    [
        ("conf.py", '"100-0001"', '"000-0000"', "is a sample: 000-0000"),
        (ENGLISH, "summary: Raises the age to 20 and keeps data for 90 days.\n", "",
         "summary"),
        (ENGLISH, "2026-04-01", "2026-02-03", "is not after 2026-02-03"),
        (ENGLISH, "effective: 2026-05", "effective: 2026-03", "is before 'updated"),
        (ENGLISH, "(use)=\n", "", "the heading 'Use' needs a name above it"),
        # A translation is missing.
        (JAPANESE, SECOND_JA, "", "not completely translated"),
    ],
)  # fmt: skip
def test_a_version_that_is_not_right_is_refused(tmp_path, owner, file, old, new, why):
    copy = Owner(tmp_path / "checkout")
    first = owner.path / "archive/terms/2026-02-03"
    shutil.copytree(first, copy.path / "archive/terms/2026-02-03")
    copy.second()
    before = archived(copy)
    text = (copy.path / file).read_text(encoding="utf-8")
    assert old in text
    (copy.path / file).write_text(text.replace(old, new), encoding="utf-8")
    result = copy.make("publish")
    assert result.returncode != 0
    assert why in result.stdout + result.stderr
    assert archived(copy) == before


def test_a_correction_of_the_english_or_without_a_reason_is_refused(owner):
    for arguments in ([], ["LANGUAGE=en", "REASON=a"], ["LANGUAGE=ja"]):
        result = owner.make("correct", *arguments)
        assert result.returncode != 0
        assert 'make correct LANGUAGE=ja REASON="…"' in result.stderr


def test_every_page_of_versions_is_valid_html(owner, nu):
    pages = sorted((owner.path / "build/html").rglob("terms/*.html"))
    assert len(pages) >= 18
    assert nu(*pages, *sorted(owner.pages.glob("*/*.html"))) == []


# -- In the browser ----------------------------------------------------------------

PAGES = ["terms/2026-02-03", "terms/2026-04-01-changes", "terms/2026-04-01-old-new",
         "terms/versions"]  # fmt: skip


@pytest.fixture
def open_page(owner, browser):
    opened = []

    def open_page(language, name, now="2026-04-10", **options):
        page = browser.new_page(**options)
        page.clock.install(time=now)
        page.goto((owner.pages / language / f"{name}.html").as_uri())
        opened.append(page)
        return page

    yield open_page
    for page in opened:
        page.close()


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(
    open_page, axe, language, name, width
):
    viewport = {"width": width, "height": 800}
    page = open_page(language, name, viewport=viewport, bypass_csp=True)
    page.add_script_tag(path=axe)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        rules = page.evaluate("axe.run()")["violations"]
        found = [(rule["id"], node["html"]) for rule in rules for node in rule["nodes"]]
        assert found == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize(
    ("now", "shown"), [("2026-04-10", 2), ("2026-05-02", 1), ("2026-06-01", 0)]
)
def test_notices_go_when_their_day_has_come(open_page, now, shown):
    page = open_page("ja", "terms", now=now)
    assert page.locator("[data-until]").count() == shown
    assert page.locator(".announcement").is_visible() == (now < "2026-05-31")


def test_without_scripts_the_notice_stays(open_page):
    page = open_page("en", "index", now="2030-01-01", java_script_enabled=False)
    assert page.locator(".announcement").is_visible()


def test_the_switch_keeps_the_change_that_is_read(open_page):
    """Below the header of a phone, which stands under the notice at first."""
    viewport = {"width": 390, "height": 400}
    page = open_page("en", "terms/2026-04-01-old-new", viewport=viewport)
    change = page.locator("#change-4")
    change.evaluate(
        "it => scrollBy({top: it.getBoundingClientRect().top - 50, behavior: 'instant'})"
    )
    page.locator(".languages a[hreflang=ja]:visible").click()
    page.wait_for_url(lambda url: "/ja/" in url and "@" not in url)
    assert 0 < change.bounding_box()["y"] < 150


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_two_columns_are_one_landscape_paper(open_page, language, tmp_path):
    page = open_page(language, "terms/2026-04-01-old-new")
    path = tmp_path / "paper.pdf"
    page.pdf(path=path, prefer_css_page_size=True)
    [sheet] = pypdfium2.PdfDocument(path)
    width, height = sheet.get_size()
    assert round(width) == 842 and width > height


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_redline_is_seen_without_colour(open_page, language):
    """It makes the pictures of the README, too: build/changes-en.png, -ja.png."""
    # So high that nothing scrolls: a button would appear.
    viewport = {"width": 1000, "height": 1200}
    page = open_page(language, "terms/2026-04-01-changes", viewport=viewport)

    def line(selector):
        script = "node => getComputedStyle(node).textDecorationLine"
        return page.locator(f".redline {selector}").first.evaluate(script)

    assert (line("ins"), line("del")) == ("underline", "line-through")
    box = page.locator("article").bounding_box()
    # With the bars beside what changed.
    clip = {**box, "x": box["x"] - 20, "width": box["width"] + 20}
    page.screenshot(path=ROOT / f"build/changes-{language}.png", clip=clip)
