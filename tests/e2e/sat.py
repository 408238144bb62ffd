"""A sitting that candidates sit over HTTP, each with a sheet of which it is known what it must earn."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from invigil.app.demo.candidates import SimulatedCandidate, enter
from invigil.app.demo.running import Demo
from tests.e2e.intended import IntendedSheet, intend, read_key

# As many as the server's password checks keep busy.
AT_ONCE = 4


@dataclass
class Sat:
    """What the candidates of a sitting did, by ticket number. receipts: numbers; silent: who saved and never handed in; empty: who entered only."""

    sheets: dict[str, IntendedSheet] = field(default_factory=dict)
    saved: dict[str, dict[str, Any]] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)
    silent: str = ""
    empty: str = ""
    absent: list[str] = field(default_factory=list)

    def total(self, ticket: str) -> Decimal:
        """What the candidate must have earned."""
        return self.sheets[ticket].total


def enter_all(show: Demo, sitting_id: str, tickets: list[str]) -> list[SimulatedCandidate]:
    """Let candidates log in, enter and open their papers."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda ticket: enter(show.browser(), ticket, sitting_id), tickets))


def answer_all(candidates: list[SimulatedCandidate], sat: Sat) -> None:
    """Let every candidate answer, from the weakest to the best, and save."""
    key, source = read_key(), random.Random(7)  # noqa: S311 - the same every time
    for number, one in enumerate(candidates):
        sheet = intend(one.paper, key, source, 0.15 + 0.8 * number / len(candidates))
        sat.saved[one.ticket_number] = one.save(sheet.answers)
        sat.sheets[one.ticket_number] = sheet


def hand_in_all(candidates: list[SimulatedCandidate], sat: Sat) -> None:
    """Hand everybody's sheet in, except the first one's, who falls silent with what was saved."""
    sat.silent = candidates[0].ticket_number
    for one in candidates[1:]:
        receipt = one.hand_in(sat.saved[one.ticket_number])
        sat.receipts[one.ticket_number] = receipt["receipt"]["number"]
