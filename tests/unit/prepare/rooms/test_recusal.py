"""Proctors and rooms (C5.2): recusal holds, and no room is left over that any assignment could have served."""

import time
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from invigil.prepare.rooms.model import Proctor
from invigil.prepare.rooms.rules.recusal import (
    Conflict,
    Occupants,
    assign_proctors,
    count_blocked,
    find_conflict,
)
from tests.unit.prepare.rooms.people import occupants, proctor

employers = st.sampled_from(["", "甲", "乙", "丙"])
proctor_lists = st.lists(
    st.tuples(employers, st.lists(st.integers(0, 5).map(lambda at: f"cand_{at}"), max_size=3)), max_size=6
).map(lambda rows: [proctor(at, employer=one, relatives=tuple(barred)) for at, (one, barred) in enumerate(rows)])
room_lists = st.lists(st.sets(st.sampled_from(["甲", "乙", "丙"]), max_size=2), max_size=6).map(
    lambda rows: [
        occupants(at, candidates=(f"cand_{at}",), employers=tuple(present)) for at, present in enumerate(rows)
    ]
)


def most_rooms(rooms: list[Occupants], proctors: list[Proctor]) -> int:
    """The most rooms that any assignment serves, by trying every one."""
    width = max(len(rooms), len(proctors))
    padded: list[Proctor | None] = [*proctors, *[None] * (width - len(proctors))]
    best = 0
    for order in permutations(padded):
        served = sum(
            one is not None and find_conflict(one, room) is None for room, one in zip(rooms, order, strict=False)
        )
        best = max(best, served)
        if best == min(len(rooms), len(proctors)):
            break
    return best


@given(room_lists, proctor_lists, st.text(max_size=3))
@settings(max_examples=200, deadline=None)
def test_laws(rooms: list[Occupants], proctors: list[Proctor], seed: str) -> None:
    assignment = assign_proctors(rooms, proctors, seed=seed)
    by_id = {one.id: one for one in proctors}
    room_of = {room.room_id: room for room in rooms}
    assert len(set(assignment.by_room.values())) == len(assignment.by_room)  # one room each
    for room_id, staff_id in assignment.by_room.items():
        assert find_conflict(by_id[staff_id], room_of[room_id]) is None  # recusal holds
    assert sorted([*assignment.by_room, *assignment.unwatched]) == sorted(room_of)
    assert len(assignment.by_room) == most_rooms(rooms, proctors)
    assert assignment == assign_proctors(rooms, proctors, seed=seed)


def test_conflicts() -> None:
    room = occupants(1, candidates=("cand_1", "cand_2"), employers=("甲",))
    assert find_conflict(proctor(1), room) is None
    assert find_conflict(proctor(1, employer="乙"), room) is None
    assert find_conflict(proctor(1, employer="甲"), room) == Conflict.COLLEAGUE
    assert find_conflict(proctor(1, relatives=("cand_2",)), room) == Conflict.RELATIVE
    assert find_conflict(proctor(1, relatives=("cand_3",)), room) is None


def test_an_earlier_choice_is_moved_for_a_room_that_only_one_may_watch() -> None:
    choosy = occupants(2, employers=("甲",))
    rooms = [occupants(1), choosy]
    for seed in "abcdefgh":
        assignment = assign_proctors(rooms, [proctor(1), proctor(2, employer="甲")], seed=seed)
        assert assignment.by_room[choosy.room_id] == "staff_0001"
        assert assignment.unwatched == ()


def test_who_may_watch_nothing_is_counted() -> None:
    rooms = [occupants(1, employers=("甲",)), occupants(2, employers=("甲",))]
    assert count_blocked(rooms, [proctor(1, employer="甲"), proctor(2, employer="乙")]) == 1


def test_1667_rooms_in_seconds() -> None:
    rooms = [
        occupants(at, candidates=(f"cand_{at}",), employers=(f"单位{at % 400}", f"单位{(at * 7) % 400}"))
        for at in range(1667)
    ]
    enough = [proctor(at, employer=f"单位{at % 400}", relatives=(f"cand_{at}",)) for at in range(1667)]
    started = time.process_time()
    assert assign_proctors(rooms, enough, seed="s").unwatched == ()
    few = [one for one in enough if one.employer != "单位7"][:1500]
    assert len(assign_proctors(rooms, few, seed="s").unwatched) == 167
    assert time.process_time() - started < 20
