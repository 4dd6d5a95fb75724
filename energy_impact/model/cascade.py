"""Cascades of a grid failure: each trip causes further trips, and the total multiplies the first hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln, ndtr, xlogy

from energy_impact.model.arrays import in_float64

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from energy_impact.model.plan import Array

MOST_TRIPS = 1000
"""Largest total of trips. From one trip, a larger total has a probability of 2e-88 at a spread of 0.5, 1e-5 at 0.9 and
1.7 % at 0.99; 1,000 trips turn a hit of half a percent into one of 99 %. [trips]"""


def borel_tanner(total: ArrayLike, spread: ArrayLike, *, initial: int = 1) -> NDArray[np.float64]:
    """
    Probability of a total number of trips, in a branching process with Poisson offspring (Borel-Tanner distribution).

    Line outages of utilities spread like this process (Dobson 2012, doi:10.1109/TPWRS.2012.2190112). With i initial
    trips, the total n has the probability i/n exp(-rho n) (rho n)^(n-i) / (n-i)!, the mean i / (1 - rho) and the
    variance i rho / (1 - rho)^3.

    Parameters
    ----------
    total : array_like of int
        Number of trips, the initial ones included. [trips]
    spread : array_like
        Mean number rho of trips that a trip causes, from 0 to below 1.
    initial : int
        Number of initial trips. [trips]

    Returns
    -------
    ndarray of float64
        0 where `total` is less than `initial`.

    Examples
    --------
    >>> borel_tanner([1, 2, 3], 0.5).round(4)
    array([0.6065, 0.1839, 0.0837])
    """
    count, rho = np.asarray(total, float), np.asarray(spread, float)
    more = np.maximum(count - initial, 0)
    size = np.maximum(count, initial)
    logarithm = np.log(initial / size) - rho * size + xlogy(more, rho * size) - gammaln(more + 1)
    return np.where(count < initial, 0.0, np.exp(logarithm))


def borel_total(normal: ArrayLike, spread: ArrayLike, *, initial: int = 1) -> Array:
    """
    Total number of trips of a cascade, at the quantile given by a standard-normal number.

    Parameters
    ----------
    normal : array_like, (members,)
        Standard-normal numbers.
    spread : array_like, (members,)
        Mean number of trips that a trip causes, from 0 to below 1.
    initial : int
        Number of initial trips. [trips]

    Returns
    -------
    ndarray of float32, (members,)
        Whole numbers from `initial` to `MOST_TRIPS`; they rise with `normal` and with `spread`. [trips]
    """
    left, rho = np.broadcast_arrays(ndtr(np.asarray(normal, float)), np.asarray(spread, float))
    found = np.full(left.shape, MOST_TRIPS, np.float32)
    going = np.arange(left.size)
    left, rho = left.ravel().copy(), rho.ravel()
    chance, factor = borel_tanner(initial, rho, initial=initial), rho * np.exp(-rho)
    for total in range(initial, MOST_TRIPS):
        left -= chance
        stops = left <= 0
        found.flat[going[stops]] = total
        going, left, chance, factor = going[~stops], left[~stops], chance[~stops], factor[~stops]
        if not going.size:
            break
        chance *= factor * ((1 + 1 / total) ** (total - initial - 1) * (total + 1) / (total + 1 - initial))
    return found


def cascaded_hit(hit: Array, total: Array) -> Array:
    """
    Share out after a cascade whose trips each hit the same share independently: 1 - (1 - hit)^total.

    Parameters
    ----------
    hit : ndarray of float32, (places, members) or (members,)
        Share that one trip puts out. [share]
    total : ndarray of float32, (members,)
        Number of trips, the first included. [trips]

    Returns
    -------
    ndarray of float32, in the shape of `hit`
    """
    with np.errstate(divide="ignore"):
        return -in_float64(np.expm1, total * np.log1p(-np.asarray(hit, np.float64)))
