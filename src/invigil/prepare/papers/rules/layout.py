"""Which items a blueprint's paper has: the same for every candidate of a set, only the questions in it differ."""

from collections.abc import Iterator
from typing import NamedTuple

from invigil.kernel.points import Points
from invigil.prepare.papers.model import Blueprint, CreditRule


class ItemPlace(NamedTuple):
    """One answerable place of the paper, in presented order.

    id: "i1", "i2", …; column: the question's place in the paper; part: which item of that question, from 0.
    points: of the whole answer; option_points: of one right option under `CreditRule.PER_OPTION`.
    """

    id: str
    section: int
    column: int
    part: int
    points: Points
    credit: CreditRule
    option_points: Points


def list_places(blueprint: Blueprint) -> tuple[ItemPlace, ...]:
    """Return every item of a paper in presented order."""
    return tuple(_places(blueprint))


def _places(blueprint: Blueprint) -> Iterator[ItemPlace]:
    number = column = 0
    for place, section in enumerate(blueprint.sections):
        for _ in range(section.count):
            for part in range(section.items_per_case):
                number += 1
                yield ItemPlace(
                    f"i{number}", place, column, part, section.points_each, section.credit, section.option_points
                )
            column += 1
