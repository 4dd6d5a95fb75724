"""Gas end to end: a place that has it, an attack that hits it, a figure, curves, tables, pictures and the page."""

from __future__ import annotations

import numpy as np
import pytest

import energy_impact as ei
from energy_impact.places import read_places
from energy_impact.prepare import prepare
from energy_impact.systems import GAS, SYSTEMS

BARE = {"timezone": "Europe/Kyiv", "power_customers": (33_000, 40_000), "residents": 70_000}
TOWN = ei.Place("Town", gas_customers=33_000, gas_heated_buildings=(6_000, 9_000), **BARE)
ATTACK = ei.Event("2026-01-24T02:00+02:00", kind="attack", name="strike", duration_h=6)
COUNT = {
    "id": "gas",
    "time": "2026-01-25T09:00+02:00",
    "place": "Town",
    "quantity": "gas_customers_out",
    "value": 12_000,
    "qualifier": "about",
    "kind": "stock",
    "source": "gas network",
}


def scenario(town: ei.Place = TOWN, figures: tuple[dict[str, object], ...] = (COUNT,)) -> ei.Scenario:
    """A scenario whose damage is small faults alone."""
    crowd = {"job_share_gas": {"median": 1e-9, "spread": 0.0}}
    return ei.Scenario("2026-01-23T12:00+02:00", 240, town, events=[ATTACK], figures=list(figures), priors=crowd)


@pytest.fixture(scope="module")
def fitted() -> ei.Estimate:
    return ei.estimate(scenario(), members=512, rng=1)


def test_a_count_of_accounts_without_gas_is_fitted(fitted):
    out = fitted["gas_customers_out", "Town"].at(COUNT["time"])[:, 0]
    assert fitted.status == "fitted"
    assert np.quantile(out, [0.05, 0.95]) == pytest.approx([12_000, 12_000], rel=0.15)
    wide = ei.simulate(scenario(), members=512, rng=1)["gas_customers_out", "Town"].at(COUNT["time"])[:, 0]
    assert np.ptp(np.quantile(wide, [0.05, 0.95])) > 4 * np.ptp(np.quantile(out, [0.05, 0.95]))


def test_all_that_is_known_of_gas_is_answered(fitted):
    table = fitted.summary().set_index("quantity")
    gas = (
        "gas_customers_out",
        "gas_customers_restored",
        "gas_people_out",
        "gas_heated_buildings_out",
    )
    assert set(gas) <= set(table.index)
    assert "gas_share_restored" not in table.index
    assert fitted["gas_share_restored", fitted.scenario.places[0].name].draws.max() <= 1
    assert table.loc["gas_heated_buildings_out", "now"] == pytest.approx(7350 * 12 / 33, rel=0.1)
    assert table.loc["gas_customers_out", "t50_h"] > 24
    assert "person_hours_without_gas" in set(fitted.impact()["measure"])
    assert {"people_without_any", "people_without_two"} <= set(table.index)
    assert "people_without_all" not in table.index  # power and gas alone


def test_gas_is_drawn_in_its_own_colour_and_stands_in_the_answer(fitted, tmp_path):
    (axes,) = fitted.plot().axes
    assert axes.get_title(loc="left") == "Town: accounts without gas"
    assert GAS.colour in {line.get_color() for line in axes.lines}
    people = fitted.plot_people("Town").axes[0]
    assert people.get_title(loc="left") == "Town: residents without power or gas"
    page = fitted.report(tmp_path / "page.html").read_text("utf-8")
    assert "Gas-heated buildings" in page
    assert "accounts without gas" in page


def test_all_four_services_are_stacked():
    town = ei.Place("Town", gas_customers=33_000, heat_buildings=400, water_buildings=400, **BARE)
    run = ei.simulate(scenario(town, figures=()), members=64, rng=1)
    assert ("people_without_all", "Town") in run.available
    labels = run.plot_people("Town").axes[0].get_legend_handles_labels()[1]
    assert {"without one service", "without two or more", "without all 4", "no gas"} <= set(labels)
    counts = [run[f"people_without_{least}", "Town"].draws for least in ("any", "two", "all")]
    assert np.all(counts[0] >= counts[1] - 0.01)
    assert np.all(counts[1] >= counts[2] - 0.01)


def test_gas_in_one_place_changes_no_draw_elsewhere_and_none_where_there_is_no_gas():
    bare = prepare(scenario(ei.Place("Town", **BARE), figures=())).layout.names()
    with_gas = prepare(scenario(figures=())).layout.names()
    assert not any("gas" in name for name in bare)
    assert {name for name in with_gas if "gas" in name} == {
        *(
            f"{name}[{index}]"
            for name in ("repair_rate_gas", "slow_ratio_gas", "slow_share_gas", "lost_share_gas")
            for index in (0, 1)
        ),
        *(f"{name}_gas[0]" for name in ("lost_h", "job_split", "job_h_event", "job_rest")),
        *(f"{name}_gas[0, 0]" for name in ("job_share", "job_h")),
        *(f"job_factor_gas[0, 0, {job}]" for job in range(5)),
        "severity_gas[0]",
        "severity_gas_place[0, 0]",
        "crew_limit_gas",
        "chronic_share_gas",
        "initial_out_gas[0]",
        "gas_dependence",
        "gas_buffer_h",
        "gas_customers[0]",
        "gas_heated_buildings[0]",
    }


def test_gas_may_be_added_to_members_that_were_fitted_without_it():
    bare = ei.estimate(scenario(ei.Place("Town", **BARE), figures=()), members=128, rng=1)
    again = ei.simulate(scenario(figures=()), given=bare, rng=2)
    key = "power_customers_out", "Town"
    np.testing.assert_array_equal(again[key].draws, bare[key].draws)
    assert np.isnan(bare.stocks("gas_customers", "Town")).all()
    assert np.all(again.stocks("gas_customers", "Town") == pytest.approx(33_000))


def test_gas_comes_from_a_table_of_places_that_has_its_columns(tmp_path):
    columns = [f"{stock}_{end}" for system in SYSTEMS.values() for stock in system.stocks for end in ("low", "high")]
    header = ["name", "part_of", "timezone", "residents_low", "residents_high", *columns, "heat_needs_gas"]
    cells = ["Town", "", "Europe/Kyiv", "", "", *["9", "9"] * (len(columns) // 2), "0.5"]
    file = tmp_path / "places.csv"
    file.write_text(f"{','.join(header)}\n{','.join(cells)}\n", encoding="utf-8")
    town = read_places(file)["Town"]
    assert (town.gas_customers, town.gas_heated_buildings, town.heat_needs_gas) == (9.0, 9.0, 0.5)


def test_heat_that_burns_gas_needs_a_place_with_gas():
    with pytest.raises(ValueError, match=r"place 'Town', heat_needs_gas: must be 0 without gas_customers, got 0.5"):
        ei.Place("Town", heat_buildings=400, heat_needs_gas=0.5)
    with pytest.raises(ValueError, match=r"must be 0 without gas_customers, got 0.5"):
        ei.Place("Town", heat_buildings=400, gas_customers=0, heat_needs_gas=0.5)


def test_a_saved_run_with_gas_is_read_again(fitted, tmp_path):
    again = ei.load_estimate(fitted.save(tmp_path / "run.npz"))
    key = "gas_customers_out", "Town"
    np.testing.assert_array_equal(again[key].draws, fitted[key].draws)
