"""A patrol looks after 1,700 rooms: few queries, few bytes, and afterwards only what differs (S3.6; ADR-0016)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import msgspec

from invigil.kernel.ids import AttemptId, CandidateId, RoomId, SittingId, StaffId
from invigil.kernel.principals import SYSTEM
from invigil.prepare.exams.api import SittingKind, SittingPlan, SittingRules, create_exam, create_sitting
from invigil.prepare.rooms.api import list_rooms, list_seats
from invigil.prepare.rooms.model import RoomDraft
from invigil.prepare.rooms.store.seating import replace_proctors, replace_rooms
from invigil.sit.answering.api import insert_attempts
from invigil.watch.board.live import LiveBoards
from invigil.watch.board.live.boards import RELOAD_EVERY, ROOMS_AT_ONCE
from invigil.watch.board.protocol import PatrolState
from invigil.watch.board.topics import TOPIC_PATROL
from invigil.watch.signals.api import RaisedSignal, raise_signals
from tests.integration.watch.watched import counting, open_watched
from tests.unit.sit.attempts import make_attempt
from tests.world import World

ROOMS = 1_700
SEATS = 2
# A chunk is read twice (once more after it is known, for news that came meanwhile), in a fixed number of queries.
QUERIES_PER_CHUNK = 40
LONGEST_SNAPSHOT_BYTES = 1_000_000
LONGEST_EVENT_BYTES = 1_000


@dataclass
class Crowd:
    """A sitting with its rooms; the first candidate of every room has entered."""

    world: World
    sitting_id: SittingId
    room_ids: list[RoomId]
    boards: LiveBoards

    def attempt(self, number: int) -> AttemptId:
        return AttemptId(f"att_{number}")


async def gather_crowd(world: World) -> Crowd:
    now = world.clock.now()
    async with world.ports.db.transaction() as tx:
        exam = await create_exam(tx, SYSTEM, title="全市考核", profile="beijing")
        plan = SittingPlan(SittingKind.REAL, "上午场", ["A"], now, SittingRules())
        sitting = await create_sitting(tx, SYSTEM, exam.id, plan)
        drafts = [
            RoomDraft(number, "A", tuple(CandidateId(f"cand_{number}_{seat}") for seat in range(SEATS)))
            for number in range(1, ROOMS + 1)
        ]
        await replace_rooms(tx, sitting.id, drafts)
        rooms = await list_rooms(tx, sitting.id)
        await replace_proctors(tx, sitting.id, {room.id: StaffId(f"staff_{room.number}") for room in rooms})
        seats = [one for one in await list_seats(tx, sitting.id) if one.seat_number == 1]
        numbers = {room.id: room.number for room in rooms}
        attempts = [
            make_attempt(
                id=AttemptId(f"att_{numbers[seat.room_id]}"), exam_id=exam.id, sitting_id=sitting.id, room_id=seat.room_id,
                candidate_id=seat.candidate_id, seat_number=1, starts_at=now, entered_at=now,
            )
            for seat in seats
        ]  # fmt: skip
        await insert_attempts(tx, attempts, consent_version="1", device={})
    boards = LiveBoards(world.ports)
    return Crowd(world, sitting.id, [room.id for room in rooms], boards)


async def notice(crowd: Crowd, number: int) -> None:
    async with crowd.world.ports.db.transaction() as tx:
        attempt = make_attempt(
            id=crowd.attempt(number), sitting_id=crowd.sitting_id, room_id=crowd.room_ids[number - 1]
        )
        await raise_signals(tx, attempt, [RaisedSignal("virtual_camera", tx.now, "pc")])


def heard(reader: Any) -> list[bytes]:
    found = []
    while not reader.messages.empty():
        found.append(reader.messages.get_nowait())
    return found


async def test_opening_1700_rooms_costs_few_queries_and_one_snapshot(world: World) -> None:
    crowd = await gather_crowd(world)
    await notice(crowd, 900)
    chunks = -(-ROOMS // ROOMS_AT_ONCE)
    with world.ports.bus.subscribe() as reader:
        with counting(world) as counted:
            await crowd.boards.follow_patrol(reader, crowd.sitting_id, 0)
        assert len(counted.statements) <= QUERIES_PER_CHUNK * chunks + 10
        (snapshot,) = heard(reader)
        assert len(snapshot) <= LONGEST_SNAPSHOT_BYTES
        state = msgspec.convert(msgspec.json.decode(snapshot)["state"], PatrolState, strict=False)
        assert [one.number for one in state.rooms] == list(range(1, ROOMS + 1))
        assert {one.seated for one in state.rooms} == {SEATS}
        assert [one.number for one in state.rooms if one.signals] == [900]
        # The second patrol is told the same, and nothing is read for it.
        with world.ports.bus.subscribe() as second, counting(world) as counted:
            await crowd.boards.follow_patrol(second, crowd.sitting_id, 0)
            assert len(heard(second)) == 1
        assert counted.statements == []


async def test_afterwards_only_what_differs_is_read_and_told(world: World) -> None:
    crowd = await gather_crowd(world)
    world.clock.advance(timedelta(seconds=30))
    with world.ports.bus.subscribe() as reader:
        await crowd.boards.follow_patrol(reader, crowd.sitting_id, 0)
        assert len(heard(reader)) == 1
        await notice(crowd, 17)
        with counting(world) as counted:
            await crowd.boards.refresh(crowd.room_ids[16], "signals")
        assert len(counted.statements) <= 2
        (told,) = heard(reader)
        event_ = msgspec.json.decode(told)["event"]
        assert (event_["kind"], event_["room"]["number"], event_["room"]["signals"]) == ("room_glance", 17, {"high": 1})
        assert len(told) <= LONGEST_EVENT_BYTES
        # What no news told of shows within the minute, a hundred rooms at a time; nothing else is told.
        await notice(crowd, 1_234)
        world.clock.advance(RELOAD_EVERY)
        ticks = 0
        with counting(world) as counted:
            while not (late := heard(reader)):
                await crowd.boards.tick()
                ticks += 1
                assert ticks <= -(-ROOMS // ROOMS_AT_ONCE)
        assert len(counted.statements) <= QUERIES_PER_CHUNK * ticks
        assert [msgspec.json.decode(one)["event"]["room"]["number"] for one in late] == [1_234]
    patrol = cast("PatrolState", crowd.boards.patrols[crowd.sitting_id].state)
    assert crowd.boards.patrols[crowd.sitting_id].topic == TOPIC_PATROL.of(crowd.sitting_id)
    assert sum(bool(one.signals) for one in patrol.rooms) == 2


async def test_who_enters_a_room_from_there_sees_names(world: World) -> None:
    watched = await open_watched(world)
    boards = LiveBoards(world.ports)
    with world.ports.bus.subscribe() as reader:
        await boards.follow_patrol(reader, watched.hall.sitting_id, 0)
        heard(reader)
        await boards.follow_room(reader, watched.room_id, 0)
        (snapshot,) = heard(reader)
        seats = msgspec.json.decode(snapshot)["state"]["seats"]
        assert seats
        assert all(one["name"] and one["ticket_number"] for one in seats)
