"""The words that every stage shares: quantities, units, places' stocks and parameter names.

Terms follow IEEE 1366 (customers are accounts), OCHA (people affected) and HAZUS (damage, restoration).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

System = Literal["power", "heat", "water"]
SYSTEMS: tuple[System, ...] = ("power", "heat", "water")

Role = Literal["outcome", "input", "context"]


@dataclass(frozen=True)
class Quantity:
    """One thing that a figure can speak of."""

    name: str
    unit: str
    role: Role
    meaning: str
    system: System | None = None
    stock: str | None = None
    """The stock of a place that bounds it, and of which a share is a share."""

    @property
    def title(self) -> str:
        """The meaning with the sign of the degree, where that can be shown."""
        return self.meaning.replace("degC", "°C")

    @property
    def is_temperature(self) -> bool:
        """Whether values are in degC and may be negative."""
        return self.unit == "degC"

    @property
    def is_share(self) -> bool:
        """Whether values lie in [0, 1]."""
        return self.unit == "share"


STOCKS = ("power_customers", "heat_buildings", "water_buildings", "residents")
"""What a place may have a stock of. Customers are accounts, never people."""

_OUTCOMES = (
    Quantity("power_customers_out", "customers", "outcome", "accounts without power", "power", "power_customers"),
    Quantity("power_customers_restored", "customers", "outcome", "accounts given power back since the period's start",
             "power"),
    Quantity("power_share_shed", "share", "outcome", "share of demand cut for want of supply", "power"),
    Quantity("power_share_unserved", "share", "outcome",
             "share of demand that even the largest permitted cuts leave uncovered", "power"),
    Quantity("hours_off_per_day", "h/day", "outcome", "hours without power by rolling cuts, a day", "power"),
    Quantity("power_people_out", "people", "outcome", "residents without power", "power", "residents"),
    Quantity("heat_buildings_out", "buildings", "outcome", "buildings without district heat", "heat",
             "heat_buildings"),
    Quantity("heat_buildings_restored", "buildings", "outcome",
             "buildings given heat back since the period's start", "heat"),
    Quantity("heat_buildings_drained", "buildings", "outcome", "buildings whose heating circuit is drained", "heat",
             "heat_buildings"),
    Quantity("heat_households_out", "households", "outcome", "households without district heat", "heat"),
    Quantity("heat_people_out", "people", "outcome", "residents without district heat", "heat", "residents"),
    Quantity("water_buildings_out", "buildings", "outcome", "buildings without water", "water", "water_buildings"),
    Quantity("water_people_out", "people", "outcome", "residents without water", "water", "residents"),
    Quantity("people_without_any", "people", "outcome", "residents without at least one of the services", None,
             "residents"),
    Quantity("people_without_two", "people", "outcome", "residents without at least two of the services", None,
             "residents"),
    Quantity("people_without_all", "people", "outcome", "residents without power, heat and water", None, "residents"),
    Quantity("people_below_18c", "people", "outcome", "residents in homes below 18 degC", "heat", "residents"),
    Quantity("people_below_16c", "people", "outcome", "residents in homes below 16 degC", "heat", "residents"),
    Quantity("people_below_12c", "people", "outcome", "residents in homes below 12 degC", "heat", "residents"),
    Quantity("people_below_5c", "people", "outcome", "residents in homes below 5 degC", "heat", "residents"),
    Quantity("indoor_temperature_c", "degC", "outcome", "mean indoor temperature of homes that lost heat", "heat"),
    Quantity("residents_departed", "people", "outcome", "residents who have left for the time being", None,
             "residents"),
)  # fmt: skip

_INPUTS = (
    Quantity("air_temperature_c", "degC", "input", "outdoor dry-bulb temperature"),
    Quantity("munitions_launched", "munitions", "input", "missiles and drones launched in an attack"),
    Quantity("missiles_launched", "missiles", "input", "missiles launched in an attack"),
    Quantity("drones_launched", "drones", "input", "drones launched in an attack"),
    Quantity("missiles_intercepted", "missiles", "input", "missiles intercepted in an attack"),
    Quantity("drones_intercepted", "drones", "input", "drones intercepted in an attack"),
    Quantity("regions_in_emergency_cuts", "regions", "input",
             "regions in emergency mode; says where cuts are possible, not how many are off at once"),
)  # fmt: skip

_CONTEXT = (
    Quantity("people_killed", "people", "context", "deaths known so far"),
    Quantity("people_injured", "people", "context", "injured known so far"),
    Quantity("people_hospitalised", "people", "context", "injured in hospital"),
    Quantity("people_displaced", "people", "context", "people displaced by the war"),
    Quantity("buildings_damaged", "buildings", "context", "buildings damaged directly"),
    Quantity("facilities_damaged", "facilities", "context", "hospitals, schools and the like damaged"),
    Quantity("buildings_disrupted", "buildings", "context", "buildings disrupted, service not named"),
    Quantity("fires", "fires", "context", "fires started"),
    Quantity("districts_struck", "districts", "context", "city districts struck"),
    Quantity("regions_struck", "regions", "context", "regions struck"),
    Quantity("strikes", "strikes", "context", "impacts in a city"),
    Quantity("attacks", "attacks", "context", "attacks in a period"),
    Quantity("attack_duration_h", "h", "context", "length of an attack"),
    Quantity("heat_sources_lost", "sources", "context", "heat plants out of service"),
    Quantity("warming_points_open", "points", "context", "public places to warm up"),
    Quantity("distance_to_border_km", "km", "context", "distance to the border"),
    Quantity("truce_days", "days", "context", "length of a truce as one side told it"),
    Quantity("context_statement", "statement", "context", "a statement without a number; the note holds it"),
)

QUANTITIES: dict[str, Quantity] = {q.name: q for q in (*_OUTCOMES, *_INPUTS, *_CONTEXT)}

EVENT_KINDS = ("attack", "storm", "planned_shutoff", "grid_failure")
TRUCE_SCOPES = ("energy", "all")
EVENT_NUMBERS = ("missiles", "drones", "missiles_intercepted", "drones_intercepted")

HOURS_A_DAY = 24

TOGETHER_H = 3.0
"""Figures less than these hours apart, besides their own uncertainty, speak of one moment. [h] (judgement)"""

Z90 = 1.6448536269514722
"""Half-width of a central 90 % interval of the standard normal distribution."""
