"""From figures to reports: the figures that are fitted, and reasons why the others are not."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from energy_impact._language import lasting, mark, say, say_as
from energy_impact.figures.figure import TOGETHER_H
from energy_impact.figures.kinds import read_as
from energy_impact.figures.relations import restated_by
from energy_impact.figures.wording import log_likelihood, match_gaussian
from energy_impact.inference.observation import Moment
from energy_impact.model.cohorts import EARLIER_H
from energy_impact.model.homes import home_spread
from energy_impact.model.plan import SAME_TIME_STEPS
from energy_impact.quantities import OF_BALANCE, QUANTITIES
from energy_impact.units import HOURS_A_DAY, Z90

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from energy_impact.figures.figure import Figure
    from energy_impact.figures.wording import Claim
    from energy_impact.model.plan import Array, EventPlan, Plan
    from energy_impact.scenario import Scenario

    Floats = NDArray[np.float64]

NUGGET = 0.03
"""Error of a report beyond that of its wording and of the level noise, on the log scale (judgement)."""
TEMPERATURE_SCALE_K = 10.0
"""Difference of temperatures that weighs like a factor of e between counts; plainly wrong ones differ by more. [K]
(judgement)"""
CEILING = 2.0
"""Ceiling of the scale of counts, in largest stocks (judgement)."""
CLOSEST_SHARE = 0.999
"""How near to the ceiling a value may come."""
FLOAT32_ERROR = 1e-6
"""Relative error within which a predicted value is the smallest one."""


@dataclass(frozen=True)
class Report(ABC):
    """
    A figure that is fitted, on the scale on which it is compared with the members.

    Attributes
    ----------
    row : int
        Its row in the scenario's figures.
    quantity : str
    places : tuple of int
        The leaf places of the place it refers to.
    moment : Moment
        Time at which it held.
    source : int
        Number of its source, for the source's bias.
    """

    row: int
    quantity: str
    places: tuple[int, ...]
    moment: Moment
    source: int

    @property
    def share_of(self) -> float | None:
        """The stock that it gives a share of, if it is a share of the stock whatever its size; else None."""
        return None

    @property
    def has_ends(self) -> bool:
        """Whether its likelihood has ends that its Gaussian blurs."""
        return False

    @abstractmethod
    def scaled(self, value: Array, bias: Array) -> Array:
        """Return values of the members [unit of the quantity] with the bias of its source, on its scale."""

    @abstractmethod
    def unscaled(self, scaled: Floats) -> Floats:
        """Return values in the unit of the quantity."""

    @abstractmethod
    def gaussian(self) -> tuple[float, float]:
        """Return mean and variance of the Gaussian that matches it, error included, on its scale."""

    @abstractmethod
    def log_likelihood(self, scaled: Floats) -> Floats:
        """Return its log-likelihood for true values on its scale."""

    @property
    def count(self) -> tuple[object, ...]:
        """What it counts, apart from when."""
        return self.quantity, self.places, self.moment.reads

    @property
    def subject(self) -> tuple[str | None, bool]:
        """The system that it concerns, and whether as a temperature."""
        quantity = QUANTITIES[self.quantity]
        return quantity.system, quantity.is_temperature


@dataclass(frozen=True)
class CountReport(Report):
    """
    A worded count or share v, compared as ln v - ln(1 - v / ceiling).

    That is the log scale where few are out, and nearly that of log-odds where most are. Counts are closer to linear in
    the numbers of members there than their logarithms, which cannot rise beyond that of the stock.

    Attributes
    ----------
    claim : Claim
        Its wording.
    of_stock : bool
        Whether it gives a share of the stock, whatever its size: a share, "all" or "none".
    largest : float
        The largest stock that it can be a part of, that of the claim if it gives a share of it; infinite if no stock is
        known.
    """

    claim: Claim
    of_stock: bool
    largest: float

    @property
    def ceiling(self) -> float:
        """Where its scale ends."""
        return CEILING * self.largest

    @property
    def share_of(self) -> float | None:
        """The stock in its claim, if it gives a share of it."""
        return self.claim.stock if self.of_stock else None

    @property
    def has_ends(self) -> bool:
        """Whether its wording has."""
        return self.claim.reading.has_ends

    def scaled(self, value: Array, bias: Array) -> Array:
        """Return the biased value on its scale, or the smallest value distinct from none."""
        return np.asarray(self._scaled(np.maximum(biased(value, bias, self.largest), self.claim.stated.floor)))

    def _scaled(self, value: Array | Floats) -> Array | Floats:
        below = np.minimum(value, CLOSEST_SHARE * self.ceiling)
        return np.log(below) - np.log1p(-below / self.ceiling)

    def unscaled(self, scaled: Floats) -> Floats:
        """Return counts, or shares; 0 for what is no larger than the smallest value distinct from none."""
        value = np.exp(self._log(scaled))
        smallest = self.claim.stated.floor * (1 + FLOAT32_ERROR)
        return np.asarray(np.where(value <= smallest, 0.0, value))

    def _log(self, scaled: Floats) -> Floats:
        return np.asarray(scaled - np.log1p(np.exp(scaled) / self.ceiling))

    def gaussian(self) -> tuple[float, float]:
        """Return mean and variance of its wording, with the error of any report."""
        mean, sd = match_gaussian(self.claim)
        spread = np.hypot(sd, NUGGET)
        low, centre, high = self._scaled(np.exp(mean + spread * np.array([-1, 0, 1])))
        return float(centre), float((high - low) / 2) ** 2

    def log_likelihood(self, scaled: Floats) -> Floats:
        """Return the log-likelihood of its wording."""
        return log_likelihood(self._log(scaled), self.claim, sd=NUGGET)


@dataclass(frozen=True)
class HomeReport(Report):
    """
    The temperature of a home without heat, compared in units of `TEMPERATURE_SCALE_K`.

    It is one draw from the homes without heat, while members give their mean: its error is the spread of single homes
    about the mean. Source bias does not apply, since it is a factor on counts.

    Attributes
    ----------
    centre_c : float
        Temperature given by its wording. [degC]
    spread_k : float
        Spread of single homes after that time without heat, combined with that of the wording. [K]
    """

    centre_c: float
    spread_k: float

    def scaled(self, value: Array, bias: Array) -> Array:  # noqa: ARG002
        """Return the temperature in units of the scale, without bias."""
        return np.asarray(value / np.float32(TEMPERATURE_SCALE_K))

    def unscaled(self, scaled: Floats) -> Floats:
        """Return the temperature [degC]."""
        return scaled * TEMPERATURE_SCALE_K

    def gaussian(self) -> tuple[float, float]:
        """Return its temperature and the variance of single homes."""
        return self.centre_c / TEMPERATURE_SCALE_K, (self.spread_k / TEMPERATURE_SCALE_K) ** 2

    def log_likelihood(self, scaled: Floats) -> Floats:
        """Return the logarithm of the normal density of the reported temperature [1/K]."""
        z = (self.unscaled(scaled) - self.centre_c) / self.spread_k
        return np.asarray(-0.5 * z**2 - np.log(self.spread_k * np.sqrt(2 * np.pi)))


@dataclass(frozen=True)
class Reports:
    """
    The figures of a scenario, ready for the fit.

    Attributes
    ----------
    used : tuple of Report
    unused : dict of int to str
        Why a row of the figures is not a report, by row.
    sources : tuple of str
        Sources of the reports, by the number in `Report.source`.
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
    Return the figures of a scenario as reports.

    Parameters
    ----------
    scenario : Scenario
    plan : Plan
        Plan with its events; a period without a start begins with the latest.
    parts : mapping of str to tuple of int
        Leaf places that make up each place, by name.
    available : collection of (str, str)
        Each (quantity, place) that the model can answer.
    """
    used: list[Report] = []
    unused: dict[int, str] = {}
    sources: dict[str, int] = {}
    for row, figure in enumerate(scenario.figure_records):
        reason = _why_unused(figure, scenario, available) or restated_by(figure, scenario.figure_records)
        if reason:
            unused[row] = reason
            continue
        source = sources.setdefault(figure.claimed_by or figure.source, len(sources))
        places = parts[figure.place]
        events = _events_so_far(plan, places)
        begun = [event.start_h for event in events]
        common = (row, figure.quantity, places, _moment(figure, scenario, events), source)
        if QUANTITIES[figure.quantity].is_temperature:
            used.append(HomeReport(*common, *_home(figure, scenario, plan, places, begun)))
        else:
            claim, of_stock = _worded(figure, scenario)
            largest = claim.stock if of_stock else _largest(figure, scenario)
            used.append(CountReport(*common, claim, of_stock, largest))
    return Reports(tuple(used), unused, tuple(sources))


def biased(value: Array, bias: Array | float, largest: float) -> Array:
    """
    Return values as a source counts them: the odds of being out, times its bias.

    Where few are out that is a factor on the count; no bias makes it more than the stock.

    Parameters
    ----------
    value : ndarray
    bias : ndarray or float, above 0
    largest : float
        The largest stock, in the unit of the values; infinite if it is unknown.
    """
    share = np.minimum(value / np.float32(largest), np.float32(1))
    return np.asarray(value * bias / (1 - share + share * bias))


def observed(reports: Sequence[Report], step_h: float) -> NDArray[np.float64]:
    """
    Mean and variance of the Gaussian that matches each report, on its scale, (2, reports).

    Several reports of one count at one time count as one: each of n such reports gets n times the variance.
    """
    mean, variance = np.array([report.gaussian() for report in reports]).reshape(-1, 2).T
    return np.array([mean, variance * _repeats(reports, step_h)])


def exact_likelihoods(reports: Sequence[Report], step_h: float) -> dict[int, Callable[[Floats], Floats]]:
    """Return the log-likelihood of each report with ends, by its number; n reports of one count get 1/n of it each."""
    repeats = _repeats(reports, step_h)
    return {index: partial(_shared, report, repeats[index]) for index, report in enumerate(reports) if report.has_ends}


def _shared(report: Report, repeats: float, scaled: Floats) -> Floats:
    return report.log_likelihood(scaled) / repeats


def _repeats(reports: Sequence[Report], step_h: float) -> Floats:
    """Return the number of reports that give the same count at the same time, (reports,); each is one of them."""
    found = np.ones(len(reports))
    for alike in _indices_by(reports, lambda report: [report.count]):
        time, since = (
            np.array([getattr(reports[index].moment, name) for index in alike]) for name in ("time", "since")
        )
        apart = np.maximum(np.abs(time[:, None] - time), np.abs(since[:, None] - since))
        found[alike] = (apart * step_h < TOGETHER_H).sum(1)
    return found


def groups(reports: Sequence[Report]) -> NDArray[np.intp]:
    """
    Group number of each report, (reports,): one group per subject and set of overlapping places.

    A place and its parts are in one group, so that they check each other.
    """
    numbers = np.arange(len(reports))
    for alike in _indices_by(reports, lambda report: [(report.subject, place) for place in report.places]):
        joined = np.unique(numbers[alike])
        if len(joined) > 1:
            numbers[np.isin(numbers, joined)] = joined[0]
    return numbers


def _indices_by(reports: Sequence[Report], keys: Callable[[Report], Iterable[Hashable]]) -> Iterable[list[int]]:
    """Return the numbers of the reports that share each key."""
    found: dict[Hashable, list[int]] = {}
    for index, report in enumerate(reports):
        for key in keys(report):
            found.setdefault(key, []).append(index)
    return found.values()


def _why_unused(figure: Figure, scenario: Scenario, available: Collection[tuple[str, str]]) -> str:
    """Return why a figure cannot be fitted, as a sentence without a full stop; empty if it can."""
    quantity = QUANTITIES[figure.quantity]
    if quantity.role == "context":
        return mark("context only")
    if figure.quantity == "air_temperature_c":
        return mark("used for the weather")
    if quantity.role == "input":
        return mark("not about any stock") if figure.event is None else mark("used for its event")
    if (figure.quantity, figure.place) not in available:
        return (
            mark("supply is never short in the scenario: all who are out are out by damage")
            if figure.quantity in OF_BALANCE
            else mark("the place's stock is unknown")
        )
    size = _sizes(figure, scenario)
    if size is not None and size[1] == 0:
        return mark("the place has none of what it counts")
    if figure.value == 0 and figure.wording.reading.side > 0 and not quantity.is_temperature:
        return mark("a lower bound of 0 carries no information")
    if (figure.wording.reading.of_stock or figure.is_share) and math.isnan(_stock(figure, scenario)):
        return mark("the stock that it refers to is unknown")
    if not figure.reads_as.fitted(quantity):
        return lasting(_only_restored, figure.kind)
    return ""


def _only_restored(kind: str) -> str:
    return say("a {kind} is only used for restored counts", kind=say_as("kind of figure", kind))


def _worded(figure: Figure, scenario: Scenario) -> tuple[Claim, bool]:
    """Return the claim of a count, and whether it gives a share of the stock."""
    claim = figure.claim(_stock(figure, scenario))
    as_share = figure.is_share or claim.reading.of_stock
    return claim, bool(as_share and claim.stock > 0 and QUANTITIES[figure.quantity].stock)


def _largest(figure: Figure, scenario: Scenario) -> float:
    """Return the largest stock that a count or share can be a part of; infinite if the stock is unknown."""
    if figure.is_share:
        return 1.0
    size = _sizes(figure, scenario)
    return size[1] if size else math.inf


def _home(
    figure: Figure, scenario: Scenario, plan: Plan, places: tuple[int, ...], begun: list[float]
) -> tuple[float, float]:
    """Return the temperature that a figure gives [degC], and the spread of single homes about their mean [K]."""
    centre, half = figure.temperature
    time = hours_after_start(figure.time, scenario)
    since = max((hour for hour in begun if hour <= time), default=-EARLIER_H)
    step = int(np.clip(round(time / plan.step_h), 0, plan.steps))
    outdoor = float(plan.temperature[step, list(places)].mean())
    return centre, float(np.hypot(home_spread(outdoor, max(time - since, 0.0)), half / Z90))


def _events_so_far(plan: Plan, places: tuple[int, ...]) -> list[EventPlan]:
    """Return the past events that hit any of the places."""
    happened = [event for event in plan.events if event.expected is None]
    return [event for event in happened if event.hits[list(places)].any()]


def _moment(figure: Figure, scenario: Scenario, events: list[EventPlan]) -> Moment:
    """Return the moment of a figure; a period without a start begins with the latest event at the place."""
    kind = read_as(figure.kind, figure.quantity)
    time = hours_after_start(figure.time, scenario)
    since = time
    if kind.over_period and figure.period_start is not None:
        since = hours_after_start(figure.period_start, scenario)
    elif kind.over_period:
        since = max((event.start_h for event in events if event.start_h <= time), default=0.0)
    step = scenario.step_h
    over = max((_first_step_after(event, step) for event in events if _is_over(event, time, step)), default=0)
    uncertain = figure.time_uncertainty_h / step
    read = ((time / step - uncertain, time / step + uncertain), (since / step, since / step))
    begins = (event.start_h / step for event in events)
    inside = tuple(begin for begin in begins if any(_in_first_step(begin, *span) for span in read))
    return Moment(kind.reads, time / step, uncertain, since / step, over, inside)


def _in_first_step(begin: float, first: float, last: float) -> bool:
    """Return whether some of a span of time lies before an event that begins within a step, but in that step."""
    return first < begin - SAME_TIME_STEPS and last > math.floor(begin + SAME_TIME_STEPS)


def _is_over(event: EventPlan, time: float, step_h: float) -> bool:
    """Return whether an event is over at a time; one that lies within a single step has done most of its hit soon."""
    if event.end_h <= time + SAME_TIME_STEPS * step_h:
        return True
    begun = event.start_h / step_h + SAME_TIME_STEPS
    return event.start_h <= time and event.end_h / step_h - SAME_TIME_STEPS <= math.floor(begun) + 1


def _first_step_after(event: EventPlan, step_h: float) -> int:
    """Return the first whole step at which all of an event has acted."""
    begun = math.floor(event.start_h / step_h + SAME_TIME_STEPS) + 1
    return max(begun, math.ceil(event.end_h / step_h - SAME_TIME_STEPS))


def hours_after_start(time: pd.Timestamp, scenario: Scenario) -> float:
    """Return a time in hours after the start of a scenario."""
    return float((time - scenario.start) / pd.Timedelta(hours=1))


def _stock(figure: Figure, scenario: Scenario) -> float:
    """Return the median of the stock that shares, "all" and "none" refer to; NaN if unknown."""
    size = _sizes(figure, scenario)
    return float(np.sqrt(size[0] * size[1])) if size else math.nan


def _sizes(figure: Figure, scenario: Scenario) -> tuple[float, float] | None:
    """Return the range of the stock that shares, "all" and "none" refer to; None if unknown."""
    quantity = QUANTITIES[figure.quantity]
    if quantity.is_share:
        return 1.0, 1.0
    if quantity.unit == "h/day":
        return HOURS_A_DAY, HOURS_A_DAY
    return scenario.place(figure.place).stock_range(quantity.stock) if quantity.stock else None
