"""Damage that hangs on jobs: worked by hand, and what holds whatever is drawn."""

from dataclasses import replace

import numpy as np
import pytest

from energy_impact.model.arrays import Workspace
from energy_impact.model.jobs import LARGE_JOBS
from energy_impact.model.parameters import TABLE
from energy_impact.model.restoration import Crews, Damage
from energy_impact.model.severity import onset
from energy_impact.model.simulate import simulate

ALL_ON_JOBS = {
    "initial_out_power": 0.0,
    "chronic_share_power": 0.0,
    "severity_power": 0.5,
    "severity_common": 0.0,
    "severity_power_place": 0.0,
    "job_share_power": 1.0,
    "job_split_power": 1.0,
    "job_split_size": 0.0,
    "job_factor_power": 1.0,
    "job_rest_power": 0.0,
}
"""Half of a place is hit, all of which hangs on one job."""


@pytest.fixture
def follow(make_values):
    """States of power at the end of each step, in the first place and member, where no crew works."""

    def make(plan, **fixed):
        values = make_values(plan, members=1, fixed=ALL_ON_JOBS | fixed)
        damage = Damage(plan, values, ("power",), Workspace((plan.places, 1)), follow_restored=True)
        found = []
        for step in range(plan.steps):
            for event in plan.acting[step]:
                damage.hit(event, onset(plan, values, event, step))
            damage.repair(step, np.zeros((plan.places, 1), np.float32))
            classes = damage.fast, damage.slow, damage.held, damage.served, damage.restored
            found.append([one[0, 0] for one in classes])
        fast, slow, held, served, restored = np.array(found).T
        return {"out": fast + slow + held, "slow": slow, "held": held, "served": served, "restored": restored}

    return make


def test_a_hit_is_a_plateau_a_drop_for_each_job_and_what_is_left_to_the_crews(follow, make_plan, make_event):
    """Of a half .6 hangs on the first job, .6 of the rest on the second and so on; each leaves a tenth to the crews."""
    plan = make_plan(steps=60, events=[make_event(start_h=2.0)])
    factors = np.arange(10.0, 60.0, 10.0)[:, None]
    states = follow(plan, job_split_power=0.6, job_h_power=1.0, job_factor_power=factors, job_rest_power=0.1)
    # back are .9 of .3, .12, .048, .0192 and .0128, at ten hours each after hour 2
    levels = [0.0, 0.5, 0.23, 0.122, 0.0788, 0.06152, 0.05]
    expected = np.repeat(levels, np.diff([0, 2, 12, 22, 32, 42, 52, 60]))
    np.testing.assert_allclose(states["out"], expected, atol=1e-6)
    np.testing.assert_allclose(states["restored"][2:], 0.5 - expected[2:], atol=1e-6)
    assert states["slow"][-1] == pytest.approx(0.05, abs=1e-6)
    assert states["held"][-1] == pytest.approx(0, abs=1e-6)


def test_the_larger_the_hit_the_less_hangs_on_the_first_job(follow, make_plan, make_event):
    """Half of 1000 customers is a 200th of a typical hit: with an effect of a half the logit rises by ln(200) / 2."""
    plan = make_plan(steps=30, events=[make_event(start_h=2.0)])
    hours = np.array([5.0, *[1e3] * (LARGE_JOBS - 1)])[:, None]
    states = follow(plan, job_split_power=0.5, job_split_size=0.5, job_h_power=1.0, job_factor_power=hours)
    first = np.sqrt(200) / (1 + np.sqrt(200))
    assert states["out"][-1] == pytest.approx(0.5 * (1 - first), rel=1e-4)


def test_a_second_hit_hangs_on_jobs_of_its_own(follow, make_plan, make_event):
    """It hits half of what is served, a quarter; its job is done at hour 8, that of the first at hour 12."""
    plan = make_plan(steps=20, events=[make_event(start_h=2.0), make_event(start_h=5.0)])
    states = follow(plan, job_h_power=[[[10.0]], [[3.0]]])
    expected = np.repeat([0.0, 0.5, 0.75, 0.5, 0.0], np.diff([0, 2, 5, 8, 12, 20]))
    np.testing.assert_allclose(states["out"], expected, atol=1e-6)


def test_what_small_faults_leave_lost_is_back_at_its_hour_and_leaves_nothing_to_the_crews(
    follow, make_plan, make_event
):
    plan = make_plan(steps=40, events=[make_event(start_h=2.0)])
    lost = {"slow_share_power": 1.0, "lost_share_power": 0.25, "lost_h_power": 20.0}
    states = follow(plan, job_share_power=0.0, job_rest_power=0.5, job_h_power=1e-3, **lost)
    np.testing.assert_allclose(states["held"], np.repeat([0, 0.125, 0], [2, 20, 18]), atol=1e-6)
    np.testing.assert_allclose(states["slow"], np.repeat([0, 0.375], [2, 38]), atol=1e-6)


@pytest.mark.parametrize("kind", ["attack", "storm", "planned_shutoff", "grid_failure", "local_fault"])
def test_no_job_is_done_while_an_event_still_hits_and_all_are_done_in_the_end(kind, follow, make_plan, make_event):
    """Also where crews can work from the event's start and would be done after half an hour."""
    plan = make_plan(steps=20, events=[make_event(kind, start_h=2.0, duration_h=6.0)])
    states = follow(plan, job_h_power=0.5, cascade_size=-9.0)
    # even over six hours: 1 - (1 - .5)^(k / 6)
    np.testing.assert_allclose(states["out"][2:7], 1 - 0.5 ** (np.arange(1, 6) / 6), atol=1e-6)
    np.testing.assert_allclose(states["out"][8:], 0, atol=1e-6)


@pytest.mark.parametrize("kind", ["attack", "local_fault"])
@pytest.mark.parametrize("quantile", [-2.0, 0.0, 2.0])
def test_jobs_bring_all_back_though_the_length_is_unknown(kind, quantile, follow, make_plan, make_event):
    plan = make_plan(steps=40, events=[make_event(kind, start_h=2.0, duration_h=6.0, length_h=(0.0, 12.0))])
    states = follow(plan, job_h_power=1.0, event_length=quantile)
    assert states["out"].max() > 0.05
    np.testing.assert_allclose(states["out"][16:], 0, atol=1e-6)


def test_crews_that_wait_for_the_all_clear_start_their_jobs_there(follow, make_plan, make_event):
    """A grid failure's job of ten hours is done at hour 12, an attack's after six hours of it at hour 18."""
    for kind, hour in (("grid_failure", 12), ("attack", 18)):
        plan = make_plan(steps=30, events=[make_event(kind, start_h=2.0, duration_h=6.0)])
        out = follow(plan, job_h_power=10.0, cascade_size=-9.0)["out"]
        np.testing.assert_allclose(out[8:], np.repeat([0.5, 0.0], [hour - 8, 30 - hour]), atol=1e-6)


def test_large_repairs_wait_for_spares_that_come_late_and_small_ones_do_not(follow, make_plan, make_event):
    """Of what is hit at hour 2, a fifth is mended after 5 hours, .4 after 20 and .4 after 30, or 38 with late parts."""
    small = {"job_share_power": 0.8, "slow_share_power": 1.0, "lost_share_power": 1.0, "lost_h_power": 5.0}
    hours = np.array([20.0, *[30.0] * (LARGE_JOBS - 1)])[:, None]
    for late_h, last in ((0.0, 32), (8.0, 40)):
        plan = make_plan(steps=48, events=[make_event(start_h=2.0, spares_late_h=late_h), make_event(start_h=47.0)])
        factors = np.stack([hours, hours])[:, None]
        states = follow(plan, job_split_power=0.5, job_h_power=1.0, job_factor_power=factors, **small)
        expected = np.repeat([0.0, 0.5, 0.4, 0.2, 0.0], np.diff([0, 2, 7, 22, last, 47]))
        np.testing.assert_allclose(states["out"][:47], expected, atol=1e-6)


@pytest.mark.parametrize("step_h", [1.0, 0.5, 0.25, 1 / 6])
def test_a_job_is_done_in_the_step_that_it_falls_into(step_h, follow, make_plan, make_event):
    plan = make_plan(steps=round(20 / step_h), step_h=step_h, events=[make_event(start_h=2.0)])
    out = follow(plan, job_h_power=7.3)["out"]
    back_h = (np.flatnonzero(out > 0.25)[-1] + 2) * step_h
    assert 0 <= back_h - 9.3 <= step_h


@pytest.fixture
def drawn(make_plan, make_event, make_values):
    """Two places, three events of which two overlap, and all that is drawn."""

    def make(**changes):
        events = [
            make_event(start_h=3.0, duration_h=7.0, places=2, length_h=(2.0, 12.0)),
            make_event("storm", start_h=6.0, duration_h=5.0, places=2),
            make_event("grid_failure", start_h=30.0, duration_h=2.0, places=2),
        ]
        plan = make_plan(steps=120, places=2, **{"events": events} | changes)
        return plan, make_values(plan, members=64, crowd_alone=False)

    return make


def test_nothing_is_lost_or_won_between_the_classes(drawn):
    plan, values = drawn()
    damage = Damage(plan, values, plan.systems, space := Workspace((2, 64)), follow_restored=True)
    crews, work = Crews(plan, values, space), space.empty()
    crews.set_frost_pace(space.full(5.0))
    for step in range(plan.steps):
        out = damage.fast + damage.slow + damage.held
        for event in plan.acting[step]:
            damage.hit(event, onset(plan, values, event, step))
        crews.hours(step, work)
        damage.repair(step, work)
        total = damage.served.astype(float) + damage.fast + damage.slow + damage.held
        np.testing.assert_allclose(total, 1, atol=1e-6)
        assert min(one.min() for one in (damage.fast, damage.slow, damage.held, damage.served)) >= -1e-6
    assert damage.held.max() > 0.01
    assert np.all(out <= 1 + 1e-6)


def test_names_of_places_do_not_matter_to_jobs(drawn):
    plan, values = drawn()
    swapped = dict(values)
    for parameter in TABLE:
        if "place" in parameter.axes:
            swapped[parameter.name] = np.flip(values[parameter.name], parameter.axes.index("place")).copy()
    record = np.arange(plan.steps + 1)
    one, two = (
        simulate(plan, given, record=record, keep=("power_out", "heat_out", "power_restored"))
        for given in (values, swapped)
    )
    for name, state in one.items():
        np.testing.assert_array_equal(state[:, 0], two[name][:, 1], err_msg=name)
        assert not np.array_equal(state[:, 0], state[:, 1])


@pytest.mark.parametrize("name", ["job_h_power", "job_factor_power", "lost_h_power", "job_rest_power"])
def test_a_longer_job_or_one_that_leaves_more_to_the_crews_never_leaves_fewer_out(name, drawn, make_event):
    """But for new faults: what comes back sooner can break again sooner."""
    plan, values = drawn(events=[make_event(start_h=3.0, duration_h=7.0, places=2)])
    values["chronic_share_power"][...] = 0
    values["slow_share_power"][...], values["lost_share_power"][...] = 0.5, 0.3
    values["lost_h_power"][...] /= 10
    longer = values | {name: np.minimum(values[name] * 1.7, 1.0 if name == "job_rest_power" else np.inf)}
    record = np.arange(plan.steps + 1)
    one, two = (simulate(plan, given, record=record, keep=("power_out",))["power_out"] for given in (values, longer))
    assert np.all(two >= one - 2e-6)
    assert two.sum() > one.sum() + 0.1


def test_the_jobs_of_one_place_do_not_depend_on_another(drawn):
    plan, values = drawn()
    changed = values | {name: values[name].copy() for name in ("job_share_power", "job_factor_power")}
    for name in ("job_share_power", "job_factor_power"):
        changed[name][:, 1] *= 0.5
    record = np.arange(plan.steps + 1)
    one, two = (simulate(plan, given, record=record, keep=("power_out",))["power_out"] for given in (values, changed))
    np.testing.assert_array_equal(one[:, 0], two[:, 0])
    assert not np.array_equal(one[:, 1], two[:, 1])


def test_an_event_whose_jobs_are_done_takes_no_memory(make_plan, make_event, make_values):
    """Only jobs of places and members that are hit are waited for."""
    event = replace(make_event(start_h=2.0, places=2), hits=np.array([True, False]))
    plan = make_plan(events=[event], places=2, steps=48)
    values = make_values(plan, members=4, fixed=ALL_ON_JOBS | {"job_h_power": 10.0, "lost_h_power": 10.0})
    damage = Damage(plan, values, ("power",), Workspace((plan.places, 4)), follow_restored=True)
    waiting = []
    for step in range(plan.steps):
        for event in plan.acting[step]:
            damage.hit(event, onset(plan, values, event, step))
        damage.repair(step, np.zeros((plan.places, 4), np.float32))
        waiting.append(sum(len(held.order) for held in damage.jobs.held.values()))
    assert max(waiting) == 4 * (LARGE_JOBS + 1)
    assert waiting[-1] == 0
    assert not damage.jobs.held
