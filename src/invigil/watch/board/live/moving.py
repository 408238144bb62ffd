"""What moves live boards: news from everywhere, and the clock."""

import asyncio

import structlog

from invigil.base.accounts.api import LoginRevoked, LoginStarted
from invigil.kernel.ids import CandidateId
from invigil.platform.ports import Ports
from invigil.prepare.exams.api import SittingMoved
from invigil.sit.activity.api import StepsKept
from invigil.sit.answering.api import (
    AttemptEntered,
    AttemptHandedIn,
    AttemptTimeChanged,
    PageChanged,
    StillCame,
    TimeChangeProposed,
)
from invigil.sit.recording.api import TrackStateChanged
from invigil.watch.board.live.boards import LiveBoards
from invigil.watch.board.live.panels import LISTS
from invigil.watch.board.live.stills import StillsDesk
from invigil.watch.proctoring.api import ProctoringChanged, RoomStaffChanged
from invigil.watch.signals.api import SignalsChanged

log = structlog.get_logger()
# A silent page shows as 断线 at most this much later than the rule says.
TICK_S = 0.5


def take_news(ports: Ports, boards: LiveBoards, stills: StillsDesk) -> None:
    """Let news change the boards that are looked at; for all others it costs one look into a table."""
    news = _News(boards)
    hub = ports.hub
    hub.subscribe(PageChanged, news.of_page)
    hub.subscribe(AttemptEntered, news.of_attempt)
    hub.subscribe(AttemptHandedIn, news.of_attempt)
    hub.subscribe(AttemptTimeChanged, news.of_time)
    hub.subscribe(TimeChangeProposed, news.of_time)
    hub.subscribe(SignalsChanged, news.of_signals)
    hub.subscribe(ProctoringChanged, news.of_proctoring)
    hub.subscribe(RoomStaffChanged, news.of_staff)
    hub.subscribe(StepsKept, news.of_steps)
    hub.subscribe(TrackStateChanged, news.of_steps)
    hub.subscribe(LoginStarted, news.of_login)
    hub.subscribe(LoginRevoked, news.of_login)
    hub.subscribe(SittingMoved, news.of_sitting)
    hub.subscribe(StillCame, stills.pass_on)


class _News:
    """Which part of which board a piece of news changes."""

    def __init__(self, boards: LiveBoards) -> None:
        self._boards = boards

    async def of_page(self, news: PageChanged) -> None:
        await self._boards.touch(news.room_id, news.attempt_id)

    async def of_attempt(self, news: AttemptEntered | AttemptHandedIn) -> None:
        await self._boards.refresh(news.room_id, "attempts")

    async def of_time(self, news: AttemptTimeChanged | TimeChangeProposed) -> None:
        await self._boards.refresh(news.room_id, "attempts", "commands")
        await self._boards.refresh_panel(news.attempt_id, "commands")

    async def of_signals(self, news: SignalsChanged) -> None:
        await self._boards.refresh(news.room_id, "signals")
        await self._boards.refresh_panel(news.attempt_id, "signals")

    async def of_proctoring(self, news: ProctoringChanged) -> None:
        await self._boards.refresh(news.room_id, news.part)
        if news.part in LISTS:
            await self._boards.refresh_panel(news.attempt_id, news.part)

    async def of_staff(self, news: RoomStaffChanged) -> None:
        await self._boards.refresh(news.room_id, "staff")

    async def of_steps(self, news: StepsKept | TrackStateChanged) -> None:
        await self._boards.refresh_panel(news.attempt_id, "steps")

    async def of_login(self, news: LoginStarted | LoginRevoked) -> None:
        for room_id, room in list(self._boards.rooms.items()):
            if CandidateId(news.principal_id) in room.facts.seated:
                await self._boards.refresh(room_id, "logins")

    async def of_sitting(self, news: SittingMoved) -> None:
        for room_id, room in list(self._boards.rooms.items()):
            if room.facts.sitting.id == news.sitting_id:
                await self._boards.refresh(room_id, "attempts")


async def keep_moving(boards: LiveBoards, stills: StillsDesk) -> None:
    """Let time pass for the boards until cancelled; a fault is logged and the next turn comes."""
    while True:
        try:
            await boards.tick()
            await stills.turn()
        except Exception:
            log.exception("board.tick.failed")
        await asyncio.sleep(TICK_S)
