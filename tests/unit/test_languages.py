"""The language that is built, and the settings that depend on it."""

from types import SimpleNamespace

import pytest

from policy_site.base import languages
from policy_site.base.errors import UserError


@pytest.mark.parametrize(
    "language, name",
    [("en", "English"), ("ja", "日本語"), ("pt-br", "português (Brasil)")],
)
def test_language_is_named_in_itself(language, name):
    assert languages.native_name(language) == name


def config(language, **overrides):
    return SimpleNamespace(
        language=language,
        languages=["en", "fr", "ja"],
        localized={"author": {"en": "A Ltd", "ja": "株式会社A"}},
        author="",
        overrides=overrides,
    )


@pytest.mark.parametrize(
    "language, author", [("en", "A Ltd"), ("ja", "株式会社A"), ("fr", "A Ltd")]
)
def test_setting_has_the_value_of_the_language_or_the_english_one(language, author):
    found = config(language)
    languages.apply_language(None, found)
    assert found.author == author


def test_what_the_command_line_says_stays():
    found = config("ja", author="B")
    found.author = "B"
    languages.apply_language(None, found)
    assert found.author == "B"


def test_language_that_is_not_here_is_named_with_those_that_are():
    with pytest.raises(UserError, match="(?s)'de'.*en, fr, ja.*locale/de/"):
        languages.apply_language(None, config("de"))
