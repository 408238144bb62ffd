"""Saves and hand-ins: gathered, decided and committed in groups; acknowledged means flushed (P1, P2)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from invigil.kernel.refusals import Refusal
from invigil.platform.db import Database, Transaction, to_microseconds
from invigil.platform.group_commit import GroupCommit
from invigil.prepare.exams.api import record_mock_passed
from invigil.sit.answering import store
from invigil.sit.answering.model import Attempt, AttemptState, Receipt, SavedSheet, SignedReceipt
from invigil.sit.answering.model.events import AttemptHandedIn
from invigil.sit.answering.model.refusals import AttemptClosed, NotConfirmed, SeatRevoked, SeqConflict, TicketInvalid
from invigil.sit.answering.model.sheets import AnswerSheet
from invigil.sit.answering.rules import (
    check_may_hand_in,
    check_may_write,
    count_unanswered,
    digest_sheet,
)
from invigil.sit.answering.service.receipts import make_receipt, sign_receipts
from invigil.sit.answering.service.tickets import Ticket


class Save(msgspec.Struct, frozen=True, gc=False):
    """A save that waits for its group. canonical: the sheet's canonical bytes."""

    ticket: Ticket
    seq: int
    canonical: bytes


class HandIn(msgspec.Struct, frozen=True, gc=False):
    """A hand-in that waits for its group."""

    ticket: Ticket
    sheet: AnswerSheet
    confirmed_unanswered: int
    canonical: bytes


Written = SavedSheet | SignedReceipt


class _Ready(msgspec.Struct, frozen=True, gc=False):
    """What waits: all that can be computed before the group is, so that the writer holds the database for nothing else.

    sha256: of the canonical sheet. sealed: the sheet as it will be stored. final: set when it is a hand-in.
    """

    ticket: Ticket
    seq: int
    sha256: bytes
    sealed: bytes
    final: HandIn | None = None


@dataclass
class _Group:
    """One group on its way: what is decided so far.

    receipts: by attempt, not signed yet. awaiting: who waits for the receipt of an attempt; of those in `repeats` it stands in
    the table already.
    """

    tx: Transaction
    attempts: dict[str, Attempt]
    last_saves: dict[str, tuple[int, bytes]]
    results: list[Written | Exception | None]
    rows: dict[tuple[str, int], store.NewSave] = field(default_factory=dict)
    seqs: dict[str, dict[int, bytes]] = field(default_factory=lambda: defaultdict(dict))
    askers: dict[tuple[str, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    receipts: dict[str, Receipt] = field(default_factory=dict)
    repeats: dict[str, Attempt] = field(default_factory=dict)
    awaiting: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


class AnswerWriter:
    """The one writer of answers in a process.

    Saves are idempotent and free of order: the same sheet under the same seq again is acknowledged again, another sheet under
    that seq is a conflict. A hand-in happens once; asked for again, it gives the same receipt.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known = store.KnownAttempts()
        self._commits: GroupCommit[_Ready, Written] = GroupCommit(self._apply, "answers")

    async def save(self, save: Save) -> SavedSheet:
        """Make a sheet durable.

        Raises: SeatRevoked, SeqConflict, NotConfirmed, and as check_may_write.
        Source: P1.
        """
        written = await self._submit(self._prepare(save.ticket, save.seq, save.canonical))
        assert isinstance(written, SavedSheet)  # noqa: S101 - a save earns a SavedSheet
        return written

    async def hand_in(self, hand_in: HandIn) -> SignedReceipt:
        """Make the final sheet, the end of the attempt and the receipt durable together.

        Raises: SeatRevoked, SeqConflict, NotConfirmed, and as check_may_hand_in.
        Source: S3.10, P2.
        """
        written = await self._submit(self._prepare(hand_in.ticket, hand_in.sheet.seq, hand_in.canonical, hand_in))
        assert isinstance(written, SignedReceipt)  # noqa: S101 - a hand-in earns a SignedReceipt
        return written

    async def stop(self) -> None:
        """Finish what waits."""
        await self._commits.stop()

    async def _submit(self, ready: _Ready) -> Written:
        try:
            return await self._commits.submit(ready)
        except Refusal:
            raise
        except Exception as fault:  # the group was logged; a commit whose answer was lost may even stand
            raise NotConfirmed from fault

    def _prepare(self, ticket: Ticket, seq: int, canonical: bytes, final: HandIn | None = None) -> _Ready:
        sealed = store.seal_sheet(self._db.keys, ticket.attempt_id, seq, canonical)
        return _Ready(ticket, seq, digest_sheet(canonical), sealed, final)

    async def _apply(self, items: Sequence[_Ready]) -> Sequence[Written | Exception]:
        return await self._db.transact_in_thread(lambda tx: self._decide_all(tx, items))

    async def _decide_all(self, tx: Transaction, items: Sequence[_Ready]) -> list[Written | Exception]:
        attempts = await self._known.read_locked(tx, {item.ticket.attempt_id for item in items})
        ending = {item.ticket.attempt_id for item in items if item.final is not None}
        group = _Group(tx, attempts, await store.read_last_digests(tx, ending), [None] * len(items))
        for position, item in enumerate(items):
            try:
                _decide(group, position, item)
            except Refusal as refusal:
                group.results[position] = refusal
        await _write_saves(group)
        await _end(group)
        await _find_given(group)
        return [_settled(result) for result in group.results]


def _decide(group: _Group, position: int, item: _Ready) -> None:
    attempt = group.attempts.get(item.ticket.attempt_id)
    if attempt is None:
        raise TicketInvalid
    if item.final is not None:
        _decide_hand_in(group, position, item, item.final, attempt)
        return
    if item.ticket.seat_epoch != attempt.seat_epoch:
        raise SeatRevoked
    if attempt.id in group.receipts:
        raise AttemptClosed
    check_may_write(attempt, group.tx.now)
    _place(group, position, item)


def _decide_hand_in(group: _Group, position: int, item: _Ready, final: HandIn, attempt: Attempt) -> None:
    if attempt.state in {AttemptState.HANDED_IN, AttemptState.AUTO_HANDED_IN}:
        # Asked for again, perhaps because the first answer was lost on the way: the same receipt.
        group.repeats[attempt.id] = attempt
    elif attempt.id not in group.receipts:
        if item.ticket.seat_epoch != attempt.seat_epoch:
            raise SeatRevoked
        now = group.tx.now
        unanswered = count_unanswered(final.sheet, attempt.item_count)
        check_may_hand_in(attempt, now, unanswered=unanswered, confirmed_unanswered=final.confirmed_unanswered)
        _check_above_all_saves(group, item)
        _place(group, position, item)
        group.receipts[attempt.id] = make_receipt(attempt, item.seq, item.sha256, now, is_automatic=False)
    group.awaiting[attempt.id].append(position)


def _check_above_all_saves(group: _Group, item: _Ready) -> None:
    """The final sheet is the candidate's last word: it must be the greatest seq (I2).

    Raises: SeqConflict - a save with a greater or equal seq and another content is already durable or in this group.
    """
    known = group.seqs[item.ticket.attempt_id]
    if item.ticket.attempt_id in group.last_saves:
        seq, sha256 = group.last_saves[item.ticket.attempt_id]
        known = {**known, seq: sha256}
    if any(seq > item.seq or (seq == item.seq and known[seq] != item.sha256) for seq in known):
        raise SeqConflict


def _place(group: _Group, position: int, item: _Ready) -> None:
    attempt_id, seq, sha256 = item.ticket.attempt_id, item.seq, item.sha256
    place = (str(attempt_id), seq)
    present = group.rows.get(place)
    if present is not None and present.sha256 != sha256:
        raise SeqConflict
    if present is None:
        group.rows[place] = store.NewSave(attempt_id, seq, to_microseconds(group.tx.now), sha256, item.sealed)
        group.seqs[attempt_id][seq] = sha256
    group.askers[place].append(position)
    group.results[position] = SavedSheet(seq, group.tx.now, sha256)


async def _write_saves(group: _Group) -> None:
    if await store.insert_saves(group.tx, list(group.rows.values())) == len(group.rows):
        return
    # Rare: a repeat, or a number used twice. What stands in the table decides, row by row.
    present = await store.read_digests(group.tx, group.rows)
    for place in group.rows:
        one = present[place]
        _answer_repeat(group, place, SavedSheet(place[1], one.saved_at, one.sha256))


def _answer_repeat(group: _Group, place: tuple[str, int], saved: SavedSheet) -> None:
    """Something stands under this seq: the same sheet is acknowledged again, another one is refused.

    A hand-in cannot be refused here: _check_above_all_saves has compared it under the lock; its receipt is its answer.
    """
    is_same = group.rows[place].sha256 == saved.sha256
    for position in group.askers[place]:
        group.results[position] = saved if is_same else SeqConflict()


async def _end(group: _Group) -> None:
    """End what was handed in, with receipts signed together."""
    if not group.receipts:
        return
    signed = sign_receipts(group.tx.keys, list(group.receipts.values()))
    await store.insert_receipts(group.tx, signed)
    await store.end_attempts(group.tx, list(group.receipts), AttemptState.HANDED_IN)
    for one in signed:
        attempt = group.attempts[one.receipt.attempt]
        if attempt.is_mock:
            await record_mock_passed(group.tx, attempt.candidate_id, attempt.id)
        group.tx.emit(AttemptHandedIn(attempt.id, attempt.sitting_id, attempt.room_id, is_automatic=False))
        for position in group.awaiting[attempt.id]:
            group.results[position] = one


async def _find_given(group: _Group) -> None:
    """Give those who ask again the receipt that they were given; an attempt that ended without a sheet has none."""
    if not group.repeats:
        return
    given = await store.read_given_receipts(group.tx, list(group.repeats))
    for attempt in group.repeats.values():
        for position in group.awaiting[attempt.id]:
            group.results[position] = given.get((attempt.id, attempt.round)) or AttemptClosed()


def _settled(result: Written | Exception | None) -> Written | Exception:
    assert result is not None  # noqa: S101 - every item was decided
    return result
