"""Large repairs in a fit: hours are chosen among draws, and drawn anew where no figure has seen the repair done."""

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


def redraw_open(prepared: Prepared, last: int, normal: Numbers, rng: np.random.Generator) -> None:
    """
    Draw anew, in place, the hours of large repairs that are not done by the last figure; predictions stay as they are.

    Parameters
    ----------
    prepared : Prepared
    last : int
        Last step that a figure reads.
    normal : ndarray, (rows, members)
        The fit's numbers; those of systems that nobody reported on in a place stay as they are.
    rng : Generator
    """
    plan = prepared.plan
    reported: dict[str, set[int]] = {}
    for system, places, _ in _reported(prepared):
        reported.setdefault(system, set()).update(places)
    for system, there in reported.items():
        for number, event in enumerate(plan.events):
            since, hit = last * plan.step_h - event.repair_h, np.flatnonzero(event.hits)
            mine = hit[np.isin(hit, [*there])]
            if since > 0 and len(mine):
                _redraw(prepared, system, number, mine, _bound(since, event), normal, rng)


def _bound(since: float, event: EventPlan) -> float:
    """Return the least logarithm of hours, without those that spare parts are late, of a repair open for so long."""
    return float(np.log(min(since, max(NEEDS_SPARES_H, since - event.spares_late_h))))


def _redraw(
    prepared: Prepared,
    system: str,
    event: int,
    places: Rows,
    bound: float,
    normal: Numbers,
    rng: np.random.Generator,
) -> None:
    """Draw anew the hours of repairs of one event in one system at some places."""
    layout, names = prepared.layout, SYSTEMS[system].parameters
    hours, factor, shared = (layout.by_name[names[name]] for name in ("job_h", "job_factor", "job_h_event"))
    own, each = _rows(hours, event, places), _rows(factor, event, places)
    loading, spread = hours.loading[own], factor.spread[each]
    if not spread.all():
        return
    own_rows, each_rows, shared_row = own + hours.rows.start, each + factor.rows.start, shared.rows.start + event
    difficulty = normal[layout.by_name["difficulty"].rows][1 + event]
    durations = Durations(
        rest=hours.location[own][:, None] + (hours.spread[own] * loading)[:, None] * difficulty,
        effect=hours.spread[own] * np.sqrt((1 - loading**2) / 2),
        spread=spread,
        common=normal[shared_row],
        own=normal[own_rows],
        each=normal[each_rows],
    )
    members = np.flatnonzero((durations.logarithms() >= bound).any((0, 1)))
    if len(members):
        new = redrawn(durations.of(members), bound, rng)
        normal[shared_row, members] = new.common
        normal[own_rows[:, None], members] = new.own
        normal[each_rows[..., None], members] = new.each


def _rows(block: ParameterRows, event: int, places: Rows) -> Rows:
    """Return the rows of a block, from its first, of an event at some places, (places, ...)."""
    rows: Rows = np.arange(block.rows.stop - block.rows.start).reshape(block.shape)[event, places]
    return rows
