"""What figures say of each other: changes that restate two stocks, and whether supply is short."""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING

import pandas as pd

from energy_impact._language import lasting, say
from energy_impact.figures.figure import TOGETHER_H
from energy_impact.figures.kinds import KINDS, read_as
from energy_impact.quantities import OF_BALANCE, QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.figures.figure import Figure

DAMAGE_ALONE = "power_customers_out_by_damage"
"""The quantity that counts those whom lack of supply does not cut off."""
RESTATED_WIDTHS, RESTATED_SHARE = 2.0, 0.05
"""How wide the difference of two stocks may be for a change to restate it: widths of the change's own range, or a share
of the change itself where that is exact (judgement)."""


def restated_by(figure: Figure, figures: Sequence[Figure]) -> str:
    """
    Return which two stocks a change restates, as a sentence without a full stop; empty if it does not.

    "4,000 more", beside 6,000 now and 1,940 before, is one belief stated again: as a third report it would make the fit
    too sure of both. A change that the stocks contradict is kept, as one of the figures that disagree, and so is one
    that says more than they do: "4,100 more", beside "thousands" and "thousands".
    """
    if read_as(figure.kind, figure.quantity) is not KINDS["change"] or figure.period_start is None:
        return ""
    stocks = [other for other in figures if _is_stock_beside(other, figure)]
    before = [stock for stock in stocks if _reach_h(stock, figure.period_start) < figure.time_uncertainty_h]
    after = [stock for stock in stocks if _reach_h(stock, figure.time) < figure.time_uncertainty_h]
    for first, last in product(before, after):
        if first is not last and _is_restated(figure, first, last):
            return lasting(_restates, first.id, last.id)
    return ""


def _restates(first: str, last: str) -> str:
    return say("restates {first} and {last}", first=first, last=last)


def of_some(figure: Figure) -> bool:
    """Return whether a figure counts more than nobody and nothing."""
    return figure.qualifier != "none" and figure.value != 0


def says_short(figure: Figure, figures: Sequence[Figure]) -> bool:
    """
    Return whether a figure says that supply is short.

    One of cuts does. One of damage alone does only beside a larger total of that time: "88,000 by damage" may be all
    are out.
    """
    if figure.quantity not in OF_BALANCE or not of_some(figure):
        return False
    if figure.quantity != DAMAGE_ALONE:
        return True
    return any(_is_larger_total(other, figure) for other in figures)


def _is_larger_total(other: Figure, damage: Figure) -> bool:
    """Return whether a figure states more out at the place and time of a figure of damage than that allows."""
    same = other.place == damage.place and other.quantity == QUANTITIES[damage.quantity].part_of
    if not same or other.unit != damage.unit or _reach_h(other, damage.time) >= damage.time_uncertainty_h:
        return False
    total, part = other.allowed(), damage.allowed()
    if total is None or part is None:
        return False
    return total[0] > (part[1] if math.isfinite(part[1]) else part[0])


def _is_stock_beside(other: Figure, change: Figure) -> bool:
    """Return whether a figure states the quantity that a change is of, at one time."""
    same = all(getattr(other, name) == getattr(change, name) for name in ("place", "quantity", "unit"))
    return same and read_as(other.kind, other.quantity) is KINDS["stock"]


def _reach_h(figure: Figure, time: pd.Timestamp) -> float:
    """Return how far a figure is from a time, beyond what describes the same time [h]."""
    return abs((figure.time - time) / pd.Timedelta(hours=1)) - TOGETHER_H - figure.time_uncertainty_h


def _is_restated(change: Figure, first: Figure, last: Figure) -> bool:
    """Return whether two stocks may differ by a change, and give their difference about as narrowly."""
    ranges = [figure.allowed() for figure in (change, first, last)]
    if None in ranges:
        return False
    (least, most), (low, high), (lowest, highest) = (known for known in ranges if known is not None)
    width = max(RESTATED_WIDTHS * (most - least), RESTATED_SHARE * max(abs(least), abs(most)))
    fewest, greatest = lowest - high, highest - low
    return fewest <= most and least <= greatest and math.isfinite(greatest - fewest) and greatest - fewest <= width
