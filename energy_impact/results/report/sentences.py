"""The answer in plain sentences: the outage now, and when half and nine tenths are back, in local time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from energy_impact._language import mark, say, say_as, say_count
from energy_impact.quantities import QUANTITIES
from energy_impact.results import words
from energy_impact.results.tables.daytime import day, part_of_day
from energy_impact.results.tables.reference import reference_event, reference_span
from energy_impact.results.tables.summary import main_curves_at
from energy_impact.results.terminal import count, span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from energy_impact.results.members import Members
    from energy_impact.results.tables.summary import Interval, SummaryRow

_UNDER_WAY = 0.9
"""Share of the peak below which an outage is called "still" out."""
_HALF = (mark("half"), mark("Half of those affected"))


class Answer(NamedTuple):
    """The sentences about one curve."""

    quantity: str
    place: str
    now: str
    half: str
    """When half is back; empty if nothing is to come back."""
    half_alone: str
    """The same, as a sentence of its own."""
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
    """Return the answer for each of the main curves at the places of the summary.

    Parameters
    ----------
    estimate : Members
    rows : sequence of SummaryRow
        Its summary at `level`.
    level : float
        Probability of the central intervals.
    """
    by_curve = {(row.quantity, row.place): row for row in rows}
    places = dict.fromkeys(row.place for row in rows)
    return [_answer(estimate, by_curve, key, level) for key in main_curves_at(estimate, places) if key in by_curve]


def _answer(
    estimate: Members, by_curve: Mapping[tuple[str, str], SummaryRow], key: tuple[str, str], level: float
) -> Answer:
    quantity, place = key
    row, scenario = by_curve[key], estimate.scenario
    zone = scenario.place(place).timezone
    time = part_of_day(scenario.now, zone, at=True)
    now = say("{now} in {place} {time}", now=_now(row, level), place=words.place(place), time=time)
    if not row.peak.median > 0 or math.isnan(row.t50_h.median):
        return Answer(quantity, place, now, "", "", ())
    clock = _Clock(estimate, place)
    event = clock.event
    since = say_as("since", "the start") if event is None else words.event_of(event.kind, day(event.time, zone))
    more = [f"{clock.back(row.t90_h, say('Nine tenths'))}."]
    more.append(say("The peak since {since} is about {peak}.", since=since, peak=amounts(row.peak, row.unit)))
    people = by_curve.get((QUANTITIES[quantity].people or "", place))
    if people is not None and people.now.median > 0:
        number = amounts(people.now, people.unit)
        more.insert(0, say_count("That is about {number} residents.", shown(people.now.median), number=number))
    half, alone = (clock.back(row.t50_h, say(share)) for share in _HALF)
    return Answer(quantity, place, now, half, f"{alone}.", tuple(more))


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
            known = {"share": share, "until": part_of_day(self.until, self.zone)}
            if math.isinf(low):
                return say("{share} are not expected back before {until}", **known)
            return say(
                "{share} are not expected back before {until} (the interval starts {low})",
                low=self._at(low),
                **known,
            )
        known = {"share": share, "time": self._at(middle), "range": self._range(low, high)}
        if self._time(middle) <= self.now:
            return say("{share} were back by {time} ({range})", **known)
        return say("{share} are expected back by {time} ({range})", **known)

    def _range(self, low: float, high: float) -> str:
        first = self._at(low)
        if math.isinf(high):
            return say("{first}, to after {last}", first=first, last=part_of_day(self.until, self.zone))
        if self._at(high) == first:
            return say("the interval lies within it")
        return say("{first}, to {last}", first=first, last=self._at(high))

    def _time(self, hours: float) -> pd.Timestamp:
        return self.origin + pd.Timedelta(hours=hours)

    def _at(self, hours: float) -> str:
        return part_of_day(self._time(hours), self.zone)


def _now(row: SummaryRow, level: float) -> str:
    """Return the outage now, as the beginning of a sentence."""
    quantity = QUANTITIES[row.quantity]
    low, now, high = (amount(end, row.unit) for end in row.now)
    percent = 100 * level
    noun, _, rest = quantity.title.partition(" ")
    known = {
        "now": now,
        "interval": say("({percent:g} % interval {low} to {high})", percent=percent, low=low, high=high),
        "noun": noun,
        "rest": rest,
        "what": words.title(row.quantity),
    }
    if quantity.is_share:
        return say_as("share", "About {now} {interval} {rest}", **known)
    if quantity.is_temperature:
        return say("About {now} {interval} {what}", **known)
    if quantity.unit == "h/day":
        return say("About {now} {noun} per day {interval} {rest}", **known | {"rest": rest.removeprefix("per day ")})
    if row.now.high < 0.5:
        return say("No {noun} {rest}", **known)
    if row.now.median < 0.5:
        return say(
            "Probably no {noun} {rest} ({percent:g} % interval up to {high})", percent=percent, high=high, **known
        )
    known["counted"] = words.counted(row.quantity, shown(row.now.median), now)
    if rest.startswith("without") and row.now.median < _UNDER_WAY * row.peak.median:
        return say("About {now} {noun} {interval} still {rest}", **known)
    return say("About {now} {noun} {interval} {rest}", **known)


def shown(number: float) -> float:
    """Return the number that `count` writes."""
    return round(float(f"{number:.3g}")) if abs(number) >= 10 else float(f"{number:.2g}")


def amount(value: float, unit: str = "") -> str:
    """Return a number in words, a share in percent; "does not apply" for NaN.

    Examples
    --------
    >>> amount(0.0857, "share"), amount(6064.3, "buildings"), amount(math.nan)
    ('9 %', '6,060', 'does not apply')
    """
    if math.isnan(value):
        return say("does not apply")
    if unit == "share":
        return f"{100 * value:.0f} %"
    return f"{count(value)} °C" if unit == "degC" else count(value)


def amounts(interval: Interval, unit: str = "") -> str:
    """Return a median with its interval in words."""
    if math.isnan(interval.median):
        return say("does not apply")
    low, median, high = (amount(end, unit) for end in interval)
    return f"{median} ({span(low, high)})"
