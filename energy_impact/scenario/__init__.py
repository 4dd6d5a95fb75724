"""Where, when and how cold: events, places, weather and figures put together, from Python or from TOML."""

from energy_impact.scenario.events import Event, ScenarioError
from energy_impact.scenario.outlook import EventRate, Slot, Truce, slots
from energy_impact.scenario.scenario import Scenario, load_scenario, scenarios

__all__ = [
    "Event",
    "EventRate",
    "Scenario",
    "ScenarioError",
    "Slot",
    "Truce",
    "load_scenario",
    "scenarios",
    "slots",
]
