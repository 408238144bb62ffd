"""Mock slots, and who counts as having passed the mock (S3.7)."""

from collections.abc import Sequence

from invigil.base.audit.api import record
from invigil.kernel.ids import AttemptId, CandidateId, ExamId, SittingId, StaffId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.prepare.candidates.api import CandidateNotFound, read_public_card
from invigil.prepare.exams.model import MockBooked, MockClearance, MockClearanceKind, MockSlot, Sitting, SittingKind
from invigil.prepare.exams.model.refusals import MockNotPassed, NotAMockSlot
from invigil.prepare.exams.rules.booking import check_booking, is_offered
from invigil.prepare.exams.service.exams import access_exam
from invigil.prepare.exams.service.sittings import access_for_change, access_sitting
from invigil.prepare.exams.store import mock as store
from invigil.prepare.exams.store import sittings as sittings_store


async def list_mock_slots(tx: Transaction, exam_id: ExamId, subject_code: str = "") -> list[MockSlot]:
    """Return the mock sittings by start, with the places booked.

    subject_code: only those that a candidate of this subject can still choose, full ones included; "": all.
    """
    sittings = [one for one in await sittings_store.list_of_exam(tx, exam_id) if one.kind == SittingKind.MOCK]
    if subject_code:
        sittings = [one for one in sittings if is_offered(one, subject_code, tx.now)]
    booked = await store.count_bookings(tx, [one.id for one in sittings])
    return [MockSlot(one, booked[one.id]) for one in sittings]


async def find_booking(tx: Transaction, candidate_id: CandidateId) -> Sitting | None:
    """Return the slot a candidate has booked."""
    sitting_id = await store.read_booking(tx, candidate_id)
    return None if sitting_id is None else await access_sitting(tx, sitting_id)


async def book_mock_slot(
    tx: Transaction,
    candidate_id: CandidateId,
    exam_id: ExamId,
    subject_code: str,
    sitting_id: SittingId,
    *,
    may_replace_begun: bool = False,
) -> SittingId | None:
    """Book a slot, giving an earlier one up; return the one given up. `rooms.api.book_mock_seat` also seats the candidate.

    exam_id, subject_code: the candidate's. may_replace_begun: staff may book anew for somebody whose slot has begun.
    Raises: SittingNotFound, NotAMockSlot, SlotOfOtherSubject, SlotBegun, SlotFull.
    Source: S3.7.
    """
    await tx.lock(f"exams.booking/{candidate_id}")
    sitting = await access_for_change(tx, sitting_id)
    if sitting.exam_id != exam_id:
        raise NotAMockSlot
    current = await find_booking(tx, candidate_id)
    booked = (await store.count_bookings(tx, [sitting_id]))[sitting_id]
    check_booking(MockSlot(sitting, booked), subject_code, None if may_replace_begun else current, tx.now)
    before = None if current is None else current.id
    if before != sitting_id:
        await store.replace_booking(tx, candidate_id, sitting_id, tx.now)
        tx.emit(MockBooked(candidate_id, sitting_id, before))
    return before


async def record_mock_passed(tx: Transaction, candidate_id: CandidateId, attempt_id: AttemptId) -> None:
    """Note that the candidate has handed in a mock attempt, in the transaction of the hand-in. Idempotent."""
    exam_id = await store.read_booked_exam(tx, candidate_id) or ExamId("")
    clearance = MockClearance(candidate_id, exam_id, MockClearanceKind.HANDED_IN, tx.now, attempt_id, None, "")
    await store.insert_clearance(tx, clearance)


async def waive_mock(
    tx: Transaction, who: Principal, exam_id: ExamId, candidate_id: CandidateId, reason: str
) -> MockClearance:
    """Let a candidate sit without having passed the mock; the first reason given stays.

    Raises: ExamNotFound; CandidateNotFound - also when registered for another examination.
    """
    await access_exam(tx, exam_id)
    if (await read_public_card(tx, candidate_id)).exam_id != exam_id:
        raise CandidateNotFound
    waiver = MockClearance(candidate_id, exam_id, MockClearanceKind.WAIVED, tx.now, None, StaffId(who.id), reason)
    await store.insert_clearance(tx, waiver)
    await record(tx, who, act="exams.mock.waive", on=candidate_id, details={"exam": exam_id, "reason": reason})
    return next(one for one in await list_clearances(tx, [candidate_id]) if one.kind == MockClearanceKind.WAIVED)


async def list_clearances(tx: Transaction, candidate_ids: Sequence[CandidateId]) -> list[MockClearance]:
    """Return why these candidates count as having passed; those who have not are missing."""
    return await store.list_clearances(tx, candidate_ids)


async def is_mock_passed(tx: Transaction, candidate_id: CandidateId) -> bool:
    """Tell whether the candidate handed in a mock attempt or staff waived the mock."""
    return bool(await store.list_clearances(tx, [candidate_id]))


async def check_mock_gate(tx: Transaction, sitting: Sitting, candidate_id: CandidateId) -> None:
    """Pass when the sitting does not ask for the mock, or the candidate has passed it.

    Raises: MockNotPassed.
    Source: Beijing plan 2025.
    """
    if sitting.requires_mock and not await is_mock_passed(tx, candidate_id):
        raise MockNotPassed
