"""The forward model: shares out of service, then cold homes and departures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from energy_impact._arithmetic import underflow_is_zero
from energy_impact.model.boilers import with_boilers
from energy_impact.model.displacement import departed
from energy_impact.model.indoor import indoor_states
from energy_impact.model.systems import Run
from energy_impact.systems import STATES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from energy_impact.model.plan import Array, Plan, Values

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
    cold = [name for name in COLD_STATES if name in keep]
    if not cold:
        return _run(plan, values, record, keep, out or {})
    every = np.arange(record[-1] + 1)
    found = _run(plan, values, every, {"heat_out", *keep} - set(cold), {})
    found |= cold_states(plan, values, found["heat_out"], every, cold)
    return {name: found[name][record] for name in keep}


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
    plan: Plan, values: Values, record: NDArray[np.intp], keep: Collection[str], out: Mapping[str, Array]
) -> dict[str, Array]:
    run = Run(plan, values, keep)
    states = {name: compute for system in run.systems for name, compute in system.states().items() if name in keep}
    unknown = set(keep) - states.keys()
    if unknown:
        raise ValueError(f"keep: must be states of the systems that the plan follows, got {', '.join(sorted(unknown))}")
    shape = len(record), *run.space.shape
    kept = {name: out[name] if name in out else np.empty(shape, np.float32) for name in keep}
    rows = {time: row for row, time in enumerate(record.tolist())}
    for time in range(int(record[-1]) + 1):
        if time:
            run.step(time - 1)
        if time in rows:
            for name, compute in states.items():
                np.maximum(compute(), np.float32(0), out=kept[name][rows[time]])  # rounding may fall below
    return kept
