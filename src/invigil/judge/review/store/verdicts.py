"""SQL of verdicts."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Row, and_, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from invigil.judge.review.model import Decision, MarkKey, MarkSource, Verdict
from invigil.judge.review.store.rounds import select_newest
from invigil.judge.review.store.tables import REASON_PLACE, verdicts
from invigil.kernel.ids import AttemptId, SittingId, StaffId
from invigil.platform.db import Transaction
from invigil.watch.proctoring.api import ReasonCategory

PURPOSE = "review.reason"


async def write_verdict(tx: Transaction, one: Verdict, edition: int) -> None:
    """Write a verdict; the same reviewer's earlier one about the mark in this round is replaced."""
    key = {
        "attempt_id": one.attempt_id, "edition": edition, "round": one.round, "source": one.mark.source,
        "mark_id": one.mark.id,
    }  # fmt: skip
    said = {
        "sitting_id": one.sitting_id, "decision": one.decision, "breach": one.breach or "",
        "reason": tx.keys.seal_text(one.reason, purpose=PURPOSE, bound_to=REASON_PLACE.format_map(key)),
        "reviewer": one.reviewer, "decided_at": one.decided_at,
    }  # fmt: skip
    dialect = postgresql if tx.dialect == "postgresql" else sqlite
    statement = dialect.insert(verdicts).values(**key, **said)
    await tx.execute(statement.on_conflict_do_update(index_elements=list(verdicts.primary_key), set_=said))


async def list_verdicts(tx: Transaction, attempt_id: str, edition: int) -> list[Verdict]:
    """Return the verdicts of an edition, by round and time."""
    condition = and_(verdicts.c.attempt_id == attempt_id, verdicts.c.edition == edition)
    order = (verdicts.c.round, verdicts.c.decided_at, verdicts.c.mark_id)
    return [_verdict(tx, row) for row in await tx.execute(select(verdicts).where(condition).order_by(*order))]


async def delete_verdicts(tx: Transaction, attempt_id: str, edition: int, round_number: int, mark: MarkKey) -> None:
    """Forget what was said in a round about a mark that is taken back."""
    condition = and_(
        verdicts.c.attempt_id == attempt_id,
        verdicts.c.edition == edition,
        verdicts.c.round == round_number,
        verdicts.c.source == mark.source,
        verdicts.c.mark_id == mark.id,
    )
    await tx.execute(delete(verdicts).where(condition))


async def list_verdicts_of_sitting(tx: Transaction, sitting_id: str) -> dict[str, list[Verdict]]:
    """Return the verdicts of a sitting in the editions that count, by attempt, each by round and time."""
    newest = select_newest(verdicts, sitting_id)
    query = newest.order_by(verdicts.c.round, verdicts.c.decided_at, verdicts.c.mark_id)
    found: dict[str, list[Verdict]] = defaultdict(list)
    for row in await tx.execute(query):
        found[row.attempt_id].append(_verdict(tx, row))
    return found


def _verdict(tx: Transaction, row: Row[Any]) -> Verdict:
    place = REASON_PLACE.format_map(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Verdict(
        attempt_id=AttemptId(row.attempt_id),
        sitting_id=SittingId(row.sitting_id),
        mark=MarkKey(MarkSource(row.source), row.mark_id),
        round=row.round,
        decision=Decision(row.decision),
        breach=ReasonCategory(row.breach) if row.breach else None,
        reason=tx.keys.open_text(row.reason, purpose=PURPOSE, bound_to=place),
        reviewer=StaffId(row.reviewer),
        decided_at=row.decided_at,
    )
