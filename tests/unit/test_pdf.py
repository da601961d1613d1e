"""What belongs together in a PDF is on one page: what the LaTeX of it asks for."""

import re

import pytest

from tests.unit.conftest import FRONT_MATTER

TABLE = "| Survey | Reward |\n|---|---|\n| Short | none |\n"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (f"## Rewards\n\n### Amounts\n\n{TABLE}", "Rewards"),
        (f"(r)=\n## Rewards\n\n(a)=\n### Amounts\n\n{TABLE}", "Rewards"),
        (f"## Rewards\n\nWe pay.\n\n### Amounts\n\nAll:\n\n{TABLE}", "Amounts"),
    ],
)
def test_headings_that_lead_to_a_table_stay_with_it(project, text, first):
    project.write("source/terms.md", f"{FRONT_MATTER}# Terms\n\nText.\n\n{text}")
    app = project.build("page.pdf", builder="latex", latex_theme="howto")
    [tex] = app.outdir.glob("*terms*.tex")
    body = tex.read_text(encoding="utf-8")
    [after] = re.findall(r"\\Needspace.*?\\(?:sub)*section\{([^}]*)\}", body, re.DOTALL)
    assert after == first
