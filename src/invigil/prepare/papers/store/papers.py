"""SQL of batches and of candidates' papers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select, update

from invigil.platform.db import Transaction
from invigil.prepare.papers.model import BatchRecord
from invigil.prepare.papers.store.tables import batches, papers

# SQLite takes at most 32,766 parameters in one statement.
_IDS_AT_ONCE = 10_000


async def insert_batch(tx: Transaction, paper_set_id: str, batch: BatchRecord) -> None:
    """Write a batch before its papers."""
    await tx.execute(
        insert(batches).values(
            paper_set_id=paper_set_id,
            number=batch.number,
            candidate_ids=list(batch.candidate_ids),
            is_complete=batch.is_complete,
            made_at=tx.now,
        )
    )


async def list_batches(tx: Transaction, paper_set_id: str) -> list[BatchRecord]:
    """Return the set's batches in order."""
    rows = await tx.execute(select(batches).where(batches.c.paper_set_id == paper_set_id).order_by(batches.c.number))
    return [BatchRecord(row.number, tuple(row.candidate_ids), row.is_complete) for row in rows.all()]


async def complete_batch(tx: Transaction, paper_set_id: str, number: int) -> None:
    """Note that every paper of the batch is written."""
    await tx.execute(
        update(batches)
        .where(batches.c.paper_set_id == paper_set_id, batches.c.number == number)
        .values(is_complete=True)
    )


async def insert_papers(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write papers; `rows` are column values and not empty."""
    await tx.execute(insert(papers), [dict(row) for row in rows])


async def list_holders(tx: Transaction, paper_set_id: str, batch: int) -> set[str]:
    """Return the candidates of a batch whose paper is written."""
    rows = await tx.execute(
        select(papers.c.candidate_id).where(papers.c.paper_set_id == paper_set_id, papers.c.batch == batch)
    )
    return {row.candidate_id for row in rows.all()}


async def count_papers(tx: Transaction, paper_set_id: str) -> int:
    """Return how many papers the set has."""
    count = await tx.execute(select(func.count()).select_from(papers).where(papers.c.paper_set_id == paper_set_id))
    return int(count.scalar_one())


async def find_paper(tx: Transaction, paper_set_id: str, candidate_id: str) -> tuple[str, bytes] | None:
    """Return (paper id, sealed body)."""
    row = (
        await tx.execute(
            select(papers.c.id, papers.c.body).where(
                papers.c.paper_set_id == paper_set_id, papers.c.candidate_id == candidate_id
            )
        )
    ).first()
    return None if row is None else (row.id, row.body)


async def read_papers(tx: Transaction, paper_set_id: str, candidate_ids: Iterable[str]) -> dict[str, bytes]:
    """Return the sealed bodies of those candidates who have a paper."""
    wanted = list(candidate_ids)
    found: dict[str, bytes] = {}
    for first in range(0, len(wanted), _IDS_AT_ONCE):
        rows = await tx.execute(
            select(papers.c.candidate_id, papers.c.body).where(
                papers.c.paper_set_id == paper_set_id,
                papers.c.candidate_id.in_(wanted[first : first + _IDS_AT_ONCE]),
            )
        )
        found |= {row.candidate_id: row.body for row in rows.all()}
    return found
