"""The forward model: shares out of service, then cold homes and departures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from energy_impact._arithmetic import underflow_is_zero
from energy_impact.model.beside import beside
from energy_impact.model.boilers import with_boilers
from energy_impact.model.cells import EVERYWHERE, selection
from energy_impact.model.displacement import departed
from energy_impact.model.indoor import indoor_states
from energy_impact.model.systems import Run
from energy_impact.systems import STATES, SYSTEM_OF_STATE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from energy_impact.model.plan import Array, Places, Plan, Values

COLD_STATES = tuple(name for name, state in STATES.items() if state.after_run)
"""States of cold homes and departures, computed from the share without heat after the run."""
COLD_PARAMETERS = (
    "temperature_offset",
    "time_constant_factor",
    "warm_up_h",
    "departed_share",
    "departure_h",
    "return_h",
)
"""Parameters of these states."""


@underflow_is_zero
def simulate(
    plan: Plan,
    values: Values,
    *,
    record: NDArray[np.intp],
    keep: Collection[str],
    out: Mapping[str, Array] | None = None,
) -> dict[str, Array]:
    """
    Return the states of the members of an ensemble over a scenario.

    Parameters
    ----------
    plan : Plan
    values : mapping of ndarray of float32
        Parameter draws, each (*axes, members).
    record : ndarray of int, increasing
        Steps at which states are recorded, from 0 (the start) to `plan.steps`.
    keep : collection of str
        States to record, of `systems.STATES`; the plan must follow their systems.
    out : mapping of ndarray of float32, optional
        Where to write states that are recorded step by step, in the shape of the result.

    Returns
    -------
    dict of ndarray of float32, (len(record), places, members)
        Shares of each place's stock as modelled.

    Raises
    ------
    ValueError
        If the plan does not follow the system of a state.
    """
    return simulate_at(plan, values, dict.fromkeys(keep, record), out=out)


@underflow_is_zero
def simulate_at(
    plan: Plan,
    values: Values,
    record: Mapping[str, NDArray[np.intp]],
    *,
    there: Places = EVERYWHERE,
    out: Mapping[str, Array] | None = None,
) -> dict[str, Array]:
    """
    Return states as `simulate` does, each at its own steps.

    Parameters
    ----------
    plan, values, out
        As in `simulate`.
    record : mapping of str to ndarray of int, increasing
        Steps at which each state is recorded.
    there : slice or ndarray of int
        Places at which systems besides power are followed. It must not part places that act on each other: by crews, by
        a system that power needs or by boilers that they share.

    Returns
    -------
    dict of ndarray of float32, (steps, places, members)
        Zeros where a system is not followed; an array of `out` stays as it is there.

    Raises
    ------
    ValueError
        If the plan does not follow the system of a state.
    """
    found = _run(plan, values, _of_run(record), there, out or {})
    return _completed(plan, values, found, record)


class Part(NamedTuple):
    """
    An ensemble in a run that it shares with others.

    Attributes
    ----------
    plan : Plan
    values : mapping of ndarray of float32
        Parameter draws.
    record : mapping of str to ndarray of int, increasing
        Steps at which each state is recorded.
    there : slice or ndarray of int
        Places at which systems besides power are followed, as in `simulate_at`.
    """

    plan: Plan
    values: Values
    record: Mapping[str, NDArray[np.intp]]
    there: Places


@underflow_is_zero
def simulate_beside(plan: Plan, parts: Sequence[Part]) -> list[dict[str, Array]]:
    """
    Return the states of ensembles that go through one run, each as `simulate_at` returns them of it alone.

    Parameters
    ----------
    plan : Plan
        Of all of them, as from `model.beside.plan_beside`.
    parts : sequence of Part
        All with draws of the same parameters.
    """
    wanted = [_of_run(part.record) for part in parts]
    record = {
        name: np.unique(np.concatenate([each[name] for each in wanted if name in each]))
        for name in dict.fromkeys(name for each in wanted for name in each)
    }
    every = np.arange(plan.places)
    there = selection(np.unique(np.concatenate([every[part.there] for part in parts])).tolist())
    states = _run(plan, beside([part.values for part in parts]), record, there, {})
    found, first = [], 0
    for part, mine in zip(parts, wanted, strict=True):
        last = first + part.values["temperature_offset"].shape[-1]
        own = {name: _at(states[name], record[name], some)[..., first:last] for name, some in mine.items()}
        for name, rows in own.items():
            if SYSTEM_OF_STATE[name] != "power":
                rows[:, np.delete(every, part.there)] = 0
        found.append(_completed(part.plan, part.values, own, part.record))
        first = last
    return found


def _at(rows: Array, steps: NDArray[np.intp], some: NDArray[np.intp]) -> Array:
    """Return the rows of some of the steps: without a copy if they are all."""
    return rows if len(some) == len(steps) else rows[np.searchsorted(steps, some)]


def _of_run(record: Mapping[str, NDArray[np.intp]]) -> Mapping[str, NDArray[np.intp]]:
    """Return the steps at which states are recorded in a run, before those of cold homes are computed."""
    if not any(name in record for name in COLD_STATES):
        return record
    every = np.arange(max(steps[-1] for steps in record.values()) + 1)
    return {name: steps for name, steps in record.items() if name not in COLD_STATES} | {"heat_out": every}


def _completed(
    plan: Plan, values: Values, found: dict[str, Array], record: Mapping[str, NDArray[np.intp]]
) -> dict[str, Array]:
    """Return the states of a run, with those of cold homes."""
    cold = [name for name in COLD_STATES if name in record]
    if not cold:
        return found
    every = np.arange(len(found["heat_out"]))
    found |= cold_states(plan, values, found["heat_out"], every, cold)
    done_later = {*cold, "heat_out"}
    return {name: found[name][steps] if name in done_later else found[name] for name, steps in record.items()}


def cold_states(
    plan: Plan,
    values: Values,
    heat_out: Array,
    every: NDArray[np.intp],
    names: Collection[str],
    *,
    places: Sequence[int] | None = None,
) -> dict[str, Array]:
    """
    Return states of cold homes and departures at every step.

    Parameters
    ----------
    plan : Plan
    values : mapping of ndarray of float32
        Draws of `COLD_PARAMETERS`, and of `heat_buildings` if there are mobile boilers.
    heat_out : ndarray of float32, (steps + 1, places, members)
        Share of the heated buildings without heat, as modelled.
    every : ndarray of int, (steps + 1,)
        All steps from 0 on.
    names : collection of str
        Of `COLD_STATES`.
    places : sequence of int, optional
        Places of the result; by default all.

    Returns
    -------
    dict of ndarray of float32, (steps + 1, places, members)
    """
    homes = {name for name in names if name != "departed"} | ({"below_16c"} if "departed" in names else set())
    heated = with_boilers(plan, values, {"heat_out": heat_out}, every)
    found = indoor_states(plan, values, heated["heat_out"], every, homes, places=places)
    if "departed" in names:
        found["departed"] = departed(plan, values, found["below_16c"], every)
    return {name: found[name] for name in names}


def _run(
    plan: Plan, values: Values, record: Mapping[str, NDArray[np.intp]], there: Places, out: Mapping[str, Array]
) -> dict[str, Array]:
    run = Run(plan, values, record.keys(), there)
    states = {name: (compute, system) for system in run.systems for name, compute in system.states().items()}
    unknown = record.keys() - states.keys()
    if unknown:
        raise ValueError(f"keep: must be states of the systems that the plan follows, got {', '.join(sorted(unknown))}")
    new = np.empty if run.space_there.shape == run.space.shape else np.zeros
    kept = {
        name: out[name] if name in out else new((len(steps), *run.space.shape), np.float32)
        for name, steps in record.items()
    }
    due: dict[int, list[tuple[str, int]]] = {}
    for name, steps in record.items():
        for row, time in enumerate(steps.tolist()):
            due.setdefault(time, []).append((name, row))
    for time in range(max(due) + 1):
        if time:
            run.step(time - 1)
        for name, row in due.get(time, ()):
            compute, system = states[name]
            _write(compute(), kept[name][row], system.where, system.zero)
            if row + 1 == len(record[name]):
                run.drop(name)
    run.end()
    return kept


def _write(share: Array, out: Array, where: Places, zero: Array) -> None:
    """Write a share, which rounding may leave below 0, at some places of an array, (places, members)."""
    if isinstance(where, slice):
        np.maximum(share, zero, out=out[where])
    else:
        out[where] = np.maximum(share, zero)
