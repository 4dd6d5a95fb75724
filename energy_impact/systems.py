"""The systems of a place: power, heat, water and gas, each with its stocks, states, needs, parameters and colour.

The model, the tables and the pictures read everything about a system from here. Names are looked up and never assembled
from parts, so that a search for `severity_heat` or `heat_out` finds every use.
"""

from __future__ import annotations

from energy_impact._register import register_systems
from energy_impact.event_kinds import EVENT_KINDS
from energy_impact.records import Follows, Hit, Need, State, Stock, System

EVERYTHING = ("attack", "storm", "planned_shutoff")
"""Kinds of event that can damage any system; the others damage one."""

POWER = System(
    "power",
    stocks=("power_customers",),
    states=(
        State("power_out", "accounts without power, by damage or shedding", counted=True),
        State("power_damaged", "accounts without power by damage alone", counted=True, of_balance=True),
        State("power_most_out", "most accounts without power at once since the latest event began", counted=True),
        State("power_restored", "accounts repaired since the start"),
        State("shed", "demand that is shed", of_balance=True),
        State("shed_day", "mean of `shed` over the last day, or since the start", of_balance=True),
        State("unserved", "demand that even the largest permitted shedding leaves uncovered", of_balance=True),
    ),
    out="power_out",
    most_out="power_most_out",
    restored="power_restored",
    count="power_customers_out",
    people="power_people_out",
    hit=Hit("severity_power", "severity_power_place", (*EVERYTHING, "grid_failure", "local_fault")),
    parameters={
        "repair_rate": "repair_rate_power",
        "slow_ratio": "slow_ratio_power",
        "slow_share": "slow_share_power",
        "lost_share": "lost_share_power",
        "job_share": "job_share_power",
        "job_split": "job_split_power",
        "job_h": "job_h_power",
        "job_h_event": "job_h_event_power",
        "job_factor": "job_factor_power",
        "job_rest": "job_rest_power",
        "lost_h": "lost_h_power",
        "crew_limit": "crew_limit_power",
        "chronic_share": "chronic_share_power",
        "initial_out": "initial_out_power",
    },
    follows=None,
    needs=(
        Need("power_on_heat", "power_needs_heat", "power", "heat", "generating capability that needs heat supply"),
        Need("power_on_water", "power_needs_water", "power", "water", "generating capability that needs cooling water"),
    ),
    always_drawn=True,
    colour="#0072B2",
    line="--",
)

HEAT = System(
    "heat",
    stocks=("heat_buildings",),
    states=(
        State("heat_out", "buildings without heat", counted=True),
        State("heat_most_out", "most buildings without heat at once since the latest event began", counted=True),
        State("heat_drained", "buildings whose circuits are drained", counted=True),
        State("heat_restored", "sum of all falls of `heat_out` since the start"),
        State("below_18c", "homes below 18 degC", counted=True, after_run=True, below_c=18.0),
        State("below_16c", "homes below 16 degC", counted=True, after_run=True, below_c=16.0),
        State("below_12c", "homes below 12 degC", counted=True, after_run=True, below_c=12.0),
        State("below_5c", "homes below 5 degC", counted=True, after_run=True, below_c=5.0),
        State("indoor_c", "mean temperature of homes without heat [degC]", after_run=True),
        State("departed", "residents of heated buildings who have left", after_run=True),
    ),
    out="heat_out",
    most_out="heat_most_out",
    restored="heat_restored",
    drained="heat_drained",
    count="heat_buildings_out",
    people="heat_people_out",
    hit=Hit("severity_heat", "severity_heat_place", (*EVERYTHING, "heat_accident"), "at_all_heat"),
    parameters={
        "repair_rate": "repair_rate_heat",
        "slow_ratio": "slow_ratio_heat",
        "slow_share": "slow_share_heat",
        "lost_share": "lost_share_heat",
        "job_share": "job_share_heat",
        "job_split": "job_split_heat",
        "job_h": "job_h_heat",
        "job_h_event": "job_h_event_heat",
        "job_factor": "job_factor_heat",
        "job_rest": "job_rest_heat",
        "lost_h": "lost_h_heat",
        "crew_limit": "crew_limit_heat",
        "chronic_share": "chronic_share_heat",
        "initial_out": "initial_out_heat",
    },
    follows=Follows("heat_dependence", "heat_buffer_h"),
    needs=(
        Need("heat_on_water", "heat_needs_water", "heat", "water", "heat supply that needs water supply"),
        Need("heat_on_gas", "heat_needs_gas", "heat", "gas", "heat supply that burns gas of the network"),
    ),
    always_drawn=True,
    colour="#D55E00",
    line="-",
)

WATER = System(
    "water",
    stocks=("water_buildings",),
    states=(
        State("water_out", "buildings without water", counted=True),
        State("water_most_out", "most buildings without water at once since the latest event began", counted=True),
    ),
    out="water_out",
    most_out="water_most_out",
    restored=None,
    count="water_buildings_out",
    people="water_people_out",
    hit=Hit("severity_water", "severity_water_place", EVERYTHING, "at_all_water"),
    parameters={
        "repair_rate": "repair_rate_water",
        "slow_ratio": "slow_ratio_water",
        "slow_share": "slow_share_water",
        "lost_share": "lost_share_water",
        "job_share": "job_share_water",
        "job_split": "job_split_water",
        "job_h": "job_h_water",
        "job_h_event": "job_h_event_water",
        "job_factor": "job_factor_water",
        "job_rest": "job_rest_water",
        "lost_h": "lost_h_water",
        "crew_limit": "crew_limit_water",
        "chronic_share": "chronic_share_water",
        "initial_out": "initial_out_water",
    },
    follows=Follows("water_dependence", "water_buffer_h"),
    always_drawn=True,
    colour="#009E73",
    line="-.",
)

GAS = System(
    "gas",
    stocks=("gas_customers", "gas_heated_buildings"),
    states=(
        State("gas_out", "accounts without gas", counted=True),
        State("gas_most_out", "most accounts without gas at once since the latest event began", counted=True),
        State("gas_restored", "sum of all falls of `gas_out` since the start"),
    ),
    out="gas_out",
    most_out="gas_most_out",
    restored="gas_restored",
    count="gas_customers_out",
    people="gas_people_out",
    hit=Hit("severity_gas", "severity_gas_place", ("attack", "storm")),
    parameters={
        "repair_rate": "repair_rate_gas",
        "slow_ratio": "slow_ratio_gas",
        "slow_share": "slow_share_gas",
        "lost_share": "lost_share_gas",
        "job_share": "job_share_gas",
        "job_split": "job_split_gas",
        "job_h": "job_h_gas",
        "job_h_event": "job_h_event_gas",
        "job_factor": "job_factor_gas",
        "job_rest": "job_rest_gas",
        "lost_h": "lost_h_gas",
        "crew_limit": "crew_limit_gas",
        "chronic_share": "chronic_share_gas",
        "initial_out": "initial_out_gas",
    },
    follows=Follows("gas_dependence", "gas_buffer_h"),
    colour="#56B4E9",
    line=(0.0, (6.0, 1.5, 1.0, 1.5, 1.0, 1.5)),
)

CAPABILITY = Hit("capability_hit", "capability_hit_place", ("attack", "grid_failure"))
"""Generating and transmission capability that events take."""

STOCKS: dict[str, Stock] = {
    stock.name: stock
    for stock in (
        Stock("power_customers", "Power customers", "accounts"),
        Stock("heat_buildings", "Heat buildings", "buildings"),
        Stock("water_buildings", "Water buildings", "buildings"),
        Stock("residents", "Residents", "people"),
        Stock("gas_customers", "Gas customers", "accounts", required=False),
        Stock("gas_heated_buildings", "Gas-heated buildings", "buildings", required=False),
        Stock("warming_places", "Places at warming points", "people", required=False),
    )
}
"""Kinds of stock. Customers are accounts, never people."""

PER_BUILDING = ("residents_per_building", "customers_per_building")
"""Mean numbers per residential building, to convert counts of buildings."""

SYSTEMS = register_systems((POWER, HEAT, WATER, GAS), STOCKS, EVENT_KINDS)
"""Systems by name, in the order of a step."""

STATES: dict[str, State] = {state.name: state for system in SYSTEMS.values() for state in system.states}
SYSTEM_OF_STATE = {state.name: system.name for system in SYSTEMS.values() for state in system.states}
FOLLOWS: dict[str, Follows] = {name: system.follows for name, system in SYSTEMS.items() if system.follows is not None}
"""How each system but power follows power."""
FEEDBACKS: dict[str, Need] = {need.name: need for system in SYSTEMS.values() for need in system.needs}
"""Needs besides power, by the key of `Plan.feedback`."""
HITS: dict[str, Hit] = {hit.share: hit for hit in (*(system.hit for system in SYSTEMS.values()), CAPABILITY)}
"""Effects of events, by the parameter of the share taken."""
