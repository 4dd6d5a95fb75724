"""8. Displacement: residents leave homes that stay cold, and return once these are warm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from energy_impact.model.arrays import in_float64

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from energy_impact.model.plan import Array, Plan, Values


def departed(plan: Plan, values: Values, below_16c: Array, record: NDArray[np.intp]) -> Array:
    """
    Share of the residents of heated buildings who have left temporarily.

    The share tends to `departed_share` times the share of homes below 16 degC, with the time constant `departure_h`
    while it rises and `return_h` while it falls. It starts at that value.

    Parameters
    ----------
    plan : Plan
    values : mapping of ndarray of float32
        Parameter draws: departed_share, departure_h and return_h (members,).
    below_16c : ndarray of float32, (at least record[-1] + 1, places, members)
        Share of homes below 16 degC at every step from 0 on.
    record : ndarray of int, increasing
        Steps at which the share is returned.

    Returns
    -------
    ndarray of float32, (len(record), places, members)
    """
    step_h = np.float32(plan.step_h)
    leaving, returning = (-in_float64(np.expm1, -step_h / values[name]) for name in ("departure_h", "return_h"))
    half = values["departed_share"] * np.float32(0.5)
    away = 2 * half * below_16c[0]
    found = np.empty((len(record), *away.shape), np.float32)
    row = 0
    for step in range(int(record[-1]) + 1):
        if step:
            missing = below_16c[step - 1] + below_16c[step]
            missing *= half
            missing -= away
            missing *= np.where(missing > 0, leaving, returning)
            away += missing
        if step == record[row]:
            found[row] = away
            row += 1
    return found
