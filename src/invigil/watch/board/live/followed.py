"""A topic that somebody follows: its state, its version, and the events since, for those who come back."""

from collections import deque
from datetime import datetime

from invigil.platform.bus import Bus, Subscription
from invigil.watch.board.protocol import BoardEvent, BoardState, EventMessage, SnapshotMessage, encode_message, fold

# Who was away for longer gets a snapshot; a room makes a few events a second.
KEPT_EVENTS = 200


class FollowedTopic:
    """State and version of one topic in this process.

    The state is only ever changed by events (`put`) or told anew (`replace`), so a page that applies what it is told has the same.
    """

    def __init__(self, bus: Bus, topic: str, state: BoardState, now: datetime) -> None:
        self._bus = bus
        self.topic = topic
        self.state = state
        # Begins at the time: a page that knows a version of an earlier process never takes it for one of this.
        self.version = int(now.timestamp() * 1000)
        self._since = self.version
        self._events: deque[bytes] = deque(maxlen=KEPT_EVENTS)

    async def put(self, event: BoardEvent) -> None:
        """Change the state by an event and tell everybody who follows."""
        self.state = fold(self.state, event)
        self.version += 1
        message = encode_message(EventMessage(self.topic, self.version, event))
        self._events.append(message)
        await self._bus.publish(self.topic, message)

    async def replace(self, state: BoardState) -> None:
        """Tell everybody the whole anew: what was there before is gone, e.g. a seat."""
        self.state = state
        self.version += 1
        self._since = self.version
        self._events.clear()
        await self._bus.publish(self.topic, self._snapshot())

    def let_in(self, reader: Subscription, since: int) -> None:
        """Let a reader follow from now on, beginning with what it missed since a version, or with a snapshot."""
        missed = self.version - since
        oldest = max(self._since, self.version - len(self._events))
        if oldest <= since <= self.version:
            for message in list(self._events)[len(self._events) - missed :]:
                reader.offer(message)
        else:
            reader.offer(self._snapshot())
        reader.read(self.topic)

    def _snapshot(self) -> bytes:
        return encode_message(SnapshotMessage(self.topic, self.version, self.state))
