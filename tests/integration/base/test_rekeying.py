"""Sealing everything anew under a new key: nothing forgotten, nothing lost, nothing swapped blessed, resumable (P9)."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from sqlalchemy import Boolean, Column, Float, Integer, LargeBinary, func, insert, select, text, update

from invigil.base.audit import store as audit_store
from invigil.base.rekeying import service, store
from invigil.base.rekeying.api import count_holdings, order_resealing, reseal_everything, retire_key
from invigil.base.rekeying.model import (
    KeyringJustChanged,
    KeyVersionNewest,
    KeyVersionStillNeeded,
    KeyVersionUnknown,
)
from invigil.kernel.principals import SYSTEM, Role
from invigil.kernel.words import Words
from invigil.platform.clock import FixedClock
from invigil.platform.db import JsonDocument, UtcInstant, list_sealed_columns, metadata
from invigil.platform.jobs.execution import run_queued
from invigil.platform.keys import CannotOpenError, KeyringFile, Keys, create_keyring, header_of, version_of
from invigil.platform.settings import BlobSettings, DatabaseSettings, Settings
from invigil.prepare.candidates.store.tables import candidates
from tests.canaries import find_in_files, find_in_rows
from tests.conftest import START
from tests.integration.judge.grading.graded import sit_papers
from tests.integration.prepare.candidates.desk import Desk
from tests.integration.prepare.papers.bank import FakeBank, fake_bank  # noqa: F401 - a fixture
from tests.integration.prepare.questions.conftest import single, upload
from tests.world import Person, World, open_world

pytestmark = pytest.mark.usefixtures("fake_bank")
SEAL = b"the seal of the tests"


@pytest.fixture
def keyring(tmp_path: Path) -> KeyringFile:
    path = tmp_path / "keys" / "keyring.json"
    create_keyring(path, SEAL)
    return KeyringFile(path, SEAL)


@pytest.fixture
async def rotating(database_url: str, tmp_path: Path, keyring: KeyringFile) -> AsyncIterator[World]:
    """A world whose keyring is a file, as in a real process."""
    settings = Settings(
        data_folder=tmp_path / "data",
        database=DatabaseSettings(url=database_url),
        blobs=BlobSettings(url=f"file://{tmp_path}/blobs"),
    )
    async with open_world(settings, FixedClock(START), Keys(keyring.load(), keyring)) as opened:
        yield opened


async def _fill(world: World) -> list[str]:
    """Let something stand in every column of ciphertext; return canaries that must never be readable."""
    people = await (await Desk.open(world)).import_sample(5)
    person = await world.staff(Role.ADMINISTRATOR, Role.PROCTOR, name="wang")
    await _write_questions(person)
    await _grade_and_export(world, person)
    await person.post("/api/my/relatives", json={"relation": "spouse", "name": "亲属金丝雀"})
    number = {"relation": "spouse", "name": "亲属金丝雀", "identity_number": people[0].identity_number}
    assert (await person.post("/api/my/relatives", json=number)).status_code < 300
    await _enrol(world, person)
    await _fill_the_rest(world)
    return [
        "亲属金丝雀",
        "答案金丝雀",
        *(value for one in people for value in (one.name, one.identity_number, one.phone)),
    ]


async def _fill_the_rest(world: World) -> None:
    """Put a made-up row into every table of which a column of ciphertext is still empty."""
    empty = {name.partition(".")[0] for name, count in (await _open_everything(world)).items() if count == 0}
    async with world.ports.db.transaction() as tx:
        for table in (one for one in metadata.sorted_tables if one.name in empty):
            row = {column.name: _made_up(column, tx.now) for column in table.columns}
            sealed = [one for one in list_sealed_columns(metadata) if one.table is table]
            row |= dict(one.sealed.only for one in sealed if one.sealed.only is not None)
            for one in sealed:
                row[one.column.name] = tx.keys.seal(
                    b"filled", purpose=one.sealed.purpose, bound_to=one.sealed.place_of(row)
                )
            await tx.execute(insert(table).values(row))


def _made_up(column: Column[Any], now: datetime) -> object:
    if column.nullable:
        return None
    values: list[tuple[Any, object]] = [
        (UtcInstant, now), (JsonDocument, {}), (Boolean, False), (Integer | Float, 1), (LargeBinary, bytes(32)),
    ]  # fmt: skip
    return next((value for kind, value in values if isinstance(column.type, kind)), "filled")


async def _write_questions(person: Person) -> None:
    fill_in = single("安全网应当____。", type="fill_in", options=[], answer={"blanks": [["答案金丝雀"]]})
    assert (await person.post("/api/questions", json=fill_in)).status_code == 201
    await upload(person, "填空题\n1、安全帽应当____。\n答案：答案金丝雀\n".encode())


async def _grade_and_export(world: World, person: Person) -> None:
    sat = await sit_papers(world)
    begun = await person.post(f"/api/grading/sittings/{sat.sitting_id}/runs", json={"reason": "首次评分"})
    assert begun.status_code == 202, begun.text
    await run_queued(world.ports)
    order = {"exam_id": sat.exam_id, "kind": "hand_in_times", "purpose": "报送甲方存档"}
    assert (await person.post("/api/exports", json=order)).status_code == 202
    await run_queued(world.ports)


async def _enrol(world: World, person: Person) -> None:
    """Give one member of staff a second factor, and another one half of it."""
    secret = (await person.post("/api/staff/totp")).json()["secret"]
    code = pyotp.TOTP(secret).at(world.clock.now())
    assert (await person.post("/api/staff/totp/confirm", json={"code": code})).status_code == 204
    await (await world.staff(Role.PROCTOR)).post("/api/staff/totp")


async def _open_everything(world: World) -> dict[str, int]:
    """Open every cell and every blob as its column declares; return how many cells each column has."""
    opened = {}
    async with world.ports.db.reading() as tx:
        for table, column, sealed in list_sealed_columns(metadata):
            query = select(table).where(func.length(column) > 0)
            if sealed.only is not None:
                query = query.where(table.c[sealed.only[0]] == sealed.only[1])
            rows = (await tx.execute(query)).all()
            for row in rows:
                place = sealed.place_of(row._asdict())
                world.ports.keys.open(getattr(row, column.name), purpose=sealed.purpose, bound_to=place)
            opened[f"{table.name}.{column.name}"] = len(rows)
    for key in await world.ports.blobs.list(""):
        await world.ports.blobs.get(key)
    return opened


def _let_time_pass(tmp_path: Path) -> None:
    """Put the keyring's last change well before the world's clock."""
    long_ago = (START - timedelta(hours=1)).timestamp()
    os.utime(tmp_path / "keys" / "keyring.json", (long_ago, long_ago))


async def test_everything_is_sealed_anew_and_the_old_key_can_go(
    rotating: World, keyring: KeyringFile, tmp_path: Path
) -> None:
    canaries = await _fill(rotating)
    opened = await _open_everything(rotating)
    assert [name for name, count in opened.items() if count == 0] == [], "let something stand in this column in _fill"
    keyring.rotate()
    assert rotating.ports.keys.newest_version == 2
    _let_time_pass(tmp_path)
    assert rotating.ports.keys.open(
        rotating.ports.keys.seal(b"x", purpose="p", bound_to="b"), purpose="p", bound_to="b"
    )
    with pytest.raises(KeyVersionStillNeeded) as refused:
        await retire_key(rotating.ports, SYSTEM, keyring, 1)
    assert min(refused.value.details["cells"], refused.value.details["blobs"]) > 0

    person = await rotating.staff(Role.ADMINISTRATOR)
    job_id = await order_resealing(rotating.ports, person.principal)
    await run_queued(rotating.ports)
    job = (await person.get(f"/api/jobs/{job_id}")).json()
    assert (job["state"], job["result"]["unreadable"], job["done"]) == ("done", 0, job["total"])
    assert job["result"]["cells"] == refused.value.details["cells"]
    assert job["result"]["blobs"] == refused.value.details["blobs"]
    holdings = await count_holdings(rotating.ports)
    assert set(holdings.cells) == set(holdings.blobs) == {2}

    await retire_key(rotating.ports, person.principal, keyring, 1)
    assert keyring.load().master_keys.keys() == {2}
    after = await _open_everything(rotating)
    assert {name: after[name] >= count for name, count in opened.items()} == dict.fromkeys(opened, True)
    assert await find_in_rows(rotating.ports.db, canaries) == []
    assert list(find_in_files([tmp_path], canaries)) == []
    async with rotating.ports.db.reading() as tx:
        acts, _ = await audit_store.search(tx, act="rekeying.", actor_id="", on="", offset=0, limit=9)
    assert [one.act for one in acts][::-1] == [
        "rekeying.records.order", "rekeying.records.reseal", "rekeying.key.retire",
    ]  # fmt: skip


class BrokenOffError(Exception):
    """Stands for a killed process."""


async def test_what_was_broken_off_is_taken_up_where_it_stopped(
    rotating: World, keyring: KeyringFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "CELLS_AT_ONCE", 2)
    await (await Desk.open(rotating)).import_sample(6)
    keyring.rotate()
    before = await count_holdings(rotating.ports)

    async def break_off(done: int, _total: int, _message: Words) -> None:
        if done == 7:
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        await reseal_everything(rotating.ports, break_off)
    half = await count_holdings(rotating.ports)
    assert 0 < half.cells[2] < before.cells[1]
    shown: list[tuple[int, int]] = []

    async def note(done: int, total: int, _message: Words) -> None:
        shown.append((done, total))

    result = await reseal_everything(rotating.ports, note)
    assert result["cells"] + half.cells[2] == before.cells[1]
    assert shown[-1] == (half.cells[1] + half.blobs[1],) * 2
    assert await reseal_everything(rotating.ports, note) == {"cells": 0, "blobs": 0, "unreadable": 0, "version": 2}
    await _open_everything(rotating)


async def test_a_swapped_ciphertext_is_not_blessed(rotating: World, keyring: KeyringFile, tmp_path: Path) -> None:
    await (await Desk.open(rotating)).import_sample(4)
    async with rotating.ports.db.transaction() as tx:
        first, second = (await tx.execute(select(candidates.c.id, candidates.c.name).order_by(candidates.c.id))).all()[
            :2
        ]
        for row, other in ((first, second), (second, first)):
            await tx.execute(update(candidates).where(candidates.c.id == row.id).values(name=other.name))
    blobs = rotating.ports.blobs
    photos = await blobs.list("candidates/photos")
    raw = await blobs._store.get(photos[0])
    await blobs._store.put(photos[1], raw)
    keyring.rotate()
    assert rotating.ports.keys.newest_version == 2
    _let_time_pass(tmp_path)

    async def ignore(*_progress: Any) -> None:
        return

    result = await reseal_everything(rotating.ports, ignore)
    assert result["unreadable"] == 3
    async with rotating.ports.db.reading() as tx:
        name = (await tx.execute(select(candidates.c.name).where(candidates.c.id == first.id))).scalar_one()
    assert name == second.name
    with pytest.raises(CannotOpenError):
        await blobs.get(photos[1])
    with pytest.raises(KeyVersionStillNeeded) as refused:
        await retire_key(rotating.ports, SYSTEM, keyring, 1)
    assert refused.value.details == {"version": 1, "cells": 2, "blobs": 1}


async def test_what_is_written_meanwhile_stays(rotating: World, keyring: KeyringFile) -> None:
    await (await Desk.open(rotating)).import_sample(3)
    keyring.rotate()
    one = next(found for found in list_sealed_columns(metadata) if found.column is candidates.c.phone)
    async with rotating.ports.db.reading() as tx:
        rows = await store.list_outdated(tx, one, 2, after=None, limit=10)
    fresh = [(row, b"sealed anew") for row in rows]
    async with rotating.ports.db.transaction() as tx:
        await tx.execute(update(candidates).where(candidates.c.id == rows[0].id).values(phone=b"saved meanwhile"))
    async with rotating.ports.db.transaction() as tx:
        await store.replace_cells(tx, one, fresh)
        phones = (await tx.execute(select(candidates.c.phone).order_by(candidates.c.id))).scalars().all()
    assert phones == [b"saved meanwhile", *[b"sealed anew"] * (len(rows) - 1)]


async def test_saves_go_on_while_everything_is_sealed_anew(
    rotating: World, keyring: KeyringFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "CELLS_AT_ONCE", 1)
    await (await Desk.open(rotating)).import_sample(2)
    keyring.rotate()
    person = await rotating.staff(Role.ADMINISTRATOR)

    async def ignore(*_progress: Any) -> None:
        return

    resealing = asyncio.create_task(reseal_everything(rotating.ports, ignore))
    statuses = []
    while not resealing.done():
        statuses.append((await person.post("/api/questions", json=single(f"第 {len(statuses)} 题"))).status_code)
    assert resealing.result()["unreadable"] == 0
    assert len(statuses) > 1
    assert set(statuses) == {201}
    assert set((await count_holdings(rotating.ports)).cells) == {2}


async def test_a_password_that_is_a_hash_by_now_is_no_ciphertext(rotating: World, keyring: KeyringFile) -> None:
    await (await Desk.open(rotating)).import_sample(2)
    async with rotating.ports.db.transaction() as tx:
        await tx.execute(
            text("UPDATE accounts_candidate_credential SET secret_kind = 'argon2id', secret = :hash"),
            {"hash": b"$argon2id$v=19$"},
        )
    keyring.rotate()

    async def ignore(*_progress: Any) -> None:
        return

    assert (await reseal_everything(rotating.ports, ignore))["unreadable"] == 0


async def test_what_cannot_be_retired_is_refused(rotating: World, keyring: KeyringFile) -> None:
    with pytest.raises(KeyVersionUnknown):
        await retire_key(rotating.ports, SYSTEM, keyring, 7)
    with pytest.raises(KeyVersionNewest):
        await retire_key(rotating.ports, SYSTEM, keyring, 1)
    keyring.rotate()
    rotating.clock.instant = keyring.changed_at + timedelta(seconds=59)
    with pytest.raises(KeyringJustChanged):
        await retire_key(rotating.ports, SYSTEM, keyring, 1)
    rotating.clock.advance(timedelta(seconds=1))
    await retire_key(rotating.ports, SYSTEM, keyring, 1)


async def test_a_process_takes_a_rotation_up_by_itself(keyring: KeyringFile, tmp_path: Path) -> None:
    """The other process rotates and seals; this one meets a version that it does not know."""
    mine = Keys(keyring.load(), keyring)
    elsewhere = KeyringFile(tmp_path / "keys" / "keyring.json", SEAL)
    theirs = Keys(elsewhere.rotate())
    sealed = theirs.seal(b"news", purpose="p", bound_to="b")
    assert version_of(sealed) == 2
    assert mine.open(sealed, purpose="p", bound_to="b") == b"news"
    assert mine.seal(b"x", purpose="p", bound_to="b").startswith(header_of(2))
    elsewhere.retire(1)
    with pytest.raises(CannotOpenError):
        Keys(elsewhere.load()).open(header_of(1) + b"\x00" * 40, purpose="p", bound_to="b")


async def test_a_broken_keyring_leaves_running_processes_as_they_are(keyring: KeyringFile, tmp_path: Path) -> None:
    mine = Keys(keyring.load(), keyring)
    (tmp_path / "keys" / "keyring.json").write_text("{}")
    with pytest.raises(CannotOpenError):
        mine.open(header_of(2) + b"\x00" * 40, purpose="p", bound_to="b")
    assert mine.versions == (1,)
