"""Settings of conf.py: those of another form stop the build and are named."""

import pytest

from policy_site.base.errors import UserError


@pytest.mark.parametrize(
    "address",
    [
        "policies.example/",
        "https://policies.example",
        "ftp://policies.example/",
        "https://a.example/?b/",
        "https://a.example/#b/",
    ],
)
def test_address_that_is_none_is_named(project, address):
    with pytest.raises(
        UserError, match="conf.py: site_url must be an address"
    ) as error:
        project.build("base.settings", site_url=address)
    assert str(error.value).endswith(f", not {address}")


@pytest.mark.parametrize("address", ["", "https://a.example/", "http://a.example/b/"])
def test_address_of_a_folder_passes(project, address):
    assert project.build("base.settings", site_url=address).config.site_url == address


@pytest.mark.parametrize(
    "name, value, kind",
    [("brands", "IoToneAI", "list"), ("contact", [], "dict"), ("pdf_prefix", 1, "str")],
)
def test_value_of_another_type_is_named(project, name, value, kind):
    with pytest.raises(UserError, match=f"conf.py: {name} must be a {kind}, not "):
        project.build("base.settings", **{name: value})
