"""Forecast what was published of attacks on Ukrainian cities from what had been published before.

    python benchmarks/ukraine.py [--members N]

Every shipped attack with a series of figures is backtested (`ei.backtest`): each figure after the first of its series
is forecast from those up to the one before it. CRPS is in shares of the largest figure of the series. Numbers are means
of `SEEDS` seeds, since with one a figure near the edge of a band falls now inside and now outside.

This is no test on unseen data: every event here was looked at when the priors of attacks were chosen, so the scores
are those of a fit, and an event never seen will score worse. Figures of one event, and figures that repeat each other,
are not independent: the binomial standard errors are too small.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

import energy_impact as ei

SCENARIOS = (
    "kyiv-2022-11-23",
    "kharkiv-2024-03-22",
    "kyiv-2025-10-10",
    "dnipropetrovsk-2026-01-07",
    "kyiv-2026-01-09",
    "kyiv-2026-01-20",
)
SEEDS = 8
FORECASTS = {"this library": "crps", "persistence": "crps_persistence", "exponential": "crps_exponential"}


def backtests(members: int = 1024) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the rows of all backtests with their event, each a mean over seeds, and why an event has none."""
    tables, without = [], {}
    for name in SCENARIOS:
        scenario = ei.load_scenario(name)
        try:
            runs = [ei.backtest(scenario, members=members, rng=seed) for seed in range(1, SEEDS + 1)]
        except ValueError as error:
            without[name] = str(error)
        else:
            tables.append(
                pd.concat(runs).groupby("id", sort=False).mean(numeric_only=True).reset_index().assign(event=name)
            )
    return pd.concat(tables, ignore_index=True), without


def pooled(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the mean CRPS of each forecast over figures, and over events that count alike, with standard errors."""
    by_event = rows.groupby("event")[list(FORECASTS.values())].mean()
    return pd.DataFrame(
        {
            "CRPS": [rows[column].mean() for column in FORECASTS.values()],
            "SE over figures": [rows[column].sem() for column in FORECASTS.values()],
            "CRPS by event": [by_event[column].mean() for column in FORECASTS.values()],
            "SE over events": [by_event[column].sem() for column in FORECASTS.values()],
        },
        index=list(FORECASTS),
    )


def cover(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the share of figures inside each band, with the binomial standard error."""
    share = rows[["inside50", "inside90"]].mean()
    return pd.DataFrame({"holds": share, "SE": np.sqrt(share * (1 - share) / len(rows))})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=1024)
    rows, without = backtests(parser.parse_args().members)
    columns = ["event", "id", "lead_h", "value", "low", "median", "high", "inside90", *FORECASTS.values()]
    digits = {"lead_h": 1, **dict.fromkeys(FORECASTS.values(), 3)}
    counts = dict.fromkeys(("value", "low", "median", "high"), "{:,.4g}".format)
    with pd.option_context("display.width", 250, "display.max_columns", None, "display.max_rows", None):
        print(rows[columns].round(digits).to_string(formatters=counts))
        for name, reason in without.items():
            print(f"{name}: not scored: {reason}")
        print(f"\n{len(rows)} figures of {rows['event'].nunique()} events")
        print(pooled(rows).round(3))
        print(cover(rows).round(2))


if __name__ == "__main__":
    main()
