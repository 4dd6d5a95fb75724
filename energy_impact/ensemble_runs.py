"""Members run through the model, chunk by chunk: predicted reports, and curves on request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from energy_impact.inference import observation
from energy_impact.model import people
from energy_impact.model.blocks import MEMBERS_PER_BLOCK, chunks
from energy_impact.model.boilers import with_boilers
from energy_impact.model.counting import counted
from energy_impact.model.parameters import STOCK_PARAMETERS
from energy_impact.model.simulate import COLD_STATES, simulate
from energy_impact.systems import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Collection

    from energy_impact.model.plan import Array, Plan, Values
    from energy_impact.prepare import Prepared
    from energy_impact.reports import Report

Floats = NDArray[np.float64]

REPORTING = (*STOCK_PARAMETERS, "report_time", "source_bias", "level_noise", "service_overlap")
"""Parameters that turn modelled states into reports."""
SHARES_TOGETHER = 2**14
"""Most places times members that run together, in whole blocks; their states stay in the processor's cache."""
CHUNK_BYTES = 64 * 2**20
"""Fewer members run together if their recorded states would be larger than this."""
CACHE_BYTES = 256 * 2**20
"""States of a run are kept up to this size; above it, each request runs the model again."""


def members_together(plan: Plan, states: int = 0) -> int:
    """
    Return the number of members to run together, in whole blocks.

    Parameters
    ----------
    states : int
        Number of states recorded at every step.
    """
    in_cache = SHARES_TOGETHER // plan.places
    in_memory = CHUNK_BYTES // (4 * (plan.steps + 1) * plan.places * states) if states else in_cache
    return max(min(in_cache, in_memory) // MEMBERS_PER_BLOCK, 1) * MEMBERS_PER_BLOCK


def predict(prepared: Prepared, normal: Floats) -> tuple[Floats, Floats]:
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
    return read_reports(prepared, run_members(prepared, normal), normal)


def run_members(prepared: Prepared, normal: Floats) -> list[dict[str, Array]]:
    """Return the modelled states at the steps that reports need, per chunk of members."""
    plan = prepared.plan
    keep = {state for report in prepared.reports for state in people.states_of(report.quantity, plan.systems)}
    return [
        simulate(plan, prepared.layout.values(normal[:, chunk]), record=_steps(prepared), keep=keep)
        for chunk in chunks(normal.shape[1], members_together(plan))
    ]


def _steps(prepared: Prepared) -> NDArray[np.intp]:
    """Return the steps that any report needs."""
    return np.unique(np.concatenate([report.moment.steps(prepared.plan.steps) for report in prepared.reports]))


def read_reports(prepared: Prepared, states: list[dict[str, Array]], normal: Floats) -> tuple[Floats, Floats]:
    """Return the predicted reports, as `predict` does, from states."""
    steps = _steps(prepared)
    predicted = np.empty((2, len(prepared.reports), normal.shape[1]))
    for modelled, chunk in zip(states, chunks(normal.shape[1], members_together(prepared.plan)), strict=True):
        values = prepared.layout.values(normal[:, chunk], REPORTING)
        for row, known in enumerate((modelled, counted(prepared.plan, values, modelled, steps))):
            for index, report in enumerate(prepared.reports):
                predicted[row, index, chunk] = _predict_one(report, index, known, values, steps)
    return predicted[0], predicted[1]


def _predict_one(
    report: Report, index: int, states: dict[str, Array], values: Values, steps: NDArray[np.intp]
) -> Array:
    series = people.count(report.quantity, states, values, report.places)
    if report.share_of is not None:
        series = series / people.whole(report.quantity, values, report.places) * np.float32(report.share_of)
    quantile = np.asarray(ndtr(values["report_time"][index]), np.float32)
    value = observation.read_at(series, steps, report.moment, quantile)
    return report.scaled(value, values["source_bias"][report.source])


class Curves:
    """Curves of any quantity and place, computed from the members' parameters on request."""

    def __init__(self, prepared: Prepared, normal: Array) -> None:
        self.prepared, self.normal = prepared, normal
        self.states: dict[str, Array] = {}
        quantities = {quantity for quantity, _ in prepared.available}
        every = {state for quantity in quantities for state in people.states_of(quantity, prepared.plan.systems)}
        cold, most_out = set(COLD_STATES), {system.most_out for system in SYSTEMS.values()}
        self.groups = every - cold - most_out, every & cold, every & most_out

    def __call__(self, quantity: str, place: str) -> Array:
        """Return draws of a quantity in a place, (members, times)."""
        plan, layout = self.prepared.plan, self.prepared.layout
        needed = people.states_of(quantity, plan.systems)
        self._keep(needed)
        found = np.empty((self.normal.shape[1], plan.steps + 1), np.float32)
        for chunk in chunks(self.normal.shape[1], members_together(plan, len(needed))):
            rows = {name: self.states[name][..., chunk] for name in needed if name in self.states}
            missing = set(needed) - rows.keys()
            values = layout.values(self.normal[:, chunk], None if missing else REPORTING)
            if missing:
                rows |= counted_states(plan, values, missing)
            found[chunk] = people.count(quantity, rows, values, self.prepared.parts[place]).T
        return found

    def stock(self, stock: str, place: str) -> Array:
        """Return the size of a stock in a place, (members,); NaN if it is unknown in a part of the place."""
        if stock not in self.prepared.layout.by_name:
            return np.full(self.normal.shape[1], np.nan, np.float32)
        return people.size(stock, self.prepared.layout.values(self.normal, (stock,)), self.prepared.parts[place])

    def _keep(self, needed: Collection[str]) -> None:
        """Run and keep all states of the needed group (services, cold homes, most out), unless too large."""
        plan = self.prepared.plan
        shape = (plan.steps + 1, plan.places, self.normal.shape[1])
        for wanted in self.groups:
            if not wanted & set(needed) - self.states.keys() or 4 * np.prod(shape) * len(wanted) > CACHE_BYTES:
                continue
            parts = chunks(shape[2], members_together(plan, len(wanted)))
            states_of_parts = (
                counted_states(plan, self.prepared.layout.values(self.normal[:, part]), wanted) for part in parts
            )
            if len(parts) == 1:
                self.states |= next(states_of_parts)
                continue
            self.states |= {name: np.empty(shape, np.float32) for name in wanted}
            for part, states in zip(parts, states_of_parts, strict=True):
                for name, rows in states.items():
                    self.states[name][..., part] = rows


def counted_states(plan: Plan, values: Values, keep: Collection[str]) -> dict[str, Array]:
    """Return the states `keep` of a model run at every step, as counted, (steps + 1, places, members)."""
    steps = np.arange(plan.steps + 1)
    modelled = simulate(plan, values, record=steps, keep=keep)
    return with_boilers(plan, values, counted(plan, values, modelled, steps), steps)
