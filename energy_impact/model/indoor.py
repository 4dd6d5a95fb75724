"""7. Cold: how homes without heat cool down, and warm up again.

Homes that lose heat at the same time form a cohort; returning heat reduces all cohorts in proportion. A home's
temperature is linear in the outdoor temperature and in its free heat, so it is the sum of three parts: mean weather, a
member's deviation from it, and free heat. Homes differ in free heat: the colder the rank, the less.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from energy_impact.model.blocks import MEMBERS_PER_BLOCK
from energy_impact.model.buildings import FACTOR_NODES, HOME_SPREAD_K, SET_POINT_C, Stock, TwoNodes
from energy_impact.systems import STATES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from numpy.typing import ArrayLike, NDArray

    from energy_impact.model.plan import Array, Plan, Values

EARLIER_H = 24.0
"""Time before the start at which homes without heat at the start lost it, in the weather of the start. [h]
(judgement)"""
GRID_H = 1.0
"""Approximate step for homes, or the plan's step if that is longer. [h]"""

THRESHOLDS_C = {name: state.below_c for name, state in STATES.items() if state.below_c is not None}
"""States of cold homes and the threshold temperature of each, from warm to cold. [degC]"""
COLDEST_C = 0.0
"""Starting temperature of homes that warm up from below the coldest threshold. [degC] (judgement)"""
INDOOR_STATES = (*THRESHOLDS_C, "indoor_c")

OFFSET_RANGE = 2.5
"""Largest deviation of the weather in its standard deviations; larger ones are cut to it."""
OFFSET_STEP_K = 5.0
"""Largest gap between the deviations of the weather in the tables; linear between. [K]"""
THIN_EVERY = 12
"""Steps between merges of old cohorts."""
THIN_AGES = ((12, 2), (36, 4), (96, 8))
"""(age, every): of cohorts older than `age` steps, only each `every`-th is kept."""
RESCALE_EVERY = 8
"""Steps of returns that are collected before they are applied to all cohorts."""
TINY_K = np.float32(1e-6)
"""Avoids 0/0 in ratios of temperature differences where homes do not differ yet. [K]"""
TINY = np.float32(1e-30)
"""Avoids 0/0 in ratios of shares."""
NOBODY = np.float32(1e-9)
"""Share without heat that counts as nobody."""


class _Cohorts:
    """Air and fabric of each cohort, for the mean weather and for a unit deviation from it."""

    def __init__(self, nodes: TwoNodes, count: int, mean: float, sd: float) -> None:
        self.nodes, self.begun = nodes, np.zeros(0, np.intp)
        self.state = np.zeros((2, 2, len(nodes.time_constants_h), count), np.float32)
        self.fabric = np.array([nodes.heated_fabric(mean, SET_POINT_C), nodes.heated_fabric(sd, 0.0)])
        self.add(-1)
        self.step(EARLIER_H, mean, sd)
        self.add(0)

    @property
    def now(self) -> Array:
        """Temperatures, (mean and deviation, air and fabric, constants, cohorts) [degC]."""
        return self.state[..., : len(self.begun)]

    def add(self, time: int) -> None:
        """Add a cohort that loses heat now."""
        self.begun = np.append(self.begun, time)
        self.now[0, 0, :, -1] = SET_POINT_C
        self.now[1, 0, :, -1] = 0
        self.now[:, 1, :, -1] = self.fabric

    def step(self, hours: float, mean: float, sd: float) -> None:
        """Cool all cohorts, and move the fabric of heated homes, over a step of constant weather."""
        propagator = self.nodes.propagator(hours).astype(np.float32)[..., None]
        fabric_decay = np.exp(-hours / self.nodes.fabric_h)
        for part, (outdoor, air) in enumerate(((mean, SET_POINT_C), (sd, 0.0))):
            rest = self.nodes.rest(outdoor, 0.0).astype(np.float32)[..., None]
            now = self.now[part]
            np.einsum("ijkn,jkn->ikn", propagator, now - rest, out=now)
            now += rest
            end = self.nodes.heated_fabric(outdoor, air)
            self.fabric[part] = end + (self.fabric[part] - end) * fabric_decay

    def risen(self, hours: NDArray[np.float64], time: int) -> Array:
        """Return the share of the free rise that each cohort has reached, (constants, cohorts)."""
        ages = hours[time] - np.where(self.begun < 0, hours[0] - EARLIER_H, hours[self.begun])
        return np.asarray(self.nodes.risen(ages).T, np.float32)

    def thin(self, time: int) -> Array:
        """Merge old cohorts; return the weights from old to remaining cohorts, (cohorts left, cohorts)."""
        staying = np.ones(len(self.begun), bool)
        for age, every in THIN_AGES:
            staying &= (time - self.begun <= age) | (self.begun % every == 0) | (self.begun < 0)
        left = self.begun[staying]
        joined = np.array([np.interp(self.begun, left, row) for row in np.eye(len(left))], np.float32)
        self.state[..., : len(left)] = self.now[..., staying]
        self.begun = left
        return joined


def offset_nodes(sd: ArrayLike) -> NDArray[np.float64]:
    """Deviations of the weather in the tables, in its standard deviations, for its uncertainty [K]."""
    return np.linspace(-OFFSET_RANGE, OFFSET_RANGE, 2 + int(2 * OFFSET_RANGE * np.max(sd) / OFFSET_STEP_K))


def cold_tables(
    stock: Stock, offsets: NDArray[np.float64], hours: NDArray[np.float64], mean: ArrayLike, sd: ArrayLike
) -> Iterator[tuple[Array, Array | None]]:
    """
    Yield the share of each cohort below each threshold, and its mean shortfall from the set point.

    Parameters
    ----------
    stock : Stock
    offsets : ndarray, (offsets,)
        Deviations of the weather, in its standard deviations.
    hours : ndarray, (times,)
        Times at which cohorts begin and are evaluated. [h]
    mean, sd : array_like, (times,)
        Outdoor air temperature and its uncertainty. [degC], [K]

    Yields
    ------
    table : ndarray of float32, (offsets, factors, thresholds + 1, cohorts)
        One per time, from warm to cold threshold, then the mean shortfall [K]. The first cohort is the homes without
        heat at the start, the last one begins now.
    joined : ndarray of float32 or None, (cohorts left, cohorts)
        Weights with which old cohorts were merged before the last one was added, if they were.
    """
    mean, sd = np.asarray(mean, float), np.asarray(sd, float)
    cohorts = _Cohorts(TwoNodes(stock.time_constants_h), len(hours) + 1, mean[0], sd[0])
    deviations, weights = offsets.astype(np.float32)[:, None, None], stock.weights.astype(np.float32)
    rises = stock.free_rise_k.astype(np.float32)[:, None, :, None]
    for time in range(len(hours)):
        joined = None
        if time:
            middle = (mean[time] + mean[time - 1]) / 2, (sd[time] + sd[time - 1]) / 2
            cohorts.step(hours[time] - hours[time - 1], *middle)
            joined = cohorts.thin(time) if time % THIN_EVERY == 0 else None
            cohorts.add(time)
        air = cohorts.now[0, 0] + deviations * cohorts.now[1, 0] + rises * cohorts.risen(hours, time)
        yield np.swapaxes(weights @ _home_rows(air), 1, 2), joined


def _home_rows(air: Array) -> Array:
    """
    Shares of homes below the thresholds, and their mean shortfall from the set point [K].

    Temperatures rise linearly from rank to rank, so shares and means are those of straight lines.

    Parameters
    ----------
    air : ndarray of float32, (ranks, offsets, constants, cohorts)
        Mean temperature of the homes of each rank of free heat, from cold to warm; overwritten. [degC]

    Returns
    -------
    ndarray of float32, (offsets, thresholds + 1, constants, cohorts)
    """
    rows = np.zeros((air.shape[1], len(THRESHOLDS_C) + 1, *air.shape[2:]), np.float32)
    portion = np.float32(1 / (len(air) - 1))
    _mean_shortfall(air, portion, out=rows[:, -1])
    air += np.linspace(-HOME_SPREAD_K, HOME_SPREAD_K, len(air), dtype=np.float32)[:, None, None, None]
    thresholds = np.array([*THRESHOLDS_C.values()], np.float32)[:, None, None]
    for low, high in pairwise(air):
        share = thresholds - low[:, None]
        share *= (portion / (high - low))[:, None]
        rows[:, :-1] += np.clip(share, np.float32(0), portion, out=share)
    return rows


def _mean_shortfall(air: Array, portion: np.float32, out: Array) -> None:
    """Write the mean shortfall from the set point of homes spread evenly between ranks, `portion` in each gap."""
    short = np.float32(SET_POINT_C) - air
    reach = short[:-1] - short[1:]
    reach += TINY_K
    np.maximum(short, np.float32(0), out=short)
    cold = short[:-1] - short[1:]
    cold += TINY_K
    cold /= reach
    cold *= short[:-1] + short[1:]
    np.multiply(cold.sum(0), portion * np.float32(0.5), out=out)


class _GridCells:
    """Member-places sorted by their cell in the grid of offsets and factors."""

    def __init__(self, offset: Array, offsets: NDArray[np.float64], factor: Array) -> None:
        low_o, weight_o = _between(offset, offsets)
        low_f, weight_f = _between(np.log(factor), np.log(FACTOR_NODES))
        cell = low_o * len(FACTOR_NODES) + low_f
        self.order = np.argsort(cell, kind="stable")
        self.back = np.argsort(self.order)
        found, first = np.unique(cell[self.order], return_index=True)
        last = [*first[1:], len(cell)]
        self.cells = [
            (*divmod(int(number), len(FACTOR_NODES)), slice(int(begin), int(end)))
            for number, begin, end in zip(found, first, last, strict=True)
        ]
        near_o, near_f = weight_o[self.order], weight_f[self.order]
        self.weights = np.array(
            [
                (1 - near_o) * (1 - near_f),
                (1 - near_o) * near_f,
                near_o * (1 - near_f),
                near_o * near_f,
            ],
            np.float32,
        )

    def apply(self, table: Array, cohorts: Array, out: Array) -> Array:
        """Return `out`, (thresholds + 1, columns), with a table of `cold_tables` summed over (cohorts, columns)."""
        rows = table.shape[2]
        for low_o, low_f, columns in self.cells:
            corners = table[low_o : low_o + 2, low_f : low_f + 2].reshape(4 * rows, -1)
            sums = (corners @ cohorts[:, columns]).reshape(4, rows, -1)
            np.einsum("krc,kc->rc", sums, self.weights[:, columns], out=out[:, columns])
        return out


def _between(values: Array, nodes: NDArray[np.float64]) -> tuple[NDArray[np.intp], Array]:
    """Return the node below each value, and the weight of the next node."""
    position = np.interp(values, nodes, np.arange(len(nodes)))
    low = np.minimum(position.astype(np.intp), len(nodes) - 2)
    return low, np.asarray(position - low, np.float32)


class _WithoutHeat:
    """Shares still without heat by cohort: losses form cohorts, returns reduce them in proportion."""

    def __init__(self, start: Array, times: int) -> None:
        self.share = np.zeros((times + 1, len(start)), np.float32)
        self.share[0], self.count = start, 2
        self.still_out, self.before, self.moves = np.ones_like(start), start, 0

    @property
    def now(self) -> Array:
        """Shares of the cohorts before the returns in `still_out`, (cohorts, columns)."""
        return self.share[: self.count]

    def join(self, joined: Array) -> None:
        """Merge old cohorts."""
        rest = joined @ self.now
        self.now[...] = 0
        self.count = len(joined)
        self.now[...] = rest

    def move(self, out: Array) -> Array:
        """Add a cohort and move to the share out now; return the share of those out that has heat again."""
        lost = np.maximum(out - self.before, np.float32(0))
        still_out = (np.minimum(out, self.before) + TINY) / (self.before + TINY)
        self.still_out *= still_out
        self.moves += 1
        if self.moves % RESCALE_EVERY == 0 or self.still_out.min() < 1e-4:
            self.now[...] *= self.still_out
            self.still_out[...] = 1
        self.count += 1
        lost *= np.float32(0.5)
        lost /= self.still_out
        self.now[-2:] += lost
        self.before = out
        return np.asarray(1 - still_out, np.float32)


class _Warming:
    """Homes with heat again that are still below a threshold; they pass the thresholds one by one."""

    def __init__(self, warm_up_h: Array) -> None:
        shortfall = SET_POINT_C - np.array([*THRESHOLDS_C.values(), COLDEST_C])
        self.time_h = np.log(shortfall[1:] / shortfall[:-1]).astype(np.float32)[:, None] * warm_up_h
        self.share = np.zeros_like(self.time_h)

    def step(self, hours: float, returned: Array) -> None:
        """Add homes whose heat returned in a step, by threshold, and warm all of them."""
        self.share += returned
        still = np.exp(np.float32(-hours) / self.time_h)
        colder = np.zeros_like(self.share[0])
        for row in reversed(range(len(still))):
            self.share[row] -= colder
            self.share[row] *= still[row]
            self.share[row] += colder
            colder = self.share[row]


def indoor_states(
    plan: Plan,
    values: Values,
    heat_out: Array,
    record: NDArray[np.intp],
    names: Collection[str],
    *,
    stock: Stock | None = None,
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

    Returns
    -------
    dict of ndarray of float32, (len(record), places, members)
        below_18c and so on: share of homes in heated buildings below that temperature, without heat or still warming
        up. indoor_c: mean temperature of homes without heat, at most the set point, which also stands for none. [degC]
    """
    every = max(1, round(GRID_H / plan.step_h))
    steps = np.append(np.arange(0, record[-1], every), record[-1])
    weather = np.concatenate([plan.temperature, plan.temperature_sd])
    _, same = np.unique(weather, axis=1, return_inverse=True)
    found = {name: np.empty((len(steps), *heat_out.shape[1:]), np.float32) for name in names}
    for group in range(int(same.max()) + 1):
        _follow(plan, values, heat_out, steps, np.flatnonzero(same.ravel() == group), stock or Stock.of_types(), found)
    return {name: _at(rows, steps, record) for name, rows in found.items()}


class _Homes:
    """Homes of one block of members in places that share their weather."""

    def __init__(
        self, plan: Plan, values: Values, heat_out: Array, offsets: NDArray[np.float64], steps: NDArray[np.intp]
    ) -> None:
        self.heat_out, self.steps, self.shape = heat_out, steps, heat_out.shape[1:]
        self.hours = np.asarray(steps * plan.step_h, np.float64)
        factor, warm_up = (
            np.broadcast_to(values[name], self.shape).ravel() for name in ("time_constant_factor", "warm_up_h")
        )
        self.cells = _GridCells(values["temperature_offset"].ravel(), offsets, factor)
        self.out = _WithoutHeat(self._sorted(0), len(steps))
        self.warming = _Warming(warm_up[self.cells.order])
        self.sums = np.zeros((len(THRESHOLDS_C) + 1, len(self.cells.order)), np.float32)

    def _sorted(self, time: int) -> Array:
        return np.take(self.heat_out[self.steps[time]].ravel(), self.cells.order)

    def advance(self, time: int, table: Array, joined: Array | None) -> None:
        """Advance to a time with a table of `cold_tables`."""
        sums, out = self.sums, self.out
        if time:
            if joined is not None:
                out.join(joined)
            returned = out.move(self._sorted(time))
            self.warming.step(self.hours[time] - self.hours[time - 1], sums[:-1] * returned)
        self.cells.apply(table, out.now, sums)
        sums *= out.still_out
        np.minimum(sums[:-1], out.before, out=sums[:-1])

    def state(self, name: str) -> Array:
        """Return one of `INDOOR_STATES` now, (places, members)."""
        return _state(name, self.sums, self.out.before, self.warming.share)[self.cells.back].reshape(self.shape)


def _follow(
    plan: Plan,
    values: Values,
    heat_out: Array,
    steps: NDArray[np.intp],
    places: NDArray[np.intp],
    stock: Stock,
    found: Mapping[str, Array],
) -> None:
    """Write the states of places that share their weather at `steps` into `found`, by fixed blocks of members."""
    mean, sd = plan.temperature[steps, places[0]] + plan.shift[steps], plan.temperature_sd[steps, places[0]]
    offsets = offset_nodes(sd)
    blocks = []
    for first in range(0, heat_out.shape[2], MEMBERS_PER_BLOCK):
        block = slice(first, first + MEMBERS_PER_BLOCK)
        mine = {name: values[name][..., block] for name in ("time_constant_factor", "warm_up_h")}
        mine["temperature_offset"] = values["temperature_offset"][places, block]
        blocks.append((block, _Homes(plan, mine, heat_out[:, places, block], offsets, steps)))
    tables = cold_tables(stock, offsets, np.asarray(steps * plan.step_h, np.float64), mean, sd)
    for time, (table, joined) in enumerate(tables):
        for block, homes in blocks:
            homes.advance(time, table, joined)
            for name, rows in found.items():
                rows[time, places, block] = homes.state(name)


def _state(name: str, sums: Array, out: Array, warming: Array) -> Array:
    """Return one of `INDOOR_STATES` at a time, from the sums over cohorts."""
    if name == "indoor_c":
        return np.asarray(np.float32(SET_POINT_C) - sums[-1] / np.maximum(out, NOBODY), np.float32)
    row = [*THRESHOLDS_C].index(name)
    return np.asarray(np.minimum(sums[row] + warming[row], np.float32(1)), np.float32)


def _at(rows: Array, steps: NDArray[np.intp], record: NDArray[np.intp]) -> Array:
    """Return rows at `record`, linear between those at `steps`."""
    if np.array_equal(steps, record):
        return rows
    low, weight = _between(np.asarray(record, np.float32), steps.astype(float))
    near = weight[:, None, None]
    return np.asarray(rows[low] * (1 - near) + rows[low + 1] * near, np.float32)
