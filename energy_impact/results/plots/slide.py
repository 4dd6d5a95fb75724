"""One picture for a slide: 16 to 9, with the answer as its title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from energy_impact._checks import check_text
from energy_impact._language import say
from energy_impact.results import metrics, words
from energy_impact.results.plots.curves import draw_curve
from energy_impact.results.plots.style import (
    FAINT,
    INK,
    add_legend,
    alone,
    blank_figure,
    folded,
    inches,
    is_axes,
    width_of,
)
from energy_impact.results.tables.headline import first_tonight, how_sure, tonight_words
from energy_impact.results.tables.summary import main_curves
from energy_impact.results.terminal import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from energy_impact.results.members import Members

SIZE_INCH = (8.0, 4.5)
DPI = 240
"""1920 by 1080 pixels, with text that can be read from the back of a room."""
_MARGIN = 0.01
"""Margin beside title and note, as a share of the width."""


@alone
def draw_slide(estimate: Members, place: str | None, ax: Axes | Figure | None, *, level: float) -> Figure:
    """Draw the picture of `Estimate.plot_slide` and return its figure."""
    level = metrics.check_level(level)
    title, key = _answer(estimate, place, level)
    place_to_draw = blank_figure(SIZE_INCH, DPI) if ax is None else ax
    sheet = draw_curve(estimate, key, place_to_draw, levels=(level,) if level <= 0.5 else (0.5, level))
    axes = ax if is_axes(ax) else sheet.axes[-1]
    add_legend(axes)
    width = width_of(axes) if is_axes(ax) else inches(sheet)
    look: dict[str, Any] = {"ha": "left", "fontweight": "bold", "color": INK, "parse_math": False}
    if is_axes(ax):
        axes.set_title(folded(title, width, 11), loc="left", fontsize=11, **look)
        return sheet
    width *= 1 - 2 * _MARGIN
    sheet.suptitle(folded(title, width, 14), x=_MARGIN, fontsize=14, **look)
    note = folded(how_sure(estimate, key[1], level), width, 8.5, "normal")
    sheet.supxlabel(note, x=_MARGIN, ha="left", fontsize=8.5, color=FAINT)
    return sheet


def _answer(estimate: Members, place: str | None, level: float) -> tuple[str, tuple[str, str]]:
    """Return the answer in a sentence, and the curve that it speaks of."""
    if place is not None:
        place = estimate.scenario.place(check_text("place", place)).name
    tonight = first_tonight(estimate, level=level, place=place)
    if tonight is not None:
        return tonight_words(tonight), (tonight.quantity, tonight.place)
    main = main_curves(estimate)
    quantity, where = next((key for key in main if place in {None, key[1]}), (main[0][0], place or main[0][1]))
    low, now, high = metrics.quantiles(
        estimate[quantity, where].at(estimate.scenario.now)[:, 0], metrics.central_levels(level)
    )
    title = say(
        "About {now}, probably between {low} and {high}: {what} in {place}.",
        now=count(now),
        low=count(low),
        high=count(high),
        what=words.title(quantity),
        place=words.place(where),
    )
    return title, (quantity, where)
