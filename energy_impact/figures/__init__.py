"""What was said: the table of published figures and how their wording is read."""

from __future__ import annotations

from energy_impact.figures.table import FigureError, read_figures

__all__ = ["FigureError", "read_figures"]
