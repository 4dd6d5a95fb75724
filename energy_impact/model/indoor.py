"""7. Cold: how homes without heat cool down, and warm up again.

Homes that lose heat at the same time form a cohort; returning heat reduces all cohorts in proportion. A home's
temperature is linear in the outdoor temperature and in its free heat, so it is the sum of three parts: mean weather, a
member's deviation from it, and free heat. Homes differ in free heat: the colder the rank, the less.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from energy_impact.model.blocks import MEMBERS_PER_BLOCK
from energy_impact.model.buildings import FACTOR_NODES, SET_POINT_C, Stock
from energy_impact.model.cells import selection
from energy_impact.model.cohorts import THRESHOLDS_C, cold_tables, offset_nodes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from energy_impact.model.cohorts import Merger
    from energy_impact.model.plan import Array, Places, Plan, Values

GRID_H = 1.0
"""Approximate step for homes, or the plan's step if that is longer. [h]"""
COLDEST_C = 0.0
"""Starting temperature of homes that warm up from below the coldest threshold. [degC] (judgement)"""
INDOOR_STATES = (*THRESHOLDS_C, "indoor_c")
SPAN = 12
"""Most steps that are computed together."""
KEPT_TIMES = 800
"""Most times of a run whose tables are kept for other runs in the same weather: some 40 MB."""
NOBODY = np.float32(1e-9)
"""Share without heat that counts as nobody."""
SHARE_FLOOR = np.float32(1e-16)
"""Added to shares before their ratio is taken: it is 1 where both are 0, and never 0."""
LEAST_LEFT = 1e-35
"""Least share left over a span for which single precision is enough: losses divided by it stay below 1e35."""


class _Span(NamedTuple):
    """Tables of `SPAN` times in a row, for cohorts that begin before them and for losses in the step to each of them.

    Half of the losses of a step belong to the cohort at its begin, half to that at its end. Times after the last one
    have rows of zeros, so that products have the same shapes, and bits, whatever the number of times.
    """

    times: slice
    table: Array
    """(factors, SPAN, rows, offsets, cohorts + SPAN); zero for losses after a time"""
    merger: Merger | None
    """Of old cohorts, before these times."""


def _spans(tables: Iterable[tuple[Array, Merger | None]]) -> Iterator[_Span]:
    """Yield tables of `cold_tables` in groups that end before cohorts are merged, or after `SPAN` times."""
    first, earlier = 0, None
    group: list[Array] = []
    for table, merger in tables:
        if group and (merger is not None or len(group) == SPAN):
            yield _span(first, group, earlier)
            first, group, earlier = first + len(group), [], None
        earlier = merger if merger is not None else earlier
        group.append(table)
    if group:
        yield _span(first, group, earlier)


def _tables(
    stock: Stock | None, hours: NDArray[np.float64], mean: NDArray[np.float64], sd: NDArray[np.float64]
) -> Iterable[_Span]:
    """Return the tables of a weather; those of the default stock are kept for the next run in the same weather."""
    if stock is None and len(hours) <= KEPT_TIMES:
        return _kept_spans(*(series.tobytes() for series in (hours, mean, sd)))
    return _spans(cold_tables(stock or Stock.of_types(), offset_nodes(sd), hours, mean, sd))


@lru_cache(maxsize=2)
def _kept_spans(*series: bytes) -> tuple[_Span, ...]:
    hours, mean, sd = (np.frombuffer(one, np.float64) for one in series)
    return tuple(_spans(cold_tables(Stock.of_types(), offset_nodes(sd), hours, mean, sd)))


def _span(first: int, group: Sequence[Array], merger: Merger | None) -> _Span:
    offsets, factors, rows, newest = group[0].shape
    found = np.zeros((factors, SPAN, rows, offsets, newest - 1 + SPAN), np.float32)
    for time, table in enumerate(group):
        by_row = table.transpose(1, 2, 0, 3)
        found[:, time, ..., : newest - 1] = by_row[..., : newest - 1]
        both = by_row[..., newest - 2 : -1] + by_row[..., newest - 1 :]
        np.multiply(both, np.float32(0.5), out=found[:, time, ..., newest - 1 : newest + time])
    return _Span(slice(first, first + len(group)), found, merger)


class _Node(NamedTuple):
    """A factor of the tables, with the columns between two offsets that it is next to, and its weight for them."""

    factor: int
    columns: slice
    within: slice
    """The same columns among those between the offsets."""
    weight: Array


class _Grid:
    """Member-places sorted by their cell in the grid of offsets and factors."""

    def __init__(self, offset: Array, offsets: NDArray[np.float64], factor: Array) -> None:
        low_o, near_o = _between(offset, offsets)
        low_f, near_f = _between(np.log(factor), np.log(FACTOR_NODES))
        self.order = np.lexsort((low_f, low_o))
        low_o, low_f = low_o[self.order], low_f[self.order]
        near_o, near_f = near_o[self.order], near_f[self.order]
        self.weights = np.array([1 - near_o, near_o])
        self.strips: list[tuple[int, slice, list[_Node]]] = []
        for low in np.unique(low_o).tolist():
            first, last = np.searchsorted(low_o, [low, low + 1]).tolist()
            self.strips.append((low, slice(first, last), _nodes(first, low_f[first:last], near_f[first:last])))

    def apply(self, table: Array, shares: Array, left: Array) -> Array:
        """
        Return the sums over cohorts and losses of tables times shares, (SPAN, rows, columns).

        Parameters
        ----------
        table : ndarray of float32, (factors, SPAN, rows, offsets, shares)
        shares : ndarray, (shares, columns)
            Shares before the first time, and losses as if they had been there before.
        left : ndarray, (SPAN, columns)
            What is left of the shares at each time.
        """
        rows = table.shape[2]
        found = np.zeros((SPAN, rows, shares.shape[1]), np.float32)
        for offset, strip, nodes in self.strips:
            weighted = (self.weights[:, None, strip] * shares[:, strip]).reshape(2 * len(shares), -1)
            for factor, columns, within, weight in nodes:
                there = table[factor, :, :, offset : offset + 2].reshape(SPAN * rows, -1)
                sums = (there @ weighted[:, within]).reshape(SPAN, rows, -1)
                sums *= (left[:, columns] * weight)[:, None]
                found[:, :, columns] += sums
        return found


def _nodes(first: int, low: NDArray[np.intp], near: Array) -> list[_Node]:
    """Return the nodes next to columns from `first` on, sorted by the node below; `near` weighs the one above."""
    found = []
    for node in np.unique([low, low + 1]).tolist():
        begin, end = np.searchsorted(low, [node - 1, node + 1]).tolist()
        weight = np.where(low == node, 1 - near, near)[begin:end]
        found.append(_Node(node, slice(first + begin, first + end), slice(begin, end), weight))
    return found


def _between(values: Array, nodes: NDArray[np.float64]) -> tuple[NDArray[np.intp], Array]:
    """Return the node below each value, and the weight of the next node."""
    position = np.interp(values, nodes, np.arange(len(nodes)))
    low = np.minimum(position.astype(np.intp), len(nodes) - 2)
    return low, np.asarray(position - low, np.float32)


class _Warming:
    """Homes with heat again that are still below a threshold; they pass the thresholds one by one."""

    def __init__(self, warm_up_h: Array) -> None:
        shortfall = SET_POINT_C - np.array([*THRESHOLDS_C.values(), COLDEST_C])
        self.time_h = np.log(shortfall[1:] / shortfall[:-1]).astype(np.float32)[:, None] * warm_up_h
        self.share = np.zeros_like(self.time_h)
        self.hours, self.still, self.passed = 0.0, np.ones_like(self.time_h), np.zeros_like(self.time_h)

    def step(self, hours: float, share: Array) -> None:
        """Warm homes over a step, in place; `share` are those whose heat returned in it, by threshold."""
        if hours != self.hours:
            self.hours, self.still = hours, np.exp(np.float32(-hours) / self.time_h)
            self.passed = 1 - self.still
        share += self.share
        share *= self.still
        for row in reversed(range(len(share) - 1)):
            share[row] += self.passed[row] * share[row + 1]
        self.share = share


def indoor_states(
    plan: Plan,
    values: Values,
    heat_out: Array,
    record: NDArray[np.intp],
    names: Collection[str],
    *,
    stock: Stock | None = None,
    places: Sequence[int] | None = None,
) -> dict[str, Array]:
    """
    States of cold homes, from the share without heat over time.

    Parameters
    ----------
    plan : Plan
    values : mapping of ndarray of float32
        Parameter draws: temperature_offset (places, members), time_constant_factor and warm_up_h (members,).
    heat_out : ndarray of float32, (at least record[-1] + 1, places, members)
        Share of the heated buildings without heat at every step from 0 on.
    record : ndarray of int, increasing
        Steps at which states are returned.
    names : collection of str
        States to return, of `INDOOR_STATES`.
    stock : Stock, optional
        By default that of `buildings.BUILDING_TYPES`.
    places : sequence of int, optional
        Places of the result; by default all.

    Returns
    -------
    dict of ndarray of float32, (len(record), places, members)
        below_18c and so on: share of homes in heated buildings below that temperature, without heat or still warming
        up. indoor_c: mean temperature of homes without heat, at most the set point, which also stands for none. [degC]
    """
    every = max(1, round(GRID_H / plan.step_h))
    steps = np.append(np.arange(0, record[-1], every), record[-1])
    where = np.arange(heat_out.shape[1]) if places is None else np.asarray(places)
    same: dict[bytes, list[int]] = {}
    for row, weather in enumerate(np.concatenate([plan.temperature, plan.temperature_sd]).T[where]):
        same.setdefault(weather.tobytes(), []).append(row)
    out = heat_out[: len(steps)] if every == 1 else heat_out[steps]
    found = {name: np.empty((len(steps), len(where), heat_out.shape[2]), np.float32) for name in names}
    for rows in same.values():
        _follow(plan, values, out, steps, where[rows], stock, found, selection(rows))
    return {name: _at(rows, steps, record) for name, rows in found.items()}


def _follow(
    plan: Plan,
    values: Values,
    heat_out: Array,
    steps: NDArray[np.intp],
    places: NDArray[np.intp],
    stock: Stock | None,
    found: Mapping[str, Array],
    rows: Places,
) -> None:
    """Write states of places that share their weather into rows of `found`, by fixed blocks of members."""
    mean = np.asarray(plan.temperature[steps, places[0]] + plan.shift[steps], np.float64)
    sd = np.asarray(plan.temperature_sd[steps, places[0]], np.float64)
    offsets, hours = offset_nodes(sd), np.asarray(steps * plan.step_h, np.float64)
    blocks = []
    for first in range(0, heat_out.shape[2], MEMBERS_PER_BLOCK):
        block = slice(first, first + MEMBERS_PER_BLOCK)
        mine = {name: values[name][..., block] for name in ("time_constant_factor", "warm_up_h")}
        mine["temperature_offset"] = values["temperature_offset"][places, block]
        out = heat_out[:, selection(places.tolist()), block]
        if out.any():
            blocks.append((block, _Homes(mine, out, offsets, hours)))
        else:
            for name, states in found.items():
                states[:, rows, block] = _at_rest(name)
    for span in _tables(stock, hours, mean, sd) if blocks else ():
        for block, homes in blocks:
            for name, states in homes.advance(span, found).items():
                found[name][span.times, rows, block] = states


class _Homes:
    """
    Homes of one block of members in places that share their weather; those that never lose heat are left out.

    Over a span all shares are left in the same proportion. A loss inside it is divided by what is left at its time, as
    if it had been there before.
    """

    def __init__(
        self, values: Values, heat_out: Array, offsets: NDArray[np.float64], hours: NDArray[np.float64]
    ) -> None:
        self.shape, self.hours = heat_out.shape[1:], hours
        ever = np.flatnonzero(heat_out.any(axis=0))
        factor, warm_up = (
            np.broadcast_to(values[name], self.shape).ravel()[ever] for name in ("time_constant_factor", "warm_up_h")
        )
        self.grid = _Grid(values["temperature_offset"].ravel()[ever], offsets, factor)
        self.columns = ever[self.grid.order]
        self.order = np.argsort(self.columns)
        self.heat_out = heat_out
        self.warming = _Warming(warm_up[self.grid.order])
        self.share = self._out(range(1))
        self.sums = np.zeros((len(INDOOR_STATES), len(self.columns)), np.float32)

    def advance(self, span: _Span, names: Collection[str]) -> dict[str, Array]:
        """Return states of `INDOOR_STATES` at the times of a span, each (times, places, members)."""
        first, last = span.times.start, span.times.stop
        rows = self._out([max(first - 1, 0), *range(first, last)])
        before, out = rows[:-1], rows[1:]
        less = np.minimum(out, before)
        kept = (less + SHARE_FLOOR) / (before + SHARE_FLOOR)
        left = _left(kept)
        shares = self._with_losses(span.merger, (out - less) / left[: last - first])
        sums = self.grid.apply(span.table, shares, left)[: last - first]
        np.minimum(sums[:, :-1], out[:, None], out=sums[:, :-1])
        self._move(shares, left[-1], last - first)
        below = self._warm(first, sums, 1 - kept)
        below += sums[:, :-1]
        np.clip(below, np.float32(0), np.float32(1), out=below)
        return {name: self._placed(_state(name, sums, below, out), name) for name in names}

    def _out(self, times: Sequence[int]) -> Array:
        """Return the shares without heat at some times, (times, columns)."""
        return self.heat_out[times].reshape(len(times), -1).take(self.columns, axis=1)

    def _with_losses(self, merger: Merger | None, lost: Array) -> Array:
        """Return shares by cohort, merged, and then losses, with zeros after the last time."""
        cohorts = self.share if merger is None else merger.apply(self.share)
        shares = np.zeros((len(cohorts) + SPAN, lost.shape[1]), lost.dtype)
        shares[: len(cohorts)] = cohorts
        shares[len(cohorts) : len(cohorts) + len(lost)] = lost
        return shares

    def _move(self, shares: Array, left: Array, times: int) -> None:
        """Reduce shares to what is left at the end of a span, half of the losses in the cohort before them."""
        shares *= left
        half = shares[-SPAN:] * np.float32(0.5)
        shares[-SPAN:] = half
        shares[-SPAN - 1 : -1] += half
        self.share = np.asarray(shares[: len(shares) - SPAN + times], np.float32)

    def _warm(self, first: int, sums: Array, returned: Array) -> Array:
        """Return the shares that are warming up at each time, (times, thresholds, columns)."""
        found = np.empty_like(sums[:, :-1])
        np.multiply(self.sums[:-1], returned[0], out=found[0])
        np.multiply(sums[:-1, :-1], returned[1:, None], out=found[1:])
        for time, share in enumerate(found, first):
            if time:
                self.warming.step(self.hours[time] - self.hours[time - 1], share)
        self.sums, self.warming.share = sums[-1], found[-1].copy()
        return found

    def _placed(self, rows: Array, name: str) -> Array:
        """Return rows by column as rows by place and member."""
        found = rows.take(self.order, axis=1)
        if len(self.columns) < np.prod(self.shape):
            there, found = found, np.full((len(rows), int(np.prod(self.shape))), _at_rest(name), np.float32)
            found[:, np.sort(self.columns)] = there
        return found.reshape(len(rows), *self.shape)


def _left(kept: Array) -> Array:
    """Return what is left at each time of a span of what was there before it, (SPAN, columns).

    It is in double precision if single precision cannot divide by it.
    """
    left = np.ones((SPAN, kept.shape[1]), np.float32)
    _products(kept, out=left)
    if left[-1].min() < LEAST_LEFT:
        left = left.astype(np.float64)
        _products(kept, out=left)
    return left


def _products(kept: Array, out: Array) -> None:
    """Write the products of the rows so far; numpy accumulates along the first axis many times slower."""
    out[0] = kept[0]
    for time in range(1, len(out)):
        np.multiply(out[time - 1], kept[time] if time < len(kept) else np.float32(1), out=out[time])


def _at_rest(name: str) -> float:
    """Return one of `INDOOR_STATES` where no home is without heat."""
    return SET_POINT_C if name == "indoor_c" else 0.0


def _state(name: str, sums: Array, below: Array, out: Array) -> Array:
    """Return one of `INDOOR_STATES` at some times, from sums over cohorts and, by threshold, the shares below it."""
    if name == "indoor_c":
        return np.asarray(np.float32(SET_POINT_C) - sums[:, -1] / np.maximum(out, NOBODY), np.float32)
    return below[:, [*THRESHOLDS_C].index(name)]


def _at(rows: Array, steps: NDArray[np.intp], record: NDArray[np.intp]) -> Array:
    """Return rows at `record`, linear between those at `steps`."""
    if np.array_equal(steps, record):
        return rows
    low, weight = _between(np.asarray(record, np.float32), steps.astype(float))
    near = weight[:, None, None]
    return np.asarray(rows[low] * (1 - near) + rows[low + 1] * near, np.float32)
