"""Scores of forecasts given as draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from energy_impact.results.metrics import central_levels, quantiles

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


def _columns(draws: ArrayLike, truth: ArrayLike) -> tuple[Floats, Floats]:
    values, true = np.asarray(draws, float), np.asarray(truth, float)
    if values.ndim != 2 or not len(values) or true.shape != values.shape[1:]:
        raise ValueError(
            f"draws: must have shape (draws, targets), at least one draw, and truth (targets,), "
            f"got {values.shape}, {true.shape}"
        )
    if not (np.isfinite(values).all() and np.isfinite(true).all()):
        raise ValueError("draws, truth: must be finite")
    return values, true


def crps(draws: ArrayLike, truth: ArrayLike) -> Floats:
    """
    Return the continuous ranked probability score of equally likely draws; lower is better.

    E|X - y| - E|X - X'| / 2 over the empirical distribution (Gneiting and Raftery 2007,
    J. Am. Stat. Assoc. 102, 359-378).

    Parameters
    ----------
    draws : array_like, (draws, targets)
    truth : array_like, (targets,)

    Returns
    -------
    ndarray, (targets,)
        In the unit of the draws.

    Raises
    ------
    ValueError
        If shapes do not match or a number is not finite.

    Examples
    --------
    >>> crps([[1.0], [3.0]], [2.0])
    array([0.5])
    """
    values, true = _columns(draws, truth)
    ordered = np.sort(values, axis=0)
    count = len(ordered)
    weight = (2 * np.arange(1, count + 1) - count - 1) / count**2
    return np.asarray(np.abs(values - true).mean(0) - weight @ ordered)


def pit(draws: ArrayLike, truth: ArrayLike) -> Floats:
    """
    Return the probability integral transform: the share of draws below the truth, with ties counted half.

    Uniform over [0, 1] if forecasts are calibrated.

    Parameters
    ----------
    draws : array_like, (draws, targets)
    truth : array_like, (targets,)

    Returns
    -------
    ndarray, (targets,)

    Raises
    ------
    ValueError
        If shapes do not match or a number is not finite.
    """
    values, true = _columns(draws, truth)
    return np.asarray((values < true).mean(0) + 0.5 * (values == true).mean(0))


def cover(draws: ArrayLike, truth: ArrayLike, *, level: float) -> NDArray[np.bool_]:
    """
    Return whether the central interval of a level holds the truth.

    Parameters
    ----------
    draws : array_like, (draws, targets)
    truth : array_like, (targets,)
    level : float
        Probability of the central interval, between 0 and 1.

    Returns
    -------
    ndarray of bool, (targets,)

    Raises
    ------
    ValueError
        If shapes do not match, `level` is out of bounds or a number is not finite.
    """
    values, true = _columns(draws, truth)
    low, _, high = quantiles(values, central_levels(level))
    return np.asarray((true >= low) & (true <= high))
