"""Routes of questions: list, read, create, change, retire, history."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from invigil.platform.http import RECORDED, ManagementRouter, Page, Paging, Tx, Who, paging_of
from invigil.prepare.questions.http.documents import QuestionDocument, QuestionProblemAnswer
from invigil.prepare.questions.model import QuestionState, QuestionType
from invigil.prepare.questions.rules import find_problems
from invigil.prepare.questions.sanitising import clean_draft
from invigil.prepare.questions.service import bank, reading
from invigil.prepare.questions.store.bank import BankQuery

router = ManagementRouter(prefix="/api/questions", tags=["questions"])


class QuestionHeadAnswer(BaseModel):
    """A question in a list; `summary` is the beginning of the stem."""

    id: str
    state: QuestionState
    version_id: str
    version_number: int
    type: QuestionType
    knowledge_area: str
    difficulty: int
    subject_codes: list[str]
    item_count: int
    summary: str
    source: str
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, head: reading.QuestionHead) -> "QuestionHeadAnswer":
        """Return the answer of a head."""
        return cls.model_validate(head, from_attributes=True)


class QuestionAnswer(BaseModel):
    """A question's version, complete."""

    id: str
    state: QuestionState
    version_id: str
    version_number: int
    current_version_number: int
    question: QuestionDocument
    created_at: datetime
    created_by: str


class QuestionVersionAnswer(BaseModel):
    """A version in the history."""

    number: int
    version_id: str
    created_at: datetime
    created_by: str


class QuestionEditForm(BaseModel):
    """A new version; `based_on` is the version number that the author had before them."""

    based_on: int = Field(ge=1)
    question: QuestionDocument


class QuestionCheckAnswer(BaseModel):
    """What a draft looks like after sanitising, and what is wrong with it."""

    question: QuestionDocument
    problems: list[QuestionProblemAnswer]


class QuestionWrittenAnswer(BaseModel):
    """A question was written."""

    id: str
    version_number: int


class BankFilter(BaseModel):
    """What a list is narrowed to."""

    subject_code: Annotated[str, Field(max_length=8)] = ""
    type: QuestionType | None = None
    knowledge_area: Annotated[str, Field(max_length=64)] = ""
    difficulty: Annotated[int, Field(ge=0, le=5)] = 0
    state: QuestionState | None = None

    def to_query(self) -> BankQuery:
        """Return the query."""
        type_, state = self.type.value if self.type else "", self.state.value if self.state else ""
        return BankQuery(self.subject_code, type_, self.knowledge_area, self.difficulty, state)


@router.get("", name="questions.list", summary="试题列表", openapi_extra=RECORDED)
async def list_questions(
    tx: Tx,
    who: Who,
    paging: Annotated[Paging, Depends(paging_of)],
    narrowed: Annotated[BankFilter, Query()],
) -> Page[QuestionHeadAnswer]:
    """List questions, newest first; `q` looks for words at the beginning of stems, or is a question's id. Recorded."""
    found, total = await reading.list_questions(
        tx, who, narrowed.to_query(), q=paging.q, sort=paging.sort, offset=paging.offset, limit=paging.page_size
    )
    items = [QuestionHeadAnswer.of(one) for one in found]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.post("", name="questions.create", summary="新建试题", status_code=201)
async def create_question(tx: Tx, who: Who, form: QuestionDocument) -> QuestionWrittenAnswer:
    """Put a question into the bank; refused with every problem at once."""
    question_id = await bank.create_question(tx, who, form.to_draft())
    return QuestionWrittenAnswer(id=question_id, version_number=1)


@router.post("/check", name="questions.check", summary="检查试题草稿")
async def check_question(form: QuestionDocument) -> QuestionCheckAnswer:
    """Sanitise a draft and list its problems; nothing is written."""
    cleaned = clean_draft(form.to_draft())
    problems = [
        QuestionProblemAnswer(code=one.code, sentence=one.sentence, part=one.part) for one in find_problems(cleaned)
    ]
    return QuestionCheckAnswer(question=QuestionDocument.of(cleaned), problems=problems)


@router.get("/{question_id}", name="questions.get", summary="试题全文", openapi_extra=RECORDED)
async def get_question(question_id: str, tx: Tx, who: Who) -> QuestionAnswer:
    """Return the current version with its answers. Recorded."""
    head = await reading.access_head(tx, question_id)
    return _answer(head, await reading.access_version(tx, who, question_id))


@router.put("/{question_id}", name="questions.edit", summary="修改试题（生成新版本）")
async def edit_question(question_id: str, tx: Tx, who: Who, form: QuestionEditForm) -> QuestionWrittenAnswer:
    """Write a new version; papers already made keep the version they were made with."""
    number = await bank.edit_question(tx, who, question_id, form.question.to_draft(), based_on=form.based_on)
    return QuestionWrittenAnswer(id=question_id, version_number=number)


@router.post("/{question_id}/retire", name="questions.retire", summary="停用试题")
async def retire_question(question_id: str, tx: Tx, who: Who) -> QuestionHeadAnswer:
    """Take the question out of every later pool."""
    await bank.retire_question(tx, who, question_id)
    return QuestionHeadAnswer.of(await reading.access_head(tx, question_id))


@router.post("/{question_id}/restore", name="questions.restore", summary="恢复试题")
async def restore_question(question_id: str, tx: Tx, who: Who) -> QuestionHeadAnswer:
    """Let a retired question be drawn again."""
    await bank.restore_question(tx, who, question_id)
    return QuestionHeadAnswer.of(await reading.access_head(tx, question_id))


@router.get("/{question_id}/versions", name="questions.versions.list", summary="试题历史版本")
async def list_versions(question_id: str, tx: Tx) -> list[QuestionVersionAnswer]:
    """List every version, newest first."""
    found = await reading.list_history(tx, question_id)
    return [
        QuestionVersionAnswer(number=number, version_id=version_id, created_at=at, created_by=by)
        for number, version_id, at, by in found
    ]


@router.get(
    "/{question_id}/versions/{number}", name="questions.versions.get", summary="某一版本全文", openapi_extra=RECORDED
)
async def get_version(question_id: str, number: int, tx: Tx, who: Who) -> QuestionAnswer:
    """Return one version with its answers. Recorded."""
    head = await reading.access_head(tx, question_id)
    return _answer(head, await reading.access_version(tx, who, question_id, number))


def _answer(head: reading.QuestionHead, version: reading.QuestionVersion) -> QuestionAnswer:
    return QuestionAnswer(
        id=head.id,
        state=head.state,
        version_id=version.id,
        version_number=version.number,
        current_version_number=head.version_number,
        question=QuestionDocument.of(version.draft),
        created_at=version.created_at,
        created_by=version.created_by,
    )
