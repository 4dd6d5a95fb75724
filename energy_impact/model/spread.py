"""4. Spread between systems through buffers: heat, water and gas follow power with a delay."""

from __future__ import annotations

from itertools import pairwise, permutations
from math import prod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from energy_impact.model.arrays import Workspace
    from energy_impact.model.plan import Array, Plan


CLOSED_LOOP = 0.95
"""Product of the needs in a loop above which it cannot restart itself (judgement)."""


def plants_lack(connected: Array, short: Array, shed: Array, protected: Array, out: Array) -> None:
    """
    Write the share of dependent plants without power: damaged, shed while unprotected, or unserved [share].

    Parameters
    ----------
    connected : ndarray of float32, (places, members)
        Share still connected after damage. [share]
    short, shed : ndarray of float32, (places, members)
        Share of demand not covered by supply, and the part of it that is shed; the rest is unserved. [share]
    protected : ndarray of float32, (places, members)
        Share of plants that are spared when power is shed. [share]
    """
    np.multiply(shed, protected, out=out)
    np.subtract(short, out, out=out)
    np.subtract(np.float32(1), out, out=out)
    out *= connected
    np.subtract(np.float32(1), out, out=out)


def closed_loops(needs: Mapping[tuple[str, str], float]) -> list[tuple[tuple[str, str], ...]]:
    """
    Return loops of systems that need each other so much that they cannot restart each other.

    Parameters
    ----------
    needs : mapping of (str, str) to float
        Share of the first system that needs the second. [share]

    Returns
    -------
    list of tuple
        The needs of each loop of two or three systems whose product is at least `CLOSED_LOOP`.
    """
    names = sorted({name for need in needs for name in need})
    found = []
    for length in (2, 3):
        for first, *rest in permutations(names, length):
            loop = tuple(pairwise((first, *rest, first)))
            if first == min(first, *rest) and prod(needs.get(need, 0.0) for need in loop) >= CLOSED_LOOP:
                found.append(loop)
    return found


class Loss:
    """
    Share of supply lost to one cause; several causes join as a union.

    Attributes
    ----------
    felt : ndarray of float32, (places, members)
        Share lost to it. [share]
    """

    def __init__(self, space: Workspace) -> None:
        self.felt, self.work = space.full(0.0), space.scratch[0]

    def lose(self, supplied: Array, out: Array) -> Array:
        """Return `out`, with the remainder of a supplied share [share]."""
        np.multiply(supplied, self.felt, out=self.work)
        return np.subtract(supplied, self.work, out=out)


class Dependence(Loss):
    """
    Effect of one system's lack on another: delayed by a buffer, then in proportion to the dependence.

    g <- f + (g - f) exp(-dt / tau), tau the hours that generators, tanks or warm pipes last. A lack passes on in
    proportion to the dependence a, as in the inoperability input-output model (Haimes and Jiang 2001,
    doi:10.1061/(ASCE)1076-0342(2001)7:1(1)); two causes join as a union instead of a sum: x + a g - x a g.

    Attributes
    ----------
    felt : ndarray of float32, (places, members)
        Share lost through the dependence, a g. [share]
    """

    def __init__(self, plan: Plan, dependence: Array, buffer_h: Array, space: Workspace) -> None:
        super().__init__(space)
        decay = np.exp(-np.float32(plan.step_h) / buffer_h)
        self.decay, self.follow = space.full(decay), space.full(dependence * (1 - decay))

    def follow_lack(self, lack: Array) -> None:
        """Move the buffer toward the lack for one step."""
        np.multiply(lack, self.follow, out=self.work)
        self.felt *= self.decay
        self.felt += self.work

    def keep_running(self, share: Array) -> None:
        """Let generators run a share of what needs the other system from now on, (places,) [share]."""
        self.follow *= (np.float32(1) - share)[:, None]
