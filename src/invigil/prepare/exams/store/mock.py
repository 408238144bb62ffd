"""SQL of mock bookings and clearances."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, distinct, func, insert, select

from invigil.kernel.ids import AttemptId, CandidateId, ExamId, SittingId, StaffId
from invigil.platform.db import Transaction
from invigil.prepare.exams.model import MockClearance, MockClearanceKind
from invigil.prepare.exams.store.tables import mock_bookings, mock_clearances, sittings


async def read_booking(tx: Transaction, candidate_id: CandidateId) -> SittingId | None:
    """Return the slot a candidate has booked."""
    statement = select(mock_bookings.c.sitting_id).where(mock_bookings.c.candidate_id == candidate_id)
    found = (await tx.execute(statement)).scalar_one_or_none()
    return None if found is None else SittingId(found)


async def replace_booking(tx: Transaction, candidate_id: CandidateId, sitting_id: SittingId, at: datetime) -> None:
    """Book, giving an earlier booking up."""
    await delete_booking(tx, candidate_id)
    await tx.execute(insert(mock_bookings).values(candidate_id=candidate_id, sitting_id=sitting_id, booked_at=at))


async def delete_booking(tx: Transaction, candidate_id: CandidateId) -> None:
    """Give a booking up."""
    await tx.execute(delete(mock_bookings).where(mock_bookings.c.candidate_id == candidate_id))


async def count_bookings(tx: Transaction, sitting_ids: Sequence[SittingId]) -> Mapping[SittingId, int]:
    """Return how many have booked each slot; 0 where nobody has."""
    counted = select(mock_bookings.c.sitting_id, func.count().label("number")).where(
        mock_bookings.c.sitting_id.in_(sitting_ids)
    )
    rows = await tx.execute(counted.group_by(mock_bookings.c.sitting_id))
    return dict.fromkeys(sitting_ids, 0) | {SittingId(row.sitting_id): row.number for row in rows}


async def insert_clearance(tx: Transaction, clearance: MockClearance) -> bool:
    """Write the clearance; false when the candidate has one of this kind already."""
    same = (mock_clearances.c.candidate_id == clearance.candidate_id) & (mock_clearances.c.kind == clearance.kind)
    if (await tx.execute(select(mock_clearances.c.kind).where(same))).first() is not None:
        return False
    await tx.execute(
        insert(mock_clearances).values(
            candidate_id=clearance.candidate_id,
            exam_id=clearance.exam_id,
            kind=clearance.kind,
            at=clearance.at,
            attempt_id=clearance.attempt_id,
            waived_by=clearance.waived_by,
            reason=clearance.reason,
        )
    )
    return True


async def list_clearances(tx: Transaction, candidate_ids: Sequence[CandidateId]) -> list[MockClearance]:
    """Return the clearances of these candidates, earliest first."""
    chosen = mock_clearances.c.candidate_id.in_(candidate_ids)
    rows = await tx.execute(select(mock_clearances).where(chosen).order_by(mock_clearances.c.at))
    return [_clearance(row) for row in rows]


async def count_cleared(tx: Transaction, exam_id: ExamId) -> int:
    """Return how many candidates of the examination have a clearance of any kind."""
    counted = select(func.count(distinct(mock_clearances.c.candidate_id))).where(mock_clearances.c.exam_id == exam_id)
    number: int = (await tx.execute(counted)).scalar_one()
    return number


async def read_booked_exam(tx: Transaction, candidate_id: CandidateId) -> ExamId | None:
    """Return the examination of the slot a candidate has booked."""
    joined = select(sittings.c.exam_id).join(mock_bookings, mock_bookings.c.sitting_id == sittings.c.id)
    found = (await tx.execute(joined.where(mock_bookings.c.candidate_id == candidate_id))).scalar_one_or_none()
    return None if found is None else ExamId(found)


def _clearance(row: Row[Any]) -> MockClearance:
    return MockClearance(
        CandidateId(row.candidate_id),
        ExamId(row.exam_id),
        MockClearanceKind(row.kind),
        row.at,
        AttemptId(row.attempt_id) if row.attempt_id else None,
        StaffId(row.waived_by) if row.waived_by else None,
        row.reason,
    )
