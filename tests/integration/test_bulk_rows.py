"""Many small rows in few statements: the same on both databases, from the event loop and from the writer thread."""

from collections.abc import Coroutine
from typing import Any, Protocol

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from invigil.platform.db import Transaction, insert_rows
from invigil.sit.answering.store.receipts import receipts
from tests.world import World

# More than one full statement of SQLite's, and every value that escaping could spoil.
ROWS = [
    (
        f"attempt_{n:03}",
        1,
        n,
        "ab",
        n * 10**12,
        f"一'\"\\{{{n}}}",
        n % 2,
        bytes(range(256)),
        b"",
        "key",
        None if n % 3 else b"\x00",
    )
    for n in range(130)
]


class Run(Protocol):
    """Runs a piece of work in a transaction and gives its result."""

    def __call__(self, act: Any) -> Coroutine[Any, Any, Any]: ...


@pytest.fixture(params=["loop", "thread"])
def run(request: pytest.FixtureRequest, world: World) -> Run:
    """Work in a transaction of either kind."""

    async def on_the_loop(act: Any) -> Any:
        async with world.ports.db.transaction() as tx:
            return await act(tx)

    return on_the_loop if request.param == "loop" else world.ports.db.transact_in_thread


async def _read(world: World) -> list[tuple[Any, ...]]:
    names = [column.name for column in receipts.columns if column.name != "handed_in_at"]
    async with world.ports.db.reading() as tx:
        found = await tx.execute(select(*(receipts.c[name] for name in names)).order_by(receipts.c.attempt_id))
        return [tuple(row) for row in found]


def _without_instants(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [row[:4] + row[5:] for row in rows]


async def test_rows_stand_as_they_were_given(run: Run, world: World) -> None:
    async def write(tx: Transaction) -> int:
        return await insert_rows(tx, receipts, ROWS, skips_present=False)

    assert await run(write) == len(ROWS)
    assert await _read(world) == _without_instants(ROWS)


async def test_what_stands_under_a_key_is_left_alone(run: Run, world: World) -> None:
    async def write(tx: Transaction) -> tuple[int, int, int]:
        first = await insert_rows(tx, receipts, ROWS[:3], skips_present=True)
        others = [(*row[:2], 99, *row[3:]) for row in ROWS[:5]]
        return (
            first,
            await insert_rows(tx, receipts, others, skips_present=True),
            await insert_rows(tx, receipts, [], skips_present=True),
        )

    assert await run(write) == (3, 2, 0)
    assert [row[2] for row in await _read(world)] == [0, 1, 2, 99, 99]


async def test_a_key_given_twice_is_an_error_and_writes_nothing(run: Run, world: World) -> None:
    async def write(tx: Transaction) -> int:
        return await insert_rows(tx, receipts, [*ROWS[:2], ROWS[0]], skips_present=False)

    with pytest.raises(IntegrityError):
        await run(write)
    assert await _read(world) == []
