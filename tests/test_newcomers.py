"""Ways of newcomers, with public calls alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import energy_impact as ei


def test_an_article_becomes_a_brief(tmp_path):
    """A journalist has an article and accepts what was found in it."""
    article = "Станом на 11:00 24 січня без опалення в Києві залишаються 6 000 будинків."
    reading = ei.read_text(article, published="2026-01-24T14:00+02:00", source="mayor", places=ei.place("Kyiv"))
    figures = reading.accept(reading.candidates["id"].tolist()).figures()
    assert figures["value"].tolist() == [6000]
    attack = ei.Event("2026-01-24T01:00+02:00", kind="attack", duration_h=6)
    scenario = ei.Scenario("2026-01-23T12:00+02:00", 192, ei.place("Kyiv"), events=[attack], figures=figures)
    run = ei.estimate(scenario, members=64, rng=1)
    assert run.status == "fitted"
    page = run.report(tmp_path / "brief.html", brief=True).read_text(encoding="utf-8")
    people, held = run.headline.split(". ")
    assert people in page
    assert held in page


def test_a_german_article_on_a_town_that_no_list_has_becomes_a_brief(tmp_path):
    """A journalist knows the town only roughly, and says which of its places a district is."""
    article = (
        "Sturmtief Nadja hat in der Nacht zum Dienstag in Cottbus weite Teile des Stromnetzes lahmgelegt. Nach Angaben "
        "des Netzbetreibers waren gegen 3 Uhr rund 14.000 Haushalte ohne Strom. Bis Dienstagmittag konnten die "
        "Techniker etwa 9.000 Kunden wieder versorgen. Im Stadtteil Sandow fiel zudem die Fernwärme aus, 120 "
        "Wohnhäuser sind ohne Heizung. Die Temperatur liegt bei minus 4 Grad. Mit einer vollständigen Versorgung "
        "rechnet der Betreiber nicht vor Mittwochabend."
    )
    sizes = {"power_customers": (40_000, 70_000), "heat_buildings": (500, 3_000), "residents": 100_000}
    town = ei.Place("Cottbus", timezone="Europe/Berlin", **sizes)
    reading = ei.read_text(article, published="2026-02-10T14:00+01:00", places=town, source="Bote")
    for question in reading.questions():
        if question.about == "place":
            reading = reading.set(question.id, place="Cottbus")
    figures = reading.accept(0.6).figures()
    assert figures["value"].tolist() == [14_000, 9_000, 120, -4]
    storm = ei.Event("2026-02-09T23:00+01:00", kind="storm", duration_h=(3, 8))
    scenario = ei.Scenario("2026-02-09T12:00+01:00", 120, town, events=[storm], figures=figures)
    run = ei.estimate(scenario, members=64, rng=1)
    assert run.status == "fitted"
    page = run.report(tmp_path / "brief.html", brief=True).read_text(encoding="utf-8")
    assert "<h1>Cottbus after the storm of 9 February</h1>" in page


def test_two_bulletins_become_warming_places_by_night_under_three_options(tmp_path):
    """A planner with two bulletins asks how many places warming points need each night."""
    file = tmp_path / "bulletins.csv"
    file.write_text(
        "id,time,place,quantity,value,qualifier,kind,source\n"
        "morning,2026-01-24T09:00+02:00,Kyiv,heat_buildings_out,6 000,about,stock,mayor\n"
        "evening,2026-01-24T20:00+02:00,Kyiv,heat_buildings_out,4 000,over,stock,mayor\n"
        "frost,2026-01-24T20:00+02:00,Kyiv,air_temperature_c,-12,about,stock,weather service\n",
        encoding="utf-8",
    )
    attack = ei.Event("2026-01-24T01:00+02:00", kind="attack", duration_h=6)
    scenario = ei.Scenario("2026-01-23T12:00+02:00", 192, ei.place("Kyiv"), events=[attack], figures=file)
    run = ei.estimate(scenario, members=64, rng=1)
    options = {"as it is": run, "8 K colder": run.what_if(colder=8), "boilers": run.what_if(mobile_boilers=500)}
    table = ei.compare(options).table()
    nights = table[table["measure"] == "people_below_16c"]
    places = nights.pivot_table(index="night", columns="option", values="high")[list(options)]
    assert places.index[0] == pd.Timestamp("2026-01-24")
    assert len(places) == 7
    assert (places["8 K colder"] >= places["as it is"]).all()
    assert (places["boilers"] <= places["as it is"]).all()
    assert run.report(tmp_path / "brief.html", brief=True).stat().st_size > 10_000


def test_a_raw_table_becomes_indices_and_a_fitted_family():
    """An analyst has counts of two counties every quarter of an hour; rows without outages are left out."""
    times = pd.date_range("2024-01-09 06:00", periods=96, freq="15min")
    out = np.round(np.interp(np.arange(96), [0, 20, 24, 90, 95], [0, 0, 9000, 50, 0]))
    rows = pd.DataFrame({"run_start_time": times, "county": "Lake", "state": "Ohio", "customers_out": out})
    rows = pd.concat([rows, rows.assign(county="Ada", customers_out=out // 3)])
    table = ei.read_outages(rows[rows["customers_out"] > 0], timezone="America/New_York")
    series = table["Lake, Ohio"].dropna()
    events = ei.outage_events(series, threshold=100, missing="zero")
    (event,) = events.to_dict("records")
    assert event["peak_customers"] == 9000
    assert 3 < event["t50_h"] < event["t90_h"] < 20
    with pytest.warns(UserWarning, match="beside an unknown sample"):  # the series begins with the outage
        found = ei.reliability_indices(events, customers=80_000)
    assert found["saidi_h"] == pytest.approx(event["customer_hours"] / 80_000)
    days = ei.daily_saidi(events, customers=80_000, timezone="America/New_York")
    assert days.index[0] == pd.Timestamp("2024-01-09", tz="America/New_York")
    assert days.sum() == pytest.approx(found["saidi_min"])
    curves = ei.restoration_curves(series, events, hours=24, missing="zero")
    assert ei.restoration_bands(curves)["median"].iloc[0] == 1
    assert (curves.iloc[:, 0] <= 0.5).idxmax() == event["t50_h"]
    left = 9000 * curves.iloc[:, 0].dropna()
    came_back, hours = -left.diff().to_numpy()[1:], left.index.to_numpy()
    some = came_back > 0
    table = ei.fit_family(hours[:-1][some], hours[1:][some], weights=came_back[some])
    assert len(set(table["family"])) == 6
    best = table[table["family"] == table["family"].iloc[0]]
    family = ei.restoration_family(
        best["family"].iloc[0], **dict(zip(best["parameter"], best["estimate"], strict=True))
    )
    assert family.restored(event["t50_h"]) == pytest.approx(0.5, abs=0.1)
