"""Marks beside the curves: published figures as worded, events, and now."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from energy_impact._language import say
from energy_impact.figures.kinds import is_restored
from energy_impact.quantities import QUANTITIES
from energy_impact.results import words
from energy_impact.results.plots.style import FAINT, INK, Course, days, letters_inch, width_of
from energy_impact.results.tables.summary import stock_range

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from matplotlib.axes import Axes

    from energy_impact.figures.figure import Figure
    from energy_impact.figures.qualifiers import Mark
    from energy_impact.scenario import Scenario

_EVENT = "#E69F00"
_LABEL_SIZE, _LABEL_GAP, _LABEL_ROWS = 8.5, 0.15, 3
"""Size of the name of an event [point], the gap after it [inch], and rows over which names are staggered."""
_LABEL_LETTERS = 28
"""Longer names of events are cut."""


_OF_AXES = 0.85
"""Part of the width of a panel that its axes take, at least."""


def draw_events(axes: Axes, scenario: Scenario, *, named: bool = True, width: float = 0.0) -> None:
    """Mark events, and the time from which everything is forecast.

    Parameters
    ----------
    axes : matplotlib Axes
    scenario : Scenario
    named : bool
        Whether to write their names.
    width : float
        Width of the panel, to keep names apart; by default the current width of the axes. [inch]
    """
    labels = []
    for event in (*scenario.events, *scenario.added_events):
        begin = days(event.time)
        axes.axvspan(begin, days(event.end), color=_EVENT, alpha=0.3, linewidth=0, zorder=0.8)
        axes.axvline(begin, color=INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1.5)
        name = words.event_name(event.name) if event.name else words.event(event.kind)
        labels.append((begin, name if len(name) <= _LABEL_LETTERS else f"{name[: _LABEL_LETTERS - 1]}…", INK))
    now = days(scenario.now)
    axes.axvline(now, color=FAINT, linewidth=0.9, linestyle=":", zorder=1.5)
    if not named:
        return
    begin, end = days(scenario.start), days(scenario.end)
    inch = (end - begin) / (_OF_AXES * width or width_of(axes))
    taken = [-math.inf] * _LABEL_ROWS
    for time, label, colour in sorted([*labels, (now, say("now"), FAINT)]):
        room = inch * (letters_inch(label, _LABEL_SIZE) + _LABEL_GAP)
        left = time + room > end and time - begin > end - time
        first = time - room if left else time
        row = next((row for row, until in enumerate(taken) if until <= first), taken.index(min(taken)))
        taken[row] = time if left else time + room
        axes.annotate(
            label,
            (time, 1.0),
            xycoords=axes.get_xaxis_transform(),
            xytext=(-4 if left else 4, -2 - 11 * row),
            textcoords="offset points",
            fontsize=_LABEL_SIZE,
            color=colour,
            va="top",
            ha="right" if left else "left",
            zorder=6,
            parse_math=False,
            annotation_clip=True,
            bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.75},
        )


def course_of(scenario: Scenario, key: tuple[str, str]) -> Course:
    """Return what axes have to know of a quantity at a place over time."""
    return Course(*key, scenario.place(key[1]).timezone, scenario.times, scenario.horizon_h)


def draw_figures(
    axes: Axes, scenario: Scenario, key: tuple[str, str], *, used: Collection[str] | None = None
) -> tuple[float, set[str]]:
    """Draw the figures of one panel as worded; return the highest value and the marks drawn.

    Parameters
    ----------
    axes : matplotlib Axes
    scenario : Scenario
    key : (quantity, place)
    used : collection of str, optional
        The ids of the figures that a fit used; the others are hollow. None where there is no fit: all are filled.
    """
    highest, marks = 0.0, set()
    for figure, ends in figures_on_curve(scenario, key):
        filled = used is None or figure.id in used
        _draw_time(axes, figure, ends)
        mark = _DRAW[_shape(figure, ends)](axes, days(figure.time), ends, filled)
        marks |= {mark} if filled else {mark, "not used"}
        highest = max(highest, min(ends[1], max(ends[0], 0.0)))
    return highest, marks


def figures_on_curve(
    scenario: Scenario, key: tuple[str, str] | None = None
) -> list[tuple[Figure, tuple[float, float]]]:
    """Return the figures that lie on the curve of their quantity, each with its ends on the scale of the curve.

    Those of `key`, a quantity and a place, if it is given.
    """
    wanted = (figure for figure in scenario.figure_records if key in {None, (figure.quantity, figure.place)})
    on_curve = [figure for figure in wanted if _on_curve(figure, scenario)]
    return [(figure, ends) for figure in on_curve if (ends := _ends(figure, scenario)) is not None]


def _on_curve(figure: Figure, scenario: Scenario) -> bool:
    """Return whether a figure lies on the curve itself: not a change, nor restorations since a later event."""
    if figure.reads_as.on_curve:
        return True
    begun = sum(event.time <= figure.time for event in scenario.events)
    return is_restored(QUANTITIES[figure.quantity]) and figure.period_start is None and begun == 1


def _ends(figure: Figure, scenario: Scenario) -> tuple[float, float] | None:
    """Return the ends of a figure on the scale of its curve: its number, or the range that it allows."""
    stock = stock_range(figure, scenario)
    ends = figure.allowed(stock)
    if ends is not None and figure.wording.mark == "point":
        ends = figure.numbers[0], figure.numbers[0]
    if ends is None or not figure.is_share or QUANTITIES[figure.quantity].is_share:
        return ends
    if stock is None:
        return None
    return ends[0] * stock[0 if ends[0] > 0 else 1], ends[1] * stock[1 if ends[1] > 0 else 0]


def _shape(figure: Figure, ends: tuple[float, float]) -> Mark:
    """Return the mark of a figure; a share of an uncertain stock is a bar too."""
    mark = figure.wording.mark
    return mark if mark == "arrow" else "point" if ends[0] == ends[1] else "bar"


def _draw_time(axes: Axes, figure: Figure, ends: tuple[float, float]) -> None:
    """Draw the possible times of a figure, or the period of an extreme."""
    begin = end = days(figure.time)
    if figure.reads_as.extreme == 0:
        begin, end = begin - figure.time_uncertainty_h / 24, end + figure.time_uncertainty_h / 24
    elif figure.period_start is not None:
        begin = days(figure.period_start)
    if begin < end:
        axes.plot([begin, end], [_middle(ends), _middle(ends)], color=INK, linewidth=1, zorder=4)


def _middle(ends: tuple[float, float]) -> float:
    return float(np.mean([end for end in ends if math.isfinite(end)]))


def _draw_point(axes: Axes, time: float, ends: tuple[float, float], filled: bool) -> str:
    axes.plot([time], [ends[0]], marker="o", markersize=6.5, zorder=6, linestyle="none", **point(filled))
    return "figure"


def _draw_bar(axes: Axes, time: float, ends: tuple[float, float], filled: bool) -> str:
    middle = _middle(ends)
    bar = axes.errorbar(
        [time],
        [middle],
        yerr=[[middle - ends[0]], [ends[1] - middle]],
        fmt="none",
        ecolor=INK,
        elinewidth=1.6,
        capsize=4,
        capthick=1.6,
        zorder=5,
    )
    bar.lines[2][0].set_linestyle("-" if filled else ":")
    return "range"


def _draw_arrow(axes: Axes, time: float, ends: tuple[float, float], filled: bool) -> str:
    rises = math.isfinite(ends[0])
    axes.annotate(
        "",
        (time, _middle(ends)),
        xytext=(0, 20 if rises else -20),
        textcoords="offset points",
        zorder=5,
        arrowprops={
            "arrowstyle": "<|-",
            "edgecolor": INK,
            "facecolor": INK if filled else "white",
            "linewidth": 1.3,
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )
    axes.plot([time], [_middle(ends)], "_", markersize=11, markeredgewidth=2, color=INK, zorder=6)
    return "at least" if rises else "up to"


_DRAW: dict[Mark, Callable[[Axes, float, tuple[float, float], bool], str]] = {
    "point": _draw_point,
    "bar": _draw_bar,
    "arrow": _draw_arrow,
}
"""The function that draws each mark and returns its legend label; hollow marks were not used in the fit."""


def point(filled: bool) -> dict[str, Any]:
    """Return the style of a point; hollow points were not used in the fit."""
    return {
        "markerfacecolor": INK if filled else "white",
        "markeredgecolor": "white" if filled else INK,
        "markeredgewidth": 0.9 if filled else 1.3,
    }
