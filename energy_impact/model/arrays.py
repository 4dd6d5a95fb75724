"""Arrays that numpy is fast on: aligned to cache lines, members contiguous, no broadcasting in the inner loop."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from energy_impact.model.plan import Array

CACHE_LINE = 64
"""Bytes; numpy itself aligns to 16, which makes a product of two arrays into a third up to twice as slow."""


def aligned(shape: tuple[int, ...]) -> Array:
    """Return an uninitialised float32 array that begins on a cache line."""
    count = prod(shape)
    memory = np.empty(4 * count + CACHE_LINE, np.uint8)
    first = -memory.__array_interface__["data"][0] % CACHE_LINE
    return memory[first : first + 4 * count].view(np.float32).reshape(shape)


def in_float64(function: Callable[..., Any], *numbers: ArrayLike) -> Array:
    """
    Return a function of arrays, taken in float64 and rounded to float32.

    For `power`, `expm1` and `log1p`, whose float32 versions in numpy differ between processors; `exp` and `log` differ
    only on those without fused products.
    """
    return np.asarray(function(*(np.asarray(values, np.float64) for values in numbers)), np.float32)


class Workspace:
    """Shape of a run's arrays, and scratch space that its parts share.

    Attributes
    ----------
    shape : (int, int)
        (places, members).
    zero : ndarray of float32
        Zeros; never written. A maximum with an array costs half as much as with a number.
    scratch : tuple of ndarray of float32
        Uninitialised; no part relies on their content.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self.shape = shape
        self.zero = self.full(0.0)
        self.scratch = self.empty(), self.empty(), self.empty()

    def empty(self, rows: int | None = None) -> Array:
        """Return an uninitialised array, of so many rows instead of one per place."""
        return aligned(self.shape if rows is None else (rows, self.shape[1]))

    def full(self, values: ArrayLike, rows: int | None = None) -> Array:
        """Return an array of `empty`, filled with values that broadcast to it."""
        found = self.empty(rows)
        found[...] = values
        return found
