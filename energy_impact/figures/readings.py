"""How a true value becomes a worded number: as a bound, or between two ends; `rounding.py` has rounding.

A reading holds one such way, on the scale of ln v: the likelihood of a number or word for a true value, the true values
that it allows, the Gaussian that matches it, and draws of reports. `qualifiers.py` gives each qualifier its reading.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from scipy.special import log_ndtr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

REPORT_SD = 0.02
"""Error of any count as reported, on the log scale (judgement)."""
SOFT_LOWER = 0.15
"""Softness of the lower end of a word such as "hundreds", on the log scale (judgement)."""
RANGE_WIDTH = 0.25
"""Mean width of a reported range, on the log scale (judgement)."""
ALL_SHARE = 0.99
"""A stock called "all" holds at least this share (judgement)."""
NONE_SHARE = 0.005
"""A stock called "none" may hide this share: 16 of some 6,000 buildings were out when most sources called it over."""
NONE_SPREAD = 1.5
"""Spread of the logarithm of the hidden rest of a stock called "none" (judgement)."""


@dataclass(frozen=True)
class Stated:
    """
    The numbers of a wording.

    Attributes
    ----------
    value, value_high : float
        The number, or the ends of a range; NaN if the word has no number.
    unit : float
        The smallest counting step of a source: 1 for counts, 0.01 for shares or finer where they are.
    stock : float
        Size of the stock that "all" and "none" refer to; 1 for shares, NaN without one.
    """

    value: float = np.nan
    value_high: float = np.nan
    unit: float = 1.0
    stock: float = np.nan

    @property
    def floor(self) -> float:
        """Half a unit: the smallest value distinct from zero."""
        return self.unit / 2

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers that are given."""
        return tuple(number for number in (self.value, self.value_high) if not np.isnan(number))


class Reading(ABC):
    """One way in which a true value becomes a worded number."""

    numbers: ClassVar[int] = 1
    """Count of numbers in the wording."""
    of_stock: ClassVar[bool] = False
    """Whether it means a share of the stock, whatever its size."""
    needs_stock: ClassVar[bool] = False
    """Whether it has no meaning if the stock is unknown."""
    has_ends: ClassVar[bool] = False
    """Whether its likelihood has ends that its Gaussian blurs, so that members are also weighed by the likelihood."""

    @property
    def side(self) -> int:
        """Side of its number on which the true value lies: 1 above, -1 below, 0 either or neither."""
        return 0

    def check(self, said: Stated) -> None:
        """Raise a ValueError if a number is missing or below 0."""
        if self.numbers and not said.value >= 0:
            raise ValueError(f"value: must be a number of at least 0, got {said.value!r}")
        if self.numbers == 2 and not said.value_high >= said.value:
            raise ValueError(f"value_high: must be at least the value {said.value:g}, got {said.value_high!r}")

    def in_force(self, said: Stated) -> Reading:  # noqa: ARG002
        """Return the reading for these numbers."""
        return self

    @abstractmethod
    def log_likelihood(self, centre: Floats, said: Stated, sigma: float) -> Floats:
        """Return the log-likelihood for true values exp(`centre`), with an error of `sigma` on the log scale."""

    @abstractmethod
    def match(self, said: Stated) -> tuple[float, float]:
        """Return the mean and spread of ln v that match the wording, without the error of the report."""

    @abstractmethod
    def allowed(self, said: Stated) -> tuple[float, float]:
        """Return the lowest and highest value that the wording allows; infinite where a side is open."""

    @abstractmethod
    def draw(self, value: float, said: Stated, sd: float, rng: np.random.Generator) -> tuple[float, ...] | None:
        """Return the numbers reported for a true value with an error of `sd`; None if the wording does not fit."""


@dataclass(frozen=True)
class Bound(Reading):
    """
    A bound, with the true value beyond it by an exponential surplus.

    Attributes
    ----------
    surplus : float
        Mean surplus of the true value, on the log scale; negative for an upper bound.
    """

    surplus: float

    has_ends = True

    @property
    def side(self) -> int:
        """The sign of the surplus."""
        return int(np.sign(self.surplus))

    def log_likelihood(self, centre: Floats, said: Stated, sigma: float) -> Floats:
        """Return the log-density in ln R where ln v = ln R + surplus: exponentially modified Gaussian."""
        rate = 1 / abs(self.surplus)
        y = (centre - np.log(max(said.value, said.floor))) * self.side
        return np.asarray(np.log(rate) + (rate * sigma) ** 2 / 2 - rate * y + log_ndtr(y / sigma - rate * sigma))

    def match(self, said: Stated) -> tuple[float, float]:
        """Return the mean and spread of the bound plus the surplus."""
        return float(np.log(max(said.value, said.floor)) + self.surplus), abs(self.surplus)

    def allowed(self, said: Stated) -> tuple[float, float]:
        """Return the bound, and infinity on the other side."""
        return (said.value, np.inf) if self.side > 0 else (-np.inf, said.value)

    def draw(self, value: float, said: Stated, sd: float, rng: np.random.Generator) -> tuple[float, ...] | None:
        """Return the true value less a drawn surplus, rounded to the unit."""
        true = value * np.exp(sd * rng.standard_normal())
        return positive(round(true * np.exp(-self.surplus * rng.exponential()) / said.unit) * said.unit)


class Interval(Reading):
    """A true value between two ends, each with the error of a report."""

    has_ends = True
    softness: ClassVar[float] = 0.0
    """Extra error at the lower end, on the log scale."""

    @abstractmethod
    def ends(self, said: Stated) -> tuple[float, float]:
        """Return the logarithms of the ends."""

    def log_likelihood(self, centre: Floats, said: Stated, sigma: float) -> Floats:
        """Return the log-probability that the value lies between the ends."""
        low, high = self.ends(said)
        return _log_between(centre, low, high, sigma, float(np.hypot(sigma, self.softness)))

    def match(self, said: Stated) -> tuple[float, float]:
        """Return the mean and spread of values spread evenly over the interval, from half a unit up."""
        low, high = self.ends(said)
        low = max(low, float(np.log(said.floor)))
        return (low + high) / 2, float((high - low) / np.sqrt(12))

    def draw(self, value: float, said: Stated, sd: float, rng: np.random.Generator) -> tuple[float, ...] | None:
        """Return no numbers if the true value lies between the ends, else None."""
        error, (low, high) = rng.standard_normal(), self.ends(said)
        fits = low < np.log(value) + np.hypot(sd, self.softness) * error and np.log(value) + sd * error <= high
        return () if fits else None


class Range(Interval):
    """Between two numbers."""

    numbers = 2

    def ends(self, said: Stated) -> tuple[float, float]:
        """Return half a unit outside the numbers."""
        return around(said.value, said.value_high, said.floor)

    def allowed(self, said: Stated) -> tuple[float, float]:
        """Return the numbers."""
        return said.value, said.value_high

    def draw(self, value: float, said: Stated, sd: float, rng: np.random.Generator) -> tuple[float, ...] | None:
        """Return the ends of a drawn width, placed at random around the true value."""
        true = value * np.exp(sd * rng.standard_normal())
        below, width = rng.uniform(), RANGE_WIDTH * rng.exponential()
        ends = (-below * width, (1 - below) * width)
        low, high = (round(true * np.exp(end) / said.unit) * said.unit for end in ends)
        return (low, high) if 0 < low < high else None


@dataclass(frozen=True)
class Order(Interval):
    """
    A word for an order of magnitude; a count near the lower end is more often worded as "over".

    Attributes
    ----------
    least, most : float
        The range of counts that it means.
    """

    least: float
    most: float

    numbers = 0
    softness = SOFT_LOWER

    def ends(self, said: Stated) -> tuple[float, float]:
        """Return half a unit outside the counts."""
        return float(np.log(self.least - said.floor)), float(np.log(self.most + said.floor))

    def allowed(self, said: Stated) -> tuple[float, float]:  # noqa: ARG002
        """Return the counts."""
        return self.least, self.most


class All(Interval):
    """At least `ALL_SHARE` of the stock."""

    numbers = 0
    of_stock = needs_stock = True

    def check(self, said: Stated) -> None:
        """Raise a ValueError if the stock is not known."""
        if not said.stock > 0:
            raise ValueError(f"stock: 'all' needs the size of its stock, got {said.stock!r}")

    def ends(self, said: Stated) -> tuple[float, float]:
        """Return that share, and half a unit above the stock."""
        return float(np.log(ALL_SHARE * said.stock)), float(np.log(said.stock + said.floor))

    def allowed(self, said: Stated) -> tuple[float, float]:
        """Return that share, and the stock."""
        return ALL_SHARE * said.stock, said.stock


class Nothing(Interval):
    """At most `NONE_SHARE` of the stock, or half a unit if that is more or the stock is unknown."""

    numbers = 0
    of_stock = True

    def ends(self, said: Stated) -> tuple[float, float]:
        """Return no lower end, and the largest hidden count."""
        return -np.inf, float(np.log(np.fmax(NONE_SHARE * said.stock, said.floor)))

    def match(self, said: Stated) -> tuple[float, float]:
        """Return a mean one spread below the largest hidden count, and that spread."""
        return self.ends(said)[1] - NONE_SPREAD, NONE_SPREAD

    def allowed(self, said: Stated) -> tuple[float, float]:
        """Return zero, and the share of the stock that may be hidden."""
        return 0.0, float(np.fmax(NONE_SHARE * said.stock, 0.0))


NOTHING = Nothing()


def around(low: float, high: float, half: float) -> tuple[float, float]:
    """Return the logarithms of the ends of a range whose numbers are rounded to twice `half`."""
    return float(np.log(low - half)) if low > half else -np.inf, float(np.log(high + half))


def _log_between(centre: Floats, low: float, high: float, sigma: float, low_sigma: float) -> Floats:
    """Return the log of F(high) - F(low), computed in the nearer tail."""
    upper, lower = (high - centre) / sigma, (low - centre) / low_sigma
    flip = lower > 0
    a, b = np.where(flip, -lower, upper), np.where(flip, -upper, lower)
    gap = np.minimum(log_ndtr(b) - log_ndtr(a), -1e-15)
    return np.asarray(log_ndtr(a) + np.log1p(-np.exp(gap)))


def positive(number: float) -> tuple[float, ...] | None:
    """Return a number as a tuple of stated numbers; None if it is not above 0."""
    return (float(number),) if number > 0 else None
