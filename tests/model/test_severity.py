import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_impact.model.severity import hit_classes, severities, step_fraction, union

shares = st.floats(0, 1, width=32)


def row(*numbers):
    return [np.full((1, 1), number, np.float32) for number in numbers]


@given(shares, shares, shares, shares, shares)
def test_two_hits_at_once_are_one_hit_of_their_union_at_every_level(out, first, second, slow_share, lost_share):
    one, two = row(out, 0, 0), row(out, 0, 0)
    for hit in (first, second):
        hit_classes(*one, *row(hit, slow_share, lost_share))
    # at the level "out" the union is 1 - (1 - A)(1 - B); worked by hand in float64
    expected = 1 - (1 - out) * (1 - first) * (1 - second)
    assert sum(one).item() == pytest.approx(expected, abs=3e-6)
    slow = 1 - (1 - first * slow_share) * (1 - second * slow_share)
    assert (one[1] + one[2]).item() == pytest.approx(slow, abs=3e-6)
    lost = 1 - (1 - first * slow_share * lost_share) * (1 - second * slow_share * lost_share)
    assert one[2].item() == pytest.approx(lost, abs=3e-6)
    hit_classes(*two, *row(union(np.float32(first), np.float32(second)), slow_share, lost_share))
    assert sum(two).item() == pytest.approx(expected, abs=3e-6)


def test_reconnected_stock_can_break_again_but_broken_stock_is_not_broken_twice():
    fast, slow, lost = row(0.4, 0.1, 0.0)
    hit_classes(fast, slow, lost, *row(0.5, 0.2, 0.0))
    assert (fast + slow + lost).item() == pytest.approx(0.75)  # 1 - 0.5 x 0.5
    assert slow.item() == pytest.approx(0.19)  # 1 - 0.9 x 0.9


def test_an_event_without_duration_falls_into_exactly_one_step(make_event):
    event = make_event(start_h=5.0)
    assert [step_fraction(event, step, 1.0) for step in range(4, 7)] == [0.0, 1.0, 0.0]


def test_the_parts_of_an_event_add_up_to_one(make_event):
    event = make_event(start_h=1.25, duration_h=6.5)
    assert sum(step_fraction(event, step, 0.5) for step in range(40)) == pytest.approx(1.0)


def test_unknown_size_is_not_size_zero(make_plan, make_event, make_values):
    unknown = make_plan(events=[make_event()])
    none = make_plan(events=[make_event(missiles=0.0, drones=0.0)])
    fixed = {"missile_effect": 0.5, "drone_effect": 0.5}
    without = severities(unknown, make_values(unknown, fixed=fixed), "severity_heat")[0]
    with_zero = severities(none, make_values(none, fixed=fixed), "severity_heat")[0]
    assert np.all(with_zero < without)


def test_a_storm_takes_no_generating_capability(make_plan, make_event, make_values):
    plan = make_plan(events=[make_event("storm"), make_event("attack", 5.0)])
    storm, attack = severities(plan, make_values(plan), "capability_hit")
    assert storm.max() == 0
    assert attack.min() > 0


def test_a_place_that_is_not_hit_loses_nothing(make_plan, make_event, make_values):
    event = make_event(places=2)
    event.hits[1] = False
    plan = make_plan(places=2, events=[event])
    hit = severities(plan, make_values(plan), "severity_power")[0]
    assert hit[0].min() > 0
    assert hit[1].max() == 0
