"""How people mark headings, question numbers, options and labelled fields. All functions read folded text."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from invigil.prepare.questions.model import QuestionType

_CN = "一二三四五六七八九十百零〇"


class SectionKind(StrEnum):
    """What a heading announces."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    FILL_IN = "fill_in"
    CASE = "case"
    CHOICE = "choice"  # 选择题: single or multiple, by the answer
    HAND_MARKED = "hand_marked"  # 简答题 and the like: not imported, listed as unplaced
    TOPIC = "topic"  # a chapter: the knowledge area of what follows
    ANSWERS = "answers"  # an answer list follows


_SECTION_WORDS: tuple[tuple[SectionKind, str], ...] = (
    (SectionKind.SINGLE, r"单项?选择?题?|单选题"),
    (SectionKind.MULTIPLE, r"多项?选择?题?|多选题|不定项选择?题?|双项?选择?题"),
    (SectionKind.TRUE_FALSE, r"判断(?:是非|对错|正误|改错)?题?|是非(?:判断)?题|对错题|正误题"),
    (SectionKind.FILL_IN, r"填空题?"),
    (SectionKind.CASE, r"(?:综合|实务|事故)?案例(?:分析|选择|综合)?题|案例分析|综合分析题|材料(?:分析)?题"),
    (SectionKind.CHOICE, r"选择题"),
    (SectionKind.HAND_MARKED, r"简答题?|问答题?|论述题?|计算题?|名词解释|作文题?|论文题?|实操题|作图题"),
)
_ORDINAL = (
    rf"(?:第?[{_CN}]{{1,4}}(?:部分|大题|[章节篇])?|[IVXⅠⅡⅢⅣⅤⅥ]{{1,4}}|\([{_CN}]{{1,3}}\)|\d{{1,2}}|#+|题型[{_CN}\d]*)"
)
_HEADING = re.compile(
    rf"\s*[\[*]*\s*(?:{_ORDINAL}\s*[、.:)\s]*)?\s*(?P<words>[\u4e00-\u9fff]{{2,8}}?)"
    r"(?P<list>(?:的?(?:参考|标准|正确)?答案(?:及解析|与解析|和解析|汇总|部分|如下|表)?)?)"
    r"\s*[\]*]*\s*[:]?\s*(?P<note>(?:[(\[].*)?|[,，、。;；\s].*|(?:共|每|本|总).*)$"
)
_TOPIC = re.compile(
    rf"\s*(?:第[{_CN}\d]{{1,4}}[章节篇](?:[、.:\s]|(?=\S))|[{_CN}]{{1,3}}、)\s*(?P<name>[^。?!;；:()\[\]]{{2,30}})$"
)
_ANSWER_HEADING = re.compile(
    r"\s*[\[*]*\s*(?:附件?\s*[:]?\s*)?(?:试[题卷])?(?:参考|标准|正确|试题|全部|本卷)?答\s*案"
    r"(?:及解析|与解析|和解析|部分|汇总|如下|一览表?|表|页)?\s*[\]*]*\s*[:]?\s*$"
)


_LISTED_HEADING = re.compile(
    rf"\s*\[?\s*(?:{_ORDINAL}\s*[、.:)\s]*)?\s*(?P<words>[\u4e00-\u9fff]{{2,8}}?)(?:的?(?:参考|标准|正确)?答案)\s*\]?"
    r"\s*[:]?\s*(?P<note>[(\[]?\d.*)$"
)


class Heading(NamedTuple):
    """A heading line. topic: the chapter's name for TOPIC. is_answers: the heading stands over a list of answers.
    rest: folded text behind the words, e.g. "(每题1分)" or the answers themselves."""

    kind: SectionKind
    topic: str = ""
    is_answers: bool = False
    rest: str = ""


def read_heading(folded: str) -> Heading | None:
    """Return the heading this line is, or None."""
    if _ANSWER_HEADING.match(folded):
        return Heading(SectionKind.ANSWERS, is_answers=True)
    if match := _LISTED_HEADING.match(folded):
        for kind, words in _SECTION_WORDS:
            if re.fullmatch(words, match["words"]):
                return Heading(kind, is_answers=True, rest=match["note"].strip())
    match = _HEADING.match(folded)
    if match and not re.search(r"[A-J]\s*[.、]", match["note"]):
        for kind, words in _SECTION_WORDS:
            if re.fullmatch(words, match["words"]):
                return Heading(kind, is_answers=bool(match["list"]), rest=match["note"].strip())
    topic = _TOPIC.match(folded)
    return Heading(SectionKind.TOPIC, topic["name"].strip()) if topic else None


class NumberStyle(StrEnum):
    """How a number is written; questions of one section share a style, so that enumerations in a stem stand out."""

    PLAIN = "plain"  # 1、 1. 第1题
    HALF = "half"  # 1)
    PAREN = "paren"  # (1)
    CIRCLED = "circled"  # ①


class Numbered(NamedTuple):
    """A line that begins with a number. start: where the text begins. is_spaced: only a space follows the number."""

    style: NumberStyle
    number: int
    start: int
    is_spaced: bool = False


_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_NUMBERS: tuple[tuple[NumberStyle, re.Pattern[str]], ...] = (
    (NumberStyle.PLAIN, re.compile(r"\s*(?:第\s*(\d{1,4})\s*[小道]?题|[\[]\s*(?:第?\s*(\d{1,4})\s*题?)\s*\]|(?:问题|小题|题目?)\s*(\d{1,3}))\s*[.、:)]?\s*")),
    (NumberStyle.PLAIN, re.compile(r"\s*(\d{1,4})\s*(?:[、:]|\.(?!\d)|\.(?=\d{4}\s*年))\s*[.、]?\s*")),
    (NumberStyle.HALF, re.compile(r"\s*(\d{1,3})\s*\)\s*[.、]?\s*")),
    (NumberStyle.PAREN, re.compile(r"\s*\(\s*(\d{1,3})\s*\)\s*[.、]?\s*")),
)  # fmt: skip
_SPACED_NUMBER = re.compile(r"\s*(\d{1,4})\s+(?=[^\d\s.%-])")


def read_number(folded: str) -> Numbered | None:
    """Return the number with which this line begins, or None."""
    for style, pattern in _NUMBERS:
        if match := pattern.match(folded):
            return Numbered(style, int(next(group for group in match.groups() if group)), match.end())
    stripped = folded.lstrip()
    if stripped[:1] and stripped[0] in _CIRCLED:
        begin = len(folded) - len(stripped) + 1
        begin += len(folded[begin:]) - len(folded[begin:].lstrip(" .、"))
        return Numbered(NumberStyle.CIRCLED, _CIRCLED.index(stripped[0]) + 1, begin)
    if match := _SPACED_NUMBER.match(folded):
        return Numbered(NumberStyle.PLAIN, int(match[1]), match.end(), is_spaced=True)
    return None


_CASE_OPENER = re.compile(
    rf"\s*(?:\[\s*(?:(?:背景)?案例|(?:背景)?材料|背景资料|事故案例)\s*[{_CN}\d]{{0,3}}\s*\]\s*[:.、\s]*"
    rf"|(?:(?:背景)?案例|(?:背景)?材料|背景资料|事故案例)\s*(?:\(?[{_CN}\d]{{1,3}}\)?)?\s*(?:[:.、\s]\s*|$))"
)


def read_case_opener(folded: str) -> int | None:
    """Return where the text begins behind 案例一： or 【案例1】, or None."""
    match = _CASE_OPENER.match(folded)
    if match is None or not re.search(rf"[{_CN}\d\]:]", match[0]):
        return None
    return match.end()


class OptionMark(NamedTuple):
    """One option's letter and where its mark begins and its text starts."""

    key: str
    begin: int
    start: int


_OPTION_STYLES = (
    r"(?:(?<=^)|(?<=[\W_])|(?<=[\u4e00-\u9fff])|(?<=\d))(?<![(\[])(?<![(\[]\s)(?<![(\[]\s\s){key}\s*[.、:)]\s*[.、]?\s*",
    r"[(\[]\s*{key}\s*[)\]]\s*[.、:]?\s*",
    r"(?:(?<=^)|(?<=[\s。)?:])){key}\s+(?=\S)",
    r"(?:(?<=^)|(?<=[\s。)?:])){key}(?=[\u4e00-\u9fff])",
)
_PATTERNS = {key: tuple(re.compile(style.replace("{key}", key)) for style in _OPTION_STYLES) for key in "ABCDEFGHIJ"}
_LOOSE_STYLES = range(2, 4)


def read_options(folded: str, *, expected: str, has_next: bool = False) -> list[OptionMark]:
    """Return the options of a line that begins with one; empty when it does not.

    expected: the letter that would come next; loose marks ("A 甲", "A甲") count only for it. has_next: the next line
    begins with the letter behind the line's own, which is what makes a loose "A" believable.
    """
    begin = len(folded) - len(folded.lstrip())
    key = folded[begin : begin + 1] if folded[begin : begin + 1] not in {"(", "["} else folded[begin + 1 :].lstrip()[:1]
    if key not in _PATTERNS or key == "":
        return []
    for style, pattern in enumerate(_PATTERNS[key]):
        match = pattern.match(folded, begin)
        if match is None:
            continue
        marks = [OptionMark(key, begin, match.end()), *_following(folded, key, match.end(), style)]
        if style in _LOOSE_STYLES and (key != expected or (len(marks) == 1 and key == "A" and not has_next)):
            continue
        return marks
    return []


def _following(folded: str, key: str, position: int, style: int) -> Iterator[OptionMark]:
    while (key := chr(ord(key) + 1)) in _PATTERNS:
        match = _PATTERNS[key][style].search(folded, position)
        if match is None:
            # A letter left out ("A、甲 B、乙 D、丙") is seen when the next one stands free behind a space.
            key = chr(ord(key) + 1)
            match = _PATTERNS[key][0].search(folded, position) if key in _PATTERNS and style == 0 else None
            if match is None or not folded[match.start() - 1].isspace():
                return
        yield OptionMark(key, match.start(), match.end())
        position = match.end()


def find_inline_options(folded: str, start: int, *, next_is_b: bool) -> list[OptionMark]:
    """Return the options that follow a stem on its own line ("1.… A.甲 B.乙"); empty when there are none.

    next_is_b: the next line begins with option B, so that a single A here is believable.
    """
    for style in range(len(_OPTION_STYLES)):
        for match in _PATTERNS["A"][style].finditer(folded, start):
            if (
                style == 0
                and match.start() > start
                and folded[match.start() - 1].isalnum()
                and folded[match.start() - 1].isascii()
            ):
                continue
            marks = [OptionMark("A", match.start(), match.end()), *_following(folded, "A", match.end(), style)]
            if len(marks) >= (3 if style in _LOOSE_STYLES else 2) or (
                next_is_b and style not in _LOOSE_STYLES and match.start() > start
            ):
                return marks
            if len(marks) == 1:
                # No B behind this A, so none behind a later one.
                break
    return []


class FieldKind(StrEnum):
    """Labelled parts of a question."""

    ANSWER = "answer"
    EXPLANATION = "explanation"
    DIFFICULTY = "difficulty"
    KNOWLEDGE_AREA = "knowledge_area"
    SUBJECTS = "subjects"
    SOURCE = "source"
    POINTS = "points"  # 分值: points belong to the blueprint


class Field(NamedTuple):
    """A labelled part of a line: its kind, where its label begins and its text starts and ends."""

    kind: FieldKind
    begin: int
    start: int
    end: int


_LABELS: tuple[tuple[FieldKind, str], ...] = (
    (FieldKind.EXPLANATION, r"(?:答案|试题|本题|题目|参考|详细|答题)?解析|答案说明|答案分析|解题思路"),
    (FieldKind.ANSWER, r"(?:参考|正确|标准|本题|试题|最终)?答\s*案"),
    (FieldKind.DIFFICULTY, r"难度(?:系数|等级|级别)?|难易(?:程度|度)?"),
    (FieldKind.KNOWLEDGE_AREA, r"知识点|考点|考核点|知识领域|知识模块|所属章节|考核要点"),
    (FieldKind.SUBJECTS, r"(?:适用|考试|所属)?(?:科目|类别)|适用(?:对象|人员)|报考类别"),
    (FieldKind.POINTS, r"(?:本题)?分值|分数"),
    (FieldKind.SOURCE, r"(?:题目|试题)?(?:出处|来源)|(?:法规|法律|参考)?依据"),
)
_ANY_LABEL = "|".join(f"(?P<{kind.value}>{words})" for kind, words in _LABELS)
_FIELD = re.compile(
    rf"(?:(?<=^)|(?<=[\s;；。.)\]]))\s*(?:[\[(]\s*(?:{_ANY_LABEL.replace('(?P<', '(?P<b_')})\s*[:]?\s*[\])]\s*[:]?\s*"
    rf"|(?:{_ANY_LABEL})\s*(?:[为是]\s*)?[:]\s*)"
)
_BARE_ANSWER_LINE = re.compile(
    r"\s*(?:(?:参考|正确|标准|本题|故)?答案\s*(?:应?[为是选]|应选)?|故?(?:本题)?应?选\s*[:]?|答\s*[:])\s*"
    r"(?=(?:[A-J](?:[\s,、;/]*[A-J])*|[√×]|正确|错误|对|错)\s*[。.;；]?\s*$|[A-J]{1,8}\s+\S)"
)


def read_fields(folded: str) -> list[Field]:
    """Return the labelled parts of a line in order; the first may begin in mid-line (then text stands before it)."""
    bare = _BARE_ANSWER_LINE.match(folded)
    if bare and not _FIELD.match(folded):
        return [Field(FieldKind.ANSWER, 0, bare.end(), len(folded))]
    matches = list(_FIELD.finditer(folded))
    if not matches:
        return []
    ends = [match.start() for match in matches[1:]] + [len(folded)]
    return [Field(_kind_of(match), match.start(), match.end(), end) for match, end in zip(matches, ends, strict=True)]


def _kind_of(match: re.Match[str]) -> FieldKind:
    name = next(name for name, value in match.groupdict().items() if value is not None)
    return FieldKind(name.removeprefix("b_"))


_TYPE_HINT = re.compile(
    r"[\[(]\s*(?P<words>单项?选择?题?|单选|多项?选择?题?|多选|不定项选择?题?|判断题?|填空题?|案例(?:分析)?题?)\s*[\])]\s*"
)
TYPE_OF_SECTION = {
    SectionKind.SINGLE: QuestionType.SINGLE,
    SectionKind.MULTIPLE: QuestionType.MULTIPLE,
    SectionKind.TRUE_FALSE: QuestionType.TRUE_FALSE,
    SectionKind.FILL_IN: QuestionType.FILL_IN,
    SectionKind.CASE: QuestionType.CASE,
}


def find_type_hint(folded: str) -> tuple[QuestionType, int, int] | None:
    """Return the type that a stem names in brackets, e.g. （多选题）, and where the bracket stands; or None."""
    match = _TYPE_HINT.search(folded)
    if match is None:
        return None
    words = match["words"]
    first = {"单": QuestionType.SINGLE, "多": QuestionType.MULTIPLE, "不": QuestionType.MULTIPLE,
             "判": QuestionType.TRUE_FALSE, "填": QuestionType.FILL_IN, "案": QuestionType.CASE}  # fmt: skip
    return first[words[0]], match.start(), match.end()
