"""The parameters of the model: one table of priors, and their draws from standard-normal numbers.

Storms and planned shutoffs have priors of their own, learned from outage curves (`learned.py`), grid failures judged
ones; what is not drawn anew for each event follows the kind of the first event.

Every draw is a transform of independent standard-normal numbers, one row of numbers a parameter. The fit moves those
numbers; a what-if run uses them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy.special import expit, logit

from energy_impact.model.learned import LEARNED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from energy_impact.model.plan import Array

Transform = Literal["log", "logit", "normal"]
Axis = Literal["regime", "event", "system", "place", "block", "knot", "figure", "source", "truce"]

J = "judgement"
P = "judgement, with trial fits to reports from Kyiv, Kharkiv and Dnipro (2024 to 2026)"


@dataclass(frozen=True)
class Parameter:
    """
    One line of the table of priors.

    Attributes
    ----------
    transform : {"log", "logit", "normal"}
        The scale on which the prior is normal.
    median, spread : float
        Median in `unit`; standard deviation on the scale of `transform`.
    axes : tuple of str
        What it is drawn for anew: each repair regime, event, system, place, block of noise, ...
    harder : int
        1 if it is larger and -1 if it is smaller where all repair after an event is hard, 0 if neither.
    """

    name: str
    meaning: str
    unit: str
    transform: Transform
    median: float
    spread: float
    source: str
    axes: tuple[Axis, ...] = ()
    harder: int = 0


def _by_system(system: str, rate: float, out: float, severity: tuple[float, float]) -> tuple[Parameter, ...]:
    """Priors that each system has of its own; repair starts from `rate` hours for the fast class."""
    return (
        Parameter(f"repair_rate_{system}", f"{system}: repair rate of the fast class", "1/h", "log", 1 / rate, 0.8, P,
                  ("regime",), harder=-1),
        Parameter(f"slow_ratio_{system}", f"{system}: slow repair rate over fast, below 1", "1", "logit", 0.35, 1.1, P,
                  ("regime",), harder=-1),
        Parameter(f"slow_share_{system}", f"{system}: share of a hit that needs slow repair", "share", "logit",
                  0.15, 1.5, P, ("regime",), harder=1),
        Parameter(f"lost_share_{system}", f"{system}: share of slow damage that is lost for weeks", "share", "logit",
                  0.005, 1.5, P, ("regime",), harder=1),
        Parameter(f"crew_limit_{system}", f"{system}: share out at which crews do half the work of few faults",
                  "share", "log", 1.0, 0.9, P),
        Parameter(f"severity_{system}", f"{system}: share put out by an event", "share", "logit", *severity, P,
                  ("event",), harder=1),
        Parameter(f"severity_{system}_place", f"{system}: a place's own deviation of the severity", "logit", "normal",
                  0.0, 1.0, J, ("event", "place")),
        Parameter(f"chronic_rate_{system}", f"{system}: faults between events", "1/h", "log", 2e-5, 1.5, J),
        Parameter(f"initial_out_{system}", f"{system}: share out at the start", "share", "logit", out, 1.5, J,
                  ("place",)),
    )  # fmt: skip


TABLE: tuple[Parameter, ...] = (
    *_by_system("power", 6.0, 0.003, (0.35, 0.7)),
    *_by_system("heat", 12.0, 0.003, (0.43, 0.8)),
    *_by_system("water", 10.0, 0.003, (0.30, 0.8)),
    Parameter("severity_common", "deviation of the severity that all systems share", "logit", "normal", 0.0, 0.7, J,
              ("event",)),
    Parameter("occurs", "whether an event that may happen does, as a quantile", "1", "normal", 0.0, 1.0, J, ("event",)),
    Parameter("truce_holds", "whether a truce holds, as a quantile", "1", "normal", 0.0, 1.0, J, ("truce",)),
    Parameter("cascade_spread", "lines that the trip of one line trips in a grid failure, below 1", "1", "logit",
              0.5, 0.7, J, ("event",)),
    Parameter("cascade_size", "size of the cascade of a grid failure, as a quantile", "1", "normal", 0.0, 1.0, J,
              ("event",)),
    Parameter("missile_effect", "effect of the logarithm of missiles not intercepted on severity", "logit", "normal",
              0.3, 0.3, J),
    Parameter("drone_effect", "effect of the logarithm of drones not intercepted on severity", "logit", "normal",
              0.3, 0.3, J),
    Parameter("start_lag_h", "time until half of the crews are at work", "h", "log", 3.0, 0.7, J, ("event",),
              harder=1),
    Parameter("night_factor", "work at night over work by day", "1", "logit", 0.35, 1.0, P),
    Parameter("cold_slowing", "slowing of repair for each kelvin of frost", "1/K", "log", 0.012, 0.5, J),
    Parameter("front_factor", "faults between events near a front line over elsewhere", "1", "log", 5.0, 0.7, J),
    Parameter("repair_rate_place", "a place's repair rate over the scenario's", "1", "log", 1.0, 0.3, J, ("place",)),
    Parameter("capability_hit", "share of generating and transmission capability an event takes", "share", "logit",
              0.12, 1.1, P, ("event",)),
    Parameter("capability_hit_place", "a place's own deviation of the capability hit", "logit", "normal", 0.0, 1.0, J,
              ("event", "place")),
    Parameter("capability_repair_rate", "repair rate of capability", "1/h", "log", 1 / 120, 0.5, P),
    Parameter("capability_margin", "capability over the usual daily peak of demand", "1", "log", 1.15, 0.15, J,
              ("place",)),
    Parameter("shed_limit", "largest share of demand that may be shed", "share", "logit", 0.8, 0.56, J),
    Parameter("cold_demand", "rise of demand for each kelvin below 5 degC", "1/K", "log", 0.012, 0.3, J),
    Parameter("pickup_excess", "what customers just reconnected ask for beyond their usual demand, over it", "1",
              "log", 0.6, 0.5, J),
    Parameter("pickup_h", "hours until such demand has mostly faded", "h", "log", 2.0, 0.4, J),
    Parameter("heat_buffer_h", "hours until heat feels a lack of power, and power one of heat", "h", "log", 3.0, 0.4,
              J),
    Parameter("water_buffer_h", "hours until water feels a lack of power, and power or heat one of water", "h", "log",
              4.0, 0.9, J),
    Parameter("heat_dependence", "share of heat supply that needs grid power", "share", "logit", 0.25, 0.8, J),
    Parameter("water_dependence", "share of water supply that needs grid power", "share", "logit", 0.5, 1.2, J),
    Parameter("protected_share", "share of heat and water plants spared when power is shed", "share", "logit",
              0.9, 0.7, J),
    Parameter("drain_rate", "hazard of draining a circuit without supply at -13 degC", "1/h", "log", 1 / 200, 1.2, J),
    Parameter("drain_lag_h", "hours from an event's end until operators drain in earnest", "h", "log", 4.0, 0.4, J),
    Parameter("burst_rate", "hazard that a full circuit without supply bursts at -13 degC", "1/h", "log", 1 / 5000,
              1.2, J),
    Parameter("refill_h", "time to refill and bleed a drained circuit", "h", "log", 30.0, 0.4, J),
    Parameter("temperature_offset", "deviation of the air temperature in its own standard deviations", "1", "normal",
              0.0, 1.0, J, ("place",)),
    Parameter("service_overlap", "how much those without one service are those without another", "share", "logit",
              0.5, 1.0, J),
    Parameter("report_time", "when within its uncertain time a figure held, as a quantile", "share", "normal",
              0.0, 1.0, J, ("figure",)),
    Parameter("source_bias", "a source's own factor on its counts", "1", "log", 1.0, 0.05, J, ("source",)),
    Parameter("time_constant_factor", "factor on the time constants of heated buildings, and on their free rises",
              "1", "log", 1.0, 0.3, J),
    Parameter("warm_up_h", "time constant of homes that warm up once heat is back", "h", "log", 12.0, 0.5, J),
    Parameter("departed_share", "share of the residents of homes below 16 degC who leave if it lasts", "share", "logit",
              0.25, 1.1, J),
    Parameter("departure_h", "time constant of leaving homes below 16 degC", "h", "log", 48.0, 0.7, J),
    Parameter("return_h", "time constant of coming back to homes that are warm again", "h", "log", 120.0, 0.7, J),
    Parameter("difficulty", "how hard all repair after an event is", "1", "normal", 0.0, 1.0, J, ("regime",)),
    Parameter("rate_noise", "repair rate noise before correlation", "1", "normal", 0.0, 1.0, P,
              ("block", "system", "place")),
    Parameter("fault_noise", "noise of the faults between events", "1", "normal", 0.0, 1.0, P,
              ("block", "system", "place")),
    Parameter("level_noise", "deviation of what is counted from what is modelled, before correlation", "1", "normal",
              0.0, 1.0, P, ("knot", "system", "place")),
)  # fmt: skip

STOCK_PARAMETERS = (
    "power_customers", "heat_buildings", "water_buildings", "residents", "residents_per_building",
    "customers_per_building",
)  # fmt: skip
"""Sizes of places; their priors come from the scenario's places, not from the table."""

GRID_FAILURE: dict[str, tuple[float, float]] = {
    "severity_power": (0.20, 1.3),
    "slow_share_power": (0.05, 1.0),
    "repair_rate_power": (0.5, 0.8),
    "start_lag_h": (1.0, 0.7),
    "heat_dependence": (0.4, 1.0),
    "heat_buffer_h": (6.0, 0.7),
    "water_dependence": (0.8, 1.2),
    "water_buffer_h": (2.0, 0.9),
}
"""Median and spread of a grid failure: the first trip, before it spreads, lines mostly switched in again, pumps that
stop at once and heat plants that take hours to start again (judgement, after a look at Kyiv on 31 January 2026)."""

BY_KIND: dict[str, dict[str, tuple[float, float]]] = {**LEARNED, "grid_failure": GRID_FAILURE}
"""Median and spread of the parameters of each kind of event that has its own, by kind and name."""

DIFFICULTY = {"storm": 0.4, "planned_shutoff": 0.4}
"""Correlation of an event's parameters with its difficulty, by kind: what is large and starts late is slow and long in
the tail too (judgement; for other kinds it is 0, where a trial did not forecast reports better)."""

NOISE = ("rate_noise", "fault_noise", "level_noise")
BY_NAME = {parameter.name: parameter for parameter in TABLE}


@dataclass(frozen=True)
class Slot:
    """Rows of a block of standard-normal numbers that make one parameter, with its prior row by row."""

    parameter: Parameter
    rows: slice
    shape: tuple[int, ...]
    location: NDArray[np.float64]
    spread: NDArray[np.float64]
    loading: NDArray[np.float64]
    """Correlation of each row with the difficulty of its event."""

    @property
    def medians(self) -> NDArray[np.float64]:
        """Prior medians in the parameter's unit, row by row."""
        return _inverse(self.parameter.transform, self.location)


@dataclass(frozen=True)
class Layout:
    """Which standard-normal numbers make which parameter."""

    slots: tuple[Slot, ...]

    @cached_property
    def by_name(self) -> dict[str, Slot]:
        """Slots by the name of their parameter."""
        return {slot.parameter.name: slot for slot in self.slots}

    @property
    def rows(self) -> int:
        """How many standard-normal numbers a member has."""
        return int(self.slots[-1].rows.stop)

    @property
    def structural_rows(self) -> int:
        """How many of them are not noise; those come first."""
        return int(next(slot.rows.start for slot in self.slots if slot.parameter.name in NOISE))

    @property
    def anchor_row(self) -> int:
        """Return the first row of the level noise, which comes last and acts on what is counted only."""
        return int(next(slot.rows.start for slot in self.slots if slot.parameter.name == NOISE[-1]))

    def names(self) -> tuple[str, ...]:
        """Return a name for each number, such as "start_lag_h[0]"."""
        found = []
        for slot in self.slots:
            found += [
                slot.parameter.name + (f"[{', '.join(map(str, index))}]" if index else "")
                for index in np.ndindex(*slot.shape)
            ]
        return tuple(found)

    def numbers(self, name: str, normal: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
        """Return a parameter's standard-normal numbers, (rows, members), with what the difficulty does to them."""
        slot = self.by_name[name]
        block, loading = normal[slot.rows], slot.loading[:, None]
        if not loading.any():
            return block
        difficulty = normal[self.by_name["difficulty"].rows][-len(block) :]
        return np.asarray(np.sqrt(1 - loading**2) * block + loading * difficulty)

    def values(self, normal: NDArray[np.floating[Any]], names: Collection[str] | None = None) -> dict[str, Array]:
        """
        Turn standard-normal numbers into parameters.

        Parameters
        ----------
        normal : ndarray, (rows, members)
        names : collection of str, optional
            Which parameters; by default all.

        Returns
        -------
        dict of ndarray of float32
            Each of shape (*axes, members), in the parameter's unit.
        """
        found = {}
        for slot in self.slots:
            if names is not None and slot.parameter.name not in names:
                continue
            block = self.numbers(slot.parameter.name, normal)
            if slot.parameter.name not in NOISE:
                block = _inverse(slot.parameter.transform, slot.location[:, None] + slot.spread[:, None] * block)
            found[slot.parameter.name] = np.asarray(block, np.float32).reshape(*slot.shape, normal.shape[1])
        return found


def _inverse(transform: Transform, value: NDArray[np.float64]) -> NDArray[np.float64]:
    if transform == "log":
        return np.exp(value)
    return np.asarray(expit(value)) if transform == "logit" else value


def _forward(transform: Transform, median: float) -> float:
    if transform == "log":
        return float(np.log(median))
    return float(logit(median)) if transform == "logit" else median


def build_layout(
    kinds: Sequence[str],
    sizes: Mapping[str, int],
    stocks: Mapping[str, Sequence[tuple[float, float]]],
    overrides: Mapping[str, tuple[float, float]],
) -> Layout:
    """
    Lay out the parameters of a scenario.

    Parameters
    ----------
    kinds : sequence of str
        Kind of each repair regime, the first being "start".
    sizes : mapping
        Length of the axes "system", "place", "block", "knot", "figure", "source", "truce".
    stocks : mapping
        (median, spread of the logarithm) of each of `STOCK_PARAMETERS` by place.
    overrides : mapping
        (median, spread) that replace the table's, by parameter name.

    Raises
    ------
    ValueError
        If an override is not a prior of the table.
    """
    slots: list[Slot] = []
    start = 0
    for parameter in sorted(TABLE, key=lambda p: p.name in NOISE):
        shape, priors = _priors(parameter, kinds, sizes, overrides)
        if parameter.name.endswith("_place") and sizes["place"] == 1 and parameter.name not in overrides:
            priors = [(median, 0.0) for median, _ in priors]
        if parameter.name == NOISE[0]:
            start = _stock_slots(slots, start, stocks)
        start = _add(slots, start, parameter, shape, priors, kinds)
    return Layout(tuple(slots))


def _by_kind(parameter: Parameter, kind: str) -> tuple[float, float]:
    """Median and spread of a parameter for a kind of event."""
    return BY_KIND.get(kind, {}).get(parameter.name, (parameter.median, parameter.spread))


def _size(shape: tuple[int, ...]) -> int:
    return int(np.prod(shape, dtype=int))


def _priors(
    parameter: Parameter,
    kinds: Sequence[str],
    sizes: Mapping[str, int],
    overrides: Mapping[str, tuple[float, float]],
) -> tuple[tuple[int, ...], list[tuple[float, float]]]:
    length = {"regime": len(kinds), "event": len(kinds) - 1, **sizes}
    shape = tuple(length[axis] for axis in parameter.axes)
    if parameter.name in overrides:
        return shape, [overrides[parameter.name]] * _size(shape)
    if not parameter.axes or parameter.axes[0] not in {"regime", "event"}:
        first = kinds[1] if len(kinds) > 1 else kinds[0]
        return shape, [_by_kind(parameter, first)] * _size(shape)
    own = kinds if parameter.axes[0] == "regime" else kinds[1:]
    inner = _size(shape[1:])
    return shape, [_by_kind(parameter, kind) for kind in own for _ in range(inner)]


def _stock_slots(slots: list[Slot], start: int, stocks: Mapping[str, Sequence[tuple[float, float]]]) -> int:
    for name in STOCK_PARAMETERS:
        stock = Parameter(name, "size of a place, as the scenario gives it", "count", "log", 1.0, 0.0, "scenario",
                          ("place",))  # fmt: skip
        start = _add(slots, start, stock, (len(stocks[name]),), list(stocks[name]), ())
    return start


def _add(slots: list[Slot], start: int, parameter: Parameter, shape: tuple[int, ...],
         priors: list[tuple[float, float]], kinds: Sequence[str]) -> int:  # fmt: skip
    stop = start + len(priors)
    location = np.array([_forward(parameter.transform, median) for median, _ in priors])
    spread = np.array([spread for _, spread in priors])
    loading = np.zeros(len(priors))
    if parameter.harder:
        own = kinds if parameter.axes == ("regime",) else kinds[1:]
        loading = parameter.harder * np.array([DIFFICULTY.get(kind, 0.0) for kind in own])
    slots.append(Slot(parameter, slice(start, stop), shape, location, spread, loading))
    return stop
