"""Repair between events in closed form: the states at the times of interest, without a step on the way.

The law of `restoration.repair` is dx/dt = -w(t) r x / (1 + X / limit), X the share out in all classes. On the inner
clock psi, which runs at w / (1 + X / limit), every class decays exponentially; the work done tells where it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

WORK_TOLERANCE = 1e-14
"""Newton steps end once the work is met to this part of itself, which is rounding."""
MOST_NEWTON_STEPS = 50
"""Bound on the Newton steps; four to six are usual, seven the most seen over ten orders of magnitude of the limit."""


def inner_clock(
    work: ArrayLike,
    shares: Sequence[ArrayLike],
    rates: Sequence[ArrayLike],
    *,
    crew_limit: ArrayLike,
    lost: ArrayLike = 0.0,
) -> Floats:
    """
    Hours that the repair clock has run after hours of work, with crews that many faults slow down.

    Solves work = (1 + lost / limit) psi + sum_c x_c / (limit r_c) (1 - exp(-r_c psi)) by Newton steps from below. The
    right side rises and is concave, so no step overshoots and nothing has to be guarded.

    Parameters
    ----------
    work : array_like
        Integral of the full-rate work since the classes were as in `shares`, >= 0. [h]
    shares : sequence of array_like
        Share out of service in each class that is repaired, >= 0. [share]
    rates : sequence of array_like
        Repair rate of each class, > 0. [1/h]
    crew_limit : array_like
        Share out at which half of the rate is left, > 0. [share]
    lost : array_like
        Share that counts towards the crew limit and is not repaired, >= 0. [share]

    Returns
    -------
    ndarray of float64
        psi, in the broadcast shape of all arguments; class c is at x_c exp(-r_c psi). [h]

    Raises
    ------
    RuntimeError
        If the clock does not settle, as where an argument is NaN or far out of its range.
    """
    limit, done = np.asarray(crew_limit, float), np.asarray(work, float)
    steady = 1 + np.asarray(lost, float) / limit
    speeds = [np.asarray(rate, float) for rate in rates]
    queued = [np.asarray(share, float) / limit for share in shares]
    crowd = sum(queued, np.zeros(()))
    backlog = sum((queue / speed for queue, speed in zip(queued, speeds, strict=True)), np.zeros(()))
    clock = np.asarray(np.maximum(done / (steady + crowd), (done - backlog) / steady))
    for _ in range(MOST_NEWTON_STEPS):
        gap, slope = done - steady * clock, steady
        for queue, speed in zip(queued, speeds, strict=True):
            repaired = -np.expm1(-speed * clock)
            gap = gap - queue / speed * repaired
            slope = slope + queue * (1 - repaired)
        if np.all(np.abs(gap) <= WORK_TOLERANCE * done):
            return clock
        clock = np.asarray(clock + gap / slope)
    raise RuntimeError(f"inner clock: must settle within {MOST_NEWTON_STEPS} Newton steps, {np.max(gap)} h were left")


def shares_after(
    work: ArrayLike,
    shares: Sequence[ArrayLike],
    rates: Sequence[ArrayLike],
    *,
    crew_limit: ArrayLike,
    lost: ArrayLike = 0.0,
) -> list[Floats]:
    """
    Share of each class still out after hours of work; the arguments are those of `inner_clock`.

    Returns
    -------
    list of ndarray of float64
        One for each class, in the broadcast shape of all arguments. [share]
    """
    clock = inner_clock(work, shares, rates, crew_limit=crew_limit, lost=lost)
    return [
        np.asarray(share, float) * np.exp(-np.asarray(rate, float) * clock)
        for share, rate in zip(shares, rates, strict=True)
    ]
