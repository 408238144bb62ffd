"""Comparing questions with the bank: for an import's preview, and for a report over the whole bank."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from invigil.base.audit.api import record
from invigil.kernel.principals import Principal
from invigil.kernel.words import Words
from invigil.platform.blobs import BlobMissingError
from invigil.platform.db import Transaction
from invigil.platform.jobs import JobContext
from invigil.platform.ports import Ports
from invigil.prepare.questions.duplicates import find_similar, fingerprint
from invigil.prepare.questions.refusals import NoDuplicateReport
from invigil.prepare.questions.service.protecting import open_content
from invigil.prepare.questions.service.reading import QuestionHead, list_heads
from invigil.prepare.questions.service.staged import Twin
from invigil.prepare.questions.store import bank as store

REPORT_KEY = "questions/duplicates/report"
FIND_JOB = "questions.duplicates.find"
# More twins than this beside one question help nobody.
MAX_TWINS = 5
MAX_PAIRS = 5_000
_STAGED = "#"


class Pair(msgspec.Struct, frozen=True):
    """Two questions of the bank that look alike."""

    left: str
    right: str
    percent: int


class Report(msgspec.Struct, frozen=True):
    """The outcome of a search over the bank. is_cut: there were more pairs than are kept."""

    made_at: datetime
    questions: int
    pairs: tuple[Pair, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class ShownPair:
    """A pair with what a list shows of its questions; None for one that is gone."""

    percent: int
    left: QuestionHead
    right: QuestionHead


async def load_fingerprints(tx: Transaction) -> dict[str, str]:
    """Return the normalised text of every active question by its id; opens the whole bank."""
    rows = await store.list_contents(tx)
    keys = tx.keys

    def open_all() -> dict[str, str]:
        return {row.id: fingerprint(open_content(keys, row.version_id, row.content)) for row in rows}

    return await asyncio.to_thread(open_all)


def find_twins(bank: Mapping[str, str], texts: Sequence[str]) -> dict[int, list[Twin]]:
    """Return, by place from 1, what each new text looks like in the bank and earlier in the same file, most alike first."""
    staged = {f"{_STAGED}{place:06d}": text for place, text in enumerate(texts, start=1)}
    twins: dict[int, list[Twin]] = defaultdict(list)
    for pair in find_similar({**bank, **staged}, among=staged):
        sides = sorted((pair.left, pair.right))
        # "#" sorts before letters: the first is staged, and of two staged ones the later is the copy.
        own, other = (sides[1], sides[0]) if sides[1].startswith(_STAGED) else (sides[0], sides[1])
        found = twins[int(own[1:])]
        if len(found) < MAX_TWINS:
            position = int(other[1:]) if other.startswith(_STAGED) else 0
            found.append(Twin(pair.percent, "" if position else other, position))
    return dict(twins)


async def find_duplicates(ctx: JobContext, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Compare every question of the bank with every other and keep the report; repeatable."""
    await ctx.report(0, 2, Words("正在读取题库", "Reading the bank"))
    async with ctx.db.reading() as tx:
        texts = await load_fingerprints(tx)
        made_at = tx.now
    await ctx.report(1, 2, Words("正在比对", "Comparing"))
    found = await asyncio.to_thread(find_similar, texts)
    pairs = tuple(Pair(one.left, one.right, one.percent) for one in found[:MAX_PAIRS])
    report = Report(made_at, len(texts), pairs, is_cut=len(found) > MAX_PAIRS)
    await ctx.ports.blobs.put(REPORT_KEY, msgspec.json.encode(report))
    await ctx.conclude(Words(f"找到 {len(found)} 对相似题目", f"Pairs of similar questions found: {len(found)}"))
    return {"questions": len(texts), "pairs": len(found)}


async def order_search(tx: Transaction, who: Principal, ports: Ports) -> str:
    """Leave the job that looks for duplicates and return its id."""
    job_id = await ports.jobs.enqueue(tx, FIND_JOB, {}, owner=who, title=Words("题库查重", "Find similar questions"))
    await record(tx, who, act="questions.duplicates.search")
    return job_id


async def read_report(
    tx: Transaction, ports: Ports, who: Principal, *, offset: int, limit: int
) -> tuple[Report, list[ShownPair]]:
    """Return the last report and one page of its pairs; pairs of questions that are gone are left out; recorded.

    Raises: NoDuplicateReport.
    """
    try:
        report = msgspec.json.decode(await ports.blobs.get(REPORT_KEY), type=Report)
    except BlobMissingError as fault:
        raise NoDuplicateReport from fault
    page = report.pairs[offset : offset + limit]
    heads = await list_heads(tx, sorted({one for pair in page for one in (pair.left, pair.right)}))
    await record(tx, who, act="questions.duplicates.view", details={"pairs": len(page)})
    shown = [
        ShownPair(pair.percent, heads[pair.left], heads[pair.right])
        for pair in page
        if {pair.left, pair.right} <= heads.keys()
    ]
    return report, shown
