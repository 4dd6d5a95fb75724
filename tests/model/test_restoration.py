from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq

from energy_impact.model.arrays import Workspace
from energy_impact.model.restoration import FAULT_NOISE_SD, Crews, Damage, crew_ramp, ramp_terms


def repaired(damage, hours):
    """Shares out by place after some hours of full-rate work."""
    step_h = damage.plan.step_h
    for step in range(round(hours / step_h)):
        damage.repair(step, np.full(damage.fast.shape, step_h, np.float32))
    return damage.of("power").out()[:, 0]


def closed_form(start, *, hours, rate, limit):
    """Solution of dx/dt = -r x / (1 + x / c): ln(x / x0) + (x - x0) / c = -r t."""
    return brentq(lambda x: np.log(x / start) + (x - start) / limit + rate * hours, 1e-12, start)


def test_few_faults_decay_exponentially(make_damage):
    damage = make_damage(0.3, step_h=0.01, repair_rate_power=0.1, crew_limit_power=1e4)
    assert repaired(damage, 10) == pytest.approx(0.3 * np.exp(-1.0), rel=1e-3)


def test_many_faults_are_repaired_at_a_constant_rate(make_damage):
    damage = make_damage(0.9, step_h=0.05, repair_rate_power=10.0, crew_limit_power=1e-3)
    assert repaired(damage, 20) == pytest.approx(0.9 - 20 * 10.0 * 1e-3, rel=5e-3)


@pytest.mark.parametrize("limit", [0.05, 0.5, 5.0])
def test_repair_follows_the_closed_form(limit, make_damage):
    damage = make_damage(0.6, step_h=0.02, repair_rate_power=1 / 15, crew_limit_power=limit)
    assert repaired(damage, 20) == pytest.approx(closed_form(0.6, hours=20, rate=1 / 15, limit=limit), rel=1e-3)


def test_halving_the_step_halves_the_error(make_damage):
    truth = closed_form(0.6, hours=20, rate=0.15, limit=0.2)
    errors = [
        abs(repaired(make_damage(0.6, step_h=h, repair_rate_power=0.15, crew_limit_power=0.2), 20).item() - truth)
        for h in (1.0, 0.5, 0.25)
    ]
    assert errors[1] < 0.6 * errors[0]
    assert errors[2] < 0.6 * errors[1]


def test_slow_damage_is_repaired_slower_and_what_hangs_on_jobs_is_not(make_damage):
    damage = make_damage(
        0.7,
        held=0.1,
        slow_share_power=3 / 7,
        repair_rate_power=0.2,
        slow_ratio_power=0.25,
        crew_limit_power=1e4,
    )
    repaired(damage, 10)
    assert damage.fast.item() == pytest.approx(0.4 * np.exp(-2.0), rel=1e-3)
    assert damage.slow.item() == pytest.approx(0.3 * np.exp(-0.5), rel=1e-3)
    assert damage.held.item() == pytest.approx(0.1)


def test_what_was_restored_is_what_is_no_longer_out(make_damage):
    damage = make_damage(0.8, slow_share_power=0.5, repair_rate_power=0.2)
    left = repaired(damage, 20)
    assert damage.restored.item() == pytest.approx(0.8 - left.item(), abs=1e-6)
    assert damage.served.item() == pytest.approx(1 - left.item(), abs=1e-6)


def test_rates_are_those_of_the_regime_of_the_place_from_its_event_on(make_damage, make_event):
    event = make_event(start_h=6.0, places=2)
    event.hits[1] = False
    rates = np.array([[0.05], [0.4]])
    damage = make_damage([0.5, 0.5], events=[event], repair_rate_power=rates, crew_limit_power=1e4)
    left = repaired(damage, 10)
    assert left[0] == pytest.approx(0.5 * np.exp(-6 * 0.05 - 4 * 0.4), rel=1e-3)
    assert left[1] == pytest.approx(0.5 * np.exp(-10 * 0.05), rel=1e-3)


@pytest.mark.parametrize("faster", [0.25, 4.0])
def test_what_is_lost_again_is_reconnected_at_the_rate_of_its_own_event(faster, make_damage, make_event):
    """Half of a place is hit twice, ten hours apart; each time it comes back as an exponential of its own rate."""
    events = [make_event(start_h=0.0), make_event(start_h=10.0)]
    rates = np.reshape([0.1, 0.1, 0.1 * faster], (3, 1))
    hit = {"severity_power": 0.5, "severity_common": 0.0, "severity_power_place": 0.0, "crew_limit_power": 1e5}
    damage = make_damage(0.0, events=events, repair_rate_power=rates, **hit)
    left = []
    for step in range(20):
        if step in {0, 10}:
            damage.hit(step // 10, 1.0)
            before = damage.of("power").out().item()
        damage.repair(step, np.ones((1, 1), np.float32))
        left.append(damage.of("power").out().item() / before)
    np.testing.assert_allclose(left[:10], np.exp(-0.1 * np.arange(1, 11)), rtol=1e-4)
    np.testing.assert_allclose(left[10:], np.exp(-0.1 * faster * np.arange(1, 11)), rtol=1e-4)


def test_many_faults_of_one_place_slow_another_that_shares_its_crews(make_damage):
    """One step, by hand: 0.1 out beside 0.9 with weights of 3 to 1 is 0.3 of the group; the limit is 0.2."""
    groups = {"crews": np.array([0, 0]), "weights": np.float32([0.75, 0.25])}
    fixed = {"repair_rate_power": 0.5, "crew_limit_power": 0.2}
    shared, alone = make_damage([0.1, 0.9], **groups, **fixed), make_damage([0.1, 0.9], **fixed)
    left, own = repaired(shared, 1), repaired(alone, 1)
    assert left == pytest.approx([0.1 * np.exp(-0.5 / 2.5), 0.9 * np.exp(-0.5 / 2.5)], rel=1e-5)
    assert own == pytest.approx([0.1 * np.exp(-0.5 / 1.5), 0.9 * np.exp(-0.5 / 5.5)], rel=1e-5)


def test_sharing_crews_leaves_a_place_its_own_faults(make_damage):
    groups = {"crews": np.array([0, 0]), "weights": np.float32([0.75, 0.25])}
    damage = make_damage([0.1, 0.9], **groups, chronic_share_power=0.5, repair_rate_power=0.5)
    damage.repair(0, np.zeros((2, 1), np.float32))
    # a rate of a quarter in a step of an hour takes a fifth of what is served
    assert damage.served[:, 0] == pytest.approx([0.9 * 0.8, 0.1 * 0.8], rel=1e-5)


@pytest.mark.parametrize("limit", [1e-9, 1.15e-5, 1.0])
def test_however_few_crews_and_fast_repairs_no_class_falls_below_zero(limit, make_damage):
    """Rounding makes of a limit of 1.15e-5 one that repairs 0.4 % more in a step than there is."""
    damage = make_damage(
        1e-9, slow_share_power=0.5, crew_limit_power=limit, repair_rate_power=1e3, slow_ratio_power=1.0
    )
    for _ in range(5):
        repaired(damage, 1)
        assert damage.fast.item() >= 0
        assert damage.slow.item() > 0


def test_crews_that_nobody_else_shares_are_a_place_s_own(make_damage):
    alone = make_damage([0.1, 0.9], repair_rate_power=0.5, crew_limit_power=0.2)
    groups = make_damage(
        [0.1, 0.9], crews=np.array([1, 0]), weights=np.float32([1, 1]), repair_rate_power=0.5, crew_limit_power=0.2
    )
    np.testing.assert_array_equal(repaired(groups, 12), repaired(alone, 12))


def test_crews_shared_by_places_that_are_alike_do_as_if_they_were_not(make_damage):
    alone = make_damage([0.4, 0.4], repair_rate_power=0.5, crew_limit_power=0.2)
    shared = make_damage(
        [0.4, 0.4], crews=np.array([0, 0]), weights=np.float32([0.5, 0.5]), repair_rate_power=0.5, crew_limit_power=0.2
    )
    np.testing.assert_allclose(repaired(shared, 12), repaired(alone, 12), rtol=1e-6)


def test_faults_come_at_their_rate_and_the_front_factor_times_as_often_near_the_front(make_damage):
    fixed = {"chronic_share_power": 1e-2, "repair_rate_power": 0.1, "front_factor": 5.0}
    damage = make_damage([0.0, 0.0], front=np.array([False, True]), **fixed)
    for step in range(10):
        damage.repair(step, np.zeros((2, 1), np.float32))
    # a rate a, a hundredth times a tenth per hour, in steps of an hour leaves 1 / (1 + a) of what is served
    assert damage.served[:, 0] == pytest.approx([1.001**-10, 1.005**-10], rel=1e-5)


def test_faults_come_at_their_rate_on_average_and_never_exceed_what_is_there(make_plan, make_values):
    plan = make_plan(systems=("power",))
    fixed = {"chronic_share_power": 1e-3, "repair_rate_power": 0.1}
    faults = Damage(plan, make_values(plan, members=20_000, fixed=fixed), ("power",), Workspace((1, 20_000)))
    faults.repair(0, faults.served)
    # the variance of such a factor is exp(sd^2) - 1: four standard errors
    assert faults.faults.mean() == pytest.approx(1e-4, rel=4 * np.sqrt(np.expm1(FAULT_NOISE_SD**2) / 20_000))
    busy = {"chronic_share_power": 50.0, "repair_rate_power": 1.0}
    many = Damage(plan, make_values(plan, fixed=busy), ("power",), Workspace((1, 64)))
    for step in range(plan.steps):
        many.repair(step, np.zeros((1, 64), np.float32))
        assert many.of("power").out().max() <= 1 + 1e-6
        assert many.served.min() >= -np.finfo(np.float32).epsneg  # a rounding of one


@pytest.mark.parametrize(("kind", "memory"), [(None, 0.8), ("attack", 0.8), ("storm", 0.99), ("planned_shutoff", 0.8)])
def test_rate_noise_is_constant_for_a_day_and_remembers_the_day_before(
    kind, memory, make_plan, make_event, make_values
):
    plan = make_plan(steps=72, events=[make_event(kind=kind)] if kind else [])
    damage = Damage(plan, make_values(plan, members=20_000), ("heat",), Workspace((1, 20_000)))
    days = []
    for step in range(plan.steps):
        damage.repair(step, damage.served)
        days.append(damage.noise.copy())
    for day in range(3):
        for hour in range(24):
            np.testing.assert_array_equal(days[24 * day + hour], days[24 * day])
    for day in (1, 2):
        assert days[24 * day].std() == pytest.approx(1.0, abs=4 / np.sqrt(40_000))
        correlation = np.corrcoef(days[24 * day][0], days[24 * (day - 1)][0])[0, 1]
        assert correlation == pytest.approx(memory, abs=4 * (1 - memory**2) / np.sqrt(20_000))


def test_after_a_storm_the_pace_of_days_stays_what_it_was_more_than_after_an_attack(make_plan, make_event, make_values):
    """Members' paces of the first and the eighth day: unit mean, the spread and the memory of their kind."""
    for kind, sd, memory in (("storm", 0.9, 0.99), ("attack", 0.6, 0.8)):
        plan = make_plan(steps=24 * 8, events=[make_event(kind=kind)])
        values = make_values(plan, members=20_000, fixed={"repair_rate_power": 0.01, "repair_rate_place": 1.0})
        damage = Damage(plan, values, ("power",), Workspace((1, 20_000)))
        paces = []
        for step in range(plan.steps):
            damage.repair(step, damage.served)
            if step in (23, plan.steps - 1):
                paces.append(-damage.pace[0] / (0.01 * values["crew_limit_power"]))
        # the variance of such a factor is exp(sd^2) - 1: four standard errors
        assert np.mean(paces, axis=1) == pytest.approx(1.0, abs=4 * np.sqrt(np.expm1(sd**2) / 20_000))
        days = np.log(paces)
        assert days.std(1) == pytest.approx(sd, abs=4 * sd / np.sqrt(40_000))
        assert np.corrcoef(days)[0, 1] == pytest.approx(memory**7, abs=4 * (1 - memory**14) / np.sqrt(20_000))


def ramp(plan, values):
    """Share of the crews at work, (steps, places, members)."""
    lags, inverse_clear = ramp_terms(plan, values)
    return np.array([crew_ramp(lags, inverse_clear[:, i]) for i in range(plan.steps)])


def test_half_of_the_crews_are_there_after_the_lag_and_none_before_the_all_clear(make_plan, make_event, make_values):
    plan = make_plan(events=[make_event(start_h=2.0, duration_h=3.0)])
    crews = ramp(plan, make_values(plan, fixed={"start_lag_h": 4.5}))
    assert np.all(crews[1] == 1.0)
    assert np.all(crews[3] == 0.0)
    assert crews[9] == pytest.approx(0.5)


def test_crews_work_for_what_is_left_of_the_step_with_the_all_clear(make_plan, make_event, make_values):
    plan = make_plan(steps=6, events=[make_event(start_h=2.0, duration_h=1.75)])  # until 03:45
    values = make_values(plan, fixed={"start_lag_h": 1e-3, "cold_slowing": 0.0, "night_factor": 1.0})
    space = Workspace((plan.places, values["start_lag_h"].shape[-1]))
    crews, hours = Crews(plan, values, space), space.empty()
    for step, expected in ((1, 1.0), (2, 0.0), (3, 0.25), (4, 1.0)):
        crews.hours(step, hours)
        np.testing.assert_allclose(hours, expected, rtol=1e-4)


def test_an_all_clear_a_moment_before_the_end_of_a_step_leaves_no_crews_in_it(make_plan, make_event, make_values):
    plan = make_plan(steps=4, events=[make_event("planned_shutoff", start_h=0.0, duration_h=1.9999)])
    crews = ramp(plan, make_values(plan, fixed={"start_lag_h": 500.0}))
    assert np.all(crews[1] == 0.0)


def test_a_planned_shutoff_holds_its_plateau_then_returns_fast(make_plan, make_event, make_values):
    for kind, power in (("planned_shutoff", 8), ("storm", 1.5)):
        plan = make_plan(events=[make_event(kind)])
        crews = ramp(plan, make_values(plan, fixed={"start_lag_h": 10.0}))
        for step in (4, 19):
            assert crews[step] == pytest.approx(1 / (1 + (10 / (step + 0.5)) ** power), rel=1e-5)


def test_crews_of_a_planned_shutoff_are_at_work_at_once_where_their_lag_is_minutes(make_plan, make_event, make_values):
    plan = make_plan(steps=4, events=[make_event("planned_shutoff", start_h=0.0, duration_h=1.6)])
    crews = ramp(plan, make_values(plan, fixed={"start_lag_h": 0.1}))
    assert crews[1] == pytest.approx(1 / (1 + (0.1 / 0.2) ** 8), rel=1e-5)  # 01:48, the middle of what is left


def test_crews_where_nothing_happened_are_all_at_work(make_plan, make_event, make_values):
    event = make_event(start_h=2.0, duration_h=3.0, places=2)
    event.hits[1] = False
    plan = make_plan(places=2, events=[event])
    crews = ramp(plan, make_values(plan))
    assert np.all(crews[:, 1] == 1.0)
    assert np.all(crews[3, 0] == 0.0)


@pytest.mark.parametrize("lag", [1e-12, 1e8])
def test_a_lag_of_next_to_nothing_or_of_ages_leaves_a_share(lag, make_plan, make_event, make_values):
    plan = make_plan(events=[make_event("planned_shutoff", 2.0, 3.1)])
    crews = ramp(plan, make_values(plan, fixed={"start_lag_h": lag}))
    assert np.all((crews >= 0) & (crews <= 1))
    assert crews[-1] == pytest.approx(float(lag < 1), abs=1e-6)


def hours_of_work(plan, values, step=0, temperature=0.0):
    space = Workspace(values["temperature_offset"].shape)
    crews, out = Crews(plan, values, space), space.empty()
    crews.set_frost_pace(space.full(temperature))
    crews.hours(step, out)
    return out


def test_frost_and_night_slow_the_work(make_plan, make_values):
    plan = make_plan(night=True)
    values = make_values(plan, fixed={"cold_slowing": 0.012, "night_factor": 0.5})
    # exp(-0.24) = 0.79 at -20 degC
    assert hours_of_work(plan, values, temperature=-20.0) == pytest.approx(0.5 * np.exp(-0.24), rel=1e-5)
    assert hours_of_work(plan, values, temperature=20.0) == pytest.approx(0.5)
    assert hours_of_work(make_plan(step_h=0.25), values, temperature=20.0) == pytest.approx(0.25)


@pytest.mark.parametrize("together", [1, 7, 1000])
def test_how_many_steps_are_computed_ahead_changes_no_bit(together, make_plan, make_event, make_values, monkeypatch):
    """Places differ in their night and all-clear during some of the steps only."""
    events = [make_event("storm", start_h=5.0, duration_h=3.3, places=2), make_event(start_h=30.0, places=2)]
    events[1].hits[0] = False
    plan = make_plan(places=2, events=events)
    night = (np.arange(plan.steps)[:, None] + [0, 2]) % 48 < 9
    plan = replace(plan, night=night)
    values = make_values(plan)

    def work():
        space = Workspace(values["temperature_offset"].shape)
        crews, out, found = Crews(plan, values, space), space.empty(), []
        for step in range(plan.steps):
            crews.hours(step, out)
            found.append(out.copy())
        return np.array(found)

    usual = work()
    monkeypatch.setattr("energy_impact.model.restoration.STEPS_AHEAD", together)
    np.testing.assert_array_equal(work(), usual)
    night_factor = np.where(night[:, :, None], values["night_factor"], 1)
    expected = ramp(plan, values) * night_factor * plan.clear_part[..., None]
    np.testing.assert_allclose(usual, expected, rtol=1e-5)


def test_places_have_their_own_night_and_all_clear(make_plan, make_event, make_values):
    event = make_event("storm", start_h=0.0, duration_h=2.0, places=3)
    event.hits[2] = False
    plan = make_plan(places=3, events=[event])
    plan = replace(plan, night=plan.night | np.array([True, False, False]))
    values = make_values(plan, fixed={"night_factor": 0.5, "start_lag_h": 3.5})
    done = hours_of_work(plan, values, step=5)
    for place, expected in enumerate((0.25, 0.5, 1.0)):  # 3.5 h after the all-clear half of the crews are there
        assert done[place] == pytest.approx(expected, rel=1e-5)
