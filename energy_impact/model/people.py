"""6. From shares to what is counted: customers, buildings, households, residents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from energy_impact.vocabulary import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from energy_impact.model.plan import Array, Values

NEEDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "power_customers_out": (("power_out",), ("power_customers",)),
    "power_customers_restored": (("power_restored",), ("power_customers",)),
    "power_people_out": (("power_out",), ("residents",)),
    "power_share_shed": (("shed",), ()),
    "hours_off_per_day": (("shed_day",), ()),
    "heat_buildings_out": (("heat_out",), ("heat_buildings",)),
    "heat_buildings_restored": (("heat_restored",), ("heat_buildings",)),
    "heat_buildings_drained": (("heat_drained",), ("heat_buildings",)),
    "heat_households_out": (("heat_out",), ("heat_buildings",)),
    "heat_people_out": (("heat_out",), ("heat_buildings",)),
    "water_buildings_out": (("water_out",), ("water_buildings",)),
    "water_people_out": (("water_out",), ("residents",)),
}
"""What each modelled quantity is made of: states, and stocks that every place must know."""

HOURS_A_DAY = np.float32(24)


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
        In the quantity's unit. Shares and hours are weighted by customers where known, else equally.
    """
    (state,), stocks = NEEDS[quantity]
    index = list(places)
    shares = states[state][:, index]
    if quantity in {"power_share_shed", "hours_off_per_day"}:
        customers = values["power_customers"][index]
        weights = customers if np.isfinite(customers).all() else np.ones_like(customers)
        mean = np.einsum("tpm,pm->tm", shares, weights / weights.sum(0))
        return np.asarray(mean * (HOURS_A_DAY if quantity == "hours_off_per_day" else 1), np.float32)
    stock = values[stocks[0]][index]
    if quantity == "heat_households_out":
        stock = stock * values["customers_per_building"][index]
    elif quantity == "heat_people_out":
        stock = _people_in_buildings(stock, values, index)
    return np.asarray(np.einsum("tpm,pm->tm", shares, stock), np.float32)


def _people_in_buildings(buildings: Array, values: Values, index: list[int]) -> Array:
    """Residents of heated buildings, never more than the residents of the place [people]."""
    housed = buildings * values["residents_per_building"][index]
    residents = values["residents"][index]
    return np.asarray(np.where(np.isfinite(residents), np.minimum(housed, residents), housed), np.float32)


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
    return np.asarray(values[name][list(places)].sum(0), np.float32)
