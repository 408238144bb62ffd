"""The sentences of doubts, in both languages. Codes are stable: the console and the tests know them."""

from collections.abc import Mapping

from invigil.kernel.words import Words
from invigil.prepare.questions.importing.model import Doubt

SENTENCES: Mapping[str, Words] = {
    "no_answer": Words("没有找到答案。", "No answer was found."),
    "no_options": Words("没有找到选项。", "No options were found."),
    "no_number": Words(
        "没有题号，按上下文认作一道新题。", "There is no number; taken for a new question by its context."
    ),
    "number_skipped": Words(
        "题号从 {before} 跳到 {number}，中间可能漏题。",
        "The number goes from {before} to {number}; a question may be missing between.",
    ),
    "number_repeated": Words(
        "题号 {number} 与前面重复或倒退。", "The number {number} repeats an earlier one or goes back."
    ),
    "numbered_line_in_stem": Words(
        "这一行以序号开头，认作题干的一部分。", "This line begins with a number; taken for a part of the stem."
    ),
    "answer_without_option": Words(
        "答案 {answer} 中有不存在的选项。", "The answer {answer} names an option that does not exist."
    ),
    "answer_unreadable": Words("答案“{answer}”无法识别。", "The answer “{answer}” cannot be understood."),
    "several_answers_in_stem": Words(
        "题干里有多处像答案的括号，取最后一处。",
        "The stem has several brackets that look like an answer; the last is taken.",
    ),
    "answers_conflict": Words(
        "几处答案不一致（{answers}），取最后一处。",
        "The answers in several places differ ({answers}); the last is taken.",
    ),
    "option_letters_broken": Words(
        "选项字母不连续或重复（读到 {letters}），已按顺序重新编号，请核对答案。",
        "The letters of the options do not run on or repeat (read: {letters}); they were lettered anew in their order. Check the answer.",
    ),
    "type_guessed": Words(
        "没有题型标题，按内容认作{type}。", "There is no heading with a type; taken for {type} by its content."
    ),
    "type_unknown": Words("无法判断题型。", "The type cannot be told."),
    "answer_count_differs": Words(
        "{type}读到 {count} 个答案（{answer}）。", "{type}, but {count} answers were read ({answer})."
    ),
    "letter_for_true_false": Words(
        "判断题的答案写成了字母 {answer}，按 A 为对、B 为错理解。",
        "The answer of a true/false question is the letter {answer}; A is taken for true, B for false.",
    ),
    "blank_count_differs": Words(
        "题干有 {blanks} 个空，答案有 {answers} 个。", "The stem has {blanks} blanks, the answer {answers}."
    ),
    "blank_mark_missing": Words("题干里没有标出空的位置。", "The stem does not mark where the blank is."),
    "answers_from_parentheses": Words(
        "没有单独的答案，取题干括号里的文字作为答案。",
        "There is no answer of its own; the words in the brackets of the stem are taken.",
    ),
    "text_after_blank_line": Words(
        "空行后的文字并入了上一部分。", "The text after a blank line was joined to the part before."
    ),
    "difficulty_unreadable": Words(
        "难度“{value}”无法识别，按 3 处理。", "The difficulty “{value}” cannot be understood; 3 is taken."
    ),
    "difficulty_converted": Words(
        "按难度系数 {value} 换算为难度 {difficulty}。",
        "The coefficient {value} was converted to difficulty {difficulty}.",
    ),
    "subject_unreadable": Words("科目“{value}”无法识别。", "The subject “{value}” cannot be understood."),
    "option_marks_guessed": Words(
        "选项以 {marks} 标注，按 A、B 的次序理解；答案没有用同样的标记，请核对。",
        "The options are marked with {marks}, taken for A, B … in order; the answer is not written with the same marks. Check it.",
    ),
    "number_touches_digits": Words(
        "“{text}”按题号 {number} 理解；如果是小数，请核对题干。",
        "“{text}” is taken for number {number}; if it is a decimal, check the stem.",
    ),
    "picture_unreadable": Words(
        "有图片无法读取或格式不支持（{name}），如 WMF、EMF 矢量图或公式图。请截图，以 PNG 替换后重新导入，或在预览中删去。",
        "A picture cannot be read or has no supported format ({name}), as WMF, EMF or formulas. Import again with a PNG instead, or delete it in the preview.",
    ),
    "formula_flattened": Words(
        "这里有公式，只读出了文字“{text}”，分数、根号、上下标可能丢失。请核对，或截图以图片代替。",
        "There is a formula here; only its text “{text}” was read: fractions, roots and indices may be lost. Check it, or use a picture instead.",
    ),
    "object_not_read": Words(
        "这里有嵌入对象（如 MathType 公式、Visio 图、表格），没有读取。请截图以图片代替。",
        "There is an embedded object here (a MathType formula, a Visio drawing, a table), which was not read. Put a picture in its place.",
    ),
    "drawing_not_read": Words(
        "这里有图形、图表或 SmartArt，没有读取。请截图以图片代替。",
        "There is a shape, chart or SmartArt here, which was not read. Put a picture in its place.",
    ),
    "footnote_not_read": Words(
        "这里有脚注或尾注，没有并入题目：“{text}”。需要时请写进题干或解析。",
        "There is a footnote or endnote here, which was not joined to the question: “{text}”. Write it into the stem or the explanation if it is needed.",
    ),
    "hidden_text_left_out": Words(
        "这里有隐藏文字，没有并入题目：“{text}”。需要时请在 Word 中取消隐藏后重新导入，或在预览中补上。",
        "There is hidden text here, which was left out: “{text}”. If it is needed, show it in Word and import again, or add it in the preview.",
    ),
    "tracked_changes": Words(
        "这里有修订痕迹，按接受全部修订之后的文字理解；被删除的是“{text}”。",
        "There are tracked changes here; the text is read as if all were accepted. Deleted was “{text}”.",
    ),
    "inserted_document": Words(
        "这里插入了另一个文件的内容，没有读取。请把内容复制进正文。",
        "The content of another file was inserted here and not read. Copy it into the text.",
    ),
    "text_box": Words(
        "这些文字在文本框里，按出现的位置并入，请核对次序。",
        "These words stand in a text box and were joined where it appears. Check the order.",
    ),
    "row_hidden": Words(
        "第 {row} 行在表格中被隐藏，先不导入；要导入请在预览中勾选。",
        "Row {row} is hidden in the workbook and left out for now; tick it in the preview to import it.",
    ),
    "sheet_hidden": Words(
        "工作表“{sheet}”在表格中被隐藏，先不导入；要导入请在预览中勾选。",
        "The sheet “{sheet}” is hidden in the workbook and left out for now; tick it in the preview to import it.",
    ),
    "column_hidden": Words(
        "“{title}”一列在表格中被隐藏，已照常读取，请核对内容。",
        "The column “{title}” is hidden in the workbook and was read all the same. Check its content.",
    ),
    "pictures_in_sheet": Words(
        "这一行有图片、图形或图表没有读取，无法确定属于哪一题。请把图片放进题干或选项的单元格，或在预览中补上。",
        "A picture, shape or chart of this row has no clear place and was not read. Put it into the cell of the stem or an option, or add it in the preview.",
    ),
    "picture_floats": Words(
        "图片浮在表格上方，按左上角所在的单元格归入这一题，请核对。",
        "The picture floats above the sheet; it was given to this question by the cell of its upper left corner. Check it.",
    ),
    "media_missing": Words("没有找到文件 {name}。", "The file {name} was not found."),
    "sub_questions_missing": Words("案例题没有找到小题。", "No parts of the case were found."),
    "case_unknown": Words(
        "案例编号“{name}”没有对应的案例题，按单独一题处理。",
        "No case has the number “{name}”; taken for a question of its own.",
    ),
    "field_repeated": Words(
        "同一项写了两次，取最后一次；前面写的是“{value}”。",
        "The same was written twice, the last is taken; before it said “{value}”.",
    ),
    "not_used": Words("这段文字没有用上：{text}", "This text was not used: {text}"),
    "empty_stem": Words("题干是空的。", "The stem is empty."),
}

# Of what its author had hidden.
HIDDEN = frozenset({"row_hidden", "sheet_hidden"})


def doubt(code: str, lines: tuple[int, ...] = (), **details: object) -> Doubt:
    """Return the doubt with its sentences filled in; a detail that is Words is filled in in its language.

    Raises: KeyError - an unknown code or a missing detail, a fault of ours.
    """
    said = SENTENCES[code]
    zh = {name: one.zh if isinstance(one, Words) else one for name, one in details.items()}
    en = {name: one.en if isinstance(one, Words) else one for name, one in details.items()}
    return Doubt(code, said.zh.format(**zh), lines, said.en.format(**en))


def put_together(*notes: Words) -> Words:
    """Return several things to say of one line as one."""
    return Words(" ".join(one.zh for one in notes if one.zh), " ".join(one.en for one in notes if one.en))
