"""Hours until homes without heat are cold."""

import numpy as np
import pandas as pd
import pytest

from energy_impact.safety import hours_of_safety, hours_to_drain


def weather(values, start="2026-01-24T00:00Z"):
    return pd.Series(values, pd.date_range(start, periods=len(values), freq="h"), dtype=float)


def test_there_is_a_row_for_each_type_and_threshold_and_the_shares_make_a_whole():
    found = hours_of_safety(-10.0)
    assert found["building_type"].unique().tolist() == ["panel", "brick", "modern"]
    assert found.groupby("threshold_c")["share"].sum().to_dict() == pytest.approx({18: 1, 16: 1, 12: 1, 5: 1})


def test_colder_weather_lower_thresholds_and_better_buildings_order_the_hours():
    mild, cold = hours_of_safety(-10.0), hours_of_safety(-20.0)
    assert (cold["median_h"] < mild["median_h"]).all()
    for found in (mild, cold):
        assert (found["low_h"] < found["median_h"]).all()
        assert ((found["median_h"] < found["high_h"]) | np.isinf(found["high_h"])).all()
        by_type = found.pivot_table(index="building_type", columns="threshold_c", values="median_h")
        assert (by_type[5] > by_type[12]).all()
        assert (by_type.loc["modern"] > by_type.loc["brick"]).all()
        assert (by_type.loc["brick"] > by_type.loc["panel"]).all()


def test_a_wider_interval_holds_a_narrower_one():
    narrow, wide = hours_of_safety(-10.0, level=0.5), hours_of_safety(-10.0, level=0.9)
    np.testing.assert_array_equal(narrow["median_h"], wide["median_h"])
    assert (wide["low_h"] < narrow["low_h"]).all()
    assert ((wide["high_h"] > narrow["high_h"]) | np.isinf(narrow["high_h"])).all()


def test_a_series_of_one_temperature_is_steady_weather():
    series, steady = hours_of_safety(weather([-20.0] * 2001)), hours_of_safety(-20.0)
    pd.testing.assert_frame_equal(series, steady)
    assert hours_to_drain(weather([-20.0] * 200)) == hours_to_drain(-20.0)


def test_mild_weather_never_gets_homes_that_cold_and_nothing_need_be_drained():
    found = hours_of_safety(3.0)  # the median panel home has 8 W/m2, which keep it 6 K above the outdoors in the end
    assert np.isinf(found.loc[found["threshold_c"] == 5, "median_h"]).all()
    assert np.isinf(found.loc[found["threshold_c"] == 5, "high_h"]).all()
    assert np.isinf(hours_to_drain(3.0))


def test_the_table_holds_the_hour_to_drain_for_one_more_release():
    assert hours_of_safety(-20.0).attrs == {"drain_by_h": hours_to_drain(-20.0)}


def test_there_is_no_hurry_to_drain_before_it_freezes_outdoors():
    assert hours_to_drain(weather([1.0] * 400 + [-1.0] * 100)) >= 400
    assert np.isinf(hours_to_drain(weather([1.0] * 400)))


def test_frost_that_has_passed_before_homes_are_cold_does_not_count():
    """The fastest homes are below 5 degC after some three days; then it thaws until hour 303."""
    assert hours_to_drain(weather([-1.0] * 3 + [1.0] * 300 + [-1.0] * 100)) == 303
    assert np.isinf(hours_to_drain(weather([-1.0] * 3 + [1.0] * 300)))


def test_the_latest_hour_to_drain_is_near_what_press_experts_told():
    """At -20 degC water in pipes is at 0 degC after 6 to 8 h and freezes after 12 to 18 h
    (https://inkorr.com/en/amp/morozi-do-23c-ak-zapobigti-zamerzannu-vodi-v-opaluvalnih-sistemah-294884)."""
    assert 6 <= hours_to_drain(-20.0) <= 8


def test_heat_may_be_lost_later_in_the_series():
    series = weather([5.0] * 48 + [-20.0] * 2001)
    late = hours_of_safety(series, start="2026-01-26T00:00Z")
    pd.testing.assert_frame_equal(late, hours_of_safety(-20.0))


@pytest.mark.parametrize(
    ("temperature", "options", "rule"),
    [
        (float("nan"), {}, "temperature: must be at least -90 and at most 60, got nan"),
        ("cold", {}, "temperature: must be a number, got 'cold'"),
        (-5.0, {"level": 1}, "level: must be above 0 and below 1, got 1"),
        (-5.0, {"thresholds": [np.inf]}, "thresholds: must be finite"),
        (-5.0, {"start": "2026-01-24T00:00Z"}, "start: must be None in steady weather"),
        (weather([1.0, np.nan]), {}, "temperature: must lie between -90 and 60 degC without gaps"),
        (weather([1.0, 2.0]).tz_localize(None), {}, "temperature: needs a timezone-aware DatetimeIndex"),
        (weather([1.0, 2.0, 3.0, 4.0]).drop(pd.Timestamp("2026-01-24T01:00Z")), {}, "must be hourly, got a gap of 2 h"),
        (weather([1.0, 2.0]), {"start": "2026-01-24"}, "start: needs an hour and a UTC offset"),
        (weather([1.0, 2.0]), {"start": "2026-01-23T00:00Z"}, "temperature: must cover 2026-01-23T00:00:00"),
        (weather([1.0, 2.0]), {"start": "2026-01-24T01:00Z"}, "start: must be an hour or more before"),
    ],
)
def test_bad_input_is_told(temperature, options, rule):
    with pytest.raises(ValueError, match=rule):
        hours_of_safety(temperature, **options)


@pytest.mark.parametrize("thresholds", [12.0, []])
def test_thresholds_are_a_sequence_that_holds_some(thresholds):
    with pytest.raises(ValueError, match="thresholds: must be a non-empty sequence of numbers"):
        hours_of_safety(-10.0, thresholds=thresholds)
