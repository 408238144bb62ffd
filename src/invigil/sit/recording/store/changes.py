"""SQL of declared gaps, conflicts and changes of tracks."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from invigil.platform.db import Transaction, insert_rows
from invigil.platform.entropy import new_id
from invigil.prepare.exams.api import Track
from invigil.sit.recording.model import DeclaredGap, GapCause, Span, TrackChange, TrackState
from invigil.sit.recording.store.tables import conflicts, gaps, track_changes


class Conflict(NamedTuple):
    """Another content declared under a position that was taken. sha256: hexadecimal."""

    take_id: str
    seq: int
    sha256: str
    attempt_id: str
    at_ms: int


async def insert_gaps(tx: Transaction, declared: Sequence[tuple[str, DeclaredGap]], now_ms: int) -> None:
    """Write gaps by attempt; what stands there already is left as it is."""
    rows = {
        (attempt_id, gap.track.value, gap.span.from_ms, gap.span.to_ms): gap.cause.value for attempt_id, gap in declared
    }
    await insert_rows(tx, gaps, [(*place, cause, now_ms) for place, cause in rows.items()], skips_present=True)


async def list_gaps(tx: Transaction, attempt_id: str) -> list[DeclaredGap]:
    """Return the gaps that pages declared, in the order in which they begin."""
    query = select(gaps).where(gaps.c.attempt_id == attempt_id).order_by(gaps.c.from_ms, gaps.c.to_ms)
    return [
        DeclaredGap(Track(row.track), Span(row.from_ms, row.to_ms), GapCause(row.cause))
        for row in await tx.execute(query)
    ]


async def insert_conflicts(tx: Transaction, found: Sequence[Conflict]) -> None:
    """Write conflicts; the same one again is left as it is."""
    rows = {one[:3]: one for one in found}.values()
    values = [(one.take_id, one.seq, bytes.fromhex(one.sha256), one.attempt_id, one.at_ms) for one in rows]
    await insert_rows(tx, conflicts, values, skips_present=True)


async def list_conflicts(tx: Transaction, attempt_id: str) -> list[Conflict]:
    """Return the conflicts of an attempt in the order in which they were found."""
    query = select(conflicts).where(conflicts.c.attempt_id == attempt_id).order_by(conflicts.c.at_ms, conflicts.c.seq)
    return [
        Conflict(row.take_id, row.seq, row.sha256.hex(), row.attempt_id, row.at_ms) for row in await tx.execute(query)
    ]


async def insert_changes(tx: Transaction, attempt_id: str, changes: Sequence[TrackChange]) -> None:
    """Write changes of tracks."""
    rows = [
        (
            new_id("trk"),
            attempt_id,
            one.track.value,
            one.state.value,
            one.cause and one.cause.value,
            one.since_ms,
            one.at_ms,
        )
        for one in changes
    ]
    await insert_rows(tx, track_changes, rows, skips_present=False)


async def list_changes(tx: Transaction, attempt_id: str) -> list[TrackChange]:
    """Return the changes of an attempt's tracks in the order in which we learnt of them."""
    query = (
        select(track_changes)
        .where(track_changes.c.attempt_id == attempt_id)
        .order_by(track_changes.c.at_ms, track_changes.c.id)
    )
    return [
        TrackChange(
            Track(row.track),
            TrackState(row.state),
            None if row.cause is None else GapCause(row.cause),
            row.since_ms,
            row.at_ms,
        )
        for row in await tx.execute(query)
    ]
