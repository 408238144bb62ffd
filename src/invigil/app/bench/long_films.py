"""A recording as long as a sitting, made in seconds: a short film of each track is looped by ffmpeg, cut as a page cuts it, and sealed anew.

Every segment is sealed for its own place, as a page would; its object is put into the store's folder without the way over a line.
"""

import hashlib
import os
import struct
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from invigil.app.bench.takes import describe_take
from invigil.kernel.ids import AttemptId
from invigil.platform.media import SEGMENTS_PATH
from invigil.prepare.exams.api import Track
from invigil.sit.recording.api import NO_PREVIOUS, CommittedSegment, segment_binding, segment_iv

SEGMENT_MS = 4_000
CLIP_S = 20
PICTURE_MIME = "video/mp4;codecs=avc1.42E01F"
# Milliseconds: what a fragment says of its begin need not be converted.
_TIMESCALE = 1_000
_SOUND = ("-f", "lavfi", "-i", f"sine=frequency=440:duration={CLIP_S}", "-c:a", "libopus", "-b:a", "24k")
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class FilmedTrack:
    """How a track is filmed. The sizes and rates are those that pages record with (what recording costs, docs/performance.md)."""

    track: Track
    size: str
    rate: int
    kbps: int
    has_sound: bool

    @property
    def mime(self) -> str:
        """What the browser is told."""
        return f"{PICTURE_MIME},opus" if self.has_sound else PICTURE_MIME


TRACKS = (
    FilmedTrack(Track.SCREEN, "1280x720", 3, 110, has_sound=False),
    FilmedTrack(Track.CAMERA, "640x480", 10, 70, has_sound=True),
    FilmedTrack(Track.PHONE, "640x480", 10, 70, has_sound=True),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a film that can be shown by itself after the header. p0_ms, p1_ms: presentation time; both 0 for the header."""

    content: bytes
    p0_ms: int
    p1_ms: int


def film(filmed: FilmedTrack, minutes: int, folder: Path) -> list[Part]:
    """Return a header and the parts of a film of so many minutes."""
    clip, whole = folder / f"{filmed.track}-clip.mp4", folder / f"{filmed.track}.mp4"
    picture = ("-f", "lavfi", "-i", f"testsrc2=size={filmed.size}:rate={filmed.rate}:duration={CLIP_S}")
    key_every = str(filmed.rate * SEGMENT_MS // 1000)
    rate = (f"{filmed.kbps}k", "-maxrate", f"{filmed.kbps}k", "-bufsize", f"{filmed.kbps * 4}k")
    codec = ("-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "baseline", "-b:v", *rate)
    keys = ("-bf", "0", "-g", key_every, "-keyint_min", key_every, "-sc_threshold", "0")
    sound = _SOUND if filmed.has_sound else ()
    _ffmpeg(*picture, *sound[:4], *codec, *keys, *sound[4:], str(clip))
    fragments = ("-movflags", "frag_keyframe+empty_moov+default_base_moof", "-video_track_timescale", str(_TIMESCALE))
    loop = ("-stream_loop", "-1", "-i", str(clip), "-t", str(minutes * 60), "-c", "copy")
    _ffmpeg(*loop, *fragments, "-f", "mp4", str(whole))
    return _cut(whole.read_bytes())


def record(
    line: httpx.Client, attempt: AttemptId, public_key: bytes, filmed: FilmedTrack, parts: list[Part], *, began_ms: int, store: Path
) -> int:  # fmt: skip
    """Seal the parts for their places, put them into the store's folder, and declare them through the interface.

    line: with the candidate's ticket. began_ms: server time of presentation time 0. Return the bytes stored.
    """
    take = "take_" + hashlib.sha256(f"{attempt}{filmed.track}".encode()).hexdigest()[:26].upper()
    key = os.urandom(32)
    width, height = map(int, filmed.size.split("x"))
    form = describe_take(
        take, attempt, filmed.track, key=key, public_key=public_key, mime=filmed.mime, width=width, height=height,
        frame_rate=filmed.rate, video_kbps=filmed.kbps,
    )  # fmt: skip
    line.post("/api/sit/recording/takes", json=form).raise_for_status()
    sealed = list(_seal(attempt, filmed.track, take, parts, key=key, began_ms=began_ms))
    with ThreadPoolExecutor(8) as threads:
        for start in range(0, len(sealed), _AT_ONCE):
            _keep(line, sealed[start : start + _AT_ONCE], store, threads)
    return sum(len(ciphertext) for _, ciphertext in sealed)


def _seal(
    attempt: AttemptId, track: Track, take: str, parts: list[Part], *, key: bytes, began_ms: int
) -> Iterator[tuple[CommittedSegment, bytes]]:
    cipher, previous = AESGCM(key), NO_PREVIOUS
    for seq, part in enumerate(parts):
        place = CommittedSegment(take, seq, "", previous, 0, part.p0_ms, part.p1_ms, began_ms + part.p1_ms)
        ciphertext = cipher.encrypt(segment_iv(seq), part.content, segment_binding(attempt, track, place))
        sha256 = hashlib.sha256(ciphertext).hexdigest()
        yield (
            CommittedSegment(take, seq, sha256, previous, len(ciphertext), place.p0_ms, place.p1_ms, place.at_ms),
            ciphertext,
        )
        previous = sha256


def _keep(
    line: httpx.Client, some: list[tuple[CommittedSegment, bytes]], store: Path, threads: ThreadPoolExecutor
) -> None:
    wanted = [{"take_id": one.take_id, "seq": one.seq, "sha256": one.sha256, "bytes": one.size} for one, _ in some]
    targets = line.post("/api/sit/recording/targets", json={"segments": wanted}).raise_for_status().json()["targets"]

    def put(target: dict[str, Any], ciphertext: bytes) -> None:
        url = urlsplit(next(iter(target["urls"].values())))
        path = store / unquote(url.path).removeprefix(SEGMENTS_PATH)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(ciphertext)

    list(threads.map(put, targets, [ciphertext for _, ciphertext in some]))
    rows = [
        {
            "take_id": one.take_id, "seq": one.seq, "sha256": one.sha256, "previous": one.previous, "bytes": one.size,
            "p0_ms": one.p0_ms, "p1_ms": one.p1_ms, "at_ms": one.at_ms,
        }
        for one, _ in some
    ]  # fmt: skip
    answer = line.post("/api/sit/recording/commit", json={"segments": rows}).raise_for_status().json()
    if any(one["state"] != "kept" for one in answer["segments"]):
        raise RuntimeError(f"segments were not kept: {answer['segments'][:3]}")


def _cut(film: bytes) -> list[Part]:
    """Cut at every fragment; the begin of each is what its own picture track says."""
    pieces, starts, at = [b""], [0], 0
    while at < len(film):
        size, kind = struct.unpack(">L4s", film[at : at + 8])
        box = film[at : at + size]
        if kind == b"moof":
            pieces.append(box)
            starts.append(_begin_of(box))
        elif kind != b"mfra":
            pieces[-1] += box
        at += size
    ends = [*starts[2:], starts[-1] + SEGMENT_MS]
    return [Part(pieces[0], 0, 0), *(Part(*one) for one in zip(pieces[1:], starts[1:], ends, strict=True))]


def _begin_of(moof: bytes) -> int:
    """Return the decoding time of the first track run, in units of `_TIMESCALE`; pictures are not reordered, so it is their time."""
    at = moof.index(b"tfdt") + 4
    return int.from_bytes(moof[at + 4 : at + 12]) if moof[at] == 1 else int.from_bytes(moof[at + 4 : at + 8])


def _ffmpeg(*words: str) -> None:
    subprocess.run(("ffmpeg", "-hide_banner", "-loglevel", "error", *words), check=True, stdin=subprocess.DEVNULL)  # noqa: S603, S607 - of the PATH, as in the product
