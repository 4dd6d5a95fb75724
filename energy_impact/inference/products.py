"""Products of many rows of members with a few, whose bits hang neither on the processor nor on its BLAS.

Kernels of BLAS add in different orders. In float32 that alone moved single members over a step of the model, and with
them, one assimilation after the other, the quantiles. So sums are taken in float64, in blocks of rows that fit the
cache, and what is added to the rows is rounded to a grid that is far coarser than the error of such a sum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from energy_impact.inference.weights import Floats, Numbers

ROWS_PER_BLOCK = 64
"""Rows that are turned to float64 together, so that they fit the processor's cache."""
STEPS_OF_ONE = 2.0**17
"""Steps of an increment in one standard deviation."""


def onto(rows: Numbers, few: Floats) -> Floats:
    """
    Return the sums over members of each row times each of a few.

    Parameters
    ----------
    rows : ndarray of float32 or float64, (rows, members)
    few : ndarray of float64, (figures, members)

    Returns
    -------
    ndarray of float64, (rows, figures)
    """
    found = np.empty((len(rows), len(few)))
    for part, block in _blocks(rows):
        np.matmul(block, few.T, out=found[part])
    return found


def combined(weights: Floats, rows: Numbers) -> Floats:
    """
    Return sums of the rows with weights.

    Parameters
    ----------
    weights : ndarray of float64, (figures, rows)
    rows : ndarray of float32 or float64, (rows, members)

    Returns
    -------
    ndarray of float64, (figures, members)
    """
    found = np.zeros((len(weights), rows.shape[1]))
    for part, block in _blocks(rows):
        found += weights[:, part] @ block
    return found


def move(rows: Numbers, weights: Floats, few: Floats) -> None:
    """
    Add `weights @ few`, rounded to the grid, to the rows.

    Parameters
    ----------
    rows : ndarray of float32 or float64, (rows, members)
        Changed in place.
    weights : ndarray of float64, (rows, figures)
    few : ndarray of float64, (figures, members)
    """
    steps = few * STEPS_OF_ONE
    for part in _parts(rows):
        change = (weights[part] @ steps).astype(rows.dtype)
        np.rint(change, out=change)
        change *= rows.dtype.type(1 / STEPS_OF_ONE)
        rows[part] += change


def _blocks(rows: Numbers) -> Iterator[tuple[slice, Floats]]:
    """Yield blocks of rows in float64; each holds until the next."""
    space = np.empty((ROWS_PER_BLOCK, rows.shape[1]))
    for part in _parts(rows):
        block = space[: part.stop - part.start]
        block[...] = rows[part]
        yield part, block


def _parts(rows: Numbers) -> Iterator[slice]:
    for first in range(0, len(rows), ROWS_PER_BLOCK):
        yield slice(first, min(first + ROWS_PER_BLOCK, len(rows)))
