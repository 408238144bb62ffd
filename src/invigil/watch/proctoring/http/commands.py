"""Giving commands, and the second person's word."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, Field, StringConstraints

from invigil.base.accounts.api import read_staff_names
from invigil.kernel.ids import AttemptId, RoomId, SittingId
from invigil.kernel.words import Words
from invigil.platform.db import Transaction
from invigil.platform.http import ManagementRouter, Tx, Who, ports_of
from invigil.prepare.rooms.api import access_room
from invigil.watch.proctoring.model import (
    CANNED_WARNINGS,
    NOTE_KINDS,
    REASON_CATEGORIES,
    Command,
    CommandKind,
    CommandState,
    ReasonCategory,
)
from invigil.watch.proctoring.model.commands import Order
from invigil.watch.proctoring.rules import CONFIRM_PHRASE, choose_text
from invigil.watch.proctoring.service import following
from invigil.watch.proctoring.service.noting import access_watched
from invigil.watch.proctoring.service.ordering import give_order
from invigil.watch.signals.api import SIGNAL_KINDS

router = ManagementRouter(prefix="/api/proctoring", tags=["proctoring"])

# Ids that consoles make; `crypto.randomUUID()` fits.
GivenId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,40}$")]


class Word(BaseModel):
    """A choice with its words."""

    id: str
    zh: str
    en: str


class SignalWord(BaseModel):
    """A kind of signal."""

    kind: str
    severity: str
    zh: str
    en: str
    source: str


class WordsAnswer(BaseModel):
    """What the proctor's page offers to choose from."""

    canned_warnings: list[Word]
    reason_categories: list[Word]
    note_kinds: list[Word]
    signal_kinds: list[SignalWord]
    confirm_phrase: str


class OrderForm(BaseModel):
    """A command. attempt_ids: empty for everybody in the room. evidence: ids of notes and signals (termination)."""

    command_id: GivenId
    room_id: str
    attempt_ids: list[str] = Field(default_factory=list, max_length=60)
    kind: CommandKind
    text: str = Field(default="", max_length=300)
    canned_id: str = Field(default="", max_length=40)
    reason_category: ReasonCategory | None = None
    reason: str = Field(default="", max_length=200)
    minutes: int = Field(default=0, ge=0, le=240)
    confirm: str = Field(default="", max_length=100)
    evidence: list[str] = Field(default_factory=list, max_length=100)


class CommandAnswer(BaseModel):
    """A command and how far it has come."""

    id: str
    room_id: str
    attempt_id: str
    kind: CommandKind
    text: str
    reason_category: str
    reason: str
    minutes: int
    evidence: list[str]
    by_id: str
    by_name: str
    at: datetime
    delivery: CommandState
    requires_ack: bool
    delivered_at: datetime | None
    acknowledged_at: datetime | None
    decided_by_name: str
    decided_at: datetime | None


class SkippedAnswer(BaseModel):
    """Somebody who could not be given the command."""

    attempt_id: str
    seat_number: int
    code: str
    message: str


class GivenAnswer(BaseModel):
    """What became of an order."""

    commands: list[CommandAnswer]
    skipped: list[SkippedAnswer]


class DecisionForm(BaseModel):
    """The second person's word."""

    is_approved: bool


@router.get("/words", name="proctoring.words", summary="监考用语与选项")
async def list_words() -> WordsAnswer:
    """List canned warnings, categories, kinds of notes and signals."""
    return WordsAnswer(
        canned_warnings=[_word(one, words) for one, words in CANNED_WARNINGS.items()],
        reason_categories=[_word(one, words) for one, words in REASON_CATEGORIES.items()],
        note_kinds=[_word(one, words) for one, words in NOTE_KINDS.items()],
        signal_kinds=[
            SignalWord(kind=kind, severity=one.severity, zh=one.zh, en=one.en, source=one.source)
            for kind, one in SIGNAL_KINDS.items()
        ],
        confirm_phrase=CONFIRM_PHRASE,
    )


@router.post("/commands", name="proctoring.commands.give", summary="下达考场指令", status_code=201)
async def give(form: OrderForm, request: Request, tx: Tx, who: Who) -> GivenAnswer:
    """Give a command to one, some or everybody in a room; pause, extra time and termination wait for a second person."""
    order = Order(
        order_id=form.command_id,
        kind=form.kind,
        attempt_ids=tuple(AttemptId(one) for one in form.attempt_ids),
        text=choose_text(form.text, form.canned_id),
        reason_category=form.reason_category or "",
        reason=form.reason,
        minutes=form.minutes,
        confirm=form.confirm,
        evidence=tuple(form.evidence),
    )
    given = await give_order(ports_of(request), tx, who, RoomId(form.room_id), order)
    return GivenAnswer(
        commands=await _answers(tx, given.commands),
        skipped=[
            SkippedAnswer(
                attempt_id=one.attempt.id,
                seat_number=one.attempt.seat_number,
                code=one.refusal.code,
                message=one.refusal.message_zh,
            )
            for one in given.skipped
        ],
    )


@router.get("/commands", name="proctoring.commands.list", summary="指令与送达状态")
async def list_commands(
    tx: Tx, who: Who, attempt_id: Annotated[str, Query()] = "", room_id: Annotated[str, Query()] = ""
) -> list[CommandAnswer]:
    """List the commands of an attempt or a room by time."""
    if attempt_id:
        await access_watched(tx, who, AttemptId(attempt_id))
        return await _answers(tx, await following.list_commands(tx, attempt_ids=[attempt_id]))
    await access_room(tx, who, RoomId(room_id))
    return await _answers(tx, await following.list_commands(tx, room_ids=[room_id]))


@router.get("/proposals", name="proctoring.proposals.list", summary="待审批的指令")
async def list_proposals(tx: Tx, sitting_id: SittingId) -> list[CommandAnswer]:
    """List the commands of a sitting that wait for a second person."""
    return await _answers(tx, await following.list_proposals(tx, sitting_id))


@router.post("/proposals/{command_id}/decide", name="proctoring.proposals.decide", summary="审批指令")
async def decide(command_id: str, form: DecisionForm, tx: Tx, who: Who) -> CommandAnswer:
    """Approve or reject; never one's own."""
    return (await _answers(tx, [await following.decide(tx, who, command_id, is_approved=form.is_approved)]))[0]


async def _answers(tx: Transaction, found: list[Command]) -> list[CommandAnswer]:
    names = await read_staff_names(tx)
    return [
        CommandAnswer(
            id=one.id,
            room_id=one.room_id,
            attempt_id=one.attempt_id,
            kind=one.kind,
            text=one.text,
            reason_category=one.reason_category,
            reason=one.reason,
            minutes=one.minutes,
            evidence=list(one.evidence),
            by_id=one.by,
            by_name=names.get(one.by, ""),
            at=one.at,
            delivery=one.state,
            requires_ack=one.requires_ack,
            delivered_at=one.delivered_at,
            acknowledged_at=one.acknowledged_at,
            decided_by_name=names.get(one.decided_by, ""),
            decided_at=one.decided_at,
        )
        for one in found
    ]


def _word(one: str, words: Words) -> Word:
    return Word(id=one, zh=words.zh, en=words.en)
