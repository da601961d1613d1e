"""Published versions: frozen from the sources, kept, compared and shown."""

import gzip
import re
import shutil
from itertools import count, product
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

import policy_site
from policy_site.base.errors import UserError
from policy_site.versions import comparison, frozen, markup, seal
from tests.publisher import SITE, Publisher, use_real_facts, write_catalog
from tests.support import KNOWN_SITE, ROOT, use_known_site

CONF = f"""
extensions = ["myst_parser", "policy_site"]
myst_enable_extensions = ["deflist"]
html_theme = "furo"
templates_path = [{str(ROOT / "_templates")!r}]
contact = {{language: {{
    "zipcode": "100-0001", "shortaddress": "1-1 Chiyoda", "phone": "03-3213-1111",
    "email": "info@iotone.jp",
}} for language in ("en", "ja")}}
phone_region = "JP"
pdf_prefix = "policy"
languages = ["en", "ja"]
locale_dirs = ["locale"]
gettext_compact = False
site_url = "https://policies.example.net/"
localized = {{"html_baseurl": {{
    language: f"{{site_url}}{{language}}/" for language in languages
}}}}
"""
FIRST = """---
title: Terms
updated: 2026-02-03
---

(terms)=
# Terms of Use

You may use the service from the age of 18.

(data)=
## Data

We keep it for 30 days. Ask us for a copy.

(contact)=
## Contact

Write to {{ contact.email }}.
"""
JAPANESE = {
    "Terms": "利用規約",
    "Terms of Use": "利用規約",
    "You may use the service from the age of 18.": "18歳以上の方がご利用になれます。",
    "You may use the service from the age of 20.": "20歳以上の方がご利用になれます。",
    "Data": "データ",
    "We keep it for 30 days. Ask us for a copy.": "30日間保存します。写しも送ります。",
    "Contact": "お問い合わせ",
    "Write to {{ contact.email }}.": "{{ contact.email }}宛てにお送りください。",
    "Policies": "ポリシー",
    "Raises the age.": "年齢を引き上げました。",
    "Cookies": "Cookie",
    "We use cookies.": "Cookieを使用します。",
}  # fmt: skip
LANGUAGES = ["en", "ja"]


class Project(Publisher):
    """A policy in two languages, in a folder of its own."""

    def __init__(self, path):
        super().__init__(path, "terms", "policy")
        (path / "conf.py").write_text(CONF)
        (path / "source").mkdir()
        index = "# Policies\n\n```{toctree}\nterms\n```\n"
        (path / "source/index.md").write_text(index)
        self.source.write_text(FIRST)
        catalogs = path / "locale/ja/LC_MESSAGES"
        catalogs.mkdir(parents=True)
        shutil.copy(KNOWN_SITE / "locale/ja/LC_MESSAGES/sphinx.po", catalogs)
        (catalogs.parent / "glossary.csv").write_text("English,Japanese\ncopy,写し\n")
        self.translate(JAPANESE)

    def translate(self, translations):
        for name in ("terms", "index"):
            path = self.path / f"locale/ja/LC_MESSAGES/{name}.po"
            write_catalog(path, translations)


def second_version(project, *more):
    project.edit(
        ("updated: 2026-02-03", "updated: 2026-04-01\neffective: 2026-05-01\n"
         "material: true\nsummary: Raises the age."),
        ("age of 18", "age of 20"),
        *more,
    )  # fmt: skip


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The pages of a policy that was published twice, then corrected."""
    project = Project(tmp_path_factory.mktemp("site"))
    project.publish()
    second_version(
        project,
        ("(contact)=", "(cookies)=\n## Cookies\n\nWe use cookies.\n\n(contact)="),
    )
    project.publish()
    project.translate({**JAPANESE, "Cookies": "クッキー"})
    project.correct("2026-06-01", "用語の誤りを改めました。")
    for language in LANGUAGES:
        project.build("html", language, release_build=True)
    return project


def page(site, language, name):
    path = site.path / "build/html" / language / f"{name}.html"
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html5lib")


# -- Freezing ----------------------------------------------------------------------

CONSTRUCTS = """\
Some *emphasis*, **strong** words, `code`, a [link](https://example.net/a_b), one to
[data](#data), [](#data), [](index.md) and ![a picture](x.png), a note.[^a]

<!-- Nobody reads this. -->

Nor<!-- this -->.

1. one
2. two

   more of it
   - nested

> Quoted.

Term
: Definition.

| a | b |
| --- | --- |
| 1 | *2* |

```{note}
Read it.
```

```{admonition} Our title
Inside.
```

```{line-block}
〒{{ contact.zipcode }}
{{ contact.email }}
```

```http
code  {{ x }}
```

[^a]: The note.
"""
FROZEN = """\
Some _emphasis_, **strong** words, `code`, a [link](https://example.net/a_b), one to \
[data](#data), [Data](#data), [Policies](index.html) and \
![a picture](x-{digest}.png), a note.[^1]

Nor.

1. one
2. two

   more of it
   - nested

> Quoted.

Term
: Definition.

| a | b |
| --- | --- |
| 1 | _2_ |

> [!NOTE]
> Read it.

> [!ADMONITION]
> **Our title**
>
> Inside.

〒100-0001\\
[info@iotone.jp](mailto:info@iotone.jp)

```
code  {{ x }}
```
"""


def test_every_construct_is_frozen_as_a_lawyer_reads_it(project):
    image = Path(
        shutil.copy(ROOT / "_static/favicon.png", project.path / "source/x.png")
    )
    project.edit(("Ask us for a copy.\n", f"Ask us for a copy.\n\n{CONSTRUCTS}"))
    written = (project.build("frozen", "en") / "terms.md").read_text()
    assert FROZEN.replace("{digest}", seal.digest(image)[:12]) in written
    assert written.endswith("\n[^1]: The note.\n")
    assert frozen.write(frozen.read(written)) == written


def test_values_are_frozen_in_place_of_placeholders(project):
    assert project.text("ja").blocks[-1].text == "info@iotone.jp宛てにお送りください。"


def test_a_heading_without_a_name_is_refused_with_its_line(project):
    project.edit(("(data)=\n", ""))
    with pytest.raises(UserError, match="the heading 'Data' needs a name") as refused:
        project.text("en")
    assert re.search(r"terms\.md:\d+: ", str(refused.value))


def test_a_heading_whose_name_changed_is_compared_with_itself(project):
    before = project.text("en")
    project.edit(
        ("(data)=\n", "(data)=\n(records)=\n"),
        ("We keep it for 30 days.", "We [keep](#records) it for 30 days."),
    )
    after = project.text("en")
    rows = comparison.compare(before.blocks, after.blocks)
    assert [row.how for row in rows].count("changed") == 1
    assert {row.how for row in rows} == {"same", "changed"}
    assert "We [keep](#data) it" in frozen.write(after)


@pytest.mark.parametrize(
    "cell",
    [
        "one\n\n    two",
        "- one\n    - two",
        "> quoted",
        "```{line-block}\n    one\n    two\n    ```",
        "```{image} x.png\n    :alt: a picture\n    ```",
    ],
)
def test_a_cell_that_is_more_than_a_paragraph_is_refused_with_its_line(project, cell):
    shutil.copy(ROOT / "_static/favicon.png", project.path / "source/x.png")
    table = f"````{{list-table}}\n* - a\n  - b\n* - c\n  - {cell}\n````"
    project.edit(("Ask us for a copy.\n", f"Ask us for a copy.\n\n{table}\n"))
    with pytest.raises(UserError, match="give the others rows of their own") as refused:
        project.text("en")
    line = int(re.search(r"terms\.md:(\d+): ", str(refused.value))[1])
    first = project.source.read_text().split("\n").index("  - b") + 3
    assert first <= line <= first + cell.count("\n")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (
            "effective: 2026-01-01",
            "'effective: 2026-01-01' is before 'updated: 2026-02-03'",
        ),
        ("effective: soon", "a line such as .?effective: 2025-03-01"),
        ("material: perhaps", "a line such as .?material: true"),
    ],
)
def test_bad_front_matter_is_refused(project, line, why):
    project.edit(("updated: 2026-02-03", f"updated: 2026-02-03\n{line}"))
    with pytest.raises(UserError, match=why):
        project.text("en")


# -- Nothing changes in silence ----------------------------------------------------


def release(project, language="en"):
    """Return what is said when a release is refused."""
    with pytest.raises(UserError) as refused:
        project.build("html", language, release_build=True)
    return str(refused.value)


def known_project(path):
    """Return the known site with real facts."""
    for name in ("_static", "_templates"):
        (path / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "conf.py", path)
    use_known_site(path)
    use_real_facts(path)
    return Publisher(path, "privacy-policy", "iotone-japan")


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_the_first_version_not_a_byte_differs(tmp_path, language):
    """From what is built without any of this, be there a folder for it or not."""
    known = known_project(tmp_path)

    def built(rooms):
        out = known.build("html", language, extensions=["myst_parser", *rooms])
        files = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
        shutil.rmtree(out)
        return files

    rooms = [f"policy_site.{room}" for room in policy_site.ROOMS]
    without = built([room for room in rooms if ".versions." not in room])
    assert tmp_path / f"build/html/{language}/privacy-policy.html" in without
    assert built(rooms) == without
    (tmp_path / "archive/privacy-policy").mkdir(parents=True)
    assert built(rooms) == without


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "age of 18",
            "age of 20",
            "en: changed under #terms: … the age of [-18-]{+20+}.",
        ),
        ("title: Terms", "title: Rules", "en: title: [-Terms-]{+Rules+}"),
        (
            "updated: 2026-02-03",
            "updated: 2026-02-02",
            "'updated: 2026-02-02' is set back",
        ),
        ("updated: 2026-02-03", "updated: 2026-02-04", "2026-02-04 is not published"),
    ],
)
def test_a_release_with_another_text_is_refused(project, old, new, said):
    project.publish()
    project.build("html", "en", release_build=True)
    project.edit((old, new))
    assert said in release(project)


def test_another_contact_value_is_refused(project):
    project.publish()
    conf = project.path / "conf.py"
    conf.write_text(conf.read_text().replace("info@iotone.jp", "ask@iotone.jp"))
    assert "[-[info@iotone.jp](mailto" not in release(project)
    assert "[-info@iotone.jp-]{+ask@iotone.jp+}" in release(project, "ja")


def test_another_translation_is_refused_and_may_be_a_correction(project):
    project.publish()
    project.translate({**JAPANESE, "Data": "情報"})
    project.build("html", "en", release_build=True)
    said = release(project, "ja")
    assert "ja: changed under #data: [-データ-]{+情報+}" in said
    assert "make correct LANGUAGE=ja" in said


def test_a_preview_shows_the_difference_and_is_built(project, capsys):
    project.publish()
    project.edit(("age of 18", "age of 20"))
    project.build("html", "en")
    assert "[-18-]{+20+}" in capsys.readouterr().out


def test_an_archive_that_was_edited_is_refused(project):
    project.publish()
    path = project.path / "archive/terms/2026-02-03/ja.md"
    path.write_text(path.read_text().replace("30日", "60日"))
    assert f"{path}: not as it was published" in release(project)


def test_styles_and_words_of_the_theme_pass(project):
    project.publish()
    project.build(
        "html", "en", release_build=True, html_title="Another", html_theme="basic"
    )


def files_of(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def interrupt_at(patch, number):
    """Interrupt the program at its write of that *number*, half done."""
    writes = count(1)

    def interrupted(write):
        def interrupt(path, *rest, **options):
            if next(writes) != number:
                return write(path, *rest, **options)
            if write.__name__ == "write_text":
                write(path, rest[0][:9])
            raise KeyboardInterrupt

        return interrupt

    for owner, name in [
        *((Path, name) for name in ("mkdir", "rename", "write_text")),
        (shutil, "copyfile"),
    ]:
        patch.setattr(owner, name, interrupted(getattr(owner, name)))


@pytest.mark.parametrize("corrects", [False, True])
def test_whenever_it_is_interrupted_nothing_is_half_written(project, corrects):
    """And the next time, it works."""
    project.publish()
    if corrects:
        project.translate({**JAPANESE, "Data": "情報"})
    else:
        second_version(project)
    for output in ("frozen", "latexpdf"):
        project.make(project.path, output)
    archived = project.path / "archive"
    before = files_of(archived)
    for number in range(1, 100):
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(project, "make", lambda *_: None)
                interrupt_at(patch, number)
                if corrects:
                    project.correct("2026-06-01", "誤りを改めました。")
                else:
                    project.publish()
            break
        except KeyboardInterrupt:
            assert files_of(archived) == before, f"write {number}"
            assert not list((project.path / "build").glob("tmp*"))
    assert number > 6
    seal.check(archived / "terms")
    after = files_of(archived)
    assert len(after) == len(before) + (3 if corrects else 5)
    assert after.items() > before.items()


def test_no_version_applies_before_the_one_that_it_replaces(project):
    project.publish()
    second_version(project)
    project.publish()
    project.edit(
        ("2026-04-01\neffective: 2026-05-01", "2026-04-10"),
        ("summary: Raises the age.", "summary: Policies"),
    )
    with pytest.raises(UserError, match="'effective: 2026-04-10' is before 2026-05-01"):
        project.publish()


def test_a_translation_may_be_corrected_twice_on_the_day_it_is_published(project):
    project.publish()
    for words in ("情報", "資料"):
        project.translate({**JAPANESE, "Data": words})
        project.correct("2026-02-03", f"「{words}」に改めました。")
    out = project.build("html", "ja", release_build=True)
    seal.check(project.path / "archive/terms")
    assert "資料" in (out / "terms/2026-02-03.html").read_text()
    second = (out / "terms/2026-02-03-corrected-2026-02-03-2.html").read_text()
    assert "情報" in second and "データ" not in second
    soup = BeautifulSoup((out / "terms/versions.html").read_text(), "html5lib")
    rows = " ".join(row.text for row in soup.select(".versions tbody tr"))
    assert rows.index("資料") < rows.index("情報") < rows.index("初版")
    with pytest.raises(UserError, match="2026-02-02 is before 2026-02-03"):
        project.translate({**JAPANESE, "Data": "数値"})
        project.correct("2026-02-02", "誤りを改めました。")


# -- The reader --------------------------------------------------------------------

NAMES = ["terms", "terms/versions", "terms/2026-02-03", "terms/2026-04-01",
         "terms/2026-04-01-changes", "terms/2026-04-01-old-new"]  # fmt: skip


@pytest.mark.parametrize(("language", "name"), [*product(LANGUAGES, NAMES)])
def test_every_link_of_every_page_leads_somewhere(site, language, name):
    path = site.path / "build/html" / language / f"{name}.html"
    soup = page(site, language, name)
    hrefs = [link["href"] for link in soup.select("a[href], link[rel=stylesheet]")]
    for href in hrefs:
        if re.match(r"[a-z]+:", href):
            continue
        file, _, anchor = href.split("?")[0].partition("#")
        # PDFs of the newest text are made by LaTeX.
        if "../pdf/" in href:
            continue
        target = (path.parent / file).resolve() if file else path
        assert target.is_file(), href
        if anchor and target.suffix == ".html":
            ids = {
                one["id"]
                for one in BeautifulSoup(target.read_text(), "html5lib").select("[id]")
            }
            assert anchor in ids, href


def test_a_version_says_when_it_applied_and_what_came_after(site):
    note = page(site, "en", "terms/2026-02-03").select_one(".version-note")
    assert (
        "applies from February 3, 2026; from May 1, 2026, the version after it"
        in note.text
    )
    assert note.select_one("a[href='../terms.html']")
    assert note.select_one("a[href='2026-04-01-changes.html']")


def test_old_texts_stay_as_they_were(site):
    assert "18歳以上" in page(site, "ja", "terms/2026-02-03").select_one("article").text
    assert "20歳以上" in page(site, "ja", "terms/2026-04-01").select_one("article").text


def test_the_policy_says_what_applies_until_it_does(site):
    notes = page(site, "en", "terms").select("article .version-note")
    assert "Applies from May 1, 2026." in notes[0].text
    assert notes[1]["data-until"] == "2026-05-01"
    assert notes[1].a["href"] == "terms/2026-02-03.html"


def test_the_redline_marks_words_and_says_so(site):
    redline = page(site, "en", "terms/2026-04-01-changes").select_one(".redline")
    assert "age of [removed: 18][added: 20]." in " ".join(redline.text.split())
    marks = redline.select("ins, del")
    assert all(mark.select(".said") for mark in marks)


def test_the_changes_are_the_same_in_every_language(site):
    numbers = [
        [
            link["href"]
            for link in page(site, language, "terms/2026-04-01-changes").select(
                ".changes a"
            )
        ]
        for language in LANGUAGES
    ]
    assert numbers[0] == numbers[1] == ["#change-1", "#change-2"]
    for language in LANGUAGES:
        soup = page(site, language, "terms/2026-04-01-changes")
        assert all(soup.select_one(number) for number in numbers[0])


def test_another_title_is_marked_above_the_changes(project):
    project.publish()
    second_version(project, ("title: Terms", "title: Terms of Use"))
    project.publish()
    out = project.build("html", "en", release_build=True)
    for name in ("changes", "old-new"):
        html = (out / f"terms/2026-04-01-{name}.html").read_text()
        heading = BeautifulSoup(html, "html5lib").h1
        assert [one.text for one in heading.select("ins")] == ["[added:  of Use]"]


def test_the_two_columns_underline_what_changed(site):
    table = page(site, "ja", "terms/2026-04-01-old-new").select_one("table.old-new")
    assert [cell.text for cell in table.select("thead th")] == [
        "区分",
        "改定後",
        "改定前",
    ]
    rows = [
        [cell.text for cell in row.select("td")] for row in table.select("tbody tr")
    ]
    assert rows[0] == ["20歳以上の方がご利用になれます。",
                       "18歳以上の方がご利用になれます。"]  # fmt: skip
    assert ["（略）", "（略）"] in rows and ["Cookie", "（新設）"] in rows
    underlined = table.select_one("tbody tr").select("u")
    assert [one.text for one in underlined] == ["20", "18"]


def test_clauses_have_the_numbers_of_the_policy_on_every_page():
    """So that "1(b)" is found in an old version, and beside the new one."""

    def clauses(*texts):
        first = frozen.Block("paragraph", "One.", path=("1.",))
        return [first, *(
            frozen.Block("paragraph", text, path=("1.", f"{number}."), shared=1)
            for number, text in enumerate(texts, 1)
        )]  # fmt: skip

    old, new = clauses("Two.", "Three."), clauses("Two.", "Four.")
    nested = '<ol class="loweralpha"><li>'
    assert markup.text(old, "").count('<ol class="arabic"><li>') == 1
    rows = comparison.compare(old, new)
    assert all(
        nested in html for html in (markup.text(old, ""), markup.redline(rows, ""))
    )
    cells = markup.old_new(rows, "", ("New", "Old"))
    for text in ("Four", "Three"):
        start = '<ol class="loweralpha" start="2"><li>'
        assert f"{start}<u>{text}</u>" in cells or f"{start}<u>{text}.</u>" in cells


def test_a_table_that_is_wider_than_a_phone_is_scrolled_to():
    table = [frozen.Block("header", "a\tb"), frozen.Block("row", "1\t2")]
    soup = BeautifulSoup(markup.text(table, ""), "html5lib")
    assert len(soup.select("div.table-wrapper > table > tbody > tr")) == 1


def test_the_list_has_the_newest_first_and_the_seal(site):
    soup = page(site, "ja", "terms/versions")
    rows = [row.text for row in soup.select(".versions tbody tr")]
    assert "訂正：用語の誤りを改めました。" in rows[0]
    assert "年齢を引き上げました。" in rows[1] and "2026年5月1日" in rows[1]
    assert "初版" in rows[2]
    assert soup.select_one(".seal code").text == seal.head(site.path / "archive/terms")


def test_a_correction_is_seen_in_its_language_alone(site):
    japanese = page(site, "ja", "terms")
    assert "用語の誤りを改めました。" in japanese.select_one("article").text
    name = "terms/2026-04-01-corrected-2026-06-01"
    changes = page(site, "ja", name).select(".redline del")
    assert [one.text for one in changes] == ["[削除: Cookie]"]
    table = page(site, "ja", f"{name}-old-new")
    heads = [cell.text for cell in table.select("thead th")]
    assert heads == ["区分", "訂正後", "訂正前"]
    underlined = [one.text for one in table.select("tbody u")]
    assert underlined == ["クッキー", "Cookie"]
    out = site.path / "build/html"
    assert not list((out / "en").rglob("*corrected*"))
    for path in (out / "en").rglob("*.html"):
        assert "corrected" not in path.read_text()
    archived = site.path / "archive/terms/2026-04-01"
    pdf = (out / "ja/terms/2026-04-01.pdf").read_bytes()
    assert pdf == (archived / "ja.corrected-2026-06-01.pdf").read_bytes()
    assert pdf != (archived / "ja.pdf").read_bytes()


def test_the_switch_keeps_the_version_and_the_comparison(site):
    for name in NAMES:
        link = page(site, "en", name).select_one(".languages a[hreflang=ja]")
        up = "../" * name.count("/")
        assert link["href"] == f"{up}../ja/{name}.html"
    correction = page(site, "ja", "terms/2026-04-01-corrected-2026-06-01")
    link = correction.select_one(".languages a[hreflang=en]")
    assert link["href"] == "../../en/terms.html"


@pytest.mark.parametrize("name", ["index", "terms", "terms/2026-02-03", "search"])
def test_every_page_carries_the_notice_of_a_material_change(site, name):
    notice = page(site, "ja", name).select_one("aside.announcement-content")
    assert notice["aria-label"] == "改定のお知らせ"
    assert (
        "利用規約を改定しました（2026年5月1日施行）。年齢を引き上げました。"
        in notice.text
    )
    # Thirty days after it applies.
    assert notice.p["data-until"] == "2026-05-31"
    up = "../" * name.count("/")
    assert notice.a["href"] == f"{up}terms/2026-04-01-changes.html"


def test_a_change_that_is_not_material_has_no_notice(project):
    project.publish()
    second_version(project)
    project.edit(("material: true", "material: false"))
    project.publish()
    out = project.build("html", "en", release_build=True)
    assert "announcement-content" not in (out / "index.html").read_text()


@pytest.mark.parametrize(
    ("day", "notice"), [("2026-05-30", True), ("2026-05-31", False)]
)
def test_a_small_change_soon_after_does_not_end_the_notice(project, day, notice):
    project.publish()
    second_version(project)
    project.publish()
    project.edit(
        ("2026-04-01\neffective: 2026-05-01\nmaterial: true", day),
        ("summary: Raises the age.", "summary: Policies"),
    )
    project.publish()
    out = project.build("html", "en", release_build=True)
    changes = 'href="terms/2026-04-01-changes.html"'
    front = (out / "index.html").read_text()
    assert (changes in front) == notice


def test_search_engines_find_the_newest_text_and_the_list(site):
    def head(name):
        soup = page(site, "en", name)
        robots = soup.select_one("meta[name=robots]")
        return soup.select_one("link[rel=canonical]")["href"], bool(robots)

    base = "https://policies.example.net/en/terms"
    assert head("terms") == (f"{base}.html", False)
    assert head("terms/2026-04-01") == (f"{base}.html", False)
    assert head("terms/2026-02-03") == (f"{base}/2026-02-03.html", True)
    assert head("terms/2026-04-01-changes") == (f"{base}/2026-04-01-changes.html", True)
    assert head("terms/versions") == (f"{base}/versions.html", False)
    alternates = page(site, "en", "terms/versions").select("link[hreflang]")
    assert (
        alternates[1]["href"] == "https://policies.example.net/ja/terms/versions.html"
    )
    data = (site.path / "build/html/en/site-data.json").read_text()
    assert "versions.html" in data and "2026-02-03.html" not in data


def test_structured_data_says_when_a_text_applies(site):
    data = page(site, "en", "terms").select_one("script[type$=json]").string
    assert '"version": "2026-04-01"' in data
    assert '"temporalCoverage": "2026-05-01/.."' in data
    assert (
        '"isBasedOn": "https://policies.example.net/en/terms/2026-02-03.html"' in data
    )
    old = page(site, "en", "terms/2026-02-03").select_one("script[type$=json]")
    assert '"temporalCoverage": "2026-02-03/2026-05-01"' in old.string
    changes = page(site, "en", "terms/2026-04-01-changes")
    assert "temporalCoverage" not in changes.select_one("script[type$=json]").string


def test_search_finds_the_newest_text_alone(site):
    data = page(site, "en", "search").select_one("#search-pages").string
    assert "age of 20" in data and "age of 18" not in data


ATOM = {"a": "http://www.w3.org/2005/Atom"}


def feed_of(folder):
    return ElementTree.parse(folder / "terms/versions.atom")


def test_the_feed_tells_of_versions_and_corrections(site):
    out = site.path / "build/html/ja"
    feed = feed_of(out)
    links = [entry.get("href") for entry in feed.iterfind("a:entry/a:link", ATOM)]
    assert links == [
        f"{SITE}ja/terms/{name}.html"
        for name in ("2026-04-01-corrected-2026-06-01", "2026-04-01", "2026-02-03")
    ]
    assert all((out / link.removeprefix(f"{SITE}ja/")).is_file() for link in links)
    head = seal.head(site.path / "archive/terms")
    assert head in feed.findtext("a:subtitle", "", ATOM)


def test_the_ids_of_the_feeds_stay_when_the_pages_move(project):
    """Readers' programs would show every entry as a new one."""

    def ids():
        feeds = [feed_of(project.build("html", language)) for language in LANGUAGES]
        return [one.text for feed in feeds for one in feed.iterfind(".//a:id", ATOM)]

    project.publish()
    before = ids()
    assert len({*before}) == 2 * len(LANGUAGES)
    assert all(one.startswith("urn:uuid:") for one in before)
    conf = project.path / "conf.py"
    conf.write_text(conf.read_text().replace(SITE, "https://moved.example.org/a/"))
    second_version(project)
    project.publish()
    after = ids()
    assert {*before} < {*after}
    assert len({*after}) == 3 * len(LANGUAGES)


def test_without_an_address_there_is_no_feed(project):
    project.publish()
    conf = project.path / "conf.py"
    conf.write_text(conf.read_text().replace("https://policies.example.net/", ""))
    conf.write_text(conf.read_text().replace('f"{site_url}{language}/"', '""'))
    out = project.build("html", "en", release_build=True)
    assert not (out / "terms/versions.atom").exists()
    assert "atom+xml" not in (out / "terms.html").read_text()


def test_a_version_keeps_its_images(project):
    """And a release with another one is refused."""
    drawn = "<svg xmlns='http://www.w3.org/2000/svg'><circle r='{}'/></svg>"
    (project.path / "source/a.b.svg").write_text(drawn.format(1))
    (project.path / "source/a.b.ja.svg").write_text(drawn.format(2))
    project.edit(("(contact)=", '![It says "A"](a.b.svg)\n\n(contact)='))
    translations = {**JAPANESE, 'It says \\"A\\"': '\\"A\\"とあります'}
    project.translate(
        {
            **translations,
            '![It says \\"A\\"](a.b.svg)': "![「A」とあります](a.b.svg)",
        }
    )
    project.publish()
    project.build("html", "en", release_build=True)
    (project.path / "source/a.b.svg").write_text(drawn.format(3))
    said = release(project)
    assert "[-![It says" in said and "{+![It says" in said and "](a_b-" in said
    with pytest.raises(UserError, match="is new, which is no correction"):
        (project.path / "source/a.b.ja.svg").write_text(drawn.format(4))
        project.correct("2026-06-01", "図の誤りを改めました。")
    second_version(project)
    project.publish()
    seal.check(project.path / "archive/terms")
    for language, radii in (("en", "13"), ("ja", "24")):
        out = project.build("html", language, release_build=True)
        for day, radius in zip(("2026-02-03", "2026-04-01"), radii, strict=True):
            soup = BeautifulSoup((out / f"terms/{day}.html").read_text(), "html5lib")
            image = soup.select_one("article img")
            assert "A" in image["alt"]
            assert (out / "terms" / image["src"]).read_text() == drawn.format(radius)
    changes = BeautifulSoup(
        (out / "terms/2026-04-01-changes.html").read_text(), "html5lib"
    )
    assert changes.select_one("del img") and changes.select_one("ins img")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_version_weighs_little_more_than_its_policy(tmp_path, language):
    """On the way, compressed, with all that the browser asks for."""
    known = known_project(tmp_path)
    known.publish()
    known.edit(
        ("updated: 2025-01-28", "updated: 2026-04-01\nsummary: The age is 20 now."),
        ("above the age of 18", "above the age of 20"),
    )
    catalog = tmp_path / "locale/ja/LC_MESSAGES/privacy-policy.po"
    text = catalog.read_text().replace("above the age of 18", "above the age of 20")
    text = text.replace("18歳", "20歳")
    summary = 'msgid "The age is 20 now."\nmsgstr "対象年齢を20歳に改めました。"\n'
    catalog.write_text(f"{text}\n{summary}")
    known.publish()
    out = known.build("html", language, release_build=True)

    def weight(name):
        path = out / f"{name}.html"
        soup = BeautifulSoup(path.read_text(), "html5lib")
        loaded = soup.select("link[rel=stylesheet], link[rel=icon], script[src]")
        files = [(one.get("href") or one["src"]).split("?")[0] for one in loaded]
        files = [path, *(path.parent / name for name in files)]
        return sum(len(gzip.compress(file.read_bytes())) for file in files)

    weights = {
        name: weight(f"privacy-policy/{name}")
        for name in ("2025-01-28", "2026-04-01", "2026-04-01-changes",
                     "2026-04-01-old-new", "versions")
    }  # fmt: skip
    policy = weight("privacy-policy")
    assert 20_000 < policy < 60_000
    assert max(weights.values()) < policy + 5_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_published_of_a_withdrawn_policy_can_be_read(project, language):
    project.publish()
    second_version(project)
    project.publish()
    project.source.rename(project.path / "source/other.md")
    catalogs = project.path / "locale/ja/LC_MESSAGES"
    (catalogs / "terms.po").rename(catalogs / "other.po")
    index = project.path / "source/index.md"
    index.write_text(index.read_text().replace("terms", "other"))
    out = project.build("html", language, release_build=True)

    def read(name):
        return BeautifulSoup((out / f"{name}.html").read_text(), "html5lib")

    assert not (out / "terms.html").exists()
    assert read("index").select_one("a[href='terms/versions.html']")
    # What was still to come of it does not come.
    assert not read("index").select(".announcement p")
    pages = {link["href"] for link in read("terms/versions").select("article a")}
    assert {"2026-02-03.html", "2026-02-03.pdf", "2026-04-01-changes.html"} <= pages
    words = {"en": "withdrawn", "ja": "廃止"}
    for name in ("terms/versions", "terms/2026-04-01"):
        page = read(name)
        assert words[language] in page.select_one(".version-note").text
        assert not page.select("a[href$='/terms.html']")
        other = page.select_one(".languages a")["href"]
        assert other in [f"../../{code}/{name}.html" for code in LANGUAGES]
    data = page.select_one("script[type$=json]").string
    assert '"temporalCoverage": "2026-05-01/"' in data
    assert page.select_one("meta[name=robots]")


def test_a_version_that_is_gone_leaves_no_page(project):
    project.publish()
    second_version(project)
    project.publish()
    out = project.build("html", "en")
    assert (out / "terms/2026-04-01.html").is_file()
    shutil.rmtree(project.path / "archive/terms/2026-04-01")
    project.build("html", "en")
    names = {path.name for path in (out / "terms").iterdir()}
    assert names == {
        "2026-02-03.html",
        "2026-02-03.pdf",
        "versions.html",
        "versions.atom",
    }
