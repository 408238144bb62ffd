"""CSV: UTF-8 with a byte order mark, as Excel and WPS open it; the mark in the last column of every row.

The mark is a column, not a comment line: a comment would break programs that read the file, and is lost with the first row.
"""

import csv
import io

from invigil.serve.exports.model import Report
from invigil.serve.exports.rules.cells import safe_text
from invigil.serve.exports.rules.marks import say_short_mark

MARK_TITLE = "导出标记"


def write_csv(report: Report) -> bytes:
    """Return the details as CSV, every field quoted, lines ended by CR LF (RFC 4180). The sums are not in it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    mark = safe_text(say_short_mark(report.mark))
    writer.writerow([*(safe_text(column.title) for column in report.details.columns), MARK_TITLE])
    for row in report.details.rows:
        writer.writerow([*(safe_text(cell) for cell in row), mark])
    return b"\xef\xbb\xbf" + out.getvalue().encode()
