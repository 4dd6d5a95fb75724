"""Large repairs that are not done by the last figure: their hours are drawn anew from what the prior has beyond it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from energy_impact.inference.censored import redrawn
from energy_impact.model.jobs import NEEDS_SPARES_H
from energy_impact.systems import SYSTEMS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from energy_impact.model.plan import EventPlan
    from energy_impact.prepare import Prepared

    Numbers = NDArray[np.floating]


def redraw_open(prepared: Prepared, last_step: int, normal: Numbers, rng: np.random.Generator) -> None:
    """
    Draw anew, in place, the hours of large repairs that are not done by the last step that any figure reads.

    Predictions of the figures stay as they are.

    Parameters
    ----------
    prepared : Prepared
    last_step : int
    normal : ndarray, (rows, members)
    rng : Generator
    """
    for system in prepared.plan.systems:
        for number, event in enumerate(prepared.plan.events):
            since = last_step * prepared.plan.step_h - event.repair_h
            if since > 0 and (event.systems is None or system in event.systems):
                _redraw(prepared, system, number, np.flatnonzero(event.hits), _bound(since, event), normal, rng)


def _bound(since: float, event: EventPlan) -> float:
    """Return the least logarithm of hours, without those that spare parts are late, of a repair open for so long."""
    return float(np.log(min(since, max(NEEDS_SPARES_H, since - event.spares_late_h))))


def _redraw(
    prepared: Prepared,
    system: str,
    event: int,
    places: NDArray[np.intp],
    bound: float,
    normal: Numbers,
    rng: np.random.Generator,
) -> None:
    """Draw anew the hours of repairs of one event in one system."""
    layout, own = prepared.layout, SYSTEMS[system].parameters
    hours, factor, common = (layout.by_name[own[name]] for name in ("job_h", "job_factor", "job_h_event"))
    row = np.arange(hours.rows.start, hours.rows.stop).reshape(hours.shape)[event, places]
    rows = np.arange(factor.rows.start, factor.rows.stop).reshape(factor.shape)[event, places]
    mine, each = row - hours.rows.start, rows - factor.rows.start
    spread = factor.spread[each][..., None]
    loading = hours.loading[mine][:, None]
    difficulty = normal[layout.by_name["difficulty"].rows][1 + event]
    rest = hours.location[mine][:, None] + hours.spread[mine][:, None] * loading * difficulty
    effect = hours.spread[mine][:, None] * np.sqrt((1 - loading**2) / 2)
    numbers = normal[common.rows.start + event], normal[row], normal[rows]
    length = (rest + effect * (numbers[0] + numbers[1]))[:, None] + spread * numbers[2]
    members = np.flatnonzero((length >= bound).any((0, 1)))
    if not len(members) or not spread.all():
        return
    normal[common.rows.start + event, members], normal[row[:, None], members], normal[rows[..., None], members] = redrawn(
        rest[:, members], effect, spread, tuple(part[..., members].astype(float) for part in numbers), bound, rng
    )
