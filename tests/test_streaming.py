"""Bands of large ensembles: those of `simulate`, the same bits in any division of the work, and bounded memory."""

from __future__ import annotations

import tracemalloc
from concurrent.futures import Executor, Future, ProcessPoolExecutor

import numpy as np
import pandas as pd
import pytest

import energy_impact as ei
from energy_impact import ensemble_runs
from energy_impact.model.blocks import MEMBERS_PER_BLOCK

USUAL = {
    "customers": 99_499,
    "buildings": 1_200,
    "households": 144_000,
    "people": 312_000,
    "share": 1,
    "h/day": 24,
    "regions": 2,
}
"""Usual stock of a part by unit: the middle of its range, on the log scale."""
PANELS = [
    ("heat_buildings_out", "City"),
    ("people_below_16c", "City"),
    ("power_customers_out", "East"),
    ("power_customers_restored", "City"),
]


def scenario():
    horizon_h = 48
    parts = [
        ei.Place(
            name,
            timezone="Europe/Kyiv",
            power_customers=(90_000, 110_000),
            heat_buildings=(900, 1_600),
            water_buildings=1_000,
            customers_per_building=(100, 144),
            residents_per_building=(200, 338),
        )
        for name in ("East", "West")
    ]
    start = pd.Timestamp("2026-01-19T00:00+02:00")
    attacks = [ei.Event(start + pd.Timedelta(hours=hour), kind="attack", duration_h=3) for hour in (4, 30)]
    frost = pd.Series(-12.0, index=pd.date_range(start, periods=horizon_h + 1, freq="h"))
    return ei.Scenario(
        start, horizon_h, ei.Place("City", timezone="Europe/Kyiv", parts=parts), events=attacks, weather=frost
    )


@pytest.fixture(scope="module")
def simulated():
    return ei.simulate(scenario(), members=2048, rng=3)


def test_bands_are_the_quantiles_of_the_members_of_simulate(simulated):
    told = ei.bands(scenario(), members=2048, rng=3)
    columns = ["q05", "q25", "q50", "q75", "q95"]
    keys = told.groupby(["quantity", "place"], sort=False)
    assert set(keys.groups) == {key for key in simulated.available if key[0] != "indoor_temperature_c"}
    for (quantity, place), table in keys:
        exact = simulated[quantity, place].to_frame()
        pd.testing.assert_frame_equal(table.drop(columns=columns).reset_index(drop=True), exact.drop(columns=columns))
        values, unit = exact[columns].to_numpy(), 2 * 1e-4 * USUAL[table["unit"].iloc[0]]
        assert np.all(np.abs(table[columns].to_numpy() - values) <= (values + unit) / 64), (quantity, place)


def test_bands_of_a_place_without_a_system_and_of_those_beyond_warming_points():
    """Nobody can be out where nothing is; whom warming points do not take in is not bounded by their places."""
    common = {"residents": 270_000, "warming_places": 500.0}
    places = [ei.Place("Heated", heat_buildings=1_000, **common), ei.Place("Stoves", heat_buildings=0.0, **common)]
    frost = pd.Series(-15.0, index=pd.date_range("2026-01-19T00:00Z", periods=49, freq="h"))
    attack = ei.Event("2026-01-19T02:00Z", kind="attack")
    cold = ei.Scenario("2026-01-19T00:00Z", 48, places, events=[attack], weather=frost)
    told = dict(list(ei.bands(cold, members=2048, rng=3).groupby(["quantity", "place"])))
    assert (told["heat_buildings_out", "Stoves"][["q05", "q50", "q95"]].to_numpy() == 0).all()
    beyond = "people_without_warm_place", "Heated"
    exact = ei.simulate(cold, members=2048, rng=3)[beyond].to_frame()["q95"].to_numpy()
    assert exact.max() > 10_000
    np.testing.assert_allclose(told[beyond]["q95"], exact, rtol=1 / 64, atol=1)


@pytest.mark.parametrize("workers", [2, 3])
def test_any_number_of_workers_gives_the_same_bits(workers):
    one = ei.bands(scenario(), panels=PANELS, members=3000, rng=3)
    with ProcessPoolExecutor(workers) as pool:
        more = ei.bands(scenario(), panels=PANELS, members=3000, rng=3, executor=pool)
    pd.testing.assert_frame_equal(one, more, check_exact=True)


@pytest.mark.parametrize("limit", ["SHARES_TOGETHER", "CHUNK_BYTES"])
def test_any_number_of_blocks_a_chunk_tells_the_same_bits(limit, monkeypatch):
    usual = ei.bands(scenario(), panels=PANELS, members=3000, rng=3)
    monkeypatch.setattr(ensemble_runs, limit, 1)
    pd.testing.assert_frame_equal(ei.bands(scenario(), panels=PANELS, members=3000, rng=3), usual, check_exact=True)


class ReadOnly(Executor):
    """Gives results that must not be changed, as executors with shared memory do."""

    def submit(self, run, /, *cases):
        found = run(*cases)
        for counts in found:
            for own in counts.values():
                own.setflags(write=False)
        future = Future()
        future.set_result(found)
        return future


def test_results_that_must_not_be_changed_are_added_up_too():
    usual = ei.bands(scenario(), panels=PANELS, members=3000, rng=3)
    told = ei.bands(scenario(), panels=PANELS, members=3000, rng=3, executor=ReadOnly())
    pd.testing.assert_frame_equal(told, usual, check_exact=True)


def test_more_members_need_no_more_memory():
    def most_held(members):
        tracemalloc.start()
        ei.bands(scenario(), members=members, rng=3)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    two_parts, eight_parts = most_held(2 * MEMBERS_PER_BLOCK), most_held(8 * MEMBERS_PER_BLOCK)
    assert eight_parts < 1.1 * two_parts


def test_columns_are_named_by_their_levels():
    told = ei.bands(scenario(), panels=PANELS[:1], members=64, rng=3, quantiles=(0.01, 0.025, 0.5, 0.975))
    assert list(told.columns[4:]) == ["q01", "q02.5", "q50", "q97.5"]
    assert (told["q01"] <= told["q97.5"]).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"executor": 2}, "executor: must be a concurrent.futures.Executor or None, got a int"),
        ({"members": 1}, "members: must be a whole number of at least 2 and at most 1e.09, got 1"),
        ({"quantiles": (0.5, 1.2)}, "quantiles: must be at least 0 and at most 1, got 1.2"),
        ({"quantiles": ()}, "quantiles: must be a non-empty sequence of numbers"),
        ({"panels": []}, "panels: must name at least one"),
        ({"panels": "heat_buildings_out"}, "panels: must name at least one .quantity, place., got 'h"),
        (
            {"panels": [("heat_buildings_out",)]},
            "panels: index a curve as .quantity, place., got .'heat_buildings_out',.",
        ),
        ({"panels": [("heat_buildings_ou", "City")]}, "panels: no curve for .* .did you mean 'heat_buildings_out'"),
        ({"panels": [("heat_buildings_out", "Eats")]}, "panels: no curve for .* .did you mean 'East'"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        ei.bands(scenario(), **({"members": 64, "rng": 1} | options))
