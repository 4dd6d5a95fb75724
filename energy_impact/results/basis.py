"""What a result rests on: figures for its system and place, the model alone, or the prior alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from energy_impact.quantities import OF_BALANCE, QUANTITIES
from energy_impact.systems import POWER, SYSTEM_OF_STATE, SYSTEMS

if TYPE_CHECKING:
    from energy_impact.places import Place
    from energy_impact.results.members import Members

Basis = Literal["figure", "model", "prior"]

CUTS = "cuts"
"""Subject of figures that tell cuts for lack of supply from damage; a count of all without power does not."""
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
    subjects = _subjects(quantity, where)
    return min((_share(estimate, subject, where) for subject in subjects), default=0.0)


def _subjects(quantity: str, place: Place) -> set[str]:
    """Return what figures have to speak of: the systems of a quantity that a place has, or cuts apart from damage."""
    own = QUANTITIES[quantity].system
    if quantity in OF_BALANCE:
        return {CUTS}
    if own is not None:
        return {own}
    named = {SYSTEM_OF_STATE[state] for state in QUANTITIES[quantity].states}
    return {name for name in named if any(place.stock_range(stock) for stock in SYSTEMS[name].stocks)}


def _share(estimate: Members, subject: str, place: Place) -> float:
    """Return the share of a place's stock covered by used figures on a subject; leaves count equally if unknown."""
    system = POWER.name if subject == CUTS else subject
    reported = {name for figure, name in estimate.reported if subject in _subjects_of(figure)}
    covered = {leaf.name for part in place.walk() if part.name in reported for leaf in part.leaves()}
    leaves = place.leaves()
    ranges = [leaf.stock_range(SYSTEMS[system].stock) for leaf in leaves]
    sizes = np.array([1.0 if None in ranges or size is None else np.sqrt(size[0] * size[1]) for size in ranges])
    if not sizes.any():
        return 1.0
    return float(sizes @ np.array([leaf.name in covered for leaf in leaves]) / sizes.sum())


def _subjects_of(figure: str) -> tuple[str | None, ...]:
    """Return what a figure of a quantity speaks of."""
    return (QUANTITIES[figure].system, *([CUTS] if figure in OF_BALANCE else []))
