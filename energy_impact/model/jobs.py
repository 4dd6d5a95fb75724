"""2b. Jobs: damage that depends on one large repair is restored at once when that repair is done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import expit, logit

from energy_impact.model.plan import SAME_TIME_STEPS
from energy_impact.model.severity import event_length
from energy_impact.systems import STOCKS, SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from energy_impact.model.plan import Array, Plan, Values

LARGE_JOBS = 5
"""Large jobs per hit and place; the lost part of small faults is one more. [jobs] (judgement)"""
TYPICAL_SIZE = 100_000.0
"""Size of a hit for which `job_split` is the share of the first job. [customers] (judgement)"""
PART_BY_CREWS = np.float32(0.5)
"""Part of a large repair's time that falls as crews grow in number; the rest waits for parts and access. (judgement)"""
NEEDS_SPARES_H = 24.0
"""Hours from which a large job needs spare parts from elsewhere; shorter ones take what is at hand. [h] (judgement)"""
LEAST_HELD = np.float32(1e-9)
"""Floor on divisors of shares."""


class Shares(NamedTuple):
    """
    Split of a hit; each ndarray of float32, (systems, places, members).

    Attributes
    ----------
    slow : ndarray
        Share of the hit that is slow damage or held by jobs.
    held : ndarray
        Share of that which is held by jobs.
    by_job : tuple of ndarray
        Share of that per job; they add up to one.
    """

    slow: Array
    held: Array
    by_job: tuple[Array, ...]


def stacked(values: Values, names: Sequence[str], parameter: str) -> Array:
    """Return the draws of a parameter that each system has, those of the named systems, (systems, ...)."""
    return np.stack([values[SYSTEMS[name].parameters[parameter]] for name in names])


class Jobs:
    """
    Damage held by jobs, per event.

    Of an event's hit in a place, the share `job_share` depends on large jobs (a plant, a main, a cable, a substation):
    `job_split` of it on the first, the same share of the remainder on the second, and so on, the rest on the last. The
    more customers are hit, the smaller the split, since no single repair restores a large city. Each job is done
    `job_h`, times its own `job_factor` in that place, after repair can begin; one of a day or more waits for spare
    parts besides, where these come late. It then restores its part at once, except for `job_rest`, which crews repair
    as slow damage. The other damage is many small faults; the lost part of them is one more job, done after `lost_h`.
    So a restoration can be a few steps, a smooth curve, or anything between, and always ends. Durations are lognormal,
    as those of whole restorations are (Ahmad and Dobson 2026, arXiv:2603.16841).

    Attributes
    ----------
    held : dict of int to ndarray of float32, (jobs, systems, places, members)
        Share of the stock held by each job, now or until it was done, by event that still has jobs to be done. [share]
    """

    def __init__(self, plan: Plan, values: Values, names: Sequence[str]) -> None:
        self.plan, self.values = plan, values
        by_system = partial(stacked, values, names)
        self.share, self.rest = by_system("job_share"), by_system("job_rest")
        self.split, self.size_effect = logit(by_system("job_split")), values["job_split_size"]
        self.stocks = np.stack([_customers(values, name) for name in names])
        self.hours = by_system("job_h")[:, :, None, None] * by_system("job_factor")
        for event, plan_of_event in enumerate(plan.events):
            if plan_of_event.spares_late_h:
                hours = self.hours[:, event]
                hours[hours >= NEEDS_SPARES_H] += np.float32(plan_of_event.spares_late_h)
        self.lost_h = by_system("lost_h")
        self.held: dict[int, Array] = {}
        self.done: dict[int, tuple[NDArray[np.signedinteger], NDArray[np.intp]]] = {}
        self.hits: dict[int, Array] = {}
        self.paces: list[tuple[int, Array]] = []

    def shares(self, event: int, hit: Array, slow_share: Array, lost_share: Array) -> Shares:
        """
        Return the split of a hit, given the slow share of its small faults and the lost share of those.

        Parameters
        ----------
        event : int
        hit : ndarray of float32, (systems, places, members)
            Share hit by the whole event. [share]
        slow_share, lost_share : ndarray of float32, (systems, 1, members)
        """
        large: Array = self.share[:, event]
        small_slow = (1 - large) * slow_share
        small_lost = small_slow * lost_share
        slow, held = large + small_slow, large + small_lost
        parts, rest = [], large
        split = self._split(event, hit)
        for _ in range(LARGE_JOBS - 1):
            parts.append(rest * split)
            rest = rest - parts[-1]
        by_job = tuple(_ratio(part, held) for part in (*parts, rest, small_lost))
        return Shares(slow, _ratio(held, slow), by_job)

    def _split(self, event: int, hit: Array) -> Array:
        """Return the share of the remainder that the next job holds, (systems, places, members)."""
        size = np.maximum(hit * self.stocks, np.float32(1)) / np.float32(TYPICAL_SIZE)
        return np.asarray(expit(self.split[:, event, None] - self.size_effect * np.log(size)), np.float32)

    def hold(self, event: int, hit: Array, gained: Array, shares: Shares) -> None:
        """Add the share newly held after a part of an event that hits `hit` in all to the event's jobs [share]."""
        if event not in self.held:
            self.hits[event] = hit
            self.held[event] = np.zeros((len(shares.by_job), *gained.shape), np.float32)
            self.done[event] = self._order(event, hit, len(shares.by_job))
        for job, share in zip(self.held[event], shares.by_job, strict=True):
            np.add(job, gained * share, out=job)

    def multiply_crews(self, step: int, factor: Array) -> None:
        """Change the time left of large jobs from a step on, for a factor on the number of crews, (places,)."""
        self.paces.append((step, (1 - PART_BY_CREWS + PART_BY_CREWS / factor)[:, None]))
        for event, jobs in self.held.items():
            self.done[event] = self._order(event, self.hits[event], len(jobs))

    def _order(self, event: int, hit: Array, jobs: int) -> tuple[NDArray[np.signedinteger], NDArray[np.intp]]:
        """
        Return flat indices of jobs sorted by the step in which they are done, and where each step begins in them.

        Left out are jobs that are done after the last step, and those of places and members that the event does not
        hit. No job is done before its event is over, or later hits would be held for ever.
        """
        plan = self.plan
        hours = np.empty((jobs, *hit.shape), np.float32)
        hours[:LARGE_JOBS] = np.moveaxis(self.hours[:, event], 2, 0)
        hours[LARGE_JOBS] = self.lost_h[:, event, None]
        over_h = plan.events[event].start_h + event_length(plan, self.values, event)
        last_hit = np.ceil(over_h / plan.step_h - 2 * SAME_TIME_STEPS) - 1
        begins = plan.events[event].repair_h / plan.step_h
        done = (plan.events[event].repair_h + hours) / plan.step_h
        for since, left in ((max(begins, step), left) for step, left in self.paces):
            large = done[:LARGE_JOBS]
            done[:LARGE_JOBS] = np.where(large > since, since + (large - since) * left, large)
        done = np.maximum(done, last_hit)
        done[:, hit <= 0] = plan.steps
        step = np.minimum(done, plan.steps).astype(np.uint16 if plan.steps < 2**16 else np.intp).ravel()
        found = np.flatnonzero(step < plan.steps).astype(np.int32 if step.size < 2**31 else np.int64)
        order = np.asarray(found[np.argsort(step[found], kind="stable")])
        return order, np.searchsorted(step[order], np.arange(plan.steps + 1))

    def release(self, step: int, held: Array, slow: Array, served: Array, restored: Array | None) -> bool:
        """
        Restore the damage of jobs that are done in a step; return whether there were any.

        Parameters
        ----------
        step : int
        held, slow, served : ndarray of float32, (systems, places, members)
            Shares held by jobs, slow and served; changed in place where a job is done. [share]
        restored : ndarray of float32 or None
            Share restored since the start, if followed; raised in place. [share]

        Returns
        -------
        bool
            Whether any job was done.
        """
        flat = [state.reshape(-1) for state in (held, slow, served, *([] if restored is None else [restored]))]
        found, (_, places, members) = False, held.shape
        for event, (order, begins) in list(self.done.items()):
            mine = order[begins[step] : begins[step + 1]]
            if len(mine):
                found = True
                amount = self.held[event].reshape(-1)[mine]
                job, cell = np.divmod(mine, held.size)
                left = amount * self.rest[cell // (places * members), event, cell % members]
                left[job == LARGE_JOBS] = 0
                np.subtract.at(flat[0], cell, amount)
                flat[0][cell] = np.maximum(flat[0][cell], 0)
                np.add.at(flat[1], cell, left)
                amount -= left
                for state in flat[2:]:
                    np.add.at(state, cell, amount)
            if begins[step + 1] == begins[-1]:
                del self.held[event], self.done[event]
        return found


def _customers(values: Values, system: str) -> Array:
    """Return the customers of a system, (places, members); `TYPICAL_SIZE` where the stock is unknown."""
    stock = STOCKS[SYSTEMS[system].stock]
    count = values[stock.name] * (values["customers_per_building"] if stock.unit == "buildings" else np.float32(1))
    return np.asarray(np.where(np.isnan(count), np.float32(TYPICAL_SIZE), count), np.float32)


def _ratio(part: Array, whole: Array) -> Array:
    return np.asarray(part / np.maximum(whole, LEAST_HELD), np.float32)
