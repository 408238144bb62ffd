"""Examinations over HTTP on both databases: agreement, subjects, two persons, typed confirmation, refusals."""

from datetime import timedelta

import pytest

from invigil.base.audit import store as audit_store
from invigil.kernel.ids import JobId
from invigil.kernel.principals import SYSTEM, Role
from invigil.platform.jobs import JobContext
from invigil.prepare.exams.api import move_last_deadline, record_transition
from invigil.prepare.exams.jobs import MOVE_ON
from invigil.prepare.exams.model import SittingState
from invigil.prepare.exams.model.refusals import PathUnknown
from tests.integration.prepare.exams.desk import AGREEMENT, PDF, TITLE, ExamDesk, code_of
from tests.world import World

MINUTE = timedelta(minutes=1)


async def test_an_examination_of_the_beijing_profile(world: World) -> None:
    desk = await ExamDesk.open(world)
    assert [one["code"] for one in desk.exam["subjects"]] == ["A", "B", "C1", "C2", "C3"]
    assert desk.exam["is_mock_required"] is True
    profiles = (await desk.one.get("/api/exam-profiles")).json()
    assert profiles[0]["rules"]["duration_minutes"] == 90
    listed = (await desk.one.get("/api/exams", params={"q": "第四季度"})).json()
    assert [one["id"] for one in listed["items"]] == [desk.exam_id]
    assert (await desk.one.get("/api/exams", params={"q": "100%"})).json()["total"] == 0


async def test_a_list_says_when_sittings_are(world: World) -> None:
    desk = await ExamDesk.open(world)

    async def read_span(path: str) -> tuple[object, ...]:
        said = (await desk.one.get(path)).json()
        one = said["items"][0] if "items" in said else said
        return one["sitting_count"], one["first_starts_at"], one["last_starts_at"]

    assert await read_span("/api/exams") == (0, None, None)
    planned = [await desk.plan("A"), await desk.plan("B", starts_at=desk.world.clock.now() + timedelta(days=9))]
    expected = (2, planned[0]["starts_at"], planned[1]["starts_at"])
    assert expected[1] < expected[2]
    assert await read_span("/api/exams") == await read_span(f"/api/exams/{desk.exam_id}") == expected


async def test_refusals_of_examinations(world: World) -> None:
    desk = await ExamDesk.open(world)
    one, path = desk.one, f"/api/exams/{desk.exam_id}"
    assert code_of(await one.get("/api/exams/exam_x")) == (404, "exams.not_found")
    assert code_of(await one.post("/api/exams", json={"title": "x", "profile": "mars"})) == (
        404,
        "exams.profile_not_found",
    )
    form = {"title": "新名称", "is_mock_required": False, "version": 1}
    assert (await one.put(path, json=form)).json()["version"] == 2
    assert code_of(await one.put(path, json=form)) == (409, "exams.changed_meanwhile")
    assert code_of(await one.post(f"{path}/subjects", json={"code": "A", "title": "x"})) == (409, "exams.subject_taken")
    assert code_of(await one.delete(f"{path}/subjects/Z")) == (404, "exams.subject_not_found")
    assert (await one.post(f"{path}/subjects", json={"code": "D", "title": "丁"})).status_code == 201
    assert (await one.delete(f"{path}/subjects/D")).status_code == 204
    await desk.register(1, subject="B")
    assert code_of(await one.delete(f"{path}/subjects/B")) == (409, "exams.subject_in_use")
    await desk.plan("A")
    assert code_of(await one.delete(f"{path}/subjects/A")) == (409, "exams.subject_in_use")


async def test_deleting_needs_the_title_and_nobody_registered(world: World) -> None:
    desk = await ExamDesk.open(world)
    path = f"/api/exams/{desk.exam_id}/deletion"
    assert code_of(await desk.one.post(path, json={"typed_title": TITLE[:-1]})) == (422, "exams.title_not_confirmed")
    await desk.plan("A")
    await desk.agree()
    assert (await desk.one.post(path, json={"typed_title": f" {TITLE}"})).status_code == 204
    assert (await desk.one.get(f"/api/exams/{desk.exam_id}")).status_code == 404
    other = await ExamDesk.open(world)
    await other.register(1)
    again = await other.one.post(f"/api/exams/{other.exam_id}/deletion", json={"typed_title": TITLE})
    assert code_of(again) == (409, "exams.in_use")


async def test_agreement_is_sealed_superseded_and_its_reading_recorded(world: World) -> None:
    desk = await ExamDesk.open(world)
    first = await desk.agree()
    second = await desk.agree()
    listed = (await desk.one.get(f"/api/exams/{desk.exam_id}/agreements")).json()
    assert {one["id"]: one["superseded_at"] is None for one in listed} == {first["id"]: False, second["id"]: True}
    assert first["file_media_type"] == "application/pdf"
    official = await world.staff(Role.BOARD_OFFICIAL)
    answer = await official.get(f"/api/exams/{desk.exam_id}/agreements/{second['id']}/file")
    assert answer.content == PDF
    async with world.ports.db.reading() as tx:
        found, _ = await audit_store.search(
            tx, act="exams.agreement.download", actor_id=official.principal.id, on=second["id"], offset=0, limit=9
        )
    assert len(found) == 1
    missing = await official.get(f"/api/exams/{desk.exam_id}/agreements/nothing/file")
    assert code_of(missing) == (404, "exams.agreement_not_found")


@pytest.mark.parametrize(
    ("change", "content", "code"),
    [
        ({"signed_on": "2026-11-02"}, PDF, "exams.agreement_signed_later"),
        ({}, b"", "exams.agreement_file_unacceptable"),
        ({}, b"MZ not a scan", "exams.agreement_file_unacceptable"),
        ({"signed_on": "soon"}, PDF, "http.bad_input"),
    ],
)
async def test_agreements_that_are_refused(world: World, change: dict[str, str], content: bytes, code: str) -> None:
    # The world's clock stands at 17:00 on 1 November in Beijing.
    desk = await ExamDesk.open(world)
    answer = await desk.one.post(
        f"/api/exams/{desk.exam_id}/agreements/uploads",
        data=AGREEMENT | change,
        files={"file": ("x.pdf", content, "application/pdf")},
    )
    assert code_of(answer) == (422, code)


async def test_papers_suit_their_subject(world: World) -> None:
    desk = await ExamDesk.open(world)
    path, set_a, set_b = f"/api/exams/{desk.exam_id}/subjects", await desk.make_set("A"), await desk.make_set("B")
    for real, mock in ((set_b, None), ("pset_none", None), (set_a, set_a)):
        form = {"title": "甲", "paper_set_id": real, "mock_paper_set_id": mock}
        assert code_of(await desk.one.put(f"{path}/A", json=form)) == (422, "exams.paper_set_unsuitable")
    form = {"title": "甲", "paper_set_id": set_a, "mock_paper_set_id": await desk.make_set("A")}
    assert (await desk.one.put(f"{path}/A", json=form)).json()["paper_set_id"] == set_a


async def test_locking_takes_two_persons_and_the_same_version(world: World) -> None:
    desk = await ExamDesk.open(world)
    sitting = await desk.plan("A", "B")
    path = f"/api/sittings/{sitting['id']}"
    one, other = desk.one, desk.other
    assert code_of(await other.post(f"{path}/lock", json={"version": 1})) == (409, "exams.lock_not_proposed")
    assert (await one.post(f"{path}/lock-proposal", json={"version": 1})).json()["lock_proposed_by"]
    assert code_of(await one.post(f"{path}/lock", json={"version": 1})) == (409, "exams.second_person_needed")
    form = {
        "kind": "real",
        "title": "改",
        "subject_codes": ["A"],
        "starts_at": sitting["starts_at"],
        "version": 1,
    }
    assert (await other.put(path, json=form)).json()["lock_proposed_by"] == ""
    assert code_of(await other.put(path, json=form)) == (409, "exams.changed_meanwhile")
    assert code_of(await other.post(f"{path}/lock", json={"version": 1})) == (409, "exams.changed_meanwhile")
    assert code_of(await other.post(f"{path}/lock", json={"version": 2})) == (409, "exams.lock_not_proposed")
    locked = await desk.lock({"id": sitting["id"], "version": 2})
    assert locked["state"] == "locked"
    assert code_of(await other.put(path, json=form | {"version": 2})) == (409, "exams.sitting_not_in_state")
    assert [step["target"] for step in locked["transitions"]] == ["locked"]


async def test_what_cannot_be_locked(world: World) -> None:
    desk = await ExamDesk.open(world)
    empty = await desk.plan()
    answer = await desk.one.post(f"/api/sittings/{empty['id']}/lock-proposal", json={"version": 1})
    assert code_of(answer) == (422, "exams.subjects_missing")
    late = await desk.plan("A", starts_at=world.clock.now())
    answer = await desk.one.post(f"/api/sittings/{late['id']}/lock-proposal", json={"version": 1})
    assert code_of(answer) == (409, "exams.sitting_over")


async def test_rules_are_checked_with_every_reason(world: World) -> None:
    desk = await ExamDesk.open(world)
    rules = (await desk.plan("A"))["rules"] | {"duration_minutes": 0, "save_grace_seconds": 601}
    answer = await desk.one.post(
        f"/api/exams/{desk.exam_id}/sittings",
        json={"kind": "real", "title": "x", "starts_at": "2026-11-28T01:00:00Z", "rules": rules},
    )
    assert code_of(answer) == (422, "exams.rules_invalid")
    assert answer.json()["details"]["fields"] == [
        "duration",
        "early_hand_in_after",
        "late_entry_within",
        "save_grace",
    ]
    assert "考核时长" in answer.json()["message"]
    naive = {"kind": "real", "title": "x", "starts_at": "2026-11-28T01:00:00"}
    assert code_of(await desk.one.post(f"/api/exams/{desk.exam_id}/sittings", json=naive)) == (422, "http.bad_input")
    unknown = await desk.one.post(
        f"/api/exams/{desk.exam_id}/sittings",
        json={"kind": "real", "title": "x", "starts_at": "2026-11-28T01:00:00Z", "subject_codes": ["Z"]},
    )
    assert code_of(unknown) == (404, "exams.subject_not_found")
    endless = await desk.one.post(
        f"/api/exams/{desk.exam_id}/sittings", json={"kind": "mock", "title": "x", "starts_at": "2026-11-28T01:00:00Z"}
    )
    assert code_of(endless) == (422, "exams.capacity_missing")


async def test_opening_needs_agreement_and_locked_papers(world: World) -> None:
    desk = await ExamDesk.open(world)
    sitting = await desk.plan_locked("A", "B")
    path = f"/api/sittings/{sitting['id']}/opening"
    assert code_of(await desk.one.post(path)) == (409, "exams.agreement_missing")
    await desk.agree()
    refused = await desk.one.post(path)
    assert code_of(refused) == (409, "exams.papers_not_locked")
    assert "A、B" in refused.json()["message"]
    await desk.choose_papers("A")
    await desk.choose_papers("B", is_locked=False)
    refused = await desk.one.post(path)
    assert refused.json()["details"]["subject_codes"] == "B"
    await desk.choose_papers("B")
    opened = await desk.open_sitting(sitting)
    assert opened["state"] == "open"
    # What was open keeps its papers, whatever is chosen later.
    await desk.choose_papers("A")
    assert (await desk.one.get(f"/api/sittings/{sitting['id']}")).json()["papers"] == opened["papers"]


async def test_opening_deals_papers_by_a_job(world: World) -> None:
    desk = await ExamDesk.open(world)
    await desk.register(3)
    await desk.agree()
    await desk.choose_papers("A")
    sitting = await desk.plan_locked("A")
    await desk.open_sitting(sitting)
    jobs = (await desk.one.get("/api/jobs")).json()["items"]
    assert [job["kind"] for job in jobs] == ["exams.sitting.deal"]
    # A set in which nothing was generated cannot be dealt: the first job leaves the second one, which breaks off.
    await desk.run_jobs()
    again = (await desk.one.get("/api/jobs")).json()["items"]
    assert sorted(job["kind"] for job in again) == ["exams.sitting.deal", "papers.set.deal"]
    assert (await desk.one.post(f"/api/sittings/{sitting['id']}/dealing")).status_code == 202


async def test_time_moves_a_sitting_on_and_staff_cannot(world: World) -> None:
    desk = await ExamDesk.open(world)
    await desk.agree()
    await desk.choose_papers("A")
    sitting = await desk.open_sitting(await desk.plan_locked("A"))
    path = f"/api/sittings/{sitting['id']}"

    async def state() -> str:
        return str((await desk.one.get(path)).json()["state"])

    async def sweep() -> int:
        context = JobContext(JobId("job"), SYSTEM, world.ports, "runner")
        return int((await MOVE_ON.run(context, {}))["moved"])

    world.clock.advance(timedelta(days=3) - timedelta(microseconds=1))
    assert (await state(), await sweep()) == ("open", 0)
    world.clock.advance(timedelta(microseconds=1))
    assert await state() == "running"  # before the sweep has written it
    withdrawn = await desk.one.post(f"{path}/opening-withdrawal", json={"typed_title": TITLE, "reason": "误操作"})
    assert code_of(withdrawn) == (409, "exams.sitting_not_in_state")
    assert await sweep() == 1
    assert await sweep() == 0
    async with world.ports.db.transaction() as tx:
        await move_last_deadline(tx, sitting["id"], world.clock.now() + 100 * MINUTE)
        await move_last_deadline(tx, sitting["id"], world.clock.now() + 95 * MINUTE)  # never back
    world.clock.advance(101 * MINUTE - timedelta(microseconds=1))
    assert (await state(), await sweep()) == ("running", 0)
    world.clock.advance(timedelta(microseconds=1))
    assert (await state(), await sweep()) == ("closed", 1)
    steps = (await desk.one.get(path)).json()["transitions"]
    assert [(step["target"], step["actor"] == "system") for step in steps] == [
        ("locked", False),
        ("open", False),
        ("running", True),
        ("closed", True),
    ]


async def test_grading_moves_only_along_its_paths(world: World) -> None:
    desk = await ExamDesk.open(world)
    await desk.agree()
    await desk.choose_papers("A")
    sitting = await desk.open_sitting(await desk.plan_locked("A"))
    who = desk.one.principal
    world.clock.advance(timedelta(days=4))
    async with world.ports.db.transaction() as tx:
        # Nothing has swept since it was open: the two steps of time are written first.
        graded = await record_transition(tx, who, sitting["id"], SittingState.GRADED)
        assert graded.state == SittingState.GRADED
        for target in (SittingState.DRAFT, SittingState.OPEN, SittingState.GRADED):
            with pytest.raises(PathUnknown):
                await record_transition(tx, who, sitting["id"], target)
        assert (await record_transition(tx, who, sitting["id"], SittingState.RELEASED)).state == "released"
        back = await record_transition(tx, who, sitting["id"], SittingState.GRADED, reason="更正答案")
        assert back.state == "graded"


async def test_unlocking_needs_the_title_and_counts_a_version(world: World) -> None:
    desk = await ExamDesk.open(world)
    sitting = await desk.plan_locked("A")
    path = f"/api/sittings/{sitting['id']}"
    assert code_of(await desk.one.delete(path)) == (409, "exams.sitting_not_in_state")
    wrong = await desk.one.post(f"{path}/unlock", json={"typed_title": "别的考试", "reason": "改时间"})
    assert code_of(wrong) == (422, "exams.title_not_confirmed")
    draft = (await desk.one.post(f"{path}/unlock", json={"typed_title": TITLE, "reason": "改时间"})).json()
    assert (draft["state"], draft["version"], draft["locked_by"]) == ("draft", 2, "")
    assert code_of(await desk.one.delete(path)) == (409, "exams.sitting_in_use")
    assert (await desk.one.delete(f"/api/sittings/{(await desk.plan('A'))['id']}")).status_code == 204
    assert code_of(await desk.one.get("/api/sittings/none")) == (404, "exams.sitting_not_found")


async def test_opening_can_be_withdrawn_before_it_begins(world: World) -> None:
    desk = await ExamDesk.open(world)
    await desk.agree()
    await desk.choose_papers("A")
    sitting = await desk.open_sitting(await desk.plan_locked("A"))
    path = f"/api/sittings/{sitting['id']}"
    answer = await desk.one.post(f"{path}/opening-withdrawal", json={"typed_title": TITLE, "reason": "误操作"})
    assert answer.json()["state"] == "locked"
    world.clock.advance(timedelta(days=3, minutes=90))
    assert code_of(await desk.one.post(f"{path}/opening")) == (409, "exams.sitting_over")


READS = ["/api/exams", "/api/exams/{exam}", "/api/exams/{exam}/sittings", "/api/sittings/{sitting}"]
CHANGES = [
    ("/api/exams", {"title": "x"}),
    ("/api/exams/{exam}/subjects", {"code": "D", "title": "丁"}),
    ("/api/exams/{exam}/deletion", {"typed_title": TITLE}),
    ("/api/sittings/{sitting}/lock-proposal", {"version": 1}),
    ("/api/sittings/{sitting}/lock", {"version": 1}),
    ("/api/sittings/{sitting}/opening", None),
    ("/api/exams/{exam}/mock-waivers", {"candidate_id": "c", "reason": "设备故障"}),
]


async def test_who_may(world: World) -> None:
    desk = await ExamDesk.open(world)
    sitting = await desk.plan("A")
    proctor, candidate = await world.staff(Role.PROCTOR), await world.candidate("cand_1", desk.exam_id)
    for template in READS:
        path = template.format(exam=desk.exam_id, sitting=sitting["id"])
        assert (await world.anonymous().get(path)).status_code == 401
        assert (await candidate.get(path)).status_code in {401, 403}
        assert (await proctor.get(path)).status_code == 200
    for template, form in CHANGES:
        path = template.format(exam=desk.exam_id, sitting=sitting["id"])
        assert (await world.anonymous().post(path, json=form)).status_code == 401
        assert (await proctor.post(path, json=form)).status_code == 403
    agreements = f"/api/exams/{desk.exam_id}/agreements"
    assert (await proctor.get(agreements)).status_code == 403
    assert (await proctor.post(f"{agreements}/uploads", data=AGREEMENT)).status_code == 403


async def test_recording_is_estimated_and_its_rules_are_checked(world: World) -> None:
    desk = await ExamDesk.open(world)
    recording = (await desk.plan("A"))["rules"]["recording"]
    body = {"recording": recording, "tracks": ["screen", "camera", "phone"]}
    answer = (await desk.one.post("/api/exams/recording-estimate", json=body)).json()
    assert round(answer["mb_per_hour"]) == 132
    assert answer["faults"] == []
    recording["camera"]["kbps"] = 9000
    answer = (await desk.one.post("/api/exams/recording-estimate", json=body)).json()
    assert [one["field"] for one in answer["faults"]] == ["recording.camera"]
    assert answer["tracks"] == []
    assert (await world.anonymous().post("/api/exams/recording-estimate", json=body)).status_code == 401
