"""SQL of sittings and the steps they took."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update

from invigil.kernel.ids import ExamId, PaperSetId, SittingId
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.prepare.exams.model import Sitting, SittingKind, SittingState, Transition
from invigil.prepare.exams.rules.sitting_rules import compute_ends_at, decode_rules, encode_rules
from invigil.prepare.exams.store.tables import exams, sittings, subjects, transitions


async def insert_sitting(tx: Transaction, sitting: Sitting) -> None:
    """Write a new sitting."""
    await tx.execute(insert(sittings).values(id=sitting.id, exam_id=sitting.exam_id, **_columns(sitting)))


async def update_sitting(tx: Transaction, sitting: Sitting) -> None:
    """Write everything but identity back."""
    await tx.execute(update(sittings).where(sittings.c.id == sitting.id).values(_columns(sitting)))


async def freeze_papers(tx: Transaction, sitting_id: SittingId, papers: Mapping[str, PaperSetId | None] | None) -> None:
    """Fix the papers of a sitting; None lets the subjects' choice count again."""
    written = None if papers is None else dict(papers)
    await tx.execute(update(sittings).where(sittings.c.id == sitting_id).values(papers=written))


async def delete_sitting(tx: Transaction, sitting_id: SittingId) -> None:
    """Remove a draft."""
    await tx.execute(delete(transitions).where(transitions.c.sitting_id == sitting_id))
    await tx.execute(delete(sittings).where(sittings.c.id == sitting_id))


async def read_sitting(tx: Transaction, sitting_id: SittingId) -> Sitting | None:
    """Return the sitting."""
    return next(iter(await _read(tx, _select().where(sittings.c.id == sitting_id))), None)


async def list_of_exam(tx: Transaction, exam_id: ExamId) -> list[Sitting]:
    """Return the sittings of an examination by start."""
    statement = _select().where(sittings.c.exam_id == exam_id).order_by(sittings.c.starts_at, sittings.c.id)
    return await _read(tx, statement)


async def list_in_states(tx: Transaction, states: Sequence[SittingState], before: datetime) -> list[Sitting]:
    """Return the sittings in one of these states that start at or before the instant."""
    statement = _select().where(sittings.c.state.in_(states), sittings.c.starts_at <= before)
    return await _read(tx, statement.order_by(sittings.c.starts_at))


async def list_overlapping(tx: Transaction, opens: datetime, closes: datetime) -> list[Sitting]:
    """Return the sittings of every examination that share an instant with this window."""
    statement = _select().where(sittings.c.starts_at < closes, sittings.c.last_deadline > opens)
    return await _read(tx, statement.order_by(sittings.c.starts_at, sittings.c.id))


async def write_transition(tx: Transaction, step: Transition) -> None:
    """Write the step and the state it leads to."""
    await tx.execute(
        insert(transitions).values(
            id=new_id("step"),
            sitting_id=step.sitting_id,
            origin=step.origin,
            target=step.target,
            at=step.at,
            actor=step.actor,
            reason=step.reason,
        )
    )
    await tx.execute(update(sittings).where(sittings.c.id == step.sitting_id).values(state=step.target))


async def list_once_locked(tx: Transaction, sitting_ids: Sequence[SittingId]) -> set[SittingId]:
    """Return which of the sittings ever left the draft."""
    moved = select(transitions.c.sitting_id).where(transitions.c.sitting_id.in_(sitting_ids)).distinct()
    return {SittingId(row.sitting_id) for row in await tx.execute(moved)}


async def list_transitions(tx: Transaction, sitting_id: SittingId) -> list[Transition]:
    """Return the steps of a sitting in order."""
    rows = await tx.execute(
        select(transitions).where(transitions.c.sitting_id == sitting_id).order_by(transitions.c.at, transitions.c.id)
    )
    return [
        Transition(
            SittingId(row.sitting_id),
            SittingState(row.origin),
            SittingState(row.target),
            row.at,
            row.actor,
            row.reason,
        )
        for row in rows
    ]


async def move_last_deadline(tx: Transaction, sitting_id: SittingId, deadline: datetime) -> None:
    """Move the last deadline on; never back."""
    condition = (sittings.c.id == sitting_id) & (sittings.c.last_deadline < deadline)
    await tx.execute(update(sittings).where(condition).values(last_deadline=deadline))


def _select() -> Select[Any]:
    return select(sittings, exams.c.is_mock_required).join(exams, exams.c.id == sittings.c.exam_id)


async def _read(tx: Transaction, statement: Select[Any]) -> list[Sitting]:
    rows = (await tx.execute(statement)).all()
    exam_ids = {row.exam_id for row in rows}
    if not exam_ids:
        return []
    chosen = (await tx.execute(select(subjects).where(subjects.c.exam_id.in_(exam_ids)))).all()
    by_exam: dict[tuple[str, str], Row[Any]] = {(row.exam_id, row.code): row for row in chosen}
    return [_sitting(row, by_exam) for row in rows]


def _sitting(row: Row[Any], chosen: Mapping[tuple[str, str], Row[Any]]) -> Sitting:
    rules, kind = decode_rules(row.rules), SittingKind(row.kind)
    ends_at = compute_ends_at(row.starts_at, rules)
    return Sitting(
        id=SittingId(row.id),
        exam_id=ExamId(row.exam_id),
        kind=kind,
        title=row.title,
        papers=row.papers or {code: _paper(chosen.get((row.exam_id, code)), kind) for code in row.subject_codes},
        starts_at=row.starts_at,
        ends_at=ends_at,
        late_entry_until=row.starts_at + rules.late_entry_within,
        last_deadline=row.last_deadline,
        rules=rules,
        state=SittingState(row.state),
        capacity=row.capacity,
        requires_mock=kind == SittingKind.REAL and row.is_mock_required,
        version=row.version,
        lock_proposed_by=row.lock_proposed_by,
        locked_by=row.locked_by,
    )


def _paper(subject: Row[Any] | None, kind: SittingKind) -> PaperSetId | None:
    if subject is None:
        return None
    chosen = subject.paper_set_id if kind == SittingKind.REAL else subject.mock_paper_set_id
    return None if chosen is None else PaperSetId(chosen)


def _columns(sitting: Sitting) -> dict[str, Any]:
    return {
        "kind": sitting.kind,
        "title": sitting.title,
        "subject_codes": list(sitting.papers),
        "starts_at": sitting.starts_at,
        "last_deadline": sitting.last_deadline,
        "rules": encode_rules(sitting.rules),
        "state": sitting.state,
        "capacity": sitting.capacity,
        "version": sitting.version,
        "lock_proposed_by": sitting.lock_proposed_by,
        "locked_by": sitting.locked_by,
    }
