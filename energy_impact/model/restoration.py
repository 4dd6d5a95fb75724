"""2. Repair: classes of damage, crews that ramp up and tire at night, cold, and a persistent rate noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from energy_impact.model.plan import Array, EventPlan, Plan, Values

RAMP_SHARPNESS = {"attack": 1.5, "storm": 1.5, "grid_failure": 1.5, "planned_shutoff": 4.0}
"""Exponent of the crews' ramp: a planned shutoff holds its plateau and then returns quickly (judgement)."""
RAMP_FROM_END = ("attack", "planned_shutoff")
"""Kinds after which repair waits for the all-clear; after the others it begins with the event."""

RATE_NOISE_BLOCK_H = 24.0
"""Length of a block of constant rate noise. [h]"""
RATE_NOISE_CORRELATION = 0.5
"""Correlation of the rate noise from block to block (prototype measurements on reported series)."""
RATE_NOISE_SD = 0.6
"""Standard deviation of the logarithm of the rate noise (prototype measurements; 0.4 was too small)."""


def crew_ramp(plan: Plan, values: Values, step: int) -> Array | float:
    """
    Share of the crews at work in a step, (members,): a Hill curve in the time since work may begin.

    Before any event all crews are at work. Half of them are there `start_lag_h` after work may begin.
    """
    regime = int(plan.regime[step])
    if regime == 0:
        return 1.0
    event = plan.events[regime - 1]
    since = (step + 0.5) * plan.step_h - _work_begins(event)
    if since <= 0:
        return 0.0
    ratio = (np.float32(since) / values["start_lag_h"][regime - 1]) ** np.float32(RAMP_SHARPNESS[event.kind])
    return np.asarray(ratio / (1 + ratio), np.float32)


def _work_begins(event: EventPlan) -> float:
    return event.end_h if event.kind in RAMP_FROM_END else event.start_h


def rate_noise(values: Values, system: int) -> Array:
    """
    Multiplier of the repair rate by block, unit mean, lognormal, correlated from block to block.

    Returns
    -------
    ndarray of float32, (blocks, places, members)
    """
    white = values["rate_noise"][:, system]
    noise = np.empty_like(white)
    noise[0] = white[0]
    fresh = np.float32(np.sqrt(1 - RATE_NOISE_CORRELATION**2))
    for block in range(1, len(white)):
        noise[block] = np.float32(RATE_NOISE_CORRELATION) * noise[block - 1] + fresh * white[block]
    return np.asarray(np.exp(np.float32(RATE_NOISE_SD) * noise - np.float32(RATE_NOISE_SD**2 / 2)), np.float32)


def work_done(plan: Plan, values: Values, step: int, temperature: Array, out: Array) -> Array:
    """
    Hours of full-rate work in a step: crews, night and cold, before noise and crew limit.

    Parameters
    ----------
    temperature : ndarray of float32, (places, members)
        Outdoor air temperature. [degC]
    out : ndarray of float32, (places, members)
        Written and returned. [h]
    """
    np.minimum(temperature, np.float32(0), out=out)
    out *= values["cold_slowing"]
    np.exp(out, out=out)
    out *= np.float32(plan.step_h) * crew_ramp(plan, values, step)
    out *= values["repair_rate_place"]
    night = plan.night[step]
    if night.any():
        out[night] *= values["night_factor"]
    return out


def repair(fast: Array, slow: Array, lost: Array, hours: Array, fast_rate: Array, slow_rate: Array,
           crew_limit: Array, scratch: Array) -> None:  # fmt: skip
    """
    Repair the fast and slow classes in place over `hours` of work; few faults: exponential, many: linear.

    dx/dt = -r x / (1 + X / limit), X the sum of the classes: with few faults each is repaired at its own rate,
    with many all crews are busy and the throughput is constant. Integrated with X held over the step, so that
    shares stay in [0, 1].

    Parameters
    ----------
    fast, slow, lost : ndarray of float32, (places, members)
        Shares out of service by class. [share]
    hours : ndarray of float32, (places, members)
        Full-rate work in this step; overwritten. [h]
    fast_rate, slow_rate : ndarray of float32, (members,)
        Repair rates. [1/h]
    crew_limit : ndarray of float32, (members,)
        Share out at which half of the rate is left. [share]
    scratch : ndarray of float32, (places, members)
        Overwritten.
    """
    np.add(fast, slow, out=scratch)
    scratch += lost
    scratch /= crew_limit
    scratch += np.float32(1)
    np.divide(hours, scratch, out=hours)
    for stock, rate in ((fast, fast_rate), (slow, slow_rate)):
        np.multiply(hours, rate, out=scratch)
        np.negative(scratch, out=scratch)
        np.exp(scratch, out=scratch)
        np.multiply(stock, scratch, out=stock)
