"""The cost of an outage to people: person-hours without services and in the cold, IEEE 1366 indices, cold nights."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from energy_impact.figures.reliability import MINUTES_AN_HOUR, indices
from energy_impact.quantities import COLD_LIMITS_C, PERSON_HOURS
from energy_impact.results import metrics
from energy_impact.results.curve import utc
from energy_impact.results.tables import reference
from energy_impact.results.tables.shelter import at_night, evenings, in_cold_homes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from energy_impact.results.curve import Time
    from energy_impact.results.members import Members

COMFORT_C = COLD_LIMITS_C["people_below_18c"]
"""Indoor temperature below which degree-hours count. [degC]"""
FULL_EFFECT_H = 6.0
"""Hours after an event within which its outage reaches its peak. [h] (judgement)"""
GROUPS = {"children": "share_children", "over_65": "share_over_65"}
"""Groups of residents and the field of a place that holds their share."""


class _Window(NamedTuple):
    """Start and end of the period that counts, in UTC."""

    start: pd.Timestamp
    end: pd.Timestamp


def impact(estimate: Members, *, start: Time | None, end: Time | None, level: float) -> pd.DataFrame:
    """Return the table of `Estimate.impact`."""
    levels = metrics.central_levels(level)
    rows = []
    for place in dict.fromkeys(place for _, place in estimate.available):
        window = _window(estimate, place, start, end)
        for measure, group, unit, draws in _measures(estimate, place, window):
            low, median, high = metrics.quantiles(draws, levels)
            rows.append((place, measure, group, unit, float(median), float(low), float(high), *window))
    columns = ["place", "measure", "group", "unit", "median", "low", "high", "start", "end"]
    return pd.DataFrame(rows, columns=columns)


def _window(estimate: Members, place: str, start: Time | None, end: Time | None) -> _Window:
    """Return the window of a place: by default from its reference event to the horizon."""
    scenario = estimate.scenario
    event = reference.reference_event(scenario, place)
    begin = (scenario.start if event is None else event.time) if start is None else utc("start", start)
    return _Window(begin, scenario.times[-1] if end is None else utc("end", end))


def _measures(estimate: Members, place: str, window: _Window) -> Iterator[tuple[str, str, str, NDArray[np.float64]]]:
    """Yield measure, group, unit and one number per member."""
    known = {quantity for quantity, where in estimate.available if where == place}
    for measure, quantity in PERSON_HOURS.items():
        if quantity in known:
            for group, draws in _by_group(estimate, place, quantity, window):
                yield measure, group, "person h", draws
        if measure == "person_hours_below_5c" and {"heat_people_out", "indoor_temperature_c"} <= known:
            for group, draws in _degree_hours(estimate, place, window):
                yield "degree_hours_below_18c", group, "person K h", draws
    if "heat_buildings_out" in known and estimate.stocks is not None:
        yield from _hit_again(estimate, place, estimate.stocks("heat_buildings", place))
    if "power_customers_out" in known:
        hours = estimate["power_customers_out", place].hours(*window)
        yield "customer_hours_without_power", "all", "customer h", hours
        if "power_customers_restored" in known and estimate.stocks is not None:
            yield from _reliability(estimate, place, window, hours)


def _by_group(
    estimate: Members, place: str, quantity: str, window: _Window
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Yield person-hours of a quantity, of all residents and of the groups whose shares all parts of a place state."""
    cold = quantity in COLD_LIMITS_C

    def hours(where: str) -> NDArray[np.float64]:
        curve = in_cold_homes(estimate, quantity, where) if cold else estimate[quantity, where]
        return curve.hours(*window)

    yield "all", hours(place)
    yield from _of_groups(estimate, place, hours)


def _degree_hours(estimate: Members, place: str, window: _Window) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Yield degree-hours of people without heat, of all and of the groups whose shares all parts state."""

    def of_leaf(leaf: str) -> NDArray[np.float64]:
        people, indoor = estimate["heat_people_out", leaf], estimate["indoor_temperature_c", leaf]
        missing = np.maximum(COMFORT_C - indoor.draws, 0.0) * people.draws
        return replace(people, draws=missing).hours(*window)

    yield "all", np.sum([of_leaf(leaf.name) for leaf in estimate.scenario.place(place).leaves()], axis=0)
    yield from _of_groups(estimate, place, of_leaf)


def _of_groups(
    estimate: Members, place: str, of_leaf: Callable[[str], NDArray[np.float64]]
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Yield each group and its part of the sum over the leaves of a place, if all leaves state its share."""
    leaves = estimate.scenario.place(place).leaves()
    for group, field in GROUPS.items():
        shares = [getattr(leaf, field) for leaf in leaves]
        if None not in shares:
            yield (
                group,
                np.sum([share * of_leaf(leaf.name) for share, leaf in zip(shares, leaves, strict=True)], axis=0),
            )


def _hit_again(
    estimate: Members, place: str, stock: NDArray[np.float32]
) -> Iterator[tuple[str, str, str, NDArray[np.float64]]]:
    """Yield the share of buildings lost in the last event that had come back since the one before."""
    events = reference.events_so_far(estimate.scenario, place)
    if len(events) < 2:
        return
    curve, (before, last) = estimate["heat_buildings_out", place], events[-2:]
    then = curve.at(last.time)[:, 0]
    earlier = curve.draws[:, (curve.times >= before.time) & (curve.times < last.time)].max(axis=1, initial=0.0)
    back = np.maximum(earlier - then, 0.0)
    after = last.end + pd.Timedelta(hours=FULL_EFFECT_H)
    lost = curve.draws[:, (curve.times > last.time) & (curve.times <= after)].max(axis=1, initial=0.0) - then
    any_lost = lost > 0
    if any_lost.any():
        at_random = (back / np.maximum(stock - then, 1.0))[any_lost]
        yield "share_hit_again", "at_random", "share", np.minimum(at_random, 1.0)
        yield "share_hit_again", "same_first", "share", np.minimum(back[any_lost] / lost[any_lost], 1.0)


def _reliability(
    estimate: Members, place: str, window: _Window, hours: NDArray[np.float64]
) -> Iterator[tuple[str, str, str, NDArray[np.float64]]]:
    """Yield the IEEE 1366 indices of power."""
    assert estimate.stocks is not None
    out, restored = estimate["power_customers_out", place], estimate["power_customers_restored", place]
    back = restored.at(window)
    inside = (out.times > window.start) & (out.times < window.end)
    curve = np.hstack([out.at(window.start), out.draws[:, inside], out.at(window.end)])
    rises = np.maximum(np.diff(curve), 0).sum(axis=1)
    interrupted = np.maximum(curve[:, -1] + back[:, 1] - back[:, 0], curve[:, 0] + rises)
    found = indices(hours, interrupted, estimate.stocks("power_customers", place))
    yield "saidi_h", "all", "h/customer", found.saidi_h
    yield "saidi_min", "all", "min/customer", found.saidi_h * MINUTES_AN_HOUR
    yield "saifi", "all", "interruptions/customer", found.saifi
    yield "caidi_h", "all", "h/interruption", found.caidi_h


def cold_nights(estimate: Members, level: float) -> pd.DataFrame:
    """Return the table of `Estimate.cold_nights`."""
    levels = metrics.central_levels(level)
    rows: list[tuple[object, ...]] = []
    for quantity, place in estimate.available:
        if quantity == "people_below_16c":
            rows += _nights(estimate, place, levels)
    columns = [
        "place",
        "night",
        "people_below_16c",
        "people_below_16c_low",
        "people_below_16c_high",
        "warming_points_open",
        "people_per_point",
        "people_per_point_low",
        "people_per_point_high",
    ]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype(dict.fromkeys(columns[5:], "Float64"))


def _nights(estimate: Members, place: str, levels: Sequence[float]) -> Iterator[tuple[object, ...]]:
    """Yield one row per night that is in the scenario, whole or in part."""
    curve = in_cold_homes(estimate, "people_below_16c", place)
    night, evening = at_night(curve), evenings(curve)
    for day in evening[night].unique():
        mine = night & (evening == day)
        low, median, high = metrics.quantiles(curve.draws[:, mine].max(axis=1), levels)
        points = _points_open(estimate, place, curve.times[mine][-1])
        each = (pd.NA,) * 3 if points is None else (median / points, low / points, high / points)
        yield place, day.date(), median, low, high, pd.NA if points is None else points, *each


def _points_open(estimate: Members, place: str, until: pd.Timestamp) -> float | None:
    """Return the latest reported number of warming points at a place; None if unreported or none is open.

    "Dozens" and the like are no numbers: after them, as after "none", the number is unknown.
    """
    wanted = ("warming_points_open", place, "stock", "count")
    mine = [
        figure
        for figure in estimate.scenario.figure_records
        if (figure.quantity, figure.place, figure.kind, figure.unit) == wanted and figure.time <= until
    ]
    # of several at the same time, the last in the table
    latest = max(reversed(mine), key=lambda figure: figure.time, default=None)
    return latest.value or None if latest else None
