"""From lines to a parsed file; and from the bytes of a text file to lines."""

import re
from collections.abc import Sequence

import msgspec

from invigil.kernel.refusals import Refusal
from invigil.kernel.words import NOTHING_TO_SAY, Words
from invigil.prepare.questions.importing.answer_lists import give_answers
from invigil.prepare.questions.importing.building import build
from invigil.prepare.questions.importing.doubts import put_together
from invigil.prepare.questions.importing.folding import without_private
from invigil.prepare.questions.importing.lettering import letter_options
from invigil.prepare.questions.importing.markup import visible
from invigil.prepare.questions.importing.model import (
    Doubt,
    LineUse,
    ParsedFile,
    ParsedQuestion,
    Picture,
    SourceLine,
)
from invigil.prepare.questions.importing.scanning import scan

MAX_LINES = 100_000
# Longer runs of spaces mean nothing, and cost patterns their patience.
_WIDE = re.compile(r"(\s{60})\s+")
_ENCODINGS = ("utf-8-sig", "gb18030")


class TextUnreadable(Refusal):
    """The bytes are text in no encoding that we read."""

    code = "questions.import.text_unreadable"
    zh = "文本文件的编码无法识别，请另存为 UTF-8 后再导入。"
    en = "The text file's encoding is not known; save it as UTF-8."


class TooManyLines(Refusal):
    """More lines than one import takes."""

    code = "questions.import.too_many_lines"
    zh = "文件超过 {limit} 行，请分成几个文件导入。"
    en = "The file has more than {limit} lines; split it."


def decode_text(content: bytes) -> list[str]:
    """Return the lines of a text file in UTF-8, UTF-16 with a byte-order mark, or GB18030.

    Raises: TextUnreadable - none of these.
    """
    encodings = ("utf-16",) if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else _ENCODINGS
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return [without_private(line) for line in split_lines(text)]
    raise TextUnreadable


def split_lines(text: str) -> list[str]:
    """Return the lines at \\n, \\r\\n, \\r, vertical tab, form feed and Unicode's line separators."""
    return text.splitlines()


def parse_lines(
    lines: Sequence[str],
    pictures: Sequence[Picture] = (),
    *,
    findings: Sequence[Doubt] = (),
    margins: Sequence[tuple[str, Words]] = (),
) -> ParsedFile:
    """Return what is understood of the lines.

    lines: without line ends; readers' private marks (`folding`) allowed. pictures: in the order of their marks.
    findings: what a reader could not bring over, each with its one line. margins: texts beside the body (page headers,
    comments) with a note why they are left out; they follow the lines.
    Raises: TooManyLines.
    Law: every line that is not blank has exactly one use, see `ParsedFile`.
    """
    if len(lines) > MAX_LINES:
        raise TooManyLines(limit=MAX_LINES)
    lines = [_WIDE.sub(r"\1", line) for line in lines]
    lettered = letter_options(lines)
    scanned = scan(lettered.lines)
    give_answers(scanned)
    questions = [build(raw, group, pictures) for group in scanned.groups for raw in group.questions]
    questions, notes = attach_doubts(questions, [*lettered.doubts, *findings])
    shown = []
    for number, line in enumerate(lines, start=1):
        use, note = scanned.uses.get(number, (None, NOTHING_TO_SAY))
        said = put_together(note, notes.get(number, NOTHING_TO_SAY))
        shown.append(SourceLine(number, visible(line), use, said.zh, said.en))
    beside = [
        SourceLine(len(lines) + at, text, LineUse.UNPLACED, note.zh, note.en)
        for at, (text, note) in enumerate(margins, start=1)
    ]
    return ParsedFile((*shown, *beside), tuple(questions), tuple(pictures))


def attach_doubts(
    questions: Sequence[ParsedQuestion], doubts: Sequence[Doubt]
) -> tuple[list[ParsedQuestion], dict[int, Words]]:
    """Give each doubt to the question that owns its line; return the others' sentences by line."""
    owners = {number: place for place, question in enumerate(questions) for number in question.lines}
    more: dict[int, list[Doubt]] = {}
    notes: dict[int, Words] = {}
    for one in doubts:
        place = owners.get(one.lines[0])
        if place is None:
            notes[one.lines[0]] = put_together(notes.get(one.lines[0], NOTHING_TO_SAY), one.words)
        else:
            more.setdefault(place, []).append(one)
    given = [
        msgspec.structs.replace(question, doubts=(*question.doubts, *more.get(place, ())))
        for place, question in enumerate(questions)
    ]
    return given, notes
