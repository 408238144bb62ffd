"""Automatic hand-in: at the end of time the server hands in the last acknowledged sheet, also for those who are offline."""

from collections.abc import Sequence

from invigil.platform.db import Database
from invigil.prepare.exams.api import record_mock_passed
from invigil.sit.answering import store
from invigil.sit.answering.model import AttemptState
from invigil.sit.answering.model.events import AttemptHandedIn
from invigil.sit.answering.rules import is_due_for_automatic_hand_in
from invigil.sit.answering.service.receipts import make_receipt, sign_receipts

# Saves of the same second wait for this transaction: keep it short.
BATCH = 500


async def hand_in_what_is_due(db: Database) -> int:
    """Hand in every attempt whose time and grace are over; return how many. Safe to run again, and on several processes.

    An attempt that saved nothing ends without a receipt: there is no sheet to sign.
    Source: S3.1, S3.10, P2.
    """
    total = 0
    async with db.reading() as tx:
        due = [one.id for one in await store.list_running(tx) if is_due_for_automatic_hand_in(one, tx.now)]
    for start in range(0, len(due), BATCH):
        total += await _hand_in(db, due[start : start + BATCH])
    return total


async def _hand_in(db: Database, ids: Sequence[str]) -> int:
    async with db.transaction() as tx:
        # Read again under the lock: in the meantime one may have handed in or been given time.
        attempts = await store.read_attempts(tx, ids, is_locking=True)
        due = [one for one in attempts.values() if is_due_for_automatic_hand_in(one, tx.now)]
        last_saves = await store.read_last_digests(tx, [one.id for one in due])
        receipts = [
            make_receipt(attempt, *last_saves[attempt.id], tx.now, is_automatic=True)
            for attempt in due
            if attempt.id in last_saves
        ]
        if receipts:
            await store.insert_receipts(tx, sign_receipts(tx.keys, receipts))
        await store.end_attempts(tx, [one.id for one in due], AttemptState.AUTO_HANDED_IN)
        for attempt in due:
            if attempt.is_mock and attempt.id in last_saves:
                await record_mock_passed(tx, attempt.candidate_id, attempt.id)
            tx.emit(AttemptHandedIn(attempt.id, attempt.sitting_id, attempt.room_id, is_automatic=True))
    return len(due)
