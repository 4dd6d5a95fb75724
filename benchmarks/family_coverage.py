"""How often the 90 % intervals of `fit_family` hold the parameters that durations were drawn from.

Each family is fitted to 500 samples: once to durations, of which those that last longer than `CLOSES_H` are open, and
once to counts every `COUNTED_H` of how many have ended. A row per parameter has the share of intervals that hold it,
the standard error of that share, and the share of intervals that are open above. The command fails where a share lies
outside `RIGHT`.

    PYTHONPATH=. python benchmarks/family_coverage.py [FAMILY...] [--draws N] [--durations N]
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

import energy_impact as ei
from energy_impact.model.families import PARAMETERS

TRUTHS = {
    "exponential": (5.0,),
    "weibull": (1.4, 6.0),
    "lognormal": (4.0, 0.8),
    "log_logistic": (4.0, 2.0),
    "lomax": (3.0, 10.0),
    "hazus_normal": (9.0, 4.0),
}
CLOSES_H = 12.0
"""Durations that last longer are open. [h]"""
COUNTED_H = 2.0
"""Time between two counts. [h]"""
DRAWS, DURATIONS, LEVEL, SEED = 500, 120, 0.9, 11
RIGHT = (0.88, 0.92)


def observed(hours: np.ndarray) -> dict[str, dict[str, np.ndarray]]:
    """Return what `fit_family` is given of durations: the durations, or counts."""
    ends = np.append(np.arange(0, CLOSES_H + 1, COUNTED_H), np.inf)
    counts = np.histogram(hours, ends)[0]
    some = counts > 0
    return {
        "durations": {"low_h": np.minimum(hours, CLOSES_H), "high_h": np.where(hours > CLOSES_H, np.inf, hours)},
        "counts": {"low_h": ends[:-1][some], "high_h": ends[1:][some], "weights": counts[some]},
    }


def coverage(name: str, data: str, draws: int = DRAWS, durations: int = DURATIONS) -> pd.DataFrame:
    """Return the share of draws whose intervals hold each parameter of a family."""
    truth = dict(zip(PARAMETERS[name], TRUTHS[name], strict=True))
    family, rng = ei.restoration_family(name, **truth), np.random.default_rng(SEED)
    true, low, high = np.array(TRUTHS[name]), [], []
    for _ in range(draws):
        given = observed(np.asarray(family.quantile(rng.random(durations))))[data]
        table = ei.fit_family(**given, families=[name], level=LEVEL)
        low.append(table["low"])
        high.append(table["high"])
    held = ((np.array(low) <= true) & (true <= np.array(high))).mean(0)
    found = {"family": name, "parameter": list(truth), "true": true, "from": data, "durations": durations, "held": held}
    errors = np.sqrt(held * (1 - held) / draws)
    return pd.DataFrame(found | {"standard_error": errors, "open_above": np.isinf(high).mean(0)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("families", nargs="*", default=list(TRUTHS), metavar="FAMILY")
    parser.add_argument("--draws", type=int, default=DRAWS)
    parser.add_argument("--durations", type=int, default=DURATIONS, help="durations in each sample")
    args = parser.parse_args()
    tables = [
        coverage(name, data, args.draws, args.durations) for name in args.families for data in ("durations", "counts")
    ]
    table = pd.concat(tables)
    print(table.to_string(index=False, float_format="{:.3f}".format))
    wrong = table[~table["held"].between(*RIGHT)]
    if len(wrong):
        raise SystemExit(f"{len(wrong)} of {len(table)} shares lie outside {RIGHT}")


if __name__ == "__main__":
    main()
