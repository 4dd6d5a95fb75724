"""
The demo: what was reported of Kyiv and Chernihiv after noon of 24 January 2026, and what nobody reported.

Power on 27 and 28 January, hours off a day and Chernihiv are checks on events that priors were chosen on
(severity_short, capability_lost_short, capability_lost_place, capability_repair_rate, at_all_share): no forecast is
tested by them.
"""

from __future__ import annotations

import numpy as np
import pytest

import energy_impact as ei
from energy_impact._data import seeds_folder
from energy_impact.figures.table import read_figures

LATER = ("kyiv-power-out-evening-2026-01-24", "kyiv-power-out-2026-01-27", "kyiv-power-out-2026-01-28")
HOURS_OFF = (10.0, 20.0)
"""Hours without power on a day of late January 2026, as schedules and reports of Kyiv had them. [h]"""
NOBODY = 0.005
"""Share of the stock below which all is called restored (figures/qualifiers.py). [share]"""


@pytest.fixture(scope="module")
def demo() -> ei.Estimate:
    return ei.estimate(ei.load_scenario("kyiv-2026-01-24"), rng=1)


@pytest.fixture(scope="module")
def figures():
    return read_figures(seeds_folder() / "figures.csv").set_index("id")


def band(estimate, quantity, place, time):
    """The 90 % band of a quantity at a time."""
    return np.quantile(estimate[quantity, place].at(time), [0.05, 0.95])


@pytest.mark.parametrize("name", LATER)
def test_the_bands_hold_how_many_had_no_power_on_the_evenings_after(name, demo, figures):
    figure = figures.loc[name]
    assert name not in set(demo.scenario.figures["id"])
    low, high = band(demo, "power_customers_out", "Kyiv", figure["time"])
    assert low <= figure["value"] <= high


def test_most_are_cut_off_for_lack_of_supply_and_not_by_damage(demo, figures):
    figure = figures.loc["kyiv-power-out-by-damage-2026-01-24"]
    low, high = band(demo, "power_customers_out_by_damage", "Kyiv", figure["time"])
    assert low <= figure["value"] <= high
    cuts = demo["power_customers_out_by_cuts", "Kyiv"].at(figure["time"])
    assert np.median(cuts) > 400_000


@pytest.mark.parametrize("day", ["2026-01-24", "2026-01-28"])
def test_kyiv_is_without_power_for_about_half_of_the_day(day, demo):
    low, high = band(demo, "hours_off_per_day", "Kyiv", f"{day}T20:00+02:00")
    assert low < HOURS_OFF[1]
    assert high > HOURS_OFF[0]
    assert np.median(demo["hours_off_per_day", "Kyiv"].at(f"{day}T20:00+02:00")) > 6


def test_the_band_of_water_in_kyiv_reaches_down_to_all_restored_on_the_evening_of_the_attack(demo, figures):
    figure = figures.loc["kyiv-water-out-evening-2026-01-24"]
    assert figure["qualifier"] == "none"
    low, _ = band(demo, "water_buildings_out", "Kyiv", figure["time"])
    stock = demo.scenario.place("Kyiv").stock_range("water_buildings")
    assert low <= NOBODY * np.sqrt(stock[0] * stock[1])


def test_a_place_that_the_attack_only_names_gets_no_full_guess_of_heat_and_water(demo):
    for quantity, stock in (("heat_buildings_out", "heat_buildings"), ("water_buildings_out", "water_buildings")):
        low, high = demo.scenario.place("Chernihiv").stock_range(stock)
        out = demo[quantity, "Chernihiv"].at("2026-01-24T10:00+02:00") / np.sqrt(low * high)
        assert np.mean(out < 0.1) > 0.6
        assert np.quantile(out, 0.95) > 0.1
        assert demo.summary().set_index(["place", "quantity"]).loc[("Chernihiv", quantity), "basis"] == "model"


def test_heat_and_water_of_chernihiv_run_when_figures_say_so(demo, figures):
    told = figures.loc[[f"chernihiv-{name}-out-2026-01-24" for name in ("power", "heat", "water")]].reset_index()
    known = demo.scenario.figures
    scenario = demo.scenario.replace(figures=[*known.to_dict("records"), *told.to_dict("records")])
    estimate = ei.estimate(scenario, rng=1)
    assert estimate.status == "fitted"
    for quantity, stock in (("heat_buildings_out", "heat_buildings"), ("water_buildings_out", "water_buildings")):
        low, high = scenario.place("Chernihiv").stock_range(stock)
        out = estimate[quantity, "Chernihiv"].at("2026-01-24T10:00+02:00") / np.sqrt(low * high)
        assert np.median(out) < 2 * NOBODY
        assert np.quantile(out, 0.9) < 0.05
    assert np.median(estimate["power_customers_out", "Chernihiv"].at("2026-01-24T10:00+02:00")) > 250_000


def test_nothing_that_nobody_reported_stands_in_headline_or_picture(demo):
    shown = [text.get_text() for ax in demo.plot().axes for text in (ax.title, ax.yaxis.label)]
    assert not any("water" in text.lower() or "Chernihiv" in text for text in shown)
    headline = str(demo).splitlines()[0] + demo.status_text
    assert "water" not in headline
    assert "Chernihiv" not in headline
