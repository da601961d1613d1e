"""The contact block: validated, substituted, and announced while it is a sample.

``contact`` in ``conf.py`` holds one block for each language. Policies write
``{{ contact.zipcode }}``, ``{{ contact.shortaddress }}``, ``{{ contact.phone }}``
and ``{{ contact.email }}``.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote

import phonenumbers
from docutils import nodes
from email_validator import EmailNotValidError, validate_email
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.locale import _
from sphinx.transforms import SphinxTransform

from policy_site.base import order
from policy_site.base.errors import UserError
from policy_site.text.placeholders import PLACEHOLDER

# -- What each value has to be -------------------------------------------------


def is_zipcode(value: str, region: str) -> object:
    return re.fullmatch(r"[0-9]{3}-[0-9]{4}", value)


def is_address(value: str, region: str) -> bool:
    # An ideographic space stands between street and building.
    return value.strip() == value != "" and value.replace("\u3000", " ").isprintable()


def is_phone(value: str, region: str) -> bool:
    # Nothing around it, such as TEL or （代）: all of it is the link that calls.
    if not re.fullmatch(r"\+?[0-9() -]+", value):
        return False
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number) or is_sample("phone", value)


def is_email(value: str, region: str) -> bool:
    try:
        validate_email(value, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


class Key(NamedTuple):
    """A key of the contact block, and what its values have to be."""

    is_right: Callable[[str, str], object]
    """Takes a value and the region of phone numbers."""
    expected: str
    sample: str
    """A pattern of what no real value looks like."""
    label: str = r"(?!)"
    """A pattern of the words after which readers expect it, in any language.

    ``translation/wording.py`` refuses a translation that has another value there.
    """
    is_optional: bool = False
    """A language may lack it. A line of a line block that would show it is left out."""


KEYS = {
    # No postcode starts with 000.
    "zipcode": Key(
        is_zipcode, "seven digits as NNN-NNNN", r"000-\d{4}", label="〒|郵便番号"
    ),
    # No building number is 0-0-0.
    "shortaddress": Key(is_address, "one line of text", r".*(?<!\d)0-0-0(?!\d).*"),
    # No subscriber has only zeros.
    "phone": Key(
        is_phone,
        "a phone number that exists and nothing else, such as 03-1234-5678",
        r".*\D0000-?0000",
        label="電話(?:番号)?|tel|phone|℡|☎",
    ),
    # These names are never anyone's: https://www.rfc-editor.org/rfc/rfc2606
    "email": Key(
        is_email,
        "an e-mail address",
        r".*@(.+\.)?(example(\.\w+)*|test|invalid)",
        label="メール(?:アドレス)?|e?-?mail",
    ),
}


def is_sample(key: str, value: str) -> bool:
    """Return whether *value* is one that cannot be real."""
    return bool(re.fullmatch(KEYS[key].sample, value))


def fault_of(key: str, block: dict[str, str], region: str) -> str | None:
    """Return what is wrong with *key* in *block*, for phone numbers of *region*."""
    if key not in KEYS:
        return f"unknown key, expected one of {', '.join(KEYS)}"
    known = KEYS[key]
    if key not in block:
        return None if known.is_optional else f"missing, expected {known.expected}"
    value = block[key]
    if not isinstance(value, str) or not known.is_right(value, region):
        return f"{value!r} is not {known.expected}"
    return None


def check(app: Sphinx, config: Config) -> None:
    """Check the blocks of all languages.

    Raises UserError with every fault: language, key, value, what is expected.
    """
    faults = []
    for language in config.languages:
        block = config.contact.get(language)
        if block is None:
            faults.append(f"{language}: no contact block, add contact[{language!r}]")
            continue
        for key in {**KEYS, **block}:
            if fault := fault_of(key, block, config.phone_region):
                faults.append(f"{language}.{key}: {fault}")
    if faults:
        raise UserError(
            "The contact block in conf.py is wrong:\n  " + "\n  ".join(faults)
        )


# -- In the text ---------------------------------------------------------------


def contact_value(app: Sphinx, name: str, docname: str) -> list[nodes.Node] | None:
    """Return the nodes for ``contact.KEY``; e-mail and phone are links."""
    group, _dot, key = name.partition(".")
    value = app.config.contact[app.config.language].get(key)
    if group != "contact" or value is None:
        return None
    classes = ["contact", f"contact-{key}"]
    if is_sample(key, value):
        classes.append("sample")
    if key == "email":
        # https://www.rfc-editor.org/rfc/rfc6068#section-2: the @ stays as it is.
        uri = "mailto:" + quote(value, safe="@")
    elif key == "phone":
        number = phonenumbers.parse(value, app.config.phone_region)
        uri = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.RFC3966)
    else:
        return [nodes.inline("", value, classes=classes)]
    return [nodes.reference("", value, refuri=uri, internal=False, classes=classes)]


class LeaveOutLines(SphinxTransform):
    """Leave out each line that would show an optional value which is not given."""

    default_priority = order.CONTACT_LINES

    def apply(self, **kwargs: Any) -> None:
        # The catalog template holds every line.
        if self.app.builder.name == "gettext":
            return
        given = self.config.contact[self.config.language]
        left_out = {
            f"contact.{key}"
            for key, known in KEYS.items()
            if known.is_optional and key not in given
        }
        for line in list(self.document.findall(nodes.line)):
            if left_out.intersection(PLACEHOLDER.findall(line.astext())):
                line.parent.remove(line)


def announce_samples(app: Sphinx, doctree: nodes.document) -> None:
    """Put a notice, in the page's language, before each block with a sample."""
    blocks = []
    for node in doctree.findall(
        lambda node: "sample" in getattr(node, "attributes", {}).get("classes", ())
    ):
        while not isinstance(node.parent, (nodes.section, nodes.document)):
            node = node.parent
        if node not in blocks:
            blocks.append(node)
    for block in blocks:
        notice = nodes.warning(
            "",
            nodes.paragraph(
                "",
                _(
                    "These contact details are samples and reach nobody. "
                    "The real ones are yet to be published here."
                ),
            ),
            classes=["sample-notice"],
        )
        block.parent.insert(block.parent.index(block), notice)


def show_addresses(app: Sphinx) -> None:
    # docutils would write the @ as %40, which RFC 6068 clients need not read.
    app.env.settings["cloak_email_addresses"] = False


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.base.languages")
    app.setup_extension("policy_site.text.placeholders")
    app.add_transform(LeaveOutLines)
    app.connect("config-inited", check)
    app.connect("builder-inited", show_addresses)
    app.connect("placeholder", contact_value)
    app.connect("doctree-read", announce_samples)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
