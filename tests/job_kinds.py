"""Kinds of job for the tests of jobs, and a worker process that can be killed."""

import asyncio
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table, func, insert, select

from invigil.app.composition import build_ports
from invigil.kernel.refusals import Refusal
from invigil.kernel.words import Words
from invigil.platform.jobs import JobContext, JobKind, Jobs
from invigil.platform.jobs.model import Arguments
from invigil.platform.jobs.worker import work_until_told
from invigil.platform.keys import KeyringError, Keys, create_keyring, load_keyring
from invigil.platform.ports import Ports
from invigil.platform.settings import DatabaseSettings, Settings

SEAL = b"the seal of the tests"
STEPS = 20

# Not among the system's own tables: migrations know nothing of it.
test_metadata = MetaData()
effects = Table(
    "tests_effect",
    test_metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("job_id", String(40), nullable=False),
)


@dataclass(frozen=True)
class Ticked:
    """News of the recurring job."""

    sound: str


class NotToday(Refusal):
    """What a job of the tests refuses with."""

    code = "tests.not_today"
    zh = "今天不行：第 {row} 行。"
    en = "Not today: row {row}."


def keys_in(folder: Path) -> Keys:
    """Return the keys of a test's folder, drawn at first use."""
    path = folder / "keyring.json"
    try:
        return Keys(create_keyring(path, SEAL))
    except KeyringError:
        return Keys(load_keyring(path, SEAL))


async def add(ctx: JobContext, arguments: Arguments) -> dict[str, Any]:
    """Add two numbers and give out a file."""
    await ctx.report(1, 2, Words("正在计算", "Adding"))
    await ctx.attach("和.txt", "text/plain", "jobs/sum")
    if "says" in arguments:
        await ctx.conclude(Words(arguments["says"], "It is done"))
    return {"sum": arguments["a"] + arguments["b"], "owner": ctx.owner.id, "roles": sorted(ctx.owner.roles)}


async def refuse(_ctx: JobContext, arguments: Arguments) -> dict[str, Any]:
    """Refuse."""
    raise NotToday(row=arguments["row"])


async def break_down(ctx: JobContext, arguments: Arguments) -> dict[str, Any]:
    """Break until it has been tried `until` times."""
    async with ctx.db.transaction() as tx:
        await tx.execute(insert(effects).values(job_id=ctx.job_id))
        tries = (await tx.execute(select(func.count()).where(effects.c.job_id == ctx.job_id))).scalar_one()
    if tries < arguments["until"]:
        raise RuntimeError("planted fault")
    return {"tries": tries}


async def sleep(ctx: JobContext, _arguments: Arguments) -> dict[str, Any]:
    """Wait until somebody breaks it off."""
    await ctx.report(0, 1, Words("等待", "Waiting"))
    await asyncio.Event().wait()
    return {}


async def step(ctx: JobContext, arguments: Arguments) -> dict[str, Any]:
    """Take steps that a witness file shows, then make one effect and end in the same transaction."""
    for number in range(STEPS):
        append(Path(arguments["witness"]), f"{number}\n")
        await ctx.report(number, STEPS, Words("走一步", "A step"))
        await asyncio.sleep(arguments["pause"])
    async with ctx.db.transaction() as tx:
        await tx.execute(insert(effects).values(job_id=ctx.job_id))
        await ctx.settle(tx, {"steps": STEPS})
    return {"steps": STEPS}


def append(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


async def tick(ctx: JobContext, _arguments: Arguments) -> dict[str, Any]:
    """Leave a mark."""
    async with ctx.db.transaction() as tx:
        await tx.execute(insert(effects).values(job_id="tick"))
        tx.emit(Ticked("滴答"))
    return {}


ADD = JobKind("tests.sum.add", add)
REFUSE = JobKind("tests.sum.refuse", refuse)
BREAK = JobKind("tests.sum.break", break_down)
SLEEP = JobKind("tests.sum.sleep", sleep)
STEP = JobKind("tests.sum.step", step)
TICK = JobKind("tests.sum.tick", tick)


def register(jobs: Jobs) -> None:
    """Make every kind of the tests known."""
    for kind in (ADD, REFUSE, BREAK, SLEEP, STEP):
        jobs.register(kind)
    jobs.every(timedelta(seconds=1), TICK)


def known_ports(url: str, folder: Path) -> Ports:
    """Return the ports of one process over the test's database."""
    ports = build_ports(Settings(data_folder=folder, database=DatabaseSettings(url=url)), keys_in(folder))
    register(ports.jobs)
    return ports


async def work(url: str, folder: Path, name: str) -> None:
    """Work until killed."""
    await work_until_told(known_ports(url, folder), name=name)


def main() -> None:
    """Be the worker process: the database's URL, the data folder, the worker's name."""
    asyncio.run(work(sys.argv[1], Path(sys.argv[2]), (*sys.argv[3:], "embedded")[0]))
