"""Events: attacks, storms, shutoffs and grid failures, checked against the figures about them."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from energy_impact import bounds
from energy_impact._checks import FaultsError, brief, check_bool, check_choice, check_text, collect
from energy_impact.event_kinds import EVENT_KINDS
from energy_impact.figures import cells
from energy_impact.quantities import QUANTITIES
from energy_impact.systems import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from energy_impact.figures.figure import Figure

INTERCEPTED = {"missiles": "missiles_intercepted", "drones": "drones_intercepted"}
"""Event fields for the numbers launched, and the fields for how many of those were intercepted."""
EVENT_NUMBERS = (*INTERCEPTED, *INTERCEPTED.values())
_LAUNCHED = {intercepted: launched for launched, intercepted in INTERCEPTED.items()}
_PARTS = _LAUNCHED | {"ballistic_missiles": "missiles"}
"""Event fields that count a part of another field."""


class ScenarioError(FaultsError):
    """All faults of a scenario or an event, one line each."""

    def __init__(self, faults: Iterable[str], where: str = "scenario") -> None:
        super().__init__(faults, where)


@dataclass(frozen=True, init=False)
class Event:
    """
    One event that reduces supply.

    Parameters
    ----------
    time : str or datetime
        Start: ISO 8601 with a UTC offset, or a timezone-aware datetime; kept in UTC.
    kind : str
        One of `event_kinds.EVENT_KINDS` (attack, storm, planned_shutoff, grid_failure, heat_accident,
        local_fault).
    name : str, optional
        Name that figures refer to.
    places : sequence of str, optional
        Places hit; None = all of the scenario.
    systems : sequence of str, optional
        Systems damaged; None = those that its kind damages.
    capability : bool, optional
        Whether it takes capability to supply power, so that cuts by turns may follow; None = as its kind does (attacks
        and grid failures do). False for an attack on the lines that feed a place.
    duration_h : float or (float, float), optional
        Duration: a number, or a range (low, high); 0 by default. None or "unknown" = the usual range of its kind. [h]
    missiles, drones : int, optional
        Number launched; None = unknown, which is not 0.
    missiles_intercepted, drones_intercepted : int, optional
        Number of those intercepted; None = unknown.
    ballistic_missiles : int, optional
        How many of the missiles were ballistic, fewer of which are intercepted; None = unknown. Only used where
        interceptions are unknown.
    spares_late_h : float
        Hours by which spare parts come late for repairs of a day or more, as where railways are struck; 0 by default.
        [h]

    Raises
    ------
    ScenarioError
        With every fault of the arguments.

    Examples
    --------
    >>> import energy_impact as ei
    >>> ei.Event("2026-01-20T01:00+02:00", kind="attack", duration_h=6, missiles=34, drones=339).end.isoformat()
    '2026-01-20T05:00:00+00:00'
    """

    time: pd.Timestamp
    kind: str
    name: str | None
    places: tuple[str, ...] | None
    systems: tuple[str, ...] | None
    capability: bool | None
    duration_h: float | tuple[float, float] | None
    missiles: int | None
    drones: int | None
    missiles_intercepted: int | None
    drones_intercepted: int | None
    ballistic_missiles: int | None
    spares_late_h: float

    def __init__(
        self,
        time: str | datetime,
        *,
        kind: str,
        name: str | None = None,
        places: Sequence[str] | None = None,
        systems: Sequence[str] | None = None,
        capability: bool | None = None,
        duration_h: float | tuple[float, float] | Literal["unknown"] | None = 0.0,
        missiles: int | None = None,
        drones: int | None = None,
        missiles_intercepted: int | None = None,
        drones_intercepted: int | None = None,
        ballistic_missiles: int | None = None,
        spares_late_h: float = 0.0,
    ) -> None:
        given = dict(zip(EVENT_NUMBERS, (missiles, drones, missiles_intercepted, drones_intercepted), strict=True))
        faults: list[str] = []
        fields: dict[str, object] = {
            "time": collect(faults, utc_time, "Event.time", time),
            "kind": collect(faults, check_choice, "Event.kind", kind, EVENT_KINDS),
            "name": None if name is None else collect(faults, check_text, "Event.name", name),
            "places": None if places is None else collect(faults, check_names, "Event.places", places),
            "systems": None if systems is None else collect(faults, _check_systems, systems),
            "capability": None if capability is None else collect(faults, check_bool, "Event.capability", capability),
            "duration_h": collect(faults, _check_duration, duration_h),
            "spares_late_h": collect(faults, bounds.check, "Event.spares_late_h", spares_late_h, "spares_late_h"),
        }
        numbers = {
            key: None if count is None else collect(faults, bounds.check_whole, f"Event.{key}", count, key)
            for key, count in (given | {"ballistic_missiles": ballistic_missiles}).items()
        }
        for part, whole in _PARTS.items():
            count, launched = numbers[part], numbers[whole]
            if launched is not None and count is not None and count > launched:
                faults.append(f"Event.{part}: must be at most {whole} = {launched}, got {count}")
        if faults:
            raise ScenarioError(faults, "event")
        for key, value in {**fields, **numbers}.items():
            object.__setattr__(self, key, value)

    @property
    def length_h(self) -> tuple[float, float]:
        """Shortest and longest duration [h]."""
        if self.duration_h is None:
            return EVENT_KINDS[self.kind].usual_h
        return self.duration_h if isinstance(self.duration_h, tuple) else (self.duration_h, self.duration_h)

    @property
    def end(self) -> pd.Timestamp:
        """End; if only a range is known, the middle between the earliest and the latest."""
        return self.time + pd.Timedelta(hours=sum(self.length_h) / 2)

    @property
    def label(self) -> str:
        """Its name, or its time if it has none."""
        return self.name or self.time.isoformat()

    def to_dict(self) -> dict[str, object]:
        """Return it as a dict for JSON, without unknown fields."""
        known = {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in vars(self).items()
            if value is not None
        }
        unknown = {"duration_h": "unknown"} if self.duration_h is None else {}
        return {**known, "time": self.time.isoformat(), **unknown}


def utc_time(name: str, value: object) -> pd.Timestamp:
    """Return a timezone-aware time in UTC."""
    try:
        time = cells.read_time(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
    if time is None:
        raise ValueError(f"{name}: must not be empty, got {brief(value)}")
    return time


def _check_systems(value: object) -> tuple[str, ...]:
    names = check_names("Event.systems", value)
    return tuple(check_choice("Event.systems", name, SYSTEMS) for name in names)


def _check_duration(value: object) -> float | tuple[float, float] | None:
    """Return a duration, its shortest and longest value, or None if unknown [h]."""
    if value is None or (isinstance(value, str) and value == "unknown"):
        return None
    if not isinstance(value, list | tuple):
        return bounds.check("Event.duration_h", value, "duration_h")
    if len(value) != 2:
        raise ValueError(f"Event.duration_h: must be a number or a range (low, high), got {brief(value)}")
    low, high = (bounds.check("Event.duration_h", end, "duration_h") for end in value)
    if not low < high:
        raise ValueError(f"Event.duration_h: low must be below high, got {brief(value)}")
    return low, high


def check_names(name: str, value: object) -> tuple[str, ...]:
    """Return a non-empty list of unique names as a tuple."""
    if not isinstance(value, list | tuple) or not value:
        raise ValueError(f"{name}: must be a non-empty list of names, got {brief(value)}")
    names = tuple(check_text(name, item) for item in value)
    if len(set(names)) < len(names):
        raise ValueError(f"{name}: names must be unique, got {', '.join(names)}")
    return names


def fill_numbers(events: Sequence[Event], figures: Sequence[Figure]) -> tuple[tuple[Event, ...], list[str]]:
    """
    Return events with numbers taken from the figures that name them, and contradictions between the two.

    Parameters
    ----------
    events : sequence of Event
        Events; those without a name stay as they are.
    figures : sequence of Figure

    Returns
    -------
    events : tuple of Event
        The events; an unknown number is filled in where the figures give one exact value and no figure about the event
        contradicts it.
    faults : list of str
        Figures that an event's own numbers contradict.
    """
    faults = []
    filled = []
    numbers = [figure for figure in figures if figure.event is not None and _is_number_of_event(figure)]
    for event in events:
        own = [figure for figure in numbers if figure.event == event.name]
        against = [fault for figure in own if (fault := _contradiction(event, figure))]
        faults += against
        filled.append(event if against else _filled(event, own))
    return tuple(filled), faults


def _is_number_of_event(figure: Figure) -> bool:
    quantity = QUANTITIES[figure.quantity]
    return bool(quantity.event_number or quantity.sum_of)


def _contradiction(event: Event, figure: Figure) -> str | None:
    """Return the fault if a figure contradicts the event's own numbers, else None."""
    low, high = figure.allowed() or (0.0, math.inf)
    name = QUANTITIES[figure.quantity].event_number
    if name is None:
        known = [number for number in (event.missiles, event.drones) if number is not None]
        least = float(sum(known))
        most = least if len(known) == 2 else math.inf
        name = "missiles and drones"
    else:
        least, most = _span(event, name)
    if least <= high and low <= most:
        return None
    got = f"{least:g}" if least == most else f"at least {least:g}" if least > high else f"at most {most:g}"
    return (
        f"figure {figure.id!r}, column value: {figure.quantity} {figure.words} must agree with "
        f"event {event.label!r}, which has {name} = {got}"
    )


def _span(event: Event, name: str) -> tuple[float, float]:
    """Return the bounds that an event's own numbers set on one of them."""
    number = _number(event, name)
    if number is not None:
        return number, number
    if name in _LAUNCHED:
        launched = _number(event, _LAUNCHED[name])
        return 0.0, math.inf if launched is None else launched
    intercepted = _number(event, INTERCEPTED[name])
    return 0.0 if intercepted is None else intercepted, math.inf


def _number(event: Event, name: str) -> int | None:
    number: int | None = getattr(event, name)
    return number


def _filled(event: Event, figures: Sequence[Figure]) -> Event:
    """Return the event with each unknown number that the figures give exactly and no figure contradicts."""
    for name in EVENT_NUMBERS:
        exact = {
            figure.value
            for figure in figures
            if QUANTITIES[figure.quantity].event_number == name and figure.qualifier == "exact"
        }
        if _number(event, name) is not None or len(exact) != 1:
            continue
        value = exact.pop()
        if value is None or not value.is_integer():
            continue
        number: dict[str, Any] = {name: int(value)}
        candidate = dataclasses.replace(event, **number)
        if not any(_contradiction(candidate, figure) for figure in figures):
            event = candidate
    return event
