"""Maximum flow on small networks with integer capacities: a few dozen nodes, Dinic's algorithm."""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class FlowNetwork:
    """A directed network; nodes are 0 … size-1, edges are numbered in the order they were added."""

    def __init__(self, size: int) -> None:
        self._edges_of: list[list[int]] = [[] for _ in range(size)]
        self._head: list[int] = []
        self._left: list[int] = []

    def add_edge(self, tail: int, head: int, capacity: int) -> int:
        """Add an edge of this capacity, >= 0; return its number, by which `flow` knows it."""
        number = len(self._head)
        self._head += [head, tail]
        self._left += [capacity, 0]
        self._edges_of[tail].append(number)
        self._edges_of[head].append(number + 1)
        return number

    def flow(self, edge: int) -> int:
        """Return what runs through the edge now."""
        return self._left[edge ^ 1]

    def maximise(self, source: int, sink: int) -> int:
        """Send as much as possible from source to sink; return how much more it is than before."""
        sent = 0
        while (levels := self._levels(source))[sink] >= 0:
            cursors = [0] * len(self._edges_of)
            while pushed := self._push(source, sink, levels, cursors):
                sent += pushed
        return sent

    def reachable(self, source: int) -> list[bool]:
        """Tell for every node whether more could still reach it; after `maximise` the True ones are a minimum cut's side."""
        return [level >= 0 for level in self._levels(source)]

    def _levels(self, source: int) -> list[int]:
        levels = [-1] * len(self._edges_of)
        levels[source] = 0
        waiting = deque([source])
        while waiting:
            node = waiting.popleft()
            for edge in self._edges_of[node]:
                if self._left[edge] and levels[self._head[edge]] < 0:
                    levels[self._head[edge]] = levels[node] + 1
                    waiting.append(self._head[edge])
        return levels

    def _push(self, source: int, sink: int, levels: list[int], cursors: list[int]) -> int:
        # Walks one augmenting path without recursion; dead ends move the cursor of the node before.
        path: list[int] = []
        node = source
        while node != sink:
            edge = self._next_edge(node, levels, cursors)
            if edge is not None:
                path.append(edge)
                node = self._head[edge]
            elif path:
                node = self._head[path.pop() ^ 1]
                cursors[node] += 1
            else:
                return 0
        pushed = min(self._left[edge] for edge in path)
        for edge in path:
            self._left[edge] -= pushed
            self._left[edge ^ 1] += pushed
        return pushed

    def _next_edge(self, node: int, levels: list[int], cursors: list[int]) -> int | None:
        edges = self._edges_of[node]
        while cursors[node] < len(edges):
            edge = edges[cursors[node]]
            if self._left[edge] and levels[self._head[edge]] == levels[node] + 1:
                return edge
            cursors[node] += 1
        return None


class Bounded(NamedTuple):
    """An edge that must carry at least `low` and at most `high`, 0 <= low <= high."""

    tail: int
    head: int
    low: int
    high: int


def find_flow(size: int, edges: Sequence[Bounded], source: int, sink: int, amount: int) -> list[int] | None:
    """Return what each edge carries in some flow of exactly `amount` that keeps every bound, or None where there is none.

    size: number of nodes; edges: in the order of the answer.
    """
    network = FlowNetwork(size + 2)
    deep_source, deep_sink = size, size + 1
    numbers = [network.add_edge(edge.tail, edge.head, edge.high - edge.low) for edge in edges]
    surplus = [0] * size
    for tail, head, low in _with_return(edges, source, sink, amount):
        surplus[head] += low
        surplus[tail] -= low
    needed = sum(max(0, more) for more in surplus)
    for node, more in enumerate(surplus):
        if more > 0:
            network.add_edge(deep_source, node, more)
        elif more < 0:
            network.add_edge(node, deep_sink, -more)
    if network.maximise(deep_source, deep_sink) < needed:
        return None
    return [edge.low + network.flow(number) for edge, number in zip(edges, numbers, strict=True)]


def _with_return(edges: Iterable[Bounded], source: int, sink: int, amount: int) -> Iterable[tuple[int, int, int]]:
    # The return edge carries exactly the amount, so it is all lower bound and needs no edge of its own.
    yield from ((edge.tail, edge.head, edge.low) for edge in edges)
    yield sink, source, amount
