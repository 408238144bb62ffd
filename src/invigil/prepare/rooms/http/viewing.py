"""Rooms and who sits in them."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel

from invigil.base.accounts.api import read_staff_names
from invigil.kernel.ids import CandidateId, RoomId, SittingId, StaffId
from invigil.platform.http import ManagementRouter, Page, Paging, Tx, Who, paging_of
from invigil.prepare.candidates.api import list_registered_ids, read_public_card, read_public_cards
from invigil.prepare.exams.api import SittingKind, SittingState, access_sitting, compute_sitting_state
from invigil.prepare.rooms.model import Room
from invigil.prepare.rooms.rules.planning import list_rooms_lacking_proctors
from invigil.prepare.rooms.service.scope import list_seated_elsewhere
from invigil.prepare.rooms.service.viewing import access_room, list_occupants
from invigil.prepare.rooms.store import seating

router = ManagementRouter(tags=["rooms"])


class ProctorName(BaseModel):
    """Who watches."""

    staff_id: str
    display_name: str


class RoomAnswer(BaseModel):
    """A room. lacks_proctor: fewer than one proctor for 30 candidates."""

    id: str
    sitting_id: str
    number: int
    subject_code: str
    seated: int
    proctors: list[ProctorName]
    lacks_proctor: bool


class OccupantAnswer(BaseModel):
    """A candidate in a seat; the identity number is masked."""

    seat_number: int
    candidate_id: str
    ticket_number: str
    name: str
    identity_masked: str
    employer: str
    is_withdrawn: bool


class RoomDetail(RoomAnswer):
    """A room with its candidates by seat. version: of the arrangement, for changes by hand."""

    version: int
    occupants: list[OccupantAnswer]


class OwnRoom(BaseModel):
    """A room a proctor watches."""

    room: RoomAnswer
    sitting_title: str
    starts_at: str
    ends_at: str
    state: SittingState


class CandidateSeat(BaseModel):
    """Where a candidate sits in one sitting, real or mock."""

    sitting_id: str
    sitting_title: str
    kind: SittingKind
    starts_at: datetime
    room_id: str
    room_number: int
    seat_number: int
    proctors: list[ProctorName]


class UnseatedAnswer(BaseModel):
    """Somebody registered for the sitting's subjects who sits nowhere."""

    candidate_id: str
    ticket_number: str
    name: str
    subject_code: str
    employer: str


@router.get("/api/sittings/{sitting_id}/rooms", name="rooms.list", summary="考场列表")
async def list_rooms(
    sitting_id: SittingId,
    tx: Tx,
    paging: Annotated[Paging, Depends(paging_of)],
    subject_code: Annotated[str, Query(max_length=20)] = "",
    is_lacking: Annotated[bool | None, Query(description="only rooms that lack a proctor")] = None,
) -> Page[RoomAnswer]:
    """List the rooms of a sitting by number; `q` is a room number or a part of a proctor's name."""
    await access_sitting(tx, sitting_id)
    names = await read_staff_names(tx)
    found = [_answer(room, names) for room in await seating.list_rooms(tx, sitting_id)]
    if subject_code:
        found = [one for one in found if one.subject_code == subject_code]
    if is_lacking is not None:
        found = [one for one in found if one.lacks_proctor == is_lacking]
    if paging.q:
        found = [one for one in found if _matches(one, paging.q)]
    shown = paging.cut(found)
    return Page(items=shown, total=len(found), page=paging.page, page_size=paging.page_size)


@router.get("/api/rooms/{room_id}", name="rooms.show", summary="考场详情与座位表")
async def show_room(room_id: RoomId, tx: Tx, who: Who) -> RoomDetail:
    """Show a room with its candidates; a proctor sees their own rooms only."""
    room = await access_room(tx, who, room_id)
    arrangement = await seating.read_arrangement(tx, room.sitting_id)
    occupants = [
        OccupantAnswer(
            seat_number=seat.seat_number,
            candidate_id=seat.candidate_id,
            ticket_number=card.ticket_number,
            name=card.name,
            identity_masked=card.identity_masked,
            employer=card.employer,
            is_withdrawn=card.state != "registered",
        )
        for seat, card in await list_occupants(tx, room)
        if card is not None
    ]
    return RoomDetail(
        **_answer(room, await read_staff_names(tx)).model_dump(),
        version=0 if arrangement is None else arrangement.version,
        occupants=occupants,
    )


@router.get("/api/sittings/{sitting_id}/unseated", name="rooms.unseated.list", summary="未编入考场的考生")
async def list_unseated(
    sitting_id: SittingId, tx: Tx, paging: Annotated[Paging, Depends(paging_of)]
) -> Page[UnseatedAnswer]:
    """List who is registered for the sitting's subjects and sits nowhere."""
    sitting = await access_sitting(tx, sitting_id)
    seated = await seating.list_seated_ids(tx, [sitting_id]) | await list_seated_elsewhere(tx, sitting)
    registered = [one for code in sitting.subject_codes for one in await list_registered_ids(tx, sitting.exam_id, code)]
    found = sorted(one for one in registered if one not in seated)
    shown = paging.cut(found)
    cards = await read_public_cards(tx, shown)
    items = [
        UnseatedAnswer(
            candidate_id=one.id,
            ticket_number=one.ticket_number,
            name=one.name,
            subject_code=one.subject_code,
            employer=one.employer,
        )
        for one in (cards[candidate_id] for candidate_id in shown)
    ]
    return Page(items=items, total=len(found), page=paging.page, page_size=paging.page_size)


@router.get("/api/candidates/{candidate_id}/seats", name="rooms.seats.list", summary="考生的考场与座位")
async def list_seats_of_candidate(candidate_id: CandidateId, tx: Tx) -> list[CandidateSeat]:
    """List where a candidate sits, by start; empty for somebody who sits nowhere."""
    await read_public_card(tx, candidate_id)
    names, found = await read_staff_names(tx), []
    for seat in await seating.list_seats_of_candidate(tx, candidate_id):
        sitting, room = await access_sitting(tx, seat.sitting_id), await seating.read_room(tx, seat.room_id)
        if room is not None:
            found.append(
                CandidateSeat(
                    sitting_id=sitting.id,
                    sitting_title=sitting.title,
                    kind=sitting.kind,
                    starts_at=sitting.starts_at,
                    room_id=room.id,
                    room_number=room.number,
                    seat_number=seat.seat_number,
                    proctors=_answer(room, names).proctors,
                )
            )
    return sorted(found, key=lambda one: one.starts_at)


@router.get("/api/my/rooms", name="rooms.own.list", summary="我的考场")
async def list_own_rooms(tx: Tx, who: Who) -> list[OwnRoom]:
    """List the rooms this member of staff watches."""
    names = await read_staff_names(tx)
    own = []
    for room in await seating.list_rooms_of_proctor(tx, StaffId(who.id)):
        sitting = await access_sitting(tx, room.sitting_id)
        own.append(
            OwnRoom(
                room=_answer(room, names),
                sitting_title=sitting.title,
                starts_at=sitting.starts_at.isoformat(),
                ends_at=sitting.last_deadline.isoformat(),
                state=compute_sitting_state(sitting, tx.now),
            )
        )
    return sorted(own, key=lambda one: (one.starts_at, one.room.number))


def _matches(room: RoomAnswer, text: str) -> bool:
    if text.isdigit():
        return room.number == int(text)
    return any(text in proctor.display_name for proctor in room.proctors)


def _answer(room: Room, names: dict[str, str]) -> RoomAnswer:
    return RoomAnswer(
        id=room.id,
        sitting_id=room.sitting_id,
        number=room.number,
        subject_code=room.subject_code,
        seated=room.seated,
        proctors=[ProctorName(staff_id=one, display_name=names.get(one, one)) for one in room.proctor_ids],
        lacks_proctor=bool(list_rooms_lacking_proctors([room])),
    )
