"""Forecasts for an outside scorer, through the public interface only.

`forecast(case)` takes a dict with event, place, hazard ("storm" or "planned_shutoff"), customers_served (or None),
figures (time, quantity, value, qualifier) of which the first is the peak, and target_times in order; it returns draws
of customers without power, of shape (members, targets).

RULE=louo (without the utility) or RULE=loeo (without the event) in the environment uses the priors that
`learn_priors.py` learned without the case, by utility for storms and by event for the others (`event_groups.py`); a
case without such priors is an error. Without RULE the shipped priors are used.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from event_groups import priors_without

import energy_impact as ei

MEMBERS = 1024
ONSET_H = 12
"""Hours over which an outage is taken to build up before its peak (as in `learn_priors.py`)."""
UNKNOWN_STOCK = (1.5, 60.0)
"""Customers served over customers out at the peak, if the number served was not reported (judgement)."""
ZONES = {
    "America/Los_Angeles": "pge sce sdge pacificorp pse scl seattle pgn portland smud ladwp avista snopud nve",
    "America/Vancouver": "bch bchydro fortisbc",
    "America/Edmonton": "fortisalberta atco epcor enmax",
    "America/Phoenix": "aps srp tep",
    "America/Denver": "xcel idahopower rockymountain nwe",
    "America/Chicago": "oncor centerpoint entergy ameren comed xcelmn evergy oge aepok cleco tva alabama apc mlgw nes",
    "America/Regina": "saskpower",
    "America/Winnipeg": "manitobahydro",
    "America/Detroit": "dte consumers",
    "America/New_York": "fpl duke dominion gpc georgia georgiapower teco tampa jea coned pseg psegli lipa nationalgrid "
    "ngrid eversource ui cmp versant gmp nyseg rge pepco bge peco ppl firstenergy aep aes lge ku desc santee ouc",
    "America/Toronto": "hydroone hone hydroquebec hq hqc toronto alectra",
    "America/Moncton": "nbpower nbp",
    "America/Halifax": "nspower nsp nspi",
    "America/Puerto_Rico": "luma prepa",
    "Europe/Dublin": "esb esbn",
    "Europe/London": "ukpn ssen spen enw npg nged wpd nie",
    "Europe/Paris": "enedis rte",
    "Australia/Sydney": "ausgrid endeavour essential",
    "Australia/Melbourne": "ausnet powercor",
}
"""Where some utilities keep their clocks, by the short names that outage maps give them."""
TIMEZONES = {name: zone for zone, names in ZONES.items() for name in names.split()}
NO_NIGHT = {"night_factor": {"median": 0.95, "spread": 0.1}}
"""Where the utility's clock is not known, nights are not modelled."""


@cache
def _learned() -> dict[str, dict[str, Any]]:
    return json.loads((Path(__file__).parent / "learned_priors.json").read_text(encoding="utf-8"))


def priors(case: dict[str, Any]) -> dict[str, dict[str, float]] | None:
    """Priors learned without the case's utility or event if the environment asks; None for the shipped ones."""
    rule = os.environ.get("RULE")
    if rule is None:
        return None
    if rule not in {"louo", "loeo"}:
        raise ValueError(f"RULE: must be louo or loeo, got {rule!r}")
    return priors_without(_learned(), case["event"], case["hazard"])


def scenario(case: dict[str, Any]) -> ei.Scenario:
    """Put a case into the library's words."""
    name, figures = case["place"], case["figures"]
    peak = pd.Timestamp(figures[0]["time"])
    start = peak.floor("h") - pd.Timedelta(hours=ONSET_H)
    end = pd.Timestamp(case["target_times"][-1])
    served, largest = case["customers_served"], max(figure["value"] for figure in figures)
    stock = (0.95 * served, 1.05 * served) if served else tuple(factor * largest for factor in UNKNOWN_STOCK)
    stock = (stock[0], max(stock[1], 1.1 * largest))
    chosen = priors(case)
    if name.lower() not in TIMEZONES:
        chosen = (chosen or {}) | NO_NIGHT
    rows = [
        {
            "id": str(index),
            "place": name,
            "kind": "stock",
            "source": name,
            "time": figure["time"],
            "quantity": figure["quantity"],
            "value": figure["value"],
            "qualifier": figure["qualifier"],
        }
        for index, figure in enumerate(figures)
    ]
    return ei.Scenario(
        start=start,
        horizon_h=int(np.ceil((end - start) / pd.Timedelta(hours=1))),
        places=ei.Place(name, timezone=TIMEZONES.get(name.lower(), "UTC"), power_customers=stock),
        events=[ei.Event(start, kind=case["hazard"], duration_h=(peak - start) / pd.Timedelta(hours=1))],
        figures=rows,
        priors=chosen,
    )


def forecast(case: dict[str, Any]) -> np.ndarray:
    """Draws of customers without power at the target times, (members, targets)."""
    estimate = ei.estimate(scenario(case), members=MEMBERS, rng=1)
    curve = estimate["power_customers_out", case["place"]]
    return curve.at([min(pd.Timestamp(time), curve.times[-1]) for time in case["target_times"]])
