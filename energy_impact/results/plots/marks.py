"""What is marked beside the curves: published figures as they were worded, events, and now."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from energy_impact.results.plots.style import FAINT, INK, days, width_of
from energy_impact.results.tables.summary import stated_bounds, stock_range
from energy_impact.vocabulary import ORDERS, QUANTITIES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from energy_impact.results.members import Members
    from energy_impact.scenario import Scenario

_EVENT = "#E69F00"
_LABEL_INCH = 1.0
"""Room for the name of an event; nearer ones stand below each other. [inch]"""
_LABEL_LETTERS = 28
"""A longer name of an event is cut."""


def draw_events(axes: Axes, scenario: Scenario, *, named: bool = True, width: float = 0.0) -> None:
    """Mark events, and the moment after which all is forecast.

    Parameters
    ----------
    axes : matplotlib Axes
    scenario : Scenario
    named : bool
        Whether to write their names.
    width : float
        Width of the axes, for names that would meet; by default as the axes are now. [inch]
    """
    labels = []
    for event in scenario.events:
        begin = days(event.time)
        axes.axvspan(begin, days(event.end), color=_EVENT, alpha=0.3, linewidth=0, zorder=0.8)
        axes.axvline(begin, color=INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1.5)
        name = event.name or event.kind.replace("_", " ")
        labels.append((begin, name if len(name) <= _LABEL_LETTERS else f"{name[: _LABEL_LETTERS - 1]}…", INK))
    now = days(scenario.now)
    axes.axvline(now, color=FAINT, linewidth=0.9, linestyle=":", zorder=1.5)
    if not named:
        return
    crowded = _LABEL_INCH / (width or width_of(axes)) * (days(scenario.end) - days(scenario.start))
    row, previous = 0, -math.inf
    for time, label, colour in sorted([*labels, (now, "now", FAINT)]):
        row = (row + 1) % 3 if time - previous < crowded else 0
        previous = time
        left = days(scenario.end) - time < crowded / 2
        axes.annotate(
            label,
            (time, 1.0),
            xycoords=axes.get_xaxis_transform(),
            xytext=(-4 if left else 4, -2 - 11 * row),
            textcoords="offset points",
            fontsize=8.5,
            color=colour,
            va="top",
            ha="right" if left else "left",
            zorder=6,
            parse_math=False,
            bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.75},
        )


def draw_figures(axes: Axes, estimate: Members, quantity: str, place: str) -> tuple[float, set[str]]:
    """Draw the figures of one panel as they were worded; return the highest value and the marks drawn."""
    table = estimate.scenario.figures
    rows = table[(table["quantity"] == quantity) & (table["place"] == place)]
    fit = estimate.figure_fit
    used = set() if fit is None else {name for name, use in zip(fit.ids, fit.used, strict=True) if use}
    highest, marks = 0.0, set()
    for row in rows.to_dict("records"):
        bounds = _in_counts(row, estimate.scenario) if _on_curve(row, estimate.scenario) else None
        if bounds is not None:
            filled = row["id"] in used
            mark = _draw_figure(axes, row, bounds, filled=filled)
            marks |= {mark} if filled else {mark, "not used"}
            highest = max(highest, bounds[0] if row["qualifier"] in ORDERS else min(bounds[1], max(bounds[0], 0.0)))
    return highest, marks


def _on_curve(figure: dict[Any, Any], scenario: Scenario) -> bool:
    """Whether a figure speaks of the curve itself: not of a change, nor of what was restored since a later event."""
    if figure["kind"] not in {"flow", "change"}:
        return True
    begun = sum(event.time <= figure["time"] for event in scenario.events)
    return bool(figure["quantity"].endswith("_restored") and pd.isna(figure["period_start"]) and begun == 1)


def _in_counts(figure: dict[Any, Any], scenario: Scenario) -> tuple[float, float] | None:
    """Return what a figure allows, a share of a stock as a count."""
    stated = stated_bounds(figure, scenario)
    if stated is None or figure["unit"] != "share" or QUANTITIES[figure["quantity"]].is_share:
        return stated
    stock = stock_range(figure, scenario)
    if stock is None:
        return None
    return stated[0] * stock[0 if stated[0] > 0 else 1], stated[1] * stock[1 if stated[1] > 0 else 0]


def _draw_figure(axes: Axes, figure: dict[Any, Any], bounds: tuple[float, float], *, filled: bool) -> str:
    """Draw one figure as a point, an arrow on the open side, or a bar, and return which."""
    low, high = bounds
    time = days(figure["time"])
    if figure["kind"] in {"minimum", "maximum"}:
        begin, end = time if pd.isna(figure["period_start"]) else days(figure["period_start"]), time
    else:
        begin, end = time - figure["time_uncertainty_h"] / 24, time + figure["time_uncertainty_h"] / 24
    level = [edge for edge in bounds if math.isfinite(edge)]
    middle = float(np.mean(level))
    if begin < end:
        axes.plot([begin, end], [middle, middle], color=INK, linewidth=1, zorder=4)
    if low == high:
        axes.plot([time], [low], marker="o", markersize=6.5, zorder=6, linestyle="none", **point(filled))
        return "figure"
    if len(level) == 2:
        bar = axes.errorbar(
            [time],
            [middle],
            yerr=[[middle - low], [high - middle]],
            fmt="none",
            ecolor=INK,
            elinewidth=1.6,
            capsize=4,
            capthick=1.6,
            zorder=5,
        )
        bar.lines[2][0].set_linestyle("-" if filled else ":")
        return "range"
    rises = math.isfinite(low)
    axes.annotate(
        "",
        (time, middle),
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
    axes.plot([time], [middle], "_", markersize=11, markeredgewidth=2, color=INK, zorder=6)
    return "at least" if rises else "up to"


def point(filled: bool) -> dict[str, Any]:
    """Return the look of a point; a hollow one was not used in the fit."""
    return {
        "markerfacecolor": INK if filled else "white",
        "markeredgecolor": "white" if filled else INK,
        "markeredgewidth": 0.9 if filled else 1.3,
    }
