"""SQL of attempts, saved sheets and receipts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    Row,
    String,
    Table,
    UniqueConstraint,
    and_,
    insert,
    select,
    text,
    update,
)

from invigil.kernel.ids import AttemptId, CandidateId, ExamId, RoomId, SittingId
from invigil.platform.db import JsonDocument, Transaction, UtcInstant, metadata, to_microseconds
from invigil.sit.answering.model import Attempt, AttemptState

attempts = Table(
    "answering_attempt",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("exam_id", String(40), nullable=False),
    Column("sitting_id", String(40), nullable=False),
    Column("is_mock", Boolean(create_constraint=False), nullable=False),
    Column("room_id", String(40), nullable=False, index=True),
    Column("seat_number", Integer, nullable=False),
    Column("candidate_id", String(40), nullable=False, index=True),
    Column("paper_set_id", String(40), nullable=False),
    Column("subject_code", String(16), nullable=False),
    Column("item_count", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("seat_epoch", Integer, nullable=False),
    Column("login_id", String(40), nullable=False, index=True),
    Column("starts_at", UtcInstant, nullable=False),
    Column("duration_us", BigInteger, nullable=False),
    Column("extra_us", BigInteger, nullable=False, default=0),
    Column("paused_for_us", BigInteger, nullable=False, default=0),
    Column("paused_at", UtcInstant),
    Column("grace_us", BigInteger, nullable=False),
    Column("early_hand_in_us", BigInteger, nullable=False),
    Column("entered_at", UtcInstant, nullable=False),
    Column("ended_at", UtcInstant),
    Column("round", Integer, nullable=False, default=1),
    # Grows with every change of the row, so that a process knows whether what it remembers still holds.
    Column("revision", Integer, nullable=False, default=1),
    Column("consent_version", String(40), nullable=False),
    Column("consent_at", UtcInstant, nullable=False),
    Column("device", JsonDocument, nullable=False),
    UniqueConstraint("sitting_id", "candidate_id"),
    # Every row is changed in place when its attempt ends: with room on its page no index has to be written (PostgreSQL's HOT).
    postgresql_with={"fillfactor": 50},
)

_MICROSECOND = timedelta(microseconds=1)


def attempt_of(row: Row[Any]) -> Attempt:
    """Return the attempt of a row."""
    return Attempt(
        id=AttemptId(row.id),
        exam_id=ExamId(row.exam_id),
        sitting_id=SittingId(row.sitting_id),
        is_mock=row.is_mock,
        room_id=RoomId(row.room_id),
        seat_number=row.seat_number,
        candidate_id=CandidateId(row.candidate_id),
        paper_set_id=row.paper_set_id,
        subject_code=row.subject_code,
        item_count=row.item_count,
        state=AttemptState(row.state),
        seat_epoch=row.seat_epoch,
        login_id=row.login_id,
        starts_at=row.starts_at,
        duration=timedelta(microseconds=row.duration_us),
        extra_time=timedelta(microseconds=row.extra_us),
        paused_for=timedelta(microseconds=row.paused_for_us),
        paused_at=row.paused_at,
        grace=timedelta(microseconds=row.grace_us),
        early_hand_in_after=timedelta(microseconds=row.early_hand_in_us),
        entered_at=row.entered_at,
        ended_at=row.ended_at,
        round=row.round,
    )


async def insert_attempt(
    tx: Transaction, attempt: Attempt, *, consent_version: str, device: Mapping[str, object]
) -> None:
    """Write a new attempt."""
    await insert_attempts(tx, [attempt], consent_version=consent_version, device=device)


async def insert_attempts(
    tx: Transaction, new: Sequence[Attempt], *, consent_version: str, device: Mapping[str, object]
) -> None:
    """Write new attempts, at least one, whose candidates consented to the same."""
    consent = {"consent_version": consent_version, "consent_at": tx.now, "device": dict(device)}
    await tx.execute(insert(attempts), [_row_of(attempt) | consent for attempt in new])


def _row_of(attempt: Attempt) -> dict[str, object]:
    return {
        "id": attempt.id,
        "exam_id": attempt.exam_id,
        "sitting_id": attempt.sitting_id,
        "is_mock": attempt.is_mock,
        "room_id": attempt.room_id,
        "seat_number": attempt.seat_number,
        "candidate_id": attempt.candidate_id,
        "paper_set_id": attempt.paper_set_id,
        "subject_code": attempt.subject_code,
        "item_count": attempt.item_count,
        "state": attempt.state,
        "seat_epoch": attempt.seat_epoch,
        "login_id": attempt.login_id,
        "starts_at": attempt.starts_at,
        "duration_us": attempt.duration // _MICROSECOND,
        "extra_us": attempt.extra_time // _MICROSECOND,
        "paused_for_us": attempt.paused_for // _MICROSECOND,
        "paused_at": attempt.paused_at,
        "grace_us": attempt.grace // _MICROSECOND,
        "early_hand_in_us": attempt.early_hand_in_after // _MICROSECOND,
        "entered_at": attempt.entered_at,
        "ended_at": attempt.ended_at,
        "round": attempt.round,
    }


async def read_attempts(tx: Transaction, ids: Iterable[str], *, is_locking: bool) -> dict[str, Attempt]:
    """Return the attempts by id; with `is_locking` nobody else changes them until the transaction ends."""
    query = select(attempts).where(attempts.c.id.in_(sorted(set(ids)))).order_by(attempts.c.id)
    if is_locking and tx.dialect == "postgresql":
        query = query.with_for_update()
    return {row.id: attempt_of(row) for row in await tx.execute(query)}


class KnownAttempts:
    """Attempts as this process last read them; used only where the table still holds the same revision."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._known: dict[str, tuple[int, Attempt]] = {}

    async def read_locked(self, tx: Transaction, ids: Iterable[str]) -> dict[str, Attempt]:
        """Return the attempts by id; nobody else changes them until the transaction ends."""
        revisions = await _lock_revisions(tx, sorted(set(ids)))
        stale = [one for one, revision in revisions.items() if self._known.get(one, (0, None))[0] != revision]
        if stale:
            if len(self._known) + len(stale) > self._most:
                self._known.clear()
                stale = list(revisions)
            fresh = await read_attempts(tx, stale, is_locking=False)
            self._known.update({one: (revisions[one], attempt) for one, attempt in fresh.items()})
        return {one: self._known[one][1] for one in revisions}


# Written by hand: this runs for every group of saves; one array costs less than hundreds of parameters.
# One row with everything: the driver gives the interpreter up at every row, and taking it back from a busy loop is slow.
_LOCK_SQLITE = text(
    "SELECT json_group_object(id, revision) FROM answering_attempt WHERE id IN (SELECT value FROM json_each(:ids))"
)
_LOCK_POSTGRESQL = text(
    "SELECT id, revision FROM answering_attempt WHERE id = ANY(string_to_array(:ids, ',')) ORDER BY id FOR UPDATE"
)


async def _lock_revisions(tx: Transaction, ids: list[str]) -> dict[str, int]:
    if tx.dialect == "postgresql":
        return {row.id: row.revision for row in await tx.execute(_LOCK_POSTGRESQL, {"ids": joined_ids(ids)})}
    found: dict[str, int] = msgspec.json.decode((await tx.execute(_LOCK_SQLITE, {"ids": listed_ids(ids)})).scalar_one())
    return found


def joined_ids(ids: Iterable[str]) -> str:
    """Return our own identifiers (letters, digits, underscores) as one text for PostgreSQL; an array costs 20 times as much."""
    return ",".join(ids)


def listed_ids(ids: Collection[str]) -> str:
    """Return identifiers as one JSON array for SQLite."""
    return msgspec.json.encode(ids).decode()


async def find_attempt(tx: Transaction, *, sitting_id: str, candidate_id: str) -> Attempt | None:
    """Return the candidate's attempt of a sitting."""
    condition = and_(attempts.c.sitting_id == sitting_id, attempts.c.candidate_id == candidate_id)
    row = (await tx.execute(select(attempts).where(condition))).first()
    return None if row is None else attempt_of(row)


async def list_attempts_of_rooms(tx: Transaction, room_ids: Collection[str]) -> list[Attempt]:
    """Return the attempts of rooms by room and seat."""
    query = (
        select(attempts).where(attempts.c.room_id.in_(room_ids)).order_by(attempts.c.room_id, attempts.c.seat_number)
    )
    return [attempt_of(row) for row in await tx.execute(query)]


async def list_attempts(
    tx: Transaction, *, sitting_id: str = "", room_id: str = "", candidate_id: str = ""
) -> list[Attempt]:
    """Return the attempts of a sitting, a room or a candidate, by room and seat."""
    column, value = (
        (attempts.c.sitting_id, sitting_id)
        if sitting_id
        else (attempts.c.room_id, room_id)
        if room_id
        else (attempts.c.candidate_id, candidate_id)
    )
    query = select(attempts).where(column == value).order_by(attempts.c.room_id, attempts.c.seat_number)
    return [attempt_of(row) for row in await tx.execute(query)]


async def list_running(tx: Transaction) -> list[Attempt]:
    """Return every attempt that has not ended."""
    states = [AttemptState.OPEN, AttemptState.LOCKED]
    return [attempt_of(row) for row in await tx.execute(select(attempts).where(attempts.c.state.in_(states)))]


async def list_held_by_login(tx: Transaction, login_id: str) -> list[Attempt]:
    """Return the attempts whose seat this login holds and that have not ended."""
    running = [AttemptState.OPEN, AttemptState.PAUSED, AttemptState.LOCKED]
    query = select(attempts).where(attempts.c.login_id == login_id, attempts.c.state.in_(running))
    return [attempt_of(row) for row in await tx.execute(query)]


async def update_attempt(tx: Transaction, attempt_id: str, **changes: object) -> None:
    """Write some columns of one attempt; durations are given as `…_us`."""
    revised = {**changes, "revision": attempts.c.revision + 1}
    await tx.execute(update(attempts).where(attempts.c.id == attempt_id).values(**revised))


# Written by hand: at the end of a sitting this runs for everybody within seconds.
_END_SQLITE = text(
    "UPDATE answering_attempt SET state = :state, ended_at = :ended_at, revision = revision + 1"
    " WHERE id IN (SELECT value FROM json_each(:ids))"
)
_END_POSTGRESQL = text(
    "UPDATE answering_attempt SET state = :state, ended_at = :ended_at, revision = revision + 1"
    " WHERE id = ANY(string_to_array(:ids, ','))"
)


async def end_attempts(tx: Transaction, ids: Sequence[str], state: AttemptState) -> None:
    """Mark attempts as ended now, in this state."""
    if not ids:
        return
    values = {"state": state.value, "ended_at": to_microseconds(tx.now)}
    if tx.dialect == "postgresql":
        await tx.execute(_END_POSTGRESQL, values | {"ids": joined_ids(ids)})
    else:
        await tx.execute(_END_SQLITE, values | {"ids": listed_ids(ids)})
