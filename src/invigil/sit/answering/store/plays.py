"""SQL of plays: how often each sound or film of a paper was played."""

from collections.abc import Mapping

from sqlalchemy import Column, Integer, String, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from invigil.kernel.ids import AttemptId
from invigil.platform.db import Transaction, metadata
from invigil.sit.answering.model.plays import MAX_PLACE

plays = Table(
    "answering_play",
    metadata,
    Column("attempt_id", String(40), primary_key=True),
    # The item and the medium in it, "i1/media_…".
    Column("place", String(MAX_PLACE), primary_key=True),
    Column("play_count", Integer, nullable=False),
    sqlite_with_rowid=False,
)


async def read_plays(tx: Transaction, attempt_id: AttemptId) -> dict[str, int]:
    """Return how often each medium was played, by place; what was never played is absent."""
    query = select(plays.c.place, plays.c.play_count).where(plays.c.attempt_id == attempt_id)
    return {row.place: row.play_count for row in await tx.execute(query)}


async def raise_plays(tx: Transaction, attempt_id: AttemptId, counts: Mapping[str, int]) -> None:
    """Keep counts that are greater than what stands; a smaller or equal one changes nothing, in whatever order they come."""
    dialect = postgresql if tx.dialect == "postgresql" else sqlite
    statement = dialect.insert(plays)
    given = statement.excluded.play_count
    rows = [{"attempt_id": attempt_id, "place": place, "play_count": count} for place, count in sorted(counts.items())]
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["attempt_id", "place"], set_={"play_count": given}, where=given > plays.c.play_count
        ),
        rows,
    )
