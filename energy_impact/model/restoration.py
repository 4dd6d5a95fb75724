"""2. Repair: classes of damage, crews that ramp up and tire at night, cold, and a persistent rate noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from energy_impact.model.noise import autoregressive, unit_mean_factor

if TYPE_CHECKING:
    from energy_impact.model.plan import Array, Plan, Values

RAMP_SHARPNESS = {"attack": 2.0, "storm": 1.5, "grid_failure": 2.0, "planned_shutoff": 8.0}
"""Exponent of the crews' ramp: a planned shutoff holds its plateau, then returns fast. Storms and shutoffs: the best of
1.5, 2, 3, 4, 6, 8 in the likelihood of whole curves; the others a judgement."""
START_LAG_RANGE_H = (np.float32(1e-3), np.float32(1e4))
"""Shorter lags are none and longer ones never end, within any horizon; keeps the powers finite. [h]"""
RATE_NOISE_BLOCK_H = 24.0
"""Length of a block of constant rate noise. [h]"""
RATE_NOISE_CORRELATION = 0.8
"""Correlation of the rate noise from block to block (0.8 forecast storms of utilities left out better than 0.5)."""
RATE_NOISE_SD = 0.6
"""Standard deviation of the logarithm of the rate noise (prototype measurements; 0.4 was too small)."""
FAULT_NOISE_SD = 1.0
"""Standard deviation of the logarithm of the noise of faults between events (judgement)."""


def ramp_terms(plan: Plan, values: Values) -> tuple[Array, Array]:
    """
    Compute what the crews' ramp is made of: powers, by the sharpness of each regime's kind of event.

    Returns
    -------
    lags : ndarray of float32, (regimes, members)
        Start lag to that power; 0 before any event.
    inverse_clear : ndarray of float32, (steps, places)
        One over the time since the all-clear to that power.
    """
    sharpness = np.array([1.0, *(RAMP_SHARPNESS[event.kind] for event in plan.events)])
    lags = np.zeros((len(plan.kinds), values["start_lag_h"].shape[-1]), np.float32)
    lag = np.clip(values["start_lag_h"], *START_LAG_RANGE_H)
    np.power(lag, np.float32(sharpness[1:, None]), out=lags[1:])
    with np.errstate(divide="ignore", over="ignore"):
        return lags, np.asarray(plan.clear_h ** -sharpness[plan.regime], np.float32)


def crew_ramp(lag: Array, inverse_clear: Array) -> Array:
    """
    Share of the crews at work in a step: a Hill curve in the time since the all-clear.

    Before any event all crews are at work; until the all-clear none is, and `start_lag_h` after it half of them are.

    Parameters
    ----------
    lag, inverse_clear : ndarray of float32, (members,) or (places, members), and (places,)
        The regime's and the step's rows of `ramp_terms`.

    Returns
    -------
    ndarray of float32, (places, members)
    """
    absent = lag * inverse_clear[:, None]
    absent += 1
    return np.asarray(np.divide(np.float32(1), absent, out=absent))


def rate_noise(values: Values, system: int) -> Array:
    """
    Multiplier of the repair rate by block, unit mean, lognormal, correlated from block to block.

    Returns
    -------
    ndarray of float32, (blocks, places, members)
    """
    series = autoregressive(values["rate_noise"][:, system], RATE_NOISE_CORRELATION)
    return unit_mean_factor(series, RATE_NOISE_SD)


def new_faults(plan: Plan, values: Values, name: str, system: int) -> Array:
    """
    Share of what is served that breaks in a step between events, by block: a rate with lognormal noise of unit mean.

    Returns
    -------
    ndarray of float32, (blocks, places, members)
    """
    rate = values[f"chronic_rate_{name}"] * unit_mean_factor(values["fault_noise"][:, system], FAULT_NOISE_SD)
    return np.asarray(-np.expm1(-np.float32(plan.step_h) * rate), np.float32)


def work_done(plan: Plan, values: Values, step: int, temperature: Array, out: Array) -> Array:
    """
    Hours of work in a step that night and cold leave of it, before crews, noise and crew limit.

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
    out *= np.float32(plan.step_h) * values["repair_rate_place"]
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
    fast_rate, slow_rate : ndarray of float32, (members,) or (places, members)
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
