"""
Write the record: forecasts of every real outage at hand under priors learned without it, against what came.

    python benchmarks/record.py [FOLDER...] [--members N] [--cases N] [--pages]

The folders are those that `real_events.py` reads; without any, only the shipped scenarios and facts are
forecast. It writes `docs/record.csv` (a row per forecast), `docs/record_t90.csv` (a row per forecast of when nine
tenths are back), `docs/record.md` with `docs/record.png`, the sentence and the table of the README, and
`energy_impact/results/record.json`, whose sentence each report page has. With `--cases` only the first events of each
form are forecast, and nothing is written; with `--pages` nothing is forecast, and all but the two tables of rows is
written from them.
"""

from __future__ import annotations

import argparse
import json
import re
from multiprocessing import Pool
from pathlib import Path
from typing import TYPE_CHECKING

import analogs
import forecasts
import numpy as np
import pandas as pd
import record_tables as tables
from real_events import LEARNED, RealEvent, events
from record_picture import draw

from energy_impact.results.record import RECORD

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
DOCS, README = ROOT / "docs", ROOT / "README.md"
ROWS, BACK = DOCS / "record.csv", DOCS / "record_t90.csv"
HIDDEN = ["time", "largest", "truth", "q05", "q25", "q50", "q75", "q95"]
HIDDEN_H = ["truth_h", "low_h", "median_h", "high_h"]
"""Columns that are left empty where numbers of an archive may not be passed on."""
TEXT = """\
# The record: forecasts against what came

Written by `python benchmarks/record.py FOLDER...`; do not edit.

{sentence}

![Reliability of the bands and of the quantiles, by kind of outage](record.png)

Left: how often central bands held the truth. Right: how often the truth lay below a quantile; above the diagonal, the
forecast was too high. On the dotted line the forecasts are calibrated.

Every outage is forecast with the priors of its kind that were learned without it, or without its utility for storms
(`benchmarks/event_groups.py` says which events are one outage or one utility). CRPS is the mean error of a whole
forecast, in shares of the largest figure of its series; less is better. ± is one standard error over outages, whose
forecasts fail together. Persistence repeats the last figure; the exponential goes through the first and the last figure
of the series; analogs are recorded curves of other utilities, stretched in time until they meet the figures, with the
library's CRPS on the same forecasts in brackets. All forecasts count alike, so outages with many figures weigh more.

## By kind

{kinds}

## By how it was reported

{forms}

## By system

{systems}

## By number of figures known

{known}

## By lead

{leads}

## When nine tenths are back

Hours from the end of the event until at most a tenth of the peak is out and stays so, from each forecast whose outage
was not over; the horizon is {horizon} days, and an end at infinity lies beyond it. The truth is linear between figures,
and seen in outages whose figures reach a tenth.

{back}

## What is in the data

`docs/record.csv` has a row per forecast and `docs/record_t90.csv` one per forecast of when nine tenths are back. Truth
and quantiles are shares of `largest`, the largest figure of the series; `pit` is the share of the forecast below the
truth. Forms: `recorded` curves of a utility, read at their peak and some hours later, are forecast 3 to 96 h ahead;
`published` outages are forecast from their first one, two and three figures; of an `attack` (or heating failure), of a
`fact` in `seeds/outages` and of the `shipped` scenarios each figure is forecast from all up to the one before it in its
series. {hidden:,} forecasts of {closed} recorded outages come from archives without an open licence: their rows have
scores and positions in the band only. Those of other archives are under Apache-2.0 (address in `source`); published
figures are facts, with their address where there is one.

Read with care:

- The structure of the model and a few judged priors were chosen while looking at many of these outages; only the
  learned priors leave each out. New outages may score worse.
- Storms of one utility are left out in the last round of learning only: the others' fits had seen priors with them.
- When an event began, how long it lasted and of what kind it was are taken as known.
- Press reports follow outages that end; long plateaus are rarer here than in the world.
"""


def record(
    found: Sequence[RealEvent], curves: Sequence[analogs.Recorded], members: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a row per forecast, and per forecast of when nine tenths are back, of all events."""
    learned = json.loads(LEARNED.read_text(encoding="utf-8"))
    with Pool() as pool:
        parts = pool.starmap(forecasts.of_event, [(event, learned, curves, members) for event in found], chunksize=1)
    rows = pd.DataFrame([row for part, _ in parts for row in part], columns=forecasts.Forecast._fields)
    back = pd.DataFrame([row for _, part in parts for row in part], columns=forecasts.Restoration._fields)
    back = back[~(back["origin_h"] >= back["truth_h"])].reset_index(drop=True)
    return rows, _compared(back)


def _compared(back: pd.DataFrame) -> pd.DataFrame:
    """Add where the truth lies, as 0 and 1; NaN where it was not seen."""
    truth, seen = back["truth_h"], back["truth_h"].notna()
    below, above = (truth < back["low_h"]).astype(float), (truth > back["high_h"]).astype(float)
    return back.assign(
        below=below.where(seen),
        above=above.where(seen),
        inside90=(1 - below - above).where(seen),
        endless=np.isinf(back["high_h"]),
        beyond_14_days=back["high_h"] > 14 * 24,
        over_truth=back["median_h"] / truth,
    )


def write_data(rows: pd.DataFrame, back: pd.DataFrame, found: Sequence[RealEvent]) -> None:
    """Write the rows, without what may not be passed on."""
    closed = {event.name for event in found if not event.shareable}
    rows = rows.assign(largest=rows["largest"].map("{:.10g}".format))
    for path, table, hidden in ((ROWS, rows, HIDDEN), (BACK, back, HIDDEN_H)):
        kept = table.copy()
        kept.loc[table["event"].isin(closed) & (table["form"] == "recorded"), hidden] = None
        kept.to_csv(path, index=False, float_format="%.4g")


def write_pages() -> None:
    """Write page, picture, README and what the package ships from the rows as they stand in the files."""
    rows, back = pd.read_csv(ROWS), pd.read_csv(BACK)
    summary = tables.summary(rows)
    RECORD.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    draw(rows, DOCS / "record.png")
    (DOCS / "record.md").write_text(page(rows, back, summary["sentence"]), encoding="utf-8")
    readme = README.read_text(encoding="utf-8")
    for name, text in (("sentence", f"**{summary['sentence']}**"), ("table", tables.short(rows))):
        readme = between(readme, name, text)
    README.write_text(readme, encoding="utf-8")


def page(rows: pd.DataFrame, back: pd.DataFrame, sentence: str) -> str:
    """Return the text of `docs/record.md`."""
    hidden = rows[rows["truth"].isna()]
    return TEXT.format(
        sentence=f"**{sentence}**",
        kinds=tables.table(rows, "kind", tables.by_kind(rows)),
        forms=tables.table(rows, "reported as", tables.by_form(rows)),
        systems=tables.table(rows, "system", tables.by_system(rows)),
        known=tables.table(rows, "figures known", tables.by_known(rows)),
        leads=tables.table(rows, "lead", tables.by_lead(rows)),
        back=tables.restorations(back),
        horizon=forecasts.HORIZON_H // 24,
        hidden=len(hidden),
        closed=hidden["outage"].nunique(),
    )


def between(text: str, name: str, inside: str) -> str:
    """
    Return a text with what stands between two marks replaced.

    Raises
    ------
    ValueError
        If the marks are not there once.
    """
    begin, end = f"<!-- record {name} -->", "<!-- end -->"
    changed, count = re.subn(f"{begin}\n.*?{end}", lambda _: f"{begin}\n{inside}\n{end}", text, flags=re.DOTALL)
    if count != 1:
        raise ValueError(f"README.md: must have {begin!r} once, with {end!r} after it, got {count} of them")
    return changed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--members", type=int, default=1024)
    parser.add_argument("--cases", type=int, help="events of each form, for a quick look")
    parser.add_argument("--pages", action="store_true", help="write the pages from the rows as they stand")
    args = parser.parse_args()
    if not args.pages:
        forecast(args.folders, args.members, args.cases)
    if not args.cases:
        write_pages()


def forecast(folders: Sequence[Path], members: int, cases: int | None) -> None:
    """Forecast all events of the folders, or the first of each form, print the scores, and write the rows of all."""
    found = events(folders)
    curves = analogs.library(found)
    if cases:
        forms = [event.form for event in found]
        found = [event for at, event in enumerate(found) if forms[:at].count(event.form) < cases]
    rows, back = record(found, curves, members)
    if not cases:
        write_data(rows, back, found)
    print(tables.table(rows, "kind", tables.by_kind(rows)), tables.restorations(back), sep="\n\n")
    print(tables.summary(rows)["sentence"])


if __name__ == "__main__":
    main()
