"""Scores of forecasts given as draws: lower is better for all but the cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    Continuous ranked probability score of equally likely draws.

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
        If shapes do not fit or a number is not finite.

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


def interval_score(draws: ArrayLike, truth: ArrayLike, *, level: float) -> Floats:
    """
    Width of the central interval plus the penalty for a truth outside it.

    (u - l) + 2/a max(l - y, 0) + 2/a max(y - u, 0) with a = 1 - level (Gneiting and Raftery 2007).

    Parameters
    ----------
    draws : array_like, (draws, targets)
    truth : array_like, (targets,)
    level : float
        Probability of the central interval, between 0 and 1.

    Returns
    -------
    ndarray, (targets,)
        In the unit of the draws.

    Raises
    ------
    ValueError
        If shapes do not fit, `level` is out of bounds or a number is not finite.
    """
    values, true = _columns(draws, truth)
    tail = 1 - level
    low, _, high = quantiles(values, central_levels(level))
    return np.asarray((high - low) + 2 / tail * (np.maximum(low - true, 0) + np.maximum(true - high, 0)))


def log_score(draws: ArrayLike, truth: ArrayLike) -> Floats:
    """
    Minus the logarithm of the forecast density at the truth, from a Gaussian kernel estimate of the draws.

    Bandwidth by Silverman's rule.

    Parameters
    ----------
    draws : array_like, (draws, targets)
    truth : array_like, (targets,)

    Returns
    -------
    ndarray, (targets,)
        In nats.

    Raises
    ------
    ValueError
        If shapes do not fit or a number is not finite, or if draws have no spread and so no density.
    """
    from scipy.special import logsumexp

    values, true = _columns(draws, truth)
    width = 1.06 * values.std(0, ddof=1) * len(values) ** -0.2
    if not np.all(width > 0):
        raise ValueError("draws: must have a spread to have a density")
    z = (true - values) / width
    logs = -0.5 * z**2 - np.log(width * np.sqrt(2 * np.pi))
    return np.asarray(np.log(len(values)) - logsumexp(logs, axis=0))


def pit(draws: ArrayLike, truth: ArrayLike) -> Floats:
    """
    Probability integral transform: share of draws below the truth, ties counted half.

    Uniform over [0, 1] where forecasts are calibrated.

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
        If shapes do not fit or a number is not finite.
    """
    values, true = _columns(draws, truth)
    return np.asarray((values < true).mean(0) + 0.5 * (values == true).mean(0))


def cover(draws: ArrayLike, truth: ArrayLike, *, level: float) -> NDArray[np.bool_]:
    """
    Whether the central interval of a level holds the truth.

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
        If shapes do not fit, `level` is out of bounds or a number is not finite.
    """
    values, true = _columns(draws, truth)
    low, _, high = quantiles(values, central_levels(level))
    inside: NDArray[Any] = (true >= low) & (true <= high)
    return inside
