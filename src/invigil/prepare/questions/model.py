"""What a question is. Pure values: no database, no files, no clock.

A question is written as a `QuestionDraft`. When it is stored, the draft is split into what a candidate may see
(`QuestionContent`) and what only marking may see (`AnswerKey`); the two are sealed apart, so that code which hands
out papers never holds an answer. Each stored draft is a *version*; a version never changes.

New question types (hand-marked, or from QTI) get a member of `QuestionType`, a rule in `rules.RULE_OF_TYPE` and, when
they need one, a field of `Answer`. Everything else goes by these three places.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import msgspec


class QuestionType(StrEnum):
    """How a question is answered. A `case` is answered through its sub-questions only."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    FILL_IN = "fill_in"
    CASE = "case"


class BlockKind(StrEnum):
    """What a block shows. Each block is rendered apart from its neighbours (S3.11)."""

    TEXT = "text"
    PICTURE = "picture"
    AUDIO = "audio"
    VIDEO = "video"


class QuestionState(StrEnum):
    """`active` questions are drawn into papers; `retired` ones stay readable with all their versions.

    active -> retired (retire) -> active (restore).
    """

    ACTIVE = "active"
    RETIRED = "retired"


class Block(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One piece of a stem, an option or an explanation.

    html: text blocks only; passed through `sanitising.clean_html`; a blank of a fill-in question stands as `____`.
    blob: other kinds only; id of a stored medium ("media_…").
    media_type: of the blob, e.g. "image/png".
    alt: what the picture shows or the recording says, for people who cannot see or hear it.
    play_limit: audio and video; how often a candidate may play it, >= 1; None = no limit.
    Source: S3.11.
    """

    kind: BlockKind
    html: str | None = None
    blob: str | None = None
    media_type: str | None = None
    alt: str = ""
    play_limit: int | None = None


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One choice. `key` is the letter in the bank ("A", "B", … without a hole), not the one a candidate sees."""

    key: str
    blocks: tuple[Block, ...]


class Answer(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The correct answer of one item; exactly one field is set, by the item's type.

    choices: single (one key) and multiple (keys in ascending order, unique).
    correct: true_false; True means the statement is right.
    blanks: fill_in; per blank, in reading order, the accepted texts, the first being the one shown.
    """

    choices: tuple[str, ...] | None = None
    correct: bool | None = None
    blanks: tuple[tuple[str, ...], ...] | None = None


class SubQuestionDraft(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """An answerable part of a case: any type but `case`."""

    type: QuestionType
    blocks: tuple[Block, ...]
    options: tuple[Option, ...] = ()
    answer: Answer | None = None
    explanation: tuple[Block, ...] = ()


class QuestionDraft(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A question as its author writes it, complete with answers and classification.

    blocks: the stem; for a case the background material.
    options: single and multiple only, keys A, B, … in order.
    answer: None for a case.
    sub_questions: a case only, at least one.
    subject_codes: "A", "B", "C1", … sorted, unique; a question may serve several subjects.
    knowledge_area: free text, e.g. "脚手架"; blueprints draw by it.
    difficulty: 1 (easiest) to 5.
    source: where the fact stands, e.g. "《安全生产法》第五条"; may be empty.
    """

    type: QuestionType
    blocks: tuple[Block, ...]
    options: tuple[Option, ...] = ()
    answer: Answer | None = None
    explanation: tuple[Block, ...] = ()
    sub_questions: tuple[SubQuestionDraft, ...] = ()
    subject_codes: tuple[str, ...] = ()
    knowledge_area: str = ""
    difficulty: int = 3
    source: str = ""


class SubQuestionContent(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a candidate sees of one part of a case."""

    type: QuestionType
    blocks: tuple[Block, ...]
    options: tuple[Option, ...] = ()
    blank_count: int = 0


class QuestionContent(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a candidate sees of a question: no answer, no explanation, no classification.

    blank_count: number of blanks of a fill-in, else 0.
    """

    type: QuestionType
    blocks: tuple[Block, ...]
    options: tuple[Option, ...] = ()
    sub_questions: tuple[SubQuestionContent, ...] = ()
    blank_count: int = 0


class ItemKey(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Answer and explanation of one item (one answerable unit)."""

    type: QuestionType
    answer: Answer
    explanation: tuple[Block, ...] = ()


class AnswerKey(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Keys of a question's items in the order of its content: one item, or one per sub-question of a case.

    explanation: of the case as a whole; empty for other types (there it stands with the item).
    """

    items: tuple[ItemKey, ...]
    explanation: tuple[Block, ...] = ()


class PoolEntry(NamedTuple):
    """What random assembly must know of a question, without opening its sealed content.

    question_version_id: "qv_…", the version that would be drawn now.
    item_types: type of each item in order; a plain question has one.
    option_counts: per item the number of options; 0 for items without options.
    blank_counts: per item the number of blanks; 0 for items that are not fill-in.
    duplicate_group: equal for questions whose normalised text is equal; draw at most one of a group.
    """

    question_version_id: str
    question_id: str
    type: QuestionType
    knowledge_area: str
    difficulty: int
    item_count: int
    item_types: tuple[QuestionType, ...]
    option_counts: tuple[int, ...]
    blank_counts: tuple[int, ...]
    duplicate_group: str
