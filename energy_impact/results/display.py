"""What notebooks show of figures, a curve, a run and options compared: a small picture, and a table."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from energy_impact.quantities import QUANTITIES
from energy_impact.results.plots.curves import draw_ensemble
from energy_impact.results.plots.options import default_curve, draw_options
from energy_impact.results.plots.published import draw_published, most_published
from energy_impact.results.report.front import option_table
from energy_impact.results.report.markup import Markup, element
from energy_impact.results.report.sentences import answers
from energy_impact.results.report.svg import curve_svg, figure_svg
from energy_impact.results.report.tables import summary_table
from energy_impact.results.tables.headline import headline
from energy_impact.results.tables.options import option_rows
from energy_impact.results.tables.summary import main_curves, summary_rows
from energy_impact.results.terminal import first_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

    from energy_impact.results.curve import Curve
    from energy_impact.results.members import Members
    from energy_impact.scenario import Scenario

LEVEL = 0.9
"""Probability of the intervals shown."""
_WIDTH = "max-width: 32rem"


def curve_html(curve: Curve) -> str:
    """Return a curve as a small picture with its name."""

    def draw(figure: Figure) -> None:
        draw_ensemble(curve, figure.subplots())

    name = _name(curve.quantity, curve.place)
    title = f"{curve.place}: {QUANTITIES[curve.quantity].title}"
    description = f"Median and bands of {len(curve.draws):,} simulated courses, in {curve.unit}."
    return element("div", figure_svg(draw, name=name, title=title, description=description), style=_WIDTH)


def figures_svg(scenario: Scenario) -> str:
    """Return the figures of the outage with most of them as a small picture; nothing if none can be drawn."""
    key = most_published(scenario)
    if key is None:
        return ""

    def draw(figure: Figure) -> None:
        draw_published(scenario, key, figure)

    title = f"{key[1]}: {QUANTITIES[key[0]].title}"
    picture = figure_svg(draw, name=_name("figures", *key), title=title, description="Published figures, no fit.")
    return element("div", picture, style=_WIDTH)


def estimate_html(estimate: Members) -> str:
    """Return people first, the first curve, and the rows that matter first."""
    rows = summary_rows(estimate, LEVEL)
    key = main_curves(estimate)[0]
    found = answers(estimate, rows, level=LEVEL)
    title = f"{key[1]}: {QUANTITIES[key[0]].title}"
    picture = curve_svg(
        estimate,
        key,
        levels=(0.5, LEVEL),
        name=_name(*key),
        title=title,
        description=found[0].first if found else title,
    )
    return element(
        "div",
        element("p", element("strong", headline(estimate, level=LEVEL))),
        element("p", f"Status: {estimate.status}. {estimate.fit_text}"),
        element("p", title),
        element("div", picture, style=_WIDTH),
        summary_table(_name("summary", *key), "What matters first", first_rows(estimate, rows), LEVEL),
    )


def options_html(options: Mapping[str, Members]) -> str:
    """Return the picture of options compared, and what matters first of them."""
    first = next(iter(options.values()))
    quantity, place = default_curve(first)

    def draw(figure: Figure) -> None:
        draw_options(options, quantity, place, figure, level=LEVEL)

    title = f"{place}: {QUANTITIES[quantity].title}"
    name = _name("options", quantity, place)
    picture = figure_svg(draw, name=name, title=title, description=", ".join(options), size=(5.2, 5.6))
    return Markup(element("div", picture, style=_WIDTH) + option_table(option_rows(options, LEVEL), LEVEL))


def _name(*parts: str) -> str:
    """Return a name for ids, the same for the same parts."""
    return f"x{hashlib.sha256(' '.join(parts).encode()).hexdigest()[:12]}"
