"""10. People: from shares to customers, buildings, households and residents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from energy_impact.model.simulate import COLD_STATES
from energy_impact.model.systems import HEAT_STATES, POWER_STATES, WATER_STATES
from energy_impact.vocabulary import HOURS_A_DAY, QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from energy_impact.model.plan import Array, Values

NEEDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "power_customers_out": (("power_out",), ("power_customers",)),
    "power_customers_restored": (("power_restored",), ("power_customers",)),
    "power_people_out": (("power_out",), ("residents",)),
    "power_share_shed": (("shed",), ()),
    "power_share_unserved": (("unserved",), ()),
    "hours_off_per_day": (("shed_day",), ()),
    "regions_in_emergency_cuts": (("shed",), ()),
    "heat_buildings_out": (("heat_out",), ("heat_buildings",)),
    "heat_buildings_restored": (("heat_restored",), ("heat_buildings",)),
    "heat_buildings_drained": (("heat_drained",), ("heat_buildings",)),
    "heat_households_out": (("heat_out",), ("heat_buildings",)),
    "heat_people_out": (("heat_out",), ("heat_buildings",)),
    "water_buildings_out": (("water_out",), ("water_buildings",)),
    "water_people_out": (("water_out",), ("residents",)),
    "people_without_any": (("power_out", "heat_out", "water_out"), ("residents",)),
    "people_without_two": (("power_out", "heat_out", "water_out"), ("residents",)),
    "people_without_all": (("power_out", "heat_out", "water_out"), ("residents",)),
    "people_below_18c": (("below_18c",), ("heat_buildings",)),
    "people_below_16c": (("below_16c",), ("heat_buildings",)),
    "people_below_12c": (("below_12c",), ("heat_buildings",)),
    "people_below_5c": (("below_5c",), ("heat_buildings",)),
    "indoor_temperature_c": (("indoor_c", "heat_out"), ("heat_buildings",)),
    "residents_departed": (("departed",), ("heat_buildings",)),
}
"""What each modelled quantity is made of: states, and stocks that every place must know. Residents without any service
are of those states that a scenario follows."""

WITHOUT = {"people_without_any": 1, "people_without_two": 2, "people_without_all": 3}
"""How many services residents lack at least."""
OF_BALANCE = frozenset({
    "power_share_shed", "power_share_unserved", "hours_off_per_day", "regions_in_emergency_cuts",
})  # fmt: skip
"""What is asked of the balance of supply and demand."""
EMERGENCY_SHED = np.float32(0.01)
"""A place without parts is in emergency mode where more of its demand is shed than this. [share] (judgement)"""
ANY_WEIGHT = np.float32(1e-20)
"""Keeps a mean over nobody finite."""
SYSTEM_OF_STATE = (
    dict.fromkeys(POWER_STATES, "power")
    | dict.fromkeys((*HEAT_STATES, *COLD_STATES), "heat")
    | dict.fromkeys(WATER_STATES, "water")
)
"""The system that must be followed for a state."""


def states_of(quantity: str, systems: Collection[str]) -> tuple[str, ...]:
    """Return the states that a quantity is made of where some systems are followed."""
    return tuple(state for state in NEEDS[quantity][0] if SYSTEM_OF_STATE[state] in systems)


def count(quantity: str, states: Mapping[str, Array], values: Values, places: Sequence[int]) -> Array:
    """
    Value of a quantity summed over places.

    Parameters
    ----------
    quantity : str
        One of `NEEDS`.
    states : mapping
        State shares, each (times, places, members). [share]
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
    names, stocks = NEEDS[quantity]
    index = list(places)
    if quantity in WITHOUT:
        out = {name: states[name][:, index] for name in names if name in states}
        return _without(WITHOUT[quantity], out, values, index)
    shares = states[names[0]][:, index]
    if quantity == "regions_in_emergency_cuts":
        return np.asarray((shares > EMERGENCY_SHED).sum(1), np.float32)
    if quantity in OF_BALANCE:
        customers = values["power_customers"][index]
        weights = customers if np.isfinite(customers).all() else np.ones_like(customers)
        mean = np.einsum("tpm,pm->tm", shares, weights / weights.sum(0))
        return np.asarray(mean * (HOURS_A_DAY if quantity == "hours_off_per_day" else 1), np.float32)
    stock = values[stocks[0]][index]
    if quantity == "indoor_temperature_c":
        cold = states["heat_out"][:, index] * stock + ANY_WEIGHT
        return np.asarray((shares * cold).sum(1) / cold.sum(1), np.float32)
    if quantity == "heat_households_out":
        stock = stock * values["customers_per_building"][index]
    elif QUANTITIES[quantity].unit == "people" and stocks[0] == "heat_buildings":
        stock = _people_in_buildings(stock, values, index)
    return np.asarray(np.einsum("tpm,pm->tm", shares, stock), np.float32)


def _people_in_buildings(buildings: Array, values: Values, index: list[int]) -> Array:
    """Residents of heated buildings, never more than the residents of the place [people]."""
    housed = buildings * values["residents_per_building"][index]
    residents = values["residents"][index]
    return np.asarray(np.where(np.isfinite(residents), np.minimum(housed, residents), housed), np.float32)


def _without(least: int, out: dict[str, Array], values: Values, index: list[int]) -> Array:
    """
    Residents without at least so many services [people].

    Those without one service may be those without another (shares nested in each other), or a place's services may fail
    independently; `service_overlap` lies between.
    """
    residents = values["residents"][index]
    if "heat_out" in out:
        housed = _people_in_buildings(values["heat_buildings"][index], values, index)
        out["heat_out"] = out["heat_out"] * (housed / residents)
    shares = np.stack(list(out.values()))
    nested = np.sort(shares, axis=0)[-least]
    lacking = [np.ones_like(nested), *(np.zeros_like(nested) for _ in range(len(shares)))]
    for share in shares:
        for lacked in range(len(shares), 0, -1):
            lacking[lacked] = lacking[lacked] * (1 - share) + lacking[lacked - 1] * share
        lacking[0] = lacking[0] * (1 - share)
    apart = sum(lacking[least:])
    overlap = values["service_overlap"]
    return np.asarray(np.einsum("tpm,pm->tm", overlap * nested + (1 - overlap) * apart, residents), np.float32)


def whole(quantity: str, values: Values, places: Sequence[int]) -> Array:
    """
    Stock that a share of the quantity is a share of, summed over places; NaN where a place does not know it.

    Returns
    -------
    ndarray of float32, (members,)
        In the unit of `vocabulary.QUANTITIES[quantity].stock`.

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
