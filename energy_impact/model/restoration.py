"""2. Repair: classes of damage, crews that ramp up and tire at night, cold, and a persistent rate noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from energy_impact.model.noise import autoregressive, unit_mean_factor

if TYPE_CHECKING:
    from energy_impact.model.plan import Array, Plan, Values

RAMP_SHARPNESS = {"attack": 2.0, "storm": 2.0, "grid_failure": 2.0, "planned_shutoff": 4.0}
"""Exponent of the crews' ramp: a planned shutoff holds its plateau, then returns fast (judgement)."""
RATE_NOISE_BLOCK_H = 24.0
"""Length of a block of constant rate noise. [h]"""
RATE_NOISE_CORRELATION = 0.8
"""Correlation of the rate noise from block to block (0.8 forecast storms of utilities left out better than 0.5)."""
RATE_NOISE_SD = 0.6
"""Standard deviation of the logarithm of the rate noise (prototype measurements; 0.4 was too small)."""
FAULT_NOISE_SD = 1.0
"""Standard deviation of the logarithm of the noise of faults between events (judgement)."""


def crew_ramp(plan: Plan, values: Values, step: int) -> Array | float:
    """
    Share of the crews at work in a step, (members,): a Hill curve in the time since work may begin.

    Before any event all crews are at work. Half of them are there `start_lag_h` after work may begin.
    """
    regime = int(plan.regime[step])
    if regime == 0:
        return 1.0
    event = plan.events[regime - 1]
    since = (step + 0.5) * plan.step_h - event.end_h
    if since <= 0:
        return 0.0
    ratio = (np.float32(since) / values["start_lag_h"][regime - 1]) ** np.float32(RAMP_SHARPNESS[event.kind])
    return np.asarray(ratio / (1 + ratio), np.float32)


def rate_noise(values: Values, system: int) -> Array:
    """
    Multiplier of the repair rate by block, unit mean, lognormal, correlated from block to block.

    Returns
    -------
    ndarray of float32, (blocks, places, members)
    """
    series = autoregressive(values["rate_noise"][:, system], RATE_NOISE_CORRELATION)
    return unit_mean_factor(series, RATE_NOISE_SD)


def fault_noise(values: Values, system: int) -> Array:
    """
    Multiplier of the rate of faults between events by block, unit mean, lognormal.

    Returns
    -------
    ndarray of float32, (blocks, places, members)
    """
    return unit_mean_factor(values["fault_noise"][:, system], FAULT_NOISE_SD)


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


def repair(fast: Array, slow: Array, out: Array, hours: Array, fast_rate: Array, slow_rate: Array,
           crew_limit: Array, scratch: Array) -> None:  # fmt: skip
    """
    Repair the fast and slow classes in place over `hours` of work; few faults: exponential, many: linear.

    dx/dt = -r x / (1 + X / limit), X the sum of the classes: with few faults each is repaired at its own rate,
    with many all crews are busy and the throughput is constant. Integrated with X held over the step, so that
    shares stay in [0, 1].

    Parameters
    ----------
    fast, slow : ndarray of float32, (places, members)
        Shares out of service that are repaired. [share]
    out : ndarray of float32, (places, members)
        Sum of all classes before the step. [share]
    hours : ndarray of float32, (places, members)
        Full-rate work in this step; overwritten. [h]
    fast_rate, slow_rate : ndarray of float32, (members,)
        Repair rates. [1/h]
    crew_limit : ndarray of float32, (members,)
        Share out at which half of the rate is left. [share]
    scratch : ndarray of float32, (places, members)
        Overwritten.
    """
    np.multiply(out, -1 / crew_limit, out=scratch)
    scratch -= np.float32(1)
    np.divide(hours, scratch, out=hours)
    for stock, rate in ((fast, fast_rate), (slow, slow_rate)):
        np.multiply(hours, rate, out=scratch)
        np.exp(scratch, out=scratch)
        np.multiply(stock, scratch, out=stock)
