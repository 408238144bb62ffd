"""SQL of notes and of the conversation."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from invigil.kernel.ids import AttemptId, RoomId, SittingId, StaffId
from invigil.platform.db import Transaction
from invigil.watch.proctoring.model import Line, Note, NoteKind, NotesAsked
from invigil.watch.proctoring.store.tables import TEXT_PURPOSE, lines, notes


async def insert_note(tx: Transaction, one: Note) -> None:
    """Write a note."""
    await tx.execute(
        insert(notes).values(
            id=one.id,
            attempt_id=one.attempt_id,
            sitting_id=one.sitting_id,
            room_id=one.room_id,
            subject_code=one.subject_code,
            kind=one.kind,
            text=_seal_note(tx, one.id, one.text),
            item=one.item,
            last_step=one.last_step,
            stills=dict(one.stills),
            written_by=one.by,
            written_at=one.at,
        )
    )


async def update_note(tx: Transaction, note_id: str, kind: NoteKind, text: str) -> None:
    """Write kind and text of a note anew."""
    changed = {"kind": kind, "text": _seal_note(tx, note_id, text)}
    await tx.execute(update(notes).where(notes.c.id == note_id).values(changed))


async def read_note(tx: Transaction, note_id: str) -> Note | None:
    """Return a note."""
    row = (await tx.execute(select(notes).where(notes.c.id == note_id))).first()
    return None if row is None else _note(tx, row)


async def list_notes(
    tx: Transaction, *, attempt_id: str = "", room_ids: Collection[str] = (), sitting_id: str = ""
) -> list[Note]:
    """Return the notes of an attempt, of rooms or of a sitting, by time."""
    rows = await tx.execute(
        select(notes).where(_of(notes, attempt_id, room_ids, sitting_id)).order_by(notes.c.written_at, notes.c.id)
    )
    return [_note(tx, row) for row in rows]


async def find_notes(
    tx: Transaction, asked: NotesAsked, *, offset: int = 0, limit: int | None = None
) -> tuple[list[Note], int]:
    """Return one page of the notes asked for, the newest first, and how many there are. limit: None for all of them."""
    wanted = and_(*_asked(asked))
    total = (await tx.execute(select(func.count()).select_from(notes).where(wanted))).scalar_one()
    query = select(notes).where(wanted).order_by(notes.c.written_at.desc(), notes.c.id).offset(offset).limit(limit)
    return [_note(tx, row) for row in await tx.execute(query)], int(total)


async def list_noted_rooms(tx: Transaction, sitting_id: str) -> set[RoomId]:
    """Return the rooms of a sitting that have notes."""
    rows = await tx.execute(select(notes.c.room_id).where(notes.c.sitting_id == sitting_id).distinct())
    return {RoomId(row.room_id) for row in rows}


async def count_notes_by_subject(tx: Transaction, asked: NotesAsked) -> dict[tuple[str, NoteKind], int]:
    """Return how many of the notes asked for there are, by subject and kind."""
    query = (
        select(notes.c.subject_code, notes.c.kind, func.count().label("number"))
        .where(*_asked(asked))
        .group_by(notes.c.subject_code, notes.c.kind)
    )
    return {(row.subject_code, NoteKind(row.kind)): row.number for row in await tx.execute(query)}


async def count_notes(tx: Transaction, room_ids: Collection[str]) -> dict[str, int]:
    """Return how many notes there are, by attempt."""
    query = (
        select(notes.c.attempt_id, func.count().label("number"))
        .where(notes.c.room_id.in_(room_ids))
        .group_by(notes.c.attempt_id)
    )
    return {row.attempt_id: row.number for row in await tx.execute(query)}


async def insert_line(tx: Transaction, one: Line) -> bool:
    """Write a line; False when its id stands there already."""
    dialect = postgresql if tx.dialect == "postgresql" else sqlite
    place = _place_of_line(one.attempt_id, one.id)
    values = {
        "attempt_id": one.attempt_id,
        "id": one.id,
        "sitting_id": one.sitting_id,
        "room_id": one.room_id,
        "sender": one.sender,
        "said_by": one.by,
        "text": tx.keys.seal_text(one.text, purpose=TEXT_PURPOSE, bound_to=place),
        "said_at": one.at,
        "read_at": one.read_at,
    }
    written = await tx.execute(dialect.insert(lines).values(values).on_conflict_do_nothing())
    return bool(written.rowcount)


async def mark_read(tx: Transaction, attempt_id: str) -> bool:
    """Note that staff have read the candidate's lines; False when there was none unread."""
    unread = (lines.c.attempt_id == attempt_id) & (lines.c.sender == "candidate") & lines.c.read_at.is_(None)
    return bool((await tx.execute(update(lines).where(unread).values(read_at=tx.now))).rowcount)


async def list_lines(tx: Transaction, attempt_ids: Collection[str]) -> list[Line]:
    """Return the conversations of attempts, by time."""
    query = select(lines).where(lines.c.attempt_id.in_(attempt_ids)).order_by(lines.c.said_at, lines.c.id)
    return [_line(tx, row) for row in await tx.execute(query)]


async def count_lines(tx: Transaction, attempt_id: str) -> int:
    """Return how long the conversation is."""
    query = select(func.count()).select_from(lines).where(lines.c.attempt_id == attempt_id)
    return int((await tx.execute(query)).scalar_one())


async def list_unread(tx: Transaction, room_ids: Collection[str]) -> dict[str, list[Any]]:
    """Return the instants of the candidates' unread lines, oldest first, by attempt."""
    query = (
        select(lines.c.attempt_id, lines.c.said_at)
        .where(lines.c.room_id.in_(room_ids), lines.c.sender == "candidate", lines.c.read_at.is_(None))
        .order_by(lines.c.said_at)
    )
    found: dict[str, list[Any]] = {}
    for row in await tx.execute(query):
        found.setdefault(row.attempt_id, []).append(row.said_at)
    return found


def _asked(asked: NotesAsked) -> list[ColumnElement[bool]]:
    conditions = [notes.c.sitting_id == asked.sitting_id, notes.c.room_id.in_(sorted(asked.room_ids))]
    if asked.subject_code:
        conditions.append(notes.c.subject_code == asked.subject_code)
    if asked.kind is not None:
        conditions.append(notes.c.kind == asked.kind)
    if asked.attempt_id:
        conditions.append(notes.c.attempt_id == asked.attempt_id)
    return conditions


def _of(table: Table, attempt_id: str, room_ids: Collection[str], sitting_id: str) -> ColumnElement[bool]:
    if attempt_id:
        return table.c.attempt_id == attempt_id
    return table.c.sitting_id == sitting_id if sitting_id else table.c.room_id.in_(room_ids)


def _place_of_line(attempt_id: str, line_id: str) -> str:
    return f"proctoring_line/text/{attempt_id}/{line_id}"


def _seal_note(tx: Transaction, note_id: str, text: str) -> bytes:
    return tx.keys.seal_text(text, purpose=TEXT_PURPOSE, bound_to=f"proctoring_note/text/{note_id}")


def _note(tx: Transaction, row: Row[Any]) -> Note:
    return Note(
        id=row.id,
        attempt_id=AttemptId(row.attempt_id),
        sitting_id=SittingId(row.sitting_id),
        room_id=RoomId(row.room_id),
        subject_code=row.subject_code,
        kind=NoteKind(row.kind),
        text=tx.keys.open_text(row.text, purpose=TEXT_PURPOSE, bound_to=f"proctoring_note/text/{row.id}"),
        item=row.item,
        last_step=row.last_step,
        stills=dict(row.stills),
        by=StaffId(row.written_by),
        at=row.written_at,
    )


def _line(tx: Transaction, row: Row[Any]) -> Line:
    place = _place_of_line(row.attempt_id, row.id)
    return Line(
        id=row.id,
        attempt_id=AttemptId(row.attempt_id),
        sitting_id=SittingId(row.sitting_id),
        room_id=RoomId(row.room_id),
        sender=row.sender,
        by=row.said_by,
        text=tx.keys.open_text(row.text, purpose=TEXT_PURPOSE, bound_to=place),
        at=row.said_at,
        read_at=row.read_at,
    )
