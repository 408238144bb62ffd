"""Finding the header row, and what each column is, in a sheet that people made."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from invigil.prepare.candidates.model import Field
from invigil.prepare.candidates.rules.cells import clean_text, column_letters, half_width

# Titles, notes and units stand above the header; twenty rows are more than we have seen.
HEADER_SEARCH_ROWS = 20

_SYNONYMS: dict[Field, tuple[str, ...]] = {
    Field.NAME: ("姓名", "考生姓名", "人员姓名", "真实姓名", "名字", "报考人姓名", "报考人", "考生", "name"),
    Field.IDENTITY_NUMBER: (
        "身份证号", "身份证号码", "证件号码", "证件号", "公民身份号码", "公民身份证号码", "居民身份证号", "居民身份证号码",
        "身份证", "身份证件号码", "身份证件号", "身份号码", "考生身份证号", "身份证明号码", "有效证件号码", "idcard", "idnumber",
    ),
    Field.EMPLOYER: (
        "单位", "工作单位", "企业名称", "单位名称", "所在单位", "工作单位名称", "所属单位", "受聘企业", "聘用单位", "聘用企业",
        "企业", "公司", "公司名称", "所在企业", "报名单位", "所属企业", "employer",
    ),
    Field.PHONE: (
        "手机", "手机号", "手机号码", "联系电话", "电话", "联系方式", "移动电话", "本人手机", "本人手机号", "电话号码",
        "考生手机号", "联系手机", "mobile", "phone",
    ),
    Field.SUBJECT: (
        "报考类别", "类别", "科目", "报考科目", "考试类别", "考核类别", "人员类别", "证书类别", "岗位类别", "申报类别", "考试科目",
        "考核科目", "专业类别", "报名类别", "报考专业", "岗位", "subject", "category",
    ),
    Field.TICKET: ("准考证号", "准考证号码", "准考证", "考号", "考生号", "ticket"),
    Field.PASSWORD: ("初始密码", "密码", "登录密码", "口令", "password"),
}  # fmt: skip
_MEANING = {word: field for field, words in _SYNONYMS.items() for word in words}
_NEEDED = (Field.NAME, Field.IDENTITY_NUMBER)
_NOTE = re.compile(r"[（(\[【].*?[)）\]】]|[*＊:：]|必填|选填")


@dataclass(frozen=True, slots=True)
class Column:
    """What one column was understood as. index from 0; letters as Excel shows; title as written; field None: not used."""

    index: int
    letters: str
    title: str
    field: Field | None


@dataclass(frozen=True, slots=True)
class Header:
    """A header row. row: index from 0. columns: every column with a title, in order. repeated: titles left unused because an
    earlier column already has that meaning."""

    row: int
    columns: tuple[Column, ...]
    repeated: tuple[Column, ...]

    def index_of(self, field: Field) -> int | None:
        """Return the column's index, None when the sheet has no such column."""
        return next((column.index for column in self.columns if column.field is field), None)


def read_title(written: str) -> Field | None:
    """Return what a column title means: notes in brackets, asterisks, spaces and line breaks do not matter."""
    return _MEANING.get(_NOTE.sub("", half_width(clean_text(written))).replace(" ", "").casefold())


def find_header(rows: Sequence[Sequence[str]]) -> Header | None:
    """Return the header among the first rows: the one that names most fields, with at least 姓名 and 身份证号.

    rows: text of every cell, from the sheet's first row. None: no row qualifies.
    """
    best: Header | None = None
    for index, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        header = _read_header(index, row)
        is_whole = all(header.index_of(field) is not None for field in _NEEDED)
        if is_whole and (best is None or _weight(header) > _weight(best)):
            best = header
    return best


def _read_header(row: int, cells: Sequence[str]) -> Header:
    columns: list[Column] = []
    repeated: list[Column] = []
    taken: set[Field] = set()
    for index, written in enumerate(cells):
        title = clean_text(written)
        if not title:
            continue
        field = read_title(title)
        if field in taken:
            repeated.append(Column(index, column_letters(index), title, field))
            field = None
        elif field is not None:
            taken.add(field)
        columns.append(Column(index, column_letters(index), title, field))
    return Header(row, tuple(columns), tuple(repeated))


def _weight(header: Header) -> int:
    return sum(column.field is not None for column in header.columns)
