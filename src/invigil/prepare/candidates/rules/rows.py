"""From the rows of one sheet to registrations and issues; nothing is dropped without being listed."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date

from invigil.kernel.words import Words
from invigil.prepare.candidates.model import FIELD_NAMES, Field, Issue, Registration, Severity
from invigil.prepare.candidates.rules import fields
from invigil.prepare.candidates.rules.cells import clean_text, column_letters
from invigil.prepare.candidates.rules.fields import FieldFault
from invigil.prepare.candidates.rules.headers import Header
from invigil.prepare.candidates.rules.identity import SENTENCES, is_minor, read_identity_number

_SUMMARY = re.compile(
    r"^(?:合计|总计|小计|共计|总人数|共\s*\d+\s*人|制表|填表|审核|经办|负责人签字|联系人|备注|注[:：]|说明|以上|盖章|单位[(（]?盖章)"
)
_MANY_REPEATED_CELLS = 3


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no candidate. row: as Excel counts. zh, en: why; en empty for what an earlier release found."""

    sheet: str
    row: int
    zh: str
    en: str = ""


@dataclass(slots=True)
class SheetFindings:
    """What one sheet holds."""

    registrations: list[Registration] = dataclass_field(default_factory=list)
    issues: list[Issue] = dataclass_field(default_factory=list)
    skipped: list[SkippedRow] = dataclass_field(default_factory=list)
    rows: int = 0


class RowReader:
    """Reads the rows below one header."""

    def __init__(
        self, sheet: str, header: Header, *, subjects: Collection[str], default_subject: str, today: date
    ) -> None:
        self._sheet = sheet
        self._header = header
        self._subjects = tuple(subjects)
        self._default_subject = default_subject or self._subject_of_title(sheet)
        self._today = today
        self._at = {one: header.index_of(one) for one in Field}

    def read(self, rows: Sequence[Sequence[str]]) -> SheetFindings:
        """Return the findings of every row below the header.

        rows: text of every cell, from the sheet's first row.
        """
        found = SheetFindings()
        for index in range(self._header.row + 1, len(rows)):
            cells = rows[index]
            if not any(cells) or not any(clean_text(cell) for cell in cells):
                continue
            reason = self._reason_to_skip(cells)
            if reason is not None:
                found.skipped.append(SkippedRow(self._sheet, index + 1, reason.zh, reason.en))
                continue
            found.rows += 1
            self._read_row(index + 1, cells, found)
        return found

    def _reason_to_skip(self, cells: Sequence[str]) -> Words | None:
        identity, name = self._cell(cells, Field.IDENTITY_NUMBER), clean_text(self._cell(cells, Field.NAME))
        filled = [clean_text(cell) for cell in cells if clean_text(cell)]
        titles = {column.title for column in self._header.columns}
        if len(titles.intersection(filled)) >= _MANY_REPEATED_CELLS:
            return Words("重复的表头", "A repeated header")
        if clean_text(identity):
            return None
        if any(_SUMMARY.match(cell) for cell in filled[:2]):
            return Words("汇总或说明行", "A summary or a remark")
        if not name and len(filled) == 1:
            return Words("只有一个单元格有内容，不是考生", "Only one cell has content; no candidate")
        return None

    def _read_row(self, row: int, cells: Sequence[str], found: SheetFindings) -> None:
        issues: list[Issue] = []
        values = {
            Field.NAME: self._try(row, cells, Field.NAME, fields.read_name, issues),
            Field.IDENTITY_NUMBER: self._try(row, cells, Field.IDENTITY_NUMBER, self._read_identity, issues),
            Field.SUBJECT: self._try(row, cells, Field.SUBJECT, self._read_subject, issues),
            Field.EMPLOYER: self._try(row, cells, Field.EMPLOYER, fields.read_employer, issues),
            Field.PHONE: self._try(row, cells, Field.PHONE, fields.read_phone, issues),
            Field.TICKET: self._try(row, cells, Field.TICKET, fields.read_ticket_number, issues),
            Field.PASSWORD: self._try(row, cells, Field.PASSWORD, fields.read_password, issues),
        }
        if not issues:
            self._add_warnings(row, values, found.issues)
            found.registrations.append(
                Registration(
                    sheet=self._sheet,
                    row=row,
                    name=values[Field.NAME],
                    identity_number=values[Field.IDENTITY_NUMBER],
                    subject_code=values[Field.SUBJECT],
                    employer=values[Field.EMPLOYER],
                    phone=values[Field.PHONE],
                    ticket_number=values[Field.TICKET],
                    password=values[Field.PASSWORD],
                )
            )
        found.issues.extend(issues)

    def _try(self, row: int, cells: Sequence[str], one: Field, read: Callable[[str], str], issues: list[Issue]) -> str:
        try:
            return read(self._cell(cells, one))
        except FieldFault as fault:
            issues.append(self.issue(row, one, Severity.ERROR, fault.code, fault.said))
            return ""

    def _read_identity(self, written: str) -> str:
        found = read_identity_number(written, self._today)
        if found.fault is not None:
            raise FieldFault(found.fault, SENTENCES[found.fault])
        return found.number

    def _read_subject(self, written: str) -> str:
        if not clean_text(written) and self._default_subject:
            return self._default_subject
        return fields.read_subject(written, self._subjects)

    def _add_warnings(self, row: int, values: dict[Field, str], issues: list[Issue]) -> None:
        def warn(one: Field, code: str, zh: str, en: str) -> None:
            issues.append(self.issue(row, one, Severity.WARNING, code, Words(zh, en)))

        if len(values[Field.NAME]) < 2:
            warn(Field.NAME, "name_short", "姓名只有一个字，请核对", "The name has only one character; check")
        if is_minor(values[Field.IDENTITY_NUMBER], self._today):
            warn(
                Field.IDENTITY_NUMBER,
                "identity_minor",
                "按身份证号该考生未满 18 岁，请核对",
                "By the identity number younger than 18; check",
            )
        if not values[Field.PHONE]:
            warn(
                Field.PHONE,
                "phone_missing",
                "没有手机号，考试期间无法联系该考生",
                "No mobile number: the candidate cannot be reached during the sitting",
            )
        if not values[Field.EMPLOYER]:
            warn(
                Field.EMPLOYER,
                "employer_missing",
                "没有单位，编排考场时无法核对监考人员回避",
                "No employer: recusal of proctors cannot be checked",
            )

    def issue(self, row: int, one: Field, severity: Severity, code: str, said: Words) -> Issue:
        """Return the issue of one cell; a column that the sheet lacks has no address."""
        at = self._at[one]
        cell = "" if at is None else f"{column_letters(at)}{row}"
        if at is None:
            name = FIELD_NAMES[one]
            said = Words(f"{said.zh}（文件中没有“{name.zh}”列）", f"{said.en} (the file has no column “{name.zh}”)")
        return Issue(self._sheet, row, cell, one, severity, code, said.zh, said.en)

    def _cell(self, cells: Sequence[str], one: Field) -> str:
        at = self._at[one]
        return "" if at is None or at >= len(cells) else cells[at]

    def _subject_of_title(self, sheet: str) -> str:
        try:
            return fields.read_subject(sheet, self._subjects)
        except FieldFault:
            return ""
