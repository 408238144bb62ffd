"""Room for answers: taken, given back, taken again; and what a fault says about the disk."""

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from invigil.platform.disk import EXIT_DISK_FAILED, end_if_failing, is_failing, is_full
from invigil.platform.room import FILE, NoRoom, Room

RESERVED = 2 << 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    if (
        os.geteuid() != 0
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def _fill(disk: Path, leave: int) -> Path:
    ballast = disk / "something-else"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    ballast.write_bytes(bytes(free - leave))
    return ballast


def test_a_nearly_full_disk_belongs_to_answers_and_an_emptied_one_to_all(disk: Path) -> None:
    room = Room(disk, RESERVED)
    assert not room.is_short(), "nobody has begun to reserve"
    room.open()
    assert (disk / FILE).stat().st_size == RESERVED
    assert not room.is_short()
    ballast = _fill(disk, leave=RESERVED // 16)
    assert room.is_short()
    with pytest.raises(NoRoom):
        room.check()
    room.look()
    assert (disk / FILE).stat().st_size == RESERVED, "a little is left: the reserve is not touched yet"
    ballast.unlink()
    ballast = _fill(disk, leave=0)
    room.look()
    assert (disk / FILE).stat().st_size == 0
    assert os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize == RESERVED
    assert room.is_short()
    assert not room.give_back(), "there is nothing left to give"
    ballast.unlink()
    room.look()
    assert (disk / FILE).stat().st_size == RESERVED
    room.check()


def test_a_disk_without_the_room_is_said_at_once(disk: Path) -> None:
    _fill(disk, leave=RESERVED)
    room = Room(disk, RESERVED)
    room.open()
    assert room.is_short()


def test_who_reserves_nothing_refuses_nothing(disk: Path) -> None:
    room = Room(disk, 0)
    room.open()
    _fill(disk, leave=0)
    room.look()
    room.check()
    assert not room.give_back()
    assert not (disk / FILE).exists()


def _sqlite_error(code: int) -> OperationalError:
    cause = sqlite3.OperationalError("disk I/O error")
    cause.sqlite_errorcode = code
    return OperationalError("INSERT", {}, cause)


def _postgresql_error(sqlstate: str) -> OperationalError:
    cause = Exception("could not extend file")
    cause.sqlstate = sqlstate  # type: ignore[attr-defined]
    return OperationalError("INSERT", {}, cause)


@pytest.mark.parametrize(
    ("fault", "full", "failing"),
    [
        (_sqlite_error(sqlite3.SQLITE_FULL), True, False),
        (_sqlite_error(sqlite3.SQLITE_IOERR_SHMSIZE), True, False),
        (_sqlite_error(sqlite3.SQLITE_IOERR_FSYNC), False, True),
        (_sqlite_error(sqlite3.SQLITE_IOERR_DIR_FSYNC), False, True),
        (_sqlite_error(sqlite3.SQLITE_IOERR_WRITE), False, True),
        (_sqlite_error(sqlite3.SQLITE_IOERR_READ), False, False),
        (_sqlite_error(sqlite3.SQLITE_BUSY), False, False),
        (_postgresql_error("53100"), True, False),
        (_postgresql_error("58030"), False, False),
        (OSError(errno.ENOSPC, "no space"), True, False),
        (OSError(errno.EIO, "input/output error"), False, True),
        (OSError(errno.EROFS, "read-only"), False, True),
        (OSError(errno.ENOENT, "no such file"), False, False),
        (ValueError("something else"), False, False),
    ],
)
def test_what_a_fault_says_about_the_disk(fault: Exception, full: bool, failing: bool) -> None:
    assert (is_full(fault), is_failing(fault)) == (full, failing)


def test_an_ordinary_fault_ends_nothing() -> None:
    end_if_failing(OSError(errno.ENOSPC, "no space"))


def test_a_failed_flush_ends_the_process_and_says_so() -> None:
    script = (
        "import errno\nfrom invigil.platform.disk import end_if_failing\n"
        "from invigil.platform.telemetry import configure_logging\nconfigure_logging()\n"
        "try:\n    end_if_failing(OSError(errno.EIO, 'failed'))\nfinally:\n    print('went on')"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == EXIT_DISK_FAILED
    assert "platform.disk.failed" in ended.stderr
    assert ended.stdout == ""
