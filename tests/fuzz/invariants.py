"""
Random scenarios against what must hold of any answer.

    python -m tests.fuzz.invariants                          # 30 scenarios, seed 1
    python -m tests.fuzz.invariants --cases 1000 --seed 7    # any number
    python -m tests.fuzz.invariants --first 41 --cases 1     # one again

A scenario depends on seed and number alone. Held are: bounds of every curve, sums over parts, order of the thresholds
of cold homes and of those who lack one, two or all services, growth of what is restored, and quantiles against each
other and against their level.
"""

from __future__ import annotations

import argparse
import sys
import traceback
import warnings
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

import energy_impact as ei
from energy_impact.event_kinds import EVENT_KINDS
from energy_impact.quantities import COLD_LIMITS_C, QUANTITIES
from energy_impact.systems import STOCKS
from tests.fuzz.nasty import pick
from tests.fuzz.sweeping import run_numbers

ROUNDING = 1e-4
ADD_UP = ("heat_buildings_out", "power_customers_out", "water_buildings_out", "people_below_18c", "residents_departed")
LACKING = ("people_without_any", "people_without_two", "people_without_all")
RESTORED = {name: row.restores for name, row in QUANTITIES.items() if row.cumulative}


def scenario(rng: np.random.Generator) -> ei.Scenario:
    """Return a random scenario: one to four places of any size, events, figures, weather, truces, priors."""
    start = pd.Timestamp("2026-01-20T00:00Z") + pd.Timedelta(hours=int(rng.integers(9000)))
    horizon = int(rng.choice([2, 6, 24, 72, 150]))
    step = float(rng.choice([1.0, 1.0, 0.5, 0.25]))
    leaves = [_place(rng, f"P{number}") for number in range(int(rng.integers(1, 4)))]
    places: Any = ei.Place("all", parts=leaves, shared_crews=bool(rng.random() < 0.3)) if len(leaves) > 1 else leaves[0]
    events = [_event(rng, start, horizon, leaves) for _ in range(int(rng.integers(4)))]
    given: dict[str, Any] = {"events": events, "step_h": step}
    if rng.random() < 0.3:
        index = pd.date_range(start.floor("h") - pd.Timedelta(hours=1), periods=horizon + 4, freq="h")
        given["weather"] = pd.Series(rng.uniform(-35, 30) + rng.normal(0, 4, len(index)), index)
    if rng.random() < 0.3:
        given["new_events"] = [ei.EventRate(kind=pick(rng, ["attack", "storm"]), per_week=float(rng.uniform(0, 9)))]
    bare = ei.Scenario(start, horizon, places, **given)
    if rng.random() < 0.8:
        given["figures"] = _figures(rng, bare)
    return ei.Scenario(start, horizon, places, **given)


def _place(rng: np.random.Generator, name: str) -> ei.Place:
    size = float(10 ** rng.uniform(0.5, 6))
    sizes = {"power_customers": size, "heat_buildings": size / 100 + 1, "water_buildings": size / 90 + 1}
    sizes |= {"residents": 2.2 * size + 1, "gas_customers": size / 2 + 1}
    known = {stock: value for stock, value in sizes.items() if rng.random() < 0.7 and stock in STOCKS} or {
        "power_customers": size
    }
    ranges = {stock: (value, value * float(rng.uniform(1.01, 3))) for stock, value in known.items()}
    chosen = {stock: known[stock] if rng.random() < 0.6 else ranges[stock] for stock in known}
    zone = pick(rng, ["UTC", "Europe/Kyiv", "Australia/Lord_Howe", "Asia/Kathmandu"])
    return ei.Place(name, timezone=zone, near_front=bool(rng.random() < 0.2), **chosen)


def _event(rng: np.random.Generator, start: pd.Timestamp, horizon: int, leaves: list[ei.Place]) -> ei.Event:
    time = start + pd.Timedelta(hours=float(rng.uniform(0, 0.9 * horizon)))
    heated = all(leaf.heat_buildings is not None for leaf in leaves)
    kind = pick(rng, [kind for kind in EVENT_KINDS if heated or kind != "heat_accident"])
    numbers = {"missiles": int(rng.integers(200)), "drones": int(rng.integers(900))} if rng.random() < 0.5 else {}
    places = [pick(rng, leaves).name] if rng.random() < 0.4 else None
    length = pick(rng, [0.0, 3.0, (1.0, 9.0), "unknown"])
    return ei.Event(time, kind=kind, duration_h=length, places=places, **numbers)


def _figures(rng: np.random.Generator, bare: ei.Scenario) -> list[dict[str, object]]:
    """Return reports of a truth drawn from the prior, some off by a factor of up to ten."""
    truth = ei.simulate(bare, members=2, rng=int(rng.integers(10**6)))
    counts = [key for key in truth.available if QUANTITIES[key[0]].restorable and _can_be_reported(bare, *key)]
    rows = []
    for number in range(int(rng.integers(1, 6))):
        quantity, place = pick(rng, counts)
        at = int(rng.integers(len(bare.times)))
        value = float(truth[quantity, place].draws[0, at]) * float(np.exp(rng.normal(0, 0.8)))
        stock = bare.place(place).stock_range(QUANTITIES[quantity].stock) if QUANTITIES[quantity].stock else None
        value = float(np.floor(min(value, np.inf if stock is None else stock[1])))
        word = pick(rng, ["about", "exact", "at_least", "up_to", "none"])
        rows.append(
            {
                "id": str(number),
                "time": bare.times[at],
                "place": place,
                "quantity": quantity,
                "value": None if word == "none" else value,
                "qualifier": word,
                "kind": "stock",
                "source": "x",
            }
        )
    return rows


def _can_be_reported(bare: ei.Scenario, quantity: str, place: str) -> bool:
    stock = QUANTITIES[quantity].stock
    return stock is None or bare.place(place).stock_range(stock) is not None


def broken(run: ei.Estimate) -> list[str]:
    """Return the invariants that do not hold."""
    found = []
    curves = {key: run[key].draws.astype(float) for key in run.available}

    def hold(name: str, holds: Any) -> None:
        if not np.all(holds):
            found.append(name)

    for (quantity, place), draws in curves.items():
        row = QUANTITIES[quantity]
        hold(f"{quantity} at {place}: finite", np.isfinite(draws))
        if row.is_temperature:
            hold(f"{quantity} at {place}: a temperature", (draws > -95) & (draws < 65))
            continue
        hold(f"{quantity} at {place}: not negative", draws >= 0)
        if row.is_share:
            hold(f"{quantity} at {place}: a share", draws <= 1 + ROUNDING)
        if row.stock and not row.restores and run.stocks is not None:
            most = run.stocks(row.stock, place).astype(float)[:, None]
            hold(f"{quantity} at {place}: at most its stock", (draws <= most * (1 + ROUNDING)) | np.isnan(most))
        if quantity in RESTORED:
            falls = np.diff(draws, axis=1) >= -ROUNDING * np.maximum(draws[:, 1:], 1)
            hold(f"{quantity} at {place}: does not fall", falls)
    found += _ordered(run, curves) + _summed(run)
    return found


def _ordered(run: ei.Estimate, curves: dict[tuple[str, str], np.ndarray]) -> list[str]:
    found = []
    for place in dict.fromkeys(place for _, place in run.available):
        for chain in (sorted(COLD_LIMITS_C, key=COLD_LIMITS_C.__getitem__), LACKING[::-1]):
            known = [name for name in chain if (name, place) in curves]
            for low, high in pairwise(known):
                less = curves[low, place] <= curves[high, place] + ROUNDING * np.maximum(curves[high, place], 1)
                if not less.all():
                    found.append(f"{low} is at most {high} at {place}")
        parts = [part.name for part in run.scenario.place(place).parts]
        for name in ADD_UP if parts else ():
            if (name, place) in curves and all((name, part) in curves for part in parts):
                total = sum(curves[name, part] for part in parts)
                if not np.allclose(curves[name, place], total, rtol=ROUNDING, atol=0.01):
                    found.append(f"{name} at {place} is the sum of its parts")
    return found


def _summed(run: ei.Estimate) -> list[str]:
    found = []
    wide, narrow = run.summary(level=0.9), run.summary(level=0.5)
    for stem, hours in (("now", ""), ("peak", ""), ("t50", "_h"), ("t90", "_h"), ("total", "")):
        low, middle, high = (wide[f"{stem}{end}{hours}"].to_numpy(float) for end in ("_low", "", "_high"))
        known = ~np.isnan(middle)
        if not ((low <= middle) & (middle <= high))[known].all():
            found.append(f"{stem}: quantiles in order")
        inner = (narrow[f"{stem}_low{hours}"] >= low) & (narrow[f"{stem}_high{hours}"] <= high)
        if not inner.to_numpy()[known].all():
            found.append(f"{stem}: a wider level holds a narrower one")
    if not (wide["t50_h"].to_numpy(float) <= wide["t90_h"].to_numpy(float))[~wide["t90_h"].isna()].all():
        found.append("t50 is at most t90")
    impact = run.impact() if len(run.scenario.times) > 3 else pd.DataFrame({"median": []})
    if not (impact["median"] >= 0).all():
        found.append("impact is not negative")
    return found


def check(seed: int, number: int, members: int = 64) -> list[str]:
    """Return what does not hold of one random scenario."""
    made = scenario(np.random.default_rng([seed, number]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return broken(ei.estimate(made, members=members, rng=seed))


def main() -> int:
    """Check random scenarios from the command line, and print what is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=30)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")
    numbers = range(options.first, options.first + options.cases)
    go_on = f"--seed {options.seed} --first {{}}"
    done, wrong = run_numbers(numbers, lambda number: _told(options.seed, number), go_on)
    print(f"seed {options.seed}: {done} scenarios, {wrong} with a broken invariant")
    return bool(wrong) or done < options.cases


def _told(seed: int, number: int) -> list[str]:
    try:
        found = check(seed, number)
    except Exception:  # noqa: BLE001  # a scenario that ends in an error is what is looked for
        found = ["\n".join(traceback.format_exc().splitlines()[-6:])]
    return [f"seed {seed}, scenario {number}: {text}" for text in found]


if __name__ == "__main__":
    sys.exit(main())
