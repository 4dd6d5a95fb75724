"""Facts of real outages: each has its source, its hours are in order, and benchmarks read it."""

from __future__ import annotations

import pandas as pd
import pytest
import real_events

from energy_impact._data import seeds_folder
from energy_impact.figures.table import read_figures
from energy_impact.systems import STOCKS

FOLDER = seeds_folder() / "outages"
EVENTS = pd.read_csv(FOLDER / "events.csv", keep_default_na=False).set_index("event")
SOURCES = pd.read_csv(FOLDER / "sources.csv", keep_default_na=False).set_index("id")
FIGURES = read_figures(FOLDER / "figures.csv")
LONGEST_NOTE = 20
"""Words of a note: our own, and no sentence of a report."""


def test_every_source_has_an_address_and_is_used():
    named = set(FIGURES["source"]) | set(EVENTS["source"]) - {""}
    mentioned = {name for name in SOURCES.index if FIGURES["note"].fillna("").str.contains(name, regex=False).any()}
    assert named | mentioned == set(SOURCES.index)
    assert SOURCES.index.is_unique
    addresses = SOURCES.drop(index="judgement")["address"]
    assert addresses.str.match(r"https?://\S+$").all()
    assert not addresses.duplicated().any()


def test_judgement_is_behind_stocks_and_never_behind_a_figure():
    assert "judgement" not in set(FIGURES["source"])
    assert (EVENTS["source"] == "judgement").equals(EVENTS["note"].str.contains("stock: judgement"))


@pytest.mark.parametrize("name", EVENTS.index)
def test_an_outage_has_two_figures_in_order_after_its_beginning(name):
    rows, about = FIGURES[FIGURES["event"] == name], EVENTS.loc[name]
    begin = pd.Timestamp(about["start"])
    earliest = rows["time"] - pd.to_timedelta(rows["time_uncertainty_h"], unit="h")
    assert len(rows) >= 2
    assert rows["time"].is_monotonic_increasing
    assert (earliest >= begin - pd.Timedelta(minutes=5)).all()
    assert set(rows["place"]) == {about["place"]}
    assert set(rows["quantity"]) == {about["stock"].removesuffix("s") + "s_out"}
    assert about["stock"] in STOCKS
    assert len(set(rows["unit"])) == 1


def test_hours_are_in_the_zone_of_their_place():
    written = pd.read_csv(FOLDER / "figures.csv", keep_default_na=False)
    zones = written["event"].map(EVENTS["timezone"])
    for text, zone in zip([*written["time"], *EVENTS["start"]], [*zones, *EVENTS["timezone"]], strict=True):
        told = pd.Timestamp(text)
        assert told.utcoffset() == told.tz_convert(zone).utcoffset(), text


def test_what_a_report_says_is_back_is_marked_as_derived():
    notes = FIGURES["note"].fillna("")
    restored = notes.str.contains(r"\b(?:back|restored|met|supplied)\b") & FIGURES["value"].notna()
    assert restored.sum() >= 30
    assert notes[restored & ~notes.str.startswith("derived")].tolist() == [
        "seven of those restored were shut off again"
    ]


def test_notes_are_a_few_words():
    for note in [*FIGURES["note"].fillna(""), *EVENTS["note"], *SOURCES["note"]]:
        assert len(note.split()) <= LONGEST_NOTE, note


def test_every_outage_becomes_a_scenario_with_its_stock_and_its_frost():
    found = {event.name: event for event in real_events.events([]) if event.form == "fact"}
    assert list(found) == list(EVENTS.index)
    assert found["uruguay-2019-06-16"].scenario.places[0].power_customers == (1_480_000, 1_505_000)
    assert found["noord-holland-2015-03-27"].scenario.places[0].power_customers == (1_500_000, 60_000_000)
    for event in found.values():
        steps = (event.scenario.events[0].end - event.scenario.start) / pd.Timedelta(hours=1)
        assert steps == round(steps)
    assert set(found["chekhov-2026-01-17"].scenario.weather) == {-18.0}
    assert found["kushva-2026-01-11"].scenario.weather is None
    assert found["argentina-2019-06-16"].addresses["argentina-2019-06-16-2"].startswith("https://www.24horas.cl/")
