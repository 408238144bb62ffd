"""SQL of questions and their versions."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, select, update

from invigil.platform.db import Transaction
from invigil.prepare.questions.store.tables import questions, subjects, versions

# SQLite and PostgreSQL both take far more; short statements keep plans cheap.
CHUNK = 500
Sealed = Literal["content", "answer_key"]
SORTS = {
    "changed_at": questions.c.changed_at,
    "created_at": questions.c.created_at,
    "type": questions.c.type,
    "knowledge_area": questions.c.knowledge_area,
    "difficulty": questions.c.difficulty,
}


@dataclass(frozen=True, slots=True)
class BankQuery:
    """Which questions; "" and 0 match everything."""

    subject_code: str = ""
    type: str = ""
    knowledge_area: str = ""
    difficulty: int = 0
    state: str = ""


async def insert_question(tx: Transaction, values: Mapping[str, Any], subject_codes: Sequence[str]) -> None:
    """Write a new question and its subjects."""
    await tx.execute(insert(questions).values(**values))
    await _insert_subjects(tx, values["id"], subject_codes)


async def update_question(
    tx: Transaction, question_id: str, based_on: int, values: Mapping[str, Any], subject_codes: Sequence[str]
) -> bool:
    """Point the question at a new version; False when it no longer stands at version number `based_on`."""
    same = (questions.c.id == question_id) & (questions.c.version_number == based_on)
    if (await tx.execute(update(questions).where(same).values(**values))).rowcount != 1:
        return False
    await tx.execute(delete(subjects).where(subjects.c.question_id == question_id))
    await _insert_subjects(tx, question_id, subject_codes)
    return True


async def _insert_subjects(tx: Transaction, question_id: str, subject_codes: Sequence[str]) -> None:
    rows = [{"subject_code": code, "question_id": question_id} for code in subject_codes]
    await tx.execute(insert(subjects), rows)


async def insert_version(tx: Transaction, values: Mapping[str, Any]) -> None:
    """Write a version; it is never changed."""
    await tx.execute(insert(versions).values(**values))


async def move_question(tx: Transaction, question_id: str, leaving: str, entering: str) -> bool:
    """Change the state; False when the question was not in `leaving`."""
    same = (questions.c.id == question_id) & (questions.c.state == leaving)
    moved = await tx.execute(update(questions).where(same).values(state=entering, changed_at=tx.now))
    return moved.rowcount == 1


async def read_question(tx: Transaction, question_id: str) -> Row[Any] | None:
    """Return the question's row, or None."""
    return (await tx.execute(select(questions).where(questions.c.id == question_id))).first()


async def read_heads(tx: Transaction, question_ids: Sequence[str]) -> list[Row[Any]]:
    """Return the rows of these questions with their current versions' summary and source; unknown ids are left out."""
    found: list[Row[Any]] = []
    for start in range(0, len(question_ids), CHUNK):
        chunk = question_ids[start : start + CHUNK]
        found += await tx.execute(_with_summary([questions.c.id.in_(chunk)], ""))
    return found


async def read_version(tx: Transaction, question_id: str, number: int) -> Row[Any] | None:
    """Return one version's row, or None."""
    same = (versions.c.question_id == question_id) & (versions.c.number == number)
    return (await tx.execute(select(versions).where(same))).first()


async def list_versions(tx: Transaction, question_id: str) -> list[Row[Any]]:
    """Return the rows of every version, newest first."""
    own = versions.c.question_id == question_id
    return list(await tx.execute(select(versions).where(own).order_by(versions.c.number.desc())))


async def read_sealed(tx: Transaction, version_ids: Sequence[str], column: Sealed) -> dict[str, bytes]:
    """Return one sealed column of these versions by id; unknown ids are left out."""
    found: dict[str, bytes] = {}
    for start in range(0, len(version_ids), CHUNK):
        chunk = version_ids[start : start + CHUNK]
        rows = select(versions.c.id, versions.c[column].label("sealed")).where(versions.c.id.in_(chunk))
        found.update({row.id: row.sealed for row in await tx.execute(rows)})
    return found


async def list_subjects(tx: Transaction, question_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the subject codes of these questions, sorted."""
    found: dict[str, list[str]] = {question_id: [] for question_id in question_ids}
    for start in range(0, len(question_ids), CHUNK):
        chunk = question_ids[start : start + CHUNK]
        rows = select(subjects).where(subjects.c.question_id.in_(chunk)).order_by(subjects.c.subject_code)
        for row in await tx.execute(rows):
            found[row.question_id].append(row.subject_code)
    return found


async def search(
    tx: Transaction, query: BankQuery, *, sort: str, offset: int, limit: int
) -> tuple[list[Row[Any]], int]:
    """Return one page with the current version's summary, and the total.

    sort: a key of SORTS, "-" in front for descending; anything else is newest first.
    """
    conditions = _conditions(query)
    total = (await tx.execute(select(func.count()).select_from(questions).where(*conditions))).scalar_one()
    rows = _with_summary(conditions, sort).offset(offset).limit(limit)
    return list(await tx.execute(rows)), total


async def scan(tx: Transaction, query: BankQuery, *, sort: str, size: int) -> AsyncIterator[list[Row[Any]]]:
    """Yield every matching question with its summary, in pieces of `size`."""
    rows = (await tx.execute(_with_summary(_conditions(query), sort))).all()
    for start in range(0, len(rows), size):
        yield list(rows[start : start + size])


def _with_summary(conditions: Sequence[ColumnElement[bool]], sort: str) -> Select[Any]:
    column = SORTS.get(sort.removeprefix("-"))
    if column is None:
        order = (questions.c.changed_at.desc(), questions.c.id.desc())
    else:
        order = (column.desc() if sort.startswith("-") else column.asc(), questions.c.id.desc())
    joined = questions.join(versions, versions.c.id == questions.c.version_id)
    return (
        select(questions, versions.c.summary, versions.c.source).select_from(joined).where(*conditions).order_by(*order)
    )


def _conditions(query: BankQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.subject_code:
        own = select(subjects.c.question_id).where(subjects.c.subject_code == query.subject_code)
        conditions.append(questions.c.id.in_(own))
    if query.difficulty:
        conditions.append(questions.c.difficulty == query.difficulty)
    for column, value in (
        (questions.c.type, query.type),
        (questions.c.knowledge_area, query.knowledge_area),
        (questions.c.state, query.state),
    ):
        if value:
            conditions.append(column == value)
    return conditions


async def list_pool(tx: Transaction, subject_code: str) -> list[tuple[Any, ...]]:
    """Return version id, id, type, area, difficulty, items and fingerprint of a subject's active questions, by version."""
    joined = subjects.join(questions, questions.c.id == subjects.c.question_id)
    rows = (
        select(
            questions.c.version_id,
            questions.c.id,
            questions.c.type,
            questions.c.knowledge_area,
            questions.c.difficulty,
            questions.c["items"],
            questions.c.fingerprint,
        )
        .select_from(joined)
        .where(subjects.c.subject_code == subject_code, questions.c.state == "active")
        .order_by(questions.c.version_id)
    )
    return [tuple(row) for row in await tx.execute(rows)]


async def list_contents(tx: Transaction) -> Sequence[Row[Any]]:
    """Return id, version id and sealed content of every active question."""
    joined = questions.join(versions, versions.c.id == questions.c.version_id)
    rows = select(questions.c.id, questions.c.version_id, versions.c.content).select_from(joined)
    return (await tx.execute(rows.where(questions.c.state == "active"))).all()


async def count_cells(tx: Transaction) -> list[Row[Any]]:
    """Return the number of active questions per subject, type, knowledge area and difficulty."""
    joined = subjects.join(questions, questions.c.id == subjects.c.question_id)
    cell = (subjects.c.subject_code, questions.c.type, questions.c.knowledge_area, questions.c.difficulty)
    rows = select(*cell, func.count().label("questions")).select_from(joined)
    return list(await tx.execute(rows.where(questions.c.state == "active").group_by(*cell).order_by(*cell)))


async def count_states(tx: Transaction) -> dict[str, int]:
    """Return the number of questions per state."""
    rows = select(questions.c.state, func.count().label("questions")).group_by(questions.c.state)
    return {row.state: row.questions for row in await tx.execute(rows)}
