import numpy as np
import pytest
from scipy.optimize import brentq

from energy_impact.model.restoration import crew_ramp, new_faults, ramp_terms, rate_noise, repair, work_done


def run_repair(start, *, hours, step_h, rate, limit):
    fast = np.full((1, 1), start, np.float32)
    zero = np.zeros((1, 1), np.float32)
    scratch = np.empty((1, 1), np.float32)
    for _ in range(round(hours / step_h)):
        work = np.full((1, 1), step_h, np.float32)
        repair(fast, zero, fast, work, *(np.float32([x]) for x in (rate, rate, limit)), scratch)
    return fast.item()


def closed_form(start, *, hours, rate, limit):
    """Solution of dx/dt = -r x / (1 + x / c): ln(x / x0) + (x - x0) / c = -r t."""
    return brentq(lambda x: np.log(x / start) + (x - start) / limit + rate * hours, 1e-12, start)


def test_few_faults_decay_exponentially():
    left = run_repair(0.3, hours=10, step_h=0.01, rate=0.1, limit=1e4)
    assert left == pytest.approx(0.3 * np.exp(-1.0), rel=1e-3)


def test_many_faults_are_repaired_at_a_constant_rate():
    limit, rate = 1e-3, 10.0
    left = run_repair(0.9, hours=30, step_h=0.05, rate=rate, limit=limit)
    assert left == pytest.approx(0.9 - 30 * rate * limit, rel=5e-3)


@pytest.mark.parametrize("limit", [0.05, 0.5, 5.0])
def test_repair_follows_the_closed_form(limit):
    left = run_repair(0.6, hours=24, step_h=0.02, rate=1 / 15, limit=limit)
    assert left == pytest.approx(closed_form(0.6, hours=24, rate=1 / 15, limit=limit), rel=1e-3)


def test_halving_the_step_halves_the_error():
    truth = closed_form(0.6, hours=24, rate=0.15, limit=0.2)
    errors = [abs(run_repair(0.6, hours=24, step_h=h, rate=0.15, limit=0.2) - truth) for h in (2.0, 1.0, 0.5)]
    assert errors[1] < 0.6 * errors[0]
    assert errors[2] < 0.6 * errors[1]


def ramp(plan, values):
    """Share of the crews at work, (steps, places, members)."""
    lags, inverse_clear = ramp_terms(plan, values)
    return np.array([crew_ramp(lags[plan.regime_index[i]], inverse_clear[i]) for i in range(plan.steps)])


def test_half_of_the_crews_are_there_after_the_lag_and_none_before_the_all_clear(make_plan, make_event, make_values):
    plan = make_plan(events=[make_event(start_h=2.0, duration_h=3.0)])
    crews = ramp(plan, make_values(plan, fixed={"start_lag_h": 4.5}))
    assert np.all(crews[1] == 1.0)
    assert np.all(crews[3] == 0.0)
    assert crews[9] == pytest.approx(0.5)


def test_a_planned_shutoff_holds_its_plateau_then_returns_fast(make_plan, make_event, make_values):
    for kind, power in (("planned_shutoff", 8), ("storm", 1.5)):
        plan = make_plan(events=[make_event(kind)])
        crews = ramp(plan, make_values(plan, fixed={"start_lag_h": 10.0}))
        for step in (4, 19):
            assert crews[step] == pytest.approx(1 / (1 + (10 / (step + 0.5)) ** power), rel=1e-5)


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


def test_frost_and_night_slow_the_work(make_plan, make_values):
    plan = make_plan(night=True)
    values = make_values(plan, fixed={"cold_slowing": 0.012, "night_factor": 0.5, "repair_rate_place": 1.0})
    out = np.empty((1, 64), np.float32)
    done = work_done(plan, values, 0, np.full((1, 64), -20.0, np.float32), out)
    assert done == pytest.approx(0.5 * np.exp(-0.24), rel=1e-5)  # exp(-0.24) = 0.79 at -20 degC


def test_rate_noise_has_unit_mean_and_the_stated_correlation(make_plan, make_values):
    plan = make_plan(steps=240)
    noise = rate_noise(make_values(plan, members=20_000), 0)
    assert noise.mean() == pytest.approx(1.0, abs=0.02)
    logs = np.log(noise[:, 0])
    assert np.corrcoef(logs[3], logs[4])[0, 1] == pytest.approx(0.8, abs=0.02)


def test_new_faults_come_at_their_rate_on_average_and_never_exceed_what_is_there(make_plan, make_values):
    plan = make_plan(steps=240)
    faults = new_faults(plan, make_values(plan, members=20_000, fixed={"chronic_rate_heat": 1e-4}), "heat", 1)
    assert faults.mean() == pytest.approx(1e-4, rel=0.02)
    many = new_faults(plan, make_values(plan, fixed={"chronic_rate_heat": 50.0}), "heat", 1)
    assert many.max() <= 1
