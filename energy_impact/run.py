"""The two verbs, simulate and estimate: the only file that knows every stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from energy_impact._checks import check_count, check_generator
from energy_impact.figures.wording import log_likelihood
from energy_impact.inference import diagnostics, observation, smoother
from energy_impact.model import people
from energy_impact.model.counting import counted
from energy_impact.model.learned import LEARNED
from energy_impact.model.parameters import STOCK_PARAMETERS, TABLE, Layout, draw_normal
from energy_impact.model.simulate import chunks
from energy_impact.model.simulate import simulate as run_model
from energy_impact.prepare import NUGGET, Prepared, Report, prepare, same_rows
from energy_impact.results.estimate import Estimate, FigureFit, Status
from energy_impact.results.storage import read
from energy_impact.scenario import Scenario

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from energy_impact.model.plan import Array, Values

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

LEARNED_SOURCE = "learned from outage curves (benchmarks/learn_priors.py)"
REPORTING = (*STOCK_PARAMETERS, "report_time", "source_bias", "level_noise")
"""Parameters that turn modelled states into what is reported."""
MEMBERS_A_CHUNK = 2048
"""Members run together; their states stay in the processor's cache."""
CACHE_BYTES = 256 * 2**20
"""States of a run are kept for further questions up to this size, else each question runs the model again."""


def simulate(
    scenario: Scenario,
    *,
    members: int = 2048,
    rng: np.random.Generator | int | None = None,
    given: Estimate | None = None,
) -> Estimate:
    """
    Run the model without looking at outage figures: the prior, or the fitted members of another run.

    Parameters
    ----------
    scenario : Scenario
    members : int
        Ensemble size; that of `given` where it is set.
    rng : Generator, int or None
        Seed. The same seed gives the same members.
    given : Estimate, optional
        Take its members' parameters, and the random numbers behind them, wherever this scenario has the same
        parameter; draw the others. Places are the same by name, events by name or else by time, kind and places.

    Returns
    -------
    Estimate
        With the status "prior only", or that of `given`.

    Raises
    ------
    ValueError
        If `members` is not a whole number of at least 2, or `given` is of a scenario that starts at another time.
    """
    members = check_count("members", members, low=2) if given is None else given.members
    if given is not None and given.scenario.start != scenario.start:
        raise ValueError(f"given: must start with the scenario, {scenario.start}, got {given.scenario.start}")
    prepared = prepare(scenario)
    normal = draw_normal(prepared.layout, members, check_generator(rng))
    if given is None:
        return _answer(scenario, prepared, normal, ("prior only", _prior_text(prepared, fitted=False)), rng)
    rows, given_rows = same_rows(prepared, prepare(given.scenario))
    normal[rows] = given.parameters[:, given_rows].T
    text = f"Members of {given.scenario.name!r} under the conditions of {scenario.name!r}."
    return _answer(scenario, prepared, normal, (given.status, text), rng, warnings=given.warnings)


def estimate(
    scenario: Scenario,
    *,
    members: int = 2048,
    rng: np.random.Generator | int | None = None,
    progress: Progress | None = None,
) -> Estimate:
    """
    Fit the model to the scenario's figures.

    Parameters
    ----------
    scenario : Scenario
    members : int
        Ensemble size.
    rng : Generator, int or None
        Seed. The same seed gives the same answer.
    progress : callable, optional
        Called with (runs done, runs in all).

    Returns
    -------
    Estimate
        Without usable figures that of `simulate`, with the status "prior only".

    Raises
    ------
    ValueError
        If `members` is not a whole number of at least 2.
    """
    members = check_count("members", members, low=2)
    prepared = prepare(scenario)
    generator = check_generator(rng)
    normal = draw_normal(prepared.layout, members, generator)
    if not prepared.reports:
        return _answer(scenario, prepared, normal, ("prior only", _prior_text(prepared, fitted=True)), rng)
    observed, variance = prepared.observed

    smoothed = smoother.smooth(
        normal,
        lambda numbers: _model(prepared, numbers),
        lambda states, numbers: _read(prepared, states, numbers),
        observed,
        variance,
        generator,
        structural=prepared.layout.anchor_row,
        progress=progress,
    )
    outlier = diagnostics.outlier_probability(smoothed.predicted, observed, variance)
    fit = _figure_fit(scenario, prepared, smoothed.predicted, outlier)
    return _answer(scenario, prepared, smoothed.normal, _fitted_status(fit), rng, fit, _warnings(fit))


def _refit(scenario: Scenario, members: int, seed: int | None, figures: pd.DataFrame) -> Estimate:
    """Fit other figures in the same way; without a seed with one of its own."""
    return estimate(scenario.replace(figures=figures), members=members, rng=seed or 0)


def load_estimate(path: str | Path) -> Estimate:
    """
    Read an estimate that was saved.

    Curves are computed again from the stored members, so they are those of the library that reads the file; `run.json`
    and the file itself name the version that wrote it.

    Raises
    ------
    ValueError
        If the file is not a saved estimate, or its parameters are not those of this version.
    """
    stored = read(path)
    scenario = Scenario.from_dict(stored["scenario"])
    prepared = prepare(scenario)
    if prepared.layout.names() != tuple(stored["parameter_names"]):
        made_by = stored["versions"]["energy_impact"]
        raise ValueError(f"{path}: was saved by version {made_by}, whose parameters are not those of this one")
    fit = stored["figure_fit"]
    return _answer(scenario, prepared, stored["parameters"].T, (stored["status"], stored["status_text"]),
                   stored["seed"], None if fit is None else FigureFit(**fit), stored["warnings"])  # fmt: skip


def predict(prepared: Prepared, normal: Floats) -> tuple[Floats, Floats]:
    """
    Logarithm of what the members say where the figures speak, as modelled and as counted.

    Parameters
    ----------
    prepared : Prepared
    normal : ndarray, (rows, members)

    Returns
    -------
    modelled, counted : ndarray, (reports, members)
        Without and with the level noise.
    """
    return _read(prepared, _model(prepared, normal), normal)


def _model(prepared: Prepared, normal: Floats) -> list[dict[str, Array]]:
    """States as modelled at the steps where reports speak, for each chunk of members."""
    keep = {_state(report.quantity) for report in prepared.reports}
    return [
        run_model(prepared.plan, prepared.layout.values(normal[:, chunk]), record=_steps(prepared), keep=keep)
        for chunk in chunks(normal.shape[1], MEMBERS_A_CHUNK)
    ]


def _steps(prepared: Prepared) -> NDArray[np.intp]:
    """Return the steps at which any report speaks."""
    return np.unique(np.concatenate([report.moment.steps(prepared.plan.steps) for report in prepared.reports]))


def _read(prepared: Prepared, states: list[dict[str, Array]], normal: Floats) -> tuple[Floats, Floats]:
    """Return what the states say where reports speak, as `predict` does."""
    steps = _steps(prepared)
    predicted = np.empty((2, len(prepared.reports), normal.shape[1]))
    for modelled, chunk in zip(states, chunks(normal.shape[1], MEMBERS_A_CHUNK), strict=True):
        values = prepared.layout.values(normal[:, chunk], REPORTING)
        for row, told in enumerate((modelled, counted(prepared.plan, values, modelled, steps))):
            for index, report in enumerate(prepared.reports):
                predicted[row, index, chunk] = _predict_one(report, index, told, values, steps)
    return predicted[0], predicted[1]


def _predict_one(
    report: Report, index: int, states: dict[str, Array], values: Values, steps: NDArray[np.intp]
) -> Array:
    series = people.count(report.quantity, states, values, report.places)
    if report.of_stock:
        series = series / people.whole(report.quantity, values, report.places) * np.float32(report.claim.stock)
    quantile = np.asarray(ndtr(values["report_time"][index]), np.float32)
    value = observation.speak(series, steps, report.moment, quantile) * values["source_bias"][report.source]
    return np.asarray(np.log(np.maximum(value, report.claim.floor)))


class _Curves:
    """Curves of any quantity and place, computed from the members' parameters when asked for."""

    def __init__(self, prepared: Prepared, normal: Array) -> None:
        self.prepared, self.normal = prepared, normal
        self.states: dict[str, Array] = {}

    def __call__(self, quantity: str, place: str) -> Array:
        """Draws of a quantity in a place, (members, times)."""
        plan, layout = self.prepared.plan, self.prepared.layout
        if not self.states:
            self.states = self._run_all()
        state = _state(quantity)
        found = np.empty((self.normal.shape[1], plan.steps + 1), np.float32)
        for chunk in chunks(self.normal.shape[1], MEMBERS_A_CHUNK):
            rows = {state: self.states[state][:, :, chunk]} if self.states else self._run(chunk, {state})
            values = layout.values(self.normal[:, chunk])
            found[chunk] = people.count(quantity, rows, values, self.prepared.parts[place]).T
        return found

    def _run_all(self) -> dict[str, Array]:
        """Every state that a question may need; nothing where they are too large to keep."""
        wanted = {_state(quantity) for quantity, _ in self.prepared.available}
        shape = (self.prepared.plan.steps + 1, self.prepared.plan.places, self.normal.shape[1])
        if 4 * np.prod(shape) * len(wanted) > CACHE_BYTES:
            return {}
        states = {name: np.empty(shape, np.float32) for name in wanted}
        for chunk in chunks(shape[2], MEMBERS_A_CHUNK):
            for name, rows in self._run(chunk, wanted).items():
                states[name][:, :, chunk] = rows
        return states

    def _run(self, chunk: slice, keep: set[str]) -> dict[str, Array]:
        plan, values = self.prepared.plan, self.prepared.layout.values(self.normal[:, chunk])
        steps = np.arange(plan.steps + 1)
        return counted(plan, values, run_model(plan, values, record=steps, keep=keep), steps)


def _state(quantity: str) -> str:
    """Return the one state that a quantity is made of."""
    return people.NEEDS[quantity][0][0]


def _answer(scenario: Scenario, prepared: Prepared, normal: Floats, status: tuple[Status, str],
            rng: np.random.Generator | int | None, figure_fit: FigureFit | None = None,
            warnings: tuple[str, ...] = ()) -> Estimate:  # fmt: skip
    kept, members = np.asarray(normal, np.float32), normal.shape[1]
    seed = None if rng is None or isinstance(rng, np.random.Generator) else int(rng)
    return Estimate(
        scenario=scenario,
        members=members,
        status=status[0],
        status_text=status[1],
        parameters=kept.T,
        parameter_names=prepared.layout.names(),
        figure_fit=figure_fit,
        available=prepared.available,
        curves=_Curves(prepared, kept),
        priors=prior_table(prepared.layout, [leaf.name for leaf in scenario.leaves]),
        seed=seed,
        warnings=warnings,
        refit=None if figure_fit is None else partial(_refit, scenario, members, seed),
    )


def parameters() -> pd.DataFrame:
    """
    Return every prior of the model, as a scenario may override them.

    Returns
    -------
    DataFrame
        One row a parameter, and one more for each kind of event with a prior of its own: name, meaning, unit, prior
        (the scale on which it is normal: log, logit or normal), median [unit], spread (on that scale), kind ("any" or
        a kind of event), source.
    """
    import pandas as pd

    rows = []
    for parameter in TABLE:
        own = {kind: learned[parameter.name] for kind, learned in LEARNED.items() if parameter.name in learned}
        priors = {"any": (parameter.median, parameter.spread), **own}
        rows += [
            (parameter.name, parameter.meaning, parameter.unit, parameter.transform, *prior, kind,
             LEARNED_SOURCE if kind in own else parameter.source)
            for kind, prior in priors.items()
        ]  # fmt: skip
    return pd.DataFrame(rows, columns=["name", "meaning", "unit", "prior", "median", "spread", "kind", "source"])


def prior_table(layout: Layout, places: Sequence[str]) -> pd.DataFrame:
    """
    Return the priors that a run used, one row for each distinct prior of a parameter.

    Columns: name, meaning, unit, prior (the family), median [unit], spread (on the scale of the family), source, and
    for the sizes of places their names.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for slot in layout.slots:
        sizes = slot.parameter.name in STOCK_PARAMETERS
        seen: dict[tuple[float, float], list[str]] = {}
        for index, pair in enumerate(zip(slot.medians, slot.spread, strict=True)):
            if not np.isnan(pair[0]):
                seen.setdefault((float(pair[0]), float(pair[1])), []).append(places[index] if sizes else "")
        for (median, spread), names in seen.items():
            rows.append({
                "name": slot.parameter.name, "meaning": slot.parameter.meaning, "unit": slot.parameter.unit,
                "prior": slot.parameter.transform, "median": median, "spread": spread,
                "source": slot.parameter.source, "places": ", ".join(names) if sizes else "",
            })  # fmt: skip
    return pd.DataFrame(rows)


def _prior_text(prepared: Prepared, *, fitted: bool) -> str:
    if not fitted:
        return "Prior run: the published figures were not used."
    if not prepared.unused:
        return "Too little was published: no figure was given, so the bands are those of the priors."
    return (
        f"Too little was published: of {len(prepared.unused)} figures none counts customers, buildings or people "
        "without service, so the bands are those of the priors."
    )


def _disbelieved(fit: FigureFit) -> list[str]:
    doubted = np.nan_to_num(fit.outlier_probability) > diagnostics.DISBELIEVED
    return [name for name, doubt in zip(fit.ids, doubted, strict=True) if doubt]


def _fitted_status(fit: FigureFit) -> tuple[Status, str]:
    doubted, count = _disbelieved(fit), int(fit.used.sum())
    used = f"Fitted to {count} figure{'s' if count != 1 else ''}"
    if not doubted:
        return "fitted", f"{used}; none stands against the others." if count > 1 else f"{used}."
    text = f"{used}; disbelieved: {', '.join(doubted)}."
    return ("figures contradict" if len(doubted) >= 2 else "fitted"), text


def _warnings(fit: FigureFit) -> tuple[str, ...]:
    doubted = _disbelieved(fit)
    if len(doubted) <= diagnostics.DISBELIEVED_WARNING:
        return ()
    return (f"The fit disbelieves {len(doubted)} figures ({', '.join(doubted)}); look at them before using the bands.",)


def _figure_fit(scenario: Scenario, prepared: Prepared, predicted: Floats, outlier: Floats) -> FigureFit:
    rows, members = len(scenario.figures), predicted.shape[1]
    filled = np.full((members, rows), np.nan)
    likelihood = np.full((members, rows), np.nan)
    probability = np.full(rows, np.nan)
    for index, report in enumerate(prepared.reports):
        filled[:, report.row] = np.exp(predicted[index])
        likelihood[:, report.row] = log_likelihood(predicted[index], report.claim, sd=NUGGET)
        probability[report.row] = outlier[index]
    used = np.zeros(rows, bool)
    used[[report.row for report in prepared.reports]] = True
    return FigureFit(
        ids=tuple(scenario.figures["id"]), used=used,
        reason=tuple(prepared.unused.get(row, "") for row in range(rows)),
        predicted=filled, log_likelihood=likelihood, outlier_probability=probability,
    )  # fmt: skip
