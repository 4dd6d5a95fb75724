"""Systems that need each other: what a plan's `feedback` does to a run."""

from dataclasses import replace

import numpy as np
import pytest

from energy_impact.model.simulate import COLD_STATES, simulate
from energy_impact.systems import STATES, SYSTEMS

RESTORED = {system.restored for system in SYSTEMS.values()}
STEPPED = tuple(name for name in STATES if name not in COLD_STATES)
QUIET = {
    "severity_common": 0.0,
    "capability_hit": 0.0,
    "capability_lost_before": 0.0,
    "slow_share_heat": 0.0,
    **{system.hit.share: 0.0 for system in SYSTEMS.values()},
    **{system.parameters[name]: 0.0 for system in SYSTEMS.values() for name in ("initial_out", "chronic_share")},
}
"""No damage but what a test adds; no draining above frost."""
LOOP = {"heat_dependence": 1.0, "protected_share": 0.0, "shed_limit": 1.0, "capability_margin": 1.0}
"""Heat needs power, nothing is spared when power is shed, and supply just meets demand."""


@pytest.fixture
def make_coupled(make_plan):
    def make(events=(), steps=96, temperature=5.0, **shares):
        plan = make_plan(steps=steps, events=events, temperature=temperature, balance=True)
        return replace(plan, feedback={name: np.float32([share]) for name, share in shares.items()})

    return make


def run(plan, values, keep=STEPPED):
    return simulate(plan, values, record=np.arange(plan.steps + 1), keep=keep)


def lacking(share, from_h, steps=96):
    """A lack that begins at an hour and stays, at the begin of each step of an hour."""
    return np.where(np.arange(steps) >= from_h, share, 0.0)


def felt(lack, buffer_h):
    """What follows a lack through a buffer, at the end of each step of an hour."""
    found = [0.0]
    for share in lack:
        found.append(share + (found[-1] - share) * np.exp(-1 / buffer_h))
    return np.array(found)


def test_a_loss_of_heat_takes_capability_away_through_the_buffer_of_heat(make_coupled, make_event, make_values):
    """By hand: half of the heat is lost from hour 10 on and not repaired; six tenths of capability need it."""
    plan = make_coupled([make_event(start_h=10.0)], power_on_heat=0.6)
    fixed = QUIET | {
        "heat_dependence": 0.0,
        "severity_heat": 0.5,
        "severity_heat_place": 0.0,
        "repair_rate_heat": 0.0,
        "heat_buffer_h": 4.0,
        "capability_margin": 1.0,
        "shed_limit": 0.8,
    }
    states = run(plan, make_values(plan, members=4, quiet=True, fixed=fixed))
    expected = 0.6 * felt(lacking(0.5, 10), 4.0)
    np.testing.assert_allclose(states["shed"][:, 0, 0], expected, rtol=0, atol=1e-6)
    assert np.all(states["unserved"] == 0)


def test_a_loss_of_water_reaches_heat_and_then_power(make_coupled, make_event, make_values):
    plan = make_coupled([make_event(start_h=10.0)], heat_on_water=0.5, power_on_heat=1.0)
    fixed = QUIET | {
        "heat_dependence": 0.0,
        "water_dependence": 0.0,
        "severity_water": 0.4,
        "severity_water_place": 0,
        "repair_rate_water": 0.0,
        "water_buffer_h": 6.0,
        "heat_buffer_h": 2.0,
        "capability_margin": 1.0,
        "shed_limit": 0.8,
    }
    states = run(plan, make_values(plan, members=4, quiet=True, fixed=fixed))
    heat = 0.5 * felt(lacking(0.4, 10), 6.0)
    np.testing.assert_allclose(states["water_out"][11:], 0.4, rtol=0, atol=1e-6)
    np.testing.assert_allclose(states["heat_out"][:, 0, 0], heat, rtol=0, atol=1e-6)
    np.testing.assert_allclose(states["shed"][:, 0, 0], felt(heat[:-1], 2.0), rtol=0, atol=1e-6)


def test_capability_needs_heat_and_water_alike(make_coupled, make_event, make_values):
    plan = make_coupled([make_event(start_h=0.0)], power_on_heat=0.5, power_on_water=0.4)
    fixed = QUIET | {
        "heat_dependence": 0.0,
        "water_dependence": 0.0,
        "severity_heat": 0.5,
        "severity_heat_place": 0.0,
        "severity_water": 0.5,
        "severity_water_place": 0.0,
        "repair_rate_heat": 0.0,
        "repair_rate_water": 0.0,
        "heat_buffer_h": 1.0,
        "water_buffer_h": 1.0,
        "capability_margin": 1.0,
    }
    shed = run(plan, make_values(plan, members=4, quiet=True, fixed=fixed), ("shed",))["shed"]
    assert shed[-1] == pytest.approx(1 - 0.75 * 0.8, abs=1e-6)


def test_at_the_start_nobody_feels_yet_what_is_out(make_coupled, make_values):
    plan = make_coupled(power_on_heat=1.0)
    fixed = QUIET | {"initial_out_heat": 0.5, "capability_margin": 1.0}
    shed = run(plan, make_values(plan, members=4, quiet=True, fixed=fixed), ("shed",))["shed"]
    assert np.all(shed[0] == 0)
    assert np.all(shed[1] > 0)


@pytest.mark.parametrize("event", [False, True])
@pytest.mark.parametrize(
    "needs",
    [
        ("power_on_heat",),
        ("power_on_water",),
        ("power_on_heat", "power_on_water", "heat_on_water"),
    ],
    ids=["heat", "water", "all"],
)
def test_systems_that_wholly_need_each_other_stay_between_zero_and_one(
    needs, event, make_coupled, make_event, make_values
):
    events = [make_event(start_h=5.0, duration_h=6.0), make_event(start_h=40.0)] if event else []
    plan = make_coupled(events, steps=240, temperature=-12.0, **dict.fromkeys(needs, 1.0))
    values = make_values(
        plan,
        members=256,
        fixed={"heat_dependence": 1.0, "water_dependence": 1.0, "protected_share": 0.0, "shed_limit": 1.0},
    )
    for name, state in run(plan, values).items():
        assert np.isfinite(state).all(), name
        assert state.min() >= -2e-6, name
        if name not in RESTORED:
            assert state.max() <= 1 + 1e-6, name


def test_systems_that_need_each_other_serve_all_while_nothing_happens(make_coupled, make_values):
    """A loop that runs keeps running: no lack, no loss, exactly, also where supply just meets demand."""
    plan = make_coupled(power_on_heat=1.0, power_on_water=1.0, heat_on_water=1.0)
    values = make_values(plan, fixed=QUIET | LOOP | {"water_dependence": 1.0})
    for name, state in run(plan, values).items():
        assert np.all(state == 0), name


KNOCKED_OUT = {
    "severity_power": 1.0,
    "severity_heat": 1.0,
    "severity_power_place": 0.0,
    "severity_heat_place": 0.0,
    "slow_share_power": 0.0,
    "repair_rate_power": 0.5,
    "repair_rate_heat": 0.5,
    "repair_rate_place": 1.0,
    "start_lag_h": 6.0,
    "crew_limit_power": 1.0,
    "crew_limit_heat": 1.0,
    "heat_buffer_h": 1.0,
    "night_factor": 1.0,
}
"""Both systems are wholly out at once; all is mended within the horizon."""


def knocked_out(make_coupled, make_event, make_values, steps=240, *, weight=1.0, **fixed):
    plan = make_coupled([make_event(start_h=4.0)], steps=steps, **({"power_on_heat": weight} if weight else {}))
    values = make_values(plan, members=2, quiet=True, fixed=QUIET | LOOP | KNOCKED_OUT | fixed)
    return run(plan, values, ("power_out", "heat_out", "power_restored"))


def test_a_loop_that_was_knocked_out_until_all_buffers_were_empty_does_not_restart(
    make_coupled, make_event, make_values
):
    """All is mended, and still there is no power without heat and no heat without power, whatever capability there is.

    Without the loop both are back."""
    fixed = {"start_lag_h": 48.0, "capability_margin": 1.5}
    alone = knocked_out(make_coupled, make_event, make_values, weight=0.0, **fixed)
    loop = knocked_out(make_coupled, make_event, make_values, **fixed)
    for name in ("power_out", "heat_out"):
        assert alone[name][-1].max() < 1e-3
        assert loop[name][20:].min() > 1 - 1e-3
    np.testing.assert_allclose(loop["power_restored"][-1], 1.0, rtol=0, atol=1e-5)


def test_a_loop_mended_before_all_buffers_were_empty_returns_from_what_is_left(make_coupled, make_event, make_values):
    loop = knocked_out(make_coupled, make_event, make_values, capability_margin=1.5, start_lag_h=6.0)
    assert loop["heat_out"][5:12].min() > 0.9
    assert loop["heat_out"][-1].max() < 1e-3


def test_a_loop_in_part_without_surplus_loses_more_than_was_broken_and_stays_there(
    make_coupled, make_event, make_values
):
    states = knocked_out(make_coupled, make_event, make_values, severity_heat=0.3, severity_power=0.0)
    assert states["heat_out"][100].min() > 0.3
    np.testing.assert_allclose(states["heat_out"][240], states["heat_out"][100], rtol=0, atol=1e-3)


@pytest.mark.parametrize(
    "help_from_outside",
    [
        {"protected_share": 0.5},
        {"heat_dependence": 0.5},
        {"weight": 0.5},
    ],
    ids=lambda found: next(iter(found)),
)
def test_a_loop_restarts_where_a_part_needs_no_other_and_there_is_surplus(
    help_from_outside, make_coupled, make_event, make_values
):
    states = knocked_out(make_coupled, make_event, make_values, capability_margin=1.15, **help_from_outside)
    for name in ("power_out", "heat_out"):
        assert states[name][5:12].min() > 0.5
        assert states[name][-1].max() < 1e-3


def test_a_loop_in_part_with_surplus_returns_by_itself_but_later_than_it_was_mended(
    make_coupled, make_event, make_values
):
    fixed = {"severity_heat": 0.9, "severity_power": 0.0, "heat_buffer_h": 3.0, "capability_margin": 1.15}
    alone = knocked_out(make_coupled, make_event, make_values, weight=0.0, **fixed)["heat_out"]
    loop = knocked_out(make_coupled, make_event, make_values, **fixed)["heat_out"]
    later = np.argmax(loop[10:] < 0.05, axis=0) - np.argmax(alone[10:] < 0.05, axis=0)
    assert later.min() > 12
    assert loop[-1].max() < 1e-3


@pytest.fixture
def winter(make_plan, make_event):
    events = [make_event(start_h=5.0, duration_h=6.0, places=2), make_event("storm", start_h=40.0, places=2)]
    return make_plan(places=2, events=events, temperature=-12.0, temperature_sd=4.0, balance=True)


@pytest.mark.parametrize("needs", [("power_on_heat",), ("power_on_water", "heat_on_water")])
def test_needs_of_nothing_change_no_bit(needs, winter, make_values):
    values = make_values(winter)
    none = replace(winter, feedback={name: np.zeros(2, np.float32) for name in needs})
    one_way = run(winter, values)
    for name, state in run(none, values).items():
        np.testing.assert_array_equal(state, one_way[name], err_msg=name)


def test_a_need_of_one_place_changes_no_other(winter, make_values):
    values = make_values(winter)
    coupled = replace(winter, feedback={"power_on_heat": np.float32([0.0, 0.8])})
    one_way, both_ways = run(winter, values), run(coupled, values)
    for name in STEPPED:
        np.testing.assert_array_equal(both_ways[name][:, 0], one_way[name][:, 0], err_msg=name)
    assert np.any(both_ways["power_out"][:, 1] > one_way["power_out"][:, 1] + 0.01)


def test_small_needs_tend_to_none(winter, make_values):
    """The difference falls with the need: a tenth of one makes a tenth of the other."""
    values, apart = make_values(winter), []
    one_way = run(winter, values)
    for weight in (0.01, 0.001):
        needs = {name: np.full(2, weight, np.float32) for name in ("power_on_heat", "power_on_water", "heat_on_water")}
        states = run(replace(winter, feedback=needs), values)
        apart.append({name: np.abs(states[name] - one_way[name]).mean() for name in ("power_out", "heat_out", "shed")})
    for name, first in apart[0].items():
        assert first < 0.01
        assert apart[1][name] == pytest.approx(first / 10, rel=0.05)


@pytest.mark.parametrize("need", ["power_on_heat", "power_on_water", "heat_on_water"])
def test_more_need_never_means_fewer_without_power_or_heat(need, winter, make_values):
    """Without pickup and drained circuits, which swap who is out (test_simulate.py)."""
    values = make_values(winter, fixed={"pickup_excess": 0.0, "burst_rate": 0.0, "drain_rate": 0.0})
    found = [run(replace(winter, feedback={need: np.full(2, weight, np.float32)}), values) for weight in (0.2, 0.9)]
    for name in ("power_out", "heat_out", "water_out"):
        assert np.all(found[1][name] >= found[0][name] - 1e-6), name
    changed = "heat_out" if need == "heat_on_water" else "power_out"
    assert np.any(found[1][changed] > found[0][changed] + 0.01)


def test_a_loss_of_gas_reaches_heat_through_the_buffer_of_gas(make_coupled, make_event, make_values):
    """By hand: four tenths of the gas are lost from hour 10 on; half of the heat burns it."""
    plan = make_coupled([make_event(start_h=10.0)], heat_on_gas=0.5)
    fixed = QUIET | {
        "heat_dependence": 0.0,
        "gas_dependence": 0.0,
        "severity_gas": 0.4,
        "severity_gas_place": 0.0,
        "repair_rate_gas": 0.0,
        "gas_buffer_h": 6.0,
    }
    states = run(plan, make_values(plan, members=4, quiet=True, fixed=fixed))
    np.testing.assert_allclose(states["gas_out"][11:], 0.4, rtol=0, atol=1e-6)
    np.testing.assert_allclose(states["heat_out"][:, 0, 0], 0.5 * felt(lacking(0.4, 10), 6.0), rtol=0, atol=1e-6)
