"""What people entrust to the system, and the answer keys, are readable in no table, file or fault that is logged (S2.2, S2.5, P9)."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from invigil.kernel.principals import Role
from invigil.platform.db import Transaction
from invigil.platform.jobs.execution import run_queued
from invigil.sit.answering import store
from invigil.sit.answering.model.sheets import Answer, AnswerSheet
from invigil.sit.answering.rules import encode_sheet
from invigil.sit.answering.service.tickets import Ticket
from invigil.sit.answering.service.writing import AnswerWriter, Save
from tests.canaries import MAGIC, RECORDED, encodings_of, find_in_files, find_in_rows
from tests.integration.judge.grading.graded import sit_papers
from tests.integration.prepare.candidates.desk import Desk
from tests.integration.prepare.papers.bank import FakeBank, fake_bank  # noqa: F401 - a fixture
from tests.integration.prepare.questions.conftest import run_jobs, single, upload
from tests.integration.prepare.questions.conftest import text as text_block
from tests.integration.sit.recording.studio import Studio
from tests.unit.sit.attempts import make_attempt
from tests.world import World

ANSWER = "混凝土养护金丝雀七十二小时"
KEYS = ("题库答案金丝雀", "导入答案金丝雀", "解析金丝雀文字", "更正答案金丝雀")


async def _save_an_answer(world: World) -> None:
    attempt = make_attempt(starts_at=world.clock.now(), entered_at=world.clock.now())
    async with world.ports.db.transaction() as tx:
        await store.insert_attempt(tx, attempt, consent_version="1", device={})
    sheet = AnswerSheet(v=1, attempt=attempt.id, seq=1, answers={"i1": Answer(t=[ANSWER])}, flags=[])
    await AnswerWriter(world.ports.db).save(Save(Ticket(attempt.id, 1), 1, encode_sheet(sheet)))


async def test_nothing_entrusted_is_readable(world: World, tmp_path: Path) -> None:
    people = await (await Desk.open(world)).import_sample(10)
    await _save_an_answer(world)
    canaries = [ANSWER, *(value for one in people for value in (one.name, one.identity_number, one.phone))]
    assert await find_in_rows(world.ports.db, canaries) == []
    assert list(find_in_files([tmp_path], canaries)) == []
    assert sum(one.is_file() for one in tmp_path.rglob("*")) > len(people)  # noqa: ASYNC240 - a test may wait


async def _write_keys(world: World) -> None:
    """Let an answer key pass every way it can: written, imported and staged, written from an import, corrected."""
    person = await world.staff(Role.ADMINISTRATOR)
    fill_in = single(
        "安全网应当____。",
        type="fill_in",
        options=[],
        answer={"blanks": [[KEYS[0]]]},
        explanation=[text_block(KEYS[2])],
    )
    created = await person.post("/api/questions", json=fill_in)
    assert created.status_code == 201, created.text
    lines = f"填空题\n1、安全帽应当____。\n答案：{KEYS[1]}\n解析：{KEYS[2]}\n"
    for is_confirmed in (True, False):
        started = await upload(person, lines.encode(), query="?subject=B&knowledge_area=%E7%94%A8%E7%94%B5")
        await run_jobs(world)
        if is_confirmed:
            confirmed = await person.post(f"/api/questions/imports/{started['id']}/confirm")
            assert confirmed.status_code == 202, confirmed.text
            await run_jobs(world)


async def _correct_a_key(world: World, fake_bank: FakeBank) -> None:  # noqa: F811 - the fixture
    sat = await sit_papers(world)
    person = await world.staff(Role.ADMINISTRATOR)
    blank = next(one for one in sat.versions if fake_bank.contents[one].blank_count)
    correction = {"version_id": blank, "change": "also_accept", "answer": {"blanks": [[KEYS[3]]]}}
    form = {"reason": "另一种写法也对", "corrections": [correction]}
    begun = await person.post(f"/api/grading/sittings/{sat.sitting_id}/runs", json=form)
    assert begun.status_code == 202, begun.text
    await run_queued(world.ports)
    run = (await person.get(f"/api/grading/runs/{begun.json()['run']['id']}")).json()
    assert run["corrections"][0]["answer"]["blanks"] == [[KEYS[3]]]


async def test_no_answer_key_is_readable(world: World, tmp_path: Path) -> None:
    await _write_keys(world)
    assert await find_in_rows(world.ports.db, KEYS) == []
    assert list(find_in_files([tmp_path], KEYS)) == []


async def test_no_corrected_key_is_readable(world: World, tmp_path: Path, fake_bank: FakeBank) -> None:  # noqa: F811 - the fixture
    await _correct_a_key(world, fake_bank)
    assert await find_in_rows(world.ports.db, KEYS) == []
    assert list(find_in_files([tmp_path], KEYS)) == []


async def test_a_fault_of_the_database_does_not_repeat_what_was_written(world: World) -> None:
    statement, values = text("SELECT no_such_function(:value)"), {"value": ANSWER}

    async def ask(tx: Transaction) -> None:
        await tx.execute(statement, values)

    with pytest.raises(SQLAlchemyError) as on_the_loop:
        async with world.ports.db.reading() as tx:
            await ask(tx)
    with pytest.raises(SQLAlchemyError) as in_the_thread:
        await world.ports.db.transact_in_thread(ask)
    for fault in (on_the_loop, in_the_thread):
        assert ANSWER not in str(fault.value)


@pytest.mark.parametrize("planted", [*encodings_of(ANSWER), *MAGIC])
def test_a_planted_canary_is_found(planted: bytes, tmp_path: Path) -> None:
    (tmp_path / "blob").write_bytes(b"\x00" * 1_000 + planted + b"\x00" * 1_000)
    assert planted in {hit.canary for hit in find_in_files([tmp_path], [ANSWER])}


async def test_a_planted_canary_is_found_in_a_row(world: World) -> None:
    async with world.ports.db.transaction() as tx:
        await tx.execute(text("CREATE TABLE planted (note TEXT)"))
        await tx.execute(text("INSERT INTO planted VALUES (:note)"), {"note": f"见 {ANSWER}"})
    assert {hit.place for hit in await find_in_rows(world.ports.db, [ANSWER])} == {"table planted"}


async def test_recordings_and_whose_camera_it_was_are_readable_nowhere(world: World, tmp_path: Path) -> None:
    studio = await Studio.open(world)
    take = await studio.begin(label=ANSWER)
    await studio.keep(*take.record([magic + ANSWER.encode() * 50 for magic in (*RECORDED, *MAGIC)]))
    assert await find_in_rows(world.ports.db, [ANSWER]) == []
    assert list(find_in_files([tmp_path], [ANSWER])) == []
    stored = [one for one in (tmp_path / "data" / "media").rglob("*") if one.is_file()]
    assert len(stored) == len(take.segments)
    assert not any(take.key in one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())  # noqa: ASYNC240
