"""3b. Shortages: a share of supply that is missing for a known reason over a known time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from energy_impact.model.cells import EVERYWHERE
from energy_impact.model.plan import by_place
from energy_impact.model.spread import Loss

if TYPE_CHECKING:
    from energy_impact.model.arrays import Workspace
    from energy_impact.model.plan import Places, Plan


class Missing(Loss):
    """The share of a system's supply that a scenario says is missing, at the time of the last update."""

    def __init__(self, plan: Plan, name: str, space: Workspace, places: Places = EVERYWHERE) -> None:
        super().__init__(space)
        self.by_time = [by_place(row) for row in plan.missing[name][:, places]]
        self.update(0)

    def update(self, time: int) -> None:
        """Set the share missing at a time on the step grid [share]."""
        self.felt[...] = self.by_time[time]
