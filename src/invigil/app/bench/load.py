"""A small HTTP load generator: as little work per request as Python can do, so that the server is what is measured."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import cast

from invigil.app.bench.report import BenchReport
from invigil.app.bench.serving import processor_seconds


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one round went. per_s: requests. processor_us: of the server, per request."""

    per_s: float
    processor_us: float


class _Connection(asyncio.Protocol):
    """Sends the next request as soon as the last one is answered."""

    def __init__(self, requests: Iterator[bytes], tally: "Tally", ended: asyncio.Future[None]) -> None:
        self._requests = requests
        self._tally = tally
        self._ended = ended
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's own is no subclass of it.
        self._transport = cast("asyncio.Transport", transport)

    def send(self) -> None:
        """Send the next request; close when there is none or the time is over."""
        assert self._transport is not None  # noqa: S101 - connected
        request = None if time.perf_counter() >= self._tally.until else next(self._requests, None)
        if request is None:
            self._transport.close()
            return
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, gap, body = self._buffer.partition(b"\r\n\r\n")
        if not gap or len(body) < _length(head):
            return
        self._tally.count(head)
        self._buffer = b""
        self.send()

    def connection_lost(self, _fault: Exception | None) -> None:
        if not self._ended.done():
            self._ended.set_result(None)


class Tally:
    """How many requests were answered, and how."""

    def __init__(self) -> None:
        self.until = 0.0
        self.answered = 0
        self.refused: dict[str, int] = {}

    def count(self, head: bytes) -> None:
        """Count one answer; anything but 200 is a fault of the measurement."""
        status = head[9:12].decode()
        if status == "200":
            self.answered += 1
        else:
            self.refused[status] = self.refused.get(status, 0) + 1


def _length(head: bytes) -> int:
    at = head.lower().find(b"content-length:")
    return int(head[at + 15 : head.find(b"\r", at) if head.find(b"\r", at) > 0 else None])


def request_bytes(path: str, body: bytes, headers: str = "") -> bytes:
    """Return a whole HTTP/1.1 POST."""
    return f"POST {path} HTTP/1.1\r\nhost: bench\r\n{headers}content-length: {len(body)}\r\n\r\n".encode() + body


async def drive(port: int, pid: int, requests: list[Iterator[bytes]], seconds: float) -> Pace:
    """Send each connection's requests one after the other for `seconds`, or until there are no more; return their pace.

    pid: the server's process.
    Raises: RuntimeError - something was answered with another status than 200.
    """
    loop = asyncio.get_running_loop()
    tally = Tally()
    ended = [loop.create_future() for _ in requests]
    connections = []
    for one, end in zip(requests, ended, strict=True):
        _, connection = await loop.create_connection(partial(_Connection, one, tally, end), "127.0.0.1", port)
        connections.append(connection)
    # All are open before the clock starts: opening 400 takes as long as hundreds of requests, and a short round has no more.
    worked, began = processor_seconds(pid), time.perf_counter()
    tally.until = began + seconds
    for connection in connections:
        connection.send()
    await asyncio.gather(*ended)
    took, worked = time.perf_counter() - began, processor_seconds(pid) - worked
    if tally.refused:
        raise RuntimeError(f"the server refused: {tally.refused}")
    return Pace(tally.answered / took, worked / max(1, tally.answered) * 1e6)


def report_pairs(name: str, unit: str, pairs: list[tuple[Pace, Pace]], what: str) -> BenchReport:
    """Return what rounds of a route and of one that does nothing say, taken in turn. what: the route's rounds, in words."""
    value, baseline = (median(pair[side].per_s for pair in pairs) for side in (0, 1))
    work, idle = (median(pair[side].processor_us for pair in pairs) for side in (0, 1))
    note = (
        f"{what}; baseline: a plain route of the same server that reads the same body and answers; ratio: median of "
        f"{len(pairs)} pairs taken in turn; processor time of the server per request: {work:.0f} µs against {idle:.0f} µs"
    )
    ratio = median(one.per_s / noop.per_s for one, noop in pairs)
    return BenchReport(name, round(value, 1), unit, round(baseline, 1), round(ratio, 3), note)
