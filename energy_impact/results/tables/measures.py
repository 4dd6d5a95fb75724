"""What the tables need of one curve, kept once it was asked for: a curve costs a pass over all states."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from energy_impact._checks import brief, check_choice
from energy_impact.quantities import QUANTITIES
from energy_impact.results import metrics
from energy_impact.results.curve import TABLE_LEVELS
from energy_impact.results.members import known_key
from energy_impact.results.tables.reference import reference_span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from energy_impact.results.curve import Curve
    from energy_impact.results.members import Members
    from energy_impact.scenario import Scenario


SAME_LEVEL = 1e-12
"""Largest difference of two levels that rounding makes."""


@dataclass(frozen=True)
class Measures:
    """
    Measures of one quantity at one place.

    Attributes
    ----------
    now, peak : ndarray of float64, (members,)
        At `Scenario.now`, and the largest value in the window of the reference event (the smallest of a temperature).
    half, most : ndarray of float64, (members,), or None
        Hours until half and nine tenths of the peak are restored; None if it does not apply. [h]
    total : ndarray of float64, (members,), or None
        Integral from the event to the horizon. [unit x h]
    """

    now: NDArray[np.float64]
    peak: NDArray[np.float64]
    half: NDArray[np.float64] | None
    most: NDArray[np.float64] | None
    total: NDArray[np.float64] | None


class _Span(NamedTuple):
    """Hours of a scenario, its now, and the span of a place as `reference_span` returns it, all in hours."""

    hours: NDArray[np.float64]
    now: float
    begin: float
    end: float
    until: float


class _Kept(NamedTuple):
    """What was asked for so far, by quantity and place, and by place."""

    measures: dict[tuple[str, str], Measures]
    bands: dict[tuple[str, str], NDArray[np.float64]]
    spans: dict[str, _Span]


_KEPT: WeakKeyDictionary[Members, _Kept] = WeakKeyDictionary()
"""By members, while they live."""


def keys_at(estimate: Members, places: Sequence[str] | None) -> list[tuple[str, str]]:
    """
    Return the available curves, (quantity, place), of some places; by default of all.

    Raises
    ------
    ValueError
        If `places` is not a list of places of the estimate, or empty.
    """
    if places is None:
        return [*estimate.available]
    known = dict.fromkeys(place for _, place in estimate.available)
    if not isinstance(places, list | tuple) or not places:
        raise ValueError(f"places: must be a list of places, got {brief(places)}")
    wanted = {check_choice("places", place, known) for place in places}
    return [key for key in estimate.available if key[1] in wanted]


def expect(estimate: Members, keys: Sequence[tuple[str, str]], *, of_bands: bool = False) -> None:
    """Compute together what the measures, or the bands, of several curves, (quantity, place), need."""
    kept = _kept(estimate)
    known = kept.bands if of_bands else kept.measures
    missing = [key for key in keys if key not in known]
    if missing and estimate.expect is not None:
        estimate.expect(missing)


def measures(estimate: Members, quantity: str, place: str, *, with_bands: bool = False) -> Measures:
    """Return the measures of a curve, from memory if they were asked for before; `bands` too from the same look."""
    kept, key = _kept(estimate), (quantity, place)
    if key not in kept.measures:
        curve = estimate[key]
        if place not in kept.spans:
            kept.spans[place] = _span(estimate.scenario, place)
        kept.measures[key] = _measures(curve, kept.spans[place])
        if with_bands:
            kept.bands[key] = _bands(curve)
    return kept.measures[key]


def bands(estimate: Members, quantity: str, place: str) -> NDArray[np.float64]:
    """Return a curve's quantiles at `TABLE_LEVELS`, (levels, times), from memory if they were asked for before."""
    kept, key = _kept(estimate), (quantity, place)
    if key not in kept.bands:
        kept.bands[key] = _bands(estimate[key])
    return kept.bands[key]


def quantiles(estimate: Members, key: object, levels: Sequence[float]) -> NDArray[np.float64]:
    """Return quantiles of a curve, (levels, times); those of `TABLE_LEVELS` as `bands` returns them.

    Raises
    ------
    UnknownCurveError
        If `key` is not the quantity and the place of a curve.
    """
    quantity, place = known_key(estimate, key)
    near = np.isclose(np.reshape(levels, (-1, 1)), [*TABLE_LEVELS.values()], rtol=0, atol=SAME_LEVEL)
    if near.any(axis=1).all():
        return np.asarray(bands(estimate, quantity, place)[near.argmax(axis=1)])
    return metrics.quantiles(estimate[quantity, place].draws, levels)


def _kept(estimate: Members) -> _Kept:
    return _KEPT.setdefault(estimate, _Kept({}, {}, {}))


def _bands(curve: Curve) -> NDArray[np.float64]:
    return metrics.quantiles(curve.draws, tuple(TABLE_LEVELS.values()))


def _span(scenario: Scenario, place: str) -> _Span:
    hours = np.asarray((scenario.times - scenario.start) / pd.Timedelta(hours=1), dtype=np.float64)
    now = (scenario.now - scenario.start) / pd.Timedelta(hours=1)
    return _Span(hours, now, *reference_span(scenario, place, hours))


def _measures(curve: Curve, span: _Span) -> Measures:
    row, (hours, now, begin, end, until) = QUANTITIES[curve.quantity], span
    draws, since_begin = metrics.window(curve.draws, hours, begin, until)
    peak = draws.min(axis=1) if row.is_temperature else draws.max(axis=1)
    half = most = total = None
    if row.restorable:
        least = metrics.least_of(row.unit)
        back = partial(metrics.time_to_restore, draws, since_begin, since=end, least=least, peak=peak)
        half, most = back(0.5), back(0.9)
    if row.adds_up:
        rest = (draws, since_begin) if until == hours[-1] else metrics.window(curve.draws, hours, begin)
        total = metrics.integral(*rest)
    return Measures(
        now=metrics.whole(metrics.interpolate(curve.draws, hours, now)[:, 0], row.unit),
        peak=metrics.whole(peak, row.unit),
        half=half,
        most=most,
        total=total,
    )
