"""Options that people mark ①②③④, a. b. c. or 甲乙丙丁: given the letters A, B, C, D before anything else reads the lines.

Such marks also number sentences in a stem ("说法正确的有：①… ②… A.①② B.②③"), so a question's are options only when it
has no options with capital letters. Where its answer is not written with the same marks, that is a doubt.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from invigil.prepare.questions.importing.doubts import doubt
from invigil.prepare.questions.importing.folding import fold
from invigil.prepare.questions.importing.marks import (
    FieldKind,
    NumberStyle,
    find_inline_options,
    read_fields,
    read_heading,
    read_number,
    read_options,
)
from invigil.prepare.questions.importing.model import Doubt

LETTERS = "ABCDEFGHIJ"
# Marks in order, and what follows one that stands before an option.
_ALPHABETS = (
    ("①②③④⑤⑥⑦⑧⑨⑩", r"\s*[、.:]?\s*"),
    ("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽", r"\s*[、.:]?\s*"),
    ("abcdefghij", r"\s*[.、)]\s*"),
    ("甲乙丙丁戊己庚辛壬癸", r"\s*[.、:)]\s*"),
)
_BEFORE = r"(?:(?<=^)|(?<=[\s。;；?)(\[]))[(\[]?"


@dataclass
class Lettered:
    """Lines as the scanner reads them, as many as were given; doubts about what was changed in them."""

    lines: list[str]
    doubts: list[Doubt] = field(default_factory=list)


def letter_options(lines: Sequence[str]) -> Lettered:
    """Return the lines with every question's option marks as capital letters."""
    lettered = Lettered(list(lines))
    used: set[str] = set()
    for block in _blocks([fold(line) for line in lines]):
        folded = [fold(lines[index]) for index in block]
        if len(block) < 1 or _has_letters(folded):
            continue
        for marks, behind in _ALPHABETS:
            places = _find_marks(folded, marks, behind)
            if len(places) > 1:
                _rewrite(lettered, block, places, marks)
                used.add(marks)
                break
    for marks in used:
        if _rewrite_list(lettered, marks):
            lettered.doubts = [one for one in lettered.doubts if marks[0] not in one.sentence]
    return lettered


def _blocks(folded: Sequence[str]) -> Iterator[list[int]]:
    """Yield the lines of each question or part: from its number to the next."""
    block: list[int] = []
    for index, line in enumerate(folded):
        number = read_number(line)
        begins = number is not None and number.style is not NumberStyle.CIRCLED and not number.is_spaced
        if begins or read_heading(line) is not None:
            if block:
                yield block
            block = []
        if begins or block:
            block.append(index)
    if block:
        yield block


def _has_letters(folded: Sequence[str]) -> bool:
    return any(
        read_options(line, expected="A", has_next=True) or find_inline_options(line, 0, next_is_b=False)
        for line in folded
    )


def _find_marks(folded: Sequence[str], marks: str, behind: str) -> list[tuple[int, int, int]]:
    """Return (line in the block, begin, end) of each mark in order, as far as they follow each other."""
    places: list[tuple[int, int, int]] = []
    line, position = 0, 0
    number = read_number(folded[0])
    position = number.start if number else 0
    for mark in marks:
        pattern = re.compile(_BEFORE + re.escape(mark) + (r"[)\]]?" if mark not in "abcdefghij" else "") + behind)
        for other in range(line, len(folded)):
            match = pattern.search(folded[other], position if other == line else 0)
            if match is not None and not _is_bracketed(folded[other], match):
                break
        else:
            break
        if other > line and places and other - places[-1][0] > 2:
            break
        places.append((other, match.start(), match.end()))
        line, position = other, match.end()
    return places


def _is_bracketed(folded: str, match: re.Match[str]) -> bool:
    """Tell whether the mark is an answer in the stem's brackets ("（ ② ）") or on an answer line, and no option."""
    if re.fullmatch(r"[(\[]\s*\S\s*[)\]]\s*", match[0]):
        # "(a) 公司" at the line's beginning or behind a space is an option, "（②）。" is an answer.
        stands_free = not folded[: match.start()].strip() or folded[match.start() - 1].isspace()
        return not (stands_free and folded[match.end() : match.end() + 1].isalnum())
    before = folded[: match.start()].rstrip()
    fields = read_fields(folded)
    return before.endswith(("(", "[")) or bool(
        fields and fields[0].kind is FieldKind.ANSWER and match.start() >= fields[0].begin
    )


def _rewrite(lettered: Lettered, block: Sequence[int], places: Sequence[tuple[int, int, int]], marks: str) -> None:
    lines = lettered.lines
    for letter, (other, begin, end) in reversed(list(zip(LETTERS, places, strict=False))):
        index = block[other]
        gap = " " if begin and not lines[index][begin - 1].isspace() else ""
        lines[index] = f"{lines[index][:begin]}{gap}{letter}、{lines[index][end:]}"
    is_answered = False
    answer = re.compile(rf"(?<=[(\[（【:：为是选\s])\s*([{marks}](?:[\s,，、;；]*[{marks}])*)\s*(?=[)\]）】。;；\s]|$)")
    for index in block:
        folded = fold(lines[index])
        fields = read_fields(folded)
        is_answer_line = bool(fields and fields[0].kind is FieldKind.ANSWER)
        changed = (
            answer.sub(lambda match: _translate(match[0], marks), lines[index])
            if is_answer_line or index == block[0]
            else lines[index]
        )
        is_answered |= changed != lines[index] or (
            is_answer_line and bool(re.search(r"[A-J]", folded[fields[0].start :]))
        )
        lines[index] = changed
    if not is_answered:
        shown = f"{marks[0]}、{marks[1]}"
        lettered.doubts.append(doubt("option_marks_guessed", (block[places[0][0]] + 1,), marks=shown))


def _rewrite_list(lettered: Lettered, marks: str) -> bool:
    """Give letters to lines of an answer list: "1.① 2.③④"; tell whether there were any."""
    is_found = False
    entry = rf"\d{{1,4}}\s*[.、:)]?\s*[{marks}]+"
    pattern = re.compile(rf"\s*{entry}(?:[\s,，;；]+{entry})*\s*")
    for index, line in enumerate(lettered.lines):
        if pattern.fullmatch(fold(line)):
            lettered.lines[index] = _translate(re.sub(rf"(\d)\s*([{marks}])", r"\1.\2", line), marks)
            is_found = True
    return is_found


def _translate(text: str, marks: str) -> str:
    return "".join(LETTERS[marks.index(character)] if character in marks else character for character in text)
