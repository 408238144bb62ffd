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
    "picture_unreadable": "有图片无法读取或格式不支持（{name}）。",
    "media_missing": "没有找到文件 {name}。",
    "sub_questions_missing": "案例题没有找到小题。",
    "case_unknown": "案例编号“{name}”没有对应的案例题，按单独一题处理。",
    "field_repeated": "同一项写了两次，取最后一次；前面写的是“{value}”。",
    "not_used": "这段文字没有用上：{text}",
    "empty_stem": "题干是空的。",
}


def doubt(code: str, lines: tuple[int, ...] = (), **details: object) -> Doubt:
    """Return the doubt with its sentence filled in.

    Raises: KeyError - an unknown code or a missing detail, a fault of ours.
    """
    return Doubt(code, SENTENCES[code].format(**details), lines)
