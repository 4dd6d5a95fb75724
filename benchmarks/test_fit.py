"""The fit of the demo, and how much of it is the forward model."""

from __future__ import annotations

from time import perf_counter

import pytest

import energy_impact as ei
from energy_impact import report_runs

MEMBERS = 2048


@pytest.mark.benchmark(group="fit")
def test_fit_of_the_demo(benchmark, report, monkeypatch):
    scenario = ei.load_scenario("kyiv-2026-01-24")
    runs, forward, shares = [], [], []
    run_model = report_runs.simulate_at

    def timed(*arguments, **options):
        begin = perf_counter()
        states = run_model(*arguments, **options)
        forward.append(perf_counter() - begin)
        return states

    def fit():
        forward.clear()
        begin = perf_counter()
        ei.estimate(scenario, members=MEMBERS, rng=1, progress=lambda done, _: runs.append(done))
        shares.append(sum(forward) / (perf_counter() - begin))

    monkeypatch.setattr(report_runs, "simulate_at", timed)
    benchmark.pedantic(fit, rounds=7, warmup_rounds=1)
    if benchmark.stats is None:
        return
    least, median = benchmark.stats.stats.min, sorted(shares)[len(shares) // 2]
    report("fit_s", least, f"{least:.2f} s for {MEMBERS} members")
    report("fit_forward_runs", max(runs), f"{max(runs)}")
    report("fit_forward_share", median, f"{median:.0%} of the time in the forward model")
