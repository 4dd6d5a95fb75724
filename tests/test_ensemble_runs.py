"""Curves on request: the same numbers, in whatever order they are asked for."""

import numpy as np
import pytest

import energy_impact as ei
from energy_impact import ensemble_runs
from energy_impact.ensemble_runs import Curves
from energy_impact.model.blocks import draw_normal
from energy_impact.prepare import prepare

COLD, OUT, MOST = "people_below_16c", "heat_buildings_out", "heat_restored_share"


@pytest.fixture(scope="module")
def prepared():
    return prepare(ei.load_scenario("kyiv-2026-01-24"))


@pytest.fixture(scope="module")
def normal(prepared):
    return draw_normal(prepared.layout, 16, np.random.default_rng(1))


def test_curves_do_not_depend_on_what_was_asked_before(prepared, normal):
    keys = [(COLD, "Kyiv"), (OUT, "Kyiv"), (COLD, "Ukraine"), ("people_below_18c", "Kyiv"), (COLD, "Kyiv")]
    keys += [(MOST, "Kyiv")] * ((MOST, "Kyiv") in prepared.available)
    one_by_one, together = Curves(prepared, normal), Curves(prepared, normal)
    together.expect(keys)
    for key in keys:
        np.testing.assert_array_equal(one_by_one(*key), together(*key))
        np.testing.assert_array_equal(Curves(prepared, normal)(*key), together(*key))


def test_cold_homes_of_many_members_hardly_depend_on_which_places_were_asked_for():
    """Products of matrices round by their columns: the last bits differ, by up to a millionth of the residents."""
    sizes = {"power_customers": 1e5, "heat_buildings": 900, "residents": 2e5}
    places = [ei.Place(name, timezone="Europe/Kyiv", **sizes) for name in "ABC"]
    attack = ei.Event("2026-01-11T02:00+02:00", kind="attack", duration_h=5)
    run = ei.simulate(ei.Scenario("2026-01-10T00:00+02:00", 120, places, events=[attack]), members=128, rng=1)
    alone = run[COLD, "A"].draws.copy()
    run.to_frame()
    np.testing.assert_allclose(run[COLD, "A"].draws, alone, rtol=0, atol=1e-6 * sizes["residents"])


def test_what_was_expected_is_not_run_again(prepared, normal, monkeypatch):
    curves = Curves(prepared, normal)
    curves.expect(prepared.available)
    monkeypatch.setattr(ensemble_runs, "simulate_at", None)
    for key in prepared.available:
        assert np.isfinite(curves(*key)).all()


def test_a_first_cold_curve_is_of_its_place_alone(prepared, normal):
    curves = Curves(prepared, normal)
    curves(COLD, "Kyiv")
    leaf = prepared.parts["Kyiv"]
    others = [place for place in range(prepared.plan.places) if place not in leaf]
    assert curves.places["below_16c"] == set(leaf)
    assert not curves.states["below_16c"][:, others].any()


def test_a_cold_curve_brings_the_others_of_its_place(prepared, normal, monkeypatch):
    curves = Curves(prepared, normal)
    curves(COLD, "Kyiv")
    monkeypatch.setattr(ensemble_runs, "cold_states", None)
    for quantity in ("people_below_5c", "indoor_temperature_c", "residents_departed"):
        assert np.isfinite(curves(quantity, "Kyiv")).all()


def test_states_too_large_for_memory_are_the_same(prepared, normal, monkeypatch):
    usual = Curves(prepared, normal)
    monkeypatch.setattr("energy_impact._spooled.IN_MEMORY_BYTES", 1000)
    in_files = Curves(prepared, normal)
    for key in ((COLD, "Kyiv"), (OUT, "Kyiv"), ("people_below_18c", "Ukraine")):
        np.testing.assert_array_equal(in_files(*key), usual(*key))


def test_parts_of_a_block_give_the_same_bits(prepared, monkeypatch):
    normal = draw_normal(prepared.layout, 40, np.random.default_rng(2))
    keys = [("power_customers_out", "Kyiv"), (OUT, "Ukraine"), ("people_without_any", "Ukraine")]
    whole = Curves(prepared, normal)
    expected = [whole(*key) for key in keys]
    monkeypatch.setattr(ensemble_runs, "BLOCK_BYTES", 1000)
    assert ensemble_runs.members_together(prepared.plan, 3) == ensemble_runs.FEWEST_TOGETHER
    parts = Curves(prepared, normal)
    for key, curve in zip(keys, expected, strict=True):
        np.testing.assert_array_equal(parts(*key), curve)


def test_announced_curves_are_kept_where_states_are_too_large(prepared, normal, monkeypatch):
    keys = [("power_customers_out", "Ukraine"), (OUT, "Kyiv")]
    usual = Curves(prepared, normal)
    small = Curves(prepared, normal)
    monkeypatch.setattr("energy_impact._spooled.IN_MEMORY_BYTES", 4 * len(keys) * (prepared.plan.steps + 1) * 16)
    small.expect(keys)
    assert not small.states
    monkeypatch.setattr(ensemble_runs, "simulate_at", None)
    for key in keys:
        kept = small(*key)
        monkeypatch.undo()
        np.testing.assert_array_equal(kept, usual(*key))
