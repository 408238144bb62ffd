"""The sentences of doubts. Codes are stable: the console and the tests know them."""

from collections.abc import Mapping

from invigil.prepare.questions.importing.model import Doubt

SENTENCES: Mapping[str, str] = {
    "no_answer": "没有找到答案。",
    "no_options": "没有找到选项。",
    "no_number": "没有题号，按上下文认作一道新题。",
    "number_skipped": "题号从 {before} 跳到 {number}，中间可能漏题。",
    "number_repeated": "题号 {number} 与前面重复或倒退。",
    "numbered_line_in_stem": "这一行以序号开头，认作题干的一部分。",
    "answer_without_option": "答案 {answer} 中有不存在的选项。",
    "answer_unreadable": "答案“{answer}”无法识别。",
    "several_answers_in_stem": "题干里有多处像答案的括号，取最后一处。",
    "answers_conflict": "几处答案不一致（{answers}），取最后一处。",
    "option_letters_broken": "选项字母不连续或重复（读到 {letters}），已按顺序重新编号，请核对答案。",
    "type_guessed": "没有题型标题，按内容认作{type}。",
    "type_unknown": "无法判断题型。",
    "answer_count_differs": "{type}读到 {count} 个答案（{answer}）。",
    "letter_for_true_false": "判断题的答案写成了字母 {answer}，按 A 为对、B 为错理解。",
    "blank_count_differs": "题干有 {blanks} 个空，答案有 {answers} 个。",
    "blank_mark_missing": "题干里没有标出空的位置。",
    "answers_from_parentheses": "没有单独的答案，取题干括号里的文字作为答案。",
    "text_after_blank_line": "空行后的文字并入了上一部分。",
    "difficulty_unreadable": "难度“{value}”无法识别，按 3 处理。",
    "difficulty_converted": "按难度系数 {value} 换算为难度 {difficulty}。",
    "subject_unreadable": "科目“{value}”无法识别。",
    "option_marks_guessed": "选项以 {marks} 标注，按 A、B 的次序理解；答案没有用同样的标记，请核对。",
    "number_touches_digits": "“{text}”按题号 {number} 理解；如果是小数，请核对题干。",
    "picture_unreadable": "有图片无法读取或格式不支持（{name}），如 WMF、EMF 矢量图或公式图。请截图，以 PNG 替换后重新导入，或在预览中删去。",
    "formula_flattened": "这里有公式，只读出了文字“{text}”，分数、根号、上下标可能丢失。请核对，或截图以图片代替。",
    "object_not_read": "这里有嵌入对象（如 MathType 公式、Visio 图、表格），没有读取。请截图以图片代替。",
    "drawing_not_read": "这里有图形、图表或 SmartArt，没有读取。请截图以图片代替。",
    "footnote_not_read": "这里有脚注或尾注，没有并入题目：“{text}”。需要时请写进题干或解析。",
    "hidden_text_left_out": "这里有隐藏文字，没有并入题目：“{text}”。需要时请在 Word 中取消隐藏后重新导入，或在预览中补上。",
    "tracked_changes": "这里有修订痕迹，按接受全部修订之后的文字理解；被删除的是“{text}”。",
    "inserted_document": "这里插入了另一个文件的内容，没有读取。请把内容复制进正文。",
    "text_box": "这些文字在文本框里，按出现的位置并入，请核对次序。",
    "row_hidden": "第 {row} 行在表格中被隐藏，先不导入；要导入请在预览中勾选。",
    "sheet_hidden": "工作表“{sheet}”在表格中被隐藏，先不导入；要导入请在预览中勾选。",
    "column_hidden": "“{title}”一列在表格中被隐藏，已照常读取，请核对内容。",
    "pictures_in_sheet": "这一行有图片、图形或图表没有读取，无法确定属于哪一题。请把图片放进题干或选项的单元格，或在预览中补上。",
    "picture_floats": "图片浮在表格上方，按左上角所在的单元格归入这一题，请核对。",
    "media_missing": "没有找到文件 {name}。",
    "sub_questions_missing": "案例题没有找到小题。",
    "case_unknown": "案例编号“{name}”没有对应的案例题，按单独一题处理。",
    "field_repeated": "同一项写了两次，取最后一次；前面写的是“{value}”。",
    "not_used": "这段文字没有用上：{text}",
    "empty_stem": "题干是空的。",
}

# Of what its author had hidden.
HIDDEN = frozenset({"row_hidden", "sheet_hidden"})


def doubt(code: str, lines: tuple[int, ...] = (), **details: object) -> Doubt:
    """Return the doubt with its sentence filled in.

    Raises: KeyError - an unknown code or a missing detail, a fault of ours.
    """
    return Doubt(code, SENTENCES[code].format(**details), lines)
