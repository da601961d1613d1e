"""What reviewers get opens in their programs: a sheet in an office, a page on paper."""

import subprocess

import openpyxl
import pypdfium2
import pytest
from bs4 import BeautifulSoup

from tests.support import ROOT, TRANSLATIONS, run


@pytest.fixture(scope="module", params=TRANSLATIONS)
def tables(request):
    """The paths of the page and of the sheet of a language."""
    result = run("make", f"review-{request.param}")
    assert result.returncode == 0, result.stderr
    folder = ROOT / "build/review"
    return folder / f"{request.param}.html", folder / f"{request.param}.xlsx"


def cells(path):
    """Return what the cells of each sheet of the workbook *path* hold."""
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
        for sheet in book
    }


def test_libreoffice_opens_the_sheet_and_gives_the_same_rows_back(tables, tmp_path):
    _page, sheet = tables
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path]
    subprocess.run(
        ["soffice", profile, "--headless", *convert, sheet], check=True, timeout=120
    )
    found, given = cells(tmp_path / sheet.name), cells(sheet)
    assert found.keys() == given.keys()
    for title, rows in given.items():
        assert found[title] == rows
    for back in openpyxl.load_workbook(tmp_path / sheet.name):
        assert back.column_dimensions["I"].hidden
        assert not any(cell.data_type == "f" for row in back for cell in row)


def test_page_prints_on_a4_with_its_head_on_every_page(tables, browser):
    page, _sheet = tables
    head = BeautifulSoup(page.read_text(encoding="utf-8"), "html5lib").thead
    first = "".join(head.th.get_text().split())
    tab = browser.new_page()
    tab.goto(page.as_uri())
    pdf = pypdfium2.PdfDocument(tab.pdf(prefer_css_page_size=True))
    tab.close()
    assert len(pdf) > 2
    for printed in pdf:
        # 297 by 210 mm, in points.
        assert [round(size) for size in printed.get_size()] == pytest.approx(
            [842, 595], abs=1
        )
        text = printed.get_textpage().get_text_bounded()
        # The column is narrow.
        assert first in "".join(text.split())


def test_page_asks_for_nothing_and_fits(tables, browser):
    page, _sheet = tables
    requests = []
    tab = browser.new_page()
    tab.on("request", lambda request: requests.append(request.url))
    tab.on("console", lambda message: requests.append(message.text))
    tab.goto(page.as_uri())
    assert requests == [page.as_uri()]
    # No row is wider than the window.
    assert tab.evaluate("document.body.scrollWidth <= innerWidth")
    tab.close()


def test_page_has_room_for_both_languages_on_a_phone(tables, browser):
    page, _sheet = tables
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    tab.goto(page.as_uri())
    texts = tab.locator("td[lang]:not(:empty)")
    widths = texts.evaluate_all("cells => cells.map(cell => cell.clientWidth)")
    tab.close()
    assert min(widths) > 300
