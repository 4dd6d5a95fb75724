"""Times as people say them: parts of days, days and clock times, in local time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_PARTS_OF_DAY = ("morning", "afternoon", "evening")


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
    if local.hour < 6:
        return f"{'in ' if at else ''}the early hours of {local.day_name()}, {day(time, zone)}"
    part = _PARTS_OF_DAY[local.hour // 6 - 1]
    return f"{'on ' if at else ''}{local.day_name()} {part}, {day(time, zone)}"


def day(time: pd.Timestamp, zone: str) -> str:
    """Return the local day of a time, as in "25 January"."""
    local = time.tz_convert(zone)
    return f"{local.day} {local.month_name()}"


def stamp(time: pd.Timestamp, zone: str) -> str:
    """Return the local time to the minute.

    Examples
    --------
    >>> import pandas as pd
    >>> stamp(pd.Timestamp("2026-01-25T17:00Z"), "Europe/Kyiv")
    '25 January 2026, 19:00'
    """
    local = time.tz_convert(zone)
    return f"{day(time, zone)} {local.year}, {local.hour:02}:{local.minute:02}"
