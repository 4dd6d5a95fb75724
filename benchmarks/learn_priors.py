"""Learn the priors of storms and planned shutoffs from whole outage curves, and write them as a table.

    python benchmarks/learn_priors.py EVENTS_DIR

EVENTS_DIR holds one CSV an event (utc, hours, customers_out, flag) and, beside it, events_summary.csv with the
customers served. Only hyperparameters are written: a median and a spread for each parameter, for all events, and
without each utility and each event, so that a backtest can leave its own out.

The rule: every event is fitted with the library itself to its whole curve, read at fixed hours and rounded to two
digits; the prior of the next round is the mean and the variance (within and between events) of the members of all
events, utilities weighing alike, since a forecast is for one more utility and not for one more event of those learned
from; `ROUNDS` rounds; at the end the variance is multiplied by `INFLATION`, since a utility never seen differs from
those learned from (of the factors 1, 2, 3 and 4, three forecast storms of utilities left out best).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit, logit

import energy_impact as ei
from energy_impact.model.parameters import BY_NAME
from energy_impact.prepare import prepare

HOURS = (0, 2, 4, 6, 9, 12, 16, 20, 24, 30, 36, 42, 48, 60, 72, 84, 96, 120, 144, 168, 200, 240, 300)
ONSET_H = 12
ROUNDS = 4
MEMBERS = 1024
INFLATION = 3.0
TIMEZONES = {"pge": "America/Los_Angeles", "bch": "America/Vancouver", "fpl": "America/New_York"}

START = {
    "severity_power": (0.03, 1.5),
    "repair_rate_power": (1 / 8, 0.8),
    "slow_ratio_power": (0.2, 0.6),
    "slow_share_power": (0.25, 1.2),
    "lost_share_power": (0.03, 1.0),
    "crew_limit_power": (0.3, 1.0),
    "start_lag_h": (3.0, 1.0),
    "night_factor": (0.5, 0.8),
    "chronic_rate_power": (2e-5, 1.0),
    "initial_out_power": (2e-4, 1.0),
}
START_LAG_H = {"storm": 2.0, "planned_shutoff": 14.0}

Priors = dict[str, tuple[float, float]]


def read_curve(path: Path) -> tuple[pd.Timestamp, np.ndarray, np.ndarray]:
    """Time of the peak, hours after it, customers out; suspect points dropped, cut where 0.5 % of the peak is left."""
    table = pd.read_csv(path)
    table = table[table["flag"].fillna("ok") == "ok"]
    hours, out = table["hours"].to_numpy(float), table["customers_out"].to_numpy(float)
    peak = int(np.argmax(out))
    begin = pd.to_datetime(table["utc"].iloc[0], utc=True) + pd.Timedelta(hours=hours[peak] - hours[0])
    after, out = hours[peak:] - hours[peak], out[peak:]
    last = after[out > 0.005 * out[0]].max()
    at = np.array([hour for hour in HOURS if hour <= last], float)
    return begin.floor("s"), at, np.interp(at, after, out)


def kind_of(event: str) -> str:
    return "planned_shutoff" if event.startswith("psps") else "storm"


def utility_of(event: str) -> str:
    return event.rsplit("_", 1)[-1]


def fit(event: str, folder: Path, served: float, priors: Priors) -> ei.Estimate:
    """Fit one event to its whole curve."""
    peak, at, out = read_curve(folder / f"{event}.csv")
    start = peak - pd.Timedelta(hours=ONSET_H)
    figures = [
        {
            "id": f"{hour:g} h",
            "time": peak + pd.Timedelta(hours=hour),
            "place": event,
            "kind": "stock",
            "quantity": "power_customers_out",
            "value": float(f"{max(number, 1):.2g}"),
            "qualifier": "about",
            "source": "utility",
        }
        for hour, number in zip(at, out, strict=True)
    ]
    place = ei.Place(event, timezone=TIMEZONES[utility_of(event)], power_customers=(0.95 * served, 1.05 * served))
    scenario = ei.Scenario(
        start=start,
        horizon_h=ONSET_H + int(at[-1]) + 1,
        places=place,
        events=[ei.Event(start, kind=kind_of(event), duration_h=ONSET_H)],
        figures=figures,
        priors={name: {"median": median, "spread": spread} for name, (median, spread) in priors.items()},
    )
    return ei.estimate(scenario, members=MEMBERS, rng=1)


def forward(name: str, value: np.ndarray | float) -> np.ndarray:
    """The scale on which a parameter's prior is normal."""
    return np.asarray({"log": np.log, "logit": logit, "normal": lambda x: x}[BY_NAME[name].transform](value))


def inverse(name: str, value: float) -> float:
    return float({"log": np.exp, "logit": expit, "normal": lambda x: x}[BY_NAME[name].transform](value))


def learn(events: list[str], folder: Path, served: pd.Series) -> Priors:
    """Expectation maximisation of independent normal priors over a set of events of one kind."""
    priors = START | {"start_lag_h": (START_LAG_H[kind_of(events[0])], START["start_lag_h"][1])}
    utilities = [utility_of(event) for event in events]
    weights = [1 / utilities.count(utility) for utility in utilities]
    for _ in range(ROUNDS):
        moments: dict[str, list[tuple[float, float]]] = {name: [] for name in priors}
        for event in events:
            estimate = fit(event, folder, float(served[event]), priors)
            layout = prepare(estimate.scenario).layout
            for name, (median, spread) in priors.items():
                normal = layout.numbers(name, estimate.parameters.T)[-1]
                value = forward(name, median) + spread * normal
                moments[name].append((float(value.mean()), float(value.var())))
        for name, pairs in moments.items():
            mean, variance = np.array(pairs).T
            centre = float(np.average(mean, weights=weights))
            spread = np.sqrt(np.average(variance + (mean - centre) ** 2, weights=weights))
            priors[name] = (inverse(name, centre), float(spread))
    return {name: (median, spread * np.sqrt(INFLATION)) for name, (median, spread) in priors.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events", type=Path)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/learned_priors.json"))
    parser.add_argument("--module", type=Path, default=Path("energy_impact/model/learned.py"))
    args = parser.parse_args()
    served = pd.read_csv(args.events.parent / "events_summary.csv").set_index("event")["customers_served"]
    names = sorted(path.stem for path in args.events.glob("*.csv"))
    sets = {"all": names}
    sets |= {f"without {utility}": [n for n in names if utility_of(n) != utility] for utility in sorted(TIMEZONES)}
    sets |= {f"without {event}": [n for n in names if n != event] for event in names}
    table: dict[str, dict[str, Priors]] = {}
    for title, chosen in sets.items():
        for kind in ("storm", "planned_shutoff"):
            events = [name for name in chosen if kind_of(name) == kind]
            if not events or (title.startswith("without ") and title[8:] in names and kind_of(title[8:]) != kind):
                continue
            learned = learn(events, args.events, served)
            table.setdefault(title, {})[kind] = {
                name: (float(f"{median:.3g}"), round(float(spread), 2)) for name, (median, spread) in learned.items()
            }
            print(f"{title}, {kind}, {len(events)} events: {table[title][kind]}", flush=True)
    args.out.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    args.module.write_text(module(table["all"]), encoding="utf-8")


def module(learned: dict[str, Priors]) -> str:
    """The shipped table as the source of a module."""
    title = "Priors of storms and planned shutoffs, written by benchmarks/learn_priors.py: median and spread by kind."
    lines = [f'"""{title}"""', "", "LEARNED: dict[str, dict[str, tuple[float, float]]] = {"]
    for kind, priors in learned.items():
        lines += [f'    "{kind}": {{', *(f'        "{name}": {pair},' for name, pair in priors.items()), "    },"]
    return "\n".join([*lines, "}", ""])


if __name__ == "__main__":
    main()
