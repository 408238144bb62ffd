"""May a segment, an end be kept? A position is written once and in order (P3)."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from invigil.kernel.ids import AttemptId
from invigil.kernel.refusals import Refusal
from invigil.prepare.exams.api import Track
from invigil.sit.recording.model import CommittedSegment, GapCause, Take, TakeEnd
from invigil.sit.recording.model.takes import NO_PREVIOUS
from invigil.sit.recording.rules.committing import decide_end, decide_segment
from invigil.sit.recording.rules.forms import read_commit, read_take, read_targets
from invigil.sit.recording.rules.sealing import EMPTY_DIGEST

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


def make_take(**changes: Any) -> Take:
    take = Take(
        id="take_1", attempt_id=AttemptId("att_1"), track=Track.CAMERA, epoch=1, mime="video/mp4", width=640, height=480,
        frame_rate=10, video_kbps=350, audio_kbps=24, is_test=False, started_at=NOW, registered_at=NOW, prefix="recording/x",
        sealed_key=b"", sealed_label=b"", segment_count=0, last_sha256=NO_PREVIOUS, total_bytes=0, rows_digest=EMPTY_DIGEST,
        origin_ms=None, last_p1_ms=0, kept_at=None, end=None, mac=b"",
    )  # fmt: skip
    return replace(take, **changes)


def make_segment(seq: int, sha256: str = "a" * 64, previous: str = NO_PREVIOUS, **changes: int) -> CommittedSegment:
    times = {"size": 10, "p0_ms": 0, "p1_ms": 0, "at_ms": 1000} | changes
    return CommittedSegment("take_1", seq, sha256, previous, **times)


THREE = make_take(segment_count=3, last_sha256="c" * 64)
ENDED = replace(THREE, end=TakeEnd(2, GapCause.FINISHED, 1))


@pytest.mark.parametrize(
    ("take", "segment", "known", "size", "expected"),
    [
        (make_take(), make_segment(0), {}, 10, "kept"),
        (make_take(), make_segment(0), {}, None, "missing"),
        (make_take(), make_segment(0), {}, 9, "missing"),
        (make_take(), make_segment(0, previous="b" * 64), {}, 10, "conflict"),
        (make_take(), make_segment(1), {}, 10, "out_of_order"),
        (THREE, make_segment(3, "d" * 64, "c" * 64), {}, 10, "kept"),
        (THREE, make_segment(3, "d" * 64, "b" * 64), {}, 10, "conflict"),
        (THREE, make_segment(4, "e" * 64, "d" * 64), {}, 10, "out_of_order"),
        (THREE, make_segment(2, "c" * 64), {2: "c" * 64}, None, "kept"),
        (THREE, make_segment(2, "d" * 64), {2: "c" * 64}, 10, "conflict"),
        (ENDED, make_segment(3, "d" * 64, "c" * 64), {}, 10, "conflict"),
        (ENDED, make_segment(2, "c" * 64), {2: "c" * 64}, 10, "kept"),
    ],
)
def test_segments(
    take: Take, segment: CommittedSegment, known: dict[int, str], size: int | None, expected: str
) -> None:
    decided = decide_segment(take, segment, known, size, 5)
    assert decided.state == expected
    assert decided.is_new == (expected == "kept" and segment.seq == take.segment_count)
    assert (decided.take.segment_count == take.segment_count + 1) == decided.is_new


@pytest.mark.parametrize(
    ("take", "last_seq", "expected"),
    [
        (make_take(), -1, "kept"), (make_take(), 0, "out_of_order"), (THREE, 1, "conflict"), (THREE, 2, "kept"),
        (THREE, 3, "out_of_order"), (ENDED, 2, "kept"), (ENDED, 1, "conflict"),
    ],
)  # fmt: skip
def test_ends(take: Take, last_seq: int, expected: str) -> None:
    assert decide_end(take, TakeEnd(last_seq, GapCause.FINISHED, 1)).state == expected


def test_the_origin_is_the_least_difference_of_arrival_and_presentation() -> None:
    take = make_take()
    for seq, (p1, at) in enumerate([(0, 999), (4000, 14_300), (8000, 18_050), (12_000, 23_000)]):
        segment = make_segment(seq, f"{seq}" * 64, take.last_sha256, p1_ms=p1, at_ms=at)
        take = decide_segment(take, segment, {}, 10, 5).take
    assert (take.origin_ms, take.last_p1_ms, take.stored_until_ms) == (10_050, 12_000, 22_050)


TAKE = "take_" + "0" * 26
ROW = f'"take_id":"{TAKE}","seq":1,"sha256":"{"a" * 64}","bytes":1'
TIMES = f'"previous":"{"0" * 64}","p0_ms":0,"p1_ms":1,"at_ms":1'


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", '{"segments":[{}]}', f'{{"segments":[{{{ROW}}}]}}', f'{{"segments":[{{{ROW},{TIMES},"more":1}}]}}',
        f'{{"segments":[{{{ROW},{TIMES.replace("1}", "1")}}}]}}'.replace('"p0_ms":0', '"p0_ms":2'),
        f'{{"segments":[{{{ROW},{TIMES}}}]}}'.replace('"seq":1', '"seq":-1'),
        f'{{"segments":[{{{ROW},{TIMES}}}]}}'.replace('"seq":1', '"seq":0'),
        f'{{"segments":[{{{ROW},{TIMES}}}]}}'.replace('"bytes":1', '"bytes":0'),
        f'{{"segments":[{{{ROW},{TIMES}}}]}}'.replace("a" * 64, "A" * 64),
        '{"gaps":[{"track":"camera","from_ms":2,"to_ms":2,"cause":"muted"}]}',
        '{"gaps":[{"track":"camera","from_ms":1,"to_ms":2,"cause":"bored"}]}',
        '{"gaps":[{"track":"sofa","from_ms":1,"to_ms":2,"cause":"muted"}]}',
    ],
)  # fmt: skip
def test_malformed_commits_are_refused(body: str) -> None:
    with pytest.raises(Refusal, match=r"recording\.invalid"):
        read_commit(body.encode())


def test_well_formed_commits_are_read() -> None:
    form = read_commit(f'{{"segments":[{{{ROW},{TIMES}}}]}}'.encode())
    assert (form.segments[0].seq, form.ends, form.gaps) == (1, [], [])
    assert read_targets(f'{{"segments":[{{{ROW}}}]}}'.encode()).segments[0].bytes == 1


@pytest.mark.parametrize(
    "change",
    [
        ("started_at", '"yesterday"'), ("started_at", '"2026-11-01T09:00:00"'), ("started_at", '"1969-11-01T09:00:00+00:00"'),
        ("mime", '"text/html"'), ("track", '"sofa"'), ("label", '"a\\u0000b"'), ("width", "-1"), ("take_id", '"take_x"'),
    ],
)  # fmt: skip
def test_malformed_takes_are_refused(change: tuple[str, str]) -> None:
    fields = {
        "take_id": f'"{TAKE}"', "track": '"camera"', "mime": '"video/webm;codecs=vp9,opus"', "wrapped_key": f'"{"A" * 123}"',
        "started_at": '"2026-11-01T09:00:00+00:00"', "width": "640", "height": "480", "frame_rate": "10", "video_kbps": "350",
        "audio_kbps": "24", "label": '"x"',
    }  # fmt: skip

    def body(given: dict[str, str]) -> bytes:
        return ("{" + ",".join(f'"{name}":{value}' for name, value in given.items()) + "}").encode()

    read_take(body(fields))
    with pytest.raises(Refusal, match=r"recording\.invalid"):
        read_take(body(fields | {change[0]: change[1]}))
