from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from energy_impact.model.parameters import STOCK_PARAMETERS, TABLE
from energy_impact.model.people import NEEDS, count
from energy_impact.model.severity import severities
from energy_impact.model.simulate import STATES, _Run, chunks, simulate

OUTAGES = ("power_out", "heat_out", "water_out", "heat_drained")
CALM = {
    "initial_out_power": 0.0, "initial_out_heat": 0.0, "initial_out_water": 0.0, "chronic_rate_power": 0.0,
    "chronic_rate_heat": 0.0, "chronic_rate_water": 0.0,
}  # fmt: skip


def run(plan, values, keep=STATES):
    return simulate(plan, values, record=np.arange(plan.steps + 1), keep=keep)


def hourly(states, each):
    return {name: state[::each] for name, state in states.items()}


def split_in_two(values):
    """Draws of a scenario of one place for two places that are equal parts of it."""
    found = dict(values)
    for parameter in TABLE:
        if "place" in parameter.axes:
            found[parameter.name] = np.repeat(values[parameter.name], 2, axis=-2)
    for name in STOCK_PARAMETERS:
        size = values[name] if name.endswith("_per_building") else values[name] / 2
        found[name] = np.repeat(size, 2, axis=-2)
    return found


@pytest.fixture
def hard(make_plan, make_event):
    """Overlapping attacks in deep frost on a system that is short of power."""

    def make(**changes):
        events = [make_event(start_h=0.0, duration_h=6.0, places=2), make_event(start_h=4.0, places=2),
                  make_event("grid_failure", start_h=40.0, duration_h=3.0, places=2)]  # fmt: skip
        return make_plan(**{"places": 2, "events": events, "temperature": -15.0, "temperature_sd": 5.0,
                            "balance": True} | changes)  # fmt: skip

    return make


def test_without_event_shortage_or_base_rate_everything_is_served(make_plan, make_values):
    plan = make_plan(temperature=-20.0, balance=True)
    states = run(plan, make_values(plan, fixed=CALM | {"capability_margin": 2.0, "cold_demand": 0.012}))
    for name, state in states.items():
        assert np.all(state == 0), name


def test_power_that_is_short_at_the_start_is_shed_from_the_start(make_plan, make_values):
    plan = make_plan(temperature=5.0, balance=True)
    shed = run(plan, make_values(plan, fixed=CALM | {"capability_margin": 0.9, "shed_limit": 0.8}), keep=("shed",))
    assert shed["shed"] == pytest.approx(0.1)


@pytest.mark.parametrize("extreme", [
    {"initial_out_power": 1.0, "initial_out_heat": 1.0, "initial_out_water": 1.0},
    {"severity_power": 1.0, "severity_heat": 1.0, "severity_water": 1.0, "capability_hit": 1.0},
    {"slow_share_heat": 1.0, "lost_share_heat": 1.0, "slow_share_power": 1.0},
    {"drain_rate": 20.0, "refill_h": 0.1, "heat_dependence": 1.0, "protected_share": 0.0},
    {"capability_margin": 0.01, "shed_limit": 1.0},
    {"chronic_rate_power": 5.0, "crew_limit_power": 1e-6, "repair_rate_heat": 1e3},
], ids=lambda extreme: next(iter(extreme)))  # fmt: skip
@pytest.mark.parametrize("temperature", [-60.0, 45.0])
def test_extremes_leave_shares_within_zero_and_one(extreme, temperature, hard, make_values):
    plan = hard(temperature=temperature)
    states = run(plan, make_values(plan, fixed=extreme))
    for name, state in states.items():
        assert np.isfinite(state).all(), name
        assert state.min() >= -2e-6, name
        if not name.endswith("_restored"):
            assert state.max() <= 1 + 1e-6, name


def test_every_building_is_served_full_drained_or_being_refilled_at_every_step(hard, make_values):
    plan = hard()
    state = _Run(plan, make_values(plan, members=256), STATES)
    for step in range(plan.steps):
        state.step(step)
        for damage in state.damage.values():
            classes = np.stack([damage.fast, damage.slow, damage.lost]).astype(float)
            assert classes.min() >= 0
            np.testing.assert_allclose(classes.sum(0), damage.out, rtol=0, atol=1e-6)
        lost, circuits = state.supply["heat"].lost.astype(float), state.circuits
        still_full = lost - circuits.drained_lost
        served = 1.0 - state.state("heat_out")
        parts = np.stack([served, still_full, circuits.drained_lost, circuits.drained_supplied])
        assert parts.min() >= -1e-6
        np.testing.assert_allclose(parts.sum(0), 1.0, rtol=0, atol=1e-6)


def test_circuits_drain_and_refill_by_their_rates_alone(hard, make_values):
    """What is drained changes by draining and refilling only, however supply comes and goes."""
    plan = hard(temperature_sd=0.0)
    values = make_values(plan, members=256)
    state = _Run(plan, values, STATES)
    circuits = state.circuits
    hazard = values["drain_rate"].astype(float) * 12 / 10  # at -15 degC, 12 K below -3
    refilled = 1 - np.exp(-1 / values["refill_h"].astype(float))
    for step in range(plan.steps):
        before = state.state("heat_drained").astype(float)
        state.step(step)
        newly = (state.supply["heat"].lost.astype(float) - circuits.drained_lost) * np.expm1(hazard)
        filled = circuits.drained_supplied.astype(float) * refilled / (1 - refilled)
        np.testing.assert_allclose(state.state("heat_drained") - before, newly - filled, rtol=0, atol=1e-6)


def test_demand_is_served_or_shed_and_unserved_only_where_shedding_is_at_its_limit(hard, make_values):
    plan = hard(temperature_sd=0.0)
    values = make_values(plan, members=256)
    state = _Run(plan, values, STATES)
    at_limit = 0
    for step in range(plan.steps):
        state.step(step)
        demand = (1.0 - state.power.out) * (1 + 20 * values["cold_demand"].astype(float))  # -15 degC: 20 K below 5
        capability = values["capability_margin"] * (1.0 - state.capability_lost)
        shed = demand * state.shed
        served = np.minimum(demand, capability)
        limited = state.shed == values["shed_limit"]
        unserved = demand - served - shed
        assert np.all(np.abs(unserved[~limited]) <= 1e-6)
        assert np.all(unserved[limited] >= -1e-6)
        at_limit += limited.sum()
    assert at_limit > 0


def test_the_whole_is_the_sum_of_its_parts_at_every_step(hard, make_values):
    plan = hard()
    values = make_values(plan, members=128)
    states = run(plan, values)
    for quantity in ("power_customers_out", "heat_buildings_out", "heat_people_out", "water_people_out"):
        parts = [count(quantity, states, values, [place]).astype(float) for place in (0, 1)]
        np.testing.assert_allclose(count(quantity, states, values, [0, 1]), sum(parts), rtol=1e-6)


def test_an_event_elsewhere_changes_nothing_here(make_plan, make_event, make_values):
    here, elsewhere = make_event(start_h=3.0, places=2), make_event(start_h=20.0, duration_h=30.0, places=2)
    elsewhere.hits[0] = False
    with_both = make_plan(places=2, events=[here, elsewhere], balance=True)
    values = make_values(with_both)
    first = {
        parameter.name: values[parameter.name][: {"regime": 2, "event": 1}[parameter.axes[0]]]
        for parameter in TABLE if parameter.axes and parameter.axes[0] in {"regime", "event"}
    }  # fmt: skip
    alone = run(make_plan(places=2, events=[here], balance=True), values | first)
    for name, state in run(with_both, values).items():
        np.testing.assert_allclose(state[:, 0], alone[name][:, 0], rtol=0, atol=2e-6, err_msg=name)


def test_a_cut_in_supply_reaches_heat_through_the_buffer(make_plan, make_event, make_values):
    plan = make_plan(events=[make_event("grid_failure", start_h=10.0)], balance=True)
    fixed = CALM | {"severity_heat": 0.0, "severity_power": 0.5, "severity_common": 0.0, "heat_dependence": 1.0,
                    "heat_buffer_h": 3.0, "capability_margin": 2.0}  # fmt: skip
    states = run(plan, make_values(plan, fixed=fixed, quiet=True))
    assert np.all(states["heat_out"][10] == 0)
    assert np.all(states["heat_out"][16] > 0.05)


def test_shares_stay_between_zero_and_one_and_drained_within_out(make_plan, make_event, make_values):
    events = [make_event(start_h=5.0, duration_h=6.0, places=3), make_event(start_h=50.0, duration_h=3.0, places=3)]
    plan = make_plan(steps=240, places=3, events=events, temperature=-15.0, temperature_sd=3.0, balance=True)
    states = run(plan, make_values(plan, members=512))
    for name in (*OUTAGES, "shed", "shed_day"):
        assert np.isfinite(states[name]).all(), name
        assert states[name].min() >= 0, name
        assert states[name].max() <= 1, name
    assert np.all(states["heat_drained"] <= states["heat_out"] + 1e-6)


def test_the_area_under_an_outage_is_the_difference_of_restore_and_outage_times(make_plan, make_event, make_values):
    """Integral of (O - R) dt = sum of restore times - sum of outage times (O, R: shares out, restored since)."""
    plan = make_plan(steps=480, events=[make_event(start_h=3.0), make_event(start_h=50.0)], systems=("power",))
    fixed = {"chronic_rate_power": 0.0, "initial_out_power": 0.0, "lost_share_power": 0.0}
    values = make_values(plan, members=256, fixed=fixed)
    states = run(plan, values, keep=("power_out", "power_restored"))
    states = {name: state.astype(float) for name, state in states.items()}
    out, restored = states["power_out"], states["power_restored"]
    hits = [hit.astype(float) for hit in severities(plan, values, "severity_power")]
    broken = [hits[0], hits[1] * (1 - out[50])]  # stock that is out is not broken twice
    assert out[-1] + restored[-1] == pytest.approx(sum(broken), abs=1e-5)
    end = plan.steps + 1
    outage_times = broken[0] * 4 + broken[1] * 51  # known from the end of their step on
    restore_times = np.tensordot(np.arange(1, end), np.diff(restored, axis=0), 1) + out[-1] * end
    # times up to 480, each with one rounding of a share
    rounding = float(plan.steps**2 / 2 * np.finfo(np.float32).epsneg)
    assert out.sum(0) == pytest.approx(restore_times - outage_times, rel=0, abs=rounding)


@pytest.mark.parametrize(
    ("name", "better", "worse"),
    [
        ("severity_heat", 0.3, 0.5),
        ("severity_power", 0.3, 0.5),
        ("severity_common", -0.5, 0.5),
        ("capability_hit", 0.1, 0.6),
        ("capability_margin", 1.5, 0.8),
        ("initial_out_heat", 0.0, 0.3),
        ("repair_rate_heat", 0.1, 0.05),
        ("repair_rate_power", 0.1, 0.05),
        ("repair_rate_place", 1.5, 0.5),
        ("crew_limit_heat", 1.0, 0.2),
        ("night_factor", 1.0, 0.5),
        ("start_lag_h", 1.0, 6.0),
        ("drain_rate", 0.001, 0.05),
        ("refill_h", 10.0, 40.0),
    ],
)
def test_worse_conditions_never_mean_fewer_buildings_without_heat(name, better, worse, hard, make_values):
    plan = hard(night=True)
    drain = {"drain_rate": 0.02 if name == "refill_h" else 0.0}
    kept = [run(plan, make_values(plan, members=256, fixed=drain | {name: value}), keep=("heat_out",))["heat_out"]
            for value in (better, worse)]  # fmt: skip
    assert np.all(kept[1] >= kept[0] - 1e-6)
    assert np.any(kept[1] > kept[0] + 1e-3)


@pytest.mark.parametrize(("name", "better", "worse"), [("capability_hit", 0.1, 0.6), ("repair_rate_power", 0.1, 0.05)])
def test_worse_power_may_swap_drained_buildings_for_others_but_few(name, better, worse, hard, make_values):
    """Supply that comes and goes drains now one building, now another; the order then holds but for a thousandth."""
    plan = hard(night=True)
    kept = [run(plan, make_values(plan, members=256, fixed={name: value}), keep=("heat_out",))["heat_out"]
            for value in (better, worse)]  # fmt: skip
    assert np.all(kept[1] >= kept[0] - 1e-3)


@pytest.mark.parametrize("name", ["power_out", "heat_out", "water_out"])
def test_colder_never_means_fewer_without_service(name, hard, make_values):
    kept = []
    for temperature in (4.0, -2.0, -10.0, -30.0):
        plan = hard(temperature=temperature)
        kept.append(run(plan, make_values(plan, members=256), keep=(name,))[name])
    for warm, cold in pairwise(kept):
        assert np.all(cold >= warm - 1e-6)
        assert np.any(cold > warm + 1e-3)


def test_splitting_a_place_into_two_equal_parts_changes_no_total(hard, make_event, make_values):
    events = [make_event(start_h=2.0, duration_h=5.0), make_event("storm", start_h=30.0)]
    one, two = (
        hard(places=places, events=[replace(event, hits=np.ones(places, bool)) for event in events])
        for places in (1, 2)
    )
    values = make_values(one)
    parts = split_in_two(values)
    whole, halves = run(one, values), run(two, parts)
    for quantity in NEEDS:
        np.testing.assert_allclose(
            count(quantity, halves, parts, [0, 1]), count(quantity, whole, values, [0]), rtol=1e-6, err_msg=quantity
        )


def test_relabelling_places_relabels_the_answer(make_plan, make_event, make_values):
    plan = make_plan(places=2, events=[make_event(places=2, start_h=3.0)])
    values = make_values(plan)
    swapped = dict(values)
    for parameter in TABLE:
        if "place" in parameter.axes:
            swapped[parameter.name] = values[parameter.name][..., ::-1, :].copy()
    one, two = run(plan, values, keep=("heat_out",)), run(plan, swapped, keep=("heat_out",))
    np.testing.assert_array_equal(one["heat_out"][:, 0], two["heat_out"][:, 1])


def test_chunks_of_members_give_the_same_bits(make_plan, make_event, make_values):
    plan = make_plan(places=2, events=[make_event(places=2, start_h=3.0)], temperature=-10.0, balance=True)
    values = make_values(plan, members=100)
    whole = run(plan, values)
    for part in chunks(100, 37):
        split = run(plan, {name: array[..., part] for name, array in values.items()})
        for name in STATES:
            np.testing.assert_array_equal(split[name], whole[name][..., part])


def test_a_run_records_the_steps_asked_for(make_plan, make_event, make_values):
    plan = make_plan(events=[make_event(start_h=3.0)])
    values = make_values(plan)
    some = simulate(plan, values, record=np.array([0, 7, 50]), keep=("power_out",))["power_out"]
    np.testing.assert_array_equal(some, run(plan, values, keep=("power_out",))["power_out"][[0, 7, 50]])


@pytest.mark.parametrize("name", OUTAGES)
def test_halving_the_step_halves_the_error(name, make_plan, make_event, make_values):
    event = make_event(start_h=6.0, duration_h=6.0)
    found = {}
    for each in (1, 2, 4, 24):
        plan = make_plan(steps=96 * each, step_h=1 / each, events=[event], temperature=-15.0, balance=True)
        found[each] = hourly(run(plan, make_values(plan), keep=(name,)), each)[name].astype(float)
    error = {each: np.abs(found[each] - found[24])[13:].mean() for each in (1, 2, 4)}
    assert error[2] < 0.6 * error[1]
    assert error[4] < 0.6 * error[2]
    assert error[1] < 0.01


def test_the_cut_share_over_a_day_is_the_mean_of_the_hours(make_plan, make_event, make_values):
    plan = make_plan(steps=48, events=[make_event(start_h=1.0)], balance=True)
    states = run(plan, make_values(plan), keep=("shed", "shed_day"))
    np.testing.assert_allclose(states["shed_day"][40], states["shed"][17:41].mean(0), rtol=1e-5, atol=1e-7)
