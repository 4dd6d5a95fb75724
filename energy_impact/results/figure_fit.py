"""The result of the fit for each figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class FigureFit:
    """The result of the fit for each figure.

    Attributes
    ----------
    ids : tuple of str, length figures
    used : ndarray of bool, shape (figures,)
    reason : tuple of str, length figures
        Why a figure was not used; empty if it was.
    predicted : ndarray of float64, shape (members, figures)
        The member's value for the figure, in the unit of the figure; NaN columns for unused figures.
    log_likelihood : ndarray of float64, shape (members, figures)
        NaN columns for unused figures.
    outlier_probability : ndarray of float64, shape (figures,)
        NaN for unused figures.
    """

    ids: tuple[str, ...]
    used: NDArray[np.bool_]
    reason: tuple[str, ...]
    predicted: NDArray[np.float64]
    log_likelihood: NDArray[np.float64]
    outlier_probability: NDArray[np.float64]

    def __post_init__(self) -> None:
        count = len(self.ids)
        widths = (self.predicted.shape[-1], self.log_likelihood.shape[-1], len(self.outlier_probability))
        if not all(width == count for width in (len(self.used), len(self.reason), *widths)):
            raise ValueError(f"figure fit: every part must hold {count} figures, got {widths}")
