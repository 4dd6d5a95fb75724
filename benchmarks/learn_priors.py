"""Learn the priors of every kind of event from real outages, and write them as tables.

    python benchmarks/learn_priors.py FOLDER...

The folders are those that `real_events.py` reads; the shipped scenarios and facts are learned from too. It
writes `energy_impact/model/learned.py` (all events) and `benchmarks/learned_priors.json` (all events, and without each
utility of storms or each outage of the others, so that a backtest can leave its own out; `event_groups.py` says which
events are one). An outage that two sources have is learned from once.

The rule, the same for all kinds: every event is fitted with the library itself to all of its figures; the prior of the
next round is the mean and the variance (within and between events) of the members of all events, utilities weighing
alike, since a forecast is for one more utility; `ROUNDS` rounds. What was judged before (`START`) counts as much as
`JUDGED_EVENTS` events, so that kinds with few events stay wide. For storms and shutoffs the correlations of an event's
parameters are learned too: their loadings on one common factor, the event's difficulty.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from event_groups import left_out_with
from real_events import LEARNED, RealEvent, distinct, events
from scipy.special import expit, logit

import energy_impact as ei
from energy_impact.model.parameters import BY_NAME, Prior
from energy_impact.prepare import prepare
from energy_impact.quantities import QUANTITIES
from energy_impact.systems import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDS = 4
MANY_EVENTS = 40
"""Least number of events for which leaving a group out starts from fits under the priors of all."""
MEMBERS = 768
JUDGED_EVENTS = 3.0
"""Weight of the prior judgement, in events."""
FROM_FACTS = ("grid_failure", "local_fault")
"""Kinds that are learned from the facts in `seeds/outages` too: where that forecasts others better."""
FACTOR_KINDS = ("storm", "planned_shutoff")
"""Kinds with enough figures per event to learn correlations between parameters."""
MOST_COMMON = 0.8
"""Largest share of a parameter's variance that the common factor may explain."""

Priors = dict[str, Prior]
MedianSpread = tuple[float, float]

SMALL_FAULTS = {
    "severity_power": (0.04, 1.8),
    "repair_rate_power": (1 / 6, 0.9),
    "slow_ratio_power": (0.25, 0.9),
    "slow_share_power": (0.15, 1.5),
    "lost_share_power": (0.03, 1.5),
    "lost_h_power": (150.0, 0.7),
    "crew_limit_power": (0.2, 1.5),
    "start_lag_h": (1.5, 1.5),
    "night_factor": (0.6, 1.5),
    "initial_out_power": (2e-4, 1.5),
    "job_share_power": (0.05, 1.5),
    "job_h_power": (24.0, 1.0),
    "job_split_power": (0.7, 1.2),
    "job_rest_power": (0.02, 1.5),
}
"""Weather: many small faults, few large jobs."""


def _one_cause(system: str, severity: MedianSpread, hours: MedianSpread | None = None) -> dict[str, MedianSpread]:
    """Damage that depends on one or a few repairs, and is restored with them except for a small rest."""
    own = SYSTEMS[system].parameters
    learned = {SYSTEMS[system].hit.share: severity, own["repair_rate"]: (1 / 4, 1.0)}
    return learned if hours is None else learned | {own["job_h"]: hours}


START: dict[str, dict[str, tuple[float, float]]] = {
    "storm": SMALL_FAULTS,
    "planned_shutoff": {**SMALL_FAULTS, "start_lag_h": (9.0, 1.0)},
    "attack": {
        **_one_cause("power", (0.4, 1.4)),
        **_one_cause("heat", (0.3, 1.4)),
        **_one_cause("water", (0.3, 1.4)),
        "start_lag_h": (2.0, 0.9),
    },
    "heat_accident": {"severity_heat": (0.15, 1.4), "repair_rate_heat": (1 / 4, 1.0), "start_lag_h": (2.0, 0.9)},
    "local_fault": {**_one_cause("power", (0.2, 1.5), (14.0, 1.5)), "start_lag_h": (2.0, 0.9)},
    "grid_failure": {**_one_cause("power", (0.2, 1.5), (8.0, 0.9)), "start_lag_h": (2.0, 0.9)},
}
"""Judged priors before learning, by kind: median and spread of the learned parameters."""
FIXED: dict[str, dict[str, tuple[float, float]]] = {
    "attack": {
        "capability_hit": (0.09, 1.5),
        "job_h_power": (8.0, 1.3),
        "job_h_heat": (7.0, 1.6),
        "job_h_water": (8.0, 1.3),
    },
    "heat_accident": {
        "job_h_heat": (7.0, 1.8),
        "job_factor_heat": (1.0, 0.4),
        "onset_shape": (0.3, 1.0),
        "drain_rate": (1 / 5000, 1.2),
        "burst_rate": (1 / 50000, 1.2),
    },
    "local_fault": {"job_factor_power": (1.0, 0.8)},
    "grid_failure": {
        "job_share_power": (0.95, 2.5),
        "job_split_power": (0.6, 1.5),
        "job_factor_power": (1.0, 0.4),
        "slow_share_power": (0.05, 1.0),
        "heat_dependence": (0.4, 1.0),
        "heat_buffer_h": (6.0, 0.7),
        "water_dependence": (0.8, 1.2),
        "water_buffer_h": (2.0, 0.9),
        "plant_refeed_h": (8.0, 0.9),
    },
}
"""Judged priors of a kind that too few events speak of. Hours of a heat accident's repair: learned from six events they
became 21, by one failure of weeks and one of gas, and those left out were forecast worse. Of 6, 8, 10, 12, 14 and 20 h
the twelve accidents of the record are forecast best with 6 (CRPS 0.188, with 14 h 0.214), whichever one of them is left
out; 7 h are those after attacks. Hours after attacks: learned from 21 events their spread became 0.84 for power, too
narrow for the next event. Wider ones forecast six attacks better (CRPS 0.077 against 0.085), two cut cables too (0.24
against 0.26), and 17 others as well as before. All of these were looked at."""


@dataclass(frozen=True)
class Posterior:
    """
    What the figures of one event say of its parameters.

    Attributes
    ----------
    mean, covariance : ndarray, (parameters,) and (parameters, parameters)
        On the scale on which each prior is normal.
    informed : ndarray of bool, (parameters,)
        Whether any figure speaks of the system that the parameter is of.
    """

    mean: np.ndarray
    covariance: np.ndarray
    informed: np.ndarray


def forward(name: str, value: float) -> float:
    return float({"log": np.log, "logit": logit, "normal": lambda x: x}[BY_NAME[name].transform](value))


def inverse(name: str, value: float) -> float:
    return float({"log": np.exp, "logit": expit, "normal": lambda x: x}[BY_NAME[name].transform](value))


def as_scenario_priors(priors: Priors) -> dict[str, dict[str, float]]:
    return {name: prior._asdict() for name, prior in priors.items()}


def fit(event: RealEvent, priors: Priors, members: int = MEMBERS) -> Posterior:
    """Fit one event to all of its figures."""
    fixed = {name: Prior(*prior) for name, prior in FIXED.get(event.kind, {}).items()}
    scenario = event.scenario.replace(priors=as_scenario_priors(priors | fixed))
    estimate, prepared = ei.estimate(scenario, members=members, rng=1), prepare(scenario)
    normal = estimate.parameters.T.astype(float)
    values = []
    for name, prior in priors.items():
        rows = prepared.layout.numbers(name, normal)
        rows = rows[1:] if BY_NAME[name].axes[:1] == ("regime",) else rows
        values.append(forward(name, prior.median) + prior.spread * rows[0])
    systems = {QUANTITIES[report.quantity].system for report in prepared.reports}
    own = {name: system.name for system in SYSTEMS.values() for name in system.drawn}
    informed = np.array([name not in own or own[name] in systems for name in priors])
    return Posterior(np.mean(values, axis=1), np.cov(values), informed)


def learn(chosen: Sequence[RealEvent], pool: Pool, start: Priors, judged: Priors, rounds: int) -> Priors:
    """Expectation maximisation of normal priors over a set of events of one kind."""
    priors = start
    for _ in range(rounds):
        priors = _next(posteriors(chosen, pool, priors), chosen, judged)
    return priors


def posteriors(chosen: Sequence[RealEvent], pool: Pool, priors: Priors) -> list[Posterior]:
    return pool.starmap(fit, [(event, priors) for event in chosen], chunksize=1)


def without_each_group(chosen: Sequence[RealEvent], pool: Pool, shipped: Priors, judged: Priors) -> dict[str, Priors]:
    """
    Priors learned without each group.

    Of few events they are learned anew from what was judged, as those of all events are; of many the group is left out
    of the last round only.
    """
    groups = sorted({event.group for event in chosen})
    others = {group: [event for event in chosen if event.group not in left_out_with(group)] for group in groups}
    if len(chosen) <= MANY_EVENTS:
        return {group: learn(rest, pool, judged, judged, ROUNDS) if rest else judged for group, rest in others.items()}
    found = dict(zip((event.name for event in chosen), posteriors(chosen, pool, shipped), strict=True))
    return {group: _next([found[event.name] for event in rest], rest, judged) for group, rest in others.items()}


def _next(found: Sequence[Posterior], chosen: Sequence[RealEvent], judged: Priors) -> Priors:
    """Mean and variance of the members of all events, each group weighing as one."""
    groups = [event.group for event in chosen]
    weights = np.array([1 / groups.count(group) for group in groups])
    mean, informed = np.array([one.mean for one in found]), np.array([one.informed for one in found], float)
    before = np.array([(forward(name, prior.median), prior.spread) for name, prior in judged.items()]).T
    weight = weights[:, None] * informed
    total = weight.sum(0) + JUDGED_EVENTS
    centre = ((weight * mean).sum(0) + JUDGED_EVENTS * before[0]) / total
    apart, judged_apart = mean - centre, before[0] - centre
    pairs = weight[:, :, None] * informed[:, None, :]
    covariance = sum(
        pair * (one.covariance + np.outer(far, far)) for pair, one, far in zip(pairs, found, apart, strict=True)
    )
    covariance = covariance + JUDGED_EVENTS * (np.diag(before[1] ** 2) + np.outer(judged_apart, judged_apart))
    covariance /= np.sqrt(np.outer(total, total))
    spread = np.sqrt(np.diag(covariance))
    loading = (
        _loadings(covariance / np.outer(spread, spread)) if chosen[0].kind in FACTOR_KINDS else np.zeros(len(spread))
    )
    return {
        name: Prior(inverse(name, centre[index]), float(spread[index]), float(loading[index]))
        for index, name in enumerate(judged)
    }


def _loadings(correlation: np.ndarray) -> np.ndarray:
    """Loadings on one common factor (principal factor analysis), the sign such that hard events start late."""
    common = np.full(len(correlation), 0.3)
    loading = np.zeros(len(correlation))
    for _ in range(50):
        reduced = correlation.copy()
        np.fill_diagonal(reduced, common)
        values, vectors = np.linalg.eigh(reduced)
        loading = vectors[:, -1] * np.sqrt(max(values[-1], 0.0))
        common = np.clip(loading**2, 0.0, MOST_COMMON)
    loading = np.clip(loading, -np.sqrt(MOST_COMMON), np.sqrt(MOST_COMMON))
    return loading if loading[list(START["storm"]).index("start_lag_h")] >= 0 else -loading


def rounded(priors: Priors) -> dict[str, tuple[float, float, float]]:
    return {
        name: (float(f"{prior.median:.3g}"), round(prior.spread, 2), round(prior.loading, 2))
        for name, prior in priors.items()
    }


def learned_from(event: RealEvent) -> bool:
    """Return whether priors are learned from an event, and not only forecast it."""
    return event.form != "fact" or event.kind in FROM_FACTS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--kinds", nargs="+", choices=list(START), default=list(START))
    parser.add_argument("--out", type=Path, default=LEARNED)
    parser.add_argument("--module", type=Path, default=Path("energy_impact/model/learned.py"))
    args = parser.parse_args()
    everything = events(args.folders)
    once = distinct(everything)
    table = json.loads(args.out.read_text(encoding="utf-8")) if args.out.exists() else {}
    with Pool() as pool:
        for kind in args.kinds:
            mine = [event for event in once if event.kind == kind and learned_from(event)]
            judged = {name: Prior(*prior) for name, prior in START[kind].items()}
            fixed = {name: Prior(*prior) for name, prior in FIXED.get(kind, {}).items()}
            shipped = learn(mine, pool, judged, judged, ROUNDS)
            groups = {event.group for event in mine}
            entry = {"all": rounded(shipped | fixed), "events": len(mine), "groups": len(groups)}
            for group, priors in without_each_group(mine, pool, shipped, judged).items():
                entry[f"without {group}"] = rounded(priors | fixed)
            for group in {event.group for event in everything if event.kind == kind} - groups:
                entry[f"without {group}"] = entry["all"]
            table[kind] = entry
            print(f"{kind}, {len(mine)} events of {len(groups)}: {entry['all']}", flush=True)
    args.out.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    args.module.write_text(module(table), encoding="utf-8")


def module(table: dict[str, dict[str, dict[str, tuple[float, float, float]]]]) -> str:
    """Return the shipped tables as the source of a module."""
    title = (
        "Learned priors by kind of event, written by benchmarks/learn_priors.py: median, spread and loading by name."
    )
    lines = [f'"""{title}"""', "", "LEARNED: dict[str, dict[str, tuple[float, float, float]]] = {"]
    for kind, entry in table.items():
        rows = (f'        "{name}": {tuple(prior)},' for name, prior in entry["all"].items())
        lines += [f'    "{kind}": {{', *rows, "    },"]
    lines += ["}", "", "JUDGED: dict[str, tuple[str, ...]] = {"]
    lines += [f'    "{kind}": {tuple(names)},' for kind, names in FIXED.items()]
    lines += ["}", '"""Of these, what is judged and not learned, by kind."""']
    lines += ["", "EVENTS_BEHIND: dict[str, tuple[int, int]] = {"]
    lines += [f'    "{kind}": ({entry["events"]}, {entry["groups"]}),' for kind, entry in table.items()]
    lines += ["}", '"""Events, and utilities or events, that each kind was learned from."""', ""]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
