"""F5: on a full disk answers have room of their own, nothing acknowledged is lost, and work goes on without repair.

The disk is a real one: a tmpfs of a few MB, which needs root. The failing one is in test_failing_disk.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from invigil.app.installation import installation
from invigil.kernel.ids import AttemptId
from invigil.platform.clock import FixedClock
from invigil.platform.db import Database, metadata
from invigil.platform.keys import Keys
from invigil.platform.keys.keyring import new_material
from invigil.platform.room import FILE, Room
from invigil.sit.answering import store
from invigil.sit.answering.model import SavedSheet
from invigil.sit.answering.model.refusals import NotConfirmed
from invigil.sit.answering.model.sheets import Answer, AnswerSheet
from invigil.sit.answering.rules import encode_sheet
from invigil.sit.answering.service.tickets import Ticket
from invigil.sit.answering.service.writing import AnswerWriter, Save
from tests.conftest import START
from tests.unit.sit.attempts import make_attempt

DISK_MB = 4
RESERVED = 1 << 20
assert installation is not None  # its table belongs to every database


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few MB."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", str(place)], check=True)


async def _open(url: str, room: Room | None = None) -> Database:
    """A database with one attempt in it."""
    database = Database(url, clock=FixedClock(START), keys=Keys(new_material()), room=room)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    async with database.transaction() as tx:
        attempt = make_attempt(starts_at=START - timedelta(minutes=30))
        await store.insert_attempt(tx, attempt, consent_version="1", device={})
    return database


def _save(seq: int) -> Save:
    # What cannot be compressed fills a disk fast.
    text = os.urandom(1_000).hex()
    sheet = AnswerSheet(v=1, attempt="att_1", seq=seq, answers={"i1": Answer(t=[text])}, flags=[])
    return Save(Ticket(AttemptId("att_1"), 1), seq, encode_sheet(sheet))


async def _save_many(writer: AnswerWriter, first: int, count: int) -> tuple[dict[int, SavedSheet], list[int]]:
    """Return what was acknowledged and what was not confirmed; anything else fails the test."""
    results = await asyncio.gather(
        *(writer.save(_save(seq)) for seq in range(first, first + count)), return_exceptions=True
    )
    refused = [first + n for n, one in enumerate(results) if isinstance(one, BaseException)]
    assert all(isinstance(one, SavedSheet | NotConfirmed) for one in results)
    return {one.seq: one for one in results if isinstance(one, SavedSheet)}, refused


async def _read(database: Database) -> dict[int, bytes]:
    async with database.reading() as tx:
        return {row.seq: row.sha256 for row in await store.list_trail(tx, "att_1")}


async def test_a_full_disk_is_said_and_an_emptied_one_goes_on(small_disk: Path) -> None:
    database = await _open(f"sqlite+aiosqlite:///{small_disk}/invigil.sqlite")
    ballast = small_disk / "ballast"
    free = shutil.disk_usage(small_disk).free
    ballast.write_bytes(bytes(free - 700_000))
    writer = AnswerWriter(database)
    acknowledged: dict[int, SavedSheet] = {}
    refused: list[int] = []
    for first in range(1, 4_000, 40):
        good, bad = await _save_many(writer, first, 40)
        acknowledged |= good
        refused += bad
        if len(refused) > 200:
            break
    assert acknowledged, "the disk was full before anything was saved"
    assert refused, "the disk was never full"
    present = await _read(database)
    assert {seq: one.sha256 for seq, one in acknowledged.items()} == present
    ballast.unlink()
    good, bad = await _save_many(writer, 10_000, 40)
    assert (len(good), bad) == (40, [])
    present = await _read(database)
    assert all(present[seq] == one.sha256 for seq, one in (acknowledged | good).items())
    async with database.reading() as tx:
        assert (await tx.connection.exec_driver_sql("PRAGMA integrity_check")).scalar_one() == "ok"  # type: ignore[misc]
    await database.dispose()


async def test_answers_have_room_of_their_own_on_a_full_disk(small_disk: Path) -> None:
    room = Room(small_disk, RESERVED)
    room.open()
    database = await _open(f"sqlite+aiosqlite:///{small_disk}/invigil.sqlite", room)
    writer = AnswerWriter(database)
    (small_disk / "ballast").write_bytes(bytes(shutil.disk_usage(small_disk).free))
    assert shutil.disk_usage(small_disk).free == 0
    acknowledged: dict[int, SavedSheet] = {}
    for first in range(1, 200, 40):
        good, bad = await _save_many(writer, first, 40)
        assert bad == [], "a candidate was told that there is no room"
        acknowledged |= good
    assert (small_disk / FILE).stat().st_size == 0, "the reserve was never needed"
    assert room.is_short()
    assert {seq: one.sha256 for seq, one in acknowledged.items()} == await _read(database)
    (small_disk / "ballast").unlink()
    room.look()
    assert not room.is_short()
    await database.dispose()
