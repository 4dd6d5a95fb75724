"""4. Spread between systems through buffers: heat, water and gas follow power after some hours."""

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
"""Product of the needs in a loop from which it is said not to restart itself (judgement)."""


def plants_lack(connected: Array, short: Array, shed: Array, protected: Array, out: Array) -> None:
    """
    Write the share of dependent plant without power: out by damage, shed without being protected, or unserved [share].

    Parameters
    ----------
    connected : ndarray of float32, (places, members)
        Share that damage has left connected. [share]
    short, shed : ndarray of float32, (places, members)
        Share of demand that supply does not cover, and the part of it that is shed; the rest is unserved. [share]
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
    Find loops of systems that need each other so fully that they cannot restart each other.

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


class Dependence:
    """
    What one system feels of the lack of another: the lack passes through a buffer and on in proportion.

    g <- f + (g - f) exp(-dt / tau), tau the hours that generators, tanks or warm pipes last. A lack passes on in
    proportion to the dependence a, as in the inoperability input-output model (Haimes and Jiang 2001,
    doi:10.1061/(ASCE)1076-0342(2001)7:1(1)); two causes join as a union instead of a sum: x + a g - x a g.

    Attributes
    ----------
    felt : ndarray of float32, (places, members)
        a g. [share]
    """

    def __init__(self, plan: Plan, dependence: Array, buffer_h: Array, space: Workspace) -> None:
        decay = np.exp(-np.float32(plan.step_h) / buffer_h)
        self.decay, self.follow = space.full(decay), space.full(dependence * (1 - decay))
        self.felt, self.work = space.full(0.0), space.scratch[0]

    def follow_lack(self, lack: Array) -> None:
        """Let the buffer follow the lack for a step."""
        np.multiply(lack, self.follow, out=self.work)
        self.felt *= self.decay
        self.felt += self.work

    def lose(self, supplied: Array, out: Array) -> Array:
        """Write what is left of a supplied share into `out` [share]."""
        np.multiply(supplied, self.felt, out=self.work)
        return np.subtract(supplied, self.work, out=out)
