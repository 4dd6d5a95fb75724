"""Faults that were found in comparable libraries, each as a test of the public functions.

Those of restoration curves (one that stands still in time, repairs that take no time) are in model/test_families.py.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import energy_impact as ei
from energy_impact.quantities import QUANTITIES

START = pd.Timestamp("2026-01-24T00:00Z")
MEMBERS = 256
FROST = pd.Series(-8.0, index=pd.date_range(START, periods=73, freq="h"))
SUMMED = {"customers", "buildings", "households", "people", "regions"}


def at(hours):
    return START + pd.Timedelta(hours=hours)


def event(hours=2.0, *, kind="attack", duration_h=3, **numbers):
    return ei.Event(at(hours), kind=kind, duration_h=duration_h, **numbers)


def city(name="City", **stocks):
    """A town whose buildings would house more people than live there."""
    known = {"power_customers": 90_000, "heat_buildings": 1_000, "water_buildings": 1_200, "residents": 200_000}
    return ei.Place(name, **(known | stocks))


def scenario(*events, places=None, horizon_h=48, **changes):
    return ei.Scenario(START, horizon_h, places or city(), events=events, weather=FROST, **changes)


def prior(scenario, rng=1):
    return ei.simulate(scenario, members=MEMBERS, rng=rng)


@pytest.fixture(scope="module")
def region():
    """A region of two unlike towns after two attacks in frost."""
    towns = [city("A"), city("B", power_customers=(30_000, 50_000), heat_buildings=400, residents=(50_000, 90_000))]
    return prior(scenario(event(), event(20.0, places=["B"]), places=ei.Place("Region", parts=towns)))


# --- an outage asked for shows up, or raises (WNTR ignores it in silence) ---


@pytest.mark.parametrize("kind", ["attack", "storm", "planned_shutoff", "grid_failure"])
def test_an_outage_asked_for_shows_up_in_every_member(kind):
    known = {"severity_power": {"median": 0.4, "spread": 0.01}, "severity_common": {"median": 0.0, "spread": 0.01}}
    curve = prior(scenario(event(kind=kind), priors=known))["power_customers_out", "City"]
    before = curve.at([at(2)])[:, 0]
    after = curve.at([at(3), at(4), at(5)]).max(1)  # what a trip put out may be back before its end
    assert np.all(after > before)
    assert np.median(before) < 0.02 * 90_000
    assert np.median(after) > 0.35 * 90_000


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"places": ["Town"]}, "must be a place of the scenario, got 'Town'"),
        ({"hours": -1.0}, "must lie from the start"),
        ({"hours": 48.0}, "to before the end"),
    ],
)
def test_an_outage_that_cannot_be_placed_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        scenario(event(**wrong))


def test_power_pulls_down_everything_that_depends_on_it_not_the_last_alone():
    """In a branch of CLIMADA only the last dependency propagated."""
    spared = {f"severity_{name}": {"median": 1e-4, "spread": 0.01} for name in ("heat", "water")}
    weak, hard = (
        prior(scenario(event(), priors=spared | {"severity_power": {"median": median, "spread": 0.1}}))
        for median in (1e-4, 0.8)
    )
    for quantity, stock in (("heat_buildings_out", 1_000), ("water_buildings_out", 1_200)):
        added = hard[quantity, "City"].at(at(5)) - weak[quantity, "City"].at(at(5))  # before repair begins
        assert added.min() > 0, quantity
        assert np.median(added) > 0.05 * stock, quantity


# --- unknown is never zero (SIRA makes an exception a recovery time of 0) ---


def test_an_attack_of_unknown_size_is_not_one_of_size_zero():
    key = "power_customers_out", "City"
    unknown, none = (prior(scenario(event(**size)))[key].at(at(5)) for size in ({}, {"missiles": 0, "drones": 0}))
    assert np.median(unknown) > 1.2 * np.median(none)


def test_an_outage_that_outlasts_the_horizon_has_no_recovery_time_rather_than_zero():
    lasting = {name: {"median": 1e6, "spread": 0.1} for name in ("job_h_power", "lost_h_power")}
    lasting["repair_rate_power"] = {"median": 1e-6, "spread": 0.1}
    curve = prior(scenario(event(capability=False), priors=lasting))["power_customers_out", "City"]
    many = curve.draws.max(axis=1) >= 100  # counts of a few scatter below one
    assert many.mean() > 0.9
    assert np.all(np.isinf(curve.time_to_restore(0.9, since=at(5))[many]))


def test_a_stock_that_is_not_known_gives_no_answer_rather_than_zero():
    place = ei.Place("City", power_customers=90_000)
    answer = prior(scenario(event(), places=place))
    assert ("power_customers_out", "City") in answer.available
    with pytest.raises(KeyError, match="heat_buildings_out"):
        answer["heat_buildings_out", "City"]


# --- crews count (SIRA accepts a number of repair streams and does not use it) ---


def test_fewer_crews_are_slower_in_every_member():
    lost = []
    for limit in (3.0, 0.3, 0.03):
        crews = {"crew_limit_power": {"median": limit, "spread": 0.1}}
        lost.append(prior(scenario(event(kind="storm"), priors=crews))["power_customers_out", "City"].hours())
    for more, fewer in pairwise(lost):
        assert np.all(fewer > more)


# --- never more people than live there (pyincore#532), and totals are the sums of their parts ---


def test_never_are_more_people_without_service_than_live_there(region):
    people = [name for name, row in QUANTITIES.items() if row.unit == "people" and not row.cumulative]
    asked = [name for name, place in region.available if name in people and place == "A"]
    assert {"power_people_out", "heat_people_out", "water_people_out"} <= set(asked)
    for quantity in asked:
        assert region[quantity, "A"].draws.max() <= 200_000, quantity
    severe = {"severity_heat": {"median": 0.99, "spread": 0.01}}
    whole = prior(scenario(event(), priors=severe))["heat_people_out", "City"].draws
    assert 190_000 < whole.max() <= 200_000


def test_every_total_is_the_sum_of_its_parts_in_every_member(region):
    asked = [name for name, place in region.available if place == "Region"]
    assert len(asked) >= 10
    for quantity in asked:
        whole, one, two = (region[quantity, place].draws.astype(float) for place in ("Region", "A", "B"))
        if QUANTITIES[quantity].unit in SUMMED:
            np.testing.assert_allclose(whole, one + two, rtol=1e-5, atol=1e-3, err_msg=quantity)
        else:
            assert np.all(whole >= np.minimum(one, two) - 1e-4), quantity
            assert np.all(whole <= np.maximum(one, two) + 1e-4), quantity


# --- the same seed, the same answer (pyincore sets one seed after the first draw) ---


def test_a_seed_acts_before_the_first_draw():
    asked = scenario(event())
    first, other, again = (prior(asked, rng=seed) for seed in (1, 2, 1))
    np.testing.assert_array_equal(again.parameters, first.parameters)
    for key in first.available:
        np.testing.assert_array_equal(again[key].draws, first[key].draws)
    assert np.all((other.parameters != first.parameters).any(axis=1))
