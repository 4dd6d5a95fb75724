"""Members drawn by weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.floating]

LEAST_EFFECTIVE = 0.1
"""A likelihood is tempered until at least this share of the members counts, unless another is given (judgement)."""
TEMPERING = 0.8
"""Factor on the power of the likelihood from one try to the next."""


def drawn(logs: Floats, rng: np.random.Generator, least: float = LEAST_EFFECTIVE) -> NDArray[np.intp]:
    """
    Return members drawn with repetition, each about as often as its likelihood says.

    Parameters
    ----------
    logs : ndarray, (members,)
        Log-likelihoods, tempered.
    rng : Generator
    least : float, optional
        Share of the members that must count.

    Returns
    -------
    ndarray of int, (members,)
        Indices of members, in increasing order.

    Raises
    ------
    ValueError
        If a log-likelihood is not finite.
    """
    members = len(logs)
    steps = (rng.uniform() + np.arange(members)) / members
    found: NDArray[np.intp] = np.searchsorted(np.cumsum(tempered(logs, least)), steps)
    return np.asarray(np.minimum(found, members - 1), np.intp)


def tempered(logs: Floats, least: float = LEAST_EFFECTIVE) -> Floats:
    """
    Return weights of the members from their log-likelihoods, tempered until enough members count.

    Parameters
    ----------
    logs : ndarray, (members,)
        Log-likelihoods.
    least : float, optional
        Share of the members that must count.

    Returns
    -------
    ndarray of float64, (members,)
        Weights that add up to one.

    Raises
    ------
    ValueError
        If a log-likelihood is not finite.
    """
    power = 1.0
    if not np.isfinite(logs).all():
        raise ValueError("likelihoods of the members: must be finite")
    while True:
        weights = np.exp(power * (logs - logs.max()))
        weights /= weights.sum()
        if 1 / np.square(weights).sum() >= least * len(logs):
            return np.asarray(weights)
        power *= TEMPERING
