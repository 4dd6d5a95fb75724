"""From the wording of a figure to its likelihood.

Each wording says how a true value v turns into the reported number R, on the scale of ln v with an error of standard
deviation `REPORT_SD`, plus the source's own. A rounded number is a sum over rounding
units, a bound has an exponential surplus, a word for an order of magnitude is its decade with a soft lower end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import log_ndtr, ndtr

from energy_impact.vocabulary import ORDERS, RESTORED_ALL_SHARE, RESTORED_NONE_SHARE, WORDS_WITHOUT_VALUE

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

REPORT_SD = 0.02
"""Error of any count as reported, on the log scale (judgement)."""
SURPLUS = {"at_least": 0.10, "up_to": -0.15, "under": -0.15}
"""Mean surplus of the true value over a bound, on the log scale; negative for upper bounds (judgement)."""
ROUNDED_TO = {"about": (-0.5, 0.5), "over": (0.0, 1.0), "almost": (-1.0, 0.0)}
"""Where the true value lies from a rounded number, in rounding units: "over" rounds down and "almost" up."""
ROUNDING_CENTRE = 0.04
"""Typical rounding unit as a share of the value (judgement)."""
ROUNDING_SPREAD = 1.1
"""Spread of the logarithm of the rounding unit (judgement)."""
SOFT_LOWER = 0.15
"""Softness of the lower end of a word such as "hundreds", on the log scale (judgement)."""
NONE_SPREAD = 1.0
"""Spread of the logarithm of what remains when a stock is called "none" (judgement)."""

_MANTISSAS = (1.0, 5.0)
_ZERO_IS_NONE = frozenset(("exact", "about", "up_to", "almost", "under"))


@dataclass(frozen=True)
class Claim:
    """
    One worded number.

    Attributes
    ----------
    qualifier : str
        One of `vocabulary.QUALIFIERS`.
    value, value_high : float
        The number, or the ends of a range; NaN where the word says it all.
    unit : float
        The smallest step a source counts in: 1 for counts, 0.01 for shares.
    stock : float
        Size of the stock that "all" and "none" speak of; 1 for shares, NaN where there is none.
    """

    qualifier: str
    value: float = np.nan
    value_high: float = np.nan
    unit: float = 1.0
    stock: float = np.nan

    def __post_init__(self) -> None:
        if self.qualifier in {"all", "none"} and not self.stock > 0:
            raise ValueError(f"stock: {self.qualifier!r} needs the stock that it speaks of, got {self.stock!r}")
        if self.qualifier not in WORDS_WITHOUT_VALUE and not self.value >= 0:
            raise ValueError(f"value: {self.qualifier!r} needs a number of at least 0, got {self.value!r}")

    @property
    def floor(self) -> float:
        """Half a unit: the smallest value told apart from none."""
        return self.unit / 2

    @property
    def word(self) -> str:
        """The qualifier as it is read: a count of zero, however it is qualified from above, is "none"."""
        return "none" if self.value == 0 and self.qualifier in _ZERO_IS_NONE else self.qualifier

    @property
    def rounding(self) -> tuple[float, float] | None:
        """
        Where the true value lies from the number, in rounding units; None for a number that is not read as rounded.

        A bare number that ends in a zero is read as rounded to the nearest.
        """
        if self.qualifier == "exact" and self.value > 0 and _divides(10 * self.unit, self.value):
            return ROUNDED_TO["about"]
        return ROUNDED_TO.get(self.word)


def rounding_units(value: float, unit: float) -> NDArray[np.float64]:
    """Return the rounding units in use for numbers of this size: 1, 5, 10, 50, ... times `unit`, up to the number."""
    decades = int(np.ceil(np.log10(max(value / unit, 1.0)))) + 1
    units = np.array([mantissa * 10.0**k for k in range(decades) for mantissa in _MANTISSAS]) * unit
    return units[units <= max(2 * value, unit)]


def rounding_weights(value: ArrayLike, units: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Return the weight of each rounding unit for a true value, lognormal about a share of it, normalised.

    Returns
    -------
    ndarray, (..., units)
    """
    centre = np.log(ROUNDING_CENTRE * np.asarray(value, float))[..., None]
    logs = -0.5 * ((np.log(units) - centre) / ROUNDING_SPREAD) ** 2
    weights = np.exp(logs - logs.max(-1, keepdims=True))
    return np.asarray(weights / weights.sum(-1, keepdims=True))


def log_likelihood(log_value: ArrayLike, claim: Claim, sd: float = 0.0) -> NDArray[np.float64]:
    """
    Log-likelihood of a worded number for true values.

    Parameters
    ----------
    log_value : array_like
        Logarithm of the true value, any shape.
    claim : Claim
    sd : float
        Error of the source besides `REPORT_SD`, on the log scale.

    Returns
    -------
    ndarray of float64
        In the shape of `log_value`. Probabilities of the reported word or number; densities in ln R for bounds.
    """
    centre = np.maximum(np.asarray(log_value, float), np.log(claim.floor))
    sigma = float(np.hypot(REPORT_SD, sd))
    word = claim.word
    if word in SURPLUS:
        return _bound(centre, np.log(max(claim.value, claim.floor)), SURPLUS[word], sigma)
    if claim.rounding is not None:
        return _rounded(centre, claim, claim.rounding, sigma)
    low, high, low_sigma = _interval(claim, sigma)
    return _log_between(centre, low, high, sigma, low_sigma)


def moments(claim: Claim) -> tuple[float, float]:
    """
    Mean and standard deviation of ln v that match a worded number, flat prior, `REPORT_SD` included.

    Examples
    --------
    >>> mean, sd = moments(Claim("at_least", 1000.0))
    >>> round(float(np.exp(mean))), round(sd, 3)
    (1105, 0.102)
    """
    word = claim.word
    mean: float
    spread: float
    if word in SURPLUS:
        mean, spread = np.log(max(claim.value, claim.floor)) + SURPLUS[word], abs(SURPLUS[word])
    elif word == "none":
        mean, spread = _interval(claim, REPORT_SD)[1] - NONE_SPREAD, NONE_SPREAD
    elif claim.rounding is not None and claim.value > 0:
        mean, spread = _rounded_moments(claim, claim.rounding)
    else:
        low, high, _ = _interval(claim, REPORT_SD)
        low = max(low, float(np.log(claim.floor)))
        mean, spread = (low + high) / 2, (high - low) / np.sqrt(12)
    return float(mean), float(np.hypot(spread, REPORT_SD))


def _interval(claim: Claim, sigma: float) -> tuple[float, float, float]:
    """Logarithms of the ends of the values that a wording stands for, and the error at the lower end."""
    half = claim.unit / 2
    if claim.word in ORDERS:
        low, high = ORDERS[claim.word]
        return float(np.log(low - half)), float(np.log(high + half)), float(np.hypot(sigma, SOFT_LOWER))
    if claim.word == "all":
        return float(np.log(RESTORED_ALL_SHARE * claim.stock)), float(np.log(claim.stock + half)), sigma
    if claim.word == "none":
        return -np.inf, float(np.log(np.fmax(RESTORED_NONE_SHARE * claim.stock, half))), sigma
    top = claim.value_high if claim.word == "range" else claim.value
    bottom = float(np.log(claim.value - half)) if claim.value > half else -np.inf
    return bottom, float(np.log(top + half)), sigma


def _log_between(centre: NDArray[np.float64], low: float, high: float, sigma: float,
                 low_sigma: float) -> NDArray[np.float64]:  # fmt: skip
    """Log of F(high) - F(low), computed in the nearer tail."""
    upper, lower = (high - centre) / sigma, (low - centre) / low_sigma
    flip = lower > 0
    a, b = np.where(flip, -lower, upper), np.where(flip, -upper, lower)
    gap = np.minimum(log_ndtr(b) - log_ndtr(a), -1e-15)
    return np.asarray(log_ndtr(a) + np.log1p(-np.exp(gap)))


def _bound(centre: NDArray[np.float64], log_reported: float, surplus: float, sigma: float) -> NDArray[np.float64]:
    """Log-density of ln R where ln v = ln R + surplus, the surplus exponential: exponentially modified Gaussian."""
    rate = 1 / abs(surplus)
    y = (centre - log_reported) * np.sign(surplus)
    return np.asarray(np.log(rate) + (rate * sigma) ** 2 / 2 - rate * y + log_ndtr(y / sigma - rate * sigma))


def _divides(unit: ArrayLike, value: float) -> Any:
    ratio = value / np.asarray(unit, float)
    return np.abs(ratio - np.round(ratio)) < 1e-6


def _dividing_units(claim: Claim) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    units = rounding_units(claim.value, claim.unit)
    units = units[_divides(units, claim.value)]
    if not len(units):
        return np.array([claim.unit]), np.ones(1)
    return units, rounding_weights(claim.value, units)


def _rounded_moments(claim: Claim, side: tuple[float, float]) -> tuple[float, float]:
    """Mean and standard deviation of ln v: a mixture over rounding units of values spread evenly over one unit."""
    units, weights = _dividing_units(claim)
    low, high = (units * end / claim.value for end in side)
    middle = (low + high) / 2
    mean = float(weights @ middle) / float(weights.sum())
    second = float(weights @ (middle**2 + (high - low) ** 2 / 12)) / float(weights.sum())
    spread = float(np.sqrt(second - mean**2))
    return float(np.log(claim.value) + np.log1p(mean)), spread / (1 + mean)


def _rounded(centre: NDArray[np.float64], claim: Claim, side: tuple[float, float], sigma: float) -> NDArray[np.float64]:
    """Log-probability of a number rounded to one of several units, the unit drawn for the true value."""
    units = rounding_units(max(claim.value, claim.unit), claim.unit)
    weights = rounding_weights(np.exp(centre), units)
    total = np.zeros_like(centre)
    for k in np.flatnonzero(_divides(units, claim.value)):
        low = np.log(max(claim.value + side[0] * units[k], 1e-300))
        high = np.log(claim.value + side[1] * units[k])
        total += weights[..., k] * (ndtr((high - centre) / sigma) - ndtr((low - centre) / sigma))
    return np.asarray(np.log(np.maximum(total, 1e-300)))
