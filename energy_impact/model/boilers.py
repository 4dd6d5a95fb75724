"""Mobile boilers: buildings without heat that a what-if heats from a step on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from energy_impact.model.plan import Array, Plan, Values

LEAST_BUILDINGS = np.float32(1e-3)
"""Avoids 0/0 where no building is without heat. [buildings]"""


def with_boilers(plan: Plan, values: Values, states: Mapping[str, Array], record: NDArray[np.intp]) -> dict[str, Array]:
    """
    Return the states of a run with fewer buildings without heat.

    Up to the number of mobile boilers, buildings without heat have heat again after the step of the change. Boilers
    shared by several places go to them in proportion to their buildings without heat. Repair, circuits and counts of
    restored buildings stay as they are.

    Parameters
    ----------
    plan : Plan
    values : mapping of ndarray of float32
        Parameter draws; `heat_buildings` (places, members).
    states : mapping of ndarray of float32, (len(record), places, members)
        Shares of each place's stock; not changed. [share]
    record : ndarray of int
        Steps at which they were recorded.
    """
    found = dict(states)
    if "heat_out" not in found:
        return found
    for change in plan.changes:
        if not change.boilers:
            continue
        later, places = record > change.step, np.flatnonzero(change.boilers_at)
        left = found["heat_out"][np.ix_(later, places)]
        total = np.einsum("tpm,pm->tm", left, values["heat_buildings"][places])
        still = np.maximum(1 - np.float32(change.boilers) / np.maximum(total, LEAST_BUILDINGS), np.float32(0))
        heat_out = found["heat_out"].copy()
        heat_out[np.ix_(later, places)] = left * still[:, None]
        found["heat_out"] = heat_out
    return found
