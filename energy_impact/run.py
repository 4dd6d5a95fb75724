"""`simulate` and `estimate`: the only file that knows every stage."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from energy_impact import bounds
from energy_impact._arithmetic import underflow_is_zero
from energy_impact._checks import brief, check_callable, check_choice, check_generator
from energy_impact._deprecated import warn
from energy_impact._language import again, lasting, say, say_count, say_plural, stamp
from energy_impact._progress import shown
from energy_impact.cautions import cautions, loops
from energy_impact.ensemble_runs import Curves, check_run
from energy_impact.fits import Fit, fit_of, fits_together, run_fits
from energy_impact.inference import diagnostics
from energy_impact.model.blocks import draw_chunks, draw_normal, draw_seed
from energy_impact.prepare import Prepared, prepare
from energy_impact.prior_tables import prior_table, priors
from energy_impact.repairs import effective_members
from energy_impact.reports import exact_likelihoods, observed
from energy_impact.results.estimate import Estimate
from energy_impact.results.figure_fit import FigureFit
from energy_impact.results.files.storage import Stored, read, records
from energy_impact.same_members import carried
from energy_impact.scenario import Scenario, WhatIf, figure_table
from energy_impact.scenario.what_if import described

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import pandas as pd

    from energy_impact._progress import Progress
    from energy_impact.figures.table import FigureTable
    from energy_impact.fits import Fitted
    from energy_impact.model.plan import Array
    from energy_impact.results.members import Status

Floats = NDArray[np.float64]


@underflow_is_zero
def simulate(
    scenario: Scenario,
    *,
    members: int = 2048,
    rng: np.random.Generator | int | None = None,
    given: Estimate | None = None,
) -> Estimate:
    """
    Return a run of the model without outage figures: of the prior, or of the fitted members of another run.

    Parameters
    ----------
    scenario : Scenario
    members : int
        Ensemble size; that of `given` where it is set.
    rng : Generator, int or None
        Seed. The same seed gives the same members.
    given : Estimate, optional
        Estimate whose members to run again: their parameters, and the random numbers behind them, are kept wherever
        this scenario has the same parameter; the others are drawn, each by its own name, whatever else is added.
        Places match by name, events by name or else by time, kind and places. For conditions that change from now on,
        `Estimate.what_if` does this.

    Returns
    -------
    Estimate
        With the status "prior only", or that of `given`.

    Raises
    ------
    ValueError
        If `members` is not a whole number of at least 2, `scenario` is not a Scenario, or `given` is not an Estimate of
        a scenario that starts at the same time.
    """
    prepared = prepare(scenario)
    if given is not None:
        _check_given(given, scenario)
    members = bounds.check_whole("members", members, "members") if given is None else given.members
    check_run(prepared, members)
    if given is None:
        normal = draw_normal(prepared.layout, members, check_generator(rng))
        return _result(scenario, prepared, normal, ("prior only", lasting(_unfitted_text)), seed=_seed(rng))
    changed = {*scenario.priors, *given.scenario.priors}
    seed = draw_seed(check_generator(rng))
    normal = carried(prepared, _prepared(given), given.parameters.T, seed, changed)
    text = lasting(_given_text, given.scenario.name, scenario.name)
    return _result(
        scenario,
        prepared,
        normal,
        (given.status, text),
        seed=_seed(rng),
        fit_warnings=given.fit_warnings,
        reported=given.reported,
        effective=given.effective_members,
    )


def _prepared(estimate: Estimate) -> Prepared:
    """Return the scenario of a run as arrays, without preparing it again where its curves have them."""
    return estimate.curves.prepared if isinstance(estimate.curves, Curves) else prepare(estimate.scenario)


def _what_if(estimate: Estimate, change: WhatIf) -> Estimate:
    """Return the members of a run with one more what-if in force; what was fitted stays as it is."""
    scenario = estimate.scenario.replace(changes=[*estimate.scenario.changes, change])
    found = simulate(scenario, given=estimate, rng=estimate.seed or 0)
    text = lasting(_what_if_text, estimate.fit_text, scenario, change)
    refit = None if estimate.refit is None else partial(_refit, scenario, estimate.members, estimate.seed)
    return dataclasses.replace(found, figure_fit=estimate.figure_fit, fit_text=text, seed=estimate.seed, refit=refit)


def _what_if_text(before: str, scenario: Scenario, change: WhatIf) -> str:
    zone = scenario.leaves[0].timezone
    since = stamp(scenario.since(change).tz_convert(zone))
    what = described(change, zone)
    return say("{before} What if, from {since}: {change}.", before=again(before), since=since, change=what)


def _given_text(given: str, scenario: str) -> str:
    return say("Members of {given} under the conditions of {scenario}.", given=repr(given), scenario=repr(scenario))


def _check_given(given: object, scenario: Scenario) -> None:
    if not isinstance(given, Estimate):
        raise ValueError(f"given: must be an Estimate, got {brief(given)}")
    if given.scenario.start != scenario.start:
        raise ValueError(f"given: must start with the scenario, {scenario.start}, got {given.scenario.start}")


@underflow_is_zero
def estimate(
    scenario: Scenario,
    *,
    members: int = 2048,
    rng: np.random.Generator | int | None = None,
    progress: Progress | None = None,
) -> Estimate:
    """
    Return the model fitted to the scenario's figures.

    Parameters
    ----------
    scenario : Scenario
    members : int
        Ensemble size.
    rng : Generator, int or None
        Seed. The same seed gives the same answer.
    progress : callable, optional
        Called with (runs done, runs in all); by default it is shown on a terminal.

    Returns
    -------
    Estimate
        Without usable figures the result of `simulate`, with the status "prior only".

    Raises
    ------
    ValueError
        If `members` is not a whole number of at least 2, or `scenario` is not a Scenario.
    """
    members = bounds.check_whole("members", members, "members")
    check_callable("progress", progress)
    with shown("estimate", progress) as show:
        begun = _begin(scenario, members, rng, show)
        return _ended(begun)


@underflow_is_zero
def curves_beside(
    scenarios: Sequence[Scenario], members: int, seeds: Sequence[int], keys: Sequence[tuple[str, str]] = ()
) -> list[Curves]:
    """
    Return the members that `estimate` fits to several scenarios, and their curves.

    They run side by side as far as the scenarios differ in their figures alone.

    Parameters
    ----------
    scenarios : sequence of Scenario
    members : int
        Ensemble size of each.
    seeds : sequence of int
        Seed of each.
    keys : sequence of (quantity, place)
        Curves that will be asked for, which are run together too.
    """
    left, found = list(zip(scenarios, seeds, strict=True)), list[Curves]()
    while left:
        drawn: dict[tuple[int, int, int], Array] = {}
        begun = [_begin(left[0][0], members, left[0][1], drawn=drawn)]
        together = fits_together(begun[0].prepared, members)
        begun += [_begin(scenario, members, seed, drawn=drawn) for scenario, seed in left[1:together]]
        fitted = iter(run_fits([one.fit for one in begun if isinstance(one.fit, Fit)], keys))
        found += [_curves_of(one, fitted) for one in begun]
        left = left[together:]
    for curves in found:
        curves.expect(keys)
    return found


def _curves_of(begun: _Begun, fitted: Iterator[Fitted]) -> Curves:
    """Return the members of the next fit that was run; of the prior where there was none to run."""
    if not isinstance(begun.fit, Fit):
        return Curves(begun.prepared, begun.fit)
    smoothed, known = next(fitted)
    return Curves(begun.prepared, smoothed.normal, known)


class _Begun(NamedTuple):
    """A scenario and the fit of its members, or the members as drawn if it has no usable figures."""

    scenario: Scenario
    prepared: Prepared
    seed: int | None
    fit: Fit | Array


def _begin(
    scenario: Scenario,
    members: int,
    rng: np.random.Generator | int | None,
    progress: Callable[[int, int], None] | None = None,
    *,
    drawn: dict[tuple[int, int, int], Array] | None = None,
) -> _Begun:
    """Return a scenario with its fit begun; `drawn` has the numbers of other fits, by their rows and seed."""
    prepared = prepare(scenario)
    generator = check_generator(rng)
    check_run(prepared, members)
    drawn, seed = {} if drawn is None else drawn, draw_seed(generator)
    key = prepared.layout.rows, prepared.layout.structural_rows, seed
    if key not in drawn:
        drawn[key] = next(draw_chunks(prepared.layout, seed, range(members), members))
    normal = drawn[key]
    fit = fit_of(prepared, normal, generator, progress) if prepared.reports else normal
    return _Begun(scenario, prepared, _seed(rng), fit)


def _ended(begun: _Begun) -> Estimate:
    """Return the estimate of a fit, which is run here; of the prior where there is none to run."""
    scenario, prepared, seed = begun.scenario, begun.prepared, begun.seed
    if not isinstance(begun.fit, Fit):
        text = lasting(_prior_text, len(prepared.unused))
        return _result(scenario, prepared, begun.fit, ("prior only", text), seed=seed)
    smoothed = run_fits([begun.fit])[0].smoothed
    centre, variance = observed(prepared.reports, prepared.plan.step_h)
    exact = exact_likelihoods(prepared.reports, prepared.plan.step_h)
    outlier = diagnostics.outlier_probability(smoothed.predicted, centre, variance, exact)
    fit = _figure_fit(scenario, prepared, smoothed.predicted, outlier)
    return _result(
        scenario,
        prepared,
        smoothed.normal,
        _fitted_status(fit),
        seed=seed,
        figure_fit=fit,
        fit_warnings=_fit_warnings(fit),
        reported=_reported(scenario, prepared),
        refit=partial(_refit, scenario, smoothed.normal.shape[1], seed),
        effective=effective_members(prepared, smoothed),
    )


def _refit(
    scenario: Scenario, members: int, seed: int | None, names: Sequence[str], keys: Sequence[tuple[str, str]] = ()
) -> list[Curves]:
    """
    Return fits each without one figure, done in the same way, and run some curves; without a seed, with seed 0.

    What-ifs in force change their members as they changed those of the whole fit, from the same time on.
    """
    table = figure_table(scenario)
    names = [check_choice("figure", name, table.frame["id"]) for name in names]
    scenarios = [scenario.replace(figures=_without(table, name), changes=()) for name in names]
    changes = [dataclasses.replace(change, since=scenario.since(change)) for change in scenario.changes]
    found = curves_beside(scenarios, members, [seed or 0] * len(scenarios), () if changes else keys)
    if not changes:
        return found
    changed = [prepare(one.replace(changes=changes)) for one in scenarios]
    drawn, set_priors = draw_seed(check_generator(seed or 0)), {*scenario.priors}
    return [
        Curves(new, carried(new, old.prepared, old.normal, drawn, set_priors))
        for new, old in zip(changed, found, strict=True)
    ]


def _without(table: FigureTable, name: str) -> FigureTable:
    return table.only(lambda figure: figure.id != name)


@underflow_is_zero
def load_estimate(path: str | Path) -> Estimate:
    """
    Return a saved estimate.

    Curves are computed again from the stored members, by the installed version; `run.json` and the file itself name the
    version that wrote them.

    Raises
    ------
    ValueError
        If the file is not a saved estimate or is damaged, or its parameters or their priors differ from those of this
        version, so that the stored numbers would mean others.
    OSError
        If it cannot be read.
    """
    stored = read(path)
    try:
        scenario = Scenario.from_dict(stored.scenario)
        prepared = prepare(scenario)
        check_run(prepared, stored.members)
    except ValueError as error:
        raise ValueError(f"{path}: damaged, {error}") from error
    ids = tuple(figure.id for figure in scenario.figure_records)
    if stored.figure_fit is not None and stored.figure_fit.ids != ids:
        raise ValueError(f"{path}: damaged, fit_ids must be those of the figures, got {brief(stored.figure_fit.ids)}")
    own = records(prior_table(prepared.layout, [leaf.name for leaf in scenario.leaves]))
    if prepared.layout.names() != stored.parameter_names or not _same_priors(own, stored.priors):
        made_by = stored.versions.get("energy_impact", "unknown")
        raise ValueError(
            f"{path}: was saved by version {made_by}, whose parameters or priors differ from those of this version"
        )
    refit = None if stored.figure_fit is None else partial(_refit, scenario, stored.members, stored.seed)
    return _result(
        scenario,
        prepared,
        stored.parameters.T,
        (stored.status, _status_again(stored, scenario, prepared)),
        seed=stored.seed,
        figure_fit=stored.figure_fit,
        fit_warnings=_warnings_again(stored),
        reported=stored.reported,
        refit=refit,
        effective=stored.effective_members,
    )


def _status_again(stored: Stored, scenario: Scenario, prepared: Prepared) -> str:
    """Return a stored status as one that can be said in any language, if this version would word it alike."""
    texts: list[str] = [lasting(_unfitted_text), lasting(_prior_text, len(prepared.unused))]
    if stored.figure_fit is not None:
        texts.append(_fitted_status(stored.figure_fit)[1])
    for change in scenario.changes:
        texts = [lasting(_what_if_text, text, scenario, change) for text in texts]
    return next((text for text in texts if text == stored.fit_text), stored.fit_text)


def _warnings_again(stored: Stored) -> tuple[str, ...]:
    """Return the stored warnings of a fit in the same way."""
    own = () if stored.figure_fit is None else _fit_warnings(stored.figure_fit)
    return own if own == stored.fit_warnings else stored.fit_warnings


def _same_priors(own: list[dict[str, object]], stored: list[dict[str, object]]) -> bool:
    """Return whether two tables of priors hold the same numbers for the same parameters."""

    def labels(row: dict[str, object]) -> list[object]:
        return [row.get(name) for name in ("name", "prior", "places")]

    def numbers(rows: list[dict[str, object]]) -> Floats:
        return np.array([[row.get(name) for name in ("median", "spread", "loading")] for row in rows], float)

    if [labels(row) for row in own] != [labels(row) for row in stored]:
        return False
    return np.allclose(numbers(own), numbers(stored), rtol=1e-9, atol=0, equal_nan=True)


def _seed(rng: np.random.Generator | int | None) -> int | None:
    return None if rng is None or isinstance(rng, np.random.Generator) else int(rng)


def _reported(scenario: Scenario, prepared: Prepared) -> tuple[tuple[str, str], ...]:
    """Return quantity and place of each figure that is fitted."""
    figures = (scenario.figure_records[report.row] for report in prepared.reports)
    return tuple((figure.quantity, figure.place) for figure in figures)


def _result(
    scenario: Scenario,
    prepared: Prepared,
    normal: NDArray[np.floating],
    status: tuple[Status, str],
    *,
    seed: int | None,
    figure_fit: FigureFit | None = None,
    fit_warnings: tuple[str, ...] = (),
    reported: tuple[tuple[str, str], ...] = (),
    refit: Callable[..., list[Curves]] | None = None,
    effective: float | None = None,
) -> Estimate:
    kept = np.asarray(normal, np.float32)
    curves = Curves(prepared, kept)
    return Estimate(
        scenario=scenario,
        members=normal.shape[1],
        status=status[0],
        fit_text=status[1],
        parameters=kept.T,
        parameter_names=prepared.layout.names(),
        figure_fit=figure_fit,
        available=prepared.available,
        curves=curves,
        stocks=curves.stock,
        expect=curves.expect,
        priors=prior_table(prepared.layout, [leaf.name for leaf in scenario.leaves]),
        seed=seed,
        fit_warnings=fit_warnings,
        loop_warnings=loops(scenario, prepared),
        run_warnings=cautions(scenario, prepared, normal.shape[1]),
        reported=reported,
        refit=refit,
        effective_members=effective,
        change=_what_if,
    )


def parameters() -> pd.DataFrame:
    """Return the table of `priors`, under its old name."""
    warn("parameters() is now called priors()")
    return priors()


def _unfitted_text() -> str:
    return say("Prior run: the published figures were not used.")


def _prior_text(unused: int) -> str:
    if not unused:
        return say("Too little was published: no figure was given, so the bands are those of the priors.")
    return say_count(
        "Too little was published: none of the {number} figures counts customers, buildings or people without service, "
        "so the bands are those of the priors.",
        unused,
        number=unused,
    )


def _disbelieved(fit: FigureFit) -> list[str]:
    doubted = np.nan_to_num(fit.outlier_probability) > diagnostics.DISBELIEVED
    return [name for name, doubt in zip(fit.ids, doubted, strict=True) if doubt]


def _fitted_status(fit: FigureFit) -> tuple[Status, str]:
    doubted = _disbelieved(fit)
    text = lasting(_fitted_text, int(fit.used.sum()), tuple(doubted))
    return ("figures contradict" if len(doubted) >= 2 else "fitted"), text


def _fitted_text(count: int, doubted: tuple[str, ...]) -> str:
    used = say_plural("Fitted to {number} figure", "Fitted to {number} figures", count, number=count)
    if doubted:
        return say("{used}; disbelieved: {figures}.", used=used, figures=", ".join(doubted))
    return say("{used}; the fit disbelieves none.", used=used) if count > 1 else f"{used}."


def _fit_warnings(fit: FigureFit) -> tuple[str, ...]:
    doubted = _disbelieved(fit)
    if len(doubted) <= diagnostics.DISBELIEVED_WARNING:
        return ()
    return (lasting(_doubt_text, tuple(doubted)),)


def _doubt_text(doubted: tuple[str, ...]) -> str:
    return say_count(
        "The fit disbelieves {number} figures ({figures}); check them before using the bands.",
        len(doubted),
        number=len(doubted),
        figures=", ".join(doubted),
    )


def _figure_fit(scenario: Scenario, prepared: Prepared, predicted: Floats, outlier: Floats) -> FigureFit:
    rows, members = len(scenario.figure_records), predicted.shape[1]
    filled = np.full((members, rows), np.nan)
    likelihood = np.full((members, rows), np.nan)
    probability = np.full(rows, np.nan)
    for index, report in enumerate(prepared.reports):
        filled[:, report.row] = report.unscaled(predicted[index])
        likelihood[:, report.row] = report.log_likelihood(predicted[index])
        probability[report.row] = outlier[index]
    used = np.zeros(rows, bool)
    used[[report.row for report in prepared.reports]] = True
    return FigureFit(
        ids=tuple(figure.id for figure in scenario.figure_records),
        used=used,
        reason=tuple(prepared.unused.get(row, "") for row in range(rows)),
        predicted=filled,
        log_likelihood=likelihood,
        outlier_probability=probability,
    )
