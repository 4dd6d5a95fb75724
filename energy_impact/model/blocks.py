"""Members drawn in fixed blocks: chunks, workers and ensemble size do not change a bit of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from energy_impact.model.sobol import MOST_DIMENSIONS, Sobol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from energy_impact.model.layout import Layout
    from energy_impact.model.plan import Array

MEMBERS_PER_BLOCK = 1024
"""Members whose noise comes from one random stream."""
TAIL = 1e-12
"""Least tail probability of a draw."""
FURTHEST = float(-ndtri(TAIL))
"""Largest absolute value of a draw. [standard deviations]"""
ROWS_PER_PIECE = 64
"""Rows of noise drawn together, so that they fit the processor's cache; part of the meaning of a seed."""


def draw_seed(rng: np.random.Generator) -> int:
    """Return the seed of all draws of an ensemble."""
    return int(rng.integers(2**63))


def draw_normal(layout: Layout, members: int, rng: np.random.Generator) -> Array:
    """
    Return the standard-normal numbers of a prior ensemble.

    Returns
    -------
    ndarray of float32, (rows, members)
    """
    return next(draw_chunks(layout, draw_seed(rng), range(members), members))


def draw_chunks(layout: Layout, seed: int, members: range, size: int) -> Iterator[Array]:
    """
    Yield standard-normal numbers for some members of an ensemble, chunk by chunk.

    Parameters come from a scrambled Sobol sequence; noise, and parameters beyond the dimensions of the sequence, come
    from one SFC64 stream per block of members.

    Parameters
    ----------
    layout : Layout
    seed : int
        Seed of the whole ensemble.
    members : range
        Indices of the members; the first starts a block.
    size : int
        Members per chunk: whole blocks, or all of `members`.

    Yields
    ------
    ndarray of float32, (rows, members)
    """
    split = min(layout.structural_rows, MOST_DIMENSIONS)
    sequence = Sobol(split, seed)
    for begin in range(members.start, members.stop, size):
        normal = np.empty((layout.rows, min(size, members.stop - begin)), np.float32)
        for first in range(0, normal.shape[1], MEMBERS_PER_BLOCK):
            block = normal[:, first : first + MEMBERS_PER_BLOCK]
            points = sequence.points(begin + first, 1 << (block.shape[1] - 1).bit_length())[: block.shape[1]]
            block[:split] = ndtri(np.clip(points, TAIL, 1 - TAIL)).T
            key = ((begin + first) // MEMBERS_PER_BLOCK,)
            _fill_noise(block[split:], np.random.SFC64(np.random.SeedSequence(seed, spawn_key=key)))
        yield normal


def _fill_noise(noise: Array, bits: np.random.BitGenerator) -> None:
    """Fill (rows, up to a block of members) with the first members of a block of noise."""
    for first in range(0, len(noise), ROWS_PER_PIECE):
        piece = noise[first : first + ROWS_PER_PIECE]
        piece[...] = _box_muller(bits, *piece.shape)


def _box_muller(bits: np.random.BitGenerator, rows: int, members: int) -> Array:
    """
    Return standard-normal numbers for the first members of a block, by the Box-Muller transform.

    A radius and an angle, each from 23 random bits, give two numbers, none beyond 5.65 standard deviations. Random bits
    with a fixed exponent are a float32 in [1, 2). Bits are drawn for the whole block.

    Returns
    -------
    ndarray of float32, (rows, members)
    """
    pairs = (rows + 1) // 2
    raw = np.asarray(bits.random_raw(pairs * MEMBERS_PER_BLOCK)).view(np.uint32).reshape(2, pairs, MEMBERS_PER_BLOCK)
    raw = np.ascontiguousarray(raw[..., :members])
    raw >>= np.uint32(9)
    raw |= np.float32(1).view(np.uint32)
    radius, angle = raw.view(np.float32)
    np.subtract(np.float32(2), radius, out=radius)
    np.log(radius, out=radius)
    radius *= np.float32(-2)
    np.sqrt(radius, out=radius)
    angle *= np.float32(2 * np.pi)
    found = np.empty((2, pairs, members), np.float32)
    np.cos(angle, out=found[0])
    np.sin(angle, out=found[1])
    found *= radius
    return found.reshape(2 * pairs, members)[:rows]


def even_size(members: int, size: int) -> int:
    """Return a chunk size in whole blocks that splits members evenly: about `size`, at most half more."""
    count = max(round(members / size), 1)
    return -(-members // (count * MEMBERS_PER_BLOCK)) * MEMBERS_PER_BLOCK


def chunks(members: int, size: int) -> Sequence[slice]:
    """Return slices of at most `size` that cover all members."""
    return [slice(first, min(first + size, members)) for first in range(0, members, size)]
