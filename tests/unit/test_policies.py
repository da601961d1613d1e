"""Policies: what their front matter must have, and where its date goes."""

import pytest

from policy_site.base.errors import UserError

FRONT_MATTER = "title: Terms\nupdated: 2026-02-03\n"


def write(project, front_matter=FRONT_MATTER):
    project.write(
        "source/terms.md",
        f"---\n{front_matter}---\n\n(terms)=\n# Our Terms\n\nSince {{{{ updated }}}}.\n",
    )


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("updated: 2026-02-03", "updated: 28 Jan 2025", "updated: .*'28 Jan 2025'"),
        ("updated: 2026-02-03\n", "", "updated: 2025-01-28"),
        ("title: Terms\n", "", "title: Terms of Use"),
        ("title: Terms", "title: [", "not valid YAML"),
        ("title: Terms", "title: Terms\ndate: long ago", "date: .*'long ago'"),
    ],
)
def test_wrong_front_matter_is_named_with_its_file(project, old, new, said):
    write(project, FRONT_MATTER.replace(old, new))
    with pytest.raises(UserError, match=rf"terms\.md:\d: .*{said}"):
        project.build("text.policies")


@pytest.mark.parametrize(
    "language, form, shown",
    [
        ("en", "medium", "Feb 3, 2026"),
        ("en", "long", "February 3, 2026"),
        ("ja", "long", "2026年2月3日"),
        ("fr", "long", "3 février 2026"),
    ],
)
def test_date_is_shown_in_the_form_of_the_language(project, language, form, shown):
    write(project)
    app = project.build(
        "text.policies",
        language=language,
        languages=["en", language],
        date_format={language: form},
    )
    assert f'Since <span class="date">{shown}</span>.' in (
        (app.outdir / "terms.html").read_text(encoding="utf-8")
    )


def test_short_title_is_that_of_the_browser_and_the_long_one_of_the_page(project):
    write(project)
    app = project.build("text.policies", html_title="Policies")
    page = (app.outdir / "terms.html").read_text(encoding="utf-8")
    assert "<title>Terms" in page
    assert "<h1>Our Terms" in page


def test_each_policy_is_a_latex_document(project):
    write(project)
    app = project.build(
        "text.policies",
        builder="latex",
        pdf_prefix="a",
        localized={"latex_elements": {"en": {}}},
    )
    [(docname, file, *_rest)] = app.config.latex_documents
    assert (docname, file) == ("terms", "a-terms-en.tex")
    assert (app.outdir / file).is_file()


def test_name_of_the_company_is_no_latex(project):
    write(project)
    app = project.build(
        "text.policies",
        builder="latex",
        localized={
            "author": {"en": "A_B & 100% Inc."},
            "latex_elements": {"en": {}},
        },
    )
    text = next(app.outdir.glob("*-terms-en.tex")).read_text(encoding="utf-8")
    assert r"\author{A\_B \& 100\% Inc.}" in text
