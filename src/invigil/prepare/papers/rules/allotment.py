"""How many questions each paper takes from each cell, so that quotas are exact and every question is shown about as often.

1. The *target* is a fraction per cell: the choice that meets the quotas and is nearest to showing every question equally often
   (least relative entropy against the supply, no cell above its supply). A cell that the quotas allow is never left out.
2. Every paper gets the same number of questions of each difficulty (the *profile*), so its mean difficulty is the same for all.
3. `VARIANTS` whole-numbered allotments are made whose average is the target: the target × VARIANTS is rounded by a flow and
   then halved again and again along Euler circuits. Each half keeps every quota, so each variant does.
"""

from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from invigil.prepare.papers.model import DIFFICULTIES
from invigil.prepare.papers.rules.demand import DIFFICULTY, Axis, Demand, name_group
from invigil.prepare.papers.rules.draws import Numbers
from invigil.prepare.papers.rules.feasibility import find_cut
from invigil.prepare.papers.rules.flow import Bounded, find_flow

HALVINGS = 6
VARIANTS = 2**HALVINGS
ROUNDS = 60
FAINTEST = 50.0  # exp(-50) of a question: none
BISECTIONS = 52
CLOSE_ENOUGH = 1e-9
ROUNDING_ERROR = 1e-6

Fractions = NDArray[np.float64]


class Profile(NamedTuple):
    """Questions of each difficulty 1 … 5 that every paper's section takes by quota."""

    counts: tuple[int, ...]

    @property
    def level_sum(self) -> int:
        """The sum of the difficulties of these questions."""
        return sum(level * count for level, count in zip(DIFFICULTIES, self.counts, strict=True))


def compute_target(demand: Demand, tilt: float = 0.0) -> Fractions:
    """Return [area, difficulty] how much a paper takes on average, 0 <= x <= supply, every quota met up to rounding.

    tilt: > 0 prefers difficult questions, < 0 easy ones, where the quotas leave a choice.
    The demand must be feasible. Alternates over both axes: each step solves one axis exactly (dual ascent).
    """
    supply = demand.supply.astype(np.float64)
    rows, columns = np.array(demand.areas.groups, np.int64), np.array(demand.difficulties.groups, np.int64)
    lean = np.broadcast_to(tilt * (np.array(DIFFICULTIES, np.float64) - 3.0), supply.shape)
    by_row, by_column = np.zeros(len(demand.areas.quotas)), np.zeros(len(demand.difficulties.quotas))
    row_group = np.broadcast_to(rows[:, None], supply.shape)
    column_group = np.broadcast_to(columns[None, :], supply.shape)
    for _ in range(ROUNDS):
        before = by_row
        by_row = _solve_axis(supply, lean + by_column[columns][None, :], row_group, demand.areas)
        by_column = _solve_axis(supply, lean + by_row[rows][:, None], column_group, demand.difficulties)
        if np.abs(by_row - before).max() < CLOSE_ENOUGH:
            break
    return _take_share(supply, lean + by_row[rows][:, None] + by_column[columns][None, :])


def _take_share(supply: Fractions, exponent: Fractions) -> Fractions:
    taken: Fractions = supply * np.exp(np.minimum(exponent, 0.0))
    return taken


def _solve_axis(supply: Fractions, base: Fractions, group: Numbers, axis: Axis) -> Fractions:
    """Return per group the number u with Σ supply·min(1, exp(base + u)) = quota over the group's cells."""
    quotas = np.array(axis.quotas, np.float64)
    reach = float(np.abs(base).max(initial=0.0)) + 1.0
    low, high = np.full(len(quotas), -reach - FAINTEST), np.full(len(quotas), reach)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        taken = _take_share(supply, base + middle[group])
        # bincount adds in order, one by one: the same result on every processor.
        is_short = np.bincount(group.ravel(), taken.ravel(), len(quotas)) < quotas
        low, high = np.where(is_short, middle, low), np.where(is_short, high, middle)
    return np.asarray((low + high) / 2, np.float64)


def list_profiles(demand: Demand, target: Fractions) -> list[Profile]:
    """Return the whole-numbered profiles next to the target that the quotas allow, nearest first; never empty.

    The demand must be feasible.
    """
    sums = target.sum(axis=0)
    floors = np.floor(sums + ROUNDING_ERROR).astype(np.int64)
    missing = demand.count - int(floors.sum())
    profiles = []
    for raised in combinations(range(len(DIFFICULTIES)), missing) if 0 <= missing <= len(DIFFICULTIES) else ():
        profile = Profile(tuple(int(floors[level]) + (level in raised) for level in range(len(DIFFICULTIES))))
        if find_cut(fix_profile(demand, profile), demand.supply) is None and _keeps_quotas(demand, profile):
            profiles.append(profile)
    profiles.sort(key=lambda profile: float(np.square(np.array(profile.counts) - sums).sum()))
    return profiles or [_any_profile(demand, target)]


def fix_profile(demand: Demand, profile: Profile) -> Demand:
    """Return the demand with the number of every difficulty settled."""
    labels = demand.difficulties.labels
    names = tuple(name_group(DIFFICULTY, label) for label in labels)
    axis = Axis(labels, tuple(range(len(labels))), profile.counts, names)
    return replace(demand, difficulties=axis)


def make_variants(demand: Demand) -> Numbers:
    """Return int64 [VARIANTS, area, difficulty]: whole allotments that keep the quotas and average to the target.

    demand: feasible, its profile fixed. Exact cells are not included.
    """
    parts = [_round(demand, compute_target(demand), VARIANTS)]
    for _ in range(HALVINGS):
        parts = [half for part in parts for half in halve(part)]
    return np.stack(parts)


def _keeps_quotas(demand: Demand, profile: Profile) -> bool:
    axis = demand.difficulties
    sums = [0] * len(axis.quotas)
    for group, count in zip(axis.groups, profile.counts, strict=True):
        sums[group] += count
    return tuple(sums) == axis.quotas


def _any_profile(demand: Demand, target: Fractions) -> Profile:
    return Profile(tuple(int(count) for count in _round(demand, target, 1).sum(axis=0)))


def _round(demand: Demand, target: Fractions, scale: int) -> Numbers:
    """Return whole numbers near target × scale that keep scale × every quota.

    The bounds widen from floor and ceiling to nothing and supply, since the target carries a rounding error.
    Raises: ValueError - the demand is not feasible.
    """
    wanted, most = target * scale, demand.supply * scale
    for slack in (0, 1, scale * max(1, demand.count)):
        low = np.clip(np.floor(wanted + ROUNDING_ERROR) - slack, 0, most).astype(np.int64)
        high = np.clip(np.ceil(wanted - ROUNDING_ERROR) + slack, low, most).astype(np.int64)
        rounded = _flow_between(demand, low, high, scale)
        if rounded is not None:
            return rounded
    raise ValueError("the demand is not feasible")


def _flow_between(demand: Demand, low: Numbers, high: Numbers, scale: int) -> Numbers | None:
    rows, width = low.shape
    areas, levels = demand.areas, demand.difficulties
    first_row = 2 + len(areas.quotas)
    first_column = first_row + rows
    first_level = first_column + width
    amount = demand.count * scale
    edges = [
        Bounded(first_row + row, first_column + column, int(low[row, column]), int(high[row, column]))
        for row in range(rows)
        for column in range(width)
    ]
    edges += [Bounded(0, 2 + group, quota * scale, quota * scale) for group, quota in enumerate(areas.quotas)]
    edges += [Bounded(2 + group, first_row + row, 0, amount) for row, group in enumerate(areas.groups)]
    edges += [
        Bounded(first_column + column, first_level + group, 0, amount) for column, group in enumerate(levels.groups)
    ]
    edges += [
        Bounded(first_level + group, 1, quota * scale, quota * scale) for group, quota in enumerate(levels.quotas)
    ]
    carried = find_flow(first_level + len(levels.quotas), edges, 0, 1, amount)
    return None if carried is None else np.array(carried[: rows * width], np.int64).reshape(rows, width)


def halve(table: Numbers) -> tuple[Numbers, Numbers]:
    """Split a table of counts into two whose cells, row sums, column sums and totals differ by at most one.

    An even row sum, column sum or total is split exactly. Pairs are shared out at once; the odd ones are the edges of a
    bipartite graph whose Euler circuits are dealt out in turns. One dummy row and column make every degree even.
    """
    rows, columns = table.shape
    odd = np.zeros((rows + 1, columns + 1), np.int64)
    odd[:rows, :columns] = table % 2
    odd[rows, :] = odd.sum(axis=0) % 2
    odd[:, columns] = odd.sum(axis=1) % 2
    dealt = np.zeros_like(odd)
    columns_of: list[set[int]] = [set(np.flatnonzero(line).tolist()) for line in odd]
    rows_of: list[set[int]] = [set(np.flatnonzero(line).tolist()) for line in odd.T]
    for start in range(rows + 1):
        while columns_of[start]:
            row = start
            while columns_of[row]:
                column = min(columns_of[row])
                _take(columns_of, rows_of, row, column)
                dealt[row, column] = 1
                row = min(rows_of[column])
                _take(columns_of, rows_of, row, column)
    first = table // 2 + dealt[:rows, :columns]
    return first, table - first


def _take(columns_of: list[set[int]], rows_of: list[set[int]], row: int, column: int) -> None:
    columns_of[row].discard(column)
    rows_of[column].discard(row)
