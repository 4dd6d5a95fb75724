"""Restoration curves with honest intervals, from the outage figures that were published."""

from energy_impact.figures import outage_events, read_figures
from energy_impact.model.families import restoration_family
from energy_impact.places import Place
from energy_impact.results.ensemble import Ensemble
from energy_impact.results.estimate import Estimate
from energy_impact.run import estimate, load_estimate, parameters, simulate
from energy_impact.scenario import Event, EventRate, Scenario, Truce, load_scenario, scenarios
from energy_impact.streaming import bands
from energy_impact.validation.backtest import backtest
from energy_impact.validation.calibration import calibrate

__version__ = "0.1.0"

__all__ = [
    "Ensemble",
    "Estimate",
    "Event",
    "EventRate",
    "Place",
    "Scenario",
    "Truce",
    "__version__",
    "backtest",
    "bands",
    "calibrate",
    "estimate",
    "load_estimate",
    "load_scenario",
    "outage_events",
    "parameters",
    "read_figures",
    "restoration_family",
    "scenarios",
    "simulate",
]
