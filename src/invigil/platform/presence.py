"""Who was here last and how they were, in memory (the scaled adapter is a Redis Cluster, not built yet).

Nothing here must not be lost: after a restart every page says hello again within seconds. Values are bytes and never reach
the database: pictures of candidates are among them.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

_NOTHING: Mapping[str, bytes] = MappingProxyType({})


class Presence:
    """The last sign of life by key, e.g. an attempt's id, and what is known of it now by name."""

    def __init__(self) -> None:
        self._seen: dict[str, datetime] = {}
        self._known: dict[str, dict[str, bytes]] = {}

    def see(self, key: str, at: datetime) -> None:
        """Note a sign of life."""
        self._seen[key] = at

    def forget(self, key: str) -> None:
        """Forget everything about the key."""
        self._seen.pop(key, None)
        self._known.pop(key, None)

    def last_seen(self, key: str) -> datetime | None:
        """Return the last sign of life; None when there was none since this process began."""
        return self._seen.get(key)

    def keep(self, key: str, name: str, value: bytes) -> None:
        """Keep the newest value of something."""
        self._known.setdefault(key, {})[name] = value

    def drop(self, key: str, name: str) -> None:
        """Keep it no longer."""
        self._known.get(key, {}).pop(name, None)

    def known(self, key: str) -> Mapping[str, bytes]:
        """Return what is kept of the key, by name."""
        return self._known.get(key, _NOTHING)
