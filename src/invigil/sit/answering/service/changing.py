"""Changes of time: proposed by one member of staff, approved by another, told to the page at once, recorded."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from invigil.base.audit.api import record
from invigil.kernel.ids import AttemptId, StaffId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.prepare.exams.api import access_sitting, move_last_deadline
from invigil.sit.answering import store
from invigil.sit.answering.model import Attempt, AttemptState, ChangeKind, ChangeState, TimeChange
from invigil.sit.answering.model.events import AttemptTimeChanged, TimeChangeProposed
from invigil.sit.answering.model.refusals import (
    AttemptNotFound,
    ChangeDecided,
    ChangeImpossible,
    ChangeNotFound,
    ExtraTimeNotAllowed,
    SamePerson,
)
from invigil.sit.answering.rules import compute_deadline

_MICROSECOND = timedelta(microseconds=1)

# A sitting waits this long for a paused attempt before it closes by itself.
LONGEST_PAUSE = timedelta(hours=4)

# What a change needs the attempt to be.
POSSIBLE: Mapping[ChangeKind, frozenset[AttemptState]] = {
    ChangeKind.EXTRA_TIME: frozenset({AttemptState.OPEN, AttemptState.PAUSED, AttemptState.LOCKED}),
    ChangeKind.PAUSE: frozenset({AttemptState.OPEN}),
    ChangeKind.RESUME: frozenset({AttemptState.PAUSED}),
    ChangeKind.REOPEN: frozenset({AttemptState.HANDED_IN, AttemptState.AUTO_HANDED_IN}),
}


async def access_attempt(tx: Transaction, attempt_id: AttemptId, *, is_locking: bool = False) -> Attempt:
    """Return the attempt.

    Raises: AttemptNotFound.
    """
    found = await store.read_attempts(tx, [attempt_id], is_locking=is_locking)
    if attempt_id not in found:
        raise AttemptNotFound
    return found[attempt_id]


async def propose_change(
    tx: Transaction, who: Principal, attempt_id: AttemptId, kind: ChangeKind, *, extra: timedelta, reason: str
) -> TimeChange:
    """Ask for a change; it takes effect when another person approves it. Resuming needs no second person.

    extra: > 0 for EXTRA_TIME and REOPEN, otherwise zero.
    Raises: AttemptNotFound, ChangeImpossible, ExtraTimeNotAllowed.
    Source: S3.6; local rule "extra time is a matter of approval".
    """
    attempt = await access_attempt(tx, attempt_id, is_locking=True)
    check_possible(attempt, kind)
    if kind is ChangeKind.EXTRA_TIME and not (await access_sitting(tx, attempt.sitting_id)).rules.allows_extra_time:
        raise ExtraTimeNotAllowed
    change = TimeChange(
        new_id("chg"), attempt_id, kind, extra, reason, ChangeState.PROPOSED, StaffId(who.id), tx.now, None, None
    )
    await store.insert_change(tx, change)
    details = {"kind": kind, "minutes": int(extra.total_seconds() // 60), "reason": reason}
    await record(tx, who, act="answering.change.propose", on=attempt_id, details=details)
    if kind is ChangeKind.RESUME:
        await _apply(tx, who, change, attempt)
    else:
        tx.emit(TimeChangeProposed(attempt.id, attempt.sitting_id, attempt.room_id))
    return change


async def decide_change(tx: Transaction, who: Principal, change_id: str, *, is_approved: bool) -> None:
    """Approve or reject a change; an approved one is in force when this transaction commits.

    Raises: ChangeNotFound, ChangeDecided, SamePerson, ChangeImpossible.
    """
    change = await store.read_change(tx, change_id)
    if change is None:
        raise ChangeNotFound
    if change.state is not ChangeState.PROPOSED:
        raise ChangeDecided
    if not is_approved:
        await store.decide_change(tx, change.id, ChangeState.REJECTED, StaffId(who.id))
        await record(tx, who, act="answering.change.reject", on=change.attempt_id, details={"change": change.id})
        attempt = await access_attempt(tx, change.attempt_id)
        tx.emit(TimeChangeProposed(attempt.id, attempt.sitting_id, attempt.room_id))
        return
    if change.proposed_by == who.id:
        raise SamePerson
    attempt = await access_attempt(tx, change.attempt_id, is_locking=True)
    check_possible(attempt, change.kind)
    await _apply(tx, who, change, attempt)


def check_possible(attempt: Attempt, kind: ChangeKind) -> None:
    """Pass when the attempt's state allows the change.

    Raises: ChangeImpossible.
    """
    if attempt.state not in POSSIBLE[kind]:
        raise ChangeImpossible(state=attempt.state.value)


def compute_change(attempt: Attempt, kind: ChangeKind, extra: timedelta, now: datetime) -> dict[str, Any]:
    """Return the columns that the change writes.

    A reopened attempt gets `extra` from now on: its deadline is moved to now + extra unless it lies later anyway.
    """
    match kind:
        case ChangeKind.EXTRA_TIME:
            return {"extra_us": (attempt.extra_time + extra) // _MICROSECOND}
        case ChangeKind.PAUSE:
            return {"state": AttemptState.PAUSED, "paused_at": now}
        case ChangeKind.RESUME:
            pause = now - attempt.paused_at if attempt.paused_at else timedelta(0)
            paused_for_us = (attempt.paused_for + pause) // _MICROSECOND
            return {"state": AttemptState.OPEN, "paused_at": None, "paused_for_us": paused_for_us}
        case ChangeKind.REOPEN:
            missing = max(timedelta(0), now + extra - compute_deadline(attempt, now))
            extra_us = (attempt.extra_time + missing) // _MICROSECOND
            return {"state": AttemptState.OPEN, "ended_at": None, "round": attempt.round + 1, "extra_us": extra_us}


async def _apply(tx: Transaction, who: Principal, change: TimeChange, attempt: Attempt) -> None:
    await store.update_attempt(tx, attempt.id, **compute_change(attempt, change.kind, change.extra, tx.now))
    changed = await access_attempt(tx, attempt.id)
    # A paused attempt has no deadline yet: the sitting stays open for what the pause can last at most.
    allowance = LONGEST_PAUSE if changed.state is AttemptState.PAUSED else timedelta(0)
    await move_last_deadline(tx, attempt.sitting_id, compute_deadline(changed, tx.now) + allowance)
    await store.decide_change(tx, change.id, ChangeState.APPLIED, StaffId(who.id))
    details = {"change": change.id, "kind": change.kind}
    await record(tx, who, act="answering.change.apply", on=attempt.id, details=details)
    # The page answers by the change's id, so that whoever ordered it sees how far it has come.
    news = AttemptTimeChanged(attempt.id, attempt.sitting_id, attempt.room_id, change.kind, change.reason, change.id)
    tx.emit(news)


async def release_seat(
    tx: Transaction, who: Principal, attempt_id: AttemptId, reason: str, *, command_id: str = ""
) -> None:
    """Let the candidate enter from another computer; the page that holds the seat stops writing at once (P7).

    Raises: AttemptNotFound.
    """
    attempt = await access_attempt(tx, attempt_id, is_locking=True)
    await store.update_attempt(tx, attempt.id, login_id="", seat_epoch=attempt.seat_epoch + 1)
    await record(tx, who, act="answering.seat.release", on=attempt.id, details={"reason": reason})
    tx.emit(AttemptTimeChanged(attempt.id, attempt.sitting_id, attempt.room_id, "seat_revoked", reason, command_id))
