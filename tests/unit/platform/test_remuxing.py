"""Takes become films: the same pictures and sounds, in a file that seeks."""

import json
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from invigil.platform.remuxing import RemuxError, remux

FRAGMENTED = ("-movflags", "frag_keyframe+empty_moov+default_base_moof", "-f", "mp4")
CODECS = {
    "video/mp4;codecs=avc1.42E01F,opus": ("-c:v", "libx264", "-bf", "0", "-g", "20", "-c:a", "libopus", *FRAGMENTED),
    "video/webm;codecs=vp9,opus": ("-c:v", "libvpx-vp9", "-cpu-used", "8", "-c:a", "libopus", "-f", "webm"),
    "video/webm;codecs=vp8,opus": ("-c:v", "libvpx", "-cpu-used", "8", "-c:a", "libopus", "-f", "webm"),
}


async def _parts(content: bytes, size: int = 10_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def _record(words: tuple[str, ...]) -> bytes:
    source = ("-f", "lavfi", "-i", "testsrc=size=160x120:rate=10", "-f", "lavfi", "-i", "sine=frequency=440")
    made = subprocess.run(
        ["ffmpeg", "-v", "error", *source, "-t", "6", "-pix_fmt", "yuv420p", *words, "pipe:1"],
        check=True, capture_output=True,
    )  # fmt: skip
    return made.stdout


def _frames(film: Path) -> list[str]:
    words = ["ffmpeg", "-v", "error", "-i", str(film), "-map", "0:v", "-f", "framemd5", "pipe:1"]
    lines = subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()
    return [line.rpartition(",")[2].strip() for line in lines if not line.startswith("#")]


def _seconds(film: Path) -> float:
    words = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "json", str(film)]
    shown = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    return float(shown["format"]["duration"])


@pytest.mark.parametrize("mime", CODECS)
async def test_a_take_becomes_a_film_with_the_same_frames(mime: str, tmp_path: Path) -> None:
    recorded = _record(CODECS[mime])
    film = await remux(_parts(recorded), mime)
    before, after = tmp_path / "before", tmp_path / f"after.{film.suffix}"
    before.write_bytes(recorded)
    after.write_bytes(film.content)
    assert film.suffix == ("webm" if "vp8" in mime else "mp4")
    assert _frames(after) == _frames(before) != []
    assert _seconds(after) == pytest.approx(6, abs=0.2)


async def test_what_is_no_film_is_said_plainly() -> None:
    with pytest.raises(RemuxError, match="Invalid data"):
        await remux(_parts(b"not a film at all" * 1000), "video/mp4")


async def test_a_fault_while_reading_the_parts_comes_through() -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield _record(CODECS["video/webm;codecs=vp8,opus"])[:5_000]
        raise ConnectionError("the store is away")

    with pytest.raises(ConnectionError, match="the store is away"):
        await remux(breaking(), "video/webm")
