"""Histograms on fixed bins, which merge exactly, and their quantiles: the summary of a large ensemble."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BINS_PER_OCTAVE = 64
"""Bins between a number and its double."""
MANTISSA_SHIFT = 17
"""Bits of a float32 below those that select the bin: 23 of the mantissa less the 6 of `BINS_PER_OCTAVE`."""
_FIRST = int(np.float32(1).view(np.int32)) >> MANTISSA_SHIFT
"""Leading bits of the float32 number 1."""
ROUNDING = 1e-4
"""Tolerance for float32 values outside the bins, as a share of the top or of the unit."""
ROWS_TOGETHER = 16
"""Rows counted at once, so that their bins stay in the processor's cache."""


@dataclass(frozen=True)
class Bins:
    """
    Bins for values from 0 to a top, with a bin of its own for exactly 0.

    The leading bits of the float32 number 1 + v / unit select the bin of a value v: bins are 1/64 to 1/128 of v + unit
    wide, so no quantile is off by more than a 64th of itself plus a 64th of the unit.

    Attributes
    ----------
    unit : float
        Value below which bins do not get finer.
    top : float
        Upper end of the last bin.
    """

    unit: float
    top: float

    @cached_property
    def edges(self) -> NDArray[np.float64]:
        """Edges, (bins + 1,); the first bin, from 0 to 0, counts exact zeros."""
        codes = np.arange(int(self._index(np.array([self.top * (1 + ROUNDING)], np.float32))[0]) + 1)
        lower = ((codes + _FIRST) << MANTISSA_SHIFT).astype(np.uint32).view(np.float32)
        edges = np.append(0.0, (lower.astype(np.float64) - 1) * self.unit)
        return np.asarray(np.minimum(edges, self.top))

    def new(self, rows: int) -> NDArray[np.uint32]:
        """Return counts of zero, (rows, bins)."""
        return np.zeros((rows, len(self.edges) - 1), np.uint32)

    def add(self, counts: NDArray[np.uint32], values: NDArray[np.float32]) -> None:
        """
        Count values into `counts`, in place.

        Parameters
        ----------
        counts : ndarray, (rows, bins)
        values : ndarray, (rows, members)

        Raises
        ------
        ValueError
            If a value is NaN, below 0 or above the top.
        """
        least, most = values.min(), values.max()
        if not (least >= -ROUNDING * self.unit and most <= self.top * (1 + ROUNDING)):
            raise ValueError(f"values: must be from 0 to {self.top:g} to be counted, got {least:g} to {most:g}")
        bins = counts.shape[1]
        for first in range(0, len(values), ROWS_TOGETHER):
            rows = counts[first : first + ROWS_TOGETHER]
            index = self._index(values[first : first + ROWS_TOGETHER])
            index += bins * np.arange(len(rows))[:, None]
            rows += np.bincount(index.ravel(), minlength=rows.size).reshape(rows.shape).astype(np.uint32)

    def _index(self, values: NDArray[np.float32]) -> NDArray[np.intp]:
        scaled = values * np.float32(1 / self.unit)
        scaled += np.float32(1)
        np.maximum(scaled, np.float32(1), out=scaled)
        codes = scaled.view(np.int32)
        codes >>= MANTISSA_SHIFT
        codes -= _FIRST - 1
        codes *= values > 0
        return codes.astype(np.intp)

    def quantiles(self, counts: NDArray[np.uint32], levels: Sequence[float]) -> NDArray[np.float64]:
        """
        Return quantiles of the counted values, linear between order statistics, which spread evenly over their bin.

        Parameters
        ----------
        counts : ndarray, (rows, bins)
            The same number of members in every row.
        levels : sequence of float
            Each in [0, 1].

        Returns
        -------
        ndarray of float64, (levels, rows)
        """
        cumulative = counts.cumsum(1, dtype=np.int64)
        quantiles = []
        for position in np.asarray(levels, np.float64) * (cumulative[0, -1] - 1):
            low, high = (self._order(counts, cumulative, int(rank)) for rank in (np.floor(position), np.ceil(position)))
            quantiles.append(low + (position % 1) * (high - low))
        return np.array(quantiles)

    def _order(self, counts: NDArray[np.uint32], cumulative: NDArray[np.int64], rank: int) -> NDArray[np.float64]:
        """Return the order statistic of a rank (from 0), row by row."""
        index = (cumulative <= rank).sum(1)
        rows = np.arange(len(counts))
        inside = counts[rows, index]
        part = (rank - (cumulative[rows, index] - inside) + 0.5) / inside
        return np.asarray(self.edges[index] + part * (self.edges[index + 1] - self.edges[index]))
