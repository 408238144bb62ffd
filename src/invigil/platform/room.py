"""Room on the disk for answers: a file of the reserved size, given back to the disk when that fills up (F5, ADR-0012).

The state stands on the disk itself, so that every process sees the same: no file: nobody reserves (tests, commands); a whole file:
all is well; an empty file: the reserve is in use.
"""

import asyncio
import os
import shutil
from pathlib import Path

import structlog

from invigil.kernel.refusals import Refusal

log = structlog.get_logger()

FILE = "reserve"
LOOK_EVERY_S = 2.0


class NoRoom(Refusal):
    """The disk is nearly full; what room is left belongs to answers."""

    code, status = "platform.no_room", 507
    zh = "服务器磁盘空间不足：答题、保存和交卷照常，其他操作暂停。请联系运维腾出空间。"
    en = "The server's disk is nearly full: answers are still saved, everything else waits until there is room."


class Room:
    """The reserve of one data folder.

    reserved_bytes: 0 reserves nothing and never refuses.
    """

    def __init__(self, folder: Path, reserved_bytes: int) -> None:
        self._folder = folder
        self._file = folder / FILE
        self._bytes = reserved_bytes
        # Below this other writes are refused; the rest of the disk then lasts until the reserve is given back.
        self._low = reserved_bytes // 8

    def is_short(self) -> bool:
        """Tell whether what room is left belongs to answers."""
        if self._bytes == 0:
            return False
        size = self._size()
        return size is not None and (size < self._bytes or self._free() < self._low)

    def check(self) -> None:
        """Pass when there is room for anything.

        Raises: NoRoom.
        """
        if self.is_short():
            raise NoRoom

    def reserve(self) -> bool:
        """Take the room if the disk has it to spare; return whether it is taken."""
        if self._bytes == 0:
            return False
        if (self._size() or 0) >= self._bytes:
            return True
        if self._free() < self._bytes + 2 * self._low:
            return False
        handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.posix_fallocate(handle, 0, self._bytes)
        except OSError:
            os.ftruncate(handle, 0)
            return False
        finally:
            os.close(handle)
        return True

    def give_back(self) -> bool:
        """Give the room back to the disk; return whether there was any to give."""
        if not self._size():
            return False
        os.truncate(self._file, 0)
        log.critical("platform.room.reserve_in_use", reserved_bytes=self._bytes)
        return True

    def look(self) -> None:
        """Give the room back while there is still a little left, take it again once there is plenty."""
        if self._bytes == 0:
            return
        size = self._size()
        if size and self._free() < self._low // 4:
            self.give_back()
        elif not size:
            was_in_use = size == 0
            if self.reserve() and was_in_use:
                log.warning("platform.room.reserve_restored", reserved_bytes=self._bytes)

    async def look_forever(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(LOOK_EVERY_S)

    def open(self) -> None:
        """Begin to reserve: from here on the state stands on the disk."""
        if self._bytes and not self.reserve():
            self._file.touch(mode=0o600)
            log.critical("platform.room.cannot_reserve", reserved_bytes=self._bytes, free_bytes=self._free())

    def _size(self) -> int | None:
        try:
            return self._file.stat().st_size
        except FileNotFoundError:
            return None

    def _free(self) -> int:
        return shutil.disk_usage(self._folder).free
