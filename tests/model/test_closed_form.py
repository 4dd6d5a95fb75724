"""The closed form against known solutions, fine integration, and the step that the model takes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.special import wrightomega

from tests.closed_form import inner_clock, shares_after

SHARES = np.array([[0.5, 0.3, 0.05, 0.9], [0.2, 0.4, 0.01, 0.05], [0.1, 0.02, 0.0, 0.04]])
RATES = np.array([[0.2, 1 / 15, 0.5, 0.1], [0.05, 0.02, 0.1, 0.03], [0.004, 0.003, 0.01, 0.002]])
LIMIT = np.array([0.05, 0.5, 2.0, 0.001])
LOST = np.array([0.02, 0.0, 0.1, 0.01])


def test_one_class_is_the_wright_omega_function():
    rng = np.random.default_rng(1)
    share, rate = rng.uniform(0.01, 1, 500), 10 ** rng.uniform(-3, 0, 500)
    limit, work = 10 ** rng.uniform(-2, 2, 500), 10 ** rng.uniform(-1, 2.5, 500)
    # x / c + ln(x / c) = x0 / c + ln(x0 / c) - r work
    expected = limit * wrightomega(share / limit + np.log(share / limit) - rate * work)
    (left,) = shares_after(work, [share], [rate], crew_limit=limit)
    np.testing.assert_allclose(left, expected, rtol=1e-10)


@pytest.mark.parametrize("classes", [1, 2, 3])
def test_it_agrees_with_fine_integration_where_work_comes_and_goes(classes):
    shape = (classes, len(LIMIT))

    def slope(time, flat):
        left = flat.reshape(shape)
        return (-(0.6 + 0.4 * np.sin(time / 3)) * RATES[:classes] * left / (1 + (left.sum(0) + LOST) / LIMIT)).ravel()

    hours = np.array([0.0, 1.0, 8.0, 30.0, 96.0])
    truth = solve_ivp(slope, (0, 96), SHARES[:classes].ravel(), "DOP853", hours, rtol=1e-12, atol=1e-15).y
    work = 0.6 * hours + 1.2 * (1 - np.cos(hours / 3))
    left = shares_after(work[:, None], SHARES[:classes], RATES[:classes], crew_limit=LIMIT, lost=LOST)
    np.testing.assert_allclose(np.array(left), truth.reshape(*shape, 5).transpose(0, 2, 1), rtol=0, atol=1e-10)


@pytest.mark.parametrize("case", range(len(LIMIT)))
def test_the_step_of_the_model_tends_to_it_and_held_stock_slows_the_crews(case, make_damage):
    fast, slow = SHARES[:2, case]
    rates = RATES[:2, case]
    damage = make_damage(
        fast + slow,
        step_h=0.01,
        held=LOST[case],
        repair_rate_power=rates[0],
        slow_ratio_power=rates[1] / rates[0],
        slow_share_power=slow / (fast + slow),
        crew_limit_power=LIMIT[case],
    )
    for step in range(2400):
        damage.repair(step, np.full((1, 1), 0.01, np.float32))
    found = [damage.fast.item(), damage.slow.item()]
    np.testing.assert_allclose(
        found, shares_after(24.0, SHARES[:2, case], rates, crew_limit=LIMIT[case], lost=LOST[case]), rtol=2e-3
    )
    without = shares_after(24.0, SHARES[:2, case], rates, crew_limit=LIMIT[case])
    assert without[0] < found[0] or LOST[case] == 0


def test_with_crews_without_limit_every_class_decays_exponentially():
    left = shares_after(10.0, SHARES, RATES, crew_limit=np.inf, lost=LOST)
    np.testing.assert_allclose(left, SHARES * np.exp(-10 * RATES), rtol=1e-14)


def test_with_many_faults_the_throughput_is_constant():
    (left,) = shares_after([0.0, 10.0, 20.0], [0.9], [2.0], crew_limit=0.001)
    assert 0.9 - left == pytest.approx([0, 0.02, 0.04], rel=2e-3)  # rate x limit x hours, one part in 900 slower


def test_half_of_the_rate_is_left_at_the_crew_limit():
    (left,) = shares_after(1e-4, [0.2], [0.1], crew_limit=0.2)
    assert 0.2 - left == pytest.approx(0.5 * 0.1 * 1e-4 * 0.2, rel=1e-4)


def test_what_is_done_in_two_parts_is_what_is_done_at_once():
    half = shares_after(7.0, SHARES, RATES, crew_limit=LIMIT, lost=LOST)
    twice = shares_after(16.0, half, RATES, crew_limit=LIMIT, lost=LOST)
    np.testing.assert_allclose(twice, shares_after(23.0, SHARES, RATES, crew_limit=LIMIT, lost=LOST), rtol=1e-12)


def test_without_work_nothing_changes():
    np.testing.assert_array_equal(shares_after(0.0, SHARES, RATES, crew_limit=LIMIT, lost=LOST), SHARES)


def test_nothing_out_stays_nothing_and_the_clock_runs_free():
    assert inner_clock([0.0, 5.0], [0.0], [0.1], crew_limit=0.5) == pytest.approx([0, 5])


def test_the_clock_settles_over_many_orders_of_magnitude():
    rng = np.random.default_rng(2)
    share, lost = rng.uniform(0, 1, (2, 20_000))
    rate, limit = 10 ** rng.uniform(-4, 1, 20_000), 10 ** rng.uniform(-6, 4, 20_000)
    work = 10 ** rng.uniform(-3, 4, 20_000)
    clock = inner_clock(work, [share, share / 3], [rate, rate / 20], crew_limit=limit, lost=lost)
    done = clock.astype(np.longdouble) * (1 + lost / limit)
    for part, speed in ((share, rate), (share / 3, rate / 20)):
        done += part / (limit * speed) * -np.expm1(-speed * clock.astype(np.longdouble))
    np.testing.assert_allclose(done.astype(float), work, rtol=1e-13)


@pytest.mark.parametrize("bad", [{"work": np.nan}, {"rates": [np.nan]}, {"lost": np.nan}])
def test_what_is_not_a_number_never_travels(bad):
    given = {"work": 5.0, "shares": [0.5], "rates": [0.1], "crew_limit": 0.2} | bad
    with pytest.raises(RuntimeError, match="inner clock: must settle within"):
        inner_clock(given.pop("work"), given.pop("shares"), given.pop("rates"), **given)
