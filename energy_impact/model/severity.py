"""1. An event hits: how much of each place's stock it puts out of service, and how badly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logit

if TYPE_CHECKING:
    from energy_impact.model.plan import Array, EventPlan, Plan, Values

MISSILES_TYPICAL = 20.0
"""Missiles that get through in a typical mass attack; centres the size effect (judgement)."""
DRONES_TYPICAL = 40.0
"""Drones that get through in a typical mass attack; centres the size effect (judgement)."""
MUNITIONS_SCALE = 10.0
"""Number from which the effect of size grows with the logarithm (judgement)."""

CAPABILITY_KINDS = ("attack", "grid_failure")
"""Kinds of event that take generating or transmission capability away."""


def size_effect(event: EventPlan, values: Values) -> Array | float:
    """Shift of the logit of the severity by the attack's size; 0 where the size is unknown [logit]."""
    shift: Array | float = 0.0
    for number, typical, name in (
        (event.missiles, MISSILES_TYPICAL, "missile_effect"),
        (event.drones, DRONES_TYPICAL, "drone_effect"),
    ):
        if number is not None:
            shift = shift + values[name] * np.float32(
                np.log1p(number / MUNITIONS_SCALE) - np.log1p(typical / MUNITIONS_SCALE)
            )
    return shift


def severities(plan: Plan, values: Values, name: str) -> list[Array]:
    """
    Share of each place's stock that each event puts out of service (or of its capability that it takes).

    Parameters
    ----------
    plan : Plan
    values : mapping
        Parameter draws; `name` (events, members) and `name_place` (events, places, members).
    name : str
        "severity_power", "severity_heat", "severity_water" or "capability_hit".

    Returns
    -------
    list of ndarray of float32, (places, members)
        One for each event; 0 where the event does not hit. [share]
    """
    found = []
    for index, event in enumerate(plan.events):
        common = logit(values[name][index]) + values["severity_common"][index] + size_effect(event, values)
        share = expit(common + values[f"{name}_place"][index])
        if name == "capability_hit" and event.kind not in CAPABILITY_KINDS:
            share = np.zeros_like(share)
        found.append(np.asarray(np.where(event.hits[:, None], share, 0.0), np.float32))
    return found


def step_fraction(event: EventPlan, step: int, step_h: float) -> float:
    """Part of an event that falls into a step, in [0, 1]; an event without duration falls into one step whole."""
    begin, end = step * step_h, (step + 1) * step_h
    if event.end_h <= event.start_h:
        return float(begin <= event.start_h < end)
    return max(0.0, min(end, event.end_h) - max(begin, event.start_h)) / (event.end_h - event.start_h)


def union(share: Array, hit: Array) -> Array:
    """Share out after an independent hit: 1 - (1 - share)(1 - hit)."""
    return share + hit - share * hit


def hit_classes(fast: Array, slow: Array, lost: Array, hit: Array, slow_share: Array, lost_share: Array) -> None:
    """
    Hit the classes of damage in place, as unions at the levels "out", "at least slow" and "lost".

    Parameters
    ----------
    fast, slow, lost : ndarray of float32, (places, members)
        Shares out of service by class; changed in place. [share]
    hit : ndarray of float32, (places, members)
        Share hit. [share]
    slow_share, lost_share : ndarray of float32, (members,)
        Of what is hit, the share that is at least slow, and of that the share that is lost. [share]
    """
    out = union(fast + slow + lost, hit)
    at_least_slow = union(slow + lost, hit * slow_share)
    lost[...] = union(lost, hit * (slow_share * lost_share))
    slow[...] = at_least_slow - lost
    fast[...] = out - at_least_slow
