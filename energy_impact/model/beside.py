"""Ensembles of scenarios that differ in their figures alone run side by side, as members of one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from energy_impact.model.plan import EventPlan, Plan, Values


def alike(one: Plan, other: Plan) -> bool:
    """Return whether two plans are equal but for which systems their events may have spared."""
    return _equal(_bare(one), _bare(other))


def plan_beside(plans: Sequence[Plan], members: Sequence[int]) -> Plan:
    """
    Return the plan of ensembles that run side by side.

    Parameters
    ----------
    plans : sequence of Plan
        All `alike`.
    members : sequence of int
        Members of each ensemble, in their order.
    """
    if all(_equal(plans[0].events, plan.events) for plan in plans[1:]):
        return plans[0]
    events = [_event_beside(same, members) for same in zip(*(plan.events for plan in plans), strict=True)]
    return replace(plans[0], events=tuple(events))


def beside(several: Sequence[Values]) -> Values:
    """Return the draws of ensembles beside each other, all of the same parameters."""
    return {name: np.concatenate([values[name] for values in several], axis=-1) for name in several[0]}


def _event_beside(events: Sequence[EventPlan], members: Sequence[int]) -> EventPlan:
    """Return an event with the rules of each ensemble for its own members."""
    systems = dict.fromkeys(system for event in events for system in event.only_named)
    rules = {system: [_rules(event, system) for event in events] for system in systems}
    return replace(events[0], only_named={name: np.repeat(some, members, 0).T for name, some in rules.items()})


def _rules(event: EventPlan, system: str) -> NDArray[np.intp]:
    """Return the rules of an event for a system, (places,): -1 where no draw decides."""
    return event.only_named.get(system, np.full(len(event.hits), -1))


def _bare(plan: Plan) -> Plan:
    return replace(plan, events=tuple(replace(event, only_named={}) for event in plan.events))


def _equal(one: object, other: object) -> bool:
    """Return whether two values are equal, with all that they hold; what is unknown (NaN) in both is equal."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | float):
        return np.array_equal(one, other, equal_nan=True)  # type: ignore[arg-type]  # of the same type
    if is_dataclass(one):
        return all(_equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_equal(value, other[name]) for name, value in one.items())
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_equal, one, other))
    return one == other
