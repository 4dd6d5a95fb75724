"""How a true value becomes a worded number: given as a bound or as lying between two ends; `rounding.py` has rounding.

A reading holds all of one such way, on the scale of ln v: how likely a number or word is for a true value, which true
values it allows, the Gaussian that matches it, and a draw of what would be reported. `qualifiers.py` gives each
qualifier its reading.
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
"""A stock called "none" may hide this share: 16 of some 6,000 buildings were out when most called it finished."""
NONE_SPREAD = 1.0
"""Spread of the logarithm of what remains when a stock is called "none" (judgement)."""


@dataclass(frozen=True)
class Stated:
    """
    What a wording holds besides its words.

    Attributes
    ----------
    value, value_high : float
        The number, or the ends of a range; NaN where the word says it all.
    unit : float
        The smallest step that a source counts in: 1 for counts, 0.01 for shares.
    stock : float
        Size of the stock that "all" and "none" speak of; 1 for shares, NaN where there is none.
    """

    value: float = np.nan
    value_high: float = np.nan
    unit: float = 1.0
    stock: float = np.nan

    @property
    def floor(self) -> float:
        """Half a unit: the smallest value told apart from none."""
        return self.unit / 2

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers that are there."""
        return tuple(number for number in (self.value, self.value_high) if not np.isnan(number))


class Reading(ABC):
    """One way in which a true value becomes a worded number."""

    numbers: ClassVar[int] = 1
    """How many numbers the wording holds."""
    of_stock: ClassVar[bool] = False
    """Whether it speaks of a share of the stock, whatever the size of that."""
    needs_stock: ClassVar[bool] = False
    """Whether it means nothing where the stock is not known."""

    @property
    def side(self) -> int:
        """On which side of its number the true value lies: 1 above, -1 below, 0 on either or on none."""
        return 0

    def check(self, said: Stated) -> None:
        """Raise a ValueError if a number is missing or below 0."""
        if self.numbers and not said.value >= 0:
            raise ValueError(f"value: must be a number of at least 0, got {said.value!r}")
        if self.numbers == 2 and not said.value_high >= said.value:
            raise ValueError(f"value_high: must be at least the value {said.value:g}, got {said.value_high!r}")

    def in_force(self, said: Stated) -> Reading:  # noqa: ARG002
        """Return the reading to use for these numbers."""
        return self

    @abstractmethod
    def log_likelihood(self, centre: Floats, said: Stated, sigma: float) -> Floats:
        """Return the log-likelihood for true values exp(`centre`), with an error of `sigma` on the log scale."""

    @abstractmethod
    def match(self, said: Stated) -> tuple[float, float]:
        """Return mean and spread of ln v that match the wording, without the error of the report."""

    @abstractmethod
    def allowed(self, said: Stated) -> tuple[float, float]:
        """Return the lowest and highest value that the wording allows; infinite where a side is open."""

    @abstractmethod
    def draw(self, value: float, said: Stated, sd: float, rng: np.random.Generator) -> tuple[float, ...] | None:
        """Return the numbers reported for a true value with an error of `sd`; None if the wording does not fit it."""


@dataclass(frozen=True)
class Bound(Reading):
    """
    A bound that the true value lies beyond, by an exponential surplus.

    Attributes
    ----------
    surplus : float
        Mean surplus of the true value, on the log scale; negative for an upper bound.
    """

    surplus: float

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
        """Return mean and spread of the surplus, added to the bound."""
        return float(np.log(max(said.value, said.floor)) + self.surplus), abs(self.surplus)

    def allowed(self, said: Stated) -> tuple[float, float]:
        """Return the bound, and no end on the other side."""
        return (said.value, np.inf) if self.side > 0 else (-np.inf, said.value)

    def draw(self, value: float, said: Stated, sd: float, rng: np.random.Generator) -> tuple[float, ...] | None:
        """Draw a surplus, and state what lies so far from the true value."""
        true = value * np.exp(sd * rng.standard_normal())
        return positive(round(true * np.exp(-self.surplus * rng.exponential()) / said.unit) * said.unit)


class Interval(Reading):
    """A true value between two ends, each with the error of a report."""

    softness: ClassVar[float] = 0.0
    """What is added to the error at the lower end, on the log scale."""

    @abstractmethod
    def ends(self, said: Stated) -> tuple[float, float]:
        """Return the logarithms of the ends."""

    def log_likelihood(self, centre: Floats, said: Stated, sigma: float) -> Floats:
        """Return the log-probability that the value lies between the ends."""
        low, high = self.ends(said)
        return _log_between(centre, low, high, sigma, float(np.hypot(sigma, self.softness)))

    def match(self, said: Stated) -> tuple[float, float]:
        """Return mean and spread of values spread evenly over the interval, from half a unit on."""
        low, high = self.ends(said)
        low = max(low, float(np.log(said.floor)))
        return (low + high) / 2, float((high - low) / np.sqrt(12))

    def draw(self, value: float, said: Stated, sd: float, rng: np.random.Generator) -> tuple[float, ...] | None:
        """Say the word where the true value lies between the ends."""
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
        """Draw a width, and put the true value anywhere in it."""
        true = value * np.exp(sd * rng.standard_normal())
        below, width = rng.uniform(), RANGE_WIDTH * rng.exponential()
        ends = (-below * width, (1 - below) * width)
        low, high = (round(true * np.exp(end) / said.unit) * said.unit for end in ends)
        return (low, high) if 0 < low < high else None


@dataclass(frozen=True)
class Order(Interval):
    """
    A word for an order of magnitude; a count near the lower end is rather called "over" that.

    Attributes
    ----------
    least, most : float
        The counts that it stands for.
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
            raise ValueError(f"stock: 'all' needs the stock that it speaks of, got {said.stock!r}")

    def ends(self, said: Stated) -> tuple[float, float]:
        """Return that share, and half a unit above the stock."""
        return float(np.log(ALL_SHARE * said.stock)), float(np.log(said.stock + said.floor))

    def allowed(self, said: Stated) -> tuple[float, float]:
        """Return that share, and the stock."""
        return ALL_SHARE * said.stock, said.stock


class Nothing(Interval):
    """At most `NONE_SHARE` of the stock, or half a unit where that is more or the stock is not known."""

    numbers = 0
    of_stock = True

    def ends(self, said: Stated) -> tuple[float, float]:
        """Return no lower end, and what may be hidden."""
        return -np.inf, float(np.log(np.fmax(NONE_SHARE * said.stock, said.floor)))

    def match(self, said: Stated) -> tuple[float, float]:
        """Return one spread below what may be hidden."""
        return self.ends(said)[1] - NONE_SPREAD, NONE_SPREAD

    def allowed(self, said: Stated) -> tuple[float, float]:
        """Return zero, and what may be hidden of the stock."""
        return 0.0, float(np.fmax(NONE_SHARE * said.stock, 0.0))


NOTHING = Nothing()


def around(low: float, high: float, half: float) -> tuple[float, float]:
    """Return the logarithms of the ends of numbers rounded to twice `half`."""
    return float(np.log(low - half)) if low > half else -np.inf, float(np.log(high + half))


def _log_between(centre: Floats, low: float, high: float, sigma: float, low_sigma: float) -> Floats:
    """Log of F(high) - F(low), computed in the nearer tail."""
    upper, lower = (high - centre) / sigma, (low - centre) / low_sigma
    flip = lower > 0
    a, b = np.where(flip, -lower, upper), np.where(flip, -upper, lower)
    gap = np.minimum(log_ndtr(b) - log_ndtr(a), -1e-15)
    return np.asarray(log_ndtr(a) + np.log1p(-np.exp(gap)))


def positive(number: float) -> tuple[float, ...] | None:
    """Return a number as those that are stated, None where there is nothing to state."""
    return (float(number),) if number > 0 else None
