"""Outage events of raw series: hand-worked cases, a reference of three years, gaps, and faults."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.plain_outage_events import plain_outage_events
from energy_impact.figures.outage_series import outage_events

NAN = float("nan")
COLUMNS = [
    "start",
    "end",
    "duration_h",
    "step_h",
    "peak_customers",
    "customers_out_total",
    "outages",
    "restores",
    "customer_hours",
    "t50_h",
    "t90_h",
    "gap",
    "stuck",
]


def hourly(values, *, start="2026-01-01", freq="h"):
    return pd.Series(values, pd.date_range(start, periods=len(values), freq=freq))


def without(series, *rows):
    return series.drop(series.index[list(rows)])


@pytest.fixture(scope="module")
def reference(shared):
    """Return the synthetic series of three years and the statistics of its 25 largest events."""
    files = [
        shared / "reference" / name
        for name in ("eaglei_synthetic_3y.csv.gz", "eaglei_synthetic_3y_top25_event_stats.csv")
    ]
    if not all(file.is_file() for file in files):
        pytest.skip("eaglei_synthetic_3y is not in ../shared/reference")
    series = pd.read_csv(files[0], index_col="run_start_time", parse_dates=True)["customers_out"]
    return series, pd.read_csv(files[1], parse_dates=["start_time", "end_time"])


def test_three_years_of_quarter_hours_give_221_events_and_their_customer_hours(reference):
    events = outage_events(reference[0], threshold=30, missing="zero")
    assert len(events) == 221
    assert events["customer_hours"].sum() == 2_695_374.75
    assert set(events["step_h"]) == {0.25}


def test_the_25_largest_events_are_those_of_the_reference(reference):
    series, table = reference
    events = outage_events(series, threshold=30, missing="zero")
    largest = events.sort_values("customer_hours", ascending=False).head(25).reset_index(drop=True)
    names = {
        "start": "start_time",
        "end": "end_time",
        "duration_h": "duration_hours",
        "peak_customers": "max_customers_out",
        "customers_out_total": "total_customers_out",
        "outages": "num_outages",
        "restores": "num_restores",
        "customer_hours": "customer_hours",
    }
    expected = table[list(names.values())].set_axis(list(names), axis=1)
    pd.testing.assert_frame_equal(largest[list(names)], expected, check_dtype=False, check_exact=True)


def test_one_event_worked_by_hand():
    events = outage_events(hourly([5, 40, 100, 100, 60, 80, 50, 10, 5]), threshold=20)
    assert list(events.columns) == COLUMNS
    (event,) = events.to_dict("records")
    assert event == {
        "start": pd.Timestamp("2026-01-01 01:00"),
        "end": pd.Timestamp("2026-01-01 07:00"),
        "duration_h": 6.0,
        "step_h": 1.0,
        "peak_customers": 100.0,
        "customers_out_total": 40 + 60 + 20,
        "outages": 3,
        "restores": 3,
        "customer_hours": 430.0,
        "t50_h": 4.0,
        "t90_h": 5.0,
        "gap": False,
        "stuck": False,
    }


def test_a_sample_at_the_threshold_is_in_the_event_and_one_sample_is_an_event():
    events = outage_events(hourly([0, 20, 19, 21, 0], freq="30min"), threshold=20)
    assert events["start"].dt.strftime("%H:%M").tolist() == ["00:30", "01:30"]
    assert events["duration_h"].tolist() == [0.5, 0.5]
    assert events["customer_hours"].tolist() == [10.0, 10.5]
    assert events["outages"].tolist() == events["restores"].tolist() == [1, 1]


def test_the_sample_that_ends_an_event_counts_with_its_own_value_for_restoration():
    half = outage_events(hourly([0, 40, 20, 0]), threshold=30).iloc[0]
    assert half["t50_h"] == 1.0
    assert np.isnan(half["t90_h"])
    neither = outage_events(hourly([0, 40, 29, 0]), threshold=30)
    assert neither[["t50_h", "t90_h"]].isna().all(axis=None)


def test_restoration_counts_from_the_first_sample_at_the_peak():
    event = outage_events(hourly([0, 10, 100, 40, 100, 100, 8, 0]), threshold=5).iloc[0]
    assert (event["t50_h"], event["t90_h"]) == (1.0, 4.0)


@pytest.mark.parametrize("lose", [lambda s: without(s, 3), lambda s: s.where(s != 77)], ids=["absent row", "NaN"])
def test_a_gap_splits_an_event_and_both_parts_say_so(lose):
    events = outage_events(lose(hourly([0, 50, 60, 77, 40, 0, 0])), threshold=20)
    assert events["gap"].tolist() == [True, True]
    assert events["duration_h"].tolist() == [2.0, 1.0]
    assert events["customer_hours"].tolist() == [110.0, 40.0]
    assert events["restores"].tolist() == [0, 1]
    assert events["customers_out_total"].tolist() == [60.0, 40.0]
    assert events["t50_h"].isna().tolist() == [True, False]


def test_a_gap_that_no_event_touches_flags_nothing():
    series = without(hourly([0, 50, 0, 7, 0, 60, 0, 0]), 3)
    assert outage_events(series, threshold=20)["gap"].tolist() == [False, False]


def test_an_absent_row_is_zero_where_asked_for():
    series = without(hourly([3, 50, 60, 0, 40, 3, 3]), 3)
    events = outage_events(series, threshold=20, missing="zero")
    assert events["gap"].tolist() == [False, False]
    assert events["restores"].tolist() == [1, 1]
    assert events["t90_h"].tolist() == [1.0, 1.0]


def test_nan_is_unknown_even_where_absent_rows_are_zero():
    events = outage_events(hourly([0, 50, NAN, 40, 0]), threshold=20, missing="zero")
    assert events["gap"].tolist() == [True, True]


def test_what_lies_outside_the_series_is_unknown():
    events = outage_events(hourly([50, 0, 0, 30, 0, 40]), threshold=20, missing="zero")
    assert events["gap"].tolist() == [True, False, True]
    assert events["restores"].tolist() == [1, 1, 0]


def test_a_value_that_stays_for_24_h_is_stuck():
    day = outage_events(hourly([0, *[30] * 25, 0]), threshold=20)
    less = outage_events(hourly([0, *[30] * 24, 0]), threshold=20)
    broken = outage_events(hourly([0, *[30] * 24, 31, *[30] * 24, 0]), threshold=20)
    assert [events["stuck"].item() for events in (day, less, broken)] == [True, False, False]


def test_equal_values_of_two_events_are_not_one_stuck_value():
    events = outage_events(hourly([0, *[30] * 20, 0, *[30] * 20, 0]), threshold=20)
    assert events["stuck"].tolist() == [False, False]


def test_one_daily_sample_is_not_stuck():
    events = outage_events(hourly([0, 30, 0, 30, 30, 0], freq="D"), threshold=20)
    assert events["stuck"].tolist() == [False, True]


def test_no_event_gives_an_empty_table_with_the_same_columns_and_types():
    none = outage_events(hourly([0, 1, 2]), threshold=20)
    some = outage_events(hourly([0, 30, 2]), threshold=20)
    assert none.empty
    assert none.dtypes.to_dict() == some.dtypes.to_dict()


def test_times_with_a_zone_keep_it_across_the_change_of_the_clock():
    series = hourly([0, 30, 30, 30, 0], start=pd.Timestamp("2026-03-29 00:00", tz="Europe/Kyiv"))
    event = outage_events(series, threshold=20).iloc[0]
    assert event["duration_h"] == 3.0
    assert event["end"] == pd.Timestamp("2026-03-29 05:00", tz="Europe/Kyiv")
    assert str(event["end"].tz) == "Europe/Kyiv"


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_the_step_is_found_in_every_resolution_of_time(unit):
    series = hourly([0, 30, 30, 0, 0], freq="10min")
    series.index = series.index.as_unit(unit)
    events = outage_events(series, threshold=20)
    assert events["step_h"].item() == pytest.approx(1 / 6)
    assert events["end"].item() == pd.Timestamp("2026-01-01 00:30")


def test_counts_with_missing_values_may_be_of_any_number_type():
    series = hourly([0, 30, pd.NA, 40, 0]).astype("Int64")
    expected = outage_events(hourly([0, 30, NAN, 40, 0]), threshold=20)
    for kind in ("Int64", "object", "float32"):
        pd.testing.assert_frame_equal(outage_events(series.astype(kind), threshold=20), expected)


def test_a_long_gap_costs_no_memory():
    times = pd.DatetimeIndex(["1970-01-01 00:00:00", "1970-01-01 00:00:01", "2026-01-01", "2026-01-01 00:00:01"])
    assert outage_events(pd.Series([30, 0, 0, 30], times), threshold=20)["gap"].tolist() == [True, True]


def test_the_series_stays_as_it_was():
    series = hourly([0.0, 30.0, NAN, 0.0])
    copy = series.copy(deep=True)
    outage_events(series, threshold=20)
    pd.testing.assert_series_equal(series, copy)


counts = st.lists(st.sampled_from([0.0, 4.0, 5.0, 6.0, 10.0, 50.0, 51.0, NAN, None]), min_size=4, max_size=60)


def six_hourly(values):
    """Return a series without the rows that are None, after so many zeros that its step is 6 h for sure."""
    series = hourly([0.0] * 61 + [-1.0 if value is None else value for value in values], freq="6h")
    return series[series != -1]


@given(counts, st.sampled_from(["gap", "zero"]))
def test_events_are_disjoint_in_order_and_hold_all_that_is_above_the_threshold(values, missing):
    series = six_hourly(values)
    events = outage_events(series, threshold=5, missing=missing)
    assert (events["start"] < events["end"]).all()
    assert (events["end"].to_numpy()[:-1] <= events["start"].to_numpy()[1:]).all()
    assert events["customer_hours"].sum() == 6 * series[series >= 5].sum()
    assert (events["customer_hours"] <= events["peak_customers"] * events["duration_h"]).all()
    assert (events["customers_out_total"] >= events["peak_customers"]).all()
    assert not (events["t50_h"] > events["t90_h"]).any()


@given(counts, st.sampled_from(["gap", "zero"]))
def test_events_are_those_of_a_loop_over_masks(values, missing):
    series = six_hourly(values)
    events = outage_events(series, threshold=5, missing=missing)
    expected = plain_outage_events(series, 5, missing, pd.Timedelta(hours=6))
    assert len(events) == len(expected)
    if len(events):
        pd.testing.assert_frame_equal(events, expected, check_dtype=False)


@pytest.mark.parametrize(
    ("series", "message"),
    [
        ([0, 30, 0], r"series: must be a pandas Series, got list"),
        (pd.Series([0, 30, 0]), r"series, index: must be a DatetimeIndex, got RangeIndex"),
        (hourly([30]), r"series: must have at least 2 rows to find its step, got 1"),
        (hourly([0, 30, 0])[::-1], r"series, index: each time must be after .* got 2026-01-01 01:00:00 in row 1"),
        (hourly([0, 30, 0]).iloc[[0, 1, 1, 2]], r"after the one before, got 2026-01-01 01:00:00 in row 2"),
        (pd.Series([0, 1], pd.DatetimeIndex(["2026-01-01", None])), r"index: must have no missing time, .* row 1"),
        (hourly([0, -5, 0]), r"series, 2026-01-01 01:00:00: must be finite and at least 0, got -5"),
        (hourly([0, np.inf, 0]), r"series, 2026-01-01 01:00:00: must be finite and at least 0, got inf"),
        (hourly(["0", "30", "0"]), r"series, 2026-01-01 00:00:00: must be a number, got '0'"),
        (hourly([0, None, "many"]), r"series, 2026-01-01 02:00:00: must be a number, got 'many'"),
        (hourly([True, False]), r"series, 2026-01-01 00:00:00: must be a number, got True"),
        (
            pd.Series(
                0, pd.DatetimeIndex(["2026-01-01 00:00", "2026-01-01 01:00", "2026-01-01 02:00", "2026-01-01 03:10"])
            ),
            r"whole steps of 0 days 01:00:00 .* after the first, .* got 2026-01-01 03:10:00 in row 3",
        ),
    ],
)
def test_a_series_that_cannot_be_read_is_told_with_place_and_rule(series, message):
    with pytest.raises(ValueError, match=message):
        outage_events(series, threshold=20)


@pytest.mark.parametrize("threshold", [0, -3, NAN, np.inf, "30", None, True])
def test_a_threshold_that_is_not_a_positive_number_is_an_error(threshold):
    with pytest.raises(ValueError, match="threshold: must be"):
        outage_events(hourly([0, 30, 0]), threshold=threshold)


def test_an_unknown_rule_for_missing_rows_is_an_error_with_the_nearest():
    with pytest.raises(ValueError, match=r"missing: 'zeros' is not one of gap, zero \(did you mean 'zero'\?\)"):
        outage_events(hourly([0, 30, 0]), threshold=20, missing="zeros")


AUTUMN = pd.date_range("2025-10-26T00:00", periods=10, freq="h", tz="Europe/Kyiv")


def test_local_times_over_the_repeated_hour_are_read_in_their_zone_and_the_way_out_is_named():
    series = pd.Series([0, 100, 100, 100, 100, 100, 50, 0, 0, 0.0], AUTUMN.tz_localize(None))
    with pytest.raises(ValueError, match=r"after the one before, .*for local times over a change of clocks give time"):
        outage_events(series, threshold=10)
    found = outage_events(series, threshold=10, timezone="Europe/Kyiv")
    assert (found["duration_h"].tolist(), found["customer_hours"].tolist()) == ([6.0], [550.0])
    assert found["start"][0] == AUTUMN[1]


def test_a_time_that_clocks_skip_or_repeat_once_is_refused():
    spring = pd.Series([0, 1.0], pd.DatetimeIndex(["2026-03-29T02:00", "2026-03-29T03:00"]))
    with pytest.raises(ValueError, match=r"must exist once in Europe/Kyiv, .* got 2026-03-29 03:00:00 in row 1"):
        outage_events(spring, threshold=1, timezone="Europe/Kyiv")
    with pytest.raises(ValueError, match="timezone: must be None for times that have one"):
        outage_events(pd.Series(1.0, AUTUMN), threshold=1, timezone="Europe/Kyiv")


def test_a_stated_step_holds_where_rows_at_zero_are_left_out():
    """Rows every half hour of a source with a step of a quarter, which leaves out zeros."""
    times = pd.DatetimeIndex(["2024-01-01T00:00", "2024-01-01T00:30", "2024-01-01T01:00", "2024-01-01T01:15"])
    series = pd.Series([300.0, 300, 300, 0], times)
    found = outage_events(series, threshold=10, missing="zero", step_h=0.25)
    assert found["duration_h"].tolist() == [0.25, 0.25, 0.25]
    with pytest.raises(ValueError, match=r"step_h: must be at least 0\.000277778"):
        outage_events(series, threshold=10, step_h=0)


def test_a_second_off_the_grid_names_the_remedy():
    times = pd.date_range("2024-01-01", periods=6, freq="15min") + pd.to_timedelta([0, 0, 0, 7, 0, 0], unit="s")
    with pytest.raises(ValueError, match=r"whole steps of .* or round the times with series\.index\.round"):
        outage_events(pd.Series([0, 300, 300, 300, 0, 0.0], times), threshold=10)


def test_more_out_than_served_is_refused():
    with pytest.raises(ValueError, match="must be at most the 500 customers there are, got 900"):
        outage_events(hourly([0, 900, 0]), threshold=20, customers=500)
    with pytest.raises(ValueError, match="must be at most the 10,000,000,000 customers there are"):
        outage_events(hourly([0, 1e30, 0]), threshold=20)
