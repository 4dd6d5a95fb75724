"""Bands of large ensembles: cost a member-place-step by size, two workers beside one, and peak memory.

`ENERGY_IMPACT_MILLION=1` adds a million members, some minutes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from time import process_time

import pandas as pd
import pytest

import energy_impact as ei

PLACES, HOURS = 4, 168
SIZES = (5_000, 50_000)
MILLION = 1_000_000
PANELS = [(f"{what}_out", "City") for what in ("power_customers", "heat_buildings", "water_buildings")]
PEAK = """
from pathlib import Path
import energy_impact as ei
from benchmarks.test_streaming import PANELS, city
{work}
print(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")))
"""
"""Prints the most memory that a process held, in KiB; `ru_maxrss` would count that of its parent too."""


def city(places=PLACES, hours=HOURS):
    """Some places in frost with two attacks, power, heat and water, and the power balance."""
    parts = [
        ei.Place(
            f"Part {part}",
            timezone="Europe/Kyiv",
            power_customers=(9e4, 1.1e5),
            heat_buildings=1e3,
            water_buildings=1e3,
        )
        for part in range(places)
    ]
    start = pd.Timestamp("2026-01-19T00:00+02:00")
    attacks = [
        ei.Event(start + pd.Timedelta(hours=hour), kind="attack", duration_h=6, missiles=30) for hour in (25, 121)
    ]
    frost = pd.Series(-12.0, index=pd.date_range(start, periods=hours + 1, freq="h"))
    return ei.Scenario(
        start, hours, ei.Place("City", timezone="Europe/Kyiv", parts=parts), events=attacks, weather=frost
    )


def per_step(seconds, members):
    """Nanoseconds a member, place and step."""
    return seconds / (members * PLACES * HOURS) * 1e9


def cpu_time(call):
    """Return the processor's time for a call, which others on the machine change little [s]."""
    begin = process_time()
    call()
    return process_time() - begin


@pytest.mark.benchmark(group="streaming")
def test_cost_by_size(benchmark, least, report):
    scenario = city()

    def bands(members, workers=None):
        def work():
            with nullcontext() if workers is None else ProcessPoolExecutor(workers) as executor:
                ei.bands(scenario, panels=PANELS, members=members, rng=1, executor=executor)

        return work

    few, many = SIZES
    benchmark.pedantic(bands(few), rounds=3, warmup_rounds=1)
    if benchmark.stats is None:
        return
    rounds = [
        (cpu_time(bands(few)), cpu_time(bands(many)), least(bands(many), 1), least(bands(many, 2), 1)) for _ in range(3)
    ]
    small, large, alone, shared = (min(times) for times in zip(*rounds, strict=True))
    own = per_step(large, many)
    report("bands_ns_a_member_place_step", own, f"{own:.1f} ns, drawn, run and counted, {many:,} members")
    ratio = per_step(small, few) / own
    report("few_over_many", ratio, f"{ratio:.2f} ({few:,} members over {many:,}, cost a member-place-step)")
    report("one_worker_over_two", alone / shared, f"{alone / shared:.2f} ({many:,} members)")
    if os.environ.get("ENERGY_IMPACT_MILLION"):
        most = per_step(cpu_time(bands(MILLION)), MILLION)
        report("million_over_many", most / own, f"{most / own:.2f} ({most:.1f} ns)")


def peak(work):
    """Return the most memory that a fresh process holds [MB]."""
    run = subprocess.run([sys.executable, "-c", PEAK.format(work=work)], capture_output=True, text=True, check=True)
    return int(run.stdout) / 1024


@pytest.mark.benchmark(group="memory")
def test_peak_memory(benchmark, report):
    curve = "ei.simulate(city(8, 336), members=10_000, rng=1)['heat_buildings_out', 'City'].quantile()"
    members = MILLION if os.environ.get("ENERGY_IMPACT_MILLION") else SIZES[1]
    chosen = f"ei.bands(city(), panels=PANELS, members={members}, rng=1)"
    every = "ei.bands(city(8, 336), members=5_000, rng=1)"
    benchmark.pedantic(lambda: None, rounds=1)
    if benchmark.stats is None:
        return
    base = peak("ei.bands")
    report("peak_import_mb", base, f"{base:.0f} MB with nothing but its import")
    for name, work, text in (
        ("peak_simulate_mb", curve, "ei.simulate, 10,000 members, 8 places, 336 hours, and one curve's quantiles"),
        ("peak_bands_mb", chosen, f"ei.bands, {members:,} members, {PLACES} places, {HOURS} hours, three curves"),
        ("peak_all_bands_mb", every, "ei.bands, 5,000 members, 8 places, 336 hours, all 90 curves"),
    ):
        most = peak(work)
        report(name, most, f"{most:.0f} MB ({text})")
