"""What a reader understood of a file, and what it did not."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from invigil.kernel.words import Words
from invigil.prepare.questions.model import QuestionDraft


class Doubt(msgspec.Struct, frozen=True):
    """Something a person should look at before the question enters the bank.

    code: stable, a key of `doubts.SENTENCES`. lines: 1-based source lines, ascending; may be empty.
    sentence_en: empty for what an earlier release read.
    """

    code: str
    sentence: str
    lines: tuple[int, ...] = ()
    sentence_en: str = ""

    @property
    def words(self) -> Words:
        """The sentence in both languages."""
        return Words(self.sentence, self.sentence_en)


class Picture(msgspec.Struct, frozen=True):
    """A picture (or, as an attachment, any medium) found in the file.

    name: as blocks call it in `blob` ("picture-1"). data: the raw bytes; decoded and checked by Pillow in the sandbox.
    media_type: "" when the picture cannot be shown (a vector or broken format).
    """

    name: str
    media_type: str
    data: bytes


class ParsedQuestion(msgspec.Struct, frozen=True):
    """One question as understood.

    number: as written, e.g. "12"; "" when there was none. lines: every source line it came from, ascending.
    draft: not yet sanitised; `blob` of its blocks is a name of the file ("picture-1", "hoist.mp4"), not a stored medium.
    Missing parts stay missing and show up as doubts and as problems of `rules.find_problems`.
    """

    number: str
    lines: tuple[int, ...]
    draft: QuestionDraft
    doubts: tuple[Doubt, ...] = ()


class LineUse(StrEnum):
    """What became of a source line: every line that is not blank has exactly one use."""

    QUESTION = "question"
    HEADING = "heading"
    ANSWER_LIST = "answer_list"
    UNPLACED = "unplaced"


class SourceLine(msgspec.Struct, frozen=True):
    """One line of the source. number: 1-based. use: None for a blank line. note: why it is unplaced, or "".

    note_en: empty for what an earlier release read.
    """

    number: int
    text: str
    use: LineUse | None = None
    note: str = ""
    note_en: str = ""


class ParsedFile(msgspec.Struct, frozen=True):
    """All of a file. Law: each line of `lines` that is not blank has one use, and the lines of `questions` are
    exactly those with the use QUESTION.

    pictures: inside the document, in the order of their marks. attachments: media that a zip brought along, by file name.
    """

    lines: tuple[SourceLine, ...]
    questions: tuple[ParsedQuestion, ...]
    pictures: tuple[Picture, ...] = ()
    attachments: tuple[Picture, ...] = ()

    def unplaced(self) -> tuple[SourceLine, ...]:
        """Return the lines that belong to nothing."""
        return tuple(line for line in self.lines if line.use is LineUse.UNPLACED)
