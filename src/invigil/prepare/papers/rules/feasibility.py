"""Can the pool fill the blueprint? If not, exactly what is missing (max-flow, and the minimum cut put into words)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from invigil.kernel.words import NOTHING_TO_SAY, Words
from invigil.prepare.papers.model import DIFFICULTIES, Shortage
from invigil.prepare.papers.rules.demand import Axis, Demand, say_shortage
from invigil.prepare.papers.rules.draws import Numbers
from invigil.prepare.papers.rules.flow import FlowNetwork


class Cut(NamedTuple):
    """A proof that the demand cannot be met: groups of areas whose need exceeds what they can get.

    rows, columns: numbers of the area groups and difficulty groups on the source's side.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]


def find_shortages(demand: Demand) -> list[Shortage]:
    """Return what keeps this section from being filled; empty when it can be.

    First every area and every difficulty by itself; when each alone would do, the cut that shows why they cannot do together.
    By the max-flow min-cut theorem the list is empty exactly when a choice meeting every quota exists.
    """
    if demand.shortages:
        return list(demand.shortages)
    supply = _usable(demand)
    shortages = [*_check_areas(demand, supply), *_check_difficulties(demand, supply)]
    if shortages:
        return shortages
    cut = find_cut(demand, supply)
    return [] if cut is None else [_explain(demand, supply, cut)]


def _usable(demand: Demand) -> Numbers:
    """Return the supply without areas and difficulties of which nothing may be taken."""
    rows = np.array([demand.areas.quotas[group] > 0 for group in demand.areas.groups], bool)
    columns = np.array([demand.difficulties.quotas[group] > 0 for group in demand.difficulties.groups], bool)
    return np.where(rows[:, None] & columns[None, :], demand.supply, 0)


def _check_areas(demand: Demand, supply: Numbers) -> Iterator[Shortage]:
    axis = demand.areas
    for number, quota in enumerate(axis.quotas):
        rows = [row for row, group in enumerate(axis.groups) if group == number]
        available = int(supply[rows].sum())
        if quota > available:
            is_all = len(axis.quotas) == 1
            areas = () if is_all else tuple(axis.labels[row] for row in rows)
            group = NOTHING_TO_SAY if is_all else axis.names[number]
            yield say_shortage(demand.section, areas, (), needed=quota, available=available, group=group)


def _check_difficulties(demand: Demand, supply: Numbers) -> Iterator[Shortage]:
    axis = demand.difficulties
    if len(axis.quotas) == 1:
        return  # one group is the whole section, which the areas have checked
    for number, quota in enumerate(axis.quotas):
        columns = [column for column, group in enumerate(axis.groups) if group == number]
        available = int(supply[:, columns].sum())
        if quota > available:
            levels = tuple(DIFFICULTIES[column] for column in columns)
            yield say_shortage(demand.section, (), levels, needed=quota, available=available)


def find_cut(demand: Demand, supply: Numbers) -> Cut | None:
    """Return a cut that shows the demand cannot be met from this supply, or None when it can."""
    areas, levels = demand.areas, demand.difficulties
    rows, columns = len(areas.labels), len(levels.labels)
    first_row = 2 + len(areas.quotas)
    first_column = first_row + rows
    first_level = first_column + columns
    network = FlowNetwork(first_level + len(levels.quotas))
    for group, quota in enumerate(areas.quotas):
        network.add_edge(0, 2 + group, quota)
    for row, group in enumerate(areas.groups):
        network.add_edge(2 + group, first_row + row, demand.count)
        for column in range(columns):
            network.add_edge(first_row + row, first_column + column, int(supply[row, column]))
    for column, group in enumerate(levels.groups):
        network.add_edge(first_column + column, first_level + group, demand.count)
    for group, quota in enumerate(levels.quotas):
        network.add_edge(first_level + group, 1, quota)
    if network.maximise(0, 1) >= demand.count:
        return None
    side = network.reachable(0)
    return Cut(
        tuple(group for group in range(len(areas.quotas)) if side[2 + group]),
        tuple(group for group in range(len(levels.quotas)) if side[first_level + group]),
    )


def _explain(demand: Demand, supply: Numbers, cut: Cut) -> Shortage:
    areas, levels = demand.areas, demand.difficulties
    rows = [row for row, group in enumerate(areas.groups) if group in cut.rows]
    columns = [
        column for column, group in enumerate(levels.groups) if group not in cut.columns and levels.quotas[group]
    ]
    whole, elsewhere = _sum(areas, cut.rows), _sum(levels, cut.columns)
    wanted, supplied = _names(areas, cut.rows), _names(levels, cut.columns)
    why = Words(
        f"知识点{'、'.join(one.zh for one in wanted)}共需 {whole} 题，其中"
        f"{'、'.join(one.zh for one in supplied)}按配额最多 {elsewhere} 题，其余 {whole - elsewhere} 题只能出自这里",
        f"{', '.join(one.en for one in wanted)} must have {whole}, of which {', '.join(one.en for one in supplied)}"
        f" may give {elsewhere} by their quotas; the other {whole - elsewhere} can only come from here",
    )
    return say_shortage(
        demand.section,
        tuple(areas.labels[row] for row in rows),
        tuple(DIFFICULTIES[column] for column in columns),
        needed=whole - elsewhere,
        available=int(supply[np.ix_(rows, columns)].sum()),
        why=why,
    )


def _sum(axis: Axis, groups: Sequence[int]) -> int:
    return sum(axis.quotas[group] for group in groups)


def _names(axis: Axis, groups: Sequence[int]) -> list[Words]:
    return [axis.names[group] for group in groups if axis.quotas[group]]
