import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from energy_impact.results import metrics

SMALL = hnp.arrays(
    np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=8, min_side=2), elements=st.floats(0, 1e6, width=32)
)


@given(SMALL, st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_quantiles_are_those_of_numpy(draws: np.ndarray, levels: list[float]) -> None:
    np.testing.assert_allclose(metrics.quantiles(draws, levels), np.quantile(draws, levels, axis=0), rtol=1e-9)


def test_quantiles_keep_inf_where_the_level_falls_among_infinite_members() -> None:
    assert metrics.quantiles([1.0, 2.0, np.inf, np.inf], [0, 1 / 3, 0.5, 1]).tolist() == [1, 2, np.inf, np.inf]


@pytest.mark.parametrize("level", [-0.1, 1.1, float("nan")])
def test_a_quantile_level_outside_0_to_1_is_refused(level: float) -> None:
    with pytest.raises(ValueError, match=r"quantiles: must be in \[0, 1\]"):
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


@pytest.mark.parametrize(
    ("out", "half_at", "nine_tenths_at"),
    [
        ([100, 40, 80, 40, 60, 20, 0], 4.25, 5.5),  # two nights below half; the last day above it is at hour 4
        ([100, 50, 50, 50, 10, 10, 10], 1, 4),  # at the level counts as restored, and from its first step
        ([100, 50, 51, 50, 49, 48, 47], 3, np.inf),
        ([100, 5, 5, 5, 5, 5, 60], np.inf, np.inf),  # back for long, but not at the end
        ([20, 100, 80, 60, 40, 20, 8], 3.5, 5 + 10 / 12),
        ([100, 100, 0, 0, 0, 0, 0], 1.5, 1.9),  # from the first of two equal peaks
    ],
)
def test_restored_means_restored_for_good(out: list[float], half_at: float, nine_tenths_at: float) -> None:
    draws, hours = np.array([out], float), np.arange(7.0)
    peak = out.index(max(out))
    assert metrics.time_to_restore(draws, hours, 0.5) == pytest.approx([half_at - peak])
    assert metrics.time_to_restore(draws, hours, 0.9, since=0) == pytest.approx([nine_tenths_at])


@given(SMALL, st.floats(0.01, 1))
def test_no_more_than_the_rest_is_out_after_the_time_to_restore(draws: np.ndarray, share: float) -> None:
    hours = np.arange(draws.shape[1], dtype=float)
    moments = metrics.time_to_restore(draws, hours, share, since=0)
    for out, moment in zip(draws, moments, strict=True):
        rest = out.max() - share * out.max()
        assert (out[hours >= moment] <= rest * (1 + 1e-9)).all()
        assert np.isfinite(moment) == (out[-1] <= rest)


def test_less_than_one_person_is_nobody_and_less_than_one_share_is_something() -> None:
    draws = np.array([0.0, 0.4, 0.999, 1.0, 7.5])
    assert metrics.whole(draws, "people").tolist() == [0, 0, 0, 1, 7.5]
    assert metrics.whole(draws, "share").tolist() == draws.tolist()


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
