from __future__ import annotations

import dataclasses
import json
import re

import numpy as np
import pandas as pd
import pytest

from energy_impact.places import Place
from energy_impact.scenario import Event, EventRate, Scenario, ScenarioError, Truce

START = pd.Timestamp("2026-01-19T00:00+02:00")
KYIV = Place("Kyiv", timezone="Europe/Kyiv", heat_buildings=(11_500, 12_800), power_customers=1_400_000)
KHARKIV = Place("Kharkiv", timezone="Europe/Kyiv", heat_buildings=8_000)
ATTACK = Event("2026-01-20T01:00+02:00", kind="attack", name="20 January", duration_h=6, missiles=34)
RATE = EventRate(kind="attack", per_week=2)
TRUCE = Truce("2026-01-25T00:00+02:00", "2026-02-01T00:00+02:00", claimed_by="mediator", reduces=0.9, holds=0.5)


def figure(**changes):
    return {
        "id": "a",
        "time": "2026-01-20T09:00+02:00",
        "place": "Kyiv",
        "quantity": "heat_buildings_out",
        "value": 5635,
        "qualifier": "exact",
        "kind": "stock",
        "source": "mayor",
    } | changes


def scenario(**changes):
    given = {"start": START, "horizon_h": 336, "places": [KYIV, KHARKIV], "events": [ATTACK], "figures": [figure()]}
    return Scenario(**(given | changes))


def hourly(hours=337, start=START, **columns):
    index = pd.date_range(start, periods=hours, freq="h")
    return pd.DataFrame(columns, index=index) if columns else pd.Series(-5.0, index=index)


def faults_of(**changes):
    with pytest.raises(ScenarioError) as error:
        scenario(**changes)
    return error.value.faults


def test_start_end_and_times_are_utc_and_include_both_ends():
    made = scenario(step_h=0.5)
    assert made.start == pd.Timestamp("2026-01-18T22:00Z")
    assert str(made.times.tz) == "UTC"
    assert len(made.times) == 673
    assert made.times[1] - made.times[0] == pd.Timedelta(minutes=30)
    assert made.times[-1] == made.end == pd.Timestamp("2026-02-01T22:00Z")


def test_steps_of_a_seventh_of_an_hour_end_on_the_hour():
    assert scenario(step_h=1 / 7).times[-1] == pd.Timestamp("2026-02-01T22:00Z")


def test_now_is_the_last_outcome_then_the_end_of_the_last_event_then_the_start():
    late = figure(id="b", time="2026-01-22T09:00+02:00", quantity="people_killed")
    assert scenario(figures=[figure(), late]).now == pd.Timestamp("2026-01-20T07:00Z")
    assert scenario(figures=None).now == pd.Timestamp("2026-01-20T05:00Z")
    assert scenario(figures=None, horizon_h=26).now == scenario(figures=None, horizon_h=26).end
    assert scenario(figures=None, events=()).now == START


def test_figures_are_there_as_a_table_and_as_records_and_are_checked_once():
    made = scenario(figures=[figure(), figure(id="b", qualifier="thousands", value=None, page="3")])
    assert [record.id for record in made.figure_records] == made.figures["id"].tolist() == ["a", "b"]
    assert [record.words for record in made.figure_records] == ["exact 5,635", "thousands"]
    longer = made.replace(horizon_h=340)
    assert longer.figure_records is made.figure_records
    assert longer.figures is made.figures
    copied = dataclasses.replace(made, title="copy")
    assert (copied.figure_records, copied.title) == (made.figure_records, "copy")


def test_leaves_and_places_go_over_all_trees():
    country = Place("Country", parts=[KYIV, Place("East", parts=[KHARKIV])])
    made = scenario(places=country)
    assert made.places == (country,)
    assert [leaf.name for leaf in made.leaves] == ["Kyiv", "Kharkiv"]
    assert made.place("East").parts == (KHARKIV,)
    with pytest.raises(ValueError, match=r"must be a place .* got 'Kiev' \(did you mean 'Kyiv'\?\)"):
        made.place("Kiev")


def test_events_are_kept_by_time():
    early = Event("2026-01-19T01:00+02:00", kind="storm")
    assert scenario(events=[ATTACK, early]).events == (early, ATTACK)


def test_an_event_takes_the_number_that_a_figure_gives_and_keeps_it_on_replace():
    row = figure(id="b", quantity="drones_launched", value=339, event="20 January")
    made = scenario(figures=[row])
    assert made.events[0] == dataclasses.replace(ATTACK, drones=339)
    assert made.replace(horizon_h=100).events == made.events
    assert ATTACK.drones is None


def test_replace_changes_one_argument_and_checks_again():
    made = scenario()
    colder = made.replace(weather=hourly())
    assert colder.weather is not None
    assert made.weather is None
    pd.testing.assert_frame_equal(colder.figures, made.figures)
    with pytest.raises(ScenarioError, match="figure 'a', column time"):
        made.replace(horizon_h=24.0 + 6)
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.horizon_h = 5


def test_a_horizon_of_less_than_a_step_is_refused():
    with pytest.raises(ScenarioError, match="horizon_h: must be a whole multiple of step_h = 1, got 1e-09"):
        Scenario("2026-01-19T00:00Z", 1e-9, Place("City", power_customers=5))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"start": "2026-01-19"}, "Scenario.start: needs an hour and a UTC offset"),
        ({"start": "2026-01-19T00:00"}, "Scenario.start: needs a UTC offset"),
        ({"horizon_h": -3}, "Scenario.horizon_h: must be above 0 and at most 8784, got -3"),
        ({"horizon_h": float("nan")}, "Scenario.horizon_h: must be above 0"),
        ({"horizon_h": "336"}, "Scenario.horizon_h: must be a number, got '336'"),
        ({"horizon_h": 336.4}, "Scenario.horizon_h: must be a whole multiple of step_h = 1, got 336.4"),
        ({"step_h": 0.4}, "Scenario.step_h: must be a divisor of an hour, not below a second, got 0.4"),
        ({"step_h": 0}, "Scenario.step_h: must be above 0"),
        ({"step_h": 2}, "Scenario.step_h: must be above 0 and at most 1, got 2"),
        ({"step_h": 1e-9}, "Scenario.step_h: must be a divisor of an hour, not below a second"),
        ({"places": []}, "Scenario.places: must be a Place or a non-empty list of them"),
        ({"places": "Kyiv"}, "Scenario.places: must be a Place or a non-empty list of them, got 'Kyiv'"),
        ({"places": [KYIV, KHARKIV, KYIV]}, "Scenario.places: names must be unique, got 'Kyiv' twice"),
        ({"events": ATTACK}, "Scenario.events: must be a list of Event"),
        ({"events": [ATTACK, ATTACK]}, "Scenario.events: names must be unique, got '20 January' twice"),
        ({"new_events": RATE}, "Scenario.new_events: must be a list of EventRate, got EventRate"),
        ({"new_events": [ATTACK]}, "Scenario.new_events: must be a list of EventRate, got"),
        ({"truces": "truce"}, "Scenario.truces: must be a list of Truce, got 'truce'"),
        ({"name": ""}, "Scenario.name: must be non-empty text"),
        ({"title": 5}, "Scenario.title: must be text, got 5"),
        ({"weather": "cold"}, "Scenario.weather: must be a Series, a DataFrame or None, got str"),
        ({"weather": hourly().drop(START + pd.Timedelta(hours=9))}, "Scenario.weather: must be hourly, got a gap of 2"),
        ({"weather": hourly().replace(-5.0, np.nan)}, "Scenario.weather: must lie .* without gaps, got nan"),
        ({"weather": hourly(300)}, "Scenario.weather: must cover 2026-01-18T22:00"),
        ({"weather": hourly(Kyiv=0.0)}, "Scenario.weather: place 'Kharkiv' has no column"),
        ({"priors": {"night": 0.5}}, "Scenario.priors, night: must be a table of keys and values, got 0.5"),
        ({"priors": {"night": {"median": 1, "spred": 1, "spread": 1}}}, "unknown key 'spred' .*'spread'"),
        ({"priors": {"night": {"median": "x", "spread": 1}}}, "Scenario.priors, night, median: must be a number"),
        ({"priors": {"night": {"median": 1, "spread": -1}}}, "Scenario.priors, night, spread: must be at least 0"),
        ({"priors": {"night": {"median": 1}}}, "Scenario.priors, night: key 'spread' is missing"),
    ],
)
def test_a_bad_argument_yields_one_fault_with_name_rule_and_value(changes, rule):
    (fault,) = faults_of(**changes)
    assert re.search(rule, fault)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"places": ("Kiev",)}, r"event '20 January', places: must be a place .*'Kiev' \(did you mean 'Kyiv'\?\)"),
        ({"time": "2026-02-02T00:00+02:00"}, "event '20 January', time: must lie from the start .* to before the end"),
        ({"time": "2026-01-18T00:00+02:00"}, "event '20 January', time: must lie from the start"),
    ],
)
def test_an_event_outside_the_scenario_yields_one_fault(changes, rule):
    (fault,) = faults_of(events=[dataclasses.replace(ATTACK, **changes)])
    assert re.search(rule, fault)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"places": ("Kiev",)}, r"^new_events 1, places: must be a place .*'Kiev' \(did you mean 'Kyiv'\?\)"),
        ({"start": "2026-02-02T00:00+02:00"}, "^new_events 1, start: must be before the end 2026-02-01T22:00"),
        ({"start": START - pd.Timedelta(hours=5), "end": START}, "^new_events 1, end: must be after 2026-01-18T22:00"),
        ({"end": "2026-01-20T09:00+02:00"}, "^new_events 1, end: must be after 2026-01-20T07:00"),
    ],
)
def test_a_rate_outside_the_scenario_yields_one_fault(changes, rule):
    (fault,) = faults_of(new_events=[dataclasses.replace(RATE, **changes)])
    assert re.search(rule, fault)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"places": ("Kyiv", "Odesa")}, "^truces 2, places: must be a place of the scenario, got 'Odesa'"),
        ({"start": START - pd.Timedelta(days=9), "end": START}, "^truces 2, end: must be after 2026-01-18T22:00"),
        ({"start": "2027-01-25T00:00Z", "end": "2027-01-26T00:00Z"}, "^truces 2, start: must be before the end"),
    ],
)
def test_a_truce_outside_the_scenario_yields_one_fault(changes, rule):
    (fault,) = faults_of(truces=[TRUCE, dataclasses.replace(TRUCE, **changes)])
    assert re.search(rule, fault)


def test_what_may_come_changes_neither_now_nor_what_happened():
    made = scenario(figures=None, new_events=[RATE], truces=[TRUCE])
    assert made.now == ATTACK.end
    assert made.events == (ATTACK,)
    assert made.replace(horizon_h=300).new_events == (RATE,)
    assert made.replace(truces=()).truces == ()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"place": "Kiev"}, r"column place: must be a place of the scenario, got 'Kiev' \(did you mean 'Kyiv'\?\)"),
        ({"value": 56_350}, "column value: must be at most the heat_buildings of 'Kyiv', 12,800, got 56,350"),
        ({"qualifier": "range", "value_high": 13_000}, "at most the heat_buildings of 'Kyiv', 12,800, got 13,000"),
        ({"qualifier": "tens_of_thousands", "value": None}, "at most the heat_buildings of 'Kyiv', 12,800, got 20,000"),
        ({"time": "2026-01-18T09:00+02:00"}, "column time: must lie from the start 2026-01-18T22:00"),
        ({"time": "2026-02-02T09:00+02:00"}, "column time: must lie from the start .* to the end 2026-02-01T22:00"),
        ({"kind": "flow", "period_start": "2026-01-18T00:00+02:00"}, "column period_start: must not lie before"),
        ({"quantity": "power_customers_out", "place": "Kharkiv"}, "column quantity: .* 'Kharkiv' without power_cust"),
        ({"event": "21 January"}, "column event: must be the name of an event .*did you mean '20 January'"),
        (
            {"quantity": "missiles_launched", "value": 40, "event": "20 January"},
            "column value: missiles_launched exact 40 must agree with event '20 January', which has missiles = 34",
        ),
    ],
)
def test_a_figure_that_does_not_fit_yields_one_fault_with_its_id(changes, rule):
    (fault,) = faults_of(figures=[figure(**changes)])
    assert fault.startswith("figure 'a', ")
    assert re.search(rule, fault)


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": "people_killed", "place": "Odesa", "time": "2026-01-18T09:00+02:00"},
        {"quantity": "air_temperature_c", "value": -13, "time": "2026-01-18T09:00+02:00"},
        {"value": 0.46, "unit": "share"},
        {"value": 20_000, "kind": "flow", "period_start": "2026-01-19T09:00+02:00"},
    ],
)
def test_figures_that_need_not_fit_pass(changes):
    assert len(scenario(figures=[figure(**changes)]).figures) == 1


def test_a_count_of_a_parent_is_held_against_the_sum_of_its_parts():
    country = Place("Country", parts=[KYIV, KHARKIV])
    assert len(scenario(places=country, figures=[figure(place="Country", value=20_800)]).figures) == 1
    (fault,) = faults_of(places=country, figures=[figure(place="Country", value=20_801)])
    assert "heat_buildings of 'Country', 20,800, got 20,801" in fault


def test_faults_of_the_table_are_reported_with_those_of_the_scenario():
    faults = faults_of(horizon_h=-3, figures=[figure(value=-5)], events=[dataclasses.replace(ATTACK, places=("Kiev",))])
    assert [fault.split(":")[0] for fault in faults] == ["Scenario.horizon_h", "figures", "event '20 January', places"]
    assert "row 0, column value: must be a whole count of at least 0 and at most 1e+10, got -5" in faults[1]


def test_the_message_counts_the_faults_and_holds_each():
    with pytest.raises(ValueError, match=r"^scenario: 2 faults\nScenario.start: .*\nScenario.horizon_h: "):
        scenario(start="today", horizon_h=0)


def test_what_the_caller_holds_is_not_changed():
    rows = pd.DataFrame([figure()])
    kept = rows.copy()
    scenario(figures=rows)
    pd.testing.assert_frame_equal(rows, kept)


def test_given_weather_is_taken_as_it_is():
    mean, sd = scenario(weather=hourly(Kyiv=-5.0, Kharkiv=-9.0)).air_temperature()
    assert mean.shape == sd.shape == (337, 2)
    assert mean[100].tolist() == [-5.0, -9.0]
    assert not sd.any()


def temperature(place, value, row):
    return figure(id=row, quantity="air_temperature_c", place=place, value=value, time="2026-01-20T06:00+02:00")


def test_a_place_takes_its_own_temperature_then_its_parents_then_any_others():
    country = Place("Country", parts=[KYIV, KHARKIV], timezone="Europe/Kyiv")
    rows = [temperature("Country", -10, "t1"), temperature("Kharkiv", -20, "t2")]
    made = scenario(places=[country, Place("Elsewhere", timezone="Europe/Kyiv")], figures=rows)
    mean, sd = made.air_temperature()
    when = made.times.get_loc(pd.Timestamp("2026-01-20T04:00Z"))
    # 2 is what nothing known gives at six, 100 / 102.25 the weight of one reading, 100 / 101.125 that of two
    own, parents, others = 2 - 22 * 100 / 102.25, 2 - 12 * 100 / 102.25, 2 - 17 * 100 / 101.125
    assert mean[when] == pytest.approx([parents, own, others])
    assert sd[when] == pytest.approx([1.4834, 1.4834, 1.0548 + 3.0], abs=1e-3)


def test_without_any_temperature_the_prior_is_not_widened():
    _, sd = scenario().air_temperature()
    np.testing.assert_array_equal(sd, 10.0)


@pytest.mark.parametrize("weather", [None, hourly(), hourly(Kyiv=-5.0, Kharkiv=-9.25)])
def test_a_scenario_survives_json(weather):
    east = dataclasses.replace(KHARKIV, near_front=True, water_buildings=9_000, heat_needs_water=0.2)
    country = Place("Country", parts=[KYIV, east], timezone="Europe/Kyiv", shared_crews=True)
    rows = [figure(extra="kept", note="a, b"), figure(id="b", qualifier="hundreds", value=None, place="Kharkiv")]
    made = scenario(
        places=country,
        figures=rows,
        weather=weather,
        priors={"night_factor": {"median": 0.4, "spread": 0.5}},
        title="Title",
        name="short",
        step_h=0.25,
        events=[ATTACK, Event(START, kind="storm", places=["Country"])],
        new_events=[RATE, dataclasses.replace(RATE, places=["Kharkiv"], drones=300)],
        truces=[TRUCE],
    )
    again = Scenario.from_dict(json.loads(json.dumps(made.to_dict(), allow_nan=False)))
    for key in ("start", "horizon_h", "places", "step_h", "events", "new_events", "truces", "priors", "name", "title"):
        assert getattr(again, key) == getattr(made, key)
    pd.testing.assert_frame_equal(again.figures, made.figures)
    if weather is not None:
        assert again.weather is not None
        assert type(again.weather) is type(made.weather)
        np.testing.assert_array_equal(again.air_temperature()[0], made.air_temperature()[0])


def test_a_dict_with_a_typo_is_reported():
    data = scenario().to_dict()
    data["horizn_h"] = data.pop("horizon_h")
    with pytest.raises(ScenarioError, match=r"unknown key 'horizn_h' \(did you mean 'horizon_h'\?\)") as error:
        Scenario.from_dict(data)
    assert len(error.value.faults) == 1


def test_an_event_without_a_name_is_shown_by_its_kind_on_the_clocks_of_the_place():
    nameless, named = (Event("2026-01-20T01:00+02:00", kind="grid_failure", name=name) for name in (None, "Ingrid"))
    shown = Scenario(START, 48, KYIV, events=[nameless, named])._repr_html_()
    assert "+00:00" not in shown
    assert "2026-01-20 01:00" in shown
    assert ">grid failure<" in shown
    assert ">Ingrid: grid failure<" in shown
