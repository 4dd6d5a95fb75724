"""Warnings that follow from a scenario and the size of a run."""

import numpy as np
import pandas as pd
import pytest

import energy_impact as ei
from energy_impact.cautions import few_members
from energy_impact.results.terminal import curve_table

CITY = ei.Place("C", timezone="Australia/Sydney", power_customers=50_000, heat_buildings=1000, residents=120_000)
START = "2026-01-24T00:00+11:00"
TEMPERATURE = {
    "id": "t",
    "time": "2026-01-24T09:00+11:00",
    "place": "C",
    "quantity": "air_temperature_c",
    "value": 38,
    "qualifier": "about",
    "kind": "stock",
    "source": "service",
}


def storm(hour, **more):
    return ei.Event(f"2026-01-24T{hour:02d}:00+11:00", kind="storm", duration_h=1, **more)


def warnings_of(members=64, **given):
    scenario = ei.Scenario(START, 24, given.pop("places", CITY), **given)
    return ei.simulate(scenario, members=members, rng=1).warnings


ZONE = {"timezone": "Australia/Sydney"}


def test_a_place_on_no_known_clocks_is_told():
    town = ei.Place("Town", power_customers=9, residents=20)
    (said,) = warnings_of(places=town)
    assert said == "No timezone is given for Town: nights and all times are those of UTC."
    assert warnings_of(places=ei.Place("Land", parts=[town], timezone="UTC")) == ()
    again = ei.Scenario.from_dict(ei.Scenario(START, 24, town).to_dict())
    assert again.places == (town,)
    assert ei.simulate(again, members=64, rng=1).warnings == (said,)
    (many,) = warnings_of(places=[ei.Place(name, power_customers=9) for name in "ABCDEFG"])
    assert "for A, B, C, D, E, …: " in many


def test_a_default_temperature_is_said_and_a_known_one_is_not():
    (said,) = warnings_of()
    assert "5 ± 10 °C is taken everywhere" in said
    assert warnings_of(figures=[TEMPERATURE]) == ()
    hourly = pd.Series(38.0, pd.date_range("2026-01-23T12:00Z", periods=40, freq="h"))
    assert warnings_of(weather=hourly) == ()
    assert warnings_of(places=ei.Place("C", **ZONE, power_customers=50_000)) == ()
    early = TEMPERATURE | {"time": "2025-01-24T09:00+11:00"}
    assert len(warnings_of(figures=[early])) == 1


def test_buildings_that_hold_far_more_than_the_place_are_asked_about():
    """In 2,000 large blocks, of 200 residents or more, 400,000 would live: too many for a town of 60,000."""
    sizes = ZONE | {"power_customers": 500_000, "heat_buildings": 2_000, "residents": (50_000, 60_000)}
    (said,) = warnings_of(places=ei.Place("C", **sizes), figures=[TEMPERATURE])
    assert said.startswith(
        "C: 2,000 buildings with 200 residents each, or more, hold over twice its residents, 60,000."
    )
    assert "Is residents_per_building right?" in said
    assert warnings_of(places=ei.Place("C", **sizes, residents_per_building=(20, 40)), figures=[TEMPERATURE]) == ()
    assert warnings_of(places=ei.Place("C", **sizes | {"residents": None}), figures=[TEMPERATURE]) == ()
    accounts = ei.Place("C", **ZONE, power_customers=20_000, residents=40_000, gas_customers=8_000)
    assert warnings_of(places=accounts, figures=[TEMPERATURE]) == ()
    small = ei.Place("C", **ZONE, power_customers=900, heat_buildings=(20, 40))
    (said,) = warnings_of(places=small, figures=[TEMPERATURE])
    assert said.startswith("C: 20 buildings with 100 accounts each, or more, hold over twice its accounts, 900.")


def test_events_that_may_come_are_said_to_be_in_peaks_and_times():
    figures = [TEMPERATURE]
    (said,) = warnings_of(events=[storm(1)], new_events=[ei.EventRate(kind="storm", per_week=1)], figures=figures)
    assert said.startswith("Events that may come are part of the forecast: peaks, times until half")
    never = ei.EventRate(kind="storm", per_week=0)
    over = ei.EventRate(kind="storm", per_week=1, start=START, end="2026-01-24T01:30+11:00")
    assert warnings_of(events=[storm(1)], new_events=[never, over], figures=figures) == ()


def test_a_small_ensemble_states_the_error_of_its_interval():
    """Of 50 members the share below the lower end is binomial: sqrt(0.05 x 0.95 / 50) = 3.1 %."""
    assert few_members(50) == ("50 simulated courses: a 90 % interval ends with an error of 3 % of what may come.",)
    assert "and holds at most 33 %" in few_members(2)[0]
    assert few_members(53) == ()
    (said,) = warnings_of(members=3, figures=[TEMPERATURE])
    assert said.startswith("3 simulated courses: ")
    with pytest.warns(UserWarning, match="2 simulated courses: a 90 %"):
        ei.bands(ei.Scenario(START, 2, CITY), members=2, rng=1)


def test_one_event_given_twice_is_asked_about_and_two_places_are_not():
    figures = [TEMPERATURE]
    (said,) = warnings_of(events=[storm(1), storm(1)], figures=figures)
    assert "is given 2 times: is it one event?" in said
    parts = [ei.Place(name, **ZONE, power_customers=9) for name in ("A", "B")]
    events = [storm(1, places=["A"]), storm(1, places=["B"])]
    assert warnings_of(events=events, places=parts) == ()


def test_an_event_after_the_last_figure_is_said_to_be_outside_peak_and_headline():
    count = TEMPERATURE | {"id": "h", "quantity": "heat_buildings_out", "value": 500}
    (said,) = warnings_of(events=[storm(1), storm(20)], figures=[TEMPERATURE, count])
    assert said.startswith("After the last figure, at 2026-01-23T22:00:00+00:00: storm of 2026-01-24T09:00:00+00:00.")
    run = ei.simulate(ei.Scenario(START, 24, CITY, events=[storm(1), storm(20)], figures=[TEMPERATURE, count]), rng=1)
    peak = run.summary().set_index("quantity").loc["heat_buildings_out", "peak"]
    until = run["heat_buildings_out", "C"].draws[:, 1:21].max(axis=1)
    assert peak == pytest.approx(np.median(until), rel=1e-5)


def test_an_hour_that_clocks_repeat_has_two_labels():
    place = ei.Place("C", timezone="Europe/Kyiv", power_customers=50_000)
    scenario = ei.Scenario("2026-10-25T00:00+03:00", 8, place)
    rows = curve_table(ei.simulate(scenario, members=64, rng=1)["power_customers_out", "C"], level=0.9).splitlines()[2:]
    labels = [row.split("  ")[0] for row in rows]
    assert len(set(labels)) == len(labels)
    assert labels[3:5] == ["25 Oct 03+0300", "25 Oct 03+0200"]


def test_a_truce_that_has_no_attacks_to_thin_out_says_so():
    truce = ei.Truce("2026-01-24T10:00+11:00", "2026-01-24T20:00+11:00", claimed_by="both", reduces=1, holds=1)
    attacks, storms = (ei.EventRate(kind=kind, per_week=9) for kind in ("attack", "storm"))
    for rates, warned in (([], 1), ([storms], 1), ([storms, attacks], 0)):
        run = ei.simulate(ei.Scenario(START, 24, CITY, events=[storm(1)], new_events=rates), members=64, rng=1)
        assert sum("truce changes nothing" in text for text in run.what_if(truce=truce).warnings) == warned
        assert not any("truce" in text for text in run.warnings)
