"""The contact block of conf.py stands on every page and in every PDF as it should."""

import re

import pytest
from conftest import FACTS, LANGUAGES, POLICIES, ROOT

CONTACT = FACTS["contact"]

# Policies that show the block.
SHOWING = [
    policy
    for policy in POLICIES
    if "{{ contact." in (ROOT / "source" / f"{policy}.md").read_text(encoding="utf-8")
]
each_policy = pytest.mark.parametrize("policy", SHOWING)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def others_values(language):
    """Return what stands in the block of another language only."""
    own = " ".join(CONTACT[language].values())
    return [
        value
        for other in LANGUAGES
        for value in CONTACT[other].values()
        if value not in own
    ]


@each_policy
@each_language
def test_page_shows_its_languages_block_and_no_other(site, language, policy):
    text = site.article(language, policy).get_text()
    assert all(value in text for value in CONTACT[language].values())
    assert not any(value in text for value in others_values(language))


@each_policy
@each_language
def test_pdf_shows_its_languages_block_and_no_other(site, language, policy):
    text = "".join("".join(site.pdf_text(language, policy)).split())
    values = ["".join(value.split()) for value in CONTACT[language].values()]
    assert all(value in text for value in values)
    assert not any("".join(value.split()) in text for value in others_values(language))


@each_policy
@each_language
def test_postcode_and_address_phone_and_email_stand_on_a_line_each(
    site, language, policy
):
    block = CONTACT[language]
    lines = [line.text for line in site.article(language, policy).select(".line")]
    assert lines[0] == f"〒{block['zipcode']} {block['shortaddress']}"
    assert [line.endswith(block["phone"]) for line in lines] == [False, True, False]
    assert [line.endswith(block["email"]) for line in lines] == [False, False, True]


@each_policy
@each_language
def test_email_and_phone_are_links(site, language, policy):
    article = site.article(language, policy)
    email = article.select_one("a.contact-email")
    phone = article.select_one("a.contact-phone")
    assert email["href"] == f"mailto:{email.text}"
    assert email.text == CONTACT[language]["email"]
    assert re.fullmatch(r"tel:\+[0-9-]+", phone["href"])
    digits = re.sub(r"\D", "", CONTACT[language]["phone"]).removeprefix("0")
    assert re.sub(r"\D", "", phone["href"]).endswith(digits)


def test_no_catalog_holds_a_contact_value():
    for catalog in ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        text = catalog.read_text(encoding="utf-8")
        for language in LANGUAGES:
            assert not [value for value in CONTACT[language].values() if value in text]


SAMPLE = {
    "zipcode": "000-0000",
    "shortaddress": "見本町0-0-0",
    "phone": "03-0000-0000",
    "email": "privacy@example.jp",
}
REAL = {
    "zipcode": "100-0005",
    "shortaddress": "丸の内１丁目 & <b>*東京*</b> #1 50% \\ビル_{x}",
    "phone": "03-3210-1234",
    "email": "privacy+jp@iotone.jp",
}
NOTICE = {"en": "These contact details are samples", "ja": "この連絡先は見本です"}


def with_block(checkout, **values):
    """Give every language of *checkout* the block *values*."""
    with (checkout.path / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(f"\ncontact = dict.fromkeys(languages, {values!r})\n")


@pytest.mark.parametrize("sample", SAMPLE)
def test_every_sample_value_announces_itself(checkout, sample):
    with_block(checkout, **REAL | {sample: SAMPLE[sample]})
    result = checkout.make("html")
    assert result.returncode == 0, result.stderr
    for language, notice in NOTICE.items():
        page = checkout.path / "build/html" / language / "privacy-policy.html"
        assert notice in page.read_text(encoding="utf-8")


def test_changed_values_reach_every_page_and_pdf_and_no_catalog(checkout):
    """Also when they hold what Markdown, HTML and LaTeX would take for commands."""
    templates = "build/gettext/privacy-policy.pot"
    with_block(checkout, **SAMPLE)
    assert checkout.make("html", "gettext").returncode == 0
    before = (checkout.path / templates).read_bytes()

    with_block(checkout, **REAL)
    result = checkout.make("html", "latexpdf", "gettext")
    assert result.returncode == 0, result.stdout + result.stderr
    assert (checkout.path / templates).read_bytes() == before

    from conftest import Site

    site = Site(checkout.path / "build")
    for language, notice in NOTICE.items():
        page = site.article(language, "privacy-policy").get_text()
        pdf = "".join("".join(site.pdf_text(language, "privacy-policy")).split())
        for value in REAL.values():
            assert value in page
            assert "".join(value.split()) in pdf
        assert notice not in page
        assert "".join(notice.split()) not in pdf
