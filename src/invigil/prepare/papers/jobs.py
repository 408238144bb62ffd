"""Background jobs of papers."""

from collections.abc import Mapping
from typing import Any

from invigil.kernel.words import Words
from invigil.platform.jobs import JobContext, JobKind
from invigil.prepare.papers.model import PaperSetState
from invigil.prepare.papers.service.dealing import DEALING, deal_all
from invigil.prepare.papers.service.sets import GENERATING, access_set, begin_generation, draw_up, keep_drawn


async def _generate(ctx: JobContext, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """arguments: paper_set_id. Plans the set from the pool as it is now; a repetition finds it done."""
    paper_set_id = arguments["paper_set_id"]
    await ctx.report(0, 3, Words("读取题库", "Reading the bank"))
    async with ctx.db.reading() as tx:
        if (await access_set(tx, paper_set_id)).state is PaperSetState.GENERATED:
            return {"paper_set_id": paper_set_id}
        paper_set, snapshot = await begin_generation(tx, paper_set_id)
    await ctx.report(1, 3, Words("组卷并计算曝光", "Composing papers and computing exposure"))
    drawn = await draw_up(paper_set, snapshot)
    await ctx.report(2, 3, Words("保存", "Storing"))
    result = {"paper_set_id": paper_set_id, "pool_count": len(drawn.pool.questions)}
    async with ctx.db.transaction() as tx:
        await keep_drawn(tx, ctx.owner, paper_set, drawn)
        await ctx.conclude(
            Words(
                f"从 {result['pool_count']} 道题中组卷完成", f"Composed from a pool of {result['pool_count']} questions"
            )
        )
        await ctx.settle(tx, result)
    return result


async def _deal(ctx: JobContext, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """arguments: paper_set_id. Writes the papers of every batch that is not complete."""

    async def report(done: int, total: int) -> None:
        await ctx.report(done, total, Words("生成考生试卷", "Making the candidates' papers"))

    papers = await deal_all(ctx.db, arguments["paper_set_id"], report)
    await ctx.conclude(Words(f"已生成 {papers} 份试卷", f"Papers made: {papers}"))
    return {"papers": papers}


GENERATE = JobKind(GENERATING, _generate)
DEAL = JobKind(DEALING, _deal)
KINDS = (GENERATE, DEAL)
