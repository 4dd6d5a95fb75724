"""Outage events of three years of quarter hours beside a loop over events with boolean masks in pandas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import energy_impact as ei
from benchmarks.plain_outage_events import plain_outage_events

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "reference" / "eaglei_synthetic_3y.csv.gz"
THRESHOLD = 30
STEP = pd.Timedelta(minutes=15)


def made_up():
    """Small counts with 220 storms that decay exponentially; rows with zero are left out."""
    rng = np.random.default_rng(1)
    times = pd.date_range("2014-01-01", "2016-12-31", freq=STEP, inclusive="left")
    counts = rng.poisson(4.0, len(times)).astype(float)
    age = np.arange(600)
    for begin in rng.integers(0, len(times) - len(age), 220):
        counts[begin : begin + len(age)] += rng.lognormal(6, 1.5) * np.exp(-age / rng.uniform(5, 80))
    counts = pd.Series(np.rint(counts), times)
    return counts[counts > 0]


@pytest.fixture(scope="module")
def series():
    if not RECORDED.is_file():
        return made_up()
    return pd.read_csv(RECORDED, index_col="run_start_time", parse_dates=True)["customers_out"]


@pytest.mark.benchmark(group="outage events")
def test_outage_events(benchmark, series, least, report):
    def own():
        return ei.outage_events(series, threshold=THRESHOLD, missing="zero")

    def plain():
        return plain_outage_events(series, THRESHOLD, "zero", STEP)

    events = benchmark.pedantic(own, rounds=20, warmup_rounds=1)
    pd.testing.assert_frame_equal(events, plain(), check_dtype=False)
    if benchmark.stats is None:
        return
    own_s, plain_s = benchmark.stats.stats.min, least(plain, 3)
    report("outage_events_ms", own_s * 1e3, f"{own_s * 1e3:.1f} ms for {len(series):,} rows, {len(events)} events")
    report("plain_pandas_over_own", plain_s / own_s, f"{plain_s / own_s:.0f} (plain pandas {plain_s * 1e3:.0f} ms)")
