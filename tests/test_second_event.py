"""A second event on systems that are still out: it never leaves fewer out, in any member at any time."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import energy_impact as ei

HOUR = pd.Timedelta(hours=1)
START = pd.Timestamp("2026-01-19T00:00Z")
ROUNDING = 1e-6
"""Of float32, in shares of the stock."""
MIXING = 2e-3
"""What heat that comes and goes may change, as full and drained circuits get it in proportion. [share of the stock]"""
HOMES_MIXING = 5e-2
"""The same for homes: returning heat reaches those that lost it early and late in proportion. [share of residents]"""
PICKUP = 3e-2
"""Where supply is short: customers who come back later ask for more at a later hour. [share of the stock]"""
STOCKS = {
    "power_customers_out": 1e5,
    "heat_buildings_out": 1800,
    "water_buildings_out": 1800,
    "people_below_16c": 2.4e5,
}

FIRST = {
    "storm": ei.Event(START + 6 * HOUR, kind="storm", duration_h=4),
    "attack": ei.Event(START + 6 * HOUR, kind="attack", duration_h=3),
    "accident": ei.Event(START + 6 * HOUR, kind="heat_accident"),
    "grid": ei.Event(START + 6 * HOUR, kind="grid_failure"),
}
SECOND = {
    "attack": ei.Event(START + 20 * HOUR, kind="attack", duration_h=2, name="second"),
    "storm": ei.Event(START + 20 * HOUR, kind="storm", duration_h=6, name="second"),
    "fault": ei.Event(START + 20 * HOUR, kind="local_fault", name="second"),
    "accident": ei.Event(START + 20 * HOUR, kind="heat_accident", name="second"),
}
PAIRS = [
    ("storm", "attack"),
    ("attack", "attack"),
    ("attack", "storm"),
    ("accident", "attack"),
    ("grid", "fault"),
    ("attack", "accident"),
]


def city(events, degrees, **changes):
    common = {"power_customers": 50_000, "heat_buildings": 900, "water_buildings": 900, "residents": 120_000}
    frost = {
        "id": "frost",
        "time": START + 12 * HOUR,
        "place": "City",
        "quantity": "air_temperature_c",
        "value": degrees,
        "qualifier": "about",
        "kind": "stock",
        "source": "service",
    }
    parts = [ei.Place("West", **common), ei.Place("East", **common)]
    return ei.Scenario(START, 96, ei.Place("City", parts=parts), events=events, figures=[frost], **changes)


def fewer(run, event):
    """By how much fewer are out with one more event, at most, by quantity, in shares of the stock."""
    changed = run.what_if(event=event, since=event.time)
    return {
        name: float((run[name, "City"].draws - changed[name, "City"].draws).max()) / stock
        for name, stock in STOCKS.items()
    }


@pytest.mark.parametrize("may_come", [False, True])
@pytest.mark.parametrize("degrees", [5, -12])
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_an_added_event_never_leaves_fewer_out(first, second, degrees, may_come):
    """Also where storms may come that hit what both had hit."""
    rates = [ei.EventRate(kind="storm", per_week=7, hour=3)] if may_come else []
    events = [replace(FIRST[first], capability=False)]
    run = ei.simulate(city(events, degrees, new_events=rates), members=128, rng=5)
    found = fewer(run, replace(SECOND[second], capability=False))
    assert found["power_customers_out"] < ROUNDING
    assert found["water_buildings_out"] < ROUNDING
    assert found["heat_buildings_out"] < (ROUNDING if degrees > 0 else MIXING)
    assert found["people_below_16c"] < HOMES_MIXING


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_where_supply_is_short_pickup_alone_is_between_it_and_that(first, second):
    found = fewer(ei.simulate(city([FIRST[first]], 5), members=128, rng=5), SECOND[second])
    assert max(found.values()) < PICKUP


def test_the_old_pace_holds_in_places_that_another_event_had_hit():
    """After a storm in the west and an attack in the east each place keeps its own, whatever hits both."""
    attack = replace(SECOND["attack"], capability=False)
    before = replace(attack, time=START + 9 * HOUR, name="east", places=("East",))
    run = ei.simulate(city([replace(FIRST["storm"], places=("West",)), before], 5), members=128, rng=5)
    assert fewer(run, attack)["power_customers_out"] < ROUNDING


def test_an_event_between_two_others_is_no_protection():
    """Who waits for a short repair when the longer one breaks too waits for that."""
    given = [FIRST["storm"], ei.Event(START + 30 * HOUR, kind="storm", duration_h=5, name="later")]
    run = ei.simulate(city(given, 5), members=128, rng=5)
    assert fewer(run, replace(SECOND["attack"], capability=False))["power_customers_out"] < ROUNDING
