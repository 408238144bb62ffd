"""The board over HTTP: sittings, a sitting's figures, its rooms, a room's seats."""

from datetime import datetime
from typing import Annotated
from weakref import WeakKeyDictionary

from fastapi import Depends, Query, Request
from pydantic import BaseModel

from invigil.kernel.ids import RoomId, SittingId
from invigil.platform.http import ManagementRouter, Page, Paging, Ports, Tx, Who, paging_of, ports_of
from invigil.platform.presence import Presence
from invigil.prepare.candidates.api import read_public_cards
from invigil.prepare.exams.api import (
    Sitting,
    SittingKind,
    SittingState,
    access_sitting,
    compute_sitting_state,
    list_active_sittings,
)
from invigil.prepare.rooms.api import access_room
from invigil.watch.board.model import SEAT_STATES_ZH, RoomBoard, SeatCounts, SeatState
from invigil.watch.board.service import Boards, sort_rooms, take_room

router = ManagementRouter(prefix="/api/board", tags=["board"])

_boards: WeakKeyDictionary[Presence, Boards] = WeakKeyDictionary()


class Counts(BaseModel):
    """How many seats stand where. opened: logged in at least. entered: consent given, in the sitting. The states add up to seated."""

    seated: int
    opened: int
    entered: int
    not_started: int
    logged_in: int
    waiting: int
    in_exam: int
    offline: int
    paused: int
    handed_in: int
    absent: int
    terminated: int

    @classmethod
    def of(cls, counts: SeatCounts) -> "Counts":
        """Return the figures as the console shows them."""
        named = {state.value: number for state, number in counts.by_state.items()}
        return cls(seated=counts.seated, opened=counts.opened, entered=counts.entered, **named)


class SittingBrief(BaseModel):
    """A sitting that is open or running."""

    id: str
    exam_id: str
    kind: SittingKind
    title: str
    state: SittingState
    starts_at: datetime
    ends_at: datetime
    late_entry_until: datetime
    last_deadline: datetime

    @classmethod
    def of(cls, one: Sitting, now: datetime) -> "SittingBrief":
        """Return the sitting as it stands now."""
        return cls(
            id=one.id,
            exam_id=one.exam_id,
            kind=one.kind,
            title=one.title,
            state=compute_sitting_state(one, now),
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            late_entry_until=one.late_entry_until,
            last_deadline=one.last_deadline,
        )


class SubjectCounts(BaseModel):
    """A subject's figures."""

    subject_code: str
    counts: Counts


class BoardAnswer(BaseModel):
    """A sitting at an instant. taken_at: up to ten seconds ago for a very large sitting. state_names: Chinese names by state."""

    sitting: SittingBrief
    taken_at: datetime
    room_count: int
    counts: Counts
    by_subject: list[SubjectCounts]
    state_names: dict[SeatState, str]


class RoomCounts(BaseModel):
    """A room's figures."""

    room_id: str
    number: int
    subject_code: str
    counts: Counts

    @classmethod
    def of(cls, one: RoomBoard) -> "RoomCounts":
        """Return the room as the console shows it."""
        return cls(room_id=one.room_id, number=one.number, subject_code=one.subject_code, counts=Counts.of(one.counts))


class SeatAnswer(BaseModel):
    """A seat: who sits there and how it stands. last_seen: of the page's heartbeats."""

    seat_number: int
    candidate_id: str
    name: str
    ticket_number: str
    state: SeatState
    state_zh: str
    entered_at: datetime | None
    ended_at: datetime | None
    last_seen: datetime | None


class RoomBoardAnswer(BaseModel):
    """A room with its seats."""

    sitting: SittingBrief
    room_id: str
    number: int
    subject_code: str
    taken_at: datetime
    seats: list[SeatAnswer]


@router.get("/sittings", name="board.sittings.list", summary="正在开放或进行的场次")
async def list_sittings(tx: Tx) -> list[SittingBrief]:
    """List the sittings that are open or running."""
    return [SittingBrief.of(one, tx.now) for one in await list_active_sittings(tx)]


@router.get("/sittings/{sitting_id}", name="board.sittings.show", summary="场次实时统计")
async def show_sitting(sitting_id: SittingId, request: Request, tx: Tx) -> BoardAnswer:
    """Show how many seats stand where, in all and by subject."""
    sitting = await access_sitting(tx, sitting_id)
    ports = ports_of(request)
    board = await _boards_of(ports).take(tx, ports.presence, sitting)
    return BoardAnswer(
        sitting=SittingBrief.of(sitting, tx.now),
        taken_at=board.taken_at,
        room_count=len(board.rooms),
        counts=Counts.of(board.counts),
        by_subject=[SubjectCounts(subject_code=code, counts=Counts.of(one)) for code, one in board.by_subject.items()],
        state_names=dict(SEAT_STATES_ZH),
    )


@router.get("/sittings/{sitting_id}/rooms", name="board.rooms.list", summary="各考场实时统计")
async def list_rooms(
    sitting_id: SittingId,
    request: Request,
    tx: Tx,
    paging: Annotated[Paging, Depends(paging_of)],
    subject_code: Annotated[str, Query(max_length=20)] = "",
) -> Page[RoomCounts]:
    """List the rooms' figures; `q` is a room number, `sort` a state (`-offline`: most first) or `number`."""
    sitting = await access_sitting(tx, sitting_id)
    ports = ports_of(request)
    board = await _boards_of(ports).take(tx, ports.presence, sitting)
    found = [
        board.rooms[at]
        for at in sort_rooms(board, paging.sort)
        if (not subject_code or board.rooms[at].subject_code == subject_code)
        and (not paging.q or str(board.rooms[at].number) == paging.q)
    ]
    shown = paging.cut(found)
    items = [RoomCounts.of(one) for one in shown]
    return Page(items=items, total=len(found), page=paging.page, page_size=paging.page_size)


@router.get("/rooms/{room_id}", name="board.rooms.show", summary="考场座位实时状态")
async def show_room(room_id: RoomId, request: Request, tx: Tx, who: Who) -> RoomBoardAnswer:
    """Show every seat of a room; a proctor sees their own rooms only."""
    room = await access_room(tx, who, room_id)
    sitting, seats = await take_room(tx, ports_of(request).presence, room)
    cards = await read_public_cards(tx, [one.candidate_id for one in seats])
    return RoomBoardAnswer(
        sitting=SittingBrief.of(sitting, tx.now),
        room_id=room.id,
        number=room.number,
        subject_code=room.subject_code,
        taken_at=tx.now,
        seats=[
            SeatAnswer(
                seat_number=one.seat_number,
                candidate_id=one.candidate_id,
                name=cards[one.candidate_id].name if one.candidate_id in cards else "",
                ticket_number=cards[one.candidate_id].ticket_number if one.candidate_id in cards else "",
                state=one.state,
                state_zh=SEAT_STATES_ZH[one.state],
                entered_at=one.entered_at,
                ended_at=one.ended_at,
                last_seen=one.last_seen,
            )
            for one in seats
        ],
    )


def _boards_of(ports: Ports) -> Boards:
    """Return the boards of this process; they live as long as its presence does."""
    return _boards.setdefault(ports.presence, Boards())
