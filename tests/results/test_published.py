"""Published figures over time, without a fit."""

from __future__ import annotations

from matplotlib.figure import Figure

import energy_impact as ei
from energy_impact.results.plots.published import draw_published, most_published


def figure(name: str, hour: int, **changes: object) -> dict[str, object]:
    common = {"id": name, "time": f"2026-01-19T{hour:02}:00Z", "place": "Town", "quantity": "power_customers_out"}
    return common | {"value": 400, "qualifier": "exact", "kind": "stock", "source": "city"} | changes


def scenario(*figures: dict[str, object]) -> ei.Scenario:
    storm = ei.Event("2026-01-19T06:00Z", kind="storm", duration_h=3)
    place = ei.Place("Town", timezone="Europe/Oslo", power_customers=5000, heat_buildings=90)
    return ei.Scenario("2026-01-19T00:00Z", 48, place, events=[storm], figures=figures)


def test_the_outage_with_most_figures_is_drawn() -> None:
    heat = {"quantity": "heat_buildings_out", "value": 40}
    known = scenario(figure("a", 10), figure("b", 12, **heat), figure("c", 14, **heat))
    assert most_published(known) == ("heat_buildings_out", "Town")


def test_changes_and_temperatures_are_no_outage_to_draw() -> None:
    frost = figure("a", 10, quantity="air_temperature_c", value=-8)
    assert most_published(scenario(frost)) is None
    assert most_published(scenario()) is None


def test_all_of_a_range_is_in_the_picture_below_the_names_of_events() -> None:
    """All marks are filled, as no fit has left any out."""
    known = scenario(figure("a", 10), figure("b", 12, qualifier="range", value=300, value_high=2000))
    sheet = Figure()
    draw_published(known, ("power_customers_out", "Town"), sheet)
    (axes,) = sheet.axes
    assert axes.get_ylim()[0] == 0
    assert axes.get_ylim()[1] > 1.2 * 2000
    assert axes.get_xlabel() == "2026, time in Europe/Oslo"
    (point,) = [line for line in axes.lines if line.get_marker() == "o"]
    assert point.get_ydata()[0] == 400
    assert point.get_markerfacecolor() != "white"
