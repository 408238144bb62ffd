"""A step and the signal it tells of stand together or not at all, whatever dies in between (S3.6, S3.18)."""

from datetime import timedelta
from typing import Any

import pytest

from invigil.kernel.ids import AttemptId
from invigil.platform.db import Transaction
from invigil.sit.activity.api import ActivityWriter, list_steps
from invigil.sit.activity.model import Importance, LoggedStep
from invigil.sit.activity.service import Batch
from invigil.sit.answering.api import protocol
from invigil.sit.checkin.api import OtherPhoneTurnedAway
from invigil.sit.recording.api import TrackWatch
from invigil.watch.signals import service as signals
from invigil.watch.signals.api import hear_other_phone, hear_steps, hear_tracks, list_signals
from tests.integration.sit.recording.studio import Studio
from tests.world import World


def step(world: World, n: int, kind: str) -> LoggedStep:
    at = world.clock.now() + timedelta(seconds=n)
    return LoggedStep(n, "pc", at, at, kind, "i1", "", Importance.IMPORTANT)


async def stored(world: World, attempt_id: str) -> tuple[list[str], list[str]]:
    """Return the kinds of the steps and of the signals of an attempt."""
    async with world.ports.db.reading() as tx:
        steps = await list_steps(tx, AttemptId(attempt_id))
        found = await list_signals(tx, attempt_id=attempt_id)
    return [one.kind for one in steps], [one.kind for one in found]


class KilledError(BaseException):
    """What ends a process is no exception that anybody takes care of."""


@pytest.fixture
def killed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is told after a commit goes through the hub; a killed process tells nothing."""

    async def die(*_: Any) -> None:
        raise KilledError

    monkeypatch.setattr(world.ports.db.hub, "tell", die)


@pytest.mark.usefixtures("killed")
async def test_a_process_that_dies_right_after_the_commit_loses_no_signal(world: World) -> None:
    studio = await Studio.open(world)
    writer = ActivityWriter(world.ports.db, [hear_steps])
    with pytest.raises(KilledError):
        await writer._apply([Batch(studio.attempt.id, [step(world, 1, "question_opened"), step(world, 2, "copy")])])
    assert await stored(world, studio.attempt.id) == (["question_opened", "copy"], ["copy"])


async def test_what_fails_in_between_leaves_neither_and_is_made_good_when_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = await Studio.open(world)
    writer = ActivityWriter(world.ports.db, [hear_steps])
    batch = Batch(studio.attempt.id, [step(world, 1, "copy"), step(world, 30, "screen_left")])
    whole = signals.raise_signals

    async def half(tx: Transaction, *rest: Any) -> None:
        await whole(tx, *rest)
        raise OSError("the disk is gone")

    monkeypatch.setattr(signals, "raise_signals", half)
    with pytest.raises(OSError, match="the disk is gone"):
        await writer.keep(batch)
    assert await stored(world, studio.attempt.id) == ([], [])
    monkeypatch.setattr(signals, "raise_signals", whole)
    for _ in range(2):  # a page that heard no answer sends again what it has
        assert await writer.keep(batch) == 2
    assert await stored(world, studio.attempt.id) == (["copy", "screen_left"], ["copy", "screen_left"])
    async with world.ports.db.reading() as tx:
        assert [one.count for one in await list_signals(tx, attempt_id=studio.attempt.id)] == [1, 1]


async def test_pages_of_a_group_keep_their_own(world: World) -> None:
    first = await Studio.open(world)
    other = await Studio.join(
        world, first.attempt.exam_id, first.attempt.sitting_id, id=AttemptId("att_b"), candidate_id="cand_b"
    )
    writer = ActivityWriter(world.ports.db, [hear_steps])
    batches = [
        Batch(other.attempt.id, [step(world, 1, "paste")]),
        Batch("att_of_nobody", [step(world, 1, "copy")]),
        Batch(first.attempt.id, [step(world, 1, "question_opened")]),
        Batch(other.attempt.id, [step(world, 2, "fullscreen_left")]),
    ]
    assert await writer._apply(batches) == [1, 1, 1, 1]
    assert await stored(world, first.attempt.id) == (["question_opened"], [])
    assert await stored(world, other.attempt.id) == (["paste", "fullscreen_left"], ["paste", "fullscreen_left"])
    assert (await stored(world, "att_of_nobody"))[1] == []


@pytest.mark.usefixtures("killed")
async def test_a_track_that_stops_has_its_signal_though_nobody_was_told(world: World) -> None:
    studio = await Studio.open(world)
    watch = TrackWatch(world.ports, [hear_tracks])
    report = protocol.TrackReport("screen", "stopped", "ended_by_user", "", 0, 0, studio.now_ms)
    with pytest.raises(KilledError):
        await watch.hear(studio.attempt, "pc", [report])
    assert await stored(world, studio.attempt.id) == (["recording_stopped"], ["track_stopped"])
    # The process after it knows of the stop and raises nothing twice.
    await TrackWatch(world.ports, [hear_tracks]).hear(studio.attempt, "pc", [report])
    assert await stored(world, studio.attempt.id) == (["recording_stopped"], ["track_stopped"])


async def test_a_stop_whose_signal_cannot_be_kept_is_not_kept_either(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = await Studio.open(world)

    async def fail(*_: Any) -> None:
        raise OSError("the disk is gone")

    watch = TrackWatch(world.ports, [fail])
    report = protocol.TrackReport("screen", "stopped", "ended_by_user", "", 0, 0, studio.now_ms)
    with pytest.raises(OSError, match="the disk is gone"):
        await watch.hear(studio.attempt, "pc", [report])
    assert await stored(world, studio.attempt.id) == ([], [])
    monkeypatch.setattr(watch, "_hearers", [hear_tracks])
    await watch.hear(studio.attempt, "pc", [report])  # pages report with every heartbeat
    assert await stored(world, studio.attempt.id) == (["recording_stopped"], ["track_stopped"])


async def test_a_conflict_has_its_signal_though_nobody_was_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    studio = await Studio.open(world)
    take = await studio.begin()
    first, second = take.record([b"init", b"one"])
    await studio.keep(first, second)
    forged = take.copy_with(b"other", 1)
    await studio.put(forged)

    async def die(*_: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(world.ports.db.hub, "tell", die)
    await studio.commit(forged)
    assert (await stored(world, studio.attempt.id))[1] == ["segment_conflict"]


async def test_another_phone_has_its_signal_in_the_same_transaction(world: World) -> None:
    studio = await Studio.open(world)
    news = OtherPhoneTurnedAway(studio.attempt.id, studio.attempt.sitting_id, studio.attempt.room_id, "iPhone")
    async with world.ports.db.transaction() as tx:
        await hear_other_phone(tx, studio.attempt, news)
    assert (await stored(world, studio.attempt.id))[1] == ["phone_replaced"]
