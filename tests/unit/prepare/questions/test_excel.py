"""The Excel template, and workbooks that only resemble it."""

import io
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter

from invigil.kernel.refusals import Refusal
from invigil.prepare.questions.importing import excel
from invigil.prepare.questions.importing.files import read_file
from invigil.prepare.questions.importing.template import NOTES, write_template
from invigil.prepare.questions.rules import find_problems
from tests.unit.prepare.questions.describing import describe
from tests.unit.prepare.questions.documents import rezip


def _workbook(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def test_the_template_has_no_doubt_and_no_problem() -> None:
    parsed = read_file(write_template())
    assert [question.draft.type.value for question in parsed.questions] == [
        "single", "multiple", "true_false", "fill_in", "case",
    ]  # fmt: skip
    assert all(not question.doubts and not find_problems(question.draft) for question in parsed.questions)
    assert len(NOTES) > 5


def test_rows_as_people_write_them() -> None:
    rows: list[list[Any]] = [
        ["2025 年题库"],
        ["序号", "题目类型", "题目", "A", "B", "C", "D", "正确答案", "难易程度", "科目", "知识点"],
        [1, "单选", "甲", 1.5, 2, 3, 4, "b", "易", "A类、B类", "用电"],
        [2, "多选题", "乙（ ）", "一", "二", "三", "", "A，C", 3, "B", "用电"],
        [3, "判断", "丙", "", "", "", "", True, "很难", "C1", "用电"],
        [4, "判断", "丁", "", "", "", "", "错误", "", "C1", "用电"],
        [5, "简答题", "论述", "", "", "", "", "略", "", "", ""],
        [6, "单选", "", "", "", "", "", "A", "", "", ""],
        [7, "单选", "戊", "一", "", "三", "", "C", "怪", "Z9x", ""],
        [],
        [8, "", "己（ ）", "对", "错", "", "", "A", "", "", ""],
    ]
    assert (
        describe(read_file(_workbook(("题", rows))))
        == """#- [3] single | 甲 | A=1.5 | B=2 | C=3 | D=4 | -> none
    tags 用电/1/A,B/
    ? answer_unreadable [3] 答案“b”无法识别。
    ? no_answer [3] 没有找到答案。
#- [4] multiple | 乙（ ） | A=一 | B=二 | C=三 | -> AC
    tags 用电/3/B/
#- [5] true_false | 丙 | -> right
    tags 用电/5/C1/
#- [6] true_false | 丁 | -> wrong
    tags 用电/3/C1/
#- [9] single | 戊 | A=一 | B=三 | -> B
    ? option_letters_broken [9] 选项字母不连续或重复（读到 AC），已按顺序重新编号，请核对答案。
    ? difficulty_unreadable [9] 难度“怪”无法识别，按 3 处理。
    ? subject_unreadable [9] 科目“Z9X”无法识别。
#- [11] true_false | 己 | -> right
1 heading: 2025 年题库
2 heading: 序号 | 题目类型 | 题目 | A | B | C | D | 正确答案 | 难易程度 | 科目 | 知识点
7 unplaced: 5 | 简答题 | 论述 | 略 主观题不能自动评分，没有导入。
8 unplaced: 6 | 单选 | A 这一行没有题干，没有读取。
"""
    )


def test_several_sheets_and_strange_ones() -> None:
    sheets = (
        ("甲", [["题干", "答案"], ["水能导电。", "√"]]),
        ("随手记", [["明天开会"]]),
        ("填写说明", [["不读"]]),
        ("乙", [["题干", "答案"], ["油能导电。", "×"]]),
    )
    parsed = read_file(_workbook(*sheets))
    assert [
        (question.lines, question.draft.answer.correct) for question in parsed.questions if question.draft.answer
    ] == [
        ((2,), True),
        ((5,), False),
    ]
    assert [(line.number, line.note) for line in parsed.unplaced()] == [(3, "工作表“随手记”没有标题行，没有读取。")]


def test_a_case_number_without_its_case_is_a_doubt() -> None:
    rows = [["题型", "题干", "答案", "案例编号"], ["判断题", "孤零零的小题", "√", "案例9"]]
    (question,) = read_file(_workbook(("题", rows))).questions
    assert [doubt.code for doubt in question.doubts] == ["case_unknown"]


def test_media_names_become_blocks() -> None:
    rows = [["题型", "题干", "答案", "媒体文件"], ["判断题", "看图听声", "√", "a.png；b.mp3"]]
    (question,) = read_file(_workbook(("题", rows))).questions
    assert [(block.kind.value, block.blob) for block in question.draft.blocks[1:]] == [
        ("picture", "a.png"),
        ("audio", "b.mp3"),
    ]
    assert [doubt.code for doubt in question.doubts] == ["media_missing", "media_missing"]


def test_no_header_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        read_file(_workbook(("题", [["一", "二"], ["三", "四"]])))
    assert refused.value.code == "questions.import.no_header_row"


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "MAX_ROWS", 3)
    with pytest.raises(Refusal) as refused:
        read_file(_workbook(("题", [["题干", "答案"], ["一", "√"], ["二", "√"], ["三", "√"]])))
    assert refused.value.code == "questions.import.too_many_rows"


def test_hostile_workbooks_are_refused() -> None:
    good = write_template()
    macro = rezip(good, lambda _, data: data, [("xl/vbaProject.bin", b"x")])
    broken = rezip(good, lambda name, data: b"<x" if name == "xl/workbook.xml" else data)
    for content, code in ((macro, "questions.import.macro"), (broken, "questions.import.office_file_broken")):
        with pytest.raises(Refusal) as refused:
            read_file(content)
        assert refused.value.code == code
