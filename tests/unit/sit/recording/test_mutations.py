"""Ten thousand random mutations of what is stored: every flip, drop, swap, truncation, splice and replay is found (P3)."""

import asyncio
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from invigil.kernel.ids import AttemptId
from invigil.platform.keys import Keys
from invigil.platform.keys.keyring import new_material
from invigil.platform.media import MediaMissingError
from invigil.prepare.exams.api import Track
from invigil.sit.recording.api import RecordingFault, verify_take
from invigil.sit.recording.model import CommittedSegment, GapCause, Segment, Take, TakeEnd
from invigil.sit.recording.model.takes import NO_PREVIOUS
from invigil.sit.recording.rules.committing import decide_end, decide_segment
from invigil.sit.recording.rules.sealing import EMPTY_DIGEST, object_key
from invigil.sit.recording.service.keeping import seal_label, seal_take_key, with_mac
from tests.segments import MadeTake

MUTATIONS = 10_000
KEYS = Keys(new_material())
NOW_MS = 1_793_350_800_000


@dataclass
class Kept:
    """What the server keeps of one take: its row, its segments' rows, the store."""

    take: Take
    rows: list[Segment]
    store: dict[str, bytes]
    made: MadeTake = field(repr=False)

    def copy(self) -> "Kept":
        """Return one to be spoilt."""
        return Kept(self.take, list(self.rows), dict(self.store), self.made)


def keep(attempt: str, track: Track, count: int) -> Kept:
    """Record, and keep as the server does."""
    made = MadeTake(attempt, track.value)
    made.record([os.urandom(60 + 7 * number) for number in range(count)])
    now = datetime.fromtimestamp(NOW_MS / 1000, UTC)
    take = Take(
        id=made.take_id, attempt_id=AttemptId(attempt), track=track, epoch=1, mime="video/mp4", width=640, height=480,
        frame_rate=10, video_kbps=350, audio_kbps=24, is_test=False, started_at=now, registered_at=now,
        prefix=f"recording/{attempt}/{made.take_id}", sealed_key=seal_take_key(KEYS, made.key, made.take_id),
        sealed_label=seal_label(KEYS, "", made.take_id), segment_count=0, last_sha256=NO_PREVIOUS, total_bytes=0,
        rows_digest=EMPTY_DIGEST, origin_ms=None, last_p1_ms=0, kept_at=now, end=None, mac=b"",
    )  # fmt: skip
    rows, store = [], {}
    for one in made.segments:
        row = one.row
        segment = CommittedSegment(
            row["take_id"],
            row["seq"],
            row["sha256"],
            row["previous"],
            row["bytes"],
            row["p0_ms"],
            row["p1_ms"],
            row["at_ms"],
        )
        take = decide_segment(take, segment, {}, segment.size, NOW_MS).take
        key = object_key(take.prefix, segment.seq, segment.sha256)
        rows.append(
            Segment(
                take.id,
                segment.seq,
                segment.sha256,
                segment.size,
                segment.p0_ms,
                segment.p1_ms,
                segment.at_ms,
                NOW_MS,
                key,
            )
        )
        store[key] = one.ciphertext
    take = decide_end(take, TakeEnd(count - 1, GapCause.FINISHED, NOW_MS)).take
    return Kept(with_mac(KEYS, take), rows, store, made)


def verify(kept: Kept) -> list[RecordingFault]:
    async def fetch(key: str) -> bytes:
        if key not in kept.store:
            raise MediaMissingError(key)
        return kept.store[key]

    return asyncio.run(verify_take(KEYS, kept.take, kept.rows, fetch))


Mutate = Callable[[Kept, Kept, random.Random], None]


def _pick(kept: Kept, rng: random.Random) -> int:
    return rng.randrange(len(kept.rows))


def flip_object(kept: Kept, _other: Kept, rng: random.Random) -> None:
    key = rng.choice(sorted(kept.store))
    content = bytearray(kept.store[key])
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    kept.store[key] = bytes(content)


def truncate_object(kept: Kept, _other: Kept, rng: random.Random) -> None:
    key = rng.choice(sorted(kept.store))
    kept.store[key] = kept.store[key][: rng.randrange(len(kept.store[key]))]


def extend_object(kept: Kept, _other: Kept, rng: random.Random) -> None:
    key = rng.choice(sorted(kept.store))
    kept.store[key] += rng.randbytes(rng.randrange(1, 20))


def drop_object(kept: Kept, _other: Kept, rng: random.Random) -> None:
    del kept.store[rng.choice(sorted(kept.store))]


def swap_objects(kept: Kept, _other: Kept, rng: random.Random) -> None:
    one, other = rng.sample(sorted(kept.store), 2)
    kept.store[one], kept.store[other] = kept.store[other], kept.store[one]


def replay_object(kept: Kept, other: Kept, rng: random.Random) -> None:
    kept.store[rng.choice(sorted(kept.store))] = rng.choice(list(other.store.values()))


def drop_row(kept: Kept, _other: Kept, rng: random.Random) -> None:
    del kept.rows[_pick(kept, rng)]


def truncate_manifest(kept: Kept, _other: Kept, rng: random.Random) -> None:
    del kept.rows[rng.randrange(len(kept.rows)) :]


def truncate_with_count(kept: Kept, _other: Kept, rng: random.Random) -> None:
    """Cut the tail off and make the take's row agree, as somebody would who may write the database but has no key."""
    left = rng.randrange(len(kept.rows))
    kept.rows = kept.rows[:left]
    last = kept.rows[-1].sha256 if kept.rows else NO_PREVIOUS
    kept.take = replace(kept.take, segment_count=left, last_sha256=last, total_bytes=sum(one.size for one in kept.rows))


def swap_rows(kept: Kept, _other: Kept, rng: random.Random) -> None:
    one, other = rng.sample(range(len(kept.rows)), 2)
    kept.rows[one], kept.rows[other] = kept.rows[other], kept.rows[one]


def exchange_contents(kept: Kept, _other: Kept, rng: random.Random) -> None:
    """Swap hash, size, place of two positions, leaving their numbers."""
    one, other = rng.sample(range(len(kept.rows)), 2)
    first, second = kept.rows[one], kept.rows[other]
    kept.rows[one] = replace(second, seq=first.seq)
    kept.rows[other] = replace(first, seq=second.seq)


def repeat_row(kept: Kept, _other: Kept, rng: random.Random) -> None:
    kept.rows.insert(_pick(kept, rng), rng.choice(kept.rows))


def alter_row(kept: Kept, _other: Kept, rng: random.Random) -> None:
    at = _pick(kept, rng)
    name = rng.choice(["seq", "size", "p0_ms", "p1_ms", "at_ms", "kept_at_ms"])
    kept.rows[at] = replace(kept.rows[at], **{name: getattr(kept.rows[at], name) + rng.choice([-1, 1, 1000])})


def splice_tail(kept: Kept, other: Kept, rng: random.Random) -> None:
    """Go on with another recording from some position on, rows and objects alike."""
    at = _pick(kept, rng)
    for number, row in enumerate(other.rows[at:]):
        kept.store[row.key] = other.store[row.key]
        kept.rows[at + number :] = [replace(row, take_id=kept.take.id)]


def append_own_segment(kept: Kept, _other: Kept, rng: random.Random) -> None:
    """Whoever made the key (the candidate's machine) encrypts one segment more after the fact and writes its row."""
    one = kept.made.copy_with(rng.randbytes(80))
    key = object_key(kept.take.prefix, one.row["seq"], one.row["sha256"])
    kept.store[key] = one.ciphertext
    last = kept.rows[-1]
    kept.rows.append(
        replace(last, seq=one.row["seq"], sha256=one.row["sha256"], size=one.row["bytes"], p0_ms=one.row["p0_ms"],
                p1_ms=one.row["p1_ms"], at_ms=one.row["at_ms"], key=key)
    )  # fmt: skip


def replace_own_segment(kept: Kept, _other: Kept, rng: random.Random) -> None:
    """The same, in place of one that was kept."""
    at = _pick(kept, rng)
    one = kept.made.copy_with(rng.randbytes(80), at)
    key = object_key(kept.take.prefix, at, one.row["sha256"])
    kept.store[key] = one.ciphertext
    kept.rows[at] = replace(kept.rows[at], sha256=one.row["sha256"], size=one.row["bytes"], key=key)


def alter_take(kept: Kept, other: Kept, rng: random.Random) -> None:
    take = kept.take
    changes = {
        "attempt_id": AttemptId("att_other"), "track": Track.SCREEN if take.track is not Track.SCREEN else Track.CAMERA,
        "epoch": take.epoch + 1, "mime": "video/webm", "is_test": True, "origin_ms": (take.origin_ms or 0) + 1,
        "last_p1_ms": take.last_p1_ms - 1, "segment_count": take.segment_count - 1, "last_sha256": other.take.last_sha256,
        "total_bytes": take.total_bytes + 1, "rows_digest": other.take.rows_digest, "end": None, "prefix": other.take.prefix,
        "sealed_key": other.take.sealed_key, "mac": other.take.mac, "id": other.take.id,
    }  # fmt: skip
    name = rng.choice(sorted(changes))
    kept.take = replace(take, **{name: changes[name]})


def replay_manifest(kept: Kept, other: Kept, _rng: random.Random) -> None:
    """Put a whole other recording in its place, state and code and all, under this take's name."""
    kept.store |= other.store
    kept.rows = list(other.rows)
    kept.take = replace(other.take, id=kept.take.id, attempt_id=kept.take.attempt_id)


MUTATORS: tuple[Mutate, ...] = (
    flip_object, truncate_object, extend_object, drop_object, swap_objects, replay_object, drop_row, truncate_manifest,
    truncate_with_count, swap_rows, exchange_contents, repeat_row, alter_row, splice_tail, append_own_segment,
    replace_own_segment, alter_take, replay_manifest,
)  # fmt: skip


@pytest.fixture(scope="module")
def recordings() -> list[Kept]:
    return [keep(f"att_{number}", track, 6) for number in range(3) for track in Track]


def test_what_nobody_touched_is_whole(recordings: list[Kept]) -> None:
    for one in recordings:
        assert verify(one) == []


@pytest.mark.parametrize("mutate", MUTATORS, ids=lambda one: one.__name__)
def test_every_mutation_is_found(mutate: Mutate, recordings: list[Kept]) -> None:
    seed = random.randrange(2**32)  # noqa: S311 - a test's choice
    rng = random.Random(seed)  # noqa: S311 - the same again by its seed
    undetected = 0
    for _ in range(-(-MUTATIONS // len(MUTATORS))):
        one, other = rng.sample(recordings, 2)
        spoilt = one.copy()
        mutate(spoilt, other, rng)
        undetected += verify(spoilt) == []
    assert undetected == 0, f"seed {seed}"
