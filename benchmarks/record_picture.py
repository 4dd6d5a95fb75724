"""The reliability diagram of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import PercentFormatter
from record_tables import HARD

from energy_impact.results.plots import style

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from matplotlib.axes import Axes

LEVELS = np.linspace(0.05, 0.95, 19)
GROUPS = {
    "storms and shutoffs": (("storm", "planned_shutoff"), "#0072B2", "-"),
    "grid failures": (("grid_failure",), "#009E73", "--"),
    "attacks, accidents, local faults": (HARD, "#D55E00", "-."),
}
"""Kinds, colour (Okabe and Ito) and line of each curve."""


def draw(rows: pd.DataFrame, path: Path) -> None:
    """Draw how often bands held and how often truths lay below quantiles, by kind."""
    figure = style.new_figure(1, 2, panel_height=3.4)
    bands, quantiles = figure.axes
    for label, (kinds, colour, line) in GROUPS.items():
        pit = rows.loc[rows["kind"].isin(kinds), "pit"].to_numpy(float)
        if not len(pit):
            continue
        named = f"{label} ({len(pit):,} forecasts)"
        look = {"color": colour, "linestyle": line, "linewidth": 2.2}
        bands.plot(LEVELS, [(np.abs(pit - 0.5) <= level / 2).mean() for level in LEVELS], label=named, **look)
        quantiles.plot(LEVELS, [(pit <= level).mean() for level in LEVELS], label=named, **look)
    _format(bands, "Bands: how often they held the truth", "probability of the central band", "held")
    _format(quantiles, "Quantiles: how often the truth lay below", "quantile of the forecast", "truth below")
    bands.legend(loc="upper left", framealpha=0.85, edgecolor="none", fontsize=8.5)
    figure.savefig(path, metadata={"Software": None})


def _format(axes: Axes, title: str, across: str, up: str) -> None:
    axes.plot([0, 1], [0, 1], color=style.FAINT, linestyle=":", linewidth=1.2)
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", color=style.INK)
    axes.set_xlabel(across, fontsize=9, color=style.INK)
    axes.set_ylabel(up, fontsize=9, color=style.INK)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
    axes.tick_params(labelsize=9, colors=style.INK, length=3)
    axes.grid(color="#DDDDDD", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
