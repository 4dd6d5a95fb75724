"""Systems at places: the rows of arrays of damage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from energy_impact.model.plan import Places

EVERYWHERE, NOWHERE = slice(None), slice(0)
"""All places, and none."""


def selection(places: Sequence[int]) -> Places:
    """Return places to select from an axis: as a slice if they follow each other, which selects without a copy."""
    if not len(places):
        return NOWHERE
    whole = range(places[0], places[-1] + 1)
    return slice(whole.start, whole.stop) if list(places) == list(whole) else np.array(places, np.intp)


@dataclass(frozen=True)
class Cells:
    """
    Which systems are followed, and where: a cell is a system at a place.

    Attributes
    ----------
    names : tuple of str
        Systems, in the order of their cells.
    system, place : ndarray of int, (cells,)
        Number in `names` and place of each cell.
    """

    names: tuple[str, ...]
    system: NDArray[np.intp]
    place: NDArray[np.intp]

    def of(self, name: str) -> slice:
        """Return the cells of a system."""
        first, last = np.searchsorted(self.system, [self.names.index(name), self.names.index(name) + 1])
        return slice(int(first), int(last))


def cells_of(names: Sequence[str], places: int, there: Places = EVERYWHERE) -> Cells:
    """
    Return the cells of systems: of power at all places, of the others at some.

    Parameters
    ----------
    names : sequence of str
    places : int
        Number of places.
    there : slice or ndarray of int
        Places of the systems besides power.
    """
    every = np.arange(places)
    where = [every if name == "power" else every[there] for name in names]
    system = np.repeat(np.arange(len(names)), [len(some) for some in where])
    return Cells(tuple(names), system, np.concatenate(where))
