"""What the server has of a recording: opened with its keys, chain and hashes checked, pictures compared by the ffmpeg program."""

import asyncio
import hashlib
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from invigil.app.composition import opened_ports
from invigil.platform.settings import Settings
from invigil.sit.recording.api import (
    CommittedSegment,
    Take,
    is_take_intact,
    list_segments,
    list_takes,
    open_take_key,
    segment_binding,
    segment_iv,
)

FFMPEG_WITHIN_S = 120
# What files of these containers begin with, or have at their fragments: text in programs does not look like this.
PLAIN = re.compile(rb"moof....mfhd|ftyp(?:iso|mp4|avc|dash)|\x1a\x45\xdf\xa3.{0,40}webm|OpusHead\x01", re.DOTALL)


@dataclass(frozen=True)
class Recording:
    """One take as it was stored. plain: its segments in order, opened; the first is the header."""

    take: Take
    key: bytes
    hashes: list[str]
    plain: list[bytes]

    def write(self, folder: Path) -> Path:
        """Write it as one file."""
        path = folder / f"{self.take.id}.{'mp4' if 'mp4' in self.take.mime else 'webm'}"
        path.write_bytes(b"".join(self.plain))
        return path


def read_recordings(settings: Settings, attempt_id: str) -> list[Recording]:
    """Open everything that is stored of an attempt; anything that does not verify fails."""
    # In a thread of its own: the one that drives the browser has a running event loop.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _read_recordings(settings, attempt_id)).result()


async def _read_recordings(settings: Settings, attempt_id: str) -> list[Recording]:
    found = []
    async with opened_ports(settings) as ports, ports.db.transaction() as tx:
        for take in await list_takes(tx, attempt_id):
            assert is_take_intact(tx.keys, take)
            key, previous = open_take_key(tx, take), "0" * 64
            hashes, plain = [], []
            segments = await list_segments(tx, take)
            assert [one.seq for one in segments] == list(range(take.segment_count))
            for one in segments:
                ciphertext = await ports.media.get(one.key)
                assert hashlib.sha256(ciphertext).hexdigest() == one.sha256
                declared = CommittedSegment(
                    take_id=take.id,
                    seq=one.seq,
                    sha256=one.sha256,
                    previous=previous,
                    size=one.size,
                    p0_ms=one.p0_ms,
                    p1_ms=one.p1_ms,
                    at_ms=one.at_ms,
                )
                bound = segment_binding(take.attempt_id, take.track, declared)
                plain.append(AESGCM(key).decrypt(segment_iv(one.seq), ciphertext, bound))
                hashes.append(one.sha256)
                previous = one.sha256
            assert take.last_sha256 == previous
            found.append(Recording(take, key, hashes, plain))
    return found


def frames_of(path: Path) -> list[str]:
    """Return what a player would show and play, frame by frame: stream, time, length, hash; broken data fails."""
    command = ("ffmpeg", "-v", "error", "-xerror", "-i", str(path), "-map", "0", "-f", "framemd5", "-")
    done = subprocess.run(command, capture_output=True, text=True, timeout=FFMPEG_WITHIN_S, check=False)
    assert done.returncode == 0, done.stderr
    return [re.sub(r"\s", "", line) for line in done.stdout.splitlines() if not line.startswith("#")]


def starts_on_key_frame(path: Path) -> bool:
    """Tell whether the file's first picture needs no other."""
    wanted = ("-select_streams", "v", "-show_entries", "packet=flags", "-of", "csv=p=0")
    command = ("ffprobe", "-v", "error", *wanted, str(path))
    done = subprocess.run(command, capture_output=True, text=True, timeout=FFMPEG_WITHIN_S, check=True)
    return done.stdout.startswith("K")


def find_in(folder: Path, patterns: list[re.Pattern[bytes]]) -> Iterator[str]:
    """Yield where in a folder one of these patterns stands."""
    for path in folder.rglob("*"):
        if not path.is_file() or path.is_symlink():
            continue
        content = path.read_bytes()
        for pattern in patterns:
            hit = pattern.search(content)
            if hit is not None:
                yield f"{path.relative_to(folder)} at {hit.start()}: {hit.group()[:40]!r}"
