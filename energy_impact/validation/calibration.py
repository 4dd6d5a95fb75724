"""Simulation-based calibration: how often intervals hold a truth that is drawn from the model itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from energy_impact._checks import check_count, check_generator, check_number
from energy_impact.run import estimate, simulate
from energy_impact.validation import reporting, scoring
from energy_impact.vocabulary import ORDERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from energy_impact.results.ensemble import Ensemble
    from energy_impact.scenario import Scenario

LEADS_H = (12, 24, 48, 96)
"""Hours after the last figure at which counts are compared. [h]"""
FIGURES = (3, 20)
"""Fewest and most figures of a case."""
WINDOW_H = (2.0, 72.0)
"""When figures are published, after the end of the last event. [h]"""
GROSS_SD = 1.5
"""Spread of gross errors, on the log scale (judgement)."""


def calibrate(
    scenario: Scenario,
    *,
    cases: int = 200,
    members: int = 512,
    noise: float = 1.0,
    gross: float = 0.0,
    rng: np.random.Generator | int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """
    Draw truths from the prior, word some figures of each, fit them, and see where the truth falls.

    Follows Talts et al. (2018, arXiv:1804.06788): over many cases the rank of the truth among the draws is uniform if
    the inference is right.

    Parameters
    ----------
    scenario : Scenario
        Its places, events and weather; its own figures are not used.
    cases : int
        How many truths.
    members : int
        Ensemble size of each fit.
    noise : float
        Factor on the error of sources: above 1 the fit is told too little of it.
    gross : float
        Share of figures with a gross error, in [0, 1).
    rng : Generator, int or None
        Seed.
    progress : callable, optional
        Called with (cases done, cases in all).

    Returns
    -------
    DataFrame
        One row a case, series and target: case, quantity, place, figures, target ("+12 h", ..., "hours" for the
        integral over the horizon), truth, median, inside50, inside90, pit.

    Raises
    ------
    ValueError
        If a number is out of bounds or the horizon is too short for the targets.
    """
    check_count("cases", cases)
    check_number("noise", noise, low=0)
    check_number("gross", gross, low=0, high=0.99)
    generator = check_generator(rng)
    bare = scenario.replace(figures=None)
    truths = simulate(bare, members=max(cases, 2), rng=generator)
    series = _series(truths.available)
    rows: list[dict[str, Any]] = []
    for case in range(cases):
        figures = _report(bare, [truths[key] for key in series], case, noise, gross, generator)
        if figures:
            fitted = estimate(bare.replace(figures=figures), members=members, rng=generator)
            last = max(figure["time"] for figure in figures)
            for key in series:
                rows += _compare(truths[key], fitted[key], case, last, len(figures))
        if progress is not None:
            progress(case + 1, cases)
    return pd.DataFrame(rows)


def cover_table(ranks: pd.DataFrame) -> pd.DataFrame:
    """Share of truths inside the 50 and 90 % intervals, by target, with standard errors over cases."""
    grouped = ranks.groupby("target", sort=False)
    table = grouped[["inside50", "inside90"]].mean()
    count = grouped["case"].nunique()
    for name in ("inside50", "inside90"):
        table[f"{name}_se"] = np.sqrt(table[name] * (1 - table[name]) / count)
    return table.reset_index()


def _series(available: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the counts of customers and buildings out."""
    counted = {"power_customers_out", "heat_buildings_out", "water_buildings_out"}
    return [key for key in available if key[0] in counted]


def _report(scenario: Scenario, curves: Sequence[Ensemble], case: int, noise: float, gross: float,
            rng: np.random.Generator) -> list[dict[str, Any]]:  # fmt: skip
    """Figures of random series, times and wording, of the truth with the number `case`."""
    ends = [event.time + pd.Timedelta(hours=event.duration_h) for event in scenario.events]
    begin = max(ends, default=scenario.start)
    figures: list[dict[str, Any]] = []
    for index in range(int(rng.integers(FIGURES[0], FIGURES[1] + 1))):
        curve = curves[int(rng.integers(len(curves)))]
        time = begin + pd.Timedelta(hours=round(float(rng.uniform(*WINDOW_H)), 1))
        value = float(curve.at([time])[case, 0])
        if rng.uniform() < gross:
            value *= float(np.exp(GROSS_SD * rng.standard_normal()))
        words = (*reporting.WORDS, *ORDERS)
        told = reporting.word(value, str(rng.choice(words)), rng, noise=noise) if value >= 1 else None
        ceiling = scenario.place(curve.place).stock_range(curve.quantity.removesuffix("_out"))
        if told is None or (ceiling and _most(told) > ceiling[1]):
            continue
        figures.append({
            "id": str(index), "time": time, "place": curve.place, "quantity": curve.quantity, "kind": "stock",
            "source": f"source {rng.integers(3)}", **told,
        })  # fmt: skip
    return figures


def _most(told: Mapping[str, Any]) -> float:
    """Return the largest number that a wording names; the least that an order of magnitude stands for."""
    return float(max(told.get("value", 0), told.get("value_high", 0), ORDERS.get(told["qualifier"], (0, 0))[0]))


def _compare(truth: Ensemble, fitted: Ensemble, case: int, last: pd.Timestamp, figures: int) -> list[dict[str, Any]]:
    times = {f"+{lead} h": last + pd.Timedelta(hours=lead) for lead in LEADS_H}
    pairs = {
        name: (float(truth.at([time])[case, 0]), fitted.at([time])[:, 0])
        for name, time in times.items()
        if time <= truth.times[-1]
    }
    pairs["hours"] = (float(truth.hours()[case]), fitted.hours())
    rows = []
    for target, (value, draws) in pairs.items():
        column, true = draws[:, None], np.array([value])
        rows.append({
            "case": case, "quantity": truth.quantity, "place": truth.place, "figures": figures, "target": target,
            "truth": value, "median": float(np.median(draws)),
            "inside50": bool(scoring.cover(column, true, level=0.5)[0]),
            "inside90": bool(scoring.cover(column, true, level=0.9)[0]),
            "pit": float(scoring.pit(column, true)[0]),
        })  # fmt: skip
    return rows
