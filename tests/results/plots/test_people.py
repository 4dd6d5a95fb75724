import dataclasses
import itertools
from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from energy_impact.quantities import COLD_LIMITS_C
from energy_impact.results.estimate import Estimate
from energy_impact.results.plots.style import FAINT

POWER, HEAT, WATER, ANY = "power_people_out", "heat_people_out", "water_people_out", "people_without_any"
COUNTS = {
    POWER: 300,
    HEAT: 500,
    WATER: 100,
    ANY: 600,
    "people_below_18c": 400,
    "people_below_16c": 300,
    "people_below_12c": 100,
    "people_below_5c": 0,
    "people_without_two": 250,
    "people_without_all": 50,
}


@pytest.fixture
def of_people(make_estimate: Callable[..., Estimate]) -> Callable[..., Estimate]:
    """Return a maker of estimates whose three members hold 0.5, 1 and 2 times a constant number of people."""

    def make(*quantities: str) -> Estimate:
        members = np.array([0.5, 1, 2], np.float32)[:, None]
        return make_estimate(
            available=tuple((name, "City") for name in quantities),
            curves=lambda quantity, _: members * np.full(97, COUNTS[quantity], np.float32),
        )

    return make


def areas(axes) -> dict[str, tuple[float, float]]:
    """Lowest and highest value of every filled area, by its label."""
    found = {}
    for area in axes.collections:
        if isinstance(area, PolyCollection):
            heights = area.get_paths()[0].vertices[:, 1]
            found[area.get_label()] = (float(heights.min()), float(heights.max()))
    return found


def lines(axes) -> dict[str, float]:
    return {line.get_label(): float(np.asarray(line.get_ydata())[0]) for line in axes.lines}


def test_two_services_are_stacked_so_that_each_is_the_sum_of_its_parts(of_people: Callable[..., Estimate]) -> None:
    axes = of_people(POWER, HEAT, ANY).plot_people("City").axes[0]
    assert areas(axes) == {"no power only": (0, 100), "no power and no heat": (100, 300), "no heat only": (300, 600)}
    assert lines(axes)["without at least one, median"] == 600


def test_three_services_are_stacked_by_how_many_are_lacking(of_people: Callable[..., Estimate]) -> None:
    axes = of_people(POWER, HEAT, WATER, ANY, "people_without_two", "people_without_all").plot_people("City").axes[0]
    drawn = lines(axes)
    assert areas(axes) == {"without one service": (250, 600), "without two": (50, 250), "without all three": (0, 50)}
    assert [drawn[name] for name in ("no power", "no heat", "no water")] == [300, 500, 100]
    # 5 and 95 % of the members, between order statistics: 300 + .1 (600 - 300), 600 + .9 (1200 - 600)
    ends = [float(np.asarray(line.get_ydata())[0]) for line in axes.lines if line.get_color() == FAINT]
    assert ends[:2] == pytest.approx([330, 1140])


def test_the_interval_of_people_is_labelled_from_its_level(of_people: Callable[..., Estimate]) -> None:
    texts = of_people(POWER, HEAT, ANY).plot_people("City", level=0.95 - 0.05).axes[0].get_legend().get_texts()
    assert texts[-1].get_text() == "without at least one, 90 % range"


def test_cold_homes_are_nested_areas(of_people: Callable[..., Estimate]) -> None:
    axes = of_people(*COLD_LIMITS_C).plot_cold("City", level=0.5).axes[0]
    assert areas(axes) == {
        "16 to 18 °C": (300, 400),
        "12 to 16 °C": (100, 300),
        "5 to 12 °C": (0, 100),
        "below 5 °C": (0, 0),
    }
    assert axes.get_title("left") == "City: residents by home temperature"
    assert "below 18 °C, 50 % range" in lines(axes)


def test_areas_of_cold_homes_darken_with_the_cold(of_people: Callable[..., Estimate]) -> None:
    axes = of_people(*COLD_LIMITS_C).plot_cold("City").axes[0]
    shades = [area.get_facecolor()[0, :3] for area in axes.collections if isinstance(area, PolyCollection)]
    grey = [float(shade @ [0.299, 0.587, 0.114]) for shade in shades]
    assert all(darker < paler - 0.1 for paler, darker in itertools.pairwise(grey))


def test_people_are_drawn_on_the_given_axes_with_the_legend_below_narrow_ones(
    of_people: Callable[..., Estimate],
) -> None:
    run = of_people(POWER, HEAT, ANY, *COLD_LIMITS_C)
    figure = Figure(figsize=(8, 3.5), layout="constrained")
    left, right = figure.subplots(1, 2)
    assert run.plot_people("City", left) is left.figure
    assert run.plot_cold("City", right) is right.figure
    figure.draw_without_rendering()
    for axes in (left, right):
        assert axes.get_legend().get_window_extent().y1 < axes.get_window_extent().y0
        assert axes.xaxis.label.get_window_extent().y0 > axes.get_legend().get_window_extent().y1


def test_events_and_the_zone_of_the_place_are_told(of_people: Callable[..., Estimate]) -> None:
    axes = of_people(*COLD_LIMITS_C).plot_cold("City").axes[0]
    assert [text.get_text() for text in axes.texts] == ["first strike", "now"]
    assert axes.get_xlabel() == "2026, time in Europe/Kyiv"


def test_a_place_whose_people_are_not_known_is_refused(estimate: Estimate) -> None:
    with pytest.raises(KeyError, match=r"no curve for 'people_without_any'.*needs the residents and at least two"):
        estimate.plot_people("City")
    with pytest.raises(KeyError, match=r"no curve for 'people_below_18c'.*needs the heated buildings"):
        estimate.plot_cold("City")


def test_a_level_outside_its_range_is_refused(of_people: Callable[..., Estimate]) -> None:
    run = of_people(POWER, ANY, *COLD_LIMITS_C)
    for draw in (run.plot_people, run.plot_cold):
        with pytest.raises(ValueError, match="level: must be between 0 and 1, got 90"):
            draw("City", level=90)


def test_indoor_temperatures_are_drawn_with_the_limits(estimate: Estimate) -> None:
    curve = estimate["indoor_temperature_c", "City"]  # from 20 down to 8 degC
    axes = curve.plot().axes[0]
    assert [text.get_text() for text in axes.texts] == ["18 °C", "16 °C", "12 °C"]
    flat = dataclasses.replace(curve, draws=np.full_like(curve.draws, 20.0)).plot().axes[0]
    assert [text.get_text() for text in flat.texts] == []


def test_limits_too_near_each_other_keep_their_lines_but_not_both_labels(estimate: Estimate) -> None:
    curve = estimate["indoor_temperature_c", "City"]
    axes = dataclasses.replace(curve, draws=(8 * curve.draws - 140).astype(np.float32)).plot().axes[0]
    assert [text.get_text() for text in axes.texts] == ["18 °C", "12 °C", "5 °C"]
    assert len([line for line in axes.lines if len(line.get_xdata()) == 2]) == 4
