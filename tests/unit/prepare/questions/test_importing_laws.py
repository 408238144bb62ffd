"""Laws of the text import that hold for any text, however it was mutilated."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invigil.prepare.questions.importing import looking_ahead
from invigil.prepare.questions.importing.model import LineUse, ParsedFile
from invigil.prepare.questions.importing.text import decode_text, parse_lines

# Lines that make sense on their own; the shuffle makes the nonsense. {t} is a word that occurs nowhere else.
_SHAPES = (
    "一、单选题", "二、多项选择题(每题2分)", "三、判断题", "四、填空题", "五、案例分析题", "六、简答题", "第一章 {t}", "参考答案", "单选题答案：1-3 ABC",
    "1、{t}（ A ）", "2.{t}（ ）", "3．{t}(BD) A.甲{t} B.乙{t}", "（1）{t}", "(2){t}。（√）", "4 {t}", "①{t}", "1.5m{t}", "案例一：{t}", "案例二",
    "A.甲{t} B.乙", "A、{t}", "B、{t}", "（C）{t}", "D {t}", "B乙{t}", "{t}", "{t}____{t}", "{t} √", "（×）5、{t}",
    "答案：A", "答案：{t}", "正确答案：AB 解析：{t}", "【解析】{t}", "难度：3", "难度：{t}", "知识点：{t}", "出处：{t}", "科目：A、{t}",
    "1-5 ABCDA", "1.A 2.B 3、√", "1、【答案】B【解析】{t}", "题号\t1\t2", "答案\tA\tB", "第 3 页", "", "   ", "【图片：{t}.png；说明：{t}】",
)  # fmt: skip
_wild = st.text(
    st.sampled_from(
        "一二单多选判断填空题答案解析案例ABCDＡＢ12345１２、.．:：()（）【】[]√×对错_ \t\U000f0000\ue001甲乙"
    ),
    max_size=30,
)


@st.composite
def _texts(draw: st.DrawFn) -> list[str]:
    lines = []
    for number in range(draw(st.integers(0, 25))):
        shape = draw(st.sampled_from(_SHAPES))
        lines.append(shape.replace("{t}", f"词{number}尾") if draw(st.integers(0, 9)) else draw(_wild))
    return lines


def _check_uses(parsed: ParsedFile, lines: list[str]) -> None:
    assert len(parsed.lines) == len(lines)
    assert [line.number for line in parsed.lines] == list(range(1, len(lines) + 1))
    owned = [number for question in parsed.questions for number in question.lines]
    assert len(owned) == len(set(owned))
    for line in parsed.lines:
        assert (line.use is None) == (not line.text.strip())
        assert (line.use is LineUse.QUESTION) == (line.number in owned)


@settings(max_examples=400, deadline=None)
@given(_texts())
def test_every_line_is_accounted_for_and_no_words_vanish(lines: list[str]) -> None:
    """A line of a question has its words in the question (or in a doubt); any other line is listed as what it is."""
    parsed = parse_lines(lines)
    _check_uses(parsed, lines)
    written = {
        number: msgspec.json.encode(question).decode() for question in parsed.questions for number in question.lines
    }
    for number, line in enumerate(lines, start=1):
        word = f"词{number - 1}尾"
        if number in written and word in line:
            assert word in written[number], (line, written[number])


@settings(max_examples=200, deadline=None)
@given(st.lists(_wild, max_size=20))
def test_any_text_is_read_without_a_fault(lines: list[str]) -> None:
    parsed = parse_lines(decode_text("\n".join(lines).encode()))
    _check_uses(parsed, "\n".join(lines).splitlines())


def test_endless_lines_cost_little_and_are_listed() -> None:
    """Patterns that try everything would need minutes for these."""
    shapes = [" " * 60_000, "A." * 4_900, "（" * 9_000, "1、" * 4_900, "答案：" * 3_000, "_" * 9_000, "1-2 AB " * 1_400]
    lines = [f"1、{shape}尾" for shape in shapes] + ["长" * 10_001]
    parsed = parse_lines(["一、判断题", "1、甲（√）", *lines])
    _check_uses(parsed, [line.text for line in parsed.lines])
    assert parsed.lines[-1].note == "这一行超过 10000 字，没有读取。"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_reading_is_the_same_every_time(content: bytes) -> None:
    lines = content.decode("gb18030", errors="replace").splitlines()
    assert msgspec.json.encode(parse_lines(lines)) == msgspec.json.encode(parse_lines(lines))


@pytest.mark.parametrize("opening", [(), ("1、某工地。",), ("（1）当心。（√）",)])
def test_a_long_text_is_looked_through_once(opening: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is open, a section of cases asks every line what comes behind it: that must not read the rest each time."""
    looks = 0

    def look(line: str) -> object:
        nonlocal looks
        looks += 1
        return read_heading(line)

    read_heading = looking_ahead.read_heading
    monkeypatch.setattr(looking_ahead, "read_heading", look)
    lines = ["五、案例分析题", *opening, *["某工地发生事故，现场混乱。"] * 400]
    assert len(parse_lines(lines).lines) == len(lines)
    # Once for the numbers, and a few lines ahead for an option A.
    assert looks <= 6 * len(lines)
