"""4. Spread between systems through buffers: heat, water and gas follow power with a delay."""

from __future__ import annotations

from itertools import pairwise, permutations
from math import prod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from energy_impact.model.arrays import Workspace
    from energy_impact.model.plan import Array, Plan, Values


CLOSED_LOOP = 0.95
"""Product of the needs in a loop above which it cannot restart itself (judgement)."""


def plants_lack(fed: Array, short: Array, limit: Array, protected: Array, out: Array) -> None:
    """
    Write the share of dependent plants without power: cut off, shed while unprotected, or unserved [share].

    Parameters
    ----------
    fed : ndarray of float32, (places, members)
        Share of plants that damage does not cut off. [share]
    short : ndarray of float32, (places, members)
        Share of the demand of all customers not covered by supply. [share]
    limit : ndarray of float32, (places, members)
        Largest share that may be shed; what is short beyond it is unserved. [share]
    protected : ndarray of float32, (places, members)
        Share of plants that are spared when power is shed. [share]
    """
    np.minimum(short, limit, out=out)
    out *= protected
    np.subtract(short, out, out=out)
    np.subtract(np.float32(1), out, out=out)
    out *= fed
    np.subtract(np.float32(1), out, out=out)


class Feeders:
    """
    Plants of heat, water and gas that damage of the power grid cuts off.

    An event cuts off plants as it does other customers, but they are the first to be fed again, by another line or by a
    generator: with time constant `plant_refeed_h`, and at the latest with the others. Old outages and faults between
    events cut off none. A hit within a step is taken to come in its middle.

    Attributes
    ----------
    fed : ndarray of float32, (places, members)
        Share of plants not cut off. [share]
    """

    def __init__(self, plan: Plan, values: Values, space: Workspace) -> None:
        steps = np.float32(plan.step_h) / values["plant_refeed_h"]
        self.decay, self.half = space.full(np.exp(-steps)), np.exp(-steps / 2)
        self.regained = 1 - self.decay
        self.fed = space.full(1.0)

    def hit(self, share: Array) -> None:
        """Cut off a share of the plants."""
        self.fed *= 1 - share * self.half

    def repaired(self, connected: Array) -> None:
        """Feed at least as many plants as other customers, of whom a share is connected."""
        np.maximum(self.fed, connected, out=self.fed)

    def refeed(self) -> None:
        """Feed plants again for a step."""
        self.fed *= self.decay
        self.fed += self.regained


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
