"""Power, heat and water, step by step: events hit, crews repair, power is balanced, others follow, frost acts."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from energy_impact.model.arrays import Workspace
from energy_impact.model.restoration import Crews, Damage
from energy_impact.model.severity import union
from energy_impact.model.spread import Dependence, plants_lack
from energy_impact.model.supply import Balance
from energy_impact.model.thermal import Circuits
from energy_impact.vocabulary import HOURS_A_DAY

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from energy_impact.model.plan import Array, Plan, Values

POWER_STATES = ("power_out", "power_restored", "shed", "shed_day", "unserved")
HEAT_STATES = ("heat_out", "heat_drained", "heat_restored")
WATER_STATES = ("water_out",)

STEPS_A_SPAN = 12
"""Steps for which one system is run before the next; does not change what is computed."""


class Run:
    """
    The systems of a chunk of members.

    One system is run through some steps before the next, as long as nothing that comes first needs what comes later:
    its arrays then stay in the processor's cache.
    """

    def __init__(self, plan: Plan, values: Values, keep: Collection[str]) -> None:
        self.plan = plan
        places, members = values["temperature_offset"].shape
        self.space = Workspace((places, members))
        self.offset = self.space.full(values["temperature_offset"])
        self.hold = plan.steps_a_weather
        self.span = 1 if plan.feedback else STEPS_A_SPAN
        self.power = Power(self, values, keep)
        self.dependent = {name: Dependent(self, values, name, keep) for name in _followed(plan, keep)}
        self.systems: tuple[Power | Dependent, ...] = (self.power, *self.dependent.values())
        self.power.start()

    def spans(self, steps: int) -> Sequence[range]:
        """Split steps into spans; into single ones where systems need each other both ways."""
        return [range(first, min(first + self.span, steps)) for first in range(0, steps, self.span)]

    def temperature(self, step: int, out: Array) -> Array:
        """Write the outdoor air temperature, its mean over the weather that a step lies in [degC]."""
        mean, sd = self.plan.weather[step // self.hold]
        np.multiply(self.offset, sd, out=out)
        out += mean
        return out


class Power:
    """Power: its damage and repair, and the balance of supply and demand."""

    states = frozenset(POWER_STATES)

    def __init__(self, run: Run, values: Values, keep: Collection[str]) -> None:
        plan, space = run.plan, run.space
        self.run, self.plan = run, plan
        self.crews = Crews(plan, values, space)
        self.damage = Damage(plan, values, "power", space, follow_restored="power_restored" in keep)
        self.balance = Balance(plan, values, self.damage.served, space) if plan.balance else None
        self.protected = space.full(values["protected_share"])
        self.work, self.lack = ([space.empty() for _ in range(run.span)] for _ in range(2))
        self.needs = _feedbacks(run, values, "power")
        self.day: deque[Array] | None = deque(maxlen=round(HOURS_A_DAY / plan.step_h)) if "shed_day" in keep else None

    def start(self) -> None:
        """Balance supply and demand at the start."""
        self._weather(0)
        self._settle(0)

    def step(self, step: int) -> None:
        """Advance from the begin of a step to its end."""
        if step % self.run.hold == 0:
            self._weather(step)
        for event, part in self.plan.parts_of[step]:
            self.damage.hit(event, part)
            if self.balance is not None:
                self.balance.hit(event, part)
        slot = step % self.run.span
        self.crews.hours(step, self.work[slot])
        self.damage.repair(step, self.work[slot])
        self._settle(step + 1)
        if self.balance is None:
            np.subtract(np.float32(1), self.damage.served, out=self.lack[slot])
        else:
            plants_lack(self.damage.served, self.balance.short, self.balance.shed, self.protected, self.lack[slot])

    def _weather(self, step: int) -> None:
        temperature = self.run.temperature(step, self.run.space.scratch[0])
        self.crews.cold(temperature)
        if self.balance is not None:
            self.balance.cold(temperature)

    def _settle(self, time: int) -> None:
        """Balance supply and demand at a time on the step grid."""
        for needed, need in self.needs.items() if time else ():
            need.settle(self.run.dependent[needed].lack())
        if self.balance is not None:
            self.balance.settle(time, self.damage.served, [need.felt for need in self.needs.values()])
            if self.day is not None and time:
                self.day.append(self.balance.shed.copy())

    def state(self, name: str) -> Array:
        """Return one of the states [share]."""
        if name == "power_restored":
            return self.damage.restored
        if self.balance is None:
            return self.damage.out() if name == "power_out" else self.run.space.zero
        if name == "power_out":
            return union(self.damage.out(), self.balance.shed)
        if name == "shed_day":
            return np.asarray(np.mean(self.day, axis=0) if self.day else self.balance.shed, np.float32)
        return self.balance.shed if name == "shed" else self.balance.unserved


class Dependent:
    """Heat or water: its damage and repair, what it lacks of the power that it needs, and the circuits of heat."""

    def __init__(self, run: Run, values: Values, name: str, keep: Collection[str]) -> None:
        plan, space = run.plan, run.space
        self.run, self.plan = run, plan
        self.states = frozenset(HEAT_STATES if name == "heat" else WATER_STATES)
        self.damage = Damage(plan, values, name, space)
        self.power = Dependence(plan, values[f"{name}_dependence"], values[f"{name}_buffer_h"], space)
        self.needs = _feedbacks(run, values, name)
        self.left = space.empty()
        self.circuits = Circuits(plan, values, self.damage.served, space) if name == "heat" else None
        self.temperature = space.empty()
        self.restored = space.full(0.0) if f"{name}_restored" in keep else None
        self.out_before = self.out()

    def step(self, step: int) -> None:
        """Advance from the begin of a step to its end."""
        for event, part in self.plan.parts_of[step]:
            self.damage.hit(event, part)
        slot = step % self.run.span
        self.damage.repair(step, self.run.power.work[slot])
        self.power.settle(self.run.power.lack[slot])
        for needed, need in self.needs.items():
            need.settle(self.run.dependent[needed].lack())
        if self.circuits is not None and ((step + 1) % self.run.hold == 0 or step + 1 == self.plan.steps):
            steps = range(step - step % self.run.hold, step + 1)
            self.circuits.act(steps, self.run.temperature(step, self.temperature), self.supplied(), self.damage)
        if self.restored is not None:
            out = self.out()
            self.restored += np.maximum(self.out_before - out, 0)
            self.out_before = out

    def supplied(self) -> Array:
        """Return the share with supply [share]."""
        self.power.lose(self.damage.served, self.left)
        for need in self.needs.values():
            need.lose(self.left, self.left)
        return self.left

    def lack(self) -> Array:
        """Return the share whose supply is lost [share]."""
        return 1 - self.supplied()

    def lost(self) -> Array:
        """Return the share whose supply is lost, exact where it is small [share]."""
        lost = union(self.damage.out(), self.power.felt)
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
