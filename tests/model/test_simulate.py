import numpy as np
import pytest

from energy_impact.model.parameters import TABLE
from energy_impact.model.simulate import STATES, chunks, simulate

OUTAGES = ("power_out", "heat_out", "water_out", "heat_drained")
CALM = {
    "initial_out_power": 0.0, "initial_out_heat": 0.0, "initial_out_water": 0.0, "chronic_rate_power": 0.0,
    "chronic_rate_heat": 0.0, "chronic_rate_water": 0.0,
}  # fmt: skip


def run(plan, values, keep=STATES):
    return simulate(plan, values, record=np.arange(plan.steps + 1), keep=keep)


def test_without_event_shortage_or_base_rate_everything_is_served(make_plan, make_values):
    plan = make_plan(temperature=-20.0)
    states = run(plan, make_values(plan, fixed=CALM))
    for name in OUTAGES:
        assert np.all(states[name] == 0), name


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


def test_what_went_out_is_out_or_was_restored(make_plan, make_event, make_values):
    """Hits and faults = what is out now + what was repaired, so repairs never exceed hits plus faults."""
    plan = make_plan(events=[make_event(start_h=3.0)], systems=("power",))
    values = make_values(plan, members=256, quiet=True, fixed={"chronic_rate_power": 0.0})
    states = run(plan, values, keep=("power_out", "power_restored"))
    before, after = states["power_out"][3], states["power_out"][4]
    repaired_meanwhile = states["power_restored"][4] - states["power_restored"][3]
    hit = after - before + repaired_meanwhile
    out_at_end = states["power_out"][-1]
    assert states["power_restored"][-1] == pytest.approx(states["power_out"][0] + hit - out_at_end, abs=2e-6)


@pytest.mark.parametrize(
    ("name", "better", "worse"),
    [
        ("severity_heat", 0.3, 0.5),
        ("severity_power", 0.3, 0.5),
        ("repair_rate_heat", 0.1, 0.05),
        ("crew_limit_heat", 1.0, 0.2),
        ("night_factor", 1.0, 0.5),
        ("start_lag_h", 1.0, 6.0),
    ],
)
def test_worse_conditions_never_mean_fewer_buildings_without_heat(
    name, better, worse, make_plan, make_event, make_values
):
    plan = make_plan(events=[make_event(start_h=3.0, duration_h=4.0)], temperature=-10.0, night=True)
    out = [
        run(plan, make_values(plan, fixed={name: value}), keep=("heat_out",))["heat_out"] for value in (better, worse)
    ]
    assert np.all(out[1] >= out[0] - 1e-6)
    assert np.any(out[1] > out[0] + 1e-3)


def test_colder_never_means_fewer_buildings_without_heat(make_plan, make_event, make_values):
    out = []
    for temperature in (-5.0, -20.0):
        plan = make_plan(events=[make_event(start_h=3.0)], temperature=temperature)
        out.append(run(plan, make_values(plan), keep=("heat_out",))["heat_out"])
    assert np.all(out[1] >= out[0] - 1e-6)


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


def test_half_the_step_changes_little(make_plan, make_event, make_values):
    event = make_event(start_h=5.0, duration_h=6.0)
    hourly = make_plan(steps=96, events=[event], temperature=-10.0)
    finer = make_plan(steps=192, step_h=0.5, events=[event], temperature=-10.0)
    values = make_values(hourly, members=128)
    coarse = run(hourly, values, keep=("heat_out", "power_out"))
    fine = run(finer, values, keep=("heat_out", "power_out"))
    for name in coarse:
        # a first-order scheme: compared after the attack, where shares move by repair only
        assert np.abs(coarse[name][24:] - fine[name][48::2]).mean() < 0.01, name


def test_the_cut_share_over_a_day_is_the_mean_of_the_hours(make_plan, make_event, make_values):
    plan = make_plan(steps=48, events=[make_event(start_h=1.0)], balance=True)
    states = run(plan, make_values(plan), keep=("shed", "shed_day"))
    np.testing.assert_allclose(states["shed_day"][40], states["shed"][17:41].mean(0), rtol=1e-5, atol=1e-7)
