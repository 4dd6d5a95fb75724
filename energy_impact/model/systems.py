"""Power, heat and water, step by step: events hit, crews repair, power is balanced, others follow, frost acts."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from energy_impact.model.arrays import Workspace
from energy_impact.model.restoration import Crews, Damage
from energy_impact.model.severity import happens, union
from energy_impact.model.spread import Dependence, plants_lack
from energy_impact.model.supply import Balance
from energy_impact.model.thermal import Circuits
from energy_impact.vocabulary import HOURS_A_DAY

if TYPE_CHECKING:
    from collections.abc import Collection

    from energy_impact.model.plan import Array, Plan, Values

POWER_STATES = ("power_out", "power_restored", "shed", "shed_day", "unserved")
HEAT_STATES = ("heat_out", "heat_drained", "heat_restored")
WATER_STATES = ("water_out",)


class Run:
    """The systems of a chunk of members."""

    def __init__(self, plan: Plan, values: Values, keep: Collection[str]) -> None:
        self.plan = plan
        places, members = values["temperature_offset"].shape
        self.space = Workspace((places, members))
        self.offset, self.temperature = self.space.full(values["temperature_offset"]), self.space.empty()
        others = _followed(plan, keep)
        self.crews, self.work = Crews(plan, values, self.space), self.space.empty()
        self.damage = Damage(plan, values, ("power", *others), self.space, follow_restored="power_restored" in keep)
        self.power = Power(self, values, keep)
        self.dependent = {name: Dependent(self, values, name, keep) for name in others}
        self.systems: tuple[Power | Dependent, ...] = (self.power, *self.dependent.values())
        self._weather(0)
        self.power.settle(0)

    def step(self, step: int) -> None:
        """Advance from the begin of a step to its end."""
        if step and step % self.plan.steps_a_weather == 0:
            self._weather(step)
        for event, part in self.plan.parts_of[step]:
            self.damage.hit(event, part)
            for system in self.systems:
                system.hit(event, part)
        self.crews.hours(step, self.work)
        self.damage.repair(step, self.work)
        for system in self.systems:
            system.step(step)

    def _weather(self, step: int) -> None:
        """Let the outdoor air be at its mean over the weather that a step lies in [degC]."""
        mean, sd = self.plan.weather[step // self.plan.steps_a_weather]
        np.multiply(self.offset, sd, out=self.temperature)
        self.temperature += mean
        self.crews.cold(self.temperature)
        if self.power.balance is not None:
            self.power.balance.cold(self.temperature)


class Power:
    """
    Power: the balance of supply and demand of what damage leaves connected.

    Attributes
    ----------
    lack : ndarray of float32, (places, members)
        Share of dependent plants without power, on average over the last step. [share]
    """

    states = frozenset(POWER_STATES)

    def __init__(self, run: Run, values: Values, keep: Collection[str]) -> None:
        plan, space = run.plan, run.space
        self.run, self.plan, self.broken = run, plan, run.damage.of("power")
        self.balance = Balance(plan, values, self.broken.served, space) if plan.balance else None
        self.protected = space.full(values["protected_share"])
        self.lack, self.before, self.now = space.empty(), space.empty(), space.empty()
        self.restored: Array = run.damage.restored[0]
        self.needs = _feedbacks(run, values, "power")
        self.struck = [event.hits[:, None] & happens(plan, values, index) for index, event in enumerate(plan.events)]
        self.day: deque[Array] | None = deque(maxlen=round(HOURS_A_DAY / plan.step_h)) if "shed_day" in keep else None

    def hit(self, event: int, part: float) -> None:
        """Take capability away with a part of an event."""
        if self.balance is not None:
            self.balance.hit(event, part)

    def step(self, step: int) -> None:
        """Advance from the begin of a step to its end, after hits and repair."""
        for needed, need in self.needs.items():
            need.settle(self.run.dependent[needed].lack())
        shed_before = None if self.day is None else self.shed().copy()
        self.before, self.now = self.now, self.before
        self.settle(step + 1)
        self._average(step, self.before, self.now, self.lack)
        if self.day is not None and shed_before is not None:
            self.day.append(self._average(step, shed_before, self.shed(), self.run.space.empty()))

    def _average(self, step: int, before: Array, now: Array, out: Array) -> Array:
        """Write the mean over a step: of a steady change or, where events struck, of a jump when the last one did."""
        np.add(before, now, out=out)
        out *= np.float32(0.5)
        for event, _ in self.plan.parts_of[step]:
            after = np.float32(self.plan.after[step, event])
            np.copyto(out, (1 - after) * before + after * now, where=self.struck[event])
        return out

    def settle(self, time: int) -> None:
        """Balance supply and demand at a time on the step grid."""
        if self.balance is None:
            np.subtract(np.float32(1), self.broken.served, out=self.now)
            return
        self.balance.settle(time, self.broken.served, [need.felt for need in self.needs.values()])
        plants_lack(self.broken.served, self.balance.short, self.balance.shed, self.protected, self.now)

    def shed(self) -> Array:
        """Return the share of demand that is shed [share]."""
        return self.run.space.zero if self.balance is None else self.balance.shed

    def state(self, name: str) -> Array:
        """Return one of the states [share]."""
        if name == "power_restored":
            return self.restored
        if name == "power_out":
            return union(self.broken.out(), self.shed())
        if name == "shed_day" and self.day:
            return np.asarray(np.mean(self.day, axis=0), np.float32)
        if name == "unserved":
            return self.run.space.zero if self.balance is None else self.balance.unserved
        return self.shed()


class Dependent:
    """Heat or water: what it lacks of the power that it needs, and the circuits of heat."""

    def __init__(self, run: Run, values: Values, name: str, keep: Collection[str]) -> None:
        plan, space = run.plan, run.space
        self.run, self.plan, self.broken = run, plan, run.damage.of(name)
        self.states = frozenset(HEAT_STATES if name == "heat" else WATER_STATES)
        self.power = Dependence(plan, values[f"{name}_dependence"], values[f"{name}_buffer_h"], space)
        self.needs = _feedbacks(run, values, name)
        self.left = space.empty()
        self.circuits = Circuits(plan, values, self.broken.served, space) if name == "heat" else None
        self.restored = space.full(0.0) if f"{name}_restored" in keep else None
        self.out_before = self.out()

    def hit(self, _event: int, _part: float) -> None:
        """Count what is restored from the share out that a part of an event leaves."""
        if self.restored is not None:
            self.out_before = self.out()

    def step(self, step: int) -> None:
        """Advance from the begin of a step to its end, after hits, repair and power."""
        self._count_restored()
        self.power.settle(self.run.power.lack)
        for needed, need in self.needs.items():
            need.settle(self.run.dependent[needed].lack())
        self._count_restored()
        hold = self.plan.steps_a_weather
        if self.circuits is not None and ((step + 1) % hold == 0 or step + 1 == self.plan.steps):
            steps = range(step - step % hold, step + 1)
            self.circuits.act(steps, self.run.temperature, self.supplied(), self.broken)
        self._count_restored()

    def _count_restored(self) -> None:
        """Count by how much the share without service has fallen: by repair, by what it needs or by refilling."""
        if self.restored is not None:
            out = self.out()
            self.restored += np.maximum(self.out_before - out, 0)
            self.out_before = out

    def supplied(self) -> Array:
        """Return the share with supply [share]."""
        self.power.lose(self.broken.served, self.left)
        for need in self.needs.values():
            need.lose(self.left, self.left)
        return self.left

    def lack(self) -> Array:
        """Return the share whose supply is lost [share]."""
        return 1 - self.supplied()

    def lost(self) -> Array:
        """Return the share whose supply is lost, exact where it is small [share]."""
        lost = union(self.broken.out(), self.power.felt)
        for need in self.needs.values():
            lost = union(lost, need.felt)
        return lost

    def out(self) -> Array:
        """Return the share without service: without supply, or still to be refilled [share]."""
        lost = self.lost()
        return lost if self.circuits is None else self.circuits.cold(lost)

    def state(self, name: str) -> Array:
        """Return one of the states [share]."""
        if name.endswith("_out"):
            return self.out()
        if self.restored is not None and name.endswith("_restored"):
            return self.restored
        assert self.circuits is not None
        return self.circuits.empty()


def _followed(plan: Plan, keep: Collection[str]) -> list[str]:
    """Systems besides power that the states to record need, by themselves or because another needs them."""
    fed_back = {name for feedback in plan.feedback for name in feedback.split("_on_")}
    return [
        name for name in plan.systems
        if name != "power" and (name in fed_back or any(state.startswith(name) for state in keep))
    ]  # fmt: skip


def _feedbacks(run: Run, values: Values, name: str) -> dict[str, Dependence]:
    """Return what a system needs besides power, by the system that it needs."""
    found = {}
    for key, share in run.plan.feedback.items():
        needing, needed = key.split("_on_")
        if needing == name:
            found[needed] = Dependence(run.plan, share[:, None], values[f"{needed}_buffer_h"], run.space)
    return found
