"""Large repairs in a fit: whose hours are chosen among draws, and which are drawn anew after the last figure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from energy_impact.inference.censored import Durations, redrawn
from energy_impact.inference.jumps import Jumps
from energy_impact.model.blocks import chunks
from energy_impact.model.jobs import LARGE_JOBS, least_open_h
from energy_impact.model.parameters import BY_NAME
from energy_impact.quantities import QUANTITIES
from energy_impact.reports import groups
from energy_impact.systems import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from numpy.typing import NDArray

    from energy_impact.inference.smoother import Smoothed
    from energy_impact.model.layout import Layout, ParameterRows
    from energy_impact.prepare import Prepared
    from energy_impact.report_runs import Needs

    Floats = NDArray[np.float64]
    Numbers = NDArray[np.floating]
    Rows = NDArray[np.intp]

NUMBERS_AT_ONCE = 2**20
"""Numbers of repairs that are drawn anew together: some arrays of 8 MB."""


def jumps_of(prepared: Prepared) -> tuple[Jumps, ...]:
    """Return the rows with which predictions jump, for each group of reports of one system in overlapping places."""
    found = []
    for system, places, figures in _reported(prepared) if prepared.plan.events else ():
        drawn = [BY_NAME[name] for name in SYSTEMS[system].drawn if name in BY_NAME and BY_NAME[name].jumps]
        rows = [prepared.layout.rows_at(parameter.name, places) for parameter in drawn]
        kept = [mine for mine, parameter in zip(rows, drawn, strict=True) if not parameter.moved]
        found.append(Jumps(np.concatenate(rows), figures, np.concatenate(kept)))
    return tuple(found)


def _reported(prepared: Prepared) -> Iterator[tuple[str, list[int], Rows]]:
    """Yield system, places and numbers of each group of reports of one system in overlapping places."""
    numbers = groups(prepared.reports)
    for number in np.unique(numbers):
        figures = np.flatnonzero(numbers == number)
        system = QUANTITIES[prepared.reports[figures[0]].quantity].system
        if system is not None:
            yield system, sorted({place for index in figures for place in prepared.reports[index].places}), figures


def effective_members(prepared: Prepared, smoothed: Smoothed) -> float:
    """
    Return how many independent members count as much as those of a fit, of which some were taken more than once.

    That is (sum of n)^2 / (sum of n^2), where n members have the same large repairs for a group of figures, or are the
    same in all; the least of these. Members whose open repairs were drawn anew have repairs of their own.
    """
    members = smoothed.normal.shape[1]
    kept = [jump.kept for jump in jumps_of(prepared) if len(jump.kept)]
    repairs = [_effective(numbers.tobytes() for numbers in smoothed.normal[rows].T) for rows in kept]
    return min([*repairs, _effective(range(members) if smoothed.kept is None else smoothed.kept.tolist())])


def _effective(members: Iterable[Hashable]) -> float:
    """Return how many independent members count as much as these, of which equal ones are the same."""
    times = np.array([*Counter(members).values()])
    return float(times.sum() ** 2 / (times**2).sum())


def redraw_open(needs: Needs, normal: Numbers, rng: np.random.Generator) -> None:
    """
    Draw anew, in place, the hours of large repairs that are not done by the last figure; predictions stay as they are.

    They are redrawn where somebody reported on their system, and unless a changed prior leaves repairs of a place no
    spread of their own.

    Parameters
    ----------
    needs : Needs
        What the figures need of the model: the steps that they read.
    normal : ndarray, (rows, members)
    rng : Generator
    """
    plan = needs.prepared.plan
    last_h = max(int(steps[-1]) for steps in needs.steps) * plan.step_h
    reported: dict[str, set[int]] = {}
    for system, places, _ in _reported(needs.prepared):
        reported.setdefault(system, set()).update(places)
    for system, there in reported.items():
        names = SYSTEMS[system].parameters["job_h"], SYSTEMS[system].parameters["job_factor"]
        for number, event in enumerate(plan.events):
            hit = np.flatnonzero(event.hits)
            mine = hit[np.isin(hit, [*there])] if event.repair_h < last_h else hit[:0]
            for part in chunks(len(mine), max(NUMBERS_AT_ONCE // (LARGE_JOBS * normal.shape[1]), 1)):
                least = np.log(least_open_h(plan, number, mine[part], last_h))
                _redraw(needs.prepared.layout, names, number, mine[part], least, normal, rng)


def _redraw(
    layout: Layout,
    names: tuple[str, str],
    event: int,
    places: Rows,
    least: Floats,
    normal: Numbers,
    rng: np.random.Generator,
) -> None:
    """Draw anew the hours behind two parameters, of one event at places with logarithms of least hours, (places,)."""
    hours, factor = (layout.by_name[name] for name in names)
    own, each = _rows(hours, event, places), _rows(factor, event, places)
    (middle, effect), (offset, spread) = (
        layout.given_others(name, rows, normal) for name, rows in zip(names, (own, each), strict=True)
    )
    if not spread.all():
        return
    own, each = own + hours.rows.start, each + factor.rows.start
    now = Durations(middle[:, None] + offset, effect, spread, normal[own], normal[each])
    new = redrawn(now, least, rng)
    normal[own], normal[each] = new.own, new.each


def _rows(block: ParameterRows, event: int, places: Rows) -> Rows:
    """Return the rows of a block, from its first, of an event at some places, (places, ...)."""
    rows: Rows = np.arange(len(block.location)).reshape(block.shape)[event, places]
    return rows
