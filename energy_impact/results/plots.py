"""Restoration curves with bands, and the figures drawn as they were worded. Nothing is shown, axes are returned."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from energy_impact.results import metrics
from energy_impact.results.tables import main_curves, stated_bounds, stock_range
from energy_impact.vocabulary import ORDERS, QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from energy_impact.results.ensemble import Ensemble
    from energy_impact.results.estimate import Estimate
    from energy_impact.scenario import Scenario

SYSTEM_COLOURS = {"heat": "#D55E00", "power": "#0072B2", "water": "#009E73"}
"""Okabe and Ito (2008), told apart with any colour vision."""
OTHER_COLOUR = "#CC79A7"
SYSTEM_LINES = {"heat": "-", "power": "--", "water": "-."}

_INK = "#222222"
_FAINT = "#6B6B6B"
_EVENT = "#E69F00"
_TICKS = 9
_TICK_INCH = 0.65
"""Room for the time at a tick. [inch]"""
_LABEL_INCH = 1.0
"""Room for the name of an event; nearer ones stand below each other. [inch]"""
_LABEL_LETTERS = 28
"""A longer name of an event is cut."""


def draw_ensemble(ensemble: Ensemble, ax: Axes | None = None, *, levels: Sequence[float] = (0.5, 0.9)) -> Axes:
    """Draw the median and central bands of one quantity at one place.

    Parameters
    ----------
    ensemble : Ensemble
    ax : matplotlib Axes, optional
        By default one in a new figure.
    levels : sequence of float
        Probabilities of the central bands.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If a level is not between 0 and 1.
    """
    own = ax is None
    axes = _new_figure(1, 1).axes[0] if ax is None else ax
    _dress(axes, ensemble, top=1.08 * _fan(axes, ensemble, levels))
    if own:
        axes.legend(frameon=False, fontsize=9)
    return axes


def draw_estimate(
    estimate: Estimate, figure: Figure | None = None, *, panels: Sequence[tuple[str, str]] | None = None,
    levels: Sequence[float] = (0.5, 0.9),
) -> Figure:  # fmt: skip
    """Draw the picture of `Estimate.plot`."""
    chosen = tuple(main_curves(estimate) if panels is None else panels)
    if not chosen:
        raise ValueError("panels: must name one (quantity, place) at least, got none")
    columns = 1 if len(chosen) <= 3 else 2
    rows = math.ceil(len(chosen) / columns)
    sheet = _new_figure(rows, columns) if figure is None else figure
    if figure is not None:
        sheet.subplots(rows, columns, sharex=True)
    width = sheet.get_figwidth() / columns
    marks: set[str] = set()
    for number, (axes, key) in enumerate(zip(sheet.axes, chosen, strict=False)):
        ensemble = estimate[key]
        highest, drawn = _draw_figures(axes, estimate, *key)
        marks |= drawn
        top = max(1.12 * _fan(axes, ensemble, levels), 1.25 * highest)
        _draw_events(axes, estimate.scenario, named=number < columns, room=_LABEL_INCH / width)
        _dress(axes, ensemble, top=top, ticks=min(_TICKS, int(width / _TICK_INCH)))
    for spare in sheet.axes[len(chosen) :]:
        spare.remove()
    sheet.align_ylabels()
    _frame(sheet, estimate, levels, marks)
    return sheet


def _new_figure(rows: int, columns: int) -> Figure:
    """Return a figure that needs no window system."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.5 if columns == 1 else 13, 1.6 + 2.9 * rows), layout="constrained", dpi=120)
    FigureCanvasAgg(figure)
    figure.subplots(rows, columns, sharex=True)
    return figure


def _days(time: pd.Timestamp) -> float:
    """Return a time as matplotlib counts it, in days."""
    from matplotlib.dates import date2num

    return float(date2num(time.to_pydatetime()))  # type: ignore[no-untyped-call]


def _tint(colour: str, share: float) -> tuple[float, float, float]:
    """Return a colour mixed with white."""
    from matplotlib.colors import to_rgb

    red, green, blue = (share * part + (1 - share) for part in to_rgb(colour))
    return red, green, blue


def _strength(number: int, bands: int) -> float:
    """Return how strong the colour of a band is, the widest palest."""
    return 0.25 + 0.35 * number / max(bands - 1, 1)


def _fan(axes: Axes, ensemble: Ensemble, levels: Sequence[float]) -> float:
    """Draw the bands, widest first, and the median; return the highest value drawn."""
    system = QUANTITIES[ensemble.quantity].system or ""
    colour = SYSTEM_COLOURS.get(system, OTHER_COLOUR)
    wide = sorted(levels, reverse=True)
    edges = [edge for level in wide for edge in metrics.central_levels(level)[::2]]
    *bounds, median = metrics.quantiles(ensemble.draws, [*edges, 0.5])
    when = [_days(time) for time in ensemble.times]
    for number, level in enumerate(wide):
        low, high = bounds[2 * number], bounds[2 * number + 1]
        shade = _tint(colour, _strength(number, len(wide)))
        axes.fill_between(when, low, high, color=shade, linewidth=0, label=_percent(level), zorder=1 + 0.01 * number)
    axes.plot(when, median, color=colour, linestyle=SYSTEM_LINES.get(system, ":"), linewidth=2.2, label="median")
    return float(np.max([*bounds, median]))


def _percent(level: float) -> str:
    return f"{100 * level:g} % of members"


def _dress(axes: Axes, ensemble: Ensemble, *, top: float, ticks: int = _TICKS) -> None:
    """Set title, axes and grid."""
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter

    words = QUANTITIES[ensemble.quantity]
    times = _ticks(ensemble, ticks)
    labels = [f"{t:%H:%M}" if t.hour or t.minute else f"{t.day} {t:%b}" for t in times]
    axes.set_xticks([_days(time) for time in times], labels)
    axes.set_xlim(_days(ensemble.times[0]), _days(ensemble.times[-1]))
    axes.tick_params(labelbottom=True, labelsize=9, colors=_INK, length=3)
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    if not words.is_temperature:
        axes.set_ylim(0, top if top > 0 else 1)
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}" if top > 10 else "{x:g}"))
    axes.set_xlabel(f"{times[0]:%Y}, time in {ensemble.timezone}", fontsize=8.5, color=_FAINT)
    axes.set_ylabel(words.unit, fontsize=9, color=_INK)
    axes.set_title(
        f"{ensemble.place}: {words.meaning}", loc="left", fontsize=11, fontweight="bold", color=_INK, parse_math=False
    )
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _ticks(ensemble: Ensemble, most: int) -> pd.DatetimeIndex:
    """Return evenly spaced local times to label, midnights where that is enough."""
    local = ensemble.times.tz_convert(ensemble.timezone)
    step = metrics.round_step(ensemble.horizon_h, most)
    frequency = f"{step // 24}D" if step >= 24 else f"{step}h"
    ticks = pd.date_range(local[0].normalize(), local[-1], freq=frequency)
    return ticks[ticks >= local[0]]


def _draw_events(axes: Axes, scenario: Scenario, *, named: bool, room: float) -> None:
    """Mark events, and the moment after which all is forecast; a name needs `room`, a share of the time axis."""
    labels = []
    for event in scenario.events:
        begin = _days(event.time)
        axes.axvspan(begin, _days(event.end), color=_EVENT, alpha=0.3, linewidth=0, zorder=0.8)
        axes.axvline(begin, color=_INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1.5)
        name = event.name or event.kind.replace("_", " ")
        labels.append((begin, name if len(name) <= _LABEL_LETTERS else f"{name[: _LABEL_LETTERS - 1]}…", _INK))
    now = _days(scenario.now)
    axes.axvline(now, color=_FAINT, linewidth=0.9, linestyle=":", zorder=1.5)
    if not named:
        return
    crowded = room * (_days(scenario.end) - _days(scenario.start))
    row, previous = 0, -math.inf
    for time, label, colour in sorted([*labels, (now, "now", _FAINT)]):
        row = (row + 1) % 3 if time - previous < crowded else 0
        previous = time
        axes.annotate(
            label, (time, 1.0), xycoords=axes.get_xaxis_transform(), xytext=(4, -2 - 11 * row),
            textcoords="offset points", fontsize=8.5, color=colour, va="top", zorder=6, parse_math=False,
            bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.75},
        )  # fmt: skip


def _draw_figures(axes: Axes, estimate: Estimate, quantity: str, place: str) -> tuple[float, set[str]]:
    """Draw the figures of one panel as they were worded; return the highest value and the marks drawn."""
    table = estimate.scenario.figures
    rows = table[(table["quantity"] == quantity) & (table["place"] == place) & ~table["kind"].isin(["flow", "change"])]
    fit = estimate.figure_fit
    used = set() if fit is None else {name for name, use in zip(fit.ids, fit.used, strict=True) if use}
    highest, marks = 0.0, set()
    for row in rows.to_dict("records"):
        bounds = _in_counts(row, estimate.scenario)
        if bounds is not None:
            filled = row["id"] in used
            mark = _draw_figure(axes, row, bounds, filled=filled)
            marks |= {mark} if filled else {mark, "not used"}
            highest = max(highest, bounds[0] if row["qualifier"] in ORDERS else min(bounds[1], max(bounds[0], 0.0)))
    return highest, marks


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
    time = _days(figure["time"])
    if figure["kind"] in {"minimum", "maximum"}:
        begin, end = time if pd.isna(figure["period_start"]) else _days(figure["period_start"]), time
    else:
        begin, end = time - figure["time_uncertainty_h"] / 24, time + figure["time_uncertainty_h"] / 24
    level = [edge for edge in bounds if math.isfinite(edge)]
    middle = float(np.mean(level))
    if begin < end:
        axes.plot([begin, end], [middle, middle], color=_INK, linewidth=1, zorder=4)
    if low == high:
        axes.plot([time], [low], marker="o", markersize=6.5, zorder=6, linestyle="none", **_mark(filled))
        return "figure"
    if len(level) == 2:
        bar = axes.errorbar(
            [time], [middle], yerr=[[middle - low], [high - middle]], fmt="none", ecolor=_INK, elinewidth=1.6,
            capsize=4, capthick=1.6, zorder=5,
        )  # fmt: skip
        bar.lines[2][0].set_linestyle("-" if filled else ":")
        return "range"
    rises = math.isfinite(low)
    axes.annotate(
        "", (time, middle), xytext=(0, 20 if rises else -20), textcoords="offset points", zorder=5,
        arrowprops={"arrowstyle": "<|-", "edgecolor": _INK, "facecolor": _INK if filled else "white",
                    "linewidth": 1.3, "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip
    axes.plot([time], [middle], "_", markersize=11, markeredgewidth=2, color=_INK, zorder=6)
    return "at least" if rises else "up to"


def _mark(filled: bool) -> dict[str, Any]:
    return {
        "markerfacecolor": _INK if filled else "white",
        "markeredgecolor": "white" if filled else _INK,
        "markeredgewidth": 0.9 if filled else 1.3,
    }


def _frame(figure: Figure, estimate: Estimate, levels: Sequence[float], marks: set[str]) -> None:
    """Add title, a legend of what is drawn, and the sentence of the status."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    wide = sorted(levels, reverse=True)
    shades = [_tint(_INK, 0.8 * _strength(number, len(wide))) for number in range(len(wide))]
    bands = [Patch(color=shade, label=_percent(level)) for shade, level in zip(shades, wide, strict=True)]
    handles = [*bands, Line2D([], [], color=_INK, linewidth=2.2, label="median")]
    shapes = (
        ("figure", {"marker": "o", **_mark(True)}),
        ("not used", {"marker": "o", **_mark(False)}),
        ("at least", {"marker": "^", "color": _INK}),
        ("up to", {"marker": "v", "color": _INK}),
        ("range", {"marker": "|", "color": _INK, "markersize": 11, "markeredgewidth": 1.6}),
    )
    handles += [Line2D([], [], linestyle="none", label=label, **style) for label, style in shapes if label in marks]
    legend = figure.legend(
        handles=handles, loc="outside lower left", ncols=len(handles), frameon=False, fontsize=8.5, columnspacing=1.3,
        handletextpad=0.5, title=textwrap.fill(estimate.status_text, int(16 * figure.get_figwidth())),
        title_fontsize=8.5, alignment="left",
    )  # fmt: skip
    legend.get_title().set_parse_math(False)
    title = estimate.scenario.title or estimate.scenario.name
    figure.suptitle(title, x=0.01, ha="left", fontsize=13, fontweight="bold", color=_INK, parse_math=False)
