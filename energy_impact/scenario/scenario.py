"""The input of every run, checked as a whole: where, when, how cold, what happened and what was reported."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from energy_impact._checks import LARGEST_INT_BITS, brief, check_type, collect, composed, key_faults, nearest
from energy_impact._html import picture, small_table
from energy_impact.figures import cells
from energy_impact.figures.figure import COLUMNS
from energy_impact.places import states_timezone
from energy_impact.scenario.events import Event, ScenarioError
from energy_impact.scenario.file import find_scenario, read_scenario_file, shipped_scenarios
from energy_impact.scenario.parts import (
    LISTS,
    PLACE_KEYS,
    check_parts,
    end_of,
    from_items,
    now_of,
    place_from_dict,
)
from energy_impact.scenario.what_if import WhatIf
from energy_impact.weather import (
    Weather,
    hourly_temperature,
    published_temperatures,
    temperature_at,
    weather_from_columns,
    weather_to_columns,
)

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from energy_impact.figures.figure import Figure
    from energy_impact.figures.table import FigureTable, Source
    from energy_impact.places import Place
    from energy_impact.scenario.outlook import EventRate, Truce
    from energy_impact.scenario.shortage import Shortage


UNNAMED = "scenario"
"""Name of a scenario that was given none."""
OTHER_PLACE_SD_K = 3.0
"""Added spread of the temperature where only another place's was published (judgement). [K]"""


@dataclass(frozen=True, init=False, eq=False)
class Scenario:
    """
    Where, when, how cold, what happened and what was reported.

    Parameters
    ----------
    start : str or datetime
        Start: ISO 8601 with a UTC offset, or a timezone-aware datetime; kept in UTC.
    horizon_h : float
        Length, a whole multiple of `step_h`. [h]
    places : Place or sequence of Place
        Places covered; names are unique over all of them and their parts.
    step_h : float
        Step of the curves, a divisor of an hour. [h]
    events : sequence of Event
        Events from `start` to before the end; sorted by time.
    new_events : sequence of EventRate
        Possible future events and their rates.
    truces : sequence of Truce
        Truces as announced; they lower the rates of new attacks.
    shortages : sequence of Shortage
        Supply that is missing for a known reason, such as fuel that has run out.
    what_ifs : sequence of WhatIf
        Options to compare with how it is; they change nothing by themselves.
    changes : sequence of WhatIf
        What-ifs in force, as `Estimate.what_if` sets them: together, each from its own time on.
    figures : path, DataFrame or list of dict, optional
        Published figures, in any form that `read_figures` takes.
    weather : Series or DataFrame, optional
        Hourly outdoor temperature on a timezone-aware DatetimeIndex: one series for all places, or one column per place
        without parts.
        None = built from the temperatures among the figures. [degC]
    priors : mapping of str to mapping, optional
        Changed priors: parameter name to {"median": x, "spread": s}, and "loading": correlation with the difficulty of
        the event (0 by default).
    name, title : str
        Short name, and the title to show; without either pages and pictures show the places and the last event.

    Raises
    ------
    ScenarioError
        With every fault of the arguments, alone and against each other.
    OSError
        If `figures` is a path that cannot be read.

    Examples
    --------
    >>> import energy_impact as ei
    >>> city = ei.Place("City", heat_buildings=4000)
    >>> storm = ei.Event("2026-01-19T06:00Z", kind="storm", duration_h=3)
    >>> ei.Scenario("2026-01-19T00:00Z", 48, city, events=[storm]).end.isoformat()
    '2026-01-21T00:00:00+00:00'
    """

    start: pd.Timestamp
    horizon_h: float
    places: tuple[Place, ...]
    step_h: float
    events: tuple[Event, ...]
    new_events: tuple[EventRate, ...]
    truces: tuple[Truce, ...]
    shortages: tuple[Shortage, ...]
    what_ifs: tuple[WhatIf, ...]
    changes: tuple[WhatIf, ...]
    figures: pd.DataFrame
    weather: Weather | None
    priors: dict[str, dict[str, float]]
    name: str
    title: str
    _figure_table: FigureTable = field(init=False)

    def __init__(
        self,
        start: str | datetime,
        horizon_h: float,
        places: Place | Sequence[Place],
        *,
        step_h: float = 1.0,
        events: Sequence[Event] = (),
        new_events: Sequence[EventRate] = (),
        truces: Sequence[Truce] = (),
        shortages: Sequence[Shortage] = (),
        what_ifs: Sequence[WhatIf] = (),
        changes: Sequence[WhatIf] = (),
        figures: Source | None = None,
        weather: Weather | None = None,
        priors: Mapping[str, Mapping[str, float]] | None = None,
        name: str = UNNAMED,
        title: str = "",
    ) -> None:
        given = {
            "start": start,
            "horizon_h": horizon_h,
            "places": places,
            "step_h": step_h,
            "events": events,
            "new_events": new_events,
            "truces": truces,
            "shortages": shortages,
            "what_ifs": what_ifs,
            "changes": changes,
            "figures": figures,
            "weather": weather,
            "priors": priors,
            "name": name,
            "title": title,
        }
        parts, faults = check_parts(given)
        if faults:
            raise ScenarioError(faults)
        table = parts["figures"]
        for key, value in {**parts, "figures": table.frame, "_figure_table": table}.items():
            object.__setattr__(self, key, value)

    def __repr__(self) -> str:
        return (
            f"Scenario({self.name!r}, {self.start.isoformat()} + {self.horizon_h:g} h, {len(self.leaves)} places, "
            f"{len(self.events)} events, {len(self.figures)} figures)"
        )

    def _repr_html_(self) -> str:
        """Return a small picture of the figures, if any, and a table of span, events and figures, for notebooks."""
        zone = self.leaves[0].timezone

        def local(time: pd.Timestamp) -> str:
            return f"{time.tz_convert(zone):%Y-%m-%d %H:%M}"

        rows = [
            [local(self.start), "start", f"{self.horizon_h:g} h, in steps of {self.step_h:g} h"],
            *([local(event.time), "event", _named(event)] for event in self.events),
            *(
                [local(figure.time), figure.place, f"{figure.quantity}: {figure.words}"]
                for figure in sorted(self.figure_records, key=lambda figure: figure.time)
            ),
        ]
        title = f"{self.title or self.name}: {', '.join(place.name for place in self.places)}"
        return picture(self) + small_table(title, [f"time in {zone}", "what", "how"], rows)

    @property
    def end(self) -> pd.Timestamp:
        """The last of `times`."""
        return end_of(self.start, self.horizon_h)

    @cached_property
    def times(self) -> pd.DatetimeIndex:
        """Times of the curves in UTC, from start to end in steps, both included."""
        steps_per_hour = round(1 / self.step_h)
        steps = np.arange(round(self.horizon_h * steps_per_hour) + 1)
        offsets = np.rint(steps * (3.6e12 / steps_per_hour)).astype(np.int64)
        return pd.DatetimeIndex(self.start + pd.to_timedelta(offsets, unit="ns"))

    @cached_property
    def now(self) -> pd.Timestamp:
        """Time of the last published outcome, else the end of the last event (at most `end`), else `start`."""
        return now_of(self.figure_records, self.events, self.start, self.end)

    @property
    def figure_records(self) -> tuple[Figure, ...]:
        """The figures, one record per row of `figures`."""
        return self._figure_table.records

    @property
    def leaves(self) -> tuple[Place, ...]:
        """The places without parts, over all of `places`."""
        return tuple(leaf for root in self.places for leaf in root.leaves())

    @property
    def added_events(self) -> tuple[Event, ...]:
        """Events of the what-ifs in force."""
        return tuple(event for change in self.changes for event in change.event)

    def since(self, change: WhatIf) -> pd.Timestamp:
        """Return when a what-if begins to act: its time, or now, rounded up to a whole hour after the start."""
        check_type("change", change, WhatIf, "a WhatIf")
        hours = (self.now if change.since is None else change.since) - self.start
        return min(self.start + hours.ceil("h"), self.end)

    def place(self, name: str) -> Place:
        """
        Return a place of the scenario by its name.

        Raises
        ------
        ValueError
            If there is none; the message holds the nearest name.
        """
        name = composed(name)
        if not isinstance(name, str) or name not in self._places_by_name:
            near = nearest(name, self._places_by_name)
            raise ValueError(f"place: must be a place of scenario {self.name!r}, got {brief(name)}{near}")
        return self._places_by_name[name]

    @cached_property
    def _places_by_name(self) -> dict[str, Place]:
        return {place.name: place for root in self.places for place in root.walk()}

    def air_temperature(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """
        Mean and spread of the outdoor temperature.

        Given weather is used as it is, with spread 0. Otherwise a place takes the temperatures published for it, else
        those for the nearest place around it, else those for any other place, with a wider spread.

        Returns
        -------
        mean, sd : ndarray of float64, shape (len(times), len(leaves))
            Mean and standard deviation. [degC], [K]
        """
        times = self.times
        if self.weather is not None:
            mean = temperature_at(self.weather, times, [leaf.name for leaf in self.leaves])
            return mean, np.zeros_like(mean)
        published = published_temperatures(self.figure_records)
        lines = [line for root in self.places for line in _lines(root)]
        sources = [(line[0].timezone, _nearest_published(line, published)) for line in lines]
        columns = {source: _temperature(times, *source, published) for source in set(sources)}
        means, sds = zip(*(columns[source] for source in sources), strict=True)
        return np.stack(means, axis=1), np.stack(sds, axis=1)

    def replace(self, **changes: Any) -> Scenario:
        """
        Return the scenario with some arguments changed.

        Raises
        ------
        ScenarioError
            As for a new scenario.
        TypeError
            If there is no argument of that name.
        """
        return dataclasses.replace(self, **({"figures": self._figure_table} | changes))

    def to_dict(self) -> dict[str, object]:
        """Return the whole scenario as a dict for JSON; `from_dict` reads it."""
        return {
            "name": self.name,
            "title": self.title,
            "start": self.start.isoformat(),
            "horizon_h": self.horizon_h,
            "step_h": self.step_h,
            "places": [_place_to_dict(place) for place in self.places],
            "events": [event.to_dict() for event in self.events],
            "new_events": [rate.to_dict() for rate in self.new_events],
            "truces": [truce.to_dict() for truce in self.truces],
            "shortages": [shortage.to_dict() for shortage in self.shortages],
            "what_ifs": [one.to_dict() for one in self.what_ifs],
            "changes": [one.to_dict() for one in self.changes],
            "figures": [_figure_to_dict(row) for row in self.figures.to_dict("records")],
            "weather": None if self.weather is None else weather_to_columns(self.weather),
            "priors": {name: dict(prior) for name, prior in self.priors.items()},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Scenario:
        """
        Return the scenario from a dict that `to_dict` made.

        Raises
        ------
        ScenarioError
            With every fault, as for a new scenario.
        """
        keys = [argument.name for argument in dataclasses.fields(cls) if argument.init]
        faults = key_faults("scenario", data, keys, ("start", "horizon_h", "places"))
        if not isinstance(data, Mapping):
            raise ScenarioError(faults)
        parts = {key: value for key, value in data.items() if key in keys}
        for key, make in {"places": place_from_dict, **LISTS}.items():
            if key in parts:
                parts[key] = collect(faults, from_items, key, parts[key], make)
        if parts.get("weather") is not None:
            parts["weather"] = collect(faults, weather_from_columns, "weather", parts["weather"])
        return _build(parts, faults)


def _named(event: Event) -> str:
    """Return an event by its kind, with its name if it has one."""
    kind = event.kind.replace("_", " ")
    return f"{event.name}: {kind}" if event.name else kind


def scenarios() -> list[str]:
    """Return the names of the shipped scenarios."""
    return shipped_scenarios()


def load_scenario(name_or_path: str | os.PathLike[str]) -> Scenario:
    """
    Return the scenario of a shipped name or a TOML file.

    Parameters
    ----------
    name_or_path : str or path
        A shipped name (`scenarios` lists them) or the path of a file. The file name is the scenario name.

    Returns
    -------
    Scenario
        With all files that it refers to read.

    Raises
    ------
    ScenarioError
        With every fault of the file and of the tables that it refers to, by table and key.
    """
    path = find_scenario(name_or_path)
    parts, faults = read_scenario_file(path)
    return _build(parts, faults, str(path))


def _build(parts: Mapping[str, Any], faults: Sequence[str], where: str = "scenario") -> Scenario:
    """Return the scenario from its arguments; a faulty one is None, and checks that depend on it are skipped."""
    try:
        if faults:
            sound = {key: value for key, value in parts.items() if value is not None}
            raise ScenarioError([*faults, *check_parts(sound)[1]])
        return Scenario(**parts)
    except ScenarioError as error:
        raise ScenarioError([fault.removeprefix("Scenario.") for fault in error.faults], where) from error


def figure_table(scenario: Scenario) -> FigureTable:
    """Return the figures of a scenario as they were checked, of which some can be taken and to which others added."""
    return scenario._figure_table


def _nearest_published(line: tuple[Place, ...], published: Sequence[Figure]) -> str | None:
    """Return the first place of a line that has temperatures of its own; None if none has."""
    names = {figure.place for figure in published}
    return next((place.name for place in line if place.name in names), None)


def _temperature(
    times: pd.DatetimeIndex, timezone: str, place: str | None, published: Sequence[Figure]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and spread of the temperature published for a place; with None, for any other place."""
    if place is not None:
        return hourly_temperature(times, timezone, [figure for figure in published if figure.place == place])
    mean, sd = hourly_temperature(times, timezone, published)
    return mean, sd + OTHER_PLACE_SD_K if published else sd


def _lines(place: Place, above: tuple[Place, ...] = ()) -> list[tuple[Place, ...]]:
    """Return, for each leaf of a place, the leaf and the places around it, nearest first."""
    line = (place, *above)
    return [leaf for part in place.parts for leaf in _lines(part, line)] if place.parts else [line]


def _place_to_dict(place: Place) -> dict[str, object]:
    known = {key: getattr(place, key) for key in PLACE_KEYS}
    known = {key: list(value) if isinstance(value, tuple) else value for key, value in known.items()}
    known["parts"] = [_place_to_dict(part) for part in place.parts]
    known["timezone"] = place.timezone if states_timezone(place) else None
    return {key: value for key, value in known.items() if value is not None}


def _figure_to_dict(row: Mapping[Hashable, object]) -> dict[str, object]:
    """Return a figure as a dict for JSON, without empty cells except of unknown columns."""
    known = {str(key): None if cells.is_missing(value) else _plain(value) for key, value in row.items()}
    return {key: value for key, value in known.items() if value is not None or key not in COLUMNS}


def _plain(value: object) -> object:
    """Return a cell as JSON can hold it; what it cannot hold becomes text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, float):
        return plain if math.isfinite(plain) else str(plain)
    if isinstance(plain, int) and plain.bit_length() > LARGEST_INT_BITS:
        return brief(plain)
    return plain if isinstance(plain, str | int) else str(plain)
