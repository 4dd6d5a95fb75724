"""Restoration curves with honest intervals, from the outage figures that were published.

What is public is imported when it is first used, so that the import of the package itself takes no time.
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING

import energy_impact._start  # noqa: F401

if _TYPE_CHECKING:
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

_HOMES = {
    "family_fit": "fit_family",
    "figures": (
        "daily_saidi major_event_days outage_events outage_processes read_figures read_outages reliability_indices "
        "restoration_bands restoration_curves"
    ),
    "many": "estimate_many",
    "model.families": "restoration_family",
    "places": "Place",
    "prior_tables": "priors",
    "results.comparison": "Comparison compare",
    "results.ensemble": "Ensemble",
    "results.estimate": "Estimate",
    "run": "estimate load_estimate parameters simulate",
    "safety": "hours_of_safety hours_to_drain",
    "scenario": "Event EventRate Scenario Shortage Truce WhatIf load_scenario scenarios",
    "streaming": "bands",
    "text.reading": "Reading read_text",
    "validation.backtest": "backtest",
    "validation.calibration": "calibrate",
    "weather_files": "read_weather",
}
"""Modules of what is public, by the names in them."""
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()} | {"place": "places"}
_OTHER_NAMES = {"place": "shipped_place"}

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


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(_import_module(f"{__name__}.{_HOME_OF[name]}"), _OTHER_NAMES.get(name, name))
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
