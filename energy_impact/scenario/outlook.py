"""Possible futures: new events at a rate, and announced truces, each of which holds or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from energy_impact import bounds
from energy_impact._checks import check_choice, check_text, collect
from energy_impact.event_kinds import EVENT_KINDS
from energy_impact.scenario.events import ScenarioError, check_names, utc_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

HOURS_PER_WEEK = 168.0
TRUCE_SCOPES = ("energy", "all")


@dataclass(frozen=True, init=False)
class EventRate:
    """
    Possible new events at a rate, for "what if it goes on" runs.

    Each local day in the window is one candidate event. In each member it happens with the probability that a Poisson
    process of this rate has any event in the part of the day inside the window.

    Parameters
    ----------
    kind : str
        One of `event_kinds.EVENT_KINDS`.
    per_week : float
        Mean number of events, at least 0; truces lower it. [1/week]
    start, end : str or datetime, optional
        The window: ISO 8601 with a UTC offset, or a timezone-aware datetime; kept in UTC. None = `Scenario.now` and the
        end of the scenario.
    places : sequence of str, optional
        Places hit by each event; None = all of the scenario.
    hour : float
        Local hour, in the timezone of the first place hit, at which an event begins; on a day whose part of the window
        excludes that hour, the middle of that part. [h]
    duration_h : float
        Duration of each. [h]
    missiles, drones : int, optional
        Number launched each time; None = unknown, which is not 0.
    ballistic_missiles : int, optional
        How many of the missiles are ballistic; None = unknown.

    Raises
    ------
    ScenarioError
        With every fault of the arguments.

    Examples
    --------
    >>> import energy_impact as ei
    >>> ei.EventRate(kind="attack", per_week=2, end="2026-02-06T00:00+02:00", drones=400).end.isoformat()
    '2026-02-05T22:00:00+00:00'
    """

    kind: str
    per_week: float
    start: pd.Timestamp | None
    end: pd.Timestamp | None
    places: tuple[str, ...] | None
    hour: float
    duration_h: float
    missiles: int | None
    drones: int | None
    ballistic_missiles: int | None

    def __init__(
        self,
        *,
        kind: str,
        per_week: float,
        start: str | datetime | None = None,
        end: str | datetime | None = None,
        places: Sequence[str] | None = None,
        hour: float = 1.0,
        duration_h: float = 6.0,
        missiles: int | None = None,
        drones: int | None = None,
        ballistic_missiles: int | None = None,
    ) -> None:
        faults: list[str] = []
        fields: dict[str, Any] = {
            "kind": collect(faults, check_choice, "EventRate.kind", kind, EVENT_KINDS),
            "per_week": collect(faults, bounds.check, "EventRate.per_week", per_week, "per_week"),
            "start": None if start is None else collect(faults, utc_time, "EventRate.start", start),
            "end": None if end is None else collect(faults, utc_time, "EventRate.end", end),
            "places": None if places is None else collect(faults, check_names, "EventRate.places", places),
            "hour": collect(faults, bounds.check, "EventRate.hour", hour, "hour"),
            "duration_h": collect(faults, bounds.check, "EventRate.duration_h", duration_h, "duration_h"),
        }
        for key, count in (("missiles", missiles), ("drones", drones), ("ballistic_missiles", ballistic_missiles)):
            fields[key] = None if count is None else collect(faults, bounds.check_whole, f"EventRate.{key}", count, key)
        most, part = fields["missiles"], fields["ballistic_missiles"]
        if most is not None and part is not None and part > most:
            faults.append(f"EventRate.ballistic_missiles: must be at most missiles = {most}, got {part}")
        set_fields(self, fields, faults, "event rate")

    def to_dict(self) -> dict[str, object]:
        """Return it as a dict for JSON, without the fields left open."""
        return plain(self)


@dataclass(frozen=True, init=False)
class Truce:
    """
    A truce as one side announced it: if it holds, it lowers the rate of new attacks; past events stay as they are.

    Two announcements that disagree are two truces. Each holds or not by its own draw; where several hold, the lowest
    rate applies. Shelling near a front line (`Place.near_front`) goes on.

    Parameters
    ----------
    start, end : str or datetime
        Start and end: ISO 8601 with a UTC offset, or a timezone-aware datetime; kept in UTC.
    claimed_by : str
        Who announced it.
    scope : {"energy", "all"}
        Whether strikes on energy or all strikes are to stop; either covers the attacks of a scenario.
    reduces : float
        Share by which it lowers the rate of new attacks if it holds, in [0, 1]. [share]
    holds : float
        Probability that it holds, in [0, 1].
    places : sequence of str, optional
        Places covered; None = all of the scenario. An attack on more places still hits the others.

    Raises
    ------
    ScenarioError
        With every fault of the arguments.

    Examples
    --------
    >>> import energy_impact as ei
    >>> start, end = "2026-01-30T00:00+02:00", "2026-02-06T00:00+02:00"
    >>> truce = ei.Truce(start, end, claimed_by="mediators", reduces=0.9, holds=0.5)
    >>> (truce.end - truce.start).days
    7
    """

    start: pd.Timestamp
    end: pd.Timestamp
    claimed_by: str
    scope: str
    reduces: float
    holds: float
    places: tuple[str, ...] | None

    def __init__(
        self,
        start: str | datetime,
        end: str | datetime,
        *,
        claimed_by: str,
        reduces: float,
        holds: float,
        scope: str = "energy",
        places: Sequence[str] | None = None,
    ) -> None:
        faults: list[str] = []
        fields: dict[str, Any] = {
            "start": collect(faults, utc_time, "Truce.start", start),
            "end": collect(faults, utc_time, "Truce.end", end),
            "claimed_by": collect(faults, check_text, "Truce.claimed_by", claimed_by),
            "scope": collect(faults, check_choice, "Truce.scope", scope, TRUCE_SCOPES),
            "reduces": collect(faults, bounds.check, "Truce.reduces", reduces, "reduces"),
            "holds": collect(faults, bounds.check, "Truce.holds", holds, "holds"),
            "places": None if places is None else collect(faults, check_names, "Truce.places", places),
        }
        set_fields(self, fields, faults, "truce")

    def to_dict(self) -> dict[str, object]:
        """Return it as a dict for JSON."""
        return plain(self)


@dataclass(frozen=True)
class CandidateDay:
    """A local day, or the part of one, in which a new event may begin.

    Attributes
    ----------
    day : str
        The local date.
    time : Timestamp
        Start of the event if it happens.
    expected : float
        Mean number of events in it.
    """

    day: str
    time: pd.Timestamp
    expected: float


def candidate_days(rate: EventRate, start: pd.Timestamp, end: pd.Timestamp, timezone: str) -> list[CandidateDay]:
    """Return the candidate days of a rate in its window, cut to `start` and `end`."""
    first = start if rate.start is None else max(rate.start, start)
    last = end if rate.end is None else min(rate.end, end)
    days = pd.date_range(first.tz_convert(timezone).date(), last.tz_convert(timezone).date(), freq="D")
    found = []
    for day in days:
        begin = max(_in_utc(day, timezone), first)
        stop = min(_in_utc(day + pd.Timedelta(days=1), timezone), last)
        if begin >= stop:
            continue
        time = _in_utc(day + pd.Timedelta(hours=rate.hour), timezone)
        if not begin <= time < stop:
            time = begin + (stop - begin) / 2
        expected = rate.per_week * ((stop - begin) / pd.Timedelta(hours=1)) / HOURS_PER_WEEK
        found.append(CandidateDay(day.date().isoformat(), time, expected))
    return found


def _in_utc(local: pd.Timestamp, timezone: str) -> pd.Timestamp:
    """Return a local time in UTC: the first if clocks repeat it, the next valid one if they skip it."""
    return local.tz_localize(timezone, ambiguous=True, nonexistent="shift_forward").tz_convert("UTC")


def set_fields(made: object, fields: dict[str, Any], faults: list[str], what: str) -> None:
    """Set the fields unless there are faults; the window must not be empty."""
    start, end = fields["start"], fields["end"]
    if start is not None and end is not None and not start < end:
        name = type(made).__name__
        faults.append(f"{name}.end: must be after start = {start.isoformat()}, got {end.isoformat()}")
    if faults:
        raise ScenarioError(faults, what)
    for key, value in fields.items():
        object.__setattr__(made, key, value)


def plain(made: object) -> dict[str, object]:
    """Return the known fields as a dict for JSON."""
    known = {key: value for key, value in vars(made).items() if value is not None}
    known = {key: value.isoformat() if isinstance(value, pd.Timestamp) else value for key, value in known.items()}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in known.items()}
