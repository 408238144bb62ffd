"""PDF: for signing and filing; who took it and when stands across every page in grey."""

from invigil.platform.documents import render_pdf
from invigil.serve.exports.model import PdfTooLong, Report, Sheet
from invigil.serve.exports.rules.cells import safe_text
from invigil.serve.exports.rules.marks import say_mark, say_short_mark

TEMPLATE = "serve/exports/writing/export.typ"
# About 100 pages; Typst lays a table out in one piece.
MOST_ROWS = 3_000


async def write_pdf(report: Report) -> bytes:
    """Return the PDF of a report: sums, then rows.

    Raises: PdfTooLong - more rows than a document to be signed should have.
    """
    if len(report.details.rows) > MOST_ROWS:
        raise PdfTooLong(limit=MOST_ROWS, rows=len(report.details.rows))
    values = {
        "title": safe_text(report.title),
        "mark": say_mark(report.mark),
        "across": say_short_mark(report.mark),
        "purpose": report.mark.purpose,
        "notes": list(report.notes),
        "sheets": [_sheet(report.summary), _sheet(report.details)],
    }
    return await render_pdf(TEMPLATE, values)


def _sheet(sheet: Sheet) -> dict[str, object]:
    return {
        "title": sheet.title,
        "columns": [column.title for column in sheet.columns],
        "widths": [column.width for column in sheet.columns],
        "rows": [["" if cell is None else str(cell) for cell in row] for row in sheet.rows],
    }
