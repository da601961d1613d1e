"""Placeholders: what they become, and what is said of one that nobody knows."""

import pytest
from docutils import nodes

from policy_site.text import placeholders


def resolve(name, text):
    return {"one": [nodes.inline("", "<1>")], "none": []}.get(name)


@pytest.mark.parametrize(
    "text, shown",
    [
        ("{{ one }}", "<1>"),
        ("{{one}} and {{  one  }}.", "<1> and <1>."),
        ("Before {{ none }}after", "Before after"),
        ("{{ other }}", "{{ other }}"),
        ("{ one } {{ one }", "{ one } {{ one }"),
    ],
)
def test_placeholder_becomes_its_value_and_anything_else_stays(text, shown):
    paragraph = nodes.paragraph("", text)
    placeholders.substitute(paragraph, resolve)
    assert paragraph.astext() == shown


def test_unknown_placeholder_is_named_with_its_line(project):
    project.write("source/index.md", "# Index\n\nCall\n{{ contact.fone }}.\n")
    app = project.build("text.placeholders")
    said = app.warning.getvalue()
    assert "index.md:3: " in said and "unknown placeholder {{ contact.fone }}" in said


def test_template_of_a_catalog_holds_the_placeholder(project):
    project.write("source/index.md", "# Index\n\nCall {{ contact.phone }}.\n")
    app = project.build("text.placeholders", builder="gettext")
    template = (app.outdir / "index.pot").read_text(encoding="utf-8")
    assert 'msgid "Call {{ contact.phone }}."' in template
