"""Restoration curves with bands, the prior behind them, and the figures. Figures are returned, never shown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from energy_impact._checks import brief, check_pair, check_type
from energy_impact._language import again, mark, say, say_as
from energy_impact.results import metrics, words
from energy_impact.results.curve import Curve
from energy_impact.results.members import Members, known_key
from energy_impact.results.plots.marks import course_of, draw_events, draw_figures, point
from energy_impact.results.plots.style import (
    DIM,
    DIM_EDGE,
    INK,
    MOST_TICKS,
    TICK_INCH,
    add_legend,
    alone,
    check_place,
    dim_fan,
    fan,
    fan_levels,
    figure_of,
    folded,
    format_axes,
    inches,
    is_axes,
    look_of,
    panels_in,
    percent,
    strength,
    tint,
)
from energy_impact.results.tables.measures import quantiles
from energy_impact.results.tables.summary import main_curves

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from energy_impact.results.plots.style import Course

PRIOR = mark("before the figures")
_PRIOR_ROOM = 2.5
"""A prior higher than this many times the curve is cut off, so that the curve stays visible."""
_HANDLE_INCH, _LETTER_INCH = 0.55, 0.065
"""Width of a legend entry: its handle, and each letter. [inch]"""


@alone
def draw_ensemble(
    ensemble: Curve,
    ax: Axes | Figure | None = None,
    *,
    levels: Sequence[float] = (0.5, 0.9),
    prior: Curve | None = None,
) -> Figure:
    """Draw the plot of `Ensemble.plot` and return its figure."""
    check_place(ax)
    levels = metrics.check_levels(levels)
    if prior is not None:
        check_type("prior", prior, Curve, "an Ensemble or None")
    if prior is not None and (prior.quantity, prior.place) != (ensemble.quantity, ensemble.place):
        raise ValueError(
            f"prior: must be of {ensemble.quantity} at {ensemble.place}, got {prior.quantity} at {prior.place}"
        )
    (axes,) = panels_in(ax)
    values = metrics.quantiles(ensemble.draws, fan_levels(levels))
    format_axes(axes, ensemble, span=(0, 1.08 * _fans(axes, ensemble, values, levels, prior)))
    if ax is None:
        axes.legend(frameon=False, fontsize=9)
    return figure_of(axes)


@alone
def draw_estimate(
    estimate: Members,
    ax: Axes | Figure | None = None,
    *,
    panels: Sequence[tuple[str, str]] | None = None,
    levels: Sequence[float] = (0.5, 0.9),
    prior: Members | None = None,
) -> Figure:
    """Draw the plot of `Estimate.plot` and return its figure."""
    check_place(ax)
    levels = metrics.check_levels(levels)
    _check_prior(prior)
    chosen = main_curves(estimate) if panels is None else _check_panels(panels)
    if not chosen:
        raise ValueError("panels: must name at least one (quantity, place), got none")
    if estimate.expect is not None:
        estimate.expect(chosen)
    columns = 1 if len(chosen) <= 3 else 2
    rows = math.ceil(len(chosen) / columns)
    cells = panels_in(ax, rows, columns)
    sheet, whole = figure_of(cells[0]), not is_axes(ax)
    width = inches(sheet) / columns if whole else 0.0
    marks: set[str] = set()
    for number, (axes, key) in enumerate(zip(cells, chosen, strict=False)):
        marks |= _panel(axes, estimate, key, levels, prior, named=number < columns, width=width)
    for spare in cells[len(chosen) :]:
        spare.remove()
    if rows > 1:
        sheet.align_ylabels(cells[: len(chosen)])
    if whole:
        _frame(sheet, estimate, levels, marks | ({PRIOR} if prior is not None else set()))
    else:
        add_legend(cells[0])
    return sheet


@alone
def draw_curve(
    estimate: Members,
    key: tuple[str, str],
    ax: Axes | Figure | None = None,
    *,
    levels: Sequence[float] = (0.5, 0.9),
    prior: Members | None = None,
) -> Figure:
    """Draw the plot of `Estimate.plot_curve` and return its figure."""
    check_place(ax)
    levels = metrics.check_levels(levels)
    _check_prior(prior)
    (axes,) = panels_in(ax)
    _panel(axes, estimate, key, levels, prior)
    if ax is None:
        add_legend(axes)
    return figure_of(axes)


def _check_prior(prior: object) -> None:
    if prior is not None:
        check_type("prior", prior, Members, "an Estimate or None")


def _check_panels(panels: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    if not isinstance(panels, list | tuple):
        raise ValueError(f"panels: must be a list of (quantity, place), got {brief(panels)}")
    return tuple(check_pair("panels", panel) for panel in panels)


def _panel(
    axes: Axes,
    estimate: Members,
    key: tuple[str, str],
    levels: Sequence[float],
    prior: Members | None,
    *,
    named: bool = True,
    width: float = 0.0,
) -> set[str]:
    """Draw a curve with events and figures, for axes of a given width [inch]; return the marks drawn."""
    values = quantiles(estimate, key, fan_levels(levels))
    course = course_of(estimate.scenario, known_key(estimate, key))
    fit = estimate.figure_fit
    used = [] if fit is None else [name for name, use in zip(fit.ids, fit.used, strict=True) if use]
    highest, marks = draw_figures(axes, estimate.scenario, key, used=used)
    top = _fans(axes, course, values, levels, None if prior is None else prior[key])
    draw_events(axes, estimate.scenario, named=named, width=width)
    ticks = min(MOST_TICKS, int(width / TICK_INCH))
    format_axes(axes, course, span=(0, max(1.12 * top, 1.25 * highest)), ticks=ticks)
    return marks


def _fans(
    axes: Axes,
    course: Curve | Course,
    values: NDArray[np.float64],
    levels: Sequence[float],
    prior: Curve | None,
) -> float:
    """Draw the curve in front of the prior; return the highest value to show."""
    behind = 0.0 if prior is None else dim_fan(axes, prior, max(levels), say(PRIOR))[1]
    own = fan(axes, course.times, values, levels, look_of(course.quantity))[1]
    return max(own, min(behind, _PRIOR_ROOM * own))


def _frame(figure: Figure, estimate: Members, levels: Sequence[float], marks: set[str]) -> None:
    """Add title, legend and status text."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    wide = sorted(levels, reverse=True)
    shades = [tint(INK, 0.8 * strength(number, len(wide))) for number in range(len(wide))]
    bands = [Patch(color=shade, label=percent(level)) for shade, level in zip(shades, wide, strict=True)]
    handles = [*bands, Line2D([], [], color=INK, linewidth=2.2, label=say("median"))]
    if PRIOR in marks:
        handles.append(
            Patch(facecolor=DIM, edgecolor=DIM_EDGE, linestyle=":", label=f"{say(PRIOR)}, {percent(wide[0])}")
        )
    shapes = (
        ("figure", {"marker": "o", **point(True)}),
        ("not used", {"marker": "o", **point(False)}),
        ("at least", {"marker": "^", "color": INK}),
        ("up to", {"marker": "v", "color": INK}),
        ("range", {"marker": "|", "color": INK, "markersize": 11, "markeredgewidth": 1.6}),
    )
    handles += [
        Line2D([], [], linestyle="none", label=say_as("legend", label), **style)
        for label, style in shapes
        if label in marks
    ]
    needed = sum(_HANDLE_INCH + _LETTER_INCH * len(str(handle.get_label())) for handle in handles)
    lines = math.ceil(needed / inches(figure))
    width = 0.98 * inches(figure)
    legend = figure.legend(
        handles=handles,
        loc="outside lower left",
        ncols=math.ceil(len(handles) / lines),
        frameon=False,
        fontsize=8.5,
        columnspacing=1.3,
        handletextpad=0.5,
        title=folded(again(estimate.fit_text), width, 8.5, "normal"),
        title_fontsize=8.5,
        alignment="left",
    )
    legend.get_title().set_parse_math(False)
    title = folded(words.heading(estimate.scenario), width, 13)
    figure.suptitle(title, x=0.01, ha="left", fontsize=13, fontweight="bold", color=INK, parse_math=False)
