"""The answer in plain sentences: what is out, and when half and nine tenths are back, in the place's own time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from energy_impact.quantities import QUANTITIES
from energy_impact.results.tables.summary import main_curves, reference_event, reference_span
from energy_impact.results.terminal import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from energy_impact.results.members import Members
    from energy_impact.results.tables.summary import Interval, SummaryRow

_UNDER_WAY = 0.9
"""Share of the peak below which what is out is told as "still" out."""
_PARTS_OF_DAY = ("morning", "afternoon", "evening")


class Answer(NamedTuple):
    """What is told of one curve."""

    quantity: str
    place: str
    now: str
    half: str
    """When half is back; empty where there is nothing to come back."""
    more: tuple[str, ...]

    @property
    def first(self) -> str:
        """The sentence that answers."""
        return f"{self.now}; {self.half}." if self.half else f"{self.now}."

    @property
    def sentences(self) -> str:
        """All that is told."""
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
    told = f"{_now(row, level)} in {place} {moment(scenario.now, zone, at=True)}"
    if not row.peak.median > 0 or math.isnan(row.t50_h.median):
        return Answer(quantity, place, told, "", ())
    clock = _Clock(estimate, place)
    event = clock.event
    since = "the start" if event is None else f"the {event.kind.replace('_', ' ')} of {day(event.time, zone)}"
    more = [f"{clock.back(row.t90_h, 'Nine tenths')}."]
    more.append(f"The most at once since {since} is about {amounts(row.peak, row.unit)}.")
    people = by_curve.get((QUANTITIES[quantity].people or "", place))
    if people is not None and people.now.median > 0:
        more.insert(0, f"That is about {amounts(people.now, people.unit)} residents.")
    return Answer(quantity, place, told, clock.back(row.t50_h, "half"), tuple(more))


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
        """Return when a share is back for good, with its interval."""
        low, middle, high = hours
        if math.isinf(middle):
            earliest = "" if math.isinf(low) else f" (the interval begins {self._at(low)})"
            return f"{share} are not expected back for good before {moment(self.until, self.zone)}{earliest}"
        verb = "were back" if self._time(middle) <= self.now else "are expected back"
        latest = f"after {moment(self.until, self.zone)}" if math.isinf(high) else self._at(high)
        span = f"{self._at(low)}, to {latest}" if latest != self._at(low) else "the interval lies within it"
        return f"{share} {verb} for good by {self._at(middle)} ({span})"

    def _time(self, hours: float) -> pd.Timestamp:
        return self.origin + pd.Timedelta(hours=hours)

    def _at(self, hours: float) -> str:
        return moment(self._time(hours), self.zone)


def _now(row: SummaryRow, level: float) -> str:
    """Return what is out now, as the beginning of a sentence."""
    words = QUANTITIES[row.quantity]
    low, now, high = (amount(end, row.unit) for end in row.now)
    interval = f"({100 * level:g} % interval {low} to {high})"
    if words.is_share:
        return f"About {now} {interval} {words.title.removeprefix('share ')}"
    if words.is_temperature:
        return f"About {now} {interval} {words.title}"
    noun, _, rest = words.title.partition(" ")
    if words.unit == "h/day":
        return f"About {now} {noun} a day {interval} {rest.removesuffix(', a day')}"
    if row.now.median < 0.5:
        most = f" ({100 * level:g} % interval up to {high})" if row.now.high >= 0.5 else ""
        return f"{'Probably no' if most else 'No'} {noun} {rest}{most}"
    still = "still " if rest.startswith("without") and row.now.median < _UNDER_WAY * row.peak.median else ""
    return f"About {now} {noun} {interval} {still}{rest}"


def amount(value: float, unit: str = "") -> str:
    """Return a number in words, a share in per cent; "does not apply" for NaN.

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


def moment(time: pd.Timestamp, zone: str, *, at: bool = False) -> str:
    """Return a time as people say it, in a zone; with its preposition where `at` is set.

    Examples
    --------
    >>> moment(pd.Timestamp("2026-01-25T17:00Z"), "Europe/Kyiv", at=True)
    'on Sunday evening, 25 January'
    >>> moment(pd.Timestamp("2026-01-25T00:30Z"), "Europe/Kyiv")
    'the early hours of Sunday, 25 January'
    """
    local = time.tz_convert(zone)
    if local.hour < 6:
        return f"{'in ' if at else ''}the early hours of {local.day_name()}, {day(time, zone)}"
    part = _PARTS_OF_DAY[local.hour // 6 - 1]
    return f"{'on ' if at else ''}{local.day_name()} {part}, {day(time, zone)}"


def day(time: pd.Timestamp, zone: str) -> str:
    """Return the day of a time in a zone, as in "25 January"."""
    local = time.tz_convert(zone)
    return f"{local.day} {local.month_name()}"


def stamp(time: pd.Timestamp, zone: str) -> str:
    """Return a time to the minute in a zone.

    Examples
    --------
    >>> stamp(pd.Timestamp("2026-01-25T17:00Z"), "Europe/Kyiv")
    '25 January 2026, 19:00'
    """
    local = time.tz_convert(zone)
    return f"{day(time, zone)} {local.year}, {local.hour:02}:{local.minute:02}"
