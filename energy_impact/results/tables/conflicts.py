"""Which figures cannot both hold, and which are one belief told twice."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from energy_impact.figures.wording import Claim, moments
from energy_impact.results.tables.summary import stated_bounds
from energy_impact.results.terminal import wording
from energy_impact.vocabulary import QUANTITIES, TOGETHER_H

if TYPE_CHECKING:
    from collections.abc import Iterator

    from energy_impact.results.figure_fit import FigureFit
    from energy_impact.scenario import Scenario

GROWING_H = 48.0
"""Within these hours a count that only grows is one count told again. [h] (judgement)"""
APART_SD = 3.0
"""By how many of its standard deviations a rounded number may be off; an exact one may not (judgement)."""
GROWING_BY = math.log(2)
"""Rise up to which it is still told of the same people, on the log scale (judgement)."""
ALIKE = 0.15
"""Difference up to which two figures are one belief, on the log scale (judgement)."""
GROWING = ("people_killed", "people_injured", "people_hospitalised")
"""Counts that only grow while they are being counted."""
PART_OF = {"heat_buildings_drained": "heat_buildings_out"}
"""What is also the other: a drained building is without heat."""
SUM_OF = {"munitions_launched": ("missiles_launched", "drones_launched")}
"""What is the sum of others, of one source and event."""
COLUMNS = ("relation", "first", "second", "place", "quantity", "why", "outlier_first", "outlier_second")


def conflicts(scenario: Scenario, fit: FigureFit | None) -> pd.DataFrame:
    """Return the table of `Estimate.conflicts`."""
    figures = scenario.figures
    outlier = {} if fit is None else dict(zip(fit.ids, fit.outlier_probability.tolist(), strict=True))
    told: list[dict[Any, Any]] = [*figures.to_dict("records"), *_sums(figures)]
    rows = []
    for first, second in combinations(told, 2):
        found = _relation(first, second, scenario)
        if found is not None:
            ids = (first["id"], second["id"])
            doubt = (outlier.get(name, np.nan) for name in ids)
            rows.append((found[0], *ids, first["place"], first["quantity"], found[1], *doubt))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _sums(figures: pd.DataFrame) -> Iterator[dict[Any, Any]]:
    """Figures that follow from others: the sum of what one source tells of one event."""
    exact = figures[(figures["qualifier"] == "exact") & figures["event"].notna()]
    for total, parts in SUM_OF.items():
        for _, told in exact[exact["quantity"].isin(parts)].groupby(["place", "event", "source"]):
            if len(told) == len(parts) and set(told["quantity"]) == set(parts):
                whole = dict(told.iloc[0])
                yield whole | {"id": " + ".join(told["id"]), "quantity": total, "value": float(told["value"].sum())}


def _relation(first: dict[Any, Any], second: dict[Any, Any], scenario: Scenario) -> tuple[str, str] | None:
    """Return how two figures relate and why, or None where they do not."""
    quantity, quantities = first["quantity"], {first["quantity"], second["quantity"]}
    nested = any(quantities == {part, whole} for part, whole in PART_OF.items())
    alike = all(first[name] == second[name] for name in ("place", "kind", "unit"))
    if not alike or not (len(quantities) == 1 or nested) or QUANTITIES[quantity].is_temperature:
        return None
    told = _told(first, scenario), _told(second, scenario)
    if told[0] is None or told[1] is None:
        return None
    hours = abs(second["time"] - first["time"]) / pd.Timedelta(hours=1)
    one_attack = QUANTITIES[quantity].role == "input" and pd.notna(first["event"]) and first["event"] == second["event"]
    near = TOGETHER_H + first["time_uncertainty_h"] + second["time_uncertainty_h"]
    together = one_attack or (hours < near and _same_begin(first, second, near))
    rise = (told[1].middle - told[0].middle) * (1 if second["time"] >= first["time"] else -1)
    if quantity in GROWING and 0 < hours <= GROWING_H and 0 < rise <= GROWING_BY:
        return "told twice", "a count that grows while it is counted"
    gap = max(told[0].low, told[1].low) - min(told[0].high, told[1].high)
    if together and not nested and gap > told[0].slack + told[1].slack:
        return "contradict", f"{wording(first)} against {wording(second)} of one moment"
    if together and abs(rise) <= ALIKE:
        return "told twice", "one is part of the other" if nested else "the same count of one moment"
    return None


def _same_begin(first: dict[Any, Any], second: dict[Any, Any], near: float) -> bool:
    """Whether the periods of two figures begin together; no beginning is one of its own."""
    begins = first["period_start"], second["period_start"]
    if any(pd.isna(begin) for begin in begins):
        return all(pd.isna(begin) for begin in begins)
    return bool(abs(begins[1] - begins[0]) / pd.Timedelta(hours=1) <= near)


class _Told(NamedTuple):
    """What a figure says on the log scale: ends (open ones infinite), middle, and by how much it may be off."""

    low: float
    high: float
    middle: float
    slack: float


def _told(figure: dict[Any, Any], scenario: Scenario) -> _Told | None:
    """Return what a figure says; None where it names no amount."""
    bounds = stated_bounds(figure, scenario) if QUANTITIES[figure["quantity"]].unit != "statement" else None
    if bounds is None or figure["qualifier"] in {"all", "none"} or not max(bounds) > 0:
        return None
    unit = 0.01 if figure["unit"] == "share" else 1.0
    middle, sd = moments(Claim(figure["qualifier"], float(figure["value"]), float(figure["value_high"]), unit))
    low, high = (math.log(end) if end > 0 else -math.inf for end in bounds)
    slack = 0.0 if figure["qualifier"] == "exact" else APART_SD * sd if low == high else 0.0
    return _Told(low, high, middle, slack)
