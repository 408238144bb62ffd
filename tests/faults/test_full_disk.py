"""F5: a full disk and a failing one are answered honestly, nothing acknowledged is lost, and work goes on without repair.

The full disk is a real one: a tmpfs of a few MB, which needs root. The failing one is the real server under strace, whose
fsync gives EIO (skipped where strace cannot be had).
"""

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from invigil.app.bench.places import measuring_place
from invigil.app.bench.seating import seat_attempts
from invigil.app.faults.checker import check_history
from invigil.app.faults.crash import read_stored
from invigil.app.faults.history import HistoryWriter, read_history
from invigil.app.faults.seats import ScriptedSeat
from invigil.app.faults.server import VictimServer
from invigil.app.faults.wire import unverified_tls
from invigil.app.installation import installation
from invigil.kernel.ids import AttemptId
from invigil.platform.clock import FixedClock
from invigil.platform.db import Database, metadata
from invigil.platform.keys import Keys
from invigil.platform.keys.keyring import new_material
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
SEATS, SEED = 20, 2025
# From this flush on the disk fails; the start alone needs some.
FAILS_AFTER = 30
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


async def _open(url: str) -> Database:
    """A database with one attempt in it."""
    database = Database(url, clock=FixedClock(START), keys=Keys(new_material()))
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    async with database.transaction() as tx:
        attempt = make_attempt(starts_at=START - timedelta(minutes=30))
        await store.insert_attempt(tx, attempt, consent_version="1", device={})
    return database


def _save(seq: int) -> Save:
    # What cannot be compressed fills a disk fast.
    text = os.urandom(1_000).hex()
    sheet = AnswerSheet(1, "att_1", seq, {"i1": Answer(t=[text])}, [])
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


def _failing_disk(tmp_path: Path) -> list[str]:
    """The command under which flushes fail with EIO after a while; skips where the machine forbids tracing."""
    strace = shutil.which("strace")
    if strace is None or subprocess.run([strace, "-o", "/dev/null", "true"], check=False).returncode != 0:
        pytest.skip("needs strace")
    inject = f"inject=fsync,fdatasync:error=EIO:when={FAILS_AFTER}+"
    return [
        strace,
        "-f",
        "--seccomp-bpf",
        "-o",
        str(tmp_path / "strace.log"),
        "-e",
        "trace=fsync,fdatasync",
        "-e",
        inject,
    ]


async def _sit(
    server: VictimServer, tickets: list[tuple[str, str]], history: HistoryWriter, *, seconds: float, patience: float
) -> None:
    until = time.monotonic() + seconds
    seats = [
        ScriptedSeat(
            attempt, ticket, port=server.port, tls=unverified_tls(), history=history, seed=f"{SEED}/{number}/{seconds}"
        )
        for number, (attempt, ticket) in enumerate(tickets)
    ]
    await asyncio.gather(*(seat.run(until, until + patience) for seat in seats))


async def test_a_disk_that_does_not_flush_is_never_acknowledged(tmp_path: Path) -> None:
    under = _failing_disk(tmp_path)
    path = tmp_path / "history.jsonl"
    async with measuring_place("sqlite") as ports:
        tickets = await seat_attempts(ports, 2 * SEATS)
        history = HistoryWriter(path)
        failing = VictimServer(ports.settings, tmp_path / "failing.log", under)
        healthy = VictimServer(ports.settings, tmp_path / "healthy.log")
        try:
            await failing.start()
            await _sit(failing, tickets[:SEATS], history, seconds=3, patience=0)
            await failing.kill()
            await healthy.start()  # without any repair
            await _sit(healthy, tickets[SEATS:], history, seconds=1, patience=30)
        finally:
            await failing.kill()
            await healthy.kill()
        history.close()
        async with ports.db.reading() as tx:
            stored = await read_stored(tx)
    events = list(read_history(path))
    assert any(event.kind == "info" and event.detail.startswith("503") for event in events), "no flush ever failed"
    assert check_history(events, stored) == []
    served = {event.seat for event in events if event.kind == "ok"} & {attempt for attempt, _ in tickets[SEATS:]}
    assert len(served) > SEATS / 2, "the healthy server did not go on"
