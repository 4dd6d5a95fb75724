"""Options in one picture: the course under each, and its difference from the first, member by member."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from energy_impact._checks import check_text
from energy_impact._language import say
from energy_impact.quantities import COLD_LIMITS_C, QUANTITIES
from energy_impact.results import metrics
from energy_impact.results.plots.marks import draw_events
from energy_impact.results.plots.style import (
    INK,
    add_legend,
    alone,
    check_place,
    days,
    days_of,
    figure_of,
    format_axes,
    panels_in,
    percent,
    tint,
)
from energy_impact.results.tables.options import COLD, check_options, compared_places, since_of
from energy_impact.results.tables.shelter import in_cold_homes
from energy_impact.results.tables.summary import main_curves

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from energy_impact.results.curve import Curve
    from energy_impact.results.members import Members

LOOKS = (
    ("#222222", "-"),
    ("#0072B2", "--"),
    ("#D55E00", "-."),
    ("#009E73", ":"),
    ("#CC79A7", (0, (7, 2))),
    ("#56B4E9", (0, (3, 1, 1, 1, 1, 1))),
    ("#E69F00", (0, (1, 1))),
)
"""Colour (Okabe and Ito) and line of each option, in order; each line differs too, for print in grey."""
_SHOWN_BEFORE = 0.25
"""Part of the time from `since` to the end that is also shown before it."""


def default_curve(estimate: Members) -> tuple[str, str]:
    """Return the curve to compare first: residents of cold homes, else those without service, of the first place."""
    place = compared_places(estimate)[0]
    main = main_curves(estimate)[0][0]
    wanted = (COLD, QUANTITIES[main].people or main, main)
    return next((name, place) for name in wanted if (name, place) in estimate.available)


@alone
def draw_options(
    options: Mapping[str, Members],
    quantity: str | None,
    place: str | None,
    ax: Axes | Figure | None = None,
    *,
    level: float,
) -> Figure:
    """Return the plot of `Comparison.plot`."""
    check_place(ax)
    level = metrics.check_level(level)
    check_options(options)
    first = next(iter(options.values()))
    name, where = default_curve(first)
    name = name if quantity is None else check_text("quantity", quantity)
    where = where if place is None else check_text("place", place)
    curves = {key: _curve(option, name, where) for key, option in options.items()}
    above, below = panels_in(ax, 2)
    base, since = next(iter(curves.values())), since_of(options)
    top = max(_line(above, curve, key, number) for number, (key, curve) in enumerate(curves.items()))
    top = max(top, _band(above, base, LOOKS[0][0], level, f"{next(iter(curves))}, {percent(level)}")[1])
    format_axes(above, base, span=(0, 1.12 * top))
    low, high = _differences(below, curves, level)
    room = 0.08 * (high - low)
    title = say(
        "Difference from {first}, course by course, with {percent}", first=next(iter(curves)), percent=percent(level)
    )
    format_axes(below, base, span=(min(low - room, 0), max(high + room, 0)), title=title)
    for axes in (above, below):
        draw_events(axes, _latest(options).scenario, named=axes is above)
        start = max(base.times[0], since - _SHOWN_BEFORE * (base.times[-1] - since))
        axes.set_xlim(days(start), days(base.times[-1]))
        add_legend(axes)
    sheet = figure_of(above)
    sheet.align_ylabels([above, below])
    return sheet


def _latest(options: Mapping[str, Members]) -> Members:
    """Return the option with the most events, so that those are marked."""
    return max(options.values(), key=lambda option: len(option.scenario.added_events))


def _curve(option: Members, quantity: str, place: str) -> Curve:
    curve = option[quantity, place]
    return in_cold_homes(option, quantity, place) if quantity in COLD_LIMITS_C else curve


def _differences(axes: Axes, curves: Mapping[str, Curve], level: float) -> tuple[float, float]:
    """Draw the difference of each option from the first; return the lowest and the highest value drawn."""
    base = next(iter(curves.values()))
    low = high = 0.0
    for number, (key, curve) in enumerate(curves.items()):
        if number == 0:
            axes.axhline(0, color=INK, linewidth=1.2, zorder=3, label=key)
            continue
        change = dataclasses.replace(curve, draws=curve.draws - base.draws)
        ends = _band(axes, change, LOOKS[number % len(LOOKS)][0], level, "")
        _line(axes, change, key, number)
        low, high = min(low, ends[0]), max(high, ends[1])
    return low, high


def _line(axes: Axes, curve: Curve, label: str, number: int) -> float:
    """Draw the median; return its highest value."""
    colour, line = LOOKS[number % len(LOOKS)]
    middle = metrics.quantiles(curve.draws, [0.5])[0]
    axes.plot(days_of(curve.times), middle, color=colour, linestyle=line, linewidth=2.2, label=label, zorder=4)
    return float(middle.max())


def _band(axes: Axes, curve: Curve, colour: str, level: float, label: str) -> tuple[float, float]:
    low, _, high = metrics.quantiles(curve.draws, metrics.central_levels(level))
    axes.fill_between(
        days_of(curve.times), low, high, color=tint(colour, 0.35), alpha=0.5, linewidth=0, label=label or None, zorder=1
    )
    return float(low.min()), float(high.max())
