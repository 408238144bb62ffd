"""The conversation with a candidate, and raised hands."""

from datetime import datetime

from fastapi import Request
from pydantic import BaseModel, Field

from invigil.base.accounts.api import read_staff_names
from invigil.kernel.ids import AttemptId
from invigil.platform.db import Transaction
from invigil.platform.http import ManagementRouter, Tx, Who, ports_of
from invigil.watch.proctoring.http.commands import GivenId
from invigil.watch.proctoring.model import Line
from invigil.watch.proctoring.service import talking
from invigil.watch.proctoring.service.noting import access_watched
from invigil.watch.proctoring.store.records import list_lines

router = ManagementRouter(prefix="/api/proctoring", tags=["proctoring"])


class LineForm(BaseModel):
    """A line to the candidate."""

    line_id: GivenId
    text: str = Field(max_length=1000)


class LineAnswer(BaseModel):
    """A line. is_read: staff have read the candidate's."""

    id: str
    sender: str
    sender_name: str
    text: str
    at: datetime
    is_read: bool


@router.get("/chat/{attempt_id}", name="proctoring.chat.list", summary="与考生的对话")
async def list_chat(attempt_id: AttemptId, tx: Tx, who: Who) -> list[LineAnswer]:
    """List the conversation by time."""
    await access_watched(tx, who, attempt_id)
    return await _answers(tx, await list_lines(tx, [attempt_id]))


@router.post("/chat/{attempt_id}", name="proctoring.chat.say", summary="给考生发消息", status_code=201)
async def say(attempt_id: AttemptId, form: LineForm, request: Request, tx: Tx, who: Who) -> LineAnswer:
    """Write to the candidate; what they wrote and their raised hand count as answered."""
    line = await talking.say(ports_of(request), tx, who, attempt_id, line_id=form.line_id, text=form.text)
    return (await _answers(tx, [line]))[0]


@router.post("/chat/{attempt_id}/read", name="proctoring.chat.read", summary="标记已读", status_code=204)
async def read(attempt_id: AttemptId, tx: Tx, who: Who) -> None:
    """Note that the candidate's lines have been read."""
    await talking.read_lines(tx, who, attempt_id)


@router.post("/calls/{call_id}/answer", name="proctoring.calls.answer", summary="应答举手", status_code=204)
async def answer(call_id: str, request: Request, tx: Tx, who: Who) -> None:
    """Say that somebody has come."""
    await talking.answer_call(ports_of(request), tx, who, call_id)


async def _answers(tx: Transaction, found: list[Line]) -> list[LineAnswer]:
    names = await read_staff_names(tx)
    return [
        LineAnswer(
            id=one.id,
            sender=one.sender,
            sender_name=names.get(one.by, ""),
            text=one.text,
            at=one.at,
            is_read=one.sender == "staff" or one.read_at is not None,
        )
        for one in found
    ]
