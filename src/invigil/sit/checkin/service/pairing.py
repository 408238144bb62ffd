"""Pairing a phone: a one-time token on the PC's screen, a claim by the phone, and staff's word before a second one."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from invigil.base.audit.api import record
from invigil.kernel.ids import AttemptId, CandidateId
from invigil.kernel.principals import Principal, PrincipalKind
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_token
from invigil.prepare.exams.api import Track, access_sitting
from invigil.prepare.rooms.api import access_room
from invigil.sit.answering.api import Attempt, AttemptState, Ticket, access_attempt, access_newest
from invigil.sit.checkin import store
from invigil.sit.checkin.model import Device, Pairing, PhoneTicket, RegisteredPhone
from invigil.sit.checkin.model.events import OtherPhoneAllowed, OtherPhoneTurnedAway, PhonePaired
from invigil.sit.checkin.model.refusals import AttemptOver, PhoneNotNeeded, TooManyTokens
from invigil.sit.checkin.rules.browsers import name_phone
from invigil.sit.checkin.rules.pairing import CHANGE_LASTS, MOST_TOKENS, TOKEN_LASTS, check_same_phone, check_token
from invigil.sit.checkin.service.tickets import issue_phone_ticket

_OVER = frozenset({AttemptState.HANDED_IN, AttemptState.AUTO_HANDED_IN, AttemptState.TERMINATED})


# Hears of a phone in the transaction that keeps that it was turned away: what it writes stands exactly when that does.
OtherPhoneHearer = Callable[[Transaction, Attempt, OtherPhoneTurnedAway], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a phone says of itself. device_id: the random number that its browser keeps."""

    token: str
    device_id: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a phone gets: its ticket and the attempt."""

    ticket: str
    attempt: Attempt
    phone: RegisteredPhone


async def make_token(tx: Transaction, page: Ticket) -> tuple[str, datetime]:
    """Return a new token for the page's QR code and when it ends; its hash alone is kept.

    Raises: TicketInvalid, SeatRevoked, AttemptOver, PhoneNotNeeded, TooManyTokens.
    Source: S3.0, P7.
    """
    attempt = await access_newest(tx, page)
    check_phone_is_needed(attempt, (await access_sitting(tx, attempt.sitting_id)).rules.tracks_required)
    await tx.lock(f"checkin.pair/{attempt.id}")
    if await store.count_live_pairings(tx, attempt.id) >= MOST_TOKENS:
        raise TooManyTokens
    token = new_token()
    pairing = Pairing(hash_text(token), attempt.id, tx.now, tx.now + TOKEN_LASTS, None)
    await store.insert_pairing(tx, pairing)
    return token, pairing.expires_at


async def claim(tx: Transaction, given: Claim) -> Claimed:
    """Bind this phone to the attempt: earlier claims no longer send. The same phone reconnects by claiming a new token.

    Raises: TokenInvalid, TokenUsed, TokenExpired, AttemptOver, OtherPhone.
    Source: S3.0, P7.
    """
    token_hash = hash_text(given.token)
    pairing = check_token(await store.read_pairing(tx, token_hash), tx.now)
    await tx.lock(f"checkin.pair/{pairing.attempt_id}")
    # Somebody else may have used it while we waited.
    check_token(await store.read_pairing(tx, token_hash), tx.now)
    attempt = await access_attempt(tx, pairing.attempt_id)
    if attempt.state in _OVER:
        raise AttemptOver
    current = await store.read_phone(tx, attempt.id)
    device_key = hash_text(f"{attempt.id}/{given.device_id}").hex()
    is_changed = check_same_phone(current, device_key, await store.read_change(tx, attempt.id), tx.now)
    epoch = 1 if current is None else current.phone_epoch + 1
    phone = RegisteredPhone(attempt.id, epoch, device_key, given.user_agent, name_phone(given.user_agent), tx.now)
    await store.use_pairing(tx, token_hash)
    await store.insert_phone(tx, phone)
    if is_changed:
        await _take_over(tx, attempt, phone)
    tx.emit(PhonePaired(attempt.id, attempt.sitting_id, attempt.room_id, epoch, is_changed))
    return Claimed(issue_phone_ticket(tx.keys, PhoneTicket(attempt.id, epoch)), attempt, phone)


async def note_turned_away(tx: Transaction, given: Claim, hearers: Sequence[OtherPhoneHearer] = ()) -> None:
    """Keep that another phone wants in, so that staff see it; the claim itself was refused and undone."""
    pairing = await store.read_pairing(tx, hash_text(given.token))
    if pairing is None:
        return
    attempt = await access_attempt(tx, pairing.attempt_id)
    label = name_phone(given.user_agent)
    await store.write_change(tx, attempt.id, asked_at=tx.now, label=label)
    news = OtherPhoneTurnedAway(attempt.id, attempt.sitting_id, attempt.room_id, label)
    for hear in hearers:
        await hear(tx, attempt, news)
    tx.emit(news)


async def allow_other_phone(tx: Transaction, who: Principal, attempt_id: AttemptId, reason: str) -> datetime:
    """Let the candidate go on with another phone: one claim within 15 minutes. Return until when.

    Raises: AttemptNotFound, RoomNotFound - of another proctor's room; AttemptOver.
    """
    attempt = await access_attempt(tx, attempt_id)
    await access_room(tx, who, attempt.room_id)
    if attempt.state in _OVER:
        raise AttemptOver
    until = tx.now + CHANGE_LASTS
    await store.write_change(tx, attempt.id, allowed_by=who.id, allowed_at=tx.now, allowed_until=until, reason=reason)
    await record(tx, who, act="checkin.phone.allow", on=attempt.id, details={"reason": reason})
    tx.emit(OtherPhoneAllowed(attempt.id, attempt.sitting_id, attempt.room_id))
    return until


def check_phone_is_needed(attempt: Attempt, tracks: tuple[Track, ...]) -> None:
    """Pass while the attempt runs in a sitting that records the phone.

    Raises: AttemptOver, PhoneNotNeeded.
    """
    if attempt.state in _OVER:
        raise AttemptOver
    if Track.PHONE not in tracks:
        raise PhoneNotNeeded


def hash_text(text: str) -> bytes:
    """Return how tokens and device numbers are kept: the SHA-256; both are 256 random bits."""
    return hashlib.sha256(text.encode()).digest()


async def _take_over(tx: Transaction, attempt: Attempt, phone: RegisteredPhone) -> None:
    """The permission is used up, and what was checked on the other phone says nothing of this one."""
    await store.write_change(tx, attempt.id, asked_at=None, allowed_until=None)
    await store.forget_checks(tx, attempt.id, Device.PHONE)
    who = Principal(PrincipalKind.CANDIDATE, CandidateId(attempt.candidate_id))
    details = {"phone": phone.label, "epoch": phone.phone_epoch}
    await record(tx, who, act="checkin.phone.change", on=attempt.id, details=details)
