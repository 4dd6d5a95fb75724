from __future__ import annotations

import dataclasses
import json
import re

import pandas as pd
import pytest

from energy_impact.scenario.events import ScenarioError
from energy_impact.scenario.outlook import EventRate, Truce, candidate_days

RATE = EventRate(kind="attack", per_week=2.0)
TRUCE = Truce("2026-01-30T00:00+02:00", "2026-02-06T00:00+02:00", claimed_by="president", reduces=1.0, holds=0.5)


def utc(text):
    return pd.Timestamp(text).tz_convert("UTC")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"kind": "atack"}, "^EventRate.kind: 'atack' is not one of .*did you mean 'attack'"),
        ({"per_week": -1}, "^EventRate.per_week: must be at least 0 and at most 168, got -1"),
        ({"per_week": float("nan")}, "^EventRate.per_week: must be at least 0 and at most 168, got nan"),
        ({"per_week": "2"}, "^EventRate.per_week: must be a number, got '2'"),
        ({"start": "2026-01-30"}, "^EventRate.start: needs an hour and a UTC offset"),
        ({"end": "2026-01-30T00:00"}, "^EventRate.end: needs a UTC offset"),
        ({"start": "2026-01-30T00:00Z", "end": "2026-01-30T00:00Z"}, "^EventRate.end: must be after start = 2026"),
        ({"places": []}, "^EventRate.places: must be a non-empty list of names"),
        ({"hour": 24}, "^EventRate.hour: must be at least 0 and below 24, got 24"),
        ({"hour": -1}, "^EventRate.hour: must be at least 0 and below 24, got -1"),
        ({"duration_h": -1}, "^EventRate.duration_h: must be at least 0 and at most 8784, got -1"),
        ({"drones": 2.5}, "^EventRate.drones: must be a whole number of at least 0 and at most 1e.06, got 2.5"),
        (
            {"missiles": 5, "ballistic_missiles": 6},
            "^EventRate.ballistic_missiles: must be at most missiles = 5, got 6",
        ),
    ],
)
def test_a_bad_argument_of_a_rate_is_reported_by_name_rule_and_value(changes, rule):
    with pytest.raises(ScenarioError) as error:
        dataclasses.replace(RATE, **changes)
    (fault,) = error.value.faults
    assert re.search(rule, fault)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"start": None}, "^Truce.start: must not be empty"),
        ({"end": "2026-01-30T00:00+02:00"}, "^Truce.end: must be after start = 2026-01-29T22:00"),
        ({"claimed_by": ""}, "^Truce.claimed_by: must be non-empty text"),
        ({"scope": "power"}, "^Truce.scope: 'power' is not one of energy, all"),
        ({"reduces": 1.5}, "^Truce.reduces: must be at least 0 and at most 1, got 1.5"),
        ({"holds": -0.1}, "^Truce.holds: must be at least 0 and at most 1, got -0.1"),
        ({"holds": float("nan")}, "^Truce.holds: must be at least 0 and at most 1, got nan"),
        ({"places": "Kyiv"}, "^Truce.places: must be a non-empty list of names, got 'Kyiv'"),
    ],
)
def test_a_bad_argument_of_a_truce_is_reported_by_name_rule_and_value(changes, rule):
    with pytest.raises(ScenarioError) as error:
        dataclasses.replace(TRUCE, **changes)
    (fault,) = error.value.faults
    assert re.search(rule, fault)


def test_all_faults_are_reported_at_once():
    with pytest.raises(ScenarioError, match=r"event rate: 3 faults"):
        EventRate(kind="war", per_week=-1, hour=99)
    with pytest.raises(ScenarioError, match=r"truce: 3 faults"):
        Truce("noon", "2026-02-06T00:00Z", claimed_by="x", reduces=2, holds=2)


@pytest.mark.parametrize("made", [RATE, dataclasses.replace(RATE, places=["Kyiv"], end=TRUCE.end, drones=9), TRUCE])
def test_what_may_come_survives_json(made):
    assert type(made)(**json.loads(json.dumps(made.to_dict(), allow_nan=False))) == made


def test_each_local_day_is_a_candidate_and_a_part_of_a_day_counts_in_part():
    start, end = utc("2026-01-24T09:00+02:00"), utc("2026-01-26T06:00+02:00")
    found = candidate_days(RATE, start, end, "Europe/Kyiv")
    assert [day.day for day in found] == ["2026-01-24", "2026-01-25", "2026-01-26"]
    # one o'clock of the 24th has gone: the middle of nine to midnight
    assert [day.time for day in found] == [
        utc("2026-01-24T16:30+02:00"),
        utc("2026-01-25T01:00+02:00"),
        utc("2026-01-26T01:00+02:00"),
    ]
    assert [day.expected for day in found] == pytest.approx([2 / 7 * 15 / 24, 2 / 7, 2 / 7 * 6 / 24])


def test_its_own_window_bounds_a_rate():
    rate = EventRate(kind="storm", per_week=7, start="2026-01-25T00:00+02:00", end="2026-01-26T00:00+02:00", hour=13.5)
    (day,) = candidate_days(rate, utc("2026-01-24T09:00+02:00"), utc("2026-02-26T06:00+02:00"), "Europe/Kyiv")
    assert (day.time, day.expected) == (utc("2026-01-25T13:30+02:00"), 1.0)


@pytest.mark.parametrize("hours", [0, -24])
def test_an_empty_window_has_no_candidate(hours):
    start = utc("2026-01-24T09:00+02:00")
    assert candidate_days(RATE, start, start + pd.Timedelta(hours=hours), "Europe/Kyiv") == []


def test_a_day_of_23_hours_counts_for_23_and_an_hour_that_is_leapt_over_is_the_next():
    start, end = utc("2026-03-28T00:00+02:00"), utc("2026-03-30T00:00+03:00")
    before, short = candidate_days(dataclasses.replace(RATE, hour=3.5), start, end, "Europe/Kyiv")
    assert (before.time, short.time) == (utc("2026-03-28T03:30+02:00"), utc("2026-03-29T04:00+03:00"))
    assert short.expected / before.expected == pytest.approx(23 / 24)
