"""Restoration curves of many events, worked by hand, and their bands."""

import numpy as np
import pandas as pd
import pytest

import energy_impact as ei

TIMES = pd.date_range("2026-02-03T22:00Z", periods=12, freq="h")
OUT = [0, 200, 1000, 500, 100, 50, 80, 0, 400, 400, 100, 0]
SERIES = pd.Series(OUT, TIMES, dtype=float)
EVENTS = ei.outage_events(SERIES, threshold=100)


def test_each_event_is_followed_from_its_peak_and_later_ones_are_not_its_own():
    curves = ei.restoration_curves(SERIES, EVENTS, hours=8)
    assert curves.index.tolist() == list(range(9))
    first, second = (curves[start] for start in EVENTS["start"])
    assert first.tolist() == pytest.approx([1, 0.5, 0.1, 0.05, 0.05, 0, 0, 0, 0])
    assert second.tolist() == pytest.approx([1, 1, 0.25, 0, *[np.nan] * 5], nan_ok=True)


def test_half_and_a_tenth_are_reached_when_the_events_say():
    curves = ei.restoration_curves(SERIES, EVENTS)
    for _, event in EVENTS.iterrows():
        own = curves[event["start"]]
        assert (own <= 0.5).idxmax() == event["t50_h"]
        assert (own <= 0.1).idxmax() == event["t90_h"]


def test_an_absent_row_is_unknown_or_zero():
    short = SERIES.drop(TIMES[[3, 5]])
    events = ei.outage_events(SERIES, threshold=100).iloc[:1]
    gap = ei.restoration_curves(short, events, hours=4).iloc[:, 0]
    zero = ei.restoration_curves(short, events, hours=4, missing="zero").iloc[:, 0]
    assert gap.tolist() == pytest.approx([1, np.nan, 0.1, np.nan, 0.08], nan_ok=True)
    assert zero.tolist() == pytest.approx([1, 0, 0.1, 0, 0])


def test_the_band_counts_the_events_that_are_still_known():
    bands = ei.restoration_bands(ei.restoration_curves(SERIES, EVENTS, hours=4), level=0.5)
    assert bands["events"].tolist() == [2, 2, 2, 2, 1]
    assert bands.loc[1.0].tolist() == pytest.approx([0.625, 0.75, 0.875, 2])
    assert bands.loc[4.0, "low"] == bands.loc[4.0, "high"] == pytest.approx(0.05)


def test_local_times_are_read_in_their_timezone():
    local = pd.Series(OUT, TIMES.tz_convert("Europe/Kyiv").tz_localize(None), dtype=float)
    events = ei.outage_events(local, threshold=100, timezone="Europe/Kyiv")
    curves = ei.restoration_curves(local, events, timezone="Europe/Kyiv")
    np.testing.assert_allclose(curves.iloc[:, 0], ei.restoration_curves(SERIES, EVENTS).iloc[:, 0])


@pytest.mark.parametrize(
    ("events", "rule"),
    [
        (EVENTS.drop(columns="end"), "events: must be a table as from outage_events, without end"),
        (EVENTS.iloc[:0], "events: must hold at least one, got none"),
        (EVENTS.assign(peak_customers=7.0), "must be an event of the series, got another peak"),
        (EVENTS.assign(start=TIMES[-1] + pd.Timedelta(days=1)), "must be an event of the series"),
        (3, "events: must be a table as from outage_events"),
    ],
)
def test_events_of_another_series_are_refused(events, rule):
    with pytest.raises(ValueError, match=rule):
        ei.restoration_curves(SERIES, events)


@pytest.mark.parametrize("given", [{"hours": 0}, {"missing": "none"}])
def test_arguments_out_of_bounds_are_refused(given):
    with pytest.raises(ValueError, match=next(iter(given))):
        ei.restoration_curves(SERIES, EVENTS, **given)


def test_bands_need_curves_and_a_level():
    with pytest.raises(ValueError, match="shares_out: must be a DataFrame with a column per event, got list"):
        ei.restoration_bands([1])
    with pytest.raises(ValueError, match="level: must be"):
        ei.restoration_bands(ei.restoration_curves(SERIES, EVENTS), level=1)
