"""Backtests: each figure of a scenario forecast from the figures before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from energy_impact import bounds
from energy_impact._checks import check_generator
from energy_impact._sharing import cases_together, check_executor, run_batches, seeds
from energy_impact.figures.wording import match_gaussian
from energy_impact.model.blocks import draw_normal
from energy_impact.prepare import prepare
from energy_impact.report_runs import predict
from energy_impact.reports import NUGGET, CountReport
from energy_impact.run import curves_beside
from energy_impact.same_members import same_rows
from energy_impact.scenario import figure_table
from energy_impact.validation import scoring

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from energy_impact._progress import Progress
    from energy_impact.ensemble_runs import Curves
    from energy_impact.prepare import Prepared
    from energy_impact.results.members import Members
    from energy_impact.scenario import Scenario

SERIES = ("quantity", "place", "unit", "kind", "period_start")
"""Columns that are equal within a series."""


class _Forecast(NamedTuple):
    """A figure and its forecast: a row of `backtest`."""

    id: str
    place: str
    quantity: str
    origin: pd.Timestamp
    time: pd.Timestamp
    lead_h: float
    value: float
    low: float
    median: float
    high: float
    inside50: bool
    inside90: bool
    pit: float
    crps: float
    crps_persistence: float
    crps_exponential: float


class _Case(NamedTuple):
    """A figure to forecast from those before it in its series."""

    scenario: Scenario
    target: pd.Series
    before: pd.DataFrame
    scale: float
    members: int
    seed: int


def backtest(
    scenario: Scenario,
    *,
    members: int = 1024,
    rng: np.random.Generator | int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """
    Return forecasts of all published figures of a scenario but the first of each series, from earlier figures.

    A series holds the figures of one quantity at one place in one form: stocks, shares, or restorations since one
    start. Temperatures, zeros, figures without a number and second figures for the same time are not forecast. The
    origin of a forecast is the previous figure of its series; the fit uses figures of all series up to the origin. All
    events of the scenario, even after the origin, and its given weather count as known. The forecast is of the report,
    so the draws include the wording, the source's bias and the uncertain hour of the figure. Two simple forecasts are
    scored as well: persistence (the last figure) and an exponential through the first and last figure of the series.

    Parameters
    ----------
    scenario : Scenario
    members : int
        Ensemble size of each fit.
    rng : Generator, int or None
        Seed. The same seed gives the same table with any executor.
    executor : concurrent.futures.Executor, optional
        Where the fits run.
    progress : callable, optional
        Called with (forecasts done, forecasts in all); by default it is shown on a terminal.

    Returns
    -------
    DataFrame
        One row per figure, in the figure's own unit: id, place, quantity, origin, time, lead_h [h], value, low, median,
        high (90 %), inside50, inside90, pit, and crps, crps_persistence, crps_exponential as shares of the series'
        largest figure.

    Raises
    ------
    ValueError
        If `members` is not a whole number of at least 2, or no series has two figures.
    """
    members = bounds.check_whole("members", members, "members")
    check_executor(executor)
    generator = check_generator(rng)
    targets = [
        (series.iloc[position], series.iloc[:position], float(series["value"].max()))
        for series in series_of(scenario)
        for position in range(1, len(series))
        if series["time"].iloc[position] > series["time"].iloc[position - 1]
    ]
    cases = [
        _Case(scenario, *target, members, seed)
        for target, seed in zip(targets, seeds(generator, len(targets)), strict=True)
    ]
    size = cases_together(len(scenario.leaves) * members, executor)
    rows = run_batches(_forecasts, cases, size, executor, progress, what="backtest")
    if not rows:
        raise ValueError("figures: a backtest needs two figures above 0 of one place and quantity at different times")
    return pd.DataFrame(rows)


def _forecasts(cases: Sequence[_Case]) -> list[_Forecast]:
    """Return forecasts of some figures of one scenario."""
    known = [published_until(case.scenario, case.before["time"].iloc[-1]) for case in cases]
    fits = curves_beside(known, cases[0].members, [case.seed for case in cases])
    return [_forecast(*one) for one in zip(cases, known, fits, strict=True)]


def _forecast(case: _Case, known: Scenario, fit: Curves) -> _Forecast:
    rng = np.random.default_rng([case.seed, 1])
    draws = _drawn(known, fit.prepared, fit.normal, case.target, rng)
    return _scored(case.target, case.before, draws[:, None], scale=case.scale)


def series_of(scenario: Scenario) -> list[pd.DataFrame]:
    """
    Return the series of counts and shares that the model can predict.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    list of DataFrame
        Rows of its figures, each series in order of time, zeros and figures without a number left out.
    """
    counts = [report.row for report in prepare(scenario).reports if isinstance(report, CountReport)]
    table = scenario.figures.iloc[counts]
    table = table[table["value"] > 0]
    groups = table.sort_values("time", kind="stable").groupby(list(SERIES), sort=False, dropna=False)
    return [group for _, group in groups]


def published_until(scenario: Scenario, origin: pd.Timestamp) -> Scenario:
    """Return the scenario with the figures up to a time, that time included."""
    return scenario.replace(figures=figure_table(scenario).only(lambda figure: figure.time <= origin))


def report_draws(fit: Members, target: pd.Series, rng: np.random.Generator) -> np.ndarray:
    """
    Return draws of a figure that the fit does not know: the fitted members' values, in the figure's wording.

    The wording adds its surplus, its rounding and the error that the fit allows every report.

    Parameters
    ----------
    fit : Members
    target : Series
        A row of a table of figures, with a value above 0.
    rng : Generator

    Returns
    -------
    ndarray, (members,)
        In the figure's own unit.
    """
    return _drawn(fit.scenario, prepare(fit.scenario), fit.parameters.T, target, rng)


def _drawn(
    scenario: Scenario, prepared: Prepared, fitted: NDArray[np.floating], target: pd.Series, rng: np.random.Generator
) -> np.ndarray:
    """Return draws of a figure, as `report_draws` does, from the numbers of fitted members, (rows, members)."""
    members = fitted.shape[1]
    extended = prepare(scenario.replace(figures=[*scenario.figures.to_dict("records"), target.to_dict()]))
    normal = draw_normal(extended.layout, members, rng).astype(float)
    rows, fitted_rows = same_rows(extended, prepared)
    normal[rows] = fitted[fitted_rows]
    report = extended.reports[-1]
    assert isinstance(report, CountReport)
    mean, sd = match_gaussian(report.claim)
    error = np.hypot(sd, NUGGET) * rng.standard_normal(members)
    true = report.unscaled(predict(extended, normal)[1][-1])
    return np.asarray(true * report.claim.value * np.exp(error - mean))


def _scored(target: pd.Series, before: pd.DataFrame, draws: np.ndarray, *, scale: float) -> _Forecast:
    """Return a forecast with its scores, and those of two simple forecasts."""
    first, last = before.iloc[0], before.iloc[-1]
    hours = (last["time"] - first["time"]) / pd.Timedelta(hours=1)
    lead = (target["time"] - last["time"]) / pd.Timedelta(hours=1)
    rate = max(np.log(max(first["value"], 0.5) / max(last["value"], 0.5)) / hours, 0.0) if hours > 0 else 0.0
    truth = np.array([target["value"]])
    low, median, high = np.quantile(draws[:, 0], [0.05, 0.5, 0.95])
    return _Forecast(
        id=target["id"],
        place=target["place"],
        quantity=target["quantity"],
        origin=last["time"],
        time=target["time"],
        lead_h=lead,
        value=target["value"],
        low=low,
        median=median,
        high=high,
        inside50=bool(scoring.cover(draws, truth, level=0.5)[0]),
        inside90=bool(scoring.cover(draws, truth, level=0.9)[0]),
        pit=float(scoring.pit(draws, truth)[0]),
        crps=float(scoring.crps(draws, truth)[0]) / scale,
        crps_persistence=abs(last["value"] - target["value"]) / scale,
        crps_exponential=abs(last["value"] * np.exp(-rate * lead) - target["value"]) / scale,
    )
