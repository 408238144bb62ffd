"""The conversation between candidate and staff, and raised hands."""

from invigil.base.audit.api import record
from invigil.kernel.ids import AttemptId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.platform.ports import Ports
from invigil.prepare.rooms.api import access_room
from invigil.sit.answering.api import (
    Attempt,
    ChatMessage,
    Device,
    HandMessage,
    PageEars,
    RaiseHandMessage,
    SayMessage,
    Sender,
    attempt_topic,
    encode_message,
)
from invigil.watch.proctoring.model import Call, Claim, Line
from invigil.watch.proctoring.model.events import ProctoringChanged
from invigil.watch.proctoring.model.refusals import CallNotFound, LineTooLong
from invigil.watch.proctoring.rules import MAX_LINES, check_line
from invigil.watch.proctoring.service.duty import check_free
from invigil.watch.proctoring.service.noting import access_watched
from invigil.watch.proctoring.store import duty, records

MAX_PAGE_ID = 40


async def say(ports: Ports, tx: Transaction, who: Principal, attempt_id: AttemptId, *, line_id: str, text: str) -> Line:
    """Write to a candidate; what they wrote counts as answered, and a raised hand unless a colleague looks after it.

    The same id again changes nothing.
    Raises: AttemptNotFound, RoomNotFound, LineTooLong.
    """
    attempt = await access_watched(tx, who, attempt_id)
    line = _line(tx, attempt, line_id, check_line(text), by=who.id)
    if await records.insert_line(tx, line):
        await record(tx, who, act="proctoring.chat.say", on=attempt.id, details={"line": line_id})
        await records.mark_read(tx, attempt.id)
        for call in await duty.list_waiting_calls(tx, attempt_ids=[attempt.id]):
            claimed = await _read_claim(tx, call)
            if claimed is None or claimed.staff_id == who.id:
                await _answer(ports, tx, who, call)
        tx.emit(_changed("chat", attempt))
        tx.after_commit(lambda: tell(ports, attempt.id, message_of(line)))
    return line


async def read_lines(tx: Transaction, who: Principal, attempt_id: AttemptId) -> None:
    """Note that the candidate's lines have been read.

    Raises: AttemptNotFound, RoomNotFound.
    """
    attempt = await access_watched(tx, who, attempt_id)
    if await records.mark_read(tx, attempt.id):
        tx.emit(_changed("chat", attempt))


async def answer_call(ports: Ports, tx: Transaction, who: Principal, call_id: str) -> None:
    """Say that somebody has come.

    Raises: CallNotFound, RoomNotFound; ClaimedByColleague - who looks after it comes, or it is taken over first.
    """
    call = await duty.read_call(tx, call_id=call_id)
    if call is None or call.lowered_at is not None:
        raise CallNotFound
    await access_room(tx, who, call.room_id)
    if call.is_waiting:
        await check_free(tx, who, await _read_claim(tx, call))
        await _answer(ports, tx, who, call)


async def _read_claim(tx: Transaction, call: Call) -> Claim | None:
    """Return who looks after it; nobody else takes it up before the end of the transaction."""
    await tx.lock(f"proctoring.claim/{call.id}")
    return await duty.read_claim(tx, "call", call.id)


async def _answer(ports: Ports, tx: Transaction, who: Principal, call: Call) -> None:
    await duty.update_call(tx, call.id, answered_at=tx.now, answered_by=who.id)
    await duty.delete_claim(tx, "call", call.id)
    await record(tx, who, act="proctoring.call.answer", on=call.attempt_id, details={"call": call.id})
    tx.emit(ProctoringChanged("calls", call.attempt_id, call.sitting_id, call.room_id))
    tx.emit(ProctoringChanged("claims", call.attempt_id, call.sitting_id, call.room_id))
    answered = HandMessage(call.page_id, is_raised=True, is_answered=True)
    tx.after_commit(lambda: tell(ports, call.attempt_id, answered))


def listen(ports: Ports, ears: PageEars) -> None:
    """Hear what candidates write and when they raise a hand."""

    async def take_line(attempt: Attempt, _device: Device, message: SayMessage) -> ChatMessage:
        async with ports.db.transaction() as tx:
            if await records.count_lines(tx, attempt.id) >= MAX_LINES or not 8 <= len(message.id) <= MAX_PAGE_ID:
                raise LineTooLong
            line = _line(tx, attempt, message.id, check_line(message.text))
            if await records.insert_line(tx, line):
                tx.emit(_changed("chat", attempt))
        return message_of(line)

    async def take_hand(attempt: Attempt, _device: Device, message: RaiseHandMessage) -> HandMessage:
        if not 8 <= len(message.id) <= MAX_PAGE_ID:
            raise CallNotFound
        async with ports.db.transaction() as tx:
            await tx.lock(f"proctoring.call/{attempt.id}")
            return await _raise_or_lower(tx, attempt, message)

    ears.on(SayMessage, take_line)
    ears.on(RaiseHandMessage, take_hand)


async def _raise_or_lower(tx: Transaction, attempt: Attempt, message: RaiseHandMessage) -> HandMessage:
    call = await duty.read_call(tx, attempt_id=attempt.id, page_id=message.id)
    if call is None and message.is_raised:
        waiting = await duty.list_waiting_calls(tx, attempt_ids=[attempt.id])
        if waiting:  # one hand at a time, also from two tabs
            return HandMessage(waiting[0].page_id, is_raised=True, is_answered=False)
        call = Call(
            new_id("call"), message.id, attempt.id, attempt.sitting_id, attempt.room_id, tx.now, None, "", None
        )  # fmt: skip
        await duty.insert_call(tx, call)
        tx.emit(_changed("calls", attempt))
    elif call is not None and not message.is_raised and call.lowered_at is None:
        await duty.update_call(tx, call.id, lowered_at=tx.now)
        await duty.delete_claim(tx, "call", call.id)
        tx.emit(_changed("calls", attempt))
        tx.emit(_changed("claims", attempt))
    is_answered = call is not None and call.answered_at is not None
    return HandMessage(message.id, is_raised=message.is_raised, is_answered=is_answered)


def message_of(line: Line) -> ChatMessage:
    """Return a line as its page shows it."""
    sender: Sender = "staff" if line.sender == "staff" else "candidate"
    return ChatMessage(line.id, sender, line.text, line.at.isoformat())


async def tell(ports: Ports, attempt_id: AttemptId, message: ChatMessage | HandMessage) -> None:
    """Send this to the pages of an attempt."""
    await ports.bus.publish(attempt_topic(attempt_id), encode_message(message))


def _line(tx: Transaction, attempt: Attempt, line_id: str, text: str, *, by: str = "") -> Line:
    sender = "staff" if by else "candidate"
    return Line(line_id, attempt.id, attempt.sitting_id, attempt.room_id, sender, by, text, tx.now, None)


def _changed(part: str, attempt: Attempt) -> ProctoringChanged:
    return ProctoringChanged(part, attempt.id, attempt.sitting_id, attempt.room_id)  # type: ignore[arg-type]
