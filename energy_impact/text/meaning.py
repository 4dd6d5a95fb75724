"""Which quantity a unit, a service and what happened to it make."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_UNITS: Mapping[str, str] = {"power": "customers", "heat": "buildings", "water": "people", "gas": "customers"}
"""Unit of a bare number about a service: what such counts mostly are. (judgement)"""

_OUT: Mapping[tuple[str, str], str] = {
    ("power", "customers"): "power_customers_out",
    ("power", "households"): "power_customers_out",
    ("power", "people"): "power_people_out",
    ("power", "buildings"): "power_buildings_out",
    ("heat", "customers"): "heat_customers_out",
    ("heat", "households"): "heat_households_out",
    ("heat", "people"): "heat_people_out",
    ("heat", "buildings"): "heat_buildings_out",
    ("water", "customers"): "water_customers_out",
    ("water", "households"): "water_customers_out",
    ("water", "people"): "water_people_out",
    ("water", "buildings"): "water_buildings_out",
    ("gas", "customers"): "gas_customers_out",
    ("gas", "households"): "gas_customers_out",
    ("gas", "people"): "gas_people_out",
    ("gas", "buildings"): "gas_heated_buildings_out",
}
_BACK: Mapping[tuple[str, str], str] = {
    ("power", "customers"): "power_customers_restored",
    ("power", "households"): "power_customers_restored",
    ("power", "people"): "power_customers_restored",
    ("heat", "buildings"): "heat_buildings_restored",
    ("gas", "customers"): "gas_customers_restored",
    ("gas", "households"): "gas_customers_restored",
}


def quantity_of(system: str, state: str, unit: str, *, share: bool) -> str | None:
    """
    Return the quantity that counts a unit in a state; None where the table of quantities has none.

    Examples
    --------
    >>> quantity_of("power", "out", "households", share=False)
    'power_customers_out'
    >>> quantity_of("heat", "back", "buildings", share=True)
    'heat_share_restored'
    """
    if state == "drained":
        return "heat_buildings_drained" if unit == "buildings" else None
    if state == "degraded":
        return None
    if state == "departed":
        return "residents_departed" if unit == "people" else None
    if state == "back" and share:
        return f"{system}_share_restored"
    return (_OUT if state == "out" else _BACK).get((system, unit))
