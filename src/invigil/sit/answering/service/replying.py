"""What is said back to a page over its socket: in order, but for what takes time."""

import asyncio
from typing import NamedTuple

import msgspec
import structlog

from invigil.platform.bus import Subscription
from invigil.sit.answering.model import Attempt
from invigil.sit.answering.protocol import Device, encode_message
from invigil.sit.answering.service.hearing import PageEars

log = structlog.get_logger()
# A page asks for one slow thing at a time; one that asks for more waits here, and its heartbeats with it.
MOST_SLOW = 4


class Listener(NamedTuple):
    """Who is heard. mark: tells this page from others of the device."""

    attempt: Attempt
    device: Device
    mark: str


class Replies:
    """Hears one page and answers into its subscription."""

    def __init__(self, ears: PageEars, who: Listener, subscription: Subscription) -> None:
        self._ears = ears
        self._who = who
        self._subscription = subscription
        self._slow: set[asyncio.Task[None]] = set()

    async def take(self, message: msgspec.Struct) -> None:
        """Hear a message. A slow one goes on by itself, also when the page goes away meanwhile."""
        if not self._ears.takes_time(message):
            await self._answer(message)
            return
        if len(self._slow) >= MOST_SLOW:
            await asyncio.wait(self._slow, return_when=asyncio.FIRST_COMPLETED)
        task = asyncio.create_task(self._answer_slowly(message))
        self._slow.add(task)
        task.add_done_callback(self._slow.discard)

    async def _answer(self, message: msgspec.Struct) -> None:
        reply = await self._ears.hear(self._who.attempt, self._who.device, self._who.mark, message)
        if reply is not None:
            self._subscription.offer(encode_message(reply))

    async def _answer_slowly(self, message: msgspec.Struct) -> None:
        try:
            await self._answer(message)
        except Exception:
            # The page hears nothing and asks again another way.
            log.exception("answering.socket.slow_fault", attempt=self._who.attempt.id, kind=type(message).__name__)
