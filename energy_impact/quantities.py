"""The quantities that a figure can report, one row each.

A row gives the states of the model behind a quantity, how they become a number, and where it is shown. The model, the
checks of tables, the pictures and the page all read these rows. Terms follow IEEE 1366 (customers are accounts), OCHA
(people affected) and HAZUS (damage, restoration).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from energy_impact._register import register_quantities
from energy_impact.records import Quantity, Size
from energy_impact.systems import PER_BUILDING, STATES, STOCKS, SYSTEMS
from energy_impact.units import NUMBER_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable

RESIDENTS = Size("residents")
CUSTOMERS = Size("power_customers")
HEATED = Size("heat_buildings")
HEATED_HOUSEHOLDS = Size("heat_buildings", times="customers_per_building")
HEATED_RESIDENTS = Size("heat_buildings", times="residents_per_building", at_most="residents")
WATERED = Size("water_buildings")
GAS_CUSTOMERS = Size("gas_customers")
GAS_HEATED = Size("gas_heated_buildings")
GAS_RESIDENTS = Size(
    "gas_customers", times="residents_per_building", over="customers_per_building", at_most="residents"
)
WATERED_HOUSEHOLDS = Size("water_buildings", times="customers_per_building")
POWERED_BUILDINGS = Size("power_customers", over="customers_per_building")
EVERY_OUT = tuple(system.out for system in SYSTEMS.values())
"""State of each system that is its share out of service."""

_POWER = (
    Quantity(
        "power_customers_out",
        "customers",
        "accounts without power",
        "power",
        ("power_out",),
        CUSTOMERS,
        people="power_people_out",
        main=20,
        short=True,
    ),
    Quantity(
        "power_customers_out_by_damage",
        "customers",
        "accounts without power by damage alone",
        "power",
        ("power_damaged",),
        CUSTOMERS,
        main=21,
        part_of="power_customers_out",
    ),
    Quantity(
        "power_customers_out_by_cuts",
        "customers",
        "accounts without power by cuts alone, for lack of supply",
        "power",
        ("power_out", "power_damaged"),
        CUSTOMERS,
        "difference",
        main=22,
        part_of="power_customers_out",
    ),
    Quantity(
        "power_customers_restored",
        "customers",
        "accounts given power back since the period's start",
        "power",
        ("power_restored",),
        CUSTOMERS,
        restores="power_customers_out",
    ),
    Quantity(
        "power_people_out",
        "people",
        "residents without power",
        "power",
        ("power_out",),
        RESIDENTS,
        person_hours="person_hours_without_power",
        main=50,
    ),
    Quantity(
        "power_people_restored",
        "people",
        "residents given power back since the period's start",
        "power",
        ("power_restored",),
        RESIDENTS,
        restores="power_people_out",
    ),
    Quantity(
        "power_buildings_out",
        "buildings",
        "buildings without power",
        "power",
        ("power_out",),
        POWERED_BUILDINGS,
        restates="power_customers_out",
        people="power_people_out",
        main=25,
    ),
    Quantity(
        "power_share_restored",
        "share",
        "share of those without power after the last event who have it back",
        "power",
        ("power_out", "power_most_out"),
        CUSTOMERS,
        "share_back",
        restores="power_customers_out",
        restates="power_customers_out",
        main=110,
    ),
    Quantity(
        "power_share_shed",
        "share",
        "share of demand cut for lack of supply",
        "power",
        ("shed",),
        None,
        "mean",
        main=100,
    ),
    Quantity(
        "power_share_unserved",
        "share",
        "share of demand that even the largest permitted cuts leave uncovered",
        "power",
        ("unserved",),
        measure="mean",
    ),
    Quantity(
        "hours_off_per_day",
        "h/day",
        "hours per day without power by rolling cuts",
        "power",
        ("shed_day",),
        None,
        "hours",
        main=90,
    ),
    Quantity(
        "regions_in_emergency_cuts",
        "regions",
        "regions in emergency mode: where cuts are possible, not how many are off at once",
        None,
        ("shed",),
        measure="places",
        role="input",
    ),
)

_HEAT = (
    Quantity(
        "heat_buildings_out",
        "buildings",
        "buildings without district heat",
        "heat",
        ("heat_out",),
        HEATED,
        people="heat_people_out",
        main=10,
        short=True,
    ),
    Quantity(
        "heat_buildings_restored",
        "buildings",
        "buildings given heat back since the period's start",
        "heat",
        ("heat_restored",),
        HEATED,
        restores="heat_buildings_out",
    ),
    Quantity(
        "heat_buildings_drained",
        "buildings",
        "buildings whose heating circuit is drained",
        "heat",
        ("heat_drained",),
        HEATED,
        part_of="heat_buildings_out",
        main=80,
    ),
    Quantity(
        "heat_households_out",
        "households",
        "households without district heat",
        "heat",
        ("heat_out",),
        HEATED_HOUSEHOLDS,
        main=30,
    ),
    Quantity(
        "heat_customers_out",
        "customers",
        "accounts without district heat",
        "heat",
        ("heat_out",),
        HEATED_HOUSEHOLDS,
        people="heat_people_out",
        main=35,
    ),
    Quantity(
        "heat_people_out",
        "people",
        "residents without district heat",
        "heat",
        ("heat_out",),
        HEATED_RESIDENTS,
        person_hours="person_hours_without_heat",
        main=40,
        short=True,
    ),
    Quantity(
        "heat_share_restored",
        "share",
        "share of the buildings without heat after the last event that have it back",
        "heat",
        ("heat_out", "heat_most_out"),
        HEATED,
        "share_back",
        restores="heat_buildings_out",
        restates="heat_buildings_out",
        main=120,
    ),
)

_WATER = (
    Quantity(
        "water_buildings_out",
        "buildings",
        "buildings without water",
        "water",
        ("water_out",),
        WATERED,
        people="water_people_out",
        main=60,
        short=True,
    ),
    Quantity(
        "water_customers_out",
        "customers",
        "accounts without water",
        "water",
        ("water_out",),
        WATERED_HOUSEHOLDS,
        people="water_people_out",
        main=65,
    ),
    Quantity(
        "water_people_out",
        "people",
        "residents without water",
        "water",
        ("water_out",),
        RESIDENTS,
        person_hours="person_hours_without_water",
        main=70,
    ),
    Quantity(
        "water_share_restored",
        "share",
        "share of the buildings without water after the last event that have it back",
        "water",
        ("water_out", "water_most_out"),
        WATERED,
        "share_back",
        restores="water_buildings_out",
        restates="water_buildings_out",
        main=130,
    ),
)

_GAS = (
    Quantity(
        "gas_customers_out",
        "customers",
        "accounts without gas",
        "gas",
        ("gas_out",),
        GAS_CUSTOMERS,
        people="gas_people_out",
        main=71,
        short=True,
    ),
    Quantity(
        "gas_customers_restored",
        "customers",
        "accounts given gas back since the period's start",
        "gas",
        ("gas_restored",),
        GAS_CUSTOMERS,
        restores="gas_customers_out",
    ),
    Quantity(
        "gas_people_out",
        "people",
        "residents without gas",
        "gas",
        ("gas_out",),
        GAS_RESIDENTS,
        person_hours="person_hours_without_gas",
        main=72,
    ),
    Quantity(
        "gas_heated_buildings_out",
        "buildings",
        "buildings heated by gas that lack it",
        "gas",
        ("gas_out",),
        GAS_HEATED,
        main=73,
    ),
    Quantity(
        "gas_share_restored",
        "share",
        "share of those without gas after the last event who have it back",
        "gas",
        ("gas_out", "gas_most_out"),
        GAS_CUSTOMERS,
        "share_back",
        restores="gas_customers_out",
        restates="gas_customers_out",
        main=140,
    ),
)

_SERVICES = (
    Quantity(
        "people_without_any",
        "people",
        "residents without at least one of the services",
        None,
        EVERY_OUT,
        RESIDENTS,
        "lacking",
        person_hours="person_hours_without_any",
        lacking="one",
        short=True,
    ),
    Quantity(
        "people_without_two",
        "people",
        "residents without at least two of the services",
        None,
        EVERY_OUT,
        RESIDENTS,
        "lacking",
        lacking="two",
    ),
    Quantity(
        "people_without_all",
        "people",
        "residents with none of the services",
        None,
        EVERY_OUT,
        RESIDENTS,
        "lacking",
        lacking="every",
    ),
)

_COLD = (
    Quantity(
        "people_below_18c",
        "people",
        "residents in homes below 18 degC",
        "heat",
        ("below_18c",),
        HEATED_RESIDENTS,
        person_hours="person_hours_below_18c",
    ),
    Quantity(
        "people_below_16c",
        "people",
        "residents in homes below 16 degC",
        "heat",
        ("below_16c",),
        HEATED_RESIDENTS,
        person_hours="person_hours_below_16c",
        short=True,
    ),
    Quantity(
        "people_below_12c",
        "people",
        "residents in homes below 12 degC",
        "heat",
        ("below_12c",),
        HEATED_RESIDENTS,
        person_hours="person_hours_below_12c",
    ),
    Quantity(
        "people_below_5c",
        "people",
        "residents in homes below 5 degC",
        "heat",
        ("below_5c",),
        HEATED_RESIDENTS,
        person_hours="person_hours_below_5c",
    ),
    Quantity(
        "indoor_temperature_c",
        "degC",
        "mean indoor temperature of homes that lost heat",
        "heat",
        ("indoor_c", "heat_out"),
        HEATED,
        "where_out",
    ),
    Quantity(
        "people_without_warm_place",
        "people",
        "residents in homes below 16 degC who have not left and find no place at a warming point",
        "heat",
        ("departed", "below_16c"),
        HEATED_RESIDENTS,
        "beyond",
        beyond="warming_places",
    ),
    Quantity(
        "residents_departed",
        "people",
        "residents who have left for the time being",
        None,
        ("departed",),
        HEATED_RESIDENTS,
    ),
)

_INPUTS = (
    Quantity("air_temperature_c", "degC", "outdoor dry-bulb temperature", role="input"),
    Quantity(
        "munitions_launched",
        "munitions",
        "missiles and drones launched in an attack",
        role="input",
        sum_of=("missiles_launched", "drones_launched"),
    ),
    Quantity("missiles_launched", "missiles", "missiles launched in an attack", role="input", event_number="missiles"),
    Quantity("drones_launched", "drones", "drones launched in an attack", role="input", event_number="drones"),
    Quantity(
        "missiles_intercepted",
        "missiles",
        "missiles intercepted in an attack",
        role="input",
        event_number="missiles_intercepted",
    ),
    Quantity(
        "drones_intercepted",
        "drones",
        "drones intercepted in an attack",
        role="input",
        event_number="drones_intercepted",
    ),
)

_CONTEXT = (
    Quantity("people_killed", "people", "deaths known so far", role="context", grows=True),
    Quantity("people_injured", "people", "injured known so far", role="context", grows=True),
    Quantity("people_hospitalised", "people", "injured in hospital", role="context", grows=True),
    Quantity("people_displaced", "people", "people displaced by the war", role="context"),
    Quantity("buildings_damaged", "buildings", "buildings damaged directly", role="context"),
    Quantity("facilities_damaged", "facilities", "hospitals, schools and the like damaged", role="context"),
    Quantity("buildings_disrupted", "buildings", "buildings disrupted, service not named", role="context"),
    Quantity("fires", "fires", "fires started", role="context"),
    Quantity("settlements_without_power", "settlements", "towns and villages without power", role="context"),
    Quantity("districts_struck", "districts", "city districts struck", role="context"),
    Quantity("regions_struck", "regions", "regions struck", role="context"),
    Quantity("strikes", "strikes", "impacts in a city", role="context"),
    Quantity("attacks", "attacks", "attacks in a period", role="context"),
    Quantity("attack_duration_h", "h", "length of an attack", role="context"),
    Quantity("heat_sources_lost", "sources", "heat plants out of service", role="context"),
    Quantity("warming_points_open", "points", "public places to warm up", role="context"),
    Quantity("distance_to_border_km", "km", "distance to the border", role="context"),
    Quantity("truce_days", "days", "length of a truce as one side announced it", role="context"),
    Quantity("context_statement", "statement", "a statement without a number; the note holds it", role="context"),
)

QUANTITIES = register_quantities(
    (*_POWER, *_HEAT, *_WATER, *_GAS, *_SERVICES, *_COLD, *_INPUTS, *_CONTEXT),
    systems=SYSTEMS,
    units=NUMBER_UNITS,
    stocks=STOCKS,
    ratios=PER_BUILDING,
)

MODELLED = tuple(name for name, row in QUANTITIES.items() if row.states)
"""Quantities that the model answers where the stocks are known."""
OF_BALANCE = frozenset(name for name in MODELLED if any(STATES[state].of_balance for state in QUANTITIES[name].states))
"""Quantities that come from the balance of supply and demand."""
MAIN_QUANTITIES = tuple(
    sorted((name for name, row in QUANTITIES.items() if row.main), key=lambda name: QUANTITIES[name].main or 0)
)
"""Quantities to show first where figures report them."""
COLD_LIMITS_C = {
    name: limit for name in MODELLED for limit in [STATES[QUANTITIES[name].states[0]].below_c] if limit is not None
}
"""Quantities that count residents of cold homes, and the temperature of each, from warm to cold. [degC]"""
PERSON_HOURS = {
    row.person_hours: name
    for name, row in sorted(QUANTITIES.items(), key=lambda item: item[0] not in COLD_LIMITS_C)
    if row.person_hours
}
"""Quantity behind each sum of person-hours, by the name of the sum; cold homes first."""


def with_restated(curves: Iterable[tuple[str, str]]) -> dict[tuple[str, str], None]:
    """Return curves, (quantity, place), and those that say one of them in another way."""
    found = dict.fromkeys(curves)
    restated = [(name, row.restates) for name, row in QUANTITIES.items() if row.restates]
    places = {quantity: [where for known, where in found if known == quantity] for _, quantity in restated}
    return found | {(name, where): None for name, quantity in restated for where in places[quantity]}
