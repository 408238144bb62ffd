"""Marks: the table of rules, and the whole-sitting form against the rules one by one."""

import json
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invigil.judge.grading.model import MarkingKey, Treatment
from invigil.judge.grading.rules.marking import has_passed, make_key_table, mark_all, mark_blanks, mark_choice
from invigil.judge.grading.rules.reading import Answers, DamagedSheetError, read_sheets, write_back_letters
from invigil.judge.grading.rules.texts import count_right_blanks, normalise_text
from invigil.kernel.points import Points
from invigil.prepare.papers.api import CreditRule, ItemPlace, QuestionType, order_of

A, B, C, D = 1, 2, 4, 8
KINDS = (QuestionType.SINGLE, QuestionType.MULTIPLE, QuestionType.TRUE_FALSE)


def _place(points: str, credit: CreditRule = CreditRule.NONE, *, column: int = 0, option: str = "0.5") -> ItemPlace:
    return ItemPlace(f"i{column + 1}", 0, column, 0, Points.parse(points), credit, Points.parse(option))


def _key(*accepted: int, kind: QuestionType = QuestionType.MULTIPLE) -> MarkingKey:
    return MarkingKey(kind, 4, accepted)


@pytest.mark.parametrize(
    ("chosen", "points", "credit", "earned"),
    [
        (A | C | D, "2", CreditRule.NONE, "2"),
        (A | C, "2", CreditRule.NONE, "0"),
        (A | C, "2", CreditRule.HALF_IF_SUBSET, "1"),
        (A | C, "1.5", CreditRule.HALF_IF_SUBSET, "0.5"),  # 0.75 is rounded down
        (A, "0.5", CreditRule.HALF_IF_SUBSET, "0"),
        (A | B, "2", CreditRule.HALF_IF_SUBSET, "0"),
        (A | B | C | D, "2", CreditRule.HALF_IF_SUBSET, "0"),
        (0, "2", CreditRule.HALF_IF_SUBSET, "0"),
        (A, "2", CreditRule.PER_OPTION, "0.5"),
        (A | C, "2", CreditRule.PER_OPTION, "1"),
        (A | C, "1", CreditRule.PER_OPTION, "0.5"),  # always less than the whole
        (A | B, "2", CreditRule.PER_OPTION, "0"),
        (A, "2", CreditRule.PROPORTION, "0.5"),  # 2/3 point is rounded down
        (A | D, "3", CreditRule.PROPORTION, "2"),
        (B, "3", CreditRule.PROPORTION, "0"),
        (1 << 20, "3", CreditRule.PROPORTION, "0"),
    ],
)
def test_multiple_choice_earns_by_the_sections_rule(chosen: int, points: str, credit: CreditRule, earned: str) -> None:
    assert str(mark_choice(chosen, _key(A | C | D), _place(points, credit))) == earned


@pytest.mark.parametrize("kind", [QuestionType.SINGLE, QuestionType.TRUE_FALSE])
@pytest.mark.parametrize("credit", list(CreditRule))
def test_single_choice_and_true_false_earn_all_or_nothing(kind: QuestionType, credit: CreditRule) -> None:
    key = _key(B, kind=kind)
    assert [str(mark_choice(chosen, key, _place("1", credit))) for chosen in (0, A, B, A | B)] == ["0", "0", "1", "0"]


def test_a_second_accepted_answer_earns_all_and_the_better_credit_counts() -> None:
    key = _key(A | B, B | C | D)
    place = _place("3", CreditRule.PROPORTION)
    assert [str(mark_choice(chosen, key, place)) for chosen in (A | B, B | C | D, B | C, B, A)] == [
        "3",
        "3",
        "2",
        "1.5",
        "1.5",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＪＧＪ 130－2011。", "jgj130-2011"),
        (" 塔 吊 ", "塔吊"),
        ("１．５", "1.5"),
        ("“三宝”", '"三宝"'),
        ("3～5", "3~5"),
        ("20％", "20%"),
    ],
)
def test_texts_that_differ_only_in_form_are_the_same(one: str, other: str) -> None:
    assert normalise_text(one) == normalise_text(other)


def test_texts_that_differ_in_substance_are_not() -> None:
    assert normalise_text("1.5") != normalise_text("15")
    assert normalise_text("2.0") != normalise_text("2")


@settings(deadline=None)
@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise_text(normalise_text(text)) == normalise_text(text)


@pytest.mark.parametrize(
    ("given_texts", "order_free", "right"),
    [
        (["安全帽", "安全带"], False, 2),
        (["安全带", "安全帽"], False, 0),
        (["安全带", "安全帽"], True, 2),
        (["安全帽", "安全帽"], True, 1),
        (["护栏"], True, 0),
        ([], True, 0),
        (["", ""], True, 0),
        (["保险带", "安全帽", "安全带"], True, 2),
    ],
)
def test_blanks_are_counted(given_texts: list[str], order_free: bool, right: int) -> None:
    blanks = (("安全帽",), ("安全带", "保险带"))
    assert count_right_blanks(given_texts, blanks, order_free=order_free) == right


def test_a_blank_earns_in_proportion_only_where_the_section_says_so() -> None:
    key = MarkingKey(QuestionType.FILL_IN, blanks=(("甲",), ("乙",), ("丙",)))
    assert str(mark_blanks(["甲", "乙", "x"], key, _place("2"))) == "0"
    assert str(mark_blanks(["甲", "乙", "x"], key, _place("2", CreditRule.PROPORTION))) == "1"
    assert str(mark_blanks(["甲", "乙", "丙"], key, _place("2"))) == "2"


@st.composite
def sittings(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, list[ItemPlace], dict[tuple[int, int], MarkingKey]]:
    items = draw(st.integers(1, 4))
    people = draw(st.integers(1, 5))
    pool = items + 2
    keys = {}
    for question in range(pool):
        kind = draw(st.sampled_from(KINDS))
        most = 2 if kind is QuestionType.TRUE_FALSE else 16
        bits = st.integers(1, most - 1) if kind is QuestionType.MULTIPLE else st.sampled_from([1, 2])
        keys[question, 0] = MarkingKey(
            kind, 4, tuple(draw(st.lists(bits, min_size=1, max_size=3))), treatment=draw(st.sampled_from(Treatment))
        )
    places = [
        _place(
            draw(st.sampled_from(["0.5", "1", "1.5", "2", "3"])),
            draw(st.sampled_from(CreditRule)),
            column=column,
            option=draw(st.sampled_from(["0.5", "1"])),
        )
        for column in range(items)
    ]
    questions = np.array([draw(st.permutations(range(pool)))[:items] for _ in range(people)], np.int64)
    choices = np.array([[draw(st.integers(0, 15)) for _ in range(items)] for _ in range(people)], np.int64)
    return questions, choices, places, keys


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sittings())
def test_marking_a_sitting_at_once_is_marking_every_item(sitting: Any) -> None:
    questions, choices, places, keys = sitting
    table = make_key_table(keys, questions.max() + 1 if questions.max() >= len(keys) else len(keys), 1)
    marks = mark_all(Answers(choices, {}), questions, places, table)
    for row, column in product(range(len(questions)), range(len(places))):
        key, place = keys[int(questions[row, column]), 0], places[column]
        expected = mark_choice(int(choices[row, column]), key, place)
        if key.treatment is Treatment.AWARD_ALL:
            expected = place.points
        if key.treatment is Treatment.REMOVE:
            expected = Points(0)
        assert marks.earned[row, column] == expected.half_points
        assert marks.possible[row, column] == (0 if key.treatment is Treatment.REMOVE else place.points.half_points)


def test_texts_are_marked_at_once_too() -> None:
    keys = {(0, 0): MarkingKey(QuestionType.FILL_IN, blanks=(("塔吊", "塔式起重机"),))}
    marks = mark_all(
        Answers(np.zeros((2, 1), np.int64), {(0, 0): ("塔式起重机",), (1, 0): ("吊篮",)}),
        np.zeros((2, 1), np.int64),
        [_place("1.5")],
        make_key_table(keys, 1, 1),
    )
    assert marks.earned.tolist() == [[3], [0]]


@settings(deadline=None)
@given(st.integers(2, 8), st.data())
def test_letters_are_written_back_through_the_option_order(count: int, data: st.DataObject) -> None:
    code = data.draw(st.integers(0, 23 if count >= 4 else 1))
    shown = data.draw(st.sets(st.integers(0, count - 1)))
    bits = sum(1 << place for place in shown)
    back = write_back_letters(*(np.array([[value]], np.int64) for value in (bits, code, count)))
    order = order_of(code, count)
    assert int(back[0, 0]) == sum(1 << order[place] for place in shown)


def _sheet(answers: dict[str, Any]) -> bytes:
    return json.dumps({"v": 1, "attempt": "att_1", "seq": 3, "answers": answers, "flags": ["i1"]}).encode()


def test_sheets_are_read_into_bits_and_texts() -> None:
    places = [_place("1", column=column) for column in range(4)]
    sheets = [
        _sheet({"i1": {"c": "B"}, "i2": {"c": "CA"}, "i3": {"t": ["塔吊"]}, "i4": {"b": False}}),
        None,
        _sheet({"i9": {"c": "A"}, "i4": {"b": True}, "i1": {"c": ""}, "i2": {"c": "?"}}),
    ]
    answers = read_sheets(sheets, places)
    assert answers.choices.tolist() == [[2, 5, 0, 2], [0, 0, 0, 0], [0, 0, 0, 1]]
    assert answers.texts == {(0, 2): ("塔吊",)}


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b'{"v":2,"answers":{}}', b'{"v":1,"answers":{"i1":{"c":3}}}', b"\xff"]
)
def test_bytes_that_are_no_sheet_stop_the_grading(raw: bytes) -> None:
    with pytest.raises(DamagedSheetError):
        read_sheets([raw], [_place("1")])


@pytest.mark.parametrize(
    ("earned", "possible", "passes"),
    [(120, 200, True), (119, 200, False), (118, 196, True), (117, 196, False), (0, 0, False)],
)
def test_the_pass_mark_shrinks_with_what_was_removed(earned: int, possible: int, passes: bool) -> None:
    assert has_passed(earned, possible, Points(120), Points(200)) is passes
