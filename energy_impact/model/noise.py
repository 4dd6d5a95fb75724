"""Autocorrelated noise from independent standard-normal numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from energy_impact.model.plan import Array


def autoregressive(white: Array, correlation: float) -> Array:
    """
    First-order autoregressive series of unit variance along axis 0, started in its stationary state.

    Parameters
    ----------
    white : ndarray of float32, (blocks, ...)
        Independent standard-normal numbers; not changed.
    correlation : float
        Correlation from one block to the next.

    Returns
    -------
    ndarray of float32, in the shape of `white`
    """
    series = np.empty_like(white)
    series[0] = white[0]
    for block in range(1, len(white)):
        series[block] = remember(series[block - 1], white[block], correlation)
    return series


def remember(last: Array, white: Array, correlation: float) -> Array:
    """Return the block of such a series that follows `last`."""
    found = np.multiply(white, np.float32(np.sqrt(1 - correlation**2)))
    found += np.float32(correlation) * last
    return found


def unit_mean_factor(normal: Array, sd: float, out: Array | None = None) -> Array:
    """Lognormal factor of mean one, `sd` the standard deviation of its logarithm; written to `out` if given."""
    factor = np.multiply(normal, np.float32(sd), out=out)
    factor -= np.float32(sd**2 / 2)
    return np.exp(factor, out=factor)
