from dataclasses import replace

import numpy as np
import pytest

from energy_impact.model.severity import onset

SIXTH = 1 / 6


def parts(plan):
    """Part of each event that falls into each step, (steps, events), where events hit evenly."""
    one = np.ones((len(plan.events), 1), np.float32)
    found = np.zeros((plan.steps, len(plan.events)))
    for step, events in enumerate(plan.acting):
        for index in events:
            found[step, index] = np.squeeze(onset(plan, {"onset_shape": one, "event_length": 0 * one}, index, step))
    return found


def test_an_event_without_duration_falls_into_exactly_one_step(make_plan, make_event):
    plan = make_plan(steps=8, events=[make_event(start_h=5.0), make_event(start_h=5.9)])
    np.testing.assert_array_equal(np.nonzero(parts(plan)), [[5, 5], [0, 1]])
    np.testing.assert_array_equal(parts(plan)[5], [1, 1])


def test_the_parts_of_an_event_add_up_to_one(make_plan, make_event):
    plan = make_plan(steps=40, step_h=0.5, events=[make_event(start_h=1.25, duration_h=6.5)])
    assert parts(plan).sum() == pytest.approx(1.0)
    assert parts(plan)[2, 0] == pytest.approx(0.25 / 6.5)
    assert parts(plan)[3, 0] == pytest.approx(0.5 / 6.5)


@pytest.mark.parametrize(
    ("start_h", "duration_h", "expected"),
    [
        (1.0, 0.0, [1.0]),
        (1.75, 0.0, [0.25]),
        (1.0, 1.0, [0.5]),
        (1.2, 0.4, [0.6]),
        (1.5, 2.0, [0.25, 0.5, 0.75]),
    ],
)
def test_what_lies_after_the_middle_of_an_event_in_each_step(start_h, duration_h, expected, make_plan, make_event):
    plan = make_plan(steps=6, events=[make_event(start_h=start_h, duration_h=duration_h)])
    struck = parts(plan)[:, 0] > 0
    np.testing.assert_allclose(plan.fraction_after_hit[struck, 0], expected)
    np.testing.assert_allclose(make_plan(steps=6).fraction_after_hit, np.empty((6, 0)))


def test_an_event_longer_than_the_horizon_happens_in_part(make_plan, make_event):
    plan = make_plan(steps=10, events=[make_event(start_h=6.0, duration_h=16.0)])
    assert parts(plan).sum() == pytest.approx(4 / 16)


@pytest.mark.parametrize("minutes", range(0, 24 * 60, 10))
def test_steps_of_ten_minutes_put_an_event_where_its_regime_begins(minutes, make_plan, make_event):
    plan = make_plan(steps=24 * 6, step_h=SIXTH, events=[make_event(start_h=minutes / 60)])
    assert np.argmax(parts(plan)[:, 0]) == minutes // 10
    np.testing.assert_array_equal(plan.regime[:, 0], np.arange(24 * 6) >= minutes // 10)


@pytest.mark.parametrize("off", [-1e-9, 0.0, 1e-9])
def test_rounding_does_not_move_an_event_by_a_step(off, make_plan, make_event):
    plan = make_plan(steps=8, events=[make_event(start_h=5.0 + off)])
    assert np.argmax(parts(plan)[:, 0]) == 5
    np.testing.assert_array_equal(plan.regime[:, 0], np.arange(8) >= 5)


def test_an_event_at_the_start_leaves_no_step_of_the_regime_before_it(make_plan, make_event):
    plan = make_plan(steps=3, events=[make_event(start_h=0.0)])
    assert np.all(plan.regime == 1)
    np.testing.assert_allclose(plan.clear_h[:, 0], [0.5, 1.5, 2.5])


def test_a_place_keeps_its_regime_when_an_event_hits_elsewhere(make_plan, make_event):
    both, second = make_event(start_h=1.0, places=2), make_event(start_h=3.0, places=2)
    second.hits[0] = False
    plan = make_plan(steps=5, places=2, events=[both, second])
    np.testing.assert_array_equal(plan.regime.T, [[0, 1, 1, 1, 1], [0, 1, 1, 2, 2]])
    np.testing.assert_allclose(plan.clear_h.T, [[np.inf, 0.5, 1.5, 2.5, 3.5], [np.inf, 0.5, 1.5, 0.5, 1.5]])


def test_the_all_clear_is_the_end_of_the_longest_of_overlapping_events(make_plan, make_event):
    plan = make_plan(steps=10, events=[make_event(start_h=1.0, duration_h=7.0), make_event(start_h=3.0)])
    np.testing.assert_allclose(plan.clear_h[:, 0], [np.inf, *[0] * 7, 0.5, 1.5])


def test_a_step_with_the_all_clear_in_it_counts_what_is_left_of_it(make_plan, make_event):
    plan = make_plan(steps=5, events=[make_event(start_h=1.5, duration_h=1.75)])  # until 03:15
    np.testing.assert_allclose(plan.clear_part[:, 0], [1, 0, 0, 0.75, 1])
    np.testing.assert_allclose(plan.clear_h[:, 0], [np.inf, 0, 0, 0.375, 1.25])


def test_a_plan_without_events_has_one_regime(make_plan):
    plan = make_plan(steps=3)
    assert plan.acting == [[], [], []]
    assert np.all(plan.regime == 0)
    assert np.all(np.isinf(plan.clear_h))


def test_a_candidate_opens_no_regime_and_gives_no_all_clear(make_plan, make_event):
    happened = make_event(start_h=1.0, duration_h=2.0)
    may_come = make_event("attack", start_h=4.0, duration_h=3.0, expected=0.3)
    alone, plan = make_plan(steps=9, events=[happened]), make_plan(steps=9, events=[happened, may_come])
    np.testing.assert_array_equal(plan.regime, alone.regime)
    np.testing.assert_array_equal(plan.clear_h, alone.clear_h)
    np.testing.assert_allclose(parts(plan)[:, 1], [0, 0, 0, 0, 1 / 3, 1 / 3, 1 / 3, 0, 0], rtol=1e-6)
    assert plan.kinds == ("start", "attack", "attack")


def test_crews_work_alike_where_nights_and_events_are_the_same(make_plan, make_event):
    happened, may_come = make_event(start_h=2.0), make_event(start_h=2.0, expected=0.3)
    hits = np.array([True, False, True, True]), np.array([True, False, False, False])
    events = [replace(event, hits=hit) for event, hit in zip((happened, may_come), hits, strict=True)]
    dark = np.zeros((9, 4), bool)
    dark[4, 3] = True
    first, number = replace(make_plan(steps=9, places=4, events=events), night=dark).crews_alike
    assert sorted(first) == [0, 1, 3]
    np.testing.assert_array_equal(first[number], [0, 1, 0, 3])
