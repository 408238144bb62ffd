"""Takes, uploads and commits over both databases: idempotent, in order, kept means durable (P3, S2.5, S3.14)."""

import os
from datetime import timedelta

import httpx
import pytest

from invigil.kernel.principals import Role
from invigil.sit.answering.api import TICKET_HEADER, protocol
from invigil.sit.checkin.api import PHONE_HEADER, PhoneTicket, issue_phone_ticket
from invigil.sit.recording.api import (
    GapCause,
    TrackState,
    TrackStateChanged,
    is_take_intact,
    list_changes,
    list_conflicts,
    list_segments,
    list_takes,
    open_take_key,
)
from invigil.sit.recording.service.registering import DRAIN_WITHIN
from tests.integration.sit.recording.studio import Studio
from tests.segments import MadeTake
from tests.world import World


def states(answer: httpx.Response, what: str = "segments") -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["state"] for one in answer.json()[what]]


async def test_a_take_is_recorded(world: World) -> None:
    studio = await Studio.open(world)
    take = await studio.begin()
    made = take.record([b"init", *(os.urandom(50_000) for _ in range(3))], began_ms=studio.now_ms)
    await studio.keep(*made)
    answer = await studio.commit(ends=[{"take_id": take.take_id, "last_seq": 3, "cause": "finished", "ended_at_ms": 1}])
    assert states(answer, "ends") == ["kept"]
    assert answer.json()["stored_until_ms"] == {"camera": studio.now_ms + 12_000}
    async with world.ports.db.reading() as tx:
        (kept,) = await list_takes(tx, studio.attempt.id)
        segments = await list_segments(tx, kept)
        assert open_take_key(tx, kept) == take.key
        assert is_take_intact(world.ports.keys, kept)
    assert [one.sha256 for one in segments] == [one.row["sha256"] for one in made]
    assert [await world.ports.media.get(one.key) for one in segments] == [one.ciphertext for one in made]
    assert (kept.segment_count, kept.total_bytes) == (4, sum(len(one.ciphertext) for one in made))


async def test_the_same_again_is_kept_and_another_content_is_a_conflict(world: World) -> None:
    studio = await Studio.open(world)
    take = await studio.begin()
    made = take.record([b"init", b"one"])
    await studio.keep(*made)
    assert states(await studio.commit(*made)) == ["kept", "kept"]
    other = MadeTake(take.attempt_id, take.track, take.take_id, os.urandom(32))
    forged = other.record([b"init", b"two"])
    await studio.put(forged[1])
    assert states(await studio.commit(forged[1])) == ["conflict"]
    async with world.ports.db.reading() as tx:
        (kept,) = await list_takes(tx, studio.attempt.id)
        assert [one.sha256 for one in await list_segments(tx, kept)] == [one.row["sha256"] for one in made]
        assert [(one.seq, one.sha256) for one in await list_conflicts(tx, studio.attempt.id)] == [
            (1, forged[1].row["sha256"])
        ]


async def test_what_is_not_stored_or_not_next_is_not_kept(world: World) -> None:
    studio = await Studio.open(world)
    take = await studio.begin()
    made = take.record([b"init", b"one", b"two"])
    assert states(await studio.commit(made[0])) == ["missing"]
    await studio.put(made[0])
    await studio.put(made[2])
    answer = await studio.commit(made[0], made[2])
    assert [(one["state"], one["expected_seq"]) for one in answer.json()["segments"]] == [
        ("kept", 1),
        ("out_of_order", 1),
    ]
    unknown = MadeTake(studio.attempt.id, "camera")
    assert states(await studio.commit(*unknown.record([b"init"]))) == ["unknown_take"]


async def test_registering_is_idempotent(world: World) -> None:
    studio = await Studio.open(world)
    take = MadeTake(studio.attempt.id, "screen")
    public = world.ports.keys.recording_public_key
    for _ in range(2):  # wrapped anew, the same key
        answer = await studio.post("takes", take.form(public))
        assert (answer.status_code, answer.json()) == (200, {"take_id": take.take_id})
    for changes in ({"width": 320}, {"label": "别的"}, {"started_at": "2026-11-01T09:00:01+00:00"}):
        answer = await studio.post("takes", take.form(public, **changes))
        assert (answer.status_code, answer.json()["code"]) == (409, "recording.take_conflict")


@pytest.mark.parametrize(
    ("is_phone", "track", "status"),
    [
        (False, "screen", 200),
        (False, "camera", 200),
        (False, "phone", 403),
        (True, "phone", 200),
        (True, "camera", 403),
    ],
)
async def test_each_device_records_its_own_tracks(world: World, track: str, status: int, *, is_phone: bool) -> None:
    studio = await Studio.open(world)
    take = MadeTake(studio.attempt.id, track)
    form = take.form(world.ports.keys.recording_public_key)
    phone = issue_phone_ticket(world.ports.keys, PhoneTicket(studio.attempt.id, 1))
    headers = {PHONE_HEADER: phone} if is_phone else {TICKET_HEADER: studio.ticket}
    answer = await world.client.post("/api/sit/recording/takes", json=form, headers=headers)
    assert answer.status_code == status
    assert status == 200 or answer.json()["code"] == "recording.track_not_yours"
    gap = {"track": track, "from_ms": 1, "to_ms": 2, "cause": "muted"}
    answer = await world.client.post("/api/sit/recording/commit", json={"gaps": [gap]}, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("what", "body"),
    [("takes", {}), ("targets", {"segments": []}), ("commit", {"segments": [{}]}), ("probe", {"parcels": []})],
)
async def test_who_may_and_what_is_malformed(world: World, what: str, body: object) -> None:
    studio = await Studio.open(world)
    for ticket in ("", "x", studio.ticket[:-1]):
        assert (await studio.post(what, body, ticket)).json()["code"] == "answering.ticket_invalid"
    wrong = await world.client.post(f"/api/sit/recording/{what}", json=body, headers={PHONE_HEADER: studio.ticket})
    assert wrong.status_code == 401
    answer = await studio.post(what, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "recording.invalid")


async def test_another_attempts_take_cannot_be_touched(world: World) -> None:
    studio = await Studio.open(world)
    other = await Studio.join(
        world, studio.attempt.exam_id, studio.attempt.sitting_id, id="att_2", candidate_id="cand_2", seat_number=2
    )
    take = await studio.begin()
    (one,) = take.record([b"init"])
    await studio.put(one)
    assert states(await other.commit(one)) == ["unknown_take"]
    row = {name: one.row[name] for name in ("take_id", "seq", "sha256", "bytes")}
    assert (await other.post("targets", {"segments": [row]})).json()["code"] == "recording.take_unknown"
    assert states(await studio.commit(one)) == ["kept"]


async def test_a_key_for_another_place_is_refused(world: World) -> None:
    studio = await Studio.open(world)
    take, other = MadeTake(studio.attempt.id, "camera"), MadeTake(studio.attempt.id, "screen")
    public = world.ports.keys.recording_public_key
    form = take.form(public) | {"wrapped_key": other.form(public)["wrapped_key"]}
    answer = await studio.post("takes", form)
    assert (answer.status_code, answer.json()["code"]) == (422, "recording.key_invalid")


async def test_takes_are_bounded_and_end_with_the_attempt(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("invigil.sit.recording.service.registering.MOST_TAKES", 1)
    studio = await Studio.open(world)
    await studio.begin()
    public = world.ports.keys.recording_public_key
    answer = await studio.post("takes", MadeTake(studio.attempt.id, "camera").form(public))
    assert (answer.status_code, answer.json()["code"]) == (429, "recording.too_many_takes")
    late = await Studio.join(
        world, studio.attempt.exam_id, studio.attempt.sitting_id, id="att_2", candidate_id="cand_2", seat_number=2,
        ended_at=world.clock.now(),
    )  # fmt: skip
    world.clock.advance(DRAIN_WITHIN)
    await late.begin()
    world.clock.advance(timedelta(seconds=1))
    answer = await late.post("takes", MadeTake(late.attempt.id, "camera").form(public))
    assert (answer.status_code, answer.json()["code"]) == (403, "recording.over")


async def test_addresses_are_forged_or_late(world: World) -> None:
    studio = await Studio.open(world)
    take = await studio.begin()
    (one,) = take.record([b"init"])
    row = {name: one.row[name] for name in ("take_id", "seq", "sha256", "bytes")}
    url = (await studio.post("targets", {"segments": [row]})).json()["targets"][0]["urls"]["main"]
    for wrong in (url.replace("bytes=", "bytes=1"), url[:-1], url.split("?")[0], url.replace("expires=", "expires=9")):
        answer = await world.client.put(wrong, content=one.ciphertext)
        assert (answer.status_code, answer.json()["code"]) == (403, "recording.address_invalid")
    world.clock.advance(timedelta(minutes=16))
    assert (await world.client.put(url, content=one.ciphertext)).status_code == 403
    gone = world.ports.media.sign_get("recording/none", now=world.clock.now()).urls["main"]
    answer = await world.client.get(gone)
    assert (answer.status_code, answer.json()["code"]) == (404, "recording.segment_missing")


async def test_access_points_are_open_to_pages_from_elsewhere(world: World) -> None:
    for path in ("/api/media/probe", "/api/media/segments/a/b"):
        answer = await world.client.options(path, headers={"origin": "https://exam.test"})
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")
        assert answer.headers["access-control-allow-methods"] == "GET, PUT"
    answer = await world.client.get("/api/media/probe", headers={"origin": "https://exam.test"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")


async def test_a_stop_is_written_down_and_told_at_once(world: World) -> None:
    studio = await Studio.open(world)
    news: list[TrackStateChanged] = []

    async def hear(one: TrackStateChanged) -> None:
        news.append(one)

    world.ports.hub.subscribe(TrackStateChanged, hear)
    ears = world.client._transport.app.state.page_ears  # type: ignore[attr-defined]
    mark = await ears.welcome(studio.attempt, "pc")
    said = [("live", ""), ("live", ""), ("stopped", "ended_by_user"), ("stopped", "ended_by_user"), ("live", "")]
    since_ms, before = 0, ""
    for state, cause in said:
        since_ms, before = (since_ms if state == before else studio.now_ms), state
        report = protocol.TrackReport("screen", state, cause, "", 0, 0, since_ms)  # type: ignore[arg-type]
        await ears.hear(studio.attempt, "pc", mark, protocol.TracksMessage([report]))
        world.clock.advance(timedelta(seconds=10))
    assert [(one.state, one.cause) for one in news] == [
        (TrackState.LIVE, None), (TrackState.STOPPED, GapCause.ENDED_BY_USER), (TrackState.LIVE, None),
    ]  # fmt: skip
    async with world.ports.db.reading() as tx:
        assert len(await list_changes(tx, studio.attempt.id)) == 3
    reviewer = await world.staff(Role.REVIEWER)
    answer = (await reviewer.get(f"/api/recording/attempts/{studio.attempt.id}/coverage")).json()
    gaps = [(one["cause"], one["is_declared"], one["to_ms"] - one["from_ms"]) for one in answer["tracks"][0]["gaps"]]
    assert gaps == [("not_started", False, 20_000), ("ended_by_user", True, 20_000), ("not_started", False, 10_000)]
    log = (
        await (await world.staff(Role.SUPPORT)).get(
            f"/api/activity/of-attempt/{studio.attempt.id}?only_highlights=true"
        )
    ).json()
    assert [(one["kind_zh"], one["detail_zh"], one["importance"], one["device"]) for one in log] == [
        ("开始录制", "屏幕", "notable", "pc"),
        ("录制中断", "屏幕：考生停止了录制", "important", "pc"),
        ("开始录制", "屏幕", "notable", "pc"),
    ]


async def test_staff_see_bars_with_causes_and_lag(world: World) -> None:
    studio = await Studio.open(world)
    take = await studio.begin(label="前置摄像头")
    began = studio.now_ms
    await studio.keep(*take.record([b"init", *(b"x" for _ in range(5))], began_ms=began + 2000))
    world.clock.advance(timedelta(seconds=30))
    gap = {"track": "camera", "from_ms": began, "to_ms": began + 2000, "cause": "not_granted"}
    await studio.commit(gaps=[gap])
    reviewer = await world.staff(Role.REVIEWER)
    answer = (await reviewer.get(f"/api/recording/attempts/{studio.attempt.id}/coverage")).json()
    screen, camera, phone = answer["tracks"]
    assert [one["track"] for one in answer["tracks"]] == ["screen", "camera", "phone"]
    assert [(one["cause"], one["cause_zh"]) for one in screen["gaps"]] == [("not_started", "尚未开始录制")]
    assert phone["stored_ms"] == 0
    assert (camera["stored_ms"], camera["gap_ms"], camera["lag_ms"]) == (20_000, 10_000, 8_000)
    assert [(one["cause"], one["is_declared"]) for one in camera["gaps"]] == [
        ("not_granted", True),
        ("upload_pending", False),
    ]
    assert [(one["label"], one["segment_count"], one["is_intact"]) for one in camera["takes"]] == [
        ("前置摄像头", 6, True)
    ]
    assert (await world.anonymous().get(f"/api/recording/attempts/{studio.attempt.id}/coverage")).status_code == 401
