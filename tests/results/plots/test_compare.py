from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from energy_impact.results.estimate import Estimate
from energy_impact.results.plots.style import DIM
from energy_impact.scenario import Scenario

HEAT = ("heat_buildings_out", "City")


@pytest.fixture
def worse(make_estimate: Callable[..., Estimate], scenario: Scenario, estimate: Estimate) -> Estimate:
    """Return a run of the same members with 300, 100 and 200 buildings more out at all times."""
    more = np.array([[300.0], [100.0], [200.0]], np.float32)
    return make_estimate(
        scenario=scenario.replace(name="colder"),
        curves=lambda quantity, place: (estimate.curves(quantity, place) + more).astype(np.float32),
    )


def test_the_difference_is_taken_member_by_member(worse: Estimate, estimate: Estimate) -> None:
    above, below = worse.plot_difference(estimate, *HEAT).axes
    (median, *_) = below.lines
    assert np.asarray(median.get_ydata()).tolist() == [200.0] * 97
    assert below.get_title("left") == "colder minus city, course by course"
    assert above.get_title("left") == "City: buildings without district heat"


def test_the_interval_of_the_difference_is_its_own(worse: Estimate, estimate: Estimate) -> None:
    below = worse.plot_difference(estimate, *HEAT, levels=(0.5,)).axes[1]
    # the quartiles of 100, 200, 300 are 150 and 250
    heights = below.collections[0].get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (150, 250)


def test_a_run_less_itself_is_nothing(estimate: Estimate) -> None:
    below = estimate.plot_difference(estimate, *HEAT).axes[1]
    assert not np.asarray(below.lines[0].get_ydata()).any()
    assert below.get_title("left") == "this run minus the other, course by course"


def test_a_difference_may_fall_below_zero(worse: Estimate, estimate: Estimate) -> None:
    low, high = estimate.plot_difference(worse, *HEAT).axes[1].get_ylim()
    assert low < -290
    assert high == 0


def test_dollars_in_the_name_of_a_run_are_no_mathematics(worse: Estimate, estimate: Estimate) -> None:
    figure = worse.plot_difference(estimate, *HEAT, names=("$\\frac$ more", "US$ 5 to US$ 6"))
    figure.canvas.draw()
    assert figure.axes[0].get_legend().get_texts()[1].get_text() == "US$ 5 to US$ 6, median"


def test_names_can_be_chosen_and_are_in_the_legend(worse: Estimate, estimate: Estimate) -> None:
    figure = Figure(figsize=(9, 6))
    assert worse.plot_difference(estimate, *HEAT, figure, names=("frost", "as it was")) is figure
    above, below = figure.axes
    assert [text.get_text() for text in above.get_legend().get_texts()] == [
        "as it was, 90 % range",
        "as it was, median",
        "frost, 90 % range",
        "frost, 50 % range",
        "frost, median",
    ]
    assert below.get_title("left") == "frost minus as it was, course by course"


def test_the_other_run_is_dimmed_behind(worse: Estimate, estimate: Estimate) -> None:
    band = worse.plot_difference(estimate, *HEAT).axes[0].collections[0]
    assert tuple(band.get_facecolor()[0, :3]) == pytest.approx(to_rgb(DIM))


@pytest.mark.parametrize(
    "changes",
    [{"parameters": np.arange(6.0).reshape(3, 2) + 1}, {"parameter_names": ("rate[0]", "severity[0]")}],
    ids=["other numbers", "no parameter in common"],
)
def test_runs_of_other_members_have_no_difference(
    estimate: Estimate, make_estimate: Callable[..., Estimate], changes: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match="other: must have the same members"):
        make_estimate(**changes).plot_difference(estimate, *HEAT)


def test_another_number_of_members_has_no_difference(
    estimate: Estimate, make_estimate: Callable[..., Estimate]
) -> None:
    fewer = make_estimate(members=2, parameters=np.arange(4.0).reshape(2, 2))
    with pytest.raises(ValueError, match="other: must have the same members"):
        estimate.plot_difference(fewer, *HEAT)


def test_parameters_of_added_events_do_not_tell_members_apart(
    estimate: Estimate, make_estimate: Callable[..., Estimate]
) -> None:
    added = make_estimate(
        parameters=np.column_stack([np.arange(6.0).reshape(3, 2), [7.0, 8, 9]]),
        parameter_names=("rate", "severity", "start_lag_h[1]"),
    )
    assert len(added.plot_difference(estimate, *HEAT).axes) == 2


def test_runs_over_other_times_have_no_difference(
    estimate: Estimate, make_estimate: Callable[..., Estimate], scenario: Scenario
) -> None:
    longer = make_estimate(scenario=scenario.replace(horizon_h=100.0), curves=lambda *_: np.ones((3, 101), np.float32))
    with pytest.raises(ValueError, match=r"other: must have the times of this run, .* got .*2026-01-23T04:00:00"):
        estimate.plot_difference(longer, *HEAT)


def test_a_missing_curve_is_named(estimate: Estimate) -> None:
    with pytest.raises(KeyError, match="no curve for 'water_buildings_out'"):
        estimate.plot_difference(estimate, "water_buildings_out", "City")
