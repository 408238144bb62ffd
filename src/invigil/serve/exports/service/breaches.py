"""What proctors did about breaches, as the violation export lists it: terminations, warnings, notes (S3.15, C5.2)."""

from collections.abc import Mapping, Sequence

from invigil.base.accounts.api import list_staff
from invigil.kernel.ids import CandidateId
from invigil.platform.db import Transaction
from invigil.prepare.exams.api import Sitting
from invigil.serve.exports.model import SeatEntry, ViolationEntry
from invigil.serve.exports.rules.tables import TERMINATED
from invigil.sit.answering.api import list_attempts
from invigil.watch.proctoring.api import (
    NOTE_KINDS_ZH,
    REASON_CATEGORIES,
    Command,
    CommandKind,
    CommandState,
    list_commands,
    list_notes,
)

SeatsByCandidate = Mapping[CandidateId, SeatEntry]
_UNKNOWN = "违反考试纪律"
_CARRIED_OUT = frozenset({CommandState.SENT, CommandState.DELIVERED, CommandState.ACKNOWLEDGED})


async def list_breaches(tx: Transaction, sitting: Sitting, seats: SeatsByCandidate) -> list[ViolationEntry]:
    """Return terminations with their reason and both persons, warnings, and notes; who is not among the seats is left out."""
    names = {str(one.id): one.display_name for one in await list_staff(tx)}
    by_attempt = {
        str(one.id): seats[one.candidate_id]
        for one in await list_attempts(tx, sitting_id=sitting.id)
        if one.candidate_id in seats
    }
    commands = [
        one
        for one in await list_commands(tx, sitting_id=sitting.id)
        if one.attempt_id in by_attempt and one.state in _CARRIED_OUT
    ]
    found = [_of_termination(by_attempt, one, names) for one in commands if one.kind is CommandKind.TERMINATE]
    found += [
        ViolationEntry(by_attempt[one.attempt_id], one.at, one.text, "警告", names.get(one.by, ""))
        for one in commands
        if one.kind is CommandKind.WARNING
    ]
    found += [
        ViolationEntry(
            by_attempt[one.attempt_id],
            one.at,
            _say(NOTE_KINDS_ZH[one.kind], one.text),
            "监考记录",
            names.get(one.by, ""),
        )
        for one in await list_notes(tx, sitting_id=sitting.id)
        if one.attempt_id in by_attempt
    ]
    return found + _terminated_otherwise(seats, by_attempt, commands)


def _of_termination(seats: Mapping[str, SeatEntry], one: Command, names: Mapping[str, str]) -> ViolationEntry:
    category = next((zh for key, zh in REASON_CATEGORIES.items() if key == one.reason_category), _UNKNOWN)
    both = " / ".join(name for name in (names.get(one.by, ""), names.get(one.decided_by, "")) if name)
    return ViolationEntry(seats[one.attempt_id], one.decided_at or one.at, _say(category, one.reason), "终止考试", both)


def _terminated_otherwise(
    seats: SeatsByCandidate, by_attempt: Mapping[str, SeatEntry], commands: Sequence[Command]
) -> list[ViolationEntry]:
    """Nobody whose attempt was terminated is missing, whatever ended it."""
    known = {by_attempt[one.attempt_id].candidate_id for one in commands if one.kind is CommandKind.TERMINATE}
    return [
        ViolationEntry(seat, seat.ended_at or seat.starts_at, _UNKNOWN, "终止考试", "")
        for seat in seats.values()
        if seat.outcome == TERMINATED and seat.candidate_id not in known
    ]


def _say(what: str, more: str) -> str:
    return f"{what}：{more}" if more else what
