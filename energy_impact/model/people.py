"""10. People: from shares to customers, buildings, households and residents."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from energy_impact._register import stop_at
from energy_impact.quantities import QUANTITIES
from energy_impact.systems import SYSTEM_OF_STATE, SYSTEMS
from energy_impact.units import HOURS_A_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from energy_impact.model.plan import Array, Values
    from energy_impact.records import Lacking, Measure, Quantity

EMERGENCY_SHED = np.float32(0.01)
"""A place without parts is in emergency mode where more of its demand is shed than this. [share] (judgement)"""
ANY_WEIGHT = np.float32(1e-20)
"""Keeps a mean over nobody finite."""


class Services(NamedTuple):
    """How many services residents lack at least (None: every one), and how many a scenario must follow."""

    at_least: int | None
    followed: int


LACKING: dict[Lacking, Services] = {"one": Services(1, 2), "two": Services(2, 2), "every": Services(None, 3)}


def states_of(quantity: str, systems: Collection[str]) -> tuple[str, ...]:
    """Return the states that a quantity is made of where some systems are followed."""
    return tuple(state for state in QUANTITIES[quantity].states if SYSTEM_OF_STATE[state] in systems)


def stocks_of(quantity: str, systems: Collection[str]) -> tuple[str, ...]:
    """Return the stocks that every place must know for a quantity where some systems are followed."""
    row = QUANTITIES[quantity]
    services = states_of(quantity, systems) if row.lacking else ()
    return (*row.needs, *(SYSTEMS[SYSTEM_OF_STATE[state]].stock for state in services))


def count(quantity: str, states: Mapping[str, Array], values: Values, places: Sequence[int]) -> Array:
    """
    Value of a quantity summed over places.

    Parameters
    ----------
    quantity : str
        One of `quantities.MODELLED`.
    states : mapping
        State shares, each (times, places, members); those of systems that are not followed may be absent. [share]
    values : mapping
        Parameter draws; stocks (places, members).
    places : sequence of int
        Which places make up the place asked for.

    Returns
    -------
    ndarray of float32, (times, members)
        In the quantity's unit. Shares and hours are weighted by customers where known, else equally; indoor
        temperatures by the buildings without heat, and the set point where there are none.
    """
    row, index = QUANTITIES[quantity], list(places)
    shares = {name: states[name][:, index] for name in row.states if name in states}
    return np.asarray(MEASURES[row.measure](row, shares, values, index), np.float32)


def _sum(row: Quantity, shares: Mapping[str, Array], values: Values, index: list[int]) -> Array:
    """Return how many of what is counted have the state."""
    return np.asarray(np.einsum("tpm,pm->tm", shares[row.states[0]], _number(row, values, index)))


def _mean(row: Quantity, shares: Mapping[str, Array], values: Values, index: list[int]) -> Array:
    """Return the mean share, weighted by customers where all places know them, else equally."""
    customers = values["power_customers"][index]
    weights = customers if np.isfinite(customers).all() else np.ones_like(customers)
    return np.asarray(np.einsum("tpm,pm->tm", shares[row.states[0]], weights / weights.sum(0)))


def _hours(row: Quantity, shares: Mapping[str, Array], values: Values, index: list[int]) -> Array:
    """Return hours per day of the mean share over a day."""
    return _mean(row, shares, values, index) * HOURS_A_DAY


def _places(row: Quantity, shares: Mapping[str, Array], _values: Values, _index: list[int]) -> Array:
    """Return how many places are in emergency mode."""
    return np.asarray((shares[row.states[0]] > EMERGENCY_SHED).sum(1))


def _where_out(row: Quantity, shares: Mapping[str, Array], values: Values, index: list[int]) -> Array:
    """Return the mean of the first state, weighted by how many have the second."""
    state, out = (shares[name] for name in row.states)
    weights = out * _number(row, values, index) + ANY_WEIGHT
    return np.asarray((state * weights).sum(1) / weights.sum(1))


def _share_back(row: Quantity, shares: Mapping[str, Array], values: Values, index: list[int]) -> Array:
    """Return one less the first state over the second, the most at once; one where nobody was hit."""
    out, most = (np.einsum("tpm,pm->tm", shares[name], _number(row, values, index)) for name in row.states)
    return np.asarray(np.clip(1 - out / np.maximum(most, ANY_WEIGHT), 0, 1), np.float32)


def _lacking(row: Quantity, shares: Mapping[str, Array], values: Values, index: list[int]) -> Array:
    """
    Return the residents who lack at least one service, two, or every one.

    Those without one service may be those without another (shares nested in each other), or a place's services may fail
    independently; `service_overlap` lies between.
    """
    residents = values["residents"][index]
    stacked = np.stack([_of_residents(name, share, residents, values, index) for name, share in shares.items()])
    least = LACKING[row.lacking or "every"].at_least or len(stacked)
    nested = np.sort(stacked, axis=0)[-least]
    lacking = [np.ones_like(nested), *(np.zeros_like(nested) for _ in range(len(stacked)))]
    for share in stacked:
        for lacked in range(len(stacked), 0, -1):
            lacking[lacked] = lacking[lacked] * (1 - share) + lacking[lacked - 1] * share
        lacking[0] = lacking[0] * (1 - share)
    apart = sum(lacking[least:])
    overlap = values["service_overlap"]
    return np.asarray(np.einsum("tpm,pm->tm", overlap * nested + (1 - overlap) * apart, residents))


def _of_residents(state: str, share: Array, residents: Array, values: Values, index: list[int]) -> Array:
    """Return the share of all residents who are without a service, from its share out of service [share]."""
    served = QUANTITIES[SYSTEMS[SYSTEM_OF_STATE[state]].people]
    return share if served.needs == ("residents",) else share * (_number(served, values, index) / residents)


def _number(row: Quantity, values: Values, index: list[int]) -> Array:
    """Return how many there are of what a quantity counts, (places, members)."""
    size = row.size
    assert size is not None
    number = values[size.stock][index]
    if size.times is not None:
        number = number * values[size.times][index]
    if size.over is not None:
        number = number / values[size.over][index]
    if size.at_most is not None:
        most = values[size.at_most][index]
        number = np.where(np.isfinite(most), np.minimum(number, most), number)
    return np.asarray(number, np.float32)


MEASURES: dict[Measure, Callable[[Quantity, Mapping[str, Array], Values, list[int]], Array]] = {
    "sum": _sum,
    "mean": _mean,
    "hours": _hours,
    "places": _places,
    "where_out": _where_out,
    "share_back": _share_back,
    "lacking": _lacking,
}
"""How states become a number, by `Quantity.measure`."""
stop_at(
    "quantities",
    [f"{name}: no function in MEASURES" for name, row in QUANTITIES.items() if row.measure not in MEASURES],
)


def whole(quantity: str, values: Values, places: Sequence[int]) -> Array:
    """
    Stock that a share of the quantity is a share of, summed over places; NaN where a place does not know it.

    Returns
    -------
    ndarray of float32, (members,)
        In the unit of `quantities.QUANTITIES[quantity].stock`.

    Raises
    ------
    ValueError
        If the quantity has no stock.
    """
    name = QUANTITIES[quantity].stock
    if name is None:
        raise ValueError(f"quantity: must have a stock to be a share of, got {quantity!r}")
    return size(name, values, places)


def size(stock: str, values: Values, places: Sequence[int]) -> Array:
    """Return a stock summed over places, (members,), in its unit; NaN where a place does not know it."""
    return np.asarray(values[stock][list(places)].sum(0), np.float32)
