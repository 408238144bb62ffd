"""Targets and commits: what 50,000 pages ask for every few seconds. Gathered and committed in groups; kept means flushed (P3)."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

import structlog

from invigil.kernel.refusals import Refusal
from invigil.platform.db import Database, Transaction
from invigil.platform.group_commit import GroupCommit
from invigil.platform.media import MediaStore, SignedAddress
from invigil.prepare.exams.api import Track
from invigil.sit.recording import store
from invigil.sit.recording.model import CommittedSegment, DeclaredGap, SegmentConflict, Span, Take, TakeEnd
from invigil.sit.recording.model.forms import (
    CommitAnswer,
    CommitForm,
    EndForm,
    SegmentAnswer,
    SegmentForm,
    TargetForm,
    TrackName,
)
from invigil.sit.recording.model.refusals import RecordingNotConfirmed, StoreUnavailable, TakeUnknown
from invigil.sit.recording.rules.committing import Decided, decide_end, decide_segment
from invigil.sit.recording.rules.sealing import object_key
from invigil.sit.recording.service.keeping import with_mac
from invigil.sit.recording.service.passes import RecordingPass
from invigil.sit.recording.store.changes import Conflict

log = structlog.get_logger()
_MOST_KNOWN = 200_000


# Hears conflicts in the transaction that keeps them: what it writes stands exactly when they do. Awaits nothing else.
ConflictHearer = Callable[[Transaction, Sequence[SegmentConflict]], Awaitable[None]]


class _Place(NamedTuple):
    """Whose a take is, and where its objects stand; never changes."""

    attempt_id: str
    prefix: str


@dataclass(frozen=True, slots=True)
class _Ready:
    """A commit that waits for its group. sizes: of the objects that are in the store, by key."""

    who: RecordingPass
    form: CommitForm
    sizes: Mapping[str, int]


@dataclass(slots=True)
class _Group:
    """One group while it is decided. takes: as they are after what was decided so far."""

    tx: Transaction
    takes: dict[str, Take]
    hashes: dict[tuple[str, int], str]
    new: list[CommittedSegment] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    conflicts: list[Conflict] = field(default_factory=list)
    disputes: list[SegmentConflict] = field(default_factory=list)
    gaps: list[tuple[str, DeclaredGap]] = field(default_factory=list)

    @property
    def now_ms(self) -> int:
        return to_ms(self.tx.now)


class Recorder:
    """Signs addresses and keeps what pages declare.

    A segment is kept once its object is in the store and its row is flushed; only then may the page delete its copy.
    """

    def __init__(self, db: Database, media: MediaStore, hearers: Sequence[ConflictHearer] = ()) -> None:
        self._db = db
        self._media = media
        self._hearers = hearers
        self._places: dict[str, _Place] = {}
        self._commits: GroupCommit[_Ready, CommitAnswer] = GroupCommit(self._apply, "segments")

    async def sign_targets(
        self, who: RecordingPass, wanted: Sequence[TargetForm], now: datetime
    ) -> list[tuple[TargetForm, SignedAddress]]:
        """Return where each segment may be PUT.

        Raises: TakeUnknown - one of the takes is not registered, or not of this attempt.
        """
        places = await self._read_places({one.take_id for one in wanted})
        if any(one.take_id not in places or places[one.take_id].attempt_id != who.attempt_id for one in wanted):
            raise TakeUnknown
        signed = []
        for one in wanted:
            key = object_key(places[one.take_id].prefix, one.seq, one.sha256)
            signed.append((one, self._media.sign_put(key, size=one.bytes, sha256=one.sha256, now=now)))
        return signed

    async def commit(self, who: RecordingPass, form: CommitForm) -> CommitAnswer:
        """Keep segments, ends and gaps; sent again it changes nothing.

        form: checked (`check_commit`).
        Raises: StoreUnavailable, RecordingNotConfirmed, TrackNotYours - of a gap.
        Source: P3, S3.3, S3.14.
        """
        for gap in form.gaps:
            who.check_track(gap.track)
        sizes = await self._read_sizes(form.segments)
        try:
            return await self._commits.submit(_Ready(who, form, sizes))
        except Refusal:
            raise
        except Exception as fault:  # the group was logged; a commit whose answer was lost may even stand
            raise RecordingNotConfirmed from fault

    async def stop(self) -> None:
        """Finish what waits."""
        await self._commits.stop()

    async def _read_sizes(self, wanted: Sequence[SegmentForm]) -> Mapping[str, int]:
        if not wanted:
            return {}
        places = await self._read_places({one.take_id for one in wanted})
        keys = [object_key(places[one.take_id].prefix, one.seq, one.sha256) for one in wanted if one.take_id in places]
        try:
            return await self._media.read_sizes(keys)
        except Exception as fault:
            log.warning("recording.store.unavailable", exc_info=fault)
            raise StoreUnavailable from fault

    async def _read_places(self, ids: Iterable[str]) -> dict[str, _Place]:
        wanted = set(ids)
        missing = [one for one in wanted if one not in self._places]
        if missing:
            if len(self._places) > _MOST_KNOWN:
                self._places.clear()
            async with self._db.reading() as tx:
                found = await store.read_takes(tx, wanted)
            self._places.update({one.id: _Place(one.attempt_id, one.prefix) for one in found.values()})
        return {one: self._places[one] for one in wanted if one in self._places}

    async def _apply(self, items: Sequence[_Ready]) -> Sequence[CommitAnswer | Exception]:
        return await self._db.transact_in_thread(lambda tx: _decide_all(tx, items, self._hearers))


def to_ms(instant: datetime) -> int:
    """Return milliseconds since 1970."""
    return int(instant.timestamp() * 1000)


async def _decide_all(
    tx: Transaction, items: Sequence[_Ready], hearers: Sequence[ConflictHearer]
) -> list[CommitAnswer | Exception]:
    named = {one.take_id for item in items for one in item.form.segments}
    named |= {one.take_id for item in items for one in item.form.ends}
    takes = await store.read_takes_locked(tx, named) if named else {}
    repeated = [
        (one.take_id, one.seq)
        for item in items
        for one in item.form.segments
        if one.take_id in takes and one.seq < takes[one.take_id].segment_count
    ]
    group = _Group(tx, takes, await store.read_hashes(tx, repeated) if repeated else {})
    answers: list[CommitAnswer | Exception] = [_decide(group, item) for item in items]
    await _write(group)
    if group.disputes:
        for hear in hearers:
            await hear(tx, group.disputes)
    return answers


def _decide(group: _Group, item: _Ready) -> CommitAnswer:
    kept = [_decide_segment(group, item, one) for one in item.form.segments]
    ends = [_decide_end(group, item, one) for one in item.form.ends]
    group.gaps += [
        (item.who.attempt_id, DeclaredGap(Track(gap.track), Span(gap.from_ms, gap.to_ms), gap.cause))
        for gap in item.form.gaps
    ]
    stored: dict[TrackName, int] = defaultdict(int)
    for one in {answer.take_id for answer in (*kept, *ends)}:
        take = group.takes.get(one)
        if take is not None and take.attempt_id == item.who.attempt_id and take.stored_until_ms is not None:
            stored[take.track.value] = max(stored[take.track.value], take.stored_until_ms)
    return CommitAnswer(kept, ends, dict(stored))


def _decide_segment(group: _Group, item: _Ready, form: SegmentForm) -> SegmentAnswer:
    take = _take_of(group, item, form.take_id)
    if take is None:
        return SegmentAnswer(form.take_id, form.seq, "unknown_take", 0)
    segment = CommittedSegment(
        form.take_id, form.seq, form.sha256, form.previous, form.bytes, form.p0_ms, form.p1_ms, form.at_ms
    )
    size = item.sizes.get(object_key(take.prefix, form.seq, form.sha256))
    known = group.hashes.get((form.take_id, form.seq))
    decided = decide_segment(take, segment, {} if known is None else {form.seq: known}, size, group.now_ms)
    if decided.is_new:
        group.new.append(segment)
        group.hashes[form.take_id, form.seq] = form.sha256
        _change(group, replace(decided.take, kept_at=group.tx.now))
    elif decided.state == "conflict":
        group.conflicts.append(Conflict(take.id, form.seq, form.sha256, take.attempt_id, group.now_ms))
        group.disputes.append(SegmentConflict(take.attempt_id, take.track, take.id, form.seq, group.now_ms))
    return _answer(decided, form.seq)


def _decide_end(group: _Group, item: _Ready, form: EndForm) -> SegmentAnswer:
    take = _take_of(group, item, form.take_id)
    if take is None:
        return SegmentAnswer(form.take_id, form.last_seq, "unknown_take", 0)
    decided = decide_end(take, TakeEnd(form.last_seq, form.cause, form.ended_at_ms))
    if decided.is_new:
        _change(group, decided.take)
    return _answer(decided, form.last_seq)


def _take_of(group: _Group, item: _Ready, take_id: str) -> Take | None:
    take = group.takes.get(take_id)
    is_ours = take is not None and take.attempt_id == item.who.attempt_id
    return take if is_ours and take is not None and (take.track is Track.PHONE) == item.who.is_phone else None


def _change(group: _Group, take: Take) -> None:
    group.takes[take.id] = take
    group.changed.add(take.id)


def _answer(decided: Decided, seq: int) -> SegmentAnswer:
    return SegmentAnswer(decided.take.id, seq, decided.state, decided.take.segment_count)


async def _write(group: _Group) -> None:
    await store.insert_segments(group.tx, group.new, group.now_ms)
    await store.update_takes(group.tx, [with_mac(group.tx.keys, group.takes[one]) for one in sorted(group.changed)])
    await store.insert_conflicts(group.tx, group.conflicts)
    await store.insert_gaps(group.tx, group.gaps, group.now_ms)
