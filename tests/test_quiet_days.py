"""What is out in ordinary times, when no event comes."""

from __future__ import annotations

import numpy as np
import pytest

from energy_impact import Place, Scenario
from energy_impact.model.blocks import draw_normal
from energy_impact.model.simulate import simulate
from energy_impact.prepare import prepare

SHARE, DAYS = 3e-4, 30


@pytest.mark.parametrize(("noise", "times"), [(("rate_noise", "fault_noise"), 1.5), ((), 2.0)], ids=["quiet", "noisy"])
def test_the_mean_out_in_ordinary_times_is_one_and_a_half_to_two_times_the_chronic_share(noise, times):
    city = Place("City", power_customers=100_000)
    made = prepare(Scenario("2026-05-01T00:00Z", 24 * DAYS, city))
    values = made.layout.values(draw_normal(made.layout, 512, np.random.default_rng(1)))
    known = {"chronic_share_power": SHARE, "initial_out_power": SHARE} | dict.fromkeys(noise, 0.0)
    for name, value in known.items():
        values[name][...] = value
    hours = np.arange(24 * 10, 24 * DAYS)
    out = simulate(made.plan, values, record=hours, keep=("power_damaged",))["power_damaged"]
    assert out.mean() / SHARE == pytest.approx(times, abs=0.15)
