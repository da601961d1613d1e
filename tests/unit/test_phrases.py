"""Lines break between phrases, and keep together what is read together."""

from types import SimpleNamespace

import pytest

from policy_site.page import phrases

CONFIG = SimpleNamespace(language="ja", brands=["Acme", "Acme Tokyo"])


def shown(title, language="ja"):
    """Return the pieces of *title*: | for a break, + for a gap, [] around a name."""
    config = SimpleNamespace(language=language, brands=CONFIG.brands)
    forms = {"wbr": "|", "gap": "+", "unbroken": "[{}]", "text": "{}"}
    return "".join(
        forms[kind].format(text) for kind, text in phrases.pieces(config, title)
    )


@pytest.mark.parametrize(
    "title, expected",
    [
        ("データの収集", "データの|収集"),
        ("Acme Tokyoプライバシーポリシー", "[Acme Tokyo]+|プライバシーポリシー"),
        ("Acme Tokyoの規約", "[Acme Tokyo]の|規約"),
        ("データ管理者としてのAcme", "データ管理者としての+|[Acme]"),
        ("情報の利用について", "情報の|利用について"),
        ("GDPRおよび英国データ保護法", "GDPRおよび|英国データ保護法"),
    ],
)
def test_japanese_title_breaks_where_one_pauses(title, expected):
    assert shown(title) == expected


def test_title_in_a_language_with_spaces_breaks_at_them_alone():
    assert shown("The terms of Acme Tokyo", "en") == "The terms of [Acme Tokyo]"


@pytest.mark.parametrize(
    "text, words",
    [
        ("その内容をご確認ください。", "ご確認ください。"),
        ("次のデータを収集します。）", "収集します。）"),
        ("情報を収集する場合", "収集する場合"),
        ("プライバシーポリシー", ""),
    ],
)
def test_last_words_of_a_japanese_paragraph_stay_together(text, words):
    assert phrases.last_words(CONFIG, text) == words


def test_last_words_of_other_languages_are_left_to_the_browser():
    english = SimpleNamespace(language="en", brands=[])
    assert phrases.last_words(english, "Which data is collected.") == ""


def test_longest_name_is_the_one_that_is_kept_together():
    assert shown("About Acme Tokyo", "en") == "About [Acme Tokyo]"


def test_signs_in_a_name_are_no_pattern():
    config = SimpleNamespace(language="en", brands=["A+B", "(C)"])
    kinds = [kind for kind, _text in phrases.pieces(config, "A+B (C)")]
    assert kinds == ["unbroken", "text", "unbroken"]
