"""Blueprint to sealed papers over HTTP: who may, in which order, by how many persons."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select, update

from invigil.kernel.principals import Role
from invigil.platform.db import metadata
from invigil.platform.jobs.execution import run_queued
from invigil.platform.keys import CannotOpenError
from invigil.prepare.papers import api
from invigil.prepare.papers.rules.refusals import (
    MediaNotOnPaper,
    PaperMissing,
    PaperNotOpenYet,
    PaperSetNotFound,
    PaperSetNotLocked,
)
from invigil.prepare.papers.rules.sealing import bind_paper
from invigil.prepare.papers.service import bank
from tests.integration.prepare.papers.bank import BLUEPRINT, PICTURE, FakeBank, fake_bank  # noqa: F401 - a fixture
from tests.world import Person, World

pytestmark = pytest.mark.usefixtures("fake_bank")


async def _make_blueprint(person: Person, **changes: Any) -> str:
    answer = await person.post("/api/papers/blueprints", json=BLUEPRINT | changes)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def _make_set(world: World, person: Person) -> str:
    made = await person.post(
        "/api/papers/sets", json={"blueprint_id": await _make_blueprint(person), "expected_people": 60}
    )
    assert made.status_code == 202, made.text
    await run_queued(world.ports)
    return made.json()["paper_set"]["id"]


async def _make_locked_set(world: World) -> str:
    first, second = await world.staff(Role.ADMINISTRATOR), await world.staff(Role.BOARD_OFFICIAL)
    paper_set_id = await _make_set(world, first)
    assert (await first.post(f"/api/papers/sets/{paper_set_id}/proof")).status_code == 200
    assert (await second.post(f"/api/papers/sets/{paper_set_id}/lock")).status_code == 200
    return paper_set_id


READS = ["/api/papers/blueprints", "/api/papers/blueprints/bp_x", "/api/papers/sets", "/api/papers/sets/pset_x"]
READS += ["/api/papers/sets/pset_x/coverage", "/api/papers/sets/pset_x/samples/1"]
READS += ["/api/papers/pool?subject_code=C1", "/api/papers/sets/pset_x/samples/1/document"]
WRITES = ["/api/papers/blueprints", "/api/papers/blueprints/check", "/api/papers/sets"]
WRITES += [f"/api/papers/sets/pset_x/{step}" for step in ("generation", "discard", "proof", "lock")]


@pytest.mark.parametrize("path", READS)
async def test_papers_are_read_by_few(world: World, path: str) -> None:
    assert (await world.anonymous().get(path)).status_code == 401
    assert (await (await world.staff(Role.PROCTOR, Role.SUPPORT)).get(path)).status_code == 403
    assert (await (await world.candidate("cand_1", "exam_1")).get(path)).status_code in (401, 403)
    assert (await (await world.staff(Role.ADMINISTRATOR)).get(path)).status_code in (200, 404)


@pytest.mark.parametrize("path", WRITES)
async def test_papers_are_made_by_administrators(world: World, path: str) -> None:
    assert (await world.anonymous().post(path, json={})).status_code == 401
    assert (await (await world.staff(Role.PROCTOR, Role.AUDITOR)).post(path, json={})).status_code == 403
    assert (await (await world.staff(Role.ADMINISTRATOR)).post(path, json={})).status_code in (404, 422)


async def test_blueprints_are_kept_edited_and_archived(world: World) -> None:
    person = await world.staff(Role.ADMINISTRATOR)
    blueprint_id = await _make_blueprint(person)
    path = f"/api/papers/blueprints/{blueprint_id}"
    read = (await person.get(path)).json()
    assert (read["question_count"], read["item_count"], read["points"]) == (12, 13, "10")
    edit = {"version": 1, "blueprint": BLUEPRINT | {"title": "新标题"}}
    assert (await person.put(path, json=edit)).json()["version"] == 2
    again = await person.put(path, json=edit)
    assert (again.status_code, again.json()["code"]) == (409, "papers.blueprint.changed")
    assert [one["blueprint"]["title"] for one in (await person.get("/api/papers/blueprints?q=新")).json()["items"]] == [
        "新标题"
    ]
    assert (await person.get("/api/papers/blueprints?subject_code=B")).json()["total"] == 0
    assert (await person.delete(path)).status_code == 204
    gone = await person.get(path)
    assert (gone.status_code, gone.json()["code"]) == (404, "papers.blueprint.not_found")


async def test_a_blueprint_that_makes_no_sense_is_bad_input(world: World) -> None:
    person = await world.staff(Role.ADMINISTRATOR)
    for change in ({"pass_mark": "99"}, {"sections": []}, {"pass_mark": "0.3"}, {"unknown": 1}):
        answer = await person.post("/api/papers/blueprints", json=BLUEPRINT | change)
        assert (answer.status_code, answer.json()["code"]) == (422, "http.bad_input")


async def test_the_live_check_says_what_is_missing(world: World) -> None:
    person = await world.staff(Role.ADMINISTRATOR)
    fits = (await person.post("/api/papers/blueprints/check", json=BLUEPRINT)).json()
    assert (fits["is_feasible"], fits["shortages"], fits["pool_count"]) == (True, [], 126)
    greedy = {
        "title": "多选",
        "type": "multiple",
        "count": 12,
        "points_each": "1",
        "by_cell": [{"knowledge_area": "脚手架", "difficulty": 3, "count": 8}],
    }
    short = (await person.post("/api/papers/blueprints/check", json=BLUEPRINT | {"sections": [greedy]})).json()
    assert short["is_feasible"] is False
    assert short["shortages"][0]["zh"] == "多选题·脚手架·难度3 需要 8 题，题库只有 5 题"
    assert (short["shortages"][0]["needed"], short["shortages"][0]["available"]) == (8, 5)
    pool = (await person.get("/api/papers/pool?subject_code=C1")).json()
    assert pool["count"] == 126
    assert {"type": "case", "item_count": 2, "knowledge_area": "塔吊", "difficulty": 3, "count": 2} in pool["cells"]


async def test_equal_questions_are_drawn_once(world: World, fake_bank: FakeBank) -> None:  # noqa: F811
    fake_bank.entries[0] = fake_bank.entries[0]._replace(duplicate_group="group-4")
    checked = await (await world.staff(Role.ADMINISTRATOR)).post("/api/papers/blueprints/check", json=BLUEPRINT)
    assert (checked.json()["pool_count"], checked.json()["repeated"]) == (125, 1)


async def test_an_infeasible_set_stays_a_draft_and_its_job_says_why(world: World) -> None:
    person = await world.staff(Role.ADMINISTRATOR)
    blueprint_id = await _make_blueprint(person, subject_code="B")
    made = (await person.post("/api/papers/sets", json={"blueprint_id": blueprint_id})).json()
    await run_queued(world.ports)
    job = (await person.get(f"/api/jobs/{made['job_id']}")).json()
    assert (job["state"], job["refusal_code"]) == ("refused", "papers.blueprint.infeasible")
    assert "单选题·脚手架 需要 2 题，题库只有 0 题" in job["refusal_message"]
    path = f"/api/papers/sets/{made['paper_set']['id']}"
    assert (await person.get(path)).json()["state"] == "draft"
    for part in ("coverage", "samples/1"):
        refused = await person.get(f"{path}/{part}")
        assert (refused.status_code, refused.json()["code"]) == (409, "papers.set.not_generated")


async def test_a_set_goes_from_draft_to_locked_by_two_persons(world: World) -> None:
    first, second = await world.staff(Role.ADMINISTRATOR), await world.staff(Role.ADMINISTRATOR)
    path = f"/api/papers/sets/{await _make_set(world, first)}"
    made = (await first.get(path)).json()
    assert (made["state"], made["next_states"], made["pool_count"]) == ("generated", ["draft", "proofed"], 126)
    early = await second.post(f"{path}/lock")
    assert (early.status_code, early.json()["code"]) == (409, "papers.set.cannot_move")
    assert (await first.post(f"{path}/proof")).json()["state"] == "proofed"
    alone = await first.post(f"{path}/lock")
    assert (alone.status_code, alone.json()["code"]) == (409, "papers.set.needs_another_person")
    locked = (await second.post(f"{path}/lock")).json()
    assert (locked["state"], locked["proofed_by"] != locked["locked_by"]) == ("locked", True)
    for step in ("discard", "generation", "proof", "lock"):
        late = await second.post(f"{path}/{step}")
        assert (late.status_code, late.json()["code"]) == (409, "papers.set.cannot_move")


async def test_a_discarded_set_is_generated_anew(world: World) -> None:
    person = await world.staff(Role.ADMINISTRATOR)
    path = f"/api/papers/sets/{await _make_set(world, person)}"
    before = (await person.get(f"{path}/samples/1")).json()["sections"]
    assert (await person.post(f"{path}/discard")).json()["state"] == "draft"
    assert (await person.post(f"{path}/generation")).status_code == 202
    await run_queued(world.ports)
    assert (await person.get(path)).json()["state"] == "generated"
    assert (await person.get(f"{path}/samples/1")).json()["sections"] != before


async def test_samples_show_answers_only_when_asked_and_are_recorded(world: World) -> None:
    person = await world.staff(Role.ADMINISTRATOR)
    paper_set_id = await _make_set(world, person)
    path = f"/api/papers/sets/{paper_set_id}/samples"
    plain = (await person.get(f"{path}/1")).json()
    assert plain["answers"] == {}
    assert all("questions" in section["note_en"] for section in plain["sections"])
    assert sum(len(group["items"]) for section in plain["sections"] for group in section["groups"]) == 13
    shown = (await person.get(f"{path}/2?with_answers=true")).json()
    assert set(shown["answers"]) == {f"i{number}" for number in range(1, 14)}
    missing = await person.get(f"{path}/11")
    assert (missing.status_code, missing.json()["code"]) == (404, "papers.sample.not_found")
    auditor = await world.staff(Role.AUDITOR)
    records = (await auditor.get(f"/api/audit/records?act=papers.sample&on={paper_set_id}")).json()["items"]
    assert [one["details"] for one in records] == [
        {"sample": 2, "with_answers": True},
        {"sample": 1, "with_answers": False},
    ]


async def test_the_key_in_a_sample_names_the_right_option(world: World) -> None:
    person = await world.staff(Role.ADMINISTRATOR)
    path = f"/api/papers/sets/{await _make_set(world, person)}/samples/3?with_answers=true"
    sample = (await person.get(path)).json()
    for group in sample["sections"][1]["groups"]:
        item = group["items"][0]
        texts = {option["key"]: option["blocks"][0]["html"] for option in item["options"]}
        assert {texts[letter] for letter in sample["answers"][item["id"]]["answer"]["choices"]} == {"甲", "丙"}


@pytest.mark.parametrize("with_answers", ["true", "false"])
async def test_samples_are_printed(world: World, with_answers: str) -> None:
    person = await world.staff(Role.ADMINISTRATOR)
    path = f"/api/papers/sets/{await _make_set(world, person)}/samples/1/document?with_answers={with_answers}"
    printed = await person.get(path)
    assert printed.status_code == 200
    assert printed.content.startswith(b"%PDF")


async def test_a_pool_beyond_what_papers_can_name_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bank, "MAX_POOL", 100)
    person = await world.staff(Role.ADMINISTRATOR)
    refused = await person.post("/api/papers/blueprints/check", json=BLUEPRINT)
    assert (refused.status_code, refused.json()["code"]) == (422, "papers.pool.too_large")


async def test_coverage_gives_the_charts_their_figures(world: World) -> None:
    person = await world.staff(Role.ADMINISTRATOR)
    path = f"/api/papers/sets/{await _make_set(world, person)}/coverage"
    figures = (await person.get(path)).json()
    assert figures["forecast_people"] == 60
    assert sum(cell["pool"] for cell in figures["cells"]) == 126
    assert abs(sum(cell["per_paper"] for cell in figures["cells"]) - 1200) <= len(figures["cells"])
    assert sum(figures["exposure"]["histogram"]) >= figures["exposure"]["drawn"]


async def _generate(world: World, paper_set_id: str, *candidate_ids: str) -> int:
    who = (await world.staff(Role.ADMINISTRATOR)).principal
    async with world.ports.db.transaction() as tx:
        return await api.generate(tx, who, paper_set_id, candidate_ids)


async def test_candidates_get_papers_only_from_a_locked_set(world: World) -> None:
    person = await world.staff(Role.ADMINISTRATOR)
    paper_set_id = await _make_set(world, person)
    with pytest.raises(PaperSetNotLocked):
        await _generate(world, paper_set_id, "cand_1")
    with pytest.raises(PaperSetNotFound):
        await _generate(world, "pset_none", "cand_1")


async def test_papers_dealt_before_never_change(world: World) -> None:
    paper_set_id = await _make_locked_set(world)
    assert await _generate(world, paper_set_id, "cand_1", "cand_2") == 2
    async with world.ports.db.reading() as tx:
        before = await api.load_papers(tx, paper_set_id, ["cand_1", "cand_2"])
        assert (await api.access_set(tx, paper_set_id)).state == "sealed"
        assert await api.count_items(tx, paper_set_id) == 13
    assert await _generate(world, paper_set_id, "cand_2", "cand_3") == 1
    assert await _generate(world, paper_set_id, "cand_3") == 0
    async with world.ports.db.reading() as tx:
        after = await api.load_papers(tx, paper_set_id, ["cand_1", "cand_2", "cand_3", "cand_4"])
        assert (await api.access_set(tx, paper_set_id)).paper_count == 3
    assert before.items() <= after.items()
    assert set(after) == {"cand_1", "cand_2", "cand_3"}


async def test_the_job_deals_what_a_crash_left_over(world: World) -> None:
    paper_set_id = await _make_locked_set(world)
    who = (await world.staff(Role.ADMINISTRATOR)).principal
    people = [f"cand_{number:03}" for number in range(50)]
    async with world.ports.db.transaction() as tx:
        assert await api.leave_dealing(tx, world.ports.jobs, who, paper_set_id, people) is not None
        assert await api.leave_dealing(tx, world.ports.jobs, who, paper_set_id, people) is None
    await run_queued(world.ports)
    table, batches = metadata.tables["papers_paper"], metadata.tables["papers_batch"]
    async with world.ports.db.transaction() as tx:
        whole = await api.load_papers(tx, paper_set_id, people)
        assert len(whole) == 50
        await tx.execute(table.delete().where(table.c.candidate_id < "cand_020"))
        await tx.execute(update(batches).values(is_complete=False))

    async def report(_done: int, _total: int) -> None:
        return None

    assert await api.deal_all(world.ports.db, paper_set_id, report) == 20
    async with world.ports.db.reading() as tx:
        assert await api.load_papers(tx, paper_set_id, people) == whole


async def test_a_sealed_paper_opens_with_its_key_from_the_start_on(world: World) -> None:
    paper_set_id = await _make_locked_set(world)
    await _generate(world, paper_set_id, "cand_1", "cand_2")
    starts_at = world.clock.now() + timedelta(hours=1)
    async with world.ports.db.reading() as tx:
        sealed = await api.load_sealed_paper(tx, paper_set_id, "cand_1", duration=timedelta(minutes=90))
        other = await api.load_sealed_paper(tx, paper_set_id, "cand_2")
        with pytest.raises(PaperNotOpenYet):
            await api.derive_paper_key(tx, paper_set_id, "cand_1", starts_at=starts_at)
        with pytest.raises(PaperMissing):
            await api.load_sealed_paper(tx, paper_set_id, "cand_9")
    assert "题干".encode() not in sealed.ciphertext
    world.clock.advance(timedelta(hours=1))
    async with world.ports.db.reading() as tx:
        key = await api.derive_paper_key(tx, paper_set_id, "cand_1", starts_at=starts_at)
    page = json.loads(AESGCM(key).decrypt(sealed.nonce, sealed.ciphertext, bind_paper(sealed.paper_id)))
    assert (page["v"], page["paper_id"], page["duration_s"]) == (1, sealed.paper_id, 5400)
    with pytest.raises(InvalidTag):
        AESGCM(key).decrypt(other.nonce, other.ciphertext, bind_paper(other.paper_id))


async def test_a_row_moved_to_another_candidate_does_not_open(world: World) -> None:
    paper_set_id = await _make_locked_set(world)
    await _generate(world, paper_set_id, "cand_1", "cand_2")
    table = metadata.tables["papers_paper"]
    async with world.ports.db.transaction() as tx:
        body = (await tx.execute(select(table.c.body).where(table.c.candidate_id == "cand_1"))).scalar_one()
        await tx.execute(update(table).where(table.c.candidate_id == "cand_2").values(body=body))
    async with world.ports.db.reading() as tx:
        with pytest.raises(CannotOpenError):
            await api.load_papers(tx, paper_set_id, ["cand_2"])


async def test_media_are_given_only_for_the_own_paper(world: World) -> None:
    paper_set_id = await _make_locked_set(world)
    people = [f"cand_{number}" for number in range(8)]
    await _generate(world, paper_set_id, *people)
    async with world.ports.db.reading() as tx:
        shown = {}
        for person in people:
            _, page = await api.open_paper(tx, paper_set_id, person)
            shown[person] = {
                part for part in json.dumps(page).split('"') if part.startswith("media_") and part != "media_type"
            }
        holder = next(person for person in people if shown[person])
        own = min(shown[holder])
        medium = await api.load_paper_media(tx, world.ports, paper_set_id, holder, own)
        assert (medium.content, medium.media_type) == (PICTURE + own.encode(), "image/png")
        with pytest.raises(MediaNotOnPaper):
            await api.load_paper_media(tx, world.ports, paper_set_id, holder, "media_none")


async def test_seed_key_and_papers_are_never_stored_readably(world: World) -> None:
    paper_set_id = await _make_locked_set(world)
    await _generate(world, paper_set_id, "cand_1")
    async with world.ports.db.reading() as tx:
        opened = (await api.load_papers(tx, paper_set_id, ["cand_1"]))["cand_1"]
        sets, papers = metadata.tables["papers_set"], metadata.tables["papers_paper"]
        row = (await tx.execute(select(sets.c.seed, sets.c.key))).one()
        body = (await tx.execute(select(papers.c.body))).scalar_one()
    assert opened[5:] not in body
    assert len(row.seed) > 32
    assert len(row.key) > 32
    assert base64.b64encode(row.key) != base64.b64encode(row.seed)
