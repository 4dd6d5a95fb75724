"""From a scenario to arrays: the plan and the parameter layout of the model."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from energy_impact import bounds
from energy_impact._checks import RefusedError, brief, nearest
from energy_impact._memory import check_memory
from energy_impact.figures.relations import of_some, says_short
from energy_impact.model import people
from energy_impact.model.counting import knots
from energy_impact.model.jobs import LARGE_JOBS
from energy_impact.model.layout import Layout, build_layout
from energy_impact.model.parameters import BY_NAME, CHANGEABLE, STOCK_PARAMETERS, Prior
from energy_impact.model.plan import ChangePlan, EventPlan, Plan
from energy_impact.model.restoration import noise_blocks
from energy_impact.model.supply import daily_demand
from energy_impact.quantities import MODELLED, OF_BALANCE, QUANTITIES
from energy_impact.reports import Report, Reports, hours_after_start, reports_of
from energy_impact.scenario import Event, Scenario, candidate_days
from energy_impact.scenario.interception import got_through
from energy_impact.scenario.shortage import share_at
from energy_impact.systems import CAPABILITY, FEEDBACKS, STOCKS, SYSTEMS
from energy_impact.units import Z90

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from numpy.typing import NDArray

    from energy_impact.model.plan import Array
    from energy_impact.places import Place
    from energy_impact.scenario import CandidateDay, EventRate, Truce, WhatIf

    Rows = NDArray[np.intp]
    Candidate = tuple[EventRate, CandidateDay]

PLAN_BYTES = 200
"""Bytes per place and step while a plan is made."""
NIGHT_FROM, NIGHT_TO = 22, 6
"""Local hours between which crews work at the night factor. [h] (judgement)"""
ONLY_NAMED = "attack"
"""Kind of event of which reports name many places that lose neither heat nor water."""


@dataclass(frozen=True)
class Prepared:
    """A scenario as arrays.

    Attributes
    ----------
    plan : Plan
    layout : Layout
    reports : tuple of Report
    unused : dict of int to str
        Why a row of the figures is not a report, by row.
    parts : dict
        Leaf places that make up each place, by name.
    available : tuple of (str, str)
        Each (quantity, place) that the model can answer, those that restate another where a figure reports them.
    axes : dict
        Keys of the entries of each parameter axis, by which entries of two scenarios are matched.
    """

    plan: Plan
    layout: Layout
    reports: tuple[Report, ...]
    unused: dict[int, str]
    parts: dict[str, tuple[int, ...]]
    available: tuple[tuple[str, str], ...]
    axes: dict[str, tuple[Hashable, ...]]


def check_scenario(scenario: object) -> None:
    """Raise a ValueError unless it is a Scenario."""
    if not isinstance(scenario, Scenario):
        raise ValueError(f"scenario: must be a Scenario (load_scenario reads one), got {brief(scenario)}")


def prepare(scenario: Scenario) -> Prepared:
    """
    Return a scenario as arrays.

    Raises
    ------
    ValueError
        If it is not a Scenario.
    RefusedError
        If it changes an unknown prior, sets a prior out of bounds, an event can break nothing, no stock of any place is
        known, or it needs more memory than is free.
    """
    check_scenario(scenario)
    leaves = scenario.leaves
    index = {leaf.name: i for i, leaf in enumerate(leaves)}
    parts = {
        place.name: tuple(index[leaf.name] for leaf in place.leaves())
        for root in scenario.places
        for place in root.walk()
    }
    steps = round(scenario.horizon_h / scenario.step_h)
    check_memory(PLAN_BYTES * steps * len(leaves), f"{len(leaves)} places and {steps} steps")
    candidates = _candidates(scenario)
    plan = _plan(scenario, index, candidates)
    reported = {(figure.quantity, figure.place) for figure in scenario.figure_records}
    needed = _answerable(plan)
    available = tuple(
        (quantity, place.name)
        for root in scenario.places
        for place in root.walk()
        for known in [{stock for stock in STOCKS if place.stock_range(stock) is not None}]
        for quantity, stocks in needed.items()
        if QUANTITIES[quantity].restates is None or (quantity, place.name) in reported
        if known.issuperset(stocks)
    )
    if not available:
        raise RefusedError("places: at least one needs a known stock (power_customers, heat_buildings, ...), got none")
    reports = reports_of(scenario, plan, parts, set(available))
    axes = _axes(scenario, plan, candidates, reports)
    sizes = {axis: len(keys) for axis, keys in axes.items()}
    stocks = {name: [_lognormal(getattr(leaf, name)) for leaf in leaves] for name in STOCK_PARAMETERS}
    layout = build_layout(plan.kinds, plan.systems, sizes, stocks, _overrides(scenario), anchor=plan.anchor)
    return Prepared(plan, layout, reports.used, reports.unused, parts, available, axes)


def _axes(
    scenario: Scenario, plan: Plan, candidates: list[Candidate], reports: Reports
) -> dict[str, tuple[Hashable, ...]]:
    """Return the keys of the entries of each parameter axis, as in `Prepared.axes`."""
    events = _numbered(
        (
            *(event.name or (event.time, event.kind, event.places) for event in scenario.events),
            *((day.day, rate.kind, rate.places) for rate, day in candidates),
            *(event.name or (event.time, event.kind, event.places) for event in scenario.added_events),
        )
    )
    figures = scenario.figure_records
    return {
        "regime": (None, *events),
        "event": events,
        "system": plan.systems,
        "place": tuple(leaf.name for leaf in scenario.leaves),
        "grid": tuple(dict.fromkeys(_grid_names(scenario))),
        "block": tuple(range(noise_blocks(plan))),
        "knot": tuple(range(knots(plan))),
        "figure": tuple(figures[report.row].id for report in reports.used),
        "source": reports.sources,
        "job": tuple(range(LARGE_JOBS)),
        "truce": _numbered((truce.start, truce.end, truce.claimed_by, truce.places) for truce in _truces(scenario)),
    }


def _numbered(keys: Iterable[Hashable]) -> tuple[Hashable, ...]:
    """Return the keys, each with the number of earlier equal keys."""
    seen: Counter[Hashable] = Counter()
    found = []
    for key in keys:
        found.append((key, seen[key]))
        seen[key] += 1
    return tuple(found)


def _lognormal(size: float | tuple[float, float] | None) -> tuple[float, float]:
    """Median and spread of the logarithm of a size that is a number, a 90 % range, or unknown (NaN)."""
    if size is None:
        return np.nan, 0.0
    low, high = size if isinstance(size, tuple) else (size, size)
    if not high > 0:
        return 0.0, 0.0
    return float(np.sqrt(low * high)), float(np.log(high / low) / (2 * Z90))


def _overrides(scenario: Scenario) -> dict[str, Prior]:
    found = {}
    for name, prior in (scenario.priors or {}).items():
        if name not in CHANGEABLE:
            raise RefusedError(f"priors, {name}: not a parameter that can be changed{nearest(name, CHANGEABLE)}")
        try:
            median = bounds.check(f"priors, {name}, median", prior["median"], f"median_{BY_NAME[name].transform}")
        except ValueError as error:
            raise RefusedError(str(error)) from error
        found[name] = Prior(median, prior["spread"], prior["loading"])
    return found


def _plan(scenario: Scenario, index: dict[str, int], candidates: list[Candidate]) -> Plan:
    leaves = scenario.leaves
    times = scenario.times
    middles = times[:-1] + pd.Timedelta(hours=scenario.step_h / 2)
    zones = [leaf.timezone for leaf in leaves]
    hours = _by_place(middles, zones, _local_hours)
    mean, sd = scenario.air_temperature()
    events = [_event(event, scenario, index) for event in scenario.events]
    events += [_candidate(rate, day, scenario, index) for rate, day in candidates]
    added = [dataclasses.replace(_event(event, scenario, index), added=True) for event in scenario.added_events]
    crews, weights = _crews(scenario, index)
    grid, demand = _grid(scenario)
    short = _short(scenario, index, grid)
    feedback, missing = _feedback(leaves), _missing(scenario, index)
    balance = (
        any(figure.quantity in OF_BALANCE and of_some(figure) for figure in scenario.figure_records)
        or any(event.takes_capability for event in events)
        or any(FEEDBACKS[name].needing == "power" for name in feedback)
        or "power" in missing
    )
    short_later = None if balance else _balance_from(added, grid, scenario)
    return Plan(
        steps=len(times) - 1,
        step_h=scenario.step_h,
        places=len(leaves),
        systems=_systems(leaves),
        events=(*events, *added),
        night=(hours >= NIGHT_FROM) | (hours < NIGHT_TO),
        demand=_by_place(times, zones, lambda times, zone: daily_demand(_local_hours(times, zone))),
        temperature=np.asarray(mean, np.float32),
        temperature_sd=np.asarray(sd, np.float32),
        balance=balance or short_later is not None,
        crews=crews,
        crew_weights=weights,
        feedback=feedback,
        front=_front(scenario),
        grid=grid,
        demand_weights=demand,
        short=short,
        missing=missing,
        truces=tuple(truce.holds for truce in _truces(scenario)),
        changes=tuple(_change(change, scenario, index) for change in scenario.changes),
        balance_from=short_later,
    )


def _balance_from(added: Sequence[EventPlan], grid: Rows, scenario: Scenario) -> Rows | None:
    """
    Return the step from which supply may fall short at each place, (places,), for events that a what-if added.

    That is the end of the step in which the first of them that takes capability of the place's grid begins, and beyond
    the horizon where there is none; None if no event takes any.
    """
    taking = [event for event in added if event.takes_capability]
    if not taking:
        return None
    found = np.full(len(grid), len(scenario.times), np.intp)
    for event in taking:
        shared = np.isin(grid, grid[event.hits])
        found[shared] = np.minimum(found[shared], int(event.start_h / scenario.step_h) + 1)
    return found


def _by_place(
    times: pd.DatetimeIndex, zones: Sequence[str], of_zone: Callable[[pd.DatetimeIndex, str], NDArray[np.floating]]
) -> NDArray[np.floating]:
    """Return numbers that hang on the clock, (times, places), worked out once for each timezone."""
    known = {zone: of_zone(times, zone) for zone in dict.fromkeys(zones)}
    return np.stack([known[zone] for zone in zones], axis=1)


def _local_hours(times: pd.DatetimeIndex, timezone: str) -> NDArray[np.float64]:
    local = times.tz_convert(timezone)
    return np.asarray(local.hour + local.minute / 60, float)


def _systems(leaves: tuple[Place, ...]) -> tuple[str, ...]:
    """Return the systems to follow: power, on which the others depend, and those with a stock in any place."""
    return tuple(
        system.name
        for system in SYSTEMS.values()
        if system.name == "power" or any(getattr(leaf, stock) for leaf in leaves for stock in system.stocks)
    )


def _crews(scenario: Scenario, index: dict[str, int]) -> tuple[NDArray[np.intp] | None, NDArray[np.float32] | None]:
    """Return for each leaf the group it shares crews with, and its share of the group; None if none share."""
    groups = [[index[leaf.name] for leaf in place.leaves()] for root in scenario.places for place in _teams(root)]
    if len(groups) == len(index):
        return None, None
    crews, weights = np.zeros(len(index), np.intp), np.ones(len(index), np.float32)
    for number, group in enumerate(groups):
        crews[group] = number
        sizes = [_sizes(scenario.leaves, group, stock) for stock in ("power_customers", "heat_buildings")]
        known = next((size for size in sizes if size.sum() > 0), np.ones(len(group)))
        weights[group] = known / known.sum()
    return crews, weights


def _teams(place: Place) -> list[Place]:
    """Return the places whose leaves share crews, and the leaves with crews of their own."""
    return [place] if place.shared_crews or not place.parts else [team for part in place.parts for team in _teams(part)]


def _grid(scenario: Scenario) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """
    Return the grid that each leaf hangs on, and its share of the demand of that grid.

    A leaf of unknown stock counts as the median of those on its grid that are known.
    """
    names = _grid_names(scenario)
    grid = np.array([tuple(dict.fromkeys(names)).index(name) for name in names])
    weights = np.ones(len(names), np.float32)
    for number in range(grid.max() + 1):
        mine = np.flatnonzero(grid == number)
        sizes = _sizes(scenario.leaves, mine.tolist(), "power_customers")
        unknown = np.isnan(sizes)
        sizes[unknown] = 1.0 if unknown.all() else np.median(sizes[~unknown])
        weights[mine] = sizes / sizes.sum()
    return grid, weights


def _grid_names(scenario: Scenario) -> tuple[str, ...]:
    """Return the name of the grid of each leaf: that of the nearest place around it which names one, else the root."""

    def of_leaves(place: Place, around: str) -> tuple[str, ...]:
        mine = place.grid or around
        return tuple(name for part in place.parts for name in of_leaves(part, mine)) if place.parts else (mine,)

    return tuple(name for root in scenario.places for name in of_leaves(root, root.name))


def _short(scenario: Scenario, index: dict[str, int], grid: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return whether figures say that supply is short on each grid: some demand is cut, or some cuts are no damage."""
    found = np.zeros(grid.max() + 1, bool)
    for figure in scenario.figure_records:
        if says_short(figure, scenario.figure_records):
            found[grid[[index[leaf.name] for leaf in scenario.place(figure.place).leaves()]]] = True
    return found


def _sizes(leaves: tuple[Place, ...], group: list[int], stock: str) -> NDArray[np.float64]:
    return np.array([_lognormal(getattr(leaves[leaf], stock))[0] for leaf in group])


def _feedback(leaves: tuple[Place, ...]) -> dict[str, NDArray[np.float32]]:
    shares = {
        need.name: np.array([getattr(leaf, need.field) for leaf in leaves], np.float32) for need in FEEDBACKS.values()
    }
    return {name: share for name, share in shares.items() if share.any()}


def _missing(scenario: Scenario, index: dict[str, int]) -> dict[str, Array]:
    """Return the share of each system's supply that shortages leave missing, (times, places)."""
    left: dict[str, Array] = {}
    for shortage in scenario.shortages:
        short = _hit_places(shortage.places, scenario, index)
        share = np.outer(share_at(shortage, scenario.times, scenario.step_h), short)
        left[shortage.system] = left.get(shortage.system, np.float32(1)) * np.asarray(1 - share, np.float32)
    return {system: 1 - share for system, share in left.items()}


def _front(scenario: Scenario) -> NDArray[np.bool_] | None:
    """Which leaves are near a front line, or part of what is; None where none is."""
    near = {
        leaf.name for root in scenario.places for place in root.walk() if place.near_front for leaf in place.leaves()
    }
    return np.array([leaf.name in near for leaf in scenario.leaves]) if near else None


def _hit_places(names: tuple[str, ...] | None, scenario: Scenario, index: dict[str, int]) -> NDArray[np.bool_]:
    hits = np.zeros(len(index), bool)
    for name in names or tuple(root.name for root in scenario.places):
        for leaf in scenario.place(name).leaves():
            hits[index[leaf.name]] = True
    return hits


def _candidates(scenario: Scenario) -> list[Candidate]:
    """Return the days of all rates of new events, in the order of their time."""
    found = []
    for rate in scenario.new_events:
        first = scenario.place(rate.places[0]) if rate.places else scenario.places[0]
        start = scenario.now if rate.start is None else scenario.start
        found += [(rate, day) for day in candidate_days(rate, start, scenario.end, first.leaves()[0].timezone)]
    return sorted(found, key=lambda candidate: candidate[1].time)


def _candidate(rate: EventRate, day: CandidateDay, scenario: Scenario, index: dict[str, int]) -> EventPlan:
    event = Event(
        day.time,
        kind=rate.kind,
        places=rate.places,
        duration_h=rate.duration_h,
        missiles=rate.missiles,
        drones=rate.drones,
        ballistic_missiles=rate.ballistic_missiles,
    )
    plan = _event(event, scenario, index)
    covering = []
    for number, truce in enumerate(_truces(scenario)):
        covered = _hit_places(truce.places, scenario, index)
        if rate.kind == "attack" and truce.start <= day.time < truce.end and (covered & plan.hits).any():
            covering.append((number, np.where(covered, 1 - truce.reduces, 1.0).astype(np.float32)))
    return dataclasses.replace(plan, expected=day.expected, truces=tuple(covering))


def _truces(scenario: Scenario) -> tuple[Truce, ...]:
    """Return the truces as announced, then those of the what-ifs in force."""
    return (*scenario.truces, *(truce for change in scenario.changes for truce in change.truce))


def _change(change: WhatIf, scenario: Scenario, index: dict[str, int]) -> ChangePlan:
    reached = _hit_places(change.places, scenario, index)
    return ChangePlan(
        step=round(hours_after_start(scenario.since(change), scenario) / scenario.step_h),
        colder=change.colder,
        crews=np.where(reached, change.crews, 1.0).astype(np.float32),
        generators=np.where(reached, change.generators, 0.0).astype(np.float32),
        boilers=change.mobile_boilers,
        boilers_at=reached,
    )


def _event(event: Event, scenario: Scenario, index: dict[str, int]) -> EventPlan:
    hits = _hit_places(event.places, scenario, index)
    _check_breakable(event, [leaf for leaf, hit in zip(scenario.leaves, hits, strict=True) if hit])
    start = hours_after_start(event.time, scenario)
    shortest, longest = event.length_h
    return EventPlan(
        event.kind,
        start,
        start + (shortest + longest) / 2,
        hits,
        length_h=(shortest, longest),
        systems=event.systems,
        capability=event.capability,
        only_named=_only_named(event, scenario, index),
        spares_late_h=event.spares_late_h,
        missiles=got_through(event, "missiles"),
        drones=got_through(event, "drones"),
    )


def _only_named(event: Event, scenario: Scenario, index: dict[str, int]) -> dict[str, NDArray[np.intp]]:
    """
    Return for each system the leaf whose draw decides whether an attack hits it at all, -1 where it does.

    Few report what works. So where an attack names a place and no figure from then until the next event counts anybody
    without a system there, the system may have been spared: one draw for all of the place. A figure of a part counts,
    and so does one of a larger place of which the attack names all.
    """
    if event.kind != ONLY_NAMED or event.systems is not None:
        return {}

    def leaves_of(name: str) -> list[int]:
        return [index[leaf.name] for leaf in scenario.place(name).leaves()]

    named = [leaves_of(name) for name in event.places or tuple(root.name for root in scenario.places)]
    hit = set().union(*named)
    later = [other.time for other in scenario.events if other.time > event.time]
    reported: dict[str | None, set[int]] = {}
    for figure in scenario.figure_records:
        quantity, slack = QUANTITIES[figure.quantity], pd.Timedelta(hours=figure.time_uncertainty_h)
        if figure.time + slack < event.time or any(figure.time - slack >= other for other in later):
            continue
        if quantity.role == "outcome" and of_some(figure) and hit.issuperset(leaves_of(figure.place)):
            reported.setdefault(quantity.system, set()).update(leaves_of(figure.place))
    found = {}
    for system in (system.name for system in SYSTEMS.values() if system.hit.at_all is not None):
        rules = np.full(len(index), -1)
        for leaves in named:
            if reported.get(system, set()).isdisjoint(leaves):
                rules[leaves] = leaves[0]
        if (rules >= 0).any():
            found[system] = rules
    return found


def _check_breakable(event: Event, leaves: Sequence[Place]) -> None:
    """Refuse an event of which no place has a system that it breaks; all have power, which others need."""
    if event.kind in CAPABILITY.kinds or event.capability:
        return
    broken = event.systems or [name for name, system in SYSTEMS.items() if event.kind in system.hit.kinds]
    stocks = [stock for name in broken for stock in SYSTEMS[name].stocks]
    if "power" in broken or any(leaf.stock_range(stock) for leaf in leaves for stock in stocks):
        return
    where, what = ", ".join(leaf.name for leaf in leaves), " and ".join(broken)
    raise RefusedError(
        f"events, {event.name or event.time}: breaks {what} alone, which needs {' or '.join(stocks)} in one of {where}"
    )


def _answerable(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the quantities that the model can answer where their stocks are known, and these stocks."""
    found = {}
    for quantity in MODELLED:
        followed, lacking = people.states_of(quantity, plan.systems), QUANTITIES[quantity].lacking
        if not followed or (quantity in OF_BALANCE and not plan.balance):
            continue
        if lacking is None or len(followed) >= people.LACKING[lacking].followed:
            found[quantity] = tuple(people.stocks_of(quantity, plan.systems))
    return found
