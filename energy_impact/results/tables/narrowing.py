"""How much each figure narrowed the time to restore a share, and which next figure would narrow it most."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from energy_impact._arithmetic import underflow_is_zero
from energy_impact._checks import check_text
from energy_impact._sharing import run_cases
from energy_impact.quantities import QUANTITIES
from energy_impact.results import metrics
from energy_impact.results.tables import reference, summary

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from energy_impact._progress import Progress
    from energy_impact.results.members import Members

    Floats = NDArray[np.float64]

LEADS_H = (6, 12, 24, 48)
"""Hours from now to each hypothetical next figure. [h]"""
NEXT_ERROR = 0.06
"""Error of an exact figure from a new source, on the log scale (judgement, the same as in the fit)."""
_LEVELS = metrics.central_levels(0.9)


class _Row(NamedTuple):
    """A row of `Estimate.narrowed_by`."""

    relation: str
    figure: str
    width_h: float
    width_without_h: float
    expected_width_h: float
    narrowed: float


class Candidate(NamedTuple):
    """A figure that may follow, and the logarithm of each member's value."""

    quantity: str
    place: str
    lead_h: int
    time: pd.Timestamp
    seen: Floats


class Asked(NamedTuple):
    """A next figure, and the share by which it is expected to narrow the interval."""

    figure: Candidate
    narrowed: float


NOISE = 0.1
"""Share below which a narrowing means nothing with 2,048 members."""


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
    span = _Span(estimate, key, share)
    logs = np.log(span.restored(estimate))
    given = [
        _row("told", name, _width(logs), without=width)
        for name, width in _widths_without(estimate, span, executor, progress)
    ]
    following = [
        _row(
            "next",
            f"{one.quantity} at {one.place} in {one.lead_h} h",
            _width(logs),
            expected=_width(logs, 1 - expected_narrowing(logs, one.seen, NEXT_ERROR)),
        )
        for one in _candidates(estimate)
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
    """Return the first curve, main ones before others, that matches a quantity and a place, if given."""
    for name, given in (("quantity", quantity), ("place", place)):
        if given is not None:
            check_text(name, given)
    every = [*summary.main_curves(estimate), *estimate.available]
    fitting = [key for key in every if quantity in {None, key[0]} and place in {None, key[1]}]
    chosen = fitting[0] if fitting else (quantity or every[0][0], place or every[0][1])
    if chosen in estimate.available and not QUANTITIES[chosen[0]].restorable:
        raise ValueError(f"quantity: must count what is out, got {chosen[0]!r}")
    return chosen


class _Span:
    """Time to restore a share of a curve, from its reference event, clipped to the observation window."""

    def __init__(self, estimate: Members, key: tuple[str, str], share: float) -> None:
        self.key, self.share = key, share
        curve = estimate[key]
        self.hours = np.asarray((curve.times - curve.times[0]) / pd.Timedelta(hours=1), dtype=np.float64)
        self.begin, self.end, self.until = reference.reference_span(estimate.scenario, key[1], self.hours)
        self.least = estimate.scenario.step_h

    def restored(self, estimate: Members) -> Floats:
        """Return hours from the end of the event, at least one step and at most the observation window, (members,)."""
        draws, hours = metrics.window(estimate[self.key].draws, self.hours, self.begin, self.until)
        draws = metrics.whole(draws, estimate[self.key].unit)
        hours_back = metrics.time_to_restore(draws, hours, self.share, since=self.end)
        return np.clip(hours_back, self.least, max(self.until - self.end, self.least))


def _width(logs: Floats, shrunk: float = 1.0) -> float:
    """Return the width of the central 90 % interval [h], with the logarithms shrunk towards their median."""
    low, middle, high = metrics.quantiles(logs, _LEVELS)
    return float(np.exp(middle + shrunk * (high - middle)) - np.exp(middle - shrunk * (middle - low)))


def _widths_without(
    estimate: Members, span: _Span, executor: Executor | None, progress: Progress | None
) -> list[tuple[str, float]]:
    """Return each used figure and the width after a fit without it."""
    fit = estimate.figure_fit
    if fit is None:
        return []
    if estimate.refit is None:
        raise ValueError("refit: must be given to measure how much figures narrowed, got None")
    names = [name for name, used in zip(fit.ids, fit.used, strict=True) if used]
    without = partial(_width_without, estimate.refit, estimate.scenario.figures, span)
    return list(zip(names, run_cases(without, names, executor, progress, what="narrowed_by"), strict=True))


def _width_without(refit: Callable[[pd.DataFrame], Members], figures: pd.DataFrame, span: _Span, name: str) -> float:
    return _width(np.log(span.restored(refit(figures[figures["id"] != name]))))


def best_next(estimate: Members, share: float = 0.5) -> Asked | None:
    """
    Return the next figure that is expected to narrow the time to restore a share most, or None.

    It stands for the first main curve. Below `NOISE` no figure is worth asking for.
    """
    key = _curve(estimate, None, None)
    if not QUANTITIES[key[0]].restorable:
        return None
    logs = np.log(_Span(estimate, key, share).restored(estimate))
    width = _width(logs)
    if not width > 0:
        return None
    found = [
        Asked(one, 1 - _width(logs, 1 - expected_narrowing(logs, one.seen, NEXT_ERROR)) / width)
        for one in _candidates(estimate)
    ]
    best = max(found, key=lambda asked: asked.narrowed, default=None)
    return None if best is None or best.narrowed < NOISE else best


def _candidates(estimate: Members) -> list[Candidate]:
    """Return next figures: exact counts of the main curves some hours from now."""
    now, end = estimate.scenario.now, estimate.scenario.end
    candidates: list[Candidate] = []
    for quantity, place in summary.main_curves(estimate):
        curve = estimate[quantity, place]
        floor = 0.005 if QUANTITIES[quantity].is_share else 0.5
        for lead in LEADS_H:
            time = now + pd.Timedelta(hours=lead)
            if time <= end:
                seen = np.log(np.maximum(curve.at(time)[:, 0], floor))
                candidates.append(Candidate(quantity, place, lead, time, seen))
    return candidates


def _row(relation: str, figure: str, width: float, without: float = np.nan, expected: float = np.nan) -> _Row:
    wide, narrow = (without, width) if relation == "told" else (width, expected)
    narrowed = 1 - narrow / wide if wide > 0 else 0.0 if narrow == 0 else np.nan
    return _Row(relation, figure, width, without, expected, narrowed)
