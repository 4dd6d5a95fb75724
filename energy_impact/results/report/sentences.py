"""The answer in plain sentences: what is out, and when half and nine tenths are back, in the place's own time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from energy_impact.quantities import QUANTITIES
from energy_impact.results.tables.summary import main_curves, reference_event, reference_span
from energy_impact.results.terminal import count

if TYPE_CHECKING:
    from energy_impact.results.members import Members

_UNDER_WAY = 0.9
"""Share of the peak below which what is out is told as "still" out."""
_PARTS_OF_DAY = ("morning", "afternoon", "evening")

Row = dict[Any, Any]


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


def answers(estimate: Members, table: pd.DataFrame, *, level: float) -> list[Answer]:
    """Return the answer for each of the main curves.

    Parameters
    ----------
    estimate : Members
    table : DataFrame
        Its summary at `level`.
    level : float
        Probability of the central intervals.
    """
    rows: dict[tuple[str, str], Row] = {(row["quantity"], row["place"]): row for row in table.to_dict("records")}
    return [_answer(estimate, rows, key, level) for key in main_curves(estimate) if key in rows]


def _answer(estimate: Members, rows: dict[tuple[str, str], Row], key: tuple[str, str], level: float) -> Answer:
    quantity, place = key
    row, scenario = rows[key], estimate.scenario
    zone = scenario.place(place).timezone
    told = f"{_now(row, level)} in {place} {moment(scenario.now, zone, at=True)}"
    if not row["peak"] > 0 or math.isnan(row["t50_h"]):
        return Answer(quantity, place, told, "", ())
    clock = _Clock(estimate, place)
    event = clock.event
    since = "the start" if event is None else f"the {event.kind.replace('_', ' ')} of {day(event.time, zone)}"
    more = [f"{clock.back(row, 't90', 'Nine tenths')}."]
    more.append(f"The most at once since {since} is about {amounts(row, 'peak')}.")
    people = rows.get((QUANTITIES[quantity].people or "", place))
    if people is not None and people["now"] > 0:
        more.insert(0, f"That is about {amounts(people, 'now')} residents.")
    return Answer(quantity, place, told, clock.back(row, "t50", "half"), tuple(more))


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

    def back(self, row: Row, name: str, share: str) -> str:
        """Return when a share is back for good, with its interval."""
        low, middle, high = (row[f"{name}{end}_h"] for end in ("_low", "", "_high"))
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


def _now(row: Row, level: float) -> str:
    """Return what is out now, as the beginning of a sentence."""
    words = QUANTITIES[row["quantity"]]
    interval = f"({100 * level:g} % interval {amount(row, 'now_low')} to {amount(row, 'now_high')})"
    if words.is_share:
        return f"About {amount(row, 'now')} {interval} {words.title.removeprefix('share ')}"
    if words.is_temperature:
        return f"About {amount(row, 'now')} {interval} {words.title}"
    noun, _, rest = words.title.partition(" ")
    if words.unit == "h/day":
        return f"About {amount(row, 'now')} {noun} a day {interval} {rest.removesuffix(', a day')}"
    if row["now"] < 0.5:
        most = f" ({100 * level:g} % interval up to {amount(row, 'now_high')})" if row["now_high"] >= 0.5 else ""
        return f"{'Probably no' if most else 'No'} {noun} {rest}{most}"
    still = "still " if rest.startswith("without") and row["now"] < _UNDER_WAY * row["peak"] else ""
    return f"About {amount(row, 'now')} {noun} {interval} {still}{rest}"


def amount(row: Row, name: str) -> str:
    """Return one number of a row of the summary in words, "does not apply" where there is none.

    Examples
    --------
    >>> amount({"unit": "share", "now": 0.0857}, "now"), amount({"unit": "buildings", "now": 6064.3}, "now")
    ('9 %', '6,060')
    """
    value = row[name]
    if math.isnan(value):
        return "does not apply"
    if row["unit"] == "share" and not name.startswith("total"):
        return f"{100 * value:.0f} %"
    return f"{count(value)} °C" if row["unit"] == "degC" else count(value)


def amounts(row: Row, name: str) -> str:
    """Return the median of a measure with its interval."""
    if math.isnan(row[name]):
        return "does not apply"
    return f"{amount(row, name)} ({amount(row, f'{name}_low')} to {amount(row, f'{name}_high')})"


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
