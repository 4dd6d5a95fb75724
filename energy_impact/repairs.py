"""Large repairs in a fit: which hours are chosen among draws, and how they are drawn anew between the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from energy_impact.inference.censored import Durations, redrawn
from energy_impact.inference.jumps import Jumps
from energy_impact.model.jobs import NEEDS_SPARES_H
from energy_impact.model.parameters import BY_NAME
from energy_impact.quantities import QUANTITIES
from energy_impact.reports import groups
from energy_impact.systems import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from energy_impact.model.layout import ParameterRows
    from energy_impact.model.plan import EventPlan
    from energy_impact.prepare import Prepared
    from energy_impact.report_runs import Needs

    Floats = NDArray[np.float64]
    Numbers = NDArray[np.floating]
    Rows = NDArray[np.intp]


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


def redraw_hours(needs: Needs, normal: Numbers, rng: np.random.Generator) -> None:
    """
    Draw anew, in place, the hours of large repairs, each between the same figures and events as it is done.

    Predictions change by little: by what crews and new faults do to what is back earlier or later between two figures.
    The hours of systems that nobody reported on in a place stay.

    Parameters
    ----------
    needs : Needs
        What the figures need of the model: the steps that they read.
    normal : ndarray, (rows, members)
    rng : Generator
    """
    prepared, plan = needs.prepared, needs.prepared.plan
    read = np.unique(np.concatenate(needs.steps)) * plan.step_h
    acting = [hour for event in plan.events for hour in (event.start_h, event.end_h)]
    hours = np.unique([*read, *(hour for hour in acting if hour <= read[-1])])
    reported: dict[str, set[int]] = {}
    for system, places, _ in _reported(prepared):
        reported.setdefault(system, set()).update(places)
    for system, there in reported.items():
        for number, event in enumerate(plan.events):
            hit = np.flatnonzero(event.hits)
            mine, edges = hit[np.isin(hit, [*there])], _edges(hours, event)
            if len(mine) and len(edges):
                _redraw(prepared, system, number, mine, edges, normal, rng)


def _edges(hours: Floats, event: EventPlan) -> Floats:
    """Return logarithms of hours of repair, without those that spares are late, that end at some hours of the run."""
    since = hours[hours > event.repair_h] - event.repair_h
    return np.log(np.minimum(since, np.maximum(NEEDS_SPARES_H, since - event.spares_late_h)))


def _redraw(
    prepared: Prepared,
    system: str,
    event: int,
    places: Rows,
    edges: Floats,
    normal: Numbers,
    rng: np.random.Generator,
) -> None:
    """Draw anew the hours of repairs of one event in one system at some places."""
    layout, names = prepared.layout, SYSTEMS[system].parameters
    hours, factor = layout.by_name[names["job_h"]], layout.by_name[names["job_factor"]]
    own, each = _rows(hours, event, places), _rows(factor, event, places)
    if not factor.spread[each].all():
        return
    common = normal[layout.by_name[names["job_h_event"]].rows][event]
    difficulty = normal[layout.by_name["difficulty"].rows][1 + event]
    spread, loading = hours.spread[own][:, None], hours.loading[own][:, None]
    effect = spread * np.sqrt((1 - loading**2) / 2)
    rest = hours.location[own][:, None] + spread * loading * difficulty + effect * common
    own_rows, each_rows = own + hours.rows.start, each + factor.rows.start
    now = Durations(rest, effect, factor.spread[each][..., None], normal[own_rows], normal[each_rows])
    new = redrawn(now, edges, rng)
    normal[own_rows], normal[each_rows] = new.own, new.each


def _rows(block: ParameterRows, event: int, places: Rows) -> Rows:
    """Return the rows of a block, from its first, of an event at some places, (places, ...)."""
    rows: Rows = np.arange(block.rows.stop - block.rows.start).reshape(block.shape)[event, places]
    return rows
