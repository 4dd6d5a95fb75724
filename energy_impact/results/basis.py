"""What a result rests on: figures for its system and place, the model alone, or the prior alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from energy_impact.quantities import QUANTITIES
from energy_impact.systems import SYSTEM_OF_STATE, SYSTEMS

if TYPE_CHECKING:
    from energy_impact.places import Place
    from energy_impact.results.members import Members

Basis = Literal["figure", "model", "prior"]

WHOLLY = 0.99
"""Share of a place's stock that figures must cover for its total to rest on them (judgement)."""


def basis(estimate: Members, quantity: str, place: str, share: float | None = None) -> Basis:
    """
    Return what the curve of a quantity at a place rests on.

    Parameters
    ----------
    share : float, optional
        Its `reported_share`, if known.

    Returns
    -------
    str
        "figure": a figure for each of its systems was used, for this place or for parts that make up all of it.
        "model": figures were used, but only for other systems or places. "prior": no figure was used.
    """
    if not estimate.reported:
        return "prior"
    share = reported_share(estimate, quantity, place) if share is None else share
    return "figure" if share >= WHOLLY else "model"


def reported_share(estimate: Members, quantity: str, place: str) -> float:
    """Return the share of a place's stock covered by used figures for the quantity's systems [share]."""
    where = estimate.scenario.place(place)
    systems = _systems(quantity, where)
    return min((_share(estimate, system, where) for system in systems), default=0.0)


def _systems(quantity: str, place: Place) -> set[str]:
    """Return the systems that make up a quantity and exist at a place."""
    own = QUANTITIES[quantity].system
    if own is not None:
        return {own}
    named = {SYSTEM_OF_STATE[state] for state in QUANTITIES[quantity].states}
    return {name for name in named if any(place.stock_range(stock) for stock in SYSTEMS[name].stocks)}


def _share(estimate: Members, system: str, place: Place) -> float:
    """Return the share of a place's stock of a system covered by used figures; leaves count equally if unknown."""
    reported = {name for figure, name in estimate.reported if QUANTITIES[figure].system == system}
    covered = {leaf.name for part in place.walk() if part.name in reported for leaf in part.leaves()}
    leaves = place.leaves()
    ranges = [leaf.stock_range(SYSTEMS[system].stock) for leaf in leaves]
    sizes = np.array([1.0 if None in ranges or size is None else np.sqrt(size[0] * size[1]) for size in ranges])
    if not sizes.any():
        return 1.0
    return float(sizes @ np.array([leaf.name in covered for leaf in leaves]) / sizes.sum())
