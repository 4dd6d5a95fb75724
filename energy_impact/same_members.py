"""The members of one run under other conditions: the same numbers wherever both runs have the same parameter."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from energy_impact.model.parameters import NOISE, STOCK_PARAMETERS
from energy_impact.systems import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator

    from numpy.typing import NDArray

    from energy_impact.model.layout import ParameterRows
    from energy_impact.model.plan import Array
    from energy_impact.prepare import Prepared

    Rows = NDArray[np.intp]


PACE = {"difficulty"} | {
    system.parameters[name] for system in SYSTEMS.values() for name in ("repair_rate", "slow_ratio")
}
"""Parameters of a repair regime that an added event leaves as they are."""


def carried(new: Prepared, old: Prepared, numbers: Array, seed: int, changed: Collection[str] = ()) -> Array:
    """
    Return the standard-normal numbers of the members of a run for a scenario with the same start.

    Rows that both have are kept. Each other row comes from a random stream of its own, named by its parameter, place,
    event and time, so that what else a scenario adds does not matter, and options share what they have in common.
    Parameters that are drawn once keep their values where the first event is another one.

    Parameters
    ----------
    new, old : Prepared
    numbers : ndarray, (old rows, members)
    seed : int
        Seed of the new rows.
    changed : collection of str
        Parameters whose priors either scenario sets; these do not keep their values.

    Returns
    -------
    ndarray of float32, (new rows, members)
    """
    found = np.empty((new.layout.rows, numbers.shape[1]), np.float32)
    rows, old_rows = same_rows(new, old)
    found[rows] = numbers[old_rows]
    missing = np.ones(new.layout.rows, bool)
    missing[rows] = False
    for block in new.layout.blocks:
        mine = np.flatnonzero(missing[block.rows])
        for row, name in zip(mine, _names(new, block, mine), strict=True):
            found[block.rows.start + row] = _draws(name, seed, numbers.shape[1])
    _keep_pace(new, found)
    if _anchor(new) != _anchor(old):
        _keep_values(new, old, numbers, found, {*changed, *NOISE, *STOCK_PARAMETERS})
    return found


def _names(prepared: Prepared, block: ParameterRows, rows: NDArray[np.intp]) -> Iterator[str]:
    """Yield what each row of a parameter stands for: the parameter, and its place on each axis."""
    axes = block.parameter.axes
    for index in zip(*np.unravel_index(rows, block.shape), strict=True) if axes else [()] * len(rows):
        keys = [str(prepared.axes[axis][one]) for axis, one in zip(axes, index, strict=True)]
        yield " ".join([block.parameter.name, *keys])


def _draws(name: str, seed: int, members: int) -> Array:
    words = np.frombuffer(hashlib.sha256(name.encode()).digest(), np.uint32)
    stream = np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, *words.tolist()])))
    return stream.standard_normal(members, dtype=np.float32)


def _keep_pace(prepared: Prepared, found: Array) -> None:
    """Let repair after an added event go on as after the last event before it, if possible one of its kind.

    What was learned of the pace of repair holds for the next hit too, and no added event speeds repair, be it by its
    draw or because repair after events of its kind is usually faster.
    """
    events = prepared.plan.events
    past = [number for number, event in enumerate(events) if event.expected is None and not event.added]
    for number, event in enumerate(events):
        if not event.added or not past:
            continue
        alike = [one for one in past if events[one].kind == event.kind]
        for name in sorted(PACE & prepared.layout.by_name.keys()):
            _keep_value(prepared.layout.by_name[name], found, prepared, (alike or past)[-1] + 1, number + 1)


def _keep_value(block: ParameterRows, found: Array, prepared: Prepared, old: int, new: int) -> None:
    """Set the number of a parameter of one regime to that which gives the value of another regime."""
    first = block.rows.start
    found[first + new] = found[first + old]
    if block.parameter.name == "difficulty" or not block.spread[new]:
        return
    value = block.location[old] + block.spread[old] * prepared.layout.numbers(block.parameter.name, found)[old]
    wanted = (value - block.location[new]) / block.spread[new]
    difficulty = found[prepared.layout.by_name["difficulty"].rows][block.regimes[new]]
    loading = block.loading[new]
    found[first + new] = (wanted - loading * difficulty) / np.sqrt(1 - loading**2)


def _anchor(prepared: Prepared) -> object:
    """Return the key of the event that parameters drawn once follow."""
    return prepared.axes["regime"][prepared.plan.anchor]


def _keep_values(new: Prepared, old: Prepared, numbers: Array, found: Array, changed: Collection[str]) -> None:
    """Set the numbers of parameters drawn once to those that give their old values under the new first event."""
    for block in new.layout.blocks:
        name = block.parameter.name
        own = block.parameter.axes[:1] in {("regime",), ("event",)}
        before = old.layout.by_name.get(name)
        if own or name in changed or before is None or before.shape != block.shape or not block.spread.all():
            continue
        value = before.location[:, None] + before.spread[:, None] * old.layout.numbers(name, numbers)
        wanted = (value - block.location[:, None]) / block.spread[:, None]
        loading = block.loading[:, None]
        difficulty = found[new.layout.by_name["difficulty"].rows][block.regimes]
        found[block.rows] = (wanted - loading * difficulty) / np.sqrt(1 - loading**2)


def same_rows(new: Prepared, old: Prepared) -> tuple[Rows, Rows]:
    """
    Rows of standard-normal numbers with the same meaning in two scenarios with the same start.

    Returns
    -------
    new, old : ndarray of int
        Rows of each layout; each pair is one parameter of one place, event, system and time.
    """
    shared = {axis: _shared(keys, old.axes[axis]) for axis, keys in new.axes.items()}
    pairs = []
    for block in new.layout.blocks:
        if block.parameter.name not in old.layout.by_name:
            continue
        both = zip((block, old.layout.by_name[block.parameter.name]), (0, 1), strict=True)
        pairs.append([_rows_of(one, shared, side) for one, side in both])
    rows, old_rows = zip(*pairs, strict=True)
    return np.concatenate(rows), np.concatenate(old_rows)


def _rows_of(block: ParameterRows, shared: dict[str, tuple[list[int], list[int]]], side: int) -> Rows:
    """Return the rows of a parameter for the shared entries of its axes, of the new (0) or the old (1) scenario."""
    rows = np.arange(block.rows.start, block.rows.stop).reshape(block.shape)
    return rows[np.ix_(*[shared[axis][side] for axis in block.parameter.axes])].ravel()


def _shared(new: tuple[Hashable, ...], old: tuple[Hashable, ...]) -> tuple[list[int], list[int]]:
    both = [(index, old.index(key)) for index, key in enumerate(new) if key in old]
    return [index for index, _ in both], [index for _, index in both]
