"""What-ifs: conditions that change from a time on, with everything before as it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from energy_impact import bounds
from energy_impact._checks import brief, check_text, collect
from energy_impact._language import say, say_as, say_count, stamp
from energy_impact.scenario.events import Event, ScenarioError, check_names, utc_time
from energy_impact.scenario.outlook import Truce

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    import pandas as pd


@dataclass(frozen=True, init=False)
class WhatIf:
    """
    Conditions that change from a time on; whatever is left out stays as it is.

    Parameters
    ----------
    name : str
        Name in tables and legends.
    since : str or datetime, optional
        From when: ISO 8601 with a UTC offset, or a timezone-aware datetime; rounded up to a whole hour after the start
        of the scenario. None = `Scenario.now`.
    colder : float
        Fall of the outdoor air temperature at all places; below 0 it is warmer. Homes cool faster, frost slows repair,
        demand rises and circuits drain sooner. [K]
    crews : float
        Factor on the number of repair crews at `places`. The share out at which crews become the limit rises in
        proportion: work is up to that many times as fast where crews are the limit, and as fast as before where each
        fault has its crew. Half of the time left of a large repair falls in proportion; the other half waits for parts
        and access (judgement). [1]
    generators : float
        Share of the heat, water and gas supply at `places` that needs grid power and that generators keep running; it
        comes back as fast as it was lost. [share]
    mobile_boilers : float
        Buildings without heat at `places`, together, that mobile boilers heat; they go to the places in proportion to
        buildings without heat. [buildings]
    warming_points : float
        People at `places`, together, whom added warming points can take in at night, from 22:00 to 06:00 local time.
        Homes stay as cold; `compare` and `cold_nights` count who is left in them. [people]
    event : Event or sequence of Event, optional
        Events at `since` or later.
    truce : Truce or sequence of Truce, optional
        Truces that start at `since` or later; they thin out new attacks (`Scenario.new_events`).
    places : sequence of str, optional
        Places that crews, generators, boilers and warming points go to; None = all of the scenario.

    Raises
    ------
    ScenarioError
        With every fault of the arguments.

    Examples
    --------
    >>> import energy_impact as ei
    >>> ei.WhatIf("frost", colder=8, crews=2).to_dict()
    {'name': 'frost', 'colder': 8.0, 'crews': 2.0}
    """

    name: str
    since: pd.Timestamp | None
    colder: float
    crews: float
    generators: float
    mobile_boilers: float
    warming_points: float
    event: tuple[Event, ...]
    truce: tuple[Truce, ...]
    places: tuple[str, ...] | None

    def __init__(
        self,
        name: str = "what if",
        *,
        since: str | datetime | None = None,
        colder: float = 0.0,
        crews: float = 1.0,
        generators: float = 0.0,
        mobile_boilers: float = 0.0,
        warming_points: float = 0.0,
        event: Event | Sequence[Event] = (),
        truce: Truce | Sequence[Truce] = (),
        places: Sequence[str] | None = None,
    ) -> None:
        faults: list[str] = []

        def number(key: str, value: float) -> float | None:
            return collect(faults, bounds.check, f"WhatIf.{key}", value, key)

        fields: dict[str, Any] = {
            "name": collect(faults, check_text, "WhatIf.name", name),
            "since": None if since is None else collect(faults, utc_time, "WhatIf.since", since),
            "colder": number("colder", colder),
            "crews": number("crews", crews),
            "generators": number("generators", generators),
            "mobile_boilers": number("mobile_boilers", mobile_boilers),
            "warming_points": number("warming_points", warming_points),
            "event": collect(faults, _several, "WhatIf.event", event, Event),
            "truce": collect(faults, _several, "WhatIf.truce", truce, Truce),
            "places": None if places is None else collect(faults, check_names, "WhatIf.places", places),
        }
        if faults:
            raise ScenarioError(faults, "what-if")
        for key, value in fields.items():
            object.__setattr__(self, key, value)

    def to_dict(self) -> dict[str, object]:
        """Return it as a dict for JSON, without what stays as it is."""
        usual = vars(WhatIf())
        known = {key: value for key, value in vars(self).items() if key == "name" or value != usual[key]}
        for key in ("event", "truce"):
            if key in known:
                known[key] = [one.to_dict() for one in known[key]]
        if self.since is not None:
            known["since"] = self.since.isoformat()
        if self.places is not None:
            known["places"] = list(self.places)
        return known


def _several(name: str, value: object, make: type[Any]) -> tuple[Any, ...]:
    """Return one or several items as a tuple."""
    items = (value,) if isinstance(value, make) else value
    if not isinstance(items, list | tuple) or not all(isinstance(item, make) for item in items):
        raise ValueError(f"{name}: must be of class {make.__name__}, or a list of them, got {brief(value)}")
    return tuple(items)


def described(change: WhatIf, zone: str = "UTC") -> str:
    """Return what changes, in words, with times in a timezone.

    Examples
    --------
    >>> described(WhatIf(colder=8, crews=2))
    '8 K colder, 2 times the crews'
    """
    parts = [*_amounts(change)]
    for event in change.event:
        kind = say_as("event", event.kind.replace("_", " "))
        parts.append(say("{event} at {time}", event=kind, time=stamp(event.time.tz_convert(zone))))
    parts += [say("truce from {time}", time=stamp(truce.start.tz_convert(zone))) for truce in change.truce]
    return ", ".join(parts) or say("nothing changes")


def _amounts(change: WhatIf) -> Iterator[str]:
    """Yield each number that changes, in words."""
    if change.colder > 0:
        yield say("{degrees:g} K colder", degrees=change.colder)
    if change.colder < 0:
        yield say("{degrees:g} K warmer", degrees=-change.colder)
    if change.crews != 1:
        yield say("{factor:g} times the crews", factor=change.crews)
    if change.generators:
        yield say("generators for {percent:g} % of the supply that needs power", percent=100 * change.generators)
    if change.mobile_boilers:
        boilers = round(change.mobile_boilers)
        yield say_count("mobile boilers for {number:,} buildings", boilers, number=boilers)
    if change.warming_points:
        people = round(change.warming_points)
        yield say_count("warming points for {number:,} more people", people, number=people)
