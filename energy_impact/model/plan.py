"""The scenario as the kernels see it: numbers and arrays, no names of places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Values = Mapping[str, Array]
Index = int | NDArray[np.intp]

SAME_TIME_STEPS = 1e-6
"""Times that differ by less are the same; steps such as 1/6 h are not exact in floating point. [steps]"""


@dataclass(frozen=True)
class EventPlan:
    """One event on the step grid.

    Attributes
    ----------
    kind : str
        One of `vocabulary.EVENT_KINDS`.
    start_h, end_h : float
        Begin and end after the scenario's start. [h]
    hits : ndarray of bool, (places,)
        Which places it hits.
    missiles, drones : float or None
        What was launched minus what was intercepted; None where unknown.
    """

    kind: str
    start_h: float
    end_h: float
    hits: NDArray[np.bool_]
    missiles: float | None = None
    drones: float | None = None


@dataclass(frozen=True)
class Plan:
    """Everything that the forward model is given besides its parameters.

    Attributes
    ----------
    steps : int
        Number of steps; states exist at `steps + 1` times.
    step_h : float
        Length of a step. [h]
    places : int
        Number of places without parts.
    systems : tuple of str
        Which of power, heat, water are followed; power always is.
    events : tuple of EventPlan
        In the order of their start.
    night : ndarray of bool, (steps, places)
        Whether a step's middle lies in the local night.
    demand : ndarray, (steps + 1, places)
        Power demand by the local hour, as a share of the daily peak.
    temperature, temperature_sd : ndarray, (steps + 1, places)
        Outdoor air temperature and its uncertainty. [degC], [K]
    balance : bool
        Whether supply may fall short of demand; only attacks and grid failures take capability away.
    """

    steps: int
    step_h: float
    places: int
    systems: tuple[str, ...]
    events: tuple[EventPlan, ...]
    night: NDArray[np.bool_]
    demand: Array
    temperature: Array
    temperature_sd: Array
    balance: bool

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kind of each repair regime: the one before any event, then one for each event."""
        return ("start", *(event.kind for event in self.events))

    @cached_property
    def parts(self) -> NDArray[np.float64]:
        """Part of each event that falls into each step, (steps, events); one without duration falls into one step."""
        begins = np.arange(self.steps)[:, None]
        first = np.array([event.start_h for event in self.events]) / self.step_h
        last = np.array([event.end_h for event in self.events]) / self.step_h
        instant = last - first < SAME_TIME_STEPS
        inside = np.minimum(begins + 1, last) - np.maximum(begins, first)
        inside[inside < SAME_TIME_STEPS] = 0
        whole = begins == np.floor(first + SAME_TIME_STEPS)
        return np.where(instant, whole, inside / np.where(instant, 1, last - first))

    def _begun(self, event: EventPlan) -> NDArray[np.bool_]:
        """Whether an event has begun before the end of each step, (steps,)."""
        return np.arange(self.steps) + 1 > event.start_h / self.step_h + SAME_TIME_STEPS

    @cached_property
    def regime(self) -> NDArray[np.intp]:
        """Repair regime, (steps, places): that of the last event that has begun to hit the place, 0 before any."""
        found = np.zeros((self.steps, self.places), np.intp)
        for index, event in enumerate(self.events):
            found[np.ix_(self._begun(event), event.hits)] = index + 1
        return found

    @cached_property
    def regime_index(self) -> list[Index]:
        """Index into an axis of regimes, step by step: one number where all places share it, else (places,)."""
        return [int(row[0]) if (row == row[0]).all() else row for row in self.regime]

    @cached_property
    def clear_h(self) -> NDArray[np.float64]:
        """
        Time since the all-clear at the middle of each step, (steps, places): infinite before any event.

        The all-clear is the end of all events that have begun to hit the place; until then the time is 0. [h]
        """
        middles = (np.arange(self.steps) + 0.5) * self.step_h
        found = np.full((self.steps, self.places), np.inf)
        for event in self.events:
            since = np.where(self._begun(event), np.maximum(middles - event.end_h, 0), np.inf)
            found[:, event.hits] = np.minimum(found[:, event.hits], since[:, None])
        return found
