"""Putting what belongs together into one list."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

Piece = TypeVar("Piece")
Key = TypeVar("Key", bound=Hashable)


def group_by(found: Iterable[Piece], key: Callable[[Piece], Key]) -> dict[Key, list[Piece]]:
    """Return the pieces by their key, keys and each list in the order in which they came."""
    groups: dict[Key, list[Piece]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(one)
    return groups
