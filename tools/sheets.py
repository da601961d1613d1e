"""The sheet of a review: written for Excel and LibreOffice, read as from a stranger.

What comes back is data. Its size is known before any of it is unpacked, its shape has
to be that of a sheet that went out, and of its cells only text is taken: no formula is
computed and no link followed.
"""

import io
import math
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE as UNWRITABLE
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from policy_site.base.errors import UserError

if TYPE_CHECKING:
    from tools.review import Row, Table

# The head of the hidden column that says to which message a row belongs.
IDENTITY = "policy review 1"
WIDTHS = [6, 20, 60, 60, 24, 36, 14, 14, 10]

FONTS: dict[str, dict[str, Any]] = {
    "strong": {"b": True},
    "em": {"i": True},
    "code": {"rFont": "Courier New"},
    "link": {"color": "FF0645AD"},
    "value": {"color": "FF1B6E2E"},
    "term": {"u": "single"},
    "del": {"strike": True, "color": "FFA00000"},
    "ins": {"color": "FF0050B0"},
}
FILLS = {
    name: PatternFill("solid", fgColor=color)
    for name, color in {
        "head": "FFE8E8E8",
        "heading": "FFF4F4F4",
        "fuzzy": "FFFFE9A8",
        "missing": "FFFFD0D0",
    }.items()
}
BORDER = Border(*[Side("thin", "FF999999")] * 4)


# -- Out ---------------------------------------------------------------------------


def rich(text: Sequence[tuple[str, list[str]]], **font: Any) -> CellRichText:
    """Return *text* with its looks. What is rich is never taken for a formula.

    A character that XML cannot hold, in what is fuzzy, is shown as a sign.
    """
    blocks = []
    for part, looks in text:
        own = dict(font)
        for look in looks:
            own |= FONTS[look]
        shown = UNWRITABLE.sub("\ufffd", part)
        blocks.append(TextBlock(InlineFont(sz=10, **own), shown))
    return CellRichText(blocks)


def write(tables: Sequence["Table"], labels: dict[str, str], native_name: str) -> bytes:
    """Return a workbook with a sheet for each of *tables*."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    head = [
        *(labels["number"], labels["state"], "English", native_name, labels["notes"]),
        *(labels["comment"], labels["who"], labels["when"], IDENTITY),
    ]
    for table in tables:
        # Excel allows no more than 31 characters, and none of these.
        title = re.sub(r"[\[\]:*?/\\]", " ", table.name)[:31]
        sheet = book.create_sheet(title)
        set_up(sheet)
        add(sheet, 1, head, FILLS["head"], bold=True)
        for number, row in enumerate(table.rows, start=2):
            add_row(sheet, number, row, labels)
        sheet.auto_filter.ref = sheet.dimensions
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


def set_up(sheet: Worksheet) -> None:
    for width, column in zip(WIDTHS, "ABCDEFGHI", strict=True):
        sheet.column_dimensions[column].width = width
    sheet.column_dimensions["I"].hidden = True
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    sheet.oddFooter.center.text = "&A  &P / &N"


def plain(text: Sequence[tuple[str, list[str]]]) -> str:
    return "".join(part for part, _looks in text)


def lines_of(text: str, width: int) -> int:
    """Return how many lines *text* takes in a column of *width* figures, about."""
    # https://www.unicode.org/reports/tr11/
    widths = [
        sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)
        for line in text.split("\n")
    ]
    return sum(max(1, math.ceil(wide / (0.9 * width))) for wide in widths)


def add_row(sheet: Worksheet, number: int, row: "Row", labels: dict[str, str]) -> None:
    state = labels[row.state] + (f" · {labels['changed']}" if row.changed else "")
    anchor = [f"#{row.anchor}"] if row.anchor else []
    notes = "\n".join([*anchor, row.notes]).strip()
    is_heading = row.kind == "heading"
    values: list[Any] = [row.number, state, row.english, row.translation, notes]
    values += ["", "", "", row.identity]
    fill = FILLS["heading"] if is_heading else None
    add(sheet, number, values, fill, bold=is_heading)
    # Programs do not find the height of a row by themselves, in all cases.
    texts = [plain(row.english), plain(row.translation), notes]
    lines = max(map(lines_of, texts, WIDTHS[2:5]))
    # In points; 409 is the most that Excel takes.
    sheet.row_dimensions[number].height = min(14 * lines + 3, 409)
    if row.state in FILLS:
        sheet.cell(number, 2).fill = FILLS[row.state]


def add(
    sheet: Worksheet,
    number: int,
    values: list[Any],
    fill: PatternFill | None,
    bold: bool,
) -> None:
    """Add a row. Text stays text, even where one edits a cell that begins with =."""
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(number, column)
        if isinstance(value, str):
            value = [(value, [])] if value else None
        cell.value = rich(value, b=bold) if isinstance(value, list) else value
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.quotePrefix = isinstance(value, list)
        cell.border, cell.font = BORDER, Font(sz=10, b=bold)
        if fill:
            cell.fill = fill


# -- Back --------------------------------------------------------------------------

# Far more than any review has. A zip file says how large its files are unpacked, and
# Python unpacks no more of them than it says. Columns beyond these are not read.
MOST_BYTES, MOST_UNPACKED, MOST_FILES = 10_000_000, 50_000_000, 500
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 100, 10_000, 50
LONGEST_COMMENT = 2_000


class Answer(NamedTuple):
    """A comment of a reviewer."""

    place: str
    identity: str
    english: str
    comment: str


def refuse(path: Path, why: str) -> UserError:
    return UserError(f"{path}: {why}. Nothing was taken from it.")


def check_size(path: Path) -> None:
    """Raise UserError when *path* is no workbook, or larger than any review."""
    if not path.is_file():
        raise refuse(path, "there is no such file")
    if path.stat().st_size > MOST_BYTES:
        raise refuse(path, f"it is larger than {MOST_BYTES:,} bytes")
    try:
        with zipfile.ZipFile(path) as parts:
            sizes = [part.file_size for part in parts.infolist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise refuse(path, "it is no workbook; save it as .xlsx") from None
    if len(sizes) > MOST_FILES or sum(sizes) > MOST_UNPACKED:
        raise refuse(path, f"unpacked, it is larger than {MOST_UNPACKED:,} bytes")


def read(
    path: Path, comment: Sequence[str], who: Sequence[str], when: Sequence[str]
) -> list[Answer]:
    """Return the comments in the workbook *path*, in the order of its rows.

    The others are what the head of each column may say. Raises UserError for whatever
    is not as it went out, and then nothing is returned.
    """
    check_size(path)
    answers: list[Answer] = []
    try:
        book = openpyxl.load_workbook(path, read_only=True, keep_links=False)
        sheets = book.worksheets
        if len(sheets) > MOST_SHEETS:
            raise refuse(path, f"it has more than {MOST_SHEETS} sheets")
        for sheet in sheets:
            answers += read_sheet(path, sheet, [comment, who, when])
        book.close()
    except UserError:
        raise
    except (
        *(AttributeError, EOFError, IndexError, KeyError, OSError, TypeError),
        *(ValueError, ParseError, zipfile.BadZipFile, NotImplementedError),
    ):
        raise refuse(path, "it is damaged, or no workbook; save it anew") from None
    return answers


def read_sheet(path: Path, sheet: Any, heads: list[Sequence[str]]) -> Iterator[Answer]:
    """Yield the comments of *sheet*; raises UserError when it has another shape."""
    # A sheet may state a wrong size; without it, the rows themselves are read.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_col=MOST_COLUMNS)
    head = [str(cell.value or "") for cell in next(rows, ())]
    if IDENTITY not in head:
        raise refuse(
            path,
            f"sheet {sheet.title}: row 1 is not that of a sheet of make review, or the "
            "hidden last column was deleted",
        )
    columns = [
        next((head.index(name) for name in names if name in head), None)
        for names in heads
    ]
    if columns[0] is None:
        names = " or ".join(dict.fromkeys(heads[0]))
        raise refuse(path, f"sheet {sheet.title}: no column is named {names}")
    identity, english = head.index(IDENTITY), head.index("English")
    for number, row in enumerate(rows, start=2):
        if number > MOST_ROWS:
            raise refuse(path, f"sheet {sheet.title}: it has over {MOST_ROWS} rows")
        texts = [
            text_of(path, sheet, row[column])
            if column is not None and column < len(row)
            else ""
            for column in columns
        ]
        if not texts[0]:
            continue
        by = ", ".join(filter(None, texts[1:]))
        yield Answer(
            f"{sheet.title}, row {number}",
            text_at(row, identity),
            text_at(row, english),
            f"{texts[0]} ({by})" if by else texts[0],
        )


def text_at(row: Sequence[Any], column: int) -> str:
    return str(row[column].value or "") if column < len(row) else ""


def text_of(path: Path, sheet: Any, cell: Any) -> str:
    """Return the text of *cell* in one line; raises UserError for what is no text."""
    if isinstance(cell.value, (datetime, date)):
        return cell.value.strftime("%Y-%m-%d")
    where = f"sheet {sheet.title}, cell {getattr(cell, 'coordinate', '')}"
    if cell.data_type == "f":
        raise refuse(path, f"{where}: a formula; write it as text")
    text = " ".join(str(cell.value if cell.value is not None else "").split())
    if len(text) > LONGEST_COMMENT:
        raise refuse(path, f"{where}: more than {LONGEST_COMMENT} characters")
    for character in text:
        if unicodedata.category(character)[0] == "C":
            name = unicodedata.name(character, "a control character")
            raise refuse(
                path,
                f"{where}: it has the invisible U+{ord(character):04X}, {name}; "
                "delete it",
            )
    return text
