"""The slide, and what all pictures have in common: where they are drawn, and what comes back."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

import energy_impact as ei

START = "2026-01-19T00:00Z"


@pytest.fixture(scope="module")
def run():
    city = ei.Place("City", power_customers=50_000, heat_buildings=900, residents=120_000)
    storm = ei.Event("2026-01-19T06:00Z", kind="storm", duration_h=4)
    return ei.simulate(ei.Scenario(START, 72, city, events=[storm]), members=16, rng=1)


@pytest.fixture(scope="module")
def long_run():
    """An outage that lasts: what is out stays high up to the end."""
    city = ei.Place("City", power_customers=50_000, heat_buildings=400, residents=120_000)
    attack = ei.Event("2026-01-19T06:00Z", kind="attack", duration_h=1)
    slow = {"job_h_heat": {"median": 300, "spread": 0.5}, "job_h_power": {"median": 300, "spread": 0.5}}
    return ei.simulate(ei.Scenario(START, 72, city, events=[attack], priors=slow), members=64, rng=1)


PICTURES = {
    "plot": lambda run, ax: run.plot(ax),
    "plot of one": lambda run, ax: run.plot(ax, panels=[("heat_buildings_out", "City")]),
    "plot_curve": lambda run, ax: run.plot_curve("heat_buildings_out", "City", ax),
    "plot_people": lambda run, ax: run.plot_people("City", ax),
    "plot_cold": lambda run, ax: run.plot_cold("City", ax),
    "plot_slide": lambda run, ax: run.plot_slide("City", ax),
    "plot_difference": lambda run, ax: run.what_if(crews=2).plot_difference(run, "heat_buildings_out", "City", ax),
    "curve": lambda run, ax: run["heat_buildings_out", "City"].plot(ax),
    "comparison": lambda run, ax: ei.compare({"as it is": run, "crews": run.what_if(crews=2)}).plot(ax=ax),
}


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_returns_its_figure(run, name):
    figure = PICTURES[name](run, None)
    assert type(figure) is Figure
    assert figure.axes
    figure.canvas.draw()


def points(axes):
    """Corners of all lines and bands that are drawn in data, in pixels."""
    lines = [line.get_xydata() for line in axes.lines if line.get_transform() == axes.transData]
    bands = [path.vertices for band in axes.collections for path in band.get_paths()]
    return axes.transData.transform(np.concatenate([*lines, *bands]))


LASTING = {"plot_share": lambda run, ax: run.plot_curve("power_share_restored", "City", ax)}


@pytest.mark.parametrize(
    "name", [name for name in PICTURES if name not in {"plot", "plot of one", "curve"}] + [*LASTING]
)
def test_no_legend_hides_a_curve_or_a_band(long_run, name):
    figure = (PICTURES | LASTING)[name](long_run, None)
    figure.canvas.draw()
    legends = [(axes, axes.get_legend().get_window_extent()) for axes in figure.axes if axes.get_legend() is not None]
    assert legends
    for axes, box in legends:
        assert not box.count_contains(points(axes))


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_stays_in_the_place_of_the_axes_given(run, name):
    sheet = Figure(figsize=(14, 6), layout="constrained")
    left, right = sheet.subplots(1, 2)
    assert PICTURES[name](run, right) is sheet
    sheet.canvas.draw()
    middle = sheet.bbox.width / 2
    assert not left.lines
    drawn = [axes for axes in sheet.axes if axes.lines]
    assert drawn
    assert all(axes.bbox.x0 > middle * 0.95 for axes in drawn)


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_fills_a_part_of_a_figure(run, name):
    sheet = Figure(figsize=(9, 12))
    above, _ = sheet.subfigures(2, 1)
    assert PICTURES[name](run, above) is above


@pytest.mark.parametrize("name", PICTURES)
def test_what_is_no_place_to_draw_is_refused(run, name):
    with pytest.raises(ValueError, match="ax: must be matplotlib Axes, a Figure or None, got 'here'"):
        PICTURES[name](run, "here")


def test_axes_that_are_no_subplot_cannot_be_divided(run):
    with pytest.raises(ValueError, match="ax: must be a subplot or a Figure for a picture of 2 panels"):
        run.plot(Figure().add_axes((0.1, 0.1, 0.8, 0.8)))


def test_the_old_name_of_the_argument_warns(run):
    sheet = Figure()
    with pytest.warns(DeprecationWarning, match="plot: figure is now called ax"):
        assert run.plot(figure=sheet) is sheet


def test_the_slide_is_16_to_9_and_its_title_is_the_answer(run):
    figure = run.plot_slide()
    assert tuple(figure.bbox.size) == (1920, 1080)
    title = figure.get_suptitle().replace("\n", " ")
    assert run.headline.startswith(title)
    assert title.endswith(".")
    figure.canvas.draw()
    extent = figure._suptitle.get_window_extent()
    assert extent.x1 < 1920
    assert extent.y0 > figure.axes[0].bbox.y1


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("draw", ["plot", "plot_slide"])
def test_titles_of_wide_letters_are_folded_before_the_edge(draw, language):
    town = ei.Place("Wommelsham am Mommsenwaldweg", power_customers=9_000, residents=800_000)
    storm = ei.Event("2026-01-19T06:00Z", kind="storm", duration_h=4)
    title = f"{town.name} after a winter storm, hour by hour " * 2
    scenario = ei.Scenario(START, 30, town, events=[storm], title=title.strip())
    figure = getattr(ei.simulate(scenario, members=16, rng=1), draw)(language=language)
    figure.canvas.draw()
    titles = [figure._suptitle, *(axes.title for axes in figure.axes), *(axes._left_title for axes in figure.axes)]
    assert max(title.get_window_extent().x1 for title in titles) < figure.bbox.x1
    assert "\n" in figure.get_suptitle()


def test_without_residents_the_slide_speaks_of_what_is_known():
    storm = ei.Event("2026-01-19T06:00Z", kind="storm", duration_h=4)
    town = ei.Place("Town", power_customers=9_000, residents_per_building=(1, 2))
    run = ei.simulate(ei.Scenario(START, 30, town, events=[storm]), members=16, rng=1)
    assert "in Town" in run.plot_slide().get_suptitle().replace("\n", " ")


def test_the_slide_of_a_place_that_is_not_there_is_refused(run):
    with pytest.raises(ValueError, match="place: must be a place of scenario"):
        run.plot_slide("Citi")
