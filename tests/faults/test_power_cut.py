"""F4: the power is cut at any write or sync; what was acknowledged is there when it comes back (P1).

The product's own pragmas and statements run on a disk that forgets what was not synced. The same with `synchronous=NORMAL`
must lose rows: otherwise this test could not fail.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import apsw
import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from invigil.platform.db.bulk import sqlite_statement
from invigil.platform.db.database import SQLITE_BEGIN_WRITING, SQLITE_PRAGMAS, SQLITE_SETTLE
from invigil.sit.answering.store.saves import saves
from tests.faults.power import ForgetfulDisk, PowerCutError, restore

GROUPS, GROUP_ROWS = 40, 16
FILE = "invigil.sqlite"
SHORT, LONG = 40, 1_500
Row = tuple[str, int]


@dataclass
class _Outcome:
    """acknowledged: rows whose commit returned before the cut. present: rows after it. is_whole: SQLite's integrity check."""

    acknowledged: set[Row]
    present: set[Row]
    is_whole: bool

    @property
    def lost(self) -> set[Row]:
        return self.acknowledged - self.present


def _pragmas(synchronous: str) -> list[str]:
    # Without shared memory SQLite keeps the index of its WAL in the process, which needs the file for itself.
    ours = [one if not one.startswith("synchronous=") else f"synchronous={synchronous}" for one in SQLITE_PRAGMAS]
    return ["locking_mode=EXCLUSIVE", *ours]


def _prepare(connection: apsw.Connection, synchronous: str, checkpoint_pages: int) -> None:
    for pragma in [*_pragmas(synchronous), f"wal_autocheckpoint={checkpoint_pages}"]:
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute(str(CreateTable(saves).compile(dialect=sqlite.dialect())))


def _write_groups(connection: apsw.Connection, random: Random, acknowledged: set[Row]) -> None:
    """Commit groups as the writer does; a row is acknowledged when its commit has returned."""
    for group in range(GROUPS):
        rows: Sequence[Row] = [(f"att_{random.randrange(30):026d}", group * 100 + n) for n in range(GROUP_ROWS)]
        values = [value for attempt, seq in rows for value in (attempt, seq, 1, bytes(32), random.randbytes(400))]
        connection.execute(SQLITE_BEGIN_WRITING)
        connection.execute(sqlite_statement(saves, len(rows), skips_present=True), values)
        connection.execute("COMMIT")
        acknowledged.update(rows)


def _run(seed: int, synchronous: str, folder: Path, *, blows_after: int | None) -> tuple[_Outcome, int]:
    random, name = Random(seed), f"forgetful-{synchronous}-{seed}"  # noqa: S311 - dice, not secrets
    disk = ForgetfulDisk(name, random, blows_after)
    acknowledged: set[Row] = set()
    connection = apsw.Connection(FILE, vfs=name)
    with suppress(PowerCutError, apsw.Error):  # the machine is off
        # Some runs check-point often, so that cuts fall into check-points as well.
        _prepare(connection, synchronous, random.choice((8, 40, 1_000)))
        _write_groups(connection, random, acknowledged)
    restore(disk.after_the_cut(), folder)
    connection.close()
    disk.unregister()
    present, is_whole = _read(folder / FILE)
    return _Outcome(acknowledged, present, is_whole), disk.acts


def _read(path: Path) -> tuple[set[Row], bool]:
    """Open what survived as any SQLite would."""
    connection = sqlite3.connect(path)
    try:
        is_whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        has_table = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'answering_save'").fetchone()
        rows = connection.execute("SELECT attempt_id, seq FROM answering_save").fetchall() if has_table else []
        return {(row[0], row[1]) for row in rows}, is_whole
    finally:
        connection.close()


def _cut_often(times: int, synchronous: str, folder: Path) -> list[_Outcome]:
    """Cut the power at instants spread over the whole run."""
    outcomes = []
    for seed in range(times):
        place = folder / f"{synchronous}-{seed}"
        place.mkdir()
        _, acts = _run(seed, synchronous, place, blows_after=None)
        fuse = Random(seed + 10_000).randrange(1, acts)  # noqa: S311 - dice, not secrets
        for old in place.iterdir():
            old.unlink()  # of the run without a cut, which only counted
        outcomes.append(_run(seed, synchronous, place, blows_after=fuse)[0])
    return outcomes


def _check_nothing_lost(outcomes: list[_Outcome]) -> None:
    assert all(one.is_whole for one in outcomes)
    assert [one.lost for one in outcomes if one.lost] == []
    assert sum(bool(one.acknowledged) for one in outcomes) > len(outcomes) / 2, "the cuts came before anything was said"


def test_what_was_acknowledged_survives_a_power_cut(tmp_path: Path) -> None:
    _check_nothing_lost(_cut_often(SHORT, "FULL", tmp_path))


def test_without_the_flush_acknowledged_rows_are_lost(tmp_path: Path) -> None:
    outcomes = _cut_often(SHORT, "NORMAL", tmp_path)
    assert sum(bool(one.lost) for one in outcomes) > SHORT / 4, "the disk forgets nothing: this test proves nothing"


def test_without_a_cut_everything_is_there(tmp_path: Path) -> None:
    outcome, _ = _run(1, "FULL", tmp_path, blows_after=None)
    assert outcome.is_whole
    assert len(outcome.acknowledged) == GROUPS * GROUP_ROWS
    assert outcome.present == outcome.acknowledged


def _fail_restart_and_cut(seed: int, folder: Path, *, settles: bool) -> _Outcome:
    """A flush fails and the process ends; the next one opens the same files and goes on; then the power is cut."""
    random, name = Random(seed), f"failing-{settles}-{seed}"  # noqa: S311 - dice, not secrets
    disk = ForgetfulDisk(name, random)
    acknowledged: set[Row] = set()
    first = apsw.Connection(FILE, vfs=name)
    _prepare(first, "FULL", 1_000)
    _write_groups(first, random, acknowledged)
    disk.fail_next_sync()
    with pytest.raises(apsw.IOError):
        _write_groups(first, random, set())
    # A killed process closes nothing properly; what the kernel has in memory is what the next one reads.
    disk.kill_the_process()
    with suppress(PowerCutError, apsw.Error):
        first.close()
    disk.start_a_process()
    second = apsw.Connection(FILE, vfs=name)
    for pragma in [*_pragmas("FULL"), "wal_autocheckpoint=1000"]:
        second.execute(f"PRAGMA {pragma}").fetchall()
    if settles:
        assert second.execute(SQLITE_SETTLE).fetchone() == (0, 0, 0)
    _write_groups(second, random, acknowledged)
    restore(disk.after_the_cut(), folder)
    second.close()
    disk.unregister()
    present, is_whole = _read(folder / FILE)
    return _Outcome(acknowledged, present, is_whole)


def test_what_is_acknowledged_after_a_failed_flush_survives_a_power_cut(tmp_path: Path) -> None:
    outcomes = []
    for seed in range(SHORT // 4):
        place = tmp_path / str(seed)
        place.mkdir()
        outcomes.append(_fail_restart_and_cut(seed, place, settles=True))
    _check_nothing_lost(outcomes)


def test_without_settling_the_log_it_is_lost(tmp_path: Path) -> None:
    outcomes = []
    for seed in range(SHORT // 4):
        place = tmp_path / str(seed)
        place.mkdir()
        outcomes.append(_fail_restart_and_cut(seed, place, settles=False))
    assert any(one.lost for one in outcomes), "the kernel keeps what a failed flush dropped: this test proves nothing"


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_many_power_cuts(tmp_path: Path) -> None:
    _check_nothing_lost(_cut_often(LONG, "FULL", tmp_path))
