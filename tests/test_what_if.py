"""What if, from now on: nothing before changes, and each lever pushes every member the way physics says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import energy_impact as ei
from energy_impact.prepare import prepare
from energy_impact.results.tables.shelter import in_cold_homes
from energy_impact.scenario import ScenarioError

HOUR = pd.Timedelta(hours=1)
START = pd.Timestamp("2026-01-19T00:00Z")
STORM = ei.Event(START + 6 * HOUR, kind="storm", duration_h=4)
PLACE = {"power_customers": 50_000, "heat_buildings": 900, "residents": 120_000}


def city(**changes):
    parts = [ei.Place("West", **PLACE), ei.Place("East", **PLACE | {"heat_buildings": (500, 700)})]
    given = {"events": [STORM], "figures": [_cold(-12)], "step_h": 1.0}
    return ei.Scenario(START, 96, ei.Place("City", parts=parts), **given | changes)


def _cold(degrees):
    common = {"place": "City", "kind": "stock", "source": "service", "qualifier": "about"}
    return common | {"id": "frost", "time": START + 12 * HOUR, "quantity": "air_temperature_c", "value": degrees}


def _reported(quantity, value, hours):
    common = {"place": "City", "kind": "stock", "source": "council", "qualifier": "about"}
    return common | {"id": f"{quantity} {hours}", "time": START + hours * HOUR, "quantity": quantity, "value": value}


@pytest.fixture(scope="module")
def fitted():
    """Of a seed with which half is back within the horizon; with others it is not, by a few hours."""
    figures = [_cold(-12), _reported("power_customers_out", 30_000, 12), _reported("heat_buildings_out", 400, 20)]
    rates = [ei.EventRate(kind="attack", per_week=7, hour=3)]
    return ei.estimate(city(figures=figures, new_events=rates), members=64, rng=2)


LEVERS = {
    "nothing": {},
    "colder": {"colder": 8},
    "warmer": {"colder": -8},
    "more crews": {"crews": 2},
    "fewer crews": {"crews": 0.5, "places": ["West"]},
    "generators": {"generators": 0.7},
    "boilers": {"mobile_boilers": 150},
    "warming points": {"warming_points": 4000},
    "attack": {"event": ei.Event(START + 30 * HOUR, kind="attack", duration_h=5)},
    "storm": {"event": [ei.Event(START + 30 * HOUR, kind="storm", places=["East"])]},
    "truce": {"truce": ei.Truce(START + 24 * HOUR, START + 90 * HOUR, claimed_by="a", reduces=1, holds=0.8)},
    "several": {"colder": 4, "crews": 3, "event": ei.Event(START + 20 * HOUR, kind="attack")},
}


@pytest.mark.parametrize("name", LEVERS)
def test_every_curve_up_to_then_stays_bit_for_bit(fitted, name):
    changed = fitted.what_if(**LEVERS[name])
    past = fitted.scenario.times <= fitted.scenario.now
    for key in fitted.available:
        np.testing.assert_array_equal(fitted[key].draws[:, past], changed[key].draws[:, past], err_msg=str(key))


@pytest.mark.parametrize("name", [name for name in LEVERS if name != "nothing"])
@pytest.mark.parametrize("step_h", [0.5, 1 / 3])
def test_a_time_between_whole_hours_is_rounded_up_and_nothing_before_changes(name, step_h):
    run = ei.simulate(city(step_h=step_h, new_events=[ei.EventRate(kind="attack", per_week=70)]), members=16, rng=2)
    since = START + 13.5 * HOUR
    changed = run.what_if(**LEVERS[name], since=since)
    assert changed.scenario.since(changed.scenario.changes[0]) == START + 14 * HOUR
    past = run.scenario.times <= START + 14 * HOUR
    for key in run.available:
        np.testing.assert_array_equal(run[key].draws[:, past], changed[key].draws[:, past], err_msg=str(key))
    people = (in_cold_homes(one, "people_below_16c", "City").draws for one in (run, changed))
    assert (next(people) != next(people)).any()


@pytest.mark.parametrize("name", ["colder", "more crews", "generators", "boilers", "storm"])
@pytest.mark.parametrize("hours", [0, 1, 3])
def test_even_a_change_from_the_start_leaves_the_state_at_the_start(name, hours):
    run = ei.simulate(city(step_h=0.5, new_events=[ei.EventRate(kind="attack", per_week=7)]), members=32, rng=2)
    changed = run.what_if(**LEVERS[name], since=START + hours * HOUR)
    past = run.scenario.times <= START + hours * HOUR
    for key in run.available:
        np.testing.assert_array_equal(run[key].draws[:, past], changed[key].draws[:, past], err_msg=str(key))


def test_what_if_of_nothing_is_the_estimate(fitted):
    same = fitted.what_if()
    for key in fitted.available:
        np.testing.assert_array_equal(fitted[key].draws, same[key].draws)
    np.testing.assert_array_equal(fitted.parameters, same.parameters)
    assert same.status == fitted.status
    pd.testing.assert_frame_equal(fitted.summary(), same.summary())
    pd.testing.assert_frame_equal(fitted.figures_check(), same.figures_check())


@pytest.mark.parametrize("name", [name for name in LEVERS if name not in {"nothing", "warming points"}])
def test_each_lever_has_an_effect(fitted, name):
    changed = fitted.what_if(**LEVERS[name])
    assert any((fitted[key].draws != changed[key].draws).any() for key in fitted.available)


@pytest.fixture(scope="module")
def storm():
    """After a storm supply never falls short, so nothing that comes back can overload it."""
    return ei.simulate(city(), members=128, rng=3)


ROUNDING = 1e-6
"""Share of the stock by which float32 may miss the order of two runs."""
MIXING = 3e-3
"""Share of the stock by which circuits that mix between two acts may miss it: see `model.thermal.Circuits`."""


@settings(max_examples=8)
@given(st.floats(1.05, 20), st.integers(8, 60))
def test_more_crews_never_leave_more_out(storm, crews, hours):
    changed = storm.what_if(crews=crews, since=START + hours * HOUR)
    for quantity, slack in (
        ("power_customers_out", 1e5 * ROUNDING),
        ("heat_buildings_out", 1600 * MIXING),
        ("people_below_16c", 2.4e5 * MIXING),
    ):
        more = changed[quantity, "City"].draws - storm[quantity, "City"].draws
        assert more.max() <= slack
        assert more.min() < 0
    fewer = storm.what_if(crews=1 / crews, since=START + hours * HOUR)["power_customers_out", "City"].draws
    assert (fewer - storm["power_customers_out", "City"].draws).min() >= -ROUNDING * 1e5


@settings(max_examples=8)
@given(st.floats(0.5, 30), st.integers(8, 60))
def test_colder_never_leaves_fewer_in_cold_homes(storm, colder, hours):
    changed = storm.what_if(colder=colder, since=START + hours * HOUR)
    for quantity in ("people_below_18c", "people_below_16c", "people_below_12c", "people_below_5c"):
        more = changed[quantity, "City"].draws - storm[quantity, "City"].draws
        assert more.min() >= -MIXING * 2.4e5
        assert more.max() > 0


@settings(max_examples=8)
@given(st.floats(0.1, 1), st.floats(0.1, 1))
def test_the_more_boilers_and_generators_the_fewer_without_heat(storm, share, part):
    few, many = (
        storm.what_if(generators=amount, mobile_boilers=800 * amount)["heat_buildings_out", "City"].draws
        for amount in (share * part, share)
    )
    assert (many - few).max() <= MIXING * 1600
    assert (few - storm["heat_buildings_out", "City"].draws).max() <= MIXING * 1600


def test_boilers_heat_no_more_buildings_than_there_are_boilers(storm):
    changed = storm.what_if(mobile_boilers=30, since=START + 8 * HOUR)
    spared = (storm["heat_buildings_out", "City"].draws - changed["heat_buildings_out", "City"].draws)[:, 10:]
    before = storm["heat_buildings_out", "City"].draws[:, 10:]
    np.testing.assert_allclose(spared, np.minimum(before, 30), atol=0.1)


def test_boilers_stay_in_their_place(storm):
    changed = storm.what_if(mobile_boilers=30, places=["West"])
    np.testing.assert_array_equal(
        storm["heat_buildings_out", "East"].draws, changed["heat_buildings_out", "East"].draws
    )


def test_warming_points_take_people_in_at_night_and_no_more_than_they_hold(storm):
    changed = storm.what_if(warming_points=500, since=START + 24 * HOUR)
    people, left = (in_cold_homes(run, "people_below_16c", "City").draws for run in (storm, changed))
    hour = storm.scenario.times.hour
    night = ((hour >= 22) | (hour < 6)) & (storm.scenario.times > START + 24 * HOUR)
    np.testing.assert_allclose((people - left)[:, night], np.minimum(people, 500)[:, night], atol=0.05)
    np.testing.assert_allclose(people[:, ~night], left[:, ~night], rtol=1e-6)
    spared = storm.cold_nights()["people_below_16c"] - changed.cold_nights()["people_below_16c"]
    assert spared.iloc[0] == 0
    assert 0 < spared.iloc[-3] <= 500.1


@settings(max_examples=8)
@given(st.floats(0, 3e4), st.floats(0, 1))
def test_the_more_warming_points_the_fewer_are_left_in_the_cold(storm, places, part):
    few, many = (
        in_cold_homes(storm.what_if(warming_points=amount), "people_below_16c", "City").draws
        for amount in (places * part, places)
    )
    assert (many - few).max() <= ROUNDING * 2.4e5


def test_warming_points_open_at_their_own_time_in_whatever_order_they_are_added(storm):
    early = {"warming_points": 900, "since": START + 12 * HOUR}
    late = {"warming_points": 300, "since": START + 60 * HOUR}
    one, other = (
        in_cold_homes(storm.what_if(**first).what_if(**second), "people_below_16c", "City").draws
        for first, second in ((early, late), (late, early))
    )
    np.testing.assert_allclose(one, other, atol=0.05)
    assert (one < storm["people_below_16c", "City"].draws - 100).any()


def test_an_added_attack_leaves_supply_of_another_grid_as_it_was():
    """Each grid may fall short from the first attack on it; on one grid an attack on a part concerns all."""
    towns = [ei.Place(name, power_customers=50_000, grid=grid) for name, grid in (("A", "1"), ("B", "1"), ("C", "2"))]
    run = ei.simulate(ei.Scenario(START, 96, towns, events=[STORM]), members=256, rng=4)
    early, late = (
        ei.Event(START + hours * HOUR, kind="attack", places=[name], name=name)
        for hours, name in ((30, "A"), (60, "C"))
    )
    one, both = run.what_if(event=early), run.what_if(event=[early, late])
    drawn = {name: [each["power_customers_out", name].draws for each in (run, one, both)] for name in "ABC"}
    np.testing.assert_array_equal(drawn["C"][0], drawn["C"][1])
    np.testing.assert_array_equal(drawn["C"][0][:, :61], drawn["C"][2][:, :61])
    assert (drawn["C"][2][:, 61:] > drawn["C"][0][:, 61:]).any()
    assert (drawn["B"][1] > drawn["B"][0]).any()


def test_a_what_if_of_a_what_if_adds_to_it(storm):
    both = storm.what_if(colder=3).what_if(colder=5)
    np.testing.assert_allclose(
        both["people_below_16c", "City"].draws, storm.what_if(colder=8)["people_below_16c", "City"].draws, rtol=1e-4
    )


def test_an_added_event_keeps_the_pace_of_repair_that_was_learned(fitted):
    changed = fitted.what_if(event=ei.Event(START + 40 * HOUR, kind="storm"))
    made = prepare(changed.scenario)
    rows = made.layout.by_name["repair_rate_power"].rows
    last = len(made.plan.events)
    pace = changed.parameters[:, rows]
    np.testing.assert_array_equal(pace[:, last], pace[:, 1])


def test_an_added_event_of_another_kind_keeps_the_pace_too():
    """Repair after storms is usually slower than after attacks: one more hit must not speed it up."""
    run = ei.simulate(city(), members=64, rng=5)
    changed = run.what_if(event=ei.Event(START + 40 * HOUR, kind="attack"))
    made = prepare(changed.scenario)
    values = made.layout.values(changed.parameters.T, ("repair_rate_power", "slow_ratio_power"))
    for name, pace in values.items():
        regimes = pace.reshape(-1, run.members)
        np.testing.assert_allclose(regimes[-1], regimes[1], rtol=1e-4, err_msg=name)
    assert made.layout.by_name["repair_rate_power"].medians[-1] > made.layout.by_name["repair_rate_power"].medians[1]


def test_an_added_event_draws_the_same_whatever_else_is_added(fitted):
    hit, other = (ei.Event(START + hours * HOUR, kind="attack", name=f"at {hours}") for hours in (40, 50))
    alone, both = fitted.what_if(event=hit), fitted.what_if(event=[other, hit])
    rows = [prepare(run.scenario).layout.by_name["severity_power"].rows for run in (alone, both)]
    np.testing.assert_array_equal(alone.parameters[:, rows[0]][:, -1], both.parameters[:, rows[1]][:, -1])


def test_an_added_event_is_no_twin_of_what_was_drawn(fitted):
    changed = fitted.what_if(event=ei.Event(START + 40 * HOUR, kind="attack"))
    own = prepare(changed.scenario).layout.by_name["severity_power"].rows.stop - 1
    numbers = np.corrcoef(changed.parameters.T[own], fitted.parameters.T)[0, 1:]
    assert np.nanmax(np.abs(numbers)) < 0.65


def test_an_earlier_event_leaves_the_values_of_parameters_drawn_once(fitted):
    before = ei.Event(START + 1 * HOUR, kind="attack", duration_h=2)
    changed = ei.simulate(fitted.scenario.replace(events=[before, STORM]), given=fitted, rng=5)
    old, new = (prepare(run.scenario).layout.values(run.parameters.T) for run in (fitted, changed))
    for name in ("night_factor", "crew_limit_power", "chronic_share_power", "initial_out_power", "heat_dependence"):
        np.testing.assert_allclose(new[name], old[name], rtol=2e-3, err_msg=name)


def test_a_first_event_that_is_added_changes_nothing_before_it():
    calm = ei.simulate(city(events=[]), members=32, rng=4)
    hit = ei.Event(START + 30 * HOUR, kind="storm", duration_h=3)
    changed = calm.what_if(event=hit, since=START + 30 * HOUR)
    past = calm.scenario.times <= hit.time
    for key in calm.available:
        np.testing.assert_array_equal(calm[key].draws[:, past], changed[key].draws[:, past], err_msg=str(key))
    assert (changed["power_customers_out", "City"].draws > calm["power_customers_out", "City"].draws + 100).any()


def test_after_being_hit_again_the_summary_shows_it(fitted):
    again = fitted.what_if(event=ei.Event(START + 40 * HOUR, kind="storm", duration_h=6))
    before, after = (run.summary().set_index(["place", "quantity"]) for run in (fitted, again))
    key = ("City", "power_customers_out")
    assert after.loc[key, "now"] == before.loc[key, "now"]
    assert after.loc[key, "peak_high"] > before.loc[key, "peak_high"]
    assert after.loc[key, "t50_h"] > before.loc[key, "t50_h"]


def test_it_can_be_saved_and_read(fitted, tmp_path):
    changed = fitted.what_if(
        colder=4, warming_points=10, event=ei.Event(START + 30 * HOUR, kind="attack"), truce=LEVERS["truce"]["truce"]
    )
    read = ei.load_estimate(changed.save(tmp_path / "run.npz"))
    assert read.scenario.changes == changed.scenario.changes
    np.testing.assert_array_equal(read["people_below_16c", "City"].draws, changed["people_below_16c", "City"].draws)


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"colder": 99}, "WhatIf.colder: must be at least -40 and at most 40, got 99"),
        ({"crews": 0}, "WhatIf.crews: must be at least 0.01"),
        ({"generators": 2}, "WhatIf.generators: must be at least 0 and at most 1, got 2"),
        ({"event": "storm"}, "WhatIf.event: must be of class Event, or a list of them"),
        ({"places": ["Citi"]}, "places: must be a place of the scenario, got 'Citi' .did you mean 'City'"),
        ({"event": STORM}, "event: must begin from .* .since. to before the end"),
        ({"since": START - HOUR}, "since: must lie from the start"),
        ({"since": "2026-01-20"}, "WhatIf.since"),
    ],
)
def test_a_lever_that_means_nothing_is_refused(fitted, given, rule):
    with pytest.raises(ScenarioError, match=rule):
        fitted.what_if(**given)


def test_boilers_need_heated_buildings():
    dry = ei.Scenario(START, 48, ei.Place("Dry", power_customers=100), events=[STORM])
    with pytest.raises(ScenarioError, match="mobile_boilers: needs a known number of heat_buildings, got 'Dry'"):
        ei.simulate(dry, members=4, rng=1).what_if(mobile_boilers=3)


def test_a_scenario_file_holds_options(tmp_path):
    file = tmp_path / "town.toml"
    file.write_text(
        'start = "2026-01-19T00:00Z"\nhorizon_h = 48\n[[places]]\nname = "Town"\npower_customers = 1000\n'
        '[[what_if]]\nname = "frost"\ncolder = 8\n[[what_if]]\nname = "again"\n'
        '[what_if.event]\ntime = "2026-01-20T00:00Z"\nkind = "storm"\n',
        encoding="utf-8",
    )
    frost, again = ei.load_scenario(file).what_ifs
    assert (frost.name, frost.colder, again.event[0].kind) == ("frost", 8.0, "storm")
    text = file.read_text(encoding="utf-8").replace("colder = 8", "coldr = 8").replace("storm", "strom")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"(?s)what_if 1: unknown key 'coldr'.*what_if 2, event 1.*strom"):
        ei.load_scenario(file)
