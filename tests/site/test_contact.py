"""The contact block of conf.py stands on every page and in every PDF as it should."""

import re
from itertools import product

import pytest

from tests.support import (
    FACTS,
    KNOWN_LANGUAGES,
    LANGUAGES,
    POLICIES,
    ROOT,
    Site,
    source,
)

CONTACT = FACTS["contact"]

# The keys of the block that each policy shows.
SHOWN = {
    policy: set(
        re.findall(
            r"{{ contact\.(\w+) }}",
            source(policy),
        )
    )
    for policy in POLICIES
}
each_page = pytest.mark.parametrize(
    "language, policy",
    [(each, policy) for each, policy in product(LANGUAGES, POLICIES) if SHOWN[policy]],
)


def own_values(language, policy):
    block = CONTACT[language]
    return [block[key] for key in SHOWN[policy] if key in block]


def others_values(language):
    """Return what stands in the block of another language only."""
    own = " ".join(CONTACT[language].values())
    return [
        value
        for other in LANGUAGES
        for value in CONTACT[other].values()
        if value not in own
    ]


@each_page
def test_page_shows_its_languages_block_and_no_other(site, language, policy):
    text = site.article(language, policy).get_text()
    assert all(value in text for value in own_values(language, policy))
    assert not any(value in text for value in others_values(language))


@each_page
def test_pdf_shows_its_languages_block_and_no_other(site, language, policy):
    def squeeze(text):
        return "".join(text.split())

    text = squeeze("".join(site.pdf_text(language, policy)))
    assert all(squeeze(value) in text for value in own_values(language, policy))
    assert not any(squeeze(value) in text for value in others_values(language))


@each_page
def test_email_and_phone_are_links(site, language, policy):
    article = site.article(language, policy)
    for email in article.select("a.contact-email"):
        assert email["href"].startswith("mailto:")
        assert email.text == CONTACT[language]["email"]
    for phone in article.select("a.contact-phone"):
        assert re.fullmatch(r"tel:\+[0-9-]+(;ext=[0-9]+)?", phone["href"])
        assert phone.text == CONTACT[language]["phone"]
    linked = {key for key in CONTACT["en"] if article.select(f"a.contact-{key}")}
    assert linked == {"email", "phone"} & SHOWN[policy]


def test_no_catalog_holds_a_contact_value():
    for catalog in ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        text = catalog.read_text(encoding="utf-8")
        for language in LANGUAGES:
            assert not [value for value in CONTACT[language].values() if value in text]


@pytest.mark.parametrize("language", KNOWN_LANGUAGES)
def test_postcode_and_address_phone_and_email_stand_on_a_line_each(
    known_site, language
):
    block = known_site.facts["contact"][language]
    article = known_site.article(language, "privacy-policy")
    lines = [line.text for line in article.select(".line")]
    assert lines[0] == f"〒{block['zipcode']} {block['shortaddress']}"
    assert [line.endswith(block["phone"]) for line in lines] == [False, True, False]
    assert [line.endswith(block["email"]) for line in lines] == [False, False, True]


REAL = {
    "zipcode": "100-0005",
    "shortaddress": "丸の内１丁目 & <b>*東京*</b> #1 50% \\ビル_{x}",
    "phone": "03-3210-1234",
    "email": "privacy+jp@iotone.jp",
}
NOTICE = {"en": "These contact details are samples", "ja": "この連絡先は見本です"}


def test_sample_values_announce_themselves_on_the_page_and_in_the_pdf(known_site):
    for language, notice in NOTICE.items():
        article = known_site.article(language, "privacy-policy")
        [shown] = article.select(".sample-notice")
        assert notice in shown.text
        pdf = "".join(known_site.pdf_text(language, "privacy-policy"))
        assert "".join(notice.split()) in "".join(pdf.split())


def test_changed_values_reach_every_page_and_pdf_and_no_catalog(checkout):
    """Also when they hold what Markdown, HTML and LaTeX would take for commands."""
    templates = "build/gettext/privacy-policy.pot"
    assert checkout.make("gettext").returncode == 0
    before = (checkout.path / templates).read_bytes()

    checkout.configure(f"contact = dict.fromkeys(languages, {REAL!r})")
    result = checkout.make("html", "latexpdf", "gettext")
    assert result.returncode == 0, result.stdout + result.stderr
    assert (checkout.path / templates).read_bytes() == before

    site = Site(checkout.path)
    for language, notice in NOTICE.items():
        page = site.article(language, "privacy-policy").get_text()
        pdf = "".join("".join(site.pdf_text(language, "privacy-policy")).split())
        for value in REAL.values():
            assert value in page
            assert "".join(value.split()) in pdf
        assert notice not in page
        assert "".join(notice.split()) not in pdf
