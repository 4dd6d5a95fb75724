"""3. Power balance: what a region can supply against what it asks for, and the share that is shed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from energy_impact.model.plan import Array, Plan, Values

COLD_DEMAND_FROM_C = 5.0
"""Outdoor temperature below which demand rises. [degC] (judgement)"""
DEMAND_NIGHT = 0.70
"""Least demand of a day, twelve hours from the peak, as a share of the peak (judgement)."""
DEMAND_PEAK_HOUR = 18.0
"""Local hour of the daily peak. [h] (judgement)"""


def daily_demand(local_hour: ArrayLike) -> Array:
    """
    Demand by the local hour as a share of the daily peak: one wave a day between night and evening.

    Examples
    --------
    >>> daily_demand([18.0, 6.0]).round(2)
    array([1. , 0.7], dtype=float32)
    """
    phase = (np.asarray(local_hour, float) - DEMAND_PEAK_HOUR) * 2 * np.pi / 24
    return np.asarray(DEMAND_NIGHT + (1 - DEMAND_NIGHT) * (1 + np.cos(phase)) / 2, np.float32)


def shed_share(plan: Plan, values: Values, step: int, temperature: Array, damaged: Array, lost: Array,
               out: Array) -> Array:  # fmt: skip
    """
    Share of the demand of connected customers that is shed at a time on the step grid.

    Parameters
    ----------
    temperature : ndarray of float32, (places, members)
        Outdoor air temperature. [degC]
    damaged : ndarray of float32, (places, members)
        Share of customers out by damage; they ask for nothing. [share]
    lost : ndarray of float32, (places, members)
        Share of capability lost. [share]
    out : ndarray of float32, (places, members)
        Written and returned: min(limit, max(0, 1 - capability / demand)). [share]
    """
    np.subtract(np.float32(COLD_DEMAND_FROM_C), temperature, out=out)
    np.maximum(out, np.float32(0), out=out)
    out *= values["cold_demand"]
    out += np.float32(1)
    out *= plan.demand[step][:, None]
    spare = 1 - damaged
    out *= np.maximum(spare, np.float32(1e-6), out=spare)
    capability = np.subtract(np.float32(1), lost, out=spare)
    capability *= values["capability_margin"]
    np.divide(capability, out, out=out)
    np.subtract(np.float32(1), out, out=out)
    np.maximum(out, np.float32(0), out=out)
    return np.minimum(out, values["shed_limit"], out=out)
