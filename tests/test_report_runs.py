"""Runs for the figures alone: the same numbers as runs of all steps, places and systems."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

import energy_impact as ei
from energy_impact import ensemble_runs
from energy_impact.inference import observation
from energy_impact.model import people
from energy_impact.model.blocks import draw_normal
from energy_impact.model.cells import EVERYWHERE, NOWHERE
from energy_impact.model.counting import counted
from energy_impact.model.simulate import simulate
from energy_impact.prepare import prepare
from energy_impact.report_runs import needs_of, predict

OUT, HEAT, WATER = "power_customers_out", "heat_buildings_out", "water_buildings_out"


def land(figures, *, shared_crews=False, shortages=(), changes=(), **needs):
    """Return a scenario of four cities and two attacks, with figures (quantity, place, time, value, fields)."""
    names = "ABCD"
    cities = [
        ei.Place(
            name,
            timezone="Europe/Kyiv",
            power_customers=1e5,
            heat_buildings=900,
            water_buildings=900,
            residents=2e5,
            **needs,
        )
        for name in names
    ]
    rows = [
        {"id": f"f{number}", "quantity": quantity, "place": place, "time": f"2026-01-{time}+02:00", "value": value}
        | {"qualifier": "about", "kind": "stock", "source": "made up"}
        | more
        for number, (quantity, place, time, value, more) in enumerate(figures)
    ]
    attacks = [
        ei.Event(f"2026-01-{day}T02:00+02:00", kind="attack", duration_h=5, places=list(places))
        for day, places in ((11, "AB"), (13, "BC"))
    ]
    whole = ei.Place("Land", timezone="Europe/Kyiv", parts=cities, shared_crews=shared_crews)
    more = {"shortages": shortages, "changes": changes}
    return ei.Scenario("2026-01-10T00:00+02:00", 240, whole, events=attacks, figures=rows, **more)


def whole_runs(prepared, normal):
    """Return the predicted reports from states of all places and all steps so far, as modelled and as counted."""
    plan = prepared.plan
    steps = np.arange(max(report.moment.steps(plan.steps)[-1] for report in prepared.reports) + 1)
    values = prepared.layout.values(normal)
    keep = {state for report in prepared.reports for state in people.states_of(report.quantity, plan.systems)}
    modelled = simulate(plan, values, record=steps, keep=keep)
    found = []
    for states in (modelled, counted(plan, values, modelled, steps)):
        for index, report in enumerate(prepared.reports):
            series = people.count(report.quantity, states, values, report.places)
            if report.share_of is not None:
                series = series / people.whole(report.quantity, values, report.places) * np.float32(report.share_of)
            quantile = np.asarray(ndtr(values["report_time"][index]), np.float32)
            value = observation.read_at(series, steps, report.moment, quantile)
            found.append(report.scaled(value, values["source_bias"][report.source]))
    return np.reshape(found, (2, len(prepared.reports), -1))


PEAK = {"kind": "maximum", "period_start": "2026-01-13T02:00+02:00"}
FIGURES = {
    "power of the land and of a city, heat of another": [
        (OUT, "Land", "11T09:00", 60_000, {}),
        (HEAT, "B", "13T10:00", 300, {"time_uncertainty_h": 2}),
        (OUT, "C", "14T10:00", 9_000, PEAK),
    ],
    "heat and water of cities that do not follow each other": [
        (WATER, "A", "12T09:00", 60, {}),
        (HEAT, "C", "15T09:00", 60, {}),
    ],
    "one figure of power": [(OUT, "D", "11T09:00", 600, {})],
    "figures of the start alone": [(OUT, "A", "10T00:00", 600, {}), (HEAT, "C", "10T00:00", 30, {})],
}


@pytest.mark.parametrize("figures", FIGURES.values(), ids=FIGURES)
def test_predicted_reports_are_those_of_whole_runs(figures):
    prepared = prepare(land(figures))
    normal = draw_normal(prepared.layout, 64, np.random.default_rng(1))
    assert len(prepared.reports) == len(figures)
    np.testing.assert_array_equal(predict(prepared, normal), whole_runs(prepared, normal))


CHANGES = {"crews": {"crews": 8}, "generators": {"generators": 0.4, "places": ["A"]}}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_predicted_reports_after_a_change_are_those_of_whole_runs(change):
    """More crews bring jobs forward from beyond the last figure; later hits must have reached them."""
    changes = [ei.WhatIf("change", since="2026-01-13T12:00+02:00", **change)]
    prepared = prepare(land([(OUT, "B", "14T20:00", 30_000, {}), (HEAT, "B", "14T20:00", 300, {})], changes=changes))
    normal = draw_normal(prepared.layout, 256, np.random.default_rng(1))
    np.testing.assert_array_equal(predict(prepared, normal), whole_runs(prepared, normal))


def test_predicted_reports_where_supply_is_missing_are_those_of_whole_runs():
    shortages = [ei.Shortage("heat", 0.3, places=["B"]), ei.Shortage("power", 0.2, places=["C"])]
    prepared = prepare(land([(HEAT, "B", "12T09:00", 300, {}), (OUT, "C", "12T09:00", 9_000, {})], shortages=shortages))
    normal = draw_normal(prepared.layout, 64, np.random.default_rng(1))
    np.testing.assert_array_equal(predict(prepared, normal), whole_runs(prepared, normal))


@pytest.mark.parametrize("boilers", [0, 100])
def test_cold_homes_are_those_of_whole_runs_but_for_the_rounding_of_products(boilers):
    figures = [("people_below_16c", "B", "13T20:00", 4_000, {}), (OUT, "B", "18T20:00", 200, {})]
    shared = ei.WhatIf("boilers", since="2026-01-11T12:00+02:00", mobile_boilers=boilers)
    prepared = prepare(land(figures, changes=[shared]))
    normal = draw_normal(prepared.layout, 64, np.random.default_rng(1))
    np.testing.assert_allclose(predict(prepared, normal), whole_runs(prepared, normal), rtol=1e-6)


def test_predicted_reports_of_the_demo_are_those_of_whole_runs():
    prepared = prepare(ei.load_scenario("kyiv-2026-01-24"))
    normal = draw_normal(prepared.layout, 64, np.random.default_rng(1))
    np.testing.assert_array_equal(predict(prepared, normal), whole_runs(prepared, normal))


def test_parts_of_a_block_give_the_same_bits(monkeypatch):
    prepared = prepare(ei.load_scenario("kyiv-2026-01-24"))
    normal = draw_normal(prepared.layout, 40, np.random.default_rng(2))
    modelled = predict(prepared, normal)
    monkeypatch.setattr(ensemble_runs, "BLOCK_BYTES", 1000)
    np.testing.assert_array_equal(predict(prepared, normal), modelled)


def test_a_run_ends_with_the_last_figure_and_its_span_of_weather():
    needs = needs_of(prepare(land(FIGURES["power of the land and of a city, heat of another"])))
    assert needs.plan.steps == 108  # 14 January 12:00; the figure is of 10:00
    assert needs.record["heat_out"].tolist() == [80, 81, 82, 83, 84]
    assert "lost_h_water" not in needs.parameters


def test_other_systems_are_followed_where_a_figure_or_what_acts_on_it_is():
    figures = {"heat": [(HEAT, "B", "13T10:00", 300, {})], "power": [(OUT, "Land", "13T10:00", 300, {})]}
    assert needs_of(prepare(land(figures["heat"]))).there == slice(1, 2)
    assert needs_of(prepare(land(figures["power"]))).there == NOWHERE
    assert needs_of(prepare(land(figures["heat"], shared_crews=True))).there == slice(0, 4)
    both = [*figures["heat"], (WATER, "D", "13T10:00", 300, {})]
    assert list(needs_of(prepare(land(both))).there) == [1, 3]
    assert needs_of(prepare(land(figures["heat"], power_needs_heat=0.2))).there == EVERYWHERE
