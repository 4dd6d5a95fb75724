"""Quantities: what a row forgets is named when it is registered; those of bulletins are converted, shown and fitted."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

import energy_impact as ei
from energy_impact._register import register_quantities
from energy_impact.model.people import LACKING, MEASURES
from energy_impact.quantities import COLD_LIMITS_C, MAIN_QUANTITIES, MODELLED, QUANTITIES
from energy_impact.records import Quantity, Size
from energy_impact.systems import PER_BUILDING, STOCKS, SYSTEMS
from energy_impact.units import NUMBER_UNITS
from energy_impact.validation import calibration
from tests.crowd import CROWD_ALONE


def registered(row_name: str, **changes: object) -> dict[str, Quantity]:
    """The quantities with some fields of one row changed."""
    rows = [dataclasses.replace(row, **changes) if row.name == row_name else row for row in QUANTITIES.values()]
    return register_quantities(rows, systems=SYSTEMS, units=NUMBER_UNITS, stocks=STOCKS, ratios=PER_BUILDING)


def test_what_is_registered_is_found_by_name():
    assert registered("heat_buildings_out") == QUANTITIES


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"unit": "homes"}, "heat_buildings_out: unit 'homes': must be a known unit"),
        ({"meaning": ""}, "heat_buildings_out: meaning: must not be empty"),
        ({"system": "steam"}, "heat_buildings_out: system 'steam': must be a known system"),
        ({"states": ()}, "heat_buildings_out: states: must name those that an outcome is made of"),
        ({"states": ("cold",)}, "heat_buildings_out: state 'cold': must be a known state"),
        ({"size": None}, "heat_buildings_out: size: must be given for the measure 'sum'"),
        ({"size": Size("boilers")}, "heat_buildings_out: size: 'boilers' must be known of places"),
        ({"size": Size("residents", times="rooms")}, "heat_buildings_out: size: 'rooms' must be known of places"),
        (
            {"measure": "lacking"},
            "heat_buildings_out: lacking: must be given with the measure 'lacking', and only there",
        ),
        (
            {"beyond": "residents"},
            "heat_buildings_out: beyond: must be given with the measure 'beyond', and only there",
        ),
        ({"people": "all"}, "heat_buildings_out: quantity 'all': must be a known quantity"),
        ({"restores": "x"}, "heat_buildings_out: quantity 'x': must be a known quantity"),
        ({"sum_of": ("x",)}, "heat_buildings_out: quantity 'x': must be a known quantity"),
        ({"main": QUANTITIES["power_customers_out"].main}, "main = 20: must be the rank of one quantity"),
        ({"name": "power_customers_out"}, "power_customers_out: must be the name of one quantity"),
        ({"name": "heat_out"}, "system heat: 'heat_buildings_out' must be a quantity"),
    ],
)
def test_what_a_row_forgets_is_named(changes, fault):
    with pytest.raises(ValueError, match=r"^quantities:\n") as caught:
        registered("heat_buildings_out", **changes)
    assert fault in str(caught.value).splitlines()


def test_every_outcome_is_modelled_and_has_a_measure():
    assert {name for name, row in QUANTITIES.items() if row.role == "outcome"} <= set(MODELLED)
    assert {QUANTITIES[name].measure for name in MODELLED} == set(MEASURES)
    assert {row.lacking for row in QUANTITIES.values() if row.lacking} == set(LACKING)


def test_what_a_system_counts_is_shown_first_and_stands_for_people():
    for system in SYSTEMS.values():
        count, people = QUANTITIES[system.count], QUANTITIES[system.people]
        assert count.name in MAIN_QUANTITIES
        assert count.short
        assert (count.system, people.system, count.people) == (system.name, system.name, people.name)
        assert count.states == people.states == (system.out,)
        assert people.person_hours


@pytest.mark.parametrize("name", MAIN_QUANTITIES)
def test_a_number_can_stand_before_the_words_of_a_main_curve(name):
    """As in "About 200 buildings without power", and "About 60 % of those ..." without the word share."""
    row = QUANTITIES[name]
    nouns = {"customers": "accounts", "people": "residents", "h/day": "hours"}
    assert row.title.split()[0] == nouns.get(row.unit, row.unit)


def test_flows_of_a_calibration_are_read_of_what_counts_restorations_since_the_start():
    assert calibration.RESTORED == {
        "power_customers_out": "power_customers_restored",
        "heat_buildings_out": "heat_buildings_restored",
        "gas_customers_out": "gas_customers_restored",
    }
    assert all(QUANTITIES[name].cumulative for name in calibration.RESTORED.values())
    assert not QUANTITIES["power_share_restored"].cumulative


@pytest.mark.parametrize(("name", "limit"), COLD_LIMITS_C.items())
def test_a_limit_of_cold_homes_is_the_one_of_its_name_and_words(name, limit):
    assert name == f"people_below_{limit:g}c"
    assert QUANTITIES[name].title == f"residents in homes below {limit:g} °C"
    assert QUANTITIES[name].states == (f"below_{limit:g}c",)


def test_limits_go_from_warm_to_cold():
    assert [*COLD_LIMITS_C.values()] == sorted(COLD_LIMITS_C.values(), reverse=True)


CITY = ei.Place(
    "City",
    power_customers=(90_000, 110_000),
    heat_buildings=1_000,
    water_buildings=1_000,
    residents=250_000,
    customers_per_building=(80.0, 125.0),
)
ATTACK = ei.Event("2026-01-24T06:00Z", kind="attack", duration_h=2)
AFTER = "2026-01-24T12:00Z"


def scenario(*figures: dict[str, object], **changes: object) -> ei.Scenario:
    common = {"time": AFTER, "place": "City", "kind": "stock", "source": "council", "qualifier": "about"}
    rows = [common | {"id": str(number)} | figure for number, figure in enumerate(figures)]
    given = {"events": [ATTACK], "figures": rows, "priors": CROWD_ALONE}
    return ei.Scenario("2026-01-24T00:00Z", 96, CITY, **(given | changes))


@pytest.fixture(scope="module")
def prior() -> ei.Estimate:
    return ei.simulate(scenario(), members=2048, rng=1)


@pytest.mark.parametrize(
    ("derived", "counted", "low", "high"),
    [
        ("heat_customers_out", "heat_buildings_out", 80, 125),
        ("water_customers_out", "water_buildings_out", 80, 125),
        ("power_buildings_out", "power_customers_out", 1 / 125, 1 / 80),
    ],
)
def test_a_count_converted_by_building_has_the_uncertainty_of_the_ratio(derived, counted, low, high, prior):
    ratio = prior[derived, "City"].at(AFTER)[:, 0] / prior[counted, "City"].at(AFTER)[:, 0]
    assert np.quantile(ratio, [0.05, 0.95]) == pytest.approx([low, high], rel=0.03)


def test_people_with_power_back_are_the_share_of_accounts_with_power_back(prior):
    people, accounts = (prior[name, "City"].at(AFTER) for name in ("power_people_restored", "power_customers_restored"))
    stock = prior.stocks("power_customers", "City")[:, None]
    np.testing.assert_allclose(people, accounts / stock * 250_000, rtol=1e-5)


@pytest.mark.parametrize("system", ["power", "heat", "water"])
def test_the_share_of_those_hit_who_are_back_begins_at_nothing_and_goes_with_what_is_no_longer_out(system, prior):
    share = prior[f"{system}_share_restored", "City"].draws
    out = prior[SYSTEMS[system].count, "City"].draws
    assert 0 <= share.min() <= share.max() <= 1
    assert np.all(share[:, 8] == 0)  # the end of the event, as repair begins
    back = 1 - out[:, 32] / out[:, 8:33].max(axis=1)
    assert np.corrcoef(share[:, 32], back)[0, 1] > 0.85


@pytest.mark.parametrize(
    ("figure", "moved"),
    [
        ({"quantity": "heat_customers_out", "value": 20_000}, "heat_buildings_out"),
        ({"quantity": "water_customers_out", "value": 20_000}, "water_buildings_out"),
        ({"quantity": "power_buildings_out", "value": 200}, "power_customers_out"),
        ({"quantity": "power_people_restored", "kind": "flow", "value": 30_000}, "power_customers_restored"),
        ({"quantity": "power_share_restored", "unit": "share", "value": 0.4}, "power_customers_out"),
        ({"quantity": "heat_share_restored", "unit": "share", "value": 0.1}, "heat_buildings_out"),
    ],
    ids=lambda part: part if isinstance(part, str) else part["quantity"],
)
def test_a_figure_of_a_bulletin_is_fitted_and_narrows_what_it_is_made_of(figure, moved, prior):
    fitted = ei.estimate(scenario(figure), members=1024, rng=1)
    row = fitted.figures_check().iloc[0]
    assert (bool(row["used"]), fitted.status) == (True, "fitted")
    assert row["predicted_low"] <= figure["value"] <= row["predicted_high"]
    name = figure["quantity"]
    spread = [np.diff(np.quantile(run[name, "City"].at(AFTER), [0.05, 0.95]))[0] for run in (fitted, prior)]
    assert spread[0] < 0.5 * spread[1]
    assert not np.array_equal(fitted[moved, "City"].at(AFTER), prior[moved, "City"].at(AFTER)[:1024])


def test_all_of_those_hit_are_back_means_nearly_nobody_is_out():
    fitted = ei.estimate(
        scenario(
            {
                "quantity": "power_share_restored",
                "unit": "share",
                "value": None,
                "qualifier": "all",
                "time": "2026-01-26T12:00Z",
            }
        ),
        members=1024,
        rng=1,
    )
    out = fitted["power_customers_out", "City"]
    assert np.median(out.at("2026-01-26T12:00Z")) < 0.05 * np.median(out.draws.max(axis=1))


def test_a_share_of_those_hit_is_no_count_and_a_flow_of_it_says_nothing():
    with pytest.raises(ValueError, match="column unit: must be 'share' for power_share_restored, got 'count'"):
        scenario({"quantity": "power_share_restored", "value": 0.4, "unit": "count"})
    flow = {"quantity": "power_share_restored", "value": 0.4, "kind": "flow", "period_start": "2026-01-24T08:00Z"}
    run = ei.estimate(scenario(flow), members=8, rng=1)
    assert (run.status, run.figures_check()["used"].tolist()) == ("prior only", [False])


def test_what_restates_another_is_listed_where_a_figure_reports_it_and_answered_everywhere(tmp_path):
    one, other = (ei.Place(name, power_customers=1000) for name in ("One", "Other"))
    row = {"id": "a", "time": AFTER, "kind": "stock", "source": "council", "qualifier": "about", "place": "One"}
    row |= {"quantity": "power_share_restored", "unit": "share", "value": 0.4}
    whole = ei.Place("Both", parts=[one, other])
    run = ei.simulate(ei.Scenario("2026-01-24T00:00Z", 24, whole, events=[ATTACK], figures=[row]), members=8, rng=1)
    assert [key for key in run.available if key[0] == "power_share_restored"] == [("power_share_restored", "One")]
    assert not any(quantity == "power_buildings_out" for quantity, _ in run.available)
    again = ei.load_estimate(run.save(tmp_path / "e.npz"))
    for quantity in ("power_share_restored", "power_buildings_out"):
        for place in ("Both", "One", "Other"):
            np.testing.assert_array_equal(again[quantity, place].draws, run[quantity, place].draws)
    panel = ("power_share_restored", "Other")
    assert ei.bands(run.scenario, panels=[panel], members=64, rng=1)["place"].unique().tolist() == ["Other"]
    with pytest.raises(ValueError, match="quantity: must count what is out"):
        ei.estimate(run.scenario, members=8, rng=1).narrowed_by(quantity="power_share_restored", place="Other")
    with pytest.raises(ValueError, match="no curve for 'heat_share_restored'"):
        run["heat_share_restored", "One"]


def test_settlements_without_power_are_context():
    run = ei.estimate(scenario({"quantity": "settlements_without_power", "value": 300}), members=8, rng=1)
    assert (run.status, run.figures_check()["reason"].tolist()) == ("prior only", ["context only, not modelled"])


def test_the_summary_gives_a_time_to_restore_for_what_is_out_and_none_for_what_is_back():
    told = [
        {"quantity": "power_buildings_out", "value": 200},
        {"quantity": "power_share_restored", "unit": "share", "value": 0.4},
    ]
    table = ei.simulate(scenario(*told), members=64, rng=1).summary().set_index("quantity")
    for name in ("heat_customers_out", "water_customers_out", "power_buildings_out"):
        assert table.loc[name, "t50_h"] > 0
    for name in ("power_people_restored", "power_share_restored"):
        assert math.isnan(table.loc[name, "t50_h"])
        assert math.isnan(table.loc[name, "total"])
