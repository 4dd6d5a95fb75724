"""Registers of systems and quantities; an incomplete record or an unknown name raises at import."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from energy_impact.records import Quantity, System

NEED_A_SIZE = ("sum", "where_out", "share_back", "lacking", "beyond")
"""Measures that need a size."""


def register_systems(systems: Collection[System], stocks: Collection[str], kinds: Collection[str]) -> dict[str, System]:
    """
    Return systems by name.

    Parameters
    ----------
    systems : collection of System
        Power first, since the others follow it.
    stocks, kinds : collection of str
        Known stocks and kinds of event.

    Raises
    ------
    ValueError
        With every fault of their records, one per line: missing, unknown and repeated entries.
    """
    found = {system.name: system for system in systems}
    power = next(iter(systems))
    faults = [
        f"{system.name}: {fault}"
        for system in systems
        for fault in (*_own_faults(system, power), *_unknown_names(system, found, stocks, kinds))
    ]
    for what in ("name", "colour", "line", "count", "people"):
        values = (getattr(system, what) for system in systems)
        faults += [f"{what} {value!r}: must belong to one system" for value in _repeated(values)]
    states = (state.name for system in systems for state in system.states)
    faults += [f"state {name!r}: must belong to one system" for name in _repeated(states)]
    stop_at("systems", faults)
    return found


def _own_faults(system: System, power: System) -> Iterator[str]:
    """Yield a fault for each missing entry of a system's record."""
    for what in ("stocks", "colour", "line", "count", "people"):
        if not getattr(system, what):
            yield f"{what}: must not be empty"
    if not system.hit.kinds:
        yield "hit: must name the kinds of event that hit it"
    yield from (f"parameters: must have {what!r}" for what in power.parameters if what not in system.parameters)
    if (system.follows is None) != (system is power):
        yield "follows: must say how it follows power, and be None for power alone"
    yield from (f"state {state.name!r}: must have a meaning" for state in system.states if not state.meaning)


def _unknown_names(
    system: System, systems: Collection[str], stocks: Collection[str], kinds: Collection[str]
) -> Iterator[str]:
    """Yield a fault for each unknown name in a system's record."""
    states = {None, *(state.name for state in system.states)}
    for what in ("out", "most_out", "restored", "drained"):
        if getattr(system, what) not in states:
            yield f"{what} {getattr(system, what)!r}: must be one of its states"
    yield from (f"stock {name!r}: must be one of STOCKS" for name in system.stocks if name not in stocks)
    yield from (f"hit by {kind!r}: must be one of EVENT_KINDS" for kind in system.hit.kinds if kind not in kinds)
    for need in system.needs:
        if need.needing != system.name or need.needed not in systems:
            yield f"need {need.name!r}: must be of {system.name!r} and of another system"


def register_quantities(
    quantities: Collection[Quantity],
    *,
    systems: Mapping[str, System],
    units: Collection[str],
    stocks: Collection[str],
    ratios: Collection[str],
) -> dict[str, Quantity]:
    """
    Return quantities by name.

    Parameters
    ----------
    quantities : collection of Quantity
    systems : mapping of str to System
    units, stocks, ratios : collection of str
        Known units, stocks and numbers per building.

    Raises
    ------
    ValueError
        With every fault of their rows, one per line: missing, unknown and repeated entries.
    """
    found = {row.name: row for row in quantities}
    states = [state.name for system in systems.values() for state in system.states]
    faults = []
    for row in quantities:
        own = (*_row_faults(row), *_size_faults(row, stocks, ratios))
        unknown = _unknown(row, {"unit": units, "system": systems, "state": states, "quantity": found})
        faults += [f"{row.name}: {fault}" for fault in (*own, *unknown)]
    faults += [f"{name}: must be the name of one quantity" for name in _repeated(row.name for row in quantities)]
    ranks = (row.main for row in quantities if row.main is not None)
    faults += [f"main = {rank}: must be the rank of one quantity" for rank in _repeated(ranks)]
    for system in systems.values():
        named = (system.count, system.people)
        faults += [f"system {system.name}: {name!r} must be a quantity" for name in named if name not in found]
    stop_at("quantities", faults)
    return found


def _row_faults(row: Quantity) -> Iterator[str]:
    """Yield a fault for each missing entry of a row."""
    if not row.meaning:
        yield "meaning: must not be empty"
    if row.role == "outcome" and not row.states:
        yield "states: must name those that an outcome is made of"
    if row.states and row.size is None and row.measure in NEED_A_SIZE:
        yield f"size: must be given for the measure {row.measure!r}"
    if (row.measure == "lacking") != (row.lacking is not None):
        yield "lacking: must be given with the measure 'lacking', and only there"
    if (row.measure == "beyond") != (row.beyond is not None):
        yield "beyond: must be given with the measure 'beyond', and only there"


def _size_faults(row: Quantity, stocks: Collection[str], ratios: Collection[str]) -> Iterator[str]:
    """Yield a fault for each unknown name in the size of a row."""
    if row.size is not None:
        named = {row.size.stock: stocks, row.size.at_most: stocks, row.size.times: ratios, row.size.over: ratios}
        named[row.beyond] = stocks
        yield from (
            f"size: {name!r} must be known of places" for name, known in named.items() if name and name not in known
        )


def _unknown(row: Quantity, known: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Yield a fault for each unknown name in a row."""
    named = {
        "unit": (row.unit,),
        "system": (row.system,),
        "state": row.states,
        "quantity": (row.restores, row.restates, row.people, row.part_of, *row.sum_of),
    }
    for what, names in named.items():
        yield from (f"{what} {name!r}: must be a known {what}" for name in names if name and name not in known[what])


def _repeated(values: Iterable[object]) -> list[object]:
    return [value for value, times in Counter(values).items() if times > 1]


def stop_at(where: str, faults: Iterable[str]) -> None:
    """
    Raise the faults of a table, if there are any.

    Raises
    ------
    ValueError
        With `where` and every fault, one per line.
    """
    faults = list(faults)
    if faults:
        raise ValueError("\n".join((f"{where}:", *faults)))
