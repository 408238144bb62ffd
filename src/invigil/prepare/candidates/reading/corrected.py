"""The corrected-file download: the board's own rows, a column that says what is wrong, the bad cells marked."""

import io
from collections import defaultdict
from dataclasses import dataclass

import msgspec
import xlsxwriter

from invigil.prepare.candidates.model import Issue
from invigil.prepare.candidates.reading.tables import Sheet, read_sheets

TITLE = "错误说明"
_WIDEST = 60
_LONGEST_CELL = 32_000


@dataclass(frozen=True, slots=True)
class CorrectionOrder:
    """What to mark. header_rows: sheet → header row as Excel counts. only_errors: leave out rows that were right."""

    issues: list[Issue]
    header_rows: dict[str, int]
    only_errors: bool


def pack_correction(order: CorrectionOrder, file: bytes) -> bytes:
    """Return the payload of `write_corrected`."""
    return msgspec.json.encode(order) + b"\n" + file


def write_corrected(payload: bytes) -> bytes:
    """Return the marked workbook (.xlsx). Every cell is written as text, so none can be a formula (P15). Runs in the sandbox."""
    written, _, file = payload.partition(b"\n")
    order = msgspec.json.decode(written, type=CorrectionOrder)
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    formats = {
        "error": workbook.add_format({"bg_color": "#F8CBAD"}),
        "warning": workbook.add_format({"bg_color": "#FFE699"}),
        "said": workbook.add_format({"font_color": "#C00000", "text_wrap": True}),
        "title": workbook.add_format({"bold": True, "font_color": "#C00000"}),
    }
    for sheet in read_sheets(file):
        if sheet.name in order.header_rows:
            _write_sheet(workbook, formats, sheet, order)
    workbook.close()
    return out.getvalue()


def _write_sheet(
    workbook: xlsxwriter.Workbook, formats: dict[str, object], sheet: Sheet, order: CorrectionOrder
) -> None:
    page = workbook.add_worksheet(sheet.name[:31])
    header_row = order.header_rows[sheet.name]
    by_row: dict[int, list[Issue]] = defaultdict(list)
    for issue in order.issues:
        if issue.sheet == sheet.name:
            by_row[issue.row].append(issue)
    last = max((len(row) for row in sheet.rows), default=0)
    page.set_column(0, max(0, last - 1), 20)
    page.set_column(last, last, _WIDEST)
    at = 0
    for row, cells in enumerate(sheet.rows, start=1):
        issues = by_row.get(row, [])
        if order.only_errors and row > header_row and not any(issue.severity == "error" for issue in issues):
            continue
        marks = {
            issue.cell: formats[issue.severity] for issue in sorted(issues, key=lambda one: one.severity != "warning")
        }
        for column, cell in enumerate(cells):
            if cell or f"{_letters(column)}{row}" in marks:
                page.write_string(at, column, cell[:_LONGEST_CELL], marks.get(f"{_letters(column)}{row}"))
        if row == header_row:
            page.write_string(at, last, TITLE, formats["title"])
            page.freeze_panes(at + 1, 0)
        elif issues:
            page.write_string(at, last, "；".join(issue.zh for issue in issues)[:_LONGEST_CELL], formats["said"])
        at += 1


def _letters(column: int) -> str:
    return str(xlsxwriter.utility.xl_col_to_name(column))
