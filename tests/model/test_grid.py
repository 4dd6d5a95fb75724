"""Supply that belongs to the grid that a place hangs on, and what its lack and damage do to plants."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import logit

from energy_impact.model.counting import counted
from energy_impact.model.severity import capability_hits, severities
from energy_impact.model.spread import Feeders
from energy_impact.model.supply import lost_before
from energy_impact.model.systems import Run
from tests.model.test_simulate import CALM, run

HALF = {"severity_common": 0.0, "capability_hit": 0.5, "capability_hit_place": 0.0, "capability_local": 0.6}
"""An event takes half of the capability of the places that it hits, six tenths of it from them alone."""


@pytest.fixture
def make_country(make_plan, make_event):
    """Three places, of which an event hits the first; the first two hang on one grid and share its demand 1 to 3."""

    def make(kind="attack", **changes):
        event = replace(make_event(kind, start_h=10.0, places=3), hits=np.array([True, False, False]), **changes)
        plan = make_plan(places=3, events=[event], balance=True, temperature=5.0)
        weights = np.float32([0.25, 0.75, 1.0])
        return replace(plan, grid=np.array([0, 0, 1]), demand_weights=weights)

    return make


def test_a_struck_place_loses_most_and_its_grid_shares_the_remainder_by_demand(make_country, make_values):
    plan = make_country()
    (hit,) = capability_hits(plan, make_values(plan, fixed=HALF))
    assert hit[0] == pytest.approx(0.6 * 0.5 + 0.4 * 0.25 * 0.5)
    assert hit[1] == pytest.approx(0.4 * 0.25 * 0.5)
    assert np.all(hit[2] == 0)


def test_a_place_that_is_a_grid_of_its_own_loses_what_is_hit_there(make_plan, make_event, make_values):
    plan = make_plan(events=[make_event()], balance=True)
    values = make_values(plan)
    np.testing.assert_allclose(
        capability_hits(plan, values)[0], severities(plan, values, "capability_hit")[0], rtol=1e-6
    )


def test_a_place_split_into_equal_parts_loses_as_much_capability(make_plan, make_event, make_values):
    whole = make_plan(events=[make_event()], balance=True)
    values = make_values(whole, fixed={"capability_hit_place": 0.0})
    parts = make_plan(places=2, events=[make_event(places=2)], balance=True)
    twice = values | {
        "capability_hit_place": np.repeat(values["capability_hit_place"], 2, axis=1),
        "severity_power_place": np.repeat(values["severity_power_place"], 2, axis=1),
    }
    np.testing.assert_allclose(capability_hits(parts, twice)[0][1], capability_hits(whole, values)[0][0], rtol=1e-6)


def test_an_attack_cuts_customers_all_over_its_grid_and_nowhere_else(make_country, make_values):
    plan = make_country()
    fixed = CALM | HALF | {"severity_power": 0.0, "severity_power_place": 0.0, "capability_margin": 1.0}
    shed = run(plan, make_values(plan, fixed=fixed, quiet=True), keep=("shed",))["shed"]
    assert np.all(shed[:11] == 0)
    assert np.all(shed[11, 0] > shed[11, 1])
    assert np.all(shed[11, 1] > 0.04)
    assert np.all(shed[:, 2] == 0)


@pytest.mark.parametrize("how", [{"kind": "local_fault"}, {"capability": False}])
def test_a_cut_cable_or_an_attack_on_lines_brings_no_cuts_by_turns(how, make_country, make_values):
    plan = make_country(**how)
    assert not plan.events[0].takes_capability
    states = run(plan, make_values(plan, fixed=CALM | HALF), keep=("shed", "power_out"))
    assert np.all(states["shed"] == 0)
    assert np.all(states["power_out"][11, 0] > 0)


def test_only_a_grid_that_reports_call_short_has_the_prior_of_one(make_country, make_values):
    fixed = {"capability_lost_before": 0.01, "capability_lost_short": 0.4, "capability_lost_place": 0.0}
    plan = replace(make_country(), short=np.array([True, False]))
    lost = lost_before(plan, make_values(plan, fixed=fixed))
    assert lost[:2] == pytest.approx(0.4)
    assert lost[2] == pytest.approx(0.01)


def test_an_attack_itself_cuts_off_fewer_where_reports_call_supply_short(make_country, make_values):
    plan = make_country()
    values = make_values(plan, fixed={"severity_short": -1.0})
    (usual,) = severities(plan, values, "severity_power")
    (fewer,) = severities(replace(plan, short=np.array([True, False])), values, "severity_power")
    np.testing.assert_allclose(logit(fewer[0].astype(float)), logit(usual[0].astype(float)) - 1, atol=1e-3)
    for name in ("severity_heat", "capability_hit"):
        same = severities(replace(plan, short=np.array([True, False])), values, name)
        np.testing.assert_array_equal(same[0], severities(plan, values, name)[0])


def test_a_shortage_from_before_the_start_is_shed_from_the_start_and_fades_at_its_rate(make_plan, make_values):
    plan = make_plan(steps=200, temperature=5.0, balance=True)
    fixed = {"capability_margin": 1.0, "capability_lost_before": 0.4, "capability_repair_rate": 1 / 100}
    shed = run(plan, make_values(plan, fixed=CALM | fixed, quiet=True), keep=("shed",))["shed"]
    assert shed[0] == pytest.approx(0.4 * np.exp(-1 / 100), abs=1e-5)
    assert shed[200] == pytest.approx(shed[0] * np.exp(-2), abs=1e-5)


def test_damage_and_cuts_make_up_all_who_are_out_also_as_counted(make_plan, make_event, make_values):
    plan = make_plan(events=[make_event(start_h=5.0)], balance=True, temperature=-5.0)
    values = make_values(plan, fixed={"capability_lost_before": 0.4})
    states = run(plan, values, keep=("power_out", "power_damaged", "shed"))
    damaged, shed = states["power_damaged"], states["shed"]
    np.testing.assert_allclose(states["power_out"], damaged + (1 - damaged) * shed, rtol=0, atol=1e-6)
    found = counted(plan, values, states, np.arange(plan.steps + 1))
    assert np.all(found["power_out"] >= found["power_damaged"] - 1e-6)
    assert np.any(found["power_damaged"] != damaged)


@pytest.mark.parametrize("step_h", [1.0, 0.25])
def test_plants_that_damage_cut_off_are_fed_again_in_their_own_time(step_h, make_plan, make_values):
    plan = make_plan(step_h=step_h)
    model = Run(plan, make_values(plan, members=4, fixed={"plant_refeed_h": 4.0}), ("water_out",))
    feeders, connected = Feeders(plan, {"plant_refeed_h": np.float32([4.0] * 4)}, model.space), model.space.full(0.5)
    feeders.hit(model.space.full(0.4))
    for _ in range(round(8 / step_h)):
        feeders.repaired(connected)
        feeders.refeed()
    assert 1 - feeders.fed == pytest.approx(0.4 * np.exp(-(8 + step_h / 2) / 4), abs=1e-6)


def test_no_more_plants_than_customers_are_without_power(make_plan, make_values):
    plan = make_plan()
    model = Run(plan, make_values(plan, members=4), ("water_out",))
    feeders = Feeders(plan, {"plant_refeed_h": np.float32([np.inf] * 4)}, model.space)
    feeders.hit(model.space.full(0.4))
    feeders.repaired(model.space.full(0.9))
    assert feeders.fed == pytest.approx(0.9)


def test_water_is_back_in_hours_while_nearly_half_of_the_customers_have_no_power(make_plan, make_event, make_values):
    plan = make_plan(steps=48, events=[make_event("storm", start_h=2.0)])
    fixed = CALM | {
        "severity_common": 0.0,
        "severity_power": 0.5,
        "severity_power_place": 0.0,
        "severity_water": 0.0,
        "repair_rate_power": 0.0,
        "water_dependence": 1.0,
        "water_buffer_h": 2.0,
        "plant_refeed_h": 4.0,
    }
    states = run(plan, make_values(plan, fixed=fixed, quiet=True), keep=("power_out", "water_out"))
    assert states["power_out"][4:].min() > 0.4
    assert states["water_out"].max() > 0.15
    assert np.all(states["water_out"][26] < 0.005)


def test_more_damage_never_gives_plants_more_power(make_plan, make_event, make_values):
    plan = make_plan(events=[make_event(start_h=2.0), make_event(start_h=20.0)], balance=True, temperature=-10.0)
    fixed = CALM | {"pickup_excess": 0.0, "severity_water": 0.0, "severity_water_place": 0.0}
    fixed |= {"capability_lost_before": 0.4, "protected_share": 0.5}
    less, more = (
        run(plan, make_values(plan, fixed=fixed | {"severity_power": share}), keep=("water_out",))["water_out"]
        for share in (0.2, 0.6)
    )
    assert np.all(more >= less - 1e-6)
    assert np.any(more > less + 1e-3)


@pytest.fixture
def named(make_plan, make_event):
    """An attack on two named places: a city of two parts without a report on heat, and a town with one."""
    event = replace(make_event(start_h=2.0, places=3), only_named={"heat": np.array([0, 0, -1])})
    return make_plan(places=3, events=[event])


def test_an_attack_hits_an_unreported_system_of_all_of_a_named_place_or_of_none_of_it(named, make_values):
    values = make_values(named, members=4096, fixed={"at_all_share": 0.25})
    (heat,) = severities(named, values, "severity_heat")
    assert np.mean(heat[0] > 0) == pytest.approx(0.25, abs=0.03)
    np.testing.assert_array_equal(heat[0] > 0, heat[1] > 0)


def test_an_attack_hits_what_is_reported_and_what_is_not_in_question(named, make_values):
    values = make_values(named, members=256, fixed={"at_all_share": 0.25})
    (heat,), (water,) = (severities(named, values, f"severity_{name}") for name in ("heat", "water"))
    assert np.all(heat[2] > 0)
    assert np.all(water > 0)
