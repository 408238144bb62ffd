"""Hearing how each track is: a stop is written down and told at once (S3.3, within five seconds)."""

from collections.abc import Awaitable, Callable, Sequence

from invigil.platform.db import Transaction
from invigil.platform.ports import Ports
from invigil.prepare.exams.api import Track
from invigil.sit.answering.api import Attempt, PageEars, protocol
from invigil.sit.recording import store
from invigil.sit.recording.model import GapCause, TrackChange, TrackState, TrackStateChanged
from invigil.sit.recording.rules.tracks import is_news
from invigil.sit.recording.service.recorder import to_ms

_MOST_KNOWN = 200_000
_Known = dict[Track, TrackChange]


# Hears changes in the transaction that keeps them: what it writes stands exactly when they do.
TrackHearer = Callable[[Transaction, Attempt, Sequence[TrackStateChanged]], Awaitable[None]]


class TrackWatch:
    """Remembers the last state of every track, so that the many reports that change nothing cost nothing."""

    def __init__(self, ports: Ports, hearers: Sequence[TrackHearer] = ()) -> None:
        self._ports = ports
        self._hearers = hearers
        self._known: dict[str, _Known] = {}

    async def hear(self, attempt: Attempt, device: protocol.Device, reports: Sequence[protocol.TrackReport]) -> None:
        """Take note of what a page reports; a change is durable and told when it returns.

        Reports of tracks that this device does not record are ignored.
        """
        own = [one for one in reports if (one.track == "phone") == (device == "phone")]
        known = await self._read_known(attempt.id)
        now_ms = to_ms(self._ports.clock.now())
        changes = [change for one in own if (change := _change_of(one, known, now_ms)) is not None]
        if changes:
            async with self._ports.db.transaction() as tx:
                await store.insert_changes(tx, attempt.id, changes)
                news = [_news(attempt, one) for one in changes]
                for hear in self._hearers:
                    await hear(tx, attempt, news)
                for one in news:
                    tx.emit(one)
            known.update({one.track: one for one in changes})

    async def _read_known(self, attempt_id: str) -> _Known:
        known = self._known.get(attempt_id)
        if known is None:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            async with self._ports.db.reading() as tx:
                changes = await store.list_changes(tx, attempt_id)
            known = self._known.setdefault(attempt_id, {one.track: one for one in changes})
        return known


def listen(ports: Ports, ears: PageEars, hearers: Sequence[TrackHearer] = ()) -> None:
    """Hear what pages and phones say of their tracks."""
    watch = TrackWatch(ports, hearers)

    async def take(attempt: Attempt, device: protocol.Device, message: protocol.TracksMessage) -> None:
        await watch.hear(attempt, device, message.tracks)

    ears.on(protocol.TracksMessage, take)


def _change_of(report: protocol.TrackReport, known: _Known, now_ms: int) -> TrackChange | None:
    track = Track(report.track)
    state = TrackState(report.state)
    # A cause that we do not know is still a stop: it counts as a failing encoder.
    cause = GapCause(report.cause) if report.cause in set(GapCause) else None
    cause = (cause or GapCause.ENCODER_FAILED) if state is TrackState.STOPPED else None
    # A page cannot say that a stop lies in the future, or so far back that it never knew.
    told = TrackChange(track, state, cause, min(max(report.since_ms, 0), now_ms), now_ms)
    return told if is_news(told, known.get(track)) else None


def _news(attempt: Attempt, change: TrackChange) -> TrackStateChanged:
    return TrackStateChanged(
        attempt.id,
        attempt.sitting_id,
        attempt.room_id,
        change.track,
        change.state,
        change.cause,
        change.since_ms,
        change.at_ms,
    )
