"""What a figure is worth for a choice: closed forms, and words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

import energy_impact as ei
from energy_impact.results.tables.worth import value_of_figure

START = pd.Timestamp("2026-01-19T00:00Z")


@pytest.mark.parametrize(("mean", "error"), [(0.0, 0.0), (0.0, 0.5), (0.4, 0.5), (-0.7, 1.0)])
def test_two_options_and_a_normal_loss_have_their_closed_form(mean, error):
    """The expected loss avoided is s (phi(u) - u (1 - Phi(u))), with u = |mean| / s and s the sd of the expectation."""
    rng = np.random.default_rng(1)
    seen = rng.standard_normal(40_000)
    found = value_of_figure(np.stack([np.zeros(40_000), mean + seen]), seen, error, rng)
    spread = 1 / np.sqrt(1 + error**2)
    unit = abs(mean) / spread
    assert found.avoided == pytest.approx(spread * (norm.pdf(unit) - unit * norm.sf(unit)), rel=0.03, abs=0.004)
    assert found.changes == pytest.approx(norm.sf(unit), abs=0.03)


def test_a_figure_that_says_nothing_of_the_losses_is_worth_nothing():
    worth = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        losses = np.stack([np.zeros(512), rng.standard_normal(512)])
        worth.append(value_of_figure(losses, rng.standard_normal(512), 0.1, rng).avoided)
    assert np.mean(np.array(worth) == 0) >= 0.85


def test_a_figure_that_all_members_agree_on_is_worth_nothing():
    rng = np.random.default_rng(1)
    losses = rng.standard_normal((2, 64))
    assert value_of_figure(losses, np.zeros(64), 0.1, rng) == (0, 0)


@pytest.fixture(scope="module")
def options():
    place = ei.Place("Town", power_customers=50_000, heat_buildings=900, residents=120_000)
    figure = {"place": "Town", "quantity": "heat_buildings_out", "kind": "stock", "source": "council"}
    figures = [figure | {"id": "a", "time": START + pd.Timedelta(hours=14), "value": 400, "qualifier": "about"}]
    attack = ei.Event(START + pd.Timedelta(hours=6), kind="attack", duration_h=4)
    run = ei.estimate(ei.Scenario(START, 96, place, events=[attack], figures=figures), members=512, rng=1)
    return ei.compare({"as it is": run, "crews doubled": run.what_if(crews=2)})


def spared(options):
    name = "person_hours_below_16c"
    table = options.table()
    return -table[(table["measure"] == name) & (table["option"] == "crews doubled")]["difference"].iloc[0]


def test_help_that_costs_nothing_is_best_whatever_a_figure_says(options):
    table = options.worth_asking()
    assert set(table["best_now"]) == {"crews doubled"}
    assert (table["avoided"] == 0).all()
    # circuits that mix may make more crews worse by a trace: see `model.thermal.Circuits`
    assert 0 <= table["avoided_if_certain"].iloc[0] < 1e-3 * spared(options)
    assert table["in_words"].iloc[0].endswith(": not expected to change which option is best ('crews doubled').")


def test_where_it_costs_about_what_it_spares_a_figure_decides(options):
    table = options.worth_asking(costs={"crews doubled": spared(options)})
    best = table.iloc[0]
    assert 0 < best["avoided"] <= best["avoided_if_certain"]
    assert 0.05 < best["changes_choice"] < 0.95
    assert table["avoided"].is_monotonic_decreasing
    assert best["in_words"].startswith(
        "Ask the district heating company of Town for an exact count of buildings without"
    )
    assert "of 100 cases another option than" in best["in_words"]
    pd.testing.assert_frame_equal(table, options.worth_asking(costs={"crews doubled": spared(options)}))


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"measure": "person_hours_below_18c"}, "measure: 'person_hours_below_18c' is not one of"),
        ({"place": "Twon"}, "place: must be a place of scenario"),
        ({"costs": {"crews": 1.0}}, "costs: 'crews' is not one of"),
        ({"costs": {"crews doubled": "much"}}, "costs, crews doubled: must be"),
        ({"costs": 3}, "costs: must be a dict of numbers by option, got 3"),
    ],
)
def test_what_cannot_be_compared_is_refused(options, given, rule):
    with pytest.raises(ValueError, match=rule):
        options.worth_asking(**given)
