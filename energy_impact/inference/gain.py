"""How an ensemble moves: the Kalman increment, block by block.

An ensemble has no more directions than members: with many figures most of the covariances between places are chance,
and bands come out too narrow. So the effect on the figures is taken apart by regression. What blocks have in common
follows from the rows that they share and from what an event did to all that it hit; the rest lies inside the blocks.
Together they are a covariance of blocks plus a few columns, which the Woodbury identity solves. With a single block
nothing is taken apart, and the increment is the usual one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from energy_impact.inference import products

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.inference.reach import Flags, Reach, Rows
    from energy_impact.inference.weights import Floats, Numbers

SURE = 3.0
"""Standard deviations by which the correlations of a row must exceed chance (judgement)."""
MANY_BLOCKS = 8
"""Fewest blocks whose mean says what an event did to all: each is a part of it by itself (judgement)."""
TINY = np.finfo(float).tiny


@dataclass(frozen=True)
class Spread:
    """
    Deviations of the predictions, taken apart.

    Attributes
    ----------
    shared : ndarray of int
        Shared rows that act.
    common : ndarray, (common, members)
        Deviations of those rows, then what events did to all figures.
    slopes : ndarray, (figures, common)
        Effect of each of these on each figure.
    rest : ndarray, (figures, members)
        What is left.
    """

    shared: Rows
    common: Floats
    slopes: Floats
    rest: Floats

    @property
    def between(self) -> Floats:
        """Covariance of what is common, (common, common)."""
        return np.asarray(self.common @ self.common.T / (self.common.shape[1] - 1))

    def own(self, figures: Rows) -> Floats:
        """Return the covariance of the rest of some figures."""
        return np.asarray(self.rest[figures] @ self.rest[figures].T / (self.rest.shape[1] - 1))


@dataclass(frozen=True)
class Covariance:
    """
    A covariance of figures: blocks, plus slopes @ between @ slopes.T.

    Attributes
    ----------
    figures : tuple of ndarray of int
        The figures of each block.
    blocks : tuple of ndarray
    slopes : ndarray, (figures, common)
    between : ndarray, (common, common)
    """

    figures: tuple[Rows, ...]
    blocks: tuple[Floats, ...]
    slopes: Floats
    between: Floats

    def solve(self, target: Floats) -> Floats:
        """Return the inverse times (figures, columns)."""
        columns, both = target.shape[1], np.hstack([target, self.slopes])
        for figures, block in zip(self.figures, self.blocks, strict=True):
            both[figures] = np.linalg.solve(block, both[figures])
        found, slopes = both[:, :columns], both[:, columns:]
        return found - slopes @ (inner(self.between, self.slopes.T @ slopes) @ (self.slopes.T @ found))


def inner(between: Floats, weighed: Floats) -> Floats:
    """Return the inverse of between^-1 + weighed, also where `between` is singular."""
    return np.asarray(np.linalg.solve(np.eye(len(between)) + between @ weighed, between))


def take_apart(rows: Numbers, effect: Floats, reach: Reach) -> Spread:
    """Return the deviations of the predictions (figures, members) of rows (rows, members), taken apart."""
    deviation = effect - effect.mean(1, keepdims=True)
    if len(reach.figures) == 1:
        return Spread(reach.shared[:0], np.zeros((0, rows.shape[1])), np.zeros((len(effect), 0)), deviation)
    numbers = np.asarray(rows[reach.shared], np.float64)
    numbers -= numbers.mean(1, keepdims=True)
    chosen = _acting(numbers, deviation, reach)
    means, hit = _means(deviation, reach)
    common, acts = np.vstack([numbers[chosen], means]), np.hstack([reach.acts[:, chosen], hit])
    slopes = _slopes(common, deviation, acts)
    return Spread(reach.shared[chosen], common, slopes, deviation - slopes @ common)


def _slopes(common: Floats, deviation: Floats, acts: Flags) -> Floats:
    """Return the regression of each figure on what may act on it, (figures, common)."""
    square, cross = common @ common.T, deviation @ common.T
    slopes = np.zeros(cross.shape)
    patterns, which = np.unique(acts, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        mine, some = np.flatnonzero(which.ravel() == number), np.flatnonzero(pattern)
        slopes[np.ix_(mine, some)] = np.linalg.lstsq(square[np.ix_(some, some)], cross[np.ix_(mine, some)].T)[0].T
    return slopes


def _acting(numbers: Floats, deviation: Floats, reach: Reach) -> Flags:
    """Return which shared rows act: the sum of their squared correlations is beyond chance, as figures go alike."""
    members = numbers.shape[1]
    of_figures, of_rows = (
        each / np.maximum(np.linalg.norm(each, axis=1), TINY)[:, None] for each in (deviation, numbers)
    )
    square = members * (((of_figures @ of_rows.T) ** 2) * reach.acts).sum(0)
    patterns, which = np.unique(reach.acts, axis=1, return_inverse=True)
    alike = np.array([_square_of_products(of_figures[pattern]) for pattern in patterns.T])
    most = reach.acts.sum(0) + SURE * np.sqrt(2 * alike[which.ravel()])
    return np.asarray(reach.always | (square > most))


def _square_of_products(rows: Floats) -> float:
    """Return the sum of the squares of the products of each row with each."""
    return float(np.square(rows @ rows.T if len(rows) < rows.shape[1] else rows.T @ rows).sum())


def _means(deviation: Floats, reach: Reach) -> tuple[Floats, Flags]:
    """
    Return means over all blocks that an event hits, (events, members), and the figures that it hits, (figures, events).

    Shared rows act along curves, of which regression on them takes the straight part alone.
    """
    scaled = deviation / np.maximum(deviation.std(1, keepdims=True), TINY)
    found, hit = [], []
    for event in reach.events.T:
        mine = [figures[event[figures]] for figures in reach.figures if event[figures].any()]
        if len(mine) >= MANY_BLOCKS:
            found.append(np.mean([scaled[figures].mean(0) for figures in mine], axis=0))
            hit.append(event)
    return np.array(found).reshape(-1, deviation.shape[1]), np.array(hit, bool).reshape(-1, len(deviation)).T


def move(
    rows: Numbers, spread: Spread, miss: Floats, error: Sequence[Floats], reach: Reach, rng: np.random.Generator
) -> None:
    """
    Add the Kalman increment to rows.

    Parameters
    ----------
    rows : ndarray, (rows, members)
        Changed in place.
    spread : Spread
        Their effect on the predictions.
    miss : ndarray, (figures, members)
        Observations minus predictions; perturbed by draws of the error.
    error : sequence of ndarray
        Error covariance of the figures of each block.
    reach : Reach
    rng : Generator
    """
    target = miss + _draws(error, reach, rows.shape[1], rng)
    blocks = tuple(spread.own(figures) + block for figures, block in zip(reach.figures, error, strict=True))
    weighed = Covariance(reach.figures, blocks, spread.slopes, spread.between).solve(target)
    shift = spread.between @ (spread.slopes.T @ weighed)
    for own, figures in zip(reach.own, reach.figures, strict=True):
        _move_block(rows, own, spread, figures, np.vstack([shift, weighed[figures]]))
    if len(spread.shared):
        there = rows[spread.shared]
        products.move(there, np.eye(len(there)), shift[: len(there)])
        rows[spread.shared] = there


def _draws(error: Sequence[Floats], reach: Reach, members: int, rng: np.random.Generator) -> Floats:
    """
    Return draws of the error, (figures, members), centred so that they shift nothing on average.

    They are made with the symmetric root: the signs and the basis of eigenvectors are arbitrary and differ between BLAS
    kernels.
    """
    noise = rng.standard_normal((sum(map(len, error)), members))
    for figures, block in zip(reach.figures, error, strict=True):
        values, vectors = np.linalg.eigh(block)
        noise[figures] = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T @ noise[figures]
    return np.asarray(noise - noise.mean(1, keepdims=True))


def _move_block(rows: Numbers, own: Rows, spread: Spread, figures: Rows, change: Floats) -> None:
    """Move the rows of a block with what is common, as far as they hang on it, and by the misses of its figures."""
    there = rows if len(own) == len(rows) else rows[own]
    common, members = len(spread.common), rows.shape[1]
    gain = products.onto(there, np.vstack([spread.common, spread.rest[figures]])) / (members - 1)
    if common:
        gain[:, :common] = _hanging(there, gain[:, :common], spread.between)
    products.move(there, gain, change)
    if there is not rows:
        rows[own] = there


def _hanging(rows: Numbers, cross: Floats, between: Floats) -> Floats:
    """Return the regression of rows on what is common, from their covariances with it; 0 where it may be chance."""
    slopes = np.linalg.lstsq(between, cross.T)[0].T
    explained = rows.shape[1] * (slopes * cross).sum(1) / np.maximum(rows.var(1, dtype=np.float64), TINY)
    count = cross.shape[1]
    return np.where(explained[:, None] < count + SURE * np.sqrt(2 * count), 0.0, slopes)
