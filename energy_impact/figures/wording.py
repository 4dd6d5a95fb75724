"""
The likelihood of a worded figure, and draws of wordings.

Each wording describes how a true value v becomes the reported number R, on the scale of ln v with an error of standard
deviation `REPORT_SD`, plus that of the source. `qualifiers.py` holds the meaning of each qualifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from energy_impact._arithmetic import underflow_is_zero
from energy_impact.figures.qualifiers import Qualifier, qualifier_of
from energy_impact.figures.readings import NOTHING, REPORT_SD, Reading, Stated

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Claim:
    """
    One worded number.

    Attributes
    ----------
    qualifier : str
        One of `qualifiers.QUALIFIERS`.
    value, value_high, unit, stock : float
        As in `Stated`.

    Raises
    ------
    ValueError
        If the qualifier is unknown, or lacks the numbers or the stock that it needs.
    """

    qualifier: str
    value: float = np.nan
    value_high: float = np.nan
    unit: float = 1.0
    stock: float = np.nan

    def __post_init__(self) -> None:
        qualifier_of(self.qualifier).reading.check(self.stated)

    @cached_property
    def stated(self) -> Stated:
        """Its numbers, without the qualifier."""
        return Stated(self.value, self.value_high, self.unit, self.stock)

    @cached_property
    def reading(self) -> Reading:
        """The reading of its qualifier; zero, unless it is a lower bound, reads as "none"."""
        reading = qualifier_of(self.qualifier).reading
        zero = self.value == 0 and reading.numbers == 1 and reading.side <= 0
        return NOTHING if zero else reading.in_force(self.stated)


@underflow_is_zero
def log_likelihood(log_value: ArrayLike, claim: Claim, sd: float = 0.0) -> NDArray[np.float64]:
    """
    Return the log-likelihood of a worded number for true values.

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
    centre = np.maximum(np.asarray(log_value, float), np.log(claim.stated.floor))
    return claim.reading.log_likelihood(centre, claim.stated, float(np.hypot(REPORT_SD, sd)))


def match_gaussian(claim: Claim) -> tuple[float, float]:
    """
    Return the mean and standard deviation of the Gaussian in ln v that matches a worded number, with `REPORT_SD`.

    Examples
    --------
    >>> mean, sd = match_gaussian(Claim("at_least", 1000.0))
    >>> round(float(np.exp(mean))), round(sd, 3)
    (1105, 0.102)
    """
    mean, spread = claim.reading.match(claim.stated)
    return float(mean), float(np.hypot(spread, REPORT_SD))


@underflow_is_zero
def allowed_values(claim: Claim) -> tuple[float, float]:
    """
    Return the lowest and highest true value that a worded number allows; infinite if a side is open.

    Examples
    --------
    >>> low, high = allowed_values(Claim("over", 4000.0))
    >>> low, round(high, -1)
    (4000.0, 4910.0)
    """
    return claim.reading.allowed(claim.stated)


def largest_named(claim: Claim) -> float:
    """Return the largest number in a wording, or without numbers the lowest value that it allows."""
    return max(claim.stated.numbers or (allowed_values(claim)[0],))


def reported_as(
    value: float,
    qualifier: Qualifier,
    sd: float,
    rng: np.random.Generator,
    *,
    unit: float = 1.0,
    stock: float = np.nan,
) -> Claim | None:
    """
    Return a drawn report of a true value.

    Parameters
    ----------
    value : float
        The true value, above 0.
    qualifier : Qualifier
    sd : float
        Error of the report, on the log scale.
    rng : Generator
    unit, stock : float
        As in `Stated`.

    Returns
    -------
    Claim or None
        None if the qualifier does not fit the value.
    """
    numbers = qualifier.reading.draw(value, Stated(unit=unit, stock=stock), sd, rng)
    if numbers is None:
        return None
    low, high = (*numbers, np.nan, np.nan)[:2]
    return Claim(qualifier.name, low, high, unit, stock)
