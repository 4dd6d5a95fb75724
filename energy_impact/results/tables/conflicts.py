"""Pairs of figures that cannot both hold, and pairs that report the same fact."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from energy_impact._language import say
from energy_impact.figures.figure import TOGETHER_H
from energy_impact.figures.wording import match_gaussian
from energy_impact.quantities import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from energy_impact.figures.figure import Figure
    from energy_impact.places import Place
    from energy_impact.results.figure_fit import FigureFit
    from energy_impact.scenario import Scenario

GROWING_H = 48.0
"""Within these hours two values of a count that only grows are one count. [h] (judgement)"""
GROWING_BY = math.log(2)
"""Largest rise of a count that still includes the same people, on the log scale (judgement)."""
ALIKE = 0.15
"""Largest difference between two reports of the same fact, on the log scale (judgement)."""
COLUMNS = ("relation", "first", "second", "place", "quantity", "why", "outlier_first", "outlier_second")


class Pair(NamedTuple):
    """Two figures that contradict each other or report the same fact."""

    relation: str
    first: str
    second: str
    place: str
    quantity: str
    why: str


def conflicts(scenario: Scenario, fit: FigureFit | None) -> pd.DataFrame:
    """Return the table of `Estimate.conflicts`."""
    outlier = {} if fit is None else dict(zip(fit.ids, fit.outlier_probability.tolist(), strict=True))
    rows = [
        (*pair, *(outlier.get(name, np.nan) for name in (pair.first, pair.second)))
        for pair in (*related_pairs(scenario.figure_records), *_parts_against_wholes(scenario))
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def related_pairs(figures: Sequence[Figure]) -> Iterator[Pair]:
    """Yield the pairs of figures that contradict each other ("contradict") or report the same fact ("same fact")."""
    amounts = [(figure, _amount(figure)) for figure in (*figures, *_sums(figures))]
    for (first, one), (second, other) in combinations(amounts, 2):
        relation = None if one is None or other is None else _relation(first, second, one, other)
        if relation is not None:
            yield Pair(relation[0], first.id, second.id, first.place, first.quantity, relation[1])


def _parts_against_wholes(scenario: Scenario) -> Iterator[Pair]:
    """Yield each count of a place that the counts of its parts cannot add up to, with the ids of all of those."""
    for whole in scenario.figure_records:
        place = scenario.place(whole.place)
        if not place.parts or not _adds_up(whole):
            continue
        alike = [
            figure
            for figure in scenario.figure_records
            if (figure.quantity, figure.kind, figure.unit) == (whole.quantity, whole.kind, whole.unit)
            and _at_once(whole, figure)
        ]
        parts = [_of_parts(part, alike) for part in place.parts]
        low, high = sum(part.low for part in parts), sum(part.high for part in parts)
        allowed = whole.allowed() or (0.0, math.inf)
        if low > allowed[1] or high < allowed[0]:
            named = " + ".join(name for part in parts for name in part.ids)
            more = low > allowed[1]
            why = (
                say("{whole} against more in parts", whole=whole.words)
                if more
                else say("{whole} against less in parts", whole=whole.words)
            )
            yield Pair("contradict", whole.id, named, whole.place, whole.quantity, why)


def _adds_up(figure: Figure) -> bool:
    """Return whether counts of parts add up to a figure."""
    return QUANTITIES[figure.quantity].restorable and not figure.is_share and figure.reads_as.extreme == 0


class _Parts(NamedTuple):
    """What figures allow for a place, and their ids; from 0 to infinity without any."""

    low: float
    high: float
    ids: tuple[str, ...]


def _of_parts(place: Place, figures: Sequence[Figure]) -> _Parts:
    """Return what figures allow for a place, by figures of it, or else of its parts."""
    mine = [figure for figure in figures if figure.place == place.name]
    ranges = [figure.allowed() or (0.0, math.inf) for figure in mine if not figure.wording.reading.of_stock]
    if ranges:
        ids = tuple(figure.id for figure in mine)
        return _Parts(max(0.0, *(low for low, _ in ranges)), min(high for _, high in ranges), ids)
    parts = [_of_parts(part, figures) for part in place.parts]
    high = sum(part.high for part in parts) if parts else math.inf
    return _Parts(sum(part.low for part in parts), high, tuple(name for part in parts for name in part.ids))


def _sums(figures: Sequence[Figure]) -> Iterator[Figure]:
    """Yield figures that follow from others: sums of the counts that one source reports for one event."""
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
    """The range that a figure allows on the log scale (infinite if open), and its middle."""

    low: float
    high: float
    middle: float


def _amount(figure: Figure) -> _Amount | None:
    """Return the range and middle of a figure; None if it names no amount."""
    allowed = None if QUANTITIES[figure.quantity].is_temperature else figure.allowed()
    if allowed is None:
        return None
    claim = figure.claim()
    if claim.reading.of_stock:
        return None
    low, high = (math.log(end) if end > 0 else -math.inf for end in allowed)
    return _Amount(low, high, match_gaussian(claim)[0])


def _relation(first: Figure, second: Figure, one: _Amount, other: _Amount) -> tuple[str, str] | None:
    """Return the relation of two figures and the reason, or None if they are unrelated."""
    quantities = {first.quantity, second.quantity}
    nested = any(quantities == {name, QUANTITIES[name].part_of} for name in quantities)
    alike = (first.place, first.kind, first.unit) == (second.place, second.kind, second.unit)
    if not alike or not (len(quantities) == 1 or nested):
        return None
    hours = abs(second.time - first.time) / pd.Timedelta(hours=1)
    together = _one_attack(first, second) or _at_once(first, second)
    rise = (other.middle - one.middle) * (1 if second.time >= first.time else -1)
    if QUANTITIES[first.quantity].grows and 0 < hours <= GROWING_H and 0 < rise <= GROWING_BY:
        return "same fact", say("one growing count")
    if together and not nested and max(one.low, other.low) > min(one.high, other.high):
        why = say("{first} against {second} at the same time", first=first.words, second=second.words)
        return "contradict", why
    if together and abs(rise) <= ALIKE:
        return "same fact", say("one is part of the other") if nested else say("the same count at the same time")
    return None


def _one_attack(first: Figure, second: Figure) -> bool:
    """Return whether two figures describe one event."""
    return QUANTITIES[first.quantity].role == "input" and first.event is not None and first.event == second.event


def _at_once(first: Figure, second: Figure) -> bool:
    """Return whether two figures hold at the same time, and over periods that start together."""
    near = TOGETHER_H + first.time_uncertainty_h + second.time_uncertainty_h
    return abs(second.time - first.time) / pd.Timedelta(hours=1) < near and _same_start(first, second, near)


def _same_start(first: Figure, second: Figure, near: float) -> bool:
    """Return whether the periods of two figures start together; no start matches only no start."""
    if first.period_start is None or second.period_start is None:
        return first.period_start is second.period_start
    return bool(abs(second.period_start - first.period_start) / pd.Timedelta(hours=1) <= near)
