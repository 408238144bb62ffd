"""The manifest over the socket: the service of POST /api/sit/recording/commit, its answers, its refusals (P3, S3.14)."""

import asyncio
import os
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from invigil.platform.bus import Subscription
from invigil.sit.answering.api import Listener, PageEars, Replies, read_device
from invigil.sit.answering.api import protocol as page
from invigil.sit.checkin.api import protocol as phone
from invigil.sit.recording.api import list_conflicts
from tests.integration.sit.recording.studio import Studio
from tests.segments import MadeSegment, MadeTake
from tests.world import World

ANSWERS_WITHIN_S = 20


class Line:
    """The socket of a page or a phone, from its text frames on."""

    def __init__(self, studio: Studio, subscription: Subscription, device: page.Device, mark: str) -> None:
        self._ears = ears_of(studio.world)
        self._union: Any = phone.PhoneClientMessage if device == "phone" else page.ClientMessage
        self._subscription = subscription
        self._replies = Replies(self._ears, Listener(studio.attempt, device, mark), subscription)

    async def say(self, **message: Any) -> None:
        """Send a frame."""
        await self._replies.take(self._ears.decode(msgspec.json.encode(message), self._union))

    async def hear(self) -> dict[str, Any]:
        """Return what the server says next."""
        frame = await asyncio.wait_for(self._subscription.messages.get(), ANSWERS_WITHIN_S)
        assert frame is not None
        heard: dict[str, Any] = msgspec.json.decode(frame)
        return heard

    async def commit(self, *segments: MadeSegment, **more: Any) -> dict[str, Any]:
        """Declare segments (and ends, gaps); return the answer."""
        await self.say(type="commit", id="n-1", segments=[one.row for one in segments], **more)
        answer = await self.hear()
        assert answer["id"] == "n-1"
        return answer


def ears_of(world: World) -> PageEars:
    """The ears of the application under test."""
    ears: PageEars = world.client._transport.app.state.page_ears  # type: ignore[attr-defined]
    return ears


async def open_line(studio: Studio, device: page.Device = "pc") -> Line:
    """Connect a page."""
    mark = await ears_of(studio.world).welcome(studio.attempt, device)
    return Line(studio, Subscription(studio.world.ports.bus), device, mark)


def states(answer: dict[str, Any], what: str = "segments") -> list[str]:
    """What became of each."""
    assert answer["type"] == "committed", answer
    return [one["state"] for one in answer[what]]


async def test_what_is_declared_over_the_socket_is_kept_and_may_be_said_again(world: World) -> None:
    studio = await Studio.open(world)
    line, take = await open_line(studio), await studio.begin()
    made = take.record([b"init", os.urandom(1000), os.urandom(1000)], began_ms=studio.now_ms)
    for one in made:
        await studio.put(one)
    end = {"take_id": take.take_id, "last_seq": 2, "cause": "finished", "ended_at_ms": 1}
    answer = await line.commit(*made, ends=[end])
    assert (states(answer), states(answer, "ends")) == (["kept"] * 3, ["kept"])
    assert answer["stored_until_ms"] == {"camera": studio.now_ms + 8_000}
    assert states(await line.commit(*made)) == ["kept"] * 3
    by_http = await studio.commit(*made)
    assert [one["state"] for one in by_http.json()["segments"]] == ["kept"] * 3


async def test_each_segment_is_answered_for_itself(world: World) -> None:
    studio = await Studio.open(world)
    line, take = await open_line(studio), await studio.begin()
    made = take.record([b"init", b"one", b"two", b"three"])
    forged = MadeTake(take.attempt_id, take.track, take.take_id, os.urandom(32)).record([b"init", b"other"])
    for one in (*made[:2], made[3], forged[1]):
        await studio.put(one)
    answer = await line.commit(made[0], made[1], forged[1], made[2], made[3])
    assert states(answer) == ["kept", "kept", "conflict", "missing", "out_of_order"]
    assert [one["expected_seq"] for one in answer["segments"]] == [1, 2, 2, 2, 2]
    unknown = MadeTake(studio.attempt.id, "camera").record([b"init"])
    assert states(await line.commit(*unknown)) == ["unknown_take"]
    async with world.ports.db.reading() as tx:
        assert [one.sha256 for one in await list_conflicts(tx, studio.attempt.id)] == [forged[1].row["sha256"]]


@pytest.mark.parametrize(
    ("device", "track", "code"),
    [
        ("pc", "phone", "recording.track_not_yours"),
        ("phone", "screen", "recording.track_not_yours"),
        ("phone", "phone", None),
    ],
)
async def test_a_refusal_is_the_one_that_http_would_bring(
    world: World, device: page.Device, track: str, code: str | None
) -> None:
    studio = await Studio.open(world)
    line = await open_line(studio, device)
    answer = await line.commit(gaps=[{"track": track, "from_ms": 1, "to_ms": 2, "cause": "muted"}])
    assert (answer["type"], answer.get("code")) == (("committed", None) if code is None else ("commit_refused", code))
    assert code is None or answer["status"] == 403
    backwards = await line.commit(gaps=[{"track": track, "from_ms": 2, "to_ms": 2, "cause": "muted"}])
    assert (backwards["status"], backwards["code"]) == (422, "recording.invalid")


@pytest.mark.parametrize("wrong", [{"seq": -1}, {"sha256": "x"}, {"bytes": 0}, {"previous": ""}, {"more": 1}])
async def test_what_is_out_of_bounds_is_no_message(world: World, wrong: dict[str, Any]) -> None:
    studio = await Studio.open(world)
    (one,) = MadeTake(studio.attempt.id, "camera").record([b"init"])
    message = {"type": "commit", "id": "n", "segments": [one.row | wrong]}
    with pytest.raises(msgspec.DecodeError):
        ears_of(world).decode(msgspec.json.encode(message))


async def test_a_page_cannot_declare_for_another_attempt(world: World) -> None:
    studio = await Studio.open(world)
    other = await Studio.join(
        world, studio.attempt.exam_id, studio.attempt.sitting_id, id="att_2", candidate_id="cand_2", seat_number=2
    )
    (one,) = (await studio.begin()).record([b"init"])
    await studio.put(one)
    assert states(await (await open_line(other)).commit(one)) == ["unknown_take"]
    assert states(await (await open_line(studio)).commit(one)) == ["kept"]


async def test_a_slow_store_holds_up_no_heartbeat(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    studio = await Studio.open(world)
    line = await open_line(studio)
    (one,) = (await studio.begin()).record([b"init"])
    await studio.put(one)
    answers, sizes = asyncio.Event(), world.ports.media.read_sizes

    async def read_slowly(keys: list[str]) -> dict[str, int]:
        await answers.wait()
        return await sizes(keys)

    monkeypatch.setattr(world.ports.media, "read_sizes", read_slowly)
    await line.say(type="commit", id="slow", segments=[one.row])
    await line.say(type="heartbeat", seq=1, pending=False)
    assert (await line.hear())["type"] == "time"
    answers.set()
    assert (await line.hear())["id"] == "slow"


async def test_the_board_knows_the_lag_of_the_stored_copy(world: World) -> None:
    studio = await Studio.open(world)
    line, take = await open_line(studio), await studio.begin()
    made = take.record([b"init", b"one"], began_ms=studio.now_ms)
    for one in made:
        await studio.put(one)
    await line.commit(*made)
    world.clock.advance(timedelta(seconds=4 + 27))
    await line.say(type="heartbeat", seq=1, pending=False)
    state = read_device(world.ports.presence, studio.attempt.id, "pc")
    assert state is not None
    assert state.lags_ms == {"camera": 25_000}
