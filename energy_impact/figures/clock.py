"""Local times without a UTC offset, read in their timezone: also where clocks repeat an hour."""

from __future__ import annotations

import zoneinfo
from collections import Counter
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from energy_impact._checks import brief, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


NOT_IANA = ("localtime", "posixrules", "Factory", "posix/", "right/")
"""Starts of names that stand for a setting of the machine, or count leap seconds."""


def check_timezone(name: str, timezone: object) -> tzinfo:
    """
    Return a timezone by its IANA name.

    Raises
    ------
    ValueError
        If there is none of that name, or no database of timezones at all.
    """
    if isinstance(timezone, str) and timezone == "UTC":
        return UTC
    if isinstance(timezone, str) and not timezone.startswith(NOT_IANA):
        try:
            return zoneinfo.ZoneInfo(timezone)
        except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
            pass
    known = zoneinfo.available_timezones()
    if not known:
        raise ValueError(f"{name}: needs a database of timezones, got none: pip install tzdata")
    city = timezone.strip().replace(" ", "_").casefold() if isinstance(timezone, str) else None
    cities = [zone for zone in known if zone.rpartition("/")[2].casefold() == city]
    near = nearest(min(cities), cities) if cities else nearest(timezone, known)
    raise ValueError(f"{name}: must be a known IANA timezone, got {brief(timezone)}{near}")


def read_local(times: Sequence[datetime], timezone: tzinfo) -> list[datetime | None]:
    """
    Return local times without a UTC offset as timezone-aware ones, in their order.

    Parameters
    ----------
    times : sequence of datetime
        Naive local times. Where clocks repeat an hour, a time that comes twice is first the earlier and then the later.
    timezone : tzinfo

    Returns
    -------
    list of datetime or None
        None for a time that clocks skip, or that they repeat and that does not come twice.

    Examples
    --------
    >>> from datetime import datetime
    >>> autumn = [datetime(2025, 10, 26, hour) for hour in (2, 3, 3, 4)]
    >>> [time.utcoffset().seconds // 3600 for time in read_local(autumn, zoneinfo.ZoneInfo("Europe/Kyiv"))]
    [3, 3, 2, 2]
    """
    repeats = Counter(times)
    seen: Counter[datetime] = Counter()
    found: list[datetime | None] = []
    for naive in times:
        early, late = (naive.replace(tzinfo=timezone, fold=fold) for fold in (0, 1))
        skipped = early.astimezone(UTC).astimezone(timezone).replace(tzinfo=None) != naive
        twofold = early.utcoffset() != late.utcoffset()
        seen[naive] += 1
        if skipped or (twofold and repeats[naive] != 2):
            found.append(None)
        else:
            found.append(late if twofold and seen[naive] == 2 else early)
    return found
