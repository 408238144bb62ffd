"""Recorded randomness: what is drawn today can be drawn again, bit for bit, in ten years.

Algorithm `invigil-deal-1`: the key of a stream is the first 16 bytes of SHA-256 over the seed and the stream's name; the
stream is the raw 64-bit output of Philox 4x64-10 under that key, counter from 0. Only the raw output is used (numpy promises
it never changes); every shuffle is a sort of raw numbers, so no method of numpy's Generator has a say.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray

ALGORITHM = "invigil-deal-1"

Numbers = NDArray[np.int64]


class Draws:
    """One stream of raw numbers, given by a seed and a name; each call continues where the one before ended."""

    def __init__(self, seed: bytes, *name: object) -> None:
        text = "/".join((ALGORITHM, *(str(part) for part in name)))
        key = hashlib.sha256(seed + text.encode()).digest()[:16]
        self._stream = np.random.Philox(key=int.from_bytes(key, "little"))

    def raw(self, count: int) -> NDArray[np.uint64]:
        """Return `count` raw 64-bit numbers."""
        return self._stream.random_raw(count)

    def shuffled(self, count: int) -> Numbers:
        """Return 0 … count-1 in random order, count < 2**31."""
        order: Numbers = self.shuffled_rows(1, count)[0]
        return order

    def shuffled_rows(self, rows: int, count: int) -> Numbers:
        """Return `rows` random orders of 0 … count-1, one per row."""
        # The place stands in the low bits, so all keys differ and any correct sort gives the same order.
        bits = np.uint64(max(1, count.bit_length()))
        keys = (self.raw(rows * count).reshape(rows, count) >> bits) << bits | np.arange(count, dtype=np.uint64)
        keys.sort(axis=1)
        places: Numbers = (keys & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
        return places

    def below(self, limits: NDArray[np.uint64]) -> NDArray[np.uint16]:
        """Return for every limit, 1 … 2**16, a random number under it (bias below 2**-16)."""
        numbers = ((self.raw(limits.size).reshape(limits.shape) >> np.uint64(32)) * limits) >> np.uint64(32)
        return numbers.astype(np.uint16)
