"""Scenarios: places, events, weather and figures together, from Python or from TOML."""

from energy_impact.scenario.events import Event, ScenarioError
from energy_impact.scenario.outlook import CandidateDay, EventRate, Truce, candidate_days
from energy_impact.scenario.scenario import Scenario, figure_table, load_scenario, scenarios
from energy_impact.scenario.shortage import Shortage
from energy_impact.scenario.what_if import WhatIf

__all__ = [
    "CandidateDay",
    "Event",
    "EventRate",
    "Scenario",
    "ScenarioError",
    "Shortage",
    "Truce",
    "WhatIf",
    "candidate_days",
    "figure_table",
    "load_scenario",
    "scenarios",
]
