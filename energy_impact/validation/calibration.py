"""Simulation-based calibration: how often intervals hold a truth drawn from the model itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
import pandas as pd

from energy_impact import bounds
from energy_impact._checks import check_callable, check_generator
from energy_impact._sharing import cases_together, check_executor, run_batches, seeds
from energy_impact.figures.kinds import kind_of
from energy_impact.figures.qualifiers import ORDERS
from energy_impact.figures.table import check_figures
from energy_impact.figures.wording import Claim, largest_named
from energy_impact.inference.observation import Moment, read_at
from energy_impact.model.parameters import BY_NAME
from energy_impact.prepare import check_scenario
from energy_impact.quantities import QUANTITIES
from energy_impact.reports import biased
from energy_impact.results import metrics
from energy_impact.results.tables.measures import expect
from energy_impact.run import curves_beside, simulate
from energy_impact.scenario import figure_table
from energy_impact.systems import SYSTEMS
from energy_impact.validation import reporting, scoring

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from energy_impact._progress import Progress
    from energy_impact.ensemble_runs import Curves
    from energy_impact.results.curve import Curve
    from energy_impact.scenario import Scenario

LEADS_H = (12, 24, 48, 96)
"""Hours after the last figure at which counts are compared. [h]"""
FIGURES = (3, 20)
"""Fewest and most figures of a case."""
WINDOW_H = (2.0, 72.0)
"""Range of publication times after the end of the last event. [h]"""
SOURCES = 3
"""Number of sources per case."""
KINDS = ("stock", "maximum", "flow")
KIND_WEIGHTS = (0.8, 0.1, 0.1)
"""Shares of the kinds; maxima and flows count since the end of the last event (judgement)."""
GROSS_SD = 1.5
"""Spread of gross errors, on the log scale (judgement)."""
COUNTED = tuple(system.count for system in SYSTEMS.values())
RESTORED = {row.restores: name for name, row in QUANTITIES.items() if row.cumulative and row.restores in COUNTED}
"""The quantity of restorations for each count that has one."""


class _Ranked(NamedTuple):
    """The rank of a truth among the draws: a row of `calibrate`."""

    case: int
    quantity: str
    place: str
    figures: int
    target: str
    truth: float
    median: float
    inside50: bool
    inside90: bool
    pit: float


def calibrate(
    scenario: Scenario,
    *,
    cases: int = 200,
    members: int = 512,
    noise: float = 1.0,
    gross: float = 0.0,
    rng: np.random.Generator | int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """
    Return ranks of truths drawn from the prior among the draws of fits to worded figures of each truth.

    Follows Talts et al. (2018, arXiv:1804.06788): over many cases the rank of the truth among the draws is uniform if
    the inference is right. Reports have the errors that the fit assumes: each its own, `reporting.ERROR_SD`, and each
    source one factor on odds, drawn from the prior of `source_bias`. Figures that do not fit their word, or exceed the
    stock of the place, are left out, and so are cases without figures.

    Parameters
    ----------
    scenario : Scenario
        Its places, events, weather and priors; of its figures only inputs, such as temperatures, are used.
    cases : int
        Number of truths.
    members : int
        Ensemble size of each fit, at least 2.
    noise : float
        Factor on the errors of reports and sources: above 1 the fit assumes smaller errors than the true ones.
    gross : float
        Share of figures with a gross error, at least 0 and at most 0.99.
    rng : Generator, int or None
        Seed. The same seed gives the same table with any executor.
    executor : concurrent.futures.Executor, optional
        Where the fits run.
    progress : callable, optional
        Called with (cases done, cases in all); by default it is shown on a terminal.

    Returns
    -------
    DataFrame
        One row per case, series and target: case, quantity, place, figures, target ("+12 h", ..., "hours" for the
        integral over the horizon), truth, median, inside50, inside90, pit.

    Raises
    ------
    ValueError
        If a number is out of bounds, the horizon is too short for the targets, no place has customers or buildings, or
        no case has figures.
    """
    check_scenario(scenario)
    cases = bounds.check_whole("cases", cases, "cases")
    members = bounds.check_whole("members", members, "members")
    noise = bounds.check("noise", noise, "noise")
    gross = bounds.check("gross", gross, "gross")
    check_callable("progress", progress)
    check_executor(executor)
    generator = check_generator(rng)
    bare = _without_outcomes(scenario)
    begin = _begin(bare)
    if begin + pd.Timedelta(hours=WINDOW_H[1]) > bare.end:
        raise ValueError(f"horizon_h: must reach {WINDOW_H[1]:g} h beyond the last event, got {bare.horizon_h!r}")
    truths = simulate(bare, members=max(cases, 2), rng=generator)
    wanted = [key for key in truths.available if key[0] in (*COUNTED, *RESTORED.values()) and _has_some(bare, *key)]
    expect(truths, wanted)
    curves = {key: truths[key] for key in wanted}
    series = [key for key in curves if key[0] in COUNTED]
    if not series:
        raise ValueError("places: at least one must have customers or buildings, got none")
    reported = [_report(bare, curves, case, noise, gross, generator) for case in range(cases)]
    chosen = [
        _Case(case, bare, figures, {key: _only(curves[key], case) for key in series}, members, seed)
        for case, (figures, seed) in enumerate(zip(reported, seeds(generator, cases), strict=True))
        if figures
    ]
    size = cases_together(len(bare.leaves) * members, executor)
    found = run_batches(_ranked, chosen, size, executor, progress, what="calibrate")
    rows = [row for ranks in found for row in ranks]
    if not rows:
        raise ValueError(f"cases: at least one must have a count of 1 or more to report, got none in {cases}")
    return pd.DataFrame(rows)


class _Case(NamedTuple):
    """One truth: the scenario, its figures, and its own curves, as ensembles of one member."""

    number: int
    scenario: Scenario
    figures: list[dict[str, object]]
    truth: dict[tuple[str, str], Curve]
    members: int
    seed: int


def _has_some(scenario: Scenario, quantity: str, place: str) -> bool:
    """Return whether a place has some of what a quantity counts, as far as that is known."""
    stock = QUANTITIES[quantity].stock
    size = scenario.place(place).stock_range(stock) if stock else None
    return size is None or size[1] > 0


def _only(curve: Curve, member: int) -> Curve:
    return replace(curve, draws=curve.draws[member : member + 1])


def _ranked(cases: Sequence[_Case]) -> list[list[_Ranked]]:
    """Return the ranks of truths of one scenario, each in the fit to its figures."""
    scenarios, seeds_of_fits = [_reporting(case) for case in cases], [case.seed for case in cases]
    fitted = curves_beside(scenarios, cases[0].members, seeds_of_fits, [*cases[0].truth])
    return [_ranks(case, curves) for case, curves in zip(cases, fitted, strict=True)]


def _reporting(case: _Case) -> Scenario:
    """Return the scenario of a case with the figures of its truth."""
    bare = case.scenario
    return bare.replace(figures=figure_table(bare).joined(check_figures(case.figures)))


def _ranks(case: _Case, fitted: Curves) -> list[_Ranked]:
    """Return the ranks of one truth in the fit to its figures: of each series at times after the last, and in all."""
    last, times = max(cast("pd.Timestamp", figure["time"]) for figure in case.figures).floor("us"), case.scenario.times
    later = {f"+{lead} h": last + pd.Timedelta(hours=lead) for lead in LEADS_H}
    later = {name: time for name, time in later.items() if time <= times[-1]}
    at = [(time - times[0]) / pd.Timedelta(hours=1) for time in later.values()]
    grid = np.asarray((times - times[0]) / pd.Timedelta(hours=1), np.float64)
    truth = np.hstack([_targets(curve.draws, grid, at)[0] for curve in case.truth.values()])
    draws = np.hstack([_targets(fitted(*key), grid, at) for key in case.truth])
    names = [(*key, target) for key in case.truth for target in (*later, "hours")]
    inside50, inside90 = (scoring.cover(draws, truth, level=level) for level in (0.5, 0.9))
    median, pit = np.median(draws, axis=0), scoring.pit(draws, truth)
    return [
        _Ranked(
            case=case.number,
            quantity=quantity,
            place=place,
            figures=len(case.figures),
            target=target,
            truth=float(truth[column]),
            median=float(median[column]),
            inside50=bool(inside50[column]),
            inside90=bool(inside90[column]),
            pit=float(pit[column]),
        )
        for column, (quantity, place, target) in enumerate(names)
    ]


def _targets(draws: NDArray[np.float32], grid: NDArray[np.float64], at: Sequence[float]) -> NDArray[np.float64]:
    """Return draws of a curve at some hours of its times, and their integral over all, (members, targets)."""
    integral = metrics.integral(draws, grid)[:, None]
    return np.hstack([metrics.interpolate(draws, grid, at), integral]) if at else integral


def cover_table(ranks: pd.DataFrame) -> pd.DataFrame:
    """
    Return the share of truths inside the 50 and 90 % intervals, by target.

    Standard errors are over cases, since the series of one case fail together. A single case has none (NaN).

    Parameters
    ----------
    ranks : DataFrame
        As from `calibrate`.

    Returns
    -------
    DataFrame
        One row per target: target, inside50, inside90, inside50_se, inside90_se.
    """
    held = ["inside50", "inside90"]
    cases = ranks.groupby(["target", "case"], sort=False)[held].mean().groupby("target", sort=False)
    table = cases.mean().join(cases.sem().add_suffix("_se"))
    return table.reset_index()


def _without_outcomes(scenario: Scenario) -> Scenario:
    """Return the scenario with its input figures only; without options, which may begin before figures of a truth."""
    role = scenario.figures["quantity"].map(lambda name: QUANTITIES[name].role)
    kept = scenario.figures[role == "input"]
    return scenario.replace(figures=kept if len(kept) else None, what_ifs=())


def _begin(scenario: Scenario) -> pd.Timestamp:
    """Return the end of the last event, when publication of figures starts."""
    return max((event.end for event in scenario.events), default=scenario.start)


def _report(
    scenario: Scenario,
    curves: Mapping[tuple[str, str], Curve],
    case: int,
    noise: float,
    gross: float,
    rng: np.random.Generator,
) -> list[dict[str, object]]:
    """Return figures of the truth number `case`, with random series, kinds, times and wording."""
    begin = _begin(scenario)
    series = [key for key in curves if key[0] in COUNTED]
    median, spread = _source_prior(scenario)
    bias = median * np.exp(noise * spread * rng.standard_normal(SOURCES))
    figures: list[dict[str, object]] = []
    for index in range(int(rng.integers(FIGURES[0], FIGURES[1] + 1))):
        quantity, place = series[int(rng.integers(len(series)))]
        time = begin + pd.Timedelta(hours=round(float(rng.uniform(*WINDOW_H)), 1))
        kind, source = str(rng.choice(KINDS, p=KIND_WEIGHTS)), int(rng.integers(SOURCES))
        if kind == "flow":
            quantity = RESTORED.get(quantity, quantity)
            kind = kind if (quantity, place) in curves and quantity not in COUNTED else "stock"
        value = _value(curves[quantity, place], case, kind, begin, time)
        stock = QUANTITIES[quantity].stock
        size = scenario.place(place).stock_range(stock) if stock else None
        value = float(biased(np.array(value), float(bias[source]), size[1] if size else np.inf))
        if rng.uniform() < gross:
            value *= float(np.exp(GROSS_SD * rng.standard_normal()))
        claim = _worded(value, rng, noise)
        if claim is None or (size and largest_named(claim) > size[1]):
            continue
        figures.append(
            {
                "id": f"told {index}",
                "time": time,
                "place": place,
                "quantity": quantity,
                "kind": kind,
                "source": f"source {source}",
                "period_start": pd.NaT if kind == "stock" else begin,
                "qualifier": claim.qualifier,
                "value": claim.value,
                "value_high": claim.value_high,
            }
        )
    return figures


def _source_prior(scenario: Scenario) -> tuple[float, float]:
    """Return the median factor on each source's counts, and its spread on the log scale."""
    shipped = BY_NAME["source_bias"]
    changed = (scenario.priors or {}).get("source_bias", {"median": shipped.median, "spread": shipped.spread})
    return float(changed["median"]), float(changed["spread"])


def _value(curve: Curve, case: int, kind: str, since: pd.Timestamp, time: pd.Timestamp) -> float:
    """Return the value of a figure for one member of a curve, without error."""
    step = curve.times[1] - curve.times[0]
    moment = Moment(kind_of(kind).reads, (time - curve.times[0]) / step, since=(since - curve.times[0]) / step)
    series = curve.draws[case, :, None]
    return float(read_at(series, np.arange(len(series)), moment, np.full(1, 0.5, np.float32))[0])


def _worded(value: float, rng: np.random.Generator, noise: float) -> Claim | None:
    """Return a count worded by one of `reporting.WORDS` or an order of magnitude; None if that does not fit."""
    if value < 1:
        return None
    qualifier = str(rng.choice((*reporting.WORDS, "order")))
    if qualifier != "order":
        return reporting.word(value, qualifier, rng, noise=noise)
    said = (reporting.word(value, order, rng, noise=noise) for order in ORDERS)
    return next((claim for claim in said if claim), None)
