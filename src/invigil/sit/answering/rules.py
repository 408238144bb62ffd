"""The rules of answering, pure: functions of the attempt and a given instant."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from itertools import combinations

import msgspec

from invigil.sit.answering.model import Attempt, AttemptState, Receipt
from invigil.sit.answering.model.pages import Still
from invigil.sit.answering.model.refusals import (
    AttemptClosed,
    AttemptLocked,
    AttemptPaused,
    HandInTooEarly,
    NotStarted,
    PastDeadline,
    SheetInvalid,
    TooLate,
    UnansweredNotConfirmed,
)
from invigil.sit.answering.model.sheets import SHEET_VERSION, Answer, AnswerSheet
from invigil.sit.answering.model.tracks import TRACKS, Device

MAX_SHEET_BYTES = 256 * 1024
MAX_ITEMS = 1_000
MAX_TEXT = 2_000
MAX_SEQ = 1_000_000
MAX_BLANKS = 50
MAX_STILL_BYTES = 6144
STILL_VERSION, STILL_HEAD_BYTES, JPEG_BEGINS = 1, 10, b"\xff\xd8\xff"
# A question shows at most ten options, A to J.
LETTERS = "ABCDEFGHIJ"

# Every name of an item and every set of letters that a sheet can have: looking up is ten times faster than checking.
ITEMS = frozenset(f"i{number}" for number in range(1, MAX_ITEMS + 1))
CHOICES = frozenset("".join(some) for count in range(1, len(LETTERS) + 1) for some in combinations(LETTERS, count))

_decode_sheet: Callable[[bytes], AnswerSheet] = msgspec.json.Decoder(AnswerSheet).decode


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


def decode_sheet(body: bytes, attempt_id: str) -> tuple[AnswerSheet, bytes]:
    """Return the sheet and its canonical bytes.

    Raises: SheetInvalid - not JSON, of another attempt, too large, or an answer that no item can have.
    """
    if len(body) > MAX_SHEET_BYTES:
        raise SheetInvalid(reason="超过大小限制")
    try:
        sheet = _decode_sheet(body)
    except msgspec.DecodeError as fault:
        raise SheetInvalid(reason="不是有效的答题卡数据") from fault
    check_sheet(sheet, attempt_id)
    return sheet, encode_sheet(sheet)


def check_sheet(sheet: AnswerSheet, attempt_id: str) -> None:
    """Pass when the sheet is well formed and this attempt's.

    Raises: SheetInvalid.
    """
    if sheet.v != SHEET_VERSION or sheet.attempt != attempt_id:
        raise SheetInvalid(reason="不属于本次考试")
    if not 0 < sheet.seq <= MAX_SEQ:
        raise SheetInvalid(reason="编号超出范围")
    if len(sheet.answers) > MAX_ITEMS or len(sheet.flags) > MAX_ITEMS:
        raise SheetInvalid(reason="题目数量超出范围")
    if not (sheet.answers.keys() <= ITEMS and ITEMS.issuperset(sheet.flags)):
        raise SheetInvalid(reason="题号无效")
    for item, answer in sheet.answers.items():
        # The common case first: this loop runs for every item of every save.
        if answer.c in CHOICES and answer.t is None and answer.b is None:
            continue
        if not _is_text_or_judgement(answer):
            raise SheetInvalid(reason=f"第 {item} 项答案无效")


def encode_sheet(sheet: AnswerSheet) -> bytes:
    """Return the canonical bytes of the sheet (ADR-0005)."""
    # The struct has no floats and only ASCII keys, so this equals encode_canonical and is ten times faster.
    return msgspec.json.encode(sheet, order="sorted")


def _is_text_or_judgement(answer: Answer) -> bool:
    if answer.c is not None:
        return False
    if answer.t is not None:
        return 0 < len(answer.t) <= MAX_BLANKS and all(len(text) <= MAX_TEXT for text in answer.t) and answer.b is None
    return answer.b is not None


def count_unanswered(sheet: AnswerSheet, item_count: int) -> int:
    """Return how many of the paper's items have no answer; blanks filled with spaces count as unanswered."""
    on_paper = _items_of_paper(item_count)
    empty = {item for item, one in sheet.answers.items() if one.t is not None and not any(map(str.strip, one.t))}
    return len(on_paper) - len(on_paper & (sheet.answers.keys() - empty))


@cache
def _items_of_paper(item_count: int) -> frozenset[str]:
    return frozenset(f"i{number}" for number in range(1, item_count + 1))


def digest_sheet(canonical: bytes) -> bytes:
    """Return the SHA-256 of the canonical sheet, 32 bytes."""
    return hashlib.sha256(canonical).digest()


def encode_receipt(receipt: Receipt) -> bytes:
    """Return the canonical bytes that the receipt's signature covers; both verifiers build the same."""
    # ASCII keys, whole numbers, our own texts: this equals encode_canonical without its checks (tests/vectors/receipt.json).
    return msgspec.json.encode(
        {
            "v": 1,
            "attempt": receipt.attempt,
            "round": receipt.round,
            "seq": receipt.seq,
            "sheet_sha256": receipt.sheet_sha256,
            "handed_in_at": receipt.handed_in_at.isoformat(timespec="microseconds"),
            "number": receipt.number,
            "is_automatic": receipt.is_automatic,
        },
        order="sorted",
    )


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
