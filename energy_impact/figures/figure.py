"""One published figure: a checked row of the table, as the fit, the tables and the page use it."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING

from energy_impact._language import digits, say, say_as
from energy_impact.bounds import OF_UNIT, is_whole
from energy_impact.figures.kinds import Kind, kind_of
from energy_impact.figures.qualifiers import Qualifier, qualifier_of
from energy_impact.figures.wording import Claim, allowed_values
from energy_impact.quantities import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

UNITS = ("count", "share")
TOGETHER_H = 3.0
"""Figures closer than this, beyond their own uncertainty, describe the same time. [h] (judgement)"""
SHARE_DECIMALS, FINEST_DECIMALS = 2, 6
"""Shares are counted in whole percent, or as finely as they are stated, down to one in a million (judgement)."""
TEMPERATURE_SHIFT_K = 1.0
"""Distance of a worded temperature from its number: half its rounding unit, or its surplus (judgement)."""


@dataclass(frozen=True)
class Figure:
    """
    One row of the table of figures, checked, as `read_figures` makes it.

    Attributes
    ----------
    id, place, quantity, qualifier, kind, unit, source : str
    time : Timestamp
        Time of validity, in UTC.
    value, value_high : float or None
        The number, or the ends of a range; None if the wording has none.
    period_start : Timestamp or None
        Start of its period, in UTC.
    time_uncertainty_h : float
        Possible error of the time to either side. [h]
    claimed_by, event, note : str or None
    """

    id: str
    time: pd.Timestamp
    place: str
    quantity: str
    value: float | None
    value_high: float | None
    qualifier: str
    kind: str
    unit: str
    source: str
    period_start: pd.Timestamp | None = None
    time_uncertainty_h: float = 0.0
    claimed_by: str | None = None
    event: str | None = None
    note: str | None = None

    @property
    def wording(self) -> Qualifier:
        """The meaning of its qualifier."""
        return qualifier_of(self.qualifier)

    @property
    def reads_as(self) -> Kind:
        """The meaning of its kind."""
        return kind_of(self.kind)

    @property
    def is_share(self) -> bool:
        """Whether its number is a share."""
        return self.unit == "share"

    @property
    def numbers(self) -> tuple[float, ...]:
        """The stated numbers, none to two."""
        return tuple(number for number in (self.value, self.value_high) if number is not None)

    @property
    def words(self) -> str:
        """
        The figure as worded, without the things counted.

        Examples
        --------
        >>> import pandas as pd
        >>> now = pd.Timestamp("2026-01-24T09:00Z")
        >>> Figure("a", now, "Ukraine", "power_customers_out", 1.2e6, None, "at_least", "stock", "count", "x").words
        'at least 1,200,000'
        >>> Figure("b", now, "Kyiv", "power_customers_out", 0.1, 0.25, "range", "stock", "share", "x").words
        'range 10 % to 25 %'
        """
        word = say_as("qualifier", self.wording.words)
        numbers = [self._written(number) for number in self.numbers]
        if len(numbers) == 2:
            return f"{word} {say('{low} to {high}', low=numbers[0], high=numbers[1])}"
        return " ".join([word, *numbers])

    def _written(self, number: float) -> str:
        if self.is_share:
            return digits(f"{100 * number:g} %")
        return digits(f"{number:,g}" if abs(number) < 1e6 else f"{number:,.0f}")

    def claim(self, stock: float = math.nan) -> Claim:
        """
        Return the worded number.

        Parameters
        ----------
        stock : float
            Size of its stock; NaN if unknown. Shares are of 1.

        Raises
        ------
        ValueError
            If it states no number, or a temperature below 0, or "all" of an unknown stock.
        """
        value, high = (math.nan if number is None else number for number in (self.value, self.value_high))
        if self.is_share:
            decimals = _decimals(self.numbers)
            return Claim(self.qualifier, round(value, decimals), round(high, decimals), 10.0**-decimals, 1.0)
        if OF_UNIT[QUANTITIES[self.quantity].unit].whole:
            value, high = round(value, 0), round(high, 0)
        return Claim(self.qualifier, value, high, 1.0, stock)

    def allowed(self, stock: tuple[float, float] | None = None) -> tuple[float, float] | None:
        """
        Return the lowest and highest value that its wording allows, in its own unit.

        Parameters
        ----------
        stock : (float, float), optional
            Range of the size of the stock that "all" and "none" refer to.

        Returns
        -------
        (float, float) or None
            Infinite if a side is open; None if it states no number, or "all" of an unknown stock.
        """
        return self._allowed_of_any if stock is None else self._allowed(stock)

    @cached_property
    def _allowed_of_any(self) -> tuple[float, float] | None:
        """The lowest and highest value, whatever the stock: what figures say of each other is asked at every fit."""
        return self._allowed(None)

    def _allowed(self, stock: tuple[float, float] | None) -> tuple[float, float] | None:
        if len(self.numbers) < self.wording.reading.numbers:
            return None
        if QUANTITIES[self.quantity].is_temperature:
            return self._allowed_temperature()
        if self.wording.reading.needs_stock and stock is None and not self.is_share:
            return None
        ends = [allowed_values(self.claim(size)) for size in stock or (math.nan,)]
        low, high = ends[0][0], ends[-1][1]
        return low, min(high, 1.0) if self.is_share else high

    def _allowed_temperature(self) -> tuple[float, float]:
        """Return the range that a worded temperature allows: its number, all beyond it, or twice the shift."""
        low, high = self.numbers[0], self.numbers[-1]
        reach = math.inf if self.wording.mark == "arrow" else 2 * TEMPERATURE_SHIFT_K
        sign = self._beyond
        return (low - reach if sign < 0 else low), (high + reach if sign > 0 else high)

    @property
    def _beyond(self) -> int:
        """Side of its number on which a worded temperature lies: "almost" -20 is above -20."""
        cold = self.reads_as.extreme < 0 or (self.reads_as.extreme == 0 and self.numbers[0] < 0)
        return -self.wording.reading.side if self.wording.falls_short and cold else self.wording.reading.side

    @property
    def temperature(self) -> tuple[float, float]:
        """The temperature meant by the wording [degC], and half the width of a range [K]."""
        half = (self.numbers[-1] - self.numbers[0]) / 2
        return self.numbers[0] + half + self._beyond * TEMPERATURE_SHIFT_K, half


def _decimals(shares: Sequence[float]) -> int:
    """Return the decimals of the step that a source counts in: those of its shares, not fewer than in whole percent."""
    return next(
        (
            decimals
            for decimals in range(SHARE_DECIMALS, FINEST_DECIMALS)
            if all(is_whole(share * 10**decimals) for share in shares)
        ),
        FINEST_DECIMALS,
    )


COLUMNS = tuple(field.name for field in fields(Figure))
"""The columns of the table of figures."""
