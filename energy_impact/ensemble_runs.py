"""Members run through the model, chunk by chunk: curves on request."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from energy_impact._arithmetic import underflow_is_zero
from energy_impact._checks import check_choice, check_type
from energy_impact._memory import check_memory
from energy_impact._progress import shown
from energy_impact._sharing import SHARES_TOGETHER
from energy_impact._spooled import IN_MEMORY_BYTES, empty_arrays, fit_in_memory
from energy_impact.model import people
from energy_impact.model.blocks import MEMBERS_PER_BLOCK, chunks
from energy_impact.model.boilers import with_boilers
from energy_impact.model.cells import EVERYWHERE, selection
from energy_impact.model.counting import counted
from energy_impact.model.parameters import NOISE, STOCK_PARAMETERS
from energy_impact.model.simulate import COLD_PARAMETERS, COLD_STATES, cold_states, simulate_at
from energy_impact.quantities import with_restated
from energy_impact.results.members import check_available
from energy_impact.systems import STOCKS, SYSTEM_OF_STATE, SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from energy_impact.model.plan import Array, Places, Plan, Values
    from energy_impact.prepare import Prepared

Floats = NDArray[np.float64]
Numbers = NDArray[np.floating]

LEVEL_NOISE = NOISE[-1]
"""The noise of counts, which no model run needs."""
COUNTING = (*STOCK_PARAMETERS, "service_overlap")
"""Parameters that turn shares into numbers."""
REPORTING = (*COUNTING, "report_time", "source_bias", LEVEL_NOISE)
"""Parameters that turn modelled states into reports."""
CHUNK_BYTES = 64 * 2**20
"""Fewer members run together if their recorded states would be larger than this."""
BLOCK_BYTES = 2**30
"""Parts of a block run one after the other if its recorded states would be larger than this."""
FEWEST_TOGETHER = 8
"""Fewest members that run together."""
NORMAL_BYTES = 32
"""Bytes per standard-normal number: as drawn, as fitted, moved and kept."""
CURVE_BYTES = 24
"""Bytes per member and step of a curve: as drawn, and two copies of double precision for its quantiles."""
STATES_AT_ONCE = 20
"""States that are recorded together."""

MODELLED_HEAT = "heat_out as modelled"
"""The share of buildings without heat before it is counted: what cold homes follow from."""


def members_together(plan: Plan, states: int = 0) -> int:
    """
    Return the number of members to run together: some `SHARES_TOGETHER`, in whole blocks unless places are very many.

    Parameters
    ----------
    states : int
        Number of states recorded at every step.
    """
    if (part := _part_of_block(plan)) < MEMBERS_PER_BLOCK:
        return part
    in_cache = SHARES_TOGETHER // plan.places
    in_memory = CHUNK_BYTES // (4 * (plan.steps + 1) * plan.places * states) if states else in_cache
    return max(min(in_cache, in_memory) // MEMBERS_PER_BLOCK, 1) * MEMBERS_PER_BLOCK


def _part_of_block(plan: Plan) -> int:
    """Return the part of a block of members whose states stay below `BLOCK_BYTES`, whichever are asked for."""
    part = MEMBERS_PER_BLOCK
    while part > FEWEST_TOGETHER and _state_bytes(plan, part) > BLOCK_BYTES:
        part //= 2
    return part


def _state_bytes(plan: Plan, members: int) -> int:
    """Return the size of all states that may be recorded together."""
    return 4 * (plan.steps + 1) * plan.places * members * STATES_AT_ONCE


def check_run(prepared: Prepared, members: int) -> None:
    """
    Raise a ValueError if a run of so many members, with one of its curves, needs more memory than is free.

    The estimate counts the standard-normal numbers and their copies in the smoother, one curve and its copies in the
    summary, the recorded states of one chunk, and those kept between requests.
    """
    plan, rows = prepared.plan, prepared.layout.rows
    each = rows * NORMAL_BYTES + (plan.steps + 1) * CURVE_BYTES
    chunk = _state_bytes(plan, min(members, _part_of_block(plan)))
    what = f"{members} members, {plan.places} places and {plan.steps} steps"
    kept = min(IN_MEMORY_BYTES, _state_bytes(plan, members))
    check_memory(members * each + max(chunk, CHUNK_BYTES) + kept, what)


def run_parameters(prepared: Prepared) -> set[str]:
    """Return the parameters that a run reads: all but those of systems that nobody follows."""
    others = [system for system in SYSTEMS.values() if system.name not in prepared.plan.systems]
    return prepared.layout.by_name.keys() - {name for system in others for name in system.drawn}


def places_followed(plan: Plan, wanted: Sequence[tuple[str, Collection[int]]]) -> Places:
    """
    Return the places at which systems besides power are followed for some quantities, with all that act on them.

    Parameters
    ----------
    plan : Plan
    wanted : sequence of (quantity, places)
    """
    if plan.feedback or any(change.boilers for change in plan.changes):
        return EVERYWHERE
    found = np.zeros(plan.places, bool)
    for quantity, places in wanted:
        if any(SYSTEM_OF_STATE[state] != "power" for state in people.states_of(quantity, plan.systems)):
            found[list(places)] = True
    for team in plan.crew_groups:
        found |= team & found[team].any()
    return selection(np.flatnonzero(found).tolist())


class Curves:
    """
    Curves of any quantity and place, computed from the members' parameters on request.

    States are kept by group: services, cold homes, most out. The first request of a group runs the states that it
    needs, of cold homes all, but at its place alone, and the next one all that are left, so that a single curve is
    quick and a table of all curves runs the model twice; once if it is announced by `expect`. Where the states of all
    places are too large for memory and the announced curves are not, those are kept instead.
    """

    def __init__(self, prepared: Prepared, normal: Array, known: Mapping[tuple[str, str], Array] | None = None) -> None:
        self.prepared, self.normal = prepared, normal
        self.states: dict[str, Array] = {}
        self.curves = dict(known or {})
        self.places: dict[str, frozenset[int]] = {}
        self.everywhere = frozenset(range(prepared.plan.places))
        quantities = {quantity for quantity, _ in with_restated(prepared.available)}
        every = {state for quantity in quantities for state in people.states_of(quantity, prepared.plan.systems)}
        cold, most_out = set(COLD_STATES), {system.most_out for system in SYSTEMS.values()}
        self.groups = frozenset(every - cold - most_out), frozenset(every & cold), frozenset(every & most_out)

    def __getstate__(self) -> dict[str, object]:
        """Return what other processes need: the states can be run again."""
        kept = {name: value for name, value in self.__dict__.items() if name != "_counting"}
        return kept | {"states": {}, "curves": {}, "places": {}}

    @underflow_is_zero
    def __call__(self, quantity: str, place: str) -> Array:
        """Return draws of a quantity in a place, (members, times); times are contiguous by member in memory."""
        if (quantity, place) in self.curves:
            return self.curves[quantity, place].T
        plan, leaves = self.prepared.plan, self.prepared.parts[place]
        needed = people.states_of(quantity, plan.systems)
        self._keep(needed, leaves)
        found = []
        for chunk in chunks(self.normal.shape[1], members_together(plan, len(needed))):
            rows = {name: self.states[name][..., chunk] for name in needed}
            values = {name: numbers[..., chunk] for name, numbers in self._counting.items()}
            found.append(people.count(quantity, rows, values, leaves))
        return (found[0] if len(found) == 1 else np.concatenate(found, axis=1)).T

    @cached_property
    def _counting(self) -> Values:
        """Parameters that turn shares into numbers, of all members."""
        return self.prepared.layout.values(self.normal, COUNTING)

    @underflow_is_zero
    def stock(self, stock: str, place: str) -> Array:
        """Return the size of a stock in a place, (members,); NaN if it is unknown in a part of the place."""
        stock = check_choice("stock", stock, STOCKS)
        leaves = self.prepared.parts[check_choice("place", place, self.prepared.parts)]
        if stock not in self.prepared.layout.by_name:
            return np.full(self.normal.shape[1], np.nan, np.float32)
        return people.size(stock, self.prepared.layout.values(self.normal, (stock,)), leaves)

    @underflow_is_zero
    def expect(self, keys: Sequence[tuple[str, str]]) -> None:
        """Run all that curves of these quantities and places need, together."""
        check_type("keys", keys, Sequence, "a list of pairs of quantity and place")  # type: ignore[type-abstract]
        available = with_restated(self.prepared.available)
        known = [check_available(key, available) for key in keys]
        missing = [key for key in dict.fromkeys(known) if key not in self.curves]
        needed = {state for name in {name for name, _ in missing} for state in people.states_of(name, self._systems)}
        unknown = [name for name in needed if not self._known(name, self.everywhere)]
        if not fit_in_memory(len(unknown), self._shape) and fit_in_memory(len(missing), self._shape[::2]):
            self._keep_curves(missing, needed)
            return
        self._keep(needed, {leaf for place in {place for _, place in missing} for leaf in self.prepared.parts[place]})

    def _keep_curves(self, keys: Sequence[tuple[str, str]], needed: Collection[str]) -> None:
        """Run the model and keep curves alone."""
        plan, layout, names = self.prepared.plan, self.prepared.layout, run_parameters(self.prepared)
        found = {key: np.empty(self._shape[::2], np.float32) for key in keys}
        parts = list(chunks(self._shape[2], members_together(plan, len(needed))))
        with shown("curves") as show:
            for number, part in enumerate(parts if keys else (), 1):
                values = layout.values(self.normal[:, part], names)
                states = counted_states(plan, values, needed)
                for (quantity, place), rows in found.items():
                    rows[:, part] = people.count(quantity, states, values, self.prepared.parts[place])
                show(number, len(parts))
        self.curves |= found

    @property
    def _systems(self) -> tuple[str, ...]:
        return self.prepared.plan.systems

    def _keep(self, needed: Collection[str], places: Collection[int]) -> None:
        """Run and keep the states of the needed groups: services and most out together."""
        services, cold, most_out = (self._wanted(group, needed, places) for group in self.groups)
        if cold and fit_in_memory(len(self.groups[1]), self._shape):
            cold = self.groups[1]  # all of them cost little more than one
        run, together = services | most_out, fit_in_memory(len(cold), self._shape)
        if cold and together and MODELLED_HEAT not in self.states:
            run |= {MODELLED_HEAT}
        if run:
            self.states |= self._in_chunks(run)
            self.places |= dict.fromkeys(run, self.everywhere)
        if cold:
            first = together and self.groups[1].isdisjoint(self.places)
            where = frozenset(places) if first else self.everywhere
            self.states |= self._cold(cold, sorted(where)) if together else self._in_chunks(cold)
            self.places |= dict.fromkeys(cold, where)

    def _wanted(self, group: frozenset[str], needed: Collection[str], places: Collection[int]) -> frozenset[str]:
        """Return the states of a group to run: none, in the first request those needed, later all that are left."""
        wanted = frozenset(name for name in group.intersection(needed) if not self._known(name, places))
        if not wanted or group.isdisjoint(self.places):
            return wanted
        return frozenset(name for name in group if not self._known(name, self.everywhere))

    def _known(self, name: str, places: Collection[int]) -> bool:
        return self.places.get(name, frozenset()).issuperset(places)

    @property
    def _shape(self) -> tuple[int, int, int]:
        plan = self.prepared.plan
        return plan.steps + 1, plan.places, self.normal.shape[1]

    def _cold(self, wanted: Collection[str], places: Sequence[int]) -> dict[str, Array]:
        """Return states of cold homes at some places, of all members together."""
        plan, steps = self.prepared.plan, np.arange(self._shape[0])
        values = self.prepared.layout.values(self.normal, (*COLD_PARAMETERS, *REPORTING))
        states = cold_states(plan, values, self.states[MODELLED_HEAT], steps, wanted, places=places)
        if len(places) == plan.places:
            return counted(plan, values, states, steps, in_place=True)
        there = values | {LEVEL_NOISE: values[LEVEL_NOISE][:, :, places]}
        found = {name: np.zeros(self._shape, np.float32) for name in wanted}
        for name, rows in counted(plan, there, states, steps, in_place=True).items():
            found[name][:, places] = rows
        return found

    def _in_chunks(self, wanted: Collection[str]) -> dict[str, Array]:
        """Return states of all members, one chunk after the other."""
        plan, found = self.prepared.plan, empty_arrays(wanted, self._shape)
        parts = list(chunks(self._shape[2], members_together(plan, len(self.groups[1].intersection(wanted)))))
        with shown("curves") as show:
            for number, part in enumerate(parts, 1):
                values = self.prepared.layout.values(self.normal[:, part], run_parameters(self.prepared))
                mine = {name: rows[..., part] for name, rows in found.items()}
                for name, rows in counted_states(plan, values, wanted, out=mine).items():
                    if rows is not mine[name]:
                        mine[name][...] = rows
                show(number, len(parts))
        return found


def counted_states(
    plan: Plan,
    values: Values,
    keep: Collection[str],
    *,
    out: Mapping[str, Array] | None = None,
) -> dict[str, Array]:
    """
    Return states of a model run at every step, as counted but for `MODELLED_HEAT`, (steps + 1, places, members).

    States that are recorded step by step are written to the arrays of `out` that have their names.
    """
    steps, states = np.arange(plan.steps + 1), set(keep) - {MODELLED_HEAT}
    names = states | ({"heat_out"} if MODELLED_HEAT in keep else set())
    modelled = simulate_at(plan, values, dict.fromkeys(names, steps), out=out)
    heat = {MODELLED_HEAT: modelled["heat_out"].copy()} if MODELLED_HEAT in keep else {}
    return counted_from(plan, values, {name: modelled[name] for name in states}, steps) | heat


def counted_from(
    plan: Plan, values: Values, modelled: Mapping[str, Array], steps: NDArray[np.intp]
) -> dict[str, Array]:
    """Return states as counted from those of some steps of a run, which are overwritten."""
    return with_boilers(plan, values, counted(plan, values, modelled, steps, in_place=True), steps)
