"""Readings of numbers that are, or may be, rounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import log_ndtr, ndtr

from energy_impact.figures.readings import REPORT_SD, Interval, Reading, Stated, around, positive

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from energy_impact.figures.readings import Floats

ROUNDING_CENTRE = 0.04
"""Typical rounding unit as a share of the value (judgement)."""
ROUNDING_SPREAD = 1.1
"""Spread of the logarithm of the rounding unit (judgement)."""
PLAIN_BOUND = 0.02
"""Probability that "over" or "almost" is a plain bound, with its surplus (judgement; docs/wording.md)."""
ALLOWED = 0.95
"""Share of the likelihood within the values that a rounded number allows (judgement)."""

_MANTISSAS = (1.0, 5.0)
_GRID = 4001
_TAIL = 6.0
_LEAST = 1e-300


@dataclass(frozen=True)
class Rounded(Reading):
    """
    A number rounded to one of the common units, drawn for the true value.

    Attributes
    ----------
    low, high : float
        Ends of the true value relative to the number, in rounding units.
    surplus : float
        Mean surplus of the true value if the wording is a plain bound (probability `PLAIN_BOUND`), on the log scale; 0
        if it never is.
    """

    low: float
    high: float
    surplus: float = 0.0

    @property
    def side(self) -> int:
        """The sign of the middle of the rounded interval."""
        return int(np.sign(self.low + self.high))

    def log_likelihood(self, centre: Floats, said: Stated, sigma: float) -> Floats:
        """Return the log-probability of the number, a sum over the units that divide it."""
        units = rounding_units(max(said.value, said.unit), said.unit)
        weights = rounding_weights(np.exp(centre), units)
        of_bound = rounding_weights(max(said.value, said.unit), units)
        chance = 1 - PLAIN_BOUND if self.surplus else 1.0
        total = np.zeros_like(centre)
        for k in np.flatnonzero(_divides(units, said.value)):
            lowest = said.value + self.low * units[k]
            low, high = np.log(max(lowest, _LEAST)), np.log(said.value + self.high * units[k])
            total += chance * weights[..., k] * (ndtr((high - centre) / sigma) - ndtr((low - centre) / sigma))
            if self.surplus and lowest > 0:
                total += PLAIN_BOUND * of_bound[k] * _bound_probability(centre, low, high, self.surplus, sigma)
        return np.asarray(np.log(np.maximum(total, _LEAST)))

    def match(self, said: Stated) -> tuple[float, float]:
        """
        Return the mean and spread of a weighted mixture over rounding units, with values spread evenly over each.

        The possibility of a plain bound is left out: with its tail, the Gaussian would be too wide in the middle.
        """
        if said.value == 0:
            return float(np.log(said.floor)), 0.0
        units, weights = _dividing_units(said)
        low, high = units * self.low / said.value, units * self.high / said.value
        middle = (low + high) / 2
        mean = float(weights @ middle) / float(weights.sum())
        second = float(weights @ (middle**2 + (high - low) ** 2 / 12)) / float(weights.sum())
        spread = float(np.sqrt(second - mean**2))
        return float(np.log(said.value) + np.log1p(mean)), spread / (1 + mean)

    def allowed(self, said: Stated) -> tuple[float, float]:
        """
        Return the ends of the values that hold `ALLOWED` of the likelihood (flat prior, with the error of a report).

        The number itself is an end if the wording excludes one side: "over 4,000" allows nothing below 4,000.
        """
        if said.value == 0:
            return 0.0, said.unit
        units, _ = _dividing_units(said)
        number = np.log(said.value)
        reach = _TAIL * (REPORT_SD + abs(self.surplus))
        low = number if self.side > 0 else np.log(max(said.value + self.low * units.max(), said.floor)) - reach
        high = number if self.side < 0 else np.log(said.value + self.high * units.max()) + reach
        grid = np.linspace(low, high, _GRID)
        held = np.cumsum(np.exp(self.log_likelihood(grid, said, REPORT_SD)))
        below = (1 - ALLOWED) * {1: 0.0, 0: 0.5, -1: 1.0}[self.side]
        ends = np.exp(np.interp([below, below + ALLOWED], held / held[-1], grid))
        return (
            said.value if self.side > 0 else float(ends[0]),
            said.value if self.side < 0 else float(ends[1]),
        )

    def draw(self, value: float, said: Stated, sd: float, rng: np.random.Generator) -> tuple[float, ...] | None:
        """Return the true value, or with probability `PLAIN_BOUND` a bound on it, rounded to a drawn unit."""
        true = value * np.exp(sd * rng.standard_normal())
        if self.surplus and rng.uniform() < PLAIN_BOUND:
            true *= np.exp(-self.surplus * rng.exponential())
        units = rounding_units(true, said.unit)
        step = rng.choice(units, p=rounding_weights(true, units))
        return positive(float(np.floor(true / step - self.low) * step))


class Exact(Interval):
    """The number itself; a number that ends in a zero is read as rounded to the nearest unit."""

    has_ends = False

    def in_force(self, said: Stated) -> Reading:
        """Return the reading of a rounded number if the number is round."""
        return NEAREST if said.value > 0 and _divides(10 * said.unit, said.value) else self

    def ends(self, said: Stated) -> tuple[float, float]:
        """Return half a unit to either side."""
        return around(said.value, said.value, said.floor)

    def allowed(self, said: Stated) -> tuple[float, float]:
        """Return the number as both ends."""
        return said.value, said.value

    def draw(self, value: float, said: Stated, sd: float, rng: np.random.Generator) -> tuple[float, ...] | None:
        """Return the true value with its error, to the nearest unit."""
        return positive(round(value * np.exp(sd * rng.standard_normal()) / said.unit) * said.unit)


NEAREST = Rounded(-0.5, 0.5)


def rounding_units(value: float, unit: float) -> Floats:
    """Return the common rounding units for numbers of this size: 1, 5, 10, 50, ... times `unit`, up to the number."""
    decades = int(np.ceil(np.log10(max(value / unit, 1.0)))) + 1
    units = np.array([mantissa * 10.0**k for k in range(decades) for mantissa in _MANTISSAS]) * unit
    return units[units <= max(2 * value, unit)]


def rounding_weights(value: ArrayLike, units: Floats) -> Floats:
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


def _divides(unit: ArrayLike, value: float) -> NDArray[np.bool_]:
    ratio = value / np.asarray(unit, float)
    return np.asarray(np.abs(ratio - np.round(ratio)) < 1e-6)


def _dividing_units(said: Stated) -> tuple[Floats, Floats]:
    """Return the possible rounding units of a number, and their weights."""
    units = rounding_units(said.value, said.unit)
    units = units[_divides(units, said.value)]
    if not len(units):
        return np.array([said.unit]), np.ones(1)
    return units, rounding_weights(said.value, units)


def _bound_probability(centre: Floats, low: float, high: float, surplus: float, sigma: float) -> Floats:
    """Return the probability that a bound, exceeded by ln v by an exponential surplus, lies in `low` to `high`."""
    if surplus < 0:
        centre, low, high, surplus = -centre, -high, -low, -surplus
    rate = 1 / surplus

    def up_to(end: float) -> Floats:
        z = (end - centre) / sigma
        tail = np.exp(rate * (end - centre) + (rate * sigma) ** 2 / 2 + log_ndtr(-z - rate * sigma))
        return np.asarray(ndtr(z) + tail)

    return up_to(high) - up_to(low)
