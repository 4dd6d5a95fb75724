"""Which standard-normal numbers of a scenario reach which of its figures: from its tree of places and its events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from energy_impact.inference.reach import SHARED, UNREACHED, Reach

if TYPE_CHECKING:
    from energy_impact.inference.reach import Flags, Rows
    from energy_impact.model.layout import ParameterRows
    from energy_impact.prepare import Prepared

ENOUGH_MEMBERS = 32
"""Members per figure from which chance correlations do no harm, so that all may act on all (`docs/decisions.md`)."""


def reach_of(prepared: Prepared, members: int) -> Reach | None:
    """Return which rows reach which figures; None where all may, as members are enough or all figures hang together."""
    if members >= ENOUGH_MEMBERS * len(prepared.reports):
        return None
    return blocks_of(prepared)


def blocks_of(prepared: Prepared) -> Reach | None:
    """Return which rows reach which figures; None where all figures hang together."""
    joined = _joined(prepared)
    numbers, figures = np.unique([joined[report.places[0]] for report in prepared.reports], return_inverse=True)
    if len(numbers) < 2:
        return None
    by_place = np.full(prepared.plan.places, UNREACHED)
    for number, name in enumerate(numbers):
        by_place[joined == name] = number
    events, sources = _hits(prepared), np.array([report.source for report in prepared.reports])
    blocks, acts, always = [], [], []
    for parameter in prepared.layout.blocks:
        mine = _blocks(parameter, by_place, figures, sources)
        shared = np.flatnonzero(mine == SHARED)
        blocks.append(mine)
        if len(shared):
            acts.append(_acts(parameter, events, sources, shared))
            always.append(np.full(len(shared), "source" in parameter.parameter.axes))
    return Reach(
        tuple(np.flatnonzero(figures == number) for number in range(len(numbers))),
        np.concatenate(blocks),
        np.hstack(acts),
        np.concatenate(always),
        events,
    )


def _joined(prepared: Prepared) -> Rows:
    """Return a number per leaf place, the same for places of one figure, of one team, or short of one supply."""
    plan, found = prepared.plan, np.arange(prepared.plan.places)
    together = [np.array(places) for places in dict.fromkeys(report.places for report in prepared.reports)]
    if plan.crews is not None:
        together += [np.flatnonzero(plan.crews == team) for team in np.unique(plan.crews)]
    if plan.short is not None:
        together += [np.flatnonzero(plan.grid == grid) for grid in np.flatnonzero(plan.short)]
    for places in together:
        numbers = np.unique(found[places])
        if len(numbers) > 1:
            found[np.isin(found, numbers)] = numbers[0]
    return found


def _hits(prepared: Prepared) -> Flags:
    """Return whether each event hits a place of each figure, (figures, events)."""
    if not prepared.plan.events:
        return np.zeros((len(prepared.reports), 0), bool)
    hits = np.array([event.hits for event in prepared.plan.events])
    return np.array([hits[:, list(report.places)].any(1) for report in prepared.reports])


def _blocks(rows: ParameterRows, by_place: Rows, figures: Rows, sources: Rows) -> Rows:
    """Return the block of each row of a parameter."""
    axes, shape = rows.parameter.axes, rows.shape
    if "place" in axes:
        along = [1] * len(shape)
        along[axes.index("place")] = -1
        return np.broadcast_to(by_place.reshape(along), shape).ravel()
    if axes == ("figure",):
        return figures
    if axes == ("source",):
        reported = (np.unique(figures[sources == source]) for source in range(shape[0]))
        return np.array([blocks[0] if len(blocks) == 1 else SHARED for blocks in reported])
    return np.full(rows.rows.stop - rows.rows.start, SHARED)


def _acts(rows: ParameterRows, events: Flags, sources: Rows, shared: Rows) -> Flags:
    """Return whether the shared rows of a parameter may act on each figure, (figures, shared)."""
    axes, count = rows.parameter.axes[:1], rows.rows.stop - rows.rows.start
    if axes == ("source",):
        return np.asarray(sources[:, None] == shared)
    if axes == ("event",):
        return np.repeat(events, count // rows.shape[0], axis=1)[:, shared]
    if axes == ("regime",):
        always = np.ones((len(events), 1), bool)
        return np.repeat(np.hstack([always, events]), count // rows.shape[0], axis=1)[:, shared]
    return np.ones((len(sources), len(shared)), bool)
