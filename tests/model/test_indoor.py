import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from energy_impact.model import cohorts, indoor
from energy_impact.model.buildings import AIR_H, FREE_HEAT_W_M2, Stock, TwoNodes, free_rise
from energy_impact.model.cohorts import THRESHOLDS_C
from energy_impact.model.indoor import INDOOR_STATES, indoor_states

BELOW = tuple(THRESHOLDS_C)
ONE = Stock(np.array([60.0]), np.ones((5, 1)), free_heat_w_m2=(4.0, 4.0))
EMPTY = dataclasses.replace(Stock.of_types(), free_heat_w_m2=(0.0, 0.0))
"""Homes that nothing warms."""


def draws(places=1, members=1, **fixed):
    values = {
        "temperature_offset": np.zeros((places, members), np.float32),
        "time_constant_factor": np.ones(members, np.float32),
        "warm_up_h": np.full(members, 12.0, np.float32),
    }
    for name, value in fixed.items():
        values[name] = np.broadcast_to(np.float32(value), values[name].shape)
    return values


def shares(hours, places=1, members=1):
    """The same history of shares without heat for all."""
    return np.broadcast_to(np.float32(hours)[:, None, None], (len(hours), places, members)).copy()


def every(plan, heat_out, values=None, names=INDOOR_STATES, **options):
    values = draws(*heat_out.shape[1:]) if values is None else values
    return indoor_states(plan, values, heat_out, np.arange(plan.steps + 1), names, **options)


def attack_history(steps, step_h=1.0):
    """Lost over six hours, coming back in part, hit again: shares without heat at every step."""
    hours = np.arange(steps + 1) * step_h
    first = 0.5 * np.clip((hours - 6) / 6, 0, 1) * np.exp(-np.maximum(hours - 12, 0) / 40)
    second = 0.3 * np.clip((hours - 60) / 6, 0, 1) * np.exp(-np.maximum(hours - 66, 0) / 30)
    return 0.01 + first + second


def test_one_building_in_steady_weather_follows_the_closed_form(make_plan, monkeypatch):
    monkeypatch.setattr(cohorts, "THIN_EVERY", 10**9)
    plan = make_plan(steps=60, temperature=-10.0)
    lost = np.where(np.arange(61) < 5, 0, 0.4)
    states = every(plan, shares(lost), stock=ONE)
    nodes = TwoNodes(ONE.time_constants_h)
    i, fabric_h = nodes.inner[0], nodes.fabric_h[0]
    system = np.array([[-1 / AIR_H, i / AIR_H], [i / fabric_h, -1 / fabric_h]])
    rates, vectors = np.linalg.eig(system)
    rise = free_rise(60.0, 4.0)
    rest = np.array([-10 + rise, -10 + i * rise])
    parts = np.linalg.solve(vectors, np.array([20, i * 20 - (1 - i) * 10]) - rest)

    def air(age):
        return rest[0] + vectors[0] @ (parts * np.exp(rates * age))

    for time in (5, 6, 9, 20, 60):  # half of them lost heat at the begin of the step to hour 5, half at its end
        both = np.array([air(time - 4), air(time - 5)])
        for name, threshold in THRESHOLDS_C.items():
            below = 0.4 * np.clip((threshold + 1 - both) / 2, 0, 1).mean()
            assert states[name][time].item() == pytest.approx(below, abs=1e-5)
        assert states["indoor_c"][time].item() == pytest.approx(both.mean(), abs=1e-3)


RANKS = np.linspace(0.0025, 0.9975, 200)
"""Homes of a building, from the one with the least free heat to the one with the most."""


def finely(hours, lost, outdoor, stock):
    """Cohorts every tenth of an hour, small explicit steps, no warming up: shares below and the mean, hour by hour."""
    dt, nodes = 0.05, TwoNodes(stock.time_constants_h)
    i, fabric_h, weights = (row[:, None, None] for row in (nodes.inner, nodes.fabric_h, stock.weights[2]))
    heat = np.array(FREE_HEAT_W_M2)
    gain = free_rise(stock.time_constants_h[:, None, None], heat[:, None]) * (1 - i**2)
    fine = np.arange(0, hours[-1] + dt / 2, dt)
    lost, outdoor = np.interp(fine, hours, lost), np.interp(fine, hours, outdoor)
    share, air = np.zeros(0), np.zeros((len(i), len(heat), 0))
    fabric, heated, found = air, i[..., 0] * 20 + (1 - i[..., 0]) * outdoor[0], []
    between = np.array([np.interp(RANKS, np.linspace(0, 1, len(heat)), row) for row in np.eye(len(heat))])
    for step in range(1, len(fine)):
        to = outdoor[step - 1]
        slope = (i * fabric + (1 - i) * to + gain - air) / AIR_H
        fabric = fabric + dt * (i * air + (1 - i) * to - fabric) / fabric_h
        air = air + dt * slope
        heated = heated + dt * (i[..., 0] * 20 + (1 - i[..., 0]) * to - heated) / fabric_h[..., 0]
        share = share * min(1, lost[step] / max(lost[step - 1], 1e-12))
        new = max(0.0, lost[step] - lost[step - 1])
        if new > 0:
            share = np.append(share, new)
            air = np.concatenate([air, np.full((len(i), len(heat), 1), 20.0)], axis=2)
            fabric = np.concatenate([fabric, np.broadcast_to(heated[..., None], (len(i), len(heat), 1))], axis=2)
        if step % round(1 / dt) == 0:
            homes = np.einsum("nr,cnk->crk", between, air)
            below = [
                (weights * (homes + (2 * RANKS - 1)[:, None] < t)).mean(1).sum(0) @ share for t in THRESHOLDS_C.values()
            ]
            found.append([*below, (weights * np.minimum(homes, 20)).mean(1).sum(0) @ share / max(share.sum(), 1e-12)])
    return np.array(found)


def test_a_stock_in_changing_weather_agrees_with_a_fine_simulation(make_plan):
    steps = 144
    hours = np.arange(steps + 1.0)
    outdoor = -6 - hours / 24 + 5 * np.sin(hours * 2 * np.pi / 24)
    plan = make_plan(steps=steps)
    plan.temperature[:] = outdoor[:, None]
    lost = attack_history(steps) - 0.01
    stock = Stock(np.array([30.0, 60.0, 130.0]), np.tile([0.3, 0.5, 0.2], (5, 1)))
    states = every(plan, shares(lost), draws(warm_up_h=1e-3), stock=stock)
    fine = finely(hours, lost, outdoor, stock)
    for column, name in enumerate(BELOW):
        assert states[name][1:, 0, 0] == pytest.approx(fine[:, column], abs=0.01)
    out = lost[1:] > 0
    assert states["indoor_c"][1:, 0, 0][out] == pytest.approx(fine[out, -1], abs=0.2)


def test_nobody_is_cold_without_an_outage(make_plan):
    states = every(make_plan(temperature=-20.0), shares(np.zeros(97)))
    for name in BELOW:
        assert np.all(states[name] == 0)
    assert np.all(states["indoor_c"] == 20)


def test_homes_without_heat_in_warm_weather_stay_at_the_set_point(make_plan):
    states = every(make_plan(temperature=22.0), shares(np.full(97, 0.5)))
    assert states["indoor_c"] == pytest.approx(np.full((97, 1, 1), 20.0))
    assert np.all(states["below_18c"] == 0)


def test_homes_without_heat_at_the_start_are_cold_already(make_plan):
    states = every(make_plan(temperature=-10.0), shares(np.full(97, 0.2)))
    assert states["below_16c"][0].item() > 0.15
    assert states["indoor_c"][0].item() < 12


histories = arrays(np.float32, (49, 1, 3), elements=st.floats(0, 1, width=32))


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(histories, st.floats(-25, 15), st.floats(0.5, 40))
def test_colder_thresholds_hold_fewer_homes_and_no_more_than_all(make_plan, heat_out, outdoor, warm_up):
    plan = make_plan(steps=48, temperature=outdoor, temperature_sd=2.0)
    states = every(plan, heat_out, draws(members=3, warm_up_h=warm_up, temperature_offset=[-1.0, 0.3, 4.0]))
    warm_to_cold = np.stack([states[name] for name in BELOW])
    assert np.all(np.isfinite(warm_to_cold))
    assert warm_to_cold.max() <= 1
    assert warm_to_cold.min() >= 0
    assert np.diff(warm_to_cold, axis=0).max() <= 1e-6
    assert states["indoor_c"].max() <= 20 + 1e-4
    assert states["indoor_c"].min() >= outdoor - 5 - 1e-3  # two and a half standard deviations


def test_without_time_to_warm_up_only_homes_without_heat_are_cold(make_plan):
    heat_out = shares(attack_history(96))
    states = every(make_plan(temperature=-15.0), heat_out, draws(warm_up_h=1e-3))
    for name in BELOW:
        assert np.all(states[name] <= heat_out + 1e-6)


@pytest.fixture
def wide(make_plan, make_values):
    """A plan with uncertain weather, prior draws, and a history by member."""
    plan = make_plan(places=2, temperature=-8.0, temperature_sd=2.0)
    plan.temperature[:, 1] -= 3
    scale = np.random.default_rng(2).uniform(0.1, 1.0, (1, 2, 64))
    return plan, make_values(plan), np.float32(attack_history(96)[:, None, None] * scale)


def test_colder_weather_leaves_no_fewer_homes_cold(wide):
    plan, values, heat_out = wide
    colder = {**values, "temperature_offset": values["temperature_offset"] - np.float32(0.7)}
    mild, cold = every(plan, heat_out, values), every(plan, heat_out, colder)
    for name in BELOW:
        assert np.all(cold[name] >= mild[name] - 1e-6)
    assert np.all(cold["indoor_c"] <= mild["indoor_c"] + 1e-4)
    plan.temperature[40:] -= 4
    frost = every(plan, heat_out, values)
    for name in BELOW:
        assert np.all(frost[name] >= mild[name] - 1e-6)


def test_more_free_heat_leaves_no_more_homes_cold_and_none_colder_than_before(wide):
    plan, values, heat_out = wide
    usual = every(plan, heat_out, values)
    warmer = every(plan, heat_out, values, stock=dataclasses.replace(Stock.of_types(), free_heat_w_m2=(3.5, 9.0, 18.0)))
    for name in BELOW:
        assert np.all(warmer[name] <= usual[name] + 1e-6)
        assert warmer[name].sum() < usual[name].sum()
    assert np.all(warmer["indoor_c"] >= usual["indoor_c"] - 1e-4)


@settings(max_examples=20, deadline=None)
@given(st.floats(-25, 0), st.lists(st.floats(0.0, 30.0), min_size=2, max_size=4), st.sampled_from([2.0, 6.0]))
def test_homes_that_lost_heat_earlier_are_no_warmer(outdoor, heat, sd):
    stock = dataclasses.replace(Stock.of_types(), free_heat_w_m2=tuple(sorted(heat)))
    hours, steady = np.arange(73.0), np.full(73, outdoor)
    offsets = cohorts.offset_nodes(sd)
    for table, _ in cohorts.cold_tables(stock, offsets, hours, steady, np.full(73, sd)):
        assert np.all(np.diff(table[:, :, :-1], axis=3) <= 1e-5)  # the first cohort is the oldest
        assert np.all(np.diff(table[:, :, :-1], axis=2) <= 1e-6)  # from warm to cold threshold
        assert np.all(np.diff(table[..., :-1, :], axis=0) <= 1e-5)  # from cold to mild weather


def test_slower_buildings_and_fewer_losses_leave_no_more_homes_cold(wide):
    plan, values, heat_out = wide
    usual = every(plan, heat_out, values)
    slower = every(plan, heat_out, {**values, "time_constant_factor": values["time_constant_factor"] * np.float32(1.3)})
    fewer = every(plan, heat_out * np.float32(0.8), values)
    for name in BELOW:
        assert np.all(slower[name] <= usual[name] + 1e-6)
        assert fewer[name] == pytest.approx(0.8 * usual[name], abs=1e-5)


def test_heat_that_returns_later_leaves_no_fewer_homes_cold(wide):
    plan, values, heat_out = wide
    later = heat_out.copy()
    later[13:60] = np.maximum(heat_out[13:60], 0.7 * heat_out[12])
    usual, longer = every(plan, heat_out, values), every(plan, later, values)
    for name in BELOW:
        assert np.all(longer[name][:60] >= usual[name][:60] - 1e-6)


def test_a_deviation_of_the_weather_is_that_weather(make_plan):
    offset = float(cohorts.offset_nodes(2.0)[2])
    heat_out = shares(attack_history(96))
    uncertain = every(make_plan(temperature=-9.0, temperature_sd=2.0), heat_out, draws(temperature_offset=offset))
    certain = every(make_plan(temperature=-9.0 + 2 * offset), heat_out)
    for name in INDOOR_STATES:
        assert uncertain[name] == pytest.approx(certain[name], abs=1e-4)


@pytest.mark.parametrize("sd", [2.0, 7.0])
def test_between_followed_deviations_the_answer_is_close(make_plan, sd):
    offset = float(cohorts.offset_nodes(sd)[2:4].mean())
    heat_out = shares(attack_history(96))
    uncertain = every(make_plan(temperature=-9.0, temperature_sd=sd), heat_out, draws(temperature_offset=offset))
    certain = every(make_plan(temperature=-9.0 + sd * offset), heat_out)
    for name in BELOW:
        assert uncertain[name] == pytest.approx(certain[name], abs=0.01)


def test_equal_parts_are_as_the_whole(make_plan):
    heat_out = shares(attack_history(96), members=5)
    members = draws(
        1, 5, temperature_offset=[-2.0, -0.5, 0.0, 1.0, 3.0], time_constant_factor=[0.5, 0.9, 1.0, 1.2, 2.5]
    )
    parts = {**members, "temperature_offset": np.repeat(members["temperature_offset"], 3, axis=0)}
    whole = every(make_plan(temperature=-9.0, temperature_sd=2.0), heat_out, members)
    split = every(make_plan(temperature=-9.0, temperature_sd=2.0, places=3), np.repeat(heat_out, 3, axis=1), parts)
    for name in INDOOR_STATES:
        assert split[name] == pytest.approx(np.repeat(whole[name], 3, axis=1), abs=1e-5)


def test_members_do_not_depend_on_each_other(wide):
    plan, values, heat_out = wide
    some = {name: rows[..., 10:20] for name, rows in values.items()}
    alone, among = every(plan, heat_out[..., 10:20], some), every(plan, heat_out, values)
    for name in INDOOR_STATES:
        assert alone[name] == pytest.approx(among[name][..., 10:20], abs=1e-5)
        assert alone[name].dtype == np.float32


def test_recording_some_steps_gives_those_steps(wide):
    plan, values, heat_out = wide
    record = np.array([3, 40, 41, 77])
    some = indoor_states(plan, values, heat_out, record, INDOOR_STATES)
    for name, rows in every(plan, heat_out, values).items():
        np.testing.assert_array_equal(some[name], rows[record])


def test_short_steps_change_little(make_plan, monkeypatch):
    plan, fine_plan = make_plan(temperature=-9.0), make_plan(steps=576, step_h=1 / 6, temperature=-9.0)
    hourly = every(plan, shares(attack_history(96)))
    history = shares(attack_history(576, 1 / 6))
    same_grid = every(fine_plan, history)
    monkeypatch.setattr(indoor, "GRID_H", 1 / 6)
    monkeypatch.setattr(cohorts, "THIN_EVERY", 10**9)
    fine = every(fine_plan, history)
    for name in BELOW:
        assert same_grid[name][::6] == pytest.approx(hourly[name], abs=1e-6)
        assert fine[name][::6] == pytest.approx(hourly[name], abs=0.01)


def test_joining_old_cohorts_changes_little(make_plan, monkeypatch):
    plan = make_plan(steps=336, temperature=-9.0)
    plan.temperature[:, 0] += 5 * np.sin(np.arange(337) / 24 * 2 * np.pi)
    heat_out = shares(attack_history(336))
    joined = every(plan, heat_out)
    monkeypatch.setattr(cohorts, "THIN_EVERY", 10**9)
    for name, rows in every(plan, heat_out).items():
        assert joined[name] == pytest.approx(rows, abs=0.05 if name == "indoor_c" else 1e-3)


def test_cohorts_are_merged_into_their_neighbours_in_proportion_to_time():
    begun = np.array([-1, 0, 2, 3, 6, 8])
    merger = cohorts.Merger.of(begun, np.isin(begun, [-1, 0, 8]))
    found = merger.apply(np.float32([[1], [1], [4], [8], [4], [1]]))
    assert found[:, 0] == pytest.approx(
        [1, 1 + 4 * 6 / 8 + 8 * 5 / 8 + 4 * 2 / 8, 1 + 4 * 2 / 8 + 8 * 3 / 8 + 4 * 6 / 8]
    )


def test_homes_warm_up_within_half_a_day_to_two_days(make_plan):
    lost = np.where(np.arange(145) < 96, 0.6, 0.0)
    cold = every(make_plan(steps=144, temperature=-8.0), shares(lost), stock=EMPTY)["below_18c"][:, 0, 0]
    assert cold[95] == pytest.approx(0.6, abs=0.01)
    half = int(np.flatnonzero(cold < 0.3)[0]) - 96
    assert 12 <= half <= 30
    assert cold[144] < 0.05
    assert np.all(np.diff(cold[96:]) <= 0)


def test_warm_up_passes_from_colder_to_warmer_at_the_rate_of_the_exponential(make_plan):
    lost = np.where(np.arange(145) < 120, 0.5, 0.0)
    states = every(make_plan(steps=144, temperature=-30.0), shares(lost), draws(warm_up_h=20.0), stock=EMPTY)
    cold = states["below_5c"][:, 0, 0]
    assert cold[119] == pytest.approx(0.5, abs=0.01)
    # from 0 degC to 5 degC with 20 degC as the end takes 20 ln(20 / 15) = 5.75 hours on average
    assert cold[130] / cold[122] == pytest.approx(np.exp(-8 / 5.75), rel=0.01)


def test_once_heat_was_back_for_all_what_was_before_does_not_count(make_plan):
    plan, before = make_plan(steps=48, temperature=-20.0), np.zeros(49)
    before[24:32] = [1, 0, 1, 0, 1, 0, 1, 0]
    after = np.where(np.arange(49) < 33, 0, 1e-3)
    with_it, without = (every(plan, shares(lost), draws(warm_up_h=1e-3)) for lost in (before + after, after))
    for name, rows in with_it.items():
        assert rows[33:] == pytest.approx(without[name][33:], rel=1e-5)


def test_heat_that_goes_and_comes_for_all_stays_finite(make_plan):
    lost = np.tile([0.0, 1.0, 1.0, 0.0, 1e-30, 0.5], 17)[:97]
    states = every(make_plan(temperature=-20.0), shares(lost))
    for rows in states.values():
        assert np.isfinite(rows).all()
    assert states["indoor_c"][lost == 0] == pytest.approx(np.full((np.sum(lost == 0), 1, 1), 20.0))
