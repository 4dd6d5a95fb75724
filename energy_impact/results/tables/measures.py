"""What the tables need of one curve, computed in one pass and kept: a curve costs a pass over all states."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from energy_impact._checks import brief, check_choice
from energy_impact.quantities import QUANTITIES
from energy_impact.results import metrics
from energy_impact.results.curve import TABLE_LEVELS
from energy_impact.results.tables.reference import reference_span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from energy_impact.results.members import Members


@dataclass(frozen=True)
class Measures:
    """
    Measures of one quantity at one place.

    Attributes
    ----------
    quantiles : ndarray of float64, (levels, times)
        At `TABLE_LEVELS`.
    now, peak : ndarray of float64, (members,)
        At `Scenario.now`, and the largest value in the window of the reference event (the smallest of a temperature).
    half, most : ndarray of float64, (members,), or None
        Hours until half and nine tenths of the peak are restored; None if it does not apply. [h]
    total : ndarray of float64, (members,), or None
        Integral from the event to the horizon. [unit x h]
    """

    quantiles: NDArray[np.float64]
    now: NDArray[np.float64]
    peak: NDArray[np.float64]
    half: NDArray[np.float64] | None
    most: NDArray[np.float64] | None
    total: NDArray[np.float64] | None


_KEPT: WeakKeyDictionary[Members, dict[tuple[str, str], Measures]] = WeakKeyDictionary()
"""What was asked for so far, while the members live."""


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


def expect(estimate: Members, keys: Sequence[tuple[str, str]]) -> None:
    """Compute together what the measures of several curves, (quantity, place), need."""
    kept = _KEPT.get(estimate, {})
    missing = [key for key in keys if key not in kept]
    if missing and estimate.expect is not None:
        estimate.expect(missing)


def measures(estimate: Members, quantity: str, place: str) -> Measures:
    """Return the measures of a curve, from memory if they were asked for before."""
    kept, key = _KEPT.setdefault(estimate, {}), (quantity, place)
    if key not in kept:
        kept[key] = _measures(estimate, quantity, place)
    return kept[key]


def _measures(estimate: Members, quantity: str, place: str) -> Measures:
    scenario, curve, row = estimate.scenario, estimate[quantity, place], QUANTITIES[quantity]
    hours = np.asarray((curve.times - scenario.start) / pd.Timedelta(hours=1), dtype=np.float64)
    now = (scenario.now - scenario.start) / pd.Timedelta(hours=1)
    begin, end, until = reference_span(scenario, place, hours)
    draws, since_begin = metrics.window(curve.draws, hours, begin, until)
    half = most = total = None
    if row.restorable:
        back = partial(metrics.time_to_restore, draws, since_begin, since=end, least=metrics.least_of(row.unit))
        half, most = back(0.5), back(0.9)
    if row.adds_up:
        rest = (draws, since_begin) if until == hours[-1] else metrics.window(curve.draws, hours, begin)
        total = metrics.integral(*rest)
    return Measures(
        quantiles=metrics.quantiles(curve.draws, tuple(TABLE_LEVELS.values())),
        now=metrics.whole(metrics.interpolate(curve.draws, hours, now)[:, 0], row.unit),
        peak=metrics.whole(draws.min(axis=1) if row.is_temperature else draws.max(axis=1), row.unit),
        half=half,
        most=most,
        total=total,
    )
