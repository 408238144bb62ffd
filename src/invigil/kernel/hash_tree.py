"""Hash trees: one root stands for many statements, and a short path proves that a statement is under it (as RFC 6962 does).

A leaf is SHA-256 of 0x00 and the statement, a node is SHA-256 of 0x01 and its two children, so neither passes for the other.
A node without a sibling moves up as it is.
"""

import hashlib
from collections.abc import Sequence

LEAF, NODE = b"\x00", b"\x01"
# A step of a path: on which side the sibling stands, and its hash.
SIBLING_IS_LEFT, SIBLING_IS_RIGHT = b"\x00", b"\x01"


def grow_hash_tree(statements: Sequence[bytes]) -> tuple[bytes, list[bytes]]:
    """Return the root (32 bytes) and, in order, each statement's path: its steps from the leaf up, 33 bytes each.

    statements: at least one; the path of a single one is empty.
    """
    level = [hashlib.sha256(LEAF + one).digest() for one in statements]
    steps: list[list[bytes]] = []
    while len(level) > 1:
        steps.append(_steps(level))
        above = [
            hashlib.sha256(NODE + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = [*above, *level[2 * len(above) :]]
    paths = [
        b"".join([steps_here[place >> height] for height, steps_here in enumerate(steps)])
        for place in range(len(statements))
    ]
    return level[0], paths


def _steps(level: Sequence[bytes]) -> list[bytes]:
    """Return the step of every node of a level; empty for one without a sibling."""
    steps = [SIBLING_IS_LEFT + level[place - 1] if place % 2 else b"" for place in range(len(level))]
    for place in range(0, len(level) - 1, 2):
        steps[place] = SIBLING_IS_RIGHT + level[place + 1]
    return steps
