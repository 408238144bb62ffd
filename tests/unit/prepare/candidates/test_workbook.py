"""Whole workbooks as boards keep them, read to registrations and issues."""

import io
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineError, CalamineWorkbook

from invigil.kernel.refusals import Refusal
from invigil.prepare.candidates.model import FileKindUnknown, HeaderNotFound
from invigil.prepare.candidates.reading.corrected import CorrectionOrder, pack_correction, write_corrected
from invigil.prepare.candidates.reading.tables import read_sheets
from invigil.prepare.candidates.reading.workbook import (
    Findings,
    ReadOptions,
    find_candidates,
    pack_order,
    read_candidates,
    unpack_findings,
)
from invigil.prepare.candidates.rules.headers import find_header, read_title
from invigil.prepare.candidates.rules.identity import compute_check_character

OPTIONS = ReadOptions("2026-11-01", ("A", "B", "C1", "C2", "C3"), "")
TITLES = ["序号", "姓名", "身份证号", "工作单位", "手机号", "报考类别"]


def identity(n: int) -> str:
    first_17 = f"110101{date(1980, 1, 1):%Y%m%d}{n:03d}"
    return first_17 + compute_check_character(first_17)


def person(n: int, **changes: Any) -> list[Any]:
    row = {
        "序号": n,
        "姓名": "张三",
        "身份证号": identity(n),
        "工作单位": "甲建筑公司",
        "手机号": "13800138000",
        "报考类别": "A类",
    }
    return list((row | changes).values())


def book(**sheets: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    for name, rows in sheets.items():
        page = workbook.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(at, column, cell)
                elif cell is not None:
                    page.write(at, column, cell)
    workbook.close()
    return out.getvalue()


def read(file: bytes, options: ReadOptions = OPTIONS) -> Findings:
    return unpack_findings(read_candidates(pack_order(options, file)))


def said(found: Findings) -> list[tuple[str, str]]:
    return [(issue.cell, issue.code) for issue in found.issues]


def test_title_rows_above_and_summary_rows_below() -> None:
    file = book(
        名单=[
            ["2026年安管人员考核报名表"], [], ["填报单位：甲建筑公司", None, None, "日期：2026-10-01"],
            TITLES, person(1), [], person(2, 报考类别="Ｃ１"), ["合计", "2人"], ["制表人：李四"], ["备注：以上人员均已核对"],
        ]
    )  # fmt: skip
    found = read(file)
    assert [(one.row, one.subject_code, one.employer) for one in found.registrations] == [
        (5, "A", "甲建筑公司"),
        (7, "C1", "甲建筑公司"),
    ]
    assert [skipped.row for skipped in found.skipped] == [8, 9, 10]
    assert found.issues == []
    assert found.sheets[0].header_row == 4
    assert [(c.letters, c.field) for c in found.sheets[0].columns] == [
        ("A", ""), ("B", "name"), ("C", "identity_number"), ("D", "employer"), ("E", "phone"), ("F", "subject"),
    ]  # fmt: skip


def test_numbers_that_excel_damaged_and_numbers_that_survive() -> None:
    file = book(s=[TITLES, person(1, 身份证号=110101198001010010, 手机号=13800138000), person(2, 手机号=13800138000)])
    found = read(file)
    assert said(found) == [("C2", "identity_damaged")]
    assert [one.phone for one in found.registrations] == ["13800138000"]


def test_every_error_of_a_row_with_its_cell() -> None:
    row = person(1, 姓名="", 身份证号="110101198001010019", 手机号="123", 报考类别="C")
    found = read(book(s=[TITLES, row, person(2)]))
    assert said(found) == [
        ("B2", "name_missing"), ("C2", "identity_checksum"), ("F2", "subject_ambiguous"), ("E2", "phone_invalid"),
    ]  # fmt: skip
    assert not any("110101" in issue.zh + issue.en for issue in found.issues)
    assert [issue.en for issue in found.issues[:2]] == [
        "The name is empty",
        "The check character does not fit, mostly by one wrong digit; compare with the card",
    ]


def test_a_column_that_is_missing_is_named_in_both_languages() -> None:
    found = read(book(s=[TITLES[:-1], person(1)[:-1]]))
    (issue,) = found.issues
    assert issue.zh == "报考类别为空（文件中没有“报考类别”列）"
    assert issue.en == "The subject is empty (the file has no column “报考类别”)"


def test_duplicates_in_the_file() -> None:
    rows = [person(1), person(1), person(1, 报考类别="B"), person(1, 姓名="李四", 报考类别="C1"), person(2)]
    found = read(book(s=[TITLES, *rows]))
    assert said(found) == [("C3", "duplicate_row"), ("F4", "several_subjects"), ("B5", "identity_of_another")]
    assert [one.row for one in found.registrations] == [2, 4, 6]


def test_several_sheets_named_after_the_subject_without_a_subject_column() -> None:
    titles = ["考生姓名", "公民身份号码"]
    file = book(
        A类=[titles, ["张三", identity(1)]], B类=[titles, ["李四", identity(2)]], 说明=[["请勿修改格式"]], 空=[]
    )
    found = read(file)
    assert [(one.sheet, one.subject_code) for one in found.registrations] == [("A类", "A"), ("B类", "B")]
    assert [(sheet.name, sheet.is_used) for sheet in found.sheets] == [
        ("A类", True), ("B类", True), ("说明", False), ("空", False),
    ]  # fmt: skip
    assert {issue.code for issue in found.issues} == {"phone_missing", "employer_missing"}


def test_default_subject() -> None:
    file = book(s=[["姓名", "身份证"], ["张三", identity(1)]])
    assert said(read(file))[0] == ("", "subject_missing")
    assert read(file, ReadOptions("2026-11-01", ("A",), "A")).registrations[0].subject_code == "A"


def test_merged_employer_is_filled_down_and_repeated_header_skipped() -> None:
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    page = workbook.add_worksheet("s")
    page.merge_range("A1:F1", "报名表")
    page.write_row(1, 0, TITLES)
    for at in (2, 3):
        page.write_row(at, 0, person(at, 工作单位=None))
    page.merge_range("D3:D4", "合并建筑公司")
    page.write_row(4, 0, TITLES)
    page.set_column("E:E", None, None, {"hidden": True})
    workbook.close()
    found = read(out.getvalue())
    assert [one.employer for one in found.registrations] == ["合并建筑公司"] * 2
    assert [one.phone for one in found.registrations] == ["13800138000"] * 2
    assert [(s.row, s.zh, s.en) for s in found.skipped] == [(5, "重复的表头", "A repeated header")]


def test_hidden_sheet_is_listed_and_not_read() -> None:
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    workbook.add_worksheet("显示").write_row(0, 0, TITLES)
    hidden = workbook.add_worksheet("旧")
    hidden.write_row(0, 0, TITLES)
    hidden.hide()
    workbook.close()
    assert [(s.name, s.is_used) for s in read(out.getvalue()).sheets] == [("显示", True), ("旧", False)]


def test_formula_cells_count_by_their_shown_value() -> None:
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    page = workbook.add_worksheet("s")
    page.write_row(0, 0, TITLES)
    page.write_row(1, 0, person(1))
    page.write_formula(1, 1, '=HYPERLINK("http://evil","张三")', None, "张三")
    page.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    workbook.close()
    assert said(read(out.getvalue())) == [("C2", "identity_missing")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv(encoding: str, delimiter: str) -> None:
    lines = [TITLES, [str(cell) for cell in person(1)], ["2", "李四", f'="{identity(2)}"', "", "", "B"]]
    found = read("\r\n".join(delimiter.join(row) for row in lines).encode(encoding))
    assert [one.name for one in found.registrations] == ["张三", "李四"]


def test_no_header_and_no_table() -> None:
    with pytest.raises(HeaderNotFound):
        read(book(s=[["姓名", "电话"], ["张三", "1"]]))
    with pytest.raises(FileKindUnknown):
        read(b"\x00\x01\x02" * 50)


@pytest.mark.parametrize(
    ("title", "field"),
    [("姓 名", "name"), ("*姓名", "name"), ("姓名（必填）", "name"), ("身份证号码\n(18位)", "identity_number"), ("证件号码：", "identity_number"),
     ("报考类别【A/B/C1/C2/C3】", "subject"), ("联系电话", "phone"), ("企业名称", "employer"), ("准考证号", "ticket_number"), ("序号", None), ("性别", None)],
)  # fmt: skip
def test_titles(title: str, field: str | None) -> None:
    assert read_title(title) == field


def test_second_column_of_one_meaning_is_told() -> None:
    header = find_header([["姓名", "身份证号", "手机", "联系电话"]])
    assert header is not None
    assert [column.letters for column in header.repeated] == ["D"]


CELLS = st.one_of(st.text(max_size=12), st.sampled_from([identity(1), "张三", "A", "合计", "", "=1+1", "13800138000"]))


@given(st.lists(st.lists(CELLS, max_size=8), max_size=12))
@settings(max_examples=60)
def test_any_cells_give_findings_that_lose_no_row(rows: list[list[str]]) -> None:
    found = find_candidates(read_sheets(book_of_text([TITLES, *rows])), OPTIONS)
    seen = (
        {one.row for one in found.registrations}
        | {issue.row for issue in found.issues}
        | {s.row for s in found.skipped}
    )
    filled = {at for at, row in enumerate(rows, start=2) if any(cell.strip() and cell.isprintable() for cell in row)}
    assert filled <= seen | {at for at, row in enumerate(rows, start=2) if not any(c.split() for c in row)}


def book_of_text(rows: list[list[str]]) -> bytes:
    clean = [["".join(c for c in cell if c.isprintable()) for cell in row] for row in rows]
    return book(s=clean)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(file: bytes) -> None:
    try:
        read(file)
    except (Refusal, CalamineError):  # the sandbox turns the reader's own into SandboxCrashed
        return


def test_corrected_file_marks_and_never_starts_a_formula() -> None:
    bad = person(1, 姓名="=cmd|' /C calc'!A0", 手机号="123")
    file = book(s=[["标题"], TITLES, bad, person(2)])
    found = read(file)
    order = CorrectionOrder(found.issues, {"s": 2}, only_errors=False)
    marked = write_corrected(pack_correction(order, file))
    rows = CalamineWorkbook.from_object(io.BytesIO(marked)).get_sheet_by_name("s").to_python()
    assert rows[1][-1] == "错误说明"
    assert rows[2][1] == "=cmd|' /C calc'!A0"
    assert "手机号应为 11 位" in str(rows[2][-1])
    assert rows[3][-1] == ""
    assert b"<f>" not in sheet_xml(marked)
    only = write_corrected(pack_correction(CorrectionOrder(found.issues, {"s": 2}, only_errors=True), file))
    assert len(CalamineWorkbook.from_object(io.BytesIO(only)).get_sheet_by_name("s").to_python()) == 3
    assert read(only).registrations == []


def sheet_xml(file: bytes) -> bytes:
    from invigil.platform.sandbox import check_archive, extract_member  # noqa: PLC0415 - one use

    return b"".join(extract_member(file, m) for m in check_archive(file) if m.name.startswith("xl/worksheets/"))
