"""Papers for candidates: whole batches, written in pieces, the same again after a crash."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator

from invigil.base.audit.api import record
from invigil.kernel.ids import JobId
from invigil.kernel.principals import Principal
from invigil.kernel.words import Words
from invigil.platform.db import Database, Transaction
from invigil.platform.entropy import new_id
from invigil.platform.jobs import Jobs
from invigil.prepare.papers.model import BatchRecord, Material, PaperSet
from invigil.prepare.papers.rules.dealing import deal
from invigil.prepare.papers.rules.encoding import encode_batch
from invigil.prepare.papers.rules.planning import plan_of_document
from invigil.prepare.papers.rules.refusals import PaperSetNotLocked
from invigil.prepare.papers.service.material import open_material, place_of, seal_body
from invigil.prepare.papers.service.sets import access_set, seal
from invigil.prepare.papers.store import papers as store
from invigil.prepare.papers.store.sets import set_paper_count

# Rows per transaction: on SQLite a long one would hold up answers.
PIECE = 2_000
# The job's name; `jobs` declares it.
DEALING = "papers.set.deal"
Rows = list[dict[str, object]]


async def plan_batch(
    tx: Transaction, who: Principal, paper_set_id: str, candidate_ids: Collection[str]
) -> BatchRecord | None:
    """Note who is dealt together next: those of `candidate_ids` who are in no batch yet; None when nobody is left.

    Raises: PaperSetNotFound; PaperSetNotLocked.
    """
    await tx.lock(f"papers/{paper_set_id}")
    paper_set = await access_set(tx, paper_set_id)
    if not paper_set.is_locked:
        raise PaperSetNotLocked
    known = await store.list_batches(tx, paper_set_id)
    dealt = {candidate_id for batch in known for candidate_id in batch.candidate_ids}
    waiting = tuple(sorted(set(candidate_ids) - dealt))
    if not waiting:
        return None
    batch = BatchRecord(len(known), waiting, is_complete=False)
    await store.insert_batch(tx, paper_set_id, batch)
    await seal(tx, who, paper_set)
    await record(
        tx, who, act="papers.set.deal", on=paper_set_id, details={"batch": batch.number, "candidates": len(waiting)}
    )
    return batch


async def list_unfinished(tx: Transaction, paper_set_id: str) -> list[BatchRecord]:
    """Return batches of which papers are still to be written."""
    return [batch for batch in await store.list_batches(tx, paper_set_id) if not batch.is_complete]


async def deal_batch(tx: Transaction, paper_set: PaperSet, batch: BatchRecord) -> Rows:
    """Return the rows of a batch that are not written yet; the same batch gives the same papers every time."""
    material = await open_material(tx, paper_set)
    rows = await asyncio.to_thread(_make_rows, paper_set, material, batch)
    written = await store.list_holders(tx, paper_set.id, batch.number)
    return [row for row in rows if row["candidate_id"] not in written]


def _make_rows(paper_set: PaperSet, material: Material, batch: BatchRecord) -> Rows:
    dealt = deal(
        paper_set.blueprint,
        material.pool,
        plan_of_document(material.plan),
        seed=material.seed,
        batch=batch.number,
        candidate_ids=batch.candidate_ids,
    )
    return [
        {
            "paper_set_id": paper_set.id,
            "candidate_id": candidate_id,
            "id": new_id("ppr"),
            "batch": batch.number,
            "body": seal_body(material.key, place_of(paper_set.id, candidate_id), encoded),
        }
        for candidate_id, encoded in zip(dealt.candidate_ids, encode_batch(dealt), strict=True)
    ]


def cut(rows: Rows) -> Iterator[Rows]:
    """Return the rows in pieces for one transaction each."""
    return (rows[first : first + PIECE] for first in range(0, len(rows), PIECE))


async def write_piece(tx: Transaction, rows: Rows) -> None:
    """Write some rows."""
    await store.insert_papers(tx, rows)


async def finish_batch(tx: Transaction, paper_set_id: str, number: int) -> None:
    """Note that the batch is whole."""
    await store.complete_batch(tx, paper_set_id, number)
    await set_paper_count(tx, paper_set_id, await store.count_papers(tx, paper_set_id))


async def generate(tx: Transaction, who: Principal, paper_set_id: str, candidate_ids: Collection[str]) -> int:
    """Make the papers of those candidates who have none, in this transaction; return how many.

    Papers dealt before do not change. For thousands of candidates leave it to the job `papers.set.deal`.
    Raises: PaperSetNotFound; PaperSetNotLocked.
    """
    batch = await plan_batch(tx, who, paper_set_id, candidate_ids)
    if batch is None:
        return 0
    rows = await deal_batch(tx, await access_set(tx, paper_set_id), batch)
    for piece in cut(rows):
        await write_piece(tx, piece)
    await finish_batch(tx, paper_set_id, batch.number)
    return len(rows)


async def leave_dealing(
    tx: Transaction, jobs: Jobs, who: Principal, paper_set_id: str, candidate_ids: Collection[str]
) -> JobId | None:
    """Note who is dealt papers and leave the work to a job; None when everybody has one.

    Raises: PaperSetNotFound; PaperSetNotLocked.
    """
    batch = await plan_batch(tx, who, paper_set_id, candidate_ids)
    if batch is None:
        return None
    title = Words(f"生成考生试卷（{len(batch.candidate_ids)} 份）", f"Deal papers: {len(batch.candidate_ids)}")
    return await jobs.enqueue(tx, DEALING, {"paper_set_id": paper_set_id}, owner=who, title=title)


async def deal_all(db: Database, paper_set_id: str, report: Callable[[int, int], Awaitable[None]]) -> int:
    """Write the papers of every batch that is not complete, in short transactions; return how many were written.

    May be broken off anywhere and begun again. report: called with papers written and papers to write.
    """
    async with db.reading() as tx:
        paper_set = await access_set(tx, paper_set_id)
        unfinished = await list_unfinished(tx, paper_set_id)
    total, done = sum(len(batch.candidate_ids) for batch in unfinished), 0
    for batch in unfinished:
        async with db.reading() as tx:
            rows = await deal_batch(tx, paper_set, batch)
        for piece in cut(rows):
            async with db.transaction() as tx:
                await write_piece(tx, piece)
            done += len(piece)
            await report(done, total)
        async with db.transaction() as tx:
            await finish_batch(tx, paper_set_id, batch.number)
    return done
