"""Summary numbers of curves of many members, from arrays alone.

`draws` has shape (members, times) and `hours` shape (times,), strictly increasing. [h]
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from energy_impact._checks import as_float, brief, check_numbers
from energy_impact.results.ranks import neighbours
from energy_impact.units import WHOLE_UNITS

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats: TypeAlias = NDArray[np.floating]

NUMBERS_TOGETHER = 2**17
"""Numbers of curves that are worked on at once, so that they stay in the processor's cache."""
ROUND_STEPS_H = (1, 2, 3, 6, 12, 24, 48, 72, 168)


def check_level(level: object) -> float:
    """Return the probability of a central interval as a float if it is between 0 and 1."""
    number = as_float("level", level)
    if not 0 < number < 1:
        raise ValueError(f"level: must be between 0 and 1, got {brief(level)}")
    return number


def check_share(share: object) -> float:
    """Return a restored share as a float if it is above 0 and at most 1."""
    number = as_float("share", share)
    if not 0 < number <= 1:
        raise ValueError(f"share: must be above 0 and at most 1, got {brief(share)}")
    return number


def central_levels(level: float) -> tuple[float, float, float]:
    """Return the quantile levels of a central interval and of the median: low, 0.5, high.

    Raises
    ------
    ValueError
        If `level` is not between 0 and 1.

    Examples
    --------
    >>> [round(q, 3) for q in central_levels(0.9)]
    [0.05, 0.5, 0.95]
    """
    number = check_level(level)
    return (1 - number) / 2, 0.5, (1 + number) / 2


def check_levels(levels: object) -> tuple[float, ...]:
    """Return probabilities of central intervals, checked as `central_levels` does; at least one."""
    return tuple(check_level(level) for level in check_numbers("levels", levels))


def round_step(span_h: float, most: int) -> int:
    """Return the smallest round number of hours that divides a span into at most `most` parts; whole weeks if long.

    Examples
    --------
    >>> round_step(336, 15), round_step(10, 15), round_step(8784, 9)
    (24, 1, 1008)
    """
    least = span_h / most
    return next((step for step in ROUND_STEPS_H if step >= least), math.ceil(least / 168) * 168)


def quantiles(draws: ArrayLike, levels: Sequence[float] | Floats) -> NDArray[np.float64]:
    """Return quantiles over the members (first axis), linear between order statistics.

    Unlike `numpy.quantile` it handles inf: a quantile between a finite and an infinite member is inf.

    Parameters
    ----------
    draws : array_like, shape (members, ...)
        No NaN.
    levels : sequence of float, shape (levels,)
        Each in [0, 1].

    Returns
    -------
    ndarray of float64, shape (levels, ...)

    Raises
    ------
    ValueError
        If a level lies outside [0, 1] or there are no members.

    Examples
    --------
    >>> quantiles([1.0, 2.0, 3.0, np.inf], [0.5, 0.9])
    array([2.5, inf])
    """
    wanted = np.atleast_1d(np.asarray(levels, dtype=np.float64))
    if not np.all((wanted >= 0) & (wanted <= 1)):
        raise ValueError(f"quantiles: must be in [0, 1], got {brief(levels)}")
    values = np.asarray(draws)
    if values.shape[0] == 0:
        raise ValueError("draws: must hold at least one member, got none")
    position = wanted * (values.shape[0] - 1)
    below = np.floor(position).astype(int)
    rows = np.moveaxis(values, 0, -1)
    found = neighbours(rows.reshape(-1, values.shape[0]), below)
    low, high = (ends.astype(np.float64).reshape(*rows.shape[:-1], len(wanted)) for ends in found)
    part = position - below
    flat = (part == 0) | (low == high)
    step = np.subtract(high, low, out=np.zeros_like(high), where=~flat)
    rise = np.multiply(part, step, out=np.zeros_like(high), where=~flat)
    return np.moveaxis(low + rise, -1, 0)


def whole(draws: NDArray[np.float64], unit: str) -> NDArray[np.float64]:
    """Return draws with none where less than one customer, building or person is left; of other units as they are.

    Examples
    --------
    >>> whole(np.array([0.2, 1.5]), "people"), whole(np.array([0.2, 1.5]), "h/day")
    (array([0. , 1.5]), array([0.2, 1.5]))
    """
    return _at_least(draws, least_of(unit))


def least_of(unit: str) -> float:
    """Return the least that is not none: one customer, building or person; 0 for other units."""
    return 1.0 if unit in WHOLE_UNITS else 0.0


def _at_least(draws: NDArray[np.float64], least: float) -> NDArray[np.float64]:
    """Return draws with none for what is less."""
    return np.where(draws < least, 0.0, draws) if least else draws


def interpolate(draws: Floats, hours: Floats, at: ArrayLike) -> NDArray[np.float64]:
    """Return values at the given hours, linear between steps.

    Parameters
    ----------
    draws : ndarray, shape (members, times)
    hours : ndarray, shape (times,)
    at : array_like, shape (n,)
        Hours between the first and the last of `hours`. [h]

    Returns
    -------
    ndarray of float64, shape (members, n)

    Raises
    ------
    ValueError
        If an hour lies outside.
    """
    wanted = np.atleast_1d(np.asarray(at, dtype=np.float64))
    if not np.all((wanted >= hours[0]) & (wanted <= hours[-1])):
        raise ValueError(f"at: must be between {hours[0]:g} and {hours[-1]:g} h, got {wanted}")
    after = np.clip(np.searchsorted(hours, wanted), 1, len(hours) - 1)
    part = (wanted - hours[after - 1]) / (hours[after] - hours[after - 1])
    return np.asarray((1 - part) * draws[:, after - 1] + part * draws[:, after], dtype=np.float64)


def window(draws: Floats, hours: Floats, start: float | None = None, end: float | None = None) -> tuple[Floats, Floats]:
    """Return the part of the curves between two hours, with interpolated values at both ends.

    Returns
    -------
    draws : ndarray, shape (members, n)
        A view if both ends are among `hours`, else of float64.
    hours : ndarray of float64, shape (n,)

    Raises
    ------
    ValueError
        If `start` is not before `end`, or either lies outside `hours`.
    """
    first = float(hours[0]) if start is None else start
    last = float(hours[-1]) if end is None else end
    if not first < last:
        raise ValueError(f"start: must be before the end, got {first:g} h and {last:g} h")
    within = slice(int(np.searchsorted(hours, first)), int(np.searchsorted(hours, last, "right")))
    if [first, last] == hours[within][[0, -1]].tolist():
        return draws[:, within], hours[within]
    inner = (hours > first) & (hours < last)
    ends = interpolate(draws, hours, [first, last])
    values = np.concatenate([ends[:, :1].T, draws.T[inner], ends[:, 1:].T], dtype=np.float64)
    return values.T, np.concatenate([[first], hours[inner], [last]])


def integral(draws: Floats, hours: Floats) -> NDArray[np.float64]:
    """Return the integral over time by the trapezoid rule, one number per member, in the unit of the draws times h.

    Examples
    --------
    >>> integral(np.array([[0.0, 10.0, 10.0]]), np.array([0.0, 1.0, 3.0]))
    array([25.])
    """
    steps = np.diff(hours)
    weights = (np.append(steps, 0.0) + np.insert(steps, 0, 0.0)) / 2
    parts = [weights[rows] @ draws.T[rows] for rows in _blocks(draws)]
    return np.asarray(np.sum(parts, axis=0), np.float64)


def _blocks(draws: Floats) -> list[slice]:
    """Return times in groups of so many that their numbers stay in the processor's cache."""
    together = max(NUMBERS_TOGETHER // len(draws), 1)
    return [slice(first, first + together) for first in range(0, draws.shape[1], together)]


def time_to_restore(
    draws: Floats,
    hours: Floats,
    share: float,
    *,
    since: float | None = None,
    least: float = 0.0,
    peak: Floats | None = None,
) -> NDArray[np.float64]:
    """Return hours until a share of the peak is restored for good, one number per member.

    Parameters
    ----------
    draws : ndarray, shape (members, times)
        Customers, buildings or people out, at least 0.
    hours : ndarray, shape (times,)
    share : float
        Share of the member's own peak that is restored, above 0 and at most 1.
    since : float, optional
        The hour from which time counts; by default the member's own peak. [h]
    least : float
        Less than this is none, as `least_of` says.
    peak : ndarray, shape (members,), optional
        The largest of each member, if it is known.

    Returns
    -------
    ndarray of float64, shape (members,)
        From `since` until at most ``(1 - share) * peak`` is out and stays so to the last of `hours`, linear between
        steps: never below 0, inf if more is out at the end, 0 for a member with nothing out. [h]

    Raises
    ------
    ValueError
        If `share` is not above 0 and at most 1.

    Examples
    --------
    >>> time_to_restore(np.array([[0.0, 100.0, 60.0, 20.0], [100.0, 40.0, 60.0, 0.0]]), np.arange(4.0), 0.5)
    array([1.25      , 2.16666667])
    """
    share = check_share(share)
    most = _at_least((draws.max(axis=1) if peak is None else peak).astype(np.float64), least)
    origin = hours[np.argmax(draws, axis=1)] if since is None else since
    return np.where(most <= 0, 0.0, time_below(draws, hours, most - share * most, since=origin, least=least))


def time_below(
    draws: Floats, hours: Floats, limits: Floats, *, since: float | Floats, least: float = 0.0
) -> NDArray[np.float64]:
    """Return hours from `since` until each member is at most its limit and stays so, never below 0; inf if it is not.

    Parameters
    ----------
    draws : ndarray, shape (members, times)
    hours : ndarray, shape (times,)
    limits : ndarray, shape (members,)
    since : float or ndarray, shape (members,)
        The hour from which time counts. [h]
    least : float
        Less than this is none.

    Returns
    -------
    ndarray of float64, shape (members,)
        Linear between steps; 0 for a member that is never above its limit. [h]

    Examples
    --------
    >>> time_below(np.array([[0.0, 100.0, 60.0, 20.0]]), np.arange(4.0), np.array([50.0]), since=1.0)
    array([1.25])
    """
    members = np.arange(len(draws))
    steps = np.arange(1, len(hours) + 1, dtype=np.int16 if len(hours) < 2**15 else np.int32)
    most = _rounded_down(np.maximum(limits, np.nextafter(least, -1)), draws.dtype)
    above = [((most < draws.T[rows]) * steps[rows, None]).max(axis=0) for rows in _blocks(draws)]
    found_above = np.max(above, axis=0).astype(np.intp)
    last = np.maximum(found_above - 1, 0)
    after = np.minimum(last + 1, len(hours) - 1)
    high, low = draws[members, last].astype(np.float64), draws[members, after].astype(np.float64)
    low = _at_least(low, least)
    drop = np.where(high > low, high - low, 1.0)
    reached = hours[last] + (high - limits) / drop * (hours[after] - hours[last])
    found = np.where(after > last, np.maximum(reached - since, 0.0), np.inf)
    return np.where(found_above > 0, found, 0.0)


def _rounded_down(numbers: NDArray[np.float64], dtype: np.dtype[np.floating]) -> Floats:
    """Return the largest numbers of a type that are not above others: what is above one is above both."""
    near = numbers.astype(dtype)
    return np.where(near > numbers, np.nextafter(near, dtype.type(-np.inf)), near)
