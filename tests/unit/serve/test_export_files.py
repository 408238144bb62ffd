"""Files of exports: no formula, the mark everywhere, sums right."""

import csv
import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from invigil.kernel.ids import CandidateId, ExamId, SittingId
from invigil.kernel.points import Points
from invigil.serve.exports.model import (
    Cell,
    Column,
    ExportKind,
    ExportOrder,
    FileFormat,
    Grouping,
    Mark,
    PdfTooLong,
    Report,
    SeatEntry,
    Sheet,
    ViolationEntry,
)
from invigil.serve.exports.rules.answers import say_answers
from invigil.serve.exports.rules.cells import LONGEST, safe_text
from invigil.serve.exports.rules.marks import mask_identity, name_file, say_mark, say_title
from invigil.serve.exports.rules.tables import compute_details, compute_summary, compute_violations, list_seats
from invigil.serve.exports.writing.pages import write_pdf
from invigil.serve.exports.writing.text import write_csv
from invigil.serve.exports.writing.workbook import _MEMORY_FOLDER, HEADER_ROW, write_workbook

T0 = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)
MARK = Mark("exp_01TEST", "王考务", T0 + timedelta(hours=8), "报送甲方", is_released=True)

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A1", " =1", "　=1", "\u200b=1", "\ufeff=1",
    "=cmd|' /C calc'!A0", "−1", "﹣1", "|calc", "%0A=1", "=HYPERLINK(\"http://x\")", "\x00=1", "\u202e=1", "⁼1", "\r\n+1",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_a_formula_is_defused(text: str) -> None:
    assert safe_text(text).startswith("'")


@pytest.mark.parametrize(
    "text", ["张三", "A-1", "1+1", "a=b", "", "2.5", "京A12345", "(=1)", "'=1", "110101199001011237"]
)
def test_what_is_harmless_stays(text: str) -> None:
    assert safe_text(text) == text


def test_long_cells_are_cut_visibly_and_half_surrogates_replaced() -> None:
    assert safe_text("答" * 40_000).endswith("…（已截断）")
    assert len(safe_text("答" * 40_000)) == LONGEST
    assert safe_text("a\ud800b") == "a\ufffdb"


def begins_formula(text: str) -> bool:
    return text[:1] in tuple("=+-@\t\r\n＝＋－＠") or text.lstrip()[:1] in tuple("=+-@＝＋－＠")


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_no_csv_cell_ever_begins_a_formula_and_none_is_lost(rows: list[list[str]]) -> None:
    content = write_csv(report(Sheet("表", [Column("甲"), Column("乙")], rows)))
    assert content.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [len(row) for row in read] == [3] * (len(rows) + 1)
    assert not [cell for row in read for cell in row if begins_formula(cell)]
    assert all(row[-1] == "王考务 2026-11-01 17:00:00 exp_01TEST" for row in read[1:])


def report(details: Sheet, *, mark: Mark = MARK) -> Report:
    return Report("测试报表", Sheet("汇总", [Column("场次")], [["合计"]]), details, mark)


def test_workbook_has_no_formula_and_the_mark_in_rows_properties_and_footer() -> None:
    rows: list[list[Cell]] = [[text, Points(5), 3] for text in FORMULAS]
    content = write_workbook(report(Sheet("成绩", [Column("甲"), Column("分"), Column("座")], rows)))
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["汇总", "成绩"]
    page = book["成绩"]
    assert page["A1"].value == say_mark(MARK)
    assert "exp_01TEST" in str(page.oddFooter)
    assert book.properties.creator == "王考务"
    assert "exp_01TEST" in str(book.properties.description)
    cells = list(page.iter_rows(min_row=HEADER_ROW + 2))
    assert len(cells) == len(FORMULAS)
    for text, number, count in cells:
        assert text.data_type in ("s", "inlineStr")
        assert not begins_formula(str(text.value))
        assert (number.value, count.value) == (2.5, 3)
    assert b"<f>" not in content


def test_nothing_of_a_workbook_is_left_behind() -> None:
    before = set(_MEMORY_FOLDER.glob("invigil-*"))
    write_workbook(report(Sheet("成绩", [Column("甲")], [["x"]] * 1000)))
    assert set(_MEMORY_FOLDER.glob("invigil-*")) <= before


async def test_pdf_shows_the_mark_on_every_page() -> None:
    rows = [[f"第 {number} 行", "张三"] for number in range(300)]
    unreleased = Mark("exp_01TEST", "王考务", T0, "报送", is_released=False)
    pages = PdfReader(
        io.BytesIO(await write_pdf(report(Sheet("成绩", [Column("甲"), Column("乙")], rows), mark=unreleased)))
    ).pages
    assert len(pages) > 3
    for page in pages:
        text = page.extract_text()
        assert "exp_01TEST" in text
        assert "王考务" in text
        assert "未发布" in text
    assert "第 299 行" in "".join(page.extract_text() for page in pages)


async def test_pdf_refuses_what_nobody_will_sign() -> None:
    with pytest.raises(PdfTooLong):
        await write_pdf(report(Sheet("成绩", [Column("甲")], [["x"]] * 3001)))


def order(kind: ExportKind = ExportKind.SCORES, grouping: Grouping = Grouping.EMPLOYER, **more: object) -> ExportOrder:
    return ExportOrder(ExamId("exam_1"), kind, grouping, FileFormat.XLSX, "报送甲方", **more)  # type: ignore[arg-type]


def seat(
    number: int, *, employer: str = "甲公司", outcome: str = "handed_in", score: str = "", **more: object
) -> SeatEntry:
    given = {
        "candidate_id": CandidateId(f"cand_{number}"),
        "sitting_id": SittingId("sit_1"), "sitting_title": "第一场", "starts_at": T0, "subject_code": "A", "subject_title": "负责人",
        "room_name": f"{(number - 1) // 30 + 1:03}", "seat_number": number, "ticket_number": f"26{number:06}", "name": f"考生{number}",
        "identity_number": "110101199001011237", "employer": employer, "outcome": outcome,
        "score": Points.parse(score) if score else None, "full_score": Points(200) if score else None,
        "is_passed": Points.parse(score) >= Points(120) if score else None,
    }  # fmt: skip
    return SeatEntry(**{**given, **more})  # type: ignore[arg-type]


SEATS = [
    seat(3, employer="乙公司", score="59.5"),
    seat(1, score="60", entered_at=T0 - timedelta(minutes=9), ended_at=T0 + timedelta(minutes=61, seconds=59)),
    seat(2, outcome="absent"),
    seat(4, employer="", outcome="terminated", score="10"),
]


def test_scores_by_employer() -> None:
    rows = compute_details(order(), list_seats(order(), SEATS)).rows
    assert [row[5] for row in rows] == ["26000003", "26000001", "26000002", "26000004"]
    assert list(rows[0][9:]) == ["已交卷", Points(119), Points(200), "不合格"]
    assert list(rows[2][9:]) == ["缺考", None, None, ""]
    assert rows[0][7] == "110101**********37"
    shown = compute_details(order(shows_identity=True), SEATS[:1]).rows[0][7]
    assert shown == "110101199001011237"


def test_summary_counts_everybody_who_was_due() -> None:
    summary = compute_summary(order(), SEATS)
    assert [column.title for column in summary.columns][:4] == ["单位", "应考", "实考", "缺考"]
    assert [list(row) for row in summary.rows] == [
        ["乙公司", 1, 1, 0, 1, 0, 1, 0, "0.0%", "59.50"],
        ["甲公司", 2, 1, 1, 1, 0, 1, 1, "100.0%", "60.00"],
        ["（未填写）", 1, 1, 0, 0, 1, 1, 0, "0.0%", "10.00"],
        ["合计", 4, 3, 1, 2, 1, 3, 1, "33.3%", "43.17"],
    ]


def test_absences_are_the_absent_and_the_summary_still_counts_all() -> None:
    wanted = order(ExportKind.ABSENCES, Grouping.ROOM)
    assert [one.seat_number for one in list_seats(wanted, SEATS)] == [2]
    assert list(compute_summary(wanted, SEATS).rows[-1]) == ["合计", 4, 3, 1, 2, 1]


def test_hand_in_times_count_from_t0_in_whole_minutes() -> None:
    wanted = order(ExportKind.HAND_IN_TIMES, Grouping.SITTING)
    rows = compute_details(wanted, list_seats(wanted, SEATS)).rows
    assert len(rows) == 3
    assert rows[0][10:13] == ["2026-11-01 08:51:00", "2026-11-01 10:01:59", 61]


def test_conditions_narrow() -> None:
    assert [one.seat_number for one in list_seats(order(employer="乙公司"), SEATS)] == [3]
    assert list_seats(order(subject_code="B"), SEATS) == []
    assert len(list_seats(order(room_name="001"), SEATS)) == 4


def test_answer_sheets_have_a_column_per_item_or_one_cell_on_paper() -> None:
    wanted = order(ExportKind.ANSWER_SHEETS)
    seats = [seat(1, answers=["B", "", "AC"]), seat(2, answers=["塔吊"])]
    wide = compute_details(wanted, seats)
    assert [column.title for column in wide.columns][-3:] == ["第1题", "第2题", "第3题"]
    assert [row[-3:] for row in wide.rows] == [["B", "", "AC"], ["塔吊", "", ""]]
    assert {len(row) for row in wide.rows} == {len(wide.columns)}
    narrow = compute_details(wanted, seats, is_narrow=True)
    assert narrow.rows[0][-1] == "1.B　2.—　3.AC"
    assert {len(row) for row in narrow.rows} == {len(narrow.columns)}


def test_violations_follow_their_seats() -> None:
    said = ("离开座位", "三次离座", "监考记录 note_1", "终止考试", "李监考")
    found = [ViolationEntry(SEATS[3], T0 + timedelta(minutes=5), *said)]
    sheet = compute_violations(order(ExportKind.VIOLATIONS), found)
    assert list(sheet.rows[0][-6:]) == ["2026-11-01 09:05:00", *said]
    assert len(sheet.rows[0]) == len(sheet.columns)
    assert compute_violations(order(ExportKind.VIOLATIONS, employer="甲公司"), found).rows == []


def test_file_names_hold_no_path_and_say_unreleased() -> None:
    title = say_title("2026年/第一次*考核", order())
    assert name_file(title, order(), MARK) == "2026年_第一次_考核_成绩（按单位）_20261101-1700.xlsx"
    mark = Mark("exp_1", "王", T0, "x", is_released=False)
    assert "未发布" in name_file(title, order(), mark)


def test_short_identity_numbers_are_hidden_whole() -> None:
    assert mask_identity("E1234567") == "********"
    assert mask_identity("110101900101123") == "110101*******23"


def test_answers_are_said_in_the_papers_order() -> None:
    answers: dict[str, dict[str, object]] = {"i1": {"c": "AC"}, "i2": {"b": False}, "i4": {"t": ["塔吊", "=1"]}}
    assert say_answers(answers, 5) == ("AC", "错", "", "塔吊；=1", "")
