"""How much each figure narrowed the time to restore a share, and which next figure would narrow it most."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from energy_impact._arithmetic import underflow_is_zero
from energy_impact._checks import check_text
from energy_impact._sharing import cases_together, run_batches
from energy_impact.quantities import QUANTITIES
from energy_impact.results import metrics
from energy_impact.results.tables import reference, summary
from energy_impact.results.tables.asking import NEXT_ERROR, Candidate, candidates, request

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from energy_impact._progress import Progress
    from energy_impact.results.members import Draws, Members, Refit

    Floats = NDArray[np.float64]

_LEVELS = metrics.central_levels(0.9)


class _Row(NamedTuple):
    """A row of `Estimate.narrowed_by`."""

    relation: str
    figure: str
    width_h: float
    width_without_h: float
    expected_width_h: float
    narrowed: float
    in_words: str


class Asked(NamedTuple):
    """A next figure, and the share by which it is expected to narrow the interval."""

    figure: Candidate
    narrowed: float


NOISE = 0.1
"""Share below which a narrowing means nothing."""
SURE = 2.0
"""Standard deviations of chance within which a narrowing is taken as chance."""
FEWEST = 20
"""Independent members below which not one is expected beyond each end of an interval, and any width is chance."""
RESAMPLES, SEED = 200, 0
"""Draws of members from which the chance in a width is told, and their seed, so that a table is the same each time."""


class _Width(NamedTuple):
    """The width of an interval, and its standard deviation between fits with other random numbers [h]."""

    hours: float
    chance_h: float


@underflow_is_zero
def narrowed_by(
    estimate: Members,
    quantity: str | None,
    place: str | None,
    share: float,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the table of `Estimate.narrowed_by`."""
    key = _curve(estimate, quantity, place)
    share = metrics.check_share(share)
    span = _Span(estimate, key, share)
    logs = np.log(span.restored(estimate.curves))
    what = "half" if share == 0.5 else f"{100 * share:g} %"
    effective = estimate.effective_members or estimate.members
    width = _width(logs, effective)
    without = _widths_without(estimate, span, effective, executor, progress)
    given = [_reported(name, width, one, what) for name, one in without]
    following = [
        _next(request(estimate, one), one.name, width.hours, _expected_width(logs, one), what)
        for one in candidates(estimate)
    ]
    table = pd.DataFrame([*given, *following], columns=list(_Row._fields))
    return table.sort_values(["relation", "narrowed"], ascending=False, kind="stable", ignore_index=True)


def expected_narrowing(target: Floats, seen: Floats, error: float) -> float:
    """
    Return the share by which a new figure is expected to narrow a target, by linear regression over the members.

    The figure explains rho^2 s^2 / (s^2 + error^2) of the target's variance, where s is the spread of its predicted
    value and rho its correlation with the target; the width shrinks by the root of the remaining share.

    Parameters
    ----------
    target, seen : ndarray, shape (members,)
        The target, and the logarithm of the figure's value without error.
    error : float
        Error of the figure, on the log scale.

    Returns
    -------
    float
        In [0, 1].

    Examples
    --------
    >>> round(expected_narrowing(np.array([0.0, 2.0]), np.array([0.0, 6.0]), 4.0), 3)
    0.2
    """
    spread = float(seen.std())
    if spread == 0 or target.std() == 0:
        return 0.0
    correlation = float(np.corrcoef(target, seen)[0, 1])
    return 1 - float(np.sqrt(1 - min(correlation**2, 1.0) * spread**2 / (spread**2 + error**2)))


def _curve(estimate: Members, quantity: str | None, place: str | None) -> tuple[str, str]:
    """Return the first curve that matches a quantity and a place, if given, and counts what is out; main ones first."""
    quantity = None if quantity is None else check_text("quantity", quantity)
    place = None if place is None else check_text("place", place)
    every = [*summary.main_curves(estimate), *estimate.available]
    fitting = [key for key in every if quantity in {None, key[0]} and place in {None, key[1]}]
    fitting.sort(key=lambda key: not _counts_out(key))
    chosen = fitting[0] if fitting else (quantity or every[0][0], place or every[0][1])
    if chosen[0] in QUANTITIES and not QUANTITIES[chosen[0]].restorable:
        raise ValueError(f"quantity: must count what is out, got {chosen[0]!r}")
    return chosen


def _counts_out(key: tuple[str, str]) -> bool:
    """Return whether a curve counts customers, buildings or people that are out."""
    row = QUANTITIES[key[0]]
    return row.restorable and row.role == "outcome"


class _Span:
    """Time to restore a share of a curve, from its reference event, clipped to the observation window."""

    def __init__(self, estimate: Members, key: tuple[str, str], share: float) -> None:
        self.key, self.share = key, share
        curve = estimate[key]
        self.unit = curve.unit
        self.hours = np.asarray((curve.times - curve.times[0]) / pd.Timedelta(hours=1), dtype=np.float64)
        self.begin, self.end, self.until = reference.reference_span(estimate.scenario, key[1], self.hours)
        self.least = estimate.scenario.step_h

    def restored(self, curves: Draws) -> Floats:
        """Return hours from the end of the event, at least one step and at most the observation window, (members,)."""
        draws, hours = metrics.window(curves(*self.key), self.hours, self.begin, self.until)
        least = metrics.least_of(self.unit)
        hours_back = metrics.time_to_restore(draws, hours, self.share, since=self.end, least=least)
        return np.clip(hours_back, self.least, max(self.until - self.end, self.least))


def _hours_wide(logs: Floats, shrunk: float = 1.0) -> Floats:
    """Return widths of the central 90 % interval over the first axis [h], with logarithms shrunk to their median."""
    low, middle, high = metrics.quantiles(logs, _LEVELS)
    return np.asarray(np.exp(middle + shrunk * (high - middle)) - np.exp(middle - shrunk * (middle - low)))


def _width(logs: Floats, effective: float) -> _Width:
    """Return the width of the central 90 % interval of members of which only some count, and the chance in it."""
    hours = float(_hours_wide(logs))
    if effective < FEWEST:
        return _Width(hours, np.inf)
    drawn = np.random.default_rng(SEED).choice(logs, (round(effective), RESAMPLES))
    return _Width(hours, float(_hours_wide(drawn).std()))


def _widths_without(
    estimate: Members, span: _Span, effective: float, executor: Executor | None, progress: Progress | None
) -> list[tuple[str, _Width]]:
    """Return each used figure and the width after a fit without it."""
    fit = estimate.figure_fit
    if fit is None:
        return []
    if estimate.refit is None:
        raise ValueError("refit: must be given to measure how much figures narrowed, got None")
    names = [name for name, used in zip(fit.ids, fit.used, strict=True) if used]
    without = partial(_widths_of_fits, estimate.refit, span, effective)
    size = cases_together(len(estimate.scenario.leaves) * estimate.members, executor)
    return list(zip(names, run_batches(without, names, size, executor, progress, what="narrowed_by"), strict=True))


def _widths_of_fits(refit: Refit, span: _Span, effective: float, names: Sequence[str]) -> list[_Width]:
    """Return the width after fits, each without one of some figures."""
    return [_width(np.log(span.restored(curves)), effective) for curves in refit(names, [span.key])]


def best_next(estimate: Members, key: tuple[str, str], share: float = 0.5) -> Asked | None:
    """
    Return the next figure that is expected to narrow the time to restore a share of a curve most, or None.

    It stands for the first curve of the place that counts what is out, if that one does not, main ones first. Below
    `NOISE` no figure is worth asking for.
    """
    every = [key, *summary.main_curves(estimate), *estimate.available]
    fitting = [one for one in every if one[1] == key[1] and _counts_out(one)]
    if not fitting:
        return None
    logs = np.log(_Span(estimate, fitting[0], share).restored(estimate.curves))
    width = float(_hours_wide(logs))
    if not width > 0:
        return None
    found = [Asked(one, 1 - _expected_width(logs, one) / width) for one in candidates(estimate)]
    best = max(found, key=lambda asked: asked.narrowed, default=None)
    return None if best is None or best.narrowed < NOISE else best


def _expected_width(logs: Floats, figure: Candidate) -> float:
    """Return the width of the 90 % interval that is expected once a figure is known [h]."""
    return float(_hours_wide(logs, 1 - expected_narrowing(logs, figure.seen, NEXT_ERROR)))


def _reported(name: str, width: _Width, without: _Width, what: str) -> _Row:
    """Return the row of a figure of the scenario; a narrowing that may be chance is missing."""
    row = partial(_Row, "reported", name, width.hours, without.hours, np.nan)
    narrowed = _narrowed(width.hours, without.hours)
    if abs(narrowed) < NOISE or _may_be_chance(width, without):
        return row(np.nan, f"{name}: makes no difference beyond chance to when {what} are back.")
    range_of = f"{name}: without it the 90 % range of when {what} are back would be"
    words = f"{range_of} {without.hours:.0f} h wide, not {width.hours:.0f} h."
    return row(narrowed, words)


def _may_be_chance(one: _Width, other: _Width) -> bool:
    """Return whether two widths differ by no more than those of two fits of the same figures may."""
    if min(one.hours, other.hours) == 0:
        return bool(abs(one.hours - other.hours) <= SURE * np.hypot(one.chance_h, other.chance_h))
    apart = abs(np.log(one.hours / other.hours))
    return bool(apart <= SURE * np.hypot(one.chance_h / one.hours, other.chance_h / other.hours))


def _next(asked: str, name: str, width: float, expected: float, what: str) -> _Row:
    """Return the row of a figure that may follow."""
    narrowed = _narrowed(expected, width)
    gain = f"make the range of when {what} are back {100 * narrowed:.0f} % narrower"
    words = f"{asked}: expected to {gain}." if narrowed >= NOISE else f"{asked}: not expected to tell much."
    return _Row("next", name, width, np.nan, expected, narrowed, words)


def _narrowed(narrow: float, wide: float) -> float:
    """Return the share by which an interval is narrower; missing if it had no width before."""
    return 1 - narrow / wide if wide > 0 else 0.0 if narrow == 0 else np.nan
