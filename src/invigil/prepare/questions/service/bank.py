"""Writing questions: create, change by a new version, retire, restore."""

from typing import Any

import msgspec

from invigil.base.audit.api import record
from invigil.kernel.ids import QuestionId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.prepare.questions.model import Block, QuestionDraft, QuestionState
from invigil.prepare.questions.refusals import (
    MediumMismatch,
    QuestionChanged,
    QuestionNotAcceptable,
    QuestionNotFound,
    QuestionNotInState,
)
from invigil.prepare.questions.rules import find_media_problems, find_problems, map_blocks, media_of, split_draft
from invigil.prepare.questions.sanitising import clean_draft
from invigil.prepare.questions.service.protecting import (
    encode_items,
    index_fingerprint,
    seal_answers,
    seal_content,
    seal_summary,
)
from invigil.prepare.questions.store import bank as store
from invigil.prepare.questions.store import media as media_store


async def create_question(tx: Transaction, who: Principal, draft: QuestionDraft) -> QuestionId:
    """Put a new question into the bank as its first version.

    Raises: QuestionNotAcceptable, MediumMismatch.
    """
    question_id = await insert_question(tx, who, await check_draft(tx, draft))
    await record(tx, who, act="questions.question.create", on=question_id)
    return question_id


async def edit_question(
    tx: Transaction, who: Principal, question_id: str, draft: QuestionDraft, *, based_on: int
) -> int:
    """Make the draft the question's new version and return its number.

    based_on: the version number that the author had before them.
    Raises: QuestionNotFound; QuestionChanged; QuestionNotAcceptable; MediumMismatch.
    """
    current = await store.read_question(tx, question_id)
    if current is None:
        raise QuestionNotFound
    checked = await check_draft(tx, draft)
    version_id, number = new_id("qv"), based_on + 1
    columns = _columns(tx, version_id, number, checked)
    if not await store.update_question(tx, question_id, based_on, columns, checked.subject_codes):
        raise QuestionChanged(number=current.version_number)
    await _insert_version(tx, who, checked, question_id=question_id, version_id=version_id, number=number)
    await record(tx, who, act="questions.question.edit", on=question_id, details={"version": number})
    return number


async def retire_question(tx: Transaction, who: Principal, question_id: str) -> None:
    """Take the question out of every later pool. Raises: QuestionNotFound, QuestionNotInState."""
    await _move(tx, question_id, QuestionState.ACTIVE, QuestionState.RETIRED)
    await record(tx, who, act="questions.question.retire", on=question_id)


async def restore_question(tx: Transaction, who: Principal, question_id: str) -> None:
    """Let a retired question be drawn again. Raises: QuestionNotFound, QuestionNotInState."""
    await _move(tx, question_id, QuestionState.RETIRED, QuestionState.ACTIVE)
    await record(tx, who, act="questions.question.restore", on=question_id)


async def check_draft(tx: Transaction, draft: QuestionDraft) -> QuestionDraft:
    """Return the draft sanitised and with true media types.

    Raises: QuestionNotAcceptable - every problem in `problems`; MediumMismatch.
    """
    cleaned = clean_draft(draft)
    problems = find_problems(cleaned)
    if problems:
        told: list[dict[str, object]] = [
            {"code": one.code, "sentence": one.sentence, "part": one.part} for one in problems
        ]
        raise QuestionNotAcceptable(problems=told)
    return await _settle_media(tx, cleaned)


async def insert_question(tx: Transaction, who: Principal, checked: QuestionDraft) -> QuestionId:
    """Write a checked draft as a new question; for callers that record the act themselves."""
    question_id, version_id = QuestionId(new_id("q")), new_id("qv")
    columns = _columns(tx, version_id, 1, checked)
    columns |= {"id": question_id, "state": QuestionState.ACTIVE.value, "created_at": tx.now}
    await store.insert_question(tx, columns, checked.subject_codes)
    await _insert_version(tx, who, checked, question_id=question_id, version_id=version_id, number=1)
    return question_id


async def _insert_version(
    tx: Transaction, who: Principal, draft: QuestionDraft, *, question_id: str, version_id: str, number: int
) -> None:
    content, answers = split_draft(draft)
    values = {
        "id": version_id,
        "question_id": question_id,
        "number": number,
        "type": draft.type.value,
        "knowledge_area": draft.knowledge_area,
        "difficulty": draft.difficulty,
        "subject_codes": list(draft.subject_codes),
        "source": draft.source,
        "content": seal_content(tx.keys, version_id, content),
        "answer_key": seal_answers(tx.keys, version_id, answers),
        "summary": seal_summary(tx.keys, version_id, content),
        "created_at": tx.now,
        "created_by": who.id,
    }
    await store.insert_version(tx, values)
    await media_store.keep(tx, media_of(draft))


def _columns(tx: Transaction, version_id: str, number: int, draft: QuestionDraft) -> dict[str, Any]:
    content, _ = split_draft(draft)
    return {
        "version_id": version_id,
        "version_number": number,
        "type": draft.type.value,
        "knowledge_area": draft.knowledge_area,
        "difficulty": draft.difficulty,
        "items": encode_items(content),
        "fingerprint": index_fingerprint(tx.keys, content),
        "changed_at": tx.now,
    }


async def fill_media_types(tx: Transaction, draft: QuestionDraft) -> QuestionDraft:
    """Return the draft with the true type of every stored medium, and none for what is not stored."""
    known = await media_store.read_media(tx, media_of(draft))

    def fill(block: Block) -> Block:
        medium = known.get(block.blob or "")
        return msgspec.structs.replace(block, media_type=medium.media_type if medium else None)

    return map_blocks(draft, fill)


async def _settle_media(tx: Transaction, draft: QuestionDraft) -> QuestionDraft:
    settled = await fill_media_types(tx, draft)
    if find_media_problems(settled):
        raise MediumMismatch(ids="、".join(media_of(draft)))
    return settled


async def _move(tx: Transaction, question_id: str, leaving: QuestionState, entering: QuestionState) -> None:
    if await store.move_question(tx, question_id, leaving, entering):
        return
    if await store.read_question(tx, question_id) is None:
        raise QuestionNotFound
    raise QuestionNotInState
