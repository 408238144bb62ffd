"""The law of live boards: what a page has from a snapshot and events is what a fresh look gives, whatever happened (Hypothesis).

Histories run through the real services and the real news; the comparison reads the database anew.
"""

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invigil.kernel.ids import AttemptId, RoomId
from invigil.platform.clock import FixedClock
from invigil.platform.settings import BlobSettings, DatabaseSettings, Settings
from invigil.prepare.rooms.api import read_room
from invigil.sit.answering.api import PageEars, access_attempt, protocol
from invigil.watch.board.composing import compose_glance, compose_room
from invigil.watch.board.gathering import gather_room
from invigil.watch.board.live import LiveBoards
from invigil.watch.board.live.panels import compose_panel
from invigil.watch.board.protocol import BoardEvent, BoardState, PatrolState, RoomState, fold
from invigil.watch.board.topics import TOPIC_PANEL, TOPIC_PATROL, TOPIC_ROOM
from tests.conftest import START
from tests.integration.watch.watched import Watched, open_watched
from tests.world import open_world

STOP = {"reason_category": "other", "reason": "核实身份"}
ACTS = (
    "beat", "track_live", "track_stopped", "gone", "signal", "step", "handle", "claim", "release", "message", "warning", "deliver",
    "lock", "unlock", "pause", "approve", "reject", "resume", "force_hand_in", "terminate", "note", "say", "answer", "raise",
    "lower", "come", "sign_in", "sign_out", "second_enters", "a_moment", "a_while", "hand_in",
)  # fmt: skip


class History:
    """Somebody does something, numbered so that ids differ."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self.world = watched.world
        self.ears: PageEars = watched.world.client._transport.app.state.page_ears  # type: ignore[attr-defined]
        self.boards: LiveBoards = watched.world.client._transport.app.state.live_boards  # type: ignore[attr-defined]
        self.number = 0
        self.mark = ""
        self.hand = ""
        self.last: list[dict[str, Any]] = []

    async def act(self, act: str) -> None:
        """Do it; what the rules refuse changes nothing, which is a history too."""
        self.number += 1
        await getattr(self, f"_{act}")() if hasattr(self, f"_{act}") else await self._order(act)

    async def _hear(self, message: msgspec.Struct) -> None:
        async with self.world.ports.db.reading() as tx:
            attempt = await access_attempt(tx, AttemptId(self.watched.attempt_id))
        if not self.mark:
            self.mark = await self.ears.welcome(attempt, "pc")
        await self.ears.hear(attempt, "pc", self.mark, message)

    async def _beat(self) -> None:
        await self._hear(
            protocol.HeartbeatMessage(
                self.number, self.number % 2 == 0, f"i{self.number % 3 + 1}", self.number, 61 * self.number
            )
        )

    async def _track(self, state: Any) -> None:
        report = protocol.TrackReport("screen", state, "device_lost", "take_1", 1, 0, 1_790_000_000_000 + self.number)
        await self._hear(protocol.TracksMessage([report]))

    async def _track_live(self) -> None:
        await self._track("live")

    async def _track_stopped(self) -> None:
        await self._track("stopped")

    async def _gone(self) -> None:
        async with self.world.ports.db.reading() as tx:
            attempt = await access_attempt(tx, AttemptId(self.watched.attempt_id))
        await self.ears.miss(attempt, "pc", self.mark)
        self.mark = ""

    async def _signal(self) -> None:
        await self._hear(protocol.SignalMessage("copy", int(self.world.clock.now().timestamp() * 1000) + self.number))

    async def _step(self) -> None:
        step = {"n": self.number, "at_client": self.world.clock.now().isoformat(), "kind": "screen_left", "item": "i1"}
        await self.watched.hall.sit("activity", self.watched.entry, {"events": [step]})

    async def _post(self, path: str, who: Any = None, **body: Any) -> Any:
        return await (who or self.watched.proctor).post(f"/api/proctoring{path}", json=body)

    async def _signals(self) -> list[dict[str, Any]]:
        params = {"attempt_id": self.watched.attempt_id}
        return list((await self.watched.proctor.get("/api/proctoring/signals", params=params)).json())

    async def _handle(self) -> None:
        for one in (await self._signals())[:1]:
            await self._post(f"/signals/{one['id']}/handle", handling="seen")

    async def _claim(self) -> None:
        for one in (await self._signals())[:1]:
            await self._post("/claims", thing="signal", thing_id=one["id"], takes_over=True)

    async def _release(self) -> None:
        for one in (await self._signals())[:1]:
            await self._post("/claims/release", thing="signal", thing_id=one["id"])

    async def _order(self, kind: str) -> None:
        more: dict[str, Any] = {"text": "请注意"} if kind in ("message", "warning") else dict(STOP)
        if kind == "force_hand_in":
            more["confirm"] = "确认交卷"
        if kind == "terminate":
            more["evidence"] = [one["id"] for one in (await self._signals())[:1]]
        answer = await self.watched.order(kind, command_id=f"order-{self.number:06}", **more)
        if answer.status_code == 201:
            self.last += answer.json()["commands"]

    async def _deliver(self) -> None:
        for one in self.last[-1:]:
            await self._hear(protocol.DeliveredMessage(one["id"]))
            await self._hear(protocol.AckMessage(one["id"]))

    async def _decide(self, *, is_approved: bool) -> None:
        for one in self.last[-1:]:
            await self._post(f"/proposals/{one['id']}/decide", self.watched.patrol, is_approved=is_approved)

    async def _approve(self) -> None:
        await self._decide(is_approved=True)

    async def _reject(self) -> None:
        await self._decide(is_approved=False)

    async def _note(self) -> None:
        await self._post("/notes", note_id=f"note-{self.number:06}", attempt_id=self.watched.attempt_id, text="x")

    async def _say(self) -> None:
        await self._hear(protocol.SayMessage(f"line-{self.number:06}", "请问"))

    async def _answer(self) -> None:
        await self._post(f"/chat/{self.watched.attempt_id}", line_id=f"staff-{self.number:06}", text="好")

    async def _raise(self) -> None:
        self.hand = self.hand or f"hand-{self.number:06}"
        await self._hear(protocol.RaiseHandMessage(self.hand, True))  # noqa: FBT003

    async def _lower(self) -> None:
        if self.hand:
            await self._hear(protocol.RaiseHandMessage(self.hand, False))  # noqa: FBT003
        self.hand = ""

    async def _come(self) -> None:
        room: RoomState = self.boards.rooms[self.watched.room_id].state
        for call in [one.call_id for one in room.seats if one.call_id]:
            await self._post(f"/calls/{call}/answer")

    async def _sign_in(self) -> None:
        await self._post(f"/rooms/{self.watched.room_id}/attendance", is_on_duty=True)

    async def _sign_out(self) -> None:
        await self._post(f"/rooms/{self.watched.room_id}/attendance", is_on_duty=False)

    async def _second_enters(self) -> None:
        hall = self.watched.hall
        (room,) = await hall.desk.rooms({"id": hall.sitting_id})
        person = next(
            one["candidate_id"] for one in room["occupants"] if one["candidate_id"] != hall.candidate.principal.id
        )
        # Logging in is told by the service that a test goes around: the board learns of it by the minute, and by entering.
        await hall.enter(await self.world.candidate(person, hall.desk.exam_id))
        await self.boards.refresh(self.watched.room_id, "logins")

    async def _a_moment(self) -> None:
        self.world.clock.advance(timedelta(seconds=3 + self.number % 9))

    async def _a_while(self) -> None:
        self.world.clock.advance(timedelta(minutes=11))

    async def _hand_in(self) -> None:
        await self.watched.hall.save(self.watched.entry, self.number)
        sheet = {"v": 1, "attempt": self.watched.attempt_id, "seq": self.number + 1, "answers": {}, "flags": []}
        await self.watched.hall.sit("hand-in", self.watched.entry, {"sheet": sheet, "confirmed_unanswered": 99})


class Follower:
    """A page: a snapshot, and events put on top of it."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.states: dict[str, BoardState] = {}
        self.versions: dict[str, int] = {}

    def catch_up(self) -> None:
        while not self.reader.messages.empty():
            raw = self.reader.messages.get_nowait()
            assert raw is not None, "cut off"
            message = msgspec.json.decode(raw)
            topic, version = message["topic"], message["version"]
            if message["type"] == "snapshot":
                self.states[topic] = msgspec.convert(message["state"], BoardState, strict=False)
            else:
                assert version == self.versions[topic] + 1, "a hole"
                event = msgspec.convert(message["event"], BoardEvent, strict=False)
                self.states[topic] = fold(self.states[topic], event)
            self.versions[topic] = version


async def _fresh(history: History) -> dict[str, BoardState]:
    """What the boards are, from the database and presence alone."""
    watched, ports, boards = history.watched, history.world.ports, history.boards
    now = ports.clock.now()
    async with ports.db.reading() as tx:
        room = await read_room(tx, RoomId(watched.room_id))
        assert room is not None
        state = compose_room(await gather_room(tx, room), ports.presence, (), boards.climb_after, now)
        attempt = await access_attempt(tx, AttemptId(watched.attempt_id))
        seat = next(one for one in state.seats if one.attempt_id == watched.attempt_id)
        panel = await compose_panel(tx, attempt, seat)
    patrol = PatrolState(state.sitting, [compose_glance(state, boards.climb_after, now)])
    return {
        TOPIC_ROOM.of(watched.room_id): state,
        TOPIC_PANEL.of(watched.attempt_id): panel,
        TOPIC_PATROL.of(watched.hall.sitting_id): patrol,
    }


async def _run(acts: list[str], folder: Path, template: Path) -> None:
    folder.mkdir()  # noqa: ASYNC240 - a test
    records = shutil.copyfile(template, folder / "invigil.sqlite")
    chosen = Settings(
        data_folder=folder / "data",
        database=DatabaseSettings(url=f"sqlite+aiosqlite:///{records}"),
        blobs=BlobSettings(url=f"file://{folder}/blobs"),
    )
    async with open_world(chosen, FixedClock(START)) as world:
        history = History(await open_watched(world))
        watched, boards = history.watched, history.boards
        with world.ports.bus.subscribe() as reader:
            await boards.follow_room(reader, watched.room_id, 0)
            await boards.follow_panel(reader, watched.attempt_id, 0)
            await boards.follow_patrol(reader, watched.hall.sitting_id, 0)
            page = Follower(reader)
            for act in acts:
                await history.act(act)
                await boards.tick()
                page.catch_up()
                fresh = await _fresh(history)
                for topic, state in fresh.items():
                    assert msgspec.to_builtins(page.states[topic]) == msgspec.to_builtins(state), (act, topic)


def test_snapshot_and_events_are_a_fresh_snapshot(tmp_path_factory: Any, sqlite_template: Path) -> None:
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(st.lists(st.sampled_from(ACTS), min_size=12, max_size=30))
    def holds(acts: list[str]) -> None:
        asyncio.run(_run(acts, tmp_path_factory.mktemp("law") / "w", sqlite_template))

    holds()


async def test_every_act_of_the_histories_changes_something(tmp_path: Path, sqlite_template: Path) -> None:
    """Each act is tried once in an order in which most succeed; a history of refusals would prove nothing."""
    await _run(
        ["beat", "track_live", "track_stopped", "signal", "step", "claim", "release", "handle", "message", "deliver", "lock", "unlock",
         "pause", "approve", "deliver", "resume", "raise", "come", "lower", "say", "answer", "note", "sign_in", "sign_out",
         "second_enters", "gone", "a_moment", "beat", "pause", "reject", "a_while", "signal", "terminate", "approve", "hand_in"],
        tmp_path / "w",
        sqlite_template,
    )  # fmt: skip
