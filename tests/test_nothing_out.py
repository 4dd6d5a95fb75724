import numpy as np
import pytest

import energy_impact as ei

STOCKS = {"power_customers": 90_000, "heat_buildings": 1_900, "water_buildings": 4_000, "gas_customers": 40_000}
QUANTITIES = {"power_customers_out": 90_000, "heat_buildings_out": 1_900, "water_people_out": 190_000}
QUANTITIES |= {"gas_customers_out": 40_000}
KINDS = {"storm": {"duration_h": 8}, "attack": {}, "heat_accident": {}}
PEAK, NOON = "2026-02-04T06:00+01:00", "2026-02-04T12:00+01:00"
ERROR = 1.13
"""Two standard deviations of the error of any report (3.6 %) and of a source's bias (5 %), as a factor."""


def fit(kind, *told, rng=1):
    city = ei.Place("Northport", timezone="Europe/Oslo", residents=190_000, **STOCKS)
    event = ei.Event("2026-02-03T22:00+01:00", kind=kind, **KINDS[kind])
    columns = ("time", "quantity", "value", "qualifier", "id")
    common = {"place": "Northport", "kind": "stock", "source": "city council"}
    figures = [dict(zip(columns, (*row, str(id)), strict=True)) | common for id, row in enumerate(told)]
    scenario = ei.Scenario("2026-02-03T12:00+01:00", 240, city, events=[event], figures=figures)
    return ei.estimate(scenario, members=512, rng=rng)


def share_above(estimate, quantity, time, share=0.005):
    return float(np.mean(estimate[quantity, "Northport"].at(time) > ERROR * share * QUANTITIES[quantity]))


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("kind", KINDS)
def test_none_is_believed_of_each_system_right_after_each_kind_of_event(kind, quantity):
    """After a storm no prior member in 80,000 has so few without heat or water: all stayed above the bound."""
    estimate = fit(kind, (PEAK, quantity, None, "none"))
    assert share_above(estimate, quantity, PEAK) < 0.05
    assert estimate.status == "fitted"


@pytest.mark.parametrize("rng", [1, 2, 3])
@pytest.mark.parametrize("quantity", ["heat_buildings_out", "water_people_out", "gas_customers_out"])
def test_none_is_believed_while_thousands_are_without_power(quantity, rng):
    """Members above the bound were up to half, all of them at the peak."""
    for time in (PEAK, NOON):
        told = (time, "power_customers_out", 30_000, "about"), (time, quantity, None, "none")
        estimate = fit("storm", *told, rng=rng)
        assert share_above(estimate, quantity, time) < 0.05
        assert np.median(estimate["power_customers_out", "Northport"].at(time)) == pytest.approx(30_000, rel=0.2)
        assert estimate.status == "fitted"


@pytest.mark.parametrize("rng", [1, 2])
def test_none_is_believed_six_hours_after_a_third_was_out(rng):
    """Of power after a storm 94 % of the members stayed above the bound."""
    quantity = "power_customers_out"
    estimate = fit("storm", (PEAK, quantity, 27_000, "about"), (NOON, quantity, None, "none"), rng=rng)
    assert share_above(estimate, quantity, NOON) < 0.05
    assert estimate.status == "fitted"
