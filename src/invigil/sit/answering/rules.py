"""The rules of answering, pure: functions of the attempt and a given instant."""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Protocol, TypeVar

import msgspec

from invigil.sit.answering.model import Attempt, AttemptState, Receipt
from invigil.sit.answering.model.pages import Still
from invigil.sit.answering.model.plays import MAX_COUNT
from invigil.sit.answering.model.refusals import (
    AttemptClosed,
    AttemptLocked,
    AttemptPaused,
    HandInTooEarly,
    NotStarted,
    PastDeadline,
    PlaysInvalid,
    SheetInvalid,
    TooLate,
    UnansweredNotConfirmed,
)
from invigil.sit.answering.model.sheets import MAX_ITEMS, SHEET_VERSION, Answer, AnswerSheet
from invigil.sit.answering.model.tracks import TRACKS, Device

MAX_SHEET_BYTES = 256 * 1024
MAX_TEXT = 2_000
MAX_SEQ = 1_000_000
MAX_BLANKS = 50
MAX_STILL_BYTES = 6144
STILL_VERSION, STILL_HEAD_BYTES, JPEG_BEGINS = 1, 10, b"\xff\xd8\xff"
RECEIPT_VERSION = 1
# No statement begins so: a signature over a root never passes for one over a receipt.
BATCH_PREFIX = b"invigil receipts 1\n"
# What counts as nothing written in a blank: white space as JavaScript's trim knows it, so that page and server agree.
BLANK = "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"

_PLACE = re.compile(r"i([1-9][0-9]{0,3})/media_[A-Za-z0-9]{1,40}")

_encode = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="sorted").encode


def compute_deadline(attempt: Attempt, now: datetime) -> datetime:
    """Return the instant after which this attempt takes no new answer.

    The end is the same for everybody (T0 + working time), whenever a candidate entered; approved extra time and pauses move
    it. During a pause it moves with `now`.
    Source: S3.1; local rule "90 minutes"; P-extra "no extra time for faults on the candidate's side" is a matter of approval.
    """
    pause = attempt.paused_for + (max(timedelta(0), now - attempt.paused_at) if attempt.paused_at else timedelta(0))
    return attempt.starts_at + attempt.duration + attempt.extra_time + pause


def compute_hand_in_opening(attempt: Attempt) -> datetime:
    """Return the earliest instant of a hand-in. Source: S3.10."""
    return attempt.starts_at + attempt.early_hand_in_after


def check_may_write(attempt: Attempt, now: datetime) -> None:
    """Pass when a save that arrives at `now` is accepted.

    Raises: AttemptClosed, AttemptPaused, AttemptLocked, NotStarted, PastDeadline.
    Source: S3.1, P1.
    """
    match attempt.state:
        case AttemptState.HANDED_IN | AttemptState.AUTO_HANDED_IN | AttemptState.TERMINATED:
            raise AttemptClosed
        case AttemptState.PAUSED:
            raise AttemptPaused
        case AttemptState.LOCKED:
            raise AttemptLocked
        case AttemptState.OPEN:
            pass
    if now < attempt.starts_at:
        raise NotStarted
    if now > compute_deadline(attempt, now) + attempt.grace:
        raise PastDeadline


def check_may_hand_in(attempt: Attempt, now: datetime, *, unanswered: int, confirmed_unanswered: int) -> None:
    """Pass when the candidate may hand in at `now`.

    unanswered: items of the paper without an answer on the final sheet. confirmed_unanswered: the number the candidate saw.
    Raises: as check_may_write; HandInTooEarly; UnansweredNotConfirmed.
    Source: S3.10.
    """
    check_may_write(attempt, now)
    opening = compute_hand_in_opening(attempt)
    if now < opening:
        minutes = int(attempt.early_hand_in_after.total_seconds() // 60)
        raise HandInTooEarly(minutes=minutes, allowed_from=opening.isoformat())
    # At the deadline the page hands in by itself: nobody is left to confirm.
    if unanswered > confirmed_unanswered and now < compute_deadline(attempt, now):
        raise UnansweredNotConfirmed(unanswered=unanswered)


def check_may_enter_late(starts_at: datetime, late_entry_within: timedelta, now: datetime) -> None:
    """Pass when a candidate who has not entered yet may still do so.

    Raises: TooLate.
    """
    if now > starts_at + late_entry_within:
        raise TooLate


def is_due_for_automatic_hand_in(attempt: Attempt, now: datetime) -> bool:
    """Tell whether the server hands in the last acknowledged sheet now. Source: S3.10, P2."""
    if attempt.state not in {AttemptState.OPEN, AttemptState.LOCKED}:
        return False
    return now > compute_deadline(attempt, now) + attempt.grace


def check_plays(counts: Mapping[str, int], item_count: int) -> None:
    """Pass when each place is an item of the paper with the name of a medium, and each count can be one.

    item_count: of the paper; its items are "i1" to "i{item_count}".
    Raises: PlaysInvalid.
    Source: S3.11.
    """
    for place, count in counts.items():
        found = _PLACE.fullmatch(place)
        if found is None or not 1 <= int(found[1]) <= item_count or not 1 <= count <= MAX_COUNT:
            raise PlaysInvalid


class SheetForm(Protocol):
    """A body with a sheet in it."""

    sheet: AnswerSheet


F = TypeVar("F", bound=SheetForm)


def decode_form(decode: Callable[[bytes], F], body: bytes, attempt_id: str) -> F:
    """Return a body whose sheet is well formed and this attempt's.

    Raises: SheetInvalid - not JSON, of another attempt, too large, or an answer that no item can have.
    """
    if len(body) > MAX_SHEET_BYTES:
        raise SheetInvalid(reason="超过大小限制")
    try:
        form = decode(body)
    except msgspec.DecodeError as fault:
        raise SheetInvalid(reason="不是有效的答题卡数据") from fault
    check_sheet(form.sheet, attempt_id)
    return form


def check_sheet(sheet: AnswerSheet, attempt_id: str) -> None:
    """Pass when a decoded sheet is well formed and this attempt's.

    Raises: SheetInvalid.
    """
    if sheet.v != SHEET_VERSION or sheet.attempt != attempt_id:
        raise SheetInvalid(reason="不属于本次考试")
    if not 0 < sheet.seq <= MAX_SEQ:
        raise SheetInvalid(reason="编号超出范围")
    if len(sheet.flags) > MAX_ITEMS:
        raise SheetInvalid(reason="题目数量超出范围")
    for item, answer in sheet.answers.items():
        # The common case first: this loop runs for every item of every save.
        if answer.c is None or answer.t is not None or answer.b is not None:
            _check_text_or_judgement(item, answer)


def encode_sheet(sheet: AnswerSheet) -> bytes:
    """Return the canonical bytes of the sheet (ADR-0005)."""
    # The structs have no floats, only ASCII keys, and their fields in order: what is left to sort are the items, and pages
    # send them sorted. This equals encode_canonical and is twenty times faster.
    items = list(sheet.answers)
    return _encode(sheet) if items == sorted(items) else _encode_sorted(sheet)


def _check_text_or_judgement(item: str, answer: Answer) -> None:
    texts = answer.t
    if answer.c is not None or (texts is None) is (answer.b is None):
        raise SheetInvalid(reason=f"第 {item} 项答案无效")
    if texts is not None and not (0 < len(texts) <= MAX_BLANKS and all(len(text) <= MAX_TEXT for text in texts)):
        raise SheetInvalid(reason=f"第 {item} 项答案无效")


def count_unanswered(sheet: AnswerSheet, item_count: int) -> int:
    """Return how many of the paper's items have no answer; a fill-in item has one when every blank is filled.

    The page says the same (tests/vectors/unanswered.json).
    """
    on_paper = _items_of_paper(item_count)
    answered = sheet.answers if on_paper.issuperset(sheet.answers) else sheet.answers.keys() & on_paper
    unfilled = [item for item, one in sheet.answers.items() if one.t is not None and not _is_filled(one.t)]
    return item_count - len(answered) + len(on_paper.intersection(unfilled))


def _is_filled(texts: list[str]) -> bool:
    return all(text.strip(BLANK) for text in texts)


@cache
def _items_of_paper(item_count: int) -> frozenset[str]:
    return frozenset(f"i{number}" for number in range(1, item_count + 1))


def digest_sheet(canonical: bytes) -> bytes:
    """Return the SHA-256 of the canonical sheet, 32 bytes."""
    return hashlib.sha256(canonical).digest()


class _Statement(msgspec.Struct, gc=False):
    """A receipt in the order of canonical JSON."""

    attempt: str
    handed_in_at: str
    is_automatic: bool
    number: str
    round: int
    seq: int
    sheet_sha256: str
    v: int


def encode_receipt(receipt: Receipt) -> bytes:
    """Return the canonical bytes that the receipt's signature covers; both verifiers build the same."""
    # ASCII keys in order, whole numbers, our own texts: this equals encode_canonical without its checks.
    return _encode(
        _Statement(
            receipt.attempt,
            say_instant(receipt.handed_in_at),
            receipt.is_automatic,
            receipt.number,
            receipt.round,
            receipt.seq,
            receipt.sheet_sha256,
            RECEIPT_VERSION,
        )
    )


@lru_cache(maxsize=64)  # all that one group commits has one instant
def say_instant(instant: datetime) -> str:
    """Return ISO 8601 with microseconds."""
    return instant.isoformat(timespec="microseconds")


def encode_batch(root: bytes) -> bytes:
    """Return the bytes that are signed for a batch of receipts. root: of the hash tree over their statements."""
    return BATCH_PREFIX + root


def compute_receipt_number(attempt_id: str, round_: int, sha256: bytes) -> str:
    """Return a number that a candidate can read out: three groups of four, derived, so that a repeat gives the same."""
    digest = hashlib.sha256(f"{attempt_id}/{round_}/".encode() + sha256).hexdigest()[:12].upper()
    return "-".join(digest[start : start + 4] for start in (0, 4, 8))


def read_still_frame(frame: bytes, device: Device) -> Still | None:
    """Return the still in a page's binary frame; None when it is not one that this device may send.

    frame: byte 0 the version, byte 1 the track, bytes 2 to 9 the time in ms (big endian), the rest a JPEG.
    """
    if not STILL_HEAD_BYTES < len(frame) <= STILL_HEAD_BYTES + MAX_STILL_BYTES or frame[0] != STILL_VERSION:
        return None
    track = TRACKS[frame[1]] if frame[1] < len(TRACKS) else None
    if (
        track is None
        or (track == "phone") != (device == "phone")
        or not frame[STILL_HEAD_BYTES:].startswith(JPEG_BEGINS)
    ):
        return None
    return Still(track, int.from_bytes(frame[2:STILL_HEAD_BYTES]), frame[STILL_HEAD_BYTES:])
