"""Restoration curves with honest intervals, from the outage figures that were published."""

from energy_impact.family_fit import fit_family
from energy_impact.figures import (
    daily_saidi,
    major_event_days,
    outage_events,
    outage_processes,
    read_figures,
    read_outages,
    reliability_indices,
    restoration_bands,
    restoration_curves,
)
from energy_impact.many import estimate_many
from energy_impact.model.families import restoration_family
from energy_impact.places import Place
from energy_impact.places import shipped_place as place
from energy_impact.prior_tables import priors
from energy_impact.results.comparison import Comparison, compare
from energy_impact.results.ensemble import Ensemble
from energy_impact.results.estimate import Estimate
from energy_impact.run import estimate, load_estimate, parameters, simulate
from energy_impact.safety import hours_of_safety, hours_to_drain
from energy_impact.scenario import Event, EventRate, Scenario, Shortage, Truce, WhatIf, load_scenario, scenarios
from energy_impact.streaming import bands
from energy_impact.text.reading import Reading, read_text
from energy_impact.validation.backtest import backtest
from energy_impact.validation.calibration import calibrate
from energy_impact.weather_files import read_weather

__version__ = "0.1.0"

__all__ = [
    "Comparison",
    "Ensemble",
    "Estimate",
    "Event",
    "EventRate",
    "Place",
    "Reading",
    "Scenario",
    "Shortage",
    "Truce",
    "WhatIf",
    "__version__",
    "backtest",
    "bands",
    "calibrate",
    "compare",
    "daily_saidi",
    "estimate",
    "estimate_many",
    "fit_family",
    "hours_of_safety",
    "hours_to_drain",
    "load_estimate",
    "load_scenario",
    "major_event_days",
    "outage_events",
    "outage_processes",
    "parameters",
    "place",
    "priors",
    "read_figures",
    "read_outages",
    "read_text",
    "read_weather",
    "reliability_indices",
    "restoration_bands",
    "restoration_curves",
    "restoration_family",
    "scenarios",
    "simulate",
]
