"""Entering: a candidate takes the seat, from one page at a time (P7)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from invigil.base.accounts.api import is_open_login
from invigil.kernel.ids import AttemptId, CandidateId, SittingId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.prepare.exams.api import (
    Sitting,
    SittingKind,
    SittingState,
    access_sitting,
    check_mock_gate,
    compute_sitting_state,
)
from invigil.prepare.papers.api import count_items
from invigil.prepare.rooms.api import Seat, seat_of
from invigil.sit.answering import store
from invigil.sit.answering.model import Attempt, AttemptState, SignedReceipt
from invigil.sit.answering.model.attempts import FINAL_STATES
from invigil.sit.answering.model.events import AttemptEntered
from invigil.sit.answering.model.refusals import (
    ConsentMissing,
    NoPaper,
    NoSeat,
    NotOpenYet,
    SeatOccupied,
    SeatRevoked,
    SittingOver,
    TicketInvalid,
    TooLate,
)
from invigil.sit.answering.service.tickets import Ticket, issue_ticket
from invigil.sit.answering.store.plays import read_plays


@dataclass(frozen=True, slots=True)
class Entered:
    """What a page gets when it has entered.

    sheet: the last acknowledged sheet as JSON, None before the first save. receipt: of an attempt that has been handed in.
    plays: how often each sound or film was played, by place.
    """

    attempt: Attempt
    door: "Door"
    ticket: str
    sheet: dict[str, Any] | None
    seq: int
    receipt: SignedReceipt | None
    plays: dict[str, int]


@dataclass(frozen=True, slots=True)
class Door:
    """What stands before a candidate who wants to enter. attempt: None for a newcomer."""

    sitting: Sitting
    seat: Seat
    attempt: Attempt | None


async def look_at_door(tx: Transaction, who: Principal, sitting_id: SittingId) -> Door:
    """Find the candidate's seat and attempt; nobody else enters this seat until the transaction ends.

    Raises: NoSeat.
    """
    sitting = await access_sitting(tx, sitting_id)
    candidate_id = CandidateId(who.id)
    seat = await seat_of(tx, sitting_id, candidate_id)
    if seat is None or sitting.exam_id != who.exam_id:
        raise NoSeat
    await tx.lock(f"answering.enter/{sitting_id}/{candidate_id}")
    return Door(sitting, seat, await store.find_attempt(tx, sitting_id=sitting_id, candidate_id=candidate_id))


async def enter(
    tx: Transaction, who: Principal, door: Door, *, consent_version: str | None, device: Mapping[str, object]
) -> Entered:
    """Take the seat: begin the attempt, or go on with it. Every entering makes earlier pages of the attempt stop writing.

    Raises: NotOpenYet, TooLate, SittingOver, ConsentMissing, SeatOccupied, NoPaper, and what the mock gate says.
    Source: S3.1, S3.7, P7.
    """
    if door.attempt is not None:
        return await _entered(tx, door, await _go_on(tx, who, door.attempt))
    if consent_version != door.sitting.rules.consent_version:
        raise ConsentMissing
    return await _entered(tx, door, await _begin(tx, who, door.sitting, door.seat, device))


def check_may_begin(sitting: Sitting, now: datetime) -> None:
    """Pass when a candidate who has not entered yet may enter.

    Raises: NotOpenYet, TooLate, SittingOver.
    """
    match compute_sitting_state(sitting, now):
        case SittingState.DRAFT | SittingState.LOCKED:
            raise NotOpenYet(opens_at=sitting.starts_at.isoformat())
        case SittingState.OPEN:
            return
        case SittingState.RUNNING:
            if now > sitting.late_entry_until:
                raise TooLate
        case _:
            raise SittingOver


async def _begin(
    tx: Transaction, who: Principal, sitting: Sitting, seat: Seat, device: Mapping[str, object]
) -> Attempt:
    check_may_begin(sitting, tx.now)
    await check_mock_gate(tx, sitting, CandidateId(who.id))
    paper_set_id = sitting.papers.get(seat.subject_code)
    if paper_set_id is None:
        raise NoPaper
    rules = sitting.rules
    attempt = Attempt(
        id=AttemptId(new_id("att")),
        exam_id=sitting.exam_id,
        sitting_id=sitting.id,
        is_mock=sitting.kind is SittingKind.MOCK,
        room_id=seat.room_id,
        seat_number=seat.seat_number,
        candidate_id=CandidateId(who.id),
        paper_set_id=paper_set_id,
        subject_code=seat.subject_code,
        item_count=await count_items(tx, paper_set_id),
        state=AttemptState.OPEN,
        seat_epoch=1,
        login_id=who.login_id,
        starts_at=sitting.starts_at,
        duration=compute_working_time(sitting, tx.now),
        extra_time=timedelta(0),
        paused_for=timedelta(0),
        paused_at=None,
        grace=rules.save_grace,
        early_hand_in_after=rules.early_hand_in_after,
        entered_at=tx.now,
        ended_at=None,
        round=1,
    )
    await store.insert_attempt(tx, attempt, consent_version=rules.consent_version, device=device)
    tx.emit(AttemptEntered(attempt.id, attempt.sitting_id, attempt.room_id, attempt.seat_epoch))
    return attempt


def compute_working_time(sitting: Sitting, entered_at: datetime) -> timedelta:
    """Return the time from T0 to this candidate's deadline: all end together unless late entrants keep the whole duration."""
    late_by = max(timedelta(0), entered_at - sitting.starts_at)
    return sitting.rules.duration + (late_by if sitting.rules.late_entry_keeps_duration else timedelta(0))


async def _go_on(tx: Transaction, who: Principal, attempt: Attempt) -> Attempt:
    if attempt.state in FINAL_STATES:
        return attempt
    is_held_by_other = attempt.login_id not in {"", who.login_id}
    if is_held_by_other and await is_open_login(tx, attempt.login_id):
        raise SeatOccupied
    entered = replace(attempt, seat_epoch=attempt.seat_epoch + 1, login_id=who.login_id)
    await store.update_attempt(tx, attempt.id, seat_epoch=entered.seat_epoch, login_id=entered.login_id)
    tx.emit(AttemptEntered(attempt.id, attempt.sitting_id, attempt.room_id, entered.seat_epoch))
    return entered


async def _entered(tx: Transaction, door: Door, attempt: Attempt) -> Entered:
    last = await store.read_last_save(tx, attempt.id)
    sheet = None if last is None else msgspec.json.decode(store.open_sheet(tx, attempt.id, last.seq, last.sheet))
    receipt = await store.read_receipt(tx, attempt.id, attempt.round)
    ticket = issue_ticket(tx.keys, Ticket(attempt.id, attempt.seat_epoch))
    plays = await read_plays(tx, attempt.id)
    return Entered(attempt, door, ticket, sheet, 0 if last is None else last.seq, receipt, plays)


async def access_by_ticket(tx: Transaction, ticket: Ticket) -> Attempt:
    """Return the attempt of a page that has entered; an older page of it may still read.

    Raises: TicketInvalid.
    """
    found = (await store.read_attempts(tx, [ticket.attempt_id], is_locking=False)).get(ticket.attempt_id)
    if found is None:
        raise TicketInvalid
    return found


async def access_newest(tx: Transaction, ticket: Ticket) -> Attempt:
    """Return the attempt of the page that entered last: what devices and recording are bound to.

    Raises: TicketInvalid, SeatRevoked - an older page.
    """
    attempt = await access_by_ticket(tx, ticket)
    if attempt.seat_epoch != ticket.seat_epoch:
        raise SeatRevoked
    return attempt
