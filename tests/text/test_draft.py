from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

import energy_impact as ei
from energy_impact.scenario import ScenarioError
from energy_impact.text.draft import scenario_text, unknown_parts
from energy_impact.text.sheet import csv_text
from tests.text.invented import MORNING, NOON, candidate

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS = {
    'timezone = "?"': 'timezone = "Europe/Oslo", heat_buildings = [8000, 9000], power_customers = 2_000_000',
    'time = "?"': 'time = "2026-01-24T01:00+01:00"',
    'kind = "?"': 'kind = "storm"',
}


def write(reading: ei.Reading, folder: Path) -> tuple[Path, str]:
    text = scenario_text(reading, "figures.csv")
    (folder / "figures.csv").write_text(csv_text(reading), encoding="utf-8")
    file = folder / "scenario.toml"
    file.write_text(text, encoding="utf-8")
    return file, text


def faults(file: Path) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        ei.load_scenario(file)
    return list(error.value.faults)


def test_a_fresh_draft_names_all_that_is_unknown(reading, tmp_path: Path):
    file, text = write(reading, tmp_path)
    assert len(unknown_parts(text)) == 4
    told = faults(file)
    assert "places 1: place 'Northport', timezone: must be a known IANA timezone, got '?'" in told
    assert "places 2: place 'Oldhaven', timezone: must be a known IANA timezone, got '?'" in told
    assert any(fault.startswith("events 1, time: must be a time") for fault in told)
    assert any(fault.startswith("events 1, kind: '?' is not one of") for fault in told)
    assert sum("column accept: must be yes or no" in fault for fault in told) == 3
    assert len(told) == 7


def test_a_draft_loads_once_its_unknowns_are_filled(reading, tmp_path: Path):
    decided = reading.set("morning-post-2", place="Northport").set("morning-post-3", time=MORNING).accept(0.0)
    file, text = write(decided, tmp_path)
    for unknown, answer in ANSWERS.items():
        text = text.replace(unknown, answer)
    assert unknown_parts(text) == []
    file.write_text(text, encoding="utf-8")
    scenario = ei.load_scenario(file)
    assert [place.name for place in scenario.places] == ["Northport", "Oldhaven"]
    assert list(scenario.figures["id"]) == ["morning-post-1", "morning-post-2", "morning-post-3"]
    assert ei.estimate(scenario, members=64, rng=1).status != "prior only"


@pytest.mark.parametrize(("unknown", "answer"), ANSWERS.items())
def test_one_unknown_that_is_left_is_the_one_that_is_named(reading, tmp_path: Path, unknown: str, answer: str):
    decided = reading.drop(["morning-post-2", "morning-post-3"]).accept(0.0)
    file, text = write(decided, tmp_path)
    for other, given in ANSWERS.items():
        text = text.replace(other, other if other == unknown else given)
    file.write_text(text, encoding="utf-8")
    (fault,) = faults(file)
    assert unknown.partition(" ")[0] in fault
    assert "'?'" in fault
    file.write_text(text.replace(unknown, answer), encoding="utf-8")
    assert len(ei.load_scenario(file).figures) == 1


def places_of(reading: ei.Reading) -> object:
    return tomllib.loads(scenario_text(reading, "figures.csv"))["places"]


def test_shipped_places_are_named_and_their_parts_left_inside(found):
    found["1 2"] = [
        candidate("1 2", "1", "heat_buildings_out", 1, place="Kyiv"),
        candidate("1 2", "2", "power_customers_out", 2, place="Ukraine"),
    ]
    reading = ei.read_text("1 2", published=NOON)
    assert places_of(reading) == ["Ukraine"]
    assert places_of(reading.set("article-2026-01-24-2", place="Belgorod")) == ["Kyiv", "Belgorod"]


def test_given_places_are_written_with_all_that_is_known_of_them(found):
    west = ei.Place("West", heat_buildings=(1900, 2300), near_front=True)
    city = ei.Place("Çity \U0001f600", parts=[west], timezone="Europe/Kyiv")
    found["1"] = [candidate("1", "1", "heat_buildings_out", 1, place=city.name)]
    reading = ei.read_text("1", published=NOON, places=city).accept(0.0)
    (place,) = places_of(reading)
    assert place["timezone"] == "Europe/Kyiv"
    assert place["parts"] == [{"name": "West", "heat_buildings": [1900, 2300], "near_front": True}]


@pytest.mark.parametrize(
    ("place", "hint"),
    [
        ("Sumy", '"Sumy", # shipped, with the sizes of the region'),
        ("Sumy region", 'the shipped "Sumy" is it (--places Sumy)'),
        ("Kyiv", '"Kyiv", # shipped, with its sizes'),
    ],
)
def test_a_shipped_region_with_the_name_of_its_city_is_told_apart(found, place, hint):
    found["1"] = [candidate("1", "1", "heat_buildings_out", 1, place=place)]
    assert hint in scenario_text(ei.read_text("1", published=NOON), "figures.csv")


def test_a_part_on_other_clocks_than_the_place_around_it_keeps_them(found):
    west = ei.Place("West", heat_buildings=10, timezone="UTC")
    city = ei.Place("City", parts=[west, ei.Place("East", heat_buildings=10)], timezone="Europe/Kyiv")
    found["1"] = [candidate("1", "1", "heat_buildings_out", 1, place="City")]
    (place,) = places_of(ei.read_text("1", published=NOON, places=city).accept(0.0))
    assert [part.get("timezone") for part in place["parts"]] == ["UTC", None]


@pytest.mark.usefixtures("found")
def test_articles_without_figures_make_a_draft_too(tmp_path: Path):
    file, _ = write(ei.read_text("", published=NOON), tmp_path)
    assert "places 1: place: must be in the shipped places.csv, got '?'" in faults(file)[0]


def test_the_start_is_a_midnight_before_the_figures_and_old_ones_do_not_move_it(found):
    found["1 2"] = [
        candidate("1 2", "1", "heat_buildings_out", 1, place="Kyiv", time=MORNING, time_uncertainty_h=10.0),
        candidate("1 2", "2", "heat_buildings_out", 2, place="Kyiv", time=MORNING.replace(year=2022)),
    ]
    text = scenario_text(ei.read_text("1 2", published=NOON), "figures.csv")
    assert tomllib.loads(text)["start"] == "2026-01-22T00:00+02:00"


def test_each_event_that_figures_name_has_its_table(found):
    found["1 2"] = [
        candidate("1 2", "1", "heat_buildings_out", 1, event="24 January"),
        candidate("1 2", "2", "heat_buildings_out", 2, event='a "storm"\n'),
    ]
    text = scenario_text(ei.read_text("1 2", published=NOON), "figures.csv")
    assert [event["name"] for event in tomllib.loads(text)["events"]] == ["24 January", 'a "storm"']


def test_nothing_in_a_source_ends_its_comment(found):
    found["1"] = [candidate("1", "1", "heat_buildings_out", 1)]
    text = scenario_text(ei.read_text("1", published=NOON, source='x\n[priors]\r"""y'), "figures.csv")
    assert "priors" not in tomllib.loads(text)
    assert "\r" not in text
