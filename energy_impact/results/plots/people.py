"""People without services, and people in cold homes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from energy_impact._language import say, say_as
from energy_impact.quantities import COLD_LIMITS_C, QUANTITIES
from energy_impact.results import metrics, words
from energy_impact.results.members import UnknownCurveError
from energy_impact.results.plots.marks import draw_events
from energy_impact.results.plots.style import (
    FAINT,
    INK,
    add_legend,
    alone,
    check_place,
    days_of,
    figure_of,
    format_axes,
    look_of,
    panels_in,
    percent,
    tint,
)
from energy_impact.systems import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from energy_impact.results.curve import Curve
    from energy_impact.results.members import Members

    Floats = NDArray[np.float64]

SERVICES = tuple(system.people for system in SYSTEMS.values())
ANY = "people_without_any"
_COLD = "#0072B2"
_HATCHES = ("", "xx", "..")


@alone
def draw_people(estimate: Members, place: str, ax: Axes | Figure | None = None, *, level: float = 0.9) -> Figure:
    """Draw the plot of `Estimate.plot_people` and return its figure."""
    check_place(ax)
    level = metrics.check_level(level)
    outside = _needed(estimate, ANY, place, "residents and at least two services of a place")
    place = outside.place
    services = [estimate[name, place] for name in SERVICES if (name, place) in estimate.available]
    (axes,) = panels_in(ax, panel_height=3.4)
    low, median, high = metrics.quantiles(outside.draws, metrics.central_levels(level))
    when = days_of(outside.times)
    if len(services) == 2:
        _stack_overlap(axes, when, outside, *services)
    else:
        counts = [estimate[name, place] for name in (ANY, "people_without_two", "people_without_all")]
        _stack_counts(axes, when, counts, len(services))
        for service in services:
            colour, line = look_of(service.quantity)
            middle = metrics.quantiles(service.draws, [0.5])[0]
            axes.plot(when, middle, color=colour, linestyle=line, linewidth=2, label=_lacks(service), zorder=3)
    lacking = say("without at least one")
    axes.plot(when, median, color=INK, linewidth=2.2, label=f"{lacking}, {say('median')}", zorder=4)
    _edges(axes, when, low, high, f"{lacking}, {percent(level)}")
    *others, last = map(_system, services)
    systems = say(" or ").join([", ".join(others), last] if others else [last])
    title = say("{place}: residents without {systems}", place=words.place(place), systems=systems)
    return _finish(axes, estimate, outside, high, title)


def _needed(estimate: Members, quantity: str, place: str, what: str) -> Curve:
    """Return a curve that a picture cannot do without; the error says what it comes from."""
    try:
        return estimate[quantity, place]
    except UnknownCurveError as error:
        raise UnknownCurveError(f"{error} (this picture needs the {what})") from error


@alone
def draw_cold(estimate: Members, place: str, ax: Axes | Figure | None = None, *, level: float = 0.9) -> Figure:
    """Draw the plot of `Estimate.plot_cold` and return its figure."""
    check_place(ax)
    level = metrics.check_level(level)
    (axes,) = panels_in(ax, panel_height=3.4)
    first, *others = COLD_LIMITS_C
    mildest = _needed(estimate, first, place, "heated buildings of a place")
    colder = [estimate[name, place] for name in others]
    place = mildest.place
    limits = list(COLD_LIMITS_C.values())
    low, median, high = metrics.quantiles(mildest.draws, metrics.central_levels(level))
    when = days_of(mildest.times)
    tops = [median, *(metrics.quantiles(curve.draws, [0.5])[0] for curve in colder), np.zeros_like(median)]
    for number, limit in enumerate(limits):
        last = number == len(limits) - 1
        label = _below(limit) if last else say("{low:g} to {high:g} °C", low=limits[number + 1], high=limit)
        axes.fill_between(
            when,
            tops[number + 1],
            tops[number],
            color=tint(_COLD, (0.18, 0.42, 0.7, 1.0)[number]),
            linewidth=0,
            label=label,
            zorder=2,
        )
        axes.plot(when, tops[number], color="white" if number else INK, linewidth=0.8 if number else 2, zorder=3)
    _edges(axes, when, low, high, f"{_below(limits[0])}, {percent(level)}")
    title = say("{place}: residents by home temperature", place=words.place(place))
    return _finish(axes, estimate, mildest, high, title)


def _below(limit: float) -> str:
    return say("below {limit:g} °C", limit=limit)


def _stack_counts(axes: Axes, when: Sequence[float], curves: Sequence[Curve], services: int) -> None:
    """Stack people without one service, two or more, and all; every edge is the median of a count."""
    two, every = (
        (say("without two"), say("without all three"))
        if services == 3
        else (say("without two or more"), say("without all {number}", number=services))
    )
    edges = [*(metrics.quantiles(curve.draws, [0.5])[0] for curve in curves), np.zeros(len(when))]
    labels = (say("without one service"), two, every)
    for number, (label, shade) in enumerate(zip(labels, (0.12, 0.3, 0.55), strict=True)):
        axes.fill_between(
            when,
            edges[number + 1],
            edges[number],
            color=tint(INK, shade),
            linewidth=0,
            label=label,
            zorder=2,
        )


def _stack_overlap(axes: Axes, when: Sequence[float], outside: Curve, first: Curve, second: Curve) -> None:
    """Stack people without the first service only, both, and the second only.

    The overlap of two services follows member by member: people without both are those without the first plus those
    without the second minus those without at least one. Every edge of the stack is the median of a count.
    """
    edges = [
        np.zeros(len(when)),
        metrics.quantiles(np.maximum(outside.draws - second.draws, 0), [0.5])[0],
        metrics.quantiles(first.draws, [0.5])[0],
        metrics.quantiles(outside.draws, [0.5])[0],
    ]
    colours = (look_of(first.quantity)[0], INK, look_of(second.quantity)[0])
    one, two = _lacks(first), _lacks(second)
    labels = (
        say("{what} only", what=one),
        say("{first} and {second}", first=one, second=two),
        say("{what} only", what=two),
    )
    for number, (colour, label, hatch) in enumerate(zip(colours, labels, _HATCHES, strict=True)):
        axes.fill_between(
            when,
            edges[number],
            np.maximum(edges[number + 1], edges[number]),
            facecolor=tint(colour, 0.45),
            hatch=hatch,
            edgecolor=tint(colour, 0.8),
            linewidth=0,
            label=label,
            zorder=2,
        )


def _system(service: Curve) -> str:
    """Return the name of a service, as it stands behind "without"."""
    return say_as("without", QUANTITIES[service.quantity].system or "")


def _lacks(service: Curve) -> str:
    return say("no {system}", system=_system(service))


def _edges(axes: Axes, when: Sequence[float], low: Floats, high: Floats, label: str) -> None:
    """Draw the ends of an interval as lines, which can lie over areas."""
    for number, edge in enumerate((low, high)):
        axes.plot(when, edge, color=FAINT, linewidth=1.1, linestyle=":", label="" if number else label, zorder=4)


def _finish(axes: Axes, estimate: Members, curve: Curve, high: Floats, title: str) -> Figure:
    """Mark events, format the axes, add a legend and return the figure."""
    draw_events(axes, estimate.scenario)
    format_axes(axes, curve, span=(0, 1.12 * float(high.max())), title=title)
    add_legend(axes)
    return figure_of(axes)
