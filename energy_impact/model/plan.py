"""The scenario as the kernels see it: numbers and arrays, no names of places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from energy_impact.event_kinds import EVENT_KINDS, NO_EVENT, EventKind
from energy_impact.systems import CAPABILITY

Array = NDArray[np.float32]
Values = Mapping[str, Array]
ByPlace = np.float32 | Array
Places = slice | NDArray[np.intp]

WEATHER_H = 3.0
"""Hours over which the weather is averaged, the interval of synoptic reports. [h]"""

SAME_TIME_STEPS = 1e-6
"""Tolerance for equal times; steps such as 1/6 h are not exact in floating point. [steps]"""


def by_place(row: NDArray[np.floating]) -> ByPlace:
    """Return numbers by place that broadcast to (places, members): one number if all are equal, else a column."""
    column = np.asarray(row, np.float32)
    return column[0] if (column == column[0]).all() else column[:, None]


def at_places(rows: ByPlace, places: Places) -> ByPlace:
    """Return numbers of `by_place` at some places."""
    return rows[places] if isinstance(rows, np.ndarray) else rows


@dataclass(frozen=True)
class EventPlan:
    """One event on the step grid: a past one, or a possible one (a candidate).

    Attributes
    ----------
    kind : str
        One of `event_kinds.EVENT_KINDS`.
    start_h, end_h : float
        Start and end after the scenario's start; the end is the expected one if it is unknown. [h]
    hits : ndarray of bool, (places,)
        Whether it hits each place.
    missiles, drones : float or None
        Number launched minus number intercepted, and the debris of those, as missiles and drones; None if unknown.
    length_h : (float, float), optional
        Shortest and longest duration; by default that from start to end. [h]
    systems : tuple of str or None
        Systems it damages; None = those that its kind damages.
    capability : bool or None
        Whether it takes capability to supply power; None = as its kind does.
    only_named : mapping of str to ndarray of int, (places,) or (places, members)
        For each system that nobody reported on where the event names a place: the place whose draw decides whether it
        is hit at all, -1 where it is hit; by member where ensembles with different reports run side by side.
    spares_late_h : float
        Hours by which spare parts for large repairs come late. [h]
    expected : float or None
        Mean number of such events in the candidate's time; None for a past event.
    truces : tuple of (int, ndarray)
        For each truce that covers it, the index into `Plan.truces` and the factor on the rate if it holds, (places,) or
        a number.
    added : bool
        Whether a what-if added it; parameters that are drawn once never follow such an event.
    """

    kind: str
    start_h: float
    end_h: float
    hits: NDArray[np.bool_]
    missiles: float | None = None
    drones: float | None = None
    length_h: tuple[float, float] | None = None
    systems: tuple[str, ...] | None = None
    capability: bool | None = None
    only_named: Mapping[str, NDArray[np.intp]] = field(default_factory=dict)
    spares_late_h: float = 0.0
    expected: float | None = None
    truces: tuple[tuple[int, Array | float], ...] = ()
    added: bool = False

    @property
    def lengths_h(self) -> tuple[float, float]:
        """Shortest and longest duration [h]."""
        return self.length_h or (self.end_h - self.start_h, self.end_h - self.start_h)

    @property
    def takes_capability(self) -> bool:
        """Whether it takes capability to supply power."""
        return self.kind in CAPABILITY.kinds if self.capability is None else self.capability

    @property
    def repair_h(self) -> float:
        """Time from which crews can work: its end, the all-clear, or its start for kinds without one [h]."""
        return self.start_h if EVENT_KINDS[self.kind].repair_from_start else self.end_h


@dataclass(frozen=True)
class ChangePlan:
    """Conditions that a what-if changes from a step on; `docs/what_if.md` says how each acts.

    Attributes
    ----------
    step : int
        Step from which it acts.
    colder : float
        Fall of the outdoor air temperature. [K]
    crews : ndarray of float32, (places,)
        Factor on the number of crews. [1]
    generators : ndarray of float32, (places,)
        Share of the heat, water and gas supply that needs grid power which generators keep running. [share]
    boilers : float
        Buildings that mobile boilers can heat. [buildings]
    boilers_at : ndarray of bool, (places,)
        Places that share them.
    """

    step: int
    colder: float
    crews: Array
    generators: Array
    boilers: float
    boilers_at: NDArray[np.bool_]


@dataclass(frozen=True)
class Plan:
    """Input of the forward model besides its parameters.

    Attributes
    ----------
    steps : int
        Number of steps; states exist at `steps + 1` times.
    step_h : float
        Length of a step. [h]
    places : int
        Number of places without parts.
    systems : tuple of str
        Systems that are followed, of `systems.SYSTEMS`; power always is.
    events : tuple of EventPlan
        Past events in order of their start, then candidates in order of theirs, then those that a what-if added.
    night : ndarray of bool, (steps, places)
        Whether the middle of a step is in the local night.
    demand : ndarray, (steps + 1, places)
        Power demand by the local hour, as a share of the daily peak.
    temperature, temperature_sd : ndarray, (steps + 1, places)
        Outdoor air temperature and its uncertainty. [degC], [K]
    balance : bool
        Whether supply may fall short of demand: an event takes capability, some is missing, or reports speak of
        cuts or of damage apart from them.
    crews : ndarray of int, (places,), or None
        Group of places with which each place shares crews; None = every place has its own crews.
    crew_weights : ndarray, (places,), or None
        Share of each place in its group; None if `crews` is.
    feedback : mapping of str to ndarray, (places,)
        Share of one system that needs another, by the names of `systems.FEEDBACKS`; names with only zeros are left out.
    front : ndarray of bool, (places,), or None
        Whether each place is near a front line; None = none is.
    truces : tuple of float
        Probability that each truce holds.
    grid : ndarray of int, (places,), or None
        Grid that each place hangs on; None = all hang on one.
    demand_weights : ndarray, (places,), or None
        Share of each place in the demand of its grid; None = equal shares.
    short : ndarray of bool, (grids,), or None
        Whether reports say that supply is short on each grid; None = on none.
    missing : mapping of str to ndarray, (steps + 1, places)
        Share of each system's supply that is missing for a known reason, of power of the capability to supply, over the
        step that begins at each time; systems without a shortage are left out. [share]
    changes : tuple of ChangePlan
        What-ifs in force.
    balance_from : ndarray of int, (places,), or None
        Step from which supply may fall short at each place; None = from the start.
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
    crews: NDArray[np.intp] | None = None
    crew_weights: Array | None = None
    feedback: Mapping[str, Array] = field(default_factory=dict)
    front: NDArray[np.bool_] | None = None
    truces: tuple[float, ...] = ()
    grid: NDArray[np.intp] | None = None
    demand_weights: Array | None = None
    short: NDArray[np.bool_] | None = None
    missing: Mapping[str, Array] = field(default_factory=dict)
    changes: tuple[ChangePlan, ...] = ()
    balance_from: NDArray[np.intp] | None = None

    def until(self, step: int) -> Plan:
        """
        Return the plan up to a step, and to the end of its span of weather; what happens until then is the same.

        It stays whole if crews change before the step: more crews bring jobs forward from beyond its end, and what a
        job holds is hit again only if the job is done before that end.
        """
        if any(change.step < step and (change.crews != 1).any() for change in self.changes):
            return self
        steps = min(-(-max(step, 1) // self.steps_per_weather) * self.steps_per_weather, self.steps)
        return replace(
            self,
            steps=steps,
            night=self.night[:steps],
            demand=self.demand[: steps + 1],
            temperature=self.temperature[: steps + 1],
            temperature_sd=self.temperature_sd[: steps + 1],
            missing={name: rows[: steps + 1] for name, rows in self.missing.items()},
        )

    @cached_property
    def grids(self) -> NDArray[np.intp]:
        """Grid that each place hangs on, (places,)."""
        return np.zeros(self.places, np.intp) if self.grid is None else self.grid

    @property
    def called_short(self) -> NDArray[np.bool_]:
        """Whether reports call supply short on the grid of each place, (places, 1)."""
        short = np.zeros(int(self.grids.max()) + 1, bool) if self.short is None else self.short
        return np.asarray(short[self.grids][:, None])

    @cached_property
    def grid_shares(self) -> Array:
        """Share of each place in the demand of its grid, (places,)."""
        weights = np.ones(self.places) if self.demand_weights is None else self.demand_weights
        return np.asarray(weights / np.bincount(self.grids, weights)[self.grids], np.float32)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kind of each repair regime: the one before any event, then one per event."""
        return ("start", *(event.kind for event in self.events))

    @property
    def first_kind(self) -> EventKind:
        """Kind of the first event, or of the time before any."""
        return EVENT_KINDS[self.events[0].kind] if self.anchor else NO_EVENT

    @property
    def anchor(self) -> int:
        """Repair regime that parameters drawn once follow: the first event's, or the start's if none was given."""
        return int(bool(self.events) and not self.events[0].added)

    @property
    def _begins_and_spans(self) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
        """Start of each step, (steps, 1), and start and end of each event, (events,) [steps]."""
        first = np.array([event.start_h for event in self.events]) / self.step_h
        last = np.array([event.end_h for event in self.events]) / self.step_h
        return np.arange(self.steps)[:, None], first, last

    @cached_property
    def acting(self) -> list[list[int]]:
        """Events that may act in each step; an instantaneous one acts in the step that contains it."""
        found: list[list[int]] = [[] for _ in range(self.steps)]
        for index, event in enumerate(self.events):
            begin = event.start_h / self.step_h + SAME_TIME_STEPS
            end = begin + event.lengths_h[1] / self.step_h - 2 * SAME_TIME_STEPS
            for step in range(int(begin), min(max(int(np.ceil(end)), int(begin) + 1), self.steps)):
                found[step].append(index)
        return found

    @cached_property
    def fraction_after_hit(self) -> NDArray[np.float64]:
        """Fraction of each step that lies after the middle of the event's time within it, (steps, events)."""
        begins, first, last = self._begins_and_spans
        return np.asarray(1 - (np.clip(first - begins, 0, 1) + np.clip(last - begins, 0, 1)) / 2)

    @cached_property
    def happened(self) -> list[tuple[int, EventPlan]]:
        """Events that are no candidates, with their numbers, in order of their start."""
        found = [(index, event) for index, event in enumerate(self.events) if event.expected is None]
        return sorted(found, key=lambda one: one[1].start_h)

    def _begun(self, event: EventPlan) -> NDArray[np.bool_]:
        """Return whether an event has begun before the end of each step, (steps,)."""
        return np.arange(self.steps) + 1 > event.start_h / self.step_h + SAME_TIME_STEPS

    @cached_property
    def _opens(self) -> NDArray[np.bool_]:
        """Whether each event opens a repair regime in each place, (events, places)."""
        found, seen = np.zeros((len(self.events), self.places), bool), np.zeros(self.places, bool)
        for index, event in self.happened:
            found[index] = event.hits & ~(seen & event.added)
            seen |= event.hits
        return found

    @cached_property
    def regime(self) -> NDArray[np.intp]:
        """Repair regime, (steps, places): that of the last event that has begun to hit the place, 0 before any.

        Candidates start no regime, and events that a what-if added none where another event began before: what is out
        is repaired at the pace that it had.
        """
        found = np.zeros((self.steps, self.places), np.intp)
        for index, event in self.happened:
            found[np.ix_(self._begun(event), self._opens[index])] = index + 1
        return found

    @cached_property
    def steps_per_weather(self) -> int:
        """Number of steps that share their weather."""
        return round(WEATHER_H / self.step_h)

    @cached_property
    def weather(self) -> list[tuple[ByPlace, ByPlace]]:
        """Mean of the outdoor temperature [degC] and of its uncertainty [K] over each span of `WEATHER_H`."""
        spans = [
            slice(first, first + self.steps_per_weather + 1) for first in range(0, self.steps, self.steps_per_weather)
        ]
        return [
            (
                by_place(self.temperature[span].mean(0) + self.shift[span.start + 1]),
                by_place(self.temperature_sd[span].mean(0)),
            )
            for span in spans
        ]

    @property
    def weather_before(self) -> tuple[ByPlace, ByPlace]:
        """Weather of the first span without any shift, for the state at the start."""
        return by_place(self.temperature[: self.steps_per_weather + 1].mean(0)), self.weather[0][1]

    @cached_property
    def shift(self) -> Array:
        """Shift of the outdoor temperature by what-ifs at each time: none up to their step, (steps + 1,) [K]."""
        found = np.zeros(self.steps + 1, np.float32)
        for change in self.changes:
            found[change.step + 1 :] -= np.float32(change.colder)
        return found

    @cached_property
    def clear_h_by_weather(self) -> list[ByPlace]:
        """
        Time since the all-clear in the middle of each span of steps that share their weather [h].

        Of events that open a regime: an event that a what-if added takes back no decision.
        """
        opens = self._opens[[index for index, _ in self.happened], None]
        after = np.where(opens, self._after_clear_by_event, np.inf).min(0, initial=np.inf)
        clear_h = after - np.minimum(after, self.step_h) / 2
        spans = [
            range(first, min(first + self.steps_per_weather, self.steps))
            for first in range(0, self.steps, self.steps_per_weather)
        ]
        return [by_place(clear_h[[span[(len(span) - 1) // 2], span[len(span) // 2]]].mean(0)) for span in spans]

    @cached_property
    def demand_by_place(self) -> list[ByPlace]:
        """Demand at each time on the step grid, broadcastable to (places, members)."""
        return [by_place(row) for row in self.demand]

    @cached_property
    def crew_groups(self) -> list[NDArray[np.bool_]]:
        """Mask of the places of each group that shares crews."""
        return [] if self.crews is None else [self.crews == group for group in np.unique(self.crews)]

    @cached_property
    def regime_changes(self) -> NDArray[np.bool_]:
        """Whether the regime of any place differs from that of the step before, (steps,)."""
        return np.append(False, (self.regime[1:] != self.regime[:-1]).any(1))

    @cached_property
    def _after_clear_by_event(self) -> NDArray[np.float64]:
        """
        Time since crews could work after each of `happened`, at the end of each step, (events, steps, places) [h].

        Infinite until it begins, and where it does not hit.
        """
        ends = (np.arange(self.steps) + 1) * self.step_h
        found = np.full((len(self.happened), self.steps, self.places), np.inf)
        for row, (_, event) in zip(found, self.happened, strict=True):
            since = np.where(self._begun(event), np.maximum(ends - event.repair_h, 0), np.inf)
            row[:, event.hits] = since[:, None]
        return found

    @cached_property
    def _after_clear_h(self) -> NDArray[np.float64]:
        """Time since the all-clear at the end of each step, (steps, places); 0 until it, infinite before any event."""
        return np.asarray(self._after_clear_by_event.min(0, initial=np.inf))

    @cached_property
    def clear_part(self) -> NDArray[np.float64]:
        """Fraction of each step that lies after the all-clear, (steps, places); 1 before any event."""
        return np.asarray(np.minimum(self._after_clear_h / self.step_h, 1))

    @cached_property
    def clear_h(self) -> NDArray[np.float64]:
        """
        Time since the all-clear in the middle of the step's part after it, (steps, places) [h].

        The all-clear is the end of all events that have begun to hit the place and keep crews away; until then the time
        is 0, and before any event it is infinite. Candidates change nothing.
        """
        return np.asarray(self._after_clear_h - self.clear_part * self.step_h / 2)

    @cached_property
    def clear_h_by_event(self) -> NDArray[np.float64]:
        """As `clear_h`, since crews could work after each of `happened`, (events, steps, places) [h]."""
        return np.asarray(self._after_clear_by_event - self.clear_part * self.step_h / 2)

    @cached_property
    def inverse_clear(self) -> Array:
        """
        One over `clear_h_by_event`, to the power of the ramp of each event's kind, (events, steps, places).

        0 before the event and where it does not hit.
        """
        sharpness = np.array([EVENT_KINDS[event.kind].ramp_sharpness for _, event in self.happened])
        with np.errstate(divide="ignore", over="ignore"):
            return np.asarray(self.clear_h_by_event ** -sharpness[:, None, None], np.float32)

    @cached_property
    def crews_alike(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """First place of each set of places with the same nights and events, and the set of each place."""
        alike = np.vstack([self.night, *(event.hits for _, event in self.happened)])
        _, first, number = np.unique(np.packbits(alike, axis=0), axis=1, return_index=True, return_inverse=True)
        return first, number.ravel()
