"""Reading questions on behalf of someone; whoever sees contents or answers is recorded (N, P11)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from invigil.base.audit.api import record
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.keys import Keys
from invigil.prepare.questions.duplicates import normalise
from invigil.prepare.questions.model import AnswerKey, QuestionContent, QuestionDraft, QuestionState, QuestionType
from invigil.prepare.questions.refusals import QuestionNotFound
from invigil.prepare.questions.rules import join_draft
from invigil.prepare.questions.service.protecting import decode_items, open_answers, open_content, open_summary
from invigil.prepare.questions.store import bank as store

SCAN_PIECE = 1_000


@dataclass(frozen=True, slots=True)
class QuestionHead:
    """A question as it stands in a list."""

    id: str
    state: QuestionState
    version_id: str
    version_number: int
    type: QuestionType
    knowledge_area: str
    difficulty: int
    subject_codes: tuple[str, ...]
    item_count: int
    summary: str
    source: str
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class QuestionVersion:
    """One version, complete."""

    id: str
    question_id: str
    number: int
    draft: QuestionDraft
    created_at: datetime
    created_by: str


async def list_questions(
    tx: Transaction, who: Principal, query: store.BankQuery, *, q: str, sort: str, offset: int, limit: int
) -> tuple[list[QuestionHead], int]:
    """Return one page and the total; recorded, since it shows the stems' first words.

    q: words of the stem's beginning, or a question's id. Texts are sealed, so words are looked for by opening the
    summaries of what the other filters leave: about 2 s for 50,000 questions.
    """
    if q and not q.startswith("q_"):
        rows, total = await _search_words(tx, query, q, sort=sort, offset=offset, limit=limit)
    elif q:
        rows = await store.read_heads(tx, [q])
        total = len(rows)
    else:
        rows, total = await store.search(tx, query, sort=sort, offset=offset, limit=limit)
    subjects = await store.list_subjects(tx, [row.id for row in rows])
    await record(tx, who, act="questions.list.view", details={"questions": len(rows)})
    return [_head(tx.keys, row, subjects[row.id]) for row in rows], total


async def _search_words(
    tx: Transaction, query: store.BankQuery, q: str, *, sort: str, offset: int, limit: int
) -> tuple[list[Row[Any]], int]:
    keys, wanted = tx.keys, normalise(q)

    def narrow(piece: list[Row[Any]]) -> list[Row[Any]]:
        return [row for row in piece if wanted in normalise(open_summary(keys, row.version_id, row.summary))]

    found: list[Row[Any]] = []
    async for piece in store.scan(tx, query, sort=sort, size=SCAN_PIECE):
        # Opening 50,000 summaries takes a second or two: answers of a running sitting must not wait for it.
        found += await asyncio.to_thread(narrow, piece)
    return found[offset : offset + limit], len(found)


def _head(keys: Keys, row: Row[Any], subject_codes: Sequence[str]) -> QuestionHead:
    return QuestionHead(
        id=row.id,
        state=QuestionState(row.state),
        version_id=row.version_id,
        version_number=row.version_number,
        type=QuestionType(row.type),
        knowledge_area=row.knowledge_area,
        difficulty=row.difficulty,
        subject_codes=tuple(subject_codes),
        item_count=len(decode_items(row._mapping["items"])[0]),  # noqa: SLF001 - `items` is a method of rows
        summary=open_summary(keys, row.version_id, row.summary),
        source=row.source,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )


async def access_head(tx: Transaction, question_id: str) -> QuestionHead:
    """Return a question's place in the bank. Raises: QuestionNotFound."""
    heads = await list_heads(tx, [question_id])
    if not heads:
        raise QuestionNotFound
    return heads[question_id]


async def list_heads(tx: Transaction, question_ids: Sequence[str]) -> dict[str, QuestionHead]:
    """Return these questions' places in the bank by id; unknown ids are left out."""
    subjects = await store.list_subjects(tx, question_ids)
    rows = await store.read_heads(tx, question_ids)
    return {row.id: _head(tx.keys, row, subjects[row.id]) for row in rows}


async def access_version(
    tx: Transaction, who: Principal, question_id: str, number: int | None = None
) -> QuestionVersion:
    """Return a version with its answers, the current one by default; recorded.

    Raises: QuestionNotFound.
    """
    if number is None:
        head = await store.read_question(tx, question_id)
        if head is None:
            raise QuestionNotFound
        number = head.version_number
    row = await store.read_version(tx, question_id, int(number))
    if row is None:
        raise QuestionNotFound
    await record(tx, who, act="questions.question.view", on=question_id, details={"version": row.number})
    return open_version(tx.keys, row)


async def list_history(tx: Transaction, question_id: str) -> list[tuple[int, str, datetime, str]]:
    """Return number, version id, time and author of every version, newest first. Raises: QuestionNotFound."""
    rows = await store.list_versions(tx, question_id)
    if not rows:
        raise QuestionNotFound
    return [(row.number, row.id, row.created_at, row.created_by) for row in rows]


def open_version(keys: Keys, row: Row[Any]) -> QuestionVersion:
    """Return the version of a row, opened."""
    draft = join_draft(
        open_content(keys, row.id, row.content),
        open_answers(keys, row.id, row.answer_key),
        subject_codes=tuple(row.subject_codes),
        knowledge_area=row.knowledge_area,
        difficulty=row.difficulty,
        source=row.source,
    )
    return QuestionVersion(row.id, row.question_id, row.number, draft, row.created_at, row.created_by)


async def load_contents(tx: Transaction, version_ids: Sequence[str]) -> dict[str, QuestionContent]:
    """Return what candidates see of these versions, by version id.

    Raises: KeyError - a version does not exist; a paper that names one is a fault of ours.
    """
    sealed = await store.read_sealed(tx, version_ids, "content")
    return {one: open_content(tx.keys, one, sealed[one]) for one in version_ids}


async def load_answer_keys(tx: Transaction, version_ids: Sequence[str]) -> dict[str, AnswerKey]:
    """Return the answers of these versions, by version id; never to leave the server before release.

    Raises: KeyError - a version does not exist.
    """
    sealed = await store.read_sealed(tx, version_ids, "answer_key")
    return {one: open_answers(tx.keys, one, sealed[one]) for one in version_ids}
