"""The rules of answering at the instants around each boundary (S3.1, S3.10, P1, P2)."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invigil.kernel.canonical import encode_canonical
from invigil.kernel.refusals import Refusal
from invigil.sit.answering.http.hot import SaveForm
from invigil.sit.answering.model import AttemptState, ChangeKind
from invigil.sit.answering.model.sheets import ITEMS, Answer, AnswerSheet
from invigil.sit.answering.rules import (
    MAX_SHEET_BYTES,
    check_may_hand_in,
    check_may_write,
    compute_deadline,
    count_unanswered,
    decode_form,
    encode_sheet,
    is_due_for_automatic_hand_in,
)
from invigil.sit.answering.service.changing import compute_change
from tests.unit.sit.attempts import T0, make_attempt

UNANSWERED = json.loads((Path(__file__).parents[2] / "vectors" / "unanswered.json").read_text())
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
END = T0 + 90 * MINUTE
GRACE = timedelta(seconds=60)


def _code(act: object, *args: object, **named: object) -> str:
    try:
        act(*args, **named)  # type: ignore[operator]
    except Refusal as refusal:
        return refusal.code.removeprefix("answering.")
    return "passes"


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (T0 - SECOND, "not_started"),
        (T0, "passes"),
        (T0 + SECOND, "passes"),
        (END - SECOND, "passes"),
        (END, "passes"),
        (END + SECOND, "passes"),
        (END + GRACE, "passes"),
        (END + GRACE + timedelta(microseconds=1), "past_deadline"),
    ],
)
def test_window_of_saves(instant: datetime, expected: str) -> None:
    assert _code(check_may_write, make_attempt(), instant) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (AttemptState.OPEN, "passes"),
        (AttemptState.PAUSED, "attempt_paused"),
        (AttemptState.LOCKED, "attempt_locked"),
        (AttemptState.HANDED_IN, "attempt_closed"),
        (AttemptState.AUTO_HANDED_IN, "attempt_closed"),
        (AttemptState.TERMINATED, "attempt_closed"),
    ],
)
def test_states_and_saves(state: AttemptState, expected: str) -> None:
    assert _code(check_may_write, make_attempt(state=state), T0 + MINUTE) == expected


@pytest.mark.parametrize(
    ("instant", "unanswered", "confirmed", "expected"),
    [
        (T0 + 30 * MINUTE - SECOND, 0, 0, "hand_in_too_early"),
        (T0 + 30 * MINUTE, 0, 0, "passes"),
        (T0 + 30 * MINUTE, 3, 0, "unanswered_not_confirmed"),
        (T0 + 30 * MINUTE, 3, 2, "unanswered_not_confirmed"),
        (T0 + 30 * MINUTE, 3, 3, "passes"),
        (END - SECOND, 3, 0, "unanswered_not_confirmed"),
        (END, 3, 0, "passes"),
        (END + GRACE, 10, 0, "passes"),
        (END + GRACE + SECOND, 0, 0, "past_deadline"),
    ],
)
def test_hand_in(instant: datetime, unanswered: int, confirmed: int, expected: str) -> None:
    code = _code(check_may_hand_in, make_attempt(), instant, unanswered=unanswered, confirmed_unanswered=confirmed)
    assert code == expected


def test_extra_time_and_pauses_move_the_deadline() -> None:
    assert compute_deadline(make_attempt(), T0) == END
    assert compute_deadline(make_attempt(extra_time=10 * MINUTE), T0) == END + 10 * MINUTE
    assert compute_deadline(make_attempt(paused_for=3 * MINUTE), T0) == END + 3 * MINUTE
    paused = make_attempt(state=AttemptState.PAUSED, paused_at=T0 + 5 * MINUTE)
    assert compute_deadline(paused, T0 + 9 * MINUTE) == END + 4 * MINUTE
    assert not is_due_for_automatic_hand_in(paused, END + 100 * MINUTE)


@pytest.mark.parametrize(
    ("state", "instant", "expected"),
    [
        (AttemptState.OPEN, END + GRACE, False),
        (AttemptState.OPEN, END + GRACE + SECOND, True),
        (AttemptState.LOCKED, END + GRACE + SECOND, True),
        (AttemptState.HANDED_IN, END + GRACE + SECOND, False),
        (AttemptState.TERMINATED, END + GRACE + SECOND, False),
    ],
)
def test_automatic_hand_in(state: AttemptState, instant: datetime, expected: bool) -> None:
    assert is_due_for_automatic_hand_in(make_attempt(state=state), instant) is expected


def test_reopening_gives_the_time_from_now_on() -> None:
    closed = make_attempt(state=AttemptState.HANDED_IN)
    columns = compute_change(closed, ChangeKind.REOPEN, 10 * MINUTE, END + 20 * MINUTE)
    assert columns["extra_us"] == 30 * 60 * 1_000_000
    early = compute_change(closed, ChangeKind.REOPEN, 10 * MINUTE, T0 + 40 * MINUTE)
    assert early["extra_us"] == 0


def _read(sheet: bytes) -> AnswerSheet:
    return decode_form(msgspec.json.Decoder(SaveForm).decode, b'{"sheet":' + sheet + b"}", "att_1").sheet


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"v":1,"attempt":"att_1","seq":1,"answers":{},"flags":[]}', "passes"),
        (
            b'{"v":1,"attempt":"att_1","seq":1,"answers":{"i1":{"c":"AC"},"i2":{"t":["x"]},"i3":{"b":false}},"flags":["i2"]}',
            "passes",
        ),
        (b'{"v":2,"attempt":"att_1","seq":1,"answers":{},"flags":[]}', "sheet_invalid"),
        (b'{"v":1,"attempt":"att_2","seq":1,"answers":{},"flags":[]}', "sheet_invalid"),
        (b'{"v":1,"attempt":"att_1","seq":0,"answers":{},"flags":[]}', "sheet_invalid"),
        (b'{"v":1,"attempt":"att_1","seq":1.5,"answers":{},"flags":[]}', "sheet_invalid"),
        (b'{"v":1,"attempt":"att_1","seq":"1","answers":{},"flags":[]}', "sheet_invalid"),
        (b'{"v":1,"attempt":"att_1","seq":1,"answers":[],"flags":[]}', "sheet_invalid"),
        (b'{"v":1,"attempt":"att_1","seq":1,"answers":{"i0":{"c":"A"}},"flags":[]}', "sheet_invalid"),
        (b'{"v":1,"attempt":"att_1","seq":1,"answers":{"i1":{"c":"CA"}},"flags":[]}', "sheet_invalid"),
        (b'{"v":1,"attempt":"att_1","seq":1,"answers":{"i1":{"c":""}},"flags":[]}', "sheet_invalid"),
        (b'{"v":1,"attempt":"att_1","seq":1,"answers":{"i1":{}},"flags":[]}', "sheet_invalid"),
        (b'{"v":1,"attempt":"att_1","seq":1,"answers":{"i1":{"c":"A","b":true}},"flags":[]}', "sheet_invalid"),
        (b'{"v":1,"attempt":"att_1","seq":1,"answers":{"i1":{"t":[]}},"flags":[]}', "sheet_invalid"),
        (b'{"v":1,"attempt":"att_1","seq":1,"answers":{},"flags":["x"]}', "sheet_invalid"),
        (b'{"v":1,"attempt":"att_1","seq":1,"answers":{},"flags":[],"more":1}', "sheet_invalid"),
        (b"not json", "sheet_invalid"),
        (b"\xff\xfe", "sheet_invalid"),
        (b"[" * 100_000, "sheet_invalid"),
    ],
)
def test_sheets_that_pass_and_that_do_not(body: bytes, expected: str) -> None:
    assert _code(_read, body) == expected


def test_a_body_over_the_limit_is_refused_unread() -> None:
    sheet = b'{"v":1,"attempt":"att_1","seq":1,"answers":{},"flags":[]}'
    assert _code(_read, sheet + b" " * (MAX_SHEET_BYTES - len(sheet) - 10)) == "passes"
    assert _code(_read, sheet + b" " * (MAX_SHEET_BYTES - len(sheet))) == "sheet_invalid"


answers = st.one_of(
    st.builds(Answer, c=st.sets(st.sampled_from("ABCDEF"), min_size=1).map(lambda letters: "".join(sorted(letters)))),
    st.builds(Answer, t=st.lists(st.text(max_size=20), min_size=1, max_size=3)),
    st.builds(Answer, b=st.booleans()),
)
items = st.integers(1, 200).map(lambda number: f"i{number}")
sheets = st.builds(
    AnswerSheet,
    v=st.just(1),
    attempt=st.just("att_1"),
    seq=st.integers(1, 1000),
    answers=st.dictionaries(items, answers, max_size=20),
    flags=st.lists(items, max_size=5),
)


@given(sheets)
def test_a_sheet_survives_its_canonical_form(sheet: AnswerSheet) -> None:
    canonical = encode_sheet(sheet)
    again = _read(canonical)
    assert again == sheet
    assert encode_sheet(again) == canonical


@given(sheets)
def test_the_fast_encoding_is_the_canonical_one(sheet: AnswerSheet) -> None:
    assert encode_sheet(sheet) == encode_canonical(json.loads(encode_sheet(sheet)))


@pytest.mark.parametrize("case", UNANSWERED["cases"], ids=str)
def test_page_and_server_agree_on_what_is_unanswered(case: dict[str, object]) -> None:
    answer = msgspec.convert(case["answer"], Answer)
    sheet = AnswerSheet(v=1, attempt="att_1", seq=1, answers={"i1": answer}, flags=[])
    assert count_unanswered(sheet, 1) == (0 if case["is_answered"] else 1)


def test_items_that_are_not_on_the_paper_do_not_count() -> None:
    answers = {"i1": Answer(c="A"), "i7": Answer(c="A"), "i8": Answer(t=["", ""])}
    sheet = AnswerSheet(v=1, attempt="att_1", seq=1, answers=answers, flags=[])
    assert [count_unanswered(sheet, item_count) for item_count in (0, 1, 6, 7, 8)] == [0, 0, 5, 5, 6]


@given(sheets, st.integers(1, 200))
def test_unanswered_items_never_go_below_zero(sheet: AnswerSheet, item_count: int) -> None:
    assert 0 <= count_unanswered(sheet, item_count) <= item_count


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("i1", True),
        ("i999", True),
        ("i0", False),
        ("i01", False),
        ("i", False),
        ("x1", False),
        ("i１", False),
        ("", False),
    ],
)
def test_names_of_items(item: str, expected: bool) -> None:
    assert (item in ITEMS) is expected
