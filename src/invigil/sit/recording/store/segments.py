"""SQL of segments."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import select, tuple_

from invigil.platform.db import Transaction, insert_rows
from invigil.sit.recording.model import CommittedSegment, Segment, Take
from invigil.sit.recording.rules.sealing import object_key
from invigil.sit.recording.store.tables import segments, takes


class Stretch(NamedTuple):
    """When a segment was recorded, in presentation time of its take."""

    take_id: str
    p0_ms: int
    p1_ms: int


async def insert_segments(tx: Transaction, new: Sequence[CommittedSegment], kept_at_ms: int) -> None:
    """Write segments; each position is free."""
    rows = [
        (one.take_id, one.seq, bytes.fromhex(one.sha256), one.size, one.p0_ms, one.p1_ms, one.at_ms, kept_at_ms)
        for one in new
    ]
    await insert_rows(tx, segments, rows, skips_present=False)


async def read_hashes(tx: Transaction, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Return the hashes, hexadecimal, that stand at these positions."""
    wanted = sorted(set(places))
    found: dict[tuple[str, int], str] = {}
    # SQLite takes at most 32,766 parameters in a statement.
    for start in range(0, len(wanted), 10_000):
        query = select(segments.c.take_id, segments.c.seq, segments.c.sha256).where(
            tuple_(segments.c.take_id, segments.c.seq).in_(wanted[start : start + 10_000])
        )
        found |= {(row.take_id, row.seq): row.sha256.hex() for row in await tx.execute(query)}
    return found


async def list_segments(tx: Transaction, take: Take, *, first: int = 0, most: int | None = None) -> list[Segment]:
    """Return the segments of a take from this one on, in order of seq; no more than so many."""
    of_take = (segments.c.take_id == take.id) & (segments.c.seq >= first)
    query = select(segments).where(of_take).order_by(segments.c.seq).limit(most)
    return [
        Segment(
            take_id=row.take_id,
            seq=row.seq,
            sha256=row.sha256.hex(),
            size=row.bytes,
            p0_ms=row.p0_ms,
            p1_ms=row.p1_ms,
            at_ms=row.at_ms,
            kept_at_ms=row.kept_at_ms,
            key=object_key(take.prefix, row.seq, row.sha256.hex()),
        )
        for row in await tx.execute(query)
    ]


async def list_stretches(tx: Transaction, attempt_id: str) -> list[Stretch]:
    """Return when each segment of an attempt was recorded, by take and seq; init segments are left out."""
    query = (
        select(segments.c.take_id, segments.c.p0_ms, segments.c.p1_ms)
        .join(takes, takes.c.id == segments.c.take_id)
        .where(takes.c.attempt_id == attempt_id, segments.c.seq > 0)
        .order_by(segments.c.take_id, segments.c.seq)
    )
    return [Stretch(row.take_id, row.p0_ms, row.p1_ms) for row in await tx.execute(query)]
