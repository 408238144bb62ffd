"""SQL of findings."""

from typing import Any

from sqlalchemy import Row, and_, delete, insert, select

from invigil.judge.review.model import Finding
from invigil.judge.review.store.tables import TEXT_PLACE, findings
from invigil.kernel.ids import AttemptId, SittingId, StaffId
from invigil.platform.db import Transaction

PURPOSE = "review.text"


async def insert_finding(tx: Transaction, one: Finding) -> None:
    """Write a finding."""
    sealed = tx.keys.seal_text(one.text, purpose=PURPOSE, bound_to=TEXT_PLACE.format(id=one.id))
    await tx.execute(
        insert(findings).values(
            id=one.id,
            attempt_id=one.attempt_id,
            sitting_id=one.sitting_id,
            from_ms=one.from_ms,
            to_ms=one.to_ms,
            text=sealed,
            reviewer=one.reviewer,
            made_at=one.made_at,
        )
    )


async def delete_finding(tx: Transaction, finding_id: str, reviewer: str) -> bool:
    """Take one's own finding back; False when there is none."""
    condition = and_(findings.c.id == finding_id, findings.c.reviewer == reviewer)
    return bool((await tx.execute(delete(findings).where(condition))).rowcount)


async def list_findings(tx: Transaction, attempt_id: str) -> list[Finding]:
    """Return the findings of an attempt in order of time."""
    query = select(findings).where(findings.c.attempt_id == attempt_id).order_by(findings.c.from_ms, findings.c.id)
    return [_finding(tx, row) for row in await tx.execute(query)]


async def list_findings_of_sitting(tx: Transaction, sitting_id: str) -> list[tuple[str, str]]:
    """Return (finding, attempt) of every finding of a sitting."""
    rows = await tx.execute(select(findings.c.id, findings.c.attempt_id).where(findings.c.sitting_id == sitting_id))
    return [(row.id, row.attempt_id) for row in rows]


def _finding(tx: Transaction, row: Row[Any]) -> Finding:
    text = tx.keys.open_text(row.text, purpose=PURPOSE, bound_to=TEXT_PLACE.format(id=row.id))
    return Finding(
        row.id, AttemptId(row.attempt_id), SittingId(row.sitting_id), row.from_ms, row.to_ms, text,
        StaffId(row.reviewer), row.made_at,
    )  # fmt: skip
