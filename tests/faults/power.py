"""A disk that forgets: a SQLite VFS in memory on which only what was synced survives a power cut.

Between two syncs a real disk may have written any part of what it was given, in any order. So at the cut each pending write
survives wholly, in part (whole sectors), or not at all, as the dice fall; what was synced stays. Directories are not modelled.
"""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import apsw

SECTOR_BYTES = 512


class PowerCutError(Exception):
    """The machine is off: nothing is read, written or synced any more."""


class FailedSyncError(apsw.IOError):
    """fsync gave EIO."""

    extendedresult = apsw.SQLITE_IOERR_FSYNC


@dataclass
class _Disk:
    """One file. seen: what the program reads back. kept: what is certain to survive. pending: writes since the last sync."""

    seen: bytearray = field(default_factory=bytearray)
    kept: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)


class ForgetfulDisk(apsw.VFS):
    """Files in memory, and a fuse that blows after a number of writes and syncs.

    blows_after: that number; None: never.
    """

    def __init__(self, name: str, random: Random, blows_after: int | None = None) -> None:
        self.files: dict[str, _Disk] = {}
        self._random = random
        self._left = blows_after
        self.acts = 0
        self.is_sync_failing = False
        super().__init__(name, base="")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> "_File":  # type: ignore[override] # noqa: N802 - apsw asks for the methods, not the class
        filename = name.filename() if isinstance(name, apsw.URIFilename) else (name or "")
        flags[1] = flags[0]
        return _File(self.files.setdefault(filename, _Disk()), self)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: ARG002, N802
        self.act()
        self.files.pop(filename, None)

    def xAccess(self, pathname: str, flags: int) -> bool:  # noqa: ARG002, N802
        return pathname in self.files

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        return name

    def fail_next_sync(self) -> None:
        """Let the next sync fail as Linux does: the pages count as clean from then on, and the disk never got them."""
        self.is_sync_failing = True

    def kill_the_process(self) -> None:
        """Let nothing more be written or synced; what the kernel holds stays as it is."""
        self._left = self.acts

    def start_a_process(self) -> None:
        """Let another process go on with what the kernel holds."""
        self._left = None

    def act(self) -> None:
        """Count one write or sync; blow the fuse when it is time.

        Raises: PowerCutError.
        """
        self.acts += 1
        if self._left is not None and self.acts > self._left:
            raise PowerCutError

    def after_the_cut(self) -> dict[str, bytes]:
        """Return what the disk holds when the power comes back, by file name; whatever is done here later counts no more."""
        self._left = None
        return {name: self._survive(disk) for name, disk in self.files.items()}

    def _survive(self, disk: _Disk) -> bytes:
        content = bytearray(disk.kept)
        for offset, data in disk.pending:
            fate = self._random.random()
            if fate < 0.4:
                continue
            if data is None:
                del content[offset:]
                continue
            sectors = range(0, len(data), SECTOR_BYTES)
            for start in sectors if fate < 0.8 else [one for one in sectors if self._random.random() < 0.5]:
                _write(content, offset + start, data[start : start + SECTOR_BYTES])
        return bytes(content)


class _File:
    """An open file, as SQLite asks for it."""

    def __init__(self, disk: _Disk, machine: ForgetfulDisk) -> None:
        self._disk = disk
        self._machine = machine
        self._act = machine.act

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        return bytes(self._disk.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._act()
        _write(self._disk.seen, offset, data)
        self._disk.pending.append((offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._act()
        del self._disk.seen[newsize:]
        self._disk.pending.append((newsize, None))

    def xSync(self, flags: int) -> None:  # noqa: ARG002, N802
        self._act()
        pending, self._disk.pending = self._disk.pending, []
        if self._machine.is_sync_failing:
            self._machine.is_sync_failing = False
            raise FailedSyncError
        for offset, data in pending:
            if data is None:
                del self._disk.kept[offset:]
            else:
                _write(self._disk.kept, offset, data)

    def xFileSize(self) -> int:  # noqa: N802
        return len(self._disk.seen)

    def xLock(self, level: int) -> None:  # noqa: N802
        """One program, one connection: always free."""

    def xUnlock(self, level: int) -> None:  # noqa: N802
        """As xLock."""

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xFileControl(self, op: int, ptr: int) -> bool:  # noqa: ARG002, N802
        return False

    def xSectorSize(self) -> int:  # noqa: N802
        return SECTOR_BYTES

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        # What SQLite assumes of ordinary disks: a write does not spoil the bytes beside it.
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE

    def xClose(self) -> None:  # noqa: N802
        """Closing is not syncing."""


def _write(content: bytearray, offset: int, data: bytes) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def restore(files: dict[str, bytes], folder: Path) -> None:
    """Write what survived into a folder, for an ordinary SQLite to open."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
