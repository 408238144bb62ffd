"""`bench patrol`: heartbeats of 50,000 candidates in 1,667 rooms while a patrol page follows all of them (S3.2).

Each heartbeat goes through the page ears, changes its seat, is told to the room's topic, and its room is compared for the patrol. The
sockets themselves are not in it: `bench sockets` measures them. Baseline: the same heartbeats while nobody looks.
"""

import asyncio
import time
from collections.abc import Sequence

from invigil.app.bench.board import SEATS, beat, drain, make_facts, open_boards
from invigil.app.bench.places import measuring_place
from invigil.app.bench.report import BenchReport
from invigil.app.bench.seating import SITTING, made_up_attempt
from invigil.platform.bus import Subscription
from invigil.platform.ports import Ports
from invigil.sit.answering.api import Attempt, PageEars
from invigil.watch.board.api import LiveBoards
from invigil.watch.board.composing import compose_glance
from invigil.watch.board.live.followed import FollowedTopic
from invigil.watch.board.protocol import PatrolState
from invigil.watch.board.topics import TOPIC_PATROL

CANDIDATES = 50_000
EVERY_S = 10


def run(database: str) -> BenchReport:
    """Measure one heartbeat of each of 50,000 candidates, with the patrol page and without."""
    return asyncio.run(_measure(database))


async def _measure(database: str) -> BenchReport:
    async with measuring_place(database) as ports:
        ears, boards = open_boards(ports)
        attempts = [made_up_attempt(number, ports.clock.now()) for number in range(CANDIDATES)]
        marks = [await ears.welcome(one, "pc") for one in attempts]
        bare = await _beat(ears, attempts, marks, 0)
        for number, first in enumerate(range(0, CANDIDATES, SEATS), start=1):
            boards.adopt(make_facts(ports, attempts[first : first + SEATS], number))
        with ports.bus.subscribe(_open_patrol(ports, boards)) as reader:
            seconds = await _beat(ears, attempts, marks, 1, reader)
    rate, baseline = CANDIDATES / seconds, CANDIDATES / bare
    note = (
        f"{CANDIDATES} candidates in {len(boards.rooms)} rooms, one heartbeat of each, which changes its seat; one patrol page; per core "
        f"(processor time); a heartbeat every {EVERY_S} s of each is {CANDIDATES // EVERY_S}/s: "
        f"{CANDIDATES / EVERY_S / rate:.2f} of a core, without sockets; baseline: the same while nobody looks"
    )
    return BenchReport("patrol", round(rate), "heartbeats/s", round(baseline), round(rate / baseline, 3), note)


def _open_patrol(ports: Ports, boards: LiveBoards) -> str:
    """Follow every room as a patrol page does; return the topic."""
    now = ports.clock.now()
    rooms = [room.state for room in boards.rooms.values()]
    state = PatrolState(rooms[0].sitting, [compose_glance(one, boards.climb_after, now) for one in rooms])
    topic = TOPIC_PATROL.of(SITTING)
    boards.patrols[SITTING] = FollowedTopic(ports.bus, topic, state, now)
    return topic


async def _beat(
    ears: PageEars, attempts: Sequence[Attempt], marks: Sequence[str], answered: int, reader: Subscription | None = None
) -> float:
    """Return the processor seconds of one heartbeat of everybody."""
    began = time.process_time()
    for seat in range(SEATS):
        for at in range(seat, len(attempts), SEATS):
            await beat(ears, attempts[at], marks[at], answered)
            if reader is not None:
                drain(reader)
    return time.process_time() - began
