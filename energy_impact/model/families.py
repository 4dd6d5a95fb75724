"""Published forms of a restoration curve with one interface: share restored, cumulative hazard, quantile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from energy_impact._checks import FaultsError, brief, check_array, check_choice, collect, key_faults

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

PARAMETERS: dict[str, tuple[str, ...]] = {
    "exponential": ("mean_h",),
    "weibull": ("shape", "scale_h"),
    "lognormal": ("median_h", "sigma"),
    "log_logistic": ("median_h", "shape"),
    "lomax": ("shape", "scale_h"),
    "hazus_normal": ("mean_h", "sd_h"),
}
"""The families and their parameters; all are above 0. [h] where the name ends in _h, else a pure number."""


@dataclass(frozen=True, eq=False, repr=False)
class RestorationFamily:
    """
    A restoration curve, made by `restoration_family`.

    Attributes
    ----------
    name : str
        One of `PARAMETERS`.
    parameters : mapping of str to ndarray of float64
        By the names of `PARAMETERS`, of any shapes that broadcast.
    """

    name: str
    parameters: Mapping[str, Floats]
    _distribution: Any

    def __repr__(self) -> str:
        values = (f"{name}={value.tolist()}" for name, value in self.parameters.items())
        return f"RestorationFamily({self.name!r}, {', '.join(values)})"

    def restored(self, hours: ArrayLike) -> Floats:
        """
        Share restored by a time; 0 at time 0.

        Parameters
        ----------
        hours : array_like
            Time since repair began, >= 0. [h]

        Returns
        -------
        ndarray of float64
            In the broadcast shape of `hours` and the parameters. [share]

        Raises
        ------
        ValueError
            If a time is negative or NaN.
        """
        return np.asarray(self._distribution.cdf(_check_hours(hours)), float)

    def cumulative_hazard(self, hours: ArrayLike) -> Floats:
        """
        Cumulative hazard of restoration: -ln(1 - restored).

        Parameters, shapes and errors are those of `restored`. It stays accurate where `restored` is close to 1.
        """
        return np.asarray(np.abs(self._distribution.logsf(_check_hours(hours))), float)

    def quantile(self, share: ArrayLike) -> Floats:
        """
        Time by which a share is restored; turns uniform random numbers into random restoration times.

        Parameters
        ----------
        share : array_like
            From 0 to 1. [share]

        Returns
        -------
        ndarray of float64
            In the broadcast shape of `share` and the parameters; inf for a share of 1. [h]

        Raises
        ------
        ValueError
            If a share lies outside [0, 1] or is NaN.
        """
        asked = np.asarray(share, float)
        if not np.all((asked >= 0) & (asked <= 1)):
            raise ValueError(f"share: must be from 0 to 1, got {brief(share)}")
        return np.asarray(self._distribution.ppf(asked), float)


def restoration_family(name: str, **parameters: ArrayLike) -> RestorationFamily:
    """
    Return a restoration curve of a published form, with all times in hours.

    Parameters
    ----------
    name : str
        One of these, t the time in hours:

        - "exponential", `mean_h`: 1 - exp(-t / mean)
        - "weibull", `shape`, `scale_h`: 1 - exp(-(t / scale)^shape)
        - "lognormal", `median_h`, `sigma` (standard deviation of ln t): Phi(ln(t / median) / sigma)
        - "log_logistic", `median_h`, `shape`: 1 / (1 + (t / median)^-shape)
        - "lomax", `shape`, `scale_h`: 1 - (1 + t / scale)^-shape
        - "hazus_normal", `mean_h`, `sd_h`: normal, given that it is above 0; see the notes
    **parameters : array_like
        The family's parameters, > 0; arrays broadcast against each other and the times.

    Returns
    -------
    RestorationFamily
        Has the methods `restored`, `cumulative_hazard` and `quantile`.

    Raises
    ------
    ValueError
        If the family is unknown, a parameter is missing, unknown, not finite or not above 0 (all are listed), or the
        shapes do not broadcast.

    Notes
    -----
    HAZUS describes restoration times by a normal distribution, whose part Phi(-mean / sd) lies before time 0: those
    repairs would take no time. Here that part is spread over the others, so that nothing is restored at time 0. The
    percentages that HAZUS prints are those of the plain normal distribution, Phi((t - mean) / sd), which is
    p + (1 - p) restored(t) with p = Phi(-mean / sd).

    Examples
    --------
    A substation with moderate damage, N(3, 1.5) days, on days 0, 1, 3 and 6; then as HAZUS prints it:

    >>> import numpy as np
    >>> from scipy.stats import norm
    >>> import energy_impact as ei
    >>> substation = ei.restoration_family("hazus_normal", mean_h=72, sd_h=36)
    >>> days = np.array([0, 1, 3, 6])
    >>> substation.restored(24 * days).round(3)
    array([0.   , 0.07 , 0.488, 0.977])
    >>> norm(72, 36).cdf(24 * days).round(4)
    array([0.0228, 0.0912, 0.5   , 0.9772])
    """
    name = check_choice("name", name, PARAMETERS)
    faults = key_faults(name, parameters, PARAMETERS[name], PARAMETERS[name])
    given = {key: collect(faults, _check_positive, f"{name}: {key}", value) for key, value in parameters.items()}
    if faults:
        raise FaultsError(faults, "restoration_family")
    values = {key: value for key in PARAMETERS[name] if (value := given[key]) is not None}
    _check_shapes(name, values)
    return RestorationFamily(name, values, _distribution(name, *values.values()))


def _distribution(name: str, first: Floats, second: Floats | float = 0.0) -> Any:
    """Return the scipy distribution of a family, of its parameters in the order of `PARAMETERS`."""
    from scipy import stats

    if name == "exponential":
        return stats.expon(scale=first)
    if name == "weibull":
        return stats.weibull_min(first, scale=second)
    if name == "lognormal":
        return stats.lognorm(second, scale=first)
    if name == "log_logistic":
        return stats.fisk(second, scale=first)
    if name == "lomax":
        return stats.lomax(first, scale=second)
    return stats.truncnorm(-first / second, np.inf, loc=first, scale=second)


def _check_positive(name: str, value: ArrayLike) -> Floats:
    numbers = check_array(name, value)
    if not np.all((numbers > 0) & np.isfinite(numbers)):
        raise ValueError(f"{name}: must be above 0 and finite, got {brief(value)}")
    return numbers


def _check_shapes(name: str, values: Mapping[str, Floats]) -> None:
    try:
        np.broadcast_shapes(*(value.shape for value in values.values()))
    except ValueError as error:
        shapes = " and ".join(f"{key} {value.shape}" for key, value in values.items())
        raise ValueError(f"{name}: shapes must broadcast, got {shapes}") from error


def _check_hours(hours: ArrayLike) -> Floats:
    times = check_array("hours", hours)
    if not np.all(times >= 0):
        raise ValueError(f"hours: must be at least 0, got {brief(hours)}")
    return times
