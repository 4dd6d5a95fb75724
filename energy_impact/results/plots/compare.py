"""Two runs of the same members: both curves, and the effect of the change, member by member."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from energy_impact._checks import brief, check_pair, check_text, check_type
from energy_impact._language import say
from energy_impact.results import metrics
from energy_impact.results.members import Members, same_members
from energy_impact.results.plots.marks import draw_events
from energy_impact.results.plots.style import (
    INK,
    OTHER_COLOUR,
    add_legend,
    alone,
    check_place,
    dim_fan,
    fan,
    fan_levels,
    figure_of,
    format_axes,
    look_of,
    panels_in,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from energy_impact.results.curve import Curve


@alone
def draw_difference(
    estimate: Members,
    other: Members,
    quantity: str,
    place: str,
    ax: Axes | Figure | None = None,
    *,
    levels: Sequence[float] = (0.5, 0.9),
    names: tuple[str, str] | None = None,
) -> Figure:
    """Return the plot of `Estimate.plot_difference`."""
    check_place(ax)
    check_type("other", other, Members, "an Estimate")
    levels = metrics.check_levels(levels)
    curve, other_curve = estimate[quantity, place], other[quantity, place]
    own, others = _names(estimate, other) if names is None else _check_names(names)
    difference = _difference(estimate, other, curve, other_curve)
    above, below = panels_in(ax, 2)
    behind = dim_fan(above, other_curve, max(levels), others)
    edges = fan_levels(levels)
    before = fan(above, curve.times, metrics.quantiles(curve.draws, edges), levels, look_of(quantity), label=f"{own}, ")
    format_axes(above, curve, span=(0, 1.12 * max(behind[1], before[1])))
    low, high = fan(below, curve.times, metrics.quantiles(difference.draws, edges), levels, (OTHER_COLOUR, "-"))
    below.axhline(0, color=INK, linewidth=1.2, zorder=3)
    room = 0.08 * (high - low)
    format_axes(
        below,
        difference,
        span=(min(low - room, 0), max(high + room, 0)),
        title=say("{first} minus {second}, course by course", first=own, second=others),
    )
    for axes in (above, below):
        draw_events(axes, estimate.scenario, named=axes is above)
    add_legend(above)
    add_legend(below)
    sheet = figure_of(above)
    sheet.align_ylabels([above, below])
    return sheet


def _check_names(names: tuple[str, str]) -> tuple[str, str]:
    own, other = check_pair("names", names)
    return check_text("names", own), check_text("names", other)


def _difference(estimate: Members, other: Members, curve: Curve, other_curve: Curve) -> Curve:
    """Return the difference of two curves, member by member.

    Raises
    ------
    ValueError
        If the members are not the same or the times differ.
    """
    if not same_members(estimate, other):
        raise ValueError(
            f"other: must have the same members, as from ei.simulate(scenario, given=other), got {brief(other)}"
        )
    if not curve.times.equals(other_curve.times):
        raise ValueError(
            f"other: must have the times of this run, {curve.times[0].isoformat()} to {curve.times[-1].isoformat()}, "
            f"got {other_curve.times[0].isoformat()} to {other_curve.times[-1].isoformat()}"
        )
    return dataclasses.replace(curve, draws=curve.draws - other_curve.draws)


def _names(estimate: Members, other: Members) -> tuple[str, str]:
    own, others = estimate.scenario.name, other.scenario.name
    return (own, others) if own != others else (say("this run"), say("the other"))
