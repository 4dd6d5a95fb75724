"""Predictions for figures: the value of a series at, since or over the time of the figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable

Array = NDArray[np.float32]
Steps = NDArray[np.intp]


@dataclass(frozen=True)
class Moment:
    """
    Time of a figure, in steps after the start, and the way to read a series for it.

    Attributes
    ----------
    reads : {"value", "rise", "lowest", "highest"}
        One of `READERS`.
    time : float
        The stated time. [steps]
    uncertainty : float
        Half-width of the time's uncertainty; of no effect on a lowest or highest value. [steps]
    since : float
        Start of the period; equal to `time` for a value. [steps]
    earliest : float
        First whole step after the last event that is over at the stated time: what is reported then, within a step or
        an uncertainty of it, is what that event did. [steps]
    begins : tuple of float
        Times within a step at which events begin: what holds in that step before one of them is what held at the begin
        of the step, and nothing of the event. [steps]

    Raises
    ------
    ValueError
        If `reads` is unknown.
    """

    reads: str
    time: float
    uncertainty: float = 0.0
    since: float = 0.0
    earliest: float = 0.0
    begins: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.reads not in READERS:
            raise ValueError(f"reads: {self.reads!r} is not one of {', '.join(READERS)}")

    def steps(self, last: int) -> Steps:
        """Return the steps at which the model is needed, between 0 and `last`."""
        first, end = (max(self.time + side * self.uncertainty, self.earliest) for side in (-1, 1))
        around = _whole(first, end, last)
        return np.unique(np.concatenate([around, READERS[self.reads].more_steps(self, last)]))


@dataclass(frozen=True)
class Reader:
    """
    One way to read a series.

    Attributes
    ----------
    more_steps : callable
        Function of a moment and the last step: steps needed besides those around the moment's time.
    read : callable
        As `read_at`.
    """

    more_steps: Callable[[Moment, int], Steps]
    read: Callable[[Array, Steps, Moment, Array], Array]


def read_at(series: Array, steps: Steps, moment: Moment, quantile: Array) -> Array:
    """
    Value of a series for a figure.

    Parameters
    ----------
    series : ndarray, (steps, members)
        The quantity at the recorded steps; for a flow the cumulative count.
    steps : ndarray of int, (steps,)
        Recorded steps, increasing, including those of `moment.steps`.
    moment : Moment
    quantile : ndarray, (members,)
        Position of the figure within its uncertain time, in [0, 1].

    Returns
    -------
    ndarray, (members,)
    """
    return READERS[moment.reads].read(series, steps, moment, quantile)


def interpolate(series: Array, steps: Steps, time: NDArray[np.floating]) -> Array:
    """Linear interpolation of (steps, members) at one time per member, (members,)."""
    if len(steps) == 1:
        return np.asarray(series[0])
    high = np.minimum(np.maximum(np.searchsorted(steps, time), 1), len(steps) - 1)
    low = high - 1
    weight = (time - steps[low]) / (steps[high] - steps[low])
    member = np.arange(series.shape[1])
    return np.asarray(series[low, member] * (1 - weight) + series[high, member] * weight, np.float32)


def _whole(low: float, high: float, last: int) -> Steps:
    first, end = np.clip([np.floor(low), np.ceil(high)], 0, last).astype(int)
    return np.arange(first, end + 1)


def _times(steps: Steps, moment: Moment, quantile: Array) -> NDArray[np.floating]:
    """Return each member's own time within the uncertainty."""
    times = np.maximum(moment.time + moment.uncertainty * (2 * quantile - 1), moment.earliest)
    return np.asarray(np.clip(_without_events(moment, times), 0, steps[-1]))


def _without_events(moment: Moment, times: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return times at which to read, those before an event in its first step moved to the begin of that step."""
    for begin in np.asarray(moment.begins, times.dtype):  # as rounded as the times
        step = np.floor(begin)
        times = np.where((step < times) & (times < begin), step, times)
    return np.asarray(times)


def _value(series: Array, steps: Steps, moment: Moment, quantile: Array) -> Array:
    return interpolate(series, steps, _times(steps, moment, quantile))


def _rise(series: Array, steps: Steps, moment: Moment, quantile: Array) -> Array:
    time = _times(steps, moment, quantile)
    since = _without_events(moment, np.full_like(time, moment.since))
    return interpolate(series, steps, time) - interpolate(series, steps, since)


def _inside(series: Array, steps: Steps, moment: Moment) -> Array:
    """Return the series at the steps of the period and at its end."""
    last = np.full(series.shape[1], max(moment.time, moment.earliest))
    end = interpolate(series, steps, _without_events(moment, last))
    return np.vstack([series[(steps >= moment.since) & (steps <= moment.time)], end])


def _lowest(series: Array, steps: Steps, moment: Moment, _quantile: Array) -> Array:
    return np.asarray(_inside(series, steps, moment).min(0))


def _highest(series: Array, steps: Steps, moment: Moment, _quantile: Array) -> Array:
    return np.asarray(_inside(series, steps, moment).max(0))


def _none(_moment: Moment, _last: int) -> Steps:
    return np.empty(0, np.intp)


def _first(moment: Moment, last: int) -> Steps:
    return _whole(moment.since, moment.since, last)


def _all(moment: Moment, last: int) -> Steps:
    return _whole(moment.since, moment.time, last)


READERS = {
    "value": Reader(_none, _value),
    "rise": Reader(_first, _rise),
    "lowest": Reader(_all, _lowest),
    "highest": Reader(_all, _highest),
}
