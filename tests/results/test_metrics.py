import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from energy_impact.results import metrics

SMALL = hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=8, min_side=2),
                   elements=st.floats(0, 1e6, width=32))  # fmt: skip


@given(SMALL, st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_quantiles_are_those_of_numpy(draws: np.ndarray, levels: list[float]) -> None:
    np.testing.assert_allclose(metrics.quantiles(draws, levels), np.quantile(draws, levels, axis=0), rtol=1e-9)


def test_quantiles_keep_inf_where_the_level_falls_among_infinite_members() -> None:
    assert metrics.quantiles([1.0, 2.0, np.inf, np.inf], [0, 1 / 3, 0.5, 1]).tolist() == [1, 2, np.inf, np.inf]


@pytest.mark.parametrize("level", [-0.1, 1.1, float("nan")])
def test_a_quantile_level_outside_0_to_1_is_refused(level: float) -> None:
    with pytest.raises(ValueError, match=r"levels: must be in \[0, 1\]"):
        metrics.quantiles([1.0], [level])


def test_no_members_are_refused() -> None:
    with pytest.raises(ValueError, match="draws: must hold at least one member"):
        metrics.quantiles(np.empty((0, 3)), [0.5])


@pytest.mark.parametrize("level", [0, 1, float("nan")])
def test_an_interval_level_must_lie_between_0_and_1(level: float) -> None:
    with pytest.raises(ValueError, match="level: must be between 0 and 1"):
        metrics.central_levels(level)


def test_interpolation_is_linear_and_exact_at_steps_and_ends() -> None:
    draws, hours = np.array([[0.0, 10.0, 40.0]]), np.array([0.0, 1.0, 3.0])
    assert metrics.interpolate(draws, hours, [0, 0.5, 1, 2, 3]).tolist() == [[0, 5, 10, 25, 40]]


def test_interpolation_outside_the_range_is_refused() -> None:
    with pytest.raises(ValueError, match="at: must be between 0 and 1 h"):
        metrics.interpolate(np.zeros((1, 2)), np.array([0.0, 1.0]), [1.01])


def test_a_window_puts_in_the_values_at_both_ends() -> None:
    draws, hours = metrics.window(np.array([[0.0, 10.0, 20.0, 30.0]]), np.arange(4.0), 0.5, 2.5)
    assert hours.tolist() == [0.5, 1, 2, 2.5]
    assert draws.tolist() == [[5, 10, 20, 25]]


def test_a_window_must_start_before_its_end() -> None:
    with pytest.raises(ValueError, match="start: must be before the end"):
        metrics.window(np.zeros((1, 2)), np.arange(2.0), 1, 1)


def test_the_integral_of_a_triangle_is_half_base_times_height() -> None:
    assert metrics.integral(np.array([[0.0, 6.0, 0.0]]), np.array([0.0, 1.0, 4.0])).tolist() == [12]


def test_time_to_restore_is_linear_between_steps_and_counts_from_the_peak_or_from_since() -> None:
    draws = np.array([[0.0, 100.0, 60.0, 20.0], [50.0, 100.0, 100.0, 80.0], [0.0, 0.0, 0.0, 0.0]])
    hours = np.arange(4.0)
    assert metrics.time_to_restore(draws, hours, 0.5).tolist() == [1.25, np.inf, 0]
    assert metrics.time_to_restore(draws, hours, 0.5, since=2).tolist() == [0.25, np.inf, 0]
    assert metrics.time_to_restore(draws, hours, 0.5, since=3).tolist() == [0, np.inf, 0]


def test_a_low_before_the_peak_is_not_a_restoration() -> None:
    assert metrics.time_to_restore(np.array([[10.0, 2.0, 30.0, 15.0]]), np.arange(4.0), 0.5).tolist() == [1]


def test_full_restoration_needs_nothing_out() -> None:
    draws = np.array([[8.0, 4.0, 0.0], [8.0, 4.0, 0.1]])
    assert metrics.time_to_restore(draws, np.arange(3.0), 1).tolist() == [2, np.inf]


@pytest.mark.parametrize("share", [0, 1.1, float("nan")])
def test_a_restored_share_must_be_above_0_and_at_most_1(share: float) -> None:
    with pytest.raises(ValueError, match="share: must be above 0 and at most 1"):
        metrics.time_to_restore(np.zeros((1, 2)), np.arange(2.0), share)


@given(SMALL, st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_larger_share_never_comes_back_sooner(draws: np.ndarray, one: float, two: float) -> None:
    hours = np.arange(draws.shape[1], dtype=float)
    sooner = metrics.time_to_restore(draws, hours, min(one, two))
    later = metrics.time_to_restore(draws, hours, max(one, two))
    assert np.all(later >= sooner)


@given(SMALL, st.floats(0.01, 1))
def test_restoration_times_do_not_depend_on_the_unit(draws: np.ndarray, share: float) -> None:
    hours = np.arange(draws.shape[1], dtype=float)
    np.testing.assert_array_equal(
        metrics.time_to_restore(4 * draws, hours, share), metrics.time_to_restore(draws, hours, share)
    )
