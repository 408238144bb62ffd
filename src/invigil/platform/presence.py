"""Who was here last, in memory: heartbeats of open pages (the scaled adapter is a Redis Cluster, not built yet).

Nothing here must not be lost: after a restart every page says hello again within seconds.
"""

from datetime import datetime


class Presence:
    """The last sign of life by key, e.g. an attempt's id."""

    def __init__(self) -> None:
        self._seen: dict[str, datetime] = {}

    def see(self, key: str, at: datetime) -> None:
        """Note a sign of life."""
        self._seen[key] = at

    def forget(self, key: str) -> None:
        """Note that the page has gone."""
        self._seen.pop(key, None)

    def last_seen(self, key: str) -> datetime | None:
        """Return the last sign of life; None when there was none since this process began."""
        return self._seen.get(key)
