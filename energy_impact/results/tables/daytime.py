"""Times as people say them: parts of days, days and clock times, in local time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from energy_impact import _language
from energy_impact._language import WEEKDAYS, mark, say, say_as

if TYPE_CHECKING:
    import pandas as pd

_PARTS_OF_DAY = (
    (mark("in the early hours of {weekday}, {day}"), mark("the early hours of {weekday}, {day}")),
    (mark("on {weekday} morning, {day}"), mark("{weekday} morning, {day}")),
    (mark("on {weekday} afternoon, {day}"), mark("{weekday} afternoon, {day}")),
    (mark("on {weekday} evening, {day}"), mark("{weekday} evening, {day}")),
)
"""Quarters of a day, each with its preposition and without."""


def part_of_day(time: pd.Timestamp, zone: str, *, at: bool = False) -> str:
    """Return a time as part of a day, in words and local time; with its preposition if `at` is set.

    Examples
    --------
    >>> import pandas as pd
    >>> part_of_day(pd.Timestamp("2026-01-25T17:00Z"), "Europe/Kyiv", at=True)
    'on Sunday evening, 25 January'
    >>> part_of_day(pd.Timestamp("2026-01-25T00:30Z"), "Europe/Kyiv")
    'the early hours of Sunday, 25 January'
    """
    local = time.tz_convert(zone)
    on, alone = _PARTS_OF_DAY[local.hour // 6]
    name = WEEKDAYS[local.weekday()]
    of = say_as("of", name)
    if not at:
        return say(alone, weekday=of, day=day(time, zone))
    return say(on, weekday=say_as("on", name), weekday_of=of, day=day(time, zone))


def day(time: pd.Timestamp, zone: str) -> str:
    """Return the local day of a time, as in "25 January"."""
    return _language.day(time.tz_convert(zone))


def stamp(time: pd.Timestamp, zone: str) -> str:
    """Return the local time to the minute.

    Examples
    --------
    >>> import pandas as pd
    >>> stamp(pd.Timestamp("2026-01-25T17:00Z"), "Europe/Kyiv")
    '25 January 2026, 19:00'
    """
    return _language.stamp(time.tz_convert(zone))
