"""From a blueprint and a pool to a plan: which decks there are, and how many cards each kind of paper takes from each.

The plan is recorded with the paper set (`document_of_plan`), so that dealing again never depends on how a target was computed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from invigil.prepare.papers.model import DIFFICULTIES, Blueprint, Pool, Shortage
from invigil.prepare.papers.rules.allotment import (
    ROUNDING_ERROR,
    VARIANTS,
    Profile,
    compute_target,
    fix_profile,
    list_profiles,
    make_variants,
)
from invigil.prepare.papers.rules.demand import CellKey, Demand, cells_of, state_demand
from invigil.prepare.papers.rules.draws import Numbers
from invigil.prepare.papers.rules.feasibility import find_shortages

STEEPEST_TILT = 8.0
TILT_STEPS = 24


@dataclass(frozen=True)
class Deck:
    """Questions that can stand for each other, and where the cards of a paper go.

    places: int64, in the pool, unique. slots: int64 [VARIANTS, most cards]: question columns of the paper, -1 = no card; the
    cards of a variant stand in front.
    """

    places: Numbers
    slots: Numbers

    @property
    def takes(self) -> Numbers:
        """Cards that each variant takes."""
        takes: Numbers = (self.slots >= 0).sum(axis=1)
        return takes


@dataclass(frozen=True)
class Plan:
    """How papers of a set are dealt.

    fixed: (question column, place in the pool) of the compulsory questions.
    section_sizes: questions per section, in order. level_sum: the sum of the difficulties of every paper.
    """

    decks: tuple[Deck, ...]
    fixed: tuple[tuple[int, int], ...]
    section_sizes: tuple[int, ...]
    level_sum: int

    @property
    def question_count(self) -> int:
        """Questions in a paper."""
        return sum(self.section_sizes)


class Feasibility(NamedTuple):
    """What the check found: the plan, or what is missing. Exactly one of them is there."""

    plan: Plan | None
    shortages: tuple[Shortage, ...]


class _Course(NamedTuple):
    """How to lean to reach the difficulty band: the tilt, and the level sum wanted after each section."""

    tilt: float
    level_sums: tuple[float, ...]


def make_plan(blueprint: Blueprint, pool: Pool) -> Feasibility:
    """Return how to deal this blueprint from this pool, or exactly what is missing.

    Sections that draw from the same cells are filled in the order of the blueprint, or in the reverse order when that works.
    """
    order = range(len(blueprint.sections))
    first = _plan_in_order(blueprint, pool, tuple(order))
    if first.plan is not None or not _share_cells(blueprint):
        return first
    second = _plan_in_order(blueprint, pool, tuple(reversed(order)))
    return second if second.plan is not None else first


def _share_cells(blueprint: Blueprint) -> bool:
    kinds = [(section.type, section.items_per_case) for section in blueprint.sections]
    return len(set(kinds)) < len(kinds)


def _plan_in_order(blueprint: Blueprint, pool: Pool, order: tuple[int, ...]) -> Feasibility:
    cells = cells_of(pool, blueprint)
    supply = {key: len(places) for key, places in cells.items()}
    missing = [
        shortage
        for number in order
        for shortage in find_shortages(state_demand(blueprint.sections[number], pool, supply))
    ]
    if missing:
        return Feasibility(None, tuple(missing))
    course = _find_course(blueprint, pool, supply, order)
    taken: dict[int, tuple[Demand, Numbers]] = {}
    levels = 0
    for turn, number in enumerate(order):
        demand = state_demand(blueprint.sections[number], pool, supply)
        missing = find_shortages(demand)
        if missing:
            return Feasibility(None, tuple(missing))
        profile = _choose_profile(demand, course, turn, levels + _given_levels(demand, pool))
        levels += profile.level_sum + _given_levels(demand, pool)
        variants = make_variants(fix_profile(demand, profile)) + demand.exact
        _use_up(supply, demand, variants)
        taken[number] = demand, variants
    outside = _check_band(blueprint, levels)
    if outside is not None:
        return Feasibility(None, (outside,))
    return Feasibility(_lay_out(blueprint, cells, taken, levels), ())


def _choose_profile(demand: Demand, course: _Course | None, turn: int, levels: int) -> Profile:
    profiles = list_profiles(demand, compute_target(demand, 0.0 if course is None else course.tilt))
    if course is None:
        return profiles[0]
    wanted = course.level_sums[turn] - levels
    return min(profiles, key=lambda profile: round(abs(profile.level_sum - wanted) * 1e6))


def _given_levels(demand: Demand, pool: Pool) -> int:
    exact = int((demand.exact * np.array(DIFFICULTIES)).sum())
    return exact + sum(pool.questions[place].difficulty for place in demand.fixed)


def _find_course(
    blueprint: Blueprint, pool: Pool, supply: Mapping[CellKey, int], order: tuple[int, ...]
) -> _Course | None:
    """Return how to reach the band from where the pool would lead by itself; None without a band."""
    band = blueprint.difficulty_band
    if band is None:
        return None
    demands = [state_demand(blueprint.sections[number], pool, supply) for number in order]
    given = [_given_levels(demand, pool) for demand in demands]
    lowest, highest = (end * blueprint.question_count / 100 for end in (band.lowest, band.highest))
    margin = min(0.5, (highest - lowest) / 2)

    def sums_at(tilt: float) -> tuple[float, ...]:
        each = [
            float((compute_target(demand, tilt) * np.array(DIFFICULTIES)).sum()) + levels
            for demand, levels in zip(demands, given, strict=True)
        ]
        return tuple(accumulate(each))

    natural = sums_at(0.0)
    wanted = min(max(natural[-1], lowest + margin), highest - margin)
    if abs(wanted - natural[-1]) < ROUNDING_ERROR:
        return _Course(0.0, natural)
    low, high = (0.0, STEEPEST_TILT) if wanted > natural[-1] else (-STEEPEST_TILT, 0.0)
    for _ in range(TILT_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if sums_at(middle)[-1] < wanted else (low, middle)
    return _Course((low + high) / 2, sums_at((low + high) / 2))


def _use_up(supply: dict[CellKey, int], demand: Demand, variants: Numbers) -> None:
    for (row, column), most in np.ndenumerate(variants.max(axis=0)):
        if most:
            supply[demand.key_of(row, column)] -= int(most)


def _check_band(blueprint: Blueprint, levels: int) -> Shortage | None:
    band, count = blueprint.difficulty_band, blueprint.question_count
    if band is None or band.lowest * count <= levels * 100 <= band.highest * count:
        return None
    reached = levels * 100 // count
    section = blueprint.sections[-1]
    return Shortage(
        section=section.title,
        type=section.type,
        needed=band.lowest if reached < band.lowest else band.highest,
        available=reached,
        zh=f"按配额和题库，平均难度只能做到 {_show(reached)}，要求在 {_show(band.lowest)}–{_show(band.highest)} 之间",
        en=f"mean difficulty {_show(reached)} is the nearest that can be reached; "
        f"{_show(band.lowest)}–{_show(band.highest)} is asked",
    )


def _show(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _lay_out(
    blueprint: Blueprint,
    cells: Mapping[CellKey, list[int]],
    taken: Mapping[int, tuple[Demand, Numbers]],
    levels: int,
) -> Plan:
    slots: dict[CellKey, list[list[int]]] = {}
    fixed: list[tuple[int, int]] = []
    first = 0
    for number, section in enumerate(blueprint.sections):
        demand, variants = taken[number]
        fixed += [(first + place, question) for place, question in enumerate(demand.fixed)]
        for variant in range(VARIANTS):
            column = first + len(demand.fixed)
            for row, level in np.argwhere(variants[variant]).tolist():
                rows = slots.setdefault(demand.key_of(row, level), [[] for _ in range(VARIANTS)])
                count = int(variants[variant, row, level])
                rows[variant] += range(column, column + count)
                column += count
        first += section.count
    decks = tuple(Deck(np.array(cells[key], np.int64), _pad(rows)) for key, rows in sorted(slots.items()))
    return Plan(decks, tuple(fixed), tuple(section.count for section in blueprint.sections), levels)


def _pad(rows: list[list[int]]) -> Numbers:
    width = max(len(row) for row in rows)
    return np.array([row + [-1] * (width - len(row)) for row in rows], np.int64)


def document_of_plan(plan: Plan) -> dict[str, object]:
    """Return the plan as JSON values, recorded with the paper set."""
    return {
        "decks": [{"places": deck.places.tolist(), "slots": deck.slots.tolist()} for deck in plan.decks],
        "fixed": [list(pair) for pair in plan.fixed],
        "section_sizes": list(plan.section_sizes),
        "level_sum": plan.level_sum,
    }


def plan_of_document(document: Mapping[str, Any]) -> Plan:
    """Return the plan that `document_of_plan` wrote down."""
    return Plan(
        tuple(
            Deck(np.array(deck["places"], np.int64), np.array(deck["slots"], np.int64)) for deck in document["decks"]
        ),
        tuple((column, place) for column, place in document["fixed"]),
        tuple(document["section_sizes"]),
        document["level_sum"],
    )
