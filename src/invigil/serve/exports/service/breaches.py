"""Breaches as the violation export lists them: what reviewers confirmed, terminations, warnings, notes (S3.15, S3.19, C5.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from invigil.base.accounts.api import read_staff_names
from invigil.judge.review.api import (
    BREACHES,
    ConfirmedBreach,
    MarkKey,
    MarkSource,
    SettledReview,
    read_settled,
)
from invigil.kernel.ids import CandidateId
from invigil.platform.db import Transaction
from invigil.prepare.exams.api import Sitting
from invigil.serve.exports.model import SeatEntry, ViolationEntry
from invigil.serve.exports.rules.marks import say_instant
from invigil.serve.exports.rules.tables import TERMINATED
from invigil.sit.answering.api import list_attempts
from invigil.watch.proctoring.api import (
    NOTE_KINDS,
    REASON_CATEGORIES,
    Command,
    CommandKind,
    CommandState,
    Note,
    list_commands,
    list_notes,
)
from invigil.watch.signals.api import SIGNAL_KINDS, list_signals

SeatsByCandidate = Mapping[CandidateId, SeatEntry]
UNKNOWN = "违反考试纪律"
WARNED = "警告"
ENDED = "终止考试"
CONFIRMED = "复查认定违纪"
UNREVIEWED = "监考记录（待复查）"
_CARRIED_OUT = frozenset({CommandState.SENT, CommandState.DELIVERED, CommandState.ACKNOWLEDGED})
_SOURCES_ZH = {MarkSource.SIGNAL: "异常信号", MarkSource.NOTE: "监考记录", MarkSource.FINDING: "复查标记"}


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of a sitting: seats by attempt, names of staff by id, its notes, what its reviews came to."""

    seats: Mapping[str, SeatEntry]
    names: Mapping[str, str]
    notes: Sequence[Note]
    review: SettledReview


async def list_breaches(tx: Transaction, sitting: Sitting, seats: SeatsByCandidate) -> list[ViolationEntry]:
    """Return every breach of a sitting with what it rests on; who is not among the seats is left out.

    What a settled review dismissed is not listed, whoever wrote it; what it confirmed is listed once, as confirmed. Notes of
    attempts whose review is not settled are listed as such.
    """
    known = _Known(
        seats={
            one.id: seats[one.candidate_id]
            for one in await list_attempts(tx, sitting_id=sitting.id)
            if one.candidate_id in seats
        },
        names=await read_staff_names(tx),
        notes=await list_notes(tx, sitting_id=sitting.id),
        review=await read_settled(tx, sitting),
    )
    commands = [
        one
        for one in await list_commands(tx, sitting_id=sitting.id)
        if one.attempt_id in known.seats and one.state in _CARRIED_OUT
    ]
    terminations = [one for one in commands if one.kind is CommandKind.TERMINATE]
    return [
        *[_of_verdict(known, one) for one in known.review.breaches if one.attempt_id in known.seats],
        *[await _of_termination(tx, known, one) for one in terminations],
        *_terminated_otherwise(seats, {known.seats[one.attempt_id].candidate_id for one in terminations}),
        *[_of_warning(known, one) for one in commands if one.kind is CommandKind.WARNING],
        *[_of_note(known, one) for one in known.notes if one.attempt_id in known.seats and _is_unjudged(known, one)],
    ]


def _of_verdict(known: _Known, one: ConfirmedBreach) -> ViolationEntry:
    lasted = "" if one.to_at == one.from_at else f"，至 {say_instant(one.to_at)}"
    evidence = f"{_SOURCES_ZH[one.mark.source]} {one.mark.id}：{one.seen}{lasted}；录像同一时刻"
    who = _say_names(known, *one.reviewers)
    return ViolationEntry(
        known.seats[one.attempt_id], one.from_at, BREACHES[one.breach].zh, one.reason, evidence, CONFIRMED, who
    )


async def _of_termination(tx: Transaction, known: _Known, one: Command) -> ViolationEntry:
    category = next((words.zh for key, words in REASON_CATEGORIES.items() if key == one.reason_category), UNKNOWN)
    who = _say_names(known, one.by, one.decided_by)
    evidence = await _say_evidence(tx, known, one)
    return ViolationEntry(
        known.seats[one.attempt_id], one.decided_at or one.at, category, one.reason, evidence, ENDED, who
    )


def _of_warning(known: _Known, one: Command) -> ViolationEntry:
    read = f"，考生 {say_instant(one.acknowledged_at)} 确认" if one.acknowledged_at else ""
    evidence = f"指令 {one.id}{read}"
    return ViolationEntry(
        known.seats[one.attempt_id], one.at, UNKNOWN, one.text, evidence, WARNED, _say_names(known, one.by)
    )


def _of_note(known: _Known, one: Note) -> ViolationEntry:
    who = _say_names(known, one.by)
    return ViolationEntry(
        known.seats[one.attempt_id], one.at, NOTE_KINDS[one.kind].zh, one.text, _say_note(one), UNREVIEWED, who
    )


def _is_unjudged(known: _Known, one: Note) -> bool:
    return MarkKey(MarkSource.NOTE, one.id) not in known.review.judged


async def _say_evidence(tx: Transaction, known: _Known, one: Command) -> str:
    """Say what a termination rests on: notes and signals of the candidate."""
    wanted = set(one.evidence)
    notes = [_say_note(note) for note in known.notes if note.id in wanted]
    signals = [
        f"{_SOURCES_ZH[MarkSource.SIGNAL]} {signal.id}：{SIGNAL_KINDS[signal.kind].zh}（{say_instant(signal.at)}）"
        for signal in await list_signals(tx, attempt_id=one.attempt_id)
        if signal.id in wanted
    ]
    return "；".join([*notes, *signals])


def _say_note(one: Note) -> str:
    pictures = f"，截图 {len(one.stills)} 张" if one.stills else ""
    return f"{_SOURCES_ZH[MarkSource.NOTE]} {one.id}（{say_instant(one.at)}{pictures}）"


def _say_names(known: _Known, *staff_ids: str) -> str:
    return " / ".join(known.names[one] for one in dict.fromkeys(staff_ids) if one in known.names)


def _terminated_otherwise(seats: SeatsByCandidate, listed: set[CandidateId]) -> list[ViolationEntry]:
    """Nobody whose attempt was terminated is missing, whatever ended it."""
    return [
        ViolationEntry(seat, seat.ended_at or seat.starts_at, UNKNOWN, "", "", ENDED, "")
        for seat in seats.values()
        if seat.outcome == TERMINATED and seat.candidate_id not in listed
    ]
