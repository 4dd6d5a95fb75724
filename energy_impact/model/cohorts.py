"""7. Cold: temperatures of homes that lost heat at the same time, a cohort, and the shares of them that are cold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from energy_impact.model.buildings import HOME_SPREAD_K, SET_POINT_C, Stock, TwoNodes
from energy_impact.systems import STATES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from energy_impact.model.plan import Array

EARLIER_H = 24.0
"""Time before the start at which homes without heat at the start lost it, in the weather of the start. [h]
(judgement)"""
THRESHOLDS_C = {name: state.below_c for name, state in STATES.items() if state.below_c is not None}
"""States of cold homes and the threshold temperature of each, from warm to cold. [degC]"""
OFFSET_RANGE = 2.5
"""Largest deviation of the weather in its standard deviations; larger ones are cut to it."""
OFFSET_STEP_K = 5.0
"""Largest gap between the deviations of the weather in the tables; linear between. [K]"""
THIN_EVERY = 12
"""Steps between merges of old cohorts."""
THIN_AGE = 24
"""Age of cohorts, in steps, from which only each second is kept; from twice that age each fourth, and so on."""
HEATED_C = ((SET_POINT_C,), (0.0,))
"""Air of heated homes: in the mean weather, and for a unit deviation from it. [degC]"""
TINY_K = np.float32(1e-6)
"""Avoids 0/0 in ratios of temperature differences where homes do not differ yet. [K]"""


class Merger(NamedTuple):
    """
    How cohorts are merged into those before and after them.

    Attributes
    ----------
    staying : ndarray of int
        Cohorts that stay.
    parts : tuple of (int, int, int, float32)
        A cohort that goes, those that stay before and after it, and the part of it that goes to the latter.
    """

    staying: NDArray[np.intp]
    parts: tuple[tuple[int, int, int, np.float32], ...]

    @classmethod
    def of(cls, begun: NDArray[np.intp], stays: NDArray[np.bool_]) -> Merger:
        """Return how cohorts that begun at some times are merged, those that go in proportion to time."""
        staying, gone = np.flatnonzero(stays), np.flatnonzero(~stays)
        after = np.searchsorted(staying, gone)
        low, high = staying[after - 1], staying[after]
        part = (begun[gone] - begun[low]) / (begun[high] - begun[low])
        return cls(
            staying, tuple(zip(gone.tolist(), low.tolist(), high.tolist(), part.astype(np.float32), strict=True))
        )

    def apply(self, share: Array) -> Array:
        """Return the shares of the cohorts left, (cohorts left, columns); those given, (cohorts, columns), change."""
        for cohort, before, after, part in self.parts:
            share[before] += share[cohort] * (1 - part)
            share[after] += share[cohort] * part
        return share[self.staying]


class _Cohorts:
    """The air of each cohort in three parts: in the mean weather, for a unit deviation from it, for a free rise of 1 K.

    Each is the sum of the modes of `TwoNodes`. What a cohort has above a building that was never heated decays; it is
    kept in double precision, since steps add up.
    """

    def __init__(self, nodes: TwoNodes, count: int, mean: float, sd: float) -> None:
        self.nodes, self.begun = nodes, np.zeros(0, np.intp)
        self.above = np.zeros((2, 3, len(nodes.time_constants_h), count))
        self.of_outdoor, self.of_rise = nodes.modes(1.0, 1.0), nodes.modes(1.0, nodes.inner)
        self.bare = self._rest(mean, sd)
        self.fabric = self._heated_fabric(mean, sd)
        self.add(-1)
        self.step(EARLIER_H, mean, sd)
        self.add(0)

    def _rest(self, mean: float, sd: float) -> NDArray[np.float64]:
        """Return the modes of a building that was never heated, in constant weather, (2, 3, constants)."""
        return np.stack([mean * self.of_outdoor, sd * self.of_outdoor, self.of_rise], axis=1)

    def _heated_fabric(self, mean: float, sd: float) -> NDArray[np.float64]:
        """Return the fabric of homes that were always heated, in constant weather, (2, constants)."""
        return self.nodes.heated_fabric(np.array([[mean], [sd]]), np.array(HEATED_C))

    @property
    def air(self) -> Array:
        """Temperature of the air by part, (3, constants, cohorts) [K]."""
        slow, fast = self.above[..., : len(self.begun)]
        return np.asarray(slow + fast + self.bare.sum(0)[..., None], np.float32)

    def add(self, time: int) -> None:
        """Add a cohort that loses heat now."""
        new = self.above[..., len(self.begun)]
        new[...] = -self.bare
        new[:, :2] += self.nodes.modes(np.array(HEATED_C), self.fabric)
        self.begun = np.append(self.begun, time)

    def step(self, hours: float, mean: float, sd: float) -> None:
        """Cool all cohorts, and move the fabric of heated homes, over a step of constant weather."""
        decay = np.exp(self.nodes.rates * hours)[:, None]
        self.above[..., : len(self.begun)] *= decay[..., None]
        self.bare += (1 - decay) * (self._rest(mean, sd) - self.bare)
        self.fabric += -np.expm1(-hours / self.nodes.fabric_h) * (self._heated_fabric(mean, sd) - self.fabric)

    def thin(self, time: int) -> Merger:
        """Merge old cohorts into those next to them that are kept."""
        doublings = np.floor(np.log2(np.maximum((time - self.begun) / THIN_AGE, 0.5))).astype(int) + 1
        merger = Merger.of(self.begun, (self.begun % 2**doublings == 0) | (self.begun < 0))
        self.begun = self.begun[merger.staying]
        self.above[..., : len(self.begun)] = self.above[..., merger.staying]
        return merger


def offset_nodes(sd: ArrayLike) -> NDArray[np.float64]:
    """Deviations of the weather in the tables, in its standard deviations, for its uncertainty [K]."""
    return np.linspace(-OFFSET_RANGE, OFFSET_RANGE, 2 + int(2 * OFFSET_RANGE * np.max(sd) / OFFSET_STEP_K))


def cold_tables(
    stock: Stock, offsets: NDArray[np.float64], hours: NDArray[np.float64], mean: ArrayLike, sd: ArrayLike
) -> Iterator[tuple[Array, Merger | None]]:
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
    merger : Merger or None
        How old cohorts were merged before the last one was added, if they were.
    """
    mean, sd = np.asarray(mean, float), np.asarray(sd, float)
    cohorts = _Cohorts(TwoNodes(stock.time_constants_h), len(hours) + 1, mean[0], sd[0])
    deviations, weights = offsets.astype(np.float32)[:, None, None], stock.weights.astype(np.float32)
    lies = np.linspace(-HOME_SPREAD_K, HOME_SPREAD_K, len(stock.free_rise_k), dtype=np.float32)[:, None, None, None]
    rises = stock.free_rise_k.astype(np.float32)[:, None, :, None]
    for time in range(len(hours)):
        merger = None
        if time:
            middle = (mean[time] + mean[time - 1]) / 2, (sd[time] + sd[time - 1]) / 2
            cohorts.step(hours[time] - hours[time - 1], *middle)
            merger = cohorts.thin(time) if time % THIN_EVERY == 0 else None
            cohorts.add(time)
        of_mean, of_deviation, of_rise = cohorts.air
        air = of_mean + deviations * of_deviation + rises * of_rise
        yield (weights @ _home_rows(air, lies)).transpose(1, 2, 0, 3), merger


def _home_rows(air: Array, lies: Array) -> Array:
    """
    Shares of homes below the thresholds, and their mean shortfall from the set point [K].

    Temperatures rise linearly from rank to rank, so shares and means are those of straight lines.

    Parameters
    ----------
    air : ndarray of float32, (ranks, offsets, constants, cohorts)
        Mean temperature of the homes of each rank of free heat, from cold to warm; overwritten. [degC]
    lies : ndarray of float32, (ranks, 1, 1, 1)
        Deviation of the homes of a rank from it. [K]

    Returns
    -------
    ndarray of float32, (thresholds + 1, offsets, constants, cohorts)
    """
    rows = np.empty((len(THRESHOLDS_C) + 1, *air.shape[1:]), np.float32)
    portion = np.float32(1 / (len(air) - 1))
    reach = air[1:, :1] - air[:-1, :1]  # the same in all weather
    _mean_shortfall(air, reach, portion, out=rows[-1])
    air += lies
    slope = portion / (reach + (lies[1:] - lies[:-1]))
    share = np.empty_like(air[1:])
    for row, threshold in zip(rows, THRESHOLDS_C.values(), strict=False):
        np.subtract(np.float32(threshold), air[:-1], out=share)
        share *= slope
        np.clip(share, np.float32(0), portion, out=share)
        share.sum(0, out=row)
    return rows


def _mean_shortfall(air: Array, reach: Array, portion: np.float32, out: Array) -> None:
    """Write the mean shortfall from the set point of homes spread evenly between ranks, `portion` in each gap."""
    short = np.float32(SET_POINT_C) - air
    np.clip(short, np.float32(0), np.float32(np.inf), out=short)
    cold = short[:-1] - short[1:]
    cold += TINY_K
    cold *= portion * np.float32(0.5) / (reach + TINY_K)
    cold *= short[:-1] + short[1:]
    cold.sum(0, out=out)
