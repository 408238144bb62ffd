"""What a page learns when it enters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from pydantic import BaseModel

from invigil.kernel.encoding import encode_base64url
from invigil.platform.db import Transaction
from invigil.platform.media import AccessPoint
from invigil.prepare.exams.api import Sitting
from invigil.sit.answering.model import AttemptState, SignedReceipt
from invigil.sit.answering.rules import compute_deadline, compute_hand_in_opening
from invigil.sit.answering.service.entering import Door, Entered
from invigil.sit.answering.service.terms import RecordingTerms, recording_terms


class PageRules(BaseModel):
    """The rules that the page carries out or explains."""

    duration_s: int
    screen_left_warnings: int
    calculator: bool
    review_allowed: bool
    late_entry_until: datetime
    hand_in_allowed_from: datetime
    orientation: str
    tracks_required: list[str]


class ConsentText(BaseModel):
    """What the candidate agrees to before anything else."""

    version: str
    text: str


class ReceiptDocument(BaseModel):
    """A receipt as it was signed.

    The signature covers `receipt` in canonical form or, with a `path`, the root to which the path leads up from there.
    """

    receipt: dict[str, Any]
    signature: str
    key_id: str
    path: str


class EntryAnswer(BaseModel):
    """The attempt as a page needs it. consent: given only while it still has to be agreed to, and then nothing is entered yet.

    sheet: the last acknowledged one. receipt: of an attempt that has been handed in.
    plays: how often each sound or film was played, by item and medium ("i1/media_…"); absent when never.
    """

    attempt_id: str
    attempt_state: str
    ticket: str
    seat_epoch: int
    server_time: datetime
    starts_at: datetime
    deadline: datetime
    hand_in_allowed_from: datetime
    item_count: int
    rules: PageRules
    consent: ConsentText | None
    sheet: dict[str, Any] | None
    seq: int
    paused: bool
    room_name: str
    seat_number: int
    receipt: ReceiptDocument | None
    signing_key: str
    rescue_key: str
    recording: RecordingTerms
    plays: dict[str, int]


def entry_answer(entered: Entered, tx: Transaction, access_points: Sequence[AccessPoint]) -> EntryAnswer:
    """Return the answer for a page that has entered."""
    attempt, door = entered.attempt, entered.door
    return EntryAnswer(
        attempt_id=attempt.id,
        attempt_state=attempt.state,
        ticket=entered.ticket,
        seat_epoch=attempt.seat_epoch,
        server_time=tx.now,
        starts_at=attempt.starts_at,
        deadline=compute_deadline(attempt, tx.now),
        hand_in_allowed_from=compute_hand_in_opening(attempt),
        item_count=attempt.item_count,
        rules=_rules(door.sitting),
        consent=None,
        sheet=entered.sheet,
        seq=entered.seq,
        paused=attempt.state is AttemptState.PAUSED,
        room_name=str(door.seat.room_number),
        seat_number=attempt.seat_number,
        receipt=None if entered.receipt is None else receipt_document(entered.receipt),
        signing_key=encode_base64url(tx.keys.signing_public_key),
        rescue_key=encode_base64url(tx.keys.rescue_public_key),
        recording=recording_terms(tx.keys, door.sitting.rules, access_points),
        plays=entered.plays,
    )


def closed_door_answer(door: Door, tx: Transaction, access_points: Sequence[AccessPoint]) -> EntryAnswer:
    """Return the answer for a newcomer who has not seen the consent text yet: no attempt, no ticket."""
    sitting, rules = door.sitting, door.sitting.rules
    return EntryAnswer(
        attempt_id="",
        attempt_state="",
        ticket="",
        seat_epoch=0,
        server_time=tx.now,
        starts_at=sitting.starts_at,
        deadline=sitting.ends_at,
        hand_in_allowed_from=sitting.starts_at + rules.early_hand_in_after,
        item_count=0,
        rules=_rules(sitting),
        consent=ConsentText(version=rules.consent_version, text=rules.consent_text),
        sheet=None,
        seq=0,
        paused=False,
        room_name=str(door.seat.room_number),
        seat_number=door.seat.seat_number,
        receipt=None,
        signing_key=encode_base64url(tx.keys.signing_public_key),
        rescue_key=encode_base64url(tx.keys.rescue_public_key),
        recording=recording_terms(tx.keys, rules, access_points),
        plays={},
    )


def receipt_document(signed: SignedReceipt) -> ReceiptDocument:
    """Return a receipt as the page keeps it."""
    return ReceiptDocument(
        receipt=msgspec.json.decode(signed.statement),
        signature=encode_base64url(signed.signature),
        key_id=signed.key_id,
        path=encode_base64url(signed.path),
    )


def _rules(sitting: Sitting) -> PageRules:
    rules = sitting.rules
    return PageRules(
        duration_s=int(rules.duration.total_seconds()),
        screen_left_warnings=rules.screen_left_warnings,
        calculator=rules.has_calculator,
        review_allowed=rules.may_review_after,
        late_entry_until=sitting.late_entry_until,
        hand_in_allowed_from=sitting.starts_at + rules.early_hand_in_after,
        orientation=rules.orientation,
        tracks_required=list(rules.tracks_required),
    )
