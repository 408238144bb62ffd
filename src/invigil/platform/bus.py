"""Publish and subscribe per topic, inside one process (the scaled adapter is a Redis Cluster, not built yet).

The bus carries news to open pages; nothing that must not be lost travels here alone.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

# A page that cannot take this many messages is behind for good: it is cut off, reconnects and reads a fresh snapshot.
QUEUE_LENGTH = 256


class Subscription:
    """The messages of some topics for one reader."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUE_LENGTH)
        self.is_cut_off = False

    def offer(self, message: bytes) -> None:
        """Hand over a message, or cut the reader off when it is too far behind."""
        if self.is_cut_off:
            return
        try:
            self.messages.put_nowait(message)
        except asyncio.QueueFull:
            self.is_cut_off = True
            self.messages.get_nowait()
            self.messages.put_nowait(None)


class Bus:
    """Topics by name, e.g. "attempt/att_…" or "sitting/sit_…"."""

    def __init__(self) -> None:
        self._readers: dict[str, set[Subscription]] = defaultdict(set)

    async def publish(self, topic: str, message: bytes) -> None:
        """Give the message to whoever reads the topic now."""
        for reader in tuple(self._readers.get(topic, ())):
            reader.offer(message)

    @contextmanager
    def subscribe(self, *topics: str) -> Iterator[Subscription]:
        """Read the topics for as long as the block runs; None in the queue means: cut off."""
        reader = Subscription()
        for topic in topics:
            self._readers[topic].add(reader)
        try:
            yield reader
        finally:
            for topic in topics:
                self._readers[topic].discard(reader)
                if not self._readers[topic]:
                    del self._readers[topic]
