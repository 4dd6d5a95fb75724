import dataclasses
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from energy_impact.places import Place
from energy_impact.results.estimate import Estimate
from energy_impact.results.plots import style
from energy_impact.scenario import Event, Scenario
from energy_impact.systems import SYSTEMS


@pytest.fixture
def prior(make_estimate: Callable[..., Estimate], estimate: Estimate) -> Estimate:
    """Return a run with twice as much out."""
    return make_estimate(
        figure_fit=None, status="prior only", curves=lambda *key: (2 * estimate.curves(*key)).astype(np.float32)
    )


def with_bounds(scenario: Scenario) -> Scenario:
    """Return the scenario with "over" and "almost" turned into plain bounds."""
    words = scenario.figures["qualifier"].replace({"over": "at_least", "almost": "up_to"})
    return scenario.replace(figures=scenario.figures.assign(qualifier=words))


def ends(bar: ErrorbarContainer) -> tuple[float, float]:
    (segment,) = bar.lines[2][0].get_segments()
    return segment[0][1], segment[1][1]


def arrows(axes: Axes) -> list[Annotation]:
    return [text for text in axes.texts if not text.get_text()]


def test_an_ensemble_draws_on_the_given_axes_and_returns_them(estimate: Estimate) -> None:
    axes = Figure().subplots()
    assert estimate["heat_buildings_out", "City"].plot(axes) is axes.figure
    (median,) = axes.lines
    assert np.asarray(median.get_ydata())[30] == 6000
    assert axes.get_ylim()[0] == 0


def test_bands_are_labelled_from_their_levels(estimate: Estimate) -> None:
    axes = estimate["heat_buildings_out", "City"].plot(levels=(0.95 - 0.05, 0.5)).axes[0]
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["90 % range", "50 % range", "median"]


def test_dates_are_told_in_the_zone_of_the_place(estimate: Estimate) -> None:
    axes = estimate.plot().axes[0]
    ticks = axes.xaxis.get_majorticklocs()
    texts = [label.get_text() for label in axes.get_xticklabels()]
    midnights = {round(24 * (tick % 1), 6) for tick, text in zip(ticks, texts, strict=True) if "Jan" in text}
    assert midnights == {22}
    assert axes.get_xlabel() == "2026, time in Europe/Kyiv"


def test_there_is_a_panel_for_heat_and_power_with_events_named_once(estimate: Estimate) -> None:
    figure = estimate.plot()
    assert [axes.get_title("left") for axes in figure.axes] == [
        "City: buildings without district heat",
        "City: accounts without power",
    ]
    named = [[text.get_text() for text in axes.texts if text.get_text()] for axes in figure.axes]
    assert named == [["first strike", "now"], []]


def test_figures_are_drawn_as_they_were_worded(estimate: Estimate) -> None:
    heat, power = estimate.plot().axes
    points = [line for line in heat.lines if line.get_marker() == "o"]
    assert [np.asarray(line.get_ydata()).tolist() for line in points] == [[5900]]
    assert [len(axes.containers) for axes in (heat, power)] == [3, 2]
    assert [ends(bar)[0] for bar in heat.containers] == pytest.approx([4000, 0, 2000])
    assert [ends(bar)[1] for bar in power.containers] == pytest.approx([0.5 * 1_200_000, 300_000])


def test_a_rounded_number_is_a_bar_over_what_it_allows_and_a_bound_an_arrow(
    estimate: Estimate, make_estimate: Callable[..., Estimate], scenario: Scenario
) -> None:
    allowed = {figure.id: figure.allowed() for figure in scenario.figure_records if figure.id in {"over", "share"}}
    heat, power = estimate.plot().axes
    assert ends(heat.containers[0]) == pytest.approx(allowed["over"])
    assert ends(power.containers[0]) == pytest.approx((allowed["share"][0] * 1_000_000, 0.5 * 1_200_000))
    assert arrows(heat) == arrows(power) == []
    heat, power = make_estimate(scenario=with_bounds(scenario)).plot().axes
    assert [(arrow.xy[1], arrow.xyann[1] > 0) for arrow in arrows(heat)] == [(4000, True)]
    assert [(arrow.xy[1], arrow.xyann[1] < 0) for arrow in arrows(power)] == [(0.5 * 1_200_000, True)]


def test_what_was_restored_since_the_first_event_lies_on_its_curve(
    make_estimate: Callable[..., Estimate], scenario: Scenario
) -> None:
    common = {"place": "City", "quantity": "heat_buildings_restored", "kind": "flow", "source": "mayor", "value": 900}
    since_event = {**common, "id": "first", "time": "2026-01-20T12:00Z", "qualifier": "about"}
    of_a_night = {**since_event, "id": "night", "period_start": "2026-01-20T04:00Z"}
    after_second = {**since_event, "id": "second", "time": "2026-01-21T12:00Z"}
    second = Event("2026-01-21T00:00Z", kind="attack")
    told = scenario.replace(figures=[since_event, of_a_night, after_second], events=[*scenario.events, second])
    axes = make_estimate(scenario=told, figure_fit=None).plot_curve("heat_buildings_restored", "City").axes[0]
    points = [line for line in axes.lines if line.get_marker() == "o"]
    assert [np.asarray(line.get_ydata()).tolist() for line in points] == [[900]]


def test_a_name_at_the_right_edge_stands_on_the_left(
    make_estimate: Callable[..., Estimate], scenario: Scenario
) -> None:
    late = Event("2026-01-22T20:00Z", kind="storm", name="late")
    axes = make_estimate(scenario=scenario.replace(events=[late])).plot_curve("heat_buildings_out", "City").axes[0]
    (name,) = [text for text in axes.texts if text.get_text() == "late"]
    assert name.get_horizontalalignment() == "right"


def test_a_figure_that_was_not_used_is_hollow(make_estimate: Callable[..., Estimate]) -> None:
    def faces(estimate: Estimate) -> list[tuple[float, ...]]:
        return [
            to_rgb(line.get_markerfacecolor()) for line in estimate.plot().axes[0].lines if line.get_marker() == "o"
        ]

    assert faces(make_estimate(figure_fit=None)) == [to_rgb("white")]
    assert faces(make_estimate()) != [to_rgb("white")]


def test_bounds_and_ranges_that_were_not_used_are_hollow_and_dotted(
    make_estimate: Callable[..., Estimate], scenario: Scenario
) -> None:
    told = with_bounds(scenario)
    runs = make_estimate(scenario=told), make_estimate(scenario=told, figure_fit=None)
    for run, face, line in zip(runs, (style.INK, "white"), ("solid", "dotted"), strict=True):
        heat, power = run.plot().axes
        (at_least,) = arrows(heat)
        assert to_rgb(at_least.arrow_patch.get_facecolor()) == to_rgb(face)
        (bar,) = power.containers[0].lines[2]
        dashed = bar.get_linestyle()[0][1] is not None
        assert dashed == (line == "dotted")


def test_the_legend_tells_only_what_is_drawn(make_estimate: Callable[..., Estimate], scenario: Scenario) -> None:
    def labels(estimate: Estimate) -> list[str]:
        (legend,) = estimate.plot().legends
        return [text.get_text() for text in legend.get_texts()][3:]

    told = with_bounds(scenario)
    assert labels(make_estimate()) == ["figure", "range"]
    assert labels(make_estimate(scenario=told)) == ["figure", "at least", "up to", "range"]
    assert labels(make_estimate(scenario=told, figure_fit=None)) == ["figure", "not used", "at least", "up to", "range"]
    assert labels(make_estimate(scenario=scenario.replace(figures=None), figure_fit=None)) == []


def test_ticks_are_evenly_spaced_over_the_end_of_a_month(
    make_estimate: Callable[..., Estimate],
) -> None:
    place = Place("City", timezone="Europe/Kyiv", heat_buildings=12_000)
    month = Scenario("2026-01-19T00:00+02:00", 336, place)
    long = make_estimate(scenario=month, figure_fit=None, curves=lambda *_: np.ones((3, 337), np.float32))
    axes = long["heat_buildings_out", "City"].plot().axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == [
        "19 Jan",
        "21 Jan",
        "23 Jan",
        "25 Jan",
        "27 Jan",
        "29 Jan",
        "31 Jan",
        "2 Feb",
    ]
    assert set(np.diff(axes.get_xticks())) == {2.0}


def test_ticks_of_a_short_curve_are_round_hours_from_its_start_on(
    make_estimate: Callable[..., Estimate],
) -> None:
    place = Place("City", timezone="Europe/Kyiv", heat_buildings=12_000)
    day = Scenario("2026-01-19T10:00+02:00", 24, place)
    short = make_estimate(scenario=day, figure_fit=None, curves=lambda *_: np.full((3, 25), 0.5, np.float32))
    axes = short["heat_buildings_out", "City"].plot().axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == [
        "12:00",
        "15:00",
        "18:00",
        "21:00",
        "20 Jan",
        "03:00",
        "06:00",
        "09:00",
    ]
    assert axes.yaxis.get_major_formatter()(0.25) == "0.25"


@pytest.mark.parametrize(
    ("zone", "start", "hours", "told", "days"),
    [
        # the clocks of Egypt go from 0 to 1 o'clock: that day begins an hour late
        (
            "Africa/Cairo",
            "2026-04-23T00:00+02:00",
            48,
            ["23 Apr", "06:00", "12:00", "18:00", "24 Apr", "06:00", "12:00", "18:00", "25 Apr"],
            [6, 6, 6, 6, 5, 6, 6, 6],
        ),
        # those of Cuba from 1 back to 0 o'clock: the day begins once
        (
            "America/Havana",
            "2025-11-01T18:00-04:00",
            9,
            ["18:00", "19:00", "20:00", "21:00", "22:00", "23:00", "2 Nov", "01:00", "02:00"],
            [1, 1, 1, 1, 1, 1, 2, 1],
        ),
        (
            "Europe/Oslo",
            "2026-03-29T00:00+01:00",
            8,
            ["29 Mar", "01:00", "03:00", "04:00", "05:00", "06:00", "07:00", "08:00", "09:00"],
            [1] * 8,
        ),
    ],
)
def test_ticks_stand_on_local_clocks_where_these_change(
    make_estimate: Callable[..., Estimate], zone: str, start: str, hours: int, told: list[str], days: list[int]
) -> None:
    area = Scenario(start, hours, Place("City", timezone=zone, heat_buildings=12_000))
    curves = np.ones((3, hours + 1), np.float32)
    axes = (
        make_estimate(scenario=area, figure_fit=None, curves=lambda *_: curves)["heat_buildings_out", "City"]
        .plot()
        .axes[0]
    )
    assert [label.get_text() for label in axes.get_xticklabels()] == told
    assert (np.diff(axes.get_xticks()) * 24).tolist() == pytest.approx(days)


def test_a_curve_between_two_full_hours_has_no_tick_and_both_years_are_told(
    make_estimate: Callable[..., Estimate],
) -> None:
    place = Place("City", timezone="Europe/Kyiv", heat_buildings=12_000)
    short, long = Scenario("2026-01-19T10:10+02:00", 0.5, place, step_h=0.5), Scenario("2025-12-30T10:00Z", 96, place)
    labels = []
    for scenario in (short, long):
        curves = np.ones((3, len(scenario.times)), np.float32)
        axes = (
            make_estimate(scenario=scenario, figure_fit=None, curves=lambda *_, curves=curves: curves)[
                "heat_buildings_out", "City"
            ]
            .plot()
            .axes[0]
        )
        axes.figure.canvas.draw()
        labels.append(axes.get_xlabel())
    assert labels == ["2026, time in Europe/Kyiv", "2025 to 2026, time in Europe/Kyiv"]


def test_a_narrow_picture_has_fewer_ticks_and_names_stand_below_each_other(
    make_estimate: Callable[..., Estimate], scenario: Scenario
) -> None:
    second = Event("2026-01-20T18:00Z", kind="storm", name="a second storm with far too long a name")
    twice = make_estimate(scenario=scenario.replace(events=[*scenario.events, second]))
    found = {}
    for width in (4.0, 13.0):
        axes = twice.plot(Figure(figsize=(width, 3)), panels=[("heat_buildings_out", "City")]).axes[0]
        names = [text for text in axes.texts if text.get_text()]
        assert [text.get_text() for text in names] == ["first strike", "a second storm with far too…", "now"]
        found[width] = len(axes.get_xticks()), names[1].xyann[1] < names[0].xyann[1]
    assert found == {4.0: (4, True), 13.0: (8, False)}


@pytest.mark.parametrize("columns", [1, 2])
def test_names_of_events_do_not_lie_on_each_other(
    make_estimate: Callable[..., Estimate], scenario: Scenario, columns: int
) -> None:
    names = ["Ice storm, the first of waves", "a second wave of freezing rain", "wind"]
    begins = ("2026-01-19T20:00Z", "2026-01-20T10:00Z", "2026-01-22T18:00Z")
    storms = [Event(begin, kind="storm", name=name) for begin, name in zip(begins, names, strict=True)]
    stormy = make_estimate(scenario=scenario.replace(events=storms))
    figure = stormy.plot(panels=[("heat_buildings_out", "City")] * (1 if columns == 1 else 4))
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    assert len(boxes) == 4
    assert not [(one, two) for one, two in combinations(boxes, 2) if one.overlaps(two)]


def test_one_can_choose_panels_and_the_figure(estimate: Estimate) -> None:
    figure = Figure()
    keys = [("indoor_temperature_c", "City"), *[("heat_buildings_out", "City")] * 4]
    assert estimate.plot(figure, panels=keys) is figure
    assert len(figure.axes) == 5
    assert figure.axes[0].get_ylim()[0] > 0


def test_the_prior_lies_dimmed_behind_with_the_widest_level(estimate: Estimate, prior: Estimate) -> None:
    key = "heat_buildings_out", "City"
    axes = estimate[key].plot(levels=(0.5, 0.8), prior=prior[key]).axes[0]
    texts = [text.get_text() for text in axes.get_legend().get_texts()]
    assert texts[:2] == ["before the figures, 80 % range", "before the figures, median"]
    behind, *bands = axes.collections
    assert all(behind.get_zorder() < band.get_zorder() for band in bands)
    assert axes.get_ylim()[1] > 12_000


def test_a_high_prior_does_not_flatten_the_curve(estimate: Estimate) -> None:
    curve = estimate["heat_buildings_out", "City"]
    axes = curve.plot(prior=dataclasses.replace(curve, draws=100 * curve.draws)).axes[0]
    assert axes.get_ylim()[1] == pytest.approx(1.08 * 2.5 * 6000)


def test_the_prior_is_in_every_panel_and_once_in_the_legend(estimate: Estimate, prior: Estimate) -> None:
    figure = estimate.plot(prior=prior)
    assert [len(axes.collections) - len(estimate.plot().axes[i].collections) for i, axes in enumerate(figure.axes)] == [
        1,
        1,
    ]
    (legend,) = figure.legends
    labels = [text.get_text() for text in legend.get_texts()]
    assert labels.count("before the figures, 90 % range") == 1


def test_the_legend_stays_within_the_picture(estimate: Estimate, prior: Estimate) -> None:
    figure = estimate.plot(prior=prior)
    figure.draw_without_rendering()
    (legend,) = figure.legends
    assert legend.get_window_extent().x1 < figure.bbox.x1


def test_names_of_axes_placed_by_letters_stand_in_line_beyond_all_labels_and_within_the_picture(
    estimate: Estimate,
) -> None:
    panels = [("power_customers_out", "City"), ("heat_buildings_out", "City"), ("indoor_temperature_c", "City")]
    figure = estimate.plot(panels=panels, language="uk")
    style.place_names(figure.axes)
    figure.draw_without_rendering()
    names = [axes.yaxis.label.get_window_extent() for axes in figure.axes]
    numbers = [label.get_window_extent().x0 for axes in figure.axes for label in axes.get_yticklabels()]
    assert min(name.x0 for name in names) >= 0
    assert [name.x1 for name in names] == pytest.approx([names[0].x1] * 3)
    assert max(name.x1 for name in names) < min(numbers)
    for axes in figure.axes:
        times = [label.get_window_extent().y0 for label in axes.get_xticklabels()]
        assert 0 <= axes.xaxis.label.get_window_extent().y1 < min(times)


def test_a_prior_of_another_curve_is_refused(estimate: Estimate) -> None:
    with pytest.raises(ValueError, match="prior: must be of heat_buildings_out at City, got power_customers_out"):
        estimate["heat_buildings_out", "City"].plot(prior=estimate["power_customers_out", "City"])


def test_narrow_axes_have_fewer_ticks_and_a_title_in_lines(estimate: Estimate) -> None:
    left, right = Figure(figsize=(6, 3)).subplots(1, 2)
    axes = estimate["heat_buildings_out", "City"].plot(left).axes[0]
    assert len(axes.get_xticks()) <= 3
    assert axes.get_title("left").replace("\n", " ") == "City: buildings without district heat"
    assert axes._left_title.get_window_extent().x1 <= axes.bbox.x1
    assert right.get_title("left") == ""


def test_one_panel_is_drawn_on_the_given_axes_with_figures_and_events(estimate: Estimate, prior: Estimate) -> None:
    axes = Figure(figsize=(5, 3)).subplots()
    assert estimate.plot_curve("heat_buildings_out", "City", axes, prior=prior) is axes.figure
    assert axes.get_legend() is None
    assert [text.get_text() for text in axes.texts if text.get_text()] == ["first strike", "now"]
    assert [line for line in axes.lines if line.get_marker() == "o"]
    own = estimate.plot_curve("heat_buildings_out", "City", levels=(0.8,)).axes[0]
    assert "80 % range" in [text.get_text() for text in own.get_legend().get_texts()]


def test_no_panel_is_refused(estimate: Estimate) -> None:
    with pytest.raises(ValueError, match=r"panels: must name at least one \(quantity, place\)"):
        estimate.plot(panels=[])


def test_nothing_out_still_draws(make_estimate: Callable[..., Estimate]) -> None:
    calm = make_estimate(curves=lambda _quantity, _place: np.zeros((3, 97), np.float32))
    calm.plot(panels=[("power_customers_out", "City")]).canvas.draw()
    axes = calm["power_customers_out", "City"].plot().axes[0]
    assert axes.get_ylim() == (0, 1)


def test_the_systems_differ_in_colour_and_in_line() -> None:
    looks = [(system.colour, system.line) for system in SYSTEMS.values()] + [(style.OTHER_COLOUR, style.OTHER_LINE)]
    for kind in zip(*looks, strict=True):
        assert len(set(kind)) == len(looks)


def test_results_import_no_matplotlib() -> None:
    code = "import sys, energy_impact.results.plots.curves; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
