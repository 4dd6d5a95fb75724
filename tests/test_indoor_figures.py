"""Indoor temperatures as figures of a fit: single homes, which say something of the mean of homes without heat."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import energy_impact as ei

START = pd.Timestamp("2026-01-24T00:00+02:00")
ATTACK = ei.Event("2026-01-24T01:00+02:00", kind="attack", duration_h=4)
CITY = ei.Place("City", timezone="Europe/Kyiv", heat_buildings=30_000, residents_per_building=(90, 110))
FROST = pd.Series(-12.0, index=pd.date_range(START, periods=145, freq="h"))
INDOOR = ("indoor_temperature_c", "City")


def figure(hours, value, **changes):
    return {
        "id": f"at-{hours:g}-{value}",
        "time": (START + pd.Timedelta(hours=hours)).isoformat(),
        "place": "City",
        "quantity": "indoor_temperature_c",
        "value": value,
        "qualifier": "exact",
        "kind": "stock",
        "source": "residents",
    } | changes


def fit(*temperatures, hours=(30, 60, 90, 120), rng=5):
    counts = [figure(hour, 9_000, id=f"count-{hour}", quantity="heat_buildings_out") for hour in (12, 48, 96)]
    told = [figure(hour, value) for hour, value in zip(hours, temperatures, strict=False)]
    scenario = ei.Scenario(START, 120, CITY, events=[ATTACK], figures=counts + told, weather=FROST)
    return ei.estimate(scenario, members=512, rng=rng)


def mean(estimate, key=INDOOR, hours=100):
    return float(np.mean(estimate[key].at(START + pd.Timedelta(hours=hours))))


@pytest.fixture(scope="module")
def without():
    return fit()


def test_one_home_moves_the_mean_of_homes_a_little_towards_it_and_four_homes_more(without):
    """Means of eight fits: one home moves it by some 0.1 of the spread, as much as chance does a single fit."""
    spread = float(without[INDOOR].at(START + pd.Timedelta(hours=100)).std())
    usual, warm = (np.mean([mean(fit(*told, rng=seed)) for seed in range(8)]) for told in ((), (11,)))
    warmer, cold = (mean(fit(*told)) for told in ((11, 11, 11, 11), (-10, -10, -10, -10)))
    assert cold < usual - 0.2 * spread
    assert usual < warm < warmer < 11
    assert warm - usual < 0.5 * spread


def test_warm_homes_leave_fewer_people_in_the_cold(without):
    key = ("people_below_12c", "City")
    assert mean(fit(11, 11, 11, 11), key) < mean(without, key) < mean(fit(-10, -10, -10, -10), key)


def test_what_the_fit_makes_of_a_temperature_is_told_in_degrees(without):
    estimate = fit(-4)
    row = estimate.figures_check().set_index("id").loc["at-30--4"]
    assert row["used"]
    assert -12 < row["predicted_low"] < row["predicted_median"] < row["predicted_high"] <= 20
    assert row["outlier_probability"] < 0.1
    assert estimate.status == without.status == "fitted"
    assert np.isfinite(estimate.figure_fit.log_likelihood[:, -1]).all()


def test_a_home_far_from_all_is_doubted():
    probability = fit(55).figures_check().set_index("id").loc["at-30-55", "outlier_probability"]
    assert probability > 0.9


def test_counts_are_forecast_and_temperatures_are_not():
    counts = [
        figure(hour, value, id=f"c{hour}", quantity="heat_buildings_out") for hour, value in ((12, 9e3), (40, 6e3))
    ]
    told = [*counts, figure(20, 8), figure(50, 6)]
    scenario = ei.Scenario(START, 120, CITY, events=[ATTACK], figures=told, weather=FROST)
    assert ei.backtest(scenario, members=64, rng=1)["id"].tolist() == ["c40"]
