"""Saves and hand-ins on both databases: idempotent, free of order, exactly once (P1, P2)."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from invigil.app.cli.verifying import ReceiptFault, check_receipt
from invigil.kernel.encoding import encode_base64url
from invigil.kernel.refusals import Refusal
from invigil.platform.keys import CannotOpenError, is_signature
from invigil.sit.answering import store
from invigil.sit.answering.http.hot import receipt_answer
from invigil.sit.answering.model import Attempt, AttemptState, Outcome, SavedSheet, SignedReceipt
from invigil.sit.answering.model.sheets import Answer, AnswerSheet
from invigil.sit.answering.rules import digest_sheet, encode_sheet
from invigil.sit.answering.service.reading import list_final_sheets
from invigil.sit.answering.service.sweeping import hand_in_what_is_due
from invigil.sit.answering.service.tickets import Ticket, issue_ticket, read_ticket
from invigil.sit.answering.service.writing import AnswerWriter, HandIn, Save
from tests.unit.sit.attempts import make_attempt
from tests.world import World

MINUTE = timedelta(minutes=1)


async def _seat(world: World, **changes: Any) -> Attempt:
    attempt = make_attempt(**({"starts_at": world.clock.now(), "entered_at": world.clock.now()} | changes))
    async with world.ports.db.transaction() as tx:
        await store.insert_attempt(tx, attempt, consent_version="1", device={})
    return attempt


def _save(attempt: Attempt, seq: int, letter: str = "A") -> Save:
    sheet = AnswerSheet(v=1, attempt=attempt.id, seq=seq, answers={"i1": Answer(c=letter)}, flags=[])
    return Save(Ticket(attempt.id, attempt.seat_epoch), seq, encode_sheet(sheet))


def _hand_in(attempt: Attempt, seq: int, letter: str = "A", confirmed: int = 9) -> HandIn:
    sheet = AnswerSheet(v=1, attempt=attempt.id, seq=seq, answers={"i1": Answer(c=letter)}, flags=[])
    return HandIn(Ticket(attempt.id, attempt.seat_epoch), sheet, confirmed, encode_sheet(sheet))


async def _code(work: Any) -> str:
    try:
        await work
    except Refusal as refusal:
        return refusal.code.removeprefix("answering.")
    return "passes"


async def test_the_greatest_seq_is_in_force_whatever_the_order(world: World) -> None:
    attempt = await _seat(world)
    writer = AnswerWriter(world.ports.db)
    for seq in (2, 5, 1, 4, 3):
        saved = await writer.save(_save(attempt, seq, "ABCDE"[seq - 1]))
        assert saved.seq == seq
    async with world.ports.db.reading() as tx:
        last = await store.read_last_save(tx, attempt.id)
        assert last is not None
        assert last.seq == 5
        assert len(await store.list_trail(tx, attempt.id)) == 5


async def test_the_same_save_again_is_acknowledged_again_and_another_one_is_a_conflict(world: World) -> None:
    attempt = await _seat(world)
    writer = AnswerWriter(world.ports.db)
    first = await writer.save(_save(attempt, 1))
    world.clock.advance(MINUTE)
    assert await writer.save(_save(attempt, 1)) == first
    assert await _code(writer.save(_save(attempt, 1, "B"))) == "seq_conflict"
    together = await asyncio.gather(
        *(writer.save(_save(attempt, 2, letter)) for letter in "AAB"), return_exceptions=True
    )
    assert [type(one).__name__ for one in together] == ["SavedSheet", "SavedSheet", "SeqConflict"]


async def test_an_older_page_no_longer_writes(world: World) -> None:
    attempt = await _seat(world)
    writer = AnswerWriter(world.ports.db)
    async with world.ports.db.transaction() as tx:
        await store.update_attempt(tx, attempt.id, seat_epoch=2)
    assert await _code(writer.save(_save(attempt, 1))) == "seat_revoked"
    assert await _code(writer.hand_in(_hand_in(attempt, 1))) == "seat_revoked"


async def test_a_hundred_identical_hand_ins_give_one_receipt(world: World) -> None:
    attempt = await _seat(world)
    writers = [AnswerWriter(world.ports.db) for _ in range(4)]
    await writers[0].save(_save(attempt, 3))
    world.clock.advance(31 * MINUTE)
    receipts = await asyncio.gather(*(writers[n % 4].hand_in(_hand_in(attempt, 4)) for n in range(100)))
    assert len({(one.statement, one.signature) for one in receipts}) == 1
    signed: SignedReceipt = receipts[0]
    assert is_signature(signed.signature, signed.statement, world.ports.keys.signing_public_key)  # alone in its commit
    async with world.ports.db.reading() as tx:
        final = (await list_final_sheets(tx, attempt.sitting_id))[0]
    assert final.outcome is Outcome.HANDED_IN
    assert final.sheet is not None
    assert digest_sheet(final.sheet).hex() == final.sheet_sha256 == signed.receipt.sheet_sha256


async def test_hand_ins_of_one_commit_share_a_signature_and_each_receipt_verifies(world: World) -> None:
    *attempts, last = [
        await _seat(world, id=f"att_{number}", candidate_id=f"cand_{number}", seat_number=number)
        for number in range(1, 7)
    ]
    writer = AnswerWriter(world.ports.db)
    world.clock.advance(31 * MINUTE)
    given = await asyncio.gather(*(writer.hand_in(_hand_in(one, 1)) for one in attempts))
    assert len({one.signature for one in given}) == 1
    key = encode_base64url(world.ports.keys.signing_public_key)
    for one in given:
        document = json.loads(msgspec.json.encode(receipt_answer(one)))
        check_receipt(document, key)
        with pytest.raises(ReceiptFault):
            check_receipt({**document, "receipt": {**document["receipt"], "seq": 9}}, key)
    # Asked for again, together: the same receipts as they were stored.
    assert await asyncio.gather(*(writer.hand_in(_hand_in(one, 2)) for one in attempts)) == given
    alone = await writer.hand_in(_hand_in(last, 1))
    assert alone.path == b""
    check_receipt(json.loads(msgspec.json.encode(receipt_answer(alone))), key)


async def test_nothing_is_written_after_a_hand_in(world: World) -> None:
    attempt = await _seat(world)
    writer = AnswerWriter(world.ports.db)
    world.clock.advance(31 * MINUTE)
    results = await asyncio.gather(
        writer.save(_save(attempt, 1)),
        writer.hand_in(_hand_in(attempt, 2)),
        writer.save(_save(attempt, 3)),
        return_exceptions=True,
    )
    assert [type(one).__name__ for one in results] == ["SavedSheet", "SignedReceipt", "AttemptClosed"]
    assert await _code(writer.save(_save(attempt, 4))) == "attempt_closed"


async def test_a_final_sheet_below_a_saved_one_is_refused(world: World) -> None:
    attempt = await _seat(world)
    writer = AnswerWriter(world.ports.db)
    await writer.save(_save(attempt, 7))
    world.clock.advance(31 * MINUTE)
    assert await _code(writer.hand_in(_hand_in(attempt, 6))) == "seq_conflict"
    assert await _code(writer.hand_in(_hand_in(attempt, 7, "B"))) == "seq_conflict"
    assert await _code(writer.hand_in(_hand_in(attempt, 7))) == "passes"


async def test_too_early_and_unconfirmed_hand_ins_are_refused(world: World) -> None:
    attempt = await _seat(world)
    writer = AnswerWriter(world.ports.db)
    assert await _code(writer.hand_in(_hand_in(attempt, 1))) == "hand_in_too_early"
    world.clock.advance(31 * MINUTE)
    assert await _code(writer.hand_in(_hand_in(attempt, 1, confirmed=8))) == "unanswered_not_confirmed"


async def test_the_server_hands_in_the_last_sheet_of_those_who_are_offline(world: World) -> None:
    attempt = await _seat(world)
    silent = await _seat(world, id="att_2", candidate_id="cand_2", seat_number=2)
    writer = AnswerWriter(world.ports.db)
    saved: SavedSheet = await writer.save(_save(attempt, 1))
    world.clock.advance(91 * MINUTE)
    assert await hand_in_what_is_due(world.ports.db) == 0
    world.clock.advance(timedelta(seconds=1))
    assert await hand_in_what_is_due(world.ports.db) == 2
    assert await hand_in_what_is_due(world.ports.db) == 0
    async with world.ports.db.reading() as tx:
        finals = {one.attempt_id: one for one in await list_final_sheets(tx, attempt.sitting_id)}
        receipt = await store.read_receipt(tx, attempt.id, 1)
        assert await store.read_receipt(tx, silent.id, 1) is None
    assert receipt is not None
    assert receipt.receipt.is_automatic
    assert receipt.receipt.sheet_sha256 == saved.sha256.hex() == finals[attempt.id].sheet_sha256
    assert finals[silent.id].outcome is Outcome.AUTO_HANDED_IN
    assert finals[silent.id].sheet is None
    # The page that comes back and hands in gets the receipt of what counts.
    late = await writer.hand_in(_hand_in(attempt, 2))
    assert late.receipt.is_automatic


async def test_a_sheet_moved_to_another_place_does_not_open(world: World) -> None:
    attempt = await _seat(world)
    writer = AnswerWriter(world.ports.db)
    await writer.save(_save(attempt, 1))
    async with world.ports.db.reading() as tx:
        last = await store.read_last_save(tx, attempt.id)
        assert last is not None
        with pytest.raises(CannotOpenError):
            store.open_sheet(tx, attempt.id, 2, last.sheet)


async def test_paused_and_locked_attempts_take_no_saves(world: World) -> None:
    attempt = await _seat(world, state=AttemptState.PAUSED)
    writer = AnswerWriter(world.ports.db)
    assert await _code(writer.save(_save(attempt, 1))) == "attempt_paused"


@pytest.mark.parametrize(
    "change",
    [lambda t: t[:-2], lambda t: t.replace("att_1", "att_2"), lambda _: "", lambda t: t + "x", lambda _: "é" * 20],
)
async def test_a_changed_ticket_is_refused(world: World, change: Any) -> None:
    ticket = issue_ticket(world.ports.keys, Ticket("att_1", 1))  # type: ignore[arg-type]
    assert read_ticket(world.ports.keys, ticket) == Ticket("att_1", 1)  # type: ignore[arg-type]
    with pytest.raises(Refusal):
        read_ticket(world.ports.keys, change(ticket))
