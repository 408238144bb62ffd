"""What a command needs before it is given, pure."""

from collections.abc import Collection

from invigil.watch.proctoring.model import CANNED_WARNINGS, CommandKind
from invigil.watch.proctoring.model.commands import Order
from invigil.watch.proctoring.model.refusals import (
    EvidenceMissing,
    LineTooLong,
    MinutesMissing,
    NotConfirmedByTyping,
    OneAtATime,
    ReasonMissing,
    TextMissing,
)

MAX_TEXT = 300
MAX_LINE = 500
MAX_EXTRA_MINUTES = 240
MAX_LINES = 300
CONFIRM_PHRASE = "确认交卷"

# The candidate reads a message or warning and presses 我知道了; the others say by themselves what they did.
ACKNOWLEDGED = frozenset(
    {
        CommandKind.WARNING,
        CommandKind.MESSAGE,
        CommandKind.EXTRA_TIME,
        CommandKind.PAUSE,
        CommandKind.RESUME,
        CommandKind.LOCK,
        CommandKind.UNLOCK,
    }
)
_SPOKEN = frozenset({CommandKind.MESSAGE, CommandKind.WARNING})
# Every stop asks a reason with its category.
STOPS = frozenset({CommandKind.PAUSE, CommandKind.LOCK, CommandKind.FORCE_HAND_IN, CommandKind.TERMINATE})
_EXPLAINED = STOPS | {CommandKind.EXTRA_TIME, CommandKind.RELEASE_SEAT}


def check_order(order: Order) -> None:
    """Pass when the order says everything its kind needs.

    Raises: TextMissing, ReasonMissing, MinutesMissing, EvidenceMissing, OneAtATime.
    Source: S3.6; experience.md "every stop-type action asks a categorised reason".
    """
    if order.kind in _SPOKEN and not 0 < len(order.text.strip()) <= MAX_TEXT:
        raise TextMissing
    if order.kind in _EXPLAINED and not 2 <= len(order.reason.strip()) <= 200:
        raise ReasonMissing
    if order.kind in STOPS and not order.reason_category:
        raise ReasonMissing
    if order.kind is CommandKind.EXTRA_TIME and not 0 < order.minutes <= MAX_EXTRA_MINUTES:
        raise MinutesMissing
    if order.kind is CommandKind.TERMINATE:
        if not order.evidence:
            raise EvidenceMissing
        if len(order.attempt_ids) != 1:
            raise OneAtATime


def check_confirmed(kind: CommandKind, confirm: str, names: Collection[str]) -> None:
    """Pass when a forced hand-in was confirmed by typing.

    names: of those concerned; the name confirms only when it is one person's.
    Raises: NotConfirmedByTyping.
    """
    if kind is not CommandKind.FORCE_HAND_IN:
        return
    accepted = {CONFIRM_PHRASE, *(names if len(names) == 1 else ())}
    if confirm.strip() not in accepted:
        raise NotConfirmedByTyping


def choose_text(text: str, canned_id: str) -> str:
    """Return the words of a warning: its own, or the canned ones.

    Raises: TextMissing - no such canned warning.
    """
    if not canned_id:
        return text.strip()
    if canned_id not in CANNED_WARNINGS:
        raise TextMissing
    return CANNED_WARNINGS[canned_id].zh


def check_line(text: str) -> str:
    """Return a line of the conversation, trimmed.

    Raises: LineTooLong - or empty.
    """
    line = text.replace("\x00", "").strip()
    if not 0 < len(line) <= MAX_LINE:
        raise LineTooLong
    return line
