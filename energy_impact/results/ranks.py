"""Order statistics over members: those of a whole sort, from sorts of short pieces where these are faster.

The numbers are the same either way. On an AMD EPYC, numpy 2.4 sorts 499 rows of 2,048 float32 numbers in 8.4 ms with
AVX-512, and five ranks are found in pieces of 512 in 1.9 ms; without AVX-512 it is 3.9 and 5.2 ms: pieces do not pay.
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
    Keys = NDArray[np.number]

PIECE = 512
"""Most numbers of a piece."""
NEAR = 64
"""Numbers of each piece among which a rank is looked for."""
MOST_PIECES = 8
"""Pieces from which order statistics are put together."""
NUMBERS_TOGETHER = 2**17
"""Numbers of the rows that are sorted together, so that they stay in the processor's cache."""
FEW_ROWS = 16
"""Rows below which the way does not matter."""
MOST_RANKS = 16
"""Ranks above which rows are sorted as a whole."""
_INF = np.float32(np.inf)


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
    fits = rows >= FEW_ROWS and PIECE < members <= MOST_PIECES * PIECE and len(ranks) <= MOST_RANKS
    if not fits or values.dtype != np.float32 or not _pieces_pay():
        return _of_whole(values, ranks)
    return _of_pieces(values, ranks)


def _of_whole(values: Floats, ranks: NDArray[np.intp]) -> tuple[Floats, Floats]:
    ordered = np.sort(values, axis=-1)
    return ordered[:, ranks], ordered[:, np.minimum(ranks + 1, values.shape[1] - 1)]


def _of_pieces(values: Rows, ranks: NDArray[np.intp]) -> tuple[Rows, Rows]:
    """
    Return what `neighbours` does, from the numbers near each rank of sorted pieces.

    What is wanted is near the same place of each piece. A row in which it is not, as a look beyond shows, is sorted
    as a whole.
    """
    members = values.shape[1]
    pieces = -(-members // PIECE)
    ordered = _sorted_pieces(values, pieces)
    first = np.clip(ranks // pieces - NEAR // 2, 0, ordered.shape[2] - NEAR)
    near = np.stack([ordered[..., start : start + NEAR].reshape(len(values), -1) for start in first], axis=1)
    near.sort(axis=-1)
    which, place = np.arange(len(ranks)), ranks - pieces * first
    found = near[:, which, place], near[:, which, place + (ranks < members - 1)]
    below, above = first - 1, np.minimum(first + NEAR, ordered.shape[2] - 1)
    missed = (ordered[..., below].max(axis=1) > found[0]) & (below >= 0)
    missed |= (ordered[..., above].min(axis=1) < found[1]) & (above == first + NEAR)
    low, high, whole = found[0].view(np.float32), found[1].view(np.float32), missed.any(axis=1)
    if whole.any():
        low[whole], high[whole] = _of_whole(values[whole], ranks)
    return low, high


def _sorted_pieces(values: Rows, pieces: int) -> Keys:
    """
    Return every so many numbers of each row, sorted and filled up with inf, as `_as_integers` does.

    Neighbours are dealt to different pieces: members that were fitted, or drawn as Sobol points, are no random deal.

    Returns
    -------
    ndarray, (rows, pieces, numbers of a piece)
    """
    rows, members = values.shape
    keys = _as_integers(values)
    if members % pieces:
        filling = np.broadcast_to(_INF.view(keys.dtype), (rows, -members % pieces))
        keys = np.concatenate([keys, filling], axis=1)
    dealt = keys.reshape(rows, -1, pieces).swapaxes(1, 2)
    ordered = np.empty(dealt.shape, keys.dtype)
    together = max(NUMBERS_TOGETHER // members, 1)
    for start in range(0, rows, together):
        block = ordered[start : start + together]
        block[...] = dealt[start : start + together]
        block.sort(axis=-1)
    return ordered


def _as_integers(values: Rows) -> Keys:
    """Return numbers as the integers of the same bits, which sort alike and faster, if none is negative."""
    bits = values.view(np.int32)
    return bits if bits.min() >= 0 else values


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
