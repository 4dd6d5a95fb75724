"""Published forms of a restoration curve fitted to durations: estimates, intervals and AIC."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import log_ndtr

from energy_impact import bounds
from energy_impact._checks import brief, check_array, check_choice
from energy_impact.model.families import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

FURTHEST = 12.0
"""Logarithms beyond estimate and first guess within which an end of an interval is sought; beyond, it is open."""
HALF_LOG_2PI = float(np.log(2 * np.pi) / 2)
TOLERANCE = 1e-10
"""Tolerance of the search for the largest likelihood, on the logarithms of the parameters."""


class Durations(NamedTuple):
    """Durations known to lie from `low` to `high` [h], each `weight` times; equal ends are exact, inf is open."""

    low: Floats
    high: Floats
    weight: Floats


def fit_family(
    low_h: ArrayLike,
    high_h: ArrayLike | None = None,
    *,
    weights: ArrayLike | None = None,
    families: Sequence[str] = tuple(PARAMETERS),
    level: float = 0.9,
) -> pd.DataFrame:
    """
    Return families of restoration curves fitted to durations by maximum likelihood, the best AIC first.

    Parameters
    ----------
    low_h : array_like, shape (n,)
        Durations, above 0; or the least that each may be, at least 0. [h]
    high_h : array_like, shape (n,), optional
        The most that each may be: equal to `low_h` if exact, inf if it had not ended by `low_h`. [h]
    weights : array_like, shape (n,), optional
        How often each was seen, such as customers restored between two counts; above 0. By default once.
    families : sequence of str
        Of `restoration_family`; by default all six.
    level : float
        Probability of the intervals.

    Returns
    -------
    DataFrame
        family, parameter, estimate, low and high (profile likelihood: where twice the loss of log-likelihood reaches
        the quantile of chi-squared with one degree of freedom; 0 or inf where it does not), log_likelihood and aic.
        Where the exponential, the limit of a Lomax, is likelier than any, its estimates are huge and `high` is inf.

    Raises
    ------
    ValueError
        If the durations are fewer than two, none has an upper end, or a number is out of bounds.

    Notes
    -----
    Weights that count customers who were restored together make intervals too narrow, since customers are not
    independent.

    Examples
    --------
    >>> import energy_impact as ei
    >>> table = ei.fit_family([1.0, 2.0, 4.0, 8.0], families=["exponential"])
    >>> float(table.loc[0, "estimate"].round(3))
    3.75
    """
    from scipy.stats import chi2

    data = _durations(low_h, high_h, weights)
    if isinstance(families, str) or not isinstance(families, Sequence):
        raise ValueError(f"families: must be a list of names, got {brief(families)}")
    drop = float(chi2.ppf(bounds.check("level", level, "level"), 1)) / 2
    rows = [row for name in families for row in _rows(check_choice("families", name, PARAMETERS), data, drop)]
    columns = ["family", "parameter", "estimate", "low", "high", "log_likelihood", "aic"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("aic", kind="stable", ignore_index=True)


def _durations(low_h: ArrayLike, high_h: ArrayLike | None, weights: ArrayLike | None) -> Durations:
    low = check_array("low_h", low_h)
    high = low if high_h is None else check_array("high_h", high_h)
    weight = np.ones_like(low) if weights is None else check_array("weights", weights)
    if low.ndim != 1 or not low.shape == high.shape == weight.shape or len(low) < 2:
        raise ValueError(f"durations: must be two or more, with ends and weights for each, got {brief(low_h)}")
    if not (np.isfinite(low) & (low >= 0) & (high >= low) & (high > 0)).all():
        raise ValueError("durations: must be at least 0, with low_h at most high_h and high_h above 0")
    if not (np.isfinite(weight) & (weight > 0)).all():
        raise ValueError(f"weights: must be above 0 and finite, got {brief(weights)}")
    if not np.isfinite(high).any():
        raise ValueError("durations: at least one must have an upper end, got none")
    longest = float(max(low.max(), high[np.isfinite(high)].max()))
    if longest > bounds.LONGEST_RESTORED_H:
        raise ValueError(f"durations: must be at most {bounds.LONGEST_RESTORED_H:g} h, got {longest:g}")
    return Durations(low, high, weight)


def log_likelihood(name: str, logs: Floats, data: Durations) -> float:
    """Return the log-likelihood of durations under a family, given the logarithms of its parameters."""
    with np.errstate(all="ignore"):
        density, after = log_density_and_survival(name, np.exp(logs), data.low)
        _, until = log_density_and_survival(name, np.exp(logs), data.high)
        between = after + np.log(-np.expm1(np.minimum(until - after, 0)))
        found = np.sum(data.weight * np.where(data.low == data.high, density, between))
    return float(found) if np.isfinite(found) else -np.inf


def log_density_and_survival(name: str, parameters: Sequence[float] | Floats, hours: Floats) -> tuple[Floats, Floats]:
    """Return the logarithms of the density of a family and of the share not restored, which scipy gives more slowly.

    Parameters
    ----------
    name : str
    parameters : sequence of float
        In the order of `PARAMETERS`.
    hours : ndarray
        [h]
    """
    first, second = (*parameters, 1.0)[:2]
    if name == "exponential":
        return -hours / first - np.log(first), -hours / first
    if name == "weibull":
        hazard = (hours / second) ** first
        return np.log(first / second) + (first - 1) * np.log(hours / second) - hazard, -hazard
    if name == "lognormal":
        z = np.log(hours / first) / second
        return -(z**2) / 2 - np.log(second * hours) - HALF_LOG_2PI, log_ndtr(-z)
    if name == "log_logistic":
        odds = second * np.log(hours / first)
        survival = -np.logaddexp(0, odds)
        return np.log(second / hours) + odds + 2 * survival, survival
    if name == "lomax":
        survival = -first * np.log1p(hours / second)
        return np.log(first / second) + survival - np.log1p(hours / second), survival
    z, above = (hours - first) / second, log_ndtr(first / second)
    return -(z**2) / 2 - np.log(second) - HALF_LOG_2PI - above, log_ndtr(-z) - above


def _rows(name: str, data: Durations, drop: float) -> list[tuple[object, ...]]:
    """Return a row per parameter of a family."""

    def loss(logs: Floats) -> float:
        if np.abs(logs).max() > 50:
            return np.inf
        return -log_likelihood(name, logs, data)

    start = _start(name, data)
    best, least = _minimum(loss, start)
    names = PARAMETERS[name]
    aic = 2 * len(names) + 2 * least
    found: list[tuple[object, ...]] = []
    for index, parameter in enumerate(names):
        beyond = best[index] - start[index]
        low = _end(loss, best, index, least + drop, -1.0, FURTHEST + max(beyond, 0.0))
        high = _end(loss, best, index, least + drop, 1.0, FURTHEST + max(-beyond, 0.0))
        found.append((name, parameter, float(np.exp(best[index])), low, high, -least, aic))
    return found


def _start(name: str, data: Durations) -> Floats:
    """Return the logarithms of first guesses of a family's parameters."""
    middle = np.where(np.isfinite(data.high), (data.low + data.high) / 2, 1.5 * data.low)
    mean = float(np.average(middle, weights=data.weight))
    spread = float(np.sqrt(np.average((middle - mean) ** 2, weights=data.weight)))
    own = {"sigma": 1.0, "sd_h": max(spread, 0.1 * mean), "shape": 3.0 if name == "lomax" else 1.2}
    scale = 2 * mean if name == "lomax" else mean
    return np.log([own.get(parameter, scale) for parameter in PARAMETERS[name]])


def _minimum(loss: Callable[[Floats], float], start: Floats) -> tuple[Floats, float]:
    """Return where a function of logarithms is least, and its value there."""
    from scipy.optimize import minimize

    options: Any = {"xatol": TOLERANCE, "fatol": TOLERANCE, "maxiter": 4000, "maxfev": 4000}
    first = minimize(loss, start, method="Nelder-Mead", options=options)
    again = minimize(loss, first.x, method="Nelder-Mead", options=options)
    return np.asarray(again.x, float), float(again.fun)


def _end(
    loss: Callable[[Floats], float], best: Floats, index: int, limit: float, sign: float, furthest: float
) -> float:
    """Return where the profile of a parameter reaches a limit, below (-1) or above (1) its estimate, or 0 or inf."""
    from scipy.optimize import brentq, minimize_scalar

    other = 1 - index
    found = {"at": best[other] if len(best) > 1 else 0.0}

    @cache  # a second search of the other parameter may end elsewhere, and both ends of the bracket pass the limit
    def above(step: float) -> float:
        point = best.copy()
        point[index] += sign * step
        if len(best) == 1:
            return min(loss(point), 1e300) - limit

        def along(value: float) -> float:
            point[other] = value
            return min(loss(point), 1e300)

        near: Any = (found["at"] - 0.1, found["at"] + 0.1)  # older stubs know brackets of three only
        result = minimize_scalar(along, bracket=near, tol=1e-8)
        found["at"] = float(result.x)
        return float(result.fun) - limit

    before, step = 0.0, 0.05
    if above(before) >= 0:  # a level of next to nothing
        return float(np.exp(best[index]))
    while above(step) < 0:
        before, step = step, 1.6 * step
        if step > furthest:
            return 0.0 if sign < 0 else np.inf
    return float(np.exp(best[index] + sign * brentq(above, before, step, xtol=1e-6)))
