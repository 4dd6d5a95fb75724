"""The scenario as the kernels see it: numbers and arrays, no names of places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Values = Mapping[str, Array]


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
        Which of power, heat, water are followed.
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
    def regime(self) -> NDArray[np.intp]:
        """The repair regime of each step, (steps,): that of the last event that has begun."""
        begun = np.array([event.start_h for event in self.events])
        ends = (np.arange(self.steps) + 1) * self.step_h
        return np.searchsorted(begun, ends - 1e-9, side="left")
