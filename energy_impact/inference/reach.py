"""Which rows of standard-normal numbers reach which figures.

A number of one place cannot act on a figure of another, so figures fall into blocks that have no place in common.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.intp]
    Flags = NDArray[np.bool_]

SHARED, UNREACHED = -1, -2
"""Instead of the number of a block: a row that several blocks share, and one that reaches no figure."""


@dataclass(frozen=True)
class Reach:
    """
    Which rows reach which figures.

    Attributes
    ----------
    figures : tuple of ndarray of int
        The figures of each block.
    block : ndarray of int, (rows,)
        The block that each row reaches; `SHARED` or `UNREACHED`.
    acts : ndarray of bool, (figures, shared rows)
        Whether each shared row may act on each figure.
    always : ndarray of bool, (shared rows,)
        Whether a shared row is known to act, however little.
    events : ndarray of bool, (figures, events)
        Whether each event hits a place of each figure.
    """

    figures: tuple[Rows, ...]
    block: Rows
    acts: Flags
    always: Flags
    events: Flags

    @cached_property
    def shared(self) -> Rows:
        """The shared rows."""
        return np.flatnonzero(self.block == SHARED)

    @cached_property
    def own(self) -> tuple[Rows, ...]:
        """The rows of each block."""
        order = np.argsort(self.block, kind="stable")
        edges = np.searchsorted(self.block[order], np.arange(len(self.figures) + 1))
        return tuple(order[first:last] for first, last in pairwise(edges))

    @cached_property
    def block_of(self) -> Rows:
        """The block of each figure."""
        found = np.empty(sum(map(len, self.figures)), np.intp)
        for number, figures in enumerate(self.figures):
            found[figures] = number
        return found

    def acting_on(self, figures: Rows) -> Rows:
        """Return the rows that reach some figures of one block: its own, and the shared ones that act on any."""
        own = self.own[self.block_of[figures[0]]]
        return np.concatenate([own, self.shared[self.acts[figures].any(0)]])

    def split(self, row: int) -> tuple[Reach, Reach]:
        """Return the reach of the rows before a row, and of those from it on, none of which is shared."""
        first = dataclasses.replace(self, block=self.block[:row])
        last = dataclasses.replace(self, block=self.block[row:], acts=self.acts[:, :0], always=self.always[:0])
        return first, last


def everywhere(rows: int, figures: int) -> Reach:
    """Return the reach of rows that may all act on all figures: one block."""
    none = np.zeros((figures, 0), bool)
    return Reach((np.arange(figures),), np.zeros(rows, np.intp), none, np.zeros(0, bool), none)
