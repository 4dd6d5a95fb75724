"""The common style of all plots: colours, bands, time axes. Nothing here knows a scenario."""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import sys
import textwrap
import threading
from functools import wraps
from typing import TYPE_CHECKING, Literal, NamedTuple, ParamSpec, TypeGuard, TypeVar, cast

import numpy as np
import pandas as pd

from energy_impact._checks import brief
from energy_impact._language import digits, language, say, short_day, speaking
from energy_impact.quantities import COLD_LIMITS_C, QUANTITIES
from energy_impact.results import metrics, words
from energy_impact.systems import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from energy_impact.records import Line
    from energy_impact.results.curve import Curve

P = ParamSpec("P")
T = TypeVar("T")

OTHER_COLOUR = "#CC79A7"
OTHER_LINE = ":"
"""Colour and line of quantities without a system."""

INK = "#222222"
FAINT = "#6B6B6B"
DIM = "#EEEEEE"
DIM_EDGE = "#808080"
MOST_TICKS = 9
TICK_INCH = 0.65
"""Room for the label of a tick. [inch]"""
LEGEND_INCH = 5.0
"""Least width of axes with room for a legend. [inch]"""
_LEGEND_SIZE, _HANDLE_INCH = 8.5, 0.6
"""Size of its letters [point], and width of the sample before them with its gaps [inch]."""
_LABELS_INCH = 0.42
"""Room below axes for the labels of times. [inch]"""
_LIMIT_INCH = 0.16
"""Room for the label of a limit; nearer limits have no label. [inch]"""
_GROWTH = 1.1
"""By how much the layout widens axes, at least."""
_LEAST_LETTERS = 20
"""Least letters of a line of a title, however narrow its place."""
_LETTER_INCH = 0.08
"""Width of a letter of the label of a tick. [inch]"""
LINE_INCH = 0.17
"""Height of its line. [inch]"""
_GAP_INCH = 0.12
"""Length of a tick with the gaps around it. [inch]"""


class Course(NamedTuple):
    """What axes have to know of figures over time; a Curve has it too."""

    quantity: str
    place: str
    timezone: str
    times: pd.DatetimeIndex
    horizon_h: float


POINTS = 72
"""Points per inch."""

DRAWING = threading.RLock()
"""matplotlib shares its settings, fonts and layout between threads: one draws at a time."""


def alone(draw: Callable[P, T]) -> Callable[P, T]:
    """Return a function that draws while no other thread does, whatever backend the environment asks for."""

    @wraps(draw)
    def drawn(*given: P.args, **named: P.kwargs) -> T:
        with DRAWING:
            _import_matplotlib()
            return draw(*given, **named)

    return drawn


def _import_matplotlib() -> None:
    """Import matplotlib, also where MPLBACKEND names a backend that it does not know: figures need none."""
    if "matplotlib" in sys.modules:
        return
    backend = os.environ.pop("MPLBACKEND", None)
    try:
        settings = importlib.import_module("matplotlib").rcParams
    finally:
        if backend is not None:
            os.environ["MPLBACKEND"] = backend
    if backend:
        with contextlib.suppress(ValueError):
            settings["backend"] = backend


def check_place(ax: object) -> None:
    """Raise a ValueError unless `ax` is None, matplotlib Axes or a Figure."""
    from matplotlib.figure import FigureBase

    if not (ax is None or is_axes(ax) or isinstance(ax, FigureBase)):
        raise ValueError(f"ax: must be matplotlib Axes, a Figure or None, got {brief(ax)}")


def is_axes(ax: object) -> TypeGuard[Axes]:
    """Return whether `ax` is matplotlib Axes."""
    from matplotlib.axes import Axes

    return isinstance(ax, Axes)


def panels_in(ax: Axes | Figure | None, rows: int = 1, columns: int = 1, *, panel_height: float = 2.9) -> list[Axes]:
    """
    Return axes to draw panels on, row by row, with common times.

    Parameters
    ----------
    ax : Axes, Figure or None
        Axes, whose place the panels share; a figure or subfigure, which they fill; or a new figure.
    rows, columns : int
    panel_height : float
        Of a new figure. [inch]

    Raises
    ------
    ValueError
        If several panels are to share axes that are no subplot.
    """
    if ax is None:
        return list(new_figure(rows, columns, panel_height=panel_height).axes)
    if not is_axes(ax):
        return [*np.ravel(cast("Figure", ax).subplots(rows, columns, sharex=True, squeeze=False))]
    if rows * columns == 1:
        return [ax]
    place = ax.get_subplotspec()
    if place is None:
        raise ValueError(f"ax: must be a subplot or a Figure for a picture of {rows * columns} panels, got {ax!r}")
    ax.remove()
    grid = place.subgridspec(rows, columns)
    return [*np.ravel(grid.subplots(sharex=True, squeeze=False))]


def figure_of(axes: Axes) -> Figure:
    """Return the figure, or subfigure, that axes are in."""
    return cast("Figure", axes.figure)


def new_figure(rows: int, columns: int = 1, *, panel_height: float = 2.9) -> Figure:
    """Return a figure with its axes, without a window system; the height is in inches."""
    figure = blank_figure((8.5 if columns == 1 else 13, 1.6 + panel_height * rows), 120)
    figure.subplots(rows, columns, sharex=True)
    return figure


def blank_figure(size: tuple[float, float], dpi: int) -> Figure:
    """Return a figure without axes; its width and height are in inches."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained", dpi=dpi)
    FigureCanvasAgg(figure)
    return figure


def inches(figure: Figure) -> float:
    """Return the width of a figure or a subfigure in inches."""
    return float(figure.bbox.width / figure.dpi)


def days(time: pd.Timestamp) -> float:
    """Return a time as a matplotlib date [days]."""
    from matplotlib.dates import date2num

    return float(date2num(time.to_pydatetime()))  # type: ignore[no-untyped-call]


def days_of(times: pd.DatetimeIndex) -> list[float]:
    """Return times as matplotlib dates [days]."""
    from matplotlib.dates import date2num

    return list(date2num(times.tz_convert(None).to_numpy()))  # type: ignore[no-untyped-call]


def tint(colour: str, share: float) -> tuple[float, float, float]:
    """Return a colour mixed with white."""
    from matplotlib.colors import to_rgb

    red, green, blue = (share * part + (1 - share) for part in to_rgb(colour))
    return red, green, blue


def strength(number: int, bands: int) -> float:
    """Return the strength of a band's colour; the widest band is palest."""
    return 0.25 + 0.35 * number / max(bands - 1, 1)


def percent(level: float) -> str:
    """Return the label of a band."""
    return say("{percent:g} % range", percent=100 * level)


def look_of(quantity: str) -> tuple[str, Line]:
    """Return the colour and line of a quantity, which are those of its system."""
    system = SYSTEMS.get(QUANTITIES[quantity].system or "")
    return (OTHER_COLOUR, OTHER_LINE) if system is None else (system.colour, system.line)


def fan_levels(levels: Sequence[float]) -> list[float]:
    """Return the quantile levels that `fan` draws: the ends of each band, widest first, and the median."""
    wide = sorted(levels, reverse=True)
    return [*(end for level in wide for end in metrics.central_levels(level)[::2]), 0.5]


def fan(
    axes: Axes,
    times: pd.DatetimeIndex,
    quantiles: NDArray[np.float64],
    levels: Sequence[float],
    look: tuple[str, Line],
    label: str = "",
) -> tuple[float, float]:
    """Draw the bands, widest first, and the median; return the lowest and the highest value drawn.

    Parameters
    ----------
    axes : matplotlib Axes
    times : DatetimeIndex
    quantiles : ndarray, (quantile levels, times)
        At `fan_levels` of the levels.
    levels : sequence of float
        Probabilities of the bands.
    look : (str, str)
        Colour and line.
    label : str
        What stands before the names of bands and median in a legend.
    """
    colour, line = look
    wide = sorted(levels, reverse=True)
    *bounds, median = quantiles
    when = days_of(times)
    for number, level in enumerate(wide):
        low, high = bounds[2 * number], bounds[2 * number + 1]
        shade = tint(colour, strength(number, len(wide)))
        axes.fill_between(
            when, low, high, color=shade, linewidth=0, label=f"{label}{percent(level)}", zorder=1 + 0.01 * number
        )
    axes.plot(when, median, color=colour, linestyle=line, linewidth=2.2, label=f"{label}{say('median')}")
    return float(quantiles.min()), float(quantiles.max())


def dim_fan(axes: Axes, ensemble: Curve, level: float, label: str) -> tuple[float, float]:
    """Draw one band and the median, dimmed, behind everything; return the lowest and the highest value drawn."""
    low, median, high = metrics.quantiles(ensemble.draws, metrics.central_levels(level))
    when = days_of(ensemble.times)
    axes.fill_between(
        when,
        low,
        high,
        facecolor=DIM,
        edgecolor=DIM_EDGE,
        linewidth=1,
        linestyle=(0, (1, 1.5)),
        label=f"{label}, {percent(level)}",
        zorder=0.6,
    )
    axes.plot(
        when,
        median,
        color=DIM_EDGE,
        linestyle=(0, (5, 2)),
        linewidth=1.3,
        label=f"{label}, {say('median')}",
        zorder=1.4,
    )
    return float(low.min()), float(high.max())


def letters_width(labels: Sequence[str]) -> float:
    """Return the width of the longest label of a tick by its number of letters [inch]."""
    return _LETTER_INCH * max(map(len, labels), default=0)


def letters_inch(text: str, size: float, weight: Literal["bold", "normal"] = "normal") -> float:
    """Return the width of text as it is drawn at a size [point], in inches."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size, weight=weight)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]) / POINTS


def folded(text: str, width: float, size: float, weight: Literal["bold", "normal"] = "bold") -> str:
    """Return text in lines that fit a width [inch], as they are drawn at a size [point]."""
    whole = letters_inch(text, size, weight)
    letters = len(text) if whole <= width else max(int(len(text) * width / whole), _LEAST_LETTERS)
    lines = textwrap.wrap(text, max(letters, 1))
    while letters > _LEAST_LETTERS and max(letters_inch(line, size, weight) for line in lines) > width:
        letters -= 1
        lines = textwrap.wrap(text, letters)
    return "\n".join(lines)


def place_names(panels: Sequence[Axes]) -> tuple[float, float]:
    """
    Place the names of axes beyond the labels of their ticks, by the number of letters, and return how far [inch].

    Left to matplotlib, all labels are measured several times for it: this is for pictures that nobody changes.

    Returns
    -------
    beside, below : float
    """
    from matplotlib.transforms import ScaledTranslation

    labels = [axes.yaxis.get_major_formatter().format_ticks([*axes.get_yticks()]) for axes in panels]
    beside, below = _GAP_INCH + max(map(letters_width, labels)), _GAP_INCH + LINE_INCH
    for axes in panels:
        inch = axes.figure.dpi_scale_trans
        axes.yaxis.set_label_coords(0, 0.5, axes.transAxes + ScaledTranslation(-beside, 0, inch))
        axes.xaxis.set_label_coords(0.5, 0, axes.transAxes + ScaledTranslation(0, -below, inch))
    return beside, below


def width_of(axes: Axes) -> float:
    """Return the width of axes in inches, before the layout is final."""
    return float(axes.bbox.width / axes.figure.dpi)


def format_axes(
    axes: Axes, ensemble: Curve | Course, *, span: tuple[float, float], title: str = "", ticks: int = 0
) -> None:
    """Set title, axes and grid.

    Parameters
    ----------
    axes : matplotlib Axes
    ensemble : Curve or Course
        Source of times, timezone and unit.
    span : (float, float)
        The lowest and the highest value to show; ignored for temperatures, which scale themselves.
    title : str
        By default place and quantity.
    ticks : int
        Maximum number of labels on the time axis; by default as many as fit.
    """
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    quantity = QUANTITIES[ensemble.quantity]
    width = width_of(axes)
    axes.set_xticks(*_ticks(ensemble, ticks or min(MOST_TICKS, max(int(width / TICK_INCH), 2))))
    axes.set_xlim(days(ensemble.times[0]), days(ensemble.times[-1]))
    axes.tick_params(labelbottom=True, labelsize=9, colors=INK, length=3)
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    if quantity.is_temperature:
        _draw_limits(axes, ensemble)
    else:
        low, high = span
        axes.set_ylim(low, high if high > low else low + 1)
        axes.yaxis.set_major_formatter(FuncFormatter(_numbers(",.0f" if high > 10 else "g")))
    years = dict.fromkeys(f"{time.tz_convert(ensemble.timezone):%Y}" for time in ensemble.times[[0, -1]])
    first, last = next(iter(years)), [*years][-1]
    both = first if first == last else say("{low} to {high}", low=first, high=last)
    label = say("{years}, time in {zone}", years=both, zone=ensemble.timezone)
    axes.set_xlabel(label, fontsize=8.5, color=FAINT)
    axes.set_ylabel("°C" if quantity.is_temperature else words.unit(quantity.unit), fontsize=9, color=INK)
    own = f"{words.place(ensemble.place)}: {words.title(ensemble.quantity)}"
    grows = _GROWTH if axes.figure.get_layout_engine() is not None else 1.0
    heading = folded(title or own, grows * width, 11)
    axes.set_title(heading, loc="left", fontsize=11, fontweight="bold", color=INK, parse_math=False)
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _numbers(form: str) -> Callable[[float, int | None], str]:
    """Return what writes numbers at an axis in the language that is in force now; figures are drawn later."""
    code = language()

    def written(number: float, _: int | None) -> str:
        with speaking(code):
            return digits(format(number, form)).replace("-", "\N{MINUS SIGN}")

    return written


def add_legend(axes: Axes) -> None:
    """Add a legend: in a corner on the right, or below axes where it would hide what is drawn there or has no room."""
    from matplotlib.transforms import ScaledTranslation

    labels = axes.get_legend_handles_labels()[1]
    entry = _HANDLE_INCH + max((letters_inch(label, _LEGEND_SIZE) for label in labels), default=0.0)
    width, height = width_of(axes), axes.bbox.height / axes.figure.dpi
    box = entry / width, (len(labels) * LINE_INCH + _GAP_INCH) / height
    corners: tuple[Literal["upper right", "lower right"], ...] = ("upper right", "lower right")
    corner = next((one for one in corners if width >= LEGEND_INCH and _is_free(axes, one, box)), None)
    if corner is not None:
        legend = axes.legend(loc=corner, framealpha=0.85, edgecolor="none", fontsize=_LEGEND_SIZE)
    else:
        below = axes.transAxes + ScaledTranslation(0, -_LABELS_INCH, axes.figure.dpi_scale_trans)
        columns = min(max(int(width / entry), 1), len(labels))
        look = {"frameon": False, "fontsize": _LEGEND_SIZE, "ncols": columns, "columnspacing": 1.3}
        legend = axes.legend(loc="upper left", bbox_to_anchor=(0, 0), bbox_transform=below, **look)
    for text in legend.get_texts():
        text.set_parse_math(False)


def _is_free(axes: Axes, corner: str, box: tuple[float, float]) -> bool:
    """Return whether no curve and no band reaches into a corner on the right, of a width and height as shares."""
    lines = [line.get_xydata() for line in axes.lines if line.get_transform() == axes.transData]
    bands = [path.vertices for drawn in axes.collections for path in drawn.get_paths()]
    points = [np.asarray(drawn, np.float64) for drawn in (*lines, *bands)]
    if not points:
        return True
    across, up = axes.transAxes.inverted().transform(axes.transData.transform(np.concatenate(points))).T
    near = up > 1 - box[1] if corner == "upper right" else up < box[1]
    return not bool(np.any((across > 1 - box[0]) & (across <= 1) & near))


def _ticks(ensemble: Curve | Course, most: int) -> tuple[list[float], list[str]]:
    """Return tick times, evenly spaced on local clocks, and their labels; midnights only, if they suffice."""
    local = ensemble.times.tz_convert(ensemble.timezone)
    clock = local.tz_localize(None)
    wall = pd.date_range(clock[0].normalize(), clock[-1], freq=f"{metrics.round_step(ensemble.horizon_h, most)}h")
    # a skipped hour moves to the next valid time, a repeated hour is the first of the two
    ticks = wall.tz_localize(local.tz, nonexistent="shift_forward", ambiguous=np.ones(len(wall), bool))
    keep = (ticks >= local[0]) & ~ticks.duplicated(keep="last")
    labels = [f"{t:%H:%M}" if t.hour or t.minute else short_day(t) for t in wall[keep]]
    return days_of(ticks[keep]), labels


def _draw_limits(axes: Axes, ensemble: Curve | Course) -> None:
    """Draw the temperatures that define a cold home, if they lie within the plot."""
    if ensemble.quantity != "indoor_temperature_c":
        return
    low, high = axes.get_ylim()
    degrees = _LIMIT_INCH / (axes.bbox.height / axes.figure.dpi) * (high - low)
    labelled = math.inf
    for limit in COLD_LIMITS_C.values():
        if not low < limit < high:
            continue
        axes.axhline(limit, color=INK, linewidth=0.9, linestyle=(0, (1, 2)), zorder=1.6)
        if labelled - limit < degrees:
            continue
        labelled = limit
        axes.annotate(
            f"{limit:g} °C",
            (1.0, limit),
            xycoords=axes.get_yaxis_transform(),
            xytext=(3, 0),
            textcoords="offset points",
            fontsize=8.5,
            color=INK,
            va="center",
            annotation_clip=False,
        )
    axes.set_ylim(low, high)
