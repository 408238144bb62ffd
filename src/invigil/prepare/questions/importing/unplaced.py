"""Why a line of the source belongs to no question."""

from invigil.kernel.words import Words

# No paragraph of a question is so long; what is, was not written by a person.
MAX_LINE = 10_000
LINE_LONG = Words(
    f"这一行超过 {MAX_LINE} 字，没有读取。", f"This line has more than {MAX_LINE} characters and was not read."
)
PAGE_NUMBER = Words("像页码。", "It looks like a page number.")
HAND_MARKED = Words(
    "主观题不能自动评分，没有导入。",
    "A question that a person must mark cannot be graded by rule; it was not imported.",
)
LIST_LINE_UNREAD = Words("答案表里的这一行没有看懂。", "This line of the answer list was not understood.")
BEFORE_QUESTIONS = Words("题目开始之前的文字。", "Text before the first question.")
OF_NO_QUESTION = Words("不属于任何题目。", "It belongs to no question.")
AFTER_ANSWER = Words(
    "答案之后的文字，不知属于哪一部分。", "Text after the answer; to which part it belongs cannot be told."
)
WITHOUT_STEM = Words("这一行没有题干，没有读取。", "This row has no stem and was not read.")
# By what Word calls the part.
MARGINS = {
    "header": Words(
        "页眉里的文字，没有读取；如果是题目或答案，请移到正文。",
        "Text of a page header, not read; if it is a question or an answer, move it into the body.",
    ),
    "footer": Words(
        "页脚里的文字，没有读取；如果是题目或答案，请移到正文。",
        "Text of a page footer, not read; if it is a question or an answer, move it into the body.",
    ),
    "comments": Words(
        "批注里的文字，没有读取；如果是题目或答案，请移到正文。",
        "Text of a comment, not read; if it is a question or an answer, move it into the body.",
    ),
}


def say_no_header(sheet: str) -> Words:
    """Return why the lines of a sheet were not read."""
    return Words(f"工作表“{sheet}”没有标题行，没有读取。", f"The sheet “{sheet}” has no header row and was not read.")


def say_no_such_questions(numbers: list[str]) -> Words:
    """Return what to say of entries of an answer list that belong to no question. numbers: as written, not empty."""
    return Words(
        f"答案表中的第 {'、'.join(numbers)} 题找不到对应的题目。",
        f"No question belongs to number {', '.join(numbers)} of the answer list.",
    )
