"""Group commit: one answer per item, in order; a fault of the group reaches everybody; nothing is answered early."""

import asyncio
from collections.abc import Sequence

import pytest

from invigil.platform.group_commit import MAX_GROUP, GroupCommit, WriterStoppedError


async def test_what_waits_is_carried_out_together() -> None:
    groups: list[list[int]] = []
    gate, began = asyncio.Event(), asyncio.Event()

    async def apply(items: Sequence[int]) -> list[int | Exception]:
        groups.append(list(items))
        began.set()
        await gate.wait()
        return [item * 10 for item in items]

    writer: GroupCommit[int, int] = GroupCommit(apply, "test")
    first = asyncio.create_task(writer.submit(0))
    await began.wait()
    rest = [asyncio.create_task(writer.submit(number)) for number in range(1, MAX_GROUP + 5)]
    await asyncio.sleep(0)
    assert not first.done()
    gate.set()
    assert await asyncio.gather(first, *rest) == [number * 10 for number in range(MAX_GROUP + 5)]
    assert groups[0] == [0]
    assert max(len(group) for group in groups) <= MAX_GROUP
    assert [item for group in groups for item in group] == list(range(MAX_GROUP + 5))


async def test_each_item_gets_its_own_refusal() -> None:
    async def apply(items: Sequence[int]) -> list[int | Exception]:
        return [ValueError(str(item)) if item % 2 else item for item in items]

    writer: GroupCommit[int, int] = GroupCommit(apply, "test")
    results = await asyncio.gather(*(writer.submit(number) for number in range(4)), return_exceptions=True)
    assert [repr(one) for one in results] == ["0", "ValueError('1')", "2", "ValueError('3')"]


async def test_a_fault_reaches_everybody_and_the_writer_goes_on() -> None:
    faults = [RuntimeError("disk")]

    async def apply(items: Sequence[int]) -> list[int | Exception]:
        if faults:
            raise faults.pop()
        return list(items)

    writer: GroupCommit[int, int] = GroupCommit(apply, "test")
    results = await asyncio.gather(writer.submit(1), writer.submit(2), return_exceptions=True)
    assert [repr(one) for one in results] == ["RuntimeError('disk')"] * 2
    assert await writer.submit(3) == 3


async def test_a_caller_that_goes_away_does_not_undo_its_item() -> None:
    done: list[int] = []
    gate = asyncio.Event()

    async def apply(items: Sequence[int]) -> list[int | Exception]:
        await gate.wait()
        done.extend(items)
        return list(items)

    writer: GroupCommit[int, int] = GroupCommit(apply, "test")
    leaving = asyncio.create_task(writer.submit(1))
    await asyncio.sleep(0)
    staying = asyncio.create_task(writer.submit(2))
    await asyncio.sleep(0)
    leaving.cancel()
    gate.set()
    assert await staying == 2
    assert done == [1, 2]


async def test_a_stopped_writer_finishes_and_takes_nothing_more() -> None:
    async def apply(items: Sequence[int]) -> list[int | Exception]:
        return list(items)

    writer: GroupCommit[int, int] = GroupCommit(apply, "test")
    waiting = asyncio.create_task(writer.submit(1))
    await asyncio.sleep(0)
    await writer.stop()
    assert await waiting == 1
    with pytest.raises(WriterStoppedError):
        await writer.submit(2)
