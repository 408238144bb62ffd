"""From the bytes of .xlsx, .xls or .csv to text, cell by cell."""

import csv
import io
import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import python_calamine

from invigil.platform.sandbox import check_archive
from invigil.prepare.candidates.model import FileKindUnknown, WorkbookTooLong

MOST_ROWS = 100_000
MOST_COLUMNS = 200
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# Excel keeps 15 digits; a longer number has lost its end.
_EXACT_BELOW = 10**15


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as text, from its first row and column.

    merged: ranges as (first row, first column, last row, last column), from 0.
    """

    name: str
    is_hidden: bool
    rows: list[list[str]]
    merged: list[tuple[int, int, int, int]]


def read_sheets(file: bytes) -> list[Sheet]:
    """Return every worksheet of the file.

    Raises: FileKindUnknown; WorkbookTooLong; the refusals of `check_archive`; whatever calamine raises (the sandbox turns it
    into SandboxCrashed).
    """
    if file.startswith(_ZIP):
        check_archive(file)
        return _read_workbook(file)
    if file.startswith(_OLE):
        return _read_workbook(file)
    return [Sheet("CSV", is_hidden=False, rows=_read_csv(file), merged=[])]


def _read_workbook(file: bytes) -> list[Sheet]:
    workbook = python_calamine.load_workbook(io.BytesIO(file))
    sheets: list[Sheet] = []
    rows_left = MOST_ROWS
    for place, facts in enumerate(workbook.sheets_metadata):
        if facts.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_index(place)
        height = 0 if sheet.end is None else sheet.end[0] + 1
        if height > rows_left:
            raise WorkbookTooLong(limit=MOST_ROWS)
        rows_left -= height
        rows = [[_text(cell) for cell in row[:MOST_COLUMNS]] for row in sheet.to_python(skip_empty_area=False)]
        merged = [(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or []]
        is_hidden = facts.visible != python_calamine.SheetVisibleEnum.Visible
        sheets.append(Sheet(facts.name, is_hidden, rows, merged))
    return sheets


def _text(cell: str | float | bool | date | datetime | time | timedelta) -> str:  # noqa: FBT001 - a cell can be a boolean
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return _number_text(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)


def _number_text(number: float) -> str:
    if not math.isfinite(number):
        return ""
    if abs(number) >= _EXACT_BELOW:
        return f"{number:.5E}"
    return str(int(number)) if number == int(number) else repr(number)


def _read_csv(file: bytes) -> list[list[str]]:
    text = _decode(file)
    first_line = text.split("\n", 1)[0]
    delimiter = max(",\t;，", key=first_line.count)
    rows: list[list[str]] = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        if len(rows) >= MOST_ROWS:
            raise WorkbookTooLong(limit=MOST_ROWS)
        # Excel's ="0123" keeps a number as text in CSV.
        rows.append([_unquote(cell) for cell in row[:MOST_COLUMNS]])
    return rows


def _unquote(cell: str) -> str:
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell


def _decode(file: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if file[:2] in (b"\xff\xfe", b"\xfe\xff") else "gb18030", "gb18030"):
        try:
            text = file.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise FileKindUnknown
