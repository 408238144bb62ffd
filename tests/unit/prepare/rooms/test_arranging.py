"""Laws of the arrangement (S4.6): everybody once, at most thirty, one subject, equal sizes, colleagues apart."""

import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invigil.prepare.rooms.model import Person
from invigil.prepare.rooms.rules.arranging import arrange, find_free_seat, find_persons_twice, normalise_employer
from tests.unit.prepare.rooms.people import person

people_lists = st.lists(
    st.tuples(st.sampled_from(["A", "B", "C1"]), st.sampled_from(["", "甲", "乙", "丙"])), max_size=250
).map(lambda rows: [person(at, subject=subject, employer=employer) for at, (subject, employer) in enumerate(rows)])


@given(people_lists, st.text(max_size=5), st.booleans(), st.integers(1, 40))
@settings(max_examples=150, deadline=None)
def test_laws(people: list[Person], seed: str, spreads: bool, capacity: int) -> None:
    rooms = arrange(people, seed=seed, spreads_employers=spreads, capacity=capacity)
    by_id = {one.id: one for one in people}
    seated = [candidate_id for room in rooms for candidate_id in room.candidate_ids]
    assert sorted(seated) == sorted(by_id)  # everybody exactly once
    assert [room.number for room in rooms] == list(range(1, len(rooms) + 1))
    for subject in {one.subject_code for one in people}:
        sizes = [len(room.candidate_ids) for room in rooms if room.subject_code == subject]
        total = sum(one.subject_code == subject for one in people)
        assert len(sizes) == -(-total // capacity)  # no more rooms than needed
        assert 1 <= min(sizes) <= max(sizes) <= capacity
        assert max(sizes) - min(sizes) <= 1
    for room in rooms:
        assert {by_id[one].subject_code for one in room.candidate_ids} == {room.subject_code}


@given(people_lists, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_same_seed_same_rooms_whatever_the_order_of_input(people: list[Person], draw: object) -> None:
    shuffled = list(people)
    draw.shuffle(shuffled)  # type: ignore[attr-defined]
    for spreads in (True, False):
        first = arrange(people, seed="s", spreads_employers=spreads)
        assert first == arrange(shuffled, seed="s", spreads_employers=spreads)


@given(people_lists, st.integers(1, 40))
@settings(max_examples=100, deadline=None)
def test_colleagues_are_spread_as_thin_as_possible(people: list[Person], capacity: int) -> None:
    rooms = arrange(people, seed="s", spreads_employers=True, capacity=capacity)
    by_id = {one.id: one for one in people}
    room_counts = Counter(room.subject_code for room in rooms)
    totals = Counter((one.subject_code, one.employer) for one in people if one.employer)
    for room in rooms:
        employers = Counter(by_id[one].employer for one in room.candidate_ids)
        for employer, number in employers.items():
            if employer:
                total = totals[room.subject_code, employer]
                assert number <= -(-total // room_counts[room.subject_code])


@pytest.mark.parametrize(
    ("total", "sizes"),
    [(0, []), (1, [1]), (29, [29]), (30, [30]), (31, [16, 15]), (60, [30, 30]), (61, [21, 20, 20]), (62, [21, 21, 20])],
)
def test_balanced_rather_than_a_rest(total: int, sizes: list[int]) -> None:
    for spreads in (True, False):
        rooms = arrange([person(at) for at in range(total)], seed="s", spreads_employers=spreads)
        assert [len(room.candidate_ids) for room in rooms] == sizes


def test_without_spreading_rooms_follow_the_ticket_numbers() -> None:
    people = [person(at) for at in range(61)]
    rooms = arrange(reversed(people), seed="s", spreads_employers=False)
    assert [one for room in rooms for one in room.candidate_ids] == [one.id for one in people]


def test_another_seed_gives_other_rooms() -> None:
    people = [person(at) for at in range(61)]
    assert arrange(people, seed="1", spreads_employers=True) != arrange(people, seed="2", spreads_employers=True)


def test_fifty_thousand_in_seconds() -> None:
    people = [person(at, subject="ABC"[at % 3], employer=f"单位{at % 5000}") for at in range(50_000)]
    started = time.process_time()
    rooms = arrange(people, seed="s", spreads_employers=True)
    assert time.process_time() - started < 5
    assert len(rooms) == 3 * 556  # 16,667 per subject


def test_a_person_registered_twice_is_found() -> None:
    people = [person(1), person(2), person(1, subject="B")]
    assert [one.subject_code for one in find_persons_twice(people)] == ["A", "B"]
    assert find_persons_twice(people[:2]) == []


@pytest.mark.parametrize(
    ("taken", "expected"), [([], 1), ([1, 2], 3), ([2, 3], 1), (range(1, 30), 30), (range(1, 31), None)]
)
def test_lowest_free_seat(taken: list[int], expected: int | None) -> None:
    assert find_free_seat(taken) == expected


@pytest.mark.parametrize(
    "written", ["北京 建工（集团）有限公司", "北京建工(集团)有限公司 ", " 北京建工（集团)有限公司"]
)
def test_employers_are_compared_without_width_and_spaces(written: str) -> None:
    assert normalise_employer(written) == "北京建工(集团)有限公司"
