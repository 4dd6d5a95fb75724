"""10. People: shares turned into customers, buildings, households and residents."""

from __future__ import annotations

from functools import reduce
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from energy_impact._register import stop_at
from energy_impact.model.cells import selection
from energy_impact.quantities import QUANTITIES
from energy_impact.systems import SYSTEM_OF_STATE, SYSTEMS
from energy_impact.units import HOURS_A_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from energy_impact.model.plan import Array, Places, Values
    from energy_impact.records import Lacking, Measure, Quantity

EMERGENCY_SHED = np.float32(0.01)
"""Shed share of demand above which a place without parts is in emergency mode. [share] (judgement)"""
ANY_WEIGHT = np.float32(1e-20)
"""Avoids 0/0 where nobody is affected."""
NUMBERS_TOGETHER = 2**17
"""Numbers of an array that is worked on at once, so that a few of them fit the processor's cache."""


class Services(NamedTuple):
    """Least number of services that residents lack (None: all), and number that a scenario must model."""

    at_least: int | None
    followed: int


LACKING: dict[Lacking, Services] = {"one": Services(1, 2), "two": Services(2, 2), "every": Services(None, 3)}


def states_of(quantity: str, systems: Collection[str]) -> tuple[str, ...]:
    """Return the states behind a quantity, of those of the given systems."""
    return tuple(state for state in QUANTITIES[quantity].states if SYSTEM_OF_STATE[state] in systems)


def stocks_of(quantity: str, systems: Collection[str]) -> tuple[str, ...]:
    """Return the stocks that must be known for every place, for a quantity and the systems followed."""
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
        Leaf places of the requested place.

    Returns
    -------
    ndarray of float32, (times, members)
        In the quantity's unit. Shares and hours are weighted by customers where known, else equally; indoor
        temperatures by the buildings without heat, and the set point where there are none.
    """
    row, index = QUANTITIES[quantity], selection(places)
    shares = {name: states[name][:, index] for name in row.states if name in states}
    measure, (times, number, members) = MEASURES[row.measure], next(iter(shares.values())).shape
    together = max(NUMBERS_TOGETHER // (number * members), 1)
    if len(shares) == 1 or together >= times:
        return np.asarray(measure(row, shares, values, index), np.float32)
    found = np.empty((times, members), np.float32)
    for first in range(0, times, together):
        rows = slice(first, first + together)
        found[rows] = measure(row, {name: share[rows] for name, share in shares.items()}, values, index)
    return found


def _sum(row: Quantity, shares: Mapping[str, Array], values: Values, index: Places) -> Array:
    """Return the total that is in the state."""
    return np.asarray(np.einsum("tpm,pm->tm", shares[row.states[0]], _number(row, values, index)))


def _difference(row: Quantity, shares: Mapping[str, Array], values: Values, index: Places) -> Array:
    """Return the total in the first state less that in the second, which is part of it."""
    first, second = (shares[name] for name in row.states)
    return np.asarray(np.einsum("tpm,pm->tm", np.maximum(first - second, 0), _number(row, values, index)))


def _mean(row: Quantity, shares: Mapping[str, Array], values: Values, index: Places) -> Array:
    """Return the mean share, weighted by customers if known for all places, else equally."""
    customers = values["power_customers"][index]
    weights = customers if np.isfinite(customers).all() else np.ones_like(customers)
    return np.asarray(np.einsum("tpm,pm->tm", shares[row.states[0]], weights / weights.sum(0)))


def _hours(row: Quantity, shares: Mapping[str, Array], values: Values, index: Places) -> Array:
    """Return hours per day of the mean share over a day."""
    return _mean(row, shares, values, index) * HOURS_A_DAY


def _places(row: Quantity, shares: Mapping[str, Array], _values: Values, _index: Places) -> Array:
    """Return the number of places in emergency mode."""
    return np.asarray((shares[row.states[0]] > EMERGENCY_SHED).sum(1))


def _where_out(row: Quantity, shares: Mapping[str, Array], values: Values, index: Places) -> Array:
    """Return the mean of the first state, weighted by the total in the second."""
    state, out = (shares[name] for name in row.states)
    weights = out * _number(row, values, index) + ANY_WEIGHT
    return np.asarray((state * weights).sum(1) / weights.sum(1))


def _beyond(row: Quantity, shares: Mapping[str, Array], values: Values, index: Places) -> Array:
    """Return what the second state exceeds the first by, less what a stock has room for, place by place."""
    away, affected = (shares[name] for name in row.states)
    assert row.beyond is not None
    left = (affected - away) * _number(row, values, index) - values[row.beyond][index]
    return np.asarray(np.maximum(left, 0).sum(1))


def _share_back(row: Quantity, shares: Mapping[str, Array], values: Values, index: Places) -> Array:
    """Return one minus the ratio of the first state to the second, its maximum; one where nobody was hit."""
    out, most = (np.einsum("tpm,pm->tm", shares[name], _number(row, values, index)) for name in row.states)
    return np.asarray(np.clip(1 - out / np.maximum(most, ANY_WEIGHT), 0, 1), np.float32)


def _lacking(row: Quantity, shares: Mapping[str, Array], values: Values, index: Places) -> Array:
    """
    Return the residents who lack at least one service, two, or all.

    Either the same residents lack several services (nested shares), or services fail independently; `service_overlap`
    is the weight between the two.
    """
    residents, overlap = values["residents"][index], values["service_overlap"]
    stacked = [_scaled(share, _to_residents(name, residents, values, index)) for name, share in shares.items()]
    least = LACKING[row.lacking or "every"].at_least or len(stacked)
    lacking, apart = overlap * _largest(stacked, least), _at_least(stacked, least)
    lacking += (1 - overlap) * apart
    return np.asarray(np.einsum("tpm,pm->tm", lacking, residents))


def _largest(arrays: Sequence[Array], rank: int) -> Array:
    """Return the `rank`-th largest of several arrays, element by element: its maximum over all minima of `rank`."""
    return reduce(np.maximum, (reduce(np.minimum, some) for some in combinations(arrays, rank)))


def _at_least(chances: Sequence[Array], count: int) -> Array:
    """Return the chance that at least `count` of several independent events happen."""
    reached: list[Array | np.float32] = [np.float32(1), *[np.float32(0)] * count]
    for done, chance in enumerate(chances):
        needed = max(count + 1 + done - len(chances), 1)
        for number in range(min(count, done + 1), needed - 1, -1):
            fewer, so_far = reached[number - 1], reached[number]
            reached[number] = fewer * chance if number > done else so_far + (fewer - so_far) * chance
    return np.asarray(reached[count])


def _to_residents(state: str, residents: Array, values: Values, index: Places) -> Array | None:
    """Return the factor from a share out of service to the share of all residents; None if it is one."""
    served = QUANTITIES[SYSTEMS[SYSTEM_OF_STATE[state]].people]
    return None if served.needs == ("residents",) else _number(served, values, index) / residents


def _scaled(share: Array, factor: Array | None) -> Array:
    return share if factor is None else share * factor


def _number(row: Quantity, values: Values, index: Places) -> Array:
    """Return the total that the shares of a quantity refer to, (places, members)."""
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


MEASURES: dict[Measure, Callable[[Quantity, Mapping[str, Array], Values, Places], Array]] = {
    "sum": _sum,
    "mean": _mean,
    "hours": _hours,
    "places": _places,
    "where_out": _where_out,
    "share_back": _share_back,
    "beyond": _beyond,
    "lacking": _lacking,
    "difference": _difference,
}
"""Functions from states to numbers, by `Quantity.measure`."""
stop_at(
    "quantities",
    [f"{name}: no function in MEASURES" for name, row in QUANTITIES.items() if row.measure not in MEASURES],
)


def whole(quantity: str, values: Values, places: Sequence[int]) -> Array:
    """
    Stock that a share of the quantity refers to, summed over places; NaN if unknown for any place.

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
        raise ValueError(f"quantity: must have a stock that a share refers to, got {quantity!r}")
    return size(name, values, places)


def size(stock: str, values: Values, places: Sequence[int]) -> Array:
    """Return a stock summed over places, (members,), in its unit; NaN if unknown for any place."""
    return np.asarray(values[stock][list(places)].sum(0), np.float32)
