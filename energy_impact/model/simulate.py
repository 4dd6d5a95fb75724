"""The forward model: each step hits, repairs, balances power, spreads and drains, in that order."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from energy_impact.model import restoration, severity, spread, supply, thermal
from energy_impact.model.plan import Array, Plan, Values

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

LEVEL_NOISE_KNOT_H = 12.0
"""Distance of the knots of the level noise; linear in between. [h]"""
LEVEL_NOISE_CORRELATION_H = 24.0
"""Time over which the level noise forgets. [h] (judgement)"""
LEVEL_NOISE_SD = 0.15
"""Stationary standard deviation of the level noise, on the logit scale (judgement)."""

STATES = ("power_out", "heat_out", "water_out", "shed", "shed_day", "heat_drained", "power_restored", "heat_restored")
"""What a run can record, as shares of the place's stock; `shed_day` is the mean of `shed` over the last day."""

HOURS_A_DAY = 24


def knots(plan: Plan) -> int:
    """Count the knots of the level noise."""
    return int(np.ceil(plan.steps * plan.step_h / LEVEL_NOISE_KNOT_H)) + 1


def blocks(plan: Plan) -> int:
    """Count the blocks of the rate noise."""
    return int(np.ceil(plan.steps * plan.step_h / restoration.RATE_NOISE_BLOCK_H))


class _System:
    """Damage of one system by class, and what repairs it."""

    def __init__(self, plan: Plan, values: Values, name: str, index: int) -> None:
        self.name, self.values = name, values
        self.hits = severity.severities(plan, values, f"severity_{name}")
        self.noise = restoration.rate_noise(values, index)
        slow_share = values[f"slow_share_{name}"][0]
        out = values[f"initial_out_{name}"]
        self.slow = out * slow_share
        self.fast = out - self.slow
        self.lost = self.slow * values[f"lost_share_{name}"][0]
        self.slow -= self.lost
        self.out = out.copy()
        self.restored = np.zeros_like(out)

    def step(self, plan: Plan, step: int, work: Array, scratch: tuple[Array, Array]) -> None:
        """Hit, break and repair over one step; `work` is the full-rate work in it [h]."""
        values, name = self.values, self.name
        for index, event in enumerate(plan.events):
            part = severity.step_fraction(event, step, plan.step_h)
            if part > 0:
                hit = self.hits[index]
                if part < 1:
                    hit = np.asarray(-np.expm1(part * np.log1p(-np.minimum(hit, np.float32(0.999999)))), np.float32)
                severity.hit_classes(self.fast, self.slow, self.lost, hit, values[f"slow_share_{name}"][index + 1],
                                     values[f"lost_share_{name}"][index + 1])  # fmt: skip
        regime = int(plan.regime[step])
        block = int((step + 0.5) * plan.step_h / restoration.RATE_NOISE_BLOCK_H)
        hours, spare = scratch
        fast_rate = values[f"repair_rate_{name}"][regime]
        np.add(self.fast, self.slow, out=self.out)
        self.out += self.lost
        self.restored += self.out
        np.multiply(work, self.noise[block], out=hours)
        restoration.repair(self.fast, self.slow, self.lost, hours, fast_rate,
                           fast_rate * values[f"slow_ratio_{name}"][regime], values[f"crew_limit_{name}"],
                           spare)  # fmt: skip
        np.add(self.fast, self.slow, out=spare)
        spare += self.lost
        self.restored -= spare
        np.subtract(np.float32(1), spare, out=self.out)
        self.out *= values[f"chronic_rate_{name}"] * np.float32(plan.step_h)
        self.fast += self.out
        np.add(spare, self.out, out=self.out)


class _Dependent:
    """What a system that needs power feels of its lack."""

    def __init__(self, plan: Plan, values: Values, name: str, out: Array) -> None:
        self.dependence = values[f"{name}_dependence"]
        self.keep = np.asarray(np.exp(-np.float32(plan.step_h) / values[f"{name}_buffer_h"]), np.float32)
        self.buffered = np.zeros_like(out)
        self.lost = out.copy()


def simulate(plan: Plan, values: Values, *, record: NDArray[np.intp], keep: Collection[str]) -> dict[str, Array]:
    """
    Run the members of an ensemble through a scenario.

    Parameters
    ----------
    plan : Plan
    values : mapping of ndarray of float32
        Parameter draws, each (*axes, members).
    record : ndarray of int, increasing
        Steps at which states are recorded, from 0 (the start) to `plan.steps`.
    keep : collection of str
        Which of `STATES` to record.

    Returns
    -------
    dict of ndarray of float32, (len(record), places, members)
        Shares of each place's stock. Outages carry the level noise; `*_restored` are cumulative repairs.
    """
    run = _Run(plan, values, keep)
    kept = {name: np.empty((len(record), *run.shape), np.float32) for name in keep}
    slot = 0
    for step in range(int(record[-1]) + 1):
        if step:
            run.step(step - 1)
        if step == record[slot]:
            run.record(step, {name: rows[slot] for name, rows in kept.items()})
            slot += 1
    return kept


class _Run:
    """The state of a chunk of members and how one step changes it."""

    def __init__(self, plan: Plan, values: Values, keep: Collection[str]) -> None:
        self.plan, self.values = plan, values
        self.systems = {name: _System(plan, values, name, index) for index, name in enumerate(plan.systems)}
        first = next(iter(self.systems.values()))
        self.shape = first.out.shape
        self.scratch = (np.empty(self.shape, np.float32), np.empty(self.shape, np.float32))
        self.work = np.empty(self.shape, np.float32)
        self.temperature = np.empty(self.shape, np.float32)
        self.capability_hits = severity.severities(plan, values, "capability_hit")
        self.capability_lost = np.zeros(self.shape, np.float32)
        self.capability_keep = np.exp(-np.float32(plan.step_h) * values["capability_repair_rate"])
        self.shed = np.zeros(self.shape, np.float32)
        self.dependents = {
            name: _Dependent(plan, values, name, self.systems[name].out) for name in plan.systems if name != "power"
        }
        self.drained_lost = np.zeros(self.shape, np.float32)
        self.drained_supplied = np.zeros(self.shape, np.float32)
        self.heat_restored = np.zeros(self.shape, np.float32)
        self.noise = {name: level_factors(values, index) for index, name in enumerate(plan.systems)}
        self.day = deque[Array](maxlen=round(HOURS_A_DAY / plan.step_h)) if "shed_day" in keep else None

    def step(self, step: int) -> None:
        """Advance all states by one step."""
        plan, values = self.plan, self.values
        np.multiply(values["temperature_offset"], plan.temperature_sd[step][:, None], out=self.temperature)
        self.temperature += plan.temperature[step][:, None]
        restoration.work_done(plan, values, step, self.temperature, self.work)
        for system in self.systems.values():
            system.step(plan, step, self.work, self.scratch)
        if "power" in self.systems:
            self._balance(step)
            for dependent in self.dependents.values():
                spread.drain_buffer(dependent.buffered, self._lack(), dependent.keep)
        for name in self.dependents:
            self._lose(name)

    def _balance(self, step: int) -> None:
        if not self.plan.balance:
            return
        self.capability_lost *= self.capability_keep
        for index, event in enumerate(self.plan.events):
            part = severity.step_fraction(event, step, self.plan.step_h)
            if part > 0:
                hit = np.float32(1) - (np.float32(1) - self.capability_hits[index]) ** np.float32(part)
                self.capability_lost = severity.union(self.capability_lost, hit)
        supply.shed_share(self.plan, self.values, step + 1, self.temperature, self.systems["power"].out,
                          self.capability_lost, self.shed)  # fmt: skip
        if self.day is not None:
            self.day.append(self.shed.copy())

    def _lack(self) -> Array:
        return spread.power_lack(self.systems["power"].out, self.shed, self.values["protected_share"])

    def _lose(self, name: str) -> None:
        dependent = self.dependents[name]
        lost = spread.supply_lost(self.systems[name].out, dependent.buffered, dependent.dependence, self.scratch[0])
        if name == "heat":
            before = dependent.lost + self.drained_supplied
            hazard = thermal.draining_hazard(self.temperature, self.values["drain_rate"], self.scratch[1])
            hazard *= np.float32(-self.plan.step_h)
            refilled = -np.expm1(-np.float32(self.plan.step_h) / self.values["refill_h"])
            thermal.move_circuits(dependent.lost, lost, self.drained_lost, self.drained_supplied,
                                  -np.expm1(hazard, out=hazard), refilled)  # fmt: skip
            self.heat_restored += np.maximum(before - lost - self.drained_supplied, 0)
        dependent.lost[...] = lost

    def record(self, step: int, rows: dict[str, Array]) -> None:
        """Write the states at a step into `rows`, outages with the level noise."""
        for name, row in rows.items():
            if name == "shed":
                row[...] = self.shed
            elif name == "shed_day":
                row[...] = np.mean(self.day, axis=0) if self.day else self.shed
            elif name == "power_restored":
                row[...] = self.systems["power"].restored
            elif name == "heat_restored":
                row[...] = self.heat_restored
            else:
                self._record_out(step, name, row)

    def _record_out(self, step: int, name: str, row: Array) -> None:
        system = name.split("_", maxsplit=1)[0]
        if system == "power":
            damaged = self.systems["power"].out
            share = damaged + (1 - damaged) * self.shed
        elif system == "heat":
            share = self.dependents["heat"].lost + self.drained_supplied
        else:
            share = self.dependents["water"].lost
        factor = _between(self.noise[system], step * self.plan.step_h / LEVEL_NOISE_KNOT_H)
        counted = share * factor / (1 + share * (factor - 1))
        if name == "heat_drained":
            counted *= (self.drained_lost + self.drained_supplied) / np.maximum(share, np.float32(1e-12))
        np.minimum(counted, np.float32(1), out=row)


def level_factors(values: Values, system: int) -> Array:
    """
    Factor on the odds of being out, at the knots: an Ornstein-Uhlenbeck process with zero mean on the log scale.

    It stands for what the model leaves out and for what is counted differently. Reported figures narrow it where
    they speak; away from them it grows back over `LEVEL_NOISE_CORRELATION_H`.

    Returns
    -------
    ndarray of float32, (knots, places, members)
    """
    white = values["level_noise"][:, system]
    noise = np.empty_like(white)
    noise[0] = white[0]
    keep = np.float32(np.exp(-LEVEL_NOISE_KNOT_H / LEVEL_NOISE_CORRELATION_H))
    fresh = np.float32(np.sqrt(1 - keep**2))
    for knot in range(1, len(white)):
        noise[knot] = keep * noise[knot - 1] + fresh * white[knot]
    return np.asarray(np.exp(np.float32(LEVEL_NOISE_SD) * noise), np.float32)


def _between(knotted: Array, position: float) -> Array:
    """Linear interpolation between the knots of axis 0."""
    low = min(int(position), len(knotted) - 2)
    weight = np.float32(position - low)
    return np.asarray((1 - weight) * knotted[low] + weight * knotted[low + 1], np.float32)


def chunks(members: int, size: int) -> Sequence[slice]:
    """Split members into runs of at most `size`."""
    return [slice(first, min(first + size, members)) for first in range(0, members, size)]
