"""What exports read of the other features: sittings, seats, candidates, attempts, receipts, results, breaches."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from invigil.kernel.ids import CandidateId, ExamId
from invigil.platform.db import Transaction
from invigil.prepare.candidates.api import list_candidates
from invigil.prepare.exams.api import Sitting, SittingKind, access_exam, list_sittings_of_exam, list_subjects
from invigil.prepare.rooms.api import list_seats
from invigil.serve.exports.model import (
    ExportKind,
    ExportOrder,
    NothingToExport,
    SeatEntry,
    ViolationEntry,
)
from invigil.serve.exports.rules.answers import say_answers
from invigil.serve.exports.rules.tables import ABSENT, TERMINATED, say_room
from invigil.sit.answering.api import Attempt, AttemptState, list_attempts, list_final_sheets, read_receipts

SeatsByCandidate = Mapping[CandidateId, SeatEntry]
ViolationSource = Callable[[Transaction, Sitting, SeatsByCandidate], Awaitable[list[ViolationEntry]]]


@dataclass(frozen=True, slots=True)
class _Seat:
    candidate_id: CandidateId
    room_name: str
    number: int


async def read_exam_title(tx: Transaction, exam_id: ExamId) -> str:
    """Return the examination's title."""
    return (await access_exam(tx, exam_id)).title


async def choose_sittings(tx: Transaction, order: ExportOrder) -> list[Sitting]:
    """Return the wanted sittings by start.

    Raises: ExamNotFound; NothingToExport - none, or one of them is not of this examination.
    """
    await access_exam(tx, order.exam_id)
    every = await list_sittings_of_exam(tx, order.exam_id)
    wanted = set(order.sitting_ids)
    if not wanted <= {sitting.id for sitting in every}:
        raise NothingToExport
    chosen = [sitting for sitting in every if (sitting.id in wanted if wanted else sitting.kind is SittingKind.REAL)]
    if not chosen:
        raise NothingToExport
    return chosen


async def list_unreleased(_tx: Transaction, sittings: Sequence[Sitting]) -> list[str]:
    """Return the titles of sittings whose scores two persons have not released yet."""
    return [sitting.title for sitting in sittings]


async def collect_seats(tx: Transaction, sitting: Sitting, kind: ExportKind) -> list[SeatEntry]:
    """Return everybody who was due in the sitting, with what this kind of export shows; in clear, for memory only."""
    attempts = {attempt.candidate_id: attempt for attempt in await list_attempts(tx, sitting_id=sitting.id)}
    receipts = await read_receipts(tx, sitting.id)
    numbers = {attempt_id: signed.receipt for (attempt_id, _), signed in sorted(receipts.items())}
    answers = await _answers(tx, sitting, attempts) if kind is ExportKind.ANSWER_SHEETS else {}
    subjects = {subject.code: subject.title for subject in await list_subjects(tx, sitting.exam_id)}
    seats = await _seats_of(tx, sitting, attempts)
    candidates = {one.id: one for one in await list_candidates(tx, [seat.candidate_id for seat in seats])}
    entries = []
    for seat in seats:
        candidate, attempt = candidates.get(seat.candidate_id), attempts.get(seat.candidate_id)
        if candidate is None:
            continue
        receipt = numbers.get(attempt.id) if attempt else None
        entries.append(
            SeatEntry(
                candidate_id=candidate.id,
                sitting_id=sitting.id,
                sitting_title=sitting.title,
                starts_at=sitting.starts_at,
                subject_code=candidate.subject_code,
                subject_title=subjects.get(candidate.subject_code, ""),
                room_name=seat.room_name,
                seat_number=seat.number,
                ticket_number=candidate.ticket_number,
                name=candidate.name,
                identity_number=candidate.identity_number,
                employer=candidate.employer,
                outcome=_outcome(attempt),
                entered_at=attempt.entered_at if attempt else None,
                ended_at=attempt.ended_at if attempt else None,
                receipt_number=receipt.number if receipt else "",
                sheet_sha256=receipt.sheet_sha256 if receipt else "",
                answers=answers.get(seat.candidate_id, ()),
            )
        )
    return entries


async def collect_violations(tx: Transaction, sitting: Sitting, seats: Sequence[SeatEntry]) -> list[ViolationEntry]:
    """Return every breach that any source knows of in this sitting."""
    by_candidate = {seat.candidate_id: seat for seat in seats if seat.sitting_id == sitting.id}
    return [entry for source in VIOLATION_SOURCES for entry in await source(tx, sitting, by_candidate)]


async def list_terminations(_tx: Transaction, _sitting: Sitting, seats: SeatsByCandidate) -> list[ViolationEntry]:
    """Attempts that were terminated for a breach; what the breach was, the proctoring notes will say."""
    return [
        ViolationEntry(seat, seat.ended_at or seat.starts_at, "违反考试纪律", "终止考试", "")
        for seat in seats.values()
        if seat.outcome == TERMINATED
    ]


# Whoever judges breaches (proctoring, review) adds its reader here.
VIOLATION_SOURCES: tuple[ViolationSource, ...] = (list_terminations,)


async def _seats_of(tx: Transaction, sitting: Sitting, attempts: Mapping[CandidateId, Attempt]) -> list[_Seat]:
    """Everybody with a seat; and whoever sat although their seat was taken away since."""
    seats = [
        _Seat(seat.candidate_id, say_room(seat.room_number), seat.seat_number)
        for seat in await list_seats(tx, sitting.id)
    ]
    seated = {seat.candidate_id for seat in seats}
    return seats + [
        _Seat(one.candidate_id, "", one.seat_number) for one in attempts.values() if one.candidate_id not in seated
    ]


async def _answers(
    tx: Transaction, sitting: Sitting, attempts: Mapping[CandidateId, Attempt]
) -> dict[CandidateId, tuple[str, ...]]:
    said: dict[CandidateId, tuple[str, ...]] = {}
    for final in await list_final_sheets(tx, sitting.id):
        if final.sheet is not None:
            sheet = msgspec.json.decode(final.sheet)
            said[final.candidate_id] = say_answers(sheet["answers"], attempts[final.candidate_id].item_count)
    return said


def _outcome(attempt: Attempt | None) -> str:
    if attempt is None:
        return ABSENT
    ended = (AttemptState.HANDED_IN, AttemptState.AUTO_HANDED_IN, AttemptState.TERMINATED)
    return attempt.state.value if attempt.state in ended else "open"
