"""A network that misbehaves, between scripted seats and the server: a TCP proxy that sees bytes only, never what they mean (F6).

TLS ends at the server, so what the proxy breaks is what a bad line breaks: connections, delays, and pieces of a stream that never arrive.
Duplicates and reordered requests come from the seats, which send again whatever was not answered, and turn saves round.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from random import Random

PIECE_BYTES = 16_384


class Mischief(StrEnum):
    """What may happen to one piece of a stream."""

    NONE = "none"
    DELAY = "delay"
    CUT_REQUEST = "cut_request"  # half of what the client sent arrives, then the connection is reset
    DROP_ANSWER = "drop_answer"  # the server has done it and answered; the client never hears
    CUT_ANSWER = "cut_answer"  # half of the answer arrives
    STALL = "stall"  # nothing more arrives, and nobody is told


@dataclass(frozen=True, slots=True)
class Weather:
    """How bad the line is. chances: of each mischief for one piece, together < 1. delay_s: longest delay of a piece."""

    upwards: dict[Mischief, float]
    downwards: dict[Mischief, float]
    delay_s: float = 2.0


BAD = Weather(
    upwards={Mischief.DELAY: 0.05, Mischief.CUT_REQUEST: 0.02, Mischief.STALL: 0.002},
    downwards={Mischief.DELAY: 0.05, Mischief.DROP_ANSWER: 0.04, Mischief.CUT_ANSWER: 0.01},
)


class FaultProxy:
    """Listens on a port of its own and passes on to another one; the same seed gives the same dice."""

    def __init__(self, target: int, weather: Weather, seed: int) -> None:
        self.port = 0
        self.seen: Counter[Mischief] = Counter()
        self._target = target
        self._weather = weather
        self._random = Random(seed)  # noqa: S311 - weather, not a secret
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["FaultProxy"]:
        """Pass on for as long as the block runs."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def clear(self) -> None:
        """Let everything pass from now on."""
        self._weather = Weather({}, {}, 0.0)

    async def _connect(self, client_in: asyncio.StreamReader, client_out: asyncio.StreamWriter) -> None:
        try:
            server_in, server_out = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            client_out.transport.abort()
            return
        ends = (client_out, server_out)
        for reader, writer, is_upwards in ((client_in, server_out, True), (server_in, client_out, False)):
            task = asyncio.create_task(self._pass_on(reader, writer, ends, is_upwards=is_upwards))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        ends: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
        *,
        is_upwards: bool,
    ) -> None:
        with suppress(OSError):
            while piece := await reader.read(PIECE_BYTES):
                if not await self._pass_piece(piece, writer, is_upwards=is_upwards):
                    break
        for end in ends:
            end.transport.abort()

    async def _pass_piece(self, piece: bytes, writer: asyncio.StreamWriter, *, is_upwards: bool) -> bool:
        """Pass a piece on, or what the weather leaves of it; return whether the connection stays."""
        mischief = self._draw(self._weather.upwards if is_upwards else self._weather.downwards)
        self.seen[mischief] += 1
        match mischief:
            case Mischief.CUT_REQUEST | Mischief.CUT_ANSWER:
                writer.write(piece[: len(piece) // 2])
                await writer.drain()
                return False
            case Mischief.DROP_ANSWER:
                return False
            case Mischief.STALL:
                await asyncio.Event().wait()
            case Mischief.DELAY:
                await asyncio.sleep(self._random.uniform(0, self._weather.delay_s))
            case Mischief.NONE:
                pass
        writer.write(piece)
        await writer.drain()
        return True

    def _draw(self, chances: dict[Mischief, float]) -> Mischief:
        dice = self._random.random()
        for mischief, chance in chances.items():
            dice -= chance
            if dice < 0:
                return mischief
        return Mischief.NONE
