"""Signals over HTTP: the list, and saying that one was dealt with."""

from datetime import datetime
from typing import Literal

from fastapi import Query
from pydantic import BaseModel

from invigil.base.accounts.api import read_staff_names
from invigil.kernel.ids import AttemptId, RoomId
from invigil.platform.db import Transaction
from invigil.platform.http import ManagementRouter, Tx, Who
from invigil.prepare.rooms.api import access_room
from invigil.sit.activity.api import say_detail
from invigil.sit.answering.api import access_attempt
from invigil.watch.signals import store
from invigil.watch.signals.model import SIGNAL_KINDS, Signal
from invigil.watch.signals.service import handle_signal

router = ManagementRouter(prefix="/api/proctoring/signals", tags=["signals"])


class SignalAnswer(BaseModel):
    """A signal. handling: "" while open, then seen, dismissed or noted."""

    id: str
    attempt_id: str
    kind: str
    zh: str
    en: str
    severity: Literal["low", "medium", "high"]
    device: str
    at: datetime
    last_at: datetime
    count: int
    item: str
    detail_zh: str
    detail_en: str
    is_open: bool
    handled_by_name: str
    handled_at: datetime | None
    handling: str


class HandlingForm(BaseModel):
    """What came of it: looked at, nothing to it, or written into a note."""

    handling: Literal["seen", "dismissed", "noted"]


@router.get("", name="signals.list", summary="异常信号")
async def list_signals(
    tx: Tx, who: Who, attempt_id: str = "", room_id: str = "", *, only_open: bool = Query(default=False)
) -> list[SignalAnswer]:
    """List the signals of an attempt or a room by time; a proctor sees those of their rooms."""
    if attempt_id:
        room_id = (await access_attempt(tx, AttemptId(attempt_id))).room_id
    await access_room(tx, who, RoomId(room_id))
    rooms = () if attempt_id else (room_id,)
    found = await store.list_signals(tx, attempt_id=attempt_id, room_ids=rooms, only_open=only_open)
    return await _answers(tx, found)


@router.post("/{signal_id}/handle", name="signals.handle", summary="处理异常信号")
async def handle(signal_id: str, form: HandlingForm, tx: Tx, who: Who) -> SignalAnswer:
    """Say that a person has dealt with it."""
    return (await _answers(tx, [await handle_signal(tx, who, signal_id, form.handling)]))[0]


async def _answers(tx: Transaction, found: list[Signal]) -> list[SignalAnswer]:
    names = await read_staff_names(tx)
    return [
        SignalAnswer(
            id=one.id,
            attempt_id=one.attempt_id,
            kind=one.kind,
            zh=SIGNAL_KINDS[one.kind].zh,
            en=SIGNAL_KINDS[one.kind].en,
            severity=one.severity,
            device=one.device,
            at=one.at,
            last_at=one.last_at,
            count=one.count,
            item=one.item,
            detail_zh=say_detail(one.kind, one.detail).zh,
            detail_en=say_detail(one.kind, one.detail).en,
            is_open=one.is_open,
            handled_by_name=names.get(one.handled_by, ""),
            handled_at=one.handled_at,
            handling=one.handling,
        )
        for one in found
    ]
