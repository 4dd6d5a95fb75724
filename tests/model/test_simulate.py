import gc
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from energy_impact.model.blocks import MEMBERS_PER_BLOCK, chunks
from energy_impact.model.parameters import STOCK_PARAMETERS, TABLE
from energy_impact.model.people import count
from energy_impact.model.severity import happens, severities
from energy_impact.model.simulate import COLD_STATES, simulate, simulate_at
from energy_impact.model.supply import LEAST_ASKED
from energy_impact.model.systems import Run
from energy_impact.quantities import MODELLED
from energy_impact.systems import STATES, SYSTEMS

STEPPED = tuple(name for name in STATES if name not in COLD_STATES)
"""States followed step by step; those of cold homes are computed afterwards (test_indoor.py)."""
RESTORED = {system.restored for system in SYSTEMS.values()}
OUTAGES = ("power_out", "heat_out", "water_out", "heat_drained")
CALM = {"capability_lost_before": 0.0} | {
    system.parameters[name]: 0.0 for system in SYSTEMS.values() for name in ("initial_out", "chronic_share")
}


def run(plan, values, keep=STEPPED):
    return simulate(plan, values, record=np.arange(plan.steps + 1), keep=keep)


def follow(plan, values):
    """A run, and the number of each step once all systems have made it."""
    model = Run(plan, values, STEPPED)

    def steps():
        for step in range(plan.steps):
            model.step(step)
            yield step

    return model, steps()


def split_in_two(values):
    """Draws of a scenario of one place for two places that are equal parts of it."""
    found = dict(values)
    for parameter in TABLE:
        if "place" in parameter.axes:
            found[parameter.name] = np.repeat(values[parameter.name], 2, axis=parameter.axes.index("place"))
    for name in STOCK_PARAMETERS:
        size = values[name] if name.endswith("_per_building") else values[name] / 2
        found[name] = np.repeat(size, 2, axis=-2)
    return found


@pytest.fixture
def hard(make_plan, make_event):
    """Overlapping attacks in deep frost on a system that is short of power."""

    def make(**changes):
        events = [
            make_event(start_h=0.0, duration_h=6.0, places=2),
            make_event(start_h=4.0, places=2),
            make_event("grid_failure", start_h=40.0, duration_h=3.0, places=2),
        ]
        return make_plan(
            **{"places": 2, "events": events, "temperature": -15.0, "temperature_sd": 5.0, "balance": True} | changes
        )

    return make


@pytest.mark.parametrize("name", [*OUTAGES, "shed", "unserved"])
def test_a_state_is_the_same_whether_others_are_followed_or_not(name, hard, make_values):
    plan = hard()
    values = make_values(plan, members=16)
    np.testing.assert_array_equal(run(plan, values, keep=(name,))[name], run(plan, values)[name])


def test_without_event_shortage_or_base_rate_everything_is_served(make_plan, make_values):
    plan = make_plan(temperature=-20.0, balance=True)
    states = run(plan, make_values(plan, fixed=CALM | {"capability_margin": 2.0, "cold_demand": 0.012}))
    for name, state in states.items():
        assert np.all(state == 0), name


def test_supply_that_is_just_enough_is_enough_exactly(make_plan, make_values):
    plan = make_plan(temperature=5.0, balance=True)
    states = run(plan, make_values(plan, fixed=CALM | {"capability_margin": 1.0}))
    for name, state in states.items():
        assert np.all(state == 0), name


def test_power_that_is_short_at_the_start_is_shed_from_the_start(make_plan, make_values):
    plan = make_plan(temperature=5.0, balance=True)
    shed = run(plan, make_values(plan, fixed=CALM | {"capability_margin": 0.9, "shed_limit": 0.8}), keep=("shed",))
    assert shed["shed"] == pytest.approx(0.1)


@pytest.mark.parametrize(
    "extreme",
    [
        {"initial_out_power": 1.0, "initial_out_heat": 1.0, "initial_out_water": 1.0},
        {"severity_power": 1.0, "severity_heat": 1.0, "severity_water": 1.0, "capability_hit": 1.0},
        {"slow_share_heat": 1.0, "lost_share_heat": 1.0, "slow_share_power": 1.0},
        {"drain_rate": 20.0, "refill_h": 0.1, "heat_dependence": 1.0, "protected_share": 0.0},
        {"burst_rate": 20.0, "heat_dependence": 1.0, "protected_share": 0.0, "repair_rate_heat": 5.0},
        {"capability_margin": 0.01, "shed_limit": 1.0},
        {"pickup_excess": 49.0, "pickup_h": 1e-3},
        {"chronic_share_power": 5.0, "crew_limit_power": 1e-6, "repair_rate_heat": 1e3},
    ],
    ids=lambda extreme: next(iter(extreme)),
)
@pytest.mark.parametrize("temperature", [-60.0, 45.0])
def test_extremes_leave_shares_within_zero_and_one(extreme, temperature, hard, make_values):
    plan = hard(temperature=temperature)
    states = run(plan, make_values(plan, fixed=extreme))
    for name, state in states.items():
        assert np.isfinite(state).all(), name
        assert state.min() >= -2e-6, name
        if name not in RESTORED:
            assert state.max() <= 1 + 1e-6, name


def test_every_building_is_served_full_drained_or_being_refilled_at_every_step(hard, make_values):
    plan = hard()
    model, steps = follow(plan, make_values(plan, members=256, fixed={"drain_rate": 0.03, "burst_rate": 0.003}))
    heat, circuits = model.dependent["heat"], model.dependent["heat"].circuits
    for step in steps:
        for system in model.systems:
            damage = system.broken
            classes = np.stack([damage.fast, damage.slow, damage.held]).astype(float)
            assert classes.min() >= 0
            np.testing.assert_allclose(classes.sum(0) + damage.served, 1.0, rtol=0, atol=1e-6)
        lost, out, empty = (found.astype(float) for found in (heat.lost(), heat.out(), heat.states()["heat_drained"]()))
        served, waiting = 1 - out, out - lost
        drained = empty - waiting
        still_full = lost - drained
        assert min(part.min() for part in (served, still_full, drained, waiting)) >= -1e-6
        if step % 3 == 2:
            # supply lost to bursts reaches the circuits when they act next
            burst = lost - (1 - circuits.supplied_before)
            np.testing.assert_allclose(waiting, (1 - lost) * circuits.waiting, rtol=0, atol=1e-6)
            np.testing.assert_allclose(
                drained, (lost - burst) * circuits.drained + burst * circuits.waiting, rtol=0, atol=1e-6
            )


def test_circuits_drain_and_refill_by_their_rates_alone(hard, make_values):
    """What is drained changes by draining, bursts and refilling only, however supply comes and goes."""
    plan = hard(temperature_sd=0.0)
    values = make_values(plan, members=256)
    model, steps = follow(plan, values)
    heat, circuits = model.dependent["heat"], model.dependent["heat"].circuits
    before = heat.states()["heat_drained"]().astype(float)
    for step in steps:
        drained = heat.states()["heat_drained"]().astype(float)
        if step % 3 != 2:
            np.testing.assert_array_equal(drained, before)
            continue
        frost = 1.2  # at -15 degC, 12 K below -3
        decided = 1 - np.exp(-plan.clear_h[step - 1][:, None] / values["drain_lag_h"].astype(float))
        hazard = values["drain_rate"] * (frost * decided + frost**3) / 2 + values["burst_rate"] * frost**3
        newly = (1.0 - circuits.supplied_before) * (1.0 - circuits.drained) * np.expm1(3 * hazard)
        filled = 1.0 * circuits.supplied_before * circuits.waiting * np.expm1(3 / values["refill_h"].astype(float))
        np.testing.assert_allclose(drained - before, newly - filled, rtol=0, atol=1e-6)
        before = drained


def test_demand_is_served_shed_or_unserved_at_every_step(hard, make_values):
    """Demand with pickup is built up again in float64 from what is connected."""
    plan = hard(temperature_sd=0.0)
    values = {name: value.astype(float) for name, value in make_values(plan, members=256).items()}
    model, steps = follow(plan, {name: value.astype(np.float32) for name, value in values.items()})
    balance, connected = model.power.balance, model.power.broken.served.astype(float)
    keep, back, most = np.exp(-1 / values["pickup_h"]), 0.0, 0.0
    for _ in steps:
        before, connected = connected, model.power.broken.served.astype(float)
        # what comes back evenly over an hour fades from then on: the mean of exp(-t / pickup_h) over the hour
        back = back * keep + (connected - before) * (1 - keep) * values["pickup_h"]
        demand = connected + values["pickup_excess"] * np.maximum(back, 0)
        demand = np.maximum(demand * (1 + 20 * values["cold_demand"]), LEAST_ASKED)  # -15 degC: 20 K below 5
        served = np.minimum(demand, values["capability_margin"] - balance.lost)
        shed, unserved = demand * balance.shed, demand * balance.unserved
        np.testing.assert_allclose(served + shed + unserved, demand, rtol=0, atol=1e-6)
        assert np.all((balance.unserved == 0) | (balance.shed == balance.limit))
        most = max(most, balance.unserved.max())
    assert most > 0.01


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
    apart = np.array([0, 1])
    with_both = replace(make_plan(places=2, events=[here, elsewhere], balance=True), grid=apart)
    values = make_values(with_both)
    first = {
        parameter.name: values[parameter.name][: {"regime": 2, "event": 1}[parameter.axes[0]]]
        for parameter in TABLE
        if parameter.axes and parameter.axes[0] in {"regime", "event"}
    }
    alone = run(replace(make_plan(places=2, events=[here], balance=True), grid=apart), values | first)
    for name, state in run(with_both, values).items():
        np.testing.assert_allclose(state[:, 0], alone[name][:, 0], rtol=0, atol=2e-6, err_msg=name)


def test_an_event_that_may_happen_changes_no_bit_in_the_members_in_which_it_does_not(hard, make_event, make_values):
    plan = hard()
    may_come = make_event(start_h=30.0, places=2, expected=0.7)
    nowhere = replace(may_come, hits=np.zeros(2, bool))
    plan, without = (replace(plan, events=(*plan.events, event)) for event in (may_come, nowhere))
    values = make_values(plan)
    happened = happens(plan, values, 3)
    with_it, alone = run(plan, values), run(without, values)
    for name in STEPPED:
        np.testing.assert_array_equal(with_it[name][..., ~happened], alone[name][..., ~happened], err_msg=name)
        assert np.any(with_it[name][..., happened] != alone[name][..., happened]), name


def test_a_cut_in_supply_reaches_heat_through_the_buffer(make_plan, make_event, make_values):
    plan = make_plan(events=[make_event("grid_failure", start_h=10.0)], balance=True)
    fixed = CALM | {
        "severity_heat": 0.0,
        "severity_power": 0.5,
        "severity_common": 0.0,
        "heat_dependence": 1.0,
        "heat_buffer_h": 3.0,
        "capability_margin": 2.0,
        "repair_rate_power": 0.25,
        "plant_refeed_h": np.inf,
    }
    states = run(plan, make_values(plan, fixed=fixed, quiet=True))
    assert np.all(states["heat_out"][10] == 0)
    assert np.all(states["heat_out"][16] > 0.05)


def test_shares_stay_between_zero_and_one_and_drained_within_out(make_plan, make_event, make_values):
    events = [make_event(start_h=5.0, duration_h=6.0, places=3), make_event(start_h=50.0, duration_h=3.0, places=3)]
    plan = make_plan(steps=240, places=3, events=events, temperature=-15.0, temperature_sd=3.0, balance=True)
    states = run(plan, make_values(plan, members=512))
    for name in (*OUTAGES, "shed", "shed_day", "unserved"):
        assert np.isfinite(states[name]).all(), name
        assert states[name].min() >= 0, name
        assert states[name].max() <= 1, name
    assert np.all(states["heat_drained"] <= states["heat_out"] + 1e-6)


def test_buildings_back_in_supply_but_drained_are_not_back_in_service_until_refilled(make_plan, make_values):
    """All is drained and full supply returns at once: one minus exp(-t / 30 h) is restored, at no time more."""
    plan = make_plan(steps=60, temperature=-15.0)
    fixed = CALM | {
        "initial_out_heat": 1.0,
        "slow_share_heat": 0.0,
        "drain_rate": 100.0,
        "burst_rate": 0.0,
        "refill_h": 30.0,
        "repair_rate_heat": 0.0,
        "heat_dependence": 0.0,
    }
    model, steps = follow(plan, make_values(plan, members=4, quiet=True, fixed=fixed))
    heat = model.dependent["heat"]
    for step in steps:
        if step == 3:  # supply is back in the midst of three hours
            heat.broken.fast[...], heat.broken.served[...] = 0, 1
            continue
        refilled = 1 - np.exp(-max(0, (step + 1) // 3 - 1) / 10)
        assert heat.states()["heat_restored"]() == pytest.approx(refilled, abs=1e-5)
        assert heat.states()["heat_out"]() == pytest.approx(1 - refilled, abs=1e-5)
        if step > 2:
            assert heat.states()["heat_drained"]() == pytest.approx(1 - refilled, abs=1e-5)


def test_the_area_under_an_outage_is_the_difference_of_restore_and_outage_times(make_plan, make_event, make_values):
    """Integral of (O - R) dt = sum of restore times - sum of outage times (O, R: shares out, restored since)."""
    plan = make_plan(steps=480, events=[make_event(start_h=3.0), make_event(start_h=50.0)], systems=("power",))
    fixed = {"chronic_share_power": 0.0, "initial_out_power": 0.0, "lost_share_power": 0.0}
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


ORDERLY = {"pickup_excess": 0.0, "burst_rate": 0.0}
"""What lets worse be better for a while is left out: customers reconnected sooner ask for more at once, and a building
that is drained sooner does not burst."""


NO_NEW_FAULTS = {system.parameters["chronic_share"]: 0.0 for system in SYSTEMS.values()}
"""Faults between events come at a share times the rate of repair: faster repair goes with more of them."""


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
        ("drain_lag_h", 6.0, 2.0),
        ("refill_h", 10.0, 40.0),
    ],
)
def test_worse_conditions_never_mean_fewer_buildings_without_heat(name, better, worse, hard, make_values):
    plan = hard(night=True)
    drain = {"drain_rate": 0.02 if name in {"refill_h", "drain_lag_h"} else 0.0}
    fixed = ORDERLY | drain | (NO_NEW_FAULTS if name.startswith("repair_rate") else {})
    kept = [
        run(plan, make_values(plan, members=256, fixed=fixed | {name: value}), keep=("heat_out",))
        for value in (better, worse)
    ]
    better, worse = (states["heat_out"] for states in kept)
    assert np.all(worse >= better - 1e-6)
    assert np.any(worse > better + 1e-3)


@pytest.mark.parametrize(("name", "better", "worse"), [("capability_hit", 0.1, 0.6), ("repair_rate_power", 0.1, 0.05)])
def test_worse_power_may_swap_drained_buildings_for_others_but_few(name, better, worse, hard, make_values):
    """Supply that comes and goes drains now one building, now another; the order then breaks, seldom and little."""
    plan = hard(night=True)
    kept = [
        run(plan, make_values(plan, members=256, fixed=ORDERLY | NO_NEW_FAULTS | {name: value}), keep=("heat_out",))[
            "heat_out"
        ]
        for value in (better, worse)
    ]
    fewer = kept[0] - kept[1]
    assert np.mean(fewer > 1e-6) < 0.01
    assert np.mean(fewer > 1e-3) < 1e-3
    assert fewer.max() < 0.01


@pytest.mark.parametrize("name", ["power_out", "heat_out", "water_out"])
def test_colder_never_means_fewer_without_service(name, hard, make_values):
    kept = []
    for temperature in (4.0, -2.0, -10.0, -30.0):
        plan = hard(temperature=temperature)
        kept.append(run(plan, make_values(plan, members=256, fixed=ORDERLY), keep=(name,))[name])
    for warm, cold in pairwise(kept):
        assert np.all(cold >= warm - 1e-6)
        assert np.any(cold > warm + 1e-3)


def split_plan(whole, **changes):
    """A plan of one place as one of two parts of it."""
    twice = {
        name: np.repeat(getattr(whole, name), 2, axis=1)
        for name in ("night", "demand", "temperature", "temperature_sd")
    }
    events = tuple(replace(event, hits=np.repeat(event.hits, 2)) for event in whole.events)
    return replace(whole, places=2, events=events, **twice, **changes)


@pytest.mark.parametrize("together", [False, True])
def test_splitting_a_place_into_two_equal_parts_changes_no_total(together, hard, make_event, make_values):
    """Be it that each part has its share of the crews, or that both share them."""
    one = replace(
        hard(places=1, events=[make_event(start_h=2.0, duration_h=5.0), make_event("storm", start_h=30.0)]),
        front=np.array([True]),
        feedback={"power_on_heat": np.float32([0.4])},
    )
    changes = {"front": np.array([True, True]), "feedback": {"power_on_heat": np.float32([0.4, 0.4])}}
    if together:
        changes |= {"crews": np.array([0, 0]), "crew_weights": np.float32([0.5, 0.5])}
    two, values = split_plan(one, **changes), make_values(one)
    parts = split_in_two(values)
    whole, halves = run(one, values, STATES), run(two, parts, STATES)
    for quantity in set(MODELLED) - {"regions_in_emergency_cuts"}:  # two regions are not one
        sum_of_parts, total = count(quantity, halves, parts, [0, 1]), count(quantity, whole, values, [0])
        rounding = 1e-5 if quantity == "indoor_temperature_c" else 0.0  # kelvin, of temperatures on either side of 0
        np.testing.assert_allclose(sum_of_parts, total, rtol=1e-6, atol=rounding, err_msg=quantity)


def test_relabelling_places_relabels_the_answer(hard, make_values):
    plan = replace(
        hard(),
        crews=np.array([0, 0]),
        crew_weights=np.float32([0.3, 0.7]),
        front=np.array([False, True]),
        feedback={"heat_on_water": np.float32([0.5, 0.2])},
    )
    values = make_values(plan)
    other = replace(
        plan,
        crew_weights=plan.crew_weights[::-1],
        front=plan.front[::-1],
        feedback={"heat_on_water": np.float32([0.2, 0.5])},
    )
    swapped = dict(values)
    for parameter in TABLE:
        if "place" in parameter.axes:
            swapped[parameter.name] = values[parameter.name][..., ::-1, :].copy()
    one, two = run(plan, values), run(other, swapped)
    for name in STEPPED:
        np.testing.assert_array_equal(one[name][:, 0], two[name][:, 1], err_msg=name)


@pytest.mark.parametrize("size", [1, 37, 64])
@pytest.mark.parametrize("coupled", [False, True])
def test_chunks_of_members_give_the_same_bits(size, coupled, hard, make_values):
    """Also where frost comes to some members of a chunk only."""
    plan = hard(temperature=-2.0)
    if coupled:
        plan = replace(
            plan,
            crews=np.array([0, 0]),
            crew_weights=np.float32([0.3, 0.7]),
            feedback={"power_on_heat": np.float32([0.5, 0.2])},
        )
    values = make_values(plan, members=100)
    whole = run(plan, values)
    for part in chunks(100, size)[:8]:
        split = run(plan, {name: array[..., part] for name, array in values.items()})
        for name in STEPPED:
            np.testing.assert_array_equal(split[name], whole[name][..., part], err_msg=name)


def test_chunks_of_whole_blocks_give_the_same_bits_of_every_state(make_plan, make_event, make_values):
    members = 3 * MEMBERS_PER_BLOCK - 100
    plan = make_plan(steps=50, events=[make_event(start_h=3.0)], temperature=-10.0, balance=True)
    values = make_values(plan, members=members)
    whole = run(plan, values, STATES)
    for part in chunks(members, 2 * MEMBERS_PER_BLOCK):
        split = run(plan, {name: array[..., part] for name, array in values.items()}, STATES)
        for name in STATES:
            np.testing.assert_array_equal(split[name], whole[name][..., part], err_msg=name)


def test_a_run_records_the_steps_asked_for(hard, make_values):
    plan = hard()
    values = make_values(plan)
    usual = run(plan, values)
    some = simulate(plan, values, record=np.array([0, 7, 50]), keep=STEPPED)
    for name in STEPPED:
        np.testing.assert_array_equal(some[name], usual[name][[0, 7, 50]], err_msg=name)


@pytest.mark.parametrize("keep", [(name,) for name in STEPPED])
def test_what_else_is_recorded_changes_no_bit(keep, hard, make_values):
    plan = hard()
    values = make_values(plan)
    np.testing.assert_array_equal(run(plan, values, keep)[keep[0]], run(plan, values)[keep[0]])


@pytest.mark.parametrize("steps", [1, 2, 4, 46, 47])
def test_a_horizon_that_ends_within_the_hours_of_a_weather_changes_nothing_before_them(steps, hard, make_values):
    plan = hard(steps=96, temperature_sd=0.0)
    values = make_values(plan)
    short = hard(steps=steps, temperature_sd=0.0)
    whole, states = run(plan, values), run(short, values)
    for name in STEPPED:
        assert np.isfinite(states[name]).all()
        np.testing.assert_array_equal(states[name][:steps], whole[name][:steps], err_msg=name)


def test_a_state_of_a_system_that_is_not_followed_is_refused(make_plan, make_values):
    plan = make_plan(systems=("power", "water"), steps=3)
    for state in ("heat_out", "below_16c", "gas_restored"):
        with pytest.raises(ValueError, match="keep: must be states of the systems that the plan follows, got "):
            run(plan, make_values(plan, members=2), keep=("power_out", state))


COUNTED = ("power_out", "heat_out", "water_out", "heat_drained", "power_restored", "heat_restored")


def twice_hit(make_plan, make_event, make_values):
    """Return a plan of three frosty places, two attacks that overlap in one of them, and draws with large jobs."""
    first, second = (make_event(start_h=start, duration_h=9.0, places=3) for start in (5.25, 30.4))
    events = [replace(first, hits=np.array([True, True, False])), replace(second, hits=np.array([False, True, True]))]
    plan = make_plan(steps=96, places=3, events=events, temperature=-15.0, temperature_sd=2.0, balance=True)
    return plan, make_values(plan, members=32, fixed={"drain_rate": 0.03}, crowd_alone=False)


@pytest.mark.parametrize("last", [20, 36, 50])
def test_what_happens_until_a_step_does_not_hang_on_what_follows(last, make_plan, make_event, make_values):
    plan, values = twice_hit(make_plan, make_event, make_values)
    short = plan.until(last)
    assert last <= short.steps < last + short.steps_per_weather
    record = np.arange(last + 1)
    whole, part = (simulate(one, values, record=record, keep=COUNTED) for one in (plan, short))
    for name in COUNTED:
        assert whole[name].any()
        np.testing.assert_array_equal(part[name], whole[name])


@pytest.mark.parametrize("there", [slice(1, 3), np.array([0, 2])])
def test_each_state_at_its_own_steps_and_places_is_that_of_a_whole_run(there, make_plan, make_event, make_values):
    plan, values = twice_hit(make_plan, make_event, make_values)
    whole = simulate(plan, values, record=np.arange(plan.steps + 1), keep=COUNTED)
    record = {name: np.array([number, 40 + number, 60]) for number, name in enumerate(COUNTED)}
    found = simulate_at(plan, values, record, there=there)
    for name, steps in record.items():
        places = np.arange(3) if name.startswith("power") else np.arange(3)[there]
        np.testing.assert_array_equal(found[name][:, places], whole[name][steps][:, places])
        assert not np.delete(found[name], places, axis=1).any()


def test_the_arrays_of_a_run_are_freed_with_it_and_not_by_the_garbage_collector(make_plan, make_event, make_values):
    plan = make_plan(steps=10, events=[make_event()], balance=True)
    values = make_values(plan, members=4)
    gc.collect()
    gc.disable()
    try:
        before = _runs_alive()
        simulate(plan, values, record=np.arange(11), keep=("power_out", "heat_out"))
        assert _runs_alive() == before
    finally:
        gc.enable()


def _runs_alive():
    return sum(isinstance(left, Run) for left in gc.get_objects())
