"""Published figures: their table, the meaning of their wording, and raw series of counts."""

from __future__ import annotations

from energy_impact.figures.outage_series import outage_events
from energy_impact.figures.outage_table import read_outages
from energy_impact.figures.reliability import daily_saidi, major_event_days, outage_processes, reliability_indices
from energy_impact.figures.restoration_curves import restoration_bands, restoration_curves
from energy_impact.figures.table import FigureError, read_figures

__all__ = [
    "FigureError",
    "daily_saidi",
    "major_event_days",
    "outage_events",
    "outage_processes",
    "read_figures",
    "read_outages",
    "reliability_indices",
    "restoration_bands",
    "restoration_curves",
]
