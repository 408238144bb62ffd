"""The client side of `bench sockets`, in a process of its own: as little per socket as Python can do.

Reads tickets from standard input, opens a socket for each, prints "open" when all stand, beats for the given time, prints "done".
"""

import asyncio
import random
import struct
import sys

PAGE_PATH = "/api/sit/socket"
HEARTBEAT_S = 10.0
OPENING_AT_ONCE = 100
HEARTBEAT = b'{"type":"heartbeat","seq":1,"pending":false}'
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


def frame(kind: int, payload: bytes) -> bytes:
    """Return a client's frame of less than 64 kB, masked with zeros (a mask hides nothing on loopback)."""
    if len(payload) < 126:
        return bytes((0x80 | kind, 0x80 | len(payload))) + bytes(4) + payload
    return bytes((0x80 | kind, 0x80 | 126)) + struct.pack("!H", len(payload)) + bytes(4) + payload


class _Page(asyncio.Protocol):
    """One open page. ticket: empty for a bare socket, which says nothing."""

    def __init__(self, path: str, port: int, ticket: str, is_open: asyncio.Future[None]) -> None:
        self._path, self._port, self._ticket, self._is_open = path, port, ticket, is_open
        self._buffer = b""
        self._is_upgraded = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP gives one
        self._transport = transport
        transport.write(
            f"GET {self._path} HTTP/1.1\r\nhost: 127.0.0.1:{self._port}\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
            "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._is_upgraded:
            head, gap, rest = self._buffer.partition(b"\r\n\r\n")
            if not gap:
                return
            if b" 101 " not in head[:16]:
                self._fail(head.decode("latin-1"))
                return
            self._is_upgraded, self._buffer = True, rest
            if self._ticket:
                self._write(frame(TEXT, b'{"type":"hello","ticket":"' + self._ticket.encode() + b'"}'))
            else:
                self._stand()
        while len(self._buffer) >= 2 and len(self._buffer) >= 2 + (self._buffer[1] & 0x7F):
            self._take_frame()

    def _take_frame(self) -> None:
        # The server's frames here are all shorter than 126 bytes.
        end = 2 + (self._buffer[1] & 0x7F)
        kind, payload, self._buffer = self._buffer[0] & 0x0F, self._buffer[2:end], self._buffer[end:]
        if kind == PING:
            self._write(frame(PONG, payload))
        elif kind == CLOSE:
            self._fail(f"closed: {payload!r}")
        elif kind == TEXT and not self._is_open.done():
            self._stand()  # the state that answers hello
            asyncio.get_running_loop().call_later(random.uniform(0, HEARTBEAT_S), self._beat)  # noqa: S311 - a spread

    def _stand(self) -> None:
        if not self._is_open.done():
            self._is_open.set_result(None)

    def _beat(self) -> None:
        self._write(frame(TEXT, HEARTBEAT))
        asyncio.get_running_loop().call_later(HEARTBEAT_S, self._beat)

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def _fail(self, why: str) -> None:
        if not self._is_open.done():
            self._is_open.set_exception(ConnectionError(why))

    def connection_lost(self, _fault: Exception | None) -> None:
        self._fail("the server went away")


async def _open(path: str, port: int, ticket: str, turn: asyncio.Semaphore) -> None:
    loop = asyncio.get_running_loop()
    async with turn:
        is_open: asyncio.Future[None] = loop.create_future()
        said = ticket if path == PAGE_PATH else ""
        await loop.create_connection(lambda: _Page(path, port, said, is_open), "127.0.0.1", port)
        await is_open


async def _main(port: int, path: str, seconds: float) -> None:
    tickets = sys.stdin.read().split()
    turn = asyncio.Semaphore(OPENING_AT_ONCE)
    await asyncio.gather(*(_open(path, port, ticket, turn) for ticket in tickets))
    print("open", flush=True)
    await asyncio.sleep(seconds)
    print("done", flush=True)
    await asyncio.sleep(60)  # until the measurement ends us: closing 10,000 sockets is not part of it


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3])))
