"""The states of a paper set, the second person, and the instant at which a key may leave."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from invigil.prepare.papers.model import PaperSetState
from invigil.prepare.papers.rules.sealing import (
    NeedsAnotherPerson,
    PaperSetCannotMove,
    check_move,
    check_second_person,
    may_release_key,
)

START = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
ALLOWED = {
    ("draft", "generated"),
    ("generated", "proofed"),
    ("generated", "draft"),
    ("proofed", "locked"),
    ("proofed", "draft"),
    ("locked", "sealed"),
}


@pytest.mark.parametrize(("state", "step"), list(product(PaperSetState, PaperSetState)))
def test_only_the_moves_of_the_table_are_allowed(state: PaperSetState, step: PaperSetState) -> None:
    if (state, step) in ALLOWED:
        check_move(state, step)
    else:
        with pytest.raises(PaperSetCannotMove):
            check_move(state, step)


def test_one_person_cannot_proof_and_lock() -> None:
    check_second_person("staff_1", "staff_2")
    with pytest.raises(NeedsAnotherPerson):
        check_second_person("staff_1", "staff_1")


@pytest.mark.parametrize(("offset_us", "may"), [(-1, False), (0, True), (1, True), (-3_600_000_000, False)])
def test_no_key_leaves_before_the_start(offset_us: int, may: bool) -> None:
    assert may_release_key(START, START + timedelta(microseconds=offset_us)) is may
