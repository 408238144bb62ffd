"""Publish and subscribe per topic, inside one process (the scaled adapter is a Redis Cluster, not built yet).

The bus carries news to open pages; nothing that must not be lost travels here alone.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

# A page that cannot take this many messages is behind for good: it is cut off, reconnects and reads a fresh snapshot.
QUEUE_LENGTH = 256
# A still is dropped rather than queued behind so many messages.
DROP_FROM = 64


@dataclass(frozen=True)
class Topic:
    """A declared kind of topic.

    pattern: with one `{…_id}`, e.g. "room/{room_id}". read_by: who may read it, in words; staff topics carry the rule itself.
    """

    pattern: str
    read_by: str

    def of(self, identifier: str) -> str:
        """Return the topic of one thing."""
        head, _, rest = self.pattern.partition("{")
        return f"{head}{identifier}{rest.partition('}')[2]}"

    def read(self, topic: str) -> str | None:
        """Return the identifier in a topic of this kind; None when it is of another."""
        head, _, rest = self.pattern.partition("{")
        tail = rest.partition("}")[2]
        if len(topic) <= len(head) + len(tail) or not (topic.startswith(head) and topic.endswith(tail)):
            return None
        identifier = topic[len(head) : len(topic) - len(tail)]
        return None if "/" in identifier else identifier


class Subscription:
    """The messages of some topics for one reader. A message that begins with "{" is text; any other is binary."""

    def __init__(self, bus: "Bus") -> None:
        self.messages: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUE_LENGTH)
        self.is_cut_off = False
        self.topics: set[str] = set()
        self._bus = bus

    def read(self, topic: str) -> None:
        """Read this topic too."""
        self.topics.add(topic)
        self._bus.add(topic, self)

    def leave(self, topic: str) -> None:
        """Read this topic no longer; what waits is still read."""
        self.topics.discard(topic)
        self._bus.remove(topic, self)

    def offer_droppable(self, message: bytes) -> bool:
        """Hand over a message that the next one replaces (a still); tell whether there was room for it."""
        if self.is_cut_off or self.messages.qsize() >= DROP_FROM:
            return False
        self.messages.put_nowait(message)
        return True

    def offer(self, message: bytes) -> None:
        """Hand over a message, or cut the reader off when it is too far behind."""
        if self.is_cut_off:
            return
        try:
            self.messages.put_nowait(message)
        except asyncio.QueueFull:
            self.is_cut_off = True
            while not self.messages.empty():
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
        """Read the topics, and those added later, for as long as the block runs; None in the queue means: cut off."""
        reader = Subscription(self)
        for topic in topics:
            reader.read(topic)
        try:
            yield reader
        finally:
            for topic in tuple(reader.topics):
                reader.leave(topic)

    def has_readers(self, topic: str) -> bool:
        """Tell whether anybody reads the topic in this process."""
        return topic in self._readers

    def add(self, topic: str, reader: Subscription) -> None:
        """Let the reader read the topic; called by Subscription alone."""
        self._readers[topic].add(reader)

    def remove(self, topic: str, reader: Subscription) -> None:
        """Let the reader read it no longer; called by Subscription alone."""
        if topic in self._readers:
            self._readers[topic].discard(reader)
            if not self._readers[topic]:
                del self._readers[topic]
