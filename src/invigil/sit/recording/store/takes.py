"""SQL of takes."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, text, update

from invigil.kernel.ids import AttemptId
from invigil.platform.db import Transaction
from invigil.prepare.exams.api import Track
from invigil.sit.recording.model import GapCause, Take, TakeEnd
from invigil.sit.recording.store.tables import takes


def take_of(row: Row[Any]) -> Take:
    """Return the take of a row."""
    end = None if row.end_cause is None else TakeEnd(row.end_last_seq, GapCause(row.end_cause), row.ended_at_ms)
    return Take(
        id=row.id,
        attempt_id=AttemptId(row.attempt_id),
        track=Track(row.track),
        epoch=row.epoch,
        mime=row.mime,
        width=row.width,
        height=row.height,
        frame_rate=row.frame_rate,
        video_kbps=row.video_kbps,
        audio_kbps=row.audio_kbps,
        is_test=row.is_test,
        started_at=row.started_at,
        registered_at=row.registered_at,
        prefix=row.prefix,
        sealed_key=row.key,
        sealed_label=row.label,
        segment_count=row.segment_count,
        last_sha256=row.last_sha256,
        total_bytes=row.total_bytes,
        rows_digest=bytes.fromhex(row.rows_digest),
        origin_ms=row.origin_ms,
        last_p1_ms=row.last_p1_ms,
        kept_at=row.kept_at,
        end=end,
        mac=bytes.fromhex(row.mac),
    )


def _state(take: Take) -> dict[str, Any]:
    end = take.end
    return {
        "segment_count": take.segment_count,
        "last_sha256": take.last_sha256,
        "total_bytes": take.total_bytes,
        "rows_digest": take.rows_digest.hex(),
        "origin_ms": take.origin_ms,
        "last_p1_ms": take.last_p1_ms,
        "kept_at": take.kept_at,
        "end_last_seq": None if end is None else end.last_seq,
        "end_cause": None if end is None else end.cause.value,
        "ended_at_ms": None if end is None else end.ended_at_ms,
        "mac": take.mac.hex(),
    }


async def insert_take(tx: Transaction, take: Take, *, sitting_id: str) -> None:
    """Write a new take."""
    row = {
        "id": take.id,
        "attempt_id": take.attempt_id,
        "sitting_id": sitting_id,
        "track": take.track.value,
        "epoch": take.epoch,
        "mime": take.mime,
        "width": take.width,
        "height": take.height,
        "frame_rate": take.frame_rate,
        "video_kbps": take.video_kbps,
        "audio_kbps": take.audio_kbps,
        "is_test": take.is_test,
        "started_at": take.started_at,
        "registered_at": take.registered_at,
        "prefix": take.prefix,
        "key": take.sealed_key,
        "label": take.sealed_label,
    }
    await tx.execute(insert(takes), [row | _state(take)])


async def count_takes(tx: Transaction, attempt_id: str) -> int:
    """Return how many takes the attempt has."""
    query = select(func.count()).select_from(takes).where(takes.c.attempt_id == attempt_id)
    return int((await tx.execute(query)).scalar_one())


async def read_takes(tx: Transaction, ids: Iterable[str]) -> dict[str, Take]:
    """Return the takes by id; those that are not there are absent."""
    query = select(takes).where(takes.c.id.in_(sorted(set(ids))))
    return {row.id: take_of(row) for row in await tx.execute(query)}


# Written by hand: this runs for every group of commits; one array costs less than hundreds of parameters.
_SQLITE_IDS = text("id IN (SELECT value FROM json_each(:ids))")
_POSTGRESQL_IDS = text("id = ANY(string_to_array(:ids, ','))")
_LOCK_SQLITE = select(takes).where(_SQLITE_IDS)
_LOCK_POSTGRESQL = select(takes).where(_POSTGRESQL_IDS).order_by(takes.c.id).with_for_update()


async def read_takes_locked(tx: Transaction, ids: Iterable[str]) -> dict[str, Take]:
    """Return the takes by id; nobody else changes them until the transaction ends."""
    wanted = sorted(set(ids))
    if tx.dialect == "postgresql":
        rows = await tx.execute(_LOCK_POSTGRESQL, {"ids": ",".join(wanted)})
    else:
        rows = await tx.execute(_LOCK_SQLITE, {"ids": json.dumps(wanted)})
    return {row.id: take_of(row) for row in rows}


async def list_takes(tx: Transaction, attempt_id: str) -> list[Take]:
    """Return the takes of an attempt in the order in which they began."""
    query = select(takes).where(takes.c.attempt_id == attempt_id).order_by(takes.c.started_at, takes.c.id)
    return [take_of(row) for row in await tx.execute(query)]


async def list_takes_of_sitting(tx: Transaction, sitting_id: str) -> list[Take]:
    """Return the takes of a sitting, by attempt."""
    query = select(takes).where(takes.c.sitting_id == sitting_id).order_by(takes.c.attempt_id, takes.c.started_at)
    return [take_of(row) for row in await tx.execute(query)]


_UPDATE = (
    update(takes)
    .where(takes.c.id == bindparam("take_id"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                "segment_count", "last_sha256", "total_bytes", "rows_digest", "origin_ms", "last_p1_ms", "kept_at",
                "end_last_seq", "end_cause", "ended_at_ms", "mac",
            )
        }
    )
)  # fmt: skip


async def update_takes(tx: Transaction, changed: Sequence[Take]) -> None:
    """Write the state of takes."""
    if not changed:
        return
    rows = [{"take_id": one.id} | {f"new_{name}": value for name, value in _state(one).items()} for one in changed]
    await tx.execute(_UPDATE, rows)


async def forget_keys(tx: Transaction, attempt_id: str) -> None:
    """Forget the keys and device names of an attempt's takes; what they sealed can never be opened again."""
    await tx.execute(update(takes).where(takes.c.attempt_id == attempt_id).values(key=b"", label=b""))
