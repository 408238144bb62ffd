"""Questions as cut from the lines, before anything is interpreted."""

from dataclasses import dataclass, field
from enum import StrEnum

from invigil.kernel.words import Words
from invigil.prepare.questions.importing.marks import FieldKind, NumberStyle, SectionKind
from invigil.prepare.questions.importing.model import Doubt, LineUse


class Part(StrEnum):
    """Where text without a mark of its own goes."""

    STEM = "stem"
    OPTION = "option"
    FIELD = "field"


@dataclass(slots=True, eq=False)
class Piece:
    """Text of a labelled part with the line it begins on."""

    text: str
    line: int


@dataclass(slots=True, eq=False)
class RawOption:
    """One option as read; `text` grows by wrapped lines."""

    key: str
    text: str
    line: int


@dataclass(slots=True, eq=False)
class RawQuestion:
    """One question (or sub-question) as cut. lines: all of its source lines, those of sub-questions included.
    section: of a sub-question whose type is stated (Excel)."""

    number: int | None
    style: NumberStyle | None
    separator: str = ""
    is_case: bool = False
    section: SectionKind | None = None
    stem: list[Piece] = field(default_factory=list)
    options: list[RawOption] = field(default_factory=list)
    fields: list[tuple[FieldKind, Piece]] = field(default_factory=list)
    listed: list[Piece] = field(default_factory=list)
    subs: list["RawQuestion"] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    part: Part = Part.STEM

    @property
    def has_answer_field(self) -> bool:
        """An answer line was read."""
        return any(kind is FieldKind.ANSWER for kind, _ in self.fields)

    @property
    def is_complete(self) -> bool:
        """It has what a next question may follow."""
        return bool(self.options or self.fields or self.subs)


@dataclass(slots=True, eq=False)
class Group:
    """Questions under one heading. kind: None without a heading. style: how its questions are numbered."""

    kind: SectionKind | None = None
    topic: str = ""
    style: NumberStyle | None = None
    questions: list[RawQuestion] = field(default_factory=list)

    @property
    def last_number(self) -> int | None:
        """The last number read, or None."""
        return next((one.number for one in reversed(self.questions) if one.number is not None), None)


@dataclass(slots=True, eq=False)
class ListEntry:
    """One entry of an answer list. sub: number of the sub-question, or None. fields: an explanation and the like."""

    number: int
    sub: int | None
    text: str
    line: int
    fields: list[tuple[FieldKind, Piece]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class ListGroup:
    """Entries of one stretch of an answer list, numbers ascending."""

    kind: SectionKind | None
    entries: list[ListEntry] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Scanned:
    """All that was cut from a file. uses: of every line that is not blank."""

    groups: list[Group]
    lists: list[ListGroup]
    uses: dict[int, tuple[LineUse, Words]]
