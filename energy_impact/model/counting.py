"""9. Counts: a slow deviation of published counts from the model.

It represents effects outside the model and differences in counting. Reported figures narrow it at their times; away
from them it widens again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from energy_impact.model.noise import autoregressive
from energy_impact.systems import STATES, SYSTEM_OF_STATE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from energy_impact.model.plan import Array, Plan, Values

LEVEL_NOISE_KNOT_H = 12.0
"""Distance of the knots of the level noise; linear in between. [h]"""
LEVEL_NOISE_CORRELATION_H = 48.0
"""Correlation time of the level noise. [h] (judgement)"""
SMALL_SHARE = 0.002
"""Share of the stock below which counts scatter more, since few, unequal faults make them up (judgement)."""
SMALL_SD = 1.0
"""That standard deviation for the smallest shares (judgement)."""
KEEPS_ORDER = 4.0
"""Largest extra deviation of small shares, on the logit scale, that leaves shares in their order: of two odds
x / (1 - x), multiplied by exp(d s / (s + x)), the larger stays the larger if d is at most 4."""

STEPS_TOGETHER = 8
"""Steps counted at once, so that their arrays fit the processor's cache."""

COUNTED = {state.name: SYSTEM_OF_STATE[state.name] for state in STATES.values() if state.counted}
"""States that get level noise, and the system of that noise."""


def knots(plan: Plan) -> int:
    """Return the number of knots of the level noise."""
    return int(np.ceil(plan.steps * plan.step_h / LEVEL_NOISE_KNOT_H)) + 1


def knots_until(plan: Plan, step: int) -> int:
    """Return the number of knots from the first to the one after a step."""
    return int(_before(plan, np.array([step]))[0][0]) + 2


def _before(plan: Plan, record: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the knot before each step, and the part of the way to the next at which it lies."""
    position = record * (plan.step_h / LEVEL_NOISE_KNOT_H)
    low = np.minimum(position.astype(int), knots(plan) - 2)
    return low, position - low


def level_noise(values: Values, system: int, count: int | None = None) -> Array:
    """
    Deviation of the odds of being out at the knots, in standard deviations: an Ornstein-Uhlenbeck process.

    Parameters
    ----------
    values : mapping
        Parameter draws.
    system : int
        Number of the system in the plan.
    count : int, optional
        Number of knots; by default all.

    Returns
    -------
    ndarray of float32, (knots, places, members)
    """
    correlation = float(np.exp(-LEVEL_NOISE_KNOT_H / LEVEL_NOISE_CORRELATION_H))
    return autoregressive(values["level_noise"][:count, system], correlation)


def shift_odds(share: Array, deviation: Array, sd: float) -> Array:
    """
    Return shares with their odds multiplied by exp(deviation x scatter), scatter = sd + (1 - sd) s / (s + share).

    Shares keep their order whatever the deviation: the part of small shares is at most `KEEPS_ORDER`.

    Parameters
    ----------
    share, deviation : ndarray of float32, of one shape
        Shares in [0, 1]; 0 and 1 stay. Level noise, in standard deviations.
    sd : float
        Standard deviation for large shares, on the logit scale; 1 for the smallest.

    Returns
    -------
    ndarray of float32
    """
    return _shifted(share, *_parts(deviation, sd))


def _parts(deviation: Array, sd: float) -> tuple[Array, Array]:
    """Return the deviation of all shares, and what is added to it for the smallest, on the logit scale."""
    small = np.minimum(deviation * np.float32(SMALL_SD - sd), np.float32(KEEPS_ORDER))
    return deviation * np.float32(sd), np.asarray(small, np.float32)


def _shifted(share: Array, large: Array, small: Array) -> Array:
    """Return shares with their odds multiplied, from `_parts` of the deviation."""
    factor = np.float32(SMALL_SHARE) + share
    np.divide(np.float32(SMALL_SHARE), factor, out=factor)
    factor *= small
    factor += large
    np.exp(factor, out=factor)
    factor *= share
    whole = 1 - share
    whole += factor
    factor /= whole
    return np.asarray(np.minimum(factor, np.float32(1), out=factor), np.float32)


def counted(
    plan: Plan, values: Values, states: Mapping[str, Array], record: NDArray[np.intp], *, in_place: bool = False
) -> dict[str, Array]:
    """
    Shares as counted: the odds of being out times the level noise.

    Parameters
    ----------
    plan : Plan
    values : mapping
        Parameter draws.
    states : mapping of ndarray of float32, (len(record), places, members)
        Shares as modelled.
    record : ndarray of int
        Steps at which they were recorded.
    in_place : bool
        Whether to overwrite the states, which saves memory.

    Returns
    -------
    dict of ndarray of float32
        In the shapes of `states`; states without noise are the same arrays.
    """
    found = dict(states)
    for index, system in enumerate(plan.systems):
        mine = {name: shares for name, shares in states.items() if COUNTED.get(name) == system}
        if mine:
            found |= counted_of_system(plan, level_noise(values, index), mine, record, in_place=in_place)
    return found


def counted_of_system(
    plan: Plan, noise: Array, states: Mapping[str, Array], record: NDArray[np.intp], *, in_place: bool = False
) -> dict[str, Array]:
    """
    Shares of one system as counted.

    Parameters
    ----------
    plan : Plan
    noise : ndarray of float32, (knots, places, members)
        As `level_noise` returns it, of the places of the states and as far as their steps.
    states, record, in_place
        As in `counted`.

    Returns
    -------
    dict of ndarray of float32
    """
    low, part = _before(plan, record)
    weight = np.asarray(part, np.float32)[:, None, None]
    found = {name: shares if in_place else np.empty_like(shares) for name, shares in states.items()}
    for first in range(0, len(record), STEPS_TOGETHER):
        rows = slice(first, first + STEPS_TOGETHER)
        deviation = noise[low[rows]] * (1 - weight[rows]) + noise[low[rows] + 1] * weight[rows]
        parts = _parts(deviation, plan.first_kind.level_noise_sd)
        for name, shares in states.items():
            found[name][rows] = _shifted(shares[rows], *parts)
    return found
