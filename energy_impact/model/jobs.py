"""2b. Jobs: damage that depends on one large repair is restored at once when that repair is done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import expit, logit

from energy_impact.model.held import Held, Store
from energy_impact.model.plan import SAME_TIME_STEPS
from energy_impact.model.severity import event_length
from energy_impact.systems import STOCKS, SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from energy_impact.model.cells import Cells
    from energy_impact.model.held import Released
    from energy_impact.model.plan import Array, Plan, Values

LARGE_JOBS = 5
"""Large jobs per hit and place; the lost part of small faults is one more. [jobs] (judgement)"""
TYPICAL_SIZE = 100_000.0
"""Size of a hit for which `job_split` is the share of the first job. [customers] (judgement)"""
PART_BY_CREWS = np.float32(0.5)
"""Part of a large repair's time that falls as crews grow in number; the rest waits for parts and access. (judgement)"""
NEEDS_SPARES_H = 24.0
"""Hours from which a large job needs spare parts from elsewhere; shorter ones take what is at hand. [h] (judgement)"""
NEGLIGIBLE = np.float32(1e-7)
"""Share of the stock, about the rounding of one, below which it does not matter that it is hit twice. [share]"""
WAITING_TOGETHER = 2**15
"""Waiting jobs that are hit in one step: calls of numpy cost little then, and arrays stay in the processor's cache."""
LEAST_HELD = np.float32(1e-9)
"""Floor on divisors of shares."""


class Shares(NamedTuple):
    """
    Split of a hit; ndarrays of float32, (cells, members).

    Attributes
    ----------
    slow : ndarray
        Share of the hit that is slow damage or held by jobs.
    held : ndarray
        Share of that which is held by jobs.
    by_job : ndarray of float32, (jobs, cells, members)
        Share of that per job; they add up to one.
    """

    slow: Array
    held: Array
    by_job: Array


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

    Who waits for one job and is hit again waits for the later of both, and what was damaged before is still to be
    repaired then: crews do not work on what a job holds. So one more event never brings anybody back sooner.

    Attributes
    ----------
    held : dict of int to Held
        By event that still has jobs to be done.
    """

    def __init__(self, plan: Plan, values: Values, cells: Cells) -> None:
        self.plan, self.values, self.place = plan, values, cells.place
        by_system, system, place = partial(stacked, values, cells.names), cells.system, cells.place
        self.share, self.rest = by_system("job_share")[system, :, place], by_system("job_rest")[system]
        self.split, self.size_effect = logit(by_system("job_split"))[system], values["job_split_size"]
        self.stocks = np.stack([_customers(values, name) for name in cells.names])[system, place]
        self.hours = by_system("job_h")[system, :, place, None] * by_system("job_factor")[system, :, place]
        for event, plan_of_event in enumerate(plan.events):
            if plan_of_event.spares_late_h:
                hours = self.hours[:, event]
                hours[hours >= NEEDS_SPARES_H] += np.float32(plan_of_event.spares_late_h)
        self.lost_h = by_system("lost_h")[system]
        self.held: dict[int, Held] = {}
        self.store = Store((LARGE_JOBS + 1, *self.lost_h.shape[::2]), plan.steps)
        self.coming: tuple[Released, list[int]] | None = None
        self.step = 0
        self.paces: list[tuple[int, Array]] = []

    def shares(self, event: int, hit: Array, slow_share: Array, lost_share: Array) -> Shares:
        """
        Return the split of a hit, given the slow share of its small faults and the lost share of those.

        Parameters
        ----------
        event : int
        hit : ndarray of float32, (cells, members)
            Share hit by the whole event. [share]
        slow_share, lost_share : ndarray of float32, (cells, members)
        """
        large: Array = self.share[:, event]
        small_slow = (1 - large) * slow_share
        small_lost = small_slow * lost_share
        slow, held = large + small_slow, large + small_lost
        by_job, rest, split = np.empty((LARGE_JOBS + 1, *hit.shape), np.float32), large, self._split(event, hit)
        for job in range(LARGE_JOBS - 1):
            np.multiply(rest, split, out=by_job[job])
            rest = rest - by_job[job]
        by_job[LARGE_JOBS - 1 :] = rest, small_lost
        by_job /= np.maximum(held, LEAST_HELD)
        return Shares(slow, np.asarray(held / np.maximum(slow, LEAST_HELD), np.float32), by_job)

    def _split(self, event: int, hit: Array) -> Array:
        """Return the share of the remainder that the next job holds, (cells, members)."""
        size = np.maximum(hit * self.stocks, np.float32(1)) / np.float32(TYPICAL_SIZE)
        return np.asarray(expit(self.split[:, event] - self.size_effect * np.log(size)), np.float32)

    def hold(
        self,
        event: int,
        hit: Array,
        levels: tuple[Array, Array, Array],
        gained: tuple[Array, Array, Array],
        shares: Shares,
    ) -> None:
        """
        Let a part of an event act: on what other events' jobs hold, and by what its own jobs gain.

        Parameters
        ----------
        event : int
        hit : ndarray of float32, (cells, members)
            Share hit by the whole event. [share]
        levels : tuple of three ndarray of float32, (cells, members)
            Shares that the part hits, as `severity.hit_levels` gives them. [share]
        gained : tuple of three ndarray of float32, (cells, members)
            Share of the stock newly held, and what of that had been fast and slow damage. [share]
        shares : Shares
        """
        if event not in self.held:
            self.held[event] = self._new(event, hit)
        own, rest = self.held[event], self.rest[:, event]
        self.coming = None
        self._hit_others(event, levels, shares)
        newly, fast, slow = gained
        large = newly, fast * (1 - rest), slow + (newly - slow) * rest
        of_store = self.store.share, self.store.fast, self.store.slow
        for state, of_large, of_lost in zip(of_store, large, gained, strict=True):
            state[own.slot, :LARGE_JOBS] += of_large * shares.by_job[:LARGE_JOBS]
            state[own.slot, LARGE_JOBS] += of_lost * shares.by_job[LARGE_JOBS]

    def _new(self, event: int, hit: Array) -> Held:
        """Return what the jobs of an event hold before its first part acts."""
        slot = self.store.add([*self.held.values()])
        return Held(slot, hit, *self._order(event, hit, slot))

    def _hit_others(self, event: int, levels: tuple[Array, Array, Array], shares: Shares) -> None:
        """Hit what other events' jobs hold until a step within the horizon."""
        waiting = [
            other.order[other.begins[self.step] :]
            for number, other in self.held.items()
            if number != event and other.begins[-1] > other.begins[self.step]
        ]
        for some in _in_groups(waiting):
            _hit_again(self.store, self.held[event].slot, levels, shares, self.rest[:, event], np.concatenate(some))

    def multiply_crews(self, step: int, factor: Array) -> None:
        """Change the time left of large jobs from a step on, for a factor on the number of crews, (places,)."""
        self.paces.append((step, _time_left(factor)[self.place, None]))
        for event, held in self.held.items():
            held.order, held.begins = self._order(event, held.hit, held.slot)
        self.coming = None

    def _order(self, event: int, hit: Array, slot: int) -> tuple[NDArray[np.intp], list[int]]:
        """
        Return `Held.order` and `begins` of an event, and set when its jobs are done.

        Left out of the order are jobs that are done after the last step, and those of places and members that the event
        does not hit. No job is done before its event is over, or later hits would be held for ever.
        """
        plan = self.plan
        hours = np.empty((LARGE_JOBS + 1, *hit.shape), np.float32)
        hours[:LARGE_JOBS] = np.moveaxis(self.hours[:, event], 1, 0)
        hours[LARGE_JOBS] = self.lost_h[:, event]
        over_h = plan.events[event].start_h + event_length(plan, self.values, event)
        last_hit = np.ceil(over_h / plan.step_h - 2 * SAME_TIME_STEPS).astype(np.float32) - 1
        begins = plan.events[event].repair_h / plan.step_h
        done = (plan.events[event].repair_h + hours) / plan.step_h
        for since, left in ((max(begins, step), left) for step, left in self.paces):
            large = done[:LARGE_JOBS]
            done[:LARGE_JOBS] = np.where(large > since, since + (large - since) * left, large)
        np.maximum(done, last_hit, out=done)
        np.copyto(done, np.float32(plan.steps), where=hit <= 0)
        steps = self.store.done[slot]
        steps[...] = np.minimum(done, np.float32(plan.steps), out=done)
        flat = steps.ravel()
        found = np.flatnonzero(flat < plan.steps)
        order = found[np.argsort(flat[found], kind="stable")]
        begins = np.searchsorted(flat[order], np.arange(plan.steps + 1)).tolist()
        return order + slot * flat.size, begins

    def release(self, step: int, held: Array, fast: Array, slow: Array, served: Array, restored: Array | None) -> bool:
        """
        Restore the damage of jobs that are done in a step; return whether there were any.

        Parameters
        ----------
        step : int
        held, fast, slow, served : ndarray of float32, (cells, members)
            Shares held by jobs, in the classes of damage and served; changed in place where a job is done. [share]
        restored : ndarray of float32 or None
            Share restored since the start, if followed; raised in place. [share]

        Returns
        -------
        bool
            Whether any job was done.
        """
        jobs = self._done(step)
        self.held = {event: own for event, own in self.held.items() if own.begins[-1] > own.begins[step + 1]}
        self.step = step + 1
        if not len(jobs.cell):
            return False
        left = held.reshape(-1)
        np.subtract.at(left, jobs.cell, jobs.held)
        left[jobs.cell] = np.maximum(left[jobs.cell], 0)
        for state, amount in ((fast, jobs.fast), (slow, jobs.slow), (served, jobs.back), (restored, jobs.back)):
            if state is not None:
                np.add.at(state.reshape(-1), jobs.cell, amount)
        return True

    def _done(self, step: int) -> Released:
        """Return what the jobs that are done in a step release; those to come are read together while nothing hits."""
        if self.coming is None:
            if self.plan.acting[step]:
                return self.store.released(self._waiting(step, step + 1))
            mine = self._waiting(step, self.plan.steps)
            done = self.store.done.reshape(-1)[mine]
            order = np.argsort(done, kind="stable")
            begins = np.searchsorted(done[order], np.arange(self.plan.steps + 1)).tolist()
            self.coming = self.store.released(mine[order]), begins
        released, begins = self.coming
        return released.part(slice(begins[step], begins[step + 1]))

    def _waiting(self, first: int, last: int) -> NDArray[np.intp]:
        """Return the jobs of all events that are done from one step until another, event by event."""
        waiting = [own.order[own.begins[first] : own.begins[last]] for own in self.held.values()]
        return np.concatenate(waiting) if waiting else np.empty(0, np.intp)


def _time_left(crews: Array) -> Array:
    """Return the factor on the time left of large jobs, for a factor on the number of crews, (places,)."""
    return 1 - PART_BY_CREWS + PART_BY_CREWS / crews


def least_open_h(plan: Plan, event: int, places: NDArray[np.intp], until_h: float) -> NDArray[np.float64]:
    """
    Return the least hours, as drawn, of an event's large jobs that are not done by a time, (places,) [h].

    Parameters
    ----------
    plan : Plan
    event : int
    places : ndarray of int
    until_h : float
        Time after the start of the run. [h]
    """
    mine, done = plan.events[event], np.full(len(places), until_h)
    for change in sorted(plan.changes, key=lambda change: -change.step):
        since = max(mine.repair_h, change.step * plan.step_h)
        done = np.where(done > since, since + (done - since) / _time_left(change.crews)[places], done)
    hours = done - mine.repair_h
    return np.minimum(hours, np.maximum(NEEDS_SPARES_H, hours - mine.spares_late_h))


def _in_groups(waiting: Sequence[NDArray[np.intp]]) -> Iterator[list[NDArray[np.intp]]]:
    """Yield what waits of several events in groups of about `WAITING_TOGETHER`."""
    group: list[NDArray[np.intp]] = []
    for own in waiting:
        group.append(own)
        if sum(map(len, group)) >= WAITING_TOGETHER:
            yield group
            group = []
    if group:
        yield group


def _hit_again(
    store: Store,
    slot: int,
    levels: tuple[Array, Array, Array],
    shares: Shares,
    rest: Array,
    waiting: NDArray[np.intp],
) -> None:
    """
    Hit what jobs of other events hold.

    What a later job gets hold of waits for that one; what it leaves to the crews, and what is hit besides, is damage
    that is still to be repaired when the job in hand is done.

    Parameters
    ----------
    store : Store
        Of all events; changed in place.
    slot : int
        Of the event that hits.
    levels : tuple of three ndarray of float32, (cells, members)
        Shares that are hit, as `severity.hit_levels` gives them. [share]
    shares : Shares
        Of the event that hits.
    rest : ndarray of float32, (cells, members)
        Share of each new large job that is left to the crews as slow damage. [share]
    waiting : ndarray of int
        Flat indices of the other events' jobs that are not done yet.
    """
    size, jobs = store.cells, store.jobs
    flat, states = [level.reshape(size) for level in levels], (store.share, store.fast, store.slow)
    olds = [state.reshape(-1) for state in states]
    mine = np.sort(waiting[olds[0][waiting] * flat[0][waiting % size] > NEGLIGIBLE])
    cells = mine % size
    share, fast, slow = (state[mine] for state in olds)
    hit, hit_slow, hit_held = (level[cells] for level in flat)
    chance = hit_held * shares.by_job.reshape(jobs, size).take(cells, 1)
    left = rest.reshape(size)[cells] * (np.arange(jobs)[:, None] < LARGE_JOBS)
    done = store.done[slot].reshape(jobs, size).take(cells, 1)
    later = np.where(done > store.done.reshape(-1)[mine], chance, np.float32(0))
    moved = later * share, later * fast * (1 - left), later * (slow + (share - slow) * left)
    gains = (np.arange(jobs)[:, None] * size + cells).ravel()
    for state, amount in zip(states, moved, strict=True):
        np.add.at(state[slot].reshape(-1), gains, amount.ravel())
    stay, worse = 1 - later.sum(0), hit_slow - hit_held + ((chance - later) * left).sum(0)
    sound = share - fast - slow
    olds[0][mine] = share * stay
    olds[1][mine] = sound * (hit - hit_slow) + fast * (stay - worse)
    olds[2][mine] = slow * stay + (sound + fast) * worse


def _customers(values: Values, system: str) -> Array:
    """Return the customers of a system, (places, members); `TYPICAL_SIZE` where the stock is unknown."""
    stock = STOCKS[SYSTEMS[system].stock]
    count = values[stock.name] * (values["customers_per_building"] if stock.unit == "buildings" else np.float32(1))
    return np.asarray(np.where(np.isnan(count), np.float32(TYPICAL_SIZE), count), np.float32)
