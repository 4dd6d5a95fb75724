"""All systems, step by step: events hit, crews repair, power is balanced, others follow, frost acts."""

from __future__ import annotations

from collections import deque
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from energy_impact.model.arrays import Workspace
from energy_impact.model.cells import EVERYWHERE, NOWHERE
from energy_impact.model.restoration import Crews, Damage
from energy_impact.model.severity import happens, hit_of_part, onset, union
from energy_impact.model.shortage import Missing
from energy_impact.model.spread import Dependence, Feeders, plants_lack
from energy_impact.model.supply import Balance
from energy_impact.model.thermal import Circuits
from energy_impact.systems import FEEDBACKS, FOLLOWS, POWER, SYSTEM_OF_STATE, SYSTEMS
from energy_impact.units import HOURS_A_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from energy_impact.model.plan import Array, ByPlace, ChangePlan, Places, Plan, Values
    from energy_impact.model.spread import Loss


class Run:
    """
    The systems of a chunk of members.

    Attributes
    ----------
    there : slice or ndarray of int
        Places at which systems besides power are followed; none if no such system is.
    space_there : Workspace
        Workspace for those places.
    """

    def __init__(self, plan: Plan, values: Values, keep: Collection[str], there: Places = EVERYWHERE) -> None:
        self.plan, self.values = plan, values
        places, members = values["temperature_offset"].shape
        self.followers = others = followed(plan, keep)
        self.there = there = there if others else NOWHERE
        count = len(np.arange(places)[there])
        self.space = Workspace((places, members))
        self.space_there = self.space if count == places else Workspace((count, members))
        self.offset, self.temperature = self.space.full(values["temperature_offset"]), self.space.empty()
        self.crews, self.work = Crews(plan, values, self.space), self.space.empty()
        names, follow = ("power", *others), POWER.restored in keep
        self.damage = Damage(plan, values, names, self.space, there=there, follow_restored=follow)
        self.struck = [event.hits[:, None] & happens(plan, values, index) for index, event in enumerate(plan.events)]
        self.power = Power(self, values, keep)
        self.dependent = {name: Dependent(self, values, name, keep) for name in others}
        self.systems: tuple[Power | Dependent, ...] = (self.power, *self.dependent.values())
        self._weather(*plan.weather_before)
        self.power.balance_at(0)
        self._raise_most_out()

    def step(self, step: int) -> None:
        """Advance from the start of a step to its end."""
        for change in self.plan.changes:
            if change.step == step:
                self._change(change)
        if step % self.plan.steps_per_weather == 0:
            self._weather(*self.plan.weather[step // self.plan.steps_per_weather])
        for event in self.plan.acting[step]:
            part = onset(self.plan, self.values, event, step)
            self.damage.hit(event, part)
            for system in self.systems:
                system.hit(event, part)
        self.crews.hours(step, self.work)
        self.damage.repair(step, self.work)
        for system in self.systems:
            system.step(step)
        self._raise_most_out()

    def _raise_most_out(self) -> None:
        """Raise the most out at once, where it is followed, to at least what is out now."""
        for system in self.systems:
            if system.most is not None:
                system.most.raise_to(system.out())

    def drop(self, state: str) -> None:
        """Follow a state no more, where that spares work."""
        if state == "shed_day":
            self.power.day = None

    def end(self) -> None:
        """Let go of the systems, which refer back to the run, so that its arrays are freed with it at once."""
        del self.power, self.dependent, self.systems

    def _change(self, change: ChangePlan) -> None:
        """Change crews and generators from now on."""
        if (change.crews != 1).any():
            self.damage.multiply_crews(change.step, change.crews)
        if change.generators.any():
            for system in self.dependent.values():
                system.power.keep_running(change.generators[self.there])

    def _weather(self, mean: ByPlace, sd: ByPlace) -> None:
        """Set the outdoor temperature from its mean [degC] and its uncertainty [K]."""
        np.multiply(self.offset, sd, out=self.temperature)
        self.temperature += mean
        self.crews.set_frost_pace(self.temperature)
        if self.power.balance is not None:
            self.power.balance.set_cold_demand(self.temperature)


class MostOut:
    """
    The largest share out of service at once since the latest event began, by place and member.

    Attributes
    ----------
    share : ndarray of float32, (places, members)
        [share]
    """

    def __init__(self, struck: Sequence[NDArray[np.bool_]], space: Workspace) -> None:
        self.struck, self.begun = struck, set[int]()
        self.share = space.full(0.0)

    def begin(self, event: int) -> None:
        """Reset at the first part of an event, where it strikes."""
        if event not in self.begun:
            self.begun.add(event)
            np.copyto(self.share, np.float32(0), where=self.struck[event])

    def raise_to(self, out: Array) -> None:
        """Raise it to at least the share out now."""
        np.maximum(self.share, out, out=self.share)


class Power:
    """
    Power: the balance of supply and demand among the customers still connected after damage.

    Attributes
    ----------
    lack : ndarray of float32, (places with other systems, members)
        Share of dependent plants without power, on average over the last step. [share]
    """

    where = EVERYWHERE

    def __init__(self, run: Run, values: Values, keep: Collection[str]) -> None:
        plan, space = run.plan, run.space_there
        self.run, self.plan, self.broken, self.zero = run, plan, run.damage.of("power"), run.space.zero
        self.balance = Balance(plan, values, self.broken.served, run.space, run.there) if plan.balance else None
        self.struck_there = [struck[run.there] for struck in run.struck]
        self.protected = space.full(values["protected_share"])
        self.feeders = Feeders(plan, values, space)
        self.lack, self.before, self.now = space.empty(), space.empty(), space.empty()
        self.restored: Array = run.damage.restored[run.damage.cells.of("power")]
        self.needs = _feedbacks(run, values, "power")
        self.missing = _missing(run, "power")
        self.most = MostOut(run.struck, run.space) if POWER.most_out in keep else None
        self.day: deque[Array] | None = deque(maxlen=round(HOURS_A_DAY / plan.step_h)) if "shed_day" in keep else None

    def hit(self, event: int, part: Array | float) -> None:
        """Reduce capability by a part of an event."""
        if self.most is not None:
            self.most.begin(event)
        if self.balance is not None:
            self.balance.hit(event, part)
        if self.run.followers:
            self.feeders.hit(hit_of_part(self._hits(event)[self.run.there], part))

    def _hits(self, event: int) -> Array:
        """Return the share of each place's stock that an event puts out of service [share]."""
        return self.run.damage.hits[event][self.run.damage.cells.of("power")]

    def step(self, step: int) -> None:
        """Advance from the start of a step to its end, after hits and repair."""
        for needed, need in self.needs.items():
            need.follow_lack(self.run.dependent[needed].lack())
        shed_before = None if self.day is None else self.shed().copy()
        self.before, self.now = self.now, self.before
        self.balance_at(step + 1)
        if self.run.followers:
            self._average(step, self.before, self.now, self.lack, self.struck_there, rises=True)
        if self.day is not None and shed_before is not None:
            out = self.day.popleft() if len(self.day) == self.day.maxlen else self.run.space.empty()
            self.day.append(self._average(step, shed_before, self.shed(), out, self.run.struck, rises=False))

    def _average(
        self, step: int, before: Array, now: Array, out: Array, struck: Sequence[NDArray[np.bool_]], *, rises: bool
    ) -> Array:
        """Return the mean over a step: of a linear change or, where events struck, of a jump; of rises alone if so."""
        np.add(before, now, out=out)
        out *= np.float32(0.5)
        for event in self.plan.acting[step]:
            after = np.float32(self.plan.fraction_after_hit[step, event])
            jumps = struck[event] & (now > before) if rises else struck[event]
            np.copyto(out, (1 - after) * before + after * now, where=jumps)
        return out

    def balance_at(self, time: int) -> None:
        """Balance supply and demand at a time on the step grid."""
        begins = self.plan.balance_from
        waiting = None if begins is None else begins > time
        balance = None if waiting is not None and waiting.all() else self.balance
        if balance is not None:
            for missing in self.missing:
                missing.update(time)
            lacking = [loss.felt for loss in (*self.needs.values(), *self.missing)]
            balance.update(time, self.broken.served, lacking, waiting)
        elif self.balance is not None:
            self.balance.connected[...] = self.broken.served
        if self.run.followers:
            self._feed(balance)

    def _feed(self, balance: Balance | None) -> None:
        """Set the share of dependent plants without power, then feed plants again for a step."""
        feeders, there = self.feeders, self.run.there
        feeders.repaired(self.broken.served[there])
        if balance is None:
            np.subtract(np.float32(1), feeders.fed, out=self.now)
        else:
            plants_lack(feeders.fed, balance.short_of_all(), balance.limit[there], self.protected, self.now)
        feeders.refeed()

    def shed(self) -> Array:
        """Return the share of demand that is shed [share]."""
        return self.run.space.zero if self.balance is None else self.balance.shed

    def _shed_in_day(self) -> Array:
        """Return the share of demand that is shed, on average over the last day [share]."""
        return np.asarray(reduce(np.add, self.day) / np.float32(len(self.day))) if self.day else self.shed()

    def out(self) -> Array:
        """Return the share without power: damaged, or shed [share]."""
        return union(self.broken.out(), self.shed())

    def states(self) -> dict[str, Callable[[], Array]]:
        """Return a function per state that computes it [share]."""
        most = self.most
        found = {
            POWER.out: self.out,
            "power_damaged": self.broken.out,
            POWER.restored: lambda: self.restored,
            POWER.most_out: None if most is None else lambda: most.share,
            "shed": self.shed,
            "shed_day": self._shed_in_day,
            "unserved": lambda: self.run.space.zero if self.balance is None else self.balance.unserved,
        }
        return _followed_states(found)


class Dependent:
    """A system besides power: its lack of power and of other systems that it needs, and the circuits of heat."""

    def __init__(self, run: Run, values: Values, name: str, keep: Collection[str]) -> None:
        plan, space, self.where = run.plan, run.space_there, run.there
        self.run, self.plan, self.broken, self.system = run, plan, run.damage.of(name), SYSTEMS[name]
        self.power = Dependence(plan, values[FOLLOWS[name].dependence], values[FOLLOWS[name].buffer_h], space)
        self.needs, self.missing, self.zero = _feedbacks(run, values, name), _missing(run, name), space.zero
        self.losses: list[Loss] = [*self.needs.values(), *self.missing]
        self.left = space.empty()
        self.circuits = Circuits(plan, values, self.broken.served, space, run.there) if self.system.drained else None
        self.restored = space.full(0.0) if self.system.restored in keep else None
        self.most = MostOut(run.power.struck_there, space) if self.system.most_out in keep else None
        self.last_out = self.out()

    def hit(self, event: int, _part: Array | float) -> None:
        """Start counting restorations from the share out after a part of an event."""
        if self.most is not None:
            self.most.begin(event)
        if self.restored is not None:
            self.last_out = self.out()

    def step(self, step: int) -> None:
        """Advance from the start of a step to its end, after hits, repair and power."""
        self._count_restored()
        self.power.follow_lack(self.run.power.lack)
        for needed, need in self.needs.items():
            need.follow_lack(self.run.dependent[needed].lack())
        for missing in self.missing:
            missing.update(step + 1)
        self._count_restored()
        hold = self.plan.steps_per_weather
        if self.circuits is not None and ((step + 1) % hold == 0 or step + 1 == self.plan.steps):
            steps = range(step - step % hold, step + 1)
            self.circuits.act(steps, self.run.temperature[self.where], self.supplied(), self.broken)
            self._count_restored()

    def _count_restored(self) -> None:
        """Add the fall of the share without service: by repair, by its needs or by refilling."""
        if self.restored is not None:
            out, fallen = self.out(), self.last_out
            fallen -= out
            self.restored += np.maximum(fallen, self.zero, out=fallen)
            self.last_out = out

    def supplied(self) -> Array:
        """Return the share with supply [share]."""
        self.power.lose(self.broken.served, self.left)
        for loss in self.losses:
            loss.lose(self.left, self.left)
        return self.left

    def lack(self) -> Array:
        """Return the share whose supply is lost [share]."""
        return 1 - self.supplied()

    def lost(self) -> Array:
        """Return the share whose supply is lost, accurate even if small [share]."""
        lost = union(self.broken.out(), self.power.felt)
        for loss in self.losses:
            lost = union(lost, loss.felt)
        return lost

    def out(self) -> Array:
        """Return the share without service: without supply, or still to be refilled [share]."""
        lost = self.lost()
        return lost if self.circuits is None else self.circuits.out_of_service(lost)

    def states(self) -> dict[str, Callable[[], Array]]:
        """Return a function per state that computes it [share]."""
        most, restored = self.most, self.restored
        found = {
            self.system.out: self.out if restored is None else lambda: self.last_out,
            self.system.restored: None if restored is None else lambda: restored,
            self.system.most_out: None if most is None else lambda: most.share,
            self.system.drained: None if self.circuits is None else self.circuits.empty,
        }
        return _followed_states(found)


def _followed_states(found: Mapping[str | None, Callable[[], Array] | None]) -> dict[str, Callable[[], Array]]:
    """Return the states that have a name and are followed."""
    return {name: compute for name, compute in found.items() if name is not None and compute is not None}


def followed(plan: Plan, keep: Collection[str]) -> list[str]:
    """Return the systems besides power that are needed for the states to record, directly or by another system."""
    needs = [FEEDBACKS[name] for name in plan.feedback]
    asked = {need.needing for need in needs} | {need.needed for need in needs}
    asked |= {SYSTEM_OF_STATE[state] for state in keep}
    return [name for name in plan.systems if name != "power" and name in asked]


def _feedbacks(run: Run, values: Values, name: str) -> dict[str, Dependence]:
    """Return the needs of a system besides power, by the system needed."""
    found = {}
    for key, share in run.plan.feedback.items():
        need = FEEDBACKS[key]
        if need.needing == name:
            buffer_h = values[FOLLOWS[need.needed].buffer_h]
            found[need.needed] = Dependence(run.plan, share[run.there, None], buffer_h, run.space_there)
    return found


def _missing(run: Run, name: str) -> list[Missing]:
    """Return the shortage of a system as a list: empty if the scenario has none."""
    if name not in run.plan.missing:
        return []
    space, places = (run.space, EVERYWHERE) if name == "power" else (run.space_there, run.there)
    return [Missing(run.plan, name, space, places)]
