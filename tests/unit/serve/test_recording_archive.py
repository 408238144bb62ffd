"""The archive of recordings: any reader opens it, and every part of it can be sent by itself."""

import io
import zipfile
import zlib
from collections.abc import Sequence
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from invigil.serve.recordings.rules.archive import ArchivedFile, ArchiveLayout

AT = datetime(2026, 11, 28, 9, 30, 8)  # noqa: DTZ001 - a ZIP knows local time only
CONTENTS = st.lists(st.binary(max_size=300), min_size=1, max_size=6)


def _files(contents: Sequence[bytes]) -> list[ArchivedFile]:
    return [
        ArchivedFile(f"1号考场/考生{index}/屏幕.mp4", len(content), zlib.crc32(content), AT)
        for index, content in enumerate(contents)
    ]


def _part(layout: ArchiveLayout, contents: Sequence[bytes], start: int, stop: int) -> bytes:
    return b"".join(
        piece.content if piece.file_index < 0 else contents[piece.file_index][piece.start : piece.start + piece.length]
        for piece in layout.read(start, stop)
    )


@given(CONTENTS)
def test_python_reads_the_archive(contents: list[bytes]) -> None:
    layout = ArchiveLayout(_files(contents))
    whole = _part(layout, contents, 0, layout.total_bytes)
    assert len(whole) == layout.total_bytes
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        assert [archive.read(name) for name in archive.namelist()] == contents
        assert archive.namelist() == [file.path for file in _files(contents)]
        assert archive.infolist()[0].date_time == (2026, 11, 28, 9, 30, 8)


@given(CONTENTS, st.data())
def test_every_part_is_that_part_of_the_whole(contents: list[bytes], data: st.DataObject) -> None:
    layout = ArchiveLayout(_files(contents))
    whole = _part(layout, contents, 0, layout.total_bytes)
    start = data.draw(st.integers(0, layout.total_bytes))
    stop = data.draw(st.integers(start, layout.total_bytes))
    assert _part(layout, contents, start, stop) == whole[start:stop]


def test_more_than_four_gigabytes_have_honest_offsets() -> None:
    big = ArchivedFile("a.mp4", 5 << 30, 1, AT)
    layout = ArchiveLayout([big, ArchivedFile("b.mp4", 3, 2, AT)])
    tail = list(layout.read(layout.total_bytes - 98, layout.total_bytes))
    assert layout.total_bytes > 5 << 30
    assert [piece.file_index for piece in tail] == [-1]
    # The offset of the end record of the directory, as the locator states it.
    stated = int.from_bytes(tail[0].content[56 + 8 : 56 + 16], "little")
    assert stated == layout.total_bytes - 98
