"""What "nothing lost" means, checked on a history and on what the database holds at the end. Pure: no I/O, no clock.

The laws are those of the promises: I1 acknowledged is readable ever after · I2 the final sheet is the highest acknowledged
seq or a higher indeterminate one · I3 an indeterminate save, once seen, stays · I4 at most one hand-in, identical receipts ·
I7 no success for what is not durable, no effect of what was refused.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from invigil.app.faults.history import Event


class Law(StrEnum):
    """Which promise a violation breaks."""

    ACKNOWLEDGED_STAYS = "I1"
    FINAL_IS_HIGHEST = "I2"
    SEEN_STAYS = "I3"
    ONE_HAND_IN = "I4"
    NO_FALSE_ANSWER = "I7"


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken promise. seq: of the sheet concerned, 0 when it concerns the whole seat."""

    law: Law
    seat: str
    seq: int
    sentence: str


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """A receipt as the database holds it. proof: what an acknowledged hand-in carried."""

    round: int
    seq: int
    sha256: str
    proof: str


@dataclass(frozen=True, slots=True)
class StoredSeat:
    """What the database holds of a seat at the end.

    saves: digest by seq, of sheets that were decrypted and hashed again. final_sha256: of the sheet that grading reads, empty
    when it reads none.
    """

    saves: Mapping[int, str] = field(default_factory=dict)
    receipts: tuple[StoredReceipt, ...] = ()
    final_sha256: str = ""


@dataclass
class _Story:
    """What happened to one seat."""

    asked: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    refused_ops: set[int] = field(default_factory=set)
    ops: dict[int, Event] = field(default_factory=dict)
    acknowledged: list[Event] = field(default_factory=list)
    seen: list[Event] = field(default_factory=list)


def check_history(events: Iterable[Event], stored: Mapping[str, StoredSeat]) -> list[Violation]:
    """Return every violation; an empty list means that nothing was lost.

    events: in order of their clock. stored: by seat; a seat that is missing holds nothing.
    """
    stories: dict[str, _Story] = defaultdict(_Story)
    for event in events:
        if event.seat:
            _tell(stories[event.seat], event)
    found: list[Violation] = []
    for seat in sorted({*stories, *stored}):
        found.extend(_check_seat(seat, stories[seat], stored.get(seat, StoredSeat())))
    return found


def _tell(story: _Story, event: Event) -> None:
    match event.kind:
        case "invoke":
            story.asked[event.seq].add(event.sha256)
            story.ops[event.op] = event
        case "ok":
            story.acknowledged.append(event)
        case "fail":
            story.refused_ops.add(event.op)
        case "seen":
            story.seen.append(event)
        case _:
            pass


def _check_seat(seat: str, story: _Story, stored: StoredSeat) -> Iterator[Violation]:
    yield from _check_acknowledged(seat, story, stored)
    yield from _check_final(seat, story, stored)
    for event in story.seen:
        if stored.saves.get(event.seq) != event.sha256:
            yield Violation(Law.SEEN_STAYS, seat, event.seq, "was readable once and is not any more")
    yield from _check_hand_ins(seat, story, stored)
    yield from _check_refused(seat, story, stored)


def _check_acknowledged(seat: str, story: _Story, stored: StoredSeat) -> Iterator[Violation]:
    for event in story.acknowledged:
        asked = story.ops.get(event.op)
        if asked is None or (asked.seq, asked.sha256) != (event.seq, event.sha256):
            yield Violation(Law.NO_FALSE_ANSWER, seat, event.seq, "the acknowledgement is not of what was sent")
        present = stored.saves.get(event.seq)
        if present is None:
            yield Violation(Law.ACKNOWLEDGED_STAYS, seat, event.seq, "acknowledged and lost")
        elif present != event.sha256:
            yield Violation(Law.ACKNOWLEDGED_STAYS, seat, event.seq, "acknowledged and replaced by another sheet")


def _check_final(seat: str, story: _Story, stored: StoredSeat) -> Iterator[Violation]:
    """What grading reads is the receipt's sheet, or else the one with the greatest seq; and no acknowledged one is higher."""
    if not stored.saves:
        if stored.final_sha256:
            yield Violation(Law.FINAL_IS_HIGHEST, seat, 0, "grading reads a sheet that is not stored")
        return
    newest = max((one for one in stored.receipts), key=lambda one: one.round, default=None)
    seq = newest.seq if newest else max(stored.saves)
    if stored.final_sha256 != stored.saves.get(seq):
        yield Violation(Law.FINAL_IS_HIGHEST, seat, seq, "grading reads another sheet than the one in force")
    if any(event.seq > seq for event in story.acknowledged):
        yield Violation(Law.FINAL_IS_HIGHEST, seat, seq, "a higher seq was acknowledged than the one in force")


def _check_hand_ins(seat: str, story: _Story, stored: StoredSeat) -> Iterator[Violation]:
    if len({one.round for one in stored.receipts}) != len(stored.receipts):
        yield Violation(Law.ONE_HAND_IN, seat, 0, "two hand-ins of one round")
    proofs = {one.proof: one for one in stored.receipts}
    handed_in_at: int | None = None
    for event in story.acknowledged:
        if event.act != "hand_in":
            asked = story.ops.get(event.op, event)
            if handed_in_at is not None and asked.at_ns > handed_in_at:
                yield Violation(Law.NO_FALSE_ANSWER, seat, event.seq, "accepted after the hand-in")
            continue
        handed_in_at = event.at_ns if handed_in_at is None else handed_in_at
        receipt = proofs.get(event.proof)
        if receipt is None:
            yield Violation(Law.ONE_HAND_IN, seat, event.seq, "a receipt was given that is not the stored one")
        elif receipt.sha256 != stored.saves.get(receipt.seq):
            yield Violation(
                Law.ONE_HAND_IN, seat, receipt.seq, "the receipt speaks of another sheet than the stored one"
            )


def _check_refused(seat: str, story: _Story, stored: StoredSeat) -> Iterator[Violation]:
    """What stands in the database was asked for, by a request that was not refused."""
    possible = {(one.seq, one.sha256) for op, one in story.ops.items() if op not in story.refused_ops}
    for seq, sha256 in stored.saves.items():
        if sha256 not in story.asked.get(seq, set()):
            yield Violation(Law.NO_FALSE_ANSWER, seat, seq, "stored, and nobody asked for it")
        elif (seq, sha256) not in possible:
            yield Violation(Law.NO_FALSE_ANSWER, seat, seq, "refused, and stored all the same")
