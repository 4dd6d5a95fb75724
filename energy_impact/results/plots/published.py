"""Published figures over time, before any fit: as worded, with the events of their scenario."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from energy_impact.quantities import MAIN_QUANTITIES
from energy_impact.results.plots.marks import course_of, draw_events, draw_figures, figures_on_curve
from energy_impact.results.plots.style import alone, format_axes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from energy_impact.scenario import Scenario


_ROOM_FOR_NAMES = 1.35
"""Height of the axes over that of the highest figure: names of events stand at the top."""


def most_published(scenario: Scenario) -> tuple[str, str] | None:
    """Return the (quantity, place) of the outage with most figures to draw, the first of several; None if none."""
    found = Counter((figure.quantity, figure.place) for figure, _ in figures_on_curve(scenario))
    main = [key for name in MAIN_QUANTITIES for key in found if key[0] == name]
    return max(main, key=lambda key: found[key], default=None)


@alone
def draw_published(scenario: Scenario, key: tuple[str, str], sheet: Figure) -> None:
    """Draw the figures of one quantity at one place on a figure, with the events."""
    axes = sheet.subplots()
    draw_figures(axes, scenario, key)
    draw_events(axes, scenario)
    top = max(end for _, ends in figures_on_curve(scenario, key) for end in ends if math.isfinite(end))
    format_axes(axes, course_of(scenario, key), span=(0, _ROOM_FOR_NAMES * top))
