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
        "Kyiv",
        timezone="Europe/Kyiv",
        power_customers=(1_300_000, 1_500_000),
        heat_buildings=(11_500, 12_800),
        water_buildings=(11_500, 12_800),
        residents=(2.9e6, 3.6e6),
    )
    events = [
        ei.Event("2026-01-20T01:00+02:00", kind="attack", name="first", duration_h=6, missiles=34, drones=339),
        ei.Event("2026-01-24T01:00+02:00", kind="attack", name="second", duration_h=6, missiles=21, drones=375),
    ]
    frost = pd.Series(-10.0, index=pd.date_range(start, periods=14 * 24 + 1, freq="h"))
    return ei.Scenario(start, 14 * 24, kyiv, events=events, weather=frost)


def histograms(ranks: pd.DataFrame) -> list[str]:
    """Lines of a table of rank histograms by quantity and target; a count outside its 95 % band is marked."""
    edges = np.linspace(0, 1, BINS + 1)
    lines = ["| quantity | target | " + " | ".join(f"{edge:.1f}-" for edge in edges[:-1]) + " |"]
    lines.append("|---" * (BINS + 2) + "|")
    for (quantity, target), chosen in ranks.groupby(["quantity", "target"], sort=False):
        low, high = binom.ppf([0.025, 0.975], len(chosen), 1 / BINS)
        counts = np.histogram(chosen["pit"], bins=edges)[0]
        cells = [f"{count}" if low <= count <= high else f"{count}*" for count in counts]
        lines.append(f"| `{quantity}` | {target} | " + " | ".join(cells) + " |")
    return lines


def main() -> None:
    for name, reports in RUNS.items():
        ranks = ei.calibrate(city(), cases=CASES, members=MEMBERS, rng=SEED, **reports)
        print(f"\n{name}: {ranks['case'].nunique()} cases, {MEMBERS} members, seed {SEED}\n")
        for label, chosen in [("all", ranks), *ranks.groupby("quantity", sort=False)]:
            print(label, cover_table(chosen).round(3).to_string(index=False), "", sep="\n")
        print(*histograms(ranks), "", sep="\n")


if __name__ == "__main__":
    main()
