"""Excel: every cell written as text or as a plain number, never as a formula; one row in memory at a time."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlsxwriter

from invigil.kernel.points import Points
from invigil.serve.exports.model import Cell, Mark, Report, Sheet
from invigil.serve.exports.rules.cells import is_number, safe_text
from invigil.serve.exports.rules.marks import UNRELEASED, say_mark, say_short_mark

# xlsxwriter's constant-memory mode writes rows to temporary files; these are in clear, so they live in memory only.
_MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108 - not a disk; the folder made inside is ours alone
HEADER_ROW = 3
_LONGEST_HEADER = 255


def write_workbook(report: Report) -> bytes:
    """Return the .xlsx of a report: a sheet of sums, a sheet of rows, the mark above both, on every printed page and in the properties."""
    out = io.BytesIO()
    with _options() as options:
        workbook = xlsxwriter.Workbook(out, options)
        workbook.set_properties(
            {
                "title": safe_text(report.title),
                "author": safe_text(report.mark.taken_by),
                "subject": report.mark.export_id,
                "comments": safe_text(say_mark(report.mark)),
                "created": report.mark.taken_at.replace(tzinfo=None),
            }
        )
        workbook.set_custom_property("InvigilExport", report.mark.export_id)
        formats = {
            "title": workbook.add_format({"bold": True, "font_size": 14}),
            "mark": workbook.add_format({"font_color": "#C00000" if not report.mark.is_released else "#7F7F7F"}),
            "head": workbook.add_format({"bold": True, "bg_color": "#E7ECF4", "bottom": 1, "text_wrap": True}),
        }
        for sheet in (report.summary, report.details):
            _write_sheet(workbook, formats, report, sheet)
        workbook.close()
    return out.getvalue()


def _write_sheet(workbook: xlsxwriter.Workbook, formats: dict[str, Any], report: Report, sheet: Sheet) -> None:
    page = workbook.add_worksheet(sheet.title)
    _prepare_page(page, report.mark)
    for column, head in enumerate(sheet.columns):
        page.set_column(column, column, head.width)
    page.write_string(0, 0, safe_text(say_mark(report.mark)), formats["mark"])
    page.write_string(1, 0, safe_text(report.title), formats["title"])
    page.write_string(2, 0, safe_text("；".join([f"用途：{report.mark.purpose}", *report.notes])))
    for column, head in enumerate(sheet.columns):
        page.write_string(HEADER_ROW, column, safe_text(head.title), formats["head"])
    for number, row in enumerate(sheet.rows, start=HEADER_ROW + 1):
        for column, cell in enumerate(row):
            _write_cell(page, number, column, cell)
    page.freeze_panes(HEADER_ROW + 1, 0)
    if sheet.rows:
        page.autofilter(HEADER_ROW, 0, HEADER_ROW + len(sheet.rows), len(sheet.columns) - 1)


def _prepare_page(page: Any, mark: Mark) -> None:  # noqa: ANN401 - xlsxwriter has no types
    # "&" begins a command in headers; what is too long for one is cut at its end, the number comes first.
    said = f"{mark.export_id} {say_short_mark(mark)}".replace("&", "&&")[: _LONGEST_HEADER - 20]
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEADER_ROW)
    page.set_header(f"&C&8{'' if mark.is_released else UNRELEASED}")
    page.set_footer(f"&L&8{said}&R&8&P / &N")


def _write_cell(page: Any, row: int, column: int, cell: Cell) -> None:  # noqa: ANN401 - xlsxwriter has no types
    if cell is None or cell == "":
        return
    if is_number(cell):
        # Half points are exact in binary; this is the last place they pass through.
        page.write_number(row, column, cell.half_points / 2 if isinstance(cell, Points) else cell)
    else:
        page.write_string(row, column, safe_text(cell))


@contextmanager
def _options() -> Iterator[dict[str, Any]]:
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    if not _MEMORY_FOLDER.is_dir():
        yield {**safe, "in_memory": True}
        return
    with tempfile.TemporaryDirectory(dir=_MEMORY_FOLDER, prefix="invigil-") as folder:
        yield {**safe, "constant_memory": True, "tmpdir": folder}
