"""Which figures cannot both hold, and which are one belief told twice."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from energy_impact.figures.figure import TOGETHER_H
from energy_impact.figures.wording import match_gaussian
from energy_impact.quantities import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from energy_impact.figures.figure import Figure
    from energy_impact.results.figure_fit import FigureFit
    from energy_impact.scenario import Scenario

GROWING_H = 48.0
"""Within these hours a count that only grows is one count told again. [h] (judgement)"""
GROWING_BY = math.log(2)
"""Rise up to which it is still told of the same people, on the log scale (judgement)."""
ALIKE = 0.15
"""Difference up to which two figures are one belief, on the log scale (judgement)."""
COLUMNS = ("relation", "first", "second", "place", "quantity", "why", "outlier_first", "outlier_second")


def conflicts(scenario: Scenario, fit: FigureFit | None) -> pd.DataFrame:
    """Return the table of `Estimate.conflicts`."""
    figures = scenario.figure_records
    outlier = {} if fit is None else dict(zip(fit.ids, fit.outlier_probability.tolist(), strict=True))
    amounts = [(figure, _amount(figure)) for figure in (*figures, *_sums(figures))]
    rows = []
    for (first, one), (second, other) in combinations(amounts, 2):
        found = None if one is None or other is None else _relation(first, second, one, other)
        if found is not None:
            ids = (first.id, second.id)
            doubt = (outlier.get(name, np.nan) for name in ids)
            rows.append((found[0], *ids, first.place, first.quantity, found[1], *doubt))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _sums(figures: Sequence[Figure]) -> Iterator[Figure]:
    """Figures that follow from others: the sum of what one source reports of one event."""
    sums = {name: row.sum_of for name, row in QUANTITIES.items() if row.sum_of}
    for total, parts in sums.items():
        groups: dict[tuple[str, str, str], list[Figure]] = {}
        for figure in figures:
            if figure.qualifier == "exact" and figure.event is not None and figure.quantity in parts:
                groups.setdefault((figure.place, figure.event, figure.source), []).append(figure)
        for _, group in sorted(groups.items()):
            if sorted(figure.quantity for figure in group) == sorted(parts):
                name = " + ".join(figure.id for figure in group)
                value = sum(figure.value or 0.0 for figure in group)
                yield replace(group[0], id=name, quantity=total, value=value)


class _Amount(NamedTuple):
    """What a figure says on the log scale: the ends of what it allows (open ones infinite), and the middle."""

    low: float
    high: float
    middle: float


def _amount(figure: Figure) -> _Amount | None:
    """Return what a figure says; None where it names no amount."""
    allowed = None if QUANTITIES[figure.quantity].is_temperature else figure.allowed()
    if allowed is None:
        return None
    claim = figure.claim()
    if claim.reading.of_stock:
        return None
    low, high = (math.log(end) if end > 0 else -math.inf for end in allowed)
    return _Amount(low, high, match_gaussian(claim)[0])


def _relation(first: Figure, second: Figure, one: _Amount, other: _Amount) -> tuple[str, str] | None:
    """Return how two figures relate and why, or None where they do not."""
    quantities = {first.quantity, second.quantity}
    nested = any(quantities == {name, QUANTITIES[name].part_of} for name in quantities)
    alike = (first.place, first.kind, first.unit) == (second.place, second.kind, second.unit)
    if not alike or not (len(quantities) == 1 or nested):
        return None
    hours = abs(second.time - first.time) / pd.Timedelta(hours=1)
    near = TOGETHER_H + first.time_uncertainty_h + second.time_uncertainty_h
    together = _one_attack(first, second) or (hours < near and _same_start(first, second, near))
    rise = (other.middle - one.middle) * (1 if second.time >= first.time else -1)
    if QUANTITIES[first.quantity].grows and 0 < hours <= GROWING_H and 0 < rise <= GROWING_BY:
        return "told twice", "a count that grows while it is counted"
    if together and not nested and max(one.low, other.low) > min(one.high, other.high):
        return "contradict", f"{first.words} against {second.words} of one moment"
    if together and abs(rise) <= ALIKE:
        return "told twice", "one is part of the other" if nested else "the same count of one moment"
    return None


def _one_attack(first: Figure, second: Figure) -> bool:
    """Whether two figures are numbers of one event."""
    return QUANTITIES[first.quantity].role == "input" and first.event is not None and first.event == second.event


def _same_start(first: Figure, second: Figure, near: float) -> bool:
    """Whether the periods of two figures start together; no start is one of its own."""
    if first.period_start is None or second.period_start is None:
        return first.period_start is second.period_start
    return bool(abs(second.period_start - first.period_start) / pd.Timedelta(hours=1) <= near)
