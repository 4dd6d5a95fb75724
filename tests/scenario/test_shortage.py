from __future__ import annotations

import dataclasses
import json
import re

import pytest

from energy_impact import Place, Scenario
from energy_impact.scenario import ScenarioError, Shortage

COAL = Shortage("power", 0.2, start="2026-01-26T00:00+02:00", places=["Kyiv"], reason="coal")
KYIV = Place("Kyiv", power_customers=1e6)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"system": "coal"}, "^Shortage.system: 'coal' is not one of power, heat, water, gas"),
        ({"share": 1.2}, "^Shortage.share: must be at least 0 and at most 1, got 1.2"),
        ({"share": float("nan")}, "^Shortage.share: must be at least 0 and at most 1, got nan"),
        ({"start": "2026-01-26"}, "^Shortage.start: needs an hour and a UTC offset"),
        ({"end": "2026-01-25T22:00Z"}, "^Shortage.end: must be after start = 2026-01-25T22:00"),
        ({"places": []}, "^Shortage.places: must be a non-empty list of names"),
        ({"reason": 3}, "^Shortage.reason: must be text"),
    ],
)
def test_a_bad_argument_is_reported_by_name_rule_and_value(changes, rule):
    with pytest.raises(ScenarioError) as error:
        dataclasses.replace(COAL, **changes)
    (fault,) = error.value.faults
    assert re.search(rule, fault)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"places": ("Kiev",)}, r"^shortages 1, places: must be a place .*'Kiev' \(did you mean 'Kyiv'\?\)"),
        ({"start": "2026-02-02T00:00Z"}, "^shortages 1, start: must be before the end 2026-01-27T00:00"),
        ({"start": None, "end": "2026-01-24T00:00Z"}, "^shortages 1, end: must be after 2026-01-25T00:00"),
        (
            {"system": "gas"},
            "^shortages 1, system: must be a system of the places, got 'gas' without gas_customers or gas_heated",
        ),
    ],
)
def test_a_shortage_that_does_not_fit_its_scenario_yields_one_fault(changes, rule):
    with pytest.raises(ScenarioError) as error:
        Scenario("2026-01-25T00:00Z", 48, KYIV, shortages=[dataclasses.replace(COAL, **changes)])
    (fault,) = error.value.faults
    assert re.search(rule, fault)


def test_a_shortage_survives_json_in_its_scenario():
    made = Scenario("2026-01-25T00:00Z", 48, KYIV, shortages=[COAL, Shortage("power", 0.1)])
    again = Scenario.from_dict(json.loads(json.dumps(made.to_dict(), allow_nan=False)))
    assert again.shortages == made.shortages == (COAL, Shortage("power", 0.1))
