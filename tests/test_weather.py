from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_impact.figures.figure import Figure
from energy_impact.figures.table import check_figures
from energy_impact.weather import (
    check_weather,
    coverage_faults,
    hourly_temperature,
    published_temperatures,
    temperature_at,
)

KYIV = "Europe/Kyiv"
TIMES = pd.date_range("2026-02-01T22:00Z", periods=15 * 24 + 1, freq="h")
NIGHT_START, MORNING = pd.Timestamp("2026-02-02T22:00+02:00"), pd.Timestamp("2026-02-03T08:00+02:00")
COLDEST = pd.Timestamp("2026-02-03T06:00+02:00")


def at(moment, mean):
    return mean[TIMES.get_loc(moment.tz_convert("UTC"))]


def stated(time, value, qualifier="exact", *, kind="stock", value_high=None, **more):
    return Figure(
        id="a",
        time=time.tz_convert("UTC"),
        place="Kyiv",
        quantity="air_temperature_c",
        value=value,
        value_high=value_high,
        qualifier=qualifier,
        kind=kind,
        unit="count",
        source="x",
        **more,
    )


def night_minimum(value, qualifier="exact"):
    return stated(MORNING, value, qualifier, kind="minimum", period_start=NIGHT_START.tz_convert("UTC"))


def test_without_claims_the_mean_is_5_and_the_spread_10_degrees():
    mean, sd = hourly_temperature(TIMES, KYIV, [])
    assert mean[:24].mean() == pytest.approx(5.0)
    np.testing.assert_array_equal(sd, 10.0)


def test_the_cycle_is_coldest_at_six_local_time_by_three_degrees():
    mean, _ = hourly_temperature(TIMES, KYIV, [])
    assert at(COLDEST, mean) == pytest.approx(2.0)
    assert at(pd.Timestamp("2026-02-03T18:00+02:00"), mean) == pytest.approx(8.0)
    elsewhere, _ = hourly_temperature(TIMES, "UTC", [])
    assert at(pd.Timestamp("2026-02-03T06:00Z"), elsewhere) == pytest.approx(2.0)


def test_a_minimum_holds_at_the_coldest_hour_of_its_period():
    # one reading of -20 with sd 1.5 of a quantity with sd 10 about 5 - 3: 2 - 22 * 100 / 102.25
    mean, sd = hourly_temperature(TIMES, KYIV, [night_minimum(-20.0)])
    assert at(COLDEST, mean) == pytest.approx(-19.516, abs=1e-3)
    assert at(COLDEST, sd) == pytest.approx(1.4834, abs=1e-4)


def test_a_minimum_without_a_period_is_of_the_day_before():
    claim = stated(pd.Timestamp("2026-02-03T09:00+02:00"), -20.0, kind="minimum")
    mean, _ = hourly_temperature(TIMES, KYIV, [claim])
    assert at(COLDEST, mean) == pytest.approx(-19.516, abs=1e-3)


def test_a_maximum_holds_at_the_warmest_hour():
    claim = stated(pd.Timestamp("2026-02-04T00:00+02:00"), -10.0, kind="maximum")
    mean, sd = hourly_temperature(TIMES, KYIV, [claim])
    assert TIMES[np.argmin(sd)] == pd.Timestamp("2026-02-03T18:00+02:00")
    assert at(pd.Timestamp("2026-02-03T18:00+02:00"), mean) == pytest.approx(8 - 18 * 100 / 102.25)


def test_the_spread_grows_with_the_time_to_the_claim_and_stays_below_the_prior():
    _, sd = hourly_temperature(TIMES, KYIV, [night_minimum(-20.0)])
    after = sd[TIMES > COLDEST]
    assert np.all(np.diff(after) > 0)
    # of the variance 100, the level has 75: 100 - 75 ** 2 / 102.25 = 44.99 where the weather has forgotten
    assert 6.6 < after[-1] < np.sqrt(44.99)


def test_conflicting_claims_of_a_night_average_and_stay_unsure_by_a_degree():
    claims = [night_minimum(-19.0), night_minimum(-20.0), night_minimum(-20.0, "under")]
    mean, sd = hourly_temperature(TIMES, KYIV, claims)
    assert at(COLDEST, mean) == pytest.approx(-20.0, abs=0.2)
    assert at(COLDEST, sd) == 1.0


@pytest.mark.parametrize(
    ("qualifier", "shift"),
    [("exact", 0), ("about", 0), ("almost", 1), ("up_to", 1), ("under", -1), ("over", 1), ("at_least", 1)],
)
def test_wording_shifts_a_minimum_by_a_degree(qualifier, shift):
    said, _ = hourly_temperature(TIMES, KYIV, [night_minimum(-20.0, qualifier)])
    meant, _ = hourly_temperature(TIMES, KYIV, [night_minimum(-20.0 + shift)])
    np.testing.assert_allclose(said, meant)


def test_an_almost_reached_heat_is_on_the_cool_side():
    claim = stated(MORNING, 20.0, "almost")
    meant = stated(MORNING, 19.0)
    np.testing.assert_allclose(hourly_temperature(TIMES, KYIV, [claim])[0], hourly_temperature(TIMES, KYIV, [meant])[0])


def test_a_range_is_its_middle_with_its_width():
    wide = stated(MORNING, -26.0, "range", value_high=-14.0)
    mean, sd = hourly_temperature(TIMES, KYIV, [wide])
    middle, narrow = hourly_temperature(TIMES, KYIV, [stated(MORNING, -20.0)])
    assert at(MORNING, mean) == pytest.approx(at(MORNING, middle), abs=3.0)
    # half of 12 K is 1.645 sd: 3.648, with 1.5 of the claim 3.944, with 10 of the prior 3.669
    assert at(MORNING, sd) == pytest.approx(3.669, abs=2e-3)
    assert at(MORNING, sd) > at(MORNING, narrow)


def test_a_claim_of_an_uncertain_day_says_less():
    sure, unsure = (stated(MORNING, -13.0, time_uncertainty_h=hours) for hours in (0.0, 24.0))
    cold, mild = (at(MORNING, hourly_temperature(TIMES, KYIV, [claim])[0]) for claim in (sure, unsure))
    assert cold < mild < 5.0
    # 1.5 K of a claim, and 50 K2 x (1 - (1 - exp(-1/2)) / (1/2)) = 10.65 K2 of a day to either side, of a prior of 10 K
    _, sd = hourly_temperature(TIMES, KYIV, [unsure])
    assert at(MORNING, sd) == pytest.approx(np.sqrt(100 - 100**2 / (100 + 2.25 + 10.653)), abs=1e-3)


def test_a_claim_of_another_season_says_nothing():
    mean, sd = hourly_temperature(TIMES, KYIV, [stated(pd.Timestamp("2025-07-01T12:00Z"), 30.0)])
    assert mean[:24].mean() == pytest.approx(5.0)
    np.testing.assert_array_equal(sd, 10.0)


@given(
    values=st.lists(st.floats(-40, 40), min_size=1, max_size=6),
    hours=st.lists(st.integers(-300, 600), min_size=6, max_size=6),
)
def test_the_spread_lies_between_a_degree_and_the_prior(values, hours):
    claims = [stated(TIMES[0] + pd.Timedelta(hours=hour), value) for value, hour in zip(values, hours, strict=False)]
    mean, sd = hourly_temperature(TIMES, KYIV, claims)
    assert np.all(np.isfinite(mean))
    assert np.all((sd >= 1.0) & (sd <= 10.0))


def test_published_are_the_outdoor_temperatures_of_a_table():
    row = {
        "id": "a",
        "time": "2026-02-03T08:00+02:00",
        "place": "Kyiv",
        "quantity": "air_temperature_c",
        "value": -20,
        "qualifier": "almost",
        "kind": "minimum",
        "source": "x",
    }
    indoors = row | {"id": "b", "quantity": "indoor_temperature_c", "kind": "stock", "value": 9}
    drop = row | {"id": "c", "kind": "change", "value": 10, "qualifier": "about", "period_start": NIGHT_START}
    published = published_temperatures(check_figures([row, indoors, drop]).records)
    assert published == (stated(MORNING, -20.0, "almost", kind="minimum"),)


def hourly(values, start="2026-02-01T00:00Z", **columns):
    index = pd.date_range(start, periods=len(values), freq="h")
    return pd.DataFrame(columns, index=index) if columns else pd.Series(values, index=index, dtype=float)


@pytest.mark.parametrize(
    ("weather", "rule"),
    [
        ([1.0, 2.0], "must be a Series, a DataFrame or None, got list"),
        (pd.Series([1.0, 2.0]), "needs a timezone-aware DatetimeIndex"),
        (hourly([1.0, 2.0]).tz_localize(None), "needs a timezone-aware DatetimeIndex"),
        (hourly([]), "times must be present"),
        (hourly([1.0, 2.0])[::-1], "times must be present, ascending and unique"),
        (hourly([1.0, np.nan, 2.0]), "without gaps, got nan at 2026-02-01T01:00:00+00:00"),
        (hourly([1.0, np.nan, np.nan]), "01:00:00+00:00 and 1 more"),
        (hourly([263.0]), "must lie between -90 and 60 degC"),
        (pd.Series(["cold"], index=hourly([1.0]).index), "must be a number"),
    ],
)
def test_unsound_weather_is_reported_by_its_rule(weather, rule):
    with pytest.raises(ValueError, match=f"^weather: .*{re.escape(rule)}"):
        check_weather("weather", weather)


def test_the_callers_weather_is_not_changed():
    mine = hourly([1, 2], start="2026-02-01T00:00+02:00")
    kept = mine.copy()
    assert str(check_weather("weather", mine).index.tz) == "UTC"
    pd.testing.assert_series_equal(mine, kept)


def test_coverage_names_places_gaps_and_ends():
    weather = hourly([0, 0, 0, 0, 0], Kyiw=np.zeros(5)).drop(pd.Timestamp("2026-02-01T02:00Z"))
    start, end = pd.Timestamp("2026-02-01T00:00Z"), pd.Timestamp("2026-02-01T09:00Z")
    faults = coverage_faults("weather", weather, start, end, ["Kyiv"])
    assert faults == [
        "weather: column 'Kyiw' is not a place without parts (did you mean 'Kyiv'?)",
        "weather: place 'Kyiv' has no column",
        "weather: must cover 2026-02-01T00:00:00+00:00 to 2026-02-01T09:00:00+00:00, "
        "got 2026-02-01T00:00:00+00:00 to 2026-02-01T04:00:00+00:00",
        "weather: must be hourly, got a gap of 2 h after 2026-02-01T01:00:00+00:00",
    ]


def test_given_weather_is_linear_between_its_hours():
    times = pd.date_range("2026-02-01T00:00Z", periods=5, freq="30min")
    np.testing.assert_allclose(
        temperature_at(hourly([0.0, -2.0, -6.0]), times, ["A", "B"]), np.array([[0, -1, -2, -4, -6]] * 2).T
    )


@pytest.mark.parametrize("value", ["3", True, 1j, Decimal(3), None, 10**400])
def test_weather_is_made_of_numbers(value):
    times = pd.date_range("2026-01-24", periods=3, freq="h", tz="UTC")
    with pytest.raises(ValueError, match=r"^weather: must (be|lie)"):
        check_weather("weather", pd.Series([value] * 3, times, dtype=object))
