"""A small HTTP load generator: as little work per request as Python can do, so that the server is what is measured."""

import asyncio
import time
from collections.abc import Iterator
from functools import partial


class _Connection(asyncio.Protocol):
    """Sends the next request as soon as the last one is answered."""

    def __init__(self, requests: Iterator[bytes], tally: "Tally", ended: asyncio.Future[None]) -> None:
        self._requests = requests
        self._tally = tally
        self._ended = ended
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP gives one
        self._transport = transport
        self._send()

    def _send(self) -> None:
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
        self._send()

    def connection_lost(self, _fault: Exception | None) -> None:
        if not self._ended.done():
            self._ended.set_result(None)


class Tally:
    """How many requests were answered, and how."""

    def __init__(self, seconds: float) -> None:
        self.until = time.perf_counter() + seconds
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


async def drive(port: int, requests: list[Iterator[bytes]], seconds: float) -> float:
    """Send each connection's requests one after the other for `seconds`; return answers per second.

    Raises: RuntimeError - something was answered with another status than 200.
    """
    loop = asyncio.get_running_loop()
    tally = Tally(seconds)
    began = time.perf_counter()
    ended = [loop.create_future() for _ in requests]
    for one, end in zip(requests, ended, strict=True):
        await loop.create_connection(partial(_Connection, one, tally, end), "127.0.0.1", port)
    await asyncio.gather(*ended)
    if tally.refused:
        raise RuntimeError(f"the server refused: {tally.refused}")
    return tally.answered / (time.perf_counter() - began)
