"""The lists of a candidate's panel, read anew where news says they changed."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from invigil.base.accounts.api import read_staff_names
from invigil.platform.db import Transaction
from invigil.sit.activity.api import list_last_steps, name_of_step, say_detail
from invigil.sit.answering.api import TRACKS, Attempt
from invigil.watch.board.protocol import (
    BoardEvent,
    ChatPut,
    ChatView,
    CommandPut,
    CommandView,
    NotePut,
    NoteView,
    PanelState,
    SeatView,
    SignalPut,
    SignalView,
    StepPut,
    StepView,
)
from invigil.watch.board.protocol.folding import order_of_step
from invigil.watch.board.protocol.panel import SHOWN_STEPS
from invigil.watch.proctoring.api import NOTE_KINDS, list_commands, list_lines, list_notes
from invigil.watch.signals.api import SIGNAL_KINDS, list_signals


async def compose_panel(tx: Transaction, attempt: Attempt, seat: SeatView) -> PanelState:
    """Return the panel of an attempt."""
    lists = {name: await read(tx, attempt.id) for name, (read, _) in LISTS.items()}
    return PanelState(attempt.id, attempt.room_id, attempt.sitting_id, attempt.subject_code, seat, **lists)


async def find_changes(tx: Transaction, state: PanelState, name: str) -> list[BoardEvent]:
    """Return the events that lead from the panel as known to the list as it is now."""
    read, put = LISTS[name]
    known = getattr(state, name)
    return [put(one) for one in await read(tx, state.attempt_id) if one not in known]


async def _signals(tx: Transaction, attempt_id: str) -> list[SignalView]:
    names = await read_staff_names(tx)
    return [
        SignalView(
            id=one.id,
            attempt_id=one.attempt_id,
            kind=one.kind,
            zh=SIGNAL_KINDS[one.kind].zh,
            en=SIGNAL_KINDS[one.kind].en,
            severity=one.severity,
            device="phone" if one.device == "phone" else "pc",
            at=one.at,
            last_at=one.last_at,
            count=one.count,
            item=one.item,
            detail_zh=say_detail(one.kind, one.detail).zh,
            detail_en=say_detail(one.kind, one.detail).en,
            is_open=one.is_open,
            handled_by_name=names.get(one.handled_by, ""),
        )
        for one in await list_signals(tx, attempt_id=attempt_id)
    ]


async def _commands(tx: Transaction, attempt_id: str) -> list[CommandView]:
    names = await read_staff_names(tx)
    return [
        CommandView(
            id=one.id,
            attempt_id=one.attempt_id,
            kind=one.kind.value,
            text=one.text,
            reason_category=one.reason_category,
            reason=one.reason,
            minutes=one.minutes,
            by_name=names.get(one.by, ""),
            at=one.at,
            delivery=one.state.value,
            requires_ack=one.requires_ack,
            delivered_at=one.delivered_at,
            acknowledged_at=one.acknowledged_at,
            decided_by_name=names.get(one.decided_by, ""),
        )
        for one in await list_commands(tx, attempt_ids=[attempt_id])
    ]


async def _chat(tx: Transaction, attempt_id: str) -> list[ChatView]:
    names = await read_staff_names(tx)
    return [
        ChatView(
            id=one.id,
            sender="staff" if one.sender == "staff" else "candidate",
            sender_name=names.get(one.by, ""),
            text=one.text,
            at=one.at,
            is_read=one.sender == "staff" or one.read_at is not None,
        )
        for one in await list_lines(tx, [attempt_id])
    ]


async def _notes(tx: Transaction, attempt_id: str) -> list[NoteView]:
    names = await read_staff_names(tx)
    return [
        NoteView(
            id=one.id,
            attempt_id=one.attempt_id,
            kind=one.kind,
            kind_zh=NOTE_KINDS[one.kind].zh,
            kind_en=NOTE_KINDS[one.kind].en,
            text=one.text,
            at=one.at,
            by_name=names.get(one.by, ""),
            subject_code=one.subject_code,
            item=one.item,
            last_step=one.last_step,
            tracks=[track for track in TRACKS if track in one.stills],
        )
        for one in await list_notes(tx, attempt_id=attempt_id)
    ]


async def _steps(tx: Transaction, attempt_id: str) -> list[StepView]:
    found = [
        StepView(
            n=one.n,
            device="phone" if one.device == "phone" else "pc",
            at_client=one.at_client,
            at_server=one.at_server,
            kind=one.kind,
            zh=name_of_step(one.kind).zh,
            en=name_of_step(one.kind).en,
            item=one.item,
            detail_zh=say_detail(one.kind, one.detail).zh,
            detail_en=say_detail(one.kind, one.detail).en,
            importance=one.importance.value,
        )
        for one in await list_last_steps(tx, attempt_id, SHOWN_STEPS)
    ]
    return sorted(found, key=order_of_step)


_Read = Callable[[Transaction, str], Awaitable[list[Any]]]
LISTS: Mapping[str, tuple[_Read, Callable[[Any], BoardEvent]]] = {
    "signals": (_signals, SignalPut),
    "commands": (_commands, CommandPut),
    "chat": (_chat, ChatPut),
    "notes": (_notes, NotePut),
    "steps": (_steps, StepPut),
}
