"""2b. What the jobs of all events hold, in one array each, so that a hit on what many events hold is one step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from energy_impact.model.plan import Array


class Released(NamedTuple):
    """
    What jobs release once they are done; ndarrays, (jobs,).

    Attributes
    ----------
    cell : ndarray of int
        Flat index of the place and system, and of the member.
    held, fast, slow, back : ndarray of float32
        Shares held until then, of that fast and slow damage, and what is back. [share]
    """

    cell: NDArray[np.intp]
    held: Array
    fast: Array
    slow: Array
    back: Array

    def part(self, jobs: slice) -> Released:
        """Return that of some of the jobs."""
        return Released(self.cell[jobs], self.held[jobs], self.fast[jobs], self.slow[jobs], self.back[jobs])


@dataclass
class Held:
    """
    What the jobs of one event hold.

    Attributes
    ----------
    slot : int
        Where in the `Store` that is.
    hit : ndarray of float32, (cells, members)
        Share hit by the whole event. [share]
    order : ndarray of int, (jobs to be done,)
        Flat indices of jobs in the `Store`, sorted by the step in which they are done.
    begins : list of int, (steps + 1,)
        Where each step begins in them.
    """

    slot: int
    hit: Array
    order: NDArray[np.intp]
    begins: list[int]


class Store:
    """
    What jobs hold, by event; each array (slots, jobs, cells, members).

    Attributes
    ----------
    share : ndarray of float32
        Share of the stock held by each job until it is done. [share]
    fast, slow : ndarray of float32
        What of that is fast or slow damage once the job is done. [share]
    done : ndarray of int
        Step in which each job is done.
    """

    def __init__(self, shape: tuple[int, int, int], steps: int) -> None:
        self.share, self.fast, self.slow = (np.zeros((0, *shape), np.float32) for _ in range(3))
        self.done = np.zeros((0, *shape), np.uint16 if steps < 2**16 else np.uint64)
        self.used = 0

    @property
    def jobs(self) -> int:
        """Number of jobs of an event."""
        return self.share.shape[1]

    @property
    def cells(self) -> int:
        """Number of cells times members."""
        return self.share.shape[2] * self.share.shape[3]

    def add(self, others: Sequence[Held]) -> int:
        """Return a new slot without any shares, behind those of others that are still in use."""
        if self.used == len(self.share):
            self._make_room(others)
        slot, self.used = self.used, self.used + 1
        for state in (self.share, self.fast, self.slow):
            state[slot] = 0
        return slot

    def _make_room(self, others: Sequence[Held]) -> None:
        """Drop slots that are no longer in use, and double the others."""
        kept = [own.slot for own in others]
        for name in ("share", "fast", "slow", "done"):
            old = getattr(self, name)
            new = np.empty((max(2 * len(kept), 1), *old.shape[1:]), old.dtype)
            new[: len(kept)] = old[kept]
            setattr(self, name, new)
        for slot, own in enumerate(others):
            own.order += (slot - own.slot) * self.jobs * self.cells
            own.slot = slot
        self.used = len(kept)

    def released(self, mine: NDArray[np.intp]) -> Released:
        """Return what some jobs, by their flat indices, release once they are done."""
        held, fast, slow = (state.reshape(-1)[mine] for state in (self.share, self.fast, self.slow))
        back = held - fast
        back -= slow
        return Released(mine % self.cells, held, fast, slow, np.maximum(back, 0, out=back))
