"""Indices of reliability, major event days, outage and restore processes."""

import numpy as np
import pandas as pd
import pytest

import energy_impact as ei
from energy_impact.figures import major_event_days, outage_events, outage_processes, reliability_indices

DAY = [(10, 90), (1000, 20), (2, 175), (1, 120), (1, 38)]
"""Customers and minutes of the five outages of a day at a utility with 50,000 customers: an exercise with its solution
at https://askfilo.com/user-question-answers-smart-solutions/estimate-the-reliability-indices-for-the-following-power-
3335363136383130 (21,408 customer-minutes, 1,014 customers, SAIDI 0.42816 minutes)."""

TRAINER = [(100, 5), (200, 10), (300, 11)]
"""Three outages among 10,000 customers, https://aryan1359.github.io/Reliability-Metrics-Trainer: 5,800
customer-minutes, SAIFI 0.06, SAIDI 0.58 minutes, CAIDI 9.67 minutes."""


def interruptions(told):
    customers, minutes = np.array(told, float).T
    return pd.DataFrame({"customers_out_total": customers, "customer_hours": customers * minutes / 60})


def counts(told):
    """The same outages one after the other, as customers out by the minute."""
    values = [0]
    for customers, minutes in told:
        values += [customers] * minutes + [0]
    return pd.Series(values, pd.date_range("2026-02-03T00:00Z", periods=len(values), freq="min"))


def test_indices_of_a_published_exercise():
    found = reliability_indices(interruptions(DAY), customers=50_000)
    assert found["saidi_min"] == pytest.approx(0.42816)
    assert found["saidi_h"] == pytest.approx(0.42816 / 60)
    assert found["saifi"] == pytest.approx(0.02028)
    assert found["caidi_h"] * 60 == pytest.approx(21_408 / 1_014)


def test_indices_of_another_published_exercise_from_a_raw_series():
    found = reliability_indices(outage_events(counts(TRAINER), threshold=1), customers=10_000)
    assert found["saidi_min"] == pytest.approx(0.58)
    assert found["saifi"] == pytest.approx(0.06)
    assert found["caidi_h"] * 60 == pytest.approx(9.67, abs=0.005)


def test_without_an_outage_all_indices_are_zero():
    assert reliability_indices(interruptions(DAY).iloc[:0], customers=5).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("events", "customers", "rule"),
    [
        (interruptions(DAY), 0, "customers: must be at least 1 and at most 1e.10, got 0"),
        (interruptions(DAY).drop(columns="customer_hours"), 5, "events: must be a DataFrame with the column customer_"),
        ([1], 5, "events: must be a DataFrame with the column customer_hours, as from outage_events, got list"),
        (-interruptions(DAY), 5, "events, customer_hours, row 0: must be finite and at least 0"),
        (interruptions(DAY) * np.nan, 5, "events, customer_hours, row 0: must be finite and at least 0"),
        (interruptions(DAY).assign(customer_hours="many"), 5, "customer_hours, row 0: must be finite .* got 'many'"),
    ],
)
def test_what_is_no_table_of_outages_is_refused(events, customers, rule):
    with pytest.raises(ValueError, match=rule):
        reliability_indices(events, customers=customers)


def test_a_major_event_day_lies_above_the_mean_log_and_two_and_a_half_deviations():
    daily = pd.Series([np.e, np.e**3, 0.0, np.e**2, np.e**4.4, np.e**4.6], pd.date_range("2026-01-01", periods=6))
    alpha = (1 + 3 + 2 + 4.4 + 4.6) / 5
    beta = (sum((log - alpha) ** 2 for log in (1, 3, 2, 4.4, 4.6)) / 4) ** 0.5
    found = major_event_days(daily)
    assert found["threshold"].unique() == pytest.approx(np.exp(alpha + 2.5 * beta))
    assert not found["major"].any()


def test_one_bad_day_among_a_year_of_alike_days_is_a_major_event_day():
    daily = pd.Series(np.exp(np.random.default_rng(1).normal(0, 1, 365)), pd.date_range("2025-01-01", periods=365))
    daily.iloc[200], daily.iloc[201] = 100.0, 0.0
    found = major_event_days(daily)
    assert found["major"].iloc[200]
    assert found["major"].mean() < 0.02
    assert not found["major"].iloc[201]


def test_daily_saidi_counts_an_outage_on_the_local_day_on_which_it_begins():
    starts = pd.to_datetime(["2026-03-28T23:30Z", "2026-03-29T21:30Z", "2026-03-29T22:30Z"]).tz_convert("Europe/Kyiv")
    events = pd.DataFrame({"start": starts, "customer_hours": [100.0, 20.0, 5.0]})
    found = ei.daily_saidi(events, customers=1_000)
    assert [f"{day:%d %b}" for day in found.index] == ["29 Mar", "30 Mar"]  # the first of 23 hours
    assert found.tolist() == pytest.approx([6.0, 1.5])
    assert found.name == "saidi_min"
    utc = events.assign(start=starts.tz_convert("UTC"))
    pd.testing.assert_series_equal(ei.daily_saidi(utc, customers=1_000, timezone="Europe/Kyiv"), found)
    with pytest.raises(ValueError, match="timezone: must be None for times without one, got 'Europe/Kyiv'"):
        ei.daily_saidi(events.assign(start=starts.tz_localize(None)), customers=1_000, timezone="Europe/Kyiv")
    total = ei.reliability_indices(events.assign(customers_out_total=1), customers=1_000)
    assert found.sum() == pytest.approx(total["saidi_min"])


@pytest.mark.parametrize(
    ("events", "rule"),
    [
        (interruptions(DAY), "events: must be a DataFrame with the column start"),
        (interruptions(DAY).assign(start=pd.NaT), "events, start: must hold the time of at least one event"),
        (interruptions(DAY).assign(start="monday"), "events, start: must hold the time of at least one event"),
        (
            interruptions(DAY).assign(start=pd.Timestamp(0)).iloc[:0],
            "events, start: must hold the time of at least one",
        ),
        ({}, "events: must be a DataFrame with the column customer_hours, as from outage_events, got dict"),
    ],
)
def test_events_without_times_have_no_daily_saidi(events, rule):
    with pytest.raises(ValueError, match=rule):
        ei.daily_saidi(events, customers=5)


def test_the_threshold_of_a_year_comes_from_the_years_before():
    days = pd.date_range("2014-01-01", "2021-12-31")
    daily = pd.Series(np.exp(np.random.default_rng(2).normal(0, 1, len(days))), days)
    daily["2020-06-01"], daily["2021-06-01"] = 50.0, 50.0
    daily["2021-01-02":"2021-03-31"] *= 100  # a bad winter raises no threshold of its own year
    found = major_event_days(daily, years=5)
    thresholds = found["threshold"].groupby(found.index.year)
    assert (thresholds.max().dropna() == thresholds.min().dropna()).all()
    assert thresholds.first().isna().tolist() == [True] + 7 * [False]
    logs = np.log(daily["2016":"2020"])
    assert found.loc["2021-05-01", "threshold"] == pytest.approx(np.exp(logs.mean() + 2.5 * logs.std(ddof=1)))
    few = np.log(daily["2014":"2015"])  # as many years as there are
    assert found.loc["2016-05-01", "threshold"] == pytest.approx(np.exp(few.mean() + 2.5 * few.std(ddof=1)))
    assert found.loc["2020-06-01", "major"]
    assert not found.loc["2014-01-01":"2014-12-31", "major"].any()
    assert found.loc["2021-01-02":"2021-03-31", "major"].mean() > 0.9


@pytest.mark.parametrize(
    ("years", "rule"),
    [(0, "years: must be"), (2.5, "years: must be"), (5, "daily_saidi, index: must be a DatetimeIndex with years")],
)
def test_years_that_cannot_be_counted_are_refused(years, rule):
    with pytest.raises(ValueError, match=rule):
        major_event_days(pd.Series([1.0, 2.0]), years=years)


@pytest.mark.parametrize(
    ("daily", "rule"),
    [
        ([1.0, 2.0], "daily_saidi: must be a pandas Series, got list"),
        (pd.Series([1.0, np.nan]), "daily_saidi, row 1: must be finite and at least 0"),
        (pd.Series([1.0, -1.0]), "daily_saidi, row 1: must be finite and at least 0"),
        (pd.Series(["1", "bad"]), "daily_saidi, row 1: must be finite and at least 0, got 'bad'"),
        (pd.Series([1.0, 0.0]), "daily_saidi: must have at least 2 days above 0, got 1"),
    ],
)
def test_what_is_no_series_of_daily_saidi_is_refused(daily, rule):
    with pytest.raises(ValueError, match=rule):
        major_event_days(daily)


@pytest.mark.parametrize("seed", range(5))
def test_the_area_is_the_sum_of_restore_times_less_that_of_outage_times(seed):
    """The identity of Carrington, Dobson and Wang (2021), exact in whole numbers, on an uneven grid of times."""
    rng = np.random.default_rng(seed)
    out = np.append(rng.integers(0, 500, 60), 0)
    minute = np.cumsum(rng.integers(1, 90, 61))
    found = outage_processes(pd.Series(out, pd.Timestamp("2026-02-03T22:00Z") + pd.to_timedelta(minute, unit="min")))
    went, came = (np.diff(found[name], prepend=0).astype(int) for name in ("outages", "restores"))
    area = int((out[:-1] * np.diff(minute)).sum())
    times_out, times_back = np.repeat(minute, went), np.repeat(minute, came)
    assert len(times_out) == len(times_back)
    assert area == times_back.sum() - times_out.sum()
    between = (found["outages"] - found["restores"]).to_numpy()
    assert area == (between[:-1] * np.diff(minute)).sum()


def test_processes_rise_and_count_those_out_at_first():
    times = pd.date_range("2026-02-03T22:00Z", periods=4, freq="h")
    found = outage_processes(pd.Series([5, 7, 2, 2], times))
    assert found["outages"].tolist() == [5, 7, 7, 7]
    assert found["restores"].tolist() == [0, 0, 5, 5]
    assert found.index.equals(times)


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ([1, np.nan, 2], "series, 2026-02-03 23:00.*: must not be missing; end the series before it"),
        ([1, -1, 2], "must be finite and at least 0, got -1"),
        ([1], "must have at least 2 rows"),
    ],
)
def test_a_series_with_holes_or_no_counts_has_no_processes(values, rule):
    times = pd.date_range("2026-02-03T22:00Z", periods=len(values), freq="h")
    with pytest.raises(ValueError, match=rule):
        outage_processes(pd.Series(values, times))


def test_an_outage_over_a_lost_sample_warns_that_its_customers_count_twice():
    """By hand: 1,000 of 10,000 out for 5 h, one sample lost in the middle; SAIFI is 0.1 to 0.2."""
    times = pd.date_range("2024-01-01", periods=7, freq="h")
    events = outage_events(pd.Series([0, 1000, 1000, np.nan, 1000, 1000, 0.0], times), threshold=1)
    with pytest.warns(UserWarning, match="2 of 2 events begin or end beside an unknown sample"):
        found = reliability_indices(events, customers=10_000)
    assert found["saifi"] == 0.2


def test_a_peak_above_the_customers_served_is_refused():
    events = outage_events(counts(TRAINER), threshold=1)
    with pytest.raises(ValueError, match=r"events, peak_customers, row 0: must be at most customers = 3, got"):
        reliability_indices(events, customers=3)
