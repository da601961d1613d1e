"""Catalogs follow the text: nothing that a translator wrote is lost, and no line moves.

Each test brings its own catalogs and templates, and runs in process.
"""

import subprocess
from io import BytesIO

import polib
import pytest
from babel.messages.pofile import read_po, write_po
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from translate.storage import pypo

from policy_site.base import locale_tree
from policy_site.base.errors import UserError
from policy_site.translation import catalogs
from tools import update_po

# As Sphinx writes it.
TEMPLATE = r"""
# SOME DESCRIPTIVE TITLE.
#, fuzzy
msgid ""
msgstr ""
"Project-Id-Version: Policies \n"
"Report-Msgid-Bugs-To: \n"
"POT-Creation-Date: 1970-01-01 00:00+0000\n"
"PO-Revision-Date: YEAR-MO-DA HO:MI+ZONE\n"
"Last-Translator: FULL NAME <EMAIL@ADDRESS>\n"
"Language-Team: LANGUAGE <LL@li.org>\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
""".lstrip()

SENTENCE = "We keep what you send for as long as the law of your country asks us to."
# In the one form, with all that a translator may leave.
CATALOG = r"""
# The terms, in Japanese.
# How to edit it: TRANSLATING.md.
msgid ""
msgstr ""
"Project-Id-Version: Policies\n"
"POT-Creation-Date: 1970-01-01 00:00+0000\n"
"PO-Revision-Date: 2026-01-31 12:00+0900\n"
"Last-Translator: 見本 花子 <hanako@example.jp>\n"
"Language-Team: Japanese <team@example.jp>\n"
"Language: ja\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=1; plural=0;\n"

# ok: 18: the age is that of the law
#
# Second thoughts.
msgid "Terms of Use of the services, with a title that is longer than a line may be"
msgstr "サービスの利用規約。列の数よりも長い表題なので、プログラムによっては、この訳文を何行にも分けて保存します。"

#. Translators: a button
#, python-format
msgid "%(number)s file"
msgid_plural "%(number)s files"
msgstr[0] "%(number)s個のファイル"

msgctxt "verb"
msgid "Open"
msgstr "開く"

msgctxt "state"
msgid "Open"
msgstr "公開中"

#, fuzzy
#| msgid "We delete what you send."
msgid "We delete what you sent."
msgstr "お送りいただいたものは削除します。"

msgid ""
"A first line\n"
"and a second"
msgstr ""
"1行目\n"
"2行目"

msgid "A \"quotation\", a \\ and a\ttab"
msgstr "\"引用\"と\\と\tタブ"

msgid "Not translated yet"
msgstr ""

# why it went
#~ msgid "Gone first"
#~ msgstr "先に消えた文"

#, fuzzy
#~| msgid "Went second"
#~ msgid "Gone second"
#~ msgstr "次に消えた文"
""".lstrip()


def messages_of(text):
    """Return a template with the messages of the catalog *text* that are in use."""
    entries = []
    for entry in polib.pofile(text):
        if not entry.obsolete:
            entry.tcomment, entry.previous_msgid = "", None
            entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
            entry.msgstr = ""
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural and (0, 1), "")
            entries.append(entry)
    return template(entries)


def template(entries):
    return "\n".join([TEMPLATE, *map(str, entries)])


class Catalog:
    """A catalog and its template, in a folder."""

    def __init__(self, folder):
        self.path = folder / "terms.po"
        self.template = folder / "terms.pot"

    def update(self, template=None, language="ja"):
        """Bring *template* into the catalog, and return what was done."""
        if template:
            self.template.write_text(template, encoding="utf-8")
        done = update_po.update(self.path, self.template, language)
        self.path.write_bytes(done.content)
        return done

    @property
    def text(self):
        return self.path.read_bytes().decode()

    def entries(self):
        return list(polib.pofile(self.text))


@pytest.fixture
def catalog(tmp_path):
    found = Catalog(tmp_path)
    found.path.write_text(CATALOG, encoding="utf-8")
    found.template.write_text(messages_of(CATALOG), encoding="utf-8")
    return found


def counts(done):
    return done.new, done.changed, done.gone


# -- The text changes ------------------------------------------------------------


def test_unchanged_text_changes_nothing(catalog):
    assert counts(catalog.update()) == (0, 0, 0)
    assert catalog.text == CATALOG


def test_changed_message_keeps_its_translation_and_its_english(catalog):
    new = SENTENCE.replace("country", "state")
    catalog.path.write_text(
        f'{CATALOG}\n# a note\nmsgid "{SENTENCE}"\nmsgstr "保存します。"\n', "utf-8"
    )
    wanted = messages_of(CATALOG) + f'\nmsgid "{new}"\nmsgstr ""\n'
    assert counts(catalog.update(wanted)) == (0, 1, 0)
    fuzzy = (
        f'# a note\n#, fuzzy\n#| msgid "{SENTENCE}"\n'
        f'msgid "{new}"\nmsgstr "保存します。"\n\n'
    )
    assert fuzzy in catalog.text
    assert catalog.text.replace(fuzzy, "") == CATALOG


def test_message_that_changes_twice_shows_the_english_that_was_translated(catalog):
    old, new = "We delete what you sent.", "We delete what you have sent."
    assert counts(catalog.update(messages_of(CATALOG).replace(old, new))) == (0, 1, 0)
    assert f'#| msgid "We delete what you send."\nmsgid "{new}"\n' in catalog.text


def test_english_of_before_goes_with_the_mark(catalog):
    before = '#, fuzzy\n#| msgid "We delete what you send."\n'
    catalog.path.write_text(CATALOG.replace("#, fuzzy\n", "", 1), "utf-8")
    catalog.update()
    assert catalog.text == CATALOG.replace(before, "")


def test_message_that_went_and_came_back_is_translated_again(catalog):
    messages = list(polib.pofile(messages_of(CATALOG)))
    gone = messages.pop(0)
    assert counts(catalog.update(template(messages))) == (0, 0, 1)
    text = polib.pofile(CATALOG)[0].msgstr
    assert catalog.text.endswith(f'#~ msgid "{gone.msgid}"\n#~ msgstr "{text}"\n')
    assert [e.msgid for e in catalog.entries() if e.obsolete][:2] == [
        "Gone first",
        "Gone second",
    ]
    assert counts(catalog.update(messages_of(CATALOG))) == (1, 0, 0)
    assert catalog.text == CATALOG


def test_obsolete_message_that_comes_back_is_as_it_was(catalog):
    back = '\nmsgid "Gone second"\nmsgstr ""\n'
    catalog.update(messages_of(CATALOG) + back)
    assert (
        '#, fuzzy\n#| msgid "Went second"\nmsgid "Gone second"\nmsgstr "次に消えた文"\n'
    ) in catalog.text
    assert catalog.text.count("次に消えた文") == 1


def test_message_that_sphinx_intl_left_obsolete_is_translated_again(catalog):
    title = polib.pofile(CATALOG)[0]
    text = CATALOG.replace(f'msgstr "{title.msgstr}"', 'msgstr ""')
    obsolete = f'\n#~ msgid "{title.msgid}"\n#~ msgstr "{title.msgstr}"\n'
    catalog.path.write_text(text + obsolete, "utf-8")
    assert counts(catalog.update()) == (0, 0, 0)
    assert catalog.entries()[0].msgstr == title.msgstr
    assert catalog.text.count(title.msgstr) == 1


def test_message_that_never_had_a_translation_leaves_nothing(catalog):
    messages = list(polib.pofile(messages_of(CATALOG)))
    assert messages.pop().msgid == "Not translated yet"
    assert counts(catalog.update(template(messages))) == (0, 0, 1)
    gone = 'msgid "Not translated yet"\nmsgstr ""\n\n'
    assert catalog.text == CATALOG.replace(gone, "")


def test_message_that_gets_another_context_or_a_plural_is_to_be_looked_at(catalog):
    messages = list(polib.pofile(messages_of(CATALOG)))
    messages[2].msgctxt = "command"
    messages[-2].msgid_plural = 'A "quotation", some \\ and a\ttab'
    messages[-2].msgstr_plural = {0: "", 1: ""}
    # That without a context resembles both that are there; one of them goes.
    assert counts(catalog.update(template(messages))) == (0, 2, 1)
    context, plural = catalog.entries()[2], catalog.entries()[6]
    assert context.fuzzy and context.msgstr in ("開く", "公開中")
    assert plural.fuzzy and plural.msgstr_plural[0] == '"引用"と\\と\tタブ'


def test_new_catalog_has_the_header_of_its_language(tmp_path):
    new = Catalog(tmp_path)
    done = new.update(messages_of(CATALOG), "pt-br")
    assert (done.new, done.missing, done.fuzzy) == (8, 8, 0)
    assert new.text.startswith("# How to edit it: TRANSLATING.md.\nmsgid")
    assert '"Language: pt_BR\\n"\n' in new.text
    assert '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n' in new.text
    assert 'msgstr[0] ""\nmsgstr[1] ""\n' in new.text
    for placeholder in ("fuzzy", "YEAR", "FULL NAME", "LL@li.org", "SOME", "#:"):
        assert placeholder not in new.text


# -- Whatever the texts are --------------------------------------------------------

WORDS = ["We", "keep", "delete", "your", "data", "files", "for", "a", "year", "forever"]
MESSAGES = st.lists(
    st.tuples(
        st.sampled_from([None, None, "menu"]),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join),
        st.booleans(),
    ),
    max_size=8,
    # The key of a message.
    unique_by=lambda message: message[:2],
)
many = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def template_of(messages):
    entries = []
    for context, msgid, has_plural in messages:
        entry = polib.POEntry(msgctxt=context, msgid=msgid)
        if has_plural:
            entry.msgid_plural, entry.msgstr_plural = f"{msgid}s", {0: "", 1: ""}
        entries.append(entry)
    return template(entries)


def translate(catalog):
    """Translate every message, each in words of its own, with a comment."""
    entries = polib.pofile(catalog.text, wrapwidth=0)
    for number, entry in enumerate(entries):
        if not entry.translated() and not entry.obsolete:
            entry.flags.clear()
            entry.tcomment = f"about {number} {entry.msgid}"
            entry.msgstr = f"訳{number} {entry.msgctxt} {entry.msgid}"
            if entry.msgid_plural:
                entry.msgstr_plural, entry.msgstr = {0: entry.msgstr}, ""
    catalog.path.write_text(str(entries), "utf-8")


def text_of(entry):
    return entry.msgstr or entry.msgstr_plural.get(0, "")


def translated(tmp_path, *versions):
    """Return a catalog that followed each of *versions*, translated each time."""
    made = Catalog(tmp_path)
    made.path.unlink(missing_ok=True)
    for messages in versions:
        made.update(template_of(messages))
        translate(made)
    made.update()
    return made


@many
@given(MESSAGES, MESSAGES, MESSAGES)
def test_no_translation_and_no_comment_is_lost(tmp_path, one, two, three):
    made = translated(tmp_path, one, two)
    before = made.entries()
    made.update(template_of(three))
    after = made.entries()
    assert {text_of(entry) for entry in before} <= {text_of(entry) for entry in after}
    assert {e.tcomment for e in before} <= {e.tcomment for e in after}
    assert [(e.msgctxt, e.msgid) for e in after if not e.obsolete] == [
        message[:2] for message in three
    ]


@many
@given(MESSAGES, MESSAGES)
def test_second_update_changes_nothing(tmp_path, one, two):
    made = translated(tmp_path, one)
    made.update(template_of(two))
    once = made.text
    assert counts(made.update()) == (0, 0, 0)
    assert made.text == once


@many
@given(MESSAGES, MESSAGES, MESSAGES)
def test_what_did_not_change_stays_to_the_letter(tmp_path, one, two, three):
    made = translated(tmp_path, one, two)
    before = made.text.strip().split("\n\n")
    made.update(template_of(three))
    after = made.text.strip().split("\n\n")
    assert after[0] == before[0]
    same = [block for block in before[1:] if block in after[1:] and "#~" not in block]
    assert len(same) == len([message for message in three if message in two])


@many
@given(MESSAGES, st.data())
def test_messages_that_go_and_come_back_leave_no_trace(tmp_path, messages, data):
    made = translated(tmp_path, messages)
    before = made.text
    left = [message for message in messages if data.draw(st.booleans())]
    assume(left)
    made.update(template_of(left))
    made.update(template_of(messages))
    assert made.text == before


# -- Another program saved it ------------------------------------------------------


def msgcat(*options):
    def save(path):
        subprocess.run(["msgcat", *options, "-o", path, path], check=True)

    return save


def with_polib(path):
    polib.pofile(str(path)).save()


def with_babel(path):
    catalog = read_po(BytesIO(path.read_bytes()))
    with path.open("wb") as file:
        write_po(file, catalog)


def with_translate_toolkit(path):
    store = pypo.pofile.parsefile(str(path))
    store.updateheader(add=True, x_generator="Translate Toolkit 3")
    store.save()


def on_windows(path):
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))


def with_other_header(path):
    text = path.read_text("utf-8")
    language, mime = '"Language: ja\\n"\n', '"MIME-Version: 1.0\\n"\n'
    more = '"X-Generator: Poedit 3.5\\n"\n"Report-Msgid-Bugs-To: \\n"\n'
    text = text.replace(language, "").replace(mime, mime + more + language)
    path.write_text(text, "utf-8")


# What a program drops by itself.
DROPPED = {
    "polib": ['#~| msgid "Went second"\n'],
    "Babel": ['#, fuzzy\n#~| msgid "Went second"\n', "#\n"],
}
PROGRAMS = {
    "msgcat": msgcat(),
    "msgcat --width=76": msgcat("--width=76"),
    "msgcat --width=79": msgcat("--width=79"),
    "msgcat --width=80": msgcat("--width=80"),
    "msgcat --no-wrap": msgcat("--no-wrap"),
    "polib": with_polib,
    "Babel": with_babel,
    "Translate Toolkit": with_translate_toolkit,
    "Windows": on_windows,
    "another header": with_other_header,
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_only_what_was_translated_differs_whatever_program_saved_it(catalog, program):
    old, new = 'msgid "Not translated yet"\nmsgstr ""', "もう訳しました。"
    mended = CATALOG.replace(old, old.replace('""', f'"{new}"'))
    catalog.path.write_text(mended, "utf-8")
    PROGRAMS[program](catalog.path)
    assert program == "msgcat --no-wrap" or catalog.text != mended
    # It can be built as it is.
    assert new in [entry.msgstr for entry in catalogs.read(catalog.path)]
    assert counts(catalog.update()) == (0, 0, 0)
    for dropped in DROPPED.get(program, []):
        mended = mended.replace(dropped, "", 1)
    assert catalog.text == mended


def test_header_fields_of_people_stay_and_those_of_programs_go(catalog):
    own = '"X-Poedit-Bookmarks: 1,2\\n"\n'
    noise = '"Generated-By: Babel 2.18.0\\n"\n"X-Generator: Poedit 3.5\\n"\n'
    end = '"Plural-Forms: nplurals=1; plural=0;\\n"\n'
    catalog.path.write_text(CATALOG.replace(end, end + noise + own), "utf-8")
    catalog.update()
    assert catalog.text == CATALOG.replace(end, end + own)


# -- What cannot be read -----------------------------------------------------------


@pytest.mark.parametrize(
    "old, new, said",
    [
        ('msgstr "開く"', 'msgstr "開く', "this is not valid PO"),
        ('msgctxt "state"', 'msgctxt "verb"', "this message stands twice"),
        ('msgstr "開く"', 'msgstr "開\u2028く"', "hidden line end"),
    ],
)
def test_catalog_that_cannot_be_read_is_named_with_its_line(catalog, old, new, said):
    catalog.path.write_text(CATALOG.replace(old, new), "utf-8")
    line = CATALOG[: CATALOG.index(old)].count("\n") + 1
    with pytest.raises(UserError, match=rf"terms\.po:({line}|{line + 1}): .*{said}"):
        catalog.update()


@pytest.mark.parametrize("number", ["", "none", "0", "99999999999"])
def test_impossible_number_of_plurals_is_named(catalog, number):
    text = CATALOG.replace("nplurals=1", f"nplurals={number}")
    catalog.path.write_text(text, "utf-8")
    with pytest.raises(UserError, match=r"terms\.po:1: Plural-Forms"):
        catalog.update()


@pytest.fixture
def repository(tmp_path, monkeypatch, capsys):
    """Run the program on a small repository; return what it prints."""
    monkeypatch.setattr(update_po, "ROOT", tmp_path)
    monkeypatch.setattr(update_po, "TEMPLATES", tmp_path / "build/gettext")
    (tmp_path / "build/gettext").mkdir(parents=True)
    for name in ("about", "terms"):
        path = tmp_path / f"build/gettext/{name}.pot"
        path.write_text(messages_of(CATALOG), "utf-8")

    def run(*codes):
        monkeypatch.setattr("sys.argv", ["update_po", *codes])
        update_po.main()
        return capsys.readouterr().out

    run.folder = locale_tree.catalog_folder(tmp_path, "ja")
    return run


def test_it_says_what_it_did_and_what_comes_next(repository):
    said = repository("ja")
    assert "locale/ja/LC_MESSAGES/about.po: 8 new\n" in said
    assert "Next: 16 to translate, 0 marked fuzzy" in said
    terms, about = repository.folder / "terms.po", repository.folder / "about.po"
    for path in (terms, about):
        path.write_text(CATALOG.replace("Use of the", "Use of all"), "utf-8")
    terms.write_bytes(terms.read_bytes().replace(b"\n", b"\r\n"))
    assert "terms.po: 1 changed\n" in repository("ja")
    on_windows(terms)
    (repository.folder / "withdrawn.po").write_text(CATALOG, "utf-8")
    said = repository("ja")
    assert "terms.po: no message changed; now in the form" in said
    assert "about.po: as it was\n" in said
    assert "withdrawn.po: its document is gone" in said


def test_nothing_is_written_when_one_catalog_cannot_be_read(repository):
    repository("ja")
    about, terms = repository.folder / "about.po", repository.folder / "terms.po"
    on_windows(about)
    terms.write_text(CATALOG.replace('msgstr "開く"', 'msgstr "開く'), "utf-8")
    before = about.read_bytes(), terms.read_bytes()
    with pytest.raises(UserError, match=r"terms\.po:\d+: this is not valid PO"):
        repository("ja")
    assert (about.read_bytes(), terms.read_bytes()) == before
    assert sorted(repository.folder.iterdir()) == [about, terms]


@pytest.mark.parametrize("code", ["xx", "../fr", "", "fr;x", "en"])
def test_what_is_no_other_language_is_refused(repository, code):
    with pytest.raises(UserError):
        repository(code)
    assert not list(repository.folder.parents[1].glob("*"))
