import numpy as np
import pytest

from energy_impact.figures.kinds import KINDS
from energy_impact.inference.observation import READERS, Moment, interpolate, read_at

STEPS = np.arange(11)
SERIES = np.stack([np.linspace(0, 10, 11), np.linspace(100, 90, 11)], axis=1).astype(np.float32)
MIDDLE = np.full(2, 0.5, np.float32)


def test_a_value_is_read_no_earlier_than_its_earliest_step():
    moment = Moment("value", 2.3, uncertainty=1.0, earliest=3.0)
    assert moment.steps(10).tolist() == [3, 4]
    assert read_at(SERIES, STEPS, moment, np.float32([0.0, 1.0])) == pytest.approx([3.0, 96.7])


def test_nothing_of_an_event_is_read_before_it_begins_within_a_step():
    """A hit at 3.5 steps is in the series from 4 on; between steps a line would show a part of it before."""
    hit, begins = np.float32([[10], [10], [10], [10], [90], [80]]), (3.5,)
    steps, one = np.arange(6), np.float32([0.5])

    def read(how, time, since=0.0, uncertainty=0.0, quantile=one):
        return read_at(hit, steps, Moment(how, time, uncertainty, since, begins=begins), quantile).item()

    assert read("value", 3.4) == 10
    assert read("value", 3.75) == pytest.approx(70)
    assert read("value", 4.0, uncertainty=1.0, quantile=np.float32([0.2])) == 10
    assert read("highest", 3.4) == 10
    assert read("rise", 4.0, since=3.4) == 80
    as_it_begins = Moment("value", 3.3, begins=(3.3,))
    assert read_at(hit, steps, as_it_begins, one).item() == pytest.approx(34)


def test_a_stock_is_read_at_its_time():
    assert read_at(SERIES, STEPS, Moment("value", 2.5), MIDDLE) == pytest.approx([2.5, 97.5])


def test_an_uncertain_time_is_each_member_s_own():
    moment = Moment("value", 5.0, uncertainty=2.0)
    assert read_at(SERIES, STEPS, moment, np.float32([0.0, 1.0])) == pytest.approx([3.0, 93.0])


def test_a_rise_is_the_difference_since_the_period_began():
    assert read_at(SERIES, STEPS, Moment("rise", 6.0, since=2.0), MIDDLE) == pytest.approx([4.0, -4.0])


def test_an_unknown_way_to_read_is_refused():
    with pytest.raises(ValueError, match="reads: 'stock' is not one of value, rise, lowest, highest"):
        Moment("stock", 6.0)


def test_each_kind_of_figure_is_read_in_a_way_that_there_is():
    assert {kind.reads for kind in KINDS.values()} <= set(READERS)


def test_extremes_are_taken_over_the_period():
    assert read_at(SERIES, STEPS, Moment("lowest", 6.0, since=2.0), MIDDLE) == pytest.approx([2.0, 94.0])
    assert read_at(SERIES, STEPS, Moment("highest", 6.0, since=2.0), MIDDLE) == pytest.approx([6.0, 98.0])


def test_an_extreme_does_not_look_before_its_period_or_after_it():
    assert read_at(SERIES, STEPS, Moment("lowest", 6.5, since=2.5), MIDDLE) == pytest.approx([3.0, 93.5])
    assert read_at(SERIES, STEPS, Moment("highest", 2.8, since=2.3), MIDDLE) == pytest.approx([2.8, 97.2])


def test_the_highest_takes_in_what_an_event_did_that_was_over_within_a_step():
    hit = np.float32([[10], [10], [10], [10], [90], [80]])
    moment = Moment("highest", 3.6, earliest=4.0, begins=(3.5,))
    steps = moment.steps(5)
    assert read_at(hit[steps], steps, moment, np.float32([0.5])).item() == 90


def test_only_the_steps_around_a_figure_are_needed():
    assert Moment("value", 2.5).steps(10).tolist() == [2, 3]
    assert Moment("value", 2.0).steps(10).tolist() == [2]
    assert Moment("value", 5.0, uncertainty=1.5).steps(10).tolist() == [3, 4, 5, 6, 7]
    assert Moment("rise", 9.0, since=1.0).steps(10).tolist() == [1, 9]
    assert Moment("highest", 4.0, since=1.0).steps(10).tolist() == [1, 2, 3, 4]
    assert Moment("value", 9.8, uncertainty=3.0).steps(10).tolist() == [6, 7, 8, 9, 10]


def test_recorded_steps_may_be_sparse():
    steps = np.array([0, 4, 10])
    assert interpolate(SERIES[steps], steps, np.array([2.0, 7.0])) == pytest.approx([2.0, 93.0])


def test_a_single_recorded_step_is_its_own_value():
    assert interpolate(SERIES[:1], np.array([3]), np.array([3.0, 3.0])) == pytest.approx([0.0, 100.0])
