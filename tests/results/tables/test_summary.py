import dataclasses
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from energy_impact.places import Place
from energy_impact.results.estimate import Estimate
from energy_impact.results.tables.reference import reference_event
from energy_impact.results.tables.summary import main_curves
from energy_impact.scenario import Event, Scenario


def test_the_summary_of_three_members_worked_by_hand(estimate: Estimate) -> None:
    row = estimate.summary(level=0.5).set_index("quantity").loc["heat_buildings_out"]
    assert row["unit"] == "buildings"
    assert [row["now_low"], row["now"], row["now_high"]] == [(2400 + 4200) / 2, 4200, (4200 + 5100) / 2]
    assert row["peak"] == 6000
    assert [row["t50_low_h"], row["t50_h"], row["t50_high_h"]] == [22.5, 30, 45]
    assert [row["t90_low_h"], row["t90_h"], row["t90_high_h"]] == [40.5, 54, np.inf]
    assert row["total"] == pytest.approx(198_000)
    assert row["restored_within_horizon"] == pytest.approx(2 / 3)


def test_what_is_not_an_outage_has_no_restoration_time(estimate: Estimate) -> None:
    table = estimate.summary().set_index("quantity")
    restorable = ["t50_h", "t90_h", "t90_high_h", "restored_within_horizon"]
    assert table.loc[["heat_buildings_restored", "indoor_temperature_c"], [*restorable, "total"]].isna().all(axis=None)
    assert table.loc[["heat_buildings_out", "power_customers_out"], restorable].notna().all(axis=None)


def test_a_share_has_a_total_and_hours_a_day_have_none(make_estimate: Callable[..., Estimate]) -> None:
    half = make_estimate(
        available=(("power_share_shed", "City"), ("hours_off_per_day", "City")),
        curves=lambda *_: np.full((3, 97), 0.5, np.float32),
    )
    table = half.summary().set_index("quantity")
    assert table.loc["power_share_shed", "total"] == 0.5 * (96 - 24)
    assert np.isnan(table.loc["hours_off_per_day", "total"])
    assert table[["t50_h", "t90_h", "restored_within_horizon"]].isna().all(axis=None)


def test_the_peak_of_a_temperature_is_its_lowest(estimate: Estimate) -> None:
    assert estimate.summary().set_index("quantity").loc["indoor_temperature_c", "peak"] == 20 - 6000 / 500


def test_the_columns_of_the_summary_are_fixed(estimate: Estimate) -> None:
    assert ",".join(estimate.summary().columns) == (
        "place,quantity,unit,basis,reported_share,now,now_low,now_high,peak,peak_low,peak_high,t50_h,t50_low_h,t50_high_h,"
        "t90_h,t90_low_h,t90_high_h,total,total_low,total_high,restored_within_horizon"
    )


def test_without_an_event_time_counts_from_the_start(
    make_estimate: Callable[..., Estimate], scenario: Scenario
) -> None:
    quiet = make_estimate(scenario=scenario.replace(events=()))
    assert quiet.summary().set_index("quantity").loc["heat_buildings_out", "t50_h"] == 60


def test_a_later_event_ends_the_look_out_of_peak_and_restoration(
    make_estimate: Callable[..., Estimate], scenario: Scenario
) -> None:
    """The second strike begins at hour 60.5; without it half is back at hours 60, 90 and 45."""
    first = scenario.events[0]
    again = Event("2026-01-21T12:30Z", kind="attack", name="second strike")
    elsewhere = Event("2026-01-21T06:00Z", kind="attack", places=("Town",))
    two = scenario.replace(places=(*scenario.places, Place("Town")), events=(first, elsewhere, again))
    once = make_estimate().summary(level=0.5).set_index("quantity").loc["heat_buildings_out"]
    row = make_estimate(scenario=two).summary(level=0.5).set_index("quantity").loc["heat_buildings_out"]
    assert [row["t50_low_h"], row["t50_h"], row["t50_high_h"]] == [22.5, 30, np.inf]
    assert [row["t90_low_h"], row["t90_h"], row["restored_within_horizon"]] == [np.inf, np.inf, pytest.approx(1 / 3)]
    assert row[["now", "peak", "total"]].tolist() == once[["now", "peak", "total"]].tolist()


def test_a_peak_after_the_next_event_is_not_that_of_the_reference_event(
    make_estimate: Callable[..., Estimate], scenario: Scenario
) -> None:
    def twice(_quantity: str, _place: str) -> np.ndarray:
        hours = np.arange(97.0)
        out = np.where(hours < 24, 0, np.maximum(1000 - 25 * (hours - 24), 0))
        return np.tile(np.where(hours > 72, 5000, out).astype(np.float32), (3, 1))

    again = Event("2026-01-22T00:20Z", kind="attack", name="second strike")
    hit = make_estimate(scenario=scenario.replace(events=(*scenario.events, again)), curves=twice)
    row = hit.summary().set_index("quantity").loc["heat_buildings_out"]
    assert [row["peak"], row["t50_h"], row["t90_h"]] == [1000, 14, 30]


def test_rows_with_the_most_figures_in_the_fit_come_first(
    make_estimate: Callable[..., Estimate], scenario: Scenario
) -> None:
    keys = [
        (quantity, place) for place in ("Town", "City") for quantity in ("power_customers_out", "heat_buildings_out")
    ]
    two = scenario.replace(places=(Place("Town", timezone="Europe/Kyiv"), *scenario.places))
    estimate = make_estimate(scenario=two, available=tuple(keys))
    rows = estimate.summary()[["quantity", "place"]].to_numpy().tolist()
    assert rows == [
        ["heat_buildings_out", "City"],
        ["power_customers_out", "City"],
        ["power_customers_out", "Town"],
        ["heat_buildings_out", "Town"],
    ]
    prior = make_estimate(scenario=two, available=tuple(keys), figure_fit=None, reported=())
    assert [tuple(row) for row in prior.summary()[["quantity", "place"]].to_numpy()] == keys


def test_an_event_elsewhere_or_yet_to_come_is_no_reference(scenario: Scenario) -> None:
    events = (
        Event("2026-01-19T01:00Z", kind="attack", name="all"),
        Event("2026-01-19T02:00Z", kind="attack", name="east", places=("East",)),
        Event("2026-01-19T03:00Z", kind="storm", name="south", places=("South",)),
        Event("2026-01-19T20:00Z", kind="attack", name="later"),
    )
    city = Place("City", parts=(Place("East"), Place("West")))
    two = Scenario("2026-01-19T00:00Z", 96, [city, Place("South")], events=events, figures=None)
    now = dataclasses.replace(two, events=events[:3])
    names = {name: reference_event(now, name).name for name in ("City", "East", "West", "South")}
    assert names == {"City": "east", "East": "east", "West": "all", "South": "south"}
    assert reference_event(scenario.replace(events=()), "City") is None


def test_less_than_one_building_is_none_in_every_measure_but_the_total(make_estimate: Callable[..., Estimate]) -> None:
    usual = make_estimate()
    dusty = make_estimate(curves=lambda quantity, place: usual.curves(quantity, place) * np.float32(1e-4))
    row = dusty.summary().set_index("quantity").loc["heat_buildings_out"]
    assert row[["now", "peak", "t50_h", "t90_h"]].tolist() == [0, 0, 0, 0]
    assert row["restored_within_horizon"] == 1
    assert row["total"] > 0


@pytest.mark.parametrize("level", [0, 1.5])
def test_an_impossible_level_is_refused(estimate: Estimate, level: float) -> None:
    with pytest.raises(ValueError, match="level: must be between 0 and 1"):
        estimate.summary(level=level)
    with pytest.raises(ValueError, match="level: must be between 0 and 1"):
        estimate.figures_check(level=level)


def test_every_figure_stands_beside_what_the_members_say(estimate: Estimate) -> None:
    table = estimate.figures_check(level=0.5).set_index("id")
    assert len(table) == 7
    assert table.loc["exact", ["predicted_low", "predicted_median", "predicted_high"]].tolist() == [5655, 5800, 5945]
    inside = {"exact": True, "over": False, "none": False, "thousands": True, "share": True, "range": False}
    assert table["inside"].drop("dead").to_dict() == inside
    assert table.loc["exact", "outlier_probability"] == 0.25


def test_an_unused_figure_says_why_and_predicts_nothing(make_estimate: Callable[..., Estimate]) -> None:
    row = make_estimate().figures_check().set_index("id").loc["dead"]
    assert (row["used"], row["reason"]) == (False, "context")
    assert row[["predicted_median", "inside", "outlier_probability"]].isna().all()
    prior = make_estimate(figure_fit=None).figures_check()
    assert not prior["used"].any()
    assert set(prior["reason"]) == {"not in the fit", "context only, not modelled"}


def test_a_table_without_figures_is_empty(make_estimate: Callable[..., Estimate], scenario: Scenario) -> None:
    bare = make_estimate(scenario=scenario.replace(figures=None), figure_fit=None)
    table = bare.figures_check()
    assert table.empty
    assert table["inside"].dtype == pd.BooleanDtype()


def test_the_curves_shown_first_are_those_that_figures_speak_of(
    make_estimate: Callable[..., Estimate], scenario: Scenario
) -> None:
    assert main_curves(make_estimate()) == (("heat_buildings_out", "City"), ("power_customers_out", "City"))
    bare = make_estimate(scenario=scenario.replace(figures=None), figure_fit=None)
    assert main_curves(bare) == (("heat_buildings_out", "City"), ("power_customers_out", "City"))
    assert main_curves(make_estimate(available=(("indoor_temperature_c", "City"),))) == (
        ("indoor_temperature_c", "City"),
    )


def test_tables_of_some_places_are_rows_of_the_whole_ones(make_estimate: Callable[..., Estimate]) -> None:
    parts = [Place(name, timezone="Europe/Kyiv", heat_buildings=3000) for name in ("North", "South")]
    scenario = Scenario("2026-01-19T00:00Z", 96, Place("City", timezone="Europe/Kyiv", parts=parts))
    keys = tuple(("heat_buildings_out", name) for name in ("City", "North", "South"))
    asked: list[object] = []
    estimate = make_estimate(scenario=scenario, available=keys, expect=asked.append, figure_fit=None)
    whole, some = estimate.summary(), estimate.summary(places=["South", "City"])
    pd.testing.assert_frame_equal(some, whole[whole["place"] != "North"].reset_index(drop=True))
    curves = estimate.to_frame()
    expected = curves[curves["place"] == "North"].reset_index(drop=True)
    pd.testing.assert_frame_equal(estimate.to_frame(places=["North"]), expected)
    assert asked == [[*keys]] * 2  # once for measures and once for bands, since the rest was known by then


@pytest.mark.parametrize("places", [[], "City", ["Town"], [1]])
def test_places_of_a_table_are_checked(estimate: Estimate, places: object) -> None:
    with pytest.raises(ValueError, match="places: "):
        estimate.summary(places=places)  # type: ignore[arg-type]
