"""Fill-in questions: marking the blanks of a stem and matching the answers to them."""

import re
from collections.abc import Sequence

from invigil.prepare.questions.importing.answers import read_blanks
from invigil.prepare.questions.importing.doubts import doubt
from invigil.prepare.questions.importing.folding import UNDERLINE_CLOSE, UNDERLINE_OPEN, fold
from invigil.prepare.questions.importing.model import Doubt
from invigil.prepare.questions.importing.raw import Piece
from invigil.prepare.questions.model import Answer

BLANK = "____"
_EMPTY = re.compile(rf"{UNDERLINE_OPEN}?_{{2,}}{UNDERLINE_CLOSE}?|\(\s*_*\s*\)|\[\s*_*\s*\]")
_UNDERLINED = re.compile(
    rf"{UNDERLINE_OPEN}\s*([^{UNDERLINE_CLOSE}]*?[^\s_{UNDERLINE_CLOSE}][^{UNDERLINE_CLOSE}]*?)\s*{UNDERLINE_CLOSE}"
)
_FILLED = re.compile(r"[(（]\s*([^()（）]{1,40}?)\s*[)）]")
_TAIL = re.compile(r"\s*[(（]\s*([^()（）]{1,80}?)\s*[)）]\s*[。.]?\s*$")


def build_fill_in(
    stem: str, answers: Sequence[Piece], first_line: tuple[int, ...]
) -> tuple[str, Answer | None, list[Doubt]]:
    """Return the stem with every blank as `____`, the answer and the doubts.

    answers: as written on answer lines and lists, best last. Without them, underlined words of the stem are the answers
    (Word), else words in its brackets, which is doubtful.
    """
    doubts: list[Doubt] = []
    stem, count = _mark_blanks(stem)
    if not answers:
        return _build_from_stem(stem, count, first_line)
    blanks = read_blanks(answers[-1].text, count)
    texts = list(dict.fromkeys(piece.text.strip() for piece in answers))
    if len(texts) > 1:
        doubts.append(doubt("answers_conflict", tuple(piece.line for piece in answers), answers="、".join(texts)))
    if count == 0:
        doubts.append(doubt("blank_mark_missing", first_line))
    elif len(blanks) != count:
        doubts.append(doubt("blank_count_differs", first_line, blanks=count, answers=len(blanks)))
    return stem, Answer(blanks=blanks) if blanks else None, doubts


def _mark_blanks(stem: str) -> tuple[str, int]:
    """Return the stem with its empty places as `____`, and how many they are."""
    pieces, position, count = [], 0, 0
    for match in _EMPTY.finditer(fold(stem)):
        pieces += [stem[position : match.start()], BLANK]
        position, count = match.end(), count + 1
    return "".join([*pieces, stem[position:]]), count


def _build_from_stem(stem: str, count: int, first_line: tuple[int, ...]) -> tuple[str, Answer | None, list[Doubt]]:
    for pattern, is_sure in ((_UNDERLINED, True), (_FILLED, False)):
        found = [match[1].strip() for match in pattern.finditer(stem)]
        if found and count == 0:
            answer = Answer(blanks=tuple((text,) for text in found))
            doubts = [] if is_sure else [doubt("answers_from_parentheses", first_line)]
            return pattern.sub(BLANK, stem), answer, doubts
    tail = _TAIL.search(stem)
    if tail and count and len(blanks := read_blanks(tail[1], count)) == count:
        return stem[: tail.start()], Answer(blanks=blanks), [doubt("answers_from_parentheses", first_line)]
    return stem, None, [doubt("no_answer", first_line)]
