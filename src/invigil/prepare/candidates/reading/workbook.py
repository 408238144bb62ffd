"""The sandbox entry that reads a board's workbook: sheets → header → registrations and issues."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date

import msgspec

from invigil.kernel.words import Words
from invigil.prepare.candidates.model import Field, HeaderNotFound, Issue, Registration
from invigil.prepare.candidates.reading.tables import Sheet, read_sheets
from invigil.prepare.candidates.rules.cells import clean_text, column_letters
from invigil.prepare.candidates.rules.duplicates import find_duplicates_in_file
from invigil.prepare.candidates.rules.headers import HEADER_SEARCH_ROWS, Header, find_header
from invigil.prepare.candidates.rules.rows import RowReader, SkippedRow

PREVIEW_ROWS = 10
# Merged downwards, these mean "the same for all"; a merged name or number means nothing for the other rows.
_FILLED_DOWN = (Field.EMPLOYER, Field.SUBJECT)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read. today: ISO date. subjects: codes of the examination. default_subject: for files without such a column."""

    today: str
    subjects: tuple[str, ...]
    default_subject: str


@dataclass(frozen=True, slots=True)
class ColumnFound:
    """What a column was understood as; field "" when it is not used."""

    letters: str
    title: str
    field: str
    is_repeated: bool


@dataclass(frozen=True, slots=True)
class SheetFound:
    """One sheet as it was understood.

    header_row: as Excel counts, 0 when there is none. first_rows: cells as written. reason_zh, reason_en: why it is not used.
    """

    name: str
    is_used: bool
    reason_zh: str
    header_row: int
    columns: list[ColumnFound]
    first_rows: list[list[str]]
    rows: int
    reason_en: str = ""


@dataclass(slots=True)
class Findings:
    """Everything found in the file. columns_of: sheet → field → column letters."""

    sheets: list[SheetFound] = dataclass_field(default_factory=list)
    registrations: list[Registration] = dataclass_field(default_factory=list)
    issues: list[Issue] = dataclass_field(default_factory=list)
    skipped: list[SkippedRow] = dataclass_field(default_factory=list)
    columns_of: dict[str, dict[str, str]] = dataclass_field(default_factory=dict)

    def address(self, one: Registration, field: Field) -> str:
        """Return the cell of a registration's field; "" when its sheet has no such column."""
        letters = self.columns_of.get(one.sheet, {}).get(field, "")
        return f"{letters}{one.row}" if letters else ""


def pack_order(options: ReadOptions, file: bytes) -> bytes:
    """Return the payload of `read_candidates`."""
    return msgspec.json.encode(options) + b"\n" + file


def read_candidates(payload: bytes) -> bytes:
    """Read the workbook in the payload and return `Findings` as JSON. Runs in the sandbox."""
    order, _, file = payload.partition(b"\n")
    options = msgspec.json.decode(order, type=ReadOptions)
    return msgspec.json.encode(find_candidates(read_sheets(file), options))


def unpack_findings(answer: bytes) -> Findings:
    """Return what `read_candidates` answered."""
    return msgspec.json.decode(answer, type=Findings)


def find_candidates(sheets: Sequence[Sheet], options: ReadOptions) -> Findings:
    """Return the findings of all sheets.

    Raises: HeaderNotFound - no visible sheet has a header row.
    """
    found = Findings()
    for sheet in sheets:
        header = None if sheet.is_hidden else find_header(sheet.rows)
        if header is None:
            found.sheets.append(_unused(sheet))
        else:
            _read_sheet(sheet, header, options, found)
    if not found.columns_of:
        raise HeaderNotFound(rows=HEADER_SEARCH_ROWS, sheets="、".join(sheet.name for sheet in sheets) or "无")
    again = find_duplicates_in_file(found.registrations, found.address)
    found.issues.extend(again)
    found.registrations = without_errors(found.registrations, again)
    return found


def without_errors(registrations: Sequence[Registration], issues: Sequence[Issue]) -> list[Registration]:
    """Return the registrations whose rows have no error among these issues."""
    wrong = {(issue.sheet, issue.row) for issue in issues if issue.severity == "error"}
    return [one for one in registrations if (one.sheet, one.row) not in wrong]


def _unused(sheet: Sheet) -> SheetFound:
    if sheet.is_hidden:
        reason = Words("隐藏的工作表，未读取", "Hidden, not read")
    elif not any(clean_text(cell) for row in sheet.rows for cell in row):
        reason = Words("空工作表", "Empty")
    else:
        reason = Words(
            "没有找到同时含“姓名”和“身份证号”的表头，未读取",
            "No header with both 姓名 and 身份证号 was found; not read",
        )
    return SheetFound(sheet.name, False, reason.zh, 0, [], [], 0, reason.en)  # noqa: FBT003 - named in the class


def _read_sheet(sheet: Sheet, header: Header, options: ReadOptions, found: Findings) -> None:
    reader = RowReader(
        sheet.name,
        header,
        subjects=options.subjects,
        default_subject=options.default_subject,
        today=date.fromisoformat(options.today),
    )
    _fill_down(sheet, header)
    findings = reader.read(sheet.rows)
    found.registrations.extend(findings.registrations)
    found.issues.extend(findings.issues)
    found.skipped.extend(findings.skipped)
    found.columns_of[sheet.name] = {
        one: column_letters(at) for one in Field if (at := header.index_of(one)) is not None
    }
    repeated = {column.index for column in header.repeated}
    columns = [
        ColumnFound(column.letters, column.title, column.field or "", column.index in repeated)
        for column in header.columns
    ]
    first_rows = sheet.rows[header.row + 1 : header.row + 1 + PREVIEW_ROWS]
    found.sheets.append(SheetFound(sheet.name, True, "", header.row + 1, columns, first_rows, findings.rows))  # noqa: FBT003 - named in the class


def _fill_down(sheet: Sheet, header: Header) -> None:
    columns = {header.index_of(field) for field in _FILLED_DOWN} - {None}
    for top, left, bottom, right in sheet.merged:
        if left != right or left not in columns or top <= header.row or top >= len(sheet.rows):
            continue
        value = sheet.rows[top][left] if left < len(sheet.rows[top]) else ""
        for row in sheet.rows[top + 1 : bottom + 1]:
            if left < len(row):
                row[left] = value
