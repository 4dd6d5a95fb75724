"""Fits side by side: each has the bits that it has alone."""

import dataclasses

import numpy as np
import pytest

import energy_impact as ei
from energy_impact import _sharing, ensemble_runs, fits, run
from energy_impact._sharing import cases_together, run_batches
from energy_impact.fits import fit_of, groups_beside, run_fits
from energy_impact.model.beside import alike, plan_beside
from energy_impact.model.blocks import draw_normal
from energy_impact.model.simulate import simulate
from energy_impact.prepare import prepare
from energy_impact.run import curves_beside

OUT, HEAT, WATER = "power_customers_out", "heat_buildings_out", "water_buildings_out"
MEMBERS = 96


def land(*figures, air=-4.0):
    """Return a scenario of two cities, both hit, with figures (quantity, place, time, value, fields)."""
    sizes = {"power_customers": 1e5, "heat_buildings": 900, "water_buildings": 900, "residents": 2e5}
    cities = [ei.Place(name, timezone="Europe/Kyiv", **sizes) for name in "AB"]
    rows = [
        {"id": f"f{number}", "quantity": quantity, "place": place, "time": f"2026-01-{time}+02:00", "value": value}
        | {"qualifier": "about", "kind": "stock", "source": f"s{number % 2}"}
        | more
        for number, (quantity, place, time, value, more) in enumerate(figures)
    ]
    rows.append(
        {"id": "air", "quantity": "air_temperature_c", "place": "Land", "time": "2026-01-11T06:00+02:00"}
        | {"value": air, "qualifier": "about", "kind": "stock", "source": "s"}
    )
    attack = ei.Event("2026-01-11T02:00+02:00", kind="attack", duration_h=5, places=["A", "B"])
    whole = ei.Place("Land", timezone="Europe/Kyiv", parts=cities)
    return ei.Scenario("2026-01-10T00:00+02:00", 168, whole, events=[attack], figures=rows)


PEAK = {"kind": "maximum", "period_start": "2026-01-11T02:00+02:00"}
ONLY_POWER = land((OUT, "Land", "11T09:00", 60_000, {}), (OUT, "A", "12T03:00", 9_000, {"time_uncertainty_h": 2}))
SCENARIOS = {
    "power alone": ONLY_POWER,
    "heat of one city, later": land((OUT, "A", "11T09:00", 40_000, {}), (HEAT, "B", "14T10:00", 300, {})),
    "a peak and all systems": land(
        (WATER, "A", "11T12:00", 500, {}), (HEAT, "Land", "12T10:00", 900, PEAK), (OUT, "B", "13T10:00", 400, {})
    ),
    "cold homes": land((OUT, "A", "11T09:00", 40_000, {}), ("indoor_temperature_c", "B", "13T10:00", 11, {})),
    "nothing to fit": land(),
    "a word with an end": land((HEAT, "A", "11T10:00", 400, {"qualifier": "at_least"})),
}
CURVES = [(HEAT, "Land"), (OUT, "A")]


@pytest.fixture(scope="module")
def together():
    return dict(
        zip(SCENARIOS, curves_beside([*SCENARIOS.values()], MEMBERS, range(len(SCENARIOS)), CURVES), strict=True)
    )


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_fit_beside_others_has_the_bits_that_it_has_alone(name, together):
    alone = ei.estimate(SCENARIOS[name], members=MEMBERS, rng=[*SCENARIOS].index(name))
    mine = together[name]
    np.testing.assert_array_equal(mine.normal.T, alone.parameters)
    for key in (*CURVES, ("people_below_16c", "B")):
        np.testing.assert_array_equal(mine(*key), alone[key].draws)


def test_figures_are_predicted_beside_others_as_alone_with_curves_or_without():
    def begun():
        for seed, scenario in enumerate(SCENARIOS.values()):
            prepared, rng = prepare(scenario), np.random.default_rng(seed)
            if prepared.reports:
                yield fit_of(prepared, draw_normal(prepared.layout, MEMBERS, rng), rng)

    for mine, alone in zip(run_fits([*begun()], CURVES), (run_fits([fit])[0] for fit in begun()), strict=True):
        np.testing.assert_array_equal(mine.smoothed.predicted, alone.smoothed.predicted)
        assert not alone.curves


def test_fits_that_differ_in_their_figures_alone_share_each_run(monkeypatch):
    shared, run = [], fits.simulate_beside
    monkeypatch.setattr(fits, "simulate_beside", lambda plan, parts: shared.append(len(parts)) or run(plan, parts))
    curves_beside([*SCENARIOS.values()], MEMBERS, range(len(SCENARIOS)))
    assert shared == [5] * 8


def test_the_last_run_of_fits_has_the_curves_that_are_asked_for(monkeypatch, together):
    shared, run = [], fits.simulate_beside
    monkeypatch.setattr(fits, "simulate_beside", lambda plan, parts: shared.append(len(parts)) or run(plan, parts))
    monkeypatch.setattr(ensemble_runs, "counted_states", None)
    names = ["power alone", "heat of one city, later", "a peak and all systems", "a word with an end"]
    seeds = [[*SCENARIOS].index(name) for name in names]
    for name, mine in zip(
        names, curves_beside([SCENARIOS[name] for name in names], MEMBERS, seeds, CURVES), strict=True
    ):
        for key in CURVES:
            np.testing.assert_array_equal(mine(*key), together[name](*key))
    assert shared == [4] * 8


def test_a_fit_that_chooses_no_jobs_ends_a_run_before_the_others(monkeypatch):
    shared, run = [], fits.simulate_beside
    monkeypatch.setattr(fits, "simulate_beside", lambda plan, parts: shared.append(len(parts)) or run(plan, parts))
    people = land(("people_without_any", "A", "11T09:00", 90_000, {}))
    for seed, mine in enumerate(curves_beside([people, ONLY_POWER], MEMBERS, [0, 1], [(HEAT, "B")])):
        alone = ei.estimate([people, ONLY_POWER][seed], members=MEMBERS, rng=seed)
        np.testing.assert_array_equal(mine.normal.T, alone.parameters)
        np.testing.assert_array_equal(mine(HEAT, "B"), alone[HEAT, "B"].draws)
    assert shared == [2] * 7 + [1]


@pytest.mark.parametrize("most", [0, 2 * MEMBERS, 10**6])
def test_curves_are_the_same_however_many_fits_run_side_by_side(most, monkeypatch):
    """None, each by itself, and all; boilers go to the worse of two cities, so that one alone would have others."""
    boilers = ei.WhatIf("boilers", since="2026-01-11T12:00+02:00", mobile_boilers=40)
    names = ["heat of one city, later", "a word with an end"]
    scenarios = [SCENARIOS[name].replace(changes=[boilers]) for name in names]
    monkeypatch.setattr(fits, "SHARES_BESIDE", most)
    for seed, mine in enumerate(curves_beside(scenarios, MEMBERS, [0, 1], [(HEAT, "B")])):
        alone = ei.estimate(scenarios[seed], members=MEMBERS, rng=seed)[HEAT, "B"]
        assert (alone.draws != ei.estimate(SCENARIOS[names[seed]], members=MEMBERS, rng=seed)[HEAT, "B"].draws).any()
        np.testing.assert_array_equal(mine(HEAT, "B"), alone.draws)


def test_members_that_one_fit_moves_are_read_by_no_other(together):
    """Beside a fit to far higher counts, not a bit changes."""
    higher = land((OUT, "A", "11T09:00", 99_000, {}), (HEAT, "B", "14T10:00", 890, {}))
    mine, other = curves_beside([SCENARIOS["heat of one city, later"], higher], MEMBERS, [1, 1])
    np.testing.assert_array_equal(mine.normal, together["heat of one city, later"].normal)
    assert np.abs(other.normal - mine.normal[: len(other.normal)]).max() > 0.1


def test_members_in_frost_change_nothing_for_members_without():
    """Circuits act for all members of a run once there is frost for any."""
    prepared = prepare(land(air=4.0))
    plan, values = prepared.plan, prepared.layout.values(draw_normal(prepared.layout, 64, np.random.default_rng(1)))
    order = np.argsort(-values["temperature_offset"].min(0))
    mild = {name: numbers[..., order[:8]] for name, numbers in values.items()}
    wanted = {"record": np.arange(plan.steps + 1), "keep": ["heat_out", "heat_drained"]}
    alone, beside = simulate(plan, mild, **wanted), simulate(plan, values, **wanted)
    assert not alone["heat_drained"].any()
    assert beside["heat_drained"].any()
    np.testing.assert_array_equal(alone["heat_out"], beside["heat_out"][..., order[:8]])


def test_plans_that_differ_otherwise_do_not_run_side_by_side():
    plan = prepare(ONLY_POWER).plan
    water = prepare(SCENARIOS["a peak and all systems"]).plan
    assert alike(plan, water)
    assert not alike(plan, dataclasses.replace(plan, balance=not plan.balance))
    assert not alike(plan, dataclasses.replace(plan, temperature=plan.temperature + np.float32(1e-3)))
    unknown = dataclasses.replace(plan, temperature=np.full_like(plan.temperature, np.nan), step_h=float("nan"))
    assert alike(unknown, dataclasses.replace(unknown, temperature=unknown.temperature.copy(), step_h=-float("nan")))
    assert not alike(unknown, plan)
    both = plan_beside([plan, water], [2, 3]).events[0]
    rules = [event.only_named.get("heat", np.full(2, -1)) for event in (plan.events[0], water.events[0])]
    assert rules[0].tolist() != rules[1].tolist()
    assert both.only_named["heat"].T.tolist() == [rules[0].tolist()] * 2 + [rules[1].tolist()] * 3


def test_no_more_members_run_together_than_run_fastest():
    plan = prepare(ONLY_POWER).plan
    half = _sharing.SHARES_BESIDE // plan.places // 2
    assert groups_beside([plan] * 3, [half, half, 1]) == [[0, 1], [2]]
    assert groups_beside([plan] * 2, [half, half + 1]) == [[0], [1]]
    assert cases_together(_sharing.SHARES_BESIDE // 8) == 8
    assert cases_together(_sharing.SHARES_BESIDE // 8, executor=object()) == 2
    assert cases_together(10**9) == 1


def test_batches_are_even_and_progress_counts_cases():
    sizes, seen = [], []

    def run(cases):
        sizes.append(len(cases))
        return [case**2 for case in cases]

    found = run_batches(run, range(9), 4, progress=lambda *counts: seen.append(counts), what="cases")
    assert found == [case**2 for case in range(9)]
    assert sizes == [3, 3, 3]
    assert seen == [(3, 9), (6, 9), (9, 9)]
    assert run_batches(run, [], 4, what="cases") == []


def test_no_more_fits_run_side_by_side_than_their_numbers_allow(together, monkeypatch):
    """One fit's numbers are above the limit, so each runs by itself, and all give the same."""
    sizes = []
    monkeypatch.setattr(fits, "NUMBERS_BYTES", 1)
    monkeypatch.setattr(run, "run_fits", lambda some, keys: sizes.append(len(some)) or run_fits(some, keys))
    alone = curves_beside([*SCENARIOS.values()], MEMBERS, range(len(SCENARIOS)), CURVES)
    assert max(sizes) == 1
    for name, one in zip(SCENARIOS, alone, strict=True):
        np.testing.assert_array_equal(one.normal, together[name].normal)
