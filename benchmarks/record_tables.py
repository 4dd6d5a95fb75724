"""Tables and sentences of the record: means over its rows, with standard errors over outages."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from energy_impact.results.record import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

KINDS = {
    "storm": "storms",
    "planned_shutoff": "planned shutoffs",
    "grid_failure": "grid failures",
    "attack": "attacks",
    "heat_accident": "heating accidents",
    "local_fault": "cut cables and local faults",
}
FORMS = {
    "recorded": "recorded curves, from two to four counts",
    "published": "published outages, from their first one to three figures",
    "attack": "attacks and heating failures, figure by figure",
    "fact": "facts in `seeds/outages`, figure by figure",
    "shipped": "shipped scenarios, figure by figure",
}
HARD = ("attack", "heat_accident", "local_fault")
"""Kinds that the headline names on their own: few events, and what the library is for."""
LEADS_H = (0, 6, 12, 24, 48, np.inf)
KNOWN = (1, 2, 3, 4, np.inf)
NUMBERS = ["outages", "forecasts", "CRPS", "persistence", "exponential", "analogs (ours)", "50 % band", "90 % band"]


def error(values: pd.Series, outages: pd.Series) -> float:
    """
    Return the standard error of a mean whose values of one outage fail together.

    The root of the summed squares of each outage's summed deviations, over the number of values, times the root of
    n / (n - 1) for n outages; NaN for one outage.
    """
    sums = (values.astype(float) - values.mean()).groupby(outages).sum()
    if len(sums) < 2:
        return float("nan")
    return float(np.sqrt((sums**2).sum() * len(sums) / (len(sums) - 1)) / len(values))


def percent(values: pd.Series, outages: pd.Series | None = None) -> str:
    """Return a share in percent, with its standard error where outages are given."""
    spread = float("nan") if outages is None else 100 * error(values, outages)
    return f"{100 * values.mean():.0f} %" if np.isnan(spread) else f"{100 * values.mean():.0f} ± {spread:.0f} %"


def numbers(rows: pd.DataFrame) -> list[str]:
    """Return the cells of a line of a table, as `NUMBERS` heads them."""
    like = rows[rows["analogs"].notna()]
    spread = error(rows["crps"], rows["outage"])
    return [
        f"{rows['outage'].nunique()}",
        f"{len(rows):,}",
        f"{rows['crps'].mean():.3f}" + ("" if np.isnan(spread) else f" ± {spread:.3f}"),
        f"{rows['persistence'].mean():.3f}",
        f"{rows['exponential'].mean():.3f}",
        f"{like['analogs'].mean():.3f} ({like['crps'].mean():.3f})" if len(like) else "",
        percent(rows["inside50"], rows["outage"]),
        percent(rows["inside90"], rows["outage"]),
    ]


def markdown(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header, ["---"] * len(header), *lines))


def table(rows: pd.DataFrame, title: str, groups: Sequence[tuple[str, pd.DataFrame]]) -> str:
    """Return a table with a line for each group of rows, and one for all."""
    lines = [[name, *numbers(part)] for name, part in groups if len(part)]
    return markdown([title, *NUMBERS], [*lines, ["all", *numbers(rows)]])


def by_kind(rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return [(name, rows[rows["kind"] == kind]) for kind, name in KINDS.items()]


def by_form(rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return [(name, rows[rows["form"] == form]) for form, name in FORMS.items()]


def by_system(rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return [(str(name), part) for name, part in rows.groupby("system", sort=False)]


def by_known(rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return [
        (f"{low:g}" if high < np.inf else f"{low:g} or more", rows[(rows["known"] >= low) & (rows["known"] < high)])
        for low, high in pairwise(KNOWN)
    ]


def by_lead(rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return the rows by lead, each bin with its upper end."""
    return [
        (
            f"{low:g} to {high:g} h" if high < np.inf else f"over {low:g} h",
            rows[rows["lead_h"].between(low, high, "right")],
        )
        for low, high in pairwise(LEADS_H)
    ]


def restorations(back: pd.DataFrame) -> str:
    """Return the table of hours until nine tenths are back, by kind."""
    header = ["kind", "forecasts", "end at infinity", "end beyond 14 days", "seen to come back: outages", "forecasts"]
    header += ["90 % interval holds", "truth below it", "truth above it", "median forecast over truth, median"]
    lines = [[name, *_restored(part)] for name, part in by_kind(back) if len(part)]
    return markdown(header, [*lines, ["all", *_restored(back)]])


def _restored(rows: pd.DataFrame) -> list[str]:
    seen = rows[rows["below"].notna()]
    shares = (
        [percent(seen["inside90"].astype(float), seen["outage"]), percent(seen["below"]), percent(seen["above"])]
        if len(seen)
        else [""] * 3
    )
    return [
        f"{len(rows)}",
        percent(rows["endless"]),
        percent(rows["beyond_14_days"]),
        f"{seen['outage'].nunique()}",
        f"{len(seen)}",
        *shares,
        f"{seen['over_truth'].median():.2f}" if len(seen) else "",
    ]


def summary(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the numbers of the headline and the headline itself."""
    hard = rows[rows["kind"].isin(HARD)]
    found: dict[str, Any] = {"all": _held(rows), "attacks_and_accidents": _held(hard)}
    return {**found, "sentence": sentence(found["all"], found["attacks_and_accidents"])}


def _held(rows: pd.DataFrame) -> dict[str, Any]:
    return {
        "forecasts": len(rows),
        "outages": int(rows["outage"].nunique()),
        "held90": round(float(rows["inside90"].mean()), 4),
        "held50": round(float(rows["inside50"].mean()), 4),
        "crps": round(float(rows["crps"].mean()), 4),
    }


def short(rows: pd.DataFrame) -> str:
    """Return the README's table: CRPS beside the best yardstick, and the 90 % band, by kind."""
    return markdown(
        ["kind", "outages", "forecasts", "mean error (CRPS)", "compared with", "90 % band holds"],
        list(_short_lines(rows)),
    )


def _short_lines(rows: pd.DataFrame) -> Iterator[list[str]]:
    hard = rows[rows["kind"].isin(HARD)]
    soft = [part for part in by_kind(rows[~rows["kind"].isin(HARD)]) if len(part[1])]
    for name, part in [*soft, ("attacks, accidents and local faults", hard)]:
        if not len(part):
            continue
        outages, forecasts, crps, *_, held = numbers(part)
        against = "analogs" if part["analogs"].notna().all() else "exponential"
        yardstick = {"analogs": "earlier curves, stretched", "exponential": "exponential"}[against]
        yield [name, outages, forecasts, crps, f"{yardstick}: {part[against].mean():.3f}", held]
