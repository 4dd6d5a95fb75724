import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_impact.model.severity import hit_classes, hit_of_part, severities, union

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


@given(shares, st.lists(st.floats(0.01, 1), min_size=1, max_size=6))
def test_the_parts_of_an_event_hit_what_the_whole_hits(hit, weights):
    out = np.zeros((1, 1), np.float32)
    for part in np.array(weights) / sum(weights):
        out = union(out, hit_of_part(np.full((1, 1), hit, np.float32), part))
    assert out.item() == pytest.approx(hit, abs=2e-6)


@given(shares, shares, shares, shares, shares, st.integers(1, 30))
def test_no_class_leaves_zero_to_one_however_often_it_is_hit(fast, slow, hit, slow_share, lost_share, times):
    classes = row(fast * (1 - slow), fast * slow, 0)
    for _ in range(times):
        hit_classes(*classes, *row(hit, slow_share, lost_share))
    assert min(one.item() for one in classes) >= 0
    rounding = 3 * (times + 1) * np.finfo(np.float32).epsneg  # each hit rounds each of the three classes
    assert sum(one.item() for one in classes) <= 1 + rounding


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
