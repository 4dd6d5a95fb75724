"""Noise that remembers: standard-normal numbers made correlated from one block of time to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from energy_impact.model.plan import Array


def autoregressive(white: Array, keep: float) -> Array:
    """
    First-order autoregressive series of unit variance along axis 0, started in its stationary state.

    Parameters
    ----------
    white : ndarray of float32, (blocks, ...)
        Independent standard-normal numbers; left as they are.
    keep : float
        Correlation from one block to the next.

    Returns
    -------
    ndarray of float32, in the shape of `white`
    """
    series = np.empty_like(white)
    series[0] = white[0]
    for block in range(1, len(white)):
        series[block] = np.float32(keep) * series[block - 1] + np.float32(np.sqrt(1 - keep**2)) * white[block]
    return series


def unit_mean_factor(normal: Array, sd: float) -> Array:
    """Lognormal factor of mean one whose logarithm has the standard deviation `sd`."""
    return np.asarray(np.exp(np.float32(sd) * normal - np.float32(sd**2 / 2)), np.float32)
