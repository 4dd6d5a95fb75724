import numpy as np
import pandas as pd
import pytest

from energy_impact.places import Place
from energy_impact.report_runs import predict
from energy_impact.scenario import Event, Scenario, load_scenario
from energy_impact.validation import backtest as module
from energy_impact.validation.backtest import backtest


def scenario(figures):
    rows = [
        {
            "id": name,
            "time": time,
            "place": "Town",
            "quantity": "power_customers_out",
            "value": value,
            "qualifier": "about",
            "kind": "stock",
            "source": "utility",
        }
        for name, time, value in figures
    ]
    return Scenario(
        "2026-01-01T00:00Z",
        72,
        Place("Town", power_customers=100_000),
        figures=rows,
        events=[Event("2026-01-01T02:00Z", kind="storm", duration_h=6)],
    )


FIGURES = [("a", "2026-01-01T08:00Z", 40_000), ("b", "2026-01-01T14:00Z", 20_000), ("c", "2026-01-02T02:00Z", 6_000)]


@pytest.fixture(scope="module")
def table():
    return backtest(scenario(FIGURES), members=256, rng=1)


def test_every_figure_after_the_first_is_forecast_once(table):
    assert table["id"].tolist() == ["b", "c"]
    assert table["lead_h"].tolist() == [6.0, 12.0]


def test_simple_forecasts_are_scored_by_hand(table):
    assert table["crps_persistence"].tolist() == pytest.approx([20 / 40, 14 / 40])
    # through 40,000 and 20,000 six hours apart: a quarter of 20,000 is left after twelve more
    assert table["crps_exponential"].tolist() == pytest.approx([20 / 40, 1 / 40])


def test_a_forecast_does_not_see_the_future(table):
    later = scenario([*FIGURES[:2], ("c", "2026-01-02T02:00Z", 60_000)])  # rounded alike, so told alike
    again = backtest(later, members=256, rng=1)
    pd.testing.assert_series_equal(table["median"], again["median"])


def test_the_temperature_told_before_stays_in_the_forecast(monkeypatch):
    """What is forecast runs under the frost that was told, as the fit did."""
    frost = {
        "id": "frost",
        "time": "2026-01-01T06:00Z",
        "place": "Town",
        "quantity": "air_temperature_c",
        "value": -18,
        "qualifier": "exact",
        "kind": "stock",
        "source": "met",
    }
    told = scenario(FIGURES[:2])
    told = told.replace(figures=[frost, *told.figures.to_dict("records")])
    asked = []
    monkeypatch.setattr(module, "predict", lambda prepared, normal: asked.append(prepared) or predict(prepared, normal))
    backtest(told, members=16, rng=1)
    assert asked[0].plan.temperature[6, 0] == pytest.approx(-18, abs=0.5)


def test_bands_are_in_order_and_pit_is_a_probability(table):
    assert np.all(table["low"] < table["median"])
    assert np.all(table["median"] < table["high"])
    assert table["pit"].between(0, 1).all()


def test_one_figure_is_too_few():
    with pytest.raises(ValueError, match="two figures"):
        backtest(scenario(FIGURES[:1]), members=64, rng=1)


def test_two_real_attacks_are_forecast_better_than_by_persistence():
    names = ("kharkiv-2024-03-22", "kyiv-2026-01-20")
    rows = pd.concat([backtest(load_scenario(name), members=256, rng=1) for name in names])
    assert len(rows) >= 7
    assert rows["crps"].mean() < rows["crps_persistence"].mean()
