import numpy as np
import pytest

from energy_impact.model.displacement import departed


def draws(members=1, **fixed):
    values = {"departed_share": 0.25, "departure_h": 48.0, "return_h": 120.0} | fixed
    return {name: np.full(members, value, np.float32) for name, value in values.items()}


def cold(shares):
    return np.float32(shares)[:, None, None]


def test_residents_of_cold_homes_leave_as_an_exponential(make_plan):
    below = cold(np.where(np.arange(97) < 1, 0, 0.5))
    away = departed(make_plan(), draws(), below, np.array([0, 1, 96]))[:, 0, 0]
    assert away[0] == 0
    first = 0.125 * 0.5 * (1 - np.exp(-1 / 48))  # half of the step at the old share
    assert away[1] == pytest.approx(first, rel=1e-5)
    assert away[2] == pytest.approx(0.125 - (0.125 - first) * np.exp(-95 / 48), rel=1e-4)


def test_they_come_back_to_warm_homes(make_plan):
    below = cold(np.where(np.arange(97) < 1, 0.4, 0))
    away = departed(make_plan(), draws(), below, np.arange(97))[:, 0, 0]
    assert away[0] == pytest.approx(0.1)
    assert away[96] / away[1] == pytest.approx(np.exp(-95 / 120), rel=1e-4)


def test_nobody_leaves_warm_homes(make_plan):
    assert np.all(departed(make_plan(), draws(), cold(np.zeros(97)), np.arange(97)) == 0)


def test_no_more_leave_than_would_and_more_cold_homes_never_mean_fewer(make_plan):
    rng = np.random.default_rng(1)
    below = rng.uniform(0, 1, (97, 1, 50)).astype(np.float32)
    values, record = draws(50, departed_share=0.6), np.arange(97)
    away = departed(make_plan(), values, below, record)
    assert np.all((away >= 0) & (away <= 0.6))
    more = departed(
        make_plan(), values, np.minimum(below + rng.uniform(0, 0.2, below.shape), 1).astype(np.float32), record
    )
    assert np.all(more >= away - 1e-6)
    assert away.dtype == np.float32


def test_short_steps_change_little(make_plan):
    hours = np.linspace(0, 96, 97)
    fine = np.linspace(0, 96, 577)
    curve = lambda t: 0.5 * np.exp(-(((t - 40) / 20) ** 2))  # noqa: E731
    hourly = departed(make_plan(), draws(), cold(curve(hours)), np.arange(97))
    finely = departed(make_plan(steps=576, step_h=1 / 6), draws(), cold(curve(fine)), np.arange(577))
    assert hourly == pytest.approx(finely[::6], abs=1e-4)


def test_what_was_said_of_kyiv_lies_within_the_prior(make_plan, make_values):
    plan = make_plan(steps=264)  # 11 days from 9 January 2026, some 40 % of homes below 16 degC (judgement)
    values = make_values(plan, members=2048)
    below = np.full((265, 1, 2048), 0.4, np.float32)
    below[0] = 0
    low, high = np.quantile(departed(plan, values, below, np.array([264])), [0.05, 0.95])
    assert low < 600 / 3600 < 600 / 3000 < high
