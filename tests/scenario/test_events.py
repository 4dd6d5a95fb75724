from __future__ import annotations

import dataclasses
import json
import re
from datetime import UTC, datetime

import pandas as pd
import pytest

from energy_impact.event_kinds import EVENT_KINDS
from energy_impact.figures.table import check_figures
from energy_impact.places import Place
from energy_impact.scenario import Scenario
from energy_impact.scenario.events import Event, ScenarioError, fill_numbers

NIGHT = Event("2026-01-24T01:00+02:00", kind="attack", name="24 January", duration_h=6, missiles=21, drones=375)
UNKNOWN = dataclasses.replace(NIGHT, missiles=None, drones=None)


def row_of(quantity, value=None, qualifier="exact", value_high=None, row="n1", event="24 January"):
    return {
        "id": row,
        "time": "2026-01-24T09:00+02:00",
        "place": "Kyiv",
        "quantity": quantity,
        "value": value,
        "value_high": value_high,
        "qualifier": qualifier,
        "kind": "stock",
        "source": "x",
        "event": event,
    }


def fill(event, *rows):
    (filled,), faults = fill_numbers([event], check_figures(list(rows)).records)
    return filled, faults


def test_time_is_kept_in_utc_whatever_it_is_given_as():
    start = pd.Timestamp("2026-01-23T23:00Z")
    assert NIGHT.time == start
    assert Event(datetime(2026, 1, 23, 23, tzinfo=UTC), kind="storm").time == start
    assert NIGHT.end == pd.Timestamp("2026-01-24T05:00Z")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"time": "2026-01-24"}, "Event.time: needs an hour and a UTC offset"),
        ({"time": "2026-01-24T01:00"}, "Event.time: needs a UTC offset"),
        ({"time": None}, "Event.time: must not be empty"),
        ({"time": 5}, "Event.time: must be a time"),
        ({"kind": "atack"}, "Event.kind: 'atack' is not one of .*did you mean 'attack'"),
        ({"name": " "}, "Event.name: must be non-empty text"),
        ({"places": "Kyiv"}, "Event.places: must be a non-empty list of names, got 'Kyiv'"),
        ({"places": []}, "Event.places: must be a non-empty list of names"),
        ({"places": ["Kyiv", "Kyiv"]}, "Event.places: names must be unique"),
        ({"duration_h": -1}, "Event.duration_h: must be at least 0 and at most 8784, got -1"),
        ({"duration_h": 1e9}, "Event.duration_h: must be at least 0 and at most 8784, got 1000000000.0"),
        ({"duration_h": "6"}, "Event.duration_h: must be a number, got '6'"),
        ({"missiles": 2.5}, "Event.missiles: must be a whole number of at least 0 and at most 1e.06, got 2.5"),
        ({"missiles": -1}, "Event.missiles: must be a whole number of at least 0 and at most 1e.06, got -1"),
        ({"missiles_intercepted": 22}, "Event.missiles_intercepted: must be at most missiles = 21, got 22"),
        ({"ballistic_missiles": 22}, "Event.ballistic_missiles: must be at most missiles = 21, got 22"),
        (
            {"ballistic_missiles": -1},
            "Event.ballistic_missiles: must be a whole number of at least 0 and at most 1e.06, got -1",
        ),
        ({"spares_late_h": -1}, "Event.spares_late_h: must be at least 0 and at most 8784, got -1"),
    ],
)
def test_a_bad_argument_is_reported_by_name_rule_and_value(changes, rule):
    with pytest.raises(ScenarioError, match=rule) as error:
        dataclasses.replace(NIGHT, **changes)
    assert len(error.value.faults) == 1


def test_all_faults_of_an_event_are_reported_at_once():
    with pytest.raises(ScenarioError, match=r"event: 3 faults") as error:
        Event("noon", kind="war", drones=-1)
    assert [fault.split(":")[0] for fault in error.value.faults] == ["Event.time", "Event.kind", "Event.drones"]


@pytest.mark.parametrize(
    "row",
    [
        row_of("missiles_launched", 21),
        row_of("drones_launched", 380, "about"),
        row_of("drones_launched", 300, "over"),
        row_of("drones_launched", 375, "at_least"),
        row_of("drones_launched", 400, "up_to"),
        row_of("drones_launched", 370, "range", 380),
        row_of("drones_launched", qualifier="hundreds"),
        row_of("munitions_launched", 396),
        row_of("munitions_launched", 400),
        row_of("drones_launched", 9, event=None),
    ],
)
def test_figures_that_agree_leave_an_event_as_it_is(row):
    assert fill(NIGHT, row) == (NIGHT, [])


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (row_of("missiles_launched", 34), "missiles_launched exact 34 must agree .* has missiles = 21"),
        (row_of("drones_launched", 340, "about"), "drones_launched about 340 must agree .* has drones = 375"),
        (row_of("drones_launched", 376, "at_least"), "has drones = 375"),
        (row_of("drones_launched", 376, "over"), "has drones = 375"),
        (row_of("drones_launched", 370, "up_to"), "has drones = 375"),
        (row_of("drones_launched", 370, "almost"), "has drones = 375"),
        (row_of("drones_launched", 370, "under"), "has drones = 375"),
        (row_of("drones_launched", 380, "range", 390), "range 380 to 390 must agree"),
        (row_of("drones_launched", qualifier="dozens"), "dozens must agree"),
        (row_of("munitions_launched", 401), "has missiles and drones = 396"),
        (row_of("missiles_intercepted", 22), "has missiles_intercepted = at most 21"),
    ],
)
def test_a_figure_that_disagrees_is_reported_with_both_numbers(row, rule):
    filled, (fault,) = fill(NIGHT, row)
    assert filled == NIGHT
    assert fault.startswith("figure 'n1', column value: ")
    assert "event '24 January'" in fault
    assert re.search(rule, fault)


def test_more_missiles_than_munitions_disagree_though_drones_are_unknown():
    _, (fault,) = fill(dataclasses.replace(NIGHT, drones=None), row_of("munitions_launched", 19))
    assert "has missiles and drones = at least 21" in fault


def test_an_exact_figure_fills_in_an_unknown_number():
    filled, faults = fill(
        UNKNOWN,
        row_of("missiles_launched", 21),
        row_of("drones_intercepted", 350, row="n2"),
        row_of("drones_launched", 370, "about", row="n3"),
    )
    assert not faults
    assert filled == dataclasses.replace(UNKNOWN, missiles=21, drones_intercepted=350)


@pytest.mark.parametrize(
    "rows",
    [
        [row_of("missiles_launched", 21), row_of("missiles_launched", 34, row="n2")],
        [row_of("missiles_launched", 21), row_of("missiles_launched", 30, "at_least", row="n2")],
        [row_of("missiles_launched", 21), row_of("munitions_launched", 19, row="n2")],
    ],
)
def test_figures_in_conflict_fill_in_nothing_and_are_no_fault(rows):
    assert fill(UNKNOWN, *rows) == (UNKNOWN, [])


def test_more_intercepted_than_launched_among_figures_never_fills_in_both():
    filled, faults = fill(UNKNOWN, row_of("missiles_launched", 21), row_of("missiles_intercepted", 30, row="n2"))
    assert not faults
    assert filled.missiles is None or filled.missiles_intercepted is None


@pytest.mark.parametrize(
    ("duration", "kept", "length", "hours_to_end"),
    [
        (6, 6.0, (6.0, 6.0), 6),
        ((2, 8), (2.0, 8.0), (2.0, 8.0), 5),
        ([2, 8], (2.0, 8.0), (2.0, 8.0), 5),
        ((0, 4.5), (0.0, 4.5), (0.0, 4.5), 2.25),
        ("unknown", None, (0.0, 6.0), 3),
        (None, None, (0.0, 6.0), 3),
    ],
)
def test_a_length_is_a_number_a_range_or_what_is_usual(duration, kept, length, hours_to_end):
    event = Event("2026-01-24T01:00Z", kind="attack", duration_h=duration)
    assert event.duration_h == kept
    assert event.length_h == length
    assert event.end == event.time + pd.Timedelta(hours=hours_to_end)


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_an_unknown_length_is_what_is_usual_for_the_kind(kind):
    shortest, longest = Event("2026-01-24T01:00Z", kind=kind, duration_h="unknown").length_h
    assert (shortest, longest) == EVENT_KINDS[kind].usual_h
    assert 0 <= shortest < longest


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"duration_h": (8, 2)}, r"Event.duration_h: low must be below high, got \(8, 2\)"),
        ({"duration_h": (2, 2)}, "Event.duration_h: low must be below high"),
        ({"duration_h": (1, 2, 3)}, "Event.duration_h: must be a number or a range"),
        ({"duration_h": []}, "Event.duration_h: must be a number or a range"),
        ({"duration_h": (-1, 2)}, "Event.duration_h: must be at least 0 and at most 8784, got -1"),
        ({"duration_h": (1, float("nan"))}, "Event.duration_h: must be .*, got nan"),
        ({"duration_h": (1, 9000)}, "Event.duration_h: must be at least 0 and at most 8784, got 9000"),
        ({"duration_h": ("1", 2)}, "Event.duration_h: must be a number, got '1'"),
        ({"duration_h": "not known"}, "Event.duration_h: must be a number, got 'not known'"),
        ({"systems": "heat"}, "Event.systems: must be a non-empty list of names, got 'heat'"),
        ({"systems": []}, "Event.systems: must be a non-empty list of names"),
        ({"systems": ["heet"]}, "Event.systems: 'heet' is not one of power, heat, water, gas .*did you mean 'heat'"),
        ({"systems": ["heat", "heat"]}, "Event.systems: names must be unique"),
    ],
)
def test_a_bad_length_or_system_is_reported_by_name_rule_and_value(changes, rule):
    with pytest.raises(ScenarioError, match=rule) as error:
        dataclasses.replace(NIGHT, **changes)
    assert len(error.value.faults) == 1


@pytest.mark.parametrize("duration", [0, 6.5, (2, 8), "unknown"])
@pytest.mark.parametrize("systems", [None, ("heat",), ("water", "power")])
def test_an_event_comes_back_from_what_json_holds_of_it(duration, systems):
    event = Event("2026-01-24T01:00Z", kind="heat_accident", duration_h=duration, systems=systems, places=["Kyiv"])
    assert Event(**json.loads(json.dumps(event.to_dict()))) == event


def test_a_scenario_with_uncertain_lengths_systems_and_loadings_comes_back_from_its_table():
    events = [NIGHT, dataclasses.replace(UNKNOWN, name=None, duration_h=(2, 8), systems=("heat",))]
    events.append(Event("2026-01-25T01:00Z", kind="local_fault", duration_h="unknown"))
    priors = {
        "job_h_heat": {"median": 9.0, "spread": 0.5, "loading": -0.4},
        "night_factor": {"median": 0.5, "spread": 0.1},
    }
    city = Place("Kyiv", heat_buildings=100)
    scenario = Scenario("2026-01-24T00:00+02:00", 72, city, events=events, priors=priors)
    again = Scenario.from_dict(json.loads(json.dumps(scenario.to_dict())))
    assert again.events == scenario.events
    assert again.priors == scenario.priors
    assert scenario.priors["job_h_heat"]["loading"] == -0.4
    assert scenario.priors["night_factor"]["loading"] == 0
