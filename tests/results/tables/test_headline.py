import re

import numpy as np
import pandas as pd
import pytest

import energy_impact as ei
from energy_impact.event_kinds import EVENT_KINDS
from energy_impact.results.record import held_of_100
from energy_impact.results.tables import headline, relief
from energy_impact.results.tables.options import COLD
from energy_impact.results.tables.shelter import in_cold_homes

START = pd.Timestamp("2026-01-19T00:00Z")
HOUR = pd.Timedelta(hours=1)


def _town(**changes):
    place = ei.Place("Town", timezone="Europe/Kyiv", power_customers=50_000, heat_buildings=900, residents=120_000)
    storm = ei.Event(START + 6 * HOUR, kind="storm", duration_h=4)
    return ei.simulate(ei.Scenario(START, 96, place, events=[storm], **changes), members=64, rng=1)


def test_the_night_counts_the_most_at_once_from_ten_to_six_local_time():
    run = _town()
    (night, second) = headline.by_night(run, "power_people_out", "Town", level=0.9, most=2)
    curve = run["power_people_out", "Town"]
    dark = (curve.times >= START + 20 * HOUR) & (curve.times < START + 28 * HOUR)
    assert night.evening == pd.Timestamp("2026-01-19")
    assert night.people.median == np.median(curve.draws[:, dark].max(axis=1))
    assert second.evening == pd.Timestamp("2026-01-20")


def test_the_headline_speaks_of_people_tonight_and_how_sure():
    text = _town().headline
    assert text.startswith("About ")
    assert "people in Town are without" in text
    assert "in the night of 19 to 20 January; probably between" in text
    assert re.search(r"Ranges like this, meant to hold 9 times in 10, held \d\d of 100 times on real outages\.$", text)


def test_without_residents_there_is_no_headline():
    run = ei.simulate(ei.Scenario(START, 48, ei.Place("Barn", water_buildings=(10, 12))), members=8, rng=1)
    assert run.headline == "" or "people in Barn" in run.headline


def test_every_kind_of_event_has_its_record():
    found = {kind: held_of_100(kind) for kind in EVENT_KINDS}
    assert all(50 < held <= 100 for held, _ in found.values())
    assert found["attack"][1] == "attacks and accidents"


def test_help_is_ranked_by_what_it_spares():
    run = _town()
    options = relief.some_help(run, "Town")
    assert {option.places for option in options} == {("Town",)}
    found = relief.ranked(run, "power_people_out", "Town", options)
    assert found[0].option.name == "twice the repair crews"
    assert found[0].spared > 0
    assert [one.spared for one in found] == sorted((one.spared for one in found), reverse=True)
    assert sum(one.best for one in found) == 1


def test_warming_points_spare_what_a_run_under_them_spares():
    run = _town()
    option = ei.WhatIf("halls", warming_points=50, places=["Town"])
    (found,) = relief.ranked(run, COLD, "Town", [option])
    again = run.under(option)
    hours = [in_cold_homes(one, COLD, "Town").hours(run.scenario.now) for one in (run, again)]
    assert found.spared == pytest.approx(np.median(hours[0] - hours[1]), rel=1e-5)
    assert found.spared > 0


def test_the_status_speaks_of_people_before_the_fit():
    figure = {"place": "Town", "quantity": "power_customers_out", "kind": "stock", "source": "council"}
    figure |= {"id": "a", "time": START + pd.Timedelta(hours=14), "value": 9_000, "qualifier": "about"}
    run = ei.estimate(_town().scenario.replace(figures=[figure]), members=64, rng=1)
    assert run.status_text == f"{run.headline} Fitted to 1 figure."
    assert run.status_text.startswith("About ")


def test_without_a_figure_the_status_says_that_first():
    run = ei.estimate(_town().scenario, members=64, rng=1)
    assert run.status_text.startswith("Too little was published")
    assert run.status_text.endswith(run.headline)


def test_drained_buildings_speak_of_people_without_heat():
    figure = {"place": "Town", "quantity": "heat_buildings_drained", "kind": "stock", "source": "council"}
    figure |= {"id": "a", "time": START + pd.Timedelta(hours=14), "value": 90, "qualifier": "about"}
    frost = figure | {"id": "frost", "quantity": "air_temperature_c", "value": -15}
    run = ei.estimate(_town().scenario.replace(figures=[figure, frost]), members=64, rng=1)
    assert "people in Town are without district heat" in run.headline
