"""The layout of a ZIP whose files lie elsewhere: known before a byte of them is read, so any part can be sent again.

Files are stored, not compressed: film does not get smaller. Every header is of the ZIP64 form, so that sizes do not matter.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

_LOCAL = struct.Struct("<4sHHHHHLLLHH")
_CENTRAL = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_END64 = struct.Struct("<4sQHHLLQQQQ")
_LOCATOR64 = struct.Struct("<4sLQL")
_END = struct.Struct("<4sHHHHLLH")
_VERSION = 45  # ZIP64
_UTF8_NAMES = 0x0800
_STORED = 0
_IN_EXTRA_32, _IN_EXTRA_16 = 0xFFFF_FFFF, 0xFFFF
_ORDINARY_FILE = 0o100600 << 16


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A file of the archive. path: inside it, with "/". crc32: of its bytes. at: what the archive shows as its date, local time."""

    path: str
    file_bytes: int
    crc32: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the archive: bytes as they are, or a slice of file number `file_index`."""

    content: bytes = b""
    file_index: int = -1
    start: int = 0
    length: int = 0


class ArchiveLayout:
    """Where everything stands in the archive.

    files: at least one, paths unique, in their order in the archive.
    """

    def __init__(self, files: Sequence[ArchivedFile]) -> None:
        pieces: list[Piece] = []
        offsets: list[int] = []
        at = 0
        for index, file in enumerate(files):
            header = _local_header(file)
            offsets.append(at)
            pieces += [Piece(header, length=len(header)), Piece(file_index=index, length=file.file_bytes)]
            at += len(header) + file.file_bytes
        directory = b"".join(_central_header(file, offset) for file, offset in zip(files, offsets, strict=True))
        end = directory + _end_records(len(files), len(directory), at)
        pieces.append(Piece(end, length=len(end)))
        self._pieces = [piece for piece in pieces if piece.length]
        self._ends = list(accumulate(piece.length for piece in self._pieces))

    @property
    def total_bytes(self) -> int:
        """How long the archive is."""
        return self._ends[-1]

    def read(self, start: int, stop: int) -> Iterator[Piece]:
        """Yield what stands between two offsets, in order; 0 <= start <= stop <= total_bytes."""
        at = bisect_right(self._ends, start)
        while start < stop:
            piece, end = self._pieces[at], self._ends[at]
            skipped = start - (end - piece.length)
            length = min(stop, end) - start
            if piece.file_index >= 0:
                yield Piece(file_index=piece.file_index, start=skipped, length=length)
            else:
                yield Piece(piece.content[skipped : skipped + length], length=length)
            start += length
            at += 1


def _stamp(at: datetime) -> tuple[int, int]:
    return at.hour << 11 | at.minute << 5 | at.second // 2, (at.year - 1980) << 9 | at.month << 5 | at.day


def _local_header(file: ArchivedFile) -> bytes:
    name, (clock, day) = file.path.encode(), _stamp(file.at)
    extra = struct.pack("<HHQQ", 1, 16, file.file_bytes, file.file_bytes)
    fields = (_UTF8_NAMES, _STORED, clock, day, file.crc32, _IN_EXTRA_32, _IN_EXTRA_32, len(name), len(extra))
    return _LOCAL.pack(b"PK\x03\x04", _VERSION, *fields) + name + extra


def _central_header(file: ArchivedFile, offset: int) -> bytes:
    name, (clock, day) = file.path.encode(), _stamp(file.at)
    extra = struct.pack("<HHQQQ", 1, 24, file.file_bytes, file.file_bytes, offset)
    fields = (_UTF8_NAMES, _STORED, clock, day, file.crc32, _IN_EXTRA_32, _IN_EXTRA_32, len(name), len(extra))
    made_by_unix = 3 << 8 | _VERSION
    return (
        _CENTRAL.pack(b"PK\x01\x02", made_by_unix, _VERSION, *fields, 0, 0, 0, _ORDINARY_FILE, _IN_EXTRA_32)
        + name
        + extra
    )


def _end_records(count: int, directory_bytes: int, at: int) -> bytes:
    end64 = _END64.pack(b"PK\x06\x06", 44, _VERSION, _VERSION, 0, 0, count, count, directory_bytes, at)
    locator = _LOCATOR64.pack(b"PK\x06\x07", 0, at + directory_bytes, 1)
    end = _END.pack(b"PK\x05\x06", 0, 0, _IN_EXTRA_16, _IN_EXTRA_16, _IN_EXTRA_32, _IN_EXTRA_32, 0)
    return end64 + locator + end
