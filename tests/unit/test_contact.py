"""The contact block: what it may hold, what is said of the rest, and how it is shown."""

from html import unescape
from types import SimpleNamespace

import pytest

from policy_site.base.errors import UserError
from policy_site.text import contact

SAMPLE = {
    "zipcode": "000-0000",
    "shortaddress": "見本町0-0-0",
    "phone": "03-0000-0000",
    "email": "privacy@example.jp",
}
REAL = {
    "zipcode": "100-0005",
    "shortaddress": "東京都千代田区丸の内1-2-3\u3000丸の内ビル9階",
    "phone": "03-3210-1234",
    "email": "privacy@iotone.jp",
}


def check(**blocks):
    config = SimpleNamespace(
        languages=["en", "ja"],
        contact={"en": REAL, "ja": REAL} | blocks,
        phone_region="JP",
    )
    contact.check(None, config)


@pytest.mark.parametrize("key", REAL)
@pytest.mark.parametrize("block", [SAMPLE, REAL], ids=["sample", "real"])
def test_only_samples_are_taken_for_samples(key, block):
    assert contact.is_sample(key, block[key]) == (block is SAMPLE)


@pytest.mark.parametrize(
    "key, value",
    [
        *SAMPLE.items(),
        *REAL.items(),
        ("shortaddress", "1-2-3 Marunouchi, Chiyoda-ku, Tokyo"),
        ("shortaddress", "丸の内１丁目 & <b>*東京*</b> #1 50% \\ビル_{x}"),
        ("phone", "+81-3-3210-1234"),
        ("phone", "(03) 3210 1234"),
        ("phone", "(03) 1234-5678"),
        ("phone", "0120-444-444"),
        ("phone", "+44 20 7946 0018"),
        ("email", "privacy+jp@mail.iotone.co.jp"),
        ("email", "O'Neil@iotone.jp"),
    ],
)
def test_right_value_passes(key, value):
    check(ja=REAL | {key: value})


@pytest.mark.parametrize(
    "key, value, said",
    [
        ("zipcode", "1000001", "'1000001' is not seven digits as NNN-NNNN"),
        ("zipcode", "１００-０００１", "is not seven digits as NNN-NNNN"),
        ("phone", "03-1234", "'03-1234' is not a phone number"),
        ("phone", "ask reception", "'ask reception' is not a phone number"),
        ("phone", 312345678, "312345678 is not a phone number"),
        ("email", "privacy@", "'privacy@' is not an e-mail address"),
        ("phone", "03-1234-5678（代）", "is not a phone number"),
        ("phone", "03-1234-5678(代表)", "is not a phone number"),
        ("phone", "TEL 03-1234-5678", "is not a phone number"),
        ("phone", "03－1234－5678", "is not a phone number"),
        ("phone", "03\u22121234\u22125678", "is not a phone number"),
        ("phone", "０３-1234-5678", "is not a phone number"),
        ("shortaddress", "東京都\n千代田区", "is not one line of text"),
        ("shortaddress", "東京都\u3000", "is not one line of text"),
        ("shortaddress", "東京都\u200b千代田区", "is not one line of text"),
        ("shortaddress", "", "'' is not one line of text"),
        ("telex", "03-1234-5678", "unknown key, expected one of zipcode, shortaddress"),
    ],
)
def test_wrong_value_is_named_with_what_is_expected(key, value, said):
    with pytest.raises(UserError, match=rf"(?s)conf.py.*\n  ja\.{key}: .*{said}"):
        check(ja=REAL | {key: value})


@pytest.mark.parametrize("key", REAL)
def test_missing_value_is_named_with_what_is_expected(key):
    block = {name: value for name, value in REAL.items() if name != key}
    with pytest.raises(UserError, match=rf"ja\.{key}: missing, expected .+"):
        check(ja=block)


def test_optional_value_may_be_missing_and_is_checked(project, monkeypatch):
    fax = contact.KEYS["phone"]._replace(is_optional=True)
    monkeypatch.setitem(contact.KEYS, "fax", fax)
    check(ja=REAL)
    check(ja=REAL | {"fax": "03-3210-1235"})
    with pytest.raises(UserError, match=r"ja\.fax: '03' is not a phone number"):
        check(ja=REAL | {"fax": "03"})
    lines = "TEL: {{ contact.phone }}\nFAX: {{ contact.fax }}"
    block = f"```{{line-block}}\n{lines}\n```"
    page = build(project, block, REAL)
    assert "TEL: " in page and "FAX: " not in page
    assert "FAX: " in build(project, block, REAL | {"fax": "03-3210-1235"})
    project.write("source/index.md", "# Index\n\n{{ contact.fax }}\n")
    app = project.build("text.contact", contact={"en": REAL}, phone_region="JP")
    said = "index.md:3: WARNING: unknown placeholder {{ contact.fax }}"
    assert said in app.warning.getvalue()


def test_missing_block_is_named():
    with pytest.raises(UserError, match=r"add contact\['ja'\]"):
        check(ja=None)


def test_all_mistakes_are_named_at_once():
    with pytest.raises(UserError) as error:
        check(en=REAL | {"phone": "03", "telex": "1"}, ja={"zipcode": "1"})
    said = str(error.value)
    for part in ("en.phone", "en.telex", "ja.zipcode", "ja.email: missing"):
        assert f"\n  {part}" in said


# -- In the text ---------------------------------------------------------------


def build(project, text, block):
    project.write("source/index.md", f"# Index\n\n{text}\n")
    app = project.build("text.contact", contact={"en": block}, phone_region="JP")
    assert app.warning.getvalue() == ""
    return unescape((app.outdir / "index.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("key", SAMPLE)
def test_every_sample_value_announces_itself(project, key):
    text = " ".join(f"{{{{ contact.{name} }}}}" for name in SAMPLE)
    notice = "These contact details are samples"
    assert notice not in build(project, text, REAL)
    assert build(project, text, REAL | {key: SAMPLE[key]}).count(notice) == 1


@pytest.mark.parametrize(
    "key, value, link",
    [
        ("email", "privacy+jp@iotone.jp", "mailto:privacy%2Bjp@iotone.jp"),
        ("phone", "03-3210-1234", "tel:+81-3-3210-1234"),
        ("phone", "+44 20 7946 0018", "tel:+44-20-7946-0018"),
    ],
)
def test_email_and_phone_are_links_to_what_they_say(project, key, value, link):
    page = build(project, f"{{{{ contact.{key} }}}}", REAL | {key: value})
    assert f'href="{link}">{value}</a>' in page
