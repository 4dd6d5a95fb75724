"""Sound input that cases change, a small fit, and what must hold of any table of figures."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

import energy_impact as ei
from energy_impact import cli
from energy_impact.bounds import OF_UNIT
from energy_impact.quantities import QUANTITIES

if TYPE_CHECKING:
    import pandas as pd

HEADER = "id,time,place,quantity,value,value_high,qualifier,kind,unit,source,period_start,time_uncertainty_h,event,note"
ROWS = (
    "a,2026-01-24T09:00+02:00,Kyiv,heat_buildings_out,6000,,about,stock,,mayor,,1,strike,first",
    "b,2026-01-24T12:00+02:00,Kyiv,power_customers_out,0.3,0.4,range,stock,share,company,,,,",
    "c,2026-01-24T08:00+02:00,Kyiv,air_temperature_c,-12,,about,stock,,service,,,,",
    "d,2026-01-24T18:00+02:00,Kyiv,heat_buildings_restored,2000,,over,flow,,mayor,2026-01-24T02:00+02:00,,,",
    "e,2026-01-24T20:00+02:00,Kyiv,heat_buildings_out,,,thousands,stock,,mayor,,,,",
)
SHAPES = '{"type": "FeatureCollection", "features": [{"properties": {"code": "kyiv"}, "geometry": null}]}'
TOML = """\
title = "A strike"
start = "2026-01-24T00:00+02:00"
horizon_h = 24
step_h = 1.0

[[places]]
name = "Kyiv"
timezone = "Europe/Kyiv"
heat_buildings = 12000
power_customers = [900000, 1100000]
water_buildings = 11000
residents = 2900000
heat_needs_water = 0.1

[[events]]
time = "2026-01-24T01:00+02:00"
kind = "attack"
name = "strike"
duration_h = [2, 5]
missiles = 30
drones = 300

[[new_events]]
kind = "attack"
per_week = 2
hour = 3

[[truces]]
start = "2026-01-24T12:00+02:00"
end = "2026-01-26T00:00+02:00"
claimed_by = "mediators"
reduces = 0.9
holds = 0.5

[[figure]]
id = "h"
time = "2026-01-24T09:00+02:00"
place = "Kyiv"
quantity = "heat_buildings_out"
value = 6000
qualifier = "about"
kind = "stock"
source = "mayor"

[priors.night_factor]
median = 0.4
spread = 0.5
"""


@cache
def coded() -> ei.Estimate:
    """Return a small run of a place with a code."""
    place = ei.Place("Kyiv", timezone="Europe/Kyiv", power_customers=9000, residents=20_000, code="kyiv")
    return ei.simulate(ei.Scenario("2026-01-24T00:00+02:00", 12, place), members=8, rng=1)


@cache
def estimate() -> ei.Estimate:
    """Return a small fit."""
    place = ei.Place("Kyiv", timezone="Europe/Kyiv", heat_buildings=12_000, residents=2_900_000)
    event = ei.Event("2026-01-24T01:00+02:00", kind="attack", name="strike")
    figure = dict(zip(HEADER.split(","), ROWS[0].split(","), strict=True)) | {"value": 6000, "time_uncertainty_h": 1}
    figures = [{name: cell for name, cell in figure.items() if cell != ""}]
    scenario = ei.Scenario("2026-01-24T00:00+02:00", 12, place, events=[event], figures=figures)
    return ei.estimate(scenario, members=32, rng=1)


def sound_figures(table: pd.DataFrame) -> None:
    """Check that numbers of figures are within the bounds of their unit, and texts can be shown."""
    for row in table.itertuples():
        bounds = OF_UNIT["share" if row.unit == "share" else QUANTITIES[row.quantity].unit]
        assert all(np.isnan(number) or bounds.hold(number) for number in (row.value, row.value_high))
        assert 0 <= row.time_uncertainty_h <= 8784
        assert row.place.isprintable() or any(ord(letter) > 127 or letter in "\n\t" for letter in row.place)


def ends_well(words: list[str]) -> None:
    """Run a command and check that it ends with the code of an answer or of bad input."""
    try:
        code = cli.main(words)
    except SystemExit as stop:
        code = stop.code
    assert code in {0, 2}
