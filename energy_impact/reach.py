"""Which standard-normal numbers of a scenario reach which of its figures, from its tree of places and its events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from energy_impact.inference.reach import NOWHERE, SHARED, Reach

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from energy_impact.model.layout import ParameterRows
    from energy_impact.prepare import Prepared

    Rows = NDArray[np.intp]

UNKNOWN = "source"


def reach_of(prepared: Prepared) -> Reach:
    """Return which rows reach which figures."""
    block_of_place = _blocks(prepared)
    figures = np.array([block_of_place[report.places[0]] for report in prepared.reports])
    numbers = np.unique(figures)
    where = np.full(prepared.plan.places, NOWHERE)
    for number, name in enumerate(numbers):
        where[block_of_place == name] = number
    figures = np.searchsorted(numbers, figures)
    rows = np.concatenate([_of_rows(block, prepared, where, figures) for block in prepared.layout.blocks])
    shared = np.flatnonzero(rows == SHARED)
    acts = np.concatenate([_acts(block, prepared) for block in prepared.layout.blocks], axis=1)[:, shared]
    always = np.concatenate(
        [np.full(block.rows.stop - block.rows.start, "source" in block.parameter.axes) for block in prepared.layout.blocks]
    )[shared]
    if len(numbers) == 1:
        rows = np.zeros_like(rows)
        acts, always = acts[:, :0], always[:0]
    return Reach(tuple(np.flatnonzero(figures == n) for n in range(len(numbers))), rows, acts, always)


def _blocks(prepared: Prepared) -> Rows:
    """Return the block of each leaf place: joined are places of one figure, of one team, or short of one supply."""
    plan = prepared.plan
    found = np.arange(plan.places)
    together = [np.array(report.places) for report in prepared.reports]
    if plan.crews is not None:
        together += [np.flatnonzero(plan.crews == team) for team in np.unique(plan.crews)]
    together += [np.flatnonzero(plan.grid == grid) for grid in np.flatnonzero(plan.short)]
    for places in together:
        joined = np.unique(found[places])
        if len(joined) > 1:
            found[np.isin(found, joined)] = joined[0]
    return found


def _of_rows(block: ParameterRows, prepared: Prepared, where: Rows, figures: Rows) -> Rows:
    axes, shape = block.parameter.axes, block.shape
    if "place" in axes:
        index = [1] * len(shape)
        index[axes.index("place")] = -1
        return np.broadcast_to(where.reshape(index), shape).ravel()
    if axes == ("figure",):
        return figures
    if axes == ("source",):
        sources = np.array([report.source for report in prepared.reports])
        return np.array([_only(figures[sources == source]) for source in range(shape[0])])
    return np.full(int(np.prod(shape, dtype=int)), SHARED)


def _only(blocks: Rows) -> int:
    return int(blocks[0]) if (blocks == blocks[0]).all() else SHARED


def _acts(block: ParameterRows, prepared: Prepared) -> NDArray[np.bool_]:
    """Return whether each row of a parameter may act on each figure, (figures, rows)."""
    axes, shape, reports = block.parameter.axes, block.shape, prepared.reports
    size = int(np.prod(shape, dtype=int))
    if axes[:1] in {("event",), ("regime",)}:
        hits = np.array([[event.hits[list(report.places)].any() for event in prepared.plan.events] for report in reports])
        if axes[0] == "regime":
            hits = np.hstack([np.ones((len(reports), 1), bool), hits])
        return np.repeat(hits, size // shape[0], axis=1)
    if axes == ("source",):
        return np.array([[report.source == source for source in range(shape[0])] for report in reports])
    return np.ones((len(reports), size), bool)
