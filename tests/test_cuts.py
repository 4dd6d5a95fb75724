"""Figures of cuts for lack of supply, and what the fit makes of them."""

from __future__ import annotations

import numpy as np
import pytest

import energy_impact as ei
from energy_impact.prepare import prepare

CITY = ei.Place("City", timezone="Europe/Kyiv", power_customers=(450_000, 550_000), water_buildings=4000)
ATTACK = ei.Event("2026-01-24T01:00Z", kind="attack", duration_h=4)
SCHEDULE_H = 24 * 8 / (4 + 8)
"""Hours off in a day of four hours on, eight off. [h]"""


def figure(quantity, value, time="2026-01-25T18:00Z", **more):
    row = {"place": "City", "kind": "stock", "source": "utility", "qualifier": "about", "time": time}
    return row | {"id": quantity + time, "quantity": quantity, "value": value} | more


def fit(*figures, events=(ATTACK,), members=512):
    cold = figure("air_temperature_c", -8, "2026-01-24T06:00Z")
    scenario = ei.Scenario("2026-01-23T00:00Z", 240, CITY, events=events, figures=[cold, *figures])
    return ei.estimate(scenario, members=members, rng=1)


def at(estimate, quantity, time="2026-01-25T18:00Z"):
    """The 5, 50 and 95 % quantiles."""
    return np.quantile(estimate[quantity, "City"].at(time), [0.05, 0.5, 0.95])


def test_a_schedule_is_fitted_and_goes_on_for_days():
    estimate = fit(figure("hours_off_per_day", SCHEDULE_H))
    assert SCHEDULE_H == 16
    low, median, high = at(estimate, "hours_off_per_day")
    assert median == pytest.approx(SCHEDULE_H, rel=0.15)
    assert high - low < 6
    assert at(estimate, "hours_off_per_day", "2026-01-30T18:00Z")[1] > 0.5 * SCHEDULE_H


def test_a_share_of_demand_cut_is_fitted():
    estimate = fit(figure("power_share_shed", 0.5, unit="share"))
    assert at(estimate, "power_share_shed")[1] == pytest.approx(0.5, abs=0.08)
    assert at(estimate, "hours_off_per_day")[1] > 6


def test_cuts_are_fitted_without_any_event():
    estimate = fit(figure("hours_off_per_day", 8), events=())
    assert at(estimate, "hours_off_per_day")[1] == pytest.approx(8, rel=0.15)


def test_damage_and_cuts_told_apart_are_fitted_apart():
    out, damage = 260_000, 60_000
    early = "2026-01-24T08:00Z"
    told = figure("power_customers_out", out, early), figure("power_customers_out_by_damage", damage, early)
    estimate = fit(*told)
    assert estimate.status == "fitted"
    assert at(estimate, "power_customers_out", early)[1] == pytest.approx(out, rel=0.2)
    assert at(estimate, "power_customers_out_by_damage", early)[1] == pytest.approx(damage, rel=0.4)
    later = at(estimate, "power_customers_out_by_cuts", "2026-01-27T18:00Z")
    assert later[1] > 5 * at(estimate, "power_customers_out_by_damage", "2026-01-27T18:00Z")[1]


@pytest.mark.parametrize(
    ("totals", "short"),
    [
        ([], False),
        ([{"value": 260_000}], True),
        ([{"value": 260_000, "qualifier": "at_least"}], True),
        ([{"value": 62_000}], False),
        ([{"value": 260_000, "qualifier": "up_to"}], False),
        ([{"value": 260_000, "time": "2026-01-25T08:00Z"}], False),
    ],
    ids=["alone", "larger", "at least", "about as many", "up to", "another day"],
)
@pytest.mark.parametrize("kind", ["attack", "storm"])
def test_damage_alone_calls_the_grid_short_only_beside_a_larger_total(totals, short, kind):
    early = "2026-01-24T08:00Z"
    told = [figure("power_customers_out", **{"value": None, "time": early} | total) for total in totals]
    told.append(figure("power_customers_out_by_damage", 60_000, early))
    event = ei.Event("2026-01-24T01:00Z", kind=kind)
    made = prepare(ei.Scenario("2026-01-23T00:00Z", 240, CITY, events=[event], figures=told))
    assert made.plan.short.tolist() == [short]
    assert not made.unused


def test_without_a_report_of_cuts_an_attack_brings_few():
    """With 512 members the upper end is 2.5 to 5.1 h, by the seed."""
    estimate = fit(figure("power_customers_out", 100_000, "2026-01-24T08:00Z"), members=4096)
    low, median, high = at(estimate, "hours_off_per_day")
    assert median == low == 0
    assert high < 4


@pytest.mark.parametrize(
    ("quantity", "customers"), [("hours_off_per_day", (450_000, 550_000)), ("power_customers_out", 1)]
)
def test_nobody_is_inside_where_the_curve_is_at_none(quantity, customers):
    place = ei.Place("City", power_customers=customers)
    told = [figure(quantity, None, "2026-02-01T18:00Z", qualifier="none")]
    scenario = ei.Scenario("2026-01-23T00:00Z", 240, place, events=[ATTACK], figures=told)
    checked = ei.estimate(scenario, members=256, rng=1).figures_check().iloc[0]
    assert (checked["predicted_low"], checked["inside"]) == (0, True)


def test_a_local_fault_brings_no_cuts_by_turns():
    fault = ei.Event("2026-01-24T01:00Z", kind="local_fault")
    estimate = fit(figure("power_customers_out", 100_000, "2026-01-24T08:00Z"), events=(fault,))
    assert ("hours_off_per_day", "City") not in estimate.available
    night, evening = (at(estimate, "power_customers_out", f"2026-01-30T{hour}:00Z")[1] for hour in ("03", "18"))
    assert evening <= night
