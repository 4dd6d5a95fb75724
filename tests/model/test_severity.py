from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logit, ndtri

from energy_impact.model.plan import EventPlan, Plan
from energy_impact.model.severity import happens, hit_classes, hit_levels, hit_of_part, onset, severities, union

shares = st.floats(0, 1, width=32)


def row(*numbers):
    return [np.full((1, 1), number, np.float32) for number in numbers]


def hit_all(classes, hit, slow_share, lost_share, part=1.0):
    hit_classes(*classes, *hit_levels(*row(hit, slow_share, lost_share), part))


@given(shares, shares, shares, shares, shares)
def test_two_hits_at_once_are_one_hit_of_their_union_at_every_level(out, first, second, slow_share, lost_share):
    one, two = row(out, 0, 0), row(out, 0, 0)
    for hit in (first, second):
        hit_all(one, hit, slow_share, lost_share)
    # at the level "out" the union is 1 - (1 - A)(1 - B); worked by hand in float64
    expected = 1 - (1 - out) * (1 - first) * (1 - second)
    assert sum(one).item() == pytest.approx(expected, abs=3e-6)
    slow = 1 - (1 - first * slow_share) * (1 - second * slow_share)
    assert (one[1] + one[2]).item() == pytest.approx(slow, abs=3e-6)
    lost = 1 - (1 - first * slow_share * lost_share) * (1 - second * slow_share * lost_share)
    assert one[2].item() == pytest.approx(lost, abs=3e-6)
    hit_all(two, union(np.float32(first), np.float32(second)), slow_share, lost_share)
    assert sum(two).item() == pytest.approx(expected, abs=3e-6)


def test_reconnected_stock_can_break_again_but_broken_stock_is_not_broken_twice():
    fast, slow, lost = row(0.4, 0.1, 0.0)
    hit_all((fast, slow, lost), 0.5, 0.2, 0.0)
    assert (fast + slow + lost).item() == pytest.approx(0.75)  # 1 - 0.5 x 0.5
    assert slow.item() == pytest.approx(0.19)  # 1 - 0.9 x 0.9


@given(shares, st.lists(st.floats(0.01, 1), min_size=1, max_size=6))
def test_the_parts_of_an_event_hit_what_the_whole_hits(hit, weights):
    out = np.zeros((1, 1), np.float32)
    for part in np.array(weights) / sum(weights):
        out = union(out, hit_of_part(np.full((1, 1), hit, np.float32), part))
    assert out.item() == pytest.approx(hit, abs=2e-6)


def test_an_event_damages_as_much_slowly_and_for_weeks_however_long_it_takes():
    for parts in (1, 6, 36):
        classes = row(0, 0, 0)
        for _ in range(parts):
            hit_all(classes, 0.8, 0.15, 0.5, 1 / parts)
        # of 0.8 out, 0.15 are slow or lost, and half of those are lost
        assert [one.item() for one in classes] == pytest.approx([0.68, 0.06, 0.06], abs=2e-6)


@given(shares, shares, shares, st.floats(0.01, 1))
def test_no_level_of_a_hit_is_above_the_one_before(hit, slow_share, lost_share, part):
    out, slow, lost = hit_levels(*row(hit, slow_share, lost_share), part)
    assert 0 <= lost <= slow <= out


@given(shares, shares, shares, shares, shares, st.integers(1, 30))
def test_no_class_leaves_zero_to_one_however_often_it_is_hit(fast, slow, hit, slow_share, lost_share, times):
    classes = row(fast * (1 - slow), fast * slow, 0)
    for _ in range(times):
        hit_all(classes, hit, slow_share, lost_share)
    assert min(one.item() for one in classes) >= 0
    rounding = 3 * (times + 1) * np.finfo(np.float32).epsneg  # each hit rounds each of the three classes
    assert sum(one.item() for one in classes) <= 1 + rounding


def test_a_missile_that_gets_through_adds_more_than_a_drone(make_plan, make_event, make_values):
    """At the medians of their effects, and beyond as many of each as in a typical attack."""

    def share(missiles, drones):
        plan = make_plan(events=[make_event(missiles=missiles, drones=drones)])
        fixed = {"missile_effect": 0.3, "drone_effect": 0.3}
        return severities(plan, make_values(plan, members=4, fixed=fixed), "severity_power")[0]

    assert (share(21.0, 40.0) > share(20.0, 41.0)).all()
    assert (share(20.0, 41.0) > share(20.0, 40.0)).all()


def test_missiles_and_drones_each_have_an_effect_of_their_own(make_plan, make_event, make_values):
    """On the logit: .8 times ln(3 / 2) of twenty missiles for ten, and half of ln(5 / 3) of forty drones for twenty."""

    def at(missiles, drones):
        plan = make_plan(events=[make_event(missiles=missiles, drones=drones)])
        fixed = {"missile_effect": 0.8, "drone_effect": 0.5}
        return logit(severities(plan, make_values(plan, members=4, fixed=fixed), "severity_power")[0])

    np.testing.assert_allclose(at(20.0, 20.0) - at(10.0, 20.0), 0.8 * np.log(3 / 2), rtol=1e-4)
    np.testing.assert_allclose(at(20.0, 40.0) - at(20.0, 20.0), 0.5 * np.log(5 / 3), rtol=1e-4)


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


def candidate(make_event, expected, *truces, kind="attack", places=1):
    return make_event(kind, start_h=5.0, places=places, expected=expected, truces=truces)


def test_what_happened_happens_in_every_member_whatever_is_drawn(make_plan, make_event, make_values):
    plan = make_plan(events=[make_event()])
    assert happens(plan, make_values(plan, fixed={"occurs": 9.0}), 0) is True
    low, high = (severities(plan, make_values(plan, fixed={"occurs": z}), "severity_power")[0] for z in (-9, 9))
    np.testing.assert_array_equal(low, high)


@pytest.mark.parametrize("expected", [0.0, 0.05, 2 / 7, 3.0])
def test_a_candidate_happens_with_the_chance_of_any_event_of_a_poisson_process(
    expected, make_plan, make_event, make_values
):
    plan = make_plan(events=[candidate(make_event, expected)])
    values = make_values(plan, members=1000)
    values["occurs"][0] = ndtri((np.arange(1000) + 0.5) / 1000)
    counts = np.random.default_rng(5).poisson(expected, 400_000)
    share = float(np.mean(happens(plan, values, 0)))
    assert share == pytest.approx(np.mean(counts > 0), abs=0.004)


def test_a_candidate_hits_only_in_the_members_in_which_it_happens(make_plan, make_event, make_values):
    plan = make_plan(events=[make_event(), candidate(make_event, 0.7)], balance=True)
    values = make_values(plan)
    comes = happens(plan, values, 1)
    assert 0 < np.sum(comes) < 64
    for name in ("severity_power", "severity_heat", "severity_water", "capability_hit"):
        first, second = severities(plan, values, name)
        assert first.min() > 0
        np.testing.assert_array_equal(second[0] > 0, comes)


@given(st.floats(0, 5), st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=3))
def test_truces_remove_events_and_add_none(expected, truces):
    hits, rng = np.ones(2, bool), np.random.default_rng(3)
    values = {"occurs": rng.standard_normal((1, 200)), "truce_holds": rng.standard_normal((len(truces), 200))}
    weather = np.zeros((3, 2), np.float32)

    def comes(truces):
        event = EventPlan("attack", 0.0, 1.0, hits, expected=expected, truces=truces)
        plan = Plan(
            2,
            1.0,
            2,
            ("power",),
            (event,),
            np.zeros((2, 2), bool),
            weather,
            weather,
            weather,
            False,
            truces=tuple(chance for chance, _ in truces),
        )
        return np.broadcast_to(happens(plan, values, 0), (2, 200))

    factors = tuple((number, factor) for number, (_, factor) in enumerate(truces))
    free = comes(())
    for count in range(1, len(truces) + 1):
        held = comes(factors[:count])
        assert not np.any(held & ~free)
        free = held


def test_of_two_truces_that_hold_the_lower_rate_counts(make_plan, make_event, make_values):
    plan = replace(make_plan(events=[candidate(make_event, 1.0, (0, 0.5), (1, 0.1))]), truces=(0.5, 0.5))
    values = make_values(plan, members=4)
    values["truce_holds"][...] = [[1, -1, 1, -1], [1, 1, -1, -1]]  # holds below the median
    # chances: 1 - exp(-1) = .632, 1 - exp(-.5) = .393, 1 - exp(-.1) = .095, .095
    for quantile, expected in ((0.09, [1, 1, 1, 1]), (0.3, [1, 1, 0, 0]), (0.5, [1, 0, 0, 0]), (0.7, [0, 0, 0, 0])):
        values["occurs"][...] = ndtri(quantile)
        np.testing.assert_array_equal(happens(plan, values, 0)[0], np.array(expected, bool))


def test_an_attack_goes_on_where_a_truce_does_not_cover(make_plan, make_event, make_values):
    city_only = np.array([0.0, 1.0], np.float32)
    event = candidate(make_event, 1.0, (0, city_only), places=2)
    plan = replace(make_plan(places=2, events=[event]), truces=(1.0,))
    values = make_values(plan)
    hit = severities(plan, values, "severity_power")[0]
    assert hit[0].max() == 0
    without_truce = make_plan(places=2, events=[candidate(make_event, 1.0)])
    np.testing.assert_array_equal(hit[1] > 0, happens(without_truce, values, 0))


def test_a_grid_failure_takes_heat_and_water_only_through_power(make_plan, make_event, make_values):
    plan = make_plan(events=[make_event("grid_failure")], balance=True)
    values = make_values(plan)
    assert severities(plan, values, "severity_heat")[0].max() == 0
    assert severities(plan, values, "severity_water")[0].max() == 0
    assert severities(plan, values, "severity_power")[0].min() > 0
    assert severities(plan, values, "capability_hit")[0].min() > 0


@pytest.mark.parametrize(("quantile", "trips"), [(0.5, 1), (0.7, 2), (0.85, 3)])
def test_a_grid_failure_spreads_by_a_cascade(quantile, trips, make_plan, make_event, make_values):
    # Borel distribution of spread .5: 1 trip with the chance .607, up to 2 with .790, up to 3 with .874
    fixed = {"severity_power": 0.1, "severity_common": 0.0, "cascade_spread": 0.5, "cascade_size": ndtri(quantile)}
    for kind, expected in (("grid_failure", 1 - 0.9**trips), ("attack", 0.1)):
        plan = make_plan(events=[make_event(kind)])
        hit = severities(plan, make_values(plan, fixed=fixed), "severity_power")[0]
        np.testing.assert_allclose(hit, expected, rtol=1e-5)


def parts_of(event, shape, *, length=0.0, step_h=1.0, steps=60):
    """Parts of an event by step, in one member."""
    row = np.zeros((steps, 1), np.float32)
    plan = Plan(steps, step_h, 1, ("power",), (event,), row > 0, row, row, row, balance=False)
    values = {"onset_shape": np.float32([[shape]]), "event_length": np.float32([[length]])}
    found = np.zeros(steps)
    for step, events in enumerate(plan.acting):
        for index in events:
            found[step] = np.squeeze(onset(plan, values, index, step))
    return found


def lasting(start_h, shortest, longest):
    return EventPlan(
        "storm", start_h, start_h + (shortest + longest) / 2, np.ones(1, bool), length_h=(shortest, longest)
    )


@given(
    st.floats(0.05, 8),
    st.floats(0, 20),
    st.floats(0, 15),
    st.floats(0, 15),
    st.floats(-4, 4),
    st.sampled_from([1.0, 0.5, 1 / 6]),
)
def test_the_parts_of_an_event_add_up_to_one_for_any_shape_and_length(shape, start, shortest, more, quantile, step_h):
    event = lasting(start, shortest, shortest + more)
    parts = parts_of(event, shape, length=quantile, step_h=step_h, steps=round(60 / step_h))
    assert parts.sum() == pytest.approx(1, abs=1e-5)
    assert parts.min() >= 0


def test_rounding_loses_nothing_of_an_event_that_begins_with_a_step():
    """Eleven steps of ten minutes: with a shape of a tenth a share of 1e-15 of the length would be 3 % of the hit."""
    for off in (-1e-15, 0.0, 1e-15):
        parts = parts_of(lasting(11 / 6 + off, 1.0, 1.0), 0.1, step_h=1 / 6)
        assert parts[11] == pytest.approx((1 / 6) ** 0.1, rel=1e-5)
        assert parts.sum() == pytest.approx(1, abs=1e-5)


def test_an_event_hits_by_a_power_of_the_share_of_its_length():
    """From half past two over eight hours: at 4, 6 and 8 o'clock three, seven and eleven sixteenths have passed."""
    for shape in (0.3, 1.0, 2.5):
        hit = np.cumsum(parts_of(lasting(2.5, 8.0, 8.0), shape))
        np.testing.assert_allclose(hit[[3, 5, 7]], (np.array([3, 7, 11]) / 16) ** shape, rtol=1e-5)
        assert hit[1] == 0
        assert hit[10] == pytest.approx(1)


def test_a_shape_below_one_hits_more_early():
    early, even = (np.cumsum(parts_of(lasting(2.0, 10.0, 10.0), shape))[2:11] for shape in (0.4, 1.0))
    assert np.all(early > even + 0.03)


@pytest.mark.parametrize(("quantile", "hours"), [(-9.0, 4.0), (ndtri(0.25), 6.0), (0.0, 8.0), (9.0, 12.0)])
def test_an_unknown_length_is_drawn_from_the_least_to_the_most(quantile, hours):
    parts = parts_of(lasting(3.0, 4.0, 12.0), 1.0, length=quantile)
    np.testing.assert_allclose(parts[3 : 3 + int(hours)], 1 / hours, rtol=1e-5)
    np.testing.assert_allclose(parts[3 + int(hours) :], 0, atol=1e-6)


def test_an_event_without_length_hits_at_once_whatever_its_shape():
    assert list(np.flatnonzero(parts_of(lasting(3.4, 0.0, 0.0), 0.3))) == [3]
    assert parts_of(lasting(3.4, 0.0, 0.0), 0.3)[3] == 1


SHARES = ("severity_power", "severity_heat", "severity_water", "severity_gas", "capability_hit")


@pytest.mark.parametrize(
    ("kind", "systems", "broken"),
    [
        ("heat_accident", None, {"severity_heat"}),
        ("local_fault", None, {"severity_power"}),
        ("attack", ("water",), {"severity_water", "capability_hit"}),
        ("storm", ("power", "water"), {"severity_power", "severity_water"}),
        ("local_fault", ("heat", "gas"), {"severity_heat", "severity_gas"}),
    ],
)
def test_an_event_breaks_what_its_kind_does_or_what_it_is_said_to_break(
    kind, systems, broken, make_plan, make_event, make_values
):
    plan = make_plan(events=[make_event(kind, systems=systems)], balance=True)
    values = make_values(plan)
    assert {name for name in SHARES if severities(plan, values, name)[0].max() > 0} == broken
