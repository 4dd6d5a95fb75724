"""Supply that is missing for a known reason: what a plan's `missing` does to a run."""

from dataclasses import replace

import numpy as np
import pytest

from energy_impact.model.simulate import simulate
from energy_impact.systems import SYSTEMS

CALM = {
    "capability_lost_before": 0.0,
    "capability_margin": 1.0,
    "shed_limit": 0.5,
    "protected_share": 1.0,
    **{system.parameters[name]: 0.0 for system in SYSTEMS.values() for name in ("initial_out", "chronic_share")},
}
"""Nothing is damaged, and capability just meets demand."""


@pytest.fixture
def states_of(make_plan, make_values):
    """States of two places, of which the first lacks supply; above frost and without a daily wave unless given."""

    def make(*keep, steps=48, temperature=5.0, fixed=None, balance=True, **shares):
        plan = make_plan(steps=steps, places=2, temperature=temperature, balance=balance)
        missing = {name: np.outer(share, np.float32([1, 0])) for name, share in shares.items()}
        plan = replace(plan, missing=missing)
        values = make_values(plan, members=4, fixed=CALM | (fixed or {}))
        return simulate(plan, values, record=np.arange(steps + 1), keep=keep)

    return make


def between(share, first, last, steps=48):
    hours = np.arange(steps + 1)
    return np.where((hours >= first) & (hours < last), share, 0.0)


def test_power_is_shed_while_fuel_is_short(states_of):
    """Coal for 10 hours, and more of it at hour 30: in between plants give 70 % of what is asked for."""
    shed = states_of("shed", power=between(0.3, 10, 30))["shed"]
    np.testing.assert_allclose(shed[:, 0, 0], between(0.3, 10, 30), atol=1e-6)
    assert not shed[:, 1].any()


def test_damage_of_earlier_months_leaves_less_to_supply_from_the_start(states_of):
    """Of a demand of 18 GW, 11 GW are there (Ukraine, 15 January 2026): 7 are missing, more than may be shed."""
    states = states_of("shed", "unserved", fixed={"shed_limit": 0.3}, power=np.full(49, 7 / 18))
    assert states["shed"][:, 0] == pytest.approx(0.3)
    assert states["unserved"][:, 0] == pytest.approx(7 / 18 - 0.3)


def test_a_margin_of_capability_covers_a_shortage_that_is_smaller(states_of):
    shed = states_of("shed", fixed={"capability_margin": 1.25}, power=np.full(49, 0.2))["shed"]
    np.testing.assert_allclose(shed, 0, atol=1e-6)


def test_heat_cut_on_purpose_is_back_at_once_and_leaves_power_alone(states_of):
    states = states_of("heat_out", "power_out", "heat_restored", heat=between(0.25, 6, 20))
    np.testing.assert_allclose(states["heat_out"][:, 0, 0], between(0.25, 6, 20), atol=1e-6)
    np.testing.assert_allclose(states["heat_restored"][:, 0, 0], np.where(np.arange(49) < 20, 0, 0.25), atol=1e-6)
    assert not states["power_out"].any()
    assert not states["heat_out"][:, 1].any()


def test_circuits_cut_on_purpose_are_drained_in_frost_and_wait_to_be_refilled(states_of):
    """Cut at hour 6 and fed again at hour 21; draining is certain within a span of three hours, and so is frost."""
    fixed = {"drain_rate": 99.0, "burst_rate": 0.0, "refill_h": 10.0}
    cut = between(0.25, 6, 21)
    states = states_of("heat_out", "heat_drained", temperature=-20.0, balance=False, fixed=fixed, heat=cut)
    np.testing.assert_allclose(states["heat_drained"][9:21, 0], 0.25, atol=1e-3)
    # circuits act at the end of each span: at hour 21 those fed again have been refilled for one
    np.testing.assert_allclose(states["heat_out"][[20, 21, 24], 0, 0], 0.25 * np.exp([0, -0.3, -0.6]), atol=1e-3)


def test_a_shortage_and_damage_are_independent_losses(states_of):
    fixed = {"initial_out_water": 0.5, "repair_rate_water": 0.0, "slow_share_water": 0.0}
    out = states_of("water_out", fixed=fixed, water=np.full(49, 0.2))["water_out"]
    assert out[-1, 0] == pytest.approx(1 - 0.5 * 0.8)
    assert out[-1, 1] == pytest.approx(0.5)
