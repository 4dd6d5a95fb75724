"""1. Events: the share of each place's stock that they put out of service, and how badly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logit, ndtr

from energy_impact.model.cascade import borel_total, cascaded_hit
from energy_impact.model.plan import SAME_TIME_STEPS
from energy_impact.systems import CAPABILITY, HITS, POWER, SYSTEMS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from energy_impact.model.plan import Array, EventPlan, Plan, Values

MISSILES_TYPICAL = 20.0
"""Missiles that get through in a typical mass attack; centres the size effect (judgement)."""
DRONES_TYPICAL = 40.0
"""Drones that get through in a typical mass attack; centres the size effect (judgement)."""
MUNITIONS_SCALE = 10.0
"""Number above which the effect of size is about logarithmic (judgement)."""


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


def happens(plan: Plan, values: Values, index: int) -> NDArray[np.bool_] | bool:
    """
    Whether an event happens in each member.

    A candidate happens with probability 1 - exp(-expected x factor), the factor being the least among the truces that
    cover it and hold. Its draw is the same at all places and with or without truces, so that a truce removes events and
    adds none.

    Parameters
    ----------
    plan : Plan
    values : mapping
        Parameter draws; `occurs` (events, members) and `truce_holds` (truces, members).
    index : int
        Index of the event.

    Returns
    -------
    bool or ndarray of bool, (members,) or (places, members)
        Whether it happens; by place if a truce covers it.
    """
    event = plan.events[index]
    if event.expected is None:
        return True
    occurs = values["occurs"][index]
    factor = np.ones((plan.places, len(occurs))) if event.truces else np.ones(1)
    for truce, reduced in event.truces:
        holds = ndtr(values["truce_holds"][truce]) < plan.truces[truce]
        np.minimum(factor, np.where(holds, np.reshape(reduced, (-1, 1)), 1.0), out=factor)
    return np.asarray(ndtr(occurs) < -np.expm1(-event.expected * factor))


def severities(plan: Plan, values: Values, name: str) -> list[Array]:
    """
    Share of each place's stock (or capability) that each event puts out of service.

    A grid failure damages only power, where its first trip spreads; other systems fail for lack of it. An event
    that names the systems it damaged affects no others. Priors of attacks come from counts of all without power; where
    reports call supply short, an attack itself cuts off fewer.

    Parameters
    ----------
    plan : Plan
    values : mapping
        Parameter draws of the share (events, members) and of places' deviations (events, places, members).
    name : str
        Parameter of the share: one of `systems.HITS`.

    Returns
    -------
    list of ndarray of float32, (places, members)
        One per event; 0 where the event does not hit and in members in which it does not happen. [share]
    """
    found = []
    for index, event in enumerate(plan.events):
        common = logit(values[name][index]) + values["severity_common"][index] + size_effect(event, values)
        if name == POWER.hit.share and event.kind == "attack":
            common = common + np.where(plan.called_short, values["severity_short"], np.float32(0))
        share = expit(common + values[HITS[name].of_place][index])
        if not _breaks(event, name):
            share = np.zeros_like(share)
        elif HITS[name].at_all is not None:
            share = share * _at_all(event, values, name, index)
        elif name == "severity_power" and event.kind == "grid_failure":
            share = cascaded_hit(share, borel_total(values["cascade_size"][index], values["cascade_spread"][index]))
        hit = event.hits[:, None] & happens(plan, values, index)
        found.append(np.asarray(np.where(hit, share, 0.0), np.float32))
    return found


def capability_hits(plan: Plan, values: Values) -> list[Array]:
    """
    Share of the capability that feeds each place that each event takes.

    Of what is lost at a place, `capability_local` is missing there alone: lines and substations that feed it, and
    plants that no line could replace. The others share the remainder: generation, lost to all places of the grid
    according to their demand. A place that is a grid of its own loses what is hit there.

    Returns
    -------
    list of ndarray of float32, (places, members)
        One per event. [share]
    """
    local, hits = values["capability_local"], severities(plan, values, CAPABILITY.share)
    return [local * hit + (1 - local) * _over_grids(plan, hit) for hit in hits]


def _over_grids(plan: Plan, hit: Array) -> Array:
    """Return the mean of a share over the demand of the grid of each place, (places, members)."""
    mean = np.zeros((int(plan.grids.max()) + 1, hit.shape[1]))
    for grid, share, row in zip(plan.grids, plan.grid_shares.astype(float), hit, strict=True):
        mean[grid] += share * row
    return np.asarray(mean.astype(np.float32)[plan.grids])


def _breaks(event: EventPlan, name: str) -> bool:
    """Return whether an event has any of the effect whose share is the parameter `name`."""
    if name == CAPABILITY.share:
        return event.takes_capability
    if event.systems is None:
        return event.kind in HITS[name].kinds
    return any(SYSTEMS[system].hit.share == name for system in event.systems)


def _at_all(event: EventPlan, values: Values, name: str, index: int) -> NDArray[np.bool_] | bool:
    """Return whether an event hits a system at all, (places, members); it does where anyone reported on the system."""
    rules = next((event.only_named[system] for system in event.only_named if SYSTEMS[system].hit.share == name), None)
    at_all = HITS[name].at_all
    if rules is None or at_all is None:
        return True
    draws, rules = values[at_all][index], rules if rules.ndim > 1 else rules[:, None]
    decides = draws[rules[:, 0]] if rules.shape[1] == 1 else np.take_along_axis(draws, np.maximum(rules, 0), axis=0)
    return np.asarray((ndtr(decides) < values["at_all_share"]) | (rules < 0))


def event_length(plan: Plan, values: Values, index: int) -> NDArray[np.float64]:
    """Return the duration of an event in each member, within its known range, (members,) [h]."""
    shortest, longest = plan.events[index].lengths_h
    return np.asarray(shortest + (longest - shortest) * ndtr(values["event_length"][index].astype(np.float64)))


def onset(plan: Plan, values: Values, index: int, step: int) -> Array | float:
    """
    Part of an event within a step: after a share u of its duration, u^shape of the event has acted.

    With a shape below one, most acts early, so that a count in mid-event need not double. Each member has its own
    shape, and its own duration if that is unknown.

    Parameters
    ----------
    plan : Plan
    values : mapping
        Parameter draws; `onset_shape` and `event_length` (events, members).
    index, step : int

    Returns
    -------
    float or ndarray of float32, (members,)
        All parts of an event add up to one.
    """
    event = plan.events[index]
    if event.lengths_h[1] < SAME_TIME_STEPS * plan.step_h:
        return 1.0
    length = np.maximum(event_length(plan, values, index), plan.step_h * SAME_TIME_STEPS)
    passed = (plan.step_h * np.array([[step], [step + 1]]) - event.start_h) / length
    # a small exponent would magnify rounding errors
    passed[np.abs(passed * length) < SAME_TIME_STEPS * plan.step_h] = 0
    first, last = np.clip(passed, 0, 1)
    shape = values["onset_shape"][index]
    return np.asarray(last**shape - first**shape, np.float32)


def hit_of_part(hit: Array, part: Array | float) -> Array:
    """Share hit by a part of an event, such that all parts together hit `hit`: 1 - (1 - hit)^part."""
    return hit if isinstance(part, float) and part == 1 else np.asarray(1 - (1 - hit) ** np.float32(part), np.float32)


def union(share: Array, hit: Array) -> Array:
    """Share out after an independent hit: 1 - (1 - share)(1 - hit)."""
    found = 1 - share
    found *= hit
    found += share
    return found


def hit_levels(hit: Array, slow_share: Array, held_share: Array, part: Array | float) -> tuple[Array, Array, Array]:
    """
    Shares that a part of an event puts out, gives at least slow damage, and leaves to jobs; each within the one before.

    Each level is split on its own: all parts together give `slow_share` of the hit slow damage, whatever its duration.

    Parameters
    ----------
    hit : ndarray of float32, (places, members)
        Share hit by the whole event. [share]
    slow_share, held_share : ndarray of float32, (members,) or (places, members)
        Share of the hit that is at least slow, and share of that which is held by jobs. [share]
    part : float or ndarray of float32, (members,)
        Part of the event, as in `hit_of_part`.

    Returns
    -------
    tuple of three ndarray of float32, (places, members)
    """
    slow = hit * slow_share
    first, second, third = (hit_of_part(level, part) for level in (hit, slow, slow * held_share))
    second = np.minimum(first, second)
    return first, second, np.minimum(second, third)


def hit_classes(fast: Array, slow: Array, held: Array, hit: Array, hit_slow: Array, hit_held: Array) -> None:
    """
    Hit the classes of damage in place, as unions at the levels "out", "at least slow" and "held by jobs".

    Damaged stock is not damaged twice, but its damage can get worse. Subtractions are only from one, so that no class
    falls below 0.

    Parameters
    ----------
    fast, slow, held : ndarray of float32, (places, members)
        Shares out of service by class; changed in place. [share]
    hit, hit_slow, hit_held : ndarray of float32, (places, members)
        Shares hit at each level, as `hit_levels` gives them. [share]
    """
    served = np.maximum(1 - (fast + slow + held), np.float32(0))
    held += (served + fast + slow) * hit_held
    slow *= 1 - hit_held
    slow += (served + fast) * (hit_slow - hit_held)
    fast *= 1 - hit_slow
    fast += served * (hit - hit_slow)
