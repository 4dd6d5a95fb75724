"""The answer in plain sentences: the outage now, and when half and nine tenths are back, in local time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from energy_impact.quantities import QUANTITIES
from energy_impact.results.tables.daytime import day, part_of_day
from energy_impact.results.tables.reference import reference_event, reference_span
from energy_impact.results.tables.summary import main_curves
from energy_impact.results.terminal import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from energy_impact.results.members import Members
    from energy_impact.results.tables.summary import Interval, SummaryRow

_UNDER_WAY = 0.9
"""Share of the peak below which an outage is called "still" out."""


class Answer(NamedTuple):
    """The sentences about one curve."""

    quantity: str
    place: str
    now: str
    half: str
    """When half is back; empty if nothing is to come back."""
    more: tuple[str, ...]

    @property
    def first(self) -> str:
        """The first sentence."""
        return f"{self.now}; {self.half}." if self.half else f"{self.now}."

    @property
    def sentences(self) -> str:
        """All sentences."""
        return " ".join((self.first, *self.more))


def answers(estimate: Members, rows: Sequence[SummaryRow], *, level: float) -> list[Answer]:
    """Return the answer for each of the main curves.

    Parameters
    ----------
    estimate : Members
    rows : sequence of SummaryRow
        Its summary at `level`.
    level : float
        Probability of the central intervals.
    """
    by_curve = {(row.quantity, row.place): row for row in rows}
    return [_answer(estimate, by_curve, key, level) for key in main_curves(estimate) if key in by_curve]


def _answer(
    estimate: Members, by_curve: Mapping[tuple[str, str], SummaryRow], key: tuple[str, str], level: float
) -> Answer:
    quantity, place = key
    row, scenario = by_curve[key], estimate.scenario
    zone = scenario.place(place).timezone
    now = f"{_now(row, level)} in {place} {part_of_day(scenario.now, zone, at=True)}"
    if not row.peak.median > 0 or math.isnan(row.t50_h.median):
        return Answer(quantity, place, now, "", ())
    clock = _Clock(estimate, place)
    event = clock.event
    since = "the start" if event is None else f"the {event.kind.replace('_', ' ')} of {day(event.time, zone)}"
    more = [f"{clock.back(row.t90_h, 'Nine tenths')}."]
    more.append(f"The peak since {since} is about {amounts(row.peak, row.unit)}.")
    people = by_curve.get((QUANTITIES[quantity].people or "", place))
    if people is not None and people.now.median > 0:
        more.insert(0, f"That is about {amounts(people.now, people.unit)} residents.")
    return Answer(quantity, place, now, clock.back(row.t50_h, "half"), tuple(more))


class _Clock:
    """When shares are back at a place, counted from the end of the reference event."""

    def __init__(self, estimate: Members, place: str) -> None:
        scenario = estimate.scenario
        hours = np.asarray((scenario.times - scenario.start) / pd.Timedelta(hours=1), dtype=np.float64)
        self.event = reference_event(scenario, place)
        _, end, until = reference_span(scenario, place, hours)
        self.origin = scenario.start + pd.Timedelta(hours=end)
        self.until = scenario.start + pd.Timedelta(hours=until)
        self.now, self.zone = scenario.now, scenario.place(place).timezone

    def back(self, hours: Interval, share: str) -> str:
        """Return when a share is back to stay, with its interval."""
        low, middle, high = hours
        if math.isinf(middle):
            earliest = "" if math.isinf(low) else f" (the interval starts {self._at(low)})"
            return f"{share} are not expected back before {part_of_day(self.until, self.zone)}{earliest}"
        verb = "were back" if self._time(middle) <= self.now else "are expected back"
        latest = f"after {part_of_day(self.until, self.zone)}" if math.isinf(high) else self._at(high)
        span = f"{self._at(low)}, to {latest}" if latest != self._at(low) else "the interval lies within it"
        return f"{share} {verb} by {self._at(middle)} ({span})"

    def _time(self, hours: float) -> pd.Timestamp:
        return self.origin + pd.Timedelta(hours=hours)

    def _at(self, hours: float) -> str:
        return part_of_day(self._time(hours), self.zone)


def _now(row: SummaryRow, level: float) -> str:
    """Return the outage now, as the beginning of a sentence."""
    quantity = QUANTITIES[row.quantity]
    low, now, high = (amount(end, row.unit) for end in row.now)
    interval = f"({100 * level:g} % interval {low} to {high})"
    if quantity.is_share:
        return f"About {now} {interval} {quantity.title.removeprefix('share ')}"
    if quantity.is_temperature:
        return f"About {now} {interval} {quantity.title}"
    noun, _, rest = quantity.title.partition(" ")
    if quantity.unit == "h/day":
        return f"About {now} {noun} per day {interval} {rest.removeprefix('per day ')}"
    if row.now.median < 0.5:
        most = f" ({100 * level:g} % interval up to {high})" if row.now.high >= 0.5 else ""
        return f"{'Probably no' if most else 'No'} {noun} {rest}{most}"
    still = "still " if rest.startswith("without") and row.now.median < _UNDER_WAY * row.peak.median else ""
    return f"About {now} {noun} {interval} {still}{rest}"


def amount(value: float, unit: str = "") -> str:
    """Return a number in words, a share in percent; "does not apply" for NaN.

    Examples
    --------
    >>> amount(0.0857, "share"), amount(6064.3, "buildings"), amount(math.nan)
    ('9 %', '6,060', 'does not apply')
    """
    if math.isnan(value):
        return "does not apply"
    if unit == "share":
        return f"{100 * value:.0f} %"
    return f"{count(value)} °C" if unit == "degC" else count(value)


def amounts(interval: Interval, unit: str = "") -> str:
    """Return a median with its interval in words."""
    if math.isnan(interval.median):
        return "does not apply"
    low, median, high = (amount(end, unit) for end in interval)
    return f"{median} ({low} to {high})"
