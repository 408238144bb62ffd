"""What exports read of the other features: sittings, seats, candidates, attempts, receipts, results, breaches."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from invigil.base.accounts.api import read_staff_names
from invigil.judge.grading.api import Result, find_released, read_newest_results, read_released_results
from invigil.kernel.ids import CandidateId, ExamId
from invigil.platform.db import Transaction
from invigil.prepare.candidates.api import Candidate, list_candidates
from invigil.prepare.exams.api import Sitting, SittingKind, access_exam, list_sittings_of_exam, list_subjects
from invigil.prepare.rooms.api import list_seats
from invigil.serve.exports.model import (
    ExportKind,
    ExportOrder,
    NoteEntry,
    NothingToExport,
    SeatEntry,
    ViolationEntry,
)
from invigil.serve.exports.rules.answers import say_answers
from invigil.serve.exports.rules.tables import ABSENT, OPEN, say_room
from invigil.serve.exports.service.breaches import SeatsByCandidate, list_breaches
from invigil.sit.answering.api import (
    Attempt,
    AttemptState,
    SignedReceipt,
    list_attempts,
    list_final_sheets,
    read_receipts,
)
from invigil.watch.proctoring.api import NOTE_KINDS, list_notes

ENDED = frozenset({AttemptState.HANDED_IN, AttemptState.AUTO_HANDED_IN, AttemptState.TERMINATED})

ViolationSource = Callable[[Transaction, Sitting, SeatsByCandidate], Awaitable[list[ViolationEntry]]]


@dataclass(frozen=True, slots=True)
class _Seat:
    candidate_id: CandidateId
    room_name: str
    number: int


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of one sitting, by candidate; subjects by code, receipts by attempt."""

    candidates: Mapping[CandidateId, Candidate]
    subjects: Mapping[str, str]
    attempts: Mapping[CandidateId, Attempt]
    receipts: Mapping[str, SignedReceipt]
    results: Mapping[CandidateId, Result]
    answers: Mapping[CandidateId, tuple[str, ...]]


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


async def list_unreleased(tx: Transaction, sittings: Sequence[Sitting]) -> list[str]:
    """Return the titles of sittings whose scores two persons have not released yet."""
    return [sitting.title for sitting in sittings if await find_released(tx, sitting.id) is None]


async def collect_seats(tx: Transaction, sitting: Sitting, kind: ExportKind) -> list[SeatEntry]:
    """Return everybody who was due in the sitting, with what this kind of export shows; in clear, for memory only."""
    attempts = {attempt.candidate_id: attempt for attempt in await list_attempts(tx, sitting_id=sitting.id)}
    seats = await _seats_of(tx, sitting, attempts)
    # A reopened attempt has a receipt per round; the last one is in force.
    receipts = sorted((await read_receipts(tx, sitting.id)).items())
    known = _Known(
        candidates={one.id: one for one in await list_candidates(tx, [seat.candidate_id for seat in seats])},
        subjects={subject.code: subject.title for subject in await list_subjects(tx, sitting.exam_id)},
        attempts=attempts,
        receipts={attempt_id: signed for (attempt_id, _), signed in receipts},
        results=await _results(tx, sitting) if kind is ExportKind.SCORES else {},
        answers=await _answers(tx, sitting, attempts) if kind is ExportKind.ANSWER_SHEETS else {},
    )
    return [_entry(sitting, seat, known) for seat in seats if seat.candidate_id in known.candidates]


def _entry(sitting: Sitting, seat: _Seat, known: _Known) -> SeatEntry:
    candidate, attempt = known.candidates[seat.candidate_id], known.attempts.get(seat.candidate_id)
    entry = SeatEntry(
        candidate_id=candidate.id,
        sitting_id=sitting.id,
        sitting_title=sitting.title,
        starts_at=sitting.starts_at,
        subject_code=candidate.subject_code,
        subject_title=known.subjects.get(candidate.subject_code, ""),
        room_name=seat.room_name,
        seat_number=seat.number,
        ticket_number=candidate.ticket_number,
        name=candidate.name,
        identity_number=candidate.identity_number,
        employer=candidate.employer,
        outcome=ABSENT,
    )
    return entry if attempt is None else _with_attempt(entry, attempt, known)


def _with_attempt(entry: SeatEntry, attempt: Attempt, known: _Known) -> SeatEntry:
    signed, result = known.receipts.get(attempt.id), known.results.get(entry.candidate_id)
    return replace(
        entry,
        outcome=attempt.state.value if attempt.state in ENDED else OPEN,
        entered_at=attempt.entered_at,
        ended_at=attempt.ended_at,
        receipt_number=signed.receipt.number if signed else "",
        sheet_sha256=signed.receipt.sheet_sha256 if signed else "",
        score=result.earned if result else None,
        full_score=result.possible if result else None,
        is_passed=result.is_passed if result else None,
        answers=known.answers.get(entry.candidate_id, ()),
    )


async def collect_violations(tx: Transaction, sitting: Sitting, seats: Sequence[SeatEntry]) -> list[ViolationEntry]:
    """Return every breach that any source knows of in this sitting."""
    by_candidate = {seat.candidate_id: seat for seat in seats if seat.sitting_id == sitting.id}
    return [entry for source in VIOLATION_SOURCES for entry in await source(tx, sitting, by_candidate)]


async def collect_notes(tx: Transaction, sitting: Sitting, seats: Sequence[SeatEntry]) -> list[NoteEntry]:
    """Return every note that proctors wrote in this sitting (S3.15)."""
    by_candidate = {seat.candidate_id: seat for seat in seats if seat.sitting_id == sitting.id}
    candidates = {one.id: one.candidate_id for one in await list_attempts(tx, sitting_id=sitting.id)}
    names = await read_staff_names(tx)
    return [
        NoteEntry(
            seat=by_candidate[candidates[one.attempt_id]],
            at=one.at,
            kind=NOTE_KINDS[one.kind].zh,
            text=one.text,
            item=one.item.removeprefix("i"),
            last_step=one.last_step,
            pictures=len(one.stills),
            by_name=names.get(one.by, ""),
            note_id=one.id,
        )
        for one in await list_notes(tx, sitting_id=sitting.id)
        if candidates.get(one.attempt_id) in by_candidate
    ]


# Whoever judges breaches (proctoring, review) has its reader here.
VIOLATION_SOURCES: tuple[ViolationSource, ...] = (list_breaches,)


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


async def _results(tx: Transaction, sitting: Sitting) -> dict[CandidateId, Result]:
    """The released results; before any release the newest graded ones, which the file then marks as unreleased."""
    graded = await read_released_results(tx, sitting.id) or await read_newest_results(tx, sitting.id)
    return {} if graded is None else {result.candidate_id: result for result in graded[1]}


async def _answers(
    tx: Transaction, sitting: Sitting, attempts: Mapping[CandidateId, Attempt]
) -> dict[CandidateId, tuple[str, ...]]:
    said: dict[CandidateId, tuple[str, ...]] = {}
    for final in await list_final_sheets(tx, sitting.id):
        if final.sheet is not None:
            sheet = msgspec.json.decode(final.sheet)
            said[final.candidate_id] = say_answers(sheet["answers"], attempts[final.candidate_id].item_count)
    return said
