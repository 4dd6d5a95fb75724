"""The forward model: what is out of service, and from that how cold homes are and who leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from energy_impact.model.displacement import departed
from energy_impact.model.indoor import INDOOR_STATES, indoor_states
from energy_impact.model.systems import HEAT_STATES, POWER_STATES, WATER_STATES, Run

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from energy_impact.model.plan import Array, Plan, Values

COLD_STATES = (*INDOOR_STATES, "departed")
STATES = (*POWER_STATES, *HEAT_STATES, *WATER_STATES, *COLD_STATES)
"""What a run can record, as shares of the place's stock; `indoor_c` in degC.

`power_restored` is what was repaired since the start, `heat_restored` by how much `heat_out` has fallen since then: by
repair less new faults, by what heat needs, and by refilling, each counted step by step where it fell. `shed_day` is the
mean of `shed` over the last day, or since the start; `unserved` is the share of demand that even the largest permitted
shedding leaves uncovered. `below_18c` and its like are homes below a temperature, `indoor_c` is the mean of homes
without heat, `departed` the share of residents of heated buildings who have left.
"""


def simulate(plan: Plan, values: Values, *, record: NDArray[np.intp], keep: Collection[str]) -> dict[str, Array]:
    """
    Run the members of an ensemble through a scenario.

    Parameters
    ----------
    plan : Plan
    values : mapping of ndarray of float32
        Parameter draws, each (*axes, members).
    record : ndarray of int, increasing
        Steps at which states are recorded, from 0 (the start) to `plan.steps`.
    keep : collection of str
        Which of `STATES` to record; those of heat and water only where the plan follows them.

    Returns
    -------
    dict of ndarray of float32, (len(record), places, members)
        Shares of each place's stock as modelled.
    """
    cold = [name for name in COLD_STATES if name in keep]
    if not cold:
        return _run(plan, values, record, keep)
    every = np.arange(record[-1] + 1)
    found = _run(plan, values, every, {"heat_out", *keep} - set(cold))
    found |= _cold(plan, values, found["heat_out"], every, cold)
    return {name: found[name][record] for name in keep}


def _cold(plan: Plan, values: Values, heat_out: Array, every: NDArray[np.intp], names: list[str]) -> dict[str, Array]:
    """States of cold homes at every step."""
    homes = {name for name in names if name != "departed"} | ({"below_16c"} if "departed" in names else set())
    found = indoor_states(plan, values, heat_out, every, homes)
    if "departed" in names:
        found["departed"] = departed(plan, values, found["below_16c"], every)
    return found


def _run(plan: Plan, values: Values, record: NDArray[np.intp], keep: Collection[str]) -> dict[str, Array]:
    run = Run(plan, values, keep)
    kept = {name: np.empty((len(record), *run.space.shape), np.float32) for name in keep}
    slots = {time: slot for slot, time in enumerate(record.tolist())}
    for time in range(int(record[-1]) + 1):
        if time:
            run.step(time - 1)
        if time in slots:
            for system in run.systems:
                for name in system.states & kept.keys():
                    kept[name][slots[time]] = system.state(name)
    return kept
