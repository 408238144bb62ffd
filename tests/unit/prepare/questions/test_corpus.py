"""Texts as people write them, with exactly what must be understood. To look at a change: `python -m pytest … -vv`."""

from pathlib import Path

import pytest

from invigil.kernel.words import Words
from invigil.prepare.questions.importing.doubts import doubt
from invigil.prepare.questions.importing.files import read_file
from invigil.prepare.questions.importing.model import LineUse
from invigil.prepare.questions.importing.text import decode_text, parse_lines
from invigil.prepare.questions.model import QuestionType
from invigil.prepare.questions.rules import TYPE_NAMES
from tests.unit.prepare.questions.describing import describe

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.txt"))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_text_is_understood_as_written_down(path: Path) -> None:
    assert describe(read_file(path.read_bytes())) == path.with_suffix(".expected").read_text()


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_every_line_has_one_use(path: Path) -> None:
    parsed = read_file(path.read_bytes())
    assert all((line.use is None) == (not line.text.strip()) for line in parsed.lines)
    owned = [number for question in parsed.questions for number in question.lines]
    assert sorted(owned) == [line.number for line in parsed.lines if line.use is LineUse.QUESTION]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_what_is_said_in_chinese_is_said_in_english(path: Path) -> None:
    parsed = read_file(path.read_bytes())
    said = [one.words for question in parsed.questions for one in question.doubts]
    said += [Words(line.note, line.note_en) for line in parsed.lines]
    assert all(bool(one.zh) == bool(one.en) and not one.en.endswith("。") for one in said)


def test_a_detail_is_named_in_the_language_of_its_sentence() -> None:
    guessed = doubt("type_guessed", (1,), type=TYPE_NAMES[QuestionType.SINGLE])
    assert guessed.words == (
        "没有题型标题，按内容认作单选题。",
        "There is no heading with a type; taken for Single choice by its content.",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, line_end: str) -> None:
    text = "单选题\n1、安全色（ A ）\nA、红 B、紫\n".replace("\n", line_end)
    parsed = parse_lines(decode_text(text.encode(encoding)))
    assert [question.number for question in parsed.questions] == ["1"]
    assert parsed.questions[0].doubts == ()
