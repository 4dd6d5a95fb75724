"""Which numbers reach which figures, and the gain that follows from it.

A number of one place cannot act on a figure of another. So figures fall into blocks that share no place. What several
blocks share, such as the severity of an event, is estimated by regression; what is left of their covariance lies inside
the blocks. The gain is that of the whole, by the Woodbury identity, without chance correlations between blocks. Where
all figures are in one block, nothing is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from energy_impact.inference import products

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from energy_impact.inference.weights import Floats, Numbers

    Rows = NDArray[np.intp]

SHARED, NOWHERE = -1, -2
"""Instead of the number of a block: a row that several blocks share, and one that reaches no figure."""
SURE = 3.0
"""Standard deviations by which the correlations of a shared row with its figures must exceed chance."""


@dataclass(frozen=True)
class Reach:
    """
    Which rows of numbers reach which figures.

    Attributes
    ----------
    figures : tuple of ndarray of int
        The figures of each block.
    block : ndarray of int, (rows,)
        The block that each row reaches; `SHARED` or `NOWHERE`.
    acts : ndarray of bool, (figures, shared rows)
        Whether each shared row acts on each figure.
    always : ndarray of bool, (shared rows,)
        Whether a shared row is known to act, however little, and needs no proof.
    """

    figures: tuple[Rows, ...]
    block: Rows
    acts: NDArray[np.bool_]
    always: NDArray[np.bool_]

    @cached_property
    def shared(self) -> Rows:
        """The shared rows."""
        return np.flatnonzero(self.block == SHARED)

    @cached_property
    def own(self) -> tuple[Rows, ...]:
        """The rows of each block."""
        order = np.argsort(self.block, kind="stable")
        numbers = np.arange(len(self.figures) + 1)
        edges = np.searchsorted(self.block[order], numbers)
        return tuple(order[first:last] for first, last in zip(edges[:-1], edges[1:], strict=True))


def everywhere(rows: int, figures: int) -> Reach:
    """Return the reach of rows that all may act on all figures."""
    none = np.zeros((figures, 0), bool)
    return Reach((np.arange(figures),), np.zeros(rows, np.intp), none, none[0])


@dataclass(frozen=True)
class Spread:
    """
    Effect of the rows on the figures, taken apart.

    Attributes
    ----------
    shared : ndarray of int
        Shared rows that act.
    slopes : ndarray, (figures, shared)
        Effect of each on each figure.
    between : ndarray, (shared, shared)
        Covariance of these rows.
    rest : ndarray, (figures, members)
        What of the deviations of the figures is the blocks' own.
    """

    shared: Rows
    slopes: Floats
    between: Floats
    rest: Floats


def take_apart(rows: Numbers, effect: Floats, reach: Reach) -> Spread:
    """Return the effect of rows (rows, members) on figures (figures, members), taken apart."""
    members = rows.shape[1]
    deviation = effect - effect.mean(1, keepdims=True)
    if not len(reach.shared):
        return Spread(reach.shared, np.zeros((len(effect), 0)), np.zeros((0, 0)), deviation)
    numbers = np.asarray(rows[reach.shared], np.float64)
    numbers -= numbers.mean(1, keepdims=True)
    chosen = _acting(numbers, deviation, reach)
    numbers, acts = numbers[chosen], reach.acts[:, chosen]
    between = numbers @ numbers.T / (members - 1)
    cross = deviation @ numbers.T / (members - 1)
    slopes = np.zeros((len(effect), len(numbers)))
    patterns, which = np.unique(acts, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        mine = np.flatnonzero(which.ravel() == number)
        some = np.flatnonzero(pattern)
        slopes[np.ix_(mine, some)] = np.linalg.solve(between[np.ix_(some, some)], cross[np.ix_(mine, some)].T).T
    return Spread(reach.shared[chosen], slopes, between, deviation - slopes @ numbers)


def _acting(numbers: Floats, deviation: Floats, reach: Reach) -> NDArray[np.bool_]:
    """Return which shared rows act: the sum of squared correlations exceeds that of chance, in figures that go alike."""
    members = numbers.shape[1]
    tiny = np.finfo(float).tiny
    of_figures = deviation / np.maximum(np.sqrt((deviation**2).sum(1, keepdims=True)), tiny)
    of_rows = numbers / np.maximum(np.sqrt((numbers**2).sum(1, keepdims=True)), tiny)
    square = (of_figures @ of_rows.T) ** 2 * members
    alike = (of_figures @ of_figures.T) ** 2
    acts = reach.acts.astype(float)
    chance = np.sqrt(2 * ((alike @ acts) * acts).sum(0))
    return np.asarray(reach.always | ((square * acts).sum(0) > acts.sum(0) + SURE * chance))


@dataclass(frozen=True)
class Error:
    """Error covariance of the figures, block by block."""

    blocks: tuple[Floats, ...]

    def draw(self, reach: Reach, members: int, rng: np.random.Generator) -> Floats:
        """
        Return draws, (figures, members), centred.

        They are made with the symmetric root: the signs and the basis of eigenvectors are arbitrary and differ between
        BLAS kernels.
        """
        noise = rng.standard_normal((sum(len(block) for block in self.blocks), members))
        for figures, block in zip(reach.figures, self.blocks, strict=True):
            values, vectors = np.linalg.eigh(block)
            root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
            noise[figures] = root @ noise[figures]
        return noise - noise.mean(1, keepdims=True)


def move(
    rows: Numbers, effect: Floats, miss: Floats, error: Error, reach: Reach, rng: np.random.Generator
) -> None:
    """Add the Kalman increment to `rows` with an effect on the predictions, for misses with an error covariance."""
    members = rows.shape[1]
    target = miss + error.draw(reach, members, rng)
    spread = take_apart(rows, effect, reach)
    systems = [
        spread.rest[figures] @ spread.rest[figures].T / (members - 1) + block
        for figures, block in zip(reach.figures, error.blocks, strict=True)
    ]
    weighed, slopes = np.empty_like(target), np.empty_like(spread.slopes)
    for figures, system in zip(reach.figures, systems, strict=True):
        both = np.linalg.solve(system, np.hstack([target[figures], spread.slopes[figures]]))
        weighed[figures], slopes[figures] = both[:, :members], both[:, members:]
    if len(spread.shared):
        inner = np.linalg.inv(spread.between) + spread.slopes.T @ slopes
        weighed -= slopes @ np.linalg.solve(inner, spread.slopes.T @ weighed)
    for own, figures in zip(reach.own, reach.figures, strict=True):
        _add(rows, own, spread.rest[figures] / (members - 1), weighed[figures])
    if len(spread.shared):
        there = rows[spread.shared]
        products.move(there, spread.between @ spread.slopes.T, weighed)
        rows[spread.shared] = there


def _add(rows: Numbers, own: Rows, rest: Floats, weighed: Floats) -> None:
    there = rows if len(own) == len(rows) else rows[own]
    products.move(there, products.onto(there, rest), weighed)
    if there is not rows:
        rows[own] = there
