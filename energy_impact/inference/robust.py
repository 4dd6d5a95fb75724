"""Figures that the others do not support get larger errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtri

from energy_impact.inference.gain import inner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from energy_impact.inference.gain import Covariance
    from energy_impact.inference.reach import Rows
    from energy_impact.inference.weights import Floats

OUTLIER_Z = 3.5
"""Leave-one-out residual beyond which a figure's error is inflated, in standard deviations (judgement)."""
ROUNDING = 1e-9
"""Share by which a residual may exceed that bound after it was brought there."""
UNDECIDED = 0.8
"""Figures whose residuals reach this share of the worst one contradict each other, and no other decides (judgement)."""
SCATTER_LEVEL = 0.95
"""Probability below which scatter is taken as chance (judgement)."""


def common_miss(miss: Floats, groups: NDArray[np.intp]) -> Floats:
    """
    Covariance of the common misfit of each group of figures: the median, so that one wrong of three does not decide.

    For an even number, it is the middle miss nearer to zero, or zero between two of opposite sign: a figure that fits
    shares nothing with one that does not. After the first assimilations an ensemble with far to go is still on its way.
    Without this term, the count of an unusually small event would be taken for an outlier then, though no other figure
    contradicts it. So a figure that is alone in its group is hardly ever doubted.

    Parameters
    ----------
    miss : ndarray, (figures,)
        Observations minus mean predictions.
    groups : ndarray of int, (figures,)

    Returns
    -------
    ndarray, (figures, figures)
    """
    common = np.empty(len(miss))
    for group in np.unique(groups):
        ordered = np.sort(miss[groups == group])
        middle = (len(ordered) - 1) / 2
        common[groups == group] = np.clip(0.0, ordered[int(np.floor(middle))], ordered[int(np.ceil(middle))])
    return np.asarray((groups[:, None] == groups) * np.square(common)[:, None])


def robust_variance(spread: Covariance, miss: Floats, variance: Floats) -> Floats:
    """
    Error variances with outliers and a common misfit inflated.

    Each figure is compared with its expectation from the others (Gaussian leave-one-out). The worst of a block beyond
    `OUTLIER_Z` gets its variance raised until it lies exactly there (the variance form of Huber's weight), then the
    next. If several are about as bad (`UNDECIDED`), nothing shows which is wrong: the squared residual is shared among
    their variances, so that the fit spreads over all of them instead of choosing one. If the scatter still exceeds the
    quantile `SCATTER_LEVEL` of chance, all variances are raised by that excess.

    Parameters
    ----------
    spread : Covariance
        Covariance of the predictions, without the figures' errors.
    miss : ndarray, (figures,)
        Observations minus mean predictions.
    variance : ndarray, (figures,)
        Error variances.

    Returns
    -------
    ndarray, (figures,)
    """
    inflated = variance.copy()
    pairs = zip(spread.figures, spread.blocks, strict=True)
    inverses = [np.asarray(np.linalg.inv(block + np.diag(variance[mine])), np.float64) for mine, block in pairs]
    for _ in range(2 * max(map(len, spread.figures))):
        weighed, diagonal = _inverse(spread, inverses, miss)
        residual, expected = leave_one_out(weighed, diagonal)
        raised = _raised(spread.figures, residual, expected)
        if not raised.any():
            break
        inflated += raised
        for number, figures in enumerate(spread.figures):
            if raised[figures].any():
                inverses[number] = _updated(inverses[number], raised[figures])
    scatter = float(miss @ _inverse(spread, inverses, miss)[0]) / len(miss)
    return inflated * scatter if scatter > chdtri(len(miss), 1 - SCATTER_LEVEL) / len(miss) else inflated


def _raised(blocks: Sequence[Rows], residual: Floats, expected: Floats) -> Floats:
    """Return by how much the variances of the worst figures of each block are raised, (figures,)."""
    raised, z = np.zeros(len(residual)), np.abs(residual) / np.sqrt(expected)
    for figures in blocks:
        most = z[figures].max()
        if most <= OUTLIER_Z * (1 + ROUNDING):
            continue
        worst = figures[z[figures] >= UNDECIDED * most]
        if len(worst) == 1:
            raised[worst] = residual[worst] ** 2 / OUTLIER_Z**2 - expected[worst]
        else:
            raised[worst] = residual[worst] ** 2 / len(worst)
    return raised


def _updated(inverse: Floats, raised: Floats) -> Floats:
    """Return the inverse after some variances of a block were raised."""
    worst = np.flatnonzero(raised)
    effect, by = inverse[:, worst], raised[worst][:, None]
    return np.asarray(inverse - effect @ np.linalg.solve(np.eye(len(worst)) + by * effect[worst], by * effect.T))


def _inverse(spread: Covariance, inverses: Sequence[Floats], miss: Floats) -> tuple[Floats, Floats]:
    """Return the inverse covariance times the misses, and its diagonal, from the inverses of the blocks."""
    both, diagonal = np.hstack([miss[:, None], spread.slopes]), np.empty(len(miss))
    for figures, inverse in zip(spread.figures, inverses, strict=True):
        both[figures], diagonal[figures] = inverse @ both[figures], np.diag(inverse)
    weighed, slopes = both[:, 0], both[:, 1:]
    middle = inner(spread.between, spread.slopes.T @ slopes)
    return weighed - slopes @ (middle @ (spread.slopes.T @ weighed)), diagonal - ((slopes @ middle) * slopes).sum(1)


def leave_one_out(weighed: Floats, diagonal: Floats) -> tuple[Floats, Floats]:
    """
    Residual of each observation from its expectation given the others, and the residual's variance.

    Parameters
    ----------
    weighed, diagonal : ndarray, (figures,)
        Inverse covariance of the misses, errors included: times the misses, and its diagonal.

    Returns
    -------
    residual, variance : ndarray, (figures,)
    """
    return weighed / diagonal, 1 / diagonal
