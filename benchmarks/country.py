"""A made-up country with a known truth: a tree of regions, storms and attacks, and thousands of figures.

    PYTHONPATH=. python benchmarks/country.py --places 3100 --figures 1000 --members 512

prints seconds of CPU and memory of each stage, and how often the intervals held the truth.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

import energy_impact as ei
from energy_impact.figures.wording import largest_named
from energy_impact.model.parameters import BY_NAME
from energy_impact.reports import biased
from energy_impact.validation import reporting, scoring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from energy_impact.figures.wording import Claim

START = pd.Timestamp("2026-01-19T00:00Z")
STORMS = (("2026-01-20T03:00Z", 10.0, 0.3), ("2026-01-22T15:00Z", 8.0, 0.2))
"""Begin, duration [h], and share of the regions that it crosses, of each storm."""
ATTACKS = (("2026-01-21T01:00Z", 5.0, 0.12), ("2026-01-23T01:00Z", 5.0, 0.12))
"""The same of each attack."""
FIRST_H, LAST_H = 96.0, 132.0
"""Hours after the start between which figures are published. [h]"""
WORDS = ("about", "over", "almost", "exact")
QUANTITY = "power_customers_out"

T = TypeVar("T")


def country(places: int, rng: np.random.Generator, *, horizon_h: float = 168.0) -> ei.Scenario:
    """Return a scenario of so many places in some 25 regions, without figures."""
    count = max(min(25, places // 4), 1)
    parts = np.array_split(np.arange(places), count)
    customers = np.exp(rng.normal(np.log(25_000), 1.0, places)).round()
    regions = [
        ei.Place(
            f"Region {number}",
            timezone="Europe/Kyiv",
            parts=[ei.Place(f"Place {leaf}", timezone="Europe/Kyiv", power_customers=customers[leaf]) for leaf in part],
        )
        for number, part in enumerate(parts)
    ]
    names = [region.name for region in regions]
    events = [
        ei.Event(begin, kind=kind, duration_h=hours, places=_some(names, share, rng))
        for kind, rows in (("storm", STORMS), ("attack", ATTACKS))
        for begin, hours, share in rows
    ]
    return ei.Scenario(START, horizon_h, ei.Place("Country", timezone="Europe/Kyiv", parts=regions), events=events)


def _some(names: list[str], share: float, rng: np.random.Generator) -> list[str]:
    return sorted(rng.choice(names, max(1, round(share * len(names))), replace=False).tolist())


def figures(scenario: ei.Scenario, truth: ei.Estimate, count: int, rng: np.random.Generator) -> list[dict[str, object]]:
    """Return worded counts of the first member of a run, at places that an event hit."""
    hit = sorted(
        {leaf.name for event in scenario.events for name in event.places for leaf in scenario.place(name).leaves()}
    )
    bias = BY_NAME["source_bias"]
    biases = {place: bias.median * float(np.exp(bias.spread * rng.standard_normal())) for place in hit}
    found: list[dict[str, object]] = []
    while len(found) < count:
        place = str(rng.choice(hit))
        time = scenario.start + pd.Timedelta(hours=round(rng.uniform(FIRST_H, LAST_H), 1))
        true, largest = truth[QUANTITY, place].at(time)[0], scenario.place(place).stock_range("power_customers")[1]
        value = float(biased(true, biases[place], largest)[0])
        claim = reporting.word(value, str(rng.choice(WORDS)), rng) if value >= 1 else None
        if claim is not None and fits(scenario, place, claim):
            row = {"id": f"figure {len(found)}", "time": time, "place": place, "quantity": QUANTITY, "kind": "stock"}
            found.append(row | {"value": claim.value, "qualifier": claim.qualifier, "source": f"utility of {place}"})
    return found


def fits(scenario: ei.Scenario, place: str, claim: Claim) -> bool:
    """Return whether a claim names no more than the accounts of a place."""
    return largest_named(claim) <= scenario.place(place).stock_range("power_customers")[1]


def cover(truth: ei.Estimate, fitted: ei.Estimate, places: list[str]) -> Iterator[dict[str, object]]:
    """Yield whether intervals hold the truth a day after the last figure, by place."""
    for run in (truth, fitted):
        run.curves.expect([(QUANTITY, place) for place in places])
    time = truth.scenario.start + pd.Timedelta(hours=LAST_H + 24)
    for place in places:
        true, draws = truth[QUANTITY, place].at(time)[0], fitted[QUANTITY, place].at(time)
        yield {
            "place": place,
            "inside90": bool(scoring.cover(draws, true, level=0.9)[0]),
            "inside50": bool(scoring.cover(draws, true, level=0.5)[0]),
            "error": float(scoring.crps(draws, true)[0] / max(true[0], 1)),
        }


def main() -> None:
    """Print the cost of a country, and how good its answer is."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, number in (("--places", 3100), ("--figures", 1000), ("--members", 512), ("--seed", 1)):
        parser.add_argument(name, type=int, default=number)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    scenario = country(options.places, rng)
    truth = _timed("truth", lambda: ei.simulate(scenario, members=2, rng=options.seed + 1))
    rows = _timed("figures", lambda: figures(scenario, truth, options.figures, rng))
    scenario = _timed("scenario", lambda: scenario.replace(figures=rows))
    fitted = _timed("fit", lambda: ei.estimate(scenario, members=options.members, rng=options.seed))
    regions = [region.name for root in scenario.places for region in root.parts]
    reported = sorted({str(row["place"]) for row in rows})
    for name, places in (("regions", regions), ("reported places", reported[:300])):
        table = pd.DataFrame(_timed(f"curves of {name}", lambda places=places: [*cover(truth, fitted, places)]))
        print(name, table.drop(columns="place").mean().round(3).to_dict())
    _timed("summary of regions", lambda: fitted.summary(places=regions))
    print(fitted.status_text[:120])


def _timed(name: str, work: Callable[[], T]) -> T:
    import resource  # Windows has none

    begin = time.process_time()
    found = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:30s} {time.process_time() - begin:8.2f} s {peak:8.0f} MB", flush=True)
    return found


if __name__ == "__main__":
    main()
