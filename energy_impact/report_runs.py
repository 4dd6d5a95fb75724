"""Members run through the model for the figures alone: what they speak of, where and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from energy_impact._arithmetic import underflow_is_zero
from energy_impact.ensemble_runs import LEVEL_NOISE, REPORTING, members_together, places_followed, run_parameters
from energy_impact.inference import observation
from energy_impact.model import people
from energy_impact.model.blocks import chunks
from energy_impact.model.cells import selection
from energy_impact.model.counting import COUNTED, counted_of_system, knots_until, level_noise
from energy_impact.model.parameters import STOCK_PARAMETERS
from energy_impact.model.simulate import COLD_STATES, simulate_at
from energy_impact.model.systems import followed
from energy_impact.quantities import QUANTITIES
from energy_impact.systems import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from energy_impact.model.plan import Array, Places, Plan, Values
    from energy_impact.prepare import Prepared
    from energy_impact.reports import Report

    Floats = NDArray[np.float64]
    Numbers = NDArray[np.floating]
    Steps = NDArray[np.intp]


@dataclass(frozen=True)
class Needs:
    """
    What the figures of a scenario need of the model.

    Attributes
    ----------
    prepared : Prepared
    plan : Plan
        Its plan, up to the last figure.
    steps : tuple of ndarray of int
        Steps that each report needs.
    record : dict of str to ndarray of int
        Steps at which each state is needed.
    there : slice or ndarray of int
        Places at which systems besides power are needed.
    parameters : set of str
        Parameters that a run reads.
    """

    prepared: Prepared
    plan: Plan
    steps: tuple[Steps, ...]
    record: dict[str, Steps]
    there: Places
    parameters: set[str]


def needs_of(prepared: Prepared) -> Needs:
    """Return what the figures of a scenario need of the model; it must have some."""
    steps = tuple(report.moment.steps(prepared.plan.steps) for report in prepared.reports)
    by_state: dict[str, list[Steps]] = {}
    for report, mine in zip(prepared.reports, steps, strict=True):
        for state in people.states_of(report.quantity, prepared.plan.systems):
            by_state.setdefault(state, []).append(mine)
    record = {state: np.unique(np.concatenate(some)) for state, some in by_state.items()}
    last = max(int(some[-1]) for some in record.values())
    there = places_followed(prepared.plan, [(report.quantity, report.places) for report in prepared.reports])
    return Needs(prepared, prepared.plan.until(last), steps, record, there, _parameters(prepared, record))


def _parameters(prepared: Prepared, states: Collection[str]) -> set[str]:
    """Return the parameters that a run with some states reads: all but those of systems that nobody follows then."""
    run = {"power", *followed(prepared.plan, states)}
    others = {name for system in SYSTEMS.values() if system.name not in run for name in system.drawn}
    return run_parameters(prepared) - {LEVEL_NOISE} - others


def of_run(prepared: Prepared, names: Collection[str]) -> list[str]:
    """Return those parameters that a run may read: the others are drawn by figure or source, for reports of it."""
    axes = {name: prepared.layout.by_name[name].parameter.axes for name in names}
    return [name for name in names if {"figure", "source"}.isdisjoint(axes[name])]


def states_of_curves(plan: Plan, keys: Sequence[tuple[str, str]]) -> frozenset[str]:
    """Return the states that curves of (quantity, place) are read from; none where cold homes are among them."""
    found = frozenset(state for quantity, _ in keys for state in people.states_of(quantity, plan.systems))
    return found if found.isdisjoint(COLD_STATES) else frozenset()


def gives_curves(needs: Needs, keys: Sequence[tuple[str, str]]) -> bool:
    """
    Return whether a run for figures gives curves of (quantity, place) as well, if it goes on to the end.

    Figures of cold homes need these to the last figure alone: with those, curves are not run.
    """
    return bool(states_of_curves(needs.prepared.plan, keys)) and needs.record.keys().isdisjoint(COLD_STATES)


def with_curves(needs: Needs, keys: Sequence[tuple[str, str]]) -> Needs:
    """Return what figures and curves of (quantity, place) need of the model, states of curves at every step."""
    if not gives_curves(needs, keys):
        return needs
    prepared = needs.prepared
    wanted = states_of_curves(prepared.plan, keys)
    record = {**needs.record, **dict.fromkeys(wanted, np.arange(prepared.plan.steps + 1))}
    asked = [(report.quantity, report.places) for report in prepared.reports]
    asked += [(quantity, prepared.parts[place]) for quantity, place in keys]
    there = places_followed(prepared.plan, asked)
    return Needs(prepared, prepared.plan, needs.steps, record, there, _parameters(prepared, record))


def predict(prepared: Prepared, normal: Numbers) -> tuple[Floats, Floats]:
    """
    Return the predicted reports of each member, on the scale of each report, as modelled and as counted.

    Parameters
    ----------
    prepared : Prepared
    normal : ndarray, (rows, members)

    Returns
    -------
    modelled, counted : ndarray, (reports, members)
        Without and with the level noise.
    """
    needs = needs_of(prepared)
    return read_reports(needs, run_members(needs, normal), normal)


def run_members(needs: Needs, normal: Numbers) -> list[dict[str, Array]]:
    """Return the modelled states at the steps that reports need, per chunk of members."""
    layout = needs.prepared.layout
    return [
        simulate_at(needs.plan, layout.values(normal[:, chunk], needs.parameters), needs.record, there=needs.there)
        for chunk in chunks(normal.shape[1], members_together(needs.prepared.plan))
    ]


@underflow_is_zero
def read_reports(needs: Needs, states: list[dict[str, Array]], normal: Numbers) -> tuple[Floats, Floats]:
    """Return the predicted reports, as `predict` does, from states."""
    prepared = needs.prepared
    predicted = np.empty((2, len(prepared.reports), normal.shape[1]))
    for modelled, chunk in zip(states, chunks(normal.shape[1], members_together(prepared.plan)), strict=True):
        values = prepared.layout.values(normal[:, chunk], REPORTING)
        noise = _noise(needs, values)
        for index, report in enumerate(prepared.reports):
            mine = _at(report, needs.steps[index], needs.record, modelled)
            both = mine, _counted(needs, index, mine, noise)
            predicted[:, index, chunk] = _predict(report, index, both, values, needs.steps[index])
    return predicted[0], predicted[1]


def _at(report: Report, steps: Steps, record: Mapping[str, Steps], states: Mapping[str, Array]) -> dict[str, Array]:
    """Return the states of a report at its steps and places."""
    places = selection(report.places)
    names = [name for name in QUANTITIES[report.quantity].states if name in states]
    return {name: states[name][np.searchsorted(record[name], steps)][:, places] for name in names}


def _noise(needs: Needs, values: Values) -> dict[str, Array]:
    """Return the level noise of each system that is counted, as far as figures reach."""
    plan = needs.prepared.plan
    counted = {system for state, system in COUNTED.items() if state in needs.record}
    count = knots_until(plan, max(int(steps[-1]) for steps in needs.record.values()))
    return {name: level_noise(values, number, count) for number, name in enumerate(plan.systems) if name in counted}


def _counted(needs: Needs, index: int, states: Mapping[str, Array], noise: Mapping[str, Array]) -> dict[str, Array]:
    """Return the states of a report as counted."""
    found, places = dict(states), selection(needs.prepared.reports[index].places)
    for name, shares in states.items():
        if name in COUNTED:
            there = noise[COUNTED[name]][:, places]
            found |= counted_of_system(needs.prepared.plan, there, {name: shares}, needs.steps[index])
    return found


def _predict(report: Report, index: int, several: Sequence[Mapping[str, Array]], values: Values, steps: Steps) -> Array:
    """Return a report predicted from each of several states at its places, read together, (several, members)."""
    places = selection(report.places)
    there = dict(values) | {name: values[name][places] for name in STOCK_PARAMETERS if name in values}
    every = range(len(report.places))
    series = np.hstack([people.count(report.quantity, states, there, every) for states in several])
    if report.share_of is not None:
        whole = np.tile(people.whole(report.quantity, there, every), len(several))
        series = series / whole * np.float32(report.share_of)
    quantile = np.tile(np.asarray(ndtr(values["report_time"][index]), np.float32), len(several))
    value = observation.read_at(series, steps, report.moment, quantile)
    scaled = report.scaled(value, np.tile(values["source_bias"][report.source], len(several)))
    return scaled.reshape(len(several), -1)
