"""Arguments of a scenario: built from tables, checked one by one and against each other."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from energy_impact import bounds
from energy_impact._checks import brief, check_number, check_text, collect, key_faults, nearest
from energy_impact.figures.relations import of_some
from energy_impact.figures.table import FigureError, FigureTable, check_figures
from energy_impact.figures.wording import largest_named
from energy_impact.places import Place
from energy_impact.quantities import QUANTITIES
from energy_impact.scenario.events import Event, ScenarioError, fill_numbers, utc_time
from energy_impact.scenario.outlook import EventRate, Truce
from energy_impact.scenario.shortage import Shortage
from energy_impact.scenario.what_if import WhatIf
from energy_impact.systems import SYSTEMS
from energy_impact.weather import Weather, check_weather, coverage_faults

if TYPE_CHECKING:
    from energy_impact.figures.figure import Figure

PLACE_KEYS = tuple(field.name for field in dataclasses.fields(Place))
REQUIRED_PRIOR_KEYS = ("median", "spread")
PRIOR_KEYS = (*REQUIRED_PRIOR_KEYS, "loading")
"""The loading is the correlation with the difficulty of the event; 0 by default."""


def from_items(where: str, items: object, make: Callable[[str, Any], Any]) -> list[Any]:
    """Return `make` applied to each item of a list; all faults come in one error."""
    if not isinstance(items, list | tuple):
        raise ScenarioError([f"{where}: must be a list, got {brief(items)}"])
    faults: list[str] = []
    made = [collect(faults, make, f"{where} {number}", item) for number, item in enumerate(items, 1)]
    if faults:
        raise ScenarioError(faults)
    return made


def from_table(make: type[Any], stand_ins: Mapping[str, Any], where: str, item: object) -> Any:
    """Return an event, a rate or a truce from a table of arguments; the keys of `stand_ins` are required."""
    keys = [field.name for field in dataclasses.fields(make)]
    faults = key_faults(where, item, keys, stand_ins)
    if not isinstance(item, Mapping):
        raise ScenarioError(faults)
    known = {key: value for key, value in item.items() if key in keys}
    if faults:
        # missing keys are faults already; stand-ins let the rest be checked
        known = {**stand_ins, **known}
    try:
        made = make(**known)
    except ScenarioError as error:
        faults += [f"{where}, {fault.removeprefix(f'{make.__name__}.')}" for fault in error.faults]
    if faults:
        raise ScenarioError(faults)
    return made


def _what_if(where: str, item: object) -> WhatIf:
    """Return a what-if from a table of its arguments; its events and truces are a table or a list of tables."""
    fields = dict(item) if isinstance(item, Mapping) else {}
    faults: list[str] = []
    for key, of in {"event": "events", "truce": "truces"}.items():
        if key in fields:
            tables = [fields[key]] if isinstance(fields[key], Mapping) else fields[key]
            fields[key] = collect(faults, from_items, f"{where}, {key}", tables, LISTS[of])
    if faults:
        raise ScenarioError(faults)
    made: WhatIf = from_table(WhatIf, {}, where, fields if isinstance(item, Mapping) else item)
    return made


_EARLY, _LATE = "2000-01-01T00:00Z", "2100-01-01T00:00Z"
LISTS: dict[str, Callable[[str, Any], Any]] = {
    "events": partial(from_table, Event, {"time": _EARLY, "kind": "storm"}),
    "new_events": partial(from_table, EventRate, {"kind": "storm", "per_week": 1}),
    "truces": partial(from_table, Truce, {"start": _EARLY, "end": _LATE, "claimed_by": "-", "reduces": 1, "holds": 1}),
    "shortages": partial(from_table, Shortage, {"system": "power", "share": 0}),
    "what_ifs": _what_if,
    "changes": _what_if,
}
"""Function that builds an item of each list of a scenario from a table."""


STAND_IN_PARTS = (Place("its parts"),)


def place_from_dict(where: str, item: object) -> Place:
    """Return a place from a table of its arguments; parts may be places already."""
    faults = key_faults(where, item, PLACE_KEYS, ("name",))
    if not isinstance(item, Mapping):
        raise ScenarioError(faults)
    # a missing name and parts with faults are faults already; stand-ins let the rest be checked
    fields = {"name": "?", **{key: value for key, value in item.items() if key in PLACE_KEYS}}
    if "parts" in fields:
        before = len(faults)
        made = collect(faults, _parts_from_dicts, where, fields["parts"])
        fields["parts"] = STAND_IN_PARTS if len(faults) > before else made
    try:
        place = Place(**fields)
    except ValueError as error:
        faults.append(f"{where}: {error}")
    if faults:
        raise ScenarioError(faults)
    return place


def _parts_from_dicts(where: str, parts: object) -> object:
    """Return the parts of a place as places; anything but a list is left for `Place` to reject."""
    if not isinstance(parts, list | tuple):
        return parts
    faults: list[str] = []
    made = [
        part if isinstance(part, Place) else collect(faults, place_from_dict, f"{where}, part {number}", part)
        for number, part in enumerate(parts, 1)
    ]
    if faults:
        raise ScenarioError(faults)
    return made


def end_of(start: pd.Timestamp, horizon_h: float) -> pd.Timestamp:
    """Return the end of a scenario."""
    return start + pd.Timedelta(hours=horizon_h)


def now_of(figures: Sequence[Figure], events: Sequence[Event], start: pd.Timestamp, end: pd.Timestamp) -> pd.Timestamp:
    """Return the time of the last published outcome, else the end of the last event (at most `end`), else `start`."""
    outcomes = [figure.time for figure in figures if QUANTITIES[figure.quantity].role == "outcome"]
    if outcomes:
        return max(outcomes)
    return min(max((event.end for event in events), default=start), end)


def check_parts(given: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the checked arguments of a scenario, None for a faulty one, and all faults."""
    faults: list[str] = []
    parts = {key: collect(faults, _CHECKS[key], value) for key, value in given.items()}
    start, horizon, places = (parts.get(key) for key in ("start", "horizon_h", "places"))
    step = parts.get("step_h", 1.0)
    window = None if start is None or horizon is None else (start, end_of(start, horizon))
    known = None if places is None else {place.name: place for root in places for place in root.walk()}
    if horizon is not None and step is not None and not _whole_steps(horizon / step):
        faults.append(f"Scenario.horizon_h: must be a whole multiple of step_h = {step:g}, got {horizon:g}")
    events = parts.get("events")
    if events is not None:
        faults += _event_faults(events, known, window)
    table = parts.get("figures")
    figures = None if table is None else table.records
    if figures is not None:
        faults += _figure_faults(figures, known, window)
        if events is not None:
            faults += _unknown_events(figures, events)
            parts["events"], against = fill_numbers(events, figures)
            faults += against
    now = None
    if window is not None and events is not None and figures is not None:
        now = now_of(figures, events, *window)
    faults += _outlook_faults("new_events", parts.get("new_events") or (), known, window, now)
    shortages = parts.get("shortages") or ()
    faults += _outlook_faults("truces", parts.get("truces") or (), known, window)
    faults += _outlook_faults("shortages", shortages, known, window)
    faults += [] if places is None else _shortage_faults(shortages, places)
    for key in ("what_ifs", "changes"):
        for one in parts.get(key) or ():
            faults += _what_if_faults(f"what-if {one.name!r}", one, known, window, now)
    weather = parts.get("weather")
    if weather is not None and window is not None and places is not None:
        leaves = [leaf.name for root in places for leaf in root.leaves()]
        faults += coverage_faults("Scenario.weather", weather, *window, leaves)
    return parts, faults


def _whole_steps(steps: float) -> bool:
    return steps > 0.5 and abs(steps - round(steps)) <= 1e-6


def _check_step(value: object) -> float:
    step = bounds.check("Scenario.step_h", value, "step_h")
    if step < 1 / 3600 or abs(1 / step - round(1 / step)) > 1e-6:
        raise ValueError(f"Scenario.step_h: must be a divisor of an hour, not below a second, got {brief(value)}")
    return step


def _check_places(value: object) -> tuple[Place, ...]:
    places = (value,) if isinstance(value, Place) else value
    if not isinstance(places, list | tuple) or not places or not all(isinstance(place, Place) for place in places):
        raise ValueError(f"Scenario.places: must be a Place or a non-empty list of them, got {brief(value)}")
    counts = Counter(place.name for root in places for place in root.walk())
    repeated = [name for name, count in counts.items() if count > 1]
    if repeated:
        raise ScenarioError([f"Scenario.places: names must be unique, got {name!r} twice" for name in repeated])
    return tuple(places)


def _check_events(value: object) -> tuple[Event, ...]:
    events = _check_list("events", Event, value)
    counts = Counter(event.name for event in events if event.name is not None)
    repeated = [name for name, count in counts.items() if count > 1]
    if repeated:
        raise ScenarioError([f"Scenario.events: names must be unique, got {name!r} twice" for name in repeated])
    return tuple(sorted(events, key=lambda event: event.time))


def _check_list(key: str, make: type[Any], value: object) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, make) for item in value):
        raise ValueError(f"Scenario.{key}: must be a list of {make.__name__}, got {brief(value)}")
    return tuple(value)


def _check_what_ifs(value: object) -> tuple[WhatIf, ...]:
    found = _check_list("what_ifs", WhatIf, value)
    counts = Counter(one.name for one in found)
    repeated = [name for name, count in counts.items() if count > 1]
    if repeated:
        raise ScenarioError([f"Scenario.what_ifs: names must be unique, got {name!r} twice" for name in repeated])
    return found


def _check_figures(value: object) -> FigureTable:
    try:
        return check_figures([] if value is None else value)
    except FigureError as error:
        raise ScenarioError([f"{error.where}: {fault}" for fault in error.faults]) from error


def _check_optional_weather(value: object) -> Weather | None:
    return None if value is None else check_weather("Scenario.weather", value)


def _check_priors(value: object) -> dict[str, dict[str, float]]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"Scenario.priors: must be a mapping of parameter names, got {brief(value)}")
    faults: list[str] = []
    priors: dict[str, dict[str, float]] = {}
    for name, prior in value.items():
        where = f"Scenario.priors, {name}"
        wrong = key_faults(where, prior, PRIOR_KEYS, REQUIRED_PRIOR_KEYS)
        faults += wrong
        if not wrong:
            median = collect(faults, check_number, f"{where}, median", prior["median"])
            spread = collect(faults, bounds.check, f"{where}, spread", prior["spread"], "spread")
            loading = collect(faults, bounds.check, f"{where}, loading", prior.get("loading", 0.0), "loading")
            priors[str(name)] = {"median": median or 0.0, "spread": spread or 0.0, "loading": loading or 0.0}
    if faults:
        raise ScenarioError(faults)
    return priors


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "start": partial(utc_time, "Scenario.start"),
    "horizon_h": partial(bounds.check, "Scenario.horizon_h", field="horizon_h"),
    "places": _check_places,
    "step_h": _check_step,
    "events": _check_events,
    "new_events": partial(_check_list, "new_events", EventRate),
    "truces": partial(_check_list, "truces", Truce),
    "shortages": partial(_check_list, "shortages", Shortage),
    "what_ifs": _check_what_ifs,
    "changes": partial(_check_list, "changes", WhatIf),
    "figures": _check_figures,
    "weather": _check_optional_weather,
    "priors": _check_priors,
    "name": partial(check_text, "Scenario.name"),
    "title": partial(check_text, "Scenario.title", empty=True),
}


def _unknown_place(where: str, name: str, known: Mapping[str, Place]) -> str:
    return f"{where}: must be a place of the scenario, got {name!r}{nearest(name, known)}"


def _event_faults(
    events: Sequence[Event], known: Mapping[str, Place] | None, window: tuple[pd.Timestamp, pd.Timestamp] | None
) -> list[str]:
    faults = []
    for event in events:
        if window is not None and not window[0] <= event.time < window[1]:
            faults.append(
                f"event {event.label!r}, time: must lie from the start {window[0].isoformat()} to before the end "
                f"{window[1].isoformat()}, got {event.time.isoformat()}"
            )
        if known is not None:
            where = f"event {event.label!r}, places"
            faults += [_unknown_place(where, name, known) for name in event.places or () if name not in known]
    return faults


def _outlook_faults(
    key: str,
    items: Sequence[EventRate | Truce | Shortage],
    known: Mapping[str, Place] | None,
    window: tuple[pd.Timestamp, pd.Timestamp] | None,
    now: pd.Timestamp | None = None,
) -> list[str]:
    """Return faults for unknown places and for windows outside the scenario."""
    faults = []
    for number, item in enumerate(items, 1):
        if known is not None:
            where = f"{key} {number}, places"
            faults += [_unknown_place(where, name, known) for name in item.places or () if name not in known]
        if window is None:
            continue
        if item.start is not None and item.start >= window[1]:
            faults.append(
                f"{key} {number}, start: must be before the end {window[1].isoformat()}, got {item.start.isoformat()}"
            )
        opens = now if item.start is None and now is not None else window[0]
        if item.end is not None and item.end <= opens:
            faults.append(f"{key} {number}, end: must be after {opens.isoformat()}, got {item.end.isoformat()}")
    return faults


def _what_if_faults(
    where: str,
    one: WhatIf,
    known: Mapping[str, Place] | None,
    window: tuple[pd.Timestamp, pd.Timestamp] | None,
    now: pd.Timestamp | None,
) -> list[str]:
    """Return faults for unknown places, and for events and truces outside the time that it may change."""
    faults = []
    items: tuple[Event | Truce, ...] = (*one.event, *one.truce)
    places = [*(one.places or ()), *(name for item in items for name in item.places or ())]
    if known is not None:
        faults += [_unknown_place(f"{where}, places", name, known) for name in places if name not in known]
        faults += _boiler_faults(where, one, known)
    since = one.since or now
    if window is None or since is None:
        return faults
    if not window[0] <= since <= window[1]:
        faults.append(
            f"{where}, since: must lie from the start {window[0].isoformat()} to the end {window[1].isoformat()}, "
            f"got {since.isoformat()}"
        )
    begins = [("event", event.time) for event in one.event] + [("truce", truce.start) for truce in one.truce]
    for key, time in begins:
        if not since <= time < window[1]:
            faults.append(
                f"{where}, {key}: must begin from {since.isoformat()} (since) to before the end "
                f"{window[1].isoformat()}, got {time.isoformat()}"
            )
    return faults


def _boiler_faults(where: str, one: WhatIf, known: Mapping[str, Place]) -> list[str]:
    """Return a fault for each place that is to have boilers and whose heated buildings are unknown."""
    if not one.mobile_boilers:
        return []
    names = one.places or [name for name, place in known.items() if not place.parts]
    return [
        f"{where}, mobile_boilers: needs a known number of heat_buildings, got {name!r} without"
        for name in names
        if name in known and known[name].stock_range("heat_buildings") is None
    ]


def _shortage_faults(shortages: Sequence[Shortage], places: Sequence[Place]) -> list[str]:
    """Return faults for shortages of a system that no place has."""
    leaves = [leaf for root in places for leaf in root.leaves()]
    return [
        f"shortages {number}, system: must be a system of the places, got {shortage.system!r} without "
        f"{' or '.join(SYSTEMS[shortage.system].stocks)}"
        for number, shortage in enumerate(shortages, 1)
        if shortage.system != "power"
        and all(getattr(leaf, stock) is None for leaf in leaves for stock in SYSTEMS[shortage.system].stocks)
    ]


def _unknown_events(figures: Sequence[Figure], events: Sequence[Event]) -> list[str]:
    names = [event.name for event in events if event.name is not None]
    return [
        f"figure {figure.id!r}, column event: must be the name of an event of the scenario, got {figure.event!r}"
        f"{nearest(figure.event, names)}"
        for figure in figures
        if figure.event is not None and figure.event not in names
    ]


def _figure_faults(
    figures: Sequence[Figure], known: Mapping[str, Place] | None, window: tuple[pd.Timestamp, pd.Timestamp] | None
) -> list[str]:
    faults = []
    for figure in figures:
        where = f"figure {figure.id!r}, column"
        role = QUANTITIES[figure.quantity].role
        if window is not None and role == "outcome":
            faults += _window_faults(where, figure, *window)
        if role == "context" or known is None:
            continue
        if figure.place not in known:
            faults.append(_unknown_place(f"{where} place", figure.place, known))
        else:
            faults += _stock_faults(where, figure, known[figure.place])
    return faults


def _window_faults(where: str, figure: Figure, start: pd.Timestamp, end: pd.Timestamp) -> list[str]:
    faults = []
    if not start <= figure.time <= end:
        faults.append(
            f"{where} time: must lie from the start {start.isoformat()} to the end {end.isoformat()}, "
            f"got {figure.time.isoformat()}"
        )
    if figure.period_start is not None and figure.period_start < start:
        faults.append(
            f"{where} period_start: must not lie before the start {start.isoformat()}, "
            f"got {figure.period_start.isoformat()}"
        )
    return faults


def _stock_faults(where: str, figure: Figure, place: Place) -> list[str]:
    """Return the fault if the stock behind a figure is unknown, or smaller than the figure."""
    stock = QUANTITIES[figure.quantity].stock
    if stock is None:
        return []
    size = place.stock_range(stock)
    if size is None:
        without = f"got {place.name!r} without {stock}"
        return [f"{where} quantity: {figure.quantity} needs a known stock (a wide range will do), {without}"]
    if size[1] == 0 and of_some(figure):
        return [f"{where} value: must be 0 or none, as {place.name!r} has 0 {stock}, got {figure.words}"]
    if figure.is_share or figure.reads_as.counts_again:
        return []
    most = largest_named(figure.claim(size[1]))
    if most > size[1]:
        return [f"{where} value: must be at most the {stock} of {place.name!r}, {size[1]:,.0f}, got {most:,.0f}"]
    return []
