"""A build judges each message of the catalogs once, until something of it changes."""

import pytest

from policy_site.translation import catalogs

CATALOG = "locale/ja/LC_MESSAGES/privacy-policy.po"
RULES = "policy_site/translation/rules.py"

COUNT = """

def judge(entry, *more, stock=judge):
    with open("judged", "a") as file:
        print(entry.msgid, file=file)
    return stock(entry, *more)
"""


def test_messages_are_judged_once_until_they_change(checkout):
    judged = checkout.path / "judged"
    checkout.write(RULES, (checkout.path / RULES).read_text() + COUNT)
    assert checkout.make("html-ja").returncode == 0
    messages = [
        entry
        for path in (checkout.path / "locale/ja/LC_MESSAGES").glob("*.po")
        for entry in catalogs.read(path).translated_entries()
    ]
    assert len(judged.read_text().splitlines()) == len(messages)
    for old, new, count in [
        ("", "", 0),
        ('msgstr "データの収集"', 'msgstr "データの取得"', 1),
        ('msgid "Data Collection"', '# ok: 1: none\nmsgid "Data Collection"', 1),
    ]:
        judged.unlink(missing_ok=True)
        if old:
            checkout.edit(CATALOG, old, new)
        assert checkout.make("html-ja").returncode == 0
        assert checkout.make("html-ja").returncode == 0
        said = judged.read_text().splitlines() if judged.is_file() else []
        assert said == ["Data Collection"] * count


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("locale/ja/glossary.csv", "\n", "\nData Collection,資料の蒐集\n"),
        ("conf.py", 'brands = ["', 'brands = ["Data Collection", "'),
        (
            "policy_site/translation/wording.py",
            "RULES = (",
            "RULES = (lambda message: [finding('no')], ",
        ),
    ],
    ids=["glossary", "names", "rules"],
)
def test_what_was_right_is_judged_again_by_what_changed(checkout, name, old, new):
    assert checkout.make("html-ja").returncode == 0
    text = (checkout.path / name).read_text(encoding="utf-8")
    checkout.write(name, text.replace(old, new, 1))
    result = checkout.make("html-ja")
    assert result.returncode != 0
    assert f"{CATALOG}:" in result.stderr and '"Data Collection' in result.stderr
