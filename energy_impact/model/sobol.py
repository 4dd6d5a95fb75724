"""Scrambled Sobol points, bit for bit those of scipy, without half a second for the import of `scipy.stats`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import scipy

if TYPE_CHECKING:
    from numpy.typing import NDArray

BITS = 30
"""Bits of a coordinate."""
DIRECTIONS = Path(scipy.__file__).parent / "stats" / "_sobol_direction_numbers.npz"
"""Primitive polynomials and initial direction numbers of Joe and Kuo (2008, SIAM J. Sci. Comput. 30, 2635-2654), as
scipy ships them."""

MOST_DIMENSIONS = 21201
"""Dimensions for which there are direction numbers."""
DIMENSIONS_TOGETHER = 256
"""Tables of direction numbers are made for a multiple of so many: scenarios that differ in figures share one."""


class Sobol:
    """
    Scrambled Sobol points, as `scipy.stats.qmc.Sobol` draws them.

    Parameters
    ----------
    dimensions : int
    seed : int
        Seed of the scrambling.
    """

    def __init__(self, dimensions: int, seed: int) -> None:
        rng = np.random.default_rng(seed).spawn(1)[0]
        bits = np.arange(BITS, dtype=np.uint32)
        high_first = bits[::-1]
        self.shift = rng.integers(2, size=(dimensions, BITS), dtype=np.uint32) @ (np.uint32(1) << bits)
        lower = rng.integers(2, size=(dimensions * BITS, BITS), dtype=np.uint32)
        rows = (lower.astype(np.float64) @ 2.0**high_first).astype(np.uint32).reshape(dimensions, BITS)
        diagonal, directions = np.uint32(1) << high_first, _directions_of(dimensions)
        rows = rows & -diagonal | diagonal
        self.directions = np.zeros((dimensions, BITS), np.uint32)
        # a product of binary matrices, of which a row is one word: each digit is the parity of the bits in common
        for row, shift in enumerate(high_first):
            self.directions |= (np.bitwise_count(rows[:, row, None] & directions) & np.uint32(1)) << shift

    def points(self, first: int, count: int) -> NDArray[np.float64]:
        """Return `count` points from number `first` on, a multiple of `count`, which is a power of 2; (count, dims)."""
        low = np.zeros((1, len(self.shift)), np.uint32)
        for bit in range(count.bit_length() - 1):
            low = np.concatenate([low, low ^ self.directions[:, bit]])
        start, number = self.shift.copy(), np.arange(count)
        for bit in range(BITS):
            if (first ^ first >> 1) >> bit & 1:
                start ^= self.directions[:, bit]
        return np.asarray((low[number ^ number >> 1] ^ start) * 0.5**BITS)


def _directions_of(dimensions: int) -> NDArray[np.uint32]:
    """Return direction numbers before scrambling, (dimensions, BITS), from a table kept for about as many."""
    rounded = min(-(-dimensions // DIMENSIONS_TOGETHER) * DIMENSIONS_TOGETHER, MOST_DIMENSIONS)
    return _directions(rounded)[:dimensions]


@cache
def _directions(dimensions: int) -> NDArray[np.uint32]:
    """Return direction numbers before scrambling, (dimensions, BITS), after Bratley and Fox (1988)."""
    if not DIRECTIONS.is_file():
        from scipy.stats import qmc

        return np.asarray(qmc.Sobol(dimensions, scramble=False)._sv)  # type: ignore[attr-defined]  # private, as is the file
    with np.load(DIRECTIONS) as known:
        polynomials, initial = (known[name][:dimensions].astype(np.uint32) for name in ("poly", "vinit"))
    found = np.ones((dimensions, BITS), np.uint32)
    degrees = np.array([0, *(int(one).bit_length() - 1 for one in polynomials[1:])])
    for degree in range(1, int(degrees.max()) + 1):
        mine = np.flatnonzero(degrees == degree)
        rows = found[mine]
        rows[:, :degree] = initial[mine, :degree]
        for column in range(degree, BITS):
            new = rows[:, column - degree].copy()
            for back in range(1, degree + 1):
                used = polynomials[mine] >> np.uint32(degree - back) & np.uint32(1)
                new ^= used * (rows[:, column - back] << np.uint32(back))
            rows[:, column] = new
        found[mine] = rows
    return found << np.arange(BITS - 1, -1, -1, dtype=np.uint32)
