"""Simulation-based calibration of the whole model: `python benchmarks/calibration.py`, about two minutes.

Truths are drawn from the prior of a city with power, heat and water, reported as the fit believes them to be and then
worse than it believes, and fitted. Printed are the shares of truths inside the intervals and the histograms of their
ranks; `docs/calibration.md` has the numbers.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import binom

import energy_impact as ei
from energy_impact.validation.calibration import cover_table

CASES, MEMBERS, SEED, BINS = 200, 512, 1, 10
RUNS = {
    "reports as the fit believes": {},
    "reports worse than the fit believes (noise 1.7, gross 0.08)": {"noise": 1.7, "gross": 0.08},
}


def city() -> ei.Scenario:
    """Kyiv in steady frost, hit twice."""
    start = pd.Timestamp("2026-01-20T00:00+02:00")
    kyiv = ei.Place(
        "Kyiv", timezone="Europe/Kyiv", power_customers=(1_300_000, 1_500_000), heat_buildings=(11_500, 12_800),
        water_buildings=(11_500, 12_800), residents=(2.9e6, 3.6e6),
    )  # fmt: skip
    events = [
        ei.Event("2026-01-20T01:00+02:00", kind="attack", name="first", duration_h=6, missiles=34, drones=339),
        ei.Event("2026-01-24T01:00+02:00", kind="attack", name="second", duration_h=6, missiles=21, drones=375),
    ]
    frost = pd.Series(-10.0, index=pd.date_range(start, periods=14 * 24 + 1, freq="h"))
    return ei.Scenario(start, 14 * 24, kyiv, events=events, weather=frost)


def histogram(pit: pd.Series) -> list[str]:
    """Lines of a histogram of ranks; a count outside its 95 % band is marked."""
    counts, edges = np.histogram(pit, bins=BINS, range=(0, 1))
    low, high = binom.ppf([0.025, 0.975], len(pit), 1 / BINS)
    lines = [f"{len(pit)} ranks, {len(pit) / BINS:g} expected in each bin, 95 % band {low:g} to {high:g}"]
    for edge, count in zip(edges, counts, strict=False):
        bar, mark = "#" * round(100 * count / len(pit)), "" if low <= count <= high else " *"
        lines.append(f"{edge:.1f} {bar:<22} {count}{mark}")
    return lines


def main() -> None:
    for name, reports in RUNS.items():
        ranks = ei.calibrate(city(), cases=CASES, members=MEMBERS, rng=SEED, **reports)
        print(f"\n{name}: {ranks['case'].nunique()} cases, {MEMBERS} members, seed {SEED}\n")
        for label, chosen in [("all", ranks), *ranks.groupby("quantity", sort=False)]:
            print(label, cover_table(chosen).round(3).to_string(index=False), "", sep="\n")
        for (target, quantity), chosen in ranks.groupby(["target", "quantity"], sort=False):
            if target in {"+24 h", "hours"}:
                print(f"{quantity}, {target}", *histogram(chosen["pit"]), "", sep="\n")


if __name__ == "__main__":
    main()
