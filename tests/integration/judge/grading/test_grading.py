"""A sitting is graded, corrected, graded anew and released by two persons."""

from contextlib import nullcontext
from typing import Any

import pytest
from sqlalchemy import select, update

from invigil.judge.grading import api
from invigil.judge.grading.rules.release import ReleaseNeedsAnotherPerson, ReleaseNeedsBoard, check_two_persons
from invigil.kernel.principals import Role
from invigil.platform.db import metadata
from invigil.platform.jobs.execution import run_queued
from invigil.prepare.exams.api import access_sitting
from invigil.prepare.exams.store import sittings as sittings_store
from tests.integration.judge.grading.graded import Graded, sit_papers, versions_of
from tests.integration.prepare.papers.bank import fake_bank  # noqa: F401 - a fixture
from tests.world import Person, World

pytestmark = pytest.mark.usefixtures("fake_bank")


async def _begin(world: World, person: Person, sat: Graded, **more: Any) -> tuple[str, dict[str, Any]]:
    form = {"reason": "首次评分", **more}
    begun = await person.post(f"/api/grading/sittings/{sat.sitting_id}/runs", json=form)
    assert begun.status_code == 202, begun.text
    await run_queued(world.ports)
    job = (await person.get(f"/api/jobs/{begun.json()['job_id']}")).json()
    return begun.json()["run"]["id"], job


async def _results(person: Person, run_id: str, query: str = "") -> dict[str, dict[str, Any]]:
    page = (await person.get(f"/api/grading/runs/{run_id}/results{query}")).json()
    return {one["candidate_id"]: one for one in page["items"]}


async def _release(world: World, run_id: str) -> None:
    first, second = await world.staff(Role.ADMINISTRATOR), await world.staff(Role.BOARD_OFFICIAL)
    assert (await first.post(f"/api/grading/runs/{run_id}/proposal")).status_code == 200
    assert (await second.post(f"/api/grading/runs/{run_id}/approval")).status_code == 200


async def _state(world: World, sat: Graded) -> str:
    async with world.ports.db.reading() as tx:
        return (await access_sitting(tx, sat.sitting_id)).state.value


READS = ["sittings/sit_x/runs", "runs/grun_x", "runs/grun_x/results", "runs/grun_x/results/cand_0"]
READS += ["runs/grun_x/comparison?before=grun_y", "runs/grun_x/statistics"]
WRITES = ["sittings/sit_x/runs", "runs/grun_x/abandonment", "runs/grun_x/proposal", "runs/grun_x/approval"]
WRITES += ["runs/grun_x/withdrawal"]


@pytest.mark.parametrize("path", READS)
async def test_results_are_read_by_few(world: World, path: str) -> None:
    assert (await world.anonymous().get(f"/api/grading/{path}")).status_code == 401
    for role in (Role.PROCTOR, Role.SUPPORT, Role.REVIEWER, Role.OPERATOR):
        assert (await (await world.staff(role)).get(f"/api/grading/{path}")).status_code == 403
    assert (await (await world.staff(Role.BOARD_OFFICIAL)).get(f"/api/grading/{path}")).status_code in (200, 404)


@pytest.mark.parametrize("path", WRITES)
async def test_grading_is_done_by_few(world: World, path: str) -> None:
    form = {"reason": "试一试"}
    assert (await world.anonymous().post(f"/api/grading/{path}", json=form)).status_code == 401
    assert (
        await (await world.staff(Role.PROCTOR, Role.AUDITOR)).post(f"/api/grading/{path}", json=form)
    ).status_code == 403
    assert (await (await world.staff(Role.ADMINISTRATOR)).post(f"/api/grading/{path}", json=form)).status_code == 404


async def test_everybody_gets_what_was_earned(world: World) -> None:
    sat = await sit_papers(world)
    person = await world.staff(Role.ADMINISTRATOR)
    run_id, job = await _begin(world, person, sat)
    assert (job["state"], job["result"]["people"]) == ("done", 4), job
    results = await _results(person, run_id)
    assert results["cand_0"]["earned"] == results["cand_0"]["full"] == "10"
    assert results["cand_0"]["is_passed"] is True
    assert (results["cand_0"]["name"], results["cand_0"]["ticket_number"]) == ("张三", "26C00000")
    # Odd items right: i1 i3 i5 (0.5 each), i7 (2), i9 (0.5), i11 (1), i13 (0.5).
    assert results["cand_1"]["earned"] == "5.5"
    assert (results["cand_2"]["earned"], results["cand_2"]["outcome"]) == ("0", "auto_handed_in")
    assert (results["cand_2"]["sheet_sha256"], results["cand_2"]["is_passed"]) == ("", False)
    assert results["cand_3"]["outcome"] == "terminated"
    assert await _state(world, sat) == "graded"
    run = (await person.get(f"/api/grading/runs/{run_id}")).json()
    assert (run["state"], run["number"], run["people"], run["passed"]) == ("graded", 1, 4, 1)


async def test_the_graded_hash_is_the_receipts(world: World) -> None:
    sat = await sit_papers(world)
    person = await world.staff(Role.ADMINISTRATOR)
    run_id, _ = await _begin(world, person, sat)
    receipts = metadata.tables["answering_receipt"]
    async with world.ports.db.reading() as tx:
        promised = {row.attempt_id: row.sheet_sha256 for row in await tx.execute(select(receipts))}
    results = await _results(person, run_id)
    assert {results["cand_0"]["sheet_sha256"], results["cand_1"]["sheet_sha256"]} == set(promised.values())


async def test_a_sheet_that_differs_from_its_receipt_stops_the_grading(world: World) -> None:
    sat = await sit_papers(world)
    person = await world.staff(Role.ADMINISTRATOR)
    receipts = metadata.tables["answering_receipt"]
    async with world.ports.db.transaction() as tx:
        await tx.execute(update(receipts).values(sheet_sha256="0" * 64))
    run_id, job = await _begin(world, person, sat)
    assert (job["state"], job["refusal_code"]) == ("refused", "grading.sheet.differs_from_receipt")
    assert (await person.get(f"/api/grading/runs/{run_id}")).json()["state"] == "superseded"
    assert await _results(person, run_id) == {}
    missing = await person.get(f"/api/grading/runs/{run_id}/statistics")
    assert (missing.status_code, missing.json()["code"]) == (409, "grading.statistics.missing")


async def test_a_sitting_that_is_not_over_is_not_graded(world: World) -> None:
    sat = await sit_papers(world)
    person = await world.staff(Role.ADMINISTRATOR)
    async with world.ports.db.transaction() as tx:
        await sittings_store.move_last_deadline(tx, sat.sitting_id, world.clock.now())
    early = await person.post(f"/api/grading/sittings/{sat.sitting_id}/runs", json={"reason": "太早"})
    assert (early.status_code, early.json()["code"]) == (409, "grading.sitting.not_closed")


async def test_a_sitting_that_nobody_sat_has_nothing_to_grade(world: World) -> None:
    sat = await sit_papers(world)
    attempts = ("answering_receipt", "answering_save", "answering_attempt")
    async with world.ports.db.transaction() as tx:
        for name in attempts:
            await tx.execute(metadata.tables[name].delete())
    _, job = await _begin(world, await world.staff(Role.ADMINISTRATOR), sat)
    assert (job["state"], job["refusal_code"]) == ("refused", "grading.sitting.nobody_sat")


async def test_a_candidate_without_a_paper_on_record_stops_the_grading(world: World) -> None:
    sat = await sit_papers(world)
    async with world.ports.db.transaction() as tx:
        await tx.execute(metadata.tables["papers_paper"].delete())
    _, job = await _begin(world, await world.staff(Role.ADMINISTRATOR), sat)
    assert (job["state"], job["refusal_code"]) == ("refused", "grading.papers.missing")


async def test_an_unknown_run_is_refused(world: World) -> None:
    missing = await (await world.staff(Role.ADMINISTRATOR)).get("/api/grading/runs/grun_none")
    assert (missing.status_code, missing.json()["code"]) == (404, "grading.run.not_found")


async def test_one_run_at_a_time(world: World) -> None:
    sat = await sit_papers(world)
    person = await world.staff(Role.ADMINISTRATOR)
    path = f"/api/grading/sittings/{sat.sitting_id}/runs"
    begun = (await person.post(path, json={"reason": "首次评分"})).json()["run"]
    second = await person.post(path, json={"reason": "再来"})
    assert (second.status_code, second.json()["code"]) == (409, "grading.run.in_progress")
    early = await person.post(f"/api/grading/runs/{begun['id']}/proposal")
    assert (early.status_code, early.json()["code"]) == (409, "grading.run.cannot_move")
    abandoned = await person.post(f"/api/grading/runs/{begun['id']}/abandonment", json={"reason": "误操作"})
    assert abandoned.json()["state"] == "superseded"
    await run_queued(world.ports)
    assert await _results(person, begun["id"]) == {}
    assert (await person.post(path, json={"reason": "再来"})).status_code == 202


async def test_a_correction_makes_a_second_run_and_keeps_the_first(world: World) -> None:
    sat = await sit_papers(world)
    person = await world.staff(Role.ADMINISTRATOR)
    first, _ = await _begin(world, person, sat)
    removal = {"version_id": sat.versions[6], "part": 0, "change": "remove"}
    second, job = await _begin(world, person, sat, reason="第 7 题作废", corrections=[removal])
    assert job["state"] == "done", job
    before, after = await _results(person, first), await _results(person, second)
    assert before["cand_0"]["earned"] == "10"
    assert (after["cand_0"]["earned"], after["cand_0"]["possible"], after["cand_0"]["full"]) == ("8", "8", "10")
    assert after["cand_0"]["is_passed"] is True
    compared = (await person.get(f"/api/grading/runs/{second}/comparison?before={first}")).json()
    assert compared["items"][0]["name"]
    changed = {one["candidate_id"]: one for one in compared["items"]}
    assert changed["cand_0"]["before"]["earned"] == "10"
    assert changed["cand_0"]["after"]["possible"] == "8"
    assert (await person.get(f"/api/grading/runs/{first}")).json()["state"] == "superseded"
    third, _ = await _begin(world, person, sat, reason="再评一次")
    run = (await person.get(f"/api/grading/runs/{third}")).json()
    assert [one["version_id"] for one in run["corrections"]] == [removal["version_id"]]


async def test_awarding_everybody_lifts_whoever_missed_it(world: World) -> None:
    sat = await sit_papers(world)
    person = await world.staff(Role.ADMINISTRATOR)
    unsaved = await versions_of(world, sat.paper_set_id, "cand_2")
    award = [{"version_id": version, "part": 0, "change": "award_all"} for version in unsaved]
    run_id, _ = await _begin(world, person, sat, reason="全部送分", corrections=award)
    results = await _results(person, run_id)
    # Everything but the second item of the case.
    assert (results["cand_2"]["earned"], results["cand_2"]["is_passed"]) == ("9.5", True)
    assert results["cand_0"]["earned"] == "10"


@pytest.mark.parametrize(
    ("correction", "code"),
    [
        ({"version_id": "qv_none", "change": "remove"}, "grading.correction.unknown_item"),
        ({"change": "rekey", "answer": {"correct": True}}, "grading.correction.unsuitable"),
        ({"change": "rekey", "answer": {"choices": ["E"]}}, "grading.correction.unsuitable"),
        ({"change": "rekey"}, "http.bad_input"),
        ({"change": "remove", "answer": {"correct": True}}, "http.bad_input"),
    ],
)
async def test_corrections_that_make_no_sense_are_refused_at_once(
    world: World, correction: dict[str, Any], code: str
) -> None:
    sat = await sit_papers(world)
    person = await world.staff(Role.ADMINISTRATOR)
    form = {"reason": "更正", "corrections": [{"version_id": sat.versions[0], **correction}]}
    refused = await person.post(f"/api/grading/sittings/{sat.sitting_id}/runs", json=form)
    assert (refused.status_code, refused.json()["code"]) == (422, code)


async def test_results_leave_by_two_persons_and_reach_their_owner(world: World) -> None:
    sat = await sit_papers(world)
    first, second = await world.staff(Role.ADMINISTRATOR), await world.staff(Role.BOARD_OFFICIAL)
    candidate = await world.candidate("cand_1", sat.exam_id)
    run_id, _ = await _begin(world, first, sat)
    assert (await candidate.get("/api/sit/results")).json() == {"items": []}
    path = f"/api/grading/runs/{run_id}"
    early = await second.post(f"{path}/approval")
    assert (early.status_code, early.json()["code"]) == (409, "grading.run.cannot_move")
    assert (await first.post(f"{path}/proposal")).json()["state"] == "proposed"
    alone = await first.post(f"{path}/approval")
    assert (alone.status_code, alone.json()["code"]) == (409, "grading.release.needs_another_person")
    assert (await candidate.get("/api/sit/results")).json() == {"items": []}
    assert (await second.delete(f"{path}/proposal")).json()["state"] == "graded"
    assert (await second.delete(f"{path}/proposal")).json()["code"] == "grading.run.cannot_move"
    assert (await second.post(f"{path}/proposal")).json()["state"] == "proposed"
    assert (await first.post(f"{path}/approval")).json()["state"] == "released"
    assert await _state(world, sat) == "released"
    own = (await candidate.get("/api/sit/results")).json()["items"]
    assert [(one["earned"], one["full"], one["is_passed"]) for one in own] == [("5.5", "10", False)]
    assert (await (await world.candidate("cand_9", sat.exam_id)).get("/api/sit/results")).json() == {"items": []}
    assert (await world.anonymous().get("/api/sit/results")).status_code == 401
    async with world.ports.db.reading() as tx:
        mine = await api.read_result_of(tx, sat.sitting_id, "cand_1")
        assert mine is not None
        released = await api.read_released_results(tx, sat.sitting_id)
        assert released is not None
        assert len(released[1]) == 4


async def test_one_of_the_two_who_release_is_a_board_official(world: World) -> None:
    sat = await sit_papers(world)
    first, other = await world.staff(Role.ADMINISTRATOR), await world.staff(Role.ADMINISTRATOR)
    board = await world.staff(Role.BOARD_OFFICIAL)
    run_id, _ = await _begin(world, first, sat)
    path, runs = f"/api/grading/runs/{run_id}", f"/api/grading/sittings/{sat.sitting_id}/runs"
    assert (await first.post(f"{path}/proposal")).json()["needs_board"] is True
    assert [one["needs_board"] for one in (await first.get(runs)).json()["items"]] == [True]
    refused = await other.post(f"{path}/approval")
    assert (refused.status_code, refused.json()["code"]) == (409, "grading.release.needs_board")
    assert (await board.post(f"{path}/approval")).json()["state"] == "released"


@pytest.mark.parametrize(
    ("proposer", "approver", "refusal"),
    [
        ({Role.ADMINISTRATOR}, {Role.ADMINISTRATOR}, ReleaseNeedsBoard),
        (set(), {Role.ADMINISTRATOR}, ReleaseNeedsBoard),
        ({Role.ADMINISTRATOR}, {Role.BOARD_OFFICIAL}, None),
        ({Role.BOARD_OFFICIAL}, {Role.ADMINISTRATOR}, None),
        ({Role.BOARD_OFFICIAL}, {Role.BOARD_OFFICIAL}, None),
        ({Role.ADMINISTRATOR, Role.BOARD_OFFICIAL}, {Role.ADMINISTRATOR}, None),
    ],
)
def test_who_may_release_with_whom(
    proposer: set[Role], approver: set[Role], refusal: type[ReleaseNeedsBoard] | None
) -> None:
    pair = {"proposed_by": "staff_1", "proposer_roles": proposer, "approver_roles": approver}
    with pytest.raises(ReleaseNeedsAnotherPerson):
        check_two_persons(**pair, approved_by="staff_1")
    with nullcontext() if refusal is None else pytest.raises(refusal):
        check_two_persons(**pair, approved_by="staff_2")


async def test_a_sitting_may_keep_results_from_its_candidates(world: World) -> None:
    sat = await sit_papers(world, shows_result=False)
    run_id, _ = await _begin(world, await world.staff(Role.ADMINISTRATOR), sat)
    await _release(world, run_id)
    candidate = await world.candidate("cand_0", sat.exam_id)
    assert (await candidate.get("/api/sit/results")).json() == {"items": []}


async def test_a_regrade_after_release_replaces_the_result_only_when_released(world: World) -> None:
    sat = await sit_papers(world)
    person = await world.staff(Role.ADMINISTRATOR)
    candidate = await world.candidate("cand_0", sat.exam_id)
    first, _ = await _begin(world, person, sat)
    await _release(world, first)
    removal = {"version_id": sat.versions[0], "change": "remove"}
    second, _ = await _begin(world, person, sat, reason="第 1 题作废", corrections=[removal])
    assert (await candidate.get("/api/sit/results")).json()["items"][0]["earned"] == "10"
    await _release(world, second)
    assert (await candidate.get("/api/sit/results")).json()["items"][0]["earned"] == "9.5"
    assert (await person.get(f"/api/grading/runs/{first}")).json()["state"] == "superseded"
    withdrawn = await person.post(f"/api/grading/runs/{second}/withdrawal", json={"reason": "题目争议"})
    assert (withdrawn.json()["state"], withdrawn.json()["withdrawn_reason"]) == ("graded", "题目争议")
    assert (await candidate.get("/api/sit/results")).json() == {"items": []}
    assert await _state(world, sat) == "graded"
    again = await person.post(f"/api/grading/runs/{second}/withdrawal", json={"reason": "题目争议"})
    assert again.json()["code"] == "grading.run.cannot_move"


async def test_marks_are_shown_item_by_item_and_the_look_is_recorded(world: World) -> None:
    sat = await sit_papers(world)
    person = await world.staff(Role.ADMINISTRATOR)
    run_id, _ = await _begin(world, person, sat)
    details = (await person.get(f"/api/grading/runs/{run_id}/results/cand_1")).json()
    assert [item["earned"] for item in details["items"]][:8] == ["0.5", "0", "0.5", "0", "0.5", "0", "2", "0"]
    assert details["items"][6]["possible"] == "2"
    missing = await person.get(f"/api/grading/runs/{run_id}/results/cand_9")
    assert (missing.status_code, missing.json()["code"]) == (404, "grading.result.not_found")
    auditor = await world.staff(Role.AUDITOR)
    records = (await auditor.get("/api/audit/records?act=grading.result.read")).json()["items"]
    assert [one["on"] for one in records] == ["cand_1"]


async def test_results_are_found_filtered_and_sorted(world: World) -> None:
    sat = await sit_papers(world)
    person = await world.staff(Role.ADMINISTRATOR)
    run_id, _ = await _begin(world, person, sat)
    assert list(await _results(person, run_id)) == ["cand_0", "cand_1", "cand_2", "cand_3"]
    assert next(iter(await _results(person, run_id, "?sort=earned"))) in ("cand_2", "cand_3")
    assert list(await _results(person, run_id, "?is_passed=true")) == ["cand_0"]
    assert list(await _results(person, run_id, "?q=26C00001")) == ["cand_1"]
    assert await _results(person, run_id, "?subject_code=A") == {}


async def test_statistics_are_there_for_charts(world: World) -> None:
    sat = await sit_papers(world)
    person = await world.staff(Role.ADMINISTRATOR)
    run_id, _ = await _begin(world, person, sat)
    # Administrators also see how each question begins; the questions of these papers are not in the bank.
    board = await world.staff(Role.BOARD_OFFICIAL)
    figures = (await board.get(f"/api/grading/runs/{run_id}/statistics")).json()["paper_sets"][0]
    assert (figures["full"], figures["paper"]["people"], figures["paper"]["passed"]) == ("10", 4, 1)
    assert sum(figures["paper"]["histogram"]) == 4
    assert sum(item["shown"] for item in figures["items"]) == 4 * 13
    judged = [item for item in figures["items"] if item["type"] == "true_false"]
    assert all(len(item["option_counts"]) == 2 for item in judged)


async def test_a_run_broken_off_half_way_is_finished_without_doubling(world: World) -> None:
    sat = await sit_papers(world)
    person = await world.staff(Role.ADMINISTRATOR)
    run_id, _ = await _begin(world, person, sat)
    whole = await _results(person, run_id)
    runs, results, jobs = (metadata.tables[name] for name in ("grading_run", "grading_result", "jobs_job"))
    async with world.ports.db.transaction() as tx:
        await tx.execute(update(runs).values(state="grading", graded_at=None))
        await tx.execute(results.delete().where(results.c.candidate_id > "cand_1"))
        await tx.execute(update(jobs).values(state="queued"))
    await run_queued(world.ports)
    assert await _results(person, run_id) == whole
