"""Option orders as numbers: order k of n options is the k-th permutation in lexicographic order (Lehmer code)."""

from functools import lru_cache
from math import factorial

import numpy as np
from numpy.typing import NDArray

# 8! = 40,320 fits into 16 bits. Longer lists of options keep their written order.
MAX_SHUFFLED_OPTIONS = 8


def count_orders(options: int) -> int:
    """Return how many orders so many options have; 1 for none."""
    return factorial(options)


def order_of(code: int, options: int) -> tuple[int, ...]:
    """Return for each presented place the written place of the option that stands there.

    code: 0 … options!-1; 0 is the written order, also for more than `MAX_SHUFFLED_OPTIONS` options.
    Raises: ValueError - no such order.
    """
    if code < 0 or (code and (options > MAX_SHUFFLED_OPTIONS or code >= factorial(options))):
        raise ValueError(f"{options} options have no order {code}")
    left = list(range(options))
    order = []
    for remaining in range(options, 0, -1):
        place, code = divmod(code, factorial(remaining - 1))
        order.append(left.pop(place))
    return tuple(order)


@lru_cache(maxsize=MAX_SHUFFLED_OPTIONS + 1)
def order_table(options: int) -> NDArray[np.uint8]:
    """Return uint8 [code, presented place] -> written place, for up to `MAX_SHUFFLED_OPTIONS` options."""
    return np.array([order_of(code, options) for code in range(factorial(options))], np.uint8).reshape(
        factorial(options), options
    )
