"""`bench segments`: durable segment commits per second, as a ratio to a POST that does nothing on the same server (S1.5).

One commit declares one segment, as a page does every few seconds for each track. The objects stand in the store already: they go
there without the web process in S3 mode, and by a route of their own on one machine.
"""

import asyncio
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import uvloop

from invigil.app.bench.load import drive, report_pairs, request_bytes
from invigil.app.bench.places import measuring_place
from invigil.app.bench.report import BenchReport
from invigil.app.bench.seating import SITTING, seat_attempts
from invigil.app.bench.server import NOOP_PATH
from invigil.app.bench.serving import running_server
from invigil.app.bench.takes import describe_take
from invigil.platform.keys import Keys
from invigil.platform.ports import Ports
from invigil.sit.recording.api import NO_PREVIOUS

CONNECTIONS = 400
ROUNDS = 8
SECONDS = 1.0
# Enough for what one connection commits in all rounds.
SEGMENTS = 120
SEGMENT_BYTES = 80_000


@dataclass(frozen=True, slots=True)
class _Recording:
    """One candidate's camera."""

    number: int
    attempt: str
    ticket: str

    @property
    def take(self) -> str:
        return f"take_{self.number:026d}"

    def sha256(self, seq: int) -> str:
        return NO_PREVIOUS if seq < 0 else hashlib.sha256(f"{self.take}/{seq}".encode()).hexdigest()


def run(database: str) -> BenchReport:
    """Measure commits of one segment each."""
    return uvloop.run(_measure(database))


async def _measure(database: str) -> BenchReport:
    async with measuring_place(database) as ports:
        seats = await seat_attempts(ports, CONNECTIONS)
        recordings = [_Recording(number, attempt, ticket) for number, (attempt, ticket) in enumerate(seats)]
        await asyncio.to_thread(_store_objects, ports, recordings)
        async with running_server(ports) as (port, pid):
            await drive(port, pid, [iter([_register(ports.keys, one)]) for one in recordings], 30 * SECONDS)
            commits, noops = [_commits(one) for one in recordings], [_noops(one) for one in recordings]
            await drive(port, pid, noops, 0.5)
            pairs = []
            for _ in range(ROUNDS):
                idle = await drive(port, pid, noops, SECONDS)
                pairs.append((await drive(port, pid, commits, SECONDS), idle))
    what = (
        f"{database}, one server process, {CONNECTIONS} connections on loopback without TLS, one segment per commit, its object "
        "in a local folder"
    )
    return report_pairs("segments", "commits/s", pairs, what)


def _store_objects(ports: Ports, recordings: list[_Recording]) -> None:
    """Make every object there: many names of one file, which looks the same to whoever asks for its size."""
    root = Path(ports.settings.media_url.removeprefix("file://"))
    root.mkdir(parents=True, exist_ok=True)
    whole = root / "whole"
    whole.write_bytes(bytes(SEGMENT_BYTES))
    for one in recordings:
        folder = root / f"recording/{SITTING}/room_{one.number // 30}/{one.attempt}/camera/{one.take}"
        folder.mkdir(parents=True)
        for seq in range(SEGMENTS):
            os.link(whole, folder / f"{seq:06d}-{one.sha256(seq)[:16]}")


def _register(keys: Keys, one: _Recording) -> bytes:
    filmed = {"mime": "video/mp4", "width": 640, "height": 480, "frame_rate": 10.0, "video_kbps": 350}
    form = describe_take(
        one.take, one.attempt, "camera", key=os.urandom(32), public_key=keys.recording_public_key, **filmed
    )
    return request_bytes("/api/sit/recording/takes", json.dumps(form).encode(), f"invigil-ticket: {one.ticket}\r\n")


def _body(one: _Recording, seq: int) -> bytes:
    row = {
        "take_id": one.take, "seq": seq, "sha256": one.sha256(seq), "previous": one.sha256(seq - 1), "bytes": SEGMENT_BYTES,
        "p0_ms": max(0, seq - 1) * 4000, "p1_ms": seq * 4000, "at_ms": 1_793_350_800_000 + seq * 4000,
    }  # fmt: skip
    return json.dumps({"segments": [row]}, separators=(",", ":")).encode()


def _commits(one: _Recording) -> Iterator[bytes]:
    for seq in range(SEGMENTS):
        yield request_bytes("/api/sit/recording/commit", _body(one, seq), f"invigil-ticket: {one.ticket}\r\n")


def _noops(one: _Recording) -> Iterator[bytes]:
    # Written anew each time, as the others are: the client works as much on both sides.
    for seq in count(1):
        yield request_bytes(NOOP_PATH, _body(one, seq), f"invigil-ticket: {one.ticket}\r\n")
