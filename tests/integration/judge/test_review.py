"""Review on both databases: the queue, one timeline, keys that are recorded, verdicts in rounds (S3.19, C5.2)."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from invigil.base.audit import store as audit_store
from invigil.judge.review.service import watching
from invigil.kernel.encoding import decode_base64url
from invigil.kernel.ids import AttemptId
from invigil.kernel.principals import Role
from invigil.prepare.exams.api import RecordingRules, SittingRules
from invigil.sit.answering import store as answering_store
from invigil.sit.answering.api import AttemptState
from invigil.watch.signals.api import RaisedSignal, raise_signals
from tests.integration.sit.recording.studio import Studio
from tests.world import Person, World

PARTS = (b"header", b"first four seconds", b"next four seconds")


async def recorded(world: World, *kinds: str, rules: SittingRules | None = None, **changes: Any) -> Studio:
    """Record a camera, raise signals, end the attempt."""
    studio = await Studio.open(world, rules, **changes)
    await finish(studio, *kinds)
    return studio


async def finish(studio: Studio, *kinds: str) -> None:
    world = studio.world
    take = await studio.begin("camera")
    await studio.keep(*take.record(PARTS, began_ms=studio.now_ms))
    async with world.ports.db.transaction() as tx:
        at = world.clock.now()
        await raise_signals(tx, studio.attempt, [RaisedSignal(kind, at, "pc") for kind in kinds])
    world.clock.advance(timedelta(minutes=30))
    async with world.ports.db.transaction() as tx:
        await answering_store.update_attempt(
            tx, studio.attempt.id, state=AttemptState.HANDED_IN, ended_at=world.clock.now()
        )


async def timeline(person: Person, studio: Studio) -> dict[str, Any]:
    answer = await person.get(f"/api/review/attempts/{studio.attempt.id}")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def segments(person: Person, studio: Studio, take_id: str, **some: int) -> list[dict[str, Any]]:
    answer = await person.get(f"/api/review/attempts/{studio.attempt.id}/takes/{take_id}/segments", params=some)
    assert answer.status_code == 200, answer.text
    assert answer.json()["lasts_s"] == (4 * 3600 if answer.json()["segments"] else 0)
    found: list[dict[str, Any]] = answer.json()["segments"]
    return found


async def decide(person: Person, studio: Studio, mark_id: str, **form: Any) -> Any:
    body = {"source": "signal", "mark_id": mark_id, "decision": "dismiss", "reason": "看过录像，未见异常", **form}
    return await person.put(f"/api/review/attempts/{studio.attempt.id}/verdicts", json=body)


async def end_round(person: Person, studio: Studio) -> Any:
    return await person.post(f"/api/review/attempts/{studio.attempt.id}/rounds")


async def review(world: World, studio: Studio, decision: str) -> Any:
    """Do a whole round as another person."""
    person = await world.staff(Role.REVIEWER)
    for signal in (await timeline(person, studio))["signals"]:
        form = {"breach": "materials"} if decision == "confirm" else {}
        assert (await decide(person, studio, signal["id"], decision=decision, **form)).status_code == 200
    return (await end_round(person, studio)).json()


async def test_everything_stands_on_one_timeline(world: World) -> None:
    studio, person = await recorded(world, "screen_left", "copy"), await world.staff(Role.REVIEWER)
    shown = await timeline(person, studio)
    assert {one["kind"] for one in shown["signals"]} == {"copy", "screen_left"}
    tracks = {one["track"]: one for one in shown["tracks"]}
    assert set(tracks) == {"screen", "camera", "phone"}
    take = tracks["camera"]["takes"][0]
    assert (take["starts_ms"], take["ends_ms"]) == ([0, 4000], 8000)
    assert take["origin_ms"] == shown["from_ms"]
    assert tracks["screen"]["gaps"][0]["cause"] == "not_started"
    for track in shown["tracks"]:
        covered = track["stored_ms"] + track["gap_ms"]
        assert abs(covered - 30 * 60_000) <= 1000


async def test_the_keys_open_what_is_fetched_and_are_recorded(world: World) -> None:
    studio, person = await recorded(world), await world.staff(Role.REVIEWER)
    shown = await timeline(person, studio)
    answer = await person.post(f"/api/review/attempts/{studio.attempt.id}/keys", json={"reason": "日常复查"})
    keys = answer.json()["keys"]
    take = next(one for one in shown["tracks"] if one["track"] == "camera")["takes"][0]
    key = AESGCM(decode_base64url(keys[take["take_id"]]))
    for part, one in zip(PARTS, await segments(person, studio, take["take_id"]), strict=True):
        ciphertext = (await world.client.get(one["url"])).content
        place = f"invigil/segment/1|{studio.attempt.id}|camera|{take['take_id']}|{one['seq']}|{one['previous']}"
        binding = f"{place}|{one['p0_ms']}|{one['p1_ms']}|{one['at_ms']}"
        assert key.decrypt(bytes(4) + one["seq"].to_bytes(8, "big"), ciphertext, binding.encode()) == part
    async with world.ports.db.reading() as tx:
        (act,), _ = await audit_store.search(tx, act="review.keys.give", actor_id="", on="", offset=0, limit=5)
    assert (act.on, act.actor_id, act.details) == (
        studio.attempt.id, person.principal.id, {"reason": "日常复查", "takes": 1},
    )  # fmt: skip


async def test_addresses_are_given_for_those_segments_that_are_looked_at(world: World) -> None:
    studio, person = await recorded(world), await world.staff(Role.REVIEWER)
    tracks = {one["track"]: one for one in (await timeline(person, studio))["tracks"]}
    take_id = tracks["camera"]["takes"][0]["take_id"]
    whole = await segments(person, studio, take_id)
    assert [one["seq"] for one in whole] == [0, 1, 2]
    assert [one["previous"] for one in whole] == ["0" * 64, whole[0]["sha256"], whole[1]["sha256"]]
    for first, most in [(0, 1), (0, 2), (1, 1), (1, 100), (2, 1)]:
        assert await segments(person, studio, take_id, first=first, most=most) == whole[first : first + most]
    assert await segments(person, studio, take_id, first=3) == []


async def test_an_address_that_ran_out_is_signed_again(world: World) -> None:
    studio, person = await recorded(world), await world.staff(Role.REVIEWER)
    tracks = {one["track"]: one for one in (await timeline(person, studio))["tracks"]}
    take_id = tracks["camera"]["takes"][0]["take_id"]
    (old, *_) = await segments(person, studio, take_id)
    world.clock.advance(timedelta(hours=4, seconds=1))
    assert (await world.client.get(old["url"])).status_code == 403
    person = await world.staff(Role.REVIEWER)
    (new, *_) = await segments(person, studio, take_id)
    assert (await world.client.get(new["url"])).status_code == 200


async def test_takes_of_others_have_no_addresses_here(world: World) -> None:
    studio, person = await recorded(world), await world.staff(Role.REVIEWER)
    there = (studio.attempt.exam_id, studio.attempt.sitting_id)
    other = await Studio.join(world, *there, id=AttemptId("att_b"), candidate_id="cand_b")
    for take_id in ((await other.begin("camera")).take_id, "take_unknown"):
        answer = await person.get(f"/api/review/attempts/{studio.attempt.id}/takes/{take_id}/segments")
        assert (answer.status_code, answer.json()["code"]) == (404, "review.take.not_found")


async def test_no_key_leaves_unrecorded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    studio, person = await recorded(world), await world.staff(Role.REVIEWER)

    async def broken(*_: object, **__: object) -> None:
        raise OSError("the record cannot be written")

    monkeypatch.setattr(watching, "record", broken)
    with pytest.raises(OSError, match="cannot be written"):
        await person.post(f"/api/review/attempts/{studio.attempt.id}/keys", json={"reason": "日常复查"})


async def test_a_round_needs_every_serious_mark_judged(world: World) -> None:
    studio, person = await recorded(world, "screen_left", "developer_tools"), await world.staff(Role.REVIEWER)
    refused = await end_round(person, studio)
    assert (refused.status_code, refused.json()["code"]) == (409, "review.round.marks_unjudged")
    signals = {one["kind"]: one for one in (await timeline(person, studio))["signals"]}
    assert [signals[kind]["must_judge"] for kind in ("screen_left", "developer_tools")] == [True, False]
    lacking = await decide(person, studio, signals["screen_left"]["id"], decision="confirm")
    assert (lacking.status_code, lacking.json()["code"]) == (422, "review.verdict.breach_missing")
    assert (await decide(person, studio, "sig_unknown")).json()["code"] == "review.mark.unknown"
    assert (await decide(person, studio, signals["screen_left"]["id"])).status_code == 200
    # Said again, the last word counts.
    again = await decide(person, studio, signals["screen_left"]["id"], decision="confirm", breach="materials")
    assert again.json()["breach"] == "materials"
    assert (await end_round(person, studio)).json()["outcome"] == "violation"
    assert (await end_round(person, studio)).json()["code"] == "review.case.settled"
    assert (await timeline(person, studio))["case"]["outcome"] == "violation"


async def test_two_persons_and_a_third_where_they_differ(world: World) -> None:
    rules = SittingRules(recording=RecordingRules(needs_second_review=True))
    studio = await recorded(world, "screen_left", rules=rules)
    first = await world.staff(Role.REVIEWER)
    (signal,) = (await timeline(first, studio))["signals"]
    assert (await decide(first, studio, signal["id"])).status_code == 200
    assert (await end_round(first, studio)).json()["outcome"] == "clean"
    assert (await timeline(first, studio))["case"]["state"] == "second"
    assert (await decide(first, studio, signal["id"])).json()["code"] == "review.round.another_person"
    assert (await review(world, studio, "confirm"))["outcome"] == "violation"
    assert (await timeline(first, studio))["case"]["state"] == "disputed"
    assert (await review(world, studio, "confirm"))["number"] == 3
    case = (await timeline(first, studio))["case"]
    assert (case["state"], case["outcome"], len(case["rounds"])) == ("settled", "violation", 3)


async def test_a_settled_case_is_opened_again_with_a_reason(world: World) -> None:
    studio, administrator = await recorded(world, "screen_left"), await world.staff(Role.ADMINISTRATOR)
    path = f"/api/review/attempts/{studio.attempt.id}/reopening"
    early = await administrator.post(path, json={"reason": "考生申诉"})
    assert (early.status_code, early.json()["code"]) == (409, "review.case.not_settled")
    await review(world, studio, "confirm")
    assert (await administrator.post(path, json={"reason": "考生申诉"})).status_code == 204
    assert (await timeline(administrator, studio))["case"]["state"] == "waiting"
    assert (await review(world, studio, "dismiss"))["outcome"] == "clean"


async def test_findings_are_judged_like_everything_else(world: World) -> None:
    studio, person = await recorded(world), await world.staff(Role.REVIEWER)
    path = f"/api/review/attempts/{studio.attempt.id}/findings"
    from_ms = (await timeline(person, studio))["from_ms"]
    bad = await person.post(path, json={"from_ms": from_ms, "to_ms": from_ms, "text": "有人说话"})
    assert (bad.status_code, bad.json()["code"]) == (422, "review.finding.malformed")
    found = (await person.post(path, json={"from_ms": from_ms, "to_ms": from_ms + 10_000, "text": "有人说话"})).json()
    assert (await end_round(person, studio)).json()["code"] == "review.round.marks_unjudged"
    other = await world.staff(Role.REVIEWER)
    assert (await other.delete(f"{path}/{found['id']}")).json()["code"] == "review.mark.unknown"
    assert (await person.delete(f"{path}/{found['id']}")).status_code == 204
    assert (await end_round(person, studio)).json()["outcome"] == "clean"


async def test_an_attempt_that_goes_on_is_watched_but_not_judged(world: World) -> None:
    studio, person = await Studio.open(world), await world.staff(Role.REVIEWER)
    assert (await timeline(person, studio))["ended_at"] is None
    refused = await end_round(person, studio)
    assert (refused.status_code, refused.json()["code"]) == (409, "review.attempt.not_over")


async def test_the_queue_begins_with_the_riskiest(world: World) -> None:
    calm = await recorded(world)
    risky = await Studio.join(
        world, calm.attempt.exam_id, calm.attempt.sitting_id, id=AttemptId("att_risky"), candidate_id="cand_2"
    )
    await finish(risky, "virtual_camera", "screen_left")
    person = await world.staff(Role.REVIEWER)
    path = f"/api/review/sittings/{calm.attempt.sitting_id}"
    queue = (await person.get(f"{path}/queue")).json()
    assert [one["attempt_id"] for one in queue["items"]] == ["att_risky", calm.attempt.id]
    assert queue["items"][0]["risk"] == 14
    await review(world, risky, "confirm")
    progress = (await person.get(f"{path}/progress")).json()
    assert progress == {"total": 2, "waiting": 1, "second": 0, "disputed": 0, "settled": 1, "violations": 1}
    settled = (await person.get(f"{path}/queue?state=settled")).json()
    assert [one["attempt_id"] for one in settled["items"]] == ["att_risky"]


ROUTES = [
    ("GET", "sittings/sit_x/queue"), ("GET", "sittings/sit_x/progress"), ("GET", "attempts/att_x"),
    ("POST", "attempts/att_x/keys"), ("PUT", "attempts/att_x/verdicts"), ("POST", "attempts/att_x/rounds"),
    ("POST", "attempts/att_x/findings"), ("DELETE", "attempts/att_x/findings/find_x"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_recordings_are_watched_by_few(world: World, method: str, path: str) -> None:
    form = {
        "reason": "日常复查", "source": "signal", "mark_id": "sig_x", "decision": "dismiss", "text": "有人说话",
        "from_ms": 1, "to_ms": 2,
    }  # fmt: skip

    async def send(person: Person) -> int:
        options = {} if method in {"GET", "DELETE"} else {"json": form}
        return (await person._send(method, f"/api/review/{path}", **options)).status_code

    assert await send(world.anonymous()) == 401
    for role in (Role.PROCTOR, Role.SUPPORT, Role.OPERATOR):
        assert await send(await world.staff(role)) == 403
    assert await send(await world.staff(Role.REVIEWER)) == 404
