"""`bench board`: how many board events one process makes and hands out, from heartbeats that change their seat.

A room of 30 seats with one reader. Each heartbeat goes through the page ears, changes its seat, and is told as an event. Baseline: the
same events encoded and published, nothing composed or compared.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta

from invigil.app.bench.places import measuring_place
from invigil.app.bench.report import BenchReport
from invigil.app.bench.seating import made_up_attempt
from invigil.kernel.ids import CandidateId, ExamId, RoomId, SittingId
from invigil.platform.bus import Subscription
from invigil.platform.ports import Ports
from invigil.prepare.exams.api import Sitting, SittingKind, SittingRules, SittingState
from invigil.prepare.rooms.api import Room, Seat
from invigil.sit.answering.api import Attempt, PageEars, protocol
from invigil.watch.board.api import LiveBoards, StillsDesk, take_news
from invigil.watch.board.api import protocol as staff
from invigil.watch.board.gathering import RoomFacts

SEATS = 30
BEATS = 20_000


def run(database: str) -> BenchReport:
    """Measure the events of 20,000 heartbeats."""
    return asyncio.run(_measure(database))


async def _measure(database: str) -> BenchReport:
    async with measuring_place(database) as ports:
        ears, boards = open_boards(ports)
        attempts = [made_up_attempt(number, ports.clock.now()) for number in range(SEATS)]
        boards.adopt(make_facts(ports, attempts))
        room = boards.rooms[attempts[0].room_id]
        with ports.bus.subscribe(room.followed.topic) as reader:
            marks = [await ears.welcome(one, "pc") for one in attempts]
            began = time.process_time()
            for number in range(BEATS):
                at = number % SEATS
                await beat(ears, attempts[at], marks[at], number)
                drain(reader)
            seconds = time.process_time() - began
            events = [staff.SeatChanged(one) for one in room.state.seats]
            began = time.process_time()
            for number in range(BEATS):
                message = staff.EventMessage(room.followed.topic, number, events[number % SEATS])
                await ports.bus.publish(room.followed.topic, staff.encode_message(message))
                drain(reader)
            bare = time.process_time() - began
    rate, baseline = BEATS / seconds, BEATS / bare
    note = (
        f"a room of {SEATS} seats, one reader, {BEATS} heartbeats that change their seat, per core (processor time); "
        "baseline: the same events only encoded and published"
    )
    return BenchReport("board", round(rate), "events/s", round(baseline), round(rate / baseline, 3), note)


def open_boards(ports: Ports) -> tuple[PageEars, LiveBoards]:
    """Return what hears the pages, and the boards that follow what it hears."""
    ears, boards = PageEars(ports), LiveBoards(ports)
    take_news(ports, boards, StillsDesk(ports, boards))
    return ears, boards


async def beat(ears: PageEars, attempt: Attempt, mark: str, answered: int) -> None:
    """Let a page give a sign of life that changes its seat."""
    said = protocol.HeartbeatMessage(seq=answered, pending=False, item="i1", answered=answered)
    await ears.hear(attempt, "pc", mark, said)


def drain(reader: Subscription) -> None:
    """Take what waits for a reader."""
    while not reader.messages.empty():
        reader.messages.get_nowait()


def make_facts(ports: Ports, attempts: Sequence[Attempt], number: int = 1) -> RoomFacts:
    """Return a room of this number in which these candidates sit, as it would be read."""
    now, first = ports.clock.now(), attempts[0]
    sitting = Sitting(
        id=SittingId(first.sitting_id), exam_id=ExamId(first.exam_id), kind=SittingKind.REAL, title="bench", papers={},
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=2), late_entry_until=now, last_deadline=now,
        rules=SittingRules(), state=SittingState.OPEN, capacity=None, requires_mock=False, version=1, lock_proposed_by="",
        locked_by="",
    )  # fmt: skip
    room = Room(RoomId(first.room_id), sitting.id, number, "A", len(attempts), ())
    seats = [
        Seat(room.id, number, place, sitting.id, CandidateId(one.candidate_id), "A")
        for place, one in enumerate(attempts, start=1)
    ]
    return RoomFacts(room, sitting, seats, attempts={one.candidate_id: one for one in attempts})
