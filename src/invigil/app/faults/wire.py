"""A small HTTPS client for scripted seats: one connection, kept open, opened again when the server went away."""

import asyncio
import ssl
from dataclasses import dataclass

# A page gives an answer up after this long and sends again.
ANSWER_WITHIN_S = 5.0


class NoAnswerError(Exception):
    """Whatever was sent may have happened or not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    status: int
    body: bytes


def unverified_tls() -> ssl.SSLContext:
    """Return a context for the self-signed certificate of a test server on loopback."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Wire:
    """One connection to the server."""

    def __init__(self, port: int, tls: ssl.SSLContext | None) -> None:
        self._port = port
        self._tls = tls
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: bytes, headers: str = "") -> Answer:
        """Send and wait for the answer.

        headers: whole lines, each ended by CR LF.
        Raises: NoAnswerError.
        """
        head = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{self._port}\r\n{headers}content-length: {len(body)}\r\n\r\n"
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                return await self._exchange(head.encode() + body)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as fault:
            self.close()
            raise NoAnswerError(type(fault).__name__) from fault

    def close(self) -> None:
        """Drop the connection."""
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None

    async def _exchange(self, request: bytes) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, ssl=self._tls)
        reader, writer = self._streams
        writer.write(request)
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:]) if name}
        body = await reader.readexactly(int(headers["content-length"]))
        return Answer(int(lines[0].split()[1]), body)
