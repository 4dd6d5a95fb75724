"""Tables of an estimate: the summary, and every figure beside its prediction by the members."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from energy_impact._language import again, mark
from energy_impact._progress import shown
from energy_impact.quantities import MAIN_QUANTITIES, QUANTITIES
from energy_impact.results import metrics
from energy_impact.results.basis import basis, reported_share
from energy_impact.results.tables.measures import Measures, expect, keys_at, measures

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from energy_impact.figures.figure import Figure
    from energy_impact.results.basis import Basis
    from energy_impact.results.members import Members
    from energy_impact.scenario import Scenario

_PREDICTED = ("predicted_low", "predicted_median", "predicted_high")
_UNFITTED = {
    "context": mark("context only, not modelled"),
    "input": mark("input of the model"),
    "outcome": mark("not in the fit"),
}
MOST_CURVES = 8
_STATED = ("id", "time", "place", "quantity", "value", "value_high", "qualifier", "kind")


class Interval(NamedTuple):
    """A median and the ends of a central interval; NaN where a measure does not apply."""

    low: float
    median: float
    high: float


UNKNOWN = Interval(math.nan, math.nan, math.nan)


class SummaryRow(NamedTuple):
    """One row of the summary, per quantity and place; `Estimate.summary` explains the measures."""

    place: str
    quantity: str
    unit: str
    basis: Basis
    reported_share: float
    now: Interval
    peak: Interval
    t50_h: Interval
    t90_h: Interval
    total: Interval
    restored_within_horizon: float


_MEASURES = ("now", "peak", "t50_h", "t90_h", "total")


def summary(estimate: Members, level: float, places: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the table of `Estimate.summary`."""
    return summary_table(summary_rows(estimate, level, places))


def summary_table(rows: Sequence[SummaryRow]) -> pd.DataFrame:
    """Return rows of the summary as the table of `Estimate.summary`."""
    columns: dict[str, list[str] | list[float]] = {}
    for name in SummaryRow._fields:
        if name not in _MEASURES:
            columns[name] = [getattr(row, name) for row in rows]
            continue
        stem, hours = name.removesuffix("_h"), "_h" if name.endswith("_h") else ""
        for suffix, end in (("", "median"), ("_low", "low"), ("_high", "high")):
            columns[f"{stem}{suffix}{hours}"] = [getattr(getattr(row, name), end) for row in rows]
    return pd.DataFrame(columns)


def summary_rows(
    estimate: Members, level: float, places: Sequence[str] | None = None, *, with_bands: bool = False
) -> list[SummaryRow]:
    """Return the rows of `Estimate.summary`, those with the most fitted figures first.

    With bands, the tables of curves that follow need no second look at the curves.
    """
    levels, keys = metrics.central_levels(level), keys_at(estimate, places)
    expect(estimate, keys)
    curves = [key for key in _most_reported_first(estimate, keys) if QUANTITIES[key[0]].role == "outcome"]
    rows: list[SummaryRow] = []
    with shown("summary") as show:
        for quantity, place in curves:
            found = measures(estimate, quantity, place, with_bands=with_bands)
            rows.append(_summary_row(estimate, quantity, place, found, levels))
            show(len(rows), len(curves))
    return rows


def _most_reported_first(estimate: Members, keys: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return curves ordered by place and then quantity, those with the most fitted figures first."""
    pairs = Counter(estimate.reported)
    places = Counter(place for _, place in pairs.elements())
    order = {place: rank for rank, place in enumerate(dict.fromkeys(place for _, place in estimate.available))}
    return sorted(keys, key=lambda key: (-places[key[1]], order[key[1]], -pairs[key]))


def _summary_row(
    estimate: Members, quantity: str, place: str, found: Measures, levels: tuple[float, float, float]
) -> SummaryRow:
    """Return one row of the summary, from the measures of its curve."""
    share = reported_share(estimate, quantity, place)
    intervals = _intervals((found.now, found.peak, found.half, found.most, found.total), levels)
    return SummaryRow(
        place=place,
        quantity=quantity,
        unit=QUANTITIES[quantity].unit,
        basis=basis(estimate, quantity, place, share),
        reported_share=share,
        **dict(zip(_MEASURES, intervals, strict=True)),
        restored_within_horizon=math.nan if found.most is None else float(np.mean(np.isfinite(found.most))),
    )


def _intervals(several: Sequence[NDArray[np.float64] | None], levels: tuple[float, float, float]) -> list[Interval]:
    """Return the interval of each of several measures; unknown if it does not apply."""
    ends = iter(metrics.quantiles(np.stack([draws for draws in several if draws is not None]).T, levels).T.tolist())
    return [UNKNOWN if draws is None else Interval(*next(ends)) for draws in several]


def main_curves(estimate: Members) -> tuple[tuple[str, str], ...]:
    """Return the curves to show first: outages that the fitted figures report, without a fit those of the scenario.

    Returns
    -------
    tuple of (quantity, place)
        In the order of `quantities.MAIN_QUANTITIES`; at most `MOST_CURVES`, those with the most figures. Without such
        figures, buildings without heat and customers without power at the first place that has them, else the first
        curve.
    """
    given = ((figure.quantity, figure.place) for figure in estimate.scenario.figure_records)
    reports = Counter(estimate.reported or given)
    main = [key for name in MAIN_QUANTITIES for key in estimate.available if key[0] == name]
    reported = sorted((key for key in main if key in reports), key=lambda key: -reports[key])[:MOST_CURVES]
    first = [key for key in main if key[1] == main[0][1] and key[0] in MAIN_QUANTITIES[:2]]
    return tuple(key for key in main if key in reported) or tuple(first) or estimate.available[:1]


def main_curves_at(estimate: Members, places: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Return the main curves that are at some places; where none is, the same quantities there."""
    main = main_curves(estimate)
    there = [(name, place) for name in dict.fromkeys(name for name, _ in main) for place in places]
    return tuple(key for key in main if key[1] in places) or tuple(key for key in there if key in estimate.available)


def figures_check(estimate: Members, level: float) -> pd.DataFrame:
    """Return the table of `Estimate.figures_check`."""
    levels = metrics.central_levels(level)
    scenario = estimate.scenario
    rows = [_check_row(estimate, figure, levels) for figure in scenario.figure_records]
    fitted = pd.DataFrame(rows, columns=["used", "reason", *_PREDICTED, "inside", "outlier_probability"])
    table = pd.concat([scenario.figures[list(_STATED)], fitted], axis=1)
    return table.astype({"used": "bool", "reason": "str", "inside": "boolean"})


def _check_row(estimate: Members, figure: Figure, levels: tuple[float, float, float]) -> dict[str, object]:
    """Return the prediction and the doubt of the fit for one figure."""
    fit = estimate.figure_fit
    row: dict[str, object] = {"used": False, "reason": again(_UNFITTED[QUANTITIES[figure.quantity].role])}
    row |= {"inside": pd.NA, "outlier_probability": math.nan, **dict.fromkeys(_PREDICTED, math.nan)}
    if fit is None or figure.id not in fit.ids:
        return row
    column = fit.ids.index(figure.id)
    row |= {"used": bool(fit.used[column]), "reason": again(fit.reason[column])}
    if not fit.used[column]:
        return row
    low, median, high = metrics.quantiles(fit.predicted[:, column], levels)
    row |= dict(zip(_PREDICTED, (low, median, high), strict=True))
    row["outlier_probability"] = float(fit.outlier_probability[column])
    allowed = figure.allowed(stock_range(figure, estimate.scenario))
    if allowed is not None:
        row["inside"] = bool(high >= allowed[0] and low <= allowed[1])
    return row


def stock_range(figure: Figure, scenario: Scenario) -> tuple[float, float] | None:
    """Return the 90 % range of the stock that bounds a figure; None if unknown."""
    stock = QUANTITIES[figure.quantity].stock
    return None if stock is None else scenario.place(figure.place).stock_range(stock)
