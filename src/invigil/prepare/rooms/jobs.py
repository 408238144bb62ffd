"""Long work of rooms: arranging a sitting and assigning its proctors."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from invigil.kernel.ids import SittingId, StaffId
from invigil.kernel.words import Words
from invigil.platform.jobs import JobContext, JobKind
from invigil.prepare.rooms.service.arranging import ARRANGING, draw_rooms, keep_rooms
from invigil.prepare.rooms.service.proctoring import ASSIGNING, draw_assignment, keep_assignment


async def _arrange(ctx: JobContext, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    sitting_id, seed, spreads = SittingId(arguments["sitting_id"]), arguments["seed"], arguments["spreads_employers"]
    await ctx.report(0, 1, Words("正在编排考场", "Arranging rooms"))
    # Reading and drawing take seconds for a large sitting; nobody waits for them.
    async with ctx.db.reading() as tx:
        drafts = await draw_rooms(tx, sitting_id, seed=seed, spreads_employers=spreads)
    async with ctx.db.transaction() as tx:
        outcome = await keep_rooms(
            tx,
            ctx.owner,
            sitting_id,
            drafts,
            version=arguments["version"],
            seed=seed,
            spreads_employers=spreads,
        )
        await ctx.conclude(Words(f"已编排 {outcome.rooms} 个考场", f"Rooms arranged: {outcome.rooms}"))
        await ctx.settle(tx, asdict(outcome))
    return asdict(outcome)


async def _assign(ctx: JobContext, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    sitting_id, version = SittingId(arguments["sitting_id"]), arguments["version"]
    staff_ids = [StaffId(one) for one in arguments["staff_ids"]]
    await ctx.report(0, 1, Words("正在安排监考", "Assigning proctors"))
    async with ctx.db.reading() as tx:
        by_room = await draw_assignment(tx, sitting_id, version=version, staff_ids=staff_ids)
    async with ctx.db.transaction() as tx:
        outcome = await keep_assignment(tx, ctx.owner, sitting_id, by_room, version=version)
        await ctx.conclude(Words(f"已为 {outcome.rooms} 个考场安排监考", f"Rooms given a proctor: {outcome.rooms}"))
        await ctx.settle(tx, asdict(outcome))
    return asdict(outcome)


ARRANGE = JobKind(ARRANGING, _arrange)
ASSIGN = JobKind(ASSIGNING, _assign)
KINDS = (ARRANGE, ASSIGN)
