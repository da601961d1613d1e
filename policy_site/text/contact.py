"""The contact block: validated, substituted, and announced while it is a sample.

``contact`` in ``conf.py`` holds one block for each language. Policies write
``{{ contact.zipcode }}``, ``{{ contact.shortaddress }}``, ``{{ contact.phone }}``
and ``{{ contact.email }}``.
"""

import re
from urllib.parse import quote

import phonenumbers
from docutils import nodes
from email_validator import EmailNotValidError, validate_email
from sphinx.locale import _
from sphinx.util import logging

from policy_site.base.errors import UserError

logger = logging.getLogger(__name__)


# -- What each value has to be -------------------------------------------------


def is_zipcode(value, region):
    return re.fullmatch(r"[0-9]{3}-[0-9]{4}", value)


def is_address(value, region):
    return value.strip() == value != "" and value.isprintable()


def is_phone(value, region):
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number) or is_sample("phone", value)


def is_email(value, region):
    try:
        validate_email(value, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


KEYS = {
    "zipcode": (is_zipcode, "seven digits as NNN-NNNN"),
    "shortaddress": (is_address, "one line of text"),
    "phone": (is_phone, "a phone number that exists, such as 03-1234-5678"),
    "email": (is_email, "an e-mail address"),
}

# What no real value looks like: no postcode starts with 000, no building number
# is 0-0-0, no subscriber has only zeros, and example.jp (like RFC 2606's
# example.com and .test) is never anyone's.
SAMPLES = {
    "zipcode": re.compile(r"000-\d{4}"),
    "shortaddress": re.compile(r".*(?<!\d)0-0-0(?!\d).*"),
    "phone": re.compile(r".*\D0000-?0000"),
    "email": re.compile(r".*@(.+\.)?(example(\.\w+)*|test|invalid)"),
}


def is_sample(key, value):
    """Return whether *value* is one that cannot be real."""
    return bool(SAMPLES[key].fullmatch(value))


def check(app, config):
    """Check the blocks of all languages.

    Raises UserError with every fault: language, key, value, what is expected.
    """
    faults = []
    for language in config.languages:
        block = config.contact.get(language)
        if block is None:
            faults.append(f"{language}: no contact block, add contact[{language!r}]")
            continue
        for key in [*KEYS, *(key for key in block if key not in KEYS)]:
            if key not in KEYS:
                faults.append(
                    f"{language}.{key}: unknown key, expected one of {', '.join(KEYS)}"
                )
            elif key not in block:
                faults.append(f"{language}.{key}: missing, expected {KEYS[key][1]}")
            else:
                value, (is_right, expected) = block[key], KEYS[key]
                if not isinstance(value, str) or not is_right(
                    value, config.phone_region
                ):
                    faults.append(f"{language}.{key}: {value!r} is not {expected}")
    if faults:
        raise UserError(
            "The contact block in conf.py is wrong:\n  " + "\n  ".join(faults)
        )


# -- In the text ---------------------------------------------------------------


def substitute(app, name, docname):
    """Return the nodes for ``contact.KEY``; e-mail and phone are links."""
    group, _dot, key = name.partition(".")
    if group != "contact" or key not in KEYS:
        return None
    value = app.config.contact[app.config.language][key]
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


def announce_samples(app, doctree):
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


def show_addresses(app):
    # docutils would write the @ as %40, which RFC 6068 clients need not read.
    app.env.settings["cloak_email_addresses"] = False


def setup(app):
    app.setup_extension("policy_site.base.languages")
    app.setup_extension("policy_site.text.placeholders")
    app.connect("config-inited", check)
    app.connect("builder-inited", show_addresses)
    app.connect("placeholder", substitute)
    app.connect("doctree-read", announce_samples)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
