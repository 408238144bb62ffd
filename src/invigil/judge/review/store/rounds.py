"""SQL of rounds and editions."""

from collections import defaultdict
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, and_, func, insert, select

from invigil.judge.review.model import Decision, MarkKey, MarkSource, Outcome, Round
from invigil.judge.review.store.tables import REOPENING_PLACE, editions, rounds, verdicts
from invigil.kernel.ids import AttemptId, SittingId, StaffId
from invigil.platform.db import Transaction

FIRST_EDITION = 1
_Confirmed = dict[tuple[str, int, int, str], set[MarkKey]]


async def read_edition(tx: Transaction, attempt_id: str) -> int:
    """Return the edition that counts: 1, and one more for every time the case was opened again."""
    newest = await tx.execute(select(func.max(editions.c.number)).where(editions.c.attempt_id == attempt_id))
    return int(newest.scalar_one() or FIRST_EDITION)


async def insert_edition(
    tx: Transaction, attempt_id: str, sitting_id: str, number: int, *, reason: str, opened_by: str
) -> None:
    """Begin a new edition of the case."""
    place = REOPENING_PLACE.format(attempt_id=attempt_id, number=number)
    sealed = tx.keys.seal_text(reason, purpose="review.reason", bound_to=place)
    row = {
        "attempt_id": attempt_id, "number": number, "sitting_id": sitting_id, "reason": sealed,
        "opened_by": opened_by, "opened_at": tx.now,
    }  # fmt: skip
    await tx.execute(insert(editions).values(row))


async def insert_round(tx: Transaction, one: Round, edition: int) -> None:
    """Write a finished round."""
    await tx.execute(
        insert(rounds).values(
            attempt_id=one.attempt_id,
            edition=edition,
            number=one.number,
            sitting_id=one.sitting_id,
            reviewer=one.reviewer,
            outcome=one.outcome,
            finished_at=one.finished_at,
        )
    )


async def list_rounds(tx: Transaction, attempt_id: str, edition: int) -> list[Round]:
    """Return the finished rounds of an edition in order."""
    condition = and_(rounds.c.attempt_id == attempt_id, rounds.c.edition == edition)
    found = (await tx.execute(select(rounds).where(condition).order_by(rounds.c.number))).all()
    confirmed = await _list_confirmed(tx, verdicts.c.attempt_id == attempt_id)
    return [_round(row, confirmed) for row in found]


async def list_rounds_of_sitting(tx: Transaction, sitting_id: str) -> dict[str, list[Round]]:
    """Return the finished rounds that count, by attempt, each in order."""
    query = select_newest(rounds, sitting_id).order_by(rounds.c.number)
    confirmed = await _list_confirmed(tx, verdicts.c.sitting_id == sitting_id)
    found: dict[str, list[Round]] = defaultdict(list)
    for row in await tx.execute(query):
        found[row.attempt_id].append(_round(row, confirmed))
    return found


def select_newest(kept: Table, sitting_id: str) -> Select[Any]:
    """Return what is kept of a sitting in the editions that count. kept: a table of the review with attempt, sitting and edition.

    A case that was never opened again is in its first edition.
    """
    newest = (
        select(editions.c.attempt_id, func.max(editions.c.number).label("number"))
        .where(editions.c.sitting_id == sitting_id)
        .group_by(editions.c.attempt_id)
        .subquery()
    )
    return (
        select(kept)
        .outerjoin(newest, newest.c.attempt_id == kept.c.attempt_id)
        .where(kept.c.sitting_id == sitting_id, kept.c.edition == func.coalesce(newest.c.number, FIRST_EDITION))
    )


async def _list_confirmed(tx: Transaction, condition: ColumnElement[bool]) -> _Confirmed:
    """Return the marks confirmed, by attempt, edition, round and reviewer."""
    kept = verdicts.c
    columns = (kept.attempt_id, kept.edition, kept.round, kept.reviewer, kept.source, kept.mark_id)
    found: _Confirmed = defaultdict(set)
    for row in await tx.execute(select(*columns).where(condition, kept.decision == Decision.CONFIRM)):
        key = (row.attempt_id, row.edition, row.round, row.reviewer)
        found[key].add(MarkKey(MarkSource(row.source), row.mark_id))
    return found


def _round(row: Row[Any], confirmed: _Confirmed) -> Round:
    return Round(
        AttemptId(row.attempt_id),
        SittingId(row.sitting_id),
        row.number,
        StaffId(row.reviewer),
        Outcome(row.outcome),
        row.finished_at,
        frozenset(confirmed.get((row.attempt_id, row.edition, row.number, row.reviewer), ())),
    )
