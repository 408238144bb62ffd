"""What staff do to attempts: looking, changing time with a second person, releasing seats, importing emergency files."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import File, UploadFile
from pydantic import BaseModel, Field

from invigil.base.accounts.api import read_staff_names
from invigil.kernel.ids import AttemptId, SittingId
from invigil.platform.db import Transaction
from invigil.platform.http import ManagementRouter, Tx, Who
from invigil.prepare.rooms.api import find_seen_rooms
from invigil.sit.answering import store
from invigil.sit.answering.model import Attempt, ChangeKind, TimeChange
from invigil.sit.answering.rules import compute_deadline
from invigil.sit.answering.service import changing, rescuing
from invigil.sit.answering.service.reading import list_trail

router = ManagementRouter(prefix="/api/attempts", tags=["answering"])
MAX_EXTRA_MINUTES = 24 * 60


class AttemptAnswer(BaseModel):
    """One attempt, for staff."""

    id: str
    sitting_id: str
    room_id: str
    seat_number: int
    candidate_id: str
    subject_code: str
    state: str
    starts_at: datetime
    deadline: datetime
    extra_minutes: int
    entered_at: datetime
    ended_at: datetime | None
    round: int


class ChangeForm(BaseModel):
    """A request for a change. minutes: of extra time, or that a reopened attempt gets; 0 for pause and resume."""

    kind: ChangeKind
    minutes: int = Field(default=0, ge=0, le=MAX_EXTRA_MINUTES)
    reason: str = Field(min_length=2, max_length=200)


class ChangeAnswer(BaseModel):
    """A request and what became of it."""

    id: str
    attempt_id: str
    kind: ChangeKind
    minutes: int
    reason: str
    state: str
    proposed_by: str
    proposed_by_name: str
    proposed_at: datetime
    decided_by: str | None
    decided_by_name: str | None
    decided_at: datetime | None


class DecisionForm(BaseModel):
    """The second person's word."""

    is_approved: bool


class ReleaseForm(BaseModel):
    """Why the seat is released."""

    reason: str = Field(min_length=2, max_length=200)


class TrailEntry(BaseModel):
    """One accepted save."""

    seq: int
    saved_at: datetime
    sha256: str
    answered: int


class RescueAnswer(BaseModel):
    """What the import of an emergency file did."""

    seq: int
    sha256: str
    is_newest: bool
    is_attempt_open: bool
    exported_at: str


@router.get("/of-sitting/{sitting_id}", name="answering.attempts.list", summary="一个场次的全部考试记录")
async def list_attempts(sitting_id: SittingId, tx: Tx, who: Who) -> list[AttemptAnswer]:
    """List the attempts of a sitting by room and seat; a proctor sees those of their rooms."""
    is_seen = await find_seen_rooms(tx, who)
    found = await store.list_attempts(tx, sitting_id=sitting_id)
    return [_attempt(one, tx.now) for one in found if is_seen(one.room_id)]


@router.get("/of-sitting/{sitting_id}/changes", name="answering.changes.list", summary="时间调整申请")
async def list_changes(sitting_id: SittingId, tx: Tx, who: Who) -> list[ChangeAnswer]:
    """List the requests of a sitting, newest first; a proctor sees those of their rooms."""
    is_seen = await find_seen_rooms(tx, who)
    shown = {one.id for one in await store.list_attempts(tx, sitting_id=sitting_id) if is_seen(one.room_id)}
    found = await store.list_changes(tx, sitting_id=sitting_id)
    return await _changes(tx, [one for one in found if one.attempt_id in shown])


@router.get("/{attempt_id}", name="answering.attempts.read", summary="考试记录")
async def read_attempt(attempt_id: AttemptId, tx: Tx) -> AttemptAnswer:
    """Return one attempt."""
    return _attempt(await changing.access_attempt(tx, attempt_id), tx.now)


@router.get("/{attempt_id}/trail", name="answering.trail.list", summary="作答轨迹")
async def read_trail(attempt_id: AttemptId, tx: Tx) -> list[TrailEntry]:
    """List every accepted save in order; what was answered stays sealed."""
    await changing.access_attempt(tx, attempt_id)
    return [
        TrailEntry(seq=one.seq, saved_at=one.saved_at, sha256=one.sha256.hex(), answered=answered)
        for one, answered in await list_trail(tx, attempt_id)
    ]


@router.post("/{attempt_id}/changes", name="answering.changes.propose", summary="申请调整时间", status_code=201)
async def propose_change(attempt_id: AttemptId, form: ChangeForm, tx: Tx, who: Who) -> ChangeAnswer:
    """Ask for extra time, a pause or a reopening; a second person approves it. Resuming takes effect at once."""
    extra = timedelta(minutes=form.minutes)
    change = await changing.propose_change(tx, who, attempt_id, form.kind, extra=extra, reason=form.reason)
    return (await _changes(tx, [change]))[0]


@router.post("/changes/{change_id}/decision", name="answering.changes.decide", summary="审批时间调整", status_code=204)
async def decide_change(change_id: str, form: DecisionForm, tx: Tx, who: Who) -> None:
    """Approve or reject a request; never one's own approval."""
    await changing.decide_change(tx, who, change_id, is_approved=form.is_approved)


@router.post("/{attempt_id}/release", name="answering.seat.release", summary="释放座位（更换电脑）", status_code=204)
async def release_seat(attempt_id: AttemptId, form: ReleaseForm, tx: Tx, who: Who) -> None:
    """Let the candidate go on at another computer; answers stay."""
    await changing.release_seat(tx, who, attempt_id, form.reason)


@router.post("/uploads/rescue", name="answering.rescue.import", summary="导入应急答案文件", status_code=201)
async def import_rescue(file: Annotated[UploadFile, File()], tx: Tx, who: Who) -> RescueAnswer:
    """Import the emergency file of a candidate whose network did not come back."""
    rescued = await rescuing.import_rescue(tx, who, await file.read(rescuing.MAX_RESCUE_BYTES))
    return RescueAnswer(
        seq=rescued.saved.seq,
        sha256=rescued.saved.sha256.hex(),
        is_newest=rescued.is_newest,
        is_attempt_open=rescued.is_attempt_open,
        exported_at=rescued.exported_at,
    )


def _attempt(one: Attempt, now: datetime) -> AttemptAnswer:
    return AttemptAnswer(
        id=one.id,
        sitting_id=one.sitting_id,
        room_id=one.room_id,
        seat_number=one.seat_number,
        candidate_id=one.candidate_id,
        subject_code=one.subject_code,
        state=one.state,
        starts_at=one.starts_at,
        deadline=compute_deadline(one, now),
        extra_minutes=int(one.extra_time.total_seconds() // 60),
        entered_at=one.entered_at,
        ended_at=one.ended_at,
        round=one.round,
    )


async def _changes(tx: Transaction, found: list[TimeChange]) -> list[ChangeAnswer]:
    names = await read_staff_names(tx)
    return [
        ChangeAnswer(
            id=one.id,
            attempt_id=one.attempt_id,
            kind=one.kind,
            minutes=int(one.extra.total_seconds() // 60),
            reason=one.reason,
            state=one.state,
            proposed_by=one.proposed_by,
            proposed_by_name=names.get(one.proposed_by, ""),
            proposed_at=one.proposed_at,
            decided_by=one.decided_by,
            decided_by_name=names.get(one.decided_by) if one.decided_by else None,
            decided_at=one.decided_at,
        )
        for one in found
    ]
