from __future__ import annotations

import pytest

import energy_impact as ei

CITY = ei.Place("City", timezone="Europe/Kyiv", power_customers=500_000, heat_buildings=4000)
COUNT = {
    "id": "count",
    "time": "2026-01-24T09:00Z",
    "place": "City",
    "quantity": "power_customers_out",
    "value": 200_000,
    "qualifier": "about",
    "kind": "stock",
    "source": "utility",
}


def bases(*figures):
    """What each quantity of the city rests on."""
    attack = [ei.Event("2026-01-24T01:00Z", kind="attack", duration_h=4)]
    scenario = ei.Scenario("2026-01-24T00:00Z", 72, CITY, events=attack, figures=[COUNT, *figures])
    return ei.estimate(scenario, members=64, rng=1).summary().set_index("quantity")["basis"]


def test_a_count_of_all_without_power_does_not_say_how_many_are_cut_off():
    found = bases()
    assert found["power_customers_out"] == "figure"
    assert found["power_customers_out_by_cuts"] == found["power_customers_out_by_damage"] == "model"
    assert found["hours_off_per_day"] == "model"


@pytest.mark.parametrize(
    "cuts",
    [{"quantity": "power_customers_out_by_damage", "value": 50_000}, {"quantity": "hours_off_per_day", "value": 8}],
)
def test_a_figure_that_tells_cuts_from_damage_does(cuts):
    found = bases(COUNT | {"id": "cuts"} | cuts)
    assert found["power_customers_out_by_cuts"] == found["power_customers_out_by_damage"] == "figure"
    assert found["heat_buildings_out"] == "model"
