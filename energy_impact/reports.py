"""From figures to reports: what the fit is held to, and why it is not held to the other figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from energy_impact.figures.figure import TOGETHER_H
from energy_impact.figures.kinds import read_as
from energy_impact.figures.wording import match_gaussian
from energy_impact.inference.observation import Moment
from energy_impact.quantities import OF_BALANCE, QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from energy_impact.figures.figure import Figure
    from energy_impact.figures.wording import Claim
    from energy_impact.model.plan import Plan
    from energy_impact.scenario import Scenario

NUGGET = 0.03
"""Error of a report that neither its wording nor the level noise explains, on the log scale (judgement)."""


@dataclass(frozen=True)
class Report:
    """
    A figure that the fit is held to.

    Attributes
    ----------
    row : int
        Its row in the scenario's figures.
    quantity : str
    places : tuple of int
        The leaf places that make up the place it speaks of.
    of_stock : bool
        Whether it speaks of a share of the stock, whatever the size of that: a share, "all", or "none".
    moment : Moment
        When it held.
    claim : Claim
        How it was worded.
    source : int
        Its source, for the source's bias.
    """

    row: int
    quantity: str
    places: tuple[int, ...]
    of_stock: bool
    moment: Moment
    claim: Claim
    source: int

    def counts_with(self, other: Report, step_h: float) -> bool:
        """Return whether two reports give one count of one moment and period; each does so with itself."""
        same = (self.quantity, self.places, self.moment.reads) == (other.quantity, other.places, other.moment.reads)
        apart = max(abs(self.moment.time - other.moment.time), abs(self.moment.since - other.moment.since))
        return same and apart * step_h < TOGETHER_H

    def bears_on_same(self, other: Report) -> bool:
        """Return whether two reports speak of one system in places of which one holds a part of the other."""
        systems = {QUANTITIES[report.quantity].system for report in (self, other)}
        return len(systems) == 1 and not set(self.places).isdisjoint(other.places)


@dataclass(frozen=True)
class Reports:
    """
    The figures of a scenario as the fit takes them.

    Attributes
    ----------
    used : tuple of Report
    unused : dict of int to str
        Why a row of the figures is not a report, by row.
    sources : tuple of str
        Who gave the reports, by the number in `Report.source`.
    """

    used: tuple[Report, ...]
    unused: dict[int, str]
    sources: tuple[str, ...]


def reports_of(
    scenario: Scenario,
    plan: Plan,
    parts: Mapping[str, tuple[int, ...]],
    available: Collection[tuple[str, str]],
) -> Reports:
    """
    Turn the figures of a scenario into reports.

    Parameters
    ----------
    scenario : Scenario
    plan : Plan
        Its events, of which a period may begin with the latest.
    parts : mapping of str to tuple of int
        Leaf places that make up each place, by name.
    available : collection of (str, str)
        Every (quantity, place) that can be answered.
    """
    used: list[Report] = []
    unused: dict[int, str] = {}
    sources: dict[str, int] = {}
    for row, figure in enumerate(scenario.figure_records):
        reason = _why_unused(figure, scenario, available)
        if reason:
            unused[row] = reason
            continue
        source = sources.setdefault(figure.claimed_by or figure.source, len(sources))
        places, claim = parts[figure.place], figure.claim(_stock(figure, scenario))
        of_stock = (figure.is_share or claim.reading.of_stock) and claim.stock > 0
        of_stock = of_stock and not QUANTITIES[figure.quantity].is_share
        moment = _moment(figure, scenario, _events_so_far(plan, places))
        used.append(Report(row, figure.quantity, places, of_stock, moment, claim, source))
    return Reports(tuple(used), unused, tuple(sources))


def observed(reports: Sequence[Report], step_h: float) -> NDArray[np.float64]:
    """
    Mean and variance of the Gaussian that matches the logarithm of each report's value, (2, reports).

    Several reports of one count and moment are one belief: n such reports have n times the variance, so that together
    they weigh as one.
    """
    matched = np.array([match_gaussian(report.claim) for report in reports]).reshape(-1, 2)
    together = [sum(report.counts_with(other, step_h) for other in reports) for report in reports]
    return np.array([matched[:, 0], (matched[:, 1] ** 2 + NUGGET**2) * np.array(together, float)])


def groups(reports: Sequence[Report]) -> NDArray[np.intp]:
    """
    Group number of each report by what it bears on, (reports,): a system in places that overlap.

    A place and its parts are one group, so that they are held against each other.
    """
    numbers = np.arange(len(reports))
    for first, second in combinations(range(len(numbers)), 2):
        if reports[first].bears_on_same(reports[second]):
            numbers[numbers == numbers[second]] = numbers[first]
    return numbers


def _why_unused(figure: Figure, scenario: Scenario, available: Collection[tuple[str, str]]) -> str:
    """Return why a figure cannot be fitted, as a sentence without a full stop; empty where it can."""
    quantity = QUANTITIES[figure.quantity]
    if quantity.role == "context":
        return "context only"
    if figure.quantity == "air_temperature_c":
        return "read into the weather"
    if quantity.role == "input":
        return "says nothing of a stock" if figure.event is None else "read into its event"
    if (figure.quantity, figure.place) not in available:
        return "no event takes supply away" if figure.quantity in OF_BALANCE else "the place's stock is not known"
    if quantity.is_temperature:
        return "a temperature is compared, not fitted"
    if figure.value == 0 and figure.wording.reading.side > 0:
        return "anything is at least nothing"
    if (figure.wording.reading.of_stock or figure.is_share) and math.isnan(_stock(figure, scenario)):
        return "the stock that it speaks of is not known"
    if not figure.reads_as.fitted(quantity):
        return f"a {figure.kind} is read of what was restored only"
    return ""


def _events_so_far(plan: Plan, places: tuple[int, ...]) -> list[float]:
    """Return the hours at which events began that happened and hit any of the places."""
    happened = [event for event in plan.events if event.expected is None]
    return [event.start_h for event in happened if event.hits[list(places)].any()]


def _moment(figure: Figure, scenario: Scenario, begun: list[float]) -> Moment:
    """Return when a figure held; a period without a start is that since the latest event at the place."""
    kind = read_as(figure.kind, figure.quantity)
    time = hours_after_start(figure.time, scenario)
    since = time
    if kind.over_period and figure.period_start is not None:
        since = hours_after_start(figure.period_start, scenario)
    elif kind.over_period:
        since = max((hour for hour in begun if hour <= time), default=0.0)
    step = scenario.step_h
    return Moment(kind.reads, time / step, figure.time_uncertainty_h / step, since / step)


def hours_after_start(time: pd.Timestamp, scenario: Scenario) -> float:
    """Return a time in hours after the start of a scenario."""
    return float((time - scenario.start) / pd.Timedelta(hours=1))


def _stock(figure: Figure, scenario: Scenario) -> float:
    """Return the median of the stock that shares, "all" and "none" speak of; NaN where it is not known."""
    quantity = QUANTITIES[figure.quantity]
    if quantity.is_share:
        return 1.0
    size = scenario.place(figure.place).stock_range(quantity.stock) if quantity.stock else None
    return float(np.sqrt(size[0] * size[1])) if size else math.nan
