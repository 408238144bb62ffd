"""Texts as people write them, with exactly what must be understood. To look at a change: `python -m pytest … -vv`."""

from pathlib import Path

import pytest

from invigil.prepare.questions.importing.files import read_file
from invigil.prepare.questions.importing.model import LineUse
from invigil.prepare.questions.importing.text import decode_text, parse_lines
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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, line_end: str) -> None:
    text = "单选题\n1、安全色（ A ）\nA、红 B、紫\n".replace("\n", line_end)
    parsed = parse_lines(decode_text(text.encode(encoding)))
    assert [question.number for question in parsed.questions] == ["1"]
    assert parsed.questions[0].doubts == ()
