"""Locking, ending by force and for a breach: what the proctor's commands do to an attempt. Who may is decided by the caller."""

from invigil.base.audit.api import record
from invigil.kernel.ids import AttemptId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.prepare.exams.api import record_mock_passed
from invigil.sit.answering import store
from invigil.sit.answering.model import Attempt, AttemptState
from invigil.sit.answering.model.events import AttemptHandedIn, AttemptTimeChanged
from invigil.sit.answering.model.refusals import ChangeImpossible
from invigil.sit.answering.service.changing import access_attempt
from invigil.sit.answering.service.receipts import make_receipt, sign_receipts

RUNNING = frozenset({AttemptState.OPEN, AttemptState.PAUSED, AttemptState.LOCKED})


async def lock_attempt(tx: Transaction, who: Principal, attempt_id: AttemptId, *, reason: str, command_id: str) -> None:
    """Let nothing be written until it is unlocked; time goes on.

    Raises: AttemptNotFound; ChangeImpossible - it is not open.
    Source: S3.6.
    """
    attempt = await _access(tx, attempt_id, frozenset({AttemptState.OPEN}))
    await store.update_attempt(tx, attempt.id, state=AttemptState.LOCKED)
    await _tell(tx, who, attempt, "lock", reason=reason, command_id=command_id)


async def unlock_attempt(
    tx: Transaction, who: Principal, attempt_id: AttemptId, *, reason: str, command_id: str
) -> None:
    """Let the candidate go on.

    Raises: AttemptNotFound; ChangeImpossible - it is not locked.
    """
    attempt = await _access(tx, attempt_id, frozenset({AttemptState.LOCKED}))
    await store.update_attempt(tx, attempt.id, state=AttemptState.OPEN)
    await _tell(tx, who, attempt, "unlock", reason=reason, command_id=command_id)


async def terminate_attempt(
    tx: Transaction, who: Principal, attempt_id: AttemptId, *, reason: str, command_id: str
) -> None:
    """End the attempt for a breach of the rules; what was saved stays, there is no receipt.

    Raises: AttemptNotFound; ChangeImpossible - it has ended.
    Source: C5.2.
    """
    attempt = await _access(tx, attempt_id, RUNNING)
    await store.end_attempts(tx, [attempt.id], AttemptState.TERMINATED)
    await _tell(tx, who, attempt, "terminate", reason=reason, command_id=command_id)


async def force_hand_in(
    tx: Transaction, who: Principal, attempt_id: AttemptId, *, reason: str, command_id: str
) -> None:
    """Hand in the last acknowledged sheet now, as at the deadline; without one the attempt ends without a receipt.

    Raises: AttemptNotFound; ChangeImpossible - it has ended.
    Source: S3.6, P2.
    """
    attempt = await _access(tx, attempt_id, RUNNING)
    last = (await store.read_last_digests(tx, [attempt.id])).get(attempt.id)
    if last is not None:
        receipt = make_receipt(attempt, *last, tx.now, is_automatic=True)
        await store.insert_receipts(tx, sign_receipts(tx.keys, [receipt]))
        if attempt.is_mock:
            await record_mock_passed(tx, attempt.candidate_id, attempt.id)
    await store.end_attempts(tx, [attempt.id], AttemptState.AUTO_HANDED_IN)
    await _tell(tx, who, attempt, "force_hand_in", reason=reason, command_id=command_id)
    tx.emit(AttemptHandedIn(attempt.id, attempt.sitting_id, attempt.room_id, is_automatic=True))


async def _access(tx: Transaction, attempt_id: AttemptId, states: frozenset[AttemptState]) -> Attempt:
    attempt = await access_attempt(tx, attempt_id, is_locking=True)
    if attempt.state not in states:
        raise ChangeImpossible(state=attempt.state.value)
    return attempt


async def _tell(tx: Transaction, who: Principal, attempt: Attempt, kind: str, *, reason: str, command_id: str) -> None:
    details = {"command": command_id, "reason": reason}
    await record(tx, who, act=f"answering.attempt.{kind}", on=attempt.id, details=details)
    tx.emit(AttemptTimeChanged(attempt.id, attempt.sitting_id, attempt.room_id, kind, reason, command_id))
