"""Questions as JSON: the same documents are taken and answered; `model` says what each field means.

Lengths and counts are not limited here but by `rules`, in Chinese: a preview must be able to show what breaks them.
"""

from typing import Annotated

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from invigil.prepare.questions.model import BlockKind, QuestionDraft, QuestionType

SubjectCode = Annotated[str, Field(max_length=8)]


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid")


class BlockDocument(_Document):
    """One piece of a stem, an option or an explanation (S3.11): `html` for text, `blob` (a medium's id) for the others."""

    kind: BlockKind
    html: str | None = None
    blob: str | None = None
    media_type: str | None = Field(default=None, description="set by the server")
    alt: str = ""
    play_limit: int | None = None


class OptionDocument(_Document):
    """One choice."""

    key: str
    blocks: list[BlockDocument]


class AnswerDocument(_Document):
    """The correct answer: `choices` for single and multiple, `correct` for true/false, `blanks` for fill-in."""

    choices: list[str] | None = None
    correct: bool | None = None
    blanks: list[list[str]] | None = None


class SubQuestionDocument(_Document):
    """An answerable part of a case."""

    type: QuestionType
    blocks: list[BlockDocument]
    options: list[OptionDocument] = Field(default_factory=list)
    answer: AnswerDocument | None = None
    explanation: list[BlockDocument] = Field(default_factory=list)


class QuestionDocument(_Document):
    """A question, complete with answers and classification."""

    type: QuestionType
    blocks: list[BlockDocument]
    options: list[OptionDocument] = Field(default_factory=list)
    answer: AnswerDocument | None = None
    explanation: list[BlockDocument] = Field(default_factory=list)
    sub_questions: list[SubQuestionDocument] = Field(default_factory=list)
    subject_codes: list[str] = Field(default_factory=list)
    knowledge_area: str = ""
    difficulty: int = 3
    source: str = ""

    def to_draft(self) -> QuestionDraft:
        """Return the draft; subjects sorted and unique."""
        plain = self.model_dump(mode="json", exclude_none=True)
        plain["subject_codes"] = sorted(set(plain["subject_codes"]))
        return msgspec.convert(plain, QuestionDraft)

    @classmethod
    def of(cls, draft: QuestionDraft) -> "QuestionDocument":
        """Return the document of a draft."""
        return cls.model_validate(msgspec.to_builtins(draft))


class QuestionProblemAnswer(BaseModel):
    """Why a question may not enter the bank; `part` 0 is the question itself, n its n-th sub-question."""

    code: str
    sentence: str
    part: int
