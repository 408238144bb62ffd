"""News inside one process: past-tense events, told after the commit that made them true."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog

E = TypeVar("E")
Handler = Callable[[Any], Awaitable[None]]
log = structlog.get_logger()


class EventHub:
    """Carries an event to the handlers subscribed to its type, in order of subscription.

    An event is news, not a promise: a crash between commit and telling loses it, so handlers only refresh what can be
    rebuilt (caches, boards, open pages). Work that must happen is a job.
    """

    def __init__(self) -> None:
        self._handlers: dict[type, list[Handler]] = defaultdict(list)
        self._everything: list[Handler] = []

    def subscribe(self, kind: type[E], handler: Callable[[E], Awaitable[None]]) -> None:
        """Call `handler` with every event of exactly this type."""
        self._handlers[kind].append(handler)

    def subscribe_all(self, handler: Handler) -> None:
        """Call `handler` with every event, after those subscribed to its type; for carrying news to another process."""
        self._everything.append(handler)

    async def tell(self, event: object) -> None:
        """Tell every handler; a handler's fault is logged and does not undo what was committed."""
        for handler in (*self._handlers[type(event)], *self._everything):
            try:
                await handler(event)
            except Exception:
                log.exception("platform.event.handler_failed", kind=type(event).__name__)
