"""Notes and their pictures."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from invigil.base.accounts.api import list_staff
from invigil.kernel.ids import AttemptId, RoomId, SittingId
from invigil.platform.blobs import BlobMissingError
from invigil.platform.db import Transaction
from invigil.platform.http import ManagementRouter, SelfCommittingRouter, Tx, Who, ports_of
from invigil.prepare.exams.api import access_sitting
from invigil.prepare.rooms.api import access_room, find_seen_rooms
from invigil.watch.proctoring.http.commands import GivenId
from invigil.watch.proctoring.model import NOTE_KINDS, Note, NoteKind
from invigil.watch.proctoring.model.refusals import NoteNotFound
from invigil.watch.proctoring.service import noting
from invigil.watch.proctoring.store.records import list_notes as find_notes

router = ManagementRouter(prefix="/api/proctoring/notes", tags=["proctoring"])
own_router = SelfCommittingRouter(prefix="/api/proctoring/notes", tags=["proctoring"])


class NoteForm(BaseModel):
    """A note that is taken now; what it is about can be said afterwards."""

    note_id: GivenId
    attempt_id: str
    kind: NoteKind = NoteKind.OTHER
    text: str = Field(default="", max_length=1000)


class NoteEdit(BaseModel):
    """What a note is about."""

    kind: NoteKind
    text: str = Field(max_length=1000)


class NoteAnswer(BaseModel):
    """A note. tracks: those with a picture."""

    id: str
    attempt_id: str
    room_id: str
    subject_code: str
    kind: NoteKind
    kind_zh: str
    kind_en: str
    text: str
    item: str
    last_step: int
    tracks: list[str]
    by_name: str
    at: datetime


@own_router.post("", name="proctoring.notes.take", summary="记录（自动截取各路画面）", status_code=201)
async def take(form: NoteForm, request: Request, who: Who) -> NoteAnswer:
    """Write a note with the stills of all tracks at this instant."""
    ports = ports_of(request)
    attempt_id = AttemptId(form.attempt_id)
    note = await noting.take_note(ports, who, attempt_id, form.note_id, kind=form.kind, text=form.text)
    async with ports.db.reading() as tx:
        return (await _answers(tx, [note]))[0]


@router.put("/{note_id}", name="proctoring.notes.edit", summary="补充监考记录")
async def edit(note_id: str, form: NoteEdit, tx: Tx, who: Who) -> NoteAnswer:
    """Say what the note is about; pictures, time and place stay."""
    return (await _answers(tx, [await noting.edit_note(tx, who, note_id, kind=form.kind, text=form.text)]))[0]


@router.get("", name="proctoring.notes.list", summary="监考记录")
async def list_notes(
    tx: Tx,
    who: Who,
    *,
    attempt_id: Annotated[str, Query()] = "",
    room_id: Annotated[str, Query()] = "",
    sitting_id: Annotated[str, Query()] = "",
    subject_code: Annotated[str, Query()] = "",
) -> list[NoteAnswer]:
    """List the notes of an attempt, a room or a sitting by time; of a sitting a proctor sees those of their rooms."""
    if attempt_id:
        await noting.access_watched(tx, who, AttemptId(attempt_id))
        found = await find_notes(tx, attempt_id=attempt_id)
    elif room_id:
        await access_room(tx, who, RoomId(room_id))
        found = await find_notes(tx, room_ids=[room_id])
    else:
        await access_sitting(tx, SittingId(sitting_id))
        found = await find_notes(tx, sitting_id=sitting_id)
        is_seen = await find_seen_rooms(tx, who)
        found = [one for one in found if is_seen(RoomId(one.room_id))]
    return await _answers(tx, [one for one in found if subject_code in ("", one.subject_code)])


@own_router.get("/{note_id}/stills/{track}", name="proctoring.notes.view_still", summary="监考记录截图")
async def view_still(note_id: str, track: str, request: Request, who: Who) -> Response:
    """Show a note's picture; looking is recorded before it is shown."""
    ports = ports_of(request)
    async with ports.db.transaction() as tx:
        key = await noting.record_still_view(tx, who, note_id, track)
    try:
        picture = await ports.blobs.get(key)
    except BlobMissingError as fault:
        raise NoteNotFound from fault
    return Response(picture, media_type="image/jpeg")


async def _answers(tx: Transaction, found: list[Note]) -> list[NoteAnswer]:
    names: dict[str, str] = {one.id: one.display_name for one in await list_staff(tx)}
    return [
        NoteAnswer(
            id=one.id,
            attempt_id=one.attempt_id,
            room_id=one.room_id,
            subject_code=one.subject_code,
            kind=one.kind,
            kind_zh=NOTE_KINDS[one.kind].zh,
            kind_en=NOTE_KINDS[one.kind].en,
            text=one.text,
            item=one.item,
            last_step=one.last_step,
            tracks=sorted(one.stills),
            by_name=names.get(one.by, ""),
            at=one.at,
        )
        for one in found
    ]
