"""What an outage costs people, worked by hand on two places with two members."""

import numpy as np
import pandas as pd
import pytest

from energy_impact.places import Place
from energy_impact.results.estimate import Estimate
from energy_impact.run import simulate
from energy_impact.scenario import Event, Scenario, load_scenario

START = "2026-01-20T16:00Z"  # 18:00 in Kyiv

HOURS = 24
PEOPLE = {"West": 3000.0, "East": 1000.0}
"""Residents without heat for ten hours from hour 4 on, in the second member twice as many."""
INDOOR = {"West": 15.0, "East": 21.0}


def block(place):
    """A plateau from hour 4 to 14, gone from hour 15 on and not there at hour 3: ten hours and two half ones."""
    hours = np.arange(HOURS + 1.0)
    rise = ((hours >= 4) & (hours <= 14)).astype(float)
    return PEOPLE[place] * np.stack([rise, 2 * rise])


def curves(quantity, place):
    if place == "City":
        if quantity == "indoor_temperature_c":
            return np.full((2, HOURS + 1), 16.5, np.float32)
        return (curves(quantity, "West") + curves(quantity, "East")).astype(np.float32)
    if quantity == "indoor_temperature_c":
        return np.full((2, HOURS + 1), INDOOR[place], np.float32)
    return block(place).astype(np.float32)


def make(figures=(), quantities=("people_below_16c", "heat_people_out", "indoor_temperature_c"), **west):
    parts = [
        Place("West", timezone="Europe/Kyiv", heat_buildings=100, residents=30_000, **west),
        Place("East", timezone="Europe/Kyiv", heat_buildings=50, residents=9_000, share_children=0.25),
    ]
    city = Place("City", timezone="Europe/Kyiv", parts=parts)
    event = Event("2026-01-20T18:00Z", kind="attack")
    scenario = Scenario(START, HOURS, city, events=[event], figures=list(figures))
    return Estimate(
        scenario=scenario,
        members=2,
        status="fitted",
        fit_text="",
        parameters=np.zeros((2, 1)),
        parameter_names=("rate",),
        figure_fit=None,
        seed=1,
        priors=pd.DataFrame(),
        curves=curves,
        available=tuple((name, place) for place in ("City", "West", "East") for name in quantities),
    )


def row(table, place, measure, group="all"):
    found = table[(table["place"] == place) & (table["measure"] == measure) & (table["group"] == group)]
    return found.iloc[0]


def test_person_hours_are_people_times_hours():
    west = row(make().impact(level=0.9), "West", "person_hours_without_heat")
    # ten hours on the plateau and half an hour on each flank: 33,000; the second member has twice as many
    assert west["unit"] == "person h"
    assert west[["low", "median", "high"]].tolist() == pytest.approx([33_000 * 1.05, 33_000 * 1.5, 33_000 * 1.95])
    assert west["start"] == pd.Timestamp("2026-01-20T18:00Z")
    assert west["end"] == pd.Timestamp("2026-01-21T16:00Z")


def test_a_place_has_what_its_parts_have():
    table = make().impact()
    for measure in table["measure"].unique():
        city, west, east = (row(table, place, measure)["median"] for place in ("City", "West", "East"))
        assert city == pytest.approx(west + east)


def test_a_window_cuts_the_sum():
    table = make().impact(start="2026-01-20T22:00Z", end="2026-01-21T00:00Z")  # hours 6 to 8 of the plateau
    assert row(table, "West", "person_hours_below_16c")["low"] == pytest.approx(6_000 * 1.05)


def test_degree_hours_take_each_part_by_its_own_temperature():
    table = make().impact()
    # West: 3 K below 18 degC. East is warmer than 18 degC, and does not make up for it.
    assert row(table, "West", "degree_hours_below_18c")["median"] == pytest.approx(3 * 33_000 * 1.5)
    assert row(table, "East", "degree_hours_below_18c")["median"] == 0
    assert row(table, "City", "degree_hours_below_18c")["median"] == pytest.approx(3 * 33_000 * 1.5)
    assert row(table, "City", "degree_hours_below_18c")["unit"] == "person K h"


def test_a_group_is_there_where_every_part_tells_its_share():
    only_east = make().impact()
    assert row(only_east, "East", "person_hours_without_heat", "children")["median"] == pytest.approx(11_000 * 1.5 / 4)
    assert set(only_east.loc[only_east["place"] != "East", "group"]) == {"all"}
    both = make(share_children=0.1, share_over_65=0.2).impact()
    west, east = (row(both, place, "person_hours_without_heat", "children")["median"] for place in ("West", "East"))
    assert west == pytest.approx(33_000 * 1.5 * 0.1)
    assert row(both, "City", "person_hours_without_heat", "children")["median"] == pytest.approx(west + east)
    assert set(both.loc[both["place"] == "City", "group"]) == {"all", "children"}


def test_what_is_not_known_has_no_row():
    table = make(quantities=("heat_people_out",)).impact()
    assert set(table["measure"]) == {"person_hours_without_heat"}
    assert not table.isna().any(axis=None)


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        ({"level": 1.0}, "level: must be between 0 and 1, got 1.0"),
        ({"start": "2026-01-20T20:00"}, "start: needs a UTC offset such as"),
        ({"end": "2026-01-29T20:00Z"}, "end: must be from 2026-01-20T16:00:00"),
        ({"start": "2026-01-21T02:00Z", "end": "2026-01-20T20:00Z"}, "start: must be before the end"),
    ],
)
def test_a_wrong_window_or_level_is_told(options, rule):
    with pytest.raises(ValueError, match=rule):
        make().impact(**options)


TRAINER = [(100, 5), (200, 10), (300, 11)]
"""Customers and minutes; 10,000 served. https://aryan1359.github.io/Reliability-Metrics-Trainer has 5,800
customer-minutes, SAIDI 0.58 minutes, SAIFI 0.06, CAIDI 9.67 minutes."""


def utility(told=TRAINER, *, cuts=False):
    """Minute by minute: outages one after the other; the end of a cut is no restoration."""
    out = np.concatenate([[0.0], *([customers] * minutes + [0.0] for customers, minutes in told)])
    restored = np.cumsum(np.maximum(-np.diff(out, prepend=0.0), 0.0)) * (not cuts)
    found = {"power_customers_out": out, "power_customers_restored": restored}
    area = Place("Area", power_customers=10_000)
    return Estimate(
        scenario=Scenario("2026-02-03T00:00Z", (len(out) - 1) / 60, area, step_h=1 / 60),
        members=2,
        status="fitted",
        fit_text="",
        parameters=np.zeros((2, 1)),
        parameter_names=("rate",),
        figure_fit=None,
        seed=1,
        priors=pd.DataFrame(),
        available=tuple((name, "Area") for name in found),
        curves=lambda quantity, _place: np.tile(found[quantity], (2, 1)).astype(np.float32),
        stocks=lambda _stock, _place: np.full(2, 10_000, np.float32),
    )


def test_indices_of_reliability_of_a_published_exercise():
    table = utility().impact().set_index("measure")["median"]
    assert table["customer_hours_without_power"] * 60 == pytest.approx(5_800)
    assert table["saidi_min"] == pytest.approx(0.58)
    assert table["saidi_h"] == pytest.approx(0.58 / 60)
    assert table["saifi"] == pytest.approx(0.06)
    assert table["caidi_h"] * 60 == pytest.approx(9.67, abs=0.005)


def test_those_out_at_the_start_of_a_window_are_interrupted_once():
    # from minute 7 (200 are out since minute 7) to minute 15: eight minutes of one interruption
    table = utility().impact(start="2026-02-03T00:07Z", end="2026-02-03T00:15Z").set_index("measure")["median"]
    assert table["saifi"] == pytest.approx(0.02)
    assert table["saidi_min"] == pytest.approx(200 * 8 / 10_000)
    assert table["caidi_h"] * 60 == pytest.approx(8)


def test_cuts_that_are_not_restored_count_each_time_that_the_curve_rises():
    table = utility(cuts=True).impact().set_index("measure")["median"]
    assert table["saifi"] == pytest.approx(0.06)
    assert table["caidi_h"] * 60 == pytest.approx(9.67, abs=0.005)


def test_where_nobody_is_interrupted_all_indices_are_zero():
    table = utility([(0, 5)]).impact().set_index("measure")
    assert (table.loc[["saidi_h", "saidi_min", "saifi", "caidi_h"], ["low", "median", "high"]] == 0).all(axis=None)


@pytest.fixture(scope="module")
def modelled():
    place = "Kyiv"
    return simulate(load_scenario("kyiv-2026-01-09"), members=256, rng=1), place


def test_the_model_never_counts_more_people_than_residents(modelled):
    estimate, place = modelled
    residents = estimate.stocks("residents", place)
    for quantity, where in estimate.available:
        if where == place and (quantity.startswith("people_") or quantity.endswith("_people_out")):
            people = estimate[quantity, place].draws
            assert (people <= residents[:, None] * (1 + 1e-6)).all(), quantity


def test_without_any_lies_between_the_worst_service_and_their_sum(modelled):
    estimate, place = modelled
    each = [estimate[name, place].hours() for name in ("power_people_out", "heat_people_out", "water_people_out")]
    either = estimate["people_without_any", place].hours()
    assert (either >= np.max(each, axis=0) * (1 - 1e-5)).all()
    assert (either <= np.sum(each, axis=0) * (1 + 1e-5)).all()


def test_the_coldest_homes_are_among_the_cold_ones_and_all_hours_fit_the_window(modelled):
    estimate, _ = modelled
    table = estimate.impact().query("place == 'Kyiv' and group == 'all'").set_index("measure")
    person_hours = table["high"].filter(like="below").filter(like="person")
    assert person_hours.is_monotonic_decreasing
    window_h = (table["end"] - table["start"]).iloc[0] / pd.Timedelta(hours=1)
    assert table.loc["saidi_h", "high"] <= window_h
    assert table.loc["saidi_min", "median"] == pytest.approx(60 * table.loc["saidi_h", "median"])
    assert (table["low"] <= table["median"]).all()


POINTS = {
    "quantity": "warming_points_open",
    "place": "City",
    "kind": "stock",
    "source": "council",
    "qualifier": "about",
}


def test_nights_are_told_by_their_evening_with_the_points_known_by_then():
    figures = [
        POINTS | {"id": "first", "time": "2026-01-21T00:00Z", "value": 20},
        POINTS | {"id": "later", "time": "2026-01-21T12:00Z", "value": 40},
    ]
    table = make(figures).cold_nights(level=0.9)
    assert table["place"].tolist() == ["City", "West", "East"]
    assert [str(night) for night in table["night"]] == ["2026-01-20"] * 3  # 22 to 6 o'clock is 20 to 4 UTC
    city = table.iloc[0]
    people = city[["people_below_16c_low", "people_below_16c", "people_below_16c_high"]].tolist()
    assert people == pytest.approx([4_200, 6_000, 7_800])
    assert city["warming_points_open"] == 20
    assert city["people_per_point"] == pytest.approx(300)
    assert city["people_per_point_high"] == pytest.approx(390)
    assert table.loc[1:, "warming_points_open":].isna().all(axis=None)


@pytest.mark.parametrize("latest", [{"value": 0}, {"qualifier": "none"}, {"qualifier": "dozens"}])
def test_points_that_were_closed_or_not_counted_are_not_told_as_before(latest):
    figures = [
        POINTS | {"id": "first", "time": "2026-01-20T20:00Z", "value": 20},
        POINTS | {"id": "later", "time": "2026-01-21T00:00Z"} | latest,
    ]
    assert make(figures).cold_nights().iloc[0].loc["warming_points_open":].isna().all()


def test_an_estimate_without_cold_homes_has_no_nights():
    assert make(quantities=("heat_people_out",)).cold_nights().empty


def test_buildings_hit_again_lie_between_chance_and_the_same_ones_first():
    """80 of 100 are out in the first attack, 30 are back before the second, which leaves 90 out: 40 are newly lost."""
    hours = np.arange(HOURS + 1.0)
    out = np.where(hours < 2, 0.0, np.where(hours < 6, 80.0, np.where(hours <= 10, 50.0, 90.0)))
    events = [Event(pd.Timestamp(START) + pd.Timedelta(hours=hour), kind="attack") for hour in (1, 10)]
    place = Place("City", heat_buildings=100)
    figure = {
        "id": "told",
        "time": pd.Timestamp(START) + pd.Timedelta(hours=12),
        "place": "City",
        "value": 90,
        "quantity": "heat_buildings_out",
        "qualifier": "about",
        "kind": "stock",
        "source": "city",
    }
    scenario = Scenario(START, HOURS, place, events=events, figures=[figure])
    estimate = Estimate(
        scenario=scenario,
        members=2,
        status="fitted",
        fit_text="",
        parameters=np.zeros((2, 1)),
        parameter_names=("rate",),
        figure_fit=None,
        seed=1,
        priors=pd.DataFrame(),
        curves=lambda _quantity, _place: np.stack([out, out]).astype(np.float32),
        stocks=lambda _stock, _place: np.full(2, 100.0),
        available=(("heat_buildings_out", "City"),),
    )
    table = estimate.impact()
    assert row(table, "City", "share_hit_again", "at_random")["median"] == pytest.approx(30 / 50)
    assert row(table, "City", "share_hit_again", "same_first")["median"] == pytest.approx(30 / 40)


def test_after_a_first_event_nothing_is_hit_again():
    table = simulate(load_scenario("kyiv-2026-01-24"), members=64, rng=1).impact()
    assert (table["measure"] == "share_hit_again").any()
    once = load_scenario("kharkiv-2024-03-22")
    assert not (simulate(once, members=64, rng=1).impact()["measure"] == "share_hit_again").any()
