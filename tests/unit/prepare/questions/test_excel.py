"""The Excel template, and workbooks that only resemble it."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import xlsxwriter
from PIL import Image

from invigil.kernel.refusals import Refusal
from invigil.prepare.questions.importing import excel
from invigil.prepare.questions.importing.files import read_file
from invigil.prepare.questions.importing.model import LineUse
from invigil.prepare.questions.importing.template import NOTES, write_template
from invigil.prepare.questions.model import Block
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
        == """#- [3] single | 甲 | A=1.5 | B=2 | C=3 | D=4 | -> B
    tags 用电/1/A,B/
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


def test_small_letters_answer_questions_with_options_and_no_others() -> None:
    rows = [
        ["题型", "题干", "选项A", "选项B", "选项C", "答案"],
        ["多选题", "甲", "一", "二", "三", "ac"],
        ["", "乙", "一", "二", "三", "ｂ、c"],
        ["判断题", "丙", "对", "错", "", "b"],
        ["填空题", "单位符号写作____。", "", "", "", "b"],
        ["单选题", "丁", "一", "二", "三", "见书"],
    ]
    questions = read_file(_workbook(("题", rows))).questions
    answers = [one.draft.answer for one in questions]
    assert [one.choices for one in answers[:2] if one] == [("A", "C"), ("B", "C")]
    assert answers[2] is not None
    assert answers[2].correct is False
    assert answers[3] is not None
    assert answers[3].blanks == (("b",),)
    assert [doubt.code for doubt in questions[4].doubts] == ["answer_unreadable", "no_answer"]


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


_HEADER = ["题型", "题干", "A", "B", "C", "D", "答案", "解析"]


def _pictured(place: Callable[[xlsxwriter.Workbook, Any], None]) -> bytes:
    """Return a workbook of two questions in rows 2 and 3, with pictures placed by the caller."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("题")
        sheet.write_row(0, 0, _HEADER)
        sheet.write_row(1, 0, ["单选题", "看图，这是什么标志？", "禁止", "警告", "指令", "提示", "A", "见图"])
        sheet.write_row(2, 0, ["判断题", "此做法正确。", "", "", "", "", "√", ""])
        place(book, sheet)
    # The writer begins one name with a slash, which Excel does not and no careful reader accepts.
    slashed: dict[str, bytes] = {}

    def keep(name: str, content: bytes) -> bytes | None:
        slashed.update({name[1:]: content} if name.startswith("/") else {})
        return None if name.startswith("/") else content

    rest = rezip(out.getvalue(), keep)
    return rezip(rest, lambda _name, content: content, list(slashed.items()))


def _picture(shade: int) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 40, 60)).save(out, "PNG")
    out.seek(0)
    return out


def _shown(blocks: Sequence[Block]) -> list[str]:
    return [one.blob or one.html or "" for one in blocks]


def test_a_picture_inside_a_cell_belongs_to_its_stem_or_option() -> None:
    def place(_book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.embed_image("C2", "a.png", {"image_data": _picture(10)})
        sheet.embed_image("H2", "b.png", {"image_data": _picture(20)})
        sheet.embed_image("B3", "c.png", {"image_data": _picture(30)})

    parsed = read_file(_pictured(place))
    first, second = parsed.questions
    assert _shown(first.draft.options[0].blocks) == ["picture-1"]
    assert _shown(first.draft.explanation) == ["picture-2"]
    assert _shown(second.draft.blocks) == ["picture-3"]
    assert [one.media_type for one in parsed.pictures] == ["image/png"] * 3
    assert not first.doubts
    assert "#VALUE!" not in "".join(line.text for line in parsed.lines)
    assert "[图片1]" in parsed.lines[1].text


def test_a_picture_over_the_sheet_belongs_to_the_row_under_its_corner_and_is_doubted() -> None:
    def place(_book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.insert_image("B2", "a.png", {"image_data": _picture(10), "x_offset": 5})
        sheet.insert_image("G3", "b.png", {"image_data": _picture(20)})

    first, second = read_file(_pictured(place)).questions
    assert _shown(first.draft.blocks) == ["看图，这是什么标志？", "picture-1"]
    assert _shown(second.draft.blocks) == ["此做法正确。", "picture-2"]
    assert second.draft.answer is not None
    assert second.draft.answer.correct is True
    assert [[one.code for one in question.doubts] for question in (first, second)] == [["picture_floats"]] * 2


def test_what_belongs_to_no_question_is_said() -> None:
    def place(book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.insert_image("B1", "title.png", {"image_data": _picture(10)})
        sheet.insert_image("B9", "below.png", {"image_data": _picture(20)})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=题!$A$1:$A$2"})
        sheet.insert_chart("B3", chart)

    parsed = read_file(_pictured(place))
    assert _shown(parsed.questions[0].draft.blocks) == ["看图，这是什么标志？"]
    assert [one.code for one in parsed.questions[1].doubts] == ["pictures_in_sheet"]
    assert len(parsed.lines) == 9
    assert (parsed.lines[8].text, parsed.lines[8].use) == ("［图片］", LineUse.UNPLACED)
    assert "没有读取" in parsed.lines[8].note
    assert parsed.pictures == ()


def test_a_picture_of_wps_is_found_by_the_name_in_its_formula() -> None:
    def place(_book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write_formula("B2", '=_xlfn.DISPIMG("ID_7F",1)', None, '=DISPIMG("ID_7F",1)')
        sheet.write_formula("C2", '=_xlfn.DISPIMG("ID_NONE",1)', None, '=DISPIMG("ID_NONE",1)')

    namespaces = (
        'xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData" '
        'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    )
    images = (
        f'<etc:cellImages {namespaces}><etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="ID_7F"/></xdr:nvPicPr>'
        '<xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill></xdr:pic></etc:cellImage></etc:cellImages>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="image" Target="media/image1.png"/></Relationships>'
    )
    parts = [
        ("xl/cellimages.xml", images.encode()),
        ("xl/_rels/cellimages.xml.rels", relations.encode()),
        ("xl/media/image1.png", _picture(10).read()),
    ]
    first = read_file(rezip(_pictured(place), lambda _name, content: content, parts)).questions[0]
    assert _shown(first.draft.blocks) == ["picture-1"]
    assert [one.code for one in first.doubts] == ["pictures_in_sheet"]
