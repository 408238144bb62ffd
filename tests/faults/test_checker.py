"""The checker must be silent about an honest run and find every planted fault: a checker that finds nothing proves nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import msgspec
import pytest

from invigil.app.faults.checker import Law, StoredSeat, check_history
from invigil.app.faults.history import Event, HistoryWriter, read_history
from tests.faults.histories import Run, make_run

SEEDS = range(25)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_honest_run_has_no_violation(seed: int) -> None:
    run = make_run(seed)
    assert check_history(run.events, run.stored) == []


def _acknowledged(run: Run, random: Random, act: str = "save") -> Event:
    return random.choice([event for event in run.events if event.kind == "ok" and event.act == act])


def _store(run: Run, seat: str, **changes: object) -> None:
    run.stored[seat] = replace(run.stored[seat], **changes)  # type: ignore[arg-type]


def _lose_a_save(run: Run, random: Random) -> None:
    lost = _acknowledged(run, random)
    saves = {seq: digest for seq, digest in run.stored[lost.seat].saves.items() if seq != lost.seq}
    _store(run, lost.seat, saves=saves)


def _lose_a_whole_seat(run: Run, random: Random) -> None:
    del run.stored[_acknowledged(run, random).seat]


def _replace_a_save(run: Run, random: Random) -> None:
    changed = _acknowledged(run, random)
    _store(run, changed.seat, saves={**run.stored[changed.seat].saves, changed.seq: "other"})


def _lose_a_hand_in(run: Run, random: Random) -> None:
    _store(run, _acknowledged(run, random, "hand_in").seat, receipts=())


def _grade_an_older_sheet(run: Run, random: Random) -> None:
    seat = next(name for name, one in run.stored.items() if len(one.saves) > 1)
    _store(run, seat, final_sha256=run.stored[seat].saves[min(run.stored[seat].saves)])


def _grade_a_sheet_from_nowhere(run: Run, random: Random) -> None:
    _store(run, "att_2", saves={}, final_sha256="ghost")


def _forget_what_was_seen(run: Run, random: Random) -> None:
    # An indeterminate save that a reader saw.
    run.events.append(Event(10**6, "invoke", 9_000, "att_0", "save", 900, "seen-once"))
    run.events.append(Event(10**6 + 1, "info", 9_000, "att_0", "save", 900, "seen-once"))
    run.events.append(Event(10**6 + 2, "seen", 0, "att_0", "save", 900, "seen-once"))


def _hand_in_twice(run: Run, random: Random) -> None:
    seat = _acknowledged(run, random, "hand_in").seat
    one = run.stored[seat].receipts[0]
    _store(run, seat, receipts=(one, replace(one, proof="second")))


def _give_another_receipt(run: Run, random: Random) -> None:
    given = _acknowledged(run, random, "hand_in")
    run.events.append(msgspec.structs.replace(given, at_ns=10**6, proof="another"))


def _receipt_of_another_sheet(run: Run, random: Random) -> None:
    seat = _acknowledged(run, random, "hand_in").seat
    one = run.stored[seat].receipts[0]
    _store(run, seat, receipts=(replace(one, sha256="other"),))


def _accept_after_the_hand_in(run: Run, random: Random) -> None:
    given = _acknowledged(run, random, "hand_in")
    late = Event(10**6, "invoke", 9_001, given.seat, "save", given.seq + 5, "late")
    run.events += [late, msgspec.structs.replace(late, at_ns=10**6 + 1, kind="ok")]
    _store(run, given.seat, saves={**run.stored[given.seat].saves, late.seq: late.sha256})


def _store_what_was_refused(run: Run, random: Random) -> None:
    refused = random.choice([event for event in run.events if event.kind == "fail"])
    _store(run, refused.seat, saves={**run.stored[refused.seat].saves, refused.seq: refused.sha256})


def _store_what_nobody_asked(run: Run, random: Random) -> None:
    _store(run, "att_0", saves={**run.stored["att_0"].saves, 1_234: "from nowhere"})


def _move_saves_between_seats(run: Run, random: Random) -> None:
    run.stored["att_0"], run.stored["att_1"] = run.stored["att_1"], run.stored["att_0"]


def _acknowledge_another_sheet(run: Run, random: Random) -> None:
    position = random.choice([n for n, event in enumerate(run.events) if event.kind == "ok" and event.act == "save"])
    run.events[position] = msgspec.structs.replace(run.events[position], sha256="not what was sent")


PLANTED: list[tuple[Callable[[Run, Random], None], Law]] = [
    (_lose_a_save, Law.ACKNOWLEDGED_STAYS),
    (_lose_a_whole_seat, Law.ACKNOWLEDGED_STAYS),
    (_replace_a_save, Law.ACKNOWLEDGED_STAYS),
    (_lose_a_hand_in, Law.ONE_HAND_IN),
    (_grade_an_older_sheet, Law.FINAL_IS_HIGHEST),
    (_grade_a_sheet_from_nowhere, Law.FINAL_IS_HIGHEST),
    (_forget_what_was_seen, Law.SEEN_STAYS),
    (_hand_in_twice, Law.ONE_HAND_IN),
    (_give_another_receipt, Law.ONE_HAND_IN),
    (_receipt_of_another_sheet, Law.ONE_HAND_IN),
    (_accept_after_the_hand_in, Law.NO_FALSE_ANSWER),
    (_store_what_was_refused, Law.NO_FALSE_ANSWER),
    (_store_what_nobody_asked, Law.NO_FALSE_ANSWER),
    (_move_saves_between_seats, Law.ACKNOWLEDGED_STAYS),
    (_acknowledge_another_sheet, Law.NO_FALSE_ANSWER),
]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("plant", "law"), PLANTED, ids=[plant.__name__.strip("_") for plant, _ in PLANTED])
def test_a_planted_fault_is_found(plant: Callable[[Run, Random], None], law: Law, seed: int) -> None:
    run = make_run(seed)
    plant(run, Random(seed))  # noqa: S311 - a script, not a secret
    assert law in {violation.law for violation in check_history(run.events, run.stored)}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_single_lost_acknowledgement_is_found(seed: int) -> None:
    run = make_run(seed)
    for event in [one for one in run.events if one.kind == "ok"]:
        seat = run.stored[event.seat]
        saves = {seq: digest for seq, digest in seat.saves.items() if seq != event.seq}
        found = check_history(run.events, {**run.stored, event.seat: replace(seat, saves=saves)})
        assert any(one.law is Law.ACKNOWLEDGED_STAYS and one.seq == event.seq for one in found)


def test_a_seat_without_anything_is_in_order() -> None:
    assert check_history([], {"att_0": StoredSeat()}) == []


def test_a_history_comes_back_as_it_was_written(tmp_path: Path) -> None:
    writer = HistoryWriter(tmp_path / "history.jsonl")
    op = writer.new_op()
    writer.write("invoke", op=op, seat="att_0", act="save", seq=1, sha256="d")
    writer.write("fault", detail="kill -9 server")
    writer.close()
    first, second = read_history(tmp_path / "history.jsonl")
    assert (first.kind, first.op, first.seq, first.sha256) == ("invoke", 1, 1, "d")
    assert (second.kind, second.detail) == ("fault", "kill -9 server")
    assert first.at_ns <= second.at_ns
