"""`bench remux`: processor seconds to turn an hour of recorded video into a download, as a ratio to encoding it anew."""

import asyncio
import resource
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from invigil.app.bench.report import BenchReport
from invigil.platform.remuxing import remux

CLIP_SECONDS, CLIPS = 60, 60
ROUNDS = 5
MIME = "video/mp4;codecs=avc1.42E01F,opus"
_PIECE_BYTES = 40_000
_CAMERA = ("-f", "lavfi", "-i", "testsrc=size=640x480:rate=10", "-f", "lavfi", "-i", "sine=frequency=440")
_CODEC = ("-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-g", "40")
_SOUND = ("-c:a", "libopus", "-b:a", "24k")
_FRAGMENTS = ("-movflags", "frag_keyframe+empty_moov+default_base_moof", "-f", "mp4")


def run(database: str) -> BenchReport:
    """Measure a camera track with sound of one hour. database: without meaning here, nothing is stored."""
    del database
    with TemporaryDirectory() as folder:
        clip, hour = Path(folder) / "clip.mp4", Path(folder) / "hour.mp4"
        _ffmpeg(*_CAMERA, "-t", str(CLIP_SECONDS), *_CODEC, *_SOUND, str(clip))
        encoding = _measure(lambda: _ffmpeg("-i", str(clip), *_CODEC, *_SOUND, "-f", "null", "-"))
        _ffmpeg("-stream_loop", str(CLIPS - 1), "-i", str(clip), "-c", "copy", *_FRAGMENTS, str(hour))
        recorded = hour.read_bytes()
    copying = median(_measure(lambda: asyncio.run(_remux(recorded))) for _ in range(ROUNDS))
    note = (
        f"one hour of H.264 640×480 at 10 frames a second with Opus ({len(recorded) / 1e6:.1f} MB), kept as it is in MP4, reading and "
        f"starting ffmpeg included; median of {ROUNDS}; baseline: the same hour encoded anew (x264 veryfast, from {CLIP_SECONDS} s)"
    )
    baseline = encoding * CLIPS
    return BenchReport("remux", round(copying, 2), "CPU-s/h", round(baseline, 1), round(copying / baseline, 4), note)


def _measure(act: Callable[[], object]) -> float:
    """Return the processor seconds of the child processes that `act` starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    act()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


async def _remux(recorded: bytes) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for start in range(0, len(recorded), _PIECE_BYTES):
            yield recorded[start : start + _PIECE_BYTES]

    await remux(parts(), MIME)


def _ffmpeg(*words: str) -> None:
    subprocess.run(("ffmpeg", "-hide_banner", "-loglevel", "error", *words), check=True, stdin=subprocess.DEVNULL)  # noqa: S603, S607 - of the PATH, as in the product
