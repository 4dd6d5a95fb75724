import numpy as np
import pytest

from energy_impact.inference.observation import Moment, interpolate, speak

STEPS = np.arange(11)
SERIES = np.stack([np.linspace(0, 10, 11), np.linspace(100, 90, 11)], axis=1).astype(np.float32)
MIDDLE = np.full(2, 0.5, np.float32)


def test_a_stock_is_read_at_its_time():
    assert speak(SERIES, STEPS, Moment("stock", 2.5), MIDDLE) == pytest.approx([2.5, 97.5])


def test_an_uncertain_time_is_each_member_s_own():
    moment = Moment("stock", 5.0, uncertainty=2.0)
    assert speak(SERIES, STEPS, moment, np.float32([0.0, 1.0])) == pytest.approx([3.0, 93.0])


def test_a_flow_and_a_change_are_differences_since_the_period_began():
    for kind in ("flow", "change"):
        assert speak(SERIES, STEPS, Moment(kind, 6.0, since=2.0), MIDDLE) == pytest.approx([4.0, -4.0])


def test_extremes_are_taken_over_the_period():
    assert speak(SERIES, STEPS, Moment("minimum", 6.0, since=2.0), MIDDLE) == pytest.approx([2.0, 94.0])
    assert speak(SERIES, STEPS, Moment("maximum", 6.0, since=2.0), MIDDLE) == pytest.approx([6.0, 98.0])


def test_an_extreme_does_not_look_before_its_period_or_after_it():
    assert speak(SERIES, STEPS, Moment("minimum", 6.5, since=2.5), MIDDLE) == pytest.approx([3.0, 93.5])
    assert speak(SERIES, STEPS, Moment("maximum", 2.8, since=2.3), MIDDLE) == pytest.approx([2.8, 97.2])


def test_only_the_steps_around_a_figure_are_needed():
    assert Moment("stock", 2.5).steps(10).tolist() == [2, 3]
    assert Moment("stock", 2.0).steps(10).tolist() == [2]
    assert Moment("stock", 5.0, uncertainty=1.5).steps(10).tolist() == [3, 4, 5, 6, 7]
    assert Moment("flow", 9.0, since=1.0).steps(10).tolist() == [1, 9]
    assert Moment("maximum", 4.0, since=1.0).steps(10).tolist() == [1, 2, 3, 4]
    assert Moment("stock", 9.8, uncertainty=3.0).steps(10).tolist() == [6, 7, 8, 9, 10]


def test_recorded_steps_may_be_sparse():
    steps = np.array([0, 4, 10])
    assert interpolate(SERIES[steps], steps, np.array([2.0, 7.0])) == pytest.approx([2.0, 93.0])


def test_a_single_recorded_step_is_its_own_value():
    assert interpolate(SERIES[:1], np.array([3]), np.array([3.0, 3.0])) == pytest.approx([0.0, 100.0])
