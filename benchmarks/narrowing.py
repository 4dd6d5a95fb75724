"""
How often `narrowed_by` shows what is chance: fits of the shipped scenarios with several seeds, each figure left out.

    PYTHONPATH=. python benchmarks/narrowing.py --members 2048 --seeds 6     # some three minutes
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

import energy_impact as ei

NO_EFFECT, MUCH = 0.1, 0.3
"""Mean logarithms of the ratio of widths, over the seeds, below and from which a figure has no or much effect."""


def told(members: int, seeds: int) -> pd.DataFrame:
    """Return a row for each scenario, seed and figure: logarithm of the ratio of widths, and whether it is shown."""
    found = []
    for name in ei.scenarios():
        for seed in range(seeds):
            estimate = ei.estimate(ei.load_scenario(name), members=members, rng=seed)
            if estimate.figure_fit is None:
                break
            rows = estimate.narrowed_by().query("relation == 'reported' and width_h > 0 and width_without_h > 0")
            ratio = np.log(rows["width_without_h"] / rows["width_h"])
            parts = {"scenario": name, "figure": rows["figure"], "ratio": ratio, "shown": rows["narrowed"].notna()}
            found.append(pd.DataFrame(parts))
    return pd.concat(found)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--members", type=int, default=2048)
    reader.add_argument("--seeds", type=int, default=6)
    given = reader.parse_args()
    rows = told(given.members, given.seeds)
    figures = rows.groupby(["scenario", "figure"])
    table = figures.agg(mean=("ratio", "mean"), sd=("ratio", "std"), shown=("shown", "mean"))
    print(table.round(3).to_string())
    effect = table["mean"].abs()
    for what, mine in (("no effect", table[effect < NO_EFFECT]), ("much effect", table[effect >= MUCH])):
        print(f"{what}: {len(mine)} figures, shown {100 * mine['shown'].mean():.0f} %")


if __name__ == "__main__":
    main()
