"""Notes and their pictures."""

from collections import defaultdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, Field

from invigil.base.accounts.api import read_staff_names
from invigil.kernel.ids import AttemptId, SittingId
from invigil.platform.blobs import BlobMissingError
from invigil.platform.db import Transaction
from invigil.platform.http import (
    ManagementRouter,
    Page,
    Paging,
    SelfCommittingRouter,
    Tx,
    Who,
    paging_of,
    ports_of,
)
from invigil.watch.proctoring.http.commands import GivenId
from invigil.watch.proctoring.model import NOTE_KINDS, Note, NoteKind, NotesAsked
from invigil.watch.proctoring.model.refusals import NoteNotFound
from invigil.watch.proctoring.service import browsing, noting
from invigil.watch.proctoring.store.records import count_notes_by_subject

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


class ListedNote(NoteAnswer):
    """A note with whom it is about. item: of the question that was open, "" when none was."""

    name: str
    ticket_number: str
    room_number: int
    seat_number: int


class SubjectNotes(BaseModel):
    """How many notes a subject has, and of which kinds."""

    subject_code: str
    notes: int
    kinds: dict[NoteKind, int]


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


@router.get("", name="proctoring.notes.list", summary="监考记录（可按科目、考场、类别、考生查找）")
async def list_notes(
    tx: Tx,
    who: Who,
    sitting_id: SittingId,
    paging: Annotated[Paging, Depends(paging_of)],
    *,
    room_id: Annotated[str, Query(max_length=40)] = "",
    room_number: Annotated[int, Query(ge=0, le=100_000)] = 0,
    subject_code: Annotated[str, Query(max_length=20)] = "",
    kind: Annotated[NoteKind | None, Query()] = None,
    attempt_id: Annotated[str, Query(max_length=40)] = "",
) -> Page[ListedNote]:
    """List the notes of a sitting, the newest first; a proctor sees those of their rooms. `q`: in name, ticket number, words, author."""
    rooms = await browsing.choose_rooms(tx, who, sitting_id, room_id=room_id, room_number=room_number)
    asked = NotesAsked(sitting_id, rooms, subject_code, kind, attempt_id)
    found, total = await browsing.browse_notes(tx, asked, part=paging.q, offset=paging.offset, limit=paging.page_size)
    return Page(items=[_listed(one) for one in found], total=total, page=paging.page, page_size=paging.page_size)


@router.get("/counts", name="proctoring.notes.count", summary="各科目监考记录数")
async def count_notes(tx: Tx, who: Who, sitting_id: SittingId) -> list[SubjectNotes]:
    """Count the notes of a sitting by subject and kind; a proctor's are those of their rooms."""
    asked = NotesAsked(sitting_id, await browsing.choose_rooms(tx, who, sitting_id))
    found: dict[str, dict[NoteKind, int]] = defaultdict(dict)
    for (subject_code, kind), number in (await count_notes_by_subject(tx, asked)).items():
        found[subject_code][kind] = number
    return [
        SubjectNotes(subject_code=one, notes=sum(kinds.values()), kinds=kinds) for one, kinds in sorted(found.items())
    ]


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
    names = await read_staff_names(tx)
    return [NoteAnswer(**_said(one, names.get(one.by, ""))) for one in found]


def _listed(one: browsing.SeenNote) -> ListedNote:
    card = one.card
    return ListedNote(
        **_said(one.note, one.by_name),
        name=card.name if card else "",
        ticket_number=card.ticket_number if card else "",
        room_number=one.room_number,
        seat_number=one.seat_number,
    )


def _said(one: Note, by_name: str) -> dict[str, Any]:
    return {
        "id": one.id, "attempt_id": one.attempt_id, "room_id": one.room_id, "subject_code": one.subject_code,
        "kind": one.kind, "kind_zh": NOTE_KINDS[one.kind].zh, "kind_en": NOTE_KINDS[one.kind].en, "text": one.text,
        "item": one.item, "last_step": one.last_step, "tracks": sorted(one.stills), "by_name": by_name, "at": one.at,
    }  # fmt: skip
