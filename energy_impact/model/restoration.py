"""2. Repair: classes of damage; crews that ramp up and slow down at night and in frost; persistent rate noise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from energy_impact.event_kinds import EVENT_KINDS
from energy_impact.model.arrays import in_float64
from energy_impact.model.cells import EVERYWHERE, cells_of
from energy_impact.model.jobs import Jobs, Shares, stacked
from energy_impact.model.noise import remember, unit_mean_factor
from energy_impact.model.severity import hit_classes, hit_levels, severities
from energy_impact.systems import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.model.arrays import Workspace
    from energy_impact.model.plan import Array, Places, Plan, Values

START_LAG_RANGE_H = (np.float32(1e-3), np.float32(1e4))
"""Bounds on the lag, beyond which it is none or endless within any horizon; keeps the powers finite. [h]"""
RATE_NOISE_BLOCK_H = 24.0
"""Duration of a block of constant rate noise. [h]"""
FAULT_NOISE_SD = 0.5
"""Standard deviation of the logarithm of the noise of faults between events (judgement)."""
LEAST_LEFT_IN_A_STEP = np.float32(0.01)
"""Least fraction of slow damage left after one step of full work; keeps it above 0 after rounding. [share]"""
LEAST_CREW_LIMIT = np.float32(1e-5)
"""Least crew limit: below it, one plus the limit equals one in float32. [share]"""
STEPS_AHEAD = 24
"""Steps for which the ramp of the crews is computed together; does not affect the result."""


class Crews:
    """Hours of full-rate work in a step, for all systems: limited by crews, night and frost."""

    def __init__(self, plan: Plan, values: Values, space: Workspace) -> None:
        self.plan, self.zero = plan, space.zero
        self.hour = np.float32(plan.step_h)
        self.hour_by_night = self.hour * values["night_factor"]
        self.cold_slowing, self.pace = space.full(values["cold_slowing"]), space.full(1.0)
        self.lags, self.inverse_clear = ramp_terms(plan, values)
        self.clear_part = np.asarray(plan.clear_part, np.float32)
        self.first, self.set_of_place = plan.crews_alike
        self.ahead, self.shares = range(0), np.empty((0, 1, 1), np.float32)

    def set_frost_pace(self, temperature: Array) -> None:
        """Set the pace of work in frost: exp(-slowing x degrees below zero)."""
        np.minimum(temperature, self.zero, out=self.pace)
        self.pace *= self.cold_slowing
        np.exp(self.pace, out=self.pace)

    def hours(self, step: int, out: Array) -> None:
        """Write the hours of full-rate work in a step [h]."""
        if step not in self.ahead:
            self._look_ahead(step)
        shares = self.shares[step - self.ahead.start]
        np.multiply(self.pace, shares if len(shares) == 1 else shares.take(self.set_of_place, axis=0), out=out)

    def _look_ahead(self, step: int) -> None:
        """Compute the working hours of the next steps from ramp and night, once for places that are alike."""
        self.ahead = range(step, min(step + STEPS_AHEAD, self.plan.steps))
        here = slice(self.ahead.start, self.ahead.stop), self.first
        self.shares = crew_ramp(self.lags, self.inverse_clear[:, *here])
        self.shares *= np.where(self.plan.night[here][..., None], self.hour_by_night, self.hour)
        self.shares *= self.clear_part[here][..., None]


@dataclass
class Broken:
    """Damage in one system.

    Attributes
    ----------
    fast, slow, held : ndarray of float32, (places, members)
        Shares out of service by class of damage; `held` waits for large jobs. [share]
    served : ndarray of float32, (places, members)
        One minus their sum. [share]
    """

    fast: Array
    slow: Array
    held: Array
    served: Array

    def out(self) -> Array:
        """Return the share out of service [share]."""
        out = self.fast + self.slow
        out += self.held
        return out

    def worsen(self, share: Array, supplied: Array) -> None:
        """Turn a share of the stock without supply, damaged or only cut off, into slow damage [share]."""
        burst = self.fast * share
        cut_off = (self.served - supplied) * share
        self.fast -= burst
        self.served -= cut_off
        burst += cut_off
        self.slow += burst


class Damage:
    """
    Damage in all systems, by class, and its repair.

    Attributes
    ----------
    cells : Cells
    fast, slow, held, served : ndarray of float32, (cells, members)
        As in `Broken`, for all systems. [share]
    restored : ndarray of float32, (cells, members)
        Share repaired since the start, if followed. [share]
    """

    def __init__(
        self,
        plan: Plan,
        values: Values,
        names: Sequence[str],
        space: Workspace,
        *,
        there: Places = EVERYWHERE,
        follow_restored: bool = False,
    ) -> None:
        self.plan, self.cells = plan, cells_of(names, plan.places, there)
        system, place, count = self.cells.system, self.cells.place, len(self.cells.place)
        self.system_of_plan = np.array([plan.systems.index(name) for name in names])[system]
        by_system = partial(stacked, values, names)
        hits = (severities(plan, values, SYSTEMS[name].hit.share) for name in names)
        self.hits = [np.stack(hit)[system, place] for hit in zip(*hits, strict=True)]
        self.slow_shares, self.lost_shares = by_system("slow_share"), by_system("lost_share")
        self.rates, self.slow_ratios = by_system("repair_rate"), by_system("slow_ratio")
        self.rate_of_place, self.rate_noise = values["repair_rate_place"][place], values["rate_noise"]
        self.noise, self.kind = self._of_block(self.rate_noise, 0), plan.first_kind
        self.chronic_shares = np.stack([chronic_shares(plan, values, name) for name in names])[system, place]
        self.fault_noise = values["fault_noise"]
        out = by_system("initial_out")[system, place]
        slow = out * self.slow_shares[system, 0]
        self.fast, self.slow, self.held = (space.full(part, count) for part in (out - slow, slow, 0.0))
        self.jobs = Jobs(plan, values, self.cells)
        self.latest: tuple[int, Shares] | None = None
        self.served, self.not_held, self.hours, self.left = (space.empty(count) for _ in range(4))
        self.limit = space.full(np.maximum(by_system("crew_limit"), LEAST_CREW_LIMIT)[system], count)
        self.busy, self.minus_limit, self.minus_limit_per_hour = (space.empty(count) for _ in range(3))
        self._set_limit()
        self.pace, self.slow_pace, self.faults, self.faults_today = (space.empty(count) for _ in range(4))
        self.paced = False
        self.block = -1
        self.follow_restored, self.restored, self.zero = follow_restored, space.full(0.0, count), space.full(0.0, count)
        self._rest()

    def _of_block(self, noise: Array, block: int) -> Array:
        """Return a block of noise, (blocks, systems, places, members), of the cells, (cells, members)."""
        return np.asarray(noise[block, self.system_of_plan, self.cells.place])

    def of(self, name: str) -> Broken:
        """Return the damage in one system, as views that stay up to date."""
        index = self.cells.of(name)
        return Broken(self.fast[index], self.slow[index], self.held[index], self.served[index])

    def _rest(self) -> None:
        """Set the share served to the remainder, after a change of all classes."""
        np.subtract(np.float32(1), self.held, out=self.not_held)
        np.subtract(self.not_held, self.fast, out=self.served)
        self.served -= self.slow
        np.maximum(self.served, np.float32(0), out=self.served)

    def hit(self, event: int, part: Array | float) -> None:
        """Hit with a part of an event."""
        hit = self.hits[event]
        if self.latest is None or self.latest[0] != event:
            small = (shares[self.cells.system, event + 1] for shares in (self.slow_shares, self.lost_shares))
            self.latest = event, self.jobs.shares(event, hit, *small)
        shares = self.latest[1]
        levels = hit_levels(hit, shares.slow, shares.held, part)
        fast, slow = self.fast * levels[2], self.slow * levels[2]
        np.copyto(self.left, self.held)
        hit_classes(self.fast, self.slow, self.held, *levels)
        self.jobs.hold(event, hit, levels, (self.held - self.left, fast, slow), shares)
        self._rest()

    def repair(self, step: int, work: Array) -> None:
        """
        Repair the fast and slow classes for `work` hours [h]; jobs are done and new faults appear meanwhile.

        dx/dt = -r x / (1 + X / limit), X the sum of the classes: with few faults, each is repaired at its own rate;
        with many, all crews are busy and the throughput is constant. X is held constant over the step, so that shares
        stay in [0, 1]; the slow class is linear in the hours.
        """
        self._set_pace(step)
        restored = self.restored if self.follow_restored else None
        if self.jobs.release(step, self.held, self.fast, self.slow, self.served, restored):
            np.subtract(np.float32(1), self.held, out=self.not_held)
        hours, left = self.hours, self.left
        before = self.fast + self.slow if self.follow_restored else None
        np.subtract(self.busy, self._served_by_crews(), out=left)
        work.take(self.cells.place, axis=0, out=hours, mode="clip")
        hours /= left
        np.multiply(hours, self.slow_pace, out=left)
        left *= self.slow
        self.slow -= left
        hours *= self.pace
        np.exp(hours, out=hours)
        self.fast *= hours
        if before is not None:
            before -= self.fast
            before -= self.slow
            self.restored += np.maximum(before, self.zero, out=before)
        np.multiply(self.served, self.faults, out=left)
        self.fast += left
        np.subtract(self.not_held, self.fast, out=self.served)
        self.served -= self.slow

    def multiply_crews(self, step: int, factor: Array) -> None:
        """Multiply the number of crews from a step on, (places,): the crew limit in proportion, and part of jobs."""
        self.jobs.multiply_crews(step, factor)
        self.limit *= factor[self.cells.place, None]
        self._set_limit()
        self.paced = False

    def _set_limit(self) -> None:
        """Set what follows from the crew limit."""
        np.add(np.float32(1), self.limit, out=self.busy)
        np.negative(self.limit, out=self.minus_limit)
        np.divide(self.minus_limit, np.float32(self.plan.step_h), out=self.minus_limit_per_hour)

    def _set_pace(self, step: int) -> None:
        """Update rates, noise and faults to the step's regime and block."""
        block = noise_block(self.plan, step)
        if block != self.block:
            self._set_block(block)
        elif self.paced and not self.plan.regime_changes[step]:
            return
        self.paced = True
        system, step_h = self.cells.system, np.float32(self.plan.step_h)
        regime = self.plan.regime[step, self.cells.place]
        rates = self.rates[system, regime]
        new = np.multiply(self.faults_today, step_h * rates, out=self.left)
        np.divide(new, 1 + new, out=self.faults)
        rate = unit_mean_factor(self.noise, self.kind.rate_noise_sd, out=self.left)
        rate *= self.rate_of_place
        rate *= rates
        np.multiply(rate, self.minus_limit, out=self.pace)
        rate *= -step_h * self.slow_ratios[system, regime]
        np.exp(rate, out=rate)
        np.maximum(rate, LEAST_LEFT_IN_A_STEP, out=rate)
        rate -= np.float32(1)
        np.multiply(rate, self.minus_limit_per_hour, out=self.slow_pace)

    def _set_block(self, block: int) -> None:
        """Update noise and faults to a block."""
        self.block = block
        if block:
            self.noise = remember(self.noise, self._of_block(self.rate_noise, block), self.kind.rate_noise_memory)
        faults = unit_mean_factor(self._of_block(self.fault_noise, block), FAULT_NOISE_SD, out=self.faults_today)
        faults *= self.chronic_shares

    def _served_by_crews(self) -> Array:
        """Return the share served in the group of places that share crews [share]."""
        if self.plan.crews is None or self.plan.crew_weights is None:
            return self.served
        found, weights = self.served.copy(), self.plan.crew_weights[self.cells.place, None]
        for system, mine in product(range(len(self.cells.names)), self.plan.crew_groups):
            cells = np.flatnonzero((self.cells.system == system) & mine[self.cells.place])
            found[cells] = (self.served[cells] * weights[cells]).sum(0, keepdims=True)
        return found


def noise_block(plan: Plan, step: int) -> int:
    """Return the block of constant rate noise of a step."""
    return int((step + 0.5) * plan.step_h / RATE_NOISE_BLOCK_H)


def noise_blocks(plan: Plan) -> int:
    """Return the number of blocks of the rate noise."""
    return int(np.ceil(plan.steps * plan.step_h / RATE_NOISE_BLOCK_H))


def ramp_terms(plan: Plan, values: Values) -> tuple[Array, Array]:
    """
    Return the terms of the crews' ramp after each event that happened: powers with the sharpness of its kind.

    Returns
    -------
    lags : ndarray of float32, (events, members)
        Start lag to that power.
    inverse_clear : ndarray of float32, (events, steps, places)
        One over the time since crews could work after the event, to that power; 0 before it and where it does not hit.
    """
    sharpness = np.array([EVENT_KINDS[event.kind].ramp_sharpness for _, event in plan.happened])
    mine = [index for index, _ in plan.happened]
    lag = np.clip(values["start_lag_h"][mine], *START_LAG_RANGE_H)
    return in_float64(np.power, lag, sharpness[:, None]), plan.inverse_clear


def crew_ramp(lags: Array, inverse_clear: Array) -> Array:
    """
    Share of the crews at work in a step: a Hill curve in the time since the all-clear, the least of all events'.

    Before any event all crews work; until the all-clear none do, and `start_lag_h` after it half of them do. If float32
    overflows, none do.

    Parameters
    ----------
    lags, inverse_clear : ndarray of float32, (events, members) and (events, ...)
        From `ramp_terms`, for the step and place.

    Returns
    -------
    ndarray of float32, (..., members)
    """
    absent = np.zeros((*inverse_clear.shape[1:], lags.shape[-1]), np.float32)
    with np.errstate(over="ignore"):
        for lag, inverse in zip(lags, inverse_clear, strict=True):
            if inverse.any():
                np.maximum(absent, lag * inverse[..., None], out=absent)
    absent += 1
    return np.asarray(np.divide(np.float32(1), absent, out=absent))


def chronic_shares(plan: Plan, values: Values, name: str) -> Array:
    """
    Share that faults between events keep out of service, `front_factor` times as much near a front line.

    Faults come at this share times the rate at which they are repaired, so that it is as high where repair is slow.

    Returns
    -------
    ndarray of float32, (places, members)
        [share]
    """
    shares = np.tile(values[SYSTEMS[name].parameters["chronic_share"]], (plan.places, 1))
    if plan.front is not None:
        shares[plan.front] *= values["front_factor"]
    return shares
