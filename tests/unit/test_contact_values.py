"""A value of the contact block is what it says, and nothing around it."""

import pytest

from policy_site.text import contact


@pytest.mark.parametrize(
    "value",
    [
        "03-1234-5678（代）",
        "03-1234-5678(代表)",
        "TEL 03-1234-5678",
        "03－1234－5678",
        "03\u22121234\u22125678",
        "０３-1234-5678",
    ],
)
def test_phone_number_with_something_around_it_is_refused(value):
    assert not contact.is_phone(value, "JP")


@pytest.mark.parametrize("value", ["03-1234-5678", "+81 3-1234-5678", "(03) 1234-5678"])
def test_phone_number_is_taken(value):
    assert contact.is_phone(value, "JP")


def test_address_has_ideographic_spaces_inside_alone():
    assert contact.is_address("東京都千代田区1-1-1\u3000見本ビル", "JP")
    assert not contact.is_address("東京都\u3000", "JP")
    assert not contact.is_address("東京都\u200b千代田区", "JP")
