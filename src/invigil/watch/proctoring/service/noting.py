"""Notes: one click takes the pictures, the subject, the question and the place in the log (S3.15)."""

from collections.abc import Mapping
from dataclasses import replace

from invigil.base.audit.api import record
from invigil.kernel.ids import AttemptId, StaffId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.ports import Ports
from invigil.prepare.rooms.api import access_room
from invigil.sit.activity.api import read_last_step
from invigil.sit.answering.api import Attempt, Still, TrackName, access_attempt, read_device, read_stills
from invigil.watch.proctoring.model import Note, NoteKind
from invigil.watch.proctoring.model.events import ProctoringChanged
from invigil.watch.proctoring.model.refusals import NoteNotFound, NoteNotYours, OrderConflict
from invigil.watch.proctoring.store import records as store


async def access_watched(tx: Transaction, who: Principal, attempt_id: AttemptId) -> Attempt:
    """Return an attempt in a room of theirs.

    Raises: AttemptNotFound, RoomNotFound.
    """
    attempt = await access_attempt(tx, attempt_id)
    await access_room(tx, who, attempt.room_id)
    return attempt


async def take_note(
    ports: Ports, who: Principal, attempt_id: AttemptId, note_id: str, *, kind: NoteKind, text: str
) -> Note:
    """Write a note with the pictures of this instant; the same id again gives the same note.

    The pictures are stored, sealed, before the note that names them.
    Raises: AttemptNotFound, RoomNotFound, OrderConflict.
    Source: S3.15, C5.2.
    """
    stills = read_stills(ports.presence, attempt_id)
    async with ports.db.reading() as tx:
        attempt = await access_watched(tx, who, attempt_id)
        before = await store.read_note(tx, note_id)
    if before is not None:
        return _check_same(before, who, attempt)
    keys = await _store_stills(ports, attempt, note_id, stills)
    device = read_device(ports.presence, attempt.id, "pc")
    async with ports.db.transaction() as tx:
        await tx.lock(f"proctoring.note/{note_id}")
        before = await store.read_note(tx, note_id)
        if before is not None:
            return _check_same(before, who, attempt)
        last = await read_last_step(tx, attempt.id)
        note = Note(
            id=note_id,
            attempt_id=attempt.id,
            sitting_id=attempt.sitting_id,
            room_id=attempt.room_id,
            subject_code=attempt.subject_code,
            kind=kind,
            text=text.strip(),
            item=device.item if device else "",
            last_step=last,
            stills=keys,
            by=StaffId(who.id),
            at=tx.now,
        )
        await store.insert_note(tx, note)
        await record(tx, who, act="proctoring.note.take", on=attempt.id, details={"note": note.id, "kind": kind})
        tx.emit(ProctoringChanged("notes", attempt.id, attempt.sitting_id, attempt.room_id))
    return note


async def edit_note(tx: Transaction, who: Principal, note_id: str, *, kind: NoteKind, text: str) -> Note:
    """Say what a note is about; the pictures, time and place stay.

    Raises: NoteNotFound; NoteNotYours.
    """
    note = await store.read_note(tx, note_id)
    if note is None:
        raise NoteNotFound
    if note.by != who.id:
        raise NoteNotYours
    await store.update_note(tx, note.id, kind, text.strip())
    await record(tx, who, act="proctoring.note.edit", on=note.attempt_id, details={"note": note.id, "kind": kind})
    tx.emit(ProctoringChanged("notes", note.attempt_id, note.sitting_id, note.room_id))
    return replace(note, kind=kind, text=text.strip())


async def record_still_view(tx: Transaction, who: Principal, note_id: str, track: str) -> str:
    """Record that staff look at a note's picture, and return its blob key; fetch it once the record is committed.

    Raises: NoteNotFound, RoomNotFound.
    """
    note = await store.read_note(tx, note_id)
    if note is None or track not in note.stills:
        raise NoteNotFound
    await access_room(tx, who, note.room_id)
    await record(
        tx, who, act="proctoring.note.view_still", on=note.attempt_id, details={"note": note.id, "track": track}
    )
    return note.stills[track]


async def _store_stills(
    ports: Ports, attempt: Attempt, note_id: str, stills: Mapping[TrackName, Still]
) -> dict[str, str]:
    keys = {track: f"notes/{attempt.room_id}/{attempt.id}/{note_id}/{track}.jpg" for track in stills}
    for track, still in stills.items():
        await ports.blobs.put(keys[track], still.jpeg)
    return {str(track): key for track, key in keys.items()}


def _check_same(before: Note, who: Principal, attempt: Attempt) -> Note:
    if (before.by, before.attempt_id) != (who.id, attempt.id):
        raise OrderConflict
    return before
