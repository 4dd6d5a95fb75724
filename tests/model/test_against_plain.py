from dataclasses import replace

import numpy as np
import pytest

from benchmarks import plain_model
from energy_impact.model.counting import counted
from energy_impact.model.plan import EventPlan
from energy_impact.model.simulate import simulate
from energy_impact.model.supply import daily_demand

MEMBERS, HOURS = 6, 96


@pytest.fixture
def winter(make_plan):
    """Two places, one near a front, two events, frost that comes and goes, nights, and power that falls short."""

    def make(step_h, second="storm", hours=HOURS):
        events = (
            EventPlan("attack", 5.3, 11.0, np.array([True, True]), missiles=30.0, drones=12.0),
            EventPlan(second, 40.0, 40.0 if second == "grid_failure" else 47.5, np.array([False, True])),
        )
        plan = make_plan(steps=round(hours / step_h), step_h=step_h, places=2, events=events, balance=True)
        hours = np.arange(plan.steps + 1)[:, None] * step_h + np.array([0.0, 2.0])
        temperature = -6 + 10 * np.cos(hours * 2 * np.pi / 60)
        middles = (hours[:-1] + step_h / 2) % 24
        return replace(
            plan,
            night=(middles < 6) | (middles >= 22),
            demand=daily_demand(hours % 24),
            temperature=np.asarray(temperature, np.float32),
            temperature_sd=np.full_like(plan.temperature_sd, 3.0),
            front=np.array([True, False]),
        )

    return make


def assert_same(plan, values):
    steps = np.arange(plan.steps + 1)
    gas = plain_model.GAS_STATES if "gas" in plan.systems else ()
    modelled = simulate(plan, values, record=steps, keep=(*plain_model.STATES, *gas))
    reported = counted(plan, values, modelled, steps)
    for member in range(MEMBERS):
        for place in range(plan.places):
            plain = plain_model.run(plan, values, member, place, range(plan.steps + 1))
            assert_close(modelled, plain, member, place)
            assert_close(reported, plain_model.counted(plan, values, member, place, plain), member, place)
    return modelled


def assert_close(states, plain, member, place):
    for name, series in plain.items():
        np.testing.assert_allclose(states[name][:, place, member], series, rtol=0, atol=1e-4, err_msg=name)


@pytest.mark.parametrize("step_h", [1.0, 0.5, 1 / 6])
@pytest.mark.parametrize("second", ["storm", "planned_shutoff", "grid_failure"])
def test_float32_arrays_are_within_1e_4_of_plain_python_in_float64(step_h, second, winter, make_values):
    plan = winter(step_h, second)
    states = assert_same(plan, make_values(plan, members=MEMBERS, fixed={"shed_limit": 0.1, "capability_margin": 1.1}))
    assert all(state.max() > 0.05 for state in states.values())


def test_arrays_and_plain_python_agree_where_faults_are_many_near_the_front(winter, make_values):
    plan = replace(winter(1.0), events=())
    many = {f"chronic_share_{system}": 2e-2 for system in plan.systems}
    states = assert_same(plan, make_values(plan, members=MEMBERS, fixed=many))
    assert states["power_out"][-1, 0].mean() > 2 * states["power_out"][-1, 1].mean()


@pytest.mark.parametrize("second", ["storm", "planned_shutoff", "grid_failure"])
def test_arrays_and_plain_python_agree_where_there_is_gas(second, winter, make_values):
    plan = replace(winter(1.0, second), systems=("power", "heat", "water", "gas"))
    fixed = {"severity_gas": 0.4, "gas_dependence": 0.3, "gas_buffer_h": 2.0}
    assert assert_same(plan, make_values(plan, members=MEMBERS, fixed=fixed))["gas_out"].max() > 0.2


@pytest.mark.parametrize(("pickup", "pickup_h"), [(0.0, 2.0), (2.0, 0.5), (2.0, 12.0)])
def test_arrays_and_plain_python_agree_where_the_reconnected_ask_for_more(pickup, pickup_h, winter, make_values):
    fixed = {"pickup_excess": pickup, "pickup_h": pickup_h, "capability_margin": 0.9}
    plan = winter(1.0)
    assert_same(plan, make_values(plan, members=MEMBERS, fixed=fixed))


@pytest.mark.parametrize("hours", [1, 2, 94, 95])
def test_arrays_and_plain_python_agree_where_the_horizon_ends_within_the_hours_of_a_weather(hours, winter, make_values):
    plan = winter(1.0, hours=hours)
    assert_same(plan, make_values(plan, members=MEMBERS, fixed={"drain_rate": 0.5, "burst_rate": 0.05}))


def test_arrays_and_plain_python_agree_where_supply_never_falls_short(winter, make_values):
    plan = replace(winter(1.0), balance=False)
    assert_same(plan, make_values(plan, members=MEMBERS))


def test_arrays_and_plain_python_agree_where_events_overlap_and_outlast_the_horizon(winter, make_values):
    plan = winter(1.0)
    first, second = plan.events
    plan = replace(
        plan,
        events=(
            replace(first, start_h=0.0),
            replace(second, start_h=6.0, end_h=8.0),
            replace(second, kind="planned_shutoff", start_h=30.0, end_h=500.0, hits=np.array([True, False])),
        ),
    )
    assert_same(plan, make_values(plan, members=MEMBERS))


@pytest.mark.parametrize("second", ["storm", "grid_failure", "heat_accident", "local_fault"])
def test_arrays_and_plain_python_agree_where_damage_hangs_on_jobs_and_lengths_are_unknown(second, winter, make_values):
    plan = winter(1.0, second)
    first, other = plan.events
    plan = replace(plan, events=(replace(first, length_h=(2.0, 9.4)), replace(other, length_h=(0.0, 15.0))))
    values = make_values(plan, members=MEMBERS, crowd_alone=False)
    assert all(values[f"job_share_{name}"].std() > 0.01 for name in plan.systems)
    assert_same(plan, values)


def test_arrays_and_plain_python_agree_where_an_event_breaks_what_its_kind_does_not(winter, make_values):
    plan = winter(1.0)
    first, second = plan.events
    plan = replace(plan, events=(replace(first, systems=("water",)), replace(second, systems=("heat", "water"))))
    states = assert_same(plan, make_values(plan, members=MEMBERS, crowd_alone=False))
    assert states["water_out"].max() > 0.1


def test_arrays_and_plain_python_agree_where_supply_is_missing_and_spares_come_late(winter, make_values):
    plan = winter(1.0)
    first, second = plan.events
    hours = np.arange(plan.steps + 1)[:, None]
    missing = {
        "power": np.where(hours > 30, [[0.4, 0.1]], 0.0),
        "heat": np.where((hours > 20) & (hours < 60), [[0.3, 0.0]], 0.0),
        "water": np.where(hours < 50, [[0.0, 0.6]], 0.1),
    }
    plan = replace(plan, events=(replace(first, spares_late_h=12.5), second), missing=missing)
    fixed = {"shed_limit": 0.2, "drain_rate": 0.3, "burst_rate": 0.02}
    states = assert_same(plan, make_values(plan, members=MEMBERS, fixed=fixed, crowd_alone=False))
    assert states["shed"][:30].mean() < states["shed"][31:].mean()


def test_arrays_and_plain_python_agree_where_all_is_out_and_much_is_drained(winter, make_values):
    plan = winter(1.0)
    fixed = {"severity_heat": 0.999, "severity_power": 0.999, "initial_out_heat": 0.95, "drain_rate": 2.0}
    states = assert_same(plan, make_values(plan, members=MEMBERS, fixed=fixed))
    assert states["heat_drained"].max() > 0.9


def test_arrays_and_plain_python_agree_where_much_bursts(winter, make_values):
    plan = winter(1.0)
    fixed = {"burst_rate": 0.5, "drain_rate": 0.01, "heat_dependence": 0.9, "protected_share": 0.1}
    values = make_values(plan, members=MEMBERS, fixed=fixed)
    without = simulate(
        plan, values | {"burst_rate": np.zeros(MEMBERS, np.float32)}, record=np.array([plan.steps]), keep=("heat_out",)
    )
    assert assert_same(plan, values)["heat_out"][-1].mean() > without["heat_out"].mean() + 0.1


def test_arrays_and_plain_python_agree_where_one_of_two_grids_is_called_short(winter, make_values):
    plan = replace(winter(1.0), grid=np.array([0, 1]), short=np.array([False, True]))
    values = make_values(plan, members=MEMBERS, fixed={"capability_lost_short": 0.5, "capability_lost_before": 0.02})
    states = assert_same(plan, values)
    assert states["shed"][:, 1].mean() > 0.05 + states["shed"][:, 0].mean()


def test_arrays_and_plain_python_agree_where_a_grid_is_shared_by_unlike_demand(winter, make_values):
    plan = winter(1.0)
    first, second = plan.events
    plan = replace(
        plan,
        events=(replace(first, hits=np.array([True, False])), replace(second, capability=True)),
        demand_weights=np.float32([0.2, 0.8]),
    )
    fixed = {"capability_hit": 0.6, "capability_local": 0.4, "capability_margin": 1.0}
    assert assert_same(plan, make_values(plan, members=MEMBERS, fixed=fixed))["shed"][15:, 1].max() > 0.05


@pytest.mark.parametrize("second", ["attack", "storm", "local_fault"])
def test_arrays_and_plain_python_agree_where_who_waits_for_a_job_is_hit_again(second, winter, make_values):
    """Also by a third event, while jobs of both others are not done and an event goes on."""
    plan = winter(1.0, second)
    first, other = plan.events
    everywhere = np.array([True, True])
    events = (first, replace(other, start_h=9.0, end_h=16.0), replace(first, start_h=20.0, end_h=24.0, hits=everywhere))
    values = make_values(plan := replace(plan, events=events), members=MEMBERS, crowd_alone=False)
    for name in plan.systems:
        values[f"job_h_{name}"] *= 2
        values[f"job_rest_{name}"][...] = [[0.3], [0.1], [0.2]]
    assert_same(plan, values)
