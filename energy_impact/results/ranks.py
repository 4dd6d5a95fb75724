"""Order statistics over members: those of a whole sort, from sorts of short pieces where these are faster.

The numbers are the same either way. On an AMD EPYC, numpy 2.4 sorts 499 rows of 2,048 float32 numbers in 8.4 ms with
AVX-512, and in 1.2 ms in pieces of 512; without AVX-512 it takes 3.7 and 3.0 ms, and pieces do not pay.
"""

from __future__ import annotations

from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.floating]
    Rows = NDArray[np.float32]

PIECE = 512
"""Most numbers of a piece."""
MOST_PIECES = 4
"""Pieces from which order statistics are put together."""
FEW_ROWS = 16
"""Rows below which the way does not matter."""


def neighbours(values: Floats, ranks: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """
    Return the numbers of given ranks in each row, and those of the next higher ranks.

    Parameters
    ----------
    values : ndarray, (rows, members)
        No NaN.
    ranks : ndarray of int, (ranks,)
        From 0 to members - 1; the last rank is its own next.

    Returns
    -------
    low, high : ndarray, (rows, ranks)

    Examples
    --------
    >>> neighbours(np.array([[3.0, 1.0, 2.0]]), np.array([0, 2]))
    (array([[1., 3.]]), array([[2., 3.]]))
    """
    rows, members = values.shape
    short = rows < FEW_ROWS or not PIECE < members <= MOST_PIECES * PIECE
    if short or values.dtype != np.float32 or not _pieces_pay():
        return _of_whole(values, ranks)
    return _of_pieces(values, ranks)


def _of_whole(values: Floats, ranks: NDArray[np.intp]) -> tuple[Floats, Floats]:
    ordered = np.sort(values, axis=-1)
    return ordered[:, ranks], ordered[:, np.minimum(ranks + 1, values.shape[1] - 1)]


def _of_pieces(values: Rows, ranks: NDArray[np.intp]) -> tuple[Rows, Rows]:
    halves = _sorted_halves(values)
    low, high = np.empty((2, len(values), len(ranks)), np.float32)
    for column, rank in enumerate(ranks.tolist()):
        low[:, column], high[:, column] = _of_halves(*halves, rank)
    last = ranks == values.shape[1] - 1
    high[:, last] = low[:, last]
    return low, high


def _sorted_halves(values: Rows) -> tuple[Rows, Rows]:
    """Return two sorted arrays, (rows, half), the second downwards, of the numbers of each row filled up with inf."""
    rows, members = values.shape
    count = 2 if members <= 2 * PIECE else MOST_PIECES
    length = -(-members // count)
    filled = np.full((rows, count * length), np.inf, np.float32)
    filled[:, :members] = values
    pieces = filled.reshape(rows, 2, count // 2, length)
    pieces.sort(axis=-1)
    if count == MOST_PIECES:
        one, other = pieces[:, :, 0], pieces[:, :, 1, ::-1]
        pieces = np.empty_like(pieces)
        np.minimum(one, other, out=pieces[:, :, 0])
        np.maximum(one, other, out=pieces[:, :, 1])
        pieces.sort(axis=-1)
    halves = pieces.reshape(rows, 2, -1)
    return halves[:, 0], np.ascontiguousarray(halves[:, 1, ::-1])


def _of_halves(up: Rows, down: Rows, rank: int) -> tuple[Rows, Rows]:
    """
    Return the numbers of a rank, and of the next one, among those of two sorted arrays, (rows,).

    Pair the number i of one with the number rank - i of the other: the lower ones of all pairs, and numbers before the
    first pair, are the rank + 1 lowest of all.
    """
    last = up.shape[1] - 1
    first, final = max(0, rank - last), min(rank, last)
    mine, paired = up[:, first : final + 1], down[:, last - final : last - first + 1]
    lows, highs = [], []
    if first <= final:
        lows.append(np.minimum(mine, paired).max(axis=1))
        highs.append(np.maximum(mine, paired).min(axis=1))
    if first:
        lows += [up[:, first - 1], down[:, last - first + 1]]
    if final < last:
        highs += [up[:, final + 1], down[:, last - final - 1]]
    low = np.max(lows, axis=0)
    return low, np.min(highs, axis=0) if highs else low


@cache
def _pieces_pay() -> bool:
    """Return whether pieces are faster than whole rows on this processor, measured once."""
    sample = np.random.default_rng(0).random((FEW_ROWS, MOST_PIECES * PIECE), np.float32)
    ranks = np.arange(1, MOST_PIECES) * PIECE
    return _seconds(_of_pieces, sample, ranks) < _seconds(_of_whole, sample, ranks)


def _seconds(function: Callable[[Rows, NDArray[np.intp]], object], sample: Rows, ranks: NDArray[np.intp]) -> float:
    """Return the time that a function takes at best [s]."""
    found = []
    for _ in range(3):
        begun = perf_counter()
        function(sample, ranks)
        found.append(perf_counter() - begun)
    return min(found)
