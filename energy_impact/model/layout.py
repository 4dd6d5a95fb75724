"""Layout of parameters: the rows of standard-normal numbers behind each.

Every draw is a transform of independent standard-normal numbers, one row of numbers per parameter. The fit moves those
numbers; a what-if run reuses them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.special import expit, logit

from energy_impact.model.parameters import BY_KIND, NOISE, STOCK_PARAMETERS, TABLE, Parameter, Prior
from energy_impact.systems import STOCKS, SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from energy_impact.model.parameters import Transform
    from energy_impact.model.plan import Array


_OF_SYSTEMS = {stock for system in SYSTEMS.values() for stock in system.stocks}
EXTRAS = tuple(stock.name for stock in STOCKS.values() if not stock.required and stock.name not in _OF_SYSTEMS)
"""Stocks that are drawn only where a place has them, so that other scenarios keep their numbers."""
TRANSFORMED_TOGETHER = 2**15
"""Numbers that are transformed together, so that they fit the processor's cache."""
SIZE_MEANING = "size of a place, from the scenario"


@dataclass(frozen=True)
class ParameterRows:
    """Rows of standard-normal numbers behind one parameter, with the prior of each row."""

    parameter: Parameter
    rows: slice
    shape: tuple[int, ...]
    location: NDArray[np.float64]
    spread: NDArray[np.float64]
    loading: NDArray[np.float64]
    """Correlation of each row with the difficulty of its event."""
    regimes: NDArray[np.intp]
    """Repair regime of each row, on whose difficulty it may load; that of the first event if it has none."""

    @cached_property
    def alone(self) -> bool:
        """Whether its values are transforms of its own numbers alone."""
        loads = self.loading.any() or self.parameter.common
        return not loads and self.parameter.name not in NOISE

    @property
    def medians(self) -> NDArray[np.float64]:
        """Prior medians in the parameter's unit, row by row."""
        return _inverse(self.parameter.transform, self.location)


@dataclass(frozen=True)
class Layout:
    """Rows of standard-normal numbers behind each parameter."""

    blocks: tuple[ParameterRows, ...]

    @cached_property
    def by_name(self) -> dict[str, ParameterRows]:
        """Blocks by parameter name."""
        return {block.parameter.name: block for block in self.blocks}

    @property
    def rows(self) -> int:
        """Number of standard-normal numbers per member."""
        return int(self.blocks[-1].rows.stop)

    @property
    def structural_rows(self) -> int:
        """Number of rows that are not noise; those come first."""
        return int(next(block.rows.start for block in self.blocks if block.parameter.name in NOISE))

    @property
    def anchor_row(self) -> int:
        """First row of the level noise, which comes last and only affects counts."""
        return int(next(block.rows.start for block in self.blocks if block.parameter.name == NOISE[-1]))

    def names(self) -> tuple[str, ...]:
        """Return a name per row, such as "start_lag_h[0]"."""
        found = []
        for block in self.blocks:
            found += [
                block.parameter.name + (f"[{', '.join(map(str, index))}]" if index else "")
                for index in np.ndindex(*block.shape)
            ]
        return tuple(found)

    def numbers(self, name: str, normal: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
        """Return a parameter's standard-normal numbers, (rows, members), with what it shares with others."""
        block = self.by_name[name]
        shared, own = self._shared(block, np.arange(len(block.location)), normal)
        numbers = normal[block.rows]
        return numbers if own is None else np.asarray(shared + own * numbers)

    def given_others(
        self, name: str, rows: NDArray[np.intp], normal: NDArray[np.floating[Any]]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """
        Return location and spread, on its normal scale, of a parameter given the numbers that it shares with others.

        Parameters
        ----------
        name : str
        rows : ndarray of int
            Rows of the parameter, from its first.
        normal : ndarray, (rows of the layout, members)

        Returns
        -------
        location, spread : ndarray, (*rows, members or 1) and (*rows, 1)
        """
        block = self.by_name[name]
        shared, own = self._shared(block, rows, normal)
        location, spread = block.location[rows][..., None], block.spread[rows][..., None]
        return (location, spread) if own is None else (location + spread * shared, spread * own)

    def _shared(
        self, block: ParameterRows, rows: NDArray[np.intp], normal: NDArray[np.floating[Any]]
    ) -> tuple[NDArray[np.floating[Any]], Any]:
        """Return what numbers share with others, (*rows, members), and the factor on the rest; None if nothing."""
        loading, shared, own = block.loading[rows][..., None], np.zeros(1, normal.dtype), None
        if block.parameter.common:
            own = 0.5**0.5
            event = rows // _size(block.shape[1:])
            shared = own * normal[self.by_name[block.parameter.common].rows][event]
        if loading.any():
            rest = np.sqrt(1 - loading**2)
            difficulty = normal[self.by_name["difficulty"].rows]
            difficulty = difficulty[np.minimum(block.regimes[rows], len(difficulty) - 1)]
            shared, own = rest * shared + loading * difficulty, rest if own is None else rest * own
        return shared, own

    def rows_at(self, parameter: str, places: Sequence[int]) -> NDArray[np.intp]:
        """Return the rows of a parameter for some places; all its rows if it is not drawn by place."""
        block = self.by_name[parameter]
        rows = np.arange(block.rows.start, block.rows.stop).reshape(block.shape)
        if "place" in block.parameter.axes:
            rows = np.take(rows, places, axis=block.parameter.axes.index("place"))
        return rows.ravel()

    def values(self, normal: NDArray[np.floating[Any]], names: Collection[str] | None = None) -> dict[str, Array]:
        """
        Return parameter values for standard-normal numbers.

        Parameters
        ----------
        normal : ndarray, (rows, members)
        names : collection of str, optional
            Parameters to return; by default all.

        Returns
        -------
        dict of ndarray of float32
            Each of shape (*axes, members), in the parameter's unit.
        """
        found = {}
        for several in self._together(None if names is None else frozenset(names)):
            drawn = several.values(normal)
            for block, rows in several.parts:
                found[block.parameter.name] = drawn[rows].reshape(*block.shape, normal.shape[1])
        for block in self.blocks:
            if (names is None or block.parameter.name in names) and not block.alone:
                numbers = self.numbers(block.parameter.name, normal)
                if block.parameter.name not in NOISE:
                    numbers = block.location[:, None] + block.spread[:, None] * numbers
                    numbers = _inverse(block.parameter.transform, numbers)
                found[block.parameter.name] = np.asarray(numbers, np.float32).reshape(*block.shape, normal.shape[1])
        return found

    @cached_property
    def _kept(self) -> dict[frozenset[str] | None, list[_Together]]:
        """What `_together` has made."""
        return {}

    def _together(self, names: frozenset[str] | None) -> list[_Together]:
        """Return the blocks, or those with some names, that are numbers of their own, by their transform."""
        if names not in self._kept:
            mine = [block for block in self.blocks if block.alone and (names is None or block.parameter.name in names)]
            transforms = dict.fromkeys(block.parameter.transform for block in mine)
            self._kept[names] = [
                _Together.of([one for one in mine if one.parameter.transform == each]) for each in transforms
            ]
        return self._kept[names]


class _Together(NamedTuple):
    """Blocks of one transform; a call for each costs more than its numbers."""

    transform: Transform
    rows: NDArray[np.intp]
    location: NDArray[np.float64]
    spread: NDArray[np.float64]
    parts: list[tuple[ParameterRows, slice]]

    @classmethod
    def of(cls, blocks: Sequence[ParameterRows]) -> _Together:
        """Return some blocks of one transform."""
        ends = np.cumsum([len(block.location) for block in blocks]).tolist()
        return cls(
            blocks[0].parameter.transform,
            np.concatenate([np.arange(block.rows.start, block.rows.stop) for block in blocks]),
            np.concatenate([block.location for block in blocks])[:, None],
            np.concatenate([block.spread for block in blocks])[:, None],
            [(block, slice(end - len(block.location), end)) for block, end in zip(blocks, ends, strict=True)],
        )

    def values(self, normal: NDArray[np.floating[Any]]) -> Array:
        """Return the values of all their rows, (rows, members)."""
        found = np.empty((len(self.rows), normal.shape[1]), np.float32)
        step = max(TRANSFORMED_TOGETHER // normal.shape[1], 1)
        for first in range(0, len(found), step):
            part = slice(first, first + step)
            value = self.spread[part] * normal[self.rows[part]]
            value += self.location[part]
            found[part] = _inverse(self.transform, value)
        return found


def _inverse(transform: Transform, value: NDArray[np.float64]) -> NDArray[np.float64]:
    if transform == "log":
        return np.exp(value)
    return np.asarray(expit(value)) if transform == "logit" else value


def _forward(transform: Transform, median: float) -> float:
    if transform == "log":
        return float(np.log(median)) if median else -np.inf
    return float(logit(median)) if transform == "logit" else median


def build_layout(
    kinds: Sequence[str],
    systems: Collection[str],
    sizes: Mapping[str, int],
    stocks: Mapping[str, Sequence[tuple[float, float]]],
    overrides: Mapping[str, Prior],
    *,
    anchor: int = 1,
) -> Layout:
    """
    Return the layout of the parameters of a scenario.

    Parameters
    ----------
    kinds : sequence of str
        Kind of each repair regime, the first being "start".
    systems : collection of str
        Systems that the scenario follows. Parameters of others are left out, unless always drawn.
    sizes : mapping
        Length of the axes "system", "place", "block", "knot", "figure", "source", "truce".
    stocks : mapping
        (median, spread of the logarithm) of each of `STOCK_PARAMETERS` by place.
    overrides : mapping
        Priors that replace the table's, by parameter name.
    anchor : int
        Repair regime that parameters drawn once follow, as in `Plan.anchor`.

    Raises
    ------
    ValueError
        If an override is not a prior of the table.
    """
    blocks: list[ParameterRows] = []
    start = 0
    absent = {
        name
        for system in SYSTEMS.values()
        if not system.always_drawn and system.name not in systems
        for name in system.drawn
    }
    absent |= {name for name in EXTRAS if all(np.isnan(median) for median, _ in stocks[name])}
    for parameter in sorted(TABLE, key=lambda p: p.name in NOISE):
        if parameter.name in absent:
            continue
        shape, priors = _priors(parameter, kinds, sizes, overrides, anchor)
        if parameter.of_place and sizes["place"] == 1 and parameter.name not in overrides:
            priors = [Prior(prior.median, 0.0) for prior in priors]
        if parameter.name == NOISE[0]:
            start = _add_stocks(blocks, start, {name: stocks[name] for name in STOCK_PARAMETERS if name not in absent})
        start = _add(blocks, start, parameter, shape, priors, anchor)
    return Layout(tuple(blocks))


def _by_kind(parameter: Parameter, kind: str) -> Prior:
    """Return the prior of a parameter for a kind of event."""
    return BY_KIND.get(kind, {}).get(parameter.name, Prior(parameter.median, parameter.spread))


def _size(shape: tuple[int, ...]) -> int:
    return prod(shape)


def _priors(
    parameter: Parameter,
    kinds: Sequence[str],
    sizes: Mapping[str, int],
    overrides: Mapping[str, Prior],
    anchor: int,
) -> tuple[tuple[int, ...], list[Prior]]:
    length = {"regime": len(kinds), "event": len(kinds) - 1, **sizes}
    shape = tuple(length[axis] for axis in parameter.axes)
    if parameter.name in overrides:
        return shape, [overrides[parameter.name]] * _size(shape)
    if not parameter.axes or parameter.axes[0] not in {"regime", "event"}:
        return shape, [_by_kind(parameter, kinds[min(anchor, len(kinds) - 1)])] * _size(shape)
    own = kinds if parameter.axes[0] == "regime" else kinds[1:]
    inner = _size(shape[1:])
    return shape, [_by_kind(parameter, kind) for kind in own for _ in range(inner)]


def _add_stocks(blocks: list[ParameterRows], start: int, stocks: Mapping[str, Sequence[tuple[float, float]]]) -> int:
    for name, sizes in stocks.items():
        stock = Parameter(name, SIZE_MEANING, "count", "log", 1.0, 0.0, "scenario", ("place",))
        start = _add(blocks, start, stock, (len(sizes),), [Prior(*size) for size in sizes])
    return start


def _add(
    blocks: list[ParameterRows],
    start: int,
    parameter: Parameter,
    shape: tuple[int, ...],
    priors: Sequence[Prior],
    anchor: int = 1,
) -> int:
    stop = start + len(priors)
    location = np.array([_forward(parameter.transform, prior.median) for prior in priors])
    spread = np.array([prior.spread for prior in priors])
    loading = np.array([prior.loading for prior in priors])
    regimes = _regimes(parameter, shape, anchor)
    blocks.append(ParameterRows(parameter, slice(start, stop), shape, location, spread, loading, regimes))
    return stop


def _regimes(parameter: Parameter, shape: tuple[int, ...], anchor: int) -> NDArray[np.intp]:
    """Return the repair regime of each row of a parameter; `anchor` for one that is drawn once."""
    if parameter.axes[:1] == ("regime",):
        return np.arange(shape[0])
    if parameter.axes[:1] == ("event",):
        return np.repeat(1 + np.arange(shape[0]), _size(shape[1:]))
    return np.full(_size(shape), anchor, np.intp)
