"""The event that the tables refer to: the last one at a place so far."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from energy_impact.places import Place
    from energy_impact.scenario import Scenario
    from energy_impact.scenario.events import Event


def reference_span(scenario: Scenario, place: str, hours: NDArray[np.float64]) -> tuple[float, float, float]:
    """
    Return start and end of the reference event at a place, and the end of its observation window.

    Parameters
    ----------
    scenario : Scenario
    place : str
    hours : ndarray of float64, (times,)
        Steps, from the start of the scenario. [h]

    Returns
    -------
    tuple of three float
        Start, end and end of the window, from the start of the scenario; without an event the first two are 0. The
        window ends at the last step by the start of the next event, or with the steps. [h]
    """
    hour = pd.Timedelta(hours=1)
    event = reference_event(scenario, place)
    begin = end = 0.0
    if event is not None:
        begin, end = (event.time - scenario.start) / hour, (event.end - scenario.start) / hour
    begins = ((later.time - scenario.start) / hour for later in scenario.events if _concerns(later, scenario, place))
    following = min((time for time in begins if time > begin), default=math.inf)
    steps = hours[(hours > begin) & (hours <= following)]
    return begin, end, float(steps[-1]) if len(steps) else following


def reference_event(scenario: Scenario, place: str) -> Event | None:
    """Return the last event by `scenario.now` at a place, at a part of it or at a place that contains it."""
    begun = events_so_far(scenario, place)
    return begun[-1] if begun else None


def events_so_far(scenario: Scenario, place: str) -> list[Event]:
    """Return the events by `scenario.now` at a place, at a part of it or at a place that contains it."""
    return [event for event in scenario.events if event.time <= scenario.now and _concerns(event, scenario, place)]


def _concerns(event: Event, scenario: Scenario, place: str) -> bool:
    if event.places is None:
        return True
    parts = _names(scenario.place(place))
    return any(name in parts or place in _names(scenario.place(name)) for name in event.places)


def _names(place: Place) -> set[str]:
    return {part.name for part in place.walk()}
