"""Many candidates sit in real browsers at the same time: all that they answered is kept, and marked right.

Few by default, for `make test`; INVIGIL_CROWD=30 for a whole room.
"""

import os
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from invigil.app.demo.preparing import QUICK_SUBJECT
from invigil.app.demo.results import grade_and_release
from invigil.app.demo.running import Demo
from invigil.serve.exports.model import ExportKind
from tests.e2e import candidate
from tests.e2e.desk import Desk
from tests.e2e.examination import Examination, open_examination
from tests.e2e.reading import read_export, read_results

TITLE = "第一场"
CROWD = int(os.environ.get("INVIGIL_CROWD", "6"))
# A whole room sits side by side; more come one room after the other. Each candidate is a whole page with its own storage.
GROUP = 30
QUESTIONS, ANSWERED = 48, 4
# A candidate takes some seconds of this machine's processors; the sitting must last for all of them.
MINUTES = max(2, CROWD // 4)
pytestmark = pytest.mark.timeout(60 * (MINUTES + 12))


@dataclass
class Sitting:
    """What a candidate did. answers: letters by number; right: how many of them are."""

    page: Page
    answers: dict[int, str] = field(default_factory=dict)
    right: int = 0
    receipt: str = ""


@pytest.fixture(scope="module")
def examination(show: Demo) -> Examination:
    """An examination whose sitting lasts long enough for everybody."""
    return open_examination(show, duration_minutes=MINUTES, late_entry_within_minutes=MINUTES)


def sit(desk: Desk, examination: Examination, tickets: list[str], first: int) -> dict[str, Sitting]:
    """Let a group enter, answer question by question side by side, and hand in."""
    group = {ticket: Sitting(desk.computer()) for ticket in tickets}
    for ticket, one in group.items():
        candidate.enter(one.page, ticket, TITLE)
    for one in group.values():
        candidate.expect_paper(one.page)
    for number in range(1, ANSWERED + 1):
        for place, one in enumerate(group.values(), start=first):
            is_right = (place + number) % 3 > 0
            candidate.go_to(one.page, number)
            one.answers[number] = candidate.choose(one.page, examination, is_right=is_right)
            one.right += is_right
    desk.picture(one.page, "crowd-answering")
    for one in group.values():
        candidate.expect_answered(one.page, ANSWERED)
        candidate.hand_in(one.page, QUESTIONS - ANSWERED)
    for one in group.values():
        one.receipt = candidate.read_receipt_number(one.page)
        one.page.context.close()
    return group


def test_a_room_of_candidates_sits_and_is_marked_right(show: Demo, examination: Examination, desk: Desk) -> None:
    tickets = examination.tickets[QUICK_SUBJECT][:CROWD]
    everybody: dict[str, Sitting] = {}
    for first in range(0, len(tickets), GROUP):
        everybody |= sit(desk, examination, tickets[first : first + GROUP], first)
    assert len({one.receipt for one in everybody.values()}) == CROWD
    grade_and_release(show, examination.prepared.quick_id, within_s=60 * (MINUTES + 5))
    results = read_results(show, examination)
    sheets = read_export(show.staff("admin"), examination, ExportKind.ANSWER_SHEETS)
    for ticket, one in everybody.items():
        assert results[ticket]["earned"] == str(one.right)
        assert {number: sheets[ticket][f"第{number}题"] for number in one.answers} == one.answers
        assert sheets[ticket]["回执编号"] == one.receipt
    page = desk.computer()
    candidate.log_in(page, tickets[-1])
    expect(candidate.sitting_card(page, TITLE)).to_contain_text(f"{everybody[tickets[-1]].right} 分")
