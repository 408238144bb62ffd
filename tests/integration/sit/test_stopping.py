"""Locking, forced hand-in and termination on both databases (S3.6, C5.2, P2)."""

from datetime import timedelta
from typing import Any

import pytest

from invigil.kernel.ids import AttemptId
from invigil.kernel.principals import SYSTEM
from invigil.sit.answering.api import (
    AttemptState,
    access_attempt,
    force_hand_in,
    lock_attempt,
    terminate_attempt,
    unlock_attempt,
)
from invigil.sit.answering.model.refusals import ChangeImpossible
from tests.integration.prepare.exams.desk import code_of
from tests.integration.sit.test_entering import Hall, open_hall
from tests.world import World

WHY = {"reason": "监考要求", "command_id": "cmd_1"}


async def _sit(world: World) -> tuple[Hall, dict[str, Any], AttemptId]:
    hall = await open_hall(world)
    world.clock.advance(timedelta(minutes=10))
    entry = (await hall.enter()).json()
    assert (await hall.save(entry, 1)).status_code == 200
    return hall, entry, AttemptId(entry["attempt_id"])


async def test_a_locked_attempt_takes_nothing_until_it_is_unlocked(world: World) -> None:
    hall, entry, attempt_id = await _sit(world)
    async with world.ports.db.transaction() as tx:
        await lock_attempt(tx, SYSTEM, attempt_id, **WHY)
    assert code_of(await hall.save(entry, 2)) == (423, "answering.attempt_locked")
    with pytest.raises(ChangeImpossible):
        async with world.ports.db.transaction() as tx:
            await lock_attempt(tx, SYSTEM, attempt_id, **WHY)
    async with world.ports.db.transaction() as tx:
        await unlock_attempt(tx, SYSTEM, attempt_id, **WHY)
    assert (await hall.save(entry, 2)).status_code == 200
    with pytest.raises(ChangeImpossible):
        async with world.ports.db.transaction() as tx:
            await unlock_attempt(tx, SYSTEM, attempt_id, **WHY)


async def test_a_forced_hand_in_is_that_of_the_last_save_and_gives_the_same_receipt_again(world: World) -> None:
    hall, entry, attempt_id = await _sit(world)
    answer = await hall.save(entry, 2, "C")
    assert answer.status_code == 200, answer.text
    saved = answer.json()
    async with world.ports.db.transaction() as tx:
        await force_hand_in(tx, SYSTEM, attempt_id, **WHY)
    sheet = {"v": 1, "attempt": attempt_id, "seq": 2, "answers": {"i1": {"c": "C"}}, "flags": []}
    receipt = (await hall.sit("hand-in", entry, {"sheet": sheet, "confirmed_unanswered": 99})).json()["receipt"]
    assert (receipt["sheet_sha256"], receipt["is_automatic"]) == (saved["sheet_sha256"], True)
    with pytest.raises(ChangeImpossible):
        async with world.ports.db.transaction() as tx:
            await force_hand_in(tx, SYSTEM, attempt_id, **WHY)


@pytest.mark.parametrize("is_locked", [False, True])
async def test_a_terminated_attempt_is_over(world: World, is_locked: bool) -> None:
    hall, entry, attempt_id = await _sit(world)
    async with world.ports.db.transaction() as tx:
        if is_locked:
            await lock_attempt(tx, SYSTEM, attempt_id, **WHY)
        await terminate_attempt(tx, SYSTEM, attempt_id, **WHY)
        ended = await access_attempt(tx, attempt_id)
    assert (ended.state, ended.ended_at) == (AttemptState.TERMINATED, world.clock.now())
    assert code_of(await hall.save(entry, 2)) == (409, "answering.attempt_closed")
    for act in (lock_attempt, unlock_attempt, terminate_attempt, force_hand_in):
        with pytest.raises(ChangeImpossible):
            async with world.ports.db.transaction() as tx:
                await act(tx, SYSTEM, attempt_id, **WHY)
